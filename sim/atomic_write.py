"""Files that get their names only when they are complete, so that a reader never meets half a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

DRAFT = ".draft"
"""The end of the name of a file that is not complete yet."""


def is_draft_of(draft: Path, name: str) -> bool:
    """Return whether a file is a draft of the file of that name; a process that was killed leaves its drafts behind."""
    return draft.name.startswith(f".{name}.") and draft.name.endswith(DRAFT)


@contextmanager
def atomic_files(paths: Sequence[Path]) -> Iterator[list[BinaryIO]]:
    """Write several files; they get their names, and replace what was there, only if the block ends without an error.

    Raises OSError if a file cannot be written; no draft is left then.

    Yields
    ------
    one binary stream per path, in their order
    """
    # Hidden, and never the same for two writers.
    drafts = [path.with_name(f".{path.name}.{os.urandom(4).hex()}{DRAFT}") for path in paths]
    try:
        with ExitStack() as stack:
            streams: list[BinaryIO] = [stack.enter_context(draft.open("wb")) for draft in drafts]
            yield streams
            for stream in streams:
                stream.flush()
                os.fsync(stream.fileno())
        for draft, path in zip(drafts, paths, strict=True):
            draft.replace(path)
    except BaseException:
        for draft in drafts:
            draft.unlink(missing_ok=True)
        raise


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Write one file, as `atomic_files` does."""
    with atomic_files([path]) as [stream]:
        yield stream


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace the content of a file, all at once; text is written as UTF-8.

    Raises OSError if it cannot be written; the old file stays as it was.
    """
    with atomic_file(path) as stream:
        stream.write(content if isinstance(content, bytes) else content.encode())
