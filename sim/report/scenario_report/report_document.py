"""A report as one document: its answers first, then the evidence, then the appendices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sim.report.document.handout import Document
from sim.report.scenario_report import basis, case_evidence, case_words, front_page, proposals_section
from sim.report.scenario_report.blocks import Block, h2
from sim.report.scenario_report.scenario_evidence import evidence
from sim.report.wording import NOT_A_FORECAST, Plain

LANGUAGE = "en"
"""Language of the report: its sentences are those of the terminal, which are in English only."""
KEPT = ("kind", "id", "name", "svg")
"""Parts of a block that are no words."""


def document(report: Plain, command: str, *, full: bool = False) -> Document:
    """Return a report as a document of blocks.

    Parameters
    ----------
    report : a dict of format ``parley.report/1``
    command : the command that makes the same report
    full : whether the appendices show everything
    """
    front = [*front_page.front(report)]
    body = [*_evidence(report)]
    details = [*basis.details(report)] if full else []
    shown = [*_numbered([*front, *body, *details])]
    appendices = [*basis.in_numbers(shown), *basis.sources(report, shown, full=full)]
    shown = [*_in_words(shown), *_in_words(appendices), *basis.how_made(report, command)]
    contents = {"kind": "contents", "items": [[block["id"], block["text"]] for block in shown if block["kind"] == "h2"]}
    scenarios = report["scenarios"]
    alone = len(scenarios) == 1
    return {
        "title": scenarios[0]["title"] if alone else report["case"]["title"],
        "subtitle": scenarios[0]["question"] if alone else report["case"]["question"],
        "who": f"Parley {report['versions']['parley']}",
        "caveat": NOT_A_FORECAST,
        "language": LANGUAGE,
        "blocks": [*shown[: len(front)], contents, *shown[len(front) :]],
    }


def _evidence(report: Plain) -> Iterator[Block]:
    scenarios = report["scenarios"]
    yield from proposals_section.proposals_tabled(report)
    if len(scenarios) > 1 and report["ensemble"] is not None:
        yield from case_evidence.same_worlds(report)
    for scenario in scenarios:
        title = "The evidence" if len(scenarios) == 1 else f"The evidence: {scenario['title']}"
        yield h2(title, f"scenario-{scenario['scenario']}")
        yield from evidence(report, scenario)
    if report["proposals"] is not None:
        yield from case_evidence.proposals(report)
    yield from case_evidence.outcomes(report)


def _numbered(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks with the figures numbered."""
    number = 0
    for block in blocks:
        if block["kind"] == "figure":
            number += 1
            yield {**block, "number": number, "label": f"Figure {number}."}
        else:
            yield block


def _in_words(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks without ids of several words in what is read."""
    for block in blocks:
        yield {key: value if key in KEPT else _words(value) for key, value in block.items()}


def _words(value: Any) -> Any:
    if isinstance(value, str):
        return case_words.without_ids(value)
    if isinstance(value, list):
        return [_words(item) for item in value]
    return {key: _words(item) for key, item in value.items()} if isinstance(value, dict) else value
