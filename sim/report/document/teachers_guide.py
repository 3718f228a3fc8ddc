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
"""How many texts of each kind the strings contain."""


def guide(handout: Plain, t: Strings) -> Iterator[dict[str, Any]]:
    """Return the blocks of the teacher's guide."""
    seats = len(handout["actors"])
    yield {"kind": "p", "text": handout["question"]}
    if handout["description"]:
        yield {"kind": "p", "text": handout["description"]}
    if handout["notice"]:
        yield {"kind": "note", "text": t("handout.guide.notice", notice=handout["notice"])}
    yield {"kind": "h2", "text": t("handout.guide.aims")}
    yield {"kind": "list", "items": [t(f"handout.guide.aim.{number}") for number in range(1, AIMS + 1)]}
    yield {"kind": "h2", "text": t("handout.guide.materials")}
    materials = [t(f"handout.guide.material.{number}", seats=seats) for number in range(1, MATERIALS + 1)]
    yield {"kind": "list", "items": materials}
    yield {"kind": "h2", "text": t("handout.guide.steps")}
    rows = [[t(f"handout.guide.time.{number}"), t(f"handout.guide.step.{number}")] for number in range(1, STEPS + 1)]
    heads = [t("handout.guide.minutes"), t("handout.guide.what")]
    yield {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": [0]}
    rules = t("handout.guide.rules", protocol=wording.protocol(handout["protocol"]))
    if handout["drafters"]:
        drafters = wording.series(handout["actors"][actor]["name"] for actor in handout["drafters"])
        rules = f"{rules} {t('handout.guide.drafters', names=drafters)}"
    yield {"kind": "p", "text": rules}
    yield from _expect(handout, t)
    yield {"kind": "h2", "text": t("handout.guide.questions")}
    yield {"kind": "list", "items": [t(f"debrief.questions.{number}") for number in range(1, QUESTIONS + 1)]}
    yield {"kind": "h2", "text": t("handout.guide.after")}
    yield {"kind": "p", "text": t("handout.guide.enter")}


def _expect(handout: Plain, t: Strings) -> Iterator[dict[str, Any]]:
    """Return what agents did in a rehearsal, and what that means for a class."""
    rehearsal, actors = handout["rehearsal"], handout["actors"]
    yield {"kind": "h2", "text": t("handout.guide.expect")}
    outcome = OUTCOMES[rehearsal["outcome"]]
    text = t("handout.guide.rehearsed", outcome=outcome.short, words=outcome.words, months=rehearsal["months"])
    blocked = rehearsal["blocked_by"]
    if blocked:
        text = f"{text} {t('handout.guide.blocked', names=wording.names(blocked, actors))}"
    yield {"kind": "p", "text": text}
    yield {"kind": "p", "text": t("handout.guide.zone", line=zone_line(rehearsal["zone_line"], t))}
    for warning in rehearsal["warnings"]:
        yield {"kind": "note", "text": t(f"handout.guide.warning.{warning}")}
    yield from _zone(handout, t)
    run = in_words(rehearsal["run"], handout["issues"])
    rows = [[str(now["month"]), " ".join(story)] for now, story in zip(run["timeline"], months(run), strict=True)]
    heads = [t("debrief.month_head"), t("debrief.timeline.title")]
    caption = t("handout.guide.by_agents")
    yield {"kind": "table", "caption": caption, "heads": heads, "rows": rows, "numbers": [0]}
    lacking = list(between(run["final"], Cast.of(run["final"]["actors"]), mistaken(run), run["core"]))
    if lacking:
        yield {"kind": "p", "text": f"{in_between(run['final'], over=True)}:"}
        yield {"kind": "list", "items": lacking}


def _zone(handout: Plain, t: Strings) -> Iterator[dict[str, Any]]:
    rehearsal, actors, issues = handout["rehearsal"], handout["actors"], handout["issues"]
    zone, possible = rehearsal["zone"], rehearsal["possible_with"]

    def terms(package: Plain) -> str:
        return "; ".join(
            f"{spaced(issue)}: {option_text(issues[issue], package[issue])}" for issue in handout["negotiable"]
        )

    if zone and zone["best"]:
        best = zone["best"]
        yield {"kind": "p", "text": t("handout.guide.best", month=best["month"], terms=terms(best["package"]))}
    elif zone and zone["nearest"]:
        nearest = zone["nearest"]
        blockers = wording.names(nearest["blocked_by"], actors)
        yield {"kind": "p", "text": t("handout.guide.nearest", terms=terms(nearest["package"]), names=blockers)}
    if possible and possible["flips"]:
        changes = [wording.change(flip["change"]).replace("_", " ") for flip in possible["flips"][:3]]
        yield {"kind": "p", "text": t("handout.guide.possible")}
        yield {"kind": "list", "items": changes}
    elif possible:
        yield {"kind": "p", "text": t("handout.guide.impossible", terms=possible["most_terms"])}
