"""One package, judged in worlds in which some numbers of the case were moved, take it or leave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import chain, combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.movable import Movable
from sim.case.shapes import Case, ConsentRule, Scenario
from sim.deliberation.context import start
from sim.deliberation.play import play
from sim.deliberation.record import Outcome
from sim.rules.bench import Bench
from sim.rules.hearing import Hearing, hear
from sim.rules.reading import NOBODY, Bools, Floats, Reader, heeds
from sim.rules.space import Texts
from sim.rules.worlds import Given, Worlds

Which = NDArray[np.intp]
"""(world,) int, which of some numbers was moved in each world."""


def moved(numbers: Sequence[Movable], which: Which, values: Floats) -> Given:
    """Worlds in each of which one number has another value than now.

    Parameters
    ----------
    which : (world,) int, the place of that number among `numbers`
    values : (world,) float
    """
    columns = {}
    for at in np.unique(which):
        column = np.full(len(which), numbers[at].present)
        column[which == at] = values[which == at]
        columns[numbers[at].path] = column
    return Given(columns, len(which))


class Jury:
    """Everybody who has a say on a package, in any worlds.

    Parameters
    ----------
    text : (issue,) uint8, the package

    Attributes
    ----------
    blockers : the actors and the consent rules of the case, in that order: who may block
    rules : the consent rules that apply
    owners : of declared red lines that others heed
    heard : an actor whose consent counts, and the owners who let go a declared red line that it heeds; one entry for
        each such set, as its rules say something else for each
    """

    def __init__(self, case: Case, text: Texts) -> None:
        self.case, self.reading = case, Reader(case).read(text[None])
        self.blockers = [*case.actors, *(rule.rule for rule in case.consent)]
        self.rules = [rule for rule, applies in zip(case.consent, self.reading.consent, strict=True) if applies[0]]
        asked = {name for rule in self.rules for name in _members(rule)}
        self.owners = sorted(NOBODY.union(*(heeds(case.actors[name]) for name in asked)))
        self.heard = [
            (name, frozenset(gone))
            for name, actor in case.actors.items()
            if name in asked or name in self.owners
            for gone in _subsets(sorted(heeds(actor)))
        ]

    def hear(self, worlds: Given) -> tuple[Hearing, Floats]:
        """Everybody's answers, and (world, heard) float: what each has to spare, minus infinity beyond `never`."""
        drawn = Worlds(self.case, worlds)
        bench = Bench.draw(drawn)
        situation = bench.situation(self.reading, start(drawn))
        stances = {stance.name: stance for stance in bench.stances}
        margins = np.empty((worlds.count, len(self.heard)))
        for at, (name, gone) in enumerate(self.heard):
            accepted = {owner: np.array([[owner in gone]]) for owner in heeds(self.case.actors[name])}
            answer = stances[name].answer(self.reading, situation, accepted)
            margins[:, at] = np.where(answer.never, -np.inf, answer.surplus)[:, 0]
        return hear(self.case, bench.stances, self.reading, situation), margins

    def spare(self, worlds: Given) -> dict[str, float]:
        """Actor to what it has to spare in the first world, minus infinity beyond `never`."""
        answers = self.hear(worlds)[0].answers
        return {name: -np.inf if one.never[0, 0] else float(one.surplus[0, 0]) for name, one in answers.items()}

    def cover(self, rule: ConsentRule) -> float:
        """What the pledges that a rule asks have to cover."""
        assert rule.pledges is not None  # only such rules are asked about
        return float(self.reading.cover[rule.pledges.cover][0])

    def blocked(self, worlds: Given) -> Bools:
        """(world, blocker) bool, who blocks the package; it is agreed where nobody does."""
        return self._blocked(self.hear(worlds)[0], worlds.count)

    def signs(self, numbers: Sequence[Movable], which: Which, values: Floats) -> tuple[Bools, Floats]:
        """All that the answer depends on, with one number moved in each world.

        Parameters
        ----------
        as of `moved`

        Returns
        -------
        (world, blocker + heard) bool, who blocks and who has anything to spare; (world, heard) float, how much
        """
        hearing, margins = self.hear(moved(numbers, which, values))
        return np.hstack([self._blocked(hearing, len(which)), margins >= 0]), margins

    def names(self, blocked: Bools) -> list[str]:
        """The names of those who block in one world, (blocker,) bool."""
        return [self.blockers[at] for at in np.flatnonzero(blocked)]

    def _blocked(self, hearing: Hearing, count: int) -> Bools:
        consent, columns = hearing.consent, []
        for name in self.case.actors:
            columns.append(consent.blockers[name][:, 0])
        for rule in self.case.consent:
            missing = consent.unmet.get(rule.rule, np.zeros((1, 1), dtype=bool))
            members = consent.withheld.get(rule.rule, {})
            columns.append((missing & ~reduce(np.logical_or, members.values(), np.zeros((1, 1), dtype=bool)))[:, 0])
        return np.stack([np.broadcast_to(column, count) for column in columns], axis=1)


def set_to(numbers: Mapping[str, Movable], changed: Sequence[Mapping[str, float]]) -> Given:
    """Worlds in each of which some numbers have the values that are named, and all others their present ones."""
    paths = dict.fromkeys(chain.from_iterable(changed))
    columns = {path: np.array([one.get(path, numbers[path].present) for one in changed]) for path in paths}
    return Given(columns, len(changed))


def ends_of_talks(scenario: Scenario, worlds: Given) -> list[dict[str, Any]]:
    """How the talks end in each world: outcome and months, as plain data."""
    run = play(scenario, uniforms=worlds)
    ends = zip(run.outcome.tolist(), run.ended.tolist(), strict=True)
    return [{"outcome": Outcome(outcome).word, "months": months} for outcome, months in ends]


def agreed_talks(scenario: Scenario, numbers: Sequence[Movable], which: Which, values: Floats) -> Bools:
    """(world, 1) bool, whether the talks end in agreement, with one number moved in each world."""
    return np.asarray(play(scenario, uniforms=moved(numbers, which, values)).outcome == Outcome.AGREED)[:, None]


def _members(rule: ConsentRule) -> tuple[str, ...]:
    quorum = rule.quorum.of if rule.quorum else ()
    return (*rule.needs, *rule.veto, *quorum, *(rule.pledges.from_ if rule.pledges else ()))


def _subsets(names: Sequence[str]) -> list[tuple[str, ...]]:
    return [some for size in range(len(names) + 1) for some in combinations(names, size)]
