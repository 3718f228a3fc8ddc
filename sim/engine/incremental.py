"""Reads all changes to the text on each world's table, where every world has a different text.

Reading whole texts would be wasteful here: no text occurs twice, and a change of one issue leaves most rules as they
were. So rules are grouped by the issues on which they depend, their scope. In each world, the sum of the rules of a
scope is computed once for every combination of options on its issues. A changed text has the sum of the text on the
table, plus the differences in the scopes that the change affects. So the cost of a change depends on the scopes it
affects, not on all issues. Since sums are rounded to exact decimals where they are used (`sim.engine.fixed_point`), the
result is the same as that of reading the whole text, to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.case.compiled_conditions import all_choices
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import OutcomeSpace, Scope, Texts
from sim.engine.rule_matrix import CONSENT, NOBODY, Bools, CompiledRules, Floats, Section, accepting_sets
from sim.engine.shared_columns import Indices

COVER = "cover"
"""The kind of the blocks that hold the numbers of an issue, beside the blocks of rules."""
UNTOUCHED = -1
"""Marks a change that leaves a scope as it is."""
COLUMNS_AT_ONCE = 64
"""The most choices to sum in one matrix product; with more, most products would be with zeros."""


@dataclass(frozen=True)
class ChangeStep:
    """The kinds of changes to the issues of a scope; all changes of one kind have the same effect there.

    Parameters
    ----------
    issues : (issue of the scope,) int
    radix : (issue of the scope,) int, the factors that turn options into the index of a choice
    changes : (kind,) int, one change of each kind
    each : (change,) int, the kind of each change, or `UNTOUCHED`
    """

    issues: Indices
    radix: Indices
    changes: Indices
    each: Indices

    def choices(self, changed_texts: Texts) -> Indices:
        """Return (kind, world) int, the choice on the issues that each kind of change leads to."""
        result = np.zeros((len(self.changes), changed_texts.shape[2]), dtype=np.intp)
        for issue, radix in zip(self.issues, self.radix, strict=True):
            result += changed_texts[issue, self.changes] * radix
        return result


@dataclass(frozen=True)
class SumLayout:
    """How the sums of one block of rules are computed.

    Parameters
    ----------
    products : (rules, (choice, rule) float) of each matrix product: the rules, and how much each counts in each choice
    scopes : (scope,) int, the scopes of the block's rules
    first : (scope,) int, the index of each scope's first choice among the choices of the block
    rows : (row,) int, the kinds of change on these scopes, as indices among the kinds on all scopes
    places : (row,) int, the block's scope that each row belongs to
    touched : (change, touch) int, the rows of each change, filled up with an index past the last row
    """

    products: tuple[tuple[Indices, Floats], ...]
    scopes: Indices
    first: Indices
    rows: Indices
    places: Indices
    touched: Indices


class TextChanges:
    """All changes to a text and the scopes that they affect, which are the same for every text and world.

    At most `terms` of the `negotiable` issues change at once. `count` is the number of changes, and `layouts` maps each
    block of rules to the layout of its sums.
    """

    def __init__(
        self, space: OutcomeSpace, compiled_rules: CompiledRules, negotiable: Sequence[str], terms: int
    ) -> None:
        self._space, self._compiled_rules = space, compiled_rules
        self._reach = space.reach(negotiable, terms)
        self.count = len(self._reach)
        numeric = {name: (index,) for index, (name, issue) in enumerate(space.case.issues.items()) if issue.numeric}
        scopes = sorted({*compiled_rules.scopes, *numeric.values()})
        self.steps = [self._step(scope) for scope in scopes]
        self._place = {scope: place for place, scope in enumerate(scopes)}
        self._start = np.cumsum([0, *(len(step.changes) for step in self.steps)])
        self.layouts: dict[Section, SumLayout] = {}
        rules = list(zip(compiled_rules.scopes, self._truth(), strict=True))
        for section, block in compiled_rules.sections.items():
            self.layouts[section] = self._layout(rules[block])
        for index, rule in enumerate(rules[compiled_rules.sections[CONSENT, "", NOBODY]]):
            self.layouts[CONSENT, str(index), NOBODY] = self._layout([rule])
        for name, scope in numeric.items():
            options = np.array(space.case.issues[name].options, dtype=np.float64)
            self.layouts[COVER, name, NOBODY] = self._layout([(scope, options)])

    def _step(self, scope: Scope) -> ChangeStep:
        """Find the kinds of change on a scope: changes with the same choices there and no repairs are of one kind."""
        kinds: dict[object, int] = {}
        first, each = [], np.full(self.count, UNTOUCHED)
        for change, reach in enumerate(self._reach):
            if not reach.issues.isdisjoint(scope):
                choices = tuple((issue, reach.choice[issue]) for issue in scope if issue in reach.choice)
                kind = change if reach.repaired else choices
                if kind not in kinds:
                    first.append(change)
                each[change] = kinds.setdefault(kind, len(kinds))
        sizes = self._space.sizes[list(scope)]
        radix = np.append(np.cumprod(sizes[:0:-1])[::-1], 1)[: len(scope)]
        return ChangeStep(np.array(scope, dtype=np.intp), radix, np.array(first, dtype=np.intp), each)

    def _truth(self) -> list[Floats]:
        """Return for each rule (choice,) float, 1 where it holds, over all choices on the issues of its scope."""
        truth: list[Floats] = [np.empty(0)] * len(self._compiled_rules.scopes)
        for scope in self._place:
            holds = self._compiled_rules.read(all_choices(self._space.case.issues, scope)).holds
            for rule, rule_scope in enumerate(self._compiled_rules.scopes):
                if rule_scope == scope:
                    truth[rule] = holds[rule].astype(np.float64)
        return truth

    def _layout(self, rules: Sequence[tuple[Scope, Floats]]) -> SumLayout:
        """Lay out the sums of a block of rules, given as scopes and (choice,) how much the rule counts."""
        places = sorted({self._place[scope] for scope, _ in rules})
        sums = []
        for place in places:
            of_scope = [index for index, (scope, _) in enumerate(rules) if self._place[scope] == place]
            sums.append((of_scope, np.stack([rules[index][1] for index in of_scope], axis=1)))
        spans = [range(self._start[place], self._start[place + 1]) for place in places]
        lengths = np.array([len(span) for span in spans], dtype=np.intp)
        start = np.cumsum(lengths) - lengths
        kinds = np.array([self.steps[place].each for place in places]).reshape(len(places), self.count)
        touched = [(start + kind)[kind != UNTOUCHED].tolist() for kind in kinds.T]
        most = max(map(len, touched), default=0)
        filled = [rows + [int(lengths.sum())] * (most - len(rows)) for rows in touched]
        return SumLayout(
            products=tuple(_products(sums)),
            scopes=np.array(places, dtype=np.intp),
            first=np.cumsum([0, *(len(counts) for _, counts in sums)], dtype=np.intp)[:-1],
            rows=np.array([row for span in spans for row in span], dtype=np.intp),
            places=np.repeat(np.arange(len(places)), lengths),
            touched=np.array(filled, dtype=np.intp).reshape(self.count, most),
        )

    def read(self, current: Texts, changed_texts: Texts) -> IncrementalMatrix:
        """Read all changes to the texts on the tables.

        The texts are (world, issue) and (issue, change, world) uint8, see `OutcomeSpace.changed_texts`.
        """
        return IncrementalMatrix(self, self._compiled_rules, current, changed_texts)


class IncrementalMatrix:
    """Which rules hold for the changed texts of each world; a `RuleSource` (see `TextChanges.read`)."""

    def __init__(
        self, changes: TextChanges, compiled_rules: CompiledRules, current: Texts, changed_texts: Texts
    ) -> None:
        self.shape = (changed_texts.shape[2], changed_texts.shape[1])
        self._layouts, self._compiled_rules = changes.layouts, compiled_rules
        options = current.T.astype(np.intp)
        self._before = np.stack([step.radix @ options[step.issues] for step in changes.steps])
        self._after = np.concatenate([step.choices(changed_texts) for step in changes.steps])
        self._worlds = np.arange(len(current))
        self._cache: dict[tuple[bytes, bytes], tuple[Indices, Indices]] = {}

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Sum the points, (world or 1, rule), of the rules of a block that hold; (world, text or 1) float."""
        layout = self._layouts[kind, owner, accepting]
        if not layout.products:
            return np.zeros((1, 1))
        count = len(self._worlds)
        rows = np.broadcast_to(points, (count, points.shape[1])).T
        choices = np.concatenate([counts @ rows[rules] for rules, counts in layout.products]).ravel()
        before, after = self._indices(layout)
        current = choices.take(before)
        summed = current.sum(axis=0)
        if not layout.touched.shape[1]:
            return np.asarray(summed[:, None])
        added = np.zeros((len(after) + 1, count))
        np.subtract(choices.take(after), current.take(layout.places, axis=0), out=added[:-1])
        result = added.take(layout.touched[:, 0], axis=0)
        result += summed
        for touch in layout.touched.T[1:]:
            result += added.take(touch, axis=0)
        return np.asarray(result.T)

    def applies(self) -> Sequence[Bools]:
        return [self._applies(rule) for rule in range(len(self._compiled_rules.case.consent))]

    def counts_on(self, actor: str, resource: str) -> Bools:
        asked = np.zeros((1, 1), dtype=bool)
        for rule in self._compiled_rules.asking.get((actor, resource), []):
            asked = asked | self._applies(rule)
        return asked

    def _applies(self, rule: int) -> Bools:
        return self.total(np.ones((1, 1)), CONSENT, str(rule)) > 0

    def asked(self, issue: str) -> Floats:
        return to_points(self.total(np.ones((1, 1)), COVER, issue))

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        return accepting_sets(self._compiled_rules.sections, actor)

    def _indices(self, layout: SumLayout) -> tuple[Indices, Indices]:
        """Return the indices of the choices before and after the changes, among all choices of a block."""
        key = layout.scopes.tobytes(), layout.first.tobytes()
        if key not in self._cache:
            count, first = len(self._worlds), layout.first[:, None]
            self._cache[key] = (
                (self._before[layout.scopes] + first) * count + self._worlds,
                (self._after[layout.rows] + first[layout.places]) * count + self._worlds,
            )
        return self._cache[key]


def most_choices(space: OutcomeSpace, compiled_rules: CompiledRules) -> int:
    """Return the largest number of choices on the issues of one rule."""
    return max((math.prod(space.sizes[list(scope)].tolist()) for scope in compiled_rules.scopes), default=1)


def _products(sums: Sequence[tuple[list[int], Floats]]) -> Iterator[tuple[Indices, Floats]]:
    """Put the choices of several scopes below each other, as many as one matrix product should have.

    A sum has the indices of its rules in the block, and (choice, rule) float, how much each counts.
    """
    batch: list[tuple[list[int], Floats]] = []
    for number, scope_sum in enumerate(sums, 1):
        batch.append(scope_sum)
        if number == len(sums) or sum(len(counts) for _, counts in batch) >= COLUMNS_AT_ONCE:
            product = np.zeros([sum(counts.shape[axis] for _, counts in batch) for axis in (0, 1)])
            row = column = 0
            for _, counts in batch:
                rows, width = counts.shape
                product[row : row + rows, column : column + width] = counts
                row, column = row + rows, column + width
            yield np.array([rule for rules, _ in batch for rule in rules], dtype=np.intp), product
            batch = []
