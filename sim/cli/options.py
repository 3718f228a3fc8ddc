"""The arguments and options of all commands, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from sim.cli.limits import WORLDS_MOST
from sim.cli.option_values import decimal, month, whole_number

ENOUGH = 10_000
"""Default number of worlds; more change the shares very little."""


def number(option: str, metavar: str, meaning: str, least: int | None = None, most: int | None = None) -> Any:
    """Return an option for a whole number from `least` to `most`, written like 1000 or 1,000."""
    return typer.Option(option, metavar=metavar, help=meaning, parser=whole_number(least, most))


# What a command is about.
Scenario = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a bundled scenario.")
]
OptionalScenario = Annotated[
    str | None, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a bundled scenario.")
]
Case = Annotated[str, typer.Argument(metavar="CASE", help="A case folder, or the name of a bundled case.")]
Target = Annotated[
    str,
    typer.Argument(metavar="CASE_OR_SCENARIO", help="A case folder, a scenario file, or the name of a bundled one."),
]
Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATHS", help="Files, folders, or names of bundled cases and scenarios."),
]
Propose = Annotated[
    str | None,
    typer.Option("--propose", metavar="TERMS", help='Package to judge, such as "force=european force_size=30000".'),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Change a number of the case, given by its path. Can be repeated."
    ),
]
Month = Annotated[
    Any,
    typer.Option(
        "--month",
        metavar="M|end",
        parser=month,
        help="Judge the text on the table in month M of the talks, or at their end. "
        "Default: the proposal, take it or leave it, before the talks.",
    ),
]
Text = Annotated[
    str | None,
    typer.Option("--text", metavar="opening|month", help="With --month: judge the opening text in that month instead."),
]
Months = Annotated[int | None, number("--months", "T", "Maximum length of the talks in months.", 1)]

# Worlds and how they are played.
Worlds = Annotated[
    int | None,
    number("--worlds", "N", "Draw N random worlds and report shares. Default: one run with central values."),
]
Drawn = Annotated[int, number("--worlds", "N", "Number of random worlds to draw.")]
AtEach = Annotated[int | None, number("--worlds", "N", "Draw N random worlds at each point. Default: central values.")]
DrawnOrBase = Annotated[
    int | None,
    number("--worlds", "N", f"Number of random worlds to draw. Default: {ENOUGH:,}, unless --base is given."),
]
Seed = Annotated[int, number("--seed", "S", "Seed for drawing the worlds.", 0)]
OptionalSeed = Annotated[int | None, number("--seed", "S", "Seed for drawing the worlds. Default: 0.", 0)]
Workers = Annotated[int | None, number("--workers", "K", "Run in K processes. Default: a single process.", 1)]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        help="Run on the Dask cluster at tcp://HOST:PORT; 'local' starts one on this machine.",
    ),
]
Chunk = Annotated[int | None, number("--chunk", "C", "Play and store C worlds at a time.", 1, WORLDS_MOST)]
Resume = Annotated[bool, typer.Option("--resume", help="Resume the run in DIR, which must have the same settings.")]
Yes = Annotated[bool, typer.Option("--yes", help="Allow very long runs.")]

# Where results go.
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, and nothing else.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write the record (JSON) and a report (Markdown) to DIR.")
]
Rows = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write one row per world (Parquet) and the statistics (JSON) to DIR."),
]
Points = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write the table (Parquet) and the result (JSON) to DIR.")
]
NewFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="New or empty folder for the files.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Also write the rows to a CSV file.")]
CsvFolder = Annotated[
    Path | None,
    typer.Option(
        "--csv",
        metavar="DIR",
        help="Instead, write the drawn numbers and the outcomes of one scenario to DIR as CSV, "
        "for SALib, the EMA Workbench, R or a spreadsheet.",
    ),
]
CsvLocale = Annotated[
    Literal["standard", "eu"],
    typer.Option("--csv-locale", help="Use 'eu' for spreadsheets that expect semicolons and decimal commas."),
]

# Games.
As = Annotated[str | None, typer.Option("--as", metavar="ACTOR", help="Play yourself, as this actor, such as ukraine.")]
Save = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help="With --as: new file in which to save the game.")
]
Game = Annotated[Path | None, typer.Option("--resume", metavar="FILE", help="Resume the game saved in FILE.")]

# Analyses.
Among = Annotated[
    str | None,
    typer.Option(
        "--among",
        metavar="IDS",
        help="Parties to the agreement, such as russia,ukraine. Default: every actor whose consent may be needed.",
    ),
]
Top = Annotated[int, number("--top", "K", "Number of packages to list in each group.", 1)]
Terms = Annotated[int, number("--terms", "K", "Change at most K terms.", 1)]
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
Base = Annotated[
    int,
    number("--base", "N", "Size of the base sample, a power of two. It is played once for each group of numbers."),
]
Saltelli = Annotated[
    int | None,
    number("--base", "N", "With --csv: Saltelli's matrices for a base sample of N worlds, a power of two."),
]
Groups = Annotated[
    str | None,
    typer.Option(
        "--groups",
        metavar="FAMILY",
        help="With --csv: how SALib groups the numbers: number, support, owner or kind.",
    ),
]
Singles = Annotated[
    int,
    number(
        "--numbers",
        "K",
        "Number of single numbers to analyse if there are too many for all of them. A screening chooses them.",
    ),
]
Pairs = Annotated[
    int,
    number("--pairs", "K", "Also examine the K numbers that matter most two by two (second-order indices).", 0, 50),
]
Trajectories = Annotated[int, number("--trajectories", "R", "Number of times the screening changes each number.")]
Boxes = Annotated[int, number("--boxes", "K", "Find at most K boxes (sets of ranges).")]
Mass = Annotated[
    float,
    typer.Option(
        "--mass",
        metavar="M",
        parser=decimal(0, 1),
        help="Smallest share of all worlds that a box may hold, from 0 to 1.",
    ),
]
Not = Annotated[bool, typer.Option("--not", help="Explain when the event does not happen.")]
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
        "--design",
        metavar="FILE",
        help="YAML file that describes a grid, a Latin hypercube or a Sobol sequence, or a CSV file with the points.",
    ),
]
