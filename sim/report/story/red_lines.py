"""Red lines in the data of a run, in their owners' words, and what the answers of a month taught about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import quoted, sentence
from sim.report.story.scene import Scene
from sim.report.wording import Plain

REFUSALS = ("red_line", "worse_than_no_deal")
"""Verdicts of actors to which a retreat can give way."""


def declared_by(month: Plain, actor: str) -> dict[str, str]:
    """Return a dict of line to its words: the declared red lines of an actor that the text of a month crosses."""
    reaction = month.get("reactions", {}).get(actor, {})
    lines = {entry["line"]: entry["says"] for entry in reaction.get("declared_lines", ())}
    return lines or {line: _in_ledger(reaction, line) or spaced(line) for line in reaction.get("declares", ())}


def newly_declared(scene: Scene, actor: str) -> dict[str, str]:
    """Return the declared red lines of an actor that a month's text crosses and the previous text did not."""
    known = declared_by(scene.before, actor)
    return {line: says for line, says in declared_by(scene.now, actor).items() if line not in known}


def words_of_line(timeline: Sequence[Plain], actor: str, line: str) -> str:
    """Return the words of a red line, from any month in which a text crossed it."""
    for month in reversed(timeline):
        words = declared_by(month, actor).get(line) or _in_ledger(month.get("reactions", {}).get(actor, {}), line)
        if words:
            return words
    return spaced(line)


def crossed(reaction: Plain) -> dict[str, str]:
    """Return a dict of line to its words: the red lines in an actor's ledger."""
    return {entry["rule"]: entry["says"] for entry in reaction["ledger"] if entry["kind"] == "red_line"}


def moves_of(run: Plain) -> list[Plain]:
    """Return the moves of a run of one world, in order."""
    return [month["move"] for month in run["timeline"] if month.get("move")]


def known_not_for_sale(run: Plain, actor: str) -> bool:
    """Whether the talks ended at an actor's red line that everybody knows is not for sale.

    Either its answers showed that, or the line was declared at the start and cannot be for sale; then talks on one text
    end before a first move.
    """
    final = run["final"]["actors"].get(actor)
    if final is None or final.get("gap", 0.0) is not None:
        return False
    learnt = [lesson for month in run["timeline"] for lesson in month.get("learnt", ()) if lesson["actor"] == actor]
    closed = {lesson["line"] for lesson in learnt if lesson["closed"]}
    at_once = len(run["timeline"]) == 1 and run["protocol"].get("patience", 0) > 0
    return bool(closed & crossed(final).keys()) or at_once


def _in_ledger(reaction: Plain, line: str) -> str | None:
    return crossed(reaction).get(line) if "ledger" in reaction else None


def learnt(scene: Scene) -> Iterator[str]:
    """Say what a month taught, owner by owner."""
    for actor in dict.fromkeys(lesson["actor"] for lesson in scene.now.get("learnt", ())):
        yield from map(sentence, _lessons_of(scene, actor))


def _lessons_of(scene: Scene, actor: str) -> Iterator[str]:
    """Say what a month taught about the red lines of one actor."""
    now, cast, whose = scene.now, scene.cast, scene.cast.whose(actor)
    lines = {lesson["line"]: lesson for lesson in now["learnt"] if lesson["actor"] == actor}
    here = crossed(now["reactions"][actor])
    closed = [line for line, lesson in lines.items() if lesson["closed"]]
    known = [line for line in closed if _was_known(scene.timeline, actor, line)]

    def says(those: Sequence[str]) -> str:
        words = (lines[line].get("says") or words_of_line(scene.timeline, actor, line) for line in those)
        return wording.series(map(quoted, words))

    if in_vain := [line for line in known if line in here]:
        just_said = newly_declared(scene, actor)
        still = cast.does([actor], "it still refuses", "they still refuse")
        which = "" if set(in_vain) <= just_said.keys() else f" ({says(in_vain)})"
        its = cast.its([actor])
        yield f"{whose} price was met and {still}: {its} {_form(in_vain, 'line is', 'lines are')} not for sale{which}"
    if unknown := [line for line in closed if line in here and line not in known]:
        become = _form(unknown, "line becomes known, and it is", "lines become known, and they are")
        yield f"{whose} red {become} not for sale: {says(unknown)}"
    if elsewhere := [line for line in closed if line not in here]:
        yield f"so {whose} {_form(elsewhere, 'line', 'lines')} {says(elsewhere)} cannot be for sale either"
    if only_known := [line for line in lines if line not in closed]:
        yield f"{whose} red {_form(only_known, 'line becomes', 'lines become')} known: {says(only_known)}"


def _form(lines: Sequence[str], singular: str, plural: str) -> str:
    return singular if len(lines) == 1 else plural


def _was_known(timeline: Sequence[Plain], actor: str, line: str) -> bool:
    """Whether a red line had been declared by the last month, or had become known from earlier answers."""
    declared = any(line in declared_by(past, actor) for past in timeline)
    lessons = [lesson for past in timeline[:-1] for lesson in past.get("learnt", ())]
    return declared or any((lesson["actor"], lesson["line"]) == (actor, line) for lesson in lessons)
