"""The first pages: the question, the answers with their numbers, one picture, what limits them, and the contents."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report import wording
from sim.report.charts.finding_figures import WorldsBar, agreements
from sim.report.scenario_report import case_words, variance_section
from sim.report.scenario_report.answers import answers, side, subject
from sim.report.scenario_report.blocks import BREAK, Block, figure, h2, h3, items, note, p, table, terms
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.wording import Plain

SIDES = 2
"""Number of sides of a split."""
GAP = " … …"
"""Where the words above a group of bars and the label of a bar meet."""
POINTS = (
    "Points measure how much a term matters to one actor. Each actor has a scale of its own, so points are never "
    "compared between actors. Ids such as C07 name the claims on which a number is based."
)


def front(report: Plain) -> Iterator[Block]:
    """Return the answers to the questions of all scenarios, the picture, and the limits."""
    scenarios = report["scenarios"]
    yield h2("The answer", "short")
    for scenario in scenarios:
        if len(scenarios) > 1:
            yield h3(scenario["title"])
            yield p(scenario["question"])
        yield terms(answers(report, scenario), large=True)
    if any(scenario["dependence"] for scenario in scenarios):
        yield _picture(report)
    if len(scenarios) > 1:
        yield BREAK
    yield h2("How sure is that?", "limits")
    yield items(_limits(report))
    for omitted in report["left_out"]:
        yield note(f"Left out: {omitted['section']} of {omitted['scenario']}. {omitted['why']}")


def _picture(report: Plain) -> Block:
    """Return where the agreements of each scenario lie, by the number on which they depend most."""
    cast, scenarios = case_words.cast_of(report), report["scenarios"]
    splits = [_split_by(scenario, cast) for scenario in scenarios]
    titles = [scenario["title"] if len(scenarios) > 1 else "" for scenario in scenarios]
    bars = [_bars(scenario) for scenario in scenarios]
    # What all are split by is said once, above the first.
    shown = [split if split not in splits[:index] else "" for index, split in enumerate(splits)]
    rows = [
        [
            f"{': '.join(filter(None, (title, split)))} {bar.label}".replace(GAP, ""),
            f"{bar.worlds:,}",
            f"{bar.agreed:,}",
        ]
        for title, split, group in zip(titles, splits, bars, strict=True)
        for bar in group
    ]
    return figure(
        "agreements",
        agreements([*zip(titles, shown, bars, strict=True)]),
        " ".join(_finding(scenario, cast, several=len(scenarios) > 1) for scenario in scenarios),
        reads=f"All {report['worlds']:,} worlds of each scenario, split by the number that matters most for it.",
        says="; ".join(f"{row[0]}: {row[2]} of {row[1]} worlds end in agreement" for row in rows),
        numbers=table("", ["Worlds", "Number", "Agreed"], rows, numbers=[1, 2]),
    )


def _split_by(scenario: Plain, cast: Cast) -> str:
    """Return the number by which a scenario's worlds are split; empty if there is none."""
    return next((f"{subject(split, cast)} …" for split in scenario["dependence"]["splits"]), "")


def _bars(scenario: Plain) -> list[WorldsBar]:
    found = scenario["dependence"]
    if not found["splits"]:
        return [WorldsBar("all worlds", found["worlds"], found["agreed"])]
    split = found["splits"][0]
    return [
        WorldsBar(f"… {side(split, index)}", split["sides"][index]["worlds"], split["sides"][index]["agreed"])
        for index in range(SIDES)
    ]


def _finding(scenario: Plain, cast: Cast, *, several: bool) -> str:
    """Return where the agreements lie, as a short sentence."""
    found = scenario["dependence"]
    of = f" on {quoted(scenario['title'])}" if several else ""
    if not found["agreed"]:
        return f"No world ends in agreement{of}."
    hits = f"{'all ' if found['agreed'] == found['worlds'] else ''}{found['agreed']:,}"
    if not found["splits"] or found["agreed"] == found["worlds"]:
        return sentence(f"{hits} of {found['worlds']:,} worlds end in agreement{of}")
    split = found["splits"][0]
    first = split["sides"][0]
    part = "all" if first["agreed"] == found["agreed"] else f"{first['agreed']:,} of"
    return sentence(f"{part} {found['agreed']:,} agreements{of} lie where {subject(split, cast)} {side(split, 0)}")


def _limits(report: Plain) -> Iterator[str]:
    """Return what the answers depend on, and what they leave out."""
    for scenario in report["scenarios"]:
        if scenario["sensitivity"]:
            title = f"{scenario['title']}: " if len(report["scenarios"]) > 1 else ""
            yield f"{title}{variance_section.how_sure(report, scenario)}"
    if report["sources"]:
        counted = report["sources"]
        yield (
            f"Of the {len(counted['numbers']):,} numbers of the case, {wording.per_cent(counted['share_sourced'])} are "
            f"based on claims alone; {wording.per_cent(counted['share_assumed'])} are assumed, in whole or in part."
        )
    if report["case"]["description"]:
        yield " ".join(report["case"]["description"].split())
    if report["ensemble"]:
        confidence = wording.per_cent(report["ensemble"]["confidence"])
        yield (
            "A world is one draw of every uncertain number and of every month's shocks, and all scenarios are played "
            f"in the same worlds. The {confidence} intervals show how far a share would move in other worlds, not "
            "how far the model is from reality."
        )
    yield POINTS
