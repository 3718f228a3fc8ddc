"""What could be agreed among all packages, on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import judged_wording, wording
from sim.report.terminal.layout import bar, grid, heading, indented, page, table, title
from sim.report.wording import NEVER, OUTCOMES, Plain

SOLUTIONS = {
    "nash": ("Nash", "the largest product of surpluses"),
    "kalai_smorodinsky": ("Kalai-Smorodinsky", "the worst-off gets the largest share of its ideal"),
    "egalitarian": ("Egalitarian", "the worst-off gets the most points"),
    "utilitarian": ("Utilitarian", "the largest sum of surpluses"),
}
TIES_MOST = 3
"""The most outcomes named that tie with a solution."""


def outcomes(result: Plain) -> RenderableType:
    """Return the page: who accepts how much, what is agreed or closest to it, and what would be fair."""
    return page(title(result, wording.setup(result)), *_parts(result))


def _parts(result: Plain) -> Iterator[RenderableType]:
    packages = wording.count(result["packages"], "possible package")
    yield heading(f"All {packages}, take it or leave it, at central values")
    yield indented(Text(judged_wording.judged(result["judged"]), style="dim"))
    if result["counted"]:
        yield indented(_how_counted(result))
    yield indented(_actors(result))
    yield heading("Would anything be agreed?")
    yield indented(zone_sentence(result))
    if result["counted"]:
        everybody = len(result["among"]) == len(result["actors"])
        among = "all actors" if everybody else wording.names(result["among"], result["actors"])
        yield heading(f"Between {among}")
        yield indented(_acceptable(result))
        return
    yield heading("What would be agreed, and the nearest misses" if result["agreed"] else "The nearest misses")
    yield from _nearest(result)
    yield heading(f"Between {wording.names(result['among'], result['actors'])}")
    yield from map(indented, frontier(result))
    yield from _solutions(result)
    if result["in_worlds"] is not None:
        yield heading(f"In {wording.count(result['worlds'], 'world')}")
        yield from _worlds(result)


def _how_counted(result: Plain) -> str:
    return (
        "There are too many packages to list them, so they were counted: the issues fall into "
        f"{wording.count(len(result['parts']), 'part')} that do not affect each other."
    )


def _actors(result: Plain) -> Table:
    caption = "* at least one package needs its consent"
    headings, keys = ["Agreed if its refusal did not count"], ["agreed_without"]
    if result["counted"]:
        headings = ["Agreed if its\nrefusal did\nnot count", "Agreed only\nbecause it\naccepts"]
        keys = [*keys, "decisive"]
    rows = table("", "Accepts", *headings, right=[2, 3], caption=caption)
    for actor in result["actors"].values():
        name = Text(actor["name"] + (" *" if actor["needed"] else ""), style="bold")
        rows.add_row(name, bar(actor["share"]), *(f"{actor[key]:,}" for key in keys))
    return rows


def zone_sentence(result: Plain) -> Text:
    """Say whether any package would be agreed."""
    agreed, packages = result["agreed"], result["packages"]
    if not agreed:
        return Text("No: at central values, the zone of possible agreement is empty.", style=OUTCOMES["impasse"].style)
    share = wording.per_cent(agreed / packages)
    return Text(f"Yes: {wording.count(agreed, 'package')} ({share}).", style=OUTCOMES["agreed"].style)


def _nearest(result: Plain) -> Iterator[RenderableType]:
    """List the packages nearest to agreement: the first in full, the others by how they differ from it."""
    first, *others = result["nearest"]
    yield indented(wording.terms(first["package"]))
    yield indented(blockers_sentence(first, result["actors"]))
    if others:
        rows = table("Alternatives", "Short by", "Blocked by", right=[1])
        for other in others:
            blockers = wording.names(other["blocked_by"], result["actors"]) or "nobody"
            rows.add_row(change_from(first, other), short_by(other), blockers)
        yield indented(rows, above=1)


def blockers_sentence(package: Plain, actors: Mapping[str, Plain]) -> str:
    """Say who blocks a package and how many points each is short."""
    blocked = package["blocked_by"]
    if not blocked:
        return "Everybody whose consent is needed accepts."
    shortfalls = (
        wording.names([id_], actors) + (f" ({_shortfall(package['surplus'][id_])})" if id_ in actors else "")
        for id_ in blocked
    )
    return f"{wording.series(shortfalls)} {wording.verb(blocked, 'blocks', 'block')} it."


def _shortfall(points: float | str) -> str:
    return "a red line that nothing buys off" if points == NEVER else f"short by {wording.level(-float(points))}"


def short_by(package: Plain) -> str:
    """Return how many points the blockers are short, with a note if one has a red line without a price."""
    if package["agreed"]:
        return "-"
    surpluses = (package["surplus"].get(id_) for id_ in package["blocked_by"])
    return wording.level(package["shortfall"]) + (f" and {NEVER}" if NEVER in surpluses else "")


def frontier(result: Plain) -> Iterator[str]:
    """Say how large the Pareto frontier is and how many packages nobody would refuse."""
    size = result["frontier"]
    yield (
        f"{wording.count(size['points'], 'outcome')} on the Pareto frontier, reached by "
        f"{wording.count(size['packages'], 'package')}; outcomes at or above everybody's value of no deal: "
        f"{size['acceptable_points']:,}."
    )
    yield _acceptable(result)


def _acceptable(result: Plain) -> str:
    if result["acceptable"]:
        return f"{wording.count(result['acceptable'], 'package')} would be refused by none of them."
    return "Every package would be refused by at least one of them, so none can be called fair."


def _solutions(result: Plain) -> Iterator[RenderableType]:
    """Compare the fair packages: surpluses with one column per actor, then the packages themselves."""
    solved = {name: package for name, package in result["solutions"].items() if package is not None}
    if not solved:
        return
    short = wording.short_names({actor: result["actors"][actor]["name"] for actor in result["among"]})
    rows = table("Surplus", *short.values(), "Agreed", right=range(1, len(short) + 1))
    for name, package in solved.items():
        gains = (wording.points(package["surplus"][actor]) for actor in result["among"])
        rows.add_row(Text(SOLUTIONS[name][0], style="bold"), *gains, "✓ yes" if package["agreed"] else "✗ no")
    yield indented(rows, above=1, below=1)
    first = next(iter(solved.values()))
    for name, package in solved.items():
        terms = wording.terms(package["package"]) if package is first else change_from(first, package)
        yield indented(Text.assemble((SOLUTIONS[name][0], "bold"), f" ({SOLUTIONS[name][1]}): {terms}"))
        if package["tied"] > 1:
            yield indented(ties_sentence(package, short, partial(change_from, package)))


def ties_sentence(package: Plain, names: Mapping[str, str], change: Callable[[Plain], str]) -> str:
    """Say how many outcomes are exactly as good as a solution, and how the first of them differ from it."""
    others, count = package["others"][:TIES_MOST], package["tied"] - 1
    said = [f"{change(other)} ({_gains(other, names)})" for other in others]
    if count > len(others):
        said.append(f"and {count - len(others):,} more")
    others_are = f"{wording.count(count, 'other outcome')} {'is' if count == 1 else 'are'}"
    return f"A tie: {others_are} as good: {'; '.join(said)}."


def _gains(package: Plain, names: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {wording.points(package['surplus'][actor])}" for actor, name in names.items())


def _worlds(result: Plain) -> Iterator[RenderableType]:
    drawn = result["in_worlds"]
    share = wording.per_cent(drawn["any_agreed"])
    yield indented(
        f"At least one of the best {wording.count(drawn['judged'], 'package')} is agreed in {share} of the worlds. "
        "Most often:"
    )
    first: Plain = drawn["best"][0]
    yield indented(wording.terms(first["package"]))
    rows = (
        (bar(package["agreed_share"]), "this one" if package is first else change_from(first, package))
        for package in drawn["best"]
    )
    yield indented(grid(rows), above=1)


def change_from(first: Plain, other: Plain) -> str:
    """Say how a package differs from the first."""
    differences: Mapping[str, Sequence[object]] = wording.differences(first["package"], other["package"])
    return wording.change(differences) if differences else "the same package"
