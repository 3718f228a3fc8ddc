"""The sections on what the report is based on: assumptions, claims, versions, and how to get the same report again."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report import wording
from sim.report.scenario_report.blocks import Block, h2, h3, items, note, p, table
from sim.report.wording import NOT_A_FORECAST, Plain

LIMITS = (
    "Points measure how much a term matters to one actor. Each actor has a scale of its own, so points are never "
    "compared between actors. Ids such as C07 name the claims on which a number is based."
)
KINDS = ("codebook", "rules", "numbers")
"""What has sources, in the order of the files."""


def sources(report: Plain) -> Iterator[Block]:
    """Return every assumption with the numbers based on it, and the claims that are used."""
    result = report["sources"]
    if result is None:
        return
    yield {"kind": "break"}
    yield h2("What it is based on", "basis")
    yield p(
        f"{wording.count(len(result['numbers']), 'number')}: {wording.per_cent(result['share_sourced'])} are based on "
        f"claims, {wording.per_cent(result['share_assumed'])} are assumed, in whole or in part. {LIMITS}"
    )
    yield h3("Every assumption")
    yield table(
        "Assumptions, and the numbers based on them", ["Assumption", "Of", "Claims"], _assumptions(result), wide=[0, 1]
    )
    yield h3("The claims that are used")
    used = sorted({claim for kind in KINDS for entry in result[kind] for claim in entry["source"]})
    yield {"kind": "terms", "items": [[name, report["claims"][name]] for name in used]}


def _assumptions(result: Plain) -> list[list[str]]:
    """Return each assumption once, in the order of the files, with the paths of what is based on it and its claims."""
    paths: dict[str, list[str]] = {}
    claims: dict[str, dict[str, None]] = {}
    for kind in KINDS:
        for entry in result[kind]:
            if entry["assumption"]:
                paths.setdefault(entry["assumption"], []).append(entry["path"])
                claims.setdefault(entry["assumption"], {}).update(dict.fromkeys(entry["source"]))
    return [[assumed, ", ".join(numbers), " ".join(claims[assumed])] for assumed, numbers in paths.items()]


def how_made(report: Plain, command: str) -> Iterator[Block]:
    """Return versions, seed and command."""
    yield h2("How this report was made", "made")
    versions = ", ".join(f"{name.capitalize()} {version}" for name, version in report["versions"].items())
    yield items(
        [
            f"Command: {command}",
            f"Seed {report['seed']}; not used for central values.",
            f"Versions: {versions}.",
            f"Format of the data: {report['format']}; --json prints it.",
        ]
    )
    yield p("The same command with the same files and versions makes the same report, byte for byte.")
    yield note(NOT_A_FORECAST)
