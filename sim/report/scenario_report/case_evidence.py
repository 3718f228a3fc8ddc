"""The evidence across scenarios: the same worlds, all proposals side by side, and every possible package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from sim.report import wording
from sim.report.charts import answer_figures, finding_figures, space_figures
from sim.report.charts.share_figures import ShareRow, intervals
from sim.report.option_labels import option_in_words, rows_by_group, spaced
from sim.report.scenario_report import answer_sentences, case_words
from sim.report.scenario_report.blocks import Block, figure, h2, h3, p, table
from sim.report.scenario_report.scenario_evidence import share_of
from sim.report.story.cast import quoted, sentence
from sim.report.terminal.outcomes import SOLUTIONS, blockers_sentence, frontier, short_by, ties_sentence
from sim.report.wording import VERDICTS, Plain

SHOWN = 4
"""Maximum number of actors that are compared with a measure."""
HALF = 0.5
"""Share of the worlds from which a proposal is mostly accepted."""
NOTHING = "\N{EN DASH}"
"""Shown for a missing value."""
ACROSS = 4
"""Points of the frontier per row of its table."""


def same_worlds(report: Plain) -> Iterator[Block]:
    """Return how much more often each scenario is agreed than the first, in the same worlds."""
    data = report["ensemble"]
    title = {scenario["scenario"]: scenario["title"] for scenario in data["scenarios"]}
    first = data["scenarios"][0]["scenario"]
    pairs = [difference for difference in data["differences"] if difference["first"] == first]
    rows = []
    for difference in pairs:
        share, low, high = (wording.percentage_points(difference[key]) for key in ("share", "low", "high"))
        alone = (f"{difference[key]:,}" for key in ("in_second_alone", "in_first_alone"))
        rows.append([title[difference["second"]], share, f"({low} to {high})", *alone])
    most = max(rows, key=lambda row: float(row[1]))
    yield h2("The scenarios in the same worlds", "worlds")
    finding = (
        f"{quoted(most[0])} is agreed in {most[3]} worlds in which {quoted(title[first])} is not, and the other way "
        f"round in {most[4]}."
    )
    if len(rows) == 1:
        yield p(f"{finding} The difference is {most[1]} percentage points {most[2]}.")
        return
    yield figure(
        "differences",
        intervals(
            [("", [ShareRow(row[0], (share_of(one),), said=row[1]) for row, one in zip(rows, pairs, strict=True)])],
            "agreed more often, in percentage points",
            signed=True,
        ),
        finding,
        reads="Percentage points by which each is agreed more often than the first. Whiskers are intervals.",
        says="; ".join(f"{row[0]}: {row[1]} points {row[2]}" for row in rows),
        numbers=table(
            "", ["Scenario", "Points", "Interval", "Only this one", "Only the first"], rows, numbers=[1, 2, 3, 4]
        ),
    )


def proposals(report: Plain) -> Iterator[Block]:
    """Return every proposal of the case by actor, and how a measure of deterrence compares with who accepts."""
    comparison = report["proposals"]
    rows, short = comparison["rows"], wording.short_names(comparison["actors"])
    agreed = sum(row["agreed"] for row in rows)
    mostly = sum(row["agreed_share"] >= HALF for row in rows)
    refusals = {actor: sum(row["actors"][actor]["verdict"] != "accept" for row in rows) for actor in short}
    worst = max(refusals, key=lambda actor: refusals[actor])
    yield h2("All proposals of the case side by side", "proposals")
    cells = [[row["title"], *(_cell(row["actors"][actor]) for actor in short), _agreed(row)] for row in rows]
    yield figure(
        "proposals",
        answer_figures.proposals(rows, short, [scenario["scenario"] for scenario in report["scenarios"]]),
        f"Of {len(rows)} proposals, {agreed or 'none'} would be agreed at central values, and {mostly or 'none'} in at "
        f"least half of the worlds; {case_words.cast_of(report).who([worst])} refuses {refusals[worst]}.",
        reads="Take it or leave it, as talks open, each with the changes of its own scenario. Numbers are surpluses; "
        "those in brackets would count only without a red line that is not for sale.",
        says="; ".join(f"{row['title']}: accepted by {_accepting(row, short) or 'nobody'}" for row in rows),
        numbers=table("", ["Proposal", *short.values(), "Agreed"], cells, narrow=range(1, len(short) + 2)),
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
    accepted = {
        actor: {row["title"] for row in rows if row["actors"][actor]["accepts_share"] >= HALF} for actor in actors
    }
    each = wording.series(f"{name} accepts {len(accepted[actor])}" for actor, name in actors.items())
    everybody = set.intersection(*accepted.values())
    cells = [
        [
            row["title"],
            wording.level(row["measures"][measure]),
            *(wording.per_cent(row["actors"][actor]["accepts_share"]) for actor in actors),
            NOTHING if row["durability"] is None else wording.per_cent(row["durability"]),
        ]
        for row in rows
    ]
    heads = [
        "Proposal",
        spaced(measure).capitalize(),
        *(f"{name} accepts" for name in actors.values()),
        "Chance to last",
    ]
    return figure(
        "dilemma",
        space_figures.dilemma(rows, measure, actors),
        f"Of {len(rows)} proposals, in at least half of the worlds {each}; {len(everybody) or 'none'} by all of them.",
        reads=f"From the least {spaced(measure)} to the most.",
        says="; ".join(f"{row[0]}, {spaced(measure)} {row[1]}: {', '.join(row[2:-1])}" for row in cells),
        numbers=table("", heads, cells, numbers=range(1, len(actors) + 3)),
    )


def _actors_to_compare(report: Plain, comparison: Plain) -> dict[str, str]:
    """Return the belligerents, or, if there are fewer than two, the actors whose consent some proposal needs."""
    fighting = [name for name, actor in report["actors"].items() if actor["role"] == "belligerent"]
    needed = [name for name in report["actors"] if any(row["actors"][name]["needed"] for row in comparison["rows"])]
    chosen = fighting if len(fighting) > 1 else needed or list(report["actors"])
    return {name: comparison["actors"][name] for name in chosen[:SHOWN]}


def outcomes(report: Plain) -> Iterator[Block]:
    """Return, for each outcome space, how much is agreed, whose veto matters, and the frontier of two actors."""
    if not report["outcomes"]:
        return
    yield h2("What could be agreed at all", "space")
    for group in report["outcomes"]:
        space, cast = group["space"], case_words.cast_of(report)
        heads = ["Actor", "Packages it accepts", "Of all", "Agreed without its veto"]
        yield figure(
            f"vetoes-{group['scenarios'][0]}",
            finding_figures.vetoes(space["actors"], space["agreed"]),
            sentence(f"{answer_sentences.veto(space, cast)}{_whose(report, group)}"),
            reads=f"All {space['packages']:,} possible packages, take it or leave it, at central values. Dotted: the "
            f"{wording.count(space['agreed'], 'package')} that would be agreed.",
            says="; ".join(f"{actor['name']}: {actor['agreed_without']:,}" for actor in space["actors"].values()),
            numbers=table("", heads, _vetoes(space), numbers=[1, 2, 3]),
        )
    planes = [group for group in report["outcomes"] if group["plane"] is not None]
    for index, group in enumerate(planes):
        if group["plane"] not in [other["plane"] for other in planes[:index]]:
            yield _plane(report, group)


def _vetoes(space: Plain) -> list[list[str]]:
    return [
        [actor["name"], f"{actor['accepts']:,}", wording.per_cent(actor["share"]), f"{actor['agreed_without']:,}"]
        for actor in space["actors"].values()
    ]


def _whose(report: Plain, group: Plain) -> str:
    titles = [scenario["title"] for scenario in report["scenarios"] if scenario["scenario"] in group["scenarios"]]
    return "" if len(report["outcomes"]) == 1 else f" ({wording.series(map(quoted, titles))})"


def _plane(report: Plain, group: Plain) -> Block:
    plane, own = group["plane"], {scenario["scenario"]: scenario["title"] for scenario in report["scenarios"]}
    names = [report["actors"][actor]["name"] for actor in plane["axes"]]
    rows = report["proposals"]["rows"] if report["proposals"] else []
    # Proposals of scenarios with other changes to the case do not belong in this plane.
    elsewhere = {scenario for scenario in own if scenario not in group["scenarios"]}
    marks = [(own.get(row["scenario"], ""), row["actors"]) for row in rows if row["scenario"] not in elsewhere]
    both = wording.count(plane["accepted_by_both"], "package")
    visible = space_figures.in_sight(plane, marks)
    ends = [visible[0], visible[-1]] if visible else []
    return figure(
        f"plane-{group['scenarios'][0]}",
        space_figures.frontier(plane, names, marks),
        f"{both} would be accepted by both {wording.series(names)}; {group['space']['agreed']:,} by everybody whose "
        "consent is needed.",
        reads="The line is the most that one can have, given what the other has, among all packages that cross no line "
        "of either that is not for sale. Marks are the proposals of the case.",
        says="; ".join(f"{wording.points(x)} for {names[0]} with {wording.points(y)} for {names[1]}" for x, y in ends),
        numbers=table(
            "",
            [*wording.short_names(dict(zip(plane["axes"], names, strict=True))).values()] * ACROSS,
            _in_columns(visible),
            numbers=range(2 * ACROSS),
        ),
    )


def _in_columns(points: Sequence[Sequence[float]]) -> list[list[str]]:
    """Return the points of a line as rows of a table with several points each, from left to right, then down."""
    cells = [[wording.points(x), wording.points(y)] for x, y in points]
    cells += [["", ""]] * (-len(cells) % ACROSS)
    return [[cell for pair in cells[start : start + ACROSS] for cell in pair] for start in range(0, len(cells), ACROSS)]


def packages(report: Plain, group: Plain) -> Iterator[Block]:
    """Return the package that is agreed, or nearest to it, with its alternatives, and the bargaining solutions."""
    space = group["space"]
    first, *others = space["nearest"]
    yield h3(f"Packages that would be agreed, and the nearest misses{_whose(report, group)}")
    rows = rows_by_group(
        report["issues"], lambda name, issue: [issue["says"], option_in_words(issue, first["package"][name])]
    )
    yield table(f"This package is the {'best' if space['agreed'] else 'nearest'}.", ["Issue", "Option"], rows)
    yield p(blockers_sentence(first, space["actors"]))
    rows = [
        [
            _change(report, first, other),
            short_by(other),
            wording.names(other["blocked_by"], space["actors"]) or "nobody",
        ]
        for other in others
    ]
    if rows:
        yield table("These packages come next.", ["What differs from it", "Short by", "Blocked by"], rows, numbers=[1])
    yield p(f"Between {wording.names(space['among'], space['actors'])}: {' '.join(frontier(space))}")
    yield from _solutions(report, space)


def _change(report: Plain, first: Plain, other: Plain) -> str:
    return case_words.terms(report, wording.differences(first["package"], other["package"])) or "the same package"


def _solutions(report: Plain, space: Plain) -> Iterator[Block]:
    solved = {name: package for name, package in space["solutions"].items() if package is not None}
    if not solved:
        return
    short = wording.short_names({actor: space["actors"][actor]["name"] for actor in space["among"]})
    first = space["nearest"][0]
    rows = [
        [
            f"{SOLUTIONS[name][0]}: {SOLUTIONS[name][1]}",
            *(wording.points(package["surplus"][actor]) for actor in short),
            "✓ yes" if package["agreed"] else "✗ no",
            _change(report, first, package),
        ]
        for name, package in solved.items()
    ]
    heads = ["Solution", *short.values(), "Agreed", "What differs from the package above"]
    yield table(
        "These are the surpluses of the bargaining solutions.",
        heads,
        rows,
        numbers=range(1, len(short) + 2),
        wide=[len(short) + 2],
    )
    for name, package in solved.items():
        if package["tied"] > 1:
            yield p(f"{SOLUTIONS[name][0]}. {ties_sentence(package, short, partial(_change, report, package))}")
