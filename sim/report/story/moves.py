"""One sentence for each move of the talks: what changed in the text, for whom, and what it brings by the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.report import words
from sim.report.options import spaced
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.story.lines import REFUSALS, crossed, declared_by, words_of_line
from sim.report.words import Plain

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
"""Months in a row, in words; later ones are counted in figures."""


@dataclass(frozen=True)
class _Scene:
    """A move with what a sentence about it may need.

    Parameters
    ----------
    timeline : the months up to the one whose text the move produced
    step : points, the least change that counts
    patience : for how many months in a row the drafters wait; None if that is not known
    """

    timeline: Sequence[Plain]
    cast: Cast
    step: float
    patience: int | None
    public: bool

    @property
    def now(self) -> Plain:
        return self.timeline[-1]

    @property
    def before(self) -> Plain:
        return self.timeline[-2]

    @property
    def move(self) -> Plain:
        found: Plain = self.now["move"]
        return found

    @property
    def by(self) -> str:
        return self.cast.who(self.move["by"])

    def do(self, one: str, many: str) -> str:
        """The verb that fits who moves."""
        return self.cast.does(self.move["by"], one, many)


def tried(
    timeline: Sequence[Plain], at: int, cast: Cast, *, protocol: Plain | None = None, public: bool = False
) -> str | None:
    """Return one sentence on the move that produced a month's text; None in the first month and for many worlds.

    Parameters
    ----------
    timeline : the months so far, or all
    at : place of the month in the timeline
    protocol : its settings, of which `step` and `patience` are read
    public : leave out all numbers of the actors
    """
    if not at or not timeline[at].get("move"):
        return None
    rules = protocol or {}
    scene = _Scene(timeline[: at + 1], cast, rules.get("step", 0.0), rules.get("patience"), public)
    return sentence(_KINDS[scene.move["kind"]](scene))


def _improve(scene: _Scene) -> str:
    aim = _aim(scene) or f"{scene.by} {scene.do('changes', 'change')} the text"
    return f"{aim}: {_changes(scene, scene.before['text'])}{_effects(scene)}"


def _stand(scene: _Scene) -> str:
    if _passed(scene):
        return f"{scene.by} {scene.do('leaves', 'leave')} the text as it is"
    waits = f"{scene.by} {scene.do('waits', 'wait')}"
    row = _stands_in_a_row(scene.timeline)
    if scene.patience is not None and row > scene.patience:
        return f"No change brings anyone closer, and nothing is left to give up; {waits} for what has been announced"
    if row > 1:
        nth = ORDINALS[row - 1] if row <= len(ORDINALS) else f"{row}th"
        return f"Still no change brings anyone closer; {waits} for the {nth} month in a row"
    return f"No change brings anyone closer; {waits}"


def _retreat(scene: _Scene) -> str:
    left = _lines_left(scene)
    to = words.series(f"{scene.cast.whose(actor)} red {says}" for actor, says in left)
    way = f"{scene.by} {scene.do('gives', 'give')} way" + (f" to {to}" if left else "")
    opening = scene.timeline[0]["text"]
    if _withdraws(scene):
        kept = _changes(scene, opening)
        back = f"{way}, and {scene.do('goes', 'go')} back to the opening text"
        return back + (f" with {kept}" if kept else "") + _effects(scene)
    return f"{way}: {_changes(scene, scene.before['text'])}{_effects(scene)}"


def _offer(scene: _Scene) -> str:
    own = _own_last_text(scene)
    base = scene.before["text"] if own is None else own
    what = _changes(scene, base)
    if not what:
        return f"{scene.by} {scene.do('proposes its', 'propose their')} last text again"
    verb = scene.do("proposes", "propose")
    if own not in (None, scene.before["text"]):
        verb = scene.do("changes its last offer", "change their last offer")
    aim = _aim(scene)
    return f"{f'{aim}, ' if aim else ''}{scene.by} {verb}: {what}{_effects(scene)}"


def _repeat(scene: _Scene) -> str:
    if _passed(scene):
        return f"{scene.by} {scene.do('makes', 'make')} no new offer"
    if _own_last_text(scene) is None:
        return f"{scene.by} {scene.do('finds', 'find')} nothing better to offer; the text stands"
    finds, repeats = scene.do("finds", "find"), scene.do("repeats its", "repeat their")
    return f"{scene.by} {finds} no offer that brings anyone closer, and {repeats} last one"


_KINDS: Mapping[str, Callable[[_Scene], str]] = {
    "improve": _improve,
    "stand": _stand,
    "retreat": _retreat,
    "offer": _offer,
    "repeat": _repeat,
}


def _changes(scene: _Scene, base: Plain) -> str:
    """The chosen terms that differ from a text, and in brackets what they take along."""
    changed = words.differences(base, scene.now["text"])
    chosen = {issue: step for issue, step in changed.items() if issue in scene.move["changed"]}
    along = {issue: step for issue, step in changed.items() if issue not in chosen}
    if not chosen:
        return words.change(along)
    return words.change(chosen) + (f", and with it {words.change(along)}" if along else "")


# -- for whom ---------------------------------------------------------------------------------------------------------


def _aim(scene: _Scene) -> str:
    """``To win Poland and the US``: whom a draft frees, or brings a step closer; empty if nobody."""
    won = [*_freed(scene), *(one for one in _nearer(scene) if _step(scene, one) >= scene.step)]
    actors = [one for one in won if one in scene.cast.names]
    rules = [quoted(_rule_in_words(scene, one)) for one in won if one not in scene.cast.names]
    parts = [f"win {scene.cast.who(actors)}"] if actors else []
    parts += [f"meet {words.series(rules)}"] if rules else []
    return f"To {' and to '.join(parts)}" if parts else ""


def _freed(scene: _Scene) -> list[str]:
    """The blockers who were expected to block no longer; nobody has to win itself."""
    return [one for one, (_, after) in scene.move["gaps"].items() if after == 0 and one not in scene.move["by"]]


def _nearer(scene: _Scene) -> list[str]:
    """The blockers who come closer and still block, those with the largest step first."""
    steps = {one: _step(scene, one) for one in scene.move["gaps"] if one not in scene.move["by"]}
    return sorted((one for one, step in steps.items() if step > 0), key=lambda one: -steps[one])


def _step(scene: _Scene, one: str) -> float:
    """How much closer a blocker comes that still blocks: of its gap, or of its surplus across a line not for sale."""
    before, after = scene.move["gaps"][one]
    if after == 0:
        return 0.0
    if after is not None:
        return float("inf") if before is None else before - after
    low, high = scene.move["surplus"].get(one, (0.0, 0.0)) if before is None else (0.0, 0.0)
    return float(high - low)


# -- what it brings ---------------------------------------------------------------------------------------------------


def _effects(scene: _Scene) -> str:
    """What a draft brings, in brackets, and which known red lines it newly crosses, in sentences."""
    told = [*_won(scene), *([] if scene.public else _gaps(scene))]
    brackets = f" ({'; '.join(told)})" if told else ""
    crosses = list(_crosses(scene))
    return brackets + (f". {' '.join(sentence(one) for one in crosses)}" if crosses else "")


def _won(scene: _Scene) -> Iterator[str]:
    """Who was won, by the answers; in private also who should have been and was not."""
    cast, blocked = scene.cast, scene.now["blocked_by"]
    freed = [one for one in _freed(scene) if one not in blocked]
    agree = [one for one in freed if one in cast.names and scene.now["reactions"][one]["verdict"] == "accept"]
    other = [one for one in freed if one in cast.names and one not in agree]
    if agree:
        yield f"{cast.who(agree)} now {cast.does(agree, 'agrees', 'agree')}"
    if other:
        yield f"{cast.who(other)} no longer {cast.does(other, 'blocks', 'block')}"
    missed = [one for one in _freed(scene) if one in blocked and one in cast.names]
    if missed and not scene.public:
        yield f"by what was known, {cast.who(missed)} would have agreed"


def _gaps(scene: _Scene) -> Iterator[str]:
    """How the gaps of those who still block change, by half a step or more."""
    nearer, farther = [one for one in _nearer(scene) if _step(scene, one) >= scene.step / 2], _farther(scene)
    yield from _shortfalls(scene, "falls", nearer)
    yield from _shortfalls(scene, "grows", farther)
    for one in nearer:
        before, after = scene.move["gaps"][one]
        whose = scene.cast.whose(one)
        if one not in scene.cast.names:
            yield f"{words.option(after)} is missing instead of {words.option(before)}"
        elif after is None:
            low, high = map(words.level, scene.move["surplus"][one])
            yield f"apart from its line that is not for sale, {whose} surplus goes from {low} to {high}"
        elif before is None:
            yield f"{whose} line that is not for sale is no longer crossed; {words.level(after)} points are missing"


def _shortfalls(scene: _Scene, verb: str, ids: Sequence[str]) -> Iterator[str]:
    """``Poland's shortfall falls from 13.0 to 7.9, the US's from 9.0 to 5.0``."""
    told: list[str] = []
    for one in ids:
        before, after = scene.move["gaps"][one]
        if one in scene.cast.names and None not in (before, after):
            noun = "" if told else f" shortfall {verb}"
            told.append(f"{scene.cast.whose(one)}{noun} from {_level(before)} to {_level(after)}")
    if told:
        yield ", ".join(told)


def _farther(scene: _Scene) -> list[str]:
    """The blockers who fall back by half a step or more."""
    return [
        one
        for one, (before, after) in scene.move["gaps"].items()
        if None not in (before, after) and after > before and after - before >= scene.step / 2
    ]


def _crosses(scene: _Scene) -> Iterator[str]:
    """The known red lines that a draft newly crosses and that nobody declares; nothing in public."""
    for one in scene.move["crosses"]:
        actor, line = one["actor"], one["line"]
        if scene.public or line in declared_by(scene.now, actor):
            continue
        says = quoted(one.get("says") or words_of_line(scene.timeline, actor, line))
        passes = (
            "" if one["blocks"] else f", which would not make {'them' if actor in scene.cast.plural else 'it'} block"
        )
        yield f"it crosses {scene.cast.whose(actor)} red line {says}{passes}"


# -- what came before -------------------------------------------------------------------------------------------------


def _passed(scene: _Scene) -> bool:
    """Whether people passed: why, only they know."""
    return set(scene.move["by"]) <= set(scene.move.get("people", ()))


def _stands_in_a_row(timeline: Sequence[Plain]) -> int:
    """For how many months up to the last one the text has stood."""
    row = 0
    for month in reversed(timeline):
        if (month.get("move") or {}).get("kind") != "stand":
            return row
        row += 1
    return row


def _lines_left(scene: _Scene) -> list[tuple[str, str]]:
    """The red lines of blockers that the last text crossed and this one leaves: (owner, ``line “No bases”``)."""
    found = []
    for actor in scene.before["blocked_by"]:
        if actor not in scene.cast.names or scene.before["reactions"][actor]["verdict"] not in REFUSALS:
            continue
        kept = _lines_told(scene, scene.now, actor)
        left = [quoted(says) for line, says in _lines_told(scene, scene.before, actor).items() if line not in kept]
        if left:
            found.append((actor, f"{'line' if len(left) == 1 else 'lines'} {words.series(left)}"))
    return found


def _lines_told(scene: _Scene, month: Plain, actor: str) -> dict[str, str]:
    """The lines of an actor that the text of a month crosses; in public only those that were declared."""
    return declared_by(month, actor) if scene.public else crossed(month["reactions"][actor])


def _withdraws(scene: _Scene) -> bool:
    """Whether a retreat starts from the opening text, so that what was conceded since is taken back."""
    opening, past, text = scene.timeline[0]["text"], scene.before["text"], scene.now["text"]

    def beside(base: Plain) -> int:
        return sum(issue not in scene.move["changed"] for issue in words.differences(base, text))

    return beside(opening) < beside(past)


def _own_last_text(scene: _Scene) -> Plain | None:
    """The last text that the same actor put on the table, alone or with co-sponsors; None if it has put none there."""
    for month in reversed(scene.timeline[:-1]):
        drafted = not month["move"] or month["move"]["kind"] not in ("repeat", "stand")
        if drafted and month["tabled_by"][:1] == scene.move["by"][:1]:
            text: Plain = month["text"]
            return text
    return None


def _rule_in_words(scene: _Scene, rule: str) -> str:
    """A consent rule in words, from the months in which it was not met."""
    for month in reversed(scene.timeline):
        for one in month.get("unmet", ()):
            if one["rule"] == rule:
                return str(one["says"])
    return spaced(rule)


def _level(shortfall: float) -> str:
    """``7.9``; what still is missing is not told as nothing."""
    told = words.level(shortfall)
    return "under 0.1" if told == "0.0" and shortfall > 0 else told
