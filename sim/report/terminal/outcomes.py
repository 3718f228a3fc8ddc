"""What could be agreed at all, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import INDENT, bar, heading, indented, table, title
from sim.report.wording import NEVER, OUTCOMES, Plain

SOLUTIONS = {
    "nash": ("Nash", "the largest product of surpluses"),
    "kalai_smorodinsky": ("Kalai-Smorodinsky", "the worst-off gets the largest share of its ideal"),
    "egalitarian": ("Egalitarian", "the worst-off gets the most points"),
    "utilitarian": ("Utilitarian", "the largest sum of surpluses"),
}


def outcomes(found: Plain) -> RenderableType:
    """Who accepts what, what is agreed or nearest to it, and what would be fair."""
    return Group(title(found, wording.setup(found)), *_parts(found), Text(f"\n{wording.NOT_A_FORECAST}", style="dim"))


def _parts(found: Plain) -> Iterator[RenderableType]:
    yield heading(f"All {wording.count(found['packages'], 'possible package')}, take it or leave it, at central values")
    yield Padding(_actors(found), INDENT)
    yield heading("Would anything be agreed?")
    yield indented(zone_sentence(found))
    yield heading("What would be agreed, and the nearest misses" if found["agreed"] else "The nearest misses")
    yield from _nearest(found)
    yield heading(f"Between {wording.names(found['among'], found['actors'])}")
    yield from map(indented, frontier(found))
    yield from _solutions(found)
    if found["in_worlds"] is not None:
        yield heading(f"In {wording.count(found['worlds'], 'world')}")
        yield from _worlds(found)


def _actors(found: Plain) -> Table:
    made = table("", "Accepts", "Agreed if its refusal did not count")
    made.columns[2].justify = "right"
    for actor in found["actors"].values():
        name = Text(actor["name"] + (" *" if actor["needed"] else ""), style="bold")
        made.add_row(name, bar(actor["share"]), f"{actor['agreed_without']:,}")
    made.caption = "* at least one package needs its consent"
    made.caption_justify = "left"
    return made


def zone_sentence(found: Plain) -> Text:
    """Whether any package is agreed, in a sentence."""
    agreed, packages = found["agreed"], found["packages"]
    if not agreed:
        return Text("No: the zone of possible agreement is empty.", style=OUTCOMES["impasse"].style)
    share = wording.per_cent(agreed / packages)
    return Text(f"Yes: {wording.count(agreed, 'package')} ({share}).", style=OUTCOMES["agreed"].style)


def _nearest(found: Plain) -> Iterator[RenderableType]:
    """The best packages: the first in full, the others by what differs from it."""
    first, *others = found["nearest"]
    yield indented(wording.terms(first["package"]))
    yield indented(blockers_sentence(first, found["actors"]))
    if others:
        made = table("Alternatives", "Short by", "Blocked by")
        made.columns[1].justify = "right"
        for other in others:
            who = wording.names(other["blocked_by"], found["actors"]) if other["blocked_by"] else "nobody"
            made.add_row(change_from(first, other), short_by(other), who)
        yield Padding(made, (1, 0, 0, 2))


def blockers_sentence(package: Plain, actors: Mapping[str, Plain]) -> str:
    """Who blocks a package, and by how much, in a sentence."""
    blocked = package["blocked_by"]
    if not blocked:
        return "Everybody whose consent is needed accepts."
    missing = (
        wording.names([one], actors) + (f" ({_lack(package['surplus'][one])})" if one in actors else "")
        for one in blocked
    )
    return f"{wording.series(missing)} {wording.verb(blocked, 'blocks', 'block')} it."


def _lack(points: float | str) -> str:
    return "a red line that nothing buys off" if points == NEVER else f"short by {wording.level(-float(points))}"


def short_by(package: Plain) -> str:
    """The points that blockers are short of, and a sign where there are lines among them that nothing buys off."""
    if package["agreed"]:
        return "-"
    blocked = (package["surplus"].get(one) for one in package["blocked_by"])
    return wording.level(package["shortfall"]) + (f" and {NEVER}" if NEVER in blocked else "")


def frontier(found: Plain) -> Iterator[str]:
    """How large the frontier is, and how much of it nobody would refuse, in sentences."""
    frontier = found["frontier"]
    yield (
        f"{wording.count(frontier['points'], 'outcome')} on the Pareto frontier, reached by "
        f"{wording.count(frontier['packages'], 'package')}; outcomes at or above everybody's value of no deal: "
        f"{frontier['acceptable_points']:,}."
    )
    if found["acceptable"]:
        yield f"{wording.count(found['acceptable'], 'package')} would be refused by none of them."
    else:
        yield "Every package would be refused by at least one of them, so none can be called fair."


def _solutions(found: Plain) -> Iterator[RenderableType]:
    """A column an actor, then each package: the first in full, the others by what differs from it."""
    solved = {name: package for name, package in found["solutions"].items() if package is not None}
    if not solved:
        return
    short = wording.short_names({one: found["actors"][one]["name"] for one in found["among"]})
    made = table("Surplus", *short.values(), "Agreed")
    for column in made.columns[1:-1]:
        column.justify = "right"
    for name, package in solved.items():
        gains = (wording.points(package["surplus"][one]) for one in found["among"])
        made.add_row(Text(SOLUTIONS[name][0], style="bold"), *gains, "✓ yes" if package["agreed"] else "✗ no")
    yield Padding(made, (1, 0, 1, 2))
    first = next(iter(solved.values()))
    for name, package in solved.items():
        what = wording.terms(package["package"]) if package is first else change_from(first, package)
        yield indented(Text.assemble((SOLUTIONS[name][0], "bold"), f" ({SOLUTIONS[name][1]}): {what}"))


def _worlds(found: Plain) -> Iterator[RenderableType]:
    drawn = found["in_worlds"]
    share = wording.per_cent(drawn["any_agreed"])
    yield indented(
        f"At least one of the best {wording.count(drawn['judged'], 'package')} is agreed in {share} of the worlds. "
        "Most often:"
    )
    first: Plain = drawn["best"][0]
    yield indented(wording.terms(first["package"]))
    made = Table.grid(padding=(0, 2))
    for package in drawn["best"]:
        made.add_row(bar(package["agreed_share"]), "this one" if package is first else change_from(first, package))
    yield Padding(made, (1, 0, 0, 2))


def change_from(first: Plain, other: Plain) -> str:
    """A package by what differs from the first."""
    differences: Mapping[str, Sequence[object]] = wording.differences(first["package"], other["package"])
    return wording.change(differences) if differences else "the same package"
