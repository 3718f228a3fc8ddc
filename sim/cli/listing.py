"""What there is to play, and what to type next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

HEADLINE = "european_force"


def program() -> str:
    """How the user starts the program: ``parley``, or ``python run.py`` in a checkout."""
    return "python run.py" if Path(sys.argv[0]).suffix == ".py" else "parley"


def version() -> str:
    """The version of the installed distribution."""
    try:
        return installed("parley")
    except PackageNotFoundError:
        return "(not installed)"


def welcome() -> RenderableType:
    """The bundled scenarios by case, each with its question, and what to type."""
    from rich.console import Group

    return Group(*_welcome())


def _welcome() -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    yield Text.assemble(("Parley", "bold"), " plays out peace negotiations: who accepts, who blocks, and why.")
    for case in files.cases(files.bundled()):
        yield Text.assemble(("\n" + _told(case / files.CASE, "title"), "bold"), (f"  {files.name_of(case)}", "dim"))
        rows = Table.grid(padding=(0, 2))
        rows.add_column(no_wrap=True, style="cyan")
        for scenario in files.scenarios(case):
            rows.add_row(scenario.stem, _told(scenario, "question"))
        yield Padding(rows, (0, 0, 0, 2))
    yield Text("\nWhat to type", style="bold")
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True, style="cyan")
    for arguments, what in WHAT_TO_TYPE:
        rows.add_row(f"{program()} {arguments}", what)
    yield Padding(rows, (0, 0, 0, 2))


WHAT_TO_TYPE = (
    (HEADLINE, "play it month by month"),
    (f"{HEADLINE} --worlds 1000", "in a thousand worlds: shares"),
    (f"why {HEADLINE} --actor russia", "why Russia answers as it does"),
    ("compare ukraine_2025", "all its scenarios side by side"),
    ("new my_case", "start a case of your own"),
    ("--help", "everything else"),
)


def _told(path: Path, key: str) -> str:
    """One word of a file; the file itself is checked once it is played."""
    # YAML is read only where a list is shown.
    from sim.case.documents import read_document

    return str(read_document(path).data.get(key, ""))


def next_step(scenario: str, record: Mapping[str, Any]) -> str:
    """What to type next, after a run."""
    blocking = [one for one in record["blocked_by"] if one in record["verdicts"]]
    who = (blocking or list(record["verdicts"]))[0]
    return f"Why? {program()} why {scenario} --actor {who}\n"
