"""The smallest change of many numbers together that turns the answer to a package."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations

from sim.analysis.flip_numbers import Entry, Progress, Question, described, plain
from sim.analysis.movable import Movable
from sim.analysis.moved import set_to
from sim.analysis.programme import MARGIN, SETTLED, Programme, Way
from sim.deliberation.sitting import DIGITS
from sim.rules.reading import Floats

STARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where the search starts: so far on the way from the present values to those that help most."""
ROUNDS = 60
"""So many programmes are solved from one start at most."""
FAR, NEAR, NEARER = 2.0, 1e-3, 4.0
"""Ranges by which a number may move at once: at first, at the least, and the part that is left after a bad move."""
WIDER, WIDEST = 10.0, 0.1
"""By so much more is asked to spare, up to so many points, where a solution misses by what was rounded."""
NEARLY = 0.99
"""A change is also judged this far along the way: it must be as large as it is."""
OWNERS_MOST = 4
"""Of so many owners of red lines that others heed, every way of who accepts is tried; of more, that of now alone."""


def smallest_change(question: Question, turns: Sequence[Entry], progress: Progress | None = None) -> Entry:
    """Find the smallest joint change of numbers within their ranges that turns the answer to a package.

    The size of a change is the sum over the numbers of how far each moves, in units of its own range: a linear
    programme of least absolute values, and of whole numbers where there is a choice (a price or `never`; who of a
    quorum accepts). What an actor has to spare is linear in most numbers. Where numbers multiply each other, or bend
    the durability, the programme is solved again with the slopes at its last solution, until it comes to rest. So the
    change is confirmed, always, to turn the answer; that there is none smaller is certain only where all is linear.

    Parameters
    ----------
    turns : the numbers that turn the answer alone, which are candidates too

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    search = _Search(question)
    ways = list(_ways(question))
    for done, way in enumerate(ways, 1):
        now, helpful = search.programme.now, search.programme.helpful(way)
        for share in STARTS:
            search.descend(way, now + share * (helpful - now))
        if progress is not None:
            progress(done, len(ways))
    for turn in turns:
        if turn["within"] and turn["ranges"] is not None:
            search.consider({turn["path"]: math.inf if turn["value"] == "never" else turn["value"]})
    return _told(question, search)


class _Search:
    """The smallest change so far that was confirmed to turn the answer."""

    def __init__(self, question: Question) -> None:
        self.question, self.programme = question, Programme(question.jury, question.numbers)
        self.best: Mapping[str, float] = {}
        self.size, self.solved = math.inf, 0

    def descend(self, way: Way, start: Floats) -> None:
        """Solve programmes, each with the slopes at the best solution before, until they come to rest.

        A solution that is worse than the slopes had promised is left, and the next one looked for nearer by.
        """
        at, margin, reach, merit = start, MARGIN, FAR, math.inf
        for _ in range(ROUNDS):
            found = self.programme.solve(way, at, margin, reach)
            self.solved += 1
            if found is None:
                return
            better = found.merit < merit - SETTLED
            confirmed = better and self.consider(found.changed)
            if better:
                at, merit, reached, done = found.values, found.merit, found.reached, confirmed
            else:
                reach /= NEARER
            if reach < NEAR:
                if done or not reached or margin > WIDEST:
                    return
                margin, reach, merit = margin * WIDER, reach * NEARER**2, math.inf

    def consider(self, changed: Mapping[str, float]) -> bool:
        """Judge a change; keep it if it turns the answer and is the smallest. Whether it turns the answer."""
        if not changed or not self.turns([changed])[0]:
            return False
        changed = self._needed(changed)
        size = sum(self.question.everything[path].distance(value) or 0.0 for path, value in changed.items())
        if size < self.size:
            self.best, self.size = changed, size
        return True

    def turns(self, changed: Sequence[Mapping[str, float]]) -> list[bool]:
        """Whether each of some changes turns the answer."""
        blocked = self.question.jury.blocked(set_to(self.question.everything, changed))
        return [any(one) != bool(self.question.blocked_by) for one in blocked.tolist()]

    def _needed(self, changed: Mapping[str, float]) -> Mapping[str, float]:
        """A change without the numbers that it can do without."""
        for path in changed:
            less = {name: value for name, value in changed.items() if name != path}
            if less and self.turns([less])[0]:
                return self._needed(less)
        return changed


def _ways(question: Question) -> Iterator[Way]:
    """The ways to turn the answer: who lets go a red line, and, to lose an agreement, which rule is not met."""
    owners = question.jury.owners
    every = list(chain.from_iterable(combinations(owners, size) for size in range(len(owners) + 1)))
    if len(owners) > OWNERS_MOST:
        now = question.jury.accepting(set_to(question.everything, [{}]))
        every = [tuple(name for name in owners if now[name])]
    rules = [None] if question.blocked_by else [rule.rule for rule in question.jury.rules]
    for accepting in every:
        for rule in rules:
            yield Way(frozenset(accepting), rule)


def _told(question: Question, search: _Search) -> Entry:
    """The change that was found, what it comes to, and what each of its numbers does."""
    changed, numbers = search.best, question.everything
    told: Entry = {"size": None, "programmes": search.solved, "ways": len(list(_ways(question))), "changes": []}
    if not changed:
        return {**told, "at": None, "nearly": None}
    nearly = {path: _along(numbers[path], value) for path, value in changed.items()}
    without = [{name: value for name, value in changed.items() if name != path} for path in changed]
    at, short, *others = question.sides([dict(changed), nearly, *without])
    told["changes"] = [
        {
            **described(numbers[path]),
            "to": plain(value),
            "ranges": round(numbers[path].distance(value) or 0.0, DIGITS),
            "without": other["blocked_by"],
        }
        for (path, value), other in zip(changed.items(), others, strict=True)
    ]
    told["changes"].sort(key=lambda one: -one["ranges"])
    return {**told, "size": round(search.size, DIGITS), "at": at, "nearly": short}


def _along(moved: Movable, value: float) -> float:
    """A value most of the way to another; what is bought or lost for good is not, until one is there."""
    if math.isinf(value) or math.isinf(moved.present):
        return moved.present
    return moved.present + NEARLY * (value - moved.present)
