"""Whom a move is to win, and what it brings by the numbers of those who made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import quoted, sentence
from sim.report.story.pledges import won
from sim.report.story.red_lines import declared_by, words_of_line
from sim.report.story.scene import Scene


def aim(scene: Scene) -> str:
    """``To win over Poland and the US``: whom a draft frees, or brings a step closer; empty if nobody.

    What people want with their texts, only they know.
    """
    if scene.move["kind"] == "offer" and scene.move.get("people"):
        return ""
    won = [*_freed(scene), *(one for one in _nearer(scene) if _step(scene, one) >= scene.step)]
    actors = [one for one in won if one in scene.cast.names]
    rules = [quoted(_rule_in_words(scene, one)) for one in won if one not in scene.cast.names]
    parts = [f"win over {scene.cast.who(actors)}"] if actors else []
    parts += [f"meet {wording.series(rules)}"] if rules else []
    return f"To {' and to '.join(parts)}" if parts else ""


def _freed(scene: Scene) -> list[str]:
    """The blockers who were expected to block no longer; nobody has to win itself."""
    return [one for one, (_, after) in scene.move["gaps"].items() if after == 0 and one not in scene.move["by"]]


def _nearer(scene: Scene) -> list[str]:
    """The blockers who come closer and still block, those with the largest step first."""
    steps = {one: _step(scene, one) for one in scene.move["gaps"] if one not in scene.move["by"]}
    return sorted((one for one, step in steps.items() if step > 0), key=lambda one: -steps[one])


def _step(scene: Scene, one: str) -> float:
    """How much closer a blocker comes that still blocks: of its gap, or of its surplus across a line not for sale."""
    before, after = scene.move["gaps"][one]
    if after == 0:
        return 0.0
    if after is not None:
        return float("inf") if before is None else before - after
    low, high = scene.move["surplus"].get(one, (0.0, 0.0)) if before is None else (0.0, 0.0)
    return float(high - low)


def effects(scene: Scene) -> str:
    """What a draft brings, in brackets, and which known red lines it newly crosses, in sentences."""
    told = [*_won(scene), *([] if scene.public else _gaps(scene))]
    brackets = f" ({'; '.join(told)})" if told else ""
    crosses = list(_crosses(scene))
    return brackets + (f". {' '.join(sentence(one) for one in crosses)}" if crosses else "")


def _won(scene: Scene) -> Iterator[str]:
    """Who was won, by the answers; in private also who should have been and was not."""
    cast, blocked = scene.cast, scene.now["blocked_by"]
    freed = [one for one in _freed(scene) if one in cast.names and one not in blocked]
    yield from won(scene.now, scene.before, freed, cast)
    missed = [one for one in _freed(scene) if one in blocked and one in cast.names]
    if missed and not scene.public:
        yield f"as far as was known, {cast.who(missed)} would have agreed"


def _gaps(scene: Scene) -> Iterator[str]:
    """How the gaps of those who still block change, by half a step or more."""
    nearer, farther = [one for one in _nearer(scene) if _step(scene, one) >= scene.step / 2], _farther(scene)
    yield from _shortfalls(scene, "falls", nearer)
    yield from _shortfalls(scene, "grows", farther)
    for one in nearer:
        before, after = scene.move["gaps"][one]
        whose = scene.cast.whose(one)
        if one not in scene.cast.names:
            yield f"{wording.option(after)} is missing instead of {wording.option(before)}"
        elif after is None:
            low, high = map(wording.level, scene.move["surplus"][one])
            yield f"apart from its line that is not for sale, {whose} surplus goes from {low} to {high}"
        elif before is None:
            yield f"{whose} line that is not for sale is no longer crossed; {wording.level(after)} points are missing"


def _shortfalls(scene: Scene, verb: str, ids: Sequence[str]) -> Iterator[str]:
    """``Poland's shortfall falls from 13.0 to 7.9, the US's from 9.0 to 5.0``."""
    told: list[str] = []
    for one in ids:
        before, after = scene.move["gaps"][one]
        if one in scene.cast.names and None not in (before, after):
            noun = "" if told else f" shortfall {verb}"
            told.append(f"{scene.cast.whose(one)}{noun} from {_level(before)} to {_level(after)}")
    if told:
        yield ", ".join(told)


def _farther(scene: Scene) -> list[str]:
    """The blockers who fall back by half a step or more."""
    return [
        one
        for one, (before, after) in scene.move["gaps"].items()
        if None not in (before, after) and after > before and after - before >= scene.step / 2
    ]


def _crosses(scene: Scene) -> Iterator[str]:
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


def _rule_in_words(scene: Scene, rule: str) -> str:
    """A consent rule in words, from the months in which it was not met."""
    for month in reversed(scene.timeline):
        for one in month.get("unmet", ()):
            if one["rule"] == rule:
                return str(one["says"])
    return spaced(rule)


def _level(shortfall: float) -> str:
    """``7.9``; what still is missing is not told as nothing."""
    told = wording.level(shortfall)
    return "under 0.1" if told == "0.0" and shortfall > 0 else told
