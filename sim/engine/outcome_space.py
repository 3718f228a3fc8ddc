"""Texts: packages as rows of option indices; which are possible, and which are an amendment away.

A text is a row (issue,) of uint8, the index of its option on each issue, in the order of the case.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.case.conditions import (
    NOTHING_KNOWN,
    Condition,
    KnownAnswers,
    Test,
    compile_condition,
    condition_entries,
    declared_line_owners,
    option_index,
)
from sim.case.models import Case, Constraint, Package
from sim.case.packages import forced_options
from sim.engine.repairs import Repairs

Texts = NDArray[np.uint8]
Scope: TypeAlias = tuple[int, ...]
"""Some issues, by their places in the case."""
UNCHANGED = -1
REPAIRS_MOST = 4096
"""The most choices on the issues of a constraint whose `then` leaves a choice; with more, it is never completed."""


@dataclass(frozen=True)
class ChangeReach:
    """What a change can do to a text.

    Parameters
    ----------
    choice : issue to which of its other options
    issues : all issues that it can touch, those that are mended with it too
    mended : whether any may be
    """

    choice: Mapping[int, int]
    issues: frozenset[int]
    mended: bool


@dataclass(frozen=True)
class OutcomeSpace:
    """All packages of a case."""

    case: Case

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """(issue,) int, how many options each issue has."""
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
        return {name: issue.options[at] for (name, issue), at in zip(self.case.issues.items(), text, strict=True)}

    def codes(self, texts: Texts) -> NDArray[np.int64]:
        """Return (text,) int, a number of its own for each text (mixed radix, first issue most significant)."""
        return texts.astype(np.int64) @ self._radix

    @property
    def count(self) -> int:
        """How many texts there are, possible or not."""
        return math.prod(self.sizes.tolist())

    def texts(self, codes: NDArray[np.int64]) -> Texts:
        """Return the rows (text, issue) of codes (text,): what `codes` takes them from."""
        return np.stack(np.unravel_index(codes, tuple(self.sizes)), axis=1).astype(np.uint8)

    def blocks(
        self, size: int, text: Texts | None = None, moving: Collection[int] = ()
    ) -> Iterator[tuple[NDArray[np.int64], Texts]]:
        """Yield every possible text, in the order of the codes, from about `size` codes at a time.

        The last issues, as many as fit, are written out once; each block sets some choices on those before them in
        front of it.

        Parameters
        ----------
        text : (issue,) uint8, a text from which all others differ on the issues `moving` alone; None moves every issue
        moving : places of issues

        Yields
        ------
        (text,) int, codes, and (text, issue) uint8; a block may be empty
        """
        still = [text is not None and at not in moving for at in range(len(self.sizes))]
        sizes = np.where(still, 1, self.sizes).tolist()
        last = len(sizes) - 1
        split = next((at for at in range(last) if math.prod(sizes[at:]) <= size), last)
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
            there = np.flatnonzero(self.possible(block.T))
            texts = np.ascontiguousarray(block[:, there]).T
            yield first * width + there if text is None else self.codes(texts), texts

    def possible(self, texts: Texts) -> NDArray[np.bool_]:
        """Return (text,) bool, whether all constraints hold."""
        result = np.ones(len(texts), dtype=bool)
        for at in range(len(self.case.constraints)):
            result &= ~self.breaks(at, texts)
        return result

    def broken(self, text: Texts) -> Constraint:
        """Return the first constraint that an impossible text (issue,) breaks."""
        return next(one for at, one in enumerate(self.case.constraints) if self.breaks(at, text[None])[0])

    def repair_forced(self, texts: Texts) -> Texts:
        """Set what a broken constraint leaves no choice about (``force: none`` takes its size along).

        A constraint that can be met in several ways mends nothing; its texts stay impossible.
        """
        mended = texts.copy()
        for _ in self.forced:  # a mend may break another constraint, once each at most
            for at, forced in self.forced.items():
                broken = self.breaks(at, mended)
                if broken.any():
                    for issue, option in forced:
                        mended[broken, issue] = option
        return mended

    def neighbours(self, text: Texts, negotiable: Sequence[str], terms: int) -> Texts:
        """Every possible text that differs from `text` in at most `terms` negotiable issues, after mending.

        Parameters
        ----------
        text : (issue,) uint8
        negotiable : names of issues
        terms : int, at least 1

        Returns
        -------
        (text, issue) uint8, sorted by code, without `text` itself
        """
        changed_texts, there = self.changed_texts(text[None], negotiable, terms)
        texts = changed_texts[:, there[:, 0], 0].T
        codes, first = np.unique(self.codes(texts), return_index=True)
        kept: Texts = texts[first[codes != self.codes(text[None])[0]]]
        return kept

    def changed_texts(self, texts: Texts, negotiable: Sequence[str], terms: int) -> tuple[Texts, NDArray[np.bool_]]:
        """Every change of at most `terms` negotiable issues, in many texts at once.

        The same change leads elsewhere from another text: it takes, say, the second of the other options of an issue.

        Parameters
        ----------
        texts : (text, issue) uint8

        Returns
        -------
        (issue, change, text) uint8, the changed texts, mended, and (change, text) bool, whether each is possible; two
        changes may be mended into one text, or back into the text that they came from
        """
        changes = self.changes(tuple(negotiable), terms)
        at, issue = np.nonzero(changes != UNCHANGED)
        here, other = texts.T[issue], changes[at, issue].astype(np.uint8)[:, None]
        changed_texts = np.repeat(texts.T[:, None, :], len(changes), axis=1)
        changed_texts[issue, at] = other + (other >= here)
        possible = np.ones(changed_texts.shape[1:], dtype=bool)
        if self.case.constraints:
            listed = self.repair_forced(changed_texts.reshape(len(self.sizes), -1).T)
            changed_texts = np.ascontiguousarray(listed.T).reshape(changed_texts.shape)
            possible = self.possible(listed).reshape(possible.shape)
        return changed_texts, possible

    def reach(self, negotiable: Sequence[str], terms: int) -> list[ChangeReach]:
        """For each of the changes of `changed_texts`, what it can touch."""
        asked = {at: self._scope(self.case.constraints[at]) for at in self.forced}
        reaches = []
        for change in self.changes(tuple(negotiable), terms).tolist():
            choice = {issue: other for issue, other in enumerate(change) if other != UNCHANGED}
            issues, mended = set(choice), False
            for _ in asked:  # a mend may break another constraint, once each at most
                for at, scope in asked.items():
                    if not issues.isdisjoint(scope):
                        issues |= {issue for issue, _ in self.forced[at]}
                        mended = True
            reaches.append(ChangeReach(choice, frozenset(issues), mended))
        return reaches

    def _scope(self, constraint: Constraint) -> Scope:
        return scope(self.case, constraint.when) + scope(self.case, constraint.then)

    def breaks(self, at: int, texts: Texts) -> NDArray[np.bool_]:
        """Return (text,) bool, whether texts break a constraint, given by its place in the case."""
        when, then = self._holds(at, texts)
        return np.asarray(when & ~then)

    def _holds(self, at: int, texts: Texts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether a constraint's `when` and its `then` hold, each (text,) bool."""
        when, then = self._tests[at]
        crossed = {
            name: np.any([line(texts, NOTHING_KNOWN) for line in lines], axis=0)
            for name, lines in self._declared.items()
        }
        heard = KnownAnswers(crossed)
        return when(texts, heard), then(texts, heard)

    @cached_property
    def _tests(self) -> list[tuple[Test, Test]]:
        return [(self._test(one.when), self._test(one.then)) for one in self.case.constraints]

    @cached_property
    def _declared(self) -> dict[str, list[Test]]:
        """The declared red lines that any constraint asks for, by actor."""
        asked = frozenset[str]().union(
            *(declared_line_owners(one.when) | declared_line_owners(one.then) for one in self.case.constraints)
        )
        return {
            name: [self._test(line.when) for line in self.case.actors[name].red_lines if line.declared]
            for name in asked
        }

    def _test(self, condition: Condition) -> Test:
        return compile_condition(condition, self.case.issues)

    @cached_property
    def forced(self) -> dict[int, list[tuple[int, int]]]:
        """The constraints with one way to be mended, and the (issue, option) pairs that mend them."""
        names = list(self.case.issues)
        forced = {}
        for at, constraint in enumerate(self.case.constraints):
            way = forced_options(self.case, constraint.then)
            if way is not None:
                forced[at] = [(names.index(name), option_index(self.case.issues[name], way[name])) for name in way]
        return forced

    @cached_property
    def repairs(self) -> dict[int, Repairs]:
        """How to meet each constraint whose `then` leaves a choice, by its place in the case.

        Constraints with more than `REPAIRS_MOST` choices on the issues that decide it have no completions.
        """
        found = {}
        for at, constraint in enumerate(self.case.constraints):
            asked, there = scope(self.case, constraint.when), scope(self.case, constraint.then)
            avoidable = not set(asked).isdisjoint(there)  # a way must not undo the constraint's own `when`
            issues = sorted({*asked, *there}) if avoidable else list(there)
            sizes = self.sizes[issues].tolist()
            if at not in self.forced and math.prod(sizes) <= REPAIRS_MOST:
                choices = np.indices(sizes, dtype=np.uint8).reshape(len(sizes), -1).T
                texts = np.zeros((len(choices), len(self.sizes)), dtype=np.uint8)
                texts[:, issues] = choices
                when, then = self._holds(at, texts)
                meets = when & then if avoidable else then
                found[at] = Repairs(np.array(issues, dtype=np.intp), choices, np.isin(issues, there), meets)
        return found

    @cached_property
    def _changes(self) -> dict[tuple[tuple[str, ...], int], NDArray[np.int16]]:
        return {}

    def changes(self, negotiable: tuple[str, ...], terms: int) -> NDArray[np.int16]:
        """(change, issue) int: which of the other options, or `UNCHANGED`; every choice on up to `terms` issues."""
        key = negotiable, terms
        if key not in self._changes:
            at = [list(self.case.issues).index(name) for name in negotiable]
            rows = [np.empty((0, len(self.sizes)), dtype=np.int16)]
            for size in range(1, min(terms, len(at)) + 1):
                for issues in itertools.combinations(at, size):
                    others = np.indices([self.sizes[issue] - 1 for issue in issues]).reshape(size, -1).T
                    change = np.full((len(others), len(self.sizes)), UNCHANGED, dtype=np.int16)
                    change[:, issues] = others
                    rows.append(change)
            self._changes[key] = np.concatenate(rows)
        return self._changes[key]


def scope(case: Case, condition: Condition) -> Scope:
    """The issues on which a condition depends, those of the red lines included for whose declaration it asks."""
    asked = {name for _, name, _ in condition_entries(condition)}
    found = {at for at, name in enumerate(case.issues) if name in asked}
    lines = [
        line.when for owner in declared_line_owners(condition) for line in case.actors[owner].red_lines if line.declared
    ]
    return tuple(sorted(found.union(*(scope(case, line) for line in lines))))
