"""What the rules of a case say of some texts: the part of a judgement that is the same in every world.

Whether a rule holds depends on the text alone, save for what it asks of others: a contributor, who answers last, knows
who has just accepted the text (`accepted_by`), and does not heed a declared red line whose owner has (model, 3).
So the rules of a contributor are read once for nobody accepting, and once more for every set of those it listens to.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.case.conditions import Condition, KnownAnswers, Test, actors_asked_about, compile_condition
from sim.case.models import Actor, Case
from sim.engine.outcome_space import Scope, Texts, scope

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Section: TypeAlias = tuple[str, str, frozenset[str]]
"""A block of rules: its kind, whose it is, and the actors who accept, of those whom these rules listen to."""
NOBODY: frozenset[str] = frozenset()
LINES, PREFERENCES, SENDING = "red_lines", "preferences", "sending"
MEASURES, CONSENT = "measures", "consent"


class RuleSums(Protocol):
    """What an actor needs to judge texts: sums over its rules that hold, and what it is asked for."""

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Sum the points, (world or 1, rule), of the rules of a block that hold; (world or 1, text) float."""

    def counts_on(self, actor: str, resource: str) -> Bools:
        """Return (world or 1, text) bool, whether any consent rule counts on this actor to send the resource."""


class RuleSource(RuleSums, Protocol):
    """What the rules say of texts, as far as a judgement goes: a `RuleMatrix`, or texts of each world's own."""

    @property
    def shape(self) -> tuple[int, int]:
        """How many worlds the texts are told apart by (1 if every world meets the same), and how many texts."""

    def applies(self) -> Sequence[Bools]:
        """Which consent rules apply; for each (world or 1, text) bool."""

    def asked(self, issue: str) -> Floats:
        """Return (world or 1, text) float, the number of the text's option on a numeric issue."""

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        """Return the sets of accepting actors for which this actor's rules were read."""


@dataclass(frozen=True)
class RuleMatrix:
    """What all rules say of some texts.

    Parameters
    ----------
    texts : (text, issue) uint8
    matrix : (rule, text) uint8, 1 where a rule holds, all blocks below each other
    sections : where each block of rules stands in `matrix`
    declared : actor to (text,) bool, whether a declared red line of it is crossed
    cover : issue to (text,) float, the number of the text's option on each numeric issue
    asking : actor and resource to the places of the consent rules that count on it
    paired : bool, whether text i belongs to world i alone; otherwise every world meets every text
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
        """(world or 1, text), see `RuleSource`."""
        return (len(self.texts), 1) if self.paired else (1, len(self.texts))

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Sum the points, (world or 1, rule), of the rules of a block that hold: see `total`."""
        rules = self.holds[self.sections[kind, owner, accepting]]
        held = rules.any(axis=1)  # in few texts do all rules of a case have a say
        if not held.any():
            return np.zeros(self.shape)
        return total(points[:, held], rules[held].astype(np.float64), self.paired)

    def applies(self) -> Sequence[Bools]:
        """Which consent rules apply; for each (world or 1, text) bool."""
        return [row.reshape(self.shape) for row in self.consent]

    def asked(self, issue: str) -> Floats:
        """Return (world or 1, text) float, the number of the text's option on a numeric issue."""
        return self.cover[issue].reshape(self.shape)

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        """Return the sets of accepting actors for which this actor's rules were read."""
        return accepting_sets(self.sections, actor)

    def counts_on(self, actor: str, resource: str) -> Bools:
        """Return (world or 1, text) bool, whether any consent rule counts on this actor to send the resource."""
        return self.consent[self.asking.get((actor, resource), [])].any(axis=0).reshape(self.shape)

    def each(self, index: NDArray[np.intp]) -> RuleMatrix:
        """Return the reading in which world i meets text ``index[i]`` alone."""
        return RuleMatrix(
            texts=self.texts[index],
            holds=self.holds[:, index],
            sections=self.sections,
            declared={name: crossed[index] for name, crossed in self.declared.items()},
            cover={name: numbers[index] for name, numbers in self.cover.items()},
            asking=self.asking,
            paired=True,
        )


class CompiledRules:
    """Reads texts by the rules of one case; the rules are compiled once.

    Parameters
    ----------
    case : the case

    Attributes
    ----------
    sections : where each block of rules stands among all
    scopes : for each rule, on which issues it depends
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.asking = asking(case)
        self._tests: list[tuple[Test, frozenset[str], int]] = []  # its condition, who accepts, who asks for it first
        self._asked: dict[str, int] = {}
        self.scopes: list[Scope] = []
        self.sections: dict[Section, slice] = {}
        for name, actor in case.actors.items():
            self._add((LINES, name, NOBODY), [line.when for line in actor.red_lines])
        self._crossings = len(self._tests)
        for name, measure in case.measures.items():
            self._add((MEASURES, name, NOBODY), [rule.when for rule in measure.rules])
        self._add((CONSENT, "", NOBODY), [rule.when for rule in case.consent])
        for name, actor in case.actors.items():
            for accepting in _subsets(heeded_actors(actor)):
                self._add((PREFERENCES, name, accepting), [rule.when for rule in actor.preferences])
                for resource, capacity in actor.capacities.items():
                    self._add((SENDING, f"{name}.{resource}", accepting), [rule.when for rule in capacity.when_sent])

    def read(self, texts: Texts) -> RuleMatrix:
        """Read all rules for some texts, (text, issue) uint8."""
        holds = np.empty((len(self._tests), len(texts)), dtype=np.uint8)
        self._hold(holds, texts, range(self._crossings), {NOBODY: KnownAnswers()})
        declared = self._declared(holds)
        heard = {
            accepting: KnownAnswers({name: one for name, one in declared.items() if name not in accepting}, accepting)
            for accepting in self._gone
        }
        self._hold(holds, texts, range(self._crossings, len(holds)), heard)
        cover = {
            name: np.array(issue.options, dtype=np.float64)[texts[:, at]]
            for at, (name, issue) in enumerate(self.case.issues.items())
            if issue.numeric
        }
        return RuleMatrix(texts, holds, self.sections, declared, cover, self.asking)

    def _hold(
        self,
        holds: NDArray[np.uint8],
        texts: Texts,
        rules: range,
        heard: Mapping[frozenset[str], KnownAnswers],
    ) -> None:
        """Fill in some rules, whose tests are given what others have said."""
        for at in rules:
            test, accepting, first = self._tests[at]
            holds[at] = holds[first] if first < at else test(texts, heard[accepting])

    def _declared(self, holds: NDArray[np.uint8]) -> dict[str, Bools]:
        crossed = {}
        for name, actor in self.case.actors.items():
            declared = np.array([line.declared for line in actor.red_lines], dtype=bool)
            crossed[name] = holds[self.sections[LINES, name, NOBODY]][declared].any(axis=0)
        return crossed

    def _add(self, section: Section, conditions: Iterable[Condition]) -> None:
        first = len(self._tests)
        for at, condition in enumerate(conditions, first):
            words = repr(condition)
            same = self._asked.get(words, at)
            if same < at:
                test, scoped = self._tests[same][0], self.scopes[same]
            else:
                test, scoped = compile_condition(condition, self.case.issues), scope(self.case, condition)
                if not actors_asked_about(condition):  # what it says depends on who accepts
                    self._asked[words] = at
            self._tests.append((test, section[2], same))
            self.scopes.append(scoped)
        self.sections[section] = slice(first, len(self._tests))

    @property
    def _gone(self) -> set[frozenset[str]]:
        return {accepting for _, accepting, _ in self._tests}


def heeded_actors(actor: Actor) -> frozenset[str]:
    """The actors whose answer changes what this actor's rules say: none for one who reacts first."""
    if actor.reacts_first:
        return NOBODY
    return NOBODY.union(*(actors_asked_about(rule.when) for rule in actor.heeding_rules))


def asking(case: Case) -> dict[tuple[str, str], list[int]]:
    """Actor and resource to the places of the consent rules that count on the actor to send it."""
    found: dict[tuple[str, str], list[int]] = {}
    for at, rule in enumerate(case.consent):
        for name in rule.pledges.from_ if rule.pledges else ():
            assert rule.pledges is not None
            found.setdefault((name, rule.pledges.of), []).append(at)
    return found


def accepting_sets(sections: Iterable[Section], actor: str) -> list[frozenset[str]]:
    """The sets of accepting actors for which an actor's rules were read, nobody first."""
    return [accepting for kind, owner, accepting in sections if kind == PREFERENCES and owner == actor]


def total(points: Floats, rules: Floats, paired: bool) -> Floats:
    """Sum the points of the rules that hold.

    Parameters
    ----------
    points : (world or 1, rule) float
    rules : (rule, text) float, 1 where the rule holds; at least one rule
    paired : bool, whether text i belongs to world i alone

    Returns
    -------
    (world, 1) float if paired, else (world or 1, text) float
    """
    if paired:
        return np.asarray(np.einsum("wr,rw->w", np.broadcast_to(points, rules.T.shape), rules))[:, None]
    return np.asarray((rules.T @ points.T).T)  # in memory, the worlds of a text lie side by side


def _subsets(names: frozenset[str]) -> list[frozenset[str]]:
    ordered = sorted(names)
    return [frozenset(some) for size in range(len(ordered) + 1) for some in itertools.combinations(ordered, size)]
