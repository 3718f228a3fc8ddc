"""Whom a move is meant to win over, and what it achieves by the numbers of those who made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import quoted, sentence
from sim.report.story.pledges import former_blockers
from sim.report.story.red_lines import declared_by, words_of_line
from sim.report.story.scene import Scene


def aim(scene: Scene) -> str:
    """Return ``To win over Poland and the US``: who is expected to stop blocking, or comes a step closer.

    It is empty if there is nobody, and for people's offers: only they know what they want.
    """
    if scene.move["kind"] == "offer" and scene.move.get("people"):
        return ""
    targets = [*_freed(scene), *(name for name in _nearer(scene) if _step(scene, name) >= scene.step)]
    actors = [name for name in targets if name in scene.cast.names]
    rules = [quoted(_rule_in_words(scene, rule)) for rule in targets if rule not in scene.cast.names]
    parts = [f"win over {scene.cast.who(actors)}"] if actors else []
    parts += [f"meet {wording.series(rules)}"] if rules else []
    return f"To {' and to '.join(parts)}" if parts else ""


def _freed(scene: Scene) -> list[str]:
    """Return the blockers that were expected to stop blocking, without those who made the move."""
    return [name for name, (_, after) in scene.move["gaps"].items() if after == 0 and name not in scene.move["by"]]


def _nearer(scene: Scene) -> list[str]:
    """Return the blockers that come closer and still block, those with the largest step first."""
    steps = {name: _step(scene, name) for name in scene.move["gaps"] if name not in scene.move["by"]}
    return sorted((name for name, step in steps.items() if step > 0), key=lambda name: -steps[name])


def _step(scene: Scene, name: str) -> float:
    """Return how many points a blocker comes closer without being won over.

    It is the change of its gap, or of its surplus if the text crosses a line that is not for sale.
    """
    before, after = scene.move["gaps"][name]
    if after == 0:
        return 0.0
    if after is not None:
        return float("inf") if before is None else before - after
    low, high = scene.move["surplus"].get(name, (0.0, 0.0)) if before is None else (0.0, 0.0)
    return float(high - low)


def effects(scene: Scene) -> str:
    """Return what a draft achieves, in brackets, and which known red lines it newly crosses, in sentences."""
    results = [*_won(scene), *([] if scene.public else _gaps(scene))]
    brackets = f" ({'; '.join(results)})" if results else ""
    crosses = list(_crosses(scene))
    return brackets + (f". {' '.join(sentence(crossing) for crossing in crosses)}" if crosses else "")


def _won(scene: Scene) -> Iterator[str]:
    """Say who was won over, by the answers, and, unless in public, who was expected to be but was not."""
    cast, blocked = scene.cast, scene.now["blocked_by"]
    freed = [name for name in _freed(scene) if name in cast.names and name not in blocked]
    yield from former_blockers(scene, freed)
    missed = [name for name in _freed(scene) if name in blocked and name in cast.names]
    if missed and not scene.public:
        yield f"as far as was known, {cast.who(missed)} would have agreed"


def _gaps(scene: Scene) -> Iterator[str]:
    """Say how the gaps of those who still block change, where it is by half a step or more."""
    nearer, farther = [name for name in _nearer(scene) if _step(scene, name) >= scene.step / 2], _farther(scene)
    yield from _shortfalls(scene, "falls", nearer)
    yield from _shortfalls(scene, "grows", farther)
    for name in nearer:
        before, after = scene.move["gaps"][name]
        whose = scene.cast.whose(name)
        if name not in scene.cast.names:
            yield f"{wording.option(after)} is missing instead of {wording.option(before)}"
        elif after is None:
            low, high = map(wording.level, scene.move["surplus"][name])
            yield f"apart from its line that is not for sale, {whose} surplus goes from {low} to {high}"
        elif before is None:
            yield f"{whose} line that is not for sale is no longer crossed; {wording.level(after)} points are missing"


def _shortfalls(scene: Scene, verb: str, ids: Sequence[str]) -> Iterator[str]:
    """Say ``Poland's shortfall falls from 13.0 to 7.9, the US's from 9.0 to 5.0``."""
    parts: list[str] = []
    for name in ids:
        before, after = scene.move["gaps"][name]
        if name in scene.cast.names and None not in (before, after):
            noun = "" if parts else f" shortfall {verb}"
            parts.append(f"{scene.cast.whose(name)}{noun} from {_level(before)} to {_level(after)}")
    if parts:
        yield ", ".join(parts)


def _farther(scene: Scene) -> list[str]:
    """Return the blockers whose gap grows by half a step or more."""
    return [
        name
        for name, (before, after) in scene.move["gaps"].items()
        if None not in (before, after) and after > before and after - before >= scene.step / 2
    ]


def _crosses(scene: Scene) -> Iterator[str]:
    """Say which known red lines a draft newly crosses that nobody declares; nothing in public."""
    for crossing in scene.move["crosses"]:
        actor, line = crossing["actor"], crossing["line"]
        if scene.public or line in declared_by(scene.now, actor):
            continue
        says = quoted(crossing.get("says") or words_of_line(scene.timeline, actor, line))
        them = "them" if actor in scene.cast.plural else "it"
        passes = "" if crossing["blocks"] else f", which would not make {them} block"
        yield f"it crosses {scene.cast.whose(actor)} red line {says}{passes}"


def _rule_in_words(scene: Scene, rule: str) -> str:
    """Return a consent rule in words, from the months in which it was not met."""
    for month in reversed(scene.timeline):
        for unmet in month.get("unmet", ()):
            if unmet["rule"] == rule:
                return str(unmet["says"])
    return spaced(rule)


def _level(shortfall: float) -> str:
    """Return ``7.9``; a shortfall above zero is never written as 0.0."""
    text = wording.level(shortfall)
    return "under 0.1" if text == "0.0" and shortfall > 0 else text
