"""One number at a time: everybody's answers to a text as a number moves through its range, all others as they are.

The levers of a question are the numbers that matter most in this sense. A lever that turns the result counts more than
one that wins over an actor that blocks or changes its verdict, and that counts more than one that only moves points.
Only single moves are seen: numbers that matter only together are found by `sensitivity`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import WhichMoved, with_one_moved
from sim.analysis.counterfactuals.turning_points import refine, wide_sample
from sim.analysis.judging.judged_text import JudgedText
from sim.case.models import Case
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import GivenValues, Streams
from sim.negotiation.answers.evaluation import DIGITS, Evaluation

SCREENED = 9
"""Values of each number, evenly over its range, at which its effect is measured."""
ALL = "all"
"""Name of the points that all blockers lack together, among the names of the actors whose surplus can be asked for."""
TURNS, CHANGES_BLOCKER, MOVES = 2, 1, 0
"""What a number does within its range: it turns the result; it wins over an actor that blocks, or changes its verdict;
or neither."""


@dataclass(frozen=True)
class AnswersAlong:
    """Everybody's answers to one text at some values of one number.

    Parameters
    ----------
    number : the number that is moved
    values : (value,) float, sorted
    agreed : (value,) bool
    blocked : (value, blocker) bool, who blocks
    blockers : the names of those who may block: actors, then rules
    surplus : actor to (value,) float, points; red lines that are not for sale do not count
    verdicts : actor to (value,) uint8, codes of `Verdict`
    short : (value,) float, the points that those who block lack together, red lines that are not for sale aside
    """

    number: Parameter
    values: Floats
    agreed: Bools
    blocked: Bools
    blockers: Sequence[str]
    surplus: Mapping[str, Floats]
    verdicts: Mapping[str, NDArray[np.uint8]]
    short: Floats

    def of(self, whose: str) -> Floats:
        """Return (value,) float, an actor's surplus, or for `ALL` the points that are missing, as a negative number."""
        return -self.short if whose == ALL else self.surplus[whose]

    def swing(self, whose: str) -> float:
        """Return the points between the lowest and the highest value of that."""
        return float(np.ptp(self.of(whose)))

    def index(self, value: float) -> int:
        """Return the index of a value that was judged; those at the ends of a range are rounded."""
        return len(self.values) - 1 if math.isinf(value) else int(np.abs(self.values - value).argmin())

    def in_range(self) -> AnswersAlong:
        """Return the answers within the range of the number, at its present value, and at `never` if it has that."""
        low, high = round(self.number.low, DIGITS), round(self.number.high, DIGITS)
        ends = np.isinf(self.values) | (self.values == self.number.present)
        rows = ends | ((self.values >= low) & (self.values <= high))
        return replace(
            self,
            values=self.values[rows],
            agreed=self.agreed[rows],
            blocked=self.blocked[rows],
            surplus={name: one[rows] for name, one in self.surplus.items()},
            verdicts={name: one[rows] for name, one in self.verdicts.items()},
            short=self.short[rows],
        )

    @property
    def now(self) -> int:
        """The index of the present value."""
        return self.index(self.number.present)

    @property
    def blocked_by(self) -> list[str]:
        """Who blocks at the present value: actors, then rules."""
        return [name for name, blocks in zip(self.blockers, self.blocked[self.now], strict=True) if blocks]

    @property
    def thresholds(self) -> dict[str, float]:
        """The nearest value at which the result differs from the present one: ``at_most`` below it, ``at_least`` above.

        On a `curve`, they are those that `find_thresholds` reports; they may lie beyond the range.
        """
        found = {}
        for direction, step in (("at_most", -1), ("at_least", 1)):
            turned = np.flatnonzero((self.agreed != self.agreed[self.now])[self.now :: step])
            if len(turned):
                found[direction] = float(self.values[self.now :: step][turned[0]])
        return found

    @property
    def rank(self) -> int:
        """What the number does, as `TURNS`, `CHANGES_BLOCKER` or `MOVES`."""
        if self.agreed.any() and not self.agreed.all():
            return TURNS
        return CHANGES_BLOCKER if self.changed else MOVES

    @property
    def won_over(self) -> list[str]:
        """Those who block at present and do not everywhere."""
        blocks = dict(zip(self.blockers, self.blocked.T, strict=True))
        return [name for name in self.blocked_by if not blocks[name].all()]

    @property
    def changed(self) -> list[str]:
        """Those who block at present and do not everywhere, or whose verdict differs somewhere."""
        won_over = self.won_over
        differs = {name for name, one in self.verdicts.items() if (one != one[self.now]).any()}
        return [name for name in self.blocked_by if name in won_over or name in differs]


def answers_along(judged: JudgedText, numbers: Sequence[Parameter], samples: Sequence[Floats]) -> list[AnswersAlong]:
    """Judge a text at some values of each of some numbers, one number at a time.

    Parameters
    ----------
    judged : the text, in the month in which it is judged
    samples : for each number (value,) float, sorted
    """
    if not numbers:
        return []
    which = np.repeat(np.arange(len(numbers)), [len(sample) for sample in samples])
    evaluation = judged.in_worlds(with_one_moved(numbers, which, np.concatenate(samples)))
    case, answers = evaluation.case, evaluation.responses.answers

    def column(array: NDArray[Any]) -> NDArray[Any]:
        return np.broadcast_to(array, len(which))

    blocked = _blocked(evaluation, len(which))
    surplus = {name: column(answers[name].surplus[:, 0]) for name in case.actors}
    verdicts = {name: column(answers[name].verdict[:, 0]) for name in case.actors}
    gaps = np.stack([column(answers[name].gap[:, 0]) for name in case.actors], axis=1)
    short = (np.maximum(gaps, 0) * blocked[:, : len(case.actors)]).sum(axis=1)
    return [
        AnswersAlong(
            number,
            samples[index],
            ~blocked[rows].any(axis=1),
            blocked[rows],
            blockers_of(case),
            {name: one[rows] for name, one in surplus.items()},
            {name: one[rows] for name, one in verdicts.items()},
            short[rows],
        )
        for index, number in enumerate(numbers)
        for rows in [which == index]
    ]


def blockers_of(case: Case) -> list[str]:
    """Return the names of all who may block: the actors, then the consent rules."""
    return [*case.actors, *(rule.rule for rule in case.consent)]


def _blocked(evaluation: Evaluation, worlds: int) -> Bools:
    """(world, blocker) bool, who blocks the text."""
    case = evaluation.case
    columns = [*map(evaluation.blocks, case.actors), *(evaluation.stuck(rule.rule) for rule in case.consent)]
    return np.stack([np.broadcast_to(column, worlds) for column in columns], axis=1)


def screen(judged: JudgedText, numbers: Mapping[str, Parameter], count: int) -> list[AnswersAlong]:
    """Return the numbers that matter most for the answer to a text, the most important first.

    Parameters
    ----------
    numbers : path to number, all numbers of the case
    count : the most numbers that are returned; numbers without any effect are not
    """
    own = [number for number in numbers.values() if number.has_own_draw]
    found = answers_along(judged, own, [_with_never(number, _sample(number, SCREENED)) for number in own])
    whose = concerned(judged)

    def weight(along: AnswersAlong) -> tuple[int, float]:
        return along.rank, max(map(along.swing, (*whose, ALL)))

    weighed = sorted(((weight(along), along) for along in found), key=lambda pair: pair[0], reverse=True)
    return [along for (rank, swing), along in weighed if rank > MOVES or swing > 0][:count]


def concerned(judged: JudgedText) -> list[str]:
    """Return the actors that block a text or, if no actor does, those whose consent it needs."""
    evaluation = judged.evaluation
    actors = evaluation.case.actors
    return [name for name in actors if evaluation.blocks(name)[0]] or [
        name for name in actors if evaluation.why_needed(name)
    ]


def curve(judged: JudgedText, number: Parameter) -> AnswersAlong:
    """Judge a text along the range of one number, and as far beyond it as `find_thresholds` does.

    Every turn is located to a step.
    """

    def signs(_: WhichMoved, values: Floats) -> tuple[Bools, Floats]:
        [along] = answers_along(judged, [number], [values])
        margins = np.stack([*along.surplus.values(), -along.short], axis=1)
        answers = np.stack(list(along.verdicts.values()), axis=1) == Verdict.ACCEPT
        return np.hstack([along.blocked, answers]), margins

    tried = refine([wide_sample(number)], signs)
    [along] = answers_along(judged, [number], [tried.values])
    return along


@dataclass(frozen=True)
class WorldsAlong(GivenValues):
    """The same drawn worlds once for each value of one number, which is set in them.

    Parameters
    ----------
    streams : the drawn worlds
    """

    streams: Streams

    def column(self, name: str) -> Floats:
        """Return (world,) uniforms, those of the drawn worlds again and again."""
        return np.tile(self.streams.column(name), self.count // self.streams.count)


def agreed_shares(judged: JudgedText, number: Parameter, values: Floats, streams: Streams) -> Floats:
    """Return (value,) float, the share of drawn worlds in which a text is agreed with each value of a number."""
    given = {number.path: np.repeat(values, streams.count)}
    evaluation = judged.in_worlds(WorldsAlong(given, len(values) * streams.count, streams))
    agreed = np.broadcast_to(evaluation.responses.consent.agreed[:, 0], len(values) * streams.count)
    return np.asarray(agreed.reshape(len(values), streams.count).mean(axis=1))


def range_ends(number: Parameter) -> Floats:
    """Return (value,) float, sorted: both ends of the range, and the present value."""
    return _with_never(number, _sample(number, 2))


def _sample(number: Parameter, count: int) -> Floats:
    """Return (value,) float, sorted: finite values evenly over the range, and the present one."""
    present = [number.present] if math.isfinite(number.present) else []
    return np.unique(np.concatenate([np.round(np.linspace(number.low, number.high, count), DIGITS), present]))


def _with_never(number: Parameter, values: Floats) -> Floats:
    return np.append(values, np.inf) if number.never else values


def at_present(number: Parameter, case: Case) -> Parameter:
    """Return a number with the range that it has, and with its present value in a case in which it may be changed."""
    present = case.numbers[number.path].distribution.central
    never = number.never or math.isinf(present)
    return number if present == number.present else replace(number, present=present, never=never)
