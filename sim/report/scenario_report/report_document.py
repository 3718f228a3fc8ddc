"""A report as one document: its sections in their order, with contents, and figures and tables numbered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.document.handout import Document
from sim.report.scenario_report import all_packages, basis, many_worlds, opening, talks_section, what_turns_it
from sim.report.scenario_report.blocks import Block, h2, h3
from sim.report.wording import NOT_A_FORECAST, Plain

LANGUAGE = "en"
"""The report takes its sentences from the pages of the terminal, which speak this one."""


def document(found: Plain, command: str) -> Document:
    """A report as a document of blocks.

    Parameters
    ----------
    found : a dict of format ``parley.report/1``
    command : what to type for the same report
    """
    blocks = _numbered([*_sections(found, command)])
    contents = [[block["id"], block["text"]] for block in blocks if block["kind"] == "h2"]
    scenarios = found["scenarios"]
    alone = len(scenarios) == 1
    return {
        "title": scenarios[0]["title"] if alone else found["case"]["title"],
        "subtitle": scenarios[0]["question"] if alone else found["case"]["question"],
        "who": f"Parley {found['versions']['parley']}",
        "caveat": NOT_A_FORECAST,
        "language": LANGUAGE,
        "blocks": [{"kind": "contents", "items": contents}, *blocks],
    }


def _sections(found: Plain, command: str) -> Iterator[Block]:
    yield from opening.summary(found)
    yield from opening.setting(found)
    several = len(found["scenarios"]) > 1
    if several and found["ensemble"] is not None:
        yield from many_worlds.ensemble(found["ensemble"])
    for one in found["scenarios"]:
        if several:
            yield {"kind": "break"}
        yield from _scenario(found, one)
    if found["proposals"] is not None:
        yield from all_packages.proposals(found)
    for one in found["outcomes"]:
        yield from all_packages.outcomes(found, one)
    yield from basis.sources(found)
    yield from basis.made(found, command)


def _scenario(found: Plain, one: Plain) -> Iterator[Block]:
    """What is of one scenario alone."""
    title = "The proposal, the talks and the answers" if len(found["scenarios"]) == 1 else one["title"]
    yield h2(title, f"scenario-{one['scenario']}")
    yield from opening.proposal(found, one)
    if one["run"] is not None:
        yield h3("The talks, month by month")
        yield from talks_section.timeline(found, one)
    if one["verdicts"] is not None:
        yield h3("Who answers what to the proposal, and why")
        yield from talks_section.answers(found, one)
    if (drawn := opening.drawn_of(found, one)) is not None:
        yield h3(f"In {wording.count(found['worlds'], 'world')}")
        yield from many_worlds.played(found["ensemble"], drawn)
    if one["flip"] is not None:
        yield h3("What would change the answer")
        yield from what_turns_it.flip(found, one)
    if one["sensitivity"] is not None:
        yield h3("Which numbers it depends on")
        yield from what_turns_it.sensitivity(found, one)


def _numbered(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, figures and tables with their numbers; the table of a figure goes by the figure's.

    A paragraph before a figure stays on its page.
    """
    figures = tables = 0
    made: list[Block] = []
    for block, after in zip(blocks, [*blocks[1:], {"kind": None}], strict=True):
        if block["kind"] == "figure":
            figures += 1
            numbers = {**block["table"], "caption": f"The numbers of figure {figures}"}
            made.append({**block, "number": figures, "label": f"Figure {figures}.", "table": numbers})
        elif block["kind"] == "table":
            tables += 1
            made.append({**block, "caption": f"Table {tables}. {block['caption']}"})
        elif block["kind"] == "p":
            made.append({**block, "leads": after["kind"] == "figure"})
        else:
            made.append(block)
    return made
