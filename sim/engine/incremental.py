"""Texts of each world's own: what the rules say of all changes to the text on its table.

Where every world has another text on its table, no text is read twice, and whole texts are not worth reading: a change
of one issue leaves most rules as they were. So rules are taken together by the issues that they depend on, their
scope. What the rules of a scope add is written down once for every choice on its issues, in each world; a changed text
has what the text on the table has, and the differences in the scopes that the change touches. The cost of a change is
that of the scopes it touches, not of all issues. Since sums are exact (`sim.engine.fixed_point`), the outcome is the
same as that of reading the whole text, to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.outcome_space import OutcomeSpace, Scope, Texts
from sim.engine.rule_matrix import CONSENT, NOBODY, Bools, CompiledRules, Floats, Section, accepting_sets
from sim.engine.shared_columns import Indices

COVER = "cover"
"""The block of an issue's numbers, beside the blocks of rules."""
UNTOUCHED = -1
"""The kind of a change that leaves a scope as it is."""
COLUMNS_AT_ONCE = 64
"""Scopes are summed in one product of matrices up to so many choices: more would multiply noughts."""


@dataclass(frozen=True)
class ChangeStep:
    """What can happen to the issues of a scope: the kinds of change that differ there.

    Parameters
    ----------
    issues : (issue of the scope,) int
    radix : (issue of the scope,) int, what turns options into the number of a choice
    changes : (kind,) int, one change of each kind
    each : (change,) int, its kind, or `UNTOUCHED`
    """

    issues: Indices
    radix: Indices
    changes: Indices
    each: Indices

    def choices(self, changed_texts: Texts) -> Indices:
        """Return (kind, world) int, the choice on the issues that each kind of change leads to."""
        found = np.zeros((len(self.changes), changed_texts.shape[2]), dtype=np.intp)
        for issue, radix in zip(self.issues, self.radix, strict=True):
            found += changed_texts[issue, self.changes] * radix
        return found


@dataclass(frozen=True)
class SumLayout:
    """Where the sums of one block of rules come from.

    Parameters
    ----------
    products : (rules, (choice, rule) float): which rules, and by how much each counts in each choice of some scopes
    scopes : (scope,) int, which scopes the block has
    first : (scope,) int, where the choices of each begin among those of the block
    rows : (row,) int, the kinds of change on these scopes, among those on all scopes
    places : (row,) int, which of the block's scopes each is on
    touched : (change, touch) int, the rows of each change; one past the last where it touches no more
    """

    products: tuple[tuple[Indices, Floats], ...]
    scopes: Indices
    first: Indices
    rows: Indices
    places: Indices
    touched: Indices


class TextChanges:
    """All changes to a text, and what they touch: the same for every text and world.

    Parameters
    ----------
    space, reader : of the case
    negotiable, terms : what may change

    Attributes
    ----------
    count : how many changes there are
    layouts : block of rules to where its sums come from
    """

    def __init__(
        self, space: OutcomeSpace, compiled_rules: CompiledRules, negotiable: Sequence[str], terms: int
    ) -> None:
        self._space, self._compiled_rules = space, compiled_rules
        self._reach = space.reach(negotiable, terms)
        self.count = len(self._reach)
        numeric = {name: (at,) for at, (name, issue) in enumerate(space.case.issues.items()) if issue.numeric}
        scopes = sorted({*compiled_rules.scopes, *numeric.values()})
        self.steps = [self._step(scope) for scope in scopes]
        self._place = {scope: at for at, scope in enumerate(scopes)}
        self._begin = np.cumsum([0, *(len(step.changes) for step in self.steps)])
        self.layouts: dict[Section, SumLayout] = {}
        rules = list(zip(compiled_rules.scopes, self._truth(), strict=True))
        for section, some in compiled_rules.sections.items():
            self.layouts[section] = self._layout(rules[some])
        for at, rule in enumerate(rules[compiled_rules.sections[CONSENT, "", NOBODY]]):
            self.layouts[CONSENT, str(at), NOBODY] = self._layout([rule])
        for name, scope in numeric.items():
            options = np.array(space.case.issues[name].options, dtype=np.float64)
            self.layouts[COVER, name, NOBODY] = self._layout([(scope, options)])

    def _step(self, scope: Scope) -> ChangeStep:
        """Find the kinds of change on a scope: the same choices on its issues, where no mending is in the way."""
        kinds: dict[object, int] = {}
        first, each = [], np.full(self.count, UNTOUCHED)
        for change, reach in enumerate(self._reach):
            if not reach.issues.isdisjoint(scope):
                here = tuple((issue, reach.choice[issue]) for issue in scope if issue in reach.choice)
                kind = change if reach.mended else here
                if kind not in kinds:
                    first.append(change)
                each[change] = kinds.setdefault(kind, len(kinds))
        sizes = self._space.sizes[list(scope)]
        radix = np.append(np.cumprod(sizes[:0:-1])[::-1], 1)[: len(scope)]
        return ChangeStep(np.array(scope, dtype=np.intp), radix, np.array(first, dtype=np.intp), each)

    def _truth(self) -> list[Floats]:
        """For each rule (choice,) float, 1 where it holds, over all choices on the issues of its scope."""
        truth: list[Floats] = [np.empty(0)] * len(self._compiled_rules.scopes)
        for scope, step in zip(self._place, self.steps, strict=True):
            sizes = self._space.sizes[list(scope)]
            texts = np.zeros((math.prod(sizes.tolist()), len(self._space.sizes)), dtype=np.uint8)
            texts[:, step.issues] = np.indices(sizes.tolist()).reshape(len(scope), len(texts)).T
            matrix = self._compiled_rules.read(texts).holds
            for at, one in enumerate(self._compiled_rules.scopes):
                if one == scope:
                    truth[at] = matrix[at].astype(np.float64)
        return truth

    def _layout(self, rules: Sequence[tuple[Scope, Floats]]) -> SumLayout:
        """Lay out a block of rules, each with its scope and what it counts in each choice."""
        places = sorted({self._place[scope] for scope, _ in rules})
        sums = [
            _Sums([at for at, (scope, _) in enumerate(rules) if self._place[scope] == place], rules) for place in places
        ]
        spans = [range(self._begin[place], self._begin[place + 1]) for place in places]
        lengths = np.array([len(span) for span in spans], dtype=np.intp)
        begin = np.cumsum(lengths) - lengths
        kinds = np.array([self.steps[place].each for place in places]).reshape(len(places), self.count)
        touched = [(begin + kind)[kind != UNTOUCHED].tolist() for kind in kinds.T]
        most = max(map(len, touched), default=0)
        filled = [rows + [int(lengths.sum())] * (most - len(rows)) for rows in touched]
        return SumLayout(
            products=tuple(_joined(sums)),
            scopes=np.array(places, dtype=np.intp),
            first=np.cumsum([0, *(len(one.counts) for one in sums)], dtype=np.intp)[:-1],
            rows=np.array([row for span in spans for row in span], dtype=np.intp),
            places=np.repeat(np.arange(len(places)), lengths),
            touched=np.array(filled, dtype=np.intp).reshape(self.count, most),
        )

    def read(self, current: Texts, changed_texts: Texts) -> IncrementalMatrix:
        """Read the changes to the texts on the tables.

        Parameters
        ----------
        current : (world, issue) uint8
        changed_texts : (issue, change, world) uint8, see `OutcomeSpace.changed_texts`
        """
        return IncrementalMatrix(self, self._compiled_rules, current, changed_texts)


class IncrementalMatrix:
    """What the rules say of each world's own texts; a `Read`.

    Parameters
    ----------
    changes : what may change
    current : (world, issue) uint8, the texts on the tables
    changed_texts : (issue, change, world) uint8, the texts
    """

    def __init__(
        self, changes: TextChanges, compiled_rules: CompiledRules, current: Texts, changed_texts: Texts
    ) -> None:
        self.shape = (changed_texts.shape[2], changed_texts.shape[1])
        self._layouts, self._compiled_rules = changes.layouts, compiled_rules
        here = current.T.astype(np.intp)
        self._here = np.stack([step.radix @ here[step.issues] for step in changes.steps])
        self._there = np.concatenate([step.choices(changed_texts) for step in changes.steps])
        self._worlds = np.arange(len(current))
        self._found: dict[tuple[bytes, bytes], tuple[Indices, Indices]] = {}

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Sum the points, (world or 1, rule), of the rules of a block that hold; (world, text or 1) float."""
        layout = self._layouts[kind, owner, accepting]
        if not layout.products:
            return np.zeros((1, 1))
        count = len(self._worlds)
        rows = np.broadcast_to(points, (count, points.shape[1])).T
        choices = np.concatenate([counts @ rows[rules] for rules, counts in layout.products]).ravel()
        here, there = self._indices(layout)
        now = choices.take(here)
        summed = now.sum(axis=0)
        if not layout.touched.shape[1]:
            return np.asarray(summed[:, None])
        added = np.zeros((len(there) + 1, count))
        np.subtract(choices.take(there), now.take(layout.places, axis=0), out=added[:-1])
        result = added.take(layout.touched[:, 0], axis=0)
        result += summed
        for touch in layout.touched.T[1:]:
            result += added.take(touch, axis=0)
        return np.asarray(result.T)

    def applies(self) -> Sequence[Bools]:
        """Which consent rules apply; for each (world, text or 1) bool."""
        return [
            self.total(np.ones((1, 1)), CONSENT, str(at)) > 0 for at in range(len(self._compiled_rules.case.consent))
        ]

    def counts_on(self, actor: str, resource: str) -> Bools:
        """Return (world or 1, text or 1) bool, whether any consent rule counts on this actor to send the resource."""
        asked = np.zeros((1, 1), dtype=bool)
        for at in self._compiled_rules.asking.get((actor, resource), []):
            asked = asked | (self.total(np.ones((1, 1)), CONSENT, str(at)) > 0)
        return asked

    def asked(self, issue: str) -> Floats:
        """Return (world, text or 1) float, the number of the text's option on a numeric issue."""
        return self.total(np.ones((1, 1)), COVER, issue)

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        """Return the sets of accepting actors for which this actor's rules were read."""
        return accepting_sets(self._compiled_rules.sections, actor)

    def _indices(self, layout: SumLayout) -> tuple[Indices, Indices]:
        """Where a block's choices on the tables, and those that the changes lead to, are among all of its choices."""
        key = layout.scopes.tobytes(), layout.first.tobytes()
        if key not in self._found:
            count, first = len(self._worlds), layout.first[:, None]
            self._found[key] = (
                (self._here[layout.scopes] + first) * count + self._worlds,
                (self._there[layout.rows] + first[layout.places]) * count + self._worlds,
            )
        return self._found[key]


def most_choices(space: OutcomeSpace, compiled_rules: CompiledRules) -> int:
    """The most choices that there are on the issues of one rule."""
    return max((math.prod(space.sizes[list(scope)].tolist()) for scope in compiled_rules.scopes), default=1)


class _Sums:
    """What some rules of one scope count: `rules`, their places in the block, and `counts`, (choice, rule) float."""

    def __init__(self, rules: list[int], block: Sequence[tuple[Scope, Floats]]) -> None:
        self.rules, self.counts = rules, np.stack([block[at][1] for at in rules], axis=1)


def _joined(sums: Sequence[_Sums]) -> Iterator[tuple[Indices, Floats]]:
    """Put the choices of several scopes below each other, as many as are worth one product of matrices."""
    batch: list[_Sums] = []
    for last, one in enumerate(sums, 1):
        batch.append(one)
        if last == len(sums) or sum(len(part.counts) for part in batch) >= COLUMNS_AT_ONCE:
            counts = np.zeros([sum(part.counts.shape[axis] for part in batch) for axis in (0, 1)])
            row = column = 0
            for part in batch:
                rows, width = part.counts.shape
                counts[row : row + rows, column : column + width] = part.counts
                row, column = row + rows, column + width
            yield np.array([rule for part in batch for rule in part.rules], dtype=np.intp), counts
            batch = []
