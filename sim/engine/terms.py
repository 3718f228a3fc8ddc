"""Amendments by terms: a term is one chosen change, with whatever the constraints then demand of other issues.

What a constraint demands is called a repair. Where its `then` leaves no choice, `OutcomeSpace.repair_forced` makes the repair.
Where it leaves one, each minimal way to meet it leads to a text of its own (`sim.engine.repairs`). Constraints are
repaired in the order of the case, those without a choice first. A repair never changes an issue that was chosen or
that another completion changed. It meets the constraint; it never undoes what makes the constraint apply.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.outcome_space import UNCHANGED, OutcomeSpace, Texts
from sim.engine.shared_columns import Bools, Indices


@dataclass(frozen=True, eq=False)
class Expansions:
    """Texts that changes lead to by completing constraints.

    Parameters
    ----------
    table : (text,) int, the text on the table that was changed
    texts : (text, issue) uint8
    change : (text,) int, the change among `OutcomeSpace.changes`; the first one if several lead to the text
    chosen : (text,) int64, the issues that the change chose, one bit for each issue of the case
    """

    table: Indices
    texts: Texts
    change: Indices
    chosen: NDArray[np.int64]


def expansions(
    space: OutcomeSpace, tables: Texts, negotiable: Sequence[str], terms: int, possible: Bools | None = None
) -> Expansions:
    """Find the texts that `OutcomeSpace.changed_texts` leaves out because a constraint can be met in several ways.

    A text may be in `OutcomeSpace.changed_texts` too, by a change that chooses more issues. The change that comes first
    counts: it is among those that choose fewest issues.

    Parameters
    ----------
    space : of the case
    tables : (table, issue) uint8, possible texts
    negotiable : names of the issues that may be chosen
    terms : int, how many issues may be chosen
    possible : (change, table) bool, which changes `OutcomeSpace.changed_texts` finds possible, if that is known

    Returns
    -------
    each text of a table once, by table and code, without the text on the table itself
    """
    changes = space.changes(tuple(negotiable), terms)
    if not space.repairs or not len(tables):
        return _distinct(space, tables, changes, *_nothing(tables))
    if possible is None:
        _, possible = space.changed_texts(tables, negotiable, terms)
    change, table = np.nonzero(~possible)
    return _distinct(space, tables, changes, *_reached(space, tables, changes, table, change))


def amendments(
    space: OutcomeSpace, text: Texts, negotiable: Sequence[str], terms: int
) -> tuple[Texts, NDArray[np.int64]]:
    """Find every possible text that is at most some terms away from one text.

    Parameters
    ----------
    space : of the case
    text : (issue,) uint8, possible
    negotiable : names of the issues that may be chosen
    terms : int, how many issues may be chosen

    Returns
    -------
    (text, issue) uint8, sorted by code, without `text` itself, and (text,) int64, the smallest set of chosen issues
    that leads to each, one bit for each issue of the case; of several, that of the first change in
    `OutcomeSpace.changes`
    """
    changes = space.changes(tuple(negotiable), terms)
    change = np.arange(len(changes))
    reached = _reached(space, text[None], changes, np.zeros_like(change), change)
    found = _distinct(space, text[None], changes, *reached)
    return found.texts, found.chosen


def _nothing(tables: Texts) -> tuple[Texts, Indices, Indices]:
    return tables[:0], np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)


def _reached(
    space: OutcomeSpace, tables: Texts, changes: NDArray[np.int16], table: Indices, change: Indices
) -> tuple[Texts, Indices, Indices]:
    """Make some changes to some texts: all possible texts that they lead to, with the table and change of each."""
    others, here = changes[change], tables[table]
    fixed = others != UNCHANGED
    texts = np.where(fixed, others + (others >= here), here).astype(np.uint8)
    found = [_nothing(tables)]
    for ended, pair in _repaired(space, texts, fixed):
        found.append((ended, table[pair], change[pair]))
    ended, tabled, changed = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return ended, tabled, changed


def _repaired(space: OutcomeSpace, texts: Texts, fixed: Bools) -> Iterator[tuple[Texts, Indices]]:
    """Repair texts, leaving some issues fixed, (text, issue) bool; yield possible texts, and which each comes from."""
    origin = np.arange(len(texts))
    while len(texts):  # every round fixes another issue
        mended = space.repair_forced(texts)
        kept = ~((mended != texts) & fixed).any(axis=1)
        texts, fixed, origin = mended[kept], fixed[kept], origin[kept]
        possible = space.possible(texts)
        yield texts[possible], origin[possible]
        texts, fixed, origin = texts[~possible], fixed[~possible], origin[~possible]
        texts, fixed, at = _completed(space, texts, fixed)
        origin = origin[at]


def _completed(space: OutcomeSpace, texts: Texts, fixed: Bools) -> tuple[Texts, Bools, Indices]:
    """Meet the first constraint that leaves a choice and is broken, in every minimal way, and fix what that changes."""
    left = np.ones(len(texts), dtype=bool)
    found = [(texts[:0], fixed[:0], np.empty(0, dtype=np.intp))]
    for at in space.forced:
        left &= ~space.breaks(at, texts)  # its only way would change what is fixed
    for at in range(len(space.case.constraints)):
        broken = np.flatnonzero(left & space.breaks(at, texts))
        left[broken] = False
        if at in space.repairs and len(broken):
            repairs = space.repairs[at]
            way, options = repairs.ways(texts[broken], fixed[broken])
            text = broken[way]
            ended, held = texts[text], fixed[text]
            held[:, repairs.issues] |= ended[:, repairs.issues] != options
            ended[:, repairs.issues] = options
            found.append((ended, held, text))
    ended, held, text = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return ended, held, text


def _distinct(
    space: OutcomeSpace, tables: Texts, changes: NDArray[np.int16], texts: Texts, table: Indices, change: Indices
) -> Expansions:
    """Keep each text of a table once, by the first change that leads to it."""
    codes = space.codes(texts)
    order = np.lexsort((change, codes, table))
    order = order[codes[order] != space.codes(tables)[table[order]]]
    codes, table = codes[order], table[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (codes[1:] != codes[:-1]) | (table[1:] != table[:-1])
    order, table = order[first], table[first]
    bits = np.left_shift(1, np.arange(len(space.sizes), dtype=np.int64))
    chosen = (changes != UNCHANGED) @ bits
    return Expansions(table, texts[order], change[order], chosen[change[order]])
