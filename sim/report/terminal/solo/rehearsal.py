"""A rehearsal on the terminal: how agents play a scenario, and whether a class could reach a deal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from sim.report import wording
from sim.report.story.months import months
from sim.report.terminal.layout import heading, indented, page, title
from sim.report.wording import OUTCOMES, Plain
from sim.report.zone_line import zone_line
from sim.strings import Strings


def rehearsal(result: Plain, t: Strings) -> RenderableType:
    """Return the page: the outcome of the agents' talks, warnings, and what would make a deal possible."""
    setup = wording.setup({**result, "nominal": result["seed"] is None, "worlds": 1})
    return page(title(result, f"{setup} · {wording.protocol(result['protocol'])}"), *_parts(result, t))


def _parts(result: Plain, t: Strings) -> Iterator[RenderableType]:
    outcome = OUTCOMES[result["outcome"]]
    yield heading(t("handout.guide.expect"))
    text = t("handout.guide.rehearsed", outcome=outcome.short, words=outcome.words, months=result["months"])
    yield indented(Text(text, style=outcome.style))
    yield indented(t("handout.guide.zone", line=zone_line(result["zone_line"], t)))
    actors = result["actors"]
    if result["blocked_by"]:
        yield indented(t("handout.guide.blocked", names=wording.blockers(result["blocked_by"], actors)))
    for warning in result["warnings"]:
        yield indented(Text(t(f"handout.guide.warning.{warning}"), style="bold"))
    zone, possible = result["zone"], result["possible_with"]
    opening = result["opening"]
    if zone and zone["best"]:
        terms = wording.change(wording.differences(opening, zone["best"]["package"])) or t("debrief.nothing")
        yield indented(t("handout.guide.best", month=zone["best"]["month"], terms=terms))
    elif zone and zone["nearest"]:
        nearest = zone["nearest"]
        terms = wording.change(wording.differences(opening, nearest["package"])) or t("debrief.nothing")
        yield indented(t("handout.guide.nearest", terms=terms, names=wording.blockers(nearest["blocked_by"], actors)))
    if possible and possible["flips"]:
        yield indented(t("handout.guide.possible"))
        yield from (indented(f"- {wording.change(changed['change'])}") for changed in possible["flips"][:5])
    elif possible:
        yield indented(t("handout.guide.impossible", terms=possible["most_terms"]))
    yield heading(t("handout.guide.by_agents"))
    for month, sentences in zip(result["run"]["timeline"], months(result["run"]), strict=True):
        yield indented(f"{t('debrief.month', month=month['month'])}: {' '.join(sentences)}")
    if result["whole"]:
        whole = result["whole"]
        yield indented(t("handout.guide.whole", packages=f"{whole['packages']:,}", agreed=f"{whole['agreed']:,}"))
        for name, count in whole["agreed_without"].items():
            if count > whole["agreed"]:
                yield indented(t("handout.guide.without", actor=actors[name], count=f"{count:,}"))
