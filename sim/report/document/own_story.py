"""The beginning of a person's debrief: what their seat answered and gained, and what would have been better."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from sim.report import wording
from sim.report.document.debrief_questions import AGREED
from sim.report.document.html_templates import render
from sim.report.wording import Plain
from sim.strings import Strings


def own_story(debrief: Plain, number: int, actor: str, t: Strings) -> Markup:
    """Return the story of an actor at a table, by its index, to be put before the debrief of the class."""
    table = debrief["tables"][number]
    answers = [(month["month"], month["reactions"][actor]) for month in table["timeline"]]
    story = {"actor": actor, "answers": answers, "gain": _gain(table, actor, t), "better": _better(table, actor)}
    return Markup(render("own_story.html.j2", t, debrief, **story))  # escaped by Jinja2


def _gain(table: Plain, actor: str, t: Strings) -> list[str]:
    """Say what a seat gained over no deal, in sentences."""
    seat = table["walk_away"][actor]
    if table["outcome"] == AGREED:
        if seat["across_never"]:
            return [t("debrief.mine.across"), t("debrief.mine.kindly")]
        if seat["got"] < 0 and seat["signed"]:
            return [t("debrief.mine.below", points=wording.level(-seat["got"])), t("debrief.mine.kindly")]
        key = "signed" if seat["signed"] else "unsigned"
        return [t(f"debrief.mine.{key}", points=wording.points(seat["got"]))]
    last = seat["last_text"]
    key = "never" if last["never"] else "last"
    return [t("debrief.mine.kept"), t(f"debrief.mine.{key}", points=wording.points(last["surplus"]))]


def _better(table: Plain, actor: str) -> dict[str, Any] | None:
    """Return the listed text that the others concerned would have accepted and that brings a seat most; None without.

    Texts that could be negotiated come first; `open` tells that only other issues would have made it possible.
    """
    for part in ("negotiable", "all"):
        gaining = list(_gaining(table["gains"][part], actor))
        if gaining:
            best = max(gaining, key=lambda offer: float(offer["gains"][actor]))
            return {"change": best["change"], "gain": wording.level(best["gains"][actor]), "open": part == "all"}
    return None


def _gaining(gains: Plain | None, actor: str) -> Iterator[Plain]:
    for offer in gains["offers"] if gains else ():
        if offer["gains"][actor] != wording.NEVER and offer["gains"][actor] > 0:
            yield offer
