"""In how many different ways everybody answers the choices on one part of the issues."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes.counting.agreement_formula import Fact
from sim.analysis.outcomes.counting.independent_parts import Part, heeded_first
from sim.analysis.outcomes.enumeration import BLOCK, CENTRAL
from sim.case.models import Case
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.fixed_point import to_grains
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.responses import all_answers, first_answers
from sim.engine.rule_matrix import CompiledRules
from sim.engine.shared_columns import distinct_columns
from sim.engine.worlds import Worlds
from sim.negotiation.context import start

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Patterns:
    """The different answers to the possible choices on one part of the issues.

    Parameters
    ----------
    part : the issues
    facts : fact to (pattern,) int
    counts : (pattern,) int, how many possible choices have these answers
    """

    part: Part
    facts: Mapping[Fact, Integers]
    counts: Integers

    @property
    def packages(self) -> int:
        """How many choices are possible."""
        return int(self.counts.sum())

    def accepted_by_all(self, actors: Collection[str]) -> int:
        """Return how many choices those of some actors accept who belong to this part."""
        accepted = np.ones(len(self.counts), dtype=bool)
        for name in self.part.actors:
            if name in actors:
                accepted &= self.facts[Fact("accepts", name)] > 0
        return int(self.counts[accepted].sum())

    def if_it(self, accepts: bool, name: str) -> Mapping[Fact, Integers]:
        """Return the facts if an actor accepted everything, or nothing, and all others answered as they do.

        An actor that accepts sends no more than it sends now, because a pledge is not a veto.
        """
        changed = {Fact("accepts", name): np.full(len(self.counts), accepts, dtype=np.int64)}
        if not accepts:
            sent = [fact for fact in self.facts if (fact.kind, fact.name) == ("sends", name)]
            changed |= {fact: np.zeros(len(self.counts), dtype=np.int64) for fact in sent}
        return {**self.facts, **changed}


class PatternReader:
    """Judges the choices on one part of the issues at central values, all other issues at their defaults."""

    def __init__(self, case: Case) -> None:
        self.case, self.space, self.compiled_rules = case, OutcomeSpace(case), CompiledRules(case)
        worlds = Worlds(case, CENTRAL)
        self.drawn_parameters, self._context = DrawnParameters.draw(worlds), start(worlds)
        self._rules = [rule.rule for rule in case.consent]

    def read(self, part: Part, asked: Collection[Fact], judged: Callable[[int], None] | None = None) -> Patterns:
        """Find the patterns of a part: who accepts, and whatever else of its facts is `asked` for.

        `judged` is called with how many possible choices have been judged.
        """
        facts = [Fact("accepts", name) for name in part.actors]
        facts += [fact for fact in asked if fact.kind != "accepts" and self._belongs(fact, part)]
        rows, counts = np.empty((len(facts), 0), dtype=np.uint8), np.empty(0, dtype=np.int64)
        for block in self._blocks(part, facts):
            first, pattern = distinct_columns(block)
            rows = np.concatenate([rows, block[:, first]], axis=1)
            counts = np.concatenate([counts, np.bincount(pattern)])
            first, pattern = distinct_columns(rows)
            rows, added = rows[:, first], np.zeros(len(first), dtype=np.int64)
            np.add.at(added, pattern, counts)
            counts = added
            if judged is not None:
                judged(int(counts.sum()))
        return Patterns(part, {fact: self._value(fact, row) for fact, row in zip(facts, rows, strict=True)}, counts)

    def _belongs(self, fact: Fact, part: Part) -> bool:
        if fact.kind == "asked":
            return fact.name in part.issues
        return fact.name in (part.rules if fact.kind == "applies" else part.actors)

    def _blocks(self, part: Part, facts: Sequence[Fact]) -> Iterator[NDArray[np.uint8]]:
        """Yield the facts, (fact, choice), of some possible choices at a time; a number is the index of its option."""
        issues, needed = (
            set(part.issues.values()),
            {*part.actors}.union(*(heeded_first(self.case, one) for one in part.actors)),
        )
        respondents = [actor for actor in self.drawn_parameters.actor_parameters if actor.name in needed]
        scopes = enumerate(self.compiled_rules.scopes)
        rules = {rule for rule, scope in scopes if not scope or not issues.isdisjoint(scope)}
        for codes, texts in self.space.blocks(BLOCK, self.space.encode(self.case.default), issues):
            if not len(codes):
                continue
            matrix = self.compiled_rules.read(texts, rules)
            situation = self.drawn_parameters.situation(matrix, self._context)
            reactions = first_answers(respondents, matrix, situation)
            answers, applies = all_answers(respondents, matrix, situation, reactions), matrix.applies()
            block = np.empty((len(facts), len(texts)), dtype=np.uint8)
            for row, fact in zip(block, facts, strict=True):
                if fact.kind == "asked":
                    row[:] = texts[:, part.issues[fact.name]]
                elif fact.kind == "applies":
                    row[:] = applies[self._rules.index(fact.name)][0]
                else:
                    answer = answers[fact.name]
                    row[:] = (answer.accepts if fact.kind == "accepts" else answer.sends(fact.resource))[0]
            yield block

    def _value(self, fact: Fact, row: NDArray[np.uint8]) -> Integers:
        if fact.kind != "asked":
            return row.astype(np.int64)
        return to_grains(np.array(self.case.issues[fact.name].options, dtype=np.float64)).astype(np.int64)[row]
