"""One package, judged in worlds in which some numbers of the case were moved, take it or leave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import chain, combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.analysis.counterfactuals.parameters import Parameter
from sim.case.models import Case, ConsentRule
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import Texts
from sim.engine.responses import Responses, collect_responses
from sim.engine.rule_matrix import NOBODY, Bools, CompiledRules, Floats, heeded_actors
from sim.engine.verdict_rules import Assessment
from sim.engine.worlds import GivenValues, Worlds
from sim.negotiation.context import start

Which = NDArray[np.intp]
"""(world,) int, which of some numbers was moved in each world."""
Answer: TypeAlias = tuple[str, str | None, frozenset[str]]
"""An actor; the resource that it decides whether to send, or None for its verdict; and the actors who accept, of those
to whom its rules listen."""


def moved(numbers: Sequence[Parameter], which: Which, values: Floats) -> GivenValues:
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
    return GivenValues(columns, len(which))


class Probe:
    """Everybody who has a say on a package, in any worlds.

    Parameters
    ----------
    text : (issue,) uint8, the package

    Attributes
    ----------
    blockers : the actors and the consent rules of the case, in that order: who may block
    rules : the consent rules that apply
    listened : the actors to whom the rules of others listen
    heard : the answers that may count, one for each set of accepting actors, as the rules of who listens to them say
        something else for each; a decision to send has an entry only where rules tell it from the verdict
    """

    def __init__(self, case: Case, text: Texts) -> None:
        self.case, self.matrix = case, CompiledRules(case).read(text[None])
        self.blockers = [*case.actors, *(rule.rule for rule in case.consent)]
        self.rules = [rule for rule, applies in zip(case.consent, self.matrix.consent, strict=True) if applies[0]]
        asked = {name for rule in self.rules for name in _members(rule)}
        self.listened = sorted(NOBODY.union(*(heeded_actors(case.actors[name]) for name in asked)))
        self.heard: list[Answer] = [
            (name, resource, frozenset(accepting))
            for name, actor in case.actors.items()
            if name in asked or name in self.listened
            for accepting in _subsets(sorted(heeded_actors(actor)))
            for resource in (None, *self.decides(name))
        ]

    def decides(self, name: str) -> list[str]:
        """The resources of which an actor is asked for a pledge that it may withhold from a text that it accepts."""
        asked = {rule.pledges.of for rule in self.rules if rule.pledges and name in rule.pledges.from_}
        capacities = self.case.actors[name].capacities
        return [resource for resource in capacities if resource in asked and capacities[resource].when_sent]

    def collect_responses(self, worlds: GivenValues) -> tuple[Responses, Floats]:
        """Everybody's answers, and (world, heard) float: what each has to spare, minus infinity beyond `never`.

        What an actor has to spare for sending is its surplus plus the points of what counts only if it sends.
        """
        drawn = Worlds(self.case, worlds)
        drawn_parameters = DrawnParameters.draw(drawn)
        situation = drawn_parameters.situation(self.matrix, start(drawn))
        actor_parameters = {parameters.name: parameters for parameters in drawn_parameters.actor_parameters}
        margins = np.empty((worlds.count, len(self.heard)))
        judged: dict[tuple[str, frozenset[str]], Assessment] = {}
        for at, (name, resource, accepting) in enumerate(self.heard):
            if (name, accepting) not in judged:
                judged[name, accepting] = actor_parameters[name].assess(self.matrix, accepting, situation)
            margins[:, at] = judged[name, accepting].margin(resource)[:, 0]
        return collect_responses(self.case, drawn_parameters.actor_parameters, self.matrix, situation), margins

    def spare(self, worlds: GivenValues) -> dict[tuple[str, str | None], float]:
        """What everybody has to spare in the first world: for its verdict by (actor, None), for sending by resource."""
        answers = self.collect_responses(worlds)[0].answers
        found = {}
        for name, answer in answers.items():
            for resource in (None, *self.decides(name)):
                found[name, resource] = float(np.minimum(answer.margin(), answer.margin(resource))[0, 0])
        return found

    def cover(self, rule: ConsentRule) -> float:
        """What the pledges that a rule asks have to cover."""
        assert rule.pledges is not None  # only such rules are asked about
        return float(self.matrix.cover[rule.pledges.cover][0])

    def blocked(self, worlds: GivenValues) -> Bools:
        """(world, blocker) bool, who blocks the package; it is agreed where nobody does."""
        return self._blocked(self.collect_responses(worlds)[0], worlds.count)

    def signs(self, numbers: Sequence[Parameter], which: Which, values: Floats) -> tuple[Bools, Floats]:
        """All that the answer depends on, with one number moved in each world.

        Parameters
        ----------
        as of `moved`

        Returns
        -------
        (world, blocker + heard) bool, who blocks and who has anything to spare; (world, heard) float, how much
        """
        responses, margins = self.collect_responses(moved(numbers, which, values))
        return np.hstack([self._blocked(responses, len(which)), margins >= 0]), margins

    def names(self, blocked: Bools) -> list[str]:
        """The names of those who block in one world, (blocker,) bool."""
        return [self.blockers[at] for at in np.flatnonzero(blocked)]

    def _blocked(self, responses: Responses, count: int) -> Bools:
        consent, columns = responses.consent, []
        for name in self.case.actors:
            columns.append(consent.blockers[name][:, 0])
        for rule in self.case.consent:
            missing = consent.unmet.get(rule.rule, np.zeros((1, 1), dtype=bool))
            members = consent.withheld.get(rule.rule, {})
            columns.append((missing & ~reduce(np.logical_or, members.values(), np.zeros((1, 1), dtype=bool)))[:, 0])
        return np.stack([np.broadcast_to(column, count) for column in columns], axis=1)


def set_to(numbers: Mapping[str, Parameter], changed: Sequence[Mapping[str, float]]) -> GivenValues:
    """Worlds in each of which some numbers have the values that are named, and all others their present ones."""
    paths = dict.fromkeys(chain.from_iterable(changed))
    columns = {path: np.array([one.get(path, numbers[path].present) for one in changed]) for path in paths}
    return GivenValues(columns, len(changed))


def _members(rule: ConsentRule) -> tuple[str, ...]:
    quorum = rule.quorum.of if rule.quorum else ()
    return (*rule.needs, *rule.veto, *quorum, *(rule.pledges.from_ if rule.pledges else ()))


def _subsets(names: Sequence[str]) -> list[tuple[str, ...]]:
    return [some for size in range(len(names) + 1) for some in combinations(names, size)]
