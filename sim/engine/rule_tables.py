"""The rules of a case over its whole outcome space, block by block, without reading every rule on every text.

The issues, in their order, form three parts: the head, the middle and the tail. A block is all combinations of middle
and tail with one combination of the head. Most rules depend on the issues of one or two parts. Such a rule is read once
on all combinations of these parts, so that its points are a table, and the sum over all rules adds up a few tables.
Only the rules that depend on issues of all three parts are read again in each block.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.case.compiled_conditions import all_choices
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import (
    CONSENT,
    NOBODY,
    Bools,
    CompiledRules,
    Floats,
    RuleMatrix,
    Section,
    accepting_sets,
    total,
)

Parts: TypeAlias = tuple[int, ...]
HEAD, MIDDLE, TAIL = range(3)
EVERYTHING: Parts = (HEAD, MIDDLE, TAIL)
TAIL_MOST = 256
"""The most combinations of the tail, if it has more than one issue."""
BLOCK = 65_536
"""The most combinations of middle and tail, sized to fit the processor's cache."""
TABLE_MOST = 2**18
"""The most combinations of two parts for which rules are read once; where there are more, each block reads them."""


class RuleTables:
    """The rules of a case as tables over the parts of its outcome space."""

    def __init__(self, space: OutcomeSpace) -> None:
        self.space, self.compiled_rules = space, CompiledRules(space.case)
        sizes = space.sizes.tolist()
        last = len(sizes) - 1
        tail = next((at for at in range(last) if math.prod(sizes[at:]) <= TAIL_MOST), last)
        middle = next((at for at in range(tail) if math.prod(sizes[at:]) <= BLOCK), tail)
        self.issues = (range(middle), range(middle, tail), range(tail, last + 1))
        self.counts = tuple(math.prod(sizes[at] for at in part) for part in self.issues)
        self.parts = [self._parts(scope) for scope in self.compiled_rules.scopes]
        self._read: dict[Parts, RuleMatrix] = {}
        self._sums: dict[tuple[Section, bytes], dict[Parts, Floats]] = {}

    def blocks(self) -> Iterator[RuleBlock]:
        """Yield all possible texts in the order of the codes; a block may be empty."""
        for head in range(self.counts[HEAD]):
            yield RuleBlock(self, head)

    @cached_property
    def first_texts(self) -> Texts:
        """(text, issue) uint8, the texts of the first block; in memory, the options on an issue are adjacent."""
        _, middle, tail = self.issues
        return np.asfortranarray(all_choices(self.space.case.issues, [*middle, *tail]))

    def sums(self, section: Section, points: Floats) -> Mapping[Parts, Floats]:
        """Return parts to the sums of the points, (1, rule), of the rules that depend on just these parts and hold.

        Each table has an axis for each of its parts.
        """
        key = section, points.tobytes()
        if key not in self._sums:
            self._sums[key] = {}
            for parts in sorted(set(self.parts[self.compiled_rules.sections[section]]) - {EVERYTHING}):
                texts = self._matrix(parts)
                table = self.summed(texts, section, points, parts)
                self._sums[key][parts] = table.reshape([self.counts[part] for part in parts])
        return self._sums[key]

    def summed(self, matrix: RuleMatrix, section: Section, points: Floats, parts: Parts) -> Floats:
        """Return (text,) float, the sum of the points of those rules of a section that depend on just these parts."""
        rules = self.compiled_rules.sections[section]
        chosen = [at for at, own in enumerate(self.parts[rules]) if own == parts]
        sums: Floats = total(points[:, chosen], matrix.holds[rules][chosen].astype(np.float64), paired=False)[0]
        return sums

    def read(self, texts: Texts, parts: Parts) -> RuleMatrix:
        """Read the rules that depend on just these parts."""
        return self.compiled_rules.read(texts, {rule for rule, own in enumerate(self.parts) if own == parts})

    def _matrix(self, parts: Parts) -> RuleMatrix:
        """The rules that depend on just these parts, for all combinations of their issues."""
        if parts not in self._read:
            chosen = [issue for part in parts for issue in self.issues[part]]
            self._read[parts] = self.read(all_choices(self.space.case.issues, chosen), parts)
        return self._read[parts]

    def _parts(self, scope: Sequence[int]) -> Parts:
        """The parts on which a rule depends; all of them if a table would be too large."""
        parts = tuple(part for part in EVERYTHING if any(issue in self.issues[part] for issue in scope))
        return parts if math.prod(self.counts[part] for part in parts) <= TABLE_MOST else EVERYTHING


class RuleBlock:
    """The rules of a case for the possible texts of one block; it is a `RuleSource`.

    Attributes
    ----------
    codes : (text,) int, the code of each text in `OutcomeSpace`
    """

    def __init__(self, tables: RuleTables, head: int) -> None:
        self._tables, self._head = tables, head
        space, (_, *counts) = tables.space, tables.counts
        width = math.prod(counts)
        self._possible: NDArray[np.intp] | None = None
        self.codes = np.arange(head * width, (head + 1) * width)
        if space.case.constraints:
            self._possible = np.flatnonzero(space.possible(self._texts))
            self.codes = self.codes[self._possible]

    @property
    def shape(self) -> tuple[int, int]:
        return 1, len(self.codes)

    @cached_property
    def _texts(self) -> Texts:
        """All texts of the block, possible or not, (text, issue) uint8."""
        texts, head = self._tables.first_texts.copy(order="K"), self._tables.issues[HEAD]
        sizes = self._tables.space.sizes[head.start : head.stop].tolist()
        texts[:, head.start : head.stop] = np.unravel_index(self._head, sizes) if sizes else ()
        return texts

    @cached_property
    def _wide(self) -> RuleMatrix:
        """The rules that depend on all parts, for all texts of the block."""
        return self._tables.read(self._texts, EVERYTHING)

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        tables, section = self._tables, (kind, owner, accepting)
        wide = EVERYTHING in tables.parts[tables.compiled_rules.sections[section]]
        sums = tables.sums(section, points)
        if not sums and not wide:
            return np.zeros((1, 1))
        middle, tail = np.zeros(tables.counts[MIDDLE]), np.zeros(tables.counts[TAIL])
        for parts, table in sums.items():
            here = table[self._head] if HEAD in parts else table
            if MIDDLE in parts and TAIL not in parts:
                middle += here
            elif MIDDLE not in parts:
                tail += here
        result = np.add.outer(middle, tail)
        if (MIDDLE, TAIL) in sums:
            result += sums[MIDDLE, TAIL]
        if wide:
            result += tables.summed(self._wide, section, points, EVERYTHING).reshape(result.shape)
        return self._of_possible(result)

    @cached_property
    def _applies(self) -> Sequence[Bools]:
        rules = np.eye(len(self._tables.space.case.consent))
        return [np.broadcast_to(self.total(rule[None], CONSENT) > 0, self.shape) for rule in rules]

    def applies(self) -> Sequence[Bools]:
        return self._applies

    def asked(self, issue: str) -> Floats:
        case = self._tables.space.case
        numbers = to_points(np.array(case.issues[issue].options, dtype=np.float64))
        return self._of_possible(numbers[self._texts[:, list(case.issues).index(issue)]])

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        return accepting_sets(self._tables.compiled_rules.sections, actor)

    def counts_on(self, actor: str, resource: str) -> Bools:
        asking = self._tables.compiled_rules.asking.get((actor, resource), [])
        return reduce(np.logical_or, (self._applies[rule] for rule in asking), np.zeros((1, 1), dtype=bool))

    def _of_possible(self, values: Floats) -> Floats:
        """Return (1, text) of the possible texts, out of (middle, tail)."""
        row = values.reshape(1, -1)
        return row if self._possible is None else row[:, self._possible]
