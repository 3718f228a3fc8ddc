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
"""Default number of worlds; more change the shares very little."""
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\w))")
"""The comma between thousands, as pages print it: 50,000."""

Scenario = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a bundled scenario.")
]
Target = Annotated[
    str,
    typer.Argument(metavar="CASE_OR_SCENARIO", help="A case folder, a scenario file, or the name of a bundled one."),
]
Worlds = Annotated[
    int | None,
    typer.Option(
        "--worlds", metavar="N", help="Draw N random worlds and report shares. Default: one run with central values."
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="S", help="Seed for drawing the worlds.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Change a number of the case, given by its path. Can be repeated."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, and nothing else.")]
Propose = Annotated[
    str | None,
    typer.Option("--propose", metavar="TERMS", help='Package to judge, such as "force=european force_size=30000".'),
]
Months = Annotated[
    int | None, typer.Option("--months", min=1, metavar="T", help="Maximum length of the talks in months.")
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write the record (JSON) and a report (Markdown) to DIR.")
]
Paths = Annotated[
    list[str],
    typer.Argument(metavar="FILES_OR_FOLDERS", help="Files, folders, or names of bundled cases and scenarios."),
]
Month = Annotated[
    int | None,
    typer.Option(
        "--month",
        min=1,
        metavar="M",
        help="Judge as in month M of the talks. Default: a take-it-or-leave-it answer before the talks.",
    ),
]

Among = Annotated[
    str | None,
    typer.Option(
        "--among",
        metavar="IDS",
        help="Parties to the agreement, such as russia,ukraine. Default: every actor whose consent may be needed.",
    ),
]
Terms = Annotated[int, typer.Option("--terms", min=1, metavar="K", help="Change at most K terms.")]
By = Annotated[
    str | None, typer.Option("--by", metavar="terms|numbers", help="Change only terms, or only numbers of the case.")
]
Only = Annotated[
    str | None,
    typer.Option(
        "--only", metavar="assumed|sourced", help="Change only numbers that are assumed, or only numbers with a source."
    ),
]
Talks = Annotated[
    bool, typer.Option("--talks", help="Also find the values at which the outcome of the talks changes. Takes longer.")
]
Top = Annotated[int, typer.Option("--top", min=1, metavar="K", help="Number of packages to list in each group.")]


Drawn = Annotated[int, typer.Option("--worlds", metavar="N", help="Number of random worlds to draw.")]
Rows = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write one row per world (Parquet) and the statistics (JSON) to DIR."),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="K", help="Run in K processes. Default: a single process.")
]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        help="Run on the Dask cluster at tcp://HOST:PORT; 'local' starts one on this machine.",
    ),
]
Chunk = Annotated[
    int | None, typer.Option("--chunk", min=1, max=WORLDS_MOST, metavar="C", help="Play and store C worlds at a time.")
]
As = Annotated[str | None, typer.Option("--as", metavar="ACTOR", help="Play yourself, as this actor, such as ukraine.")]
Save = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help="With --as: new file in which to save the game.")
]
Game = Annotated[Path | None, typer.Option("--resume", metavar="FILE", help="Resume the game saved in FILE.")]
Played = Annotated[
    str | None, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a bundled scenario.")
]
OwnSeed = Annotated[
    int | None, typer.Option("--seed", min=0, metavar="S", help="Seed for drawing the worlds. Default: 0.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Resume the run in DIR, which must have the same settings.")]
Of = Annotated[
    str,
    typer.Option(
        "--of",
        metavar="WHAT",
        help="Outcome: agreed, months, durability, blocked_by.ACTOR; of the proposal, accepts.ACTOR or surplus.ACTOR.",
    ),
]
Event = Annotated[
    str,
    typer.Option("--of", metavar="WHAT", help="Event: agreed, blocked_by.ACTOR; of the proposal, accepts.ACTOR."),
]
Tabled = Annotated[
    int | None,
    typer.Option(
        "--worlds", metavar="N", help=f"Number of random worlds to draw. Default: {ENOUGH:,}, unless --base is given."
    ),
]
Base = Annotated[
    int,
    typer.Option(
        "--base",
        metavar="N",
        help="Size of the base sample, a power of two. It is played once for each group of numbers.",
    ),
]
Groups = Annotated[
    str,
    typer.Option("--groups", metavar="FAMILY", help="How SALib groups the numbers: number, support, owner or kind."),
]
Saltelli = Annotated[
    int | None,
    typer.Option(
        "--base",
        metavar="N",
        help="Write Saltelli's matrices for a base sample of N worlds, a power of two, in SALib's order.",
    ),
]
Folder = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Folder to write to. Existing files are not overwritten.")
]
Singles = Annotated[
    int,
    typer.Option(
        "--numbers",
        metavar="K",
        help="Number of single numbers to analyse if there are too many for all of them. A screening chooses them.",
    ),
]
Trajectories = Annotated[
    int, typer.Option("--trajectories", metavar="R", help="Number of times the screening changes each number.")
]
Boxes = Annotated[int, typer.Option("--boxes", metavar="K", help="Find at most K boxes (sets of ranges).")]
Mass = Annotated[
    float, typer.Option("--mass", metavar="M", help="Smallest share of all worlds that a box may hold, from 0 to 1.")
]
Not = Annotated[bool, typer.Option("--not", help="Explain when the event does not happen.")]
Yes = Annotated[bool, typer.Option("--yes", help="Allow very long runs.")]


def needed(scenario: str | None) -> str:
    """The scenario that is to be played.

    Raises
    ------
    UsageError
        if none is named
    """
    if scenario is None:
        raise UsageError("Name a scenario to play. Without any arguments, the program lists the bundled scenarios.")
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
        raise UsageError(
            "--worlds, --json and --out cannot be used in a game that you play yourself. Use --save to choose its file."
        )
    if resume is None and actor is None:
        raise UsageError("--save is only for a game that you play yourself. Choose your actor with --as.")
    if resume is not None and save is not None:
        raise UsageError("--resume continues to save in the same file. Leave out --save.")
    if resume is not None and changed:
        raise UsageError("A saved game keeps its settings. Leave out --set, --months and --seed.")


Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="PATH=a:b:n",
        help="Vary a number from a to b in n steps, or over the values \\[a, b, c]. Can be repeated.",
    ),
]
Design = Annotated[
    Path | None,
    typer.Option(
        "--design", metavar="FILE", help="YAML file that describes a grid, a Latin hypercube or a Sobol sequence."
    ),
]
AtEach = Annotated[
    int | None,
    typer.Option("--worlds", metavar="N", help="Draw N random worlds at each point. Default: central values."),
]
Points = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write the table (Parquet) and the result (JSON) to DIR.")
]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Also write the rows to a CSV file.")]


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
        raise UsageError("--propose is empty. Write ISSUE=OPTION, such as force=european.")
    names = [name for name, _ in terms]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"--propose sets '{twice}' twice. Give each issue once.")
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
        raise UsageError("--among is empty. Name actors, such as russia,ukraine.")
    return [actor(name, known, "--among") for name in names]


def _pair(text: str, option: str, form: str) -> tuple[str, Any]:
    # The loader's floor costs what --help must not: it is imported once there is a value to read.
    from sim.case.reading.yaml_documents import parse_value

    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError(f"'{option} {text}' cannot be understood. Write {form}.")
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
    raise UsageError(
        f"Unknown value '{given}' for {option}. Choose {' or '.join(known)}.{did_you_mean(given.lower(), list(known))}"
    )


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
    raise UsageError(
        f"Unknown actor '{given}' for {option}. Choose from {', '.join(ids)}.{did_you_mean(given.lower(), ids)}"
    )
