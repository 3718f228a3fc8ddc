"""A report as one document: its sections in order, with contents, and with numbered figures and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.document.handout import Document
from sim.report.scenario_report import all_packages, basis, many_worlds, opening, talks_section, what_turns_it
from sim.report.scenario_report.blocks import Block, h2, h3
from sim.report.wording import NOT_A_FORECAST, Plain

LANGUAGE = "en"
"""Language of the report: its sentences are those of the terminal, which are in English only."""


def document(report: Plain, command: str) -> Document:
    """Return a report as a document of blocks.

    Parameters
    ----------
    report : a dict of format ``parley.report/1``
    command : the command that makes the same report
    """
    blocks = _numbered([*_sections(report, command)])
    contents = [[block["id"], block["text"]] for block in blocks if block["kind"] == "h2"]
    scenarios = report["scenarios"]
    alone = len(scenarios) == 1
    return {
        "title": scenarios[0]["title"] if alone else report["case"]["title"],
        "subtitle": scenarios[0]["question"] if alone else report["case"]["question"],
        "who": f"Parley {report['versions']['parley']}",
        "caveat": NOT_A_FORECAST,
        "language": LANGUAGE,
        "blocks": [{"kind": "contents", "items": contents}, *blocks],
    }


def _sections(report: Plain, command: str) -> Iterator[Block]:
    yield from opening.summary(report)
    yield from opening.setting(report)
    several = len(report["scenarios"]) > 1
    if several and report["ensemble"] is not None:
        yield from many_worlds.ensemble(report["ensemble"])
    for scenario in report["scenarios"]:
        if several:
            yield {"kind": "break"}
        yield from _scenario(report, scenario)
    if report["proposals"] is not None:
        yield from all_packages.proposals(report)
    for group in report["outcomes"]:
        yield from all_packages.outcomes(report, group)
    yield from basis.sources(report)
    yield from basis.how_made(report, command)


def _scenario(report: Plain, scenario: Plain) -> Iterator[Block]:
    """Return the sections about one scenario."""
    title = "The proposal, the talks and the answers" if len(report["scenarios"]) == 1 else scenario["title"]
    yield h2(title, f"scenario-{scenario['scenario']}")
    yield from opening.proposal(report, scenario)
    if scenario["run"] is not None:
        yield h3("The talks, month by month")
        yield from talks_section.timeline(scenario)
    if scenario["verdicts"] is not None:
        yield h3("Who answers what to the proposal, and why")
        yield from talks_section.answers(scenario)
    if (ensemble := opening.ensemble_of(report, scenario)) is not None:
        yield h3(f"In {wording.count(report['worlds'], 'world')}")
        yield from many_worlds.played(report["ensemble"], ensemble)
    if scenario["flip"] is not None:
        yield h3("What would change the answer")
        yield from what_turns_it.flip(scenario)
    if scenario["sensitivity"] is not None:
        yield h3("Which numbers it depends on")
        yield from what_turns_it.sensitivity(report, scenario)


def _numbered(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with figures and tables numbered; the table of a figure has the figure's number.

    A paragraph before a figure is kept on the same page.
    """
    figures = tables = 0
    numbered: list[Block] = []
    for block, after in zip(blocks, [*blocks[1:], {"kind": None}], strict=True):
        if block["kind"] == "figure":
            figures += 1
            numbers = {**block["table"], "caption": f"The numbers of figure {figures}"}
            numbered.append({**block, "number": figures, "label": f"Figure {figures}.", "table": numbers})
        elif block["kind"] == "table":
            tables += 1
            numbered.append({**block, "caption": f"Table {tables}. {block['caption']}"})
        elif block["kind"] == "p":
            numbered.append({**block, "leads": after["kind"] == "figure"})
        else:
            numbered.append(block)
    return numbered
