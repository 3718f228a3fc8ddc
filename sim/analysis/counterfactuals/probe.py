"""One package, judged as a take-it-or-leave-it proposal in worlds in which some numbers of the case are moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain, combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.analysis.counterfactuals.parameters import Parameter
from sim.case.consent_rules.demands import Pledges
from sim.case.models import Case
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import Texts
from sim.engine.responses import Responses, collect_responses
from sim.engine.rule_matrix import NOBODY, Bools, CompiledRules, Floats, heeded_actors
from sim.engine.verdict_rules import Assessment
from sim.engine.worlds import GivenValues, Worlds
from sim.negotiation.context import start

WhichMoved = NDArray[np.intp]
"""(world,) int, the index of the number that is moved in each world."""
DecisionKey: TypeAlias = tuple[str, str | None, frozenset[str]]
"""An actor; the resource that it decides whether to send, or None for its verdict; and which of the actors to whom its
rules listen accept."""


def with_one_moved(numbers: Sequence[Parameter], which: WhichMoved, values: Floats) -> GivenValues:
    """Return worlds in each of which one number has another value than at present.

    Parameters
    ----------
    which : (world,) int, the index of that number in `numbers`
    values : (world,) float
    """
    columns = {}
    for index in np.unique(which):
        column = np.full(len(which), numbers[index].present)
        column[which == index] = values[which == index]
        columns[numbers[index].path] = column
    return GivenValues(columns, len(which))


def with_values(numbers: Mapping[str, Parameter], changes: Sequence[Mapping[str, float]]) -> GivenValues:
    """Return one world per change, in which the named numbers have these values and all others their present ones."""
    paths = dict.fromkeys(chain.from_iterable(changes))
    columns = {path: np.array([change.get(path, numbers[path].present) for change in changes]) for path in paths}
    return GivenValues(columns, len(changes))


def subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield all subsets by size; within a size, those of the first names come first."""
    for size in range(len(names) + 1):
        yield from combinations(names, size)


class Probe:
    """The answers to one package of everybody who has a say, in any worlds.

    A margin is what an actor has to spare, in points: its surplus, or, for sending a resource, its surplus plus the
    points that count only if it sends. It is minus infinity where the package crosses a red line without a price.

    Parameters
    ----------
    text : (issue,) uint8, the package

    Attributes
    ----------
    blockers : the actors and then the consent rules of the case, each of which may block
    rules : the consent rules that apply to the package
    heeded : the actors to whom the rules of others listen
    decisions : the decisions that may count, one for each set of accepting actors that the decider's rules listen to; a
        decision to send has an entry only where rules tell it from the verdict
    """

    def __init__(self, case: Case, text: Texts) -> None:
        self.case, self.matrix = case, CompiledRules(case).read(text[None])
        self.blockers = [*case.actors, *(rule.rule for rule in case.consent)]
        self.rules = [rule for rule, applies in zip(case.consent, self.matrix.consent, strict=True) if applies[0]]
        asked = {name for rule in self.rules for name in rule.members}
        self.heeded = sorted(NOBODY.union(*(heeded_actors(case.actors[name]) for name in asked)))
        self.decisions: list[DecisionKey] = [
            (name, resource, frozenset(accepting))
            for name, actor in case.actors.items()
            if name in asked or name in self.heeded
            for accepting in subsets(sorted(heeded_actors(actor)))
            for resource in (None, *self.decides(name))
        ]

    def decides(self, name: str) -> list[str]:
        """Return the resources that an actor is asked to pledge, and may withhold from a text that it accepts."""
        asked = {pledges.of for rule in self.rules for pledges in rule.pledges_asked if name in pledges.from_}
        capacities = self.case.actors[name].capacities
        return [resource for resource in capacities if resource in asked and capacities[resource].when_sent]

    def evaluate(self, worlds: GivenValues) -> tuple[Responses, Floats]:
        """Return everybody's answers, and the margin of each decision, (world, decision) float."""
        drawn = Worlds(self.case, worlds)
        drawn_parameters = DrawnParameters.draw(drawn)
        situation = drawn_parameters.situation(self.matrix, start(drawn))
        actor_parameters = {parameters.name: parameters for parameters in drawn_parameters.actor_parameters}
        margins = np.empty((worlds.count, len(self.decisions)))
        assessments: dict[tuple[str, frozenset[str]], Assessment] = {}
        for column, (name, resource, accepting) in enumerate(self.decisions):
            if (name, accepting) not in assessments:
                assessments[name, accepting] = actor_parameters[name].assess(self.matrix, accepting, situation)
            margins[:, column] = assessments[name, accepting].margin(resource)[:, 0]
        return collect_responses(self.case, drawn_parameters.actor_parameters, self.matrix, situation), margins

    def margins(self, worlds: GivenValues) -> dict[tuple[str, str | None], float]:
        """Return everybody's margins in the first world: by (actor, None) for its verdict, by resource for sending."""
        answers = self.evaluate(worlds)[0].answers
        return {
            (name, resource): float(np.minimum(answer.margin(), answer.margin(resource))[0, 0])
            for name, answer in answers.items()
            for resource in (None, *self.decides(name))
        }

    def cover(self, pledges: Pledges) -> float:
        """Return the amount that pledges have to cover."""
        return float(self.matrix.cover[pledges.cover][0])

    def blocked(self, worlds: GivenValues) -> Bools:
        """Return (world, blocker) bool, who blocks the package. It is agreed where nobody does."""
        return self._blocked(self.evaluate(worlds)[0], worlds.count)

    def signs(self, numbers: Sequence[Parameter], which: WhichMoved, values: Floats) -> tuple[Bools, Floats]:
        """Return everything on which the answer depends, with one number moved in each world.

        Parameters
        ----------
        numbers, which, values : as for `with_one_moved`

        Returns
        -------
        (world, blocker + decision) bool, who blocks and which margins are 0 or more; (world, decision) float, the
        margins
        """
        responses, margins = self.evaluate(with_one_moved(numbers, which, values))
        return np.hstack([self._blocked(responses, len(which)), margins >= 0]), margins

    def names(self, blocked: Bools) -> list[str]:
        """Return the names of those who block in one world, given (blocker,) bool."""
        return [self.blockers[index] for index in np.flatnonzero(blocked)]

    def _blocked(self, responses: Responses, count: int) -> Bools:
        consent, nobody = responses.consent, np.zeros((1, 1), dtype=bool)
        columns = [consent.blockers[name] for name in self.case.actors]
        for rule in self.case.consent:
            withheld = reduce(np.logical_or, consent.withheld.get(rule.rule, {}).values(), nobody)
            columns.append(consent.unmet.get(rule.rule, nobody) & ~withheld)
        return np.stack([np.broadcast_to(column[:, 0], count) for column in columns], axis=1)
