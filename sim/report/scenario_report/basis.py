"""What it all rests on: assumptions, claims, versions, and how to get the same report again."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report import wording
from sim.report.scenario_report.blocks import Block, h2, h3, items, note, p, table
from sim.report.wording import NOT_A_FORECAST, Plain

LIMITS = (
    "Points measure how much a term matters to one actor. Each actor has a scale of its own, so points are never "
    "compared between actors. Ids such as C07 name the claims on which a number is based."
)


def sources(found: Plain) -> Iterator[Block]:
    """Every assumption with the numbers that rest on it, and the claims that are used."""
    told = found["sources"]
    if told is None:
        return
    yield {"kind": "break"}
    yield h2("What it is based on", "basis")
    yield p(
        f"{wording.count(len(told['numbers']), 'number')}: {wording.per_cent(told['share_sourced'])} are based on "
        f"claims, {wording.per_cent(told['share_assumed'])} are assumed, in whole or in part. {LIMITS}"
    )
    yield h3("Every assumption")
    yield table(
        "Assumptions, and the numbers based on them", ["Assumption", "Of", "Claims"], _assumptions(told), wide=[0, 1]
    )
    yield h3("The claims that are used")
    used = sorted({claim for kind in ("numbers", "rules", "codebook") for one in told[kind] for claim in one["source"]})
    yield {"kind": "terms", "items": [[name, found["claims"][name]] for name in used]}


def _assumptions(told: Plain) -> list[list[str]]:
    """Assumptions in the order of the files, each once, with the paths of what rests on it, and claims beside it."""
    paths: dict[str, list[str]] = {}
    claims: dict[str, dict[str, None]] = {}
    for kind in ("codebook", "rules", "numbers"):
        for one in told[kind]:
            if one["assumption"]:
                paths.setdefault(one["assumption"], []).append(one["path"])
                claims.setdefault(one["assumption"], {}).update(dict.fromkeys(one["source"]))
    return [[assumed, ", ".join(of), " ".join(claims[assumed])] for assumed, of in paths.items()]


def made(found: Plain, command: str) -> Iterator[Block]:
    """Versions, seed, and the command."""
    yield h2("How this report was made", "made")
    versions = ", ".join(f"{name.capitalize()} {version}" for name, version in found["versions"].items())
    yield items(
        [
            f"Command: {command}",
            f"Seed {found['seed']}; not used for central values.",
            f"Versions: {versions}.",
            f"Format of the data: {found['format']}; --json prints it.",
        ]
    )
    yield p("The same command with the same files and versions makes the same report, byte for byte.")
    yield note(NOT_A_FORECAST)
