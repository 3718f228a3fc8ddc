"""What arguments mean: settings, proposals, actors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.limits import WORLDS_MOST
from sim.errors import CaseError, UsageError, did_you_mean

ENOUGH = 10_000
"""Worlds within which shares settle."""
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\w))")
"""The comma within a number as pages print it: 50,000."""

Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a bundled one.")]
Target = Annotated[
    str, typer.Argument(metavar="CASE_OR_SCENARIO", help="A case folder, a scenario file, or a bundled name.")
]
Worlds = Annotated[
    int | None, typer.Option("--worlds", metavar="N", help="Draw N worlds and give shares; else central values.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="S", help="The seed of the worlds.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a number of the case by its path; may be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
Propose = Annotated[
    str | None,
    typer.Option("--propose", metavar="TERMS", help='The package to judge: "force=european force_size=30000".'),
]
Months = Annotated[int | None, typer.Option("--months", min=1, metavar="T", help="How many months the talks may take.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write the record (JSON) and a report (Markdown) into DIR.")
]
Paths = Annotated[list[str], typer.Argument(metavar="FILES_OR_FOLDERS", help="Files, folders, or bundled names.")]
Month = Annotated[
    int | None, typer.Option("--month", min=1, metavar="M", help="Judge as in month M of the talks; else right now.")
]

Among = Annotated[
    str | None,
    typer.Option("--among", metavar="IDS", help="Between whom: russia,ukraine. Else all whose consent may be needed."),
]
Terms = Annotated[int, typer.Option("--terms", min=1, metavar="K", help="How many terms may change at most.")]
By = Annotated[
    str | None, typer.Option("--by", metavar="terms|numbers", help="Change terms alone, or numbers of the case alone.")
]
Only = Annotated[
    str | None, typer.Option("--only", metavar="assumed|sourced", help="Move only numbers that rest on this.")
]
Talks = Annotated[
    bool, typer.Option("--talks", help="Look also for the values at which the end of the talks turns: takes longer.")
]
Top = Annotated[int, typer.Option("--top", min=1, metavar="K", help="How many packages of each kind to list.")]


Drawn = Annotated[int, typer.Option("--worlds", metavar="N", help="How many worlds to draw.")]
Rows = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Keep every world as a row (Parquet), and the statistics (JSON)."),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="K", help="Play in K processes; else in this one.")
]
Dask = Annotated[
    str | None,
    typer.Option("--dask", metavar="ADDRESS", help="Play on a Dask cluster: tcp://HOST:PORT, or local to start one."),
]
Chunk = Annotated[
    int | None, typer.Option("--chunk", min=1, max=WORLDS_MOST, metavar="C", help="Play, and keep, C worlds at a time.")
]
As = Annotated[
    str | None, typer.Option("--as", metavar="ACTOR", help="Play it yourself, in the chair of this actor: ukraine.")
]
Save = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help="With --as: the file that keeps every move; a new one.")
]
Game = Annotated[Path | None, typer.Option("--resume", metavar="FILE", help="Go on with a game that FILE keeps.")]
Played = Annotated[
    str | None, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a bundled one.")
]
OwnSeed = Annotated[
    int | None, typer.Option("--seed", min=0, metavar="S", help="The seed of the worlds; 0 if left out.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what DIR holds of this very work.")]
Of = Annotated[
    str,
    typer.Option(
        "--of",
        metavar="WHAT",
        help="What varies: agreed, months, durability, blocked_by.ACTOR; accepts.ACTOR, surplus.ACTOR of the proposal.",
    ),
]
Event = Annotated[
    str,
    typer.Option("--of", metavar="WHAT", help="What happens: agreed, blocked_by.ACTOR; accepts.ACTOR of the proposal."),
]
Tabled = Annotated[
    int | None,
    typer.Option("--worlds", metavar="N", help=f"How many worlds to draw; {ENOUGH:,}, unless --base is given."),
]
Base = Annotated[
    int, typer.Option("--base", metavar="N", help="Worlds of the base sample, a power of two; played once a group.")
]
Groups = Annotated[
    str, typer.Option("--groups", metavar="FAMILY", help="How SALib groups the numbers: number, support, owner, kind.")
]
Saltelli = Annotated[
    int | None,
    typer.Option("--base", metavar="N", help="Saltelli's matrices of N worlds, a power of two, in SALib's order."),
]
Folder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write; nothing there is overwritten.")]
Singles = Annotated[
    int, typer.Option("--numbers", metavar="K", help="How many single numbers, if a screening has to choose them.")
]
Trajectories = Annotated[
    int, typer.Option("--trajectories", metavar="R", help="How often the screening changes every number.")
]
Boxes = Annotated[int, typer.Option("--boxes", metavar="K", help="How many boxes to look for at most.")]
Mass = Annotated[float, typer.Option("--mass", metavar="M", help="The least share of the worlds in a box.")]
Not = Annotated[bool, typer.Option("--not", help="Look for the worlds in which it is not so.")]
Yes = Annotated[bool, typer.Option("--yes", help="Play even what takes hours.")]


def needed(scenario: str | None) -> str:
    """The scenario that is to be played.

    Raises
    ------
    UsageError
        if none is named
    """
    if scenario is None:
        raise UsageError("Name a scenario to play; without any word, the program lists those that there are.")
    return scenario


def check_game(actor: str | None, save: Path | None, resume: Path | None, changed: bool, batch: bool) -> None:
    """Refuse what does not go with a game that somebody plays.

    Parameters
    ----------
    changed : whether the scenario, or its world, is changed
    batch : whether worlds, JSON or a record are asked for

    Raises
    ------
    UsageError
        which says what does not go together
    """
    if batch:
        raise UsageError("--worlds, --json and --out are for runs without people; a game keeps its own file (--save).")
    if resume is None and actor is None:
        raise UsageError("--save keeps a game; say whose chair you take with --as.")
    if resume is not None and save is not None:
        raise UsageError("--resume goes on in the same file; leave --save out.")
    if resume is not None and changed:
        raise UsageError("A saved game goes on as it was begun; leave --set, --months and --seed out.")


Vary = Annotated[
    list[str] | None,
    typer.Option("--vary", metavar="PATH=a:b:n", help="Vary a number from a to b in n steps, or over \\[a, b, c]."),
]
Design = Annotated[
    Path | None, typer.Option("--design", metavar="FILE", help="A grid, a Latin hypercube or a Sobol sequence (YAML).")
]
AtEach = Annotated[
    int | None, typer.Option("--worlds", metavar="N", help="Draw N worlds at each point; else central values.")
]
Points = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Keep the table (Parquet) and the result (JSON) in DIR."),
]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the rows as CSV, too.")]


def settings(given: Sequence[str] | None) -> dict[str, Any]:
    """The changes of ``--set PATH=VALUE``, each value read as it would stand in a file.

    Raises
    ------
    UsageError
        if one has no ``=``, or its value is no YAML
    """
    return dict(_pair(one, "--set", "PATH=VALUE, such as context.us_aid.start=0") for one in given or ())


def proposal(given: str | None) -> dict[str, Any] | None:
    """The terms of ``--propose``, parted by blanks or commas, numbers as they are printed (``force_size=50,000``) too.

    None if there are none.

    Raises
    ------
    UsageError
        if a term has no ``=``, or names an issue twice
    """
    if given is None:
        return None
    parts = filter(None, re.split(r"[\s,;]+", THOUSANDS.sub("", given)))
    terms = [_pair(part, "--propose", "ISSUE=OPTION, such as force=european") for part in parts]
    if not terms:
        raise UsageError("--propose names no term; write ISSUE=OPTION, such as force=european.")
    names = [name for name, _ in terms]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"--propose names '{twice}' twice.")
    return dict(terms)


def actors(given: str | None, known: Mapping[str, Any]) -> list[str] | None:
    """The actors of ``--among``, parted by commas or blanks; None if there are none.

    Raises
    ------
    UsageError
        if one is no actor of the case, or none is named
    """
    if given is None:
        return None
    names = list(filter(None, re.split(r"[\s,;]+", given)))
    if not names:
        raise UsageError("--among names nobody; write IDS such as russia,ukraine.")
    return [actor(name, known, "--among") for name in names]


def _pair(text: str, option: str, form: str) -> tuple[str, Any]:
    # The loader's floor costs what --help must not: it is imported once there is a value to read.
    from sim.case.reading.yaml_documents import parse_value

    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError(f"{option} {text}: write {form}.")
    try:
        return name.strip(), parse_value(value)
    except CaseError as error:
        raise UsageError(f"{option} {text}: {error.problems[0].message}") from None


def choice(given: str | None, known: Sequence[str], option: str) -> str | None:
    """One of a few words, in any letter case; None if there is none.

    Raises
    ------
    UsageError
        if it is no such word
    """
    if given is None or given.lower() in known:
        return given and given.lower()
    raise UsageError(f"{option} {given}: write {' or '.join(known)}.{did_you_mean(given.lower(), list(known))}")


def actor(given: str, known: Mapping[str, Any] | Iterable[str], option: str = "--actor") -> str:
    """An actor of the case, by its id in any letter case.

    Raises
    ------
    UsageError
        if there is none of that id
    """
    ids = list(known)
    if given.lower() in ids:
        return given.lower()
    raise UsageError(f"{option} {given}: no such actor ({', '.join(ids)}).{did_you_mean(given.lower(), ids)}")
