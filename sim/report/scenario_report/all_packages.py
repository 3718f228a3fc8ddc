"""All proposals side by side, and every possible package: what could be agreed at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.report import wording
from sim.report.charts import answer_figures as drawing
from sim.report.charts import space_figures as plane_of
from sim.report.option_labels import option_in_words, spaced
from sim.report.scenario_report.blocks import Block, figure, h2, h3, p, table
from sim.report.scenario_report.opening import titles
from sim.report.terminal.outcomes import SOLUTIONS, blockers_sentence, change_from, frontier, short_by, zone_sentence
from sim.report.wording import VERDICTS, Plain

SHOWN = 4
"""So many actors are set against a measure at most."""
NOTHING = "\N{EN DASH}"
ACROSS = 4
"""Points of the frontier in a row of its table."""


def proposals(found: Plain) -> Iterator[Block]:
    """Every proposal of the case by actor, and what deters against who accepts."""
    told = found["proposals"]
    rows = told["rows"]
    short = wording.short_names(told["actors"])
    own = [one["scenario"] for one in found["scenarios"]]
    yield h2("The proposals of the case side by side", "proposals")
    yield p("Each as it stands, take it or leave it, with the changes that its own scenario makes to the case.")
    cells = [[row["title"], *(_cell(row["actors"][one]) for one in short), _agreed(row)] for row in rows]
    said = "; ".join(f"{row['title']}: accepted by {_accepting(row, short) or 'nobody'}" for row in rows)
    yield figure(
        "proposals",
        drawing.proposals(rows, short, own),
        "Who gains and who loses from each proposal",
        reads="Numbers are surpluses, in bold where the actor accepts. A square marks a crossed red line; a frame "
        "means that the actor refuses because of it. No surplus includes the price of a line that is never sold.",
        says=said,
        numbers=table("", ["Proposal", *short.values(), "Agreed"], cells, narrow=range(1, len(short) + 2)),
        folded=True,
    )
    if told["deterrence"]:
        yield _dilemma(found, told)


def _accepting(row: Plain, short: Mapping[str, str]) -> str:
    return wording.series(name for one, name in short.items() if row["actors"][one]["verdict"] == "accept")


def _cell(answer: Plain) -> str:
    return f"{VERDICTS[answer['verdict']].mark} {wording.points(answer['surplus'])}"


def _agreed(row: Plain) -> str:
    return f"{'✓' if row['agreed'] else '✗'} {wording.per_cent(row['agreed_share'])}"


def _dilemma(found: Plain, told: Plain) -> Block:
    """Proposals by what they deter, with the shares of worlds in which those who fight accept."""
    measure, actors = told["deterrence"], _set_against(found, told)
    rows = sorted(told["rows"], key=lambda row: row["measures"][measure])
    cells = [
        [
            row["title"],
            wording.level(row["measures"][measure]),
            *(wording.per_cent(row["actors"][one]["accepts_share"]) for one in actors),
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


def _set_against(found: Plain, told: Plain) -> dict[str, str]:
    """Those who fight; where fewer than two do, those whose consent some proposal needs."""
    fighting = [name for name, actor in found["actors"].items() if actor["role"] == "belligerent"]
    needed = [name for name in found["actors"] if any(row["actors"][name]["needed"] for row in told["rows"])]
    chosen = fighting if len(fighting) > 1 else needed or list(found["actors"])
    return {name: told["actors"][name] for name in chosen[:SHOWN]}


def outcomes(found: Plain, one: Plain) -> Iterator[Block]:
    """The zone of possible agreement, what a veto costs, the frontier, fair packages, and the nearest to agreement."""
    space, all_alike = one["space"], len(found["outcomes"]) == 1
    suffix = "" if all_alike else f": {wording.series(titles(found, one['scenarios']))}"
    yield h2(f"What could be agreed at all{suffix}", f"space-{one['scenarios'][0]}")
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
    if one["plane"] is not None:
        yield from _plane(found, one)
    yield h3("What would be agreed, and the nearest misses" if space["agreed"] else "The nearest misses")
    yield from _nearest(found, space)
    yield h3(f"Between {wording.names(space['among'], space['actors'])}")
    yield p(" ".join(frontier(space)))
    yield from _solutions(space)


def _plane(found: Plain, one: Plain) -> Iterator[Block]:
    plane = one["plane"]
    names = [found["actors"][actor]["name"] for actor in plane["axes"]]
    rows = found["proposals"]["rows"] if found["proposals"] else []
    # Proposals of scenarios that change the case otherwise lie in another plane.
    alike = {other["scenario"] for other in found["scenarios"] if other["scenario"] not in one["scenarios"]}
    marks = [(str(at), row["actors"]) for at, row in enumerate(rows, 1) if row["scenario"] not in alike]
    key = "; ".join(f"{at} {row['title']}" for at, row in enumerate(rows, 1) if row["scenario"] not in alike)
    both = wording.count(plane["accepted_by_both"], "package")
    drawn = plane_of.in_sight(plane, marks)
    cells = _across(drawn)
    yield h3(f"Between {wording.series(names)} alone")
    yield figure(
        f"plane-{one['scenarios'][0]}",
        plane_of.frontier(plane, names, marks),
        f"What {names[0]} can have, given what {names[1]} has",
        reads="The line is the frontier of all possible packages, except those that cross a line of either actor "
        "that is never sold. It ignores that the others have a say, too. "
        + (f"Proposals: {key}." if key else "")
        + _out_of_sight(len(plane["frontier"]) - len(drawn)),
        says=f"{both} would be accepted by both. "
        + "; ".join(f"{x} for {names[0]} with {y} for {names[1]}" for x, y in _ends(plane["frontier"])),
        numbers=table(
            "",
            [*wording.short_names(dict(zip(plane["axes"], names, strict=True))).values()] * ACROSS,
            cells,
            numbers=range(2 * ACROSS),
        ),
        folded=True,
    )
    agreed = wording.count(one["space"]["agreed"], "package")
    yield p(f"{both} would be accepted by both {wording.series(names)}; {agreed} by everybody whose consent is needed.")


def _out_of_sight(many: int) -> str:
    """What is said of the points of a frontier that the figure, and so its table, leave out."""
    return (
        f" Not shown: {wording.count(many, 'point')} of the frontier, worse for one of them than every proposal "
        "(see --json)."
        if many
        else ""
    )


def _ends(points: Sequence[Sequence[float]]) -> list[tuple[str, str]]:
    """The two ends of a frontier, in words."""
    ends = [points[0], points[-1]] if points else []
    return [(wording.points(x), wording.points(y)) for x, y in ends]


def _across(points: Sequence[Sequence[float]]) -> list[list[str]]:
    """The points of a line, several in a row of a table, from the left to the right, then down."""
    cells = [[wording.points(x), wording.points(y)] for x, y in points]
    cells += [["", ""]] * (-len(cells) % ACROSS)
    return [[cell for pair in cells[at : at + ACROSS] for cell in pair] for at in range(0, len(cells), ACROSS)]


def _nearest(found: Plain, space: Plain) -> Iterator[Block]:
    first, *others = space["nearest"]
    yield _package("The best package" if space["agreed"] else "The nearest package", found, first["package"])
    yield p(blockers_sentence(first, space["actors"]))
    rows = [
        [change_from(first, other), short_by(other), wording.names(other["blocked_by"], space["actors"]) or "nobody"]
        for other in others
    ]
    if rows:
        yield table("Alternatives", ["What differs from it", "Short by", "Blocked by"], rows, numbers=[1])


def _package(caption: str, found: Plain, package: Mapping[str, object]) -> Block:
    rows = [
        [found["issues"][issue]["says"], option_in_words(found["issues"][issue], option)]
        for issue, option in package.items()
    ]
    return table(caption, ["Issue", "Option"], rows)


def _solutions(space: Plain) -> Iterator[Block]:
    solved = {name: package for name, package in space["solutions"].items() if package is not None}
    if not solved:
        return
    short = wording.short_names({one: space["actors"][one]["name"] for one in space["among"]})
    first = next(iter(solved.values()))
    rows = [
        [
            f"{SOLUTIONS[name][0]}: {SOLUTIONS[name][1]}",
            *(wording.points(package["surplus"][one]) for one in short),
            "✓ yes" if package["agreed"] else "✗ no",
            wording.terms(package["package"]) if package is first else change_from(first, package),
        ]
        for name, package in solved.items()
    ]
    heads = ["Solution", *short.values(), "Agreed", "The package; then what differs from the first"]
    yield table(
        "Surpluses of the bargaining solutions", heads, rows, numbers=range(1, len(short) + 2), wide=[len(short) + 2]
    )
