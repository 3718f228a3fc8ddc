"""The first section of the evidence: what is proposed, by whom and by which rules, and what a scenario changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.option_labels import option_in_words, rows_by_group, spaced
from sim.report.scenario_report.blocks import Block, h2, items, p, table
from sim.report.story.cast import quoted, sentence
from sim.report.wording import Plain

TOGETHER = 3
"""The most proposals in one table."""


def proposals_tabled(report: Plain) -> Iterator[Block]:
    """Return the proposals term by term, and how each is negotiated."""
    scenarios, several = report["scenarios"], len(report["scenarios"]) > 1
    yield h2("What is proposed", "proposed")
    yield items(text for scenario in scenarios for text in _held(report, scenario, several=several))
    for start in range(0, len(scenarios), TOGETHER):
        together = scenarios[start : start + TOGETHER]
        heads = [scenario["title"] for scenario in together] if several else ["The proposal"]
        yield table("These are the terms as they are tabled.", ["Issue", *heads], _terms(report["issues"], together))
    yield from (p(line) for scenario in scenarios for line in wording.adjustments(scenario))


def _terms(issues: Plain, scenarios: Sequence[Plain]) -> list[list[str]]:
    def row(name: str, issue: Plain) -> list[str]:
        return [issue["says"], *(option_in_words(issue, scenario["proposal"][name]) for scenario in scenarios)]

    return rows_by_group(issues, row)


def _held(report: Plain, scenario: Plain, *, several: bool) -> Iterator[str]:
    title = f"{scenario['title']}: t" if several else "T"
    names = wording.names(scenario["sponsors"], report["actors"])
    yield f"{title}abled by {names}; {wording.protocol(scenario['protocol'])}; {_negotiable(report, scenario)}."
    for change in scenario["judged"]["changes"]:
        place, _, part = change["path"].rpartition(".")
        said = change["says"] or _says(report, place)
        yield f"This scenario changes the case. {said}: {_as_said(spaced(part), change['value'])}."
    for event in scenario["events"]:
        yield sentence(f"In month {event['month']}: {event['says']}")


def _says(report: Plain, place: str) -> str:
    """Return the words of the file about a part of the case: ``Russia, “No troops”``."""
    entries = [entry for kind in ("numbers", "rules") for entry in (report["sources"] or {}).get(kind, ())]
    words = next((quoted(entry["says"]) for entry in entries if entry["path"].startswith(f"{place}.")), spaced(place))
    owner = next((actor["name"] for name, actor in report["actors"].items() if f"actors.{name}." in place), None)
    return ", ".join(filter(None, (owner, words)))


def _as_said(part: str, value: object) -> str:
    if isinstance(value, bool):
        return part if value else f"not {part}"
    return f"{part} {wording.option(value)}"


def _negotiable(report: Plain, scenario: Plain) -> str:
    issues = scenario["protocol"]["negotiable"]
    if not scenario["protocol"]["amends"]:
        return "nothing is amended"
    if not issues:
        return "everything is negotiable"
    return f"negotiable: {wording.series(spaced(issue) for issue in issues)}"
