"""Where output goes: pages and JSON to standard output, errors and progress to standard error, records to files."""

from __future__ import annotations

import codecs
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
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
"""For a terminal that knows ASCII alone: each mark by one of its characters."""


class PlainConsole(Console):
    """A console that shows text as it stands: no markup, no emoji codes, no guessed highlights."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(file=stream, markup=False, emoji=False, highlight=False, legacy_windows=False)
        self.width = min(self.width, WIDEST)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _to_ascii(error: UnicodeError) -> tuple[str, int]:
    """Encode what the terminal cannot show as a mark that it can, or as a question mark."""
    assert isinstance(error, UnicodeEncodeError)
    told = error.object[error.start : error.end].translate(PLAIN_MARKS)
    return "".join(mark if mark.isascii() else "?" for mark in told), error.end


codecs.register_error("parley", _to_ascii)


def _tolerant(stream: TextIO) -> TextIO:
    """The stream, which from now on takes any character."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="parley")
    return stream


def errors() -> PlainConsole:
    """A console on standard error."""
    return PlainConsole(_tolerant(sys.stderr))


def show(page: RenderableType) -> None:
    """Print a page to standard output; in a pipe or a file without the blanks that fill a line up."""
    console = PlainConsole(_tolerant(sys.stdout))
    if console.is_terminal:
        console.print(page)
        return
    with console.capture() as taken:
        console.print(page)
    console.file.write(PADDING.sub("", taken.get()))


def show_either(data: Mapping[str, Any], page: Callable[[Mapping[str, Any]], RenderableType], *, as_json: bool) -> None:
    """Print data as JSON, or as the page that a report makes of it."""
    if as_json:
        show_json(data)
    else:
        show(page(data))


def as_json(data: Mapping[str, Any]) -> str:
    """JSON for a file, letters of all languages as they are."""
    return json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def show_json(data: Mapping[str, Any]) -> None:
    """Print JSON, and nothing else, to standard output; ASCII alone, so that no terminal and no pipe can spoil it."""
    sys.stdout.write(json.dumps(data, indent=2, allow_nan=False) + "\n")


def show_text(text: str) -> None:
    """Print text to standard output as it stands."""
    _tolerant(sys.stdout).write(text)


@contextmanager
def progress(what: str, unit: str | None = None) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on a terminal; None in a pipe.

    Parameters
    ----------
    what : str, what takes so long
    unit : str, of the steps; if one is given, the bar tells how many a second, and the time left

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


def prepare(folder: Path) -> None:
    """Make a folder, so that a long run does not end with nowhere to write.

    Raises
    ------
    UsageError
        if it cannot be made or written
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except FileExistsError:
        raise UsageError(f"--out {folder} is a file. Name a folder.") from None
    except OSError as error:
        raise UsageError(f"--out {folder} cannot be written ({error.strerror}).") from None


def prepare_file(path: Path) -> None:
    """See to it that a file can be written, so that a long run does not end with nowhere to write.

    A file that is there already is replaced, as everywhere, once there is something to replace it.

    Raises
    ------
    UsageError
        if its folder is not there, or cannot be written, or it is a folder itself
    """
    if path.is_dir():
        raise UsageError(f"--out {path} is a folder. Name a file in it.")
    if not path.parent.is_dir():
        raise UsageError(f"--out {path}: the folder '{path.parent}' does not exist. Create it first.")
    prepare(path.parent)


def write(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write files into a folder, each whole or not at all.

    Parameters
    ----------
    folder : as `prepare` left it
    files : name to text, or to bytes

    Returns
    -------
    the paths written

    Raises
    ------
    UsageError
        if they cannot be written
    """
    paths = [folder / name for name in files]
    try:
        for path, content in zip(paths, files.values(), strict=True):
            write_atomically(path, content)
    except OSError as error:
        raise UsageError(f"--out {folder} cannot be written ({error.strerror}).") from None
    return paths
