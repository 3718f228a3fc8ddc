"""Which rules of a case hold for some texts: the part of an evaluation that is the same in every world.

Whether a rule holds depends only on the text, except for what it asks about other actors: a contributor, who answers
last, knows who has already accepted the text (`accepted_by`), and ignores a declared red line whose owner has (model,
section 3). So the rules of a contributor are read once for each set of accepting actors among those they depend on.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.case.compiled_conditions import KnownAnswers, Test, compile_condition
from sim.case.conditions import Condition, actors_asked_about
from sim.case.models import Actor, Case
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import Scope, Texts, scope
from sim.engine.shared_columns import Indices, distinct_columns

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Section: TypeAlias = tuple[str, str, frozenset[str]]
"""A block of rules: its kind, its owner, and the accepting actors, among those on whom the rules depend."""
NOBODY: frozenset[str] = frozenset()
LINES, PREFERENCES, SENDING = "red_lines", "preferences", "sending"
MEASURES, CONSENT = "measures", "consent"


class RuleSums(Protocol):
    """What an actor needs to judge texts: sums over its rules that hold, and which resources it is asked for."""

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Sum the points, (world or 1, rule), of the rules of a block that hold; (world or 1, text) float."""

    def counts_on(self, actor: str, resource: str) -> Bools:
        """Return (world or 1, text) bool, whether any consent rule counts on this actor to send the resource."""


class RuleSource(RuleSums, Protocol):
    """What an evaluation needs to know about the rules of some texts; a `RuleMatrix` is one."""

    @property
    def shape(self) -> tuple[int, int]:
        """The number of worlds with texts of their own (1 if all worlds share the texts), and the number of texts."""

    def applies(self) -> Sequence[Bools]:
        """Return which consent rules apply; for each rule (world or 1, text) bool."""

    def asked(self, issue: str) -> Floats:
        """Return (world or 1, text) float, the number of the text's option on a numeric issue."""

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        """Return the sets of accepting actors for which this actor's rules were read, the empty set first."""


@dataclass(frozen=True)
class RuleMatrix:
    """Which rules hold for some texts.

    Parameters
    ----------
    texts : (text, issue) uint8
    holds : (rule, text) uint8, 1 where a rule holds; all blocks, one below the other
    sections : block of rules to its rows in `holds`
    declared : actor to (text,) bool, whether the text crosses one of its declared red lines
    cover : issue to (text,) float, the number of the text's option on each numeric issue
    asking : actor and resource to the indices of the consent rules that count on the actor to send it
    paired : bool, whether text i belongs only to world i; otherwise every world has every text
    """

    texts: Texts
    holds: NDArray[np.uint8]
    sections: Mapping[Section, slice]
    declared: Mapping[str, Bools]
    cover: Mapping[str, Floats]
    asking: Mapping[tuple[str, str], list[int]]
    paired: bool = False

    def block(self, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Return (rule, text) float, 1 where a rule holds, for one block of rules."""
        return self.holds[self.sections[kind, owner, accepting]].astype(np.float64)

    @property
    def consent(self) -> Bools:
        """(rule, text) bool, which consent rules apply."""
        return self.holds[self.sections[CONSENT, "", NOBODY]].astype(bool)

    @property
    def shape(self) -> tuple[int, int]:
        return (len(self.texts), 1) if self.paired else (1, len(self.texts))

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        rules = self.holds[self.sections[kind, owner, accepting]]
        held = rules.any(axis=1)  # most texts meet only some of the rules
        if not held.any():
            return np.zeros(self.shape)
        return total(points[:, held], rules[held].astype(np.float64), self.paired)

    def applies(self) -> Sequence[Bools]:
        return [row.reshape(self.shape) for row in self.consent]

    def asked(self, issue: str) -> Floats:
        return self.cover[issue].reshape(self.shape)

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        return accepting_sets(self.sections, actor)

    def counts_on(self, actor: str, resource: str) -> Bools:
        return self.consent[self.asking.get((actor, resource), [])].any(axis=0).reshape(self.shape)

    def each(self, index: NDArray[np.intp]) -> RuleMatrix:
        """Return the matrix in which world i has only the text ``index[i]``."""
        return RuleMatrix(
            texts=self.texts[index],
            holds=self.holds[:, index],
            sections=self.sections,
            declared={name: crossed[index] for name, crossed in self.declared.items()},
            cover={name: numbers[index] for name, numbers in self.cover.items()},
            asking=self.asking,
            paired=True,
        )


@dataclass(frozen=True)
class ListedMatrix:
    """Which rules hold for the texts that each world lists for itself, out of a matrix of all listed texts.

    Parameters
    ----------
    matrix : of all texts; not paired with worlds
    index : (slot, world) int, the texts that each world lists
    patterns : block of rules to its different combinations of rules, (rule, combination) float, and (text,) int, the
        combination of each text; filled when a block is first needed
    """

    matrix: RuleMatrix
    index: Indices
    patterns: dict[Section, tuple[Floats, Indices]]

    @property
    def shape(self) -> tuple[int, int]:
        """(world, slot), see `RuleSource`."""
        slots, worlds = self.index.shape
        return worlds, slots

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Sum the points, (world or 1, rule), of the rules of a block that hold; (world, slot) float."""
        section = kind, owner, accepting
        if section not in self.patterns:
            holds = self.matrix.holds[self.matrix.sections[section]]
            first, combination = distinct_columns(holds)
            self.patterns[section] = holds[:, first].astype(np.float64), combination
        rules, combination = self.patterns[section]
        sums = np.ascontiguousarray(np.broadcast_to(rules.T @ points.T, (rules.shape[1], self.index.shape[1])))
        worlds = np.arange(self.index.shape[1])
        return np.asarray(sums.take(combination.take(self.index) * len(worlds) + worlds).T)

    def applies(self) -> Sequence[Bools]:
        """Return which consent rules apply; for each rule (world, slot) bool."""
        return [row.take(self.index).T for row in self.matrix.consent]

    def asked(self, issue: str) -> Floats:
        """Return (world, slot) float, the number of the text's option on a numeric issue."""
        return self.matrix.cover[issue].take(self.index).T

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        """Return the sets of accepting actors for which this actor's rules were read, the empty set first."""
        return self.matrix.accepting_sets(actor)

    def counts_on(self, actor: str, resource: str) -> Bools:
        """Return (world, slot) bool, whether any consent rule counts on this actor to send the resource."""
        return np.asarray(self.matrix.counts_on(actor, resource)[0].take(self.index).T)


class CompiledRules:
    """The rules of one case, compiled once, by which texts are read.

    Attributes
    ----------
    sections : block of rules to its place among all rules
    scopes : for each rule, the issues on which it depends
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.asking = asking(case)
        # for each rule: its test, the accepting actors, and the index of the first rule with the same condition
        self._tests: list[tuple[Test, frozenset[str], int]] = []
        self._first_index: dict[str, int] = {}
        self.scopes: list[Scope] = []
        self.sections: dict[Section, slice] = {}
        for name, actor in case.actors.items():
            self._add((LINES, name, NOBODY), [line.when for line in actor.red_lines])
        self._crossings = len(self._tests)
        for name, rules in case.measure_rules.items():
            self._add((MEASURES, name, NOBODY), [rule.when for rule in rules])
        self._add((CONSENT, "", NOBODY), [rule.when for rule in case.consent])
        for name, actor in case.actors.items():
            for accepting in _subsets(heeded_actors(actor)):
                self._add((PREFERENCES, name, accepting), [rule.when for rule in case.preferences[name]])
                for resource, rules in case.sending_rules[name].items():
                    self._add((SENDING, f"{name}.{resource}", accepting), [rule.when for rule in rules])

    @property
    def distinct_rules(self) -> list[int]:
        """The rules of different conditions: the first of each."""
        return [rule for rule, (_, _, first) in enumerate(self._tests) if first == rule]

    def read(self, texts: Texts, rules: Collection[int] | None = None) -> RuleMatrix:
        """Test all rules on some texts, (text, issue) uint8; or only some `rules`, with all that share a condition."""
        holds = np.zeros((len(self._tests), len(texts)), dtype=np.uint8)
        self._fill(holds, texts, range(self._crossings), {NOBODY: KnownAnswers()})
        declared = self._declared(holds)
        known = {
            accepting: KnownAnswers({name: row for name, row in declared.items() if name not in accepting}, accepting)
            for accepting in {accepting for _, accepting, _ in self._tests}
        }
        others = range(self._crossings, len(holds))
        self._fill(holds, texts, others if rules is None else sorted({*others}.intersection(rules)), known)
        cover = {
            name: to_points(np.array(issue.options, dtype=np.float64))[texts[:, index]]
            for index, (name, issue) in enumerate(self.case.issues.items())
            if issue.numeric
        }
        return RuleMatrix(texts, holds, self.sections, declared, cover, self.asking)

    def _fill(
        self, holds: NDArray[np.uint8], texts: Texts, rules: Iterable[int], known: Mapping[frozenset[str], KnownAnswers]
    ) -> None:
        """Fill in the rows of some rules, given what is known about other actors' answers."""
        for rule in rules:
            test, accepting, first = self._tests[rule]
            holds[rule] = holds[first] if first < rule else test(texts, known[accepting])

    def _declared(self, holds: NDArray[np.uint8]) -> dict[str, Bools]:
        crossed = {}
        for name, actor in self.case.actors.items():
            declared = np.array([line.declared for line in actor.red_lines], dtype=bool)
            crossed[name] = holds[self.sections[LINES, name, NOBODY]][declared].any(axis=0)
        return crossed

    def _add(self, section: Section, conditions: Iterable[Condition]) -> None:
        start = len(self._tests)
        for index, condition in enumerate(conditions, start):
            key = repr(condition)
            first = self._first_index.get(key, index)
            if first < index:
                test, rule_scope = self._tests[first][0], self.scopes[first]
            else:
                test, rule_scope = compile_condition(condition, self.case.issues), scope(self.case, condition)
                if not actors_asked_about(condition):  # otherwise the result depends on who accepts
                    self._first_index[key] = index
            self._tests.append((test, section[2], first))
            self.scopes.append(rule_scope)
        self.sections[section] = slice(start, len(self._tests))


def heeded_actors(actor: Actor) -> frozenset[str]:
    """Return the actors whose answers decide which of this actor's rules hold; none if it reacts first."""
    if actor.reacts_first:
        return NOBODY
    return NOBODY.union(*(actors_asked_about(rule.when) for rule in actor.heeding_rules))


def asking(case: Case) -> dict[tuple[str, str], list[int]]:
    """Return actor and resource to the indices of the consent rules that count on the actor to send it."""
    result: dict[tuple[str, str], list[int]] = {}
    for index, rule in enumerate(case.consent):
        for name, resource in {(name, pledges.of): None for pledges in rule.pledges_asked for name in pledges.from_}:
            result.setdefault((name, resource), []).append(index)
    return result


def accepting_sets(sections: Iterable[Section], actor: str) -> list[frozenset[str]]:
    """Return the sets of accepting actors for which an actor's rules were read, the empty set first."""
    return [accepting for kind, owner, accepting in sections if kind == PREFERENCES and owner == actor]


def total(points: Floats, rules: Floats, paired: bool) -> Floats:
    """Sum the points of the rules that hold.

    Parameters
    ----------
    points : (world or 1, rule) float
    rules : (rule, text) float, 1 where the rule holds; at least one rule
    paired : bool, whether text i belongs only to world i

    Returns
    -------
    (world, 1) float if paired, else (world or 1, text) float
    """
    if paired:
        return np.asarray(np.einsum("wr,rw->w", np.broadcast_to(points, rules.T.shape), rules))[:, None]
    return np.asarray((rules.T @ points.T).T)  # in memory, the worlds of a text are adjacent


def _subsets(names: frozenset[str]) -> list[frozenset[str]]:
    ordered = sorted(names)
    return [frozenset(subset) for size in range(len(ordered) + 1) for subset in itertools.combinations(ordered, size)]
