"""The outcome space: packages as rows of option indices, which are possible, and which are one amendment away.

A text is a row (issue,) of uint8: the index of its option on each issue, in the order of the case.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.case.compiled_conditions import (
    NOTHING_KNOWN,
    Test,
    all_choices,
    compile_condition,
    option_index,
)
from sim.case.conditions import Condition, condition_entries, declared_line_owners
from sim.case.models import Case, Constraint, Package
from sim.case.packages import forced_options
from sim.engine.repairs import Repairs

Texts = NDArray[np.uint8]
Scope: TypeAlias = tuple[int, ...]
"""Some issues, by their indices in the case."""
UNCHANGED = -1
"""Marks an issue that a change leaves as it is."""
REPAIRS_MOST = 4096
"""The most combinations of options on the issues of a constraint; one with more is never repaired."""


@dataclass(frozen=True)
class ChangeReach:
    """The issues that a change can affect.

    Parameters
    ----------
    choice : issue to the one of its other options that the change chooses
    issues : all issues that the change can affect, including those that forced repairs change
    repaired : whether it can lead to a forced repair
    """

    choice: Mapping[int, int]
    issues: frozenset[int]
    repaired: bool


@dataclass(frozen=True)
class OutcomeSpace:
    """All packages of a case."""

    case: Case
    _changes: dict[tuple[tuple[str, ...], int], NDArray[np.int16]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """(issue,) int, the number of options of each issue."""
        return np.array([len(issue.options) for issue in self.case.issues.values()], dtype=np.int64)

    @cached_property
    def _radix(self) -> NDArray[np.int64]:
        return np.append(np.cumprod(self.sizes[:0:-1])[::-1], 1)

    def encode(self, package: Package) -> Texts:
        """Return the row (issue,) of a whole package."""
        return np.array(
            [option_index(issue, package[name]) for name, issue in self.case.issues.items()], dtype=np.uint8
        )

    def decode(self, text: Texts) -> dict[str, Any]:
        """Return the package of a row (issue,)."""
        return {name: issue.options[index] for (name, issue), index in zip(self.case.issues.items(), text, strict=True)}

    def codes(self, texts: Texts) -> NDArray[np.int64]:
        """Return (text,) int, a distinct code for each text (mixed radix, first issue most significant)."""
        return texts.astype(np.int64) @ self._radix

    @property
    def count(self) -> int:
        """The number of texts, possible or not."""
        return math.prod(self.sizes.tolist())

    def texts(self, codes: NDArray[np.int64]) -> Texts:
        """Return the rows (text, issue) of codes (text,); the inverse of `codes`."""
        return np.stack(np.unravel_index(codes, tuple(self.sizes)), axis=1).astype(np.uint8)

    def blocks(
        self, size: int, text: Texts | None = None, moving: Collection[int] = ()
    ) -> Iterator[tuple[NDArray[np.int64], Texts]]:
        """Yield every possible text, in the order of the codes, in blocks of about `size` codes.

        All combinations of the last issues, as many as fit, are listed once; each block puts some combinations of the
        issues before them in front of this list. `text` (issue,) is a text from which all others differ only on the
        issues `moving`, given by their indices; None moves every issue.

        Yields
        ------
        (text,) int, codes, and (text, issue) uint8; a block may be empty
        """
        still = [text is not None and issue not in moving for issue in range(len(self.sizes))]
        sizes = np.where(still, 1, self.sizes).tolist()
        last = len(sizes) - 1
        split = next((issue for issue in range(last) if math.prod(sizes[issue:]) <= size), last)
        tail = np.indices(sizes[split:], dtype=np.uint8).reshape(len(sizes) - split, -1)
        width, heads = tail.shape[1], math.prod(sizes[:split])
        step = max(1, size // width)
        for first in range(0, heads, step):
            chosen = np.arange(first, min(first + step, heads))
            block = np.empty((len(sizes), len(chosen) * width), dtype=np.uint8)
            if split:
                block[:split] = np.repeat(np.stack(np.unravel_index(chosen, sizes[:split])), width, axis=1)
            block[split:] = np.tile(tail, len(chosen))
            if text is not None:
                block[still] = text[still, None]
            possible = np.flatnonzero(self.possible(block.T))
            texts = np.ascontiguousarray(block[:, possible]).T
            yield first * width + possible if text is None else self.codes(texts), texts

    def possible(self, texts: Texts) -> NDArray[np.bool_]:
        """Return (text,) bool, whether all constraints hold."""
        result = np.ones(len(texts), dtype=bool)
        for index in range(len(self.case.constraints)):
            result &= ~self.breaks(index, texts)
        return result

    def broken(self, text: Texts) -> Constraint:
        """Return the first constraint that an impossible text (issue,) breaks."""
        return next(rule for index, rule in enumerate(self.case.constraints) if self.breaks(index, text[None])[0])

    def repair_forced(self, texts: Texts) -> Texts:
        """Set the options that broken constraints demand without a choice (``force: none`` also sets its size).

        A constraint that can be met in several ways is not repaired here; its texts remain impossible.
        """
        repaired = texts.copy()
        for _ in self.forced:  # a repair may break another constraint, each at most once
            for constraint, forced in self.forced.items():
                broken = self.breaks(constraint, repaired)
                if broken.any():
                    for issue, option in forced:
                        repaired[broken, issue] = option
        return repaired

    def neighbours(self, text: Texts, negotiable: Sequence[str], terms: int) -> Texts:
        """Return every possible text that differs from `text` by a choice on at most `terms` negotiable issues.

        Forced repairs may change more issues. Returns (text, issue) uint8, sorted by code, without `text` itself.
        """
        changed, possible = self.changed_texts(text[None], negotiable, terms)
        texts = changed[:, possible[:, 0], 0].T
        codes, first = np.unique(self.codes(texts), return_index=True)
        kept: Texts = texts[first[codes != self.codes(text[None])[0]]]
        return kept

    def changed_texts(self, texts: Texts, negotiable: Sequence[str], terms: int) -> tuple[Texts, NDArray[np.bool_]]:
        """Make every change of at most `terms` negotiable issues to many texts at once.

        The same change leads to different texts from different origins: it takes, for example, the second of the other
        options of an issue. Returns (issue, change, text) uint8, the changed texts after forced repairs, and (change,
        text) bool, whether each is possible, and no repair changes an issue that was chosen; two changes may lead to
        the same text.
        """
        changes = self.changes(tuple(negotiable), terms)
        change, issue = np.nonzero(changes != UNCHANGED)
        current, other = texts.T[issue], changes[change, issue].astype(np.uint8)[:, None]
        changed = np.repeat(texts.T[:, None, :], len(changes), axis=1)
        changed[issue, change] = other + (other >= current)
        possible = np.ones(changed.shape[1:], dtype=bool)
        if self.case.constraints:
            listed = self.repair_forced(changed.reshape(len(self.sizes), -1).T)
            repaired = np.ascontiguousarray(listed.T).reshape(changed.shape)
            undone = ((changes != UNCHANGED).T[:, :, None] & (repaired != changed)).any(axis=0)
            changed, possible = repaired, self.possible(listed).reshape(possible.shape) & ~undone
        return changed, possible

    def reach(self, negotiable: Sequence[str], terms: int) -> list[ChangeReach]:
        """Return which issues each change of `changed_texts` can affect."""
        forced = {index: self.case.constraints[index] for index in self.forced}
        scopes = {i: scope(self.case, rule.when) + scope(self.case, rule.then) for i, rule in forced.items()}
        reaches = []
        for change in self.changes(tuple(negotiable), terms).tolist():
            choice = {issue: other for issue, other in enumerate(change) if other != UNCHANGED}
            issues, repaired = set(choice), False
            for _ in scopes:  # a repair may break another constraint, each at most once
                for constraint, constraint_scope in scopes.items():
                    if not issues.isdisjoint(constraint_scope):
                        issues |= {issue for issue, _ in self.forced[constraint]}
                        repaired = True
            reaches.append(ChangeReach(choice, frozenset(issues), repaired))
        return reaches

    def breaks(self, constraint: int, texts: Texts) -> NDArray[np.bool_]:
        """Return (text,) bool, whether texts break a constraint, given by its index in the case."""
        when, then = self._holds(constraint, texts)
        return np.asarray(when & ~then)

    def _holds(self, constraint: int, texts: Texts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return whether a constraint's `when` and its `then` hold, each (text,) bool."""
        when, then = self._tests[constraint]
        return when(texts, NOTHING_KNOWN), then(texts, NOTHING_KNOWN)

    @cached_property
    def _tests(self) -> list[tuple[Test, Test]]:
        issues, actors = self.case.issues, self.case.actors
        return [
            (compile_condition(rule.when, issues, actors), compile_condition(rule.then, issues, actors))
            for rule in self.case.constraints
        ]

    @cached_property
    def forced(self) -> dict[int, list[tuple[int, int]]]:
        """The constraints that can be met in only one way, with the (issue, option) pairs of that way."""
        names = list(self.case.issues)
        forced = {}
        for index, constraint in enumerate(self.case.constraints):
            options = forced_options(self.case, constraint.then)
            if options is not None:
                forced[index] = [
                    (names.index(name), option_index(self.case.issues[name], option))
                    for name, option in options.items()
                ]
        return forced

    @cached_property
    def repairs(self) -> dict[int, Repairs]:
        """The ways to meet each constraint that can be met in several ways, by its index in the case.

        Constraints with more than `REPAIRS_MOST` combinations of options on the issues that decide them are left out.
        """
        result = {}
        for index, constraint in enumerate(self.case.constraints):
            when_scope, then_scope = scope(self.case, constraint.when), scope(self.case, constraint.then)
            avoidable = not set(when_scope).isdisjoint(then_scope)  # a repair must not make `when` false
            issues = sorted({*when_scope, *then_scope}) if avoidable else list(then_scope)
            sizes = self.sizes[issues].tolist()
            if index not in self.forced and math.prod(sizes) <= REPAIRS_MOST:
                texts = all_choices(self.case.issues, issues)
                when, then = self._holds(index, texts)
                meets = when & then if avoidable else then
                changing = np.isin(issues, then_scope)
                result[index] = Repairs(np.array(issues, dtype=np.intp), texts[:, issues], changing, meets)
        return result

    def changes(self, negotiable: tuple[str, ...], terms: int) -> NDArray[np.int16]:
        """Return (change, issue) int, which of the other options each change takes, or `UNCHANGED`.

        There is one change for every choice of other options on up to `terms` negotiable issues, fewest issues first.
        """
        key = negotiable, terms
        if key not in self._changes:
            places = [list(self.case.issues).index(name) for name in negotiable]
            rows = [np.empty((0, len(self.sizes)), dtype=np.int16)]
            for size in range(1, min(terms, len(places)) + 1):
                for issues in itertools.combinations(places, size):
                    others = np.indices([self.sizes[issue] - 1 for issue in issues]).reshape(size, -1).T
                    change = np.full((len(others), len(self.sizes)), UNCHANGED, dtype=np.int16)
                    change[:, issues] = others
                    rows.append(change)
            self._changes[key] = np.concatenate(rows)
        return self._changes[key]


def scope(case: Case, condition: Condition) -> Scope:
    """Return the issues on which a condition depends, including those of the declared red lines that it refers to."""
    named = {name for _, name, _ in condition_entries(condition)}
    issues = {index for index, name in enumerate(case.issues) if name in named}
    owners = declared_line_owners(condition)
    lines = [line.when for owner in owners for line in case.actors[owner].red_lines if line.declared]
    return tuple(sorted(issues.union(*(scope(case, line) for line in lines))))
