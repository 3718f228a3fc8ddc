"""What the answers of a month taught about red lines, in sentences: that one exists, or that it is not for sale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.story.red_lines import crossed, declared_by, newly_declared, words_of_line
from sim.report.wording import Plain


def learnt(timeline: Sequence[Plain], index: int, cast: Cast) -> Iterator[str]:
    """Say what the month at an index of the timeline taught, owner by owner."""
    lessons = timeline[index].get("learnt", ())
    for actor in dict.fromkeys(lesson["actor"] for lesson in lessons):
        yield from map(sentence, _lessons_of(timeline, index, actor, cast))


def _lessons_of(timeline: Sequence[Plain], index: int, actor: str, cast: Cast) -> Iterator[str]:
    """Say what a month taught about the red lines of one actor."""
    now, whose = timeline[index], cast.whose(actor)
    lines = {lesson["line"]: lesson for lesson in now["learnt"] if lesson["actor"] == actor}
    here = crossed(now["reactions"][actor])
    closed = [line for line, lesson in lines.items() if lesson["closed"]]
    known = [line for line in closed if _was_known(timeline, index, actor, line)]

    def says(those: Sequence[str]) -> str:
        words = (lines[line].get("says") or words_of_line(timeline, actor, line) for line in those)
        return wording.series(map(quoted, words))

    if in_vain := [line for line in known if line in here]:
        just_said = newly_declared(now, timeline[index - 1] if index else None, actor)
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


def _was_known(timeline: Sequence[Plain], index: int, actor: str, line: str) -> bool:
    """Whether a red line had been declared by a month, or had become known from earlier answers."""
    declared = any(line in declared_by(past, actor) for past in timeline[: index + 1])
    lessons = [lesson for past in timeline[:index] for lesson in past.get("learnt", ())]
    return declared or any((lesson["actor"], lesson["line"]) == (actor, line) for lesson in lessons)
