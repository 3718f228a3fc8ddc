"""The sections on which numbers an outcome depends: one figure, and tables of everything else for the appendix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.report import wording
from sim.report.charts.share_figures import Share, ShareRow, intervals
from sim.report.scenario_report.blocks import Block, figure, p, table
from sim.report.scenario_report.case_words import number_in_words
from sim.report.story.cast import sentence
from sim.report.terminal.uncertainty import sensitivity as terminal
from sim.report.wording import Plain

SINGLES = 6
"""Maximum number of single numbers that are drawn."""
TABLED = 20
"""Maximum number of single numbers in the table of the appendix."""
READS = (
    "Filled: with all interactions (total index); hollow: by itself (first-order index). An interaction counts in full "
    "for each number in it, so filled marks do not sum to 100%. Estimates below 0 or above 100% are cut."
)
MARKED = ("sourced", "worded", "assumed", "luck")
"""Kinds of basis that have a mark of their own, in the order of the key."""


def how_sure(report: Plain, scenario: Plain) -> str:
    """Say how much of the variance of the outcome involves assumed numbers, and which single number matters most."""
    found = scenario["sensitivity"]
    asked = report["of"] is not None or found["of"] == "agreed"
    aside = "" if asked else ", because whether it is agreed hardly varies"
    if not found["varies"]:
        return f"What would vary is {found['says']}, but it is the same in every world, so no number matters."
    parts = [f"The sensitivity is about {found['says']}{aside}.", _assumed(found)]
    if top := next(iter(found["numbers"]), None):
        parts.append(f"The number that matters most is {_label(top)}: {terminal.cell(top['total'])}.")
    return " ".join(parts)


def _assumed(found: Plain) -> str:
    return str(next(iter(terminal.headline(found))))


def depends_on(report: Plain, scenario: Plain) -> Iterator[Block]:
    """Return the figure of the groups by basis and of the single numbers that matter most."""
    found = scenario["sensitivity"]
    if not found["varies"]:
        yield p(how_sure(report, scenario))
        return
    finding = " ".join([_assumed(found), *(sentence(f"{_label(top)} matters most") for top in found["numbers"][:1])])
    yield _indices(scenario, "support", found["numbers"][:SINGLES], finding)


def details(scenario: Plain) -> Iterator[Block]:
    """Return the groups by owner and by kind, the single numbers as written, and the settings of the protocol."""
    found = scenario["sensitivity"]
    if found["varies"]:
        yield from (p(line) for line in [*map(str, terminal.headline(found)), *terminal.screened(found)])
        if found["numbers"]:
            yield _singles(found["numbers"][:TABLED])
        for family in ("owner", "kind"):
            yield _indices(
                scenario, family, (), f"Grouped {terminal.FAMILIES[family].lower()}, {_first(found, family)}."
            )
    if found["protocol"]:
        rows = [
            [setting["says"], *row] for setting in found["protocol"] for row in terminal.setting_rows(setting, found)
        ]
        yield p(terminal.SETTINGS)
        heads = ["Setting", "Value", *terminal.RESULTS[found["binary"]]]
        yield table("These are the results with other settings.", heads, rows, numbers=[1, 2, 3], wide=[0])


def _first(found: Plain, family: str) -> str:
    group = found["groups"][family][0]
    name = terminal.name_of(group["name"], found)
    return f"what is involved in most of the variance is “{name}”: {terminal.cell(group['total'])}"


def _indices(scenario: Plain, family: str, singles: Sequence[Plain], finding: str) -> Block:
    """Return a family of groups, optionally with single numbers, and the part that groups have only together."""
    found, support = scenario["sensitivity"], family == "support"
    title = terminal.FAMILIES[family]
    named = [(terminal.name_of(group["name"], found), group) for group in found["groups"][family]]
    panels = [(title, [_row(name, group, group["name"] if support else "") for name, group in named])]
    numbers = [(_label(number), number) for number in singles]
    if numbers:
        panels.append(("Single numbers", [_row(label, number, number["support"]) for label, number in numbers]))
    rows = [[name, terminal.cell(group["total"]), terminal.cell(group["first"])] for name, group in [*named, *numbers]]
    together = [f"only together, grouped {title.lower()}", "", terminal.cell(found["interactions"][family])]
    return figure(
        f"sensitivity-{family}-{scenario['scenario']}",
        intervals(panels, f"share of the variance of {found['says']}", key=_key(found, support=support)),
        finding,
        reads=f"{READS} Whiskers: {wording.per_cent(found['confidence'])} intervals, by bootstrap.",
        says="; ".join(f"{row[0]}: {row[1]}, by itself {row[2]}" for row in rows),
        numbers=table("", ["Group or number", "In total", "By itself"], [*rows, together], numbers=[1, 2]),
    )


def _singles(singles: Sequence[Plain]) -> Block:
    rows = [
        [
            f"{_label(number)}: {number['written']}",
            wording.uncertain_basis(number),
            terminal.cell(number["total"]),
            terminal.cell(number["first"]),
        ]
        for number in singles
    ]
    heads = ["Number, and how it is written", "Basis", "In total", "By itself"]
    return table("These single numbers matter most, in percent of the variance.", heads, rows, numbers=[2, 3], wide=[0])


def _row(label: str, estimates: Plain, support: str) -> ShareRow:
    return ShareRow(label, tuple(_cut(estimates[key]) for key in ("total", "first")), support)


def _cut(estimate: Mapping[str, float]) -> Share:
    """Return an estimate without what chance pushed below 0 or above 100%."""
    return Share(*(min(max(estimate[part], 0.0), 1.0) for part in ("value", "low", "high")))


def _label(number: Plain) -> str:
    return number_in_words(number["name"], number["what"], number["says"])


def _key(found: Plain, *, support: bool) -> list[tuple[str, str, bool]]:
    known = {group["name"] for group in found["groups"]["support"]}
    marks = [(f"basis: {terminal.NAMES[name]}", name, False) for name in MARKED if support and name in known]
    return [*marks, ("filled: in total", "", False), ("hollow: by itself", "", True)]
