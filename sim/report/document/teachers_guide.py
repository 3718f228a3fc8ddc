"""The teacher's guide: aims, materials, timing, steps, what to expect, warnings, and questions for the debrief."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.report import wording
from sim.report.option_labels import option_text, spaced
from sim.report.story.case_wording import in_words
from sim.report.story.cast import Cast
from sim.report.story.ending import between, in_between, mistaken
from sim.report.story.months import months
from sim.report.wording import OUTCOMES, Plain
from sim.report.zone_line import zone_line
from sim.strings import Strings

AIMS, MATERIALS, STEPS, QUESTIONS = 3, 5, 8, 6
"""How many of each there are among the strings."""


def guide(found: Plain, t: Strings) -> dict[str, Any]:
    """The teacher's guide as a document of blocks."""
    return {
        "title": t("handout.guide.title"),
        "subtitle": found["title"],
        "who": t("handout.guide.secret"),
        "caveat": t("page.not_a_forecast"),
        "language": t.language,
        "blocks": list(_blocks(found, t)),
    }


def _blocks(found: Plain, t: Strings) -> Iterator[dict[str, Any]]:
    seats = len(found["actors"])
    yield {"kind": "p", "text": found["question"]}
    if found["description"]:
        yield {"kind": "p", "text": found["description"]}
    yield {"kind": "note", "text": t("handout.guide.content_note")}
    yield {"kind": "h2", "text": t("handout.guide.aims")}
    yield {"kind": "list", "items": [t(f"handout.guide.aim.{at}") for at in range(1, AIMS + 1)]}
    yield {"kind": "h2", "text": t("handout.guide.materials")}
    yield {"kind": "list", "items": [t(f"handout.guide.material.{at}", seats=seats) for at in range(1, MATERIALS + 1)]}
    yield {"kind": "h2", "text": t("handout.guide.steps")}
    rows = [[t(f"handout.guide.time.{at}"), t(f"handout.guide.step.{at}")] for at in range(1, STEPS + 1)]
    heads = [t("handout.guide.minutes"), t("handout.guide.what")]
    yield {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": [0]}
    rules = t("handout.guide.rules", protocol=wording.protocol(found["protocol"]))
    if found["drafters"]:
        drafters = wording.series(found["actors"][one]["name"] for one in found["drafters"])
        rules = f"{rules} {t('handout.guide.drafters', names=drafters)}"
    yield {"kind": "p", "text": rules}
    yield from _expect(found, t)
    yield {"kind": "h2", "text": t("handout.guide.questions")}
    yield {"kind": "list", "items": [t(f"debrief.questions.{at}") for at in range(1, QUESTIONS + 1)]}
    yield {"kind": "h2", "text": t("handout.guide.after")}
    yield {"kind": "p", "text": t("handout.guide.enter")}


def _expect(found: Plain, t: Strings) -> Iterator[dict[str, Any]]:
    """What agents did with it, and what that means for a class."""
    tried, actors = found["rehearsal"], found["actors"]
    yield {"kind": "h2", "text": t("handout.guide.expect")}
    outcome = OUTCOMES[tried["outcome"]]
    said = t("handout.guide.rehearsed", outcome=outcome.short, words=outcome.words, months=tried["months"])
    blocked = tried["blocked_by"]
    if blocked:
        said = f"{said} {t('handout.guide.blocked', names=wording.names(blocked, actors))}"
    yield {"kind": "p", "text": said}
    yield {"kind": "p", "text": t("handout.guide.zone", line=zone_line(tried["zone_line"], t))}
    for warning in tried["warnings"]:
        yield {"kind": "note", "text": t(f"handout.guide.warning.{warning}")}
    yield from _zone(found, t)
    run = in_words(tried["run"], found["issues"])
    told = zip(run["timeline"], months(run), strict=True)
    rows = [[str(month["month"]), " ".join(sentences)] for month, sentences in told]
    heads = [t("debrief.month_head"), t("debrief.timeline.title")]
    caption = t("handout.guide.by_agents")
    yield {"kind": "table", "caption": caption, "heads": heads, "rows": rows, "numbers": [0]}
    lacking = list(between(run["final"], Cast.of(run["final"]["actors"]), mistaken(run), run["core"]))
    if lacking:
        yield {"kind": "p", "text": f"{in_between(run['final'], over=True)}:"}
        yield {"kind": "list", "items": lacking}


def _zone(found: Plain, t: Strings) -> Iterator[dict[str, Any]]:
    tried, actors, issues = found["rehearsal"], found["actors"], found["issues"]
    zone, possible = tried["zone"], tried["possible_with"]

    def terms(package: Plain) -> str:
        return "; ".join(f"{spaced(one)}: {option_text(issues[one], package[one])}" for one in found["negotiable"])

    if zone and zone["best"]:
        best = zone["best"]
        yield {"kind": "p", "text": t("handout.guide.best", month=best["month"], terms=terms(best["package"]))}
    elif zone and zone["nearest"]:
        near = zone["nearest"]
        who = wording.names(near["blocked_by"], actors)
        yield {"kind": "p", "text": t("handout.guide.nearest", terms=terms(near["package"]), names=who)}
    if possible and possible["flips"]:
        changes = [wording.change(one["change"]).replace("_", " ") for one in possible["flips"][:3]]
        yield {"kind": "p", "text": t("handout.guide.possible")}
        yield {"kind": "list", "items": changes}
    elif possible:
        yield {"kind": "p", "text": t("handout.guide.impossible", terms=possible["most_terms"])}
