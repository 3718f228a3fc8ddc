"""What the answers of a month taught about red lines, in sentences: that there is one, or that it is not for sale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.story.red_lines import crossed, declared_by, newly_declared, words_of_line
from sim.report.wording import Plain


def learnt(timeline: Sequence[Plain], at: int, cast: Cast) -> Iterator[str]:
    """Tell what a month taught, owner by owner.

    Parameters
    ----------
    timeline : the months so far, or all
    at : place of the month in the timeline
    """
    found = timeline[at].get("learnt", ())
    for actor in dict.fromkeys(one["actor"] for one in found):
        yield from map(sentence, _of(timeline, at, actor, cast))


def _of(timeline: Sequence[Plain], at: int, actor: str, cast: Cast) -> Iterator[str]:
    """What a month taught about the red lines of one actor."""
    now, whose = timeline[at], cast.whose(actor)
    lines = {one["line"]: one for one in now["learnt"] if one["actor"] == actor}
    here = crossed(now["reactions"][actor])
    shut = [line for line, one in lines.items() if one["closed"]]
    known = [line for line in shut if _was_known(timeline, at, actor, line)]

    def says(those: Sequence[str]) -> str:
        told = (lines[line].get("says") or words_of_line(timeline, actor, line) for line in those)
        return wording.series(map(quoted, told))

    if in_vain := [line for line in known if line in here]:
        just_said = newly_declared(now, timeline[at - 1] if at else None, actor)
        still = cast.does([actor], "it still refuses", "they still refuse")
        which = "" if set(in_vain) <= just_said.keys() else f" ({says(in_vain)})"
        its = cast.its([actor])
        yield f"{whose} price was met and {still}: {its} {_many(in_vain, 'line is', 'lines are')} not for sale{which}"
    if unknown := [line for line in shut if line in here and line not in known]:
        become = _many(unknown, "line becomes known, and it is", "lines become known, and they are")
        yield f"{whose} red {become} not for sale: {says(unknown)}"
    if elsewhere := [line for line in shut if line not in here]:
        yield f"so {whose} {_many(elsewhere, 'line', 'lines')} {says(elsewhere)} cannot be for sale either"
    if only_known := [line for line in lines if line not in shut]:
        yield f"{whose} red {_many(only_known, 'line becomes', 'lines become')} known: {says(only_known)}"


def _many(lines: Sequence[str], one: str, more: str) -> str:
    return one if len(lines) == 1 else more


def _was_known(timeline: Sequence[Plain], at: int, actor: str, line: str) -> bool:
    """Whether a red line was declared by a month, or came up in the answers before it."""
    declared = any(line in declared_by(past, actor) for past in timeline[: at + 1])
    learnt_before = [(one["actor"], one["line"]) for past in timeline[:at] for one in past.get("learnt", ())]
    return declared or (actor, line) in learnt_before
