"""What would change the answer to a package, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from sim.report import judged_wording, wording
from sim.report.terminal.layout import heading, indented, more, page, table, title
from sim.report.terminal.thresholds import numbers
from sim.report.wording import OUTCOMES, Plain

LISTED = 20
"""How many sets of changed terms are shown; JSON has all."""


def flip(result: Plain) -> RenderableType:
    """Return the page: the package, who blocks it, and which changed terms or numbers would change that."""
    return page(title(result, wording.setup({**result, "nominal": True})), *_parts(result))


def _parts(result: Plain) -> Iterator[RenderableType]:
    yield heading("The package")
    yield indented(wording.terms(result["package"]))
    yield indented(Text(judged_wording.judged(result["judged"]), style="dim"))
    yield from map(indented, wording.adjustments(result))
    blocked = result["blocked_by"]
    if result["agreed"]:
        yield indented(Text("Everybody whose consent is needed accepts it as it is.", style=OUTCOMES["agreed"].style))
    else:
        answer = f"{wording.blockers(blocked, result['actors'])} {wording.verb(blocked, 'blocks', 'block')} it."
        yield indented(Text(answer, style=OUTCOMES["impasse"].style))
        if result["most_terms"]:
            yield from _terms(result)
    if result["numbers"] is not None:
        yield from numbers(result)


def _terms(result: Plain) -> Iterator[RenderableType]:
    """List every smallest set of changed terms, with the surplus of each actor whose consent it needs."""
    flips = result["flips"]
    yield heading("Which changed terms would get it agreed")
    if not flips:
        yield from map(indented, _at_all(result))
        return
    sets = wording.count(len(flips), "smallest set")
    yield indented(f"At least {wording.count(result['terms'], 'changed term')}; {sets}:")
    short = wording.short_names(result["actors"])
    rows = table("If this changed", "Surplus of those whose consent is needed")
    for changed in flips[:LISTED]:
        gains = ", ".join(f"{short[actor]} {wording.points(changed['surplus'][actor])}" for actor in changed["needed"])
        rows.add_row(wording.change(changed["change"]), gains or "nobody's alone")
    yield indented(rows, above=1)
    yield from more(len(flips) - LISTED)


def _at_all(result: Plain) -> Iterator[str]:
    """Say that no small change is enough, and what could be agreed at all."""
    most, found = wording.count(result["most_terms"], "term"), result["at_all"]
    if found is None:
        yield f"None: no change of up to {most} would get it agreed."
    elif found["agreed"]:
        yield f"None: no change of up to {most} would get it agreed."
        yield (
            f"Of all {found['packages']:,} possible packages, {found['agreed']:,} would be agreed at central values. "
            f"The nearest differs in {wording.count(found['terms'], 'term')}: {wording.change(found['change'])}."
        )
    else:
        yield (
            f"None, however many terms change: none of the {found['packages']:,} possible packages would be agreed at "
            "central values."
        )
        if found["without"]:
            counts = [f"{wording.blocker(name, result['actors'])} ({n:,})" for name, n in found["without"].items()]
            yield f"Packages that would be agreed if one actor's refusal did not count: {wording.series(counts)}."
