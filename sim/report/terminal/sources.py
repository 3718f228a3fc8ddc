"""Where every number of a case comes from, on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import RenderableType, group
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import FittingTable, WholeText, bar, commands, grid, heading, indented, table, typed
from sim.report.wording import Plain

LISTED = 10
"""How many assumptions and claims are shown in the short page, those that carry most numbers first."""
CLAIMS = 8
"""How many claims of a part are named in the short page."""


@group()
def sources(result: Plain, to_type: Sequence[tuple[str, str]] = (), *, whole: bool = False) -> Iterator[RenderableType]:
    """Show how much rests on claims and how much on assumptions, by part, and the unused claims.

    Parameters
    ----------
    to_type : pairs of a command for what comes next and what it does
    whole : also show every number with its path
    """
    yield Text(f"{result['case']}: {wording.count(len(result['numbers']), 'number')}", style="bold")
    shares = (("based on claims", result["share_sourced"]), ("assumed", result["share_assumed"]))
    yield indented(grid((basis, bar(share)) for basis, share in shares))
    parts = {part: list(numbers) for part, numbers in groupby(result["numbers"], key=_part)}
    if whole:
        for part, numbers in parts.items():
            yield heading(part)
            for number in numbers:
                yield from _number(number)
    else:
        yield heading("By part of the case")
        yield indented(_by_part(parts))
        yield from _most_used(result)
    unused = {claim["id"]: claim["text"] for claim in result["unused_claims"]}
    if whole:
        yield heading("Claims")
        yield indented(claim_list({name: text for name, text in result["claims"].items() if name not in unused}))
    yield heading("Unused claims")
    yield indented(claim_list(unused) if unused else "none: every claim is used.")
    if to_type:
        yield heading("What to type next")
        yield indented(commands(to_type))


def claim_list(claims: Mapping[str, str]) -> FittingTable:
    """Return claims by id with their text."""
    return grid((Text(claim, style="bold"), text) for claim, text in claims.items())


def _part(number: Plain) -> str:
    """Return the first part of a number's path: ``actors.russia`` or ``context``."""
    return f"actors.{number['owner']}" if number["path"].startswith("actors.") else str(number["owner"])


def _by_part(parts: Mapping[str, Sequence[Plain]]) -> FittingTable:
    rows = table("Part", "Numbers", "Assumed", "Claims", right=[1, 2])
    for part, numbers in parts.items():
        claims = Counter(claim for number in numbers for claim in number["source"])
        named = [claim for claim, _ in claims.most_common(CLAIMS)]
        more = [f"+{len(claims) - len(named)}"] if len(claims) > len(named) else []
        assumed = sum(number["kind"] == "assumed" for number in numbers)
        rows.add_row(typed(part), str(len(numbers)), str(assumed), " ".join([*named, *more]) or "none")
    return rows


def _most_used(result: Plain) -> Iterator[RenderableType]:
    """List the claims and the assumptions that carry most numbers, with their words."""
    claims = Counter(claim for number in result["numbers"] for claim in number["source"])
    assumptions = Counter(number["assumption"] for number in result["numbers"] if number["assumption"])
    rows = [(f"{count}", f"{claim}: {result['claims'].get(claim, '')}") for claim, count in claims.most_common(LISTED)]
    if rows:
        yield heading(f"The claims behind most numbers, of {len(claims)}")
        yield indented(grid(rows, {"justify": "right"}))
    if assumptions:
        yield heading(f"The assumptions behind most numbers, of {len(assumptions)}")
        yield indented(
            grid(((f"{count}", text) for text, count in assumptions.most_common(LISTED)), {"justify": "right"})
        )


def written(number: Plain) -> str:
    """Return a number as its file has it, or the path of the number that it equals.

    >>> written({"written": "{same_as: actors.uk.reservation.base}", "same_as": "actors.uk.reservation.base"})
    'the same as actors.uk.reservation.base'
    """
    return str(number["written"]) if number["same_as"] is None else f"the same as {number['same_as']}"


def _number(number: Plain) -> Iterator[RenderableType]:
    """Show the path of a number, as --set takes it, and below it how it is written and on what it is based."""
    basis = "; ".join(filter(None, (" ".join(number["source"]), number["assumption"])))
    yield indented(typed(number["path"]))
    yield indented(WholeText(f"{written(number)} · {basis}", style="dim"), left=4)
