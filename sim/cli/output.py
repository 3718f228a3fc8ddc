"""Where output goes: pages and JSON to standard output, errors and progress to standard error, records to files."""

from __future__ import annotations

import codecs
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console, RenderableType

from sim.atomic_write import write_atomically
from sim.errors import UsageError

WIDEST = 120
"""Columns; lines wider than this are hard to follow."""
PADDING = re.compile(" +$", re.MULTILINE)
PLAIN_MARKS = str.maketrans("✓✗■█│─━·→…\u2013\u2019", "+x#=|--.>.-'")
"""Each mark, and below it what replaces it on a terminal that knows only ASCII."""


class PlainConsole(Console):
    """A console that shows text unchanged, without markup, emoji codes or guessed highlights."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(file=stream, markup=False, emoji=False, highlight=False, legacy_windows=False)
        self.width = min(self.width, WIDEST)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _to_ascii(error: UnicodeError) -> tuple[str, int]:
    """Encode what the terminal cannot show as a mark that it can, or as a question mark."""
    assert isinstance(error, UnicodeEncodeError)
    replaced = error.object[error.start : error.end].translate(PLAIN_MARKS)
    return "".join(mark if mark.isascii() else "?" for mark in replaced), error.end


codecs.register_error("parley", _to_ascii)


def _tolerant(stream: TextIO) -> TextIO:
    """Make a stream accept any character, and return it."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="parley")
    return stream


def errors() -> PlainConsole:
    """Return a console on standard error."""
    return PlainConsole(_tolerant(sys.stderr))


def show(page: RenderableType) -> None:
    """Print a page to standard output; in a pipe or a file without blanks at the ends of lines."""
    console = PlainConsole(_tolerant(sys.stdout))
    if console.is_terminal:
        console.print(page, crop=False)
        return
    with console.capture() as captured:
        console.print(page, crop=False)
    console.file.write(PADDING.sub("", captured.get()))


def show_either(data: Mapping[str, Any], page: Callable[[Mapping[str, Any]], RenderableType], *, as_json: bool) -> None:
    """Print data as JSON, or as a page."""
    if as_json:
        show_json(data)
    else:
        show(page(data))


def as_json(data: Mapping[str, Any]) -> str:
    """Return data as JSON for a file, in which letters of all languages stay as they are."""
    return json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def show_json(data: Mapping[str, Any]) -> None:
    """Print JSON and nothing else to standard output, in ASCII, which no terminal and no pipe can spoil."""
    sys.stdout.write(json.dumps(data, indent=2, allow_nan=False) + "\n")


def show_text(text: str) -> None:
    """Print text to standard output unchanged."""
    _tolerant(sys.stdout).write(text)


@contextmanager
def progress(what: str, unit: str | None = None) -> Iterator[Callable[[int, int], None] | None]:
    """Show a progress bar on a terminal, and none in a pipe.

    Parameters
    ----------
    what : what takes so long
    unit : the unit of the steps; with one, the bar also shows how many are done per second

    Yields
    ------
    a function of (steps done, steps in all), or None
    """
    console = errors()
    if not console.is_terminal:
        yield None
        return
    # Rich's live displays are wanted only by long work on a terminal.
    from rich.progress import Progress, TextColumn

    rate = [TextColumn("{task.fields[rate]}")] if unit else []
    with Progress(*Progress.get_default_columns(), *rate, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None, rate="")

        def tick(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if speed := bar.tasks[0].speed:
                bar.update(task, rate=f"{speed:,.0f} {unit} per second")

        yield tick


def prepare(folder: Path, names: Iterable[str] = (), *, force: bool = False) -> None:
    """Make a folder before a long run, and see to it that the files can be written there.

    Parameters
    ----------
    names : of the files that will be written
    force : whether existing files may be overwritten

    Raises
    ------
    UsageError
        if the folder cannot be made or written, or one of the files exists and may not be overwritten
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except FileExistsError:
        raise UsageError(f"--out {folder} is a file. Name a folder.") from None
    except OSError as error:
        raise UsageError(f"--out {folder} cannot be written ({error.strerror}).") from None
    existing = [folder / name for name in names if (folder / name).exists()]
    if existing and not force:
        raise UsageError(f"{existing[0]} already exists. Add --force to overwrite it, or write to another place.")


def prepare_file(path: Path, *, force: bool = False) -> None:
    """Make the folder of a file, and see to it that the file can be written, as `prepare` does.

    Raises
    ------
    UsageError
        if it is a folder, or cannot be written, or exists and may not be overwritten
    """
    if path.is_dir():
        raise UsageError(f"--out {path} is a folder. Name a file in it.")
    prepare(path.parent, [path.name], force=force)


def write(folder: Path, files: Mapping[str, str | bytes], *, force: bool = False) -> list[Path]:
    """Write files into a folder, which is made if necessary, each as a whole or not at all.

    Parameters
    ----------
    files : name, perhaps with folders in it, to text or bytes
    force : whether existing files may be overwritten

    Returns
    -------
    the paths written

    Raises
    ------
    UsageError
        if they cannot be written, or one of them exists and may not be overwritten; nothing is written then
    """
    prepare(folder, files, force=force)
    paths = [folder / name for name in files]
    try:
        for path, content in zip(paths, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
    except OSError as error:
        raise UsageError(f"--out {folder} cannot be written ({error.strerror}).") from None
    return paths


def show_written(paths: Iterable[Path]) -> None:
    """Print the path of each file that was written, on a line of its own that is never wrapped."""
    for path in paths:
        show_text(f"Written: {path}\n")
