"""The sections on all proposals side by side, and on all possible packages: what could be agreed at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.report import wording
from sim.report.charts import answer_figures as drawing
from sim.report.charts import space_figures as plane_of
from sim.report.option_labels import spaced
from sim.report.scenario_report.blocks import Block, figure, h2, h3, p, table
from sim.report.scenario_report.opening import package_table, titles
from sim.report.terminal.outcomes import (
    SOLUTIONS,
    blockers_sentence,
    change_from,
    frontier,
    short_by,
    ties_sentence,
    zone_sentence,
)
from sim.report.wording import VERDICTS, Plain

SHOWN = 4
"""Maximum number of actors that are compared with a measure."""
NOTHING = "\N{EN DASH}"
"""Shown for a missing value."""
ACROSS = 4
"""Points of the frontier per row of its table."""


def proposals(report: Plain) -> Iterator[Block]:
    """Return every proposal of the case by actor, and how a measure of deterrence compares with who accepts."""
    comparison = report["proposals"]
    rows = comparison["rows"]
    short = wording.short_names(comparison["actors"])
    own = [scenario["scenario"] for scenario in report["scenarios"]]
    yield h2("The proposals of the case side by side", "proposals")
    yield p("Each as it stands, take it or leave it, with the changes that its own scenario makes to the case.")
    cells = [[row["title"], *(_cell(row["actors"][actor]) for actor in short), _agreed(row)] for row in rows]
    text = "; ".join(f"{row['title']}: accepted by {_accepting(row, short) or 'nobody'}" for row in rows)
    yield figure(
        "proposals",
        drawing.proposals(rows, short, own),
        "Who gains and who loses from each proposal",
        reads="Numbers are surpluses, in bold where the actor accepts. A square marks a crossed red line; a frame "
        "means that the actor refuses because of it. No surplus includes the price of a line that is never sold.",
        says=text,
        numbers=table("", ["Proposal", *short.values(), "Agreed"], cells, narrow=range(1, len(short) + 2)),
        folded=True,
    )
    if comparison["deterrence"]:
        yield _dilemma(report, comparison)


def _accepting(row: Plain, short: Mapping[str, str]) -> str:
    return wording.series(name for actor, name in short.items() if row["actors"][actor]["verdict"] == "accept")


def _cell(answer: Plain) -> str:
    return f"{VERDICTS[answer['verdict']].mark} {wording.points(answer['surplus'])}"


def _agreed(row: Plain) -> str:
    return f"{'✓' if row['agreed'] else '✗'} {wording.per_cent(row['agreed_share'])}"


def _dilemma(report: Plain, comparison: Plain) -> Block:
    """Return the proposals by how much they deter, with the shares of worlds in which the belligerents accept."""
    measure, actors = comparison["deterrence"], _actors_to_compare(report, comparison)
    rows = sorted(comparison["rows"], key=lambda row: row["measures"][measure])
    cells = [
        [
            row["title"],
            wording.level(row["measures"][measure]),
            *(wording.per_cent(row["actors"][actor]["accepts_share"]) for actor in actors),
            NOTHING if row["durability"] is None else wording.per_cent(row["durability"]),
        ]
        for row in rows
    ]
    return figure(
        "dilemma",
        plane_of.dilemma(rows, measure, actors),
        f"The {spaced(measure)} of each proposal, and who accepts it",
        reads=f"From the least {spaced(measure)} to the most. The longer the line between the marks, the further apart "
        "are those whose consent is needed.",
        says="; ".join(
            f"{row[0]}, {spaced(measure)} {row[1]}: "
            + ", ".join(f"{name} accepts in {part}" for name, part in zip(actors.values(), row[2:], strict=False))
            for row in cells
        ),
        numbers=table(
            "",
            [
                "Proposal",
                spaced(measure).capitalize(),
                *(f"{name} accepts" for name in actors.values()),
                "Chance to last",
            ],
            cells,
            numbers=range(1, len(actors) + 3),
        ),
        folded=True,
    )


def _actors_to_compare(report: Plain, comparison: Plain) -> dict[str, str]:
    """Return the belligerents, or, if there are fewer than two, the actors whose consent some proposal needs."""
    fighting = [name for name, actor in report["actors"].items() if actor["role"] == "belligerent"]
    needed = [name for name in report["actors"] if any(row["actors"][name]["needed"] for row in comparison["rows"])]
    chosen = fighting if len(fighting) > 1 else needed or list(report["actors"])
    return {name: comparison["actors"][name] for name in chosen[:SHOWN]}


def outcomes(report: Plain, group: Plain) -> Iterator[Block]:
    """Return the zone of possible agreement, the effect of vetoes, the frontier, fair packages, and the nearest misses.

    Parameters
    ----------
    report : a dict of format ``parley.report/1``
    group : one of its ``outcomes``: the result for scenarios that share a case
    """
    space, only_one = group["space"], len(report["outcomes"]) == 1
    suffix = "" if only_one else f": {wording.series(titles(report, group['scenarios']))}"
    yield h2(f"What could be agreed at all{suffix}", f"space-{group['scenarios'][0]}")
    packages = wording.count(space["packages"], "possible package")
    yield p(f"All {packages}, take it or leave it, at central values. Would anything be agreed? {zone_sentence(space)}")
    rows = [
        [
            actor["name"] + (" *" if actor["needed"] else ""),
            f"{actor['accepts']:,}",
            wording.per_cent(actor["share"]),
            f"{actor['agreed_without']:,}",
        ]
        for actor in space["actors"].values()
    ]
    heads = ["Actor", "Packages it accepts", "Of all", "Agreed if its refusal did not count"]
    yield table("Whose veto matters. * at least one package needs its consent", heads, rows, numbers=[1, 2, 3])
    if group["plane"] is not None:
        yield from _plane(report, group)
    yield h3("What would be agreed, and the nearest misses" if space["agreed"] else "The nearest misses")
    yield from _nearest(report, space)
    yield h3(f"Between {wording.names(space['among'], space['actors'])}")
    yield p(" ".join(frontier(space)))
    yield from _solutions(space)


def _plane(report: Plain, group: Plain) -> Iterator[Block]:
    plane = group["plane"]
    names = [report["actors"][actor]["name"] for actor in plane["axes"]]
    rows = report["proposals"]["rows"] if report["proposals"] else []
    # Proposals of scenarios with other changes to the case do not belong in this plane.
    elsewhere = {other["scenario"] for other in report["scenarios"] if other["scenario"] not in group["scenarios"]}
    here = [(number, row) for number, row in enumerate(rows, 1) if row["scenario"] not in elsewhere]
    marks = [(str(number), row["actors"]) for number, row in here]
    key = "; ".join(f"{number} {row['title']}" for number, row in here)
    both = wording.count(plane["accepted_by_both"], "package")
    visible = plane_of.in_sight(plane, marks)
    yield h3(f"Between {wording.series(names)} alone")
    yield figure(
        f"plane-{group['scenarios'][0]}",
        plane_of.frontier(plane, names, marks),
        f"What {names[0]} can have, given what {names[1]} has",
        reads="The line is the frontier of all possible packages, except those that cross a line of either actor "
        "that is never sold. It ignores that the others have a say, too. "
        + (f"Proposals: {key}." if key else "")
        + _not_shown(len(plane["frontier"]) - len(visible)),
        says=f"{both} would be accepted by both. "
        + "; ".join(f"{x} for {names[0]} with {y} for {names[1]}" for x, y in _ends(plane["frontier"])),
        numbers=table(
            "",
            [*wording.short_names(dict(zip(plane["axes"], names, strict=True))).values()] * ACROSS,
            _in_columns(visible),
            numbers=range(2 * ACROSS),
        ),
        folded=True,
    )
    agreed = wording.count(group["space"]["agreed"], "package")
    yield p(f"{both} would be accepted by both {wording.series(names)}; {agreed} by everybody whose consent is needed.")


def _not_shown(count: int) -> str:
    """Return a sentence on the points of a frontier that the figure and its table omit; empty if there are none."""
    points = wording.count(count, "point")
    text = f" Not shown: {points} of the frontier, worse for one of them than every proposal (see --json)."
    return text if count else ""


def _ends(points: Sequence[Sequence[float]]) -> list[tuple[str, str]]:
    """Return the two ends of a frontier, in words."""
    ends = [points[0], points[-1]] if points else []
    return [(wording.points(x), wording.points(y)) for x, y in ends]


def _in_columns(points: Sequence[Sequence[float]]) -> list[list[str]]:
    """Return the points of a line as rows of a table with several points each, from left to right, then down."""
    cells = [[wording.points(x), wording.points(y)] for x, y in points]
    cells += [["", ""]] * (-len(cells) % ACROSS)
    return [[cell for pair in cells[start : start + ACROSS] for cell in pair] for start in range(0, len(cells), ACROSS)]


def _nearest(report: Plain, space: Plain) -> Iterator[Block]:
    first, *others = space["nearest"]
    caption = "The best package" if space["agreed"] else "The nearest package"
    yield package_table(report, caption, "Option", first["package"])
    yield p(blockers_sentence(first, space["actors"]))
    rows = [
        [change_from(first, other), short_by(other), wording.names(other["blocked_by"], space["actors"]) or "nobody"]
        for other in others
    ]
    if rows:
        yield table("Alternatives", ["What differs from it", "Short by", "Blocked by"], rows, numbers=[1])


def _solutions(space: Plain) -> Iterator[Block]:
    solved = {name: package for name, package in space["solutions"].items() if package is not None}
    if not solved:
        return
    short = wording.short_names({actor: space["actors"][actor]["name"] for actor in space["among"]})
    first = next(iter(solved.values()))
    rows = [
        [
            f"{SOLUTIONS[name][0]}: {SOLUTIONS[name][1]}",
            *(wording.points(package["surplus"][actor]) for actor in short),
            "✓ yes" if package["agreed"] else "✗ no",
            wording.terms(package["package"]) if package is first else change_from(first, package),
        ]
        for name, package in solved.items()
    ]
    heads = ["Solution", *short.values(), "Agreed", "The package; then what differs from the first"]
    yield table(
        "Surpluses of the bargaining solutions", heads, rows, numbers=range(1, len(short) + 2), wide=[len(short) + 2]
    )
    for name, package in solved.items():
        if package["tied"] > 1:
            yield p(f"{SOLUTIONS[name][0]}. {ties_sentence(package, short)}")
