"""A rehearsal on the terminal: what agents make of a scenario, and whether a class could agree on anything."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from sim.report import wording
from sim.report.story.months import months
from sim.report.terminal.layout import heading, indented, title
from sim.report.wording import OUTCOMES, Plain
from sim.report.zone_line import zone_line
from sim.strings import Strings


def rehearsal(found: Plain, t: Strings) -> RenderableType:
    """The outcome by agents, warnings, and what would make a deal possible."""
    setup = wording.setup({**found, "nominal": found["seed"] is None, "worlds": 1})
    return Group(title(found, f"{setup} · {wording.protocol(found['protocol'])}"), *_parts(found, t))


def _parts(found: Plain, t: Strings) -> Iterator[RenderableType]:
    outcome = OUTCOMES[found["outcome"]]
    yield heading(t("handout.guide.expect"))
    said = t("handout.guide.rehearsed", outcome=outcome.short, words=outcome.words, months=found["months"])
    yield indented(Text(said, style=outcome.style))
    yield indented(t("handout.guide.zone", line=zone_line(found["zone_line"], t)))
    actors = {name: {"name": one} for name, one in found["actors"].items()}
    if found["blocked_by"]:
        yield indented(t("handout.guide.blocked", names=wording.names(found["blocked_by"], actors)))
    for warning in found["warnings"]:
        yield indented(Text(t(f"handout.guide.warning.{warning}"), style="bold"))
    zone, possible = found["zone"], found["possible_with"]
    opening = found["opening"]
    if zone and zone["best"]:
        terms = wording.change(wording.differences(opening, zone["best"]["package"])) or t("debrief.nothing")
        yield indented(t("handout.guide.best", month=zone["best"]["month"], terms=terms))
    elif zone and zone["nearest"]:
        near = zone["nearest"]
        terms = wording.change(wording.differences(opening, near["package"])) or t("debrief.nothing")
        yield indented(t("handout.guide.nearest", terms=terms, names=wording.names(near["blocked_by"], actors)))
    if possible and possible["flips"]:
        yield indented(t("handout.guide.possible"))
        yield from (indented(f"- {wording.change(one['change'])}") for one in possible["flips"][:5])
    elif possible:
        yield indented(t("handout.guide.impossible", terms=possible["most_terms"]))
    yield heading(t("handout.guide.by_agents"))
    for month, told in zip(found["run"]["timeline"], months(found["run"]), strict=True):
        yield indented(f"{t('debrief.month', month=month['month'])}: {' '.join(told)}")
    if found["whole"]:
        whole = found["whole"]
        yield indented(t("handout.guide.whole", packages=f"{whole['packages']:,}", agreed=f"{whole['agreed']:,}"))
        for name, count in whole["agreed_without"].items():
            if count > whole["agreed"]:
                yield indented(t("handout.guide.without", actor=found["actors"][name], count=f"{count:,}"))
    yield Text(f"\n{wording.NOT_A_FORECAST}", style="dim")
