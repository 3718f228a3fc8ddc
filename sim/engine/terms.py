"""Amendments by terms: a term is one chosen change, with all changes on other issues that the constraints then demand.

A change that a constraint demands is called a repair. If its `then` leaves no choice, `OutcomeSpace.repair_forced`
makes the repair. If it leaves a choice, each minimal way to meet it leads to a separate text (`sim.engine.repairs`).
Constraints are repaired in the order of the case, those without a choice first. A repair never changes an issue that
was chosen or that another completion changed. It meets the constraint, and never undoes what makes it apply.
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
    """Texts that changes lead to when constraints are met in several ways.

    Parameters
    ----------
    table : (text,) int, the text on the table that was changed
    texts : (text, issue) uint8
    change : (text,) int, the change among `OutcomeSpace.changes`; the first one if several lead to the text
    chosen : (text,) int64, the issues that the change chose, one bit per issue of the case
    """

    table: Indices
    texts: Texts
    change: Indices
    chosen: NDArray[np.int64]


def expansions(
    space: OutcomeSpace,
    tables: Texts,
    negotiable: Sequence[str],
    terms: int,
    changed: tuple[Texts, Bools] | None = None,
) -> Expansions:
    """Find the texts that `OutcomeSpace.changed_texts` leaves out because a constraint can be met in several ways.

    The first change that leads to a text counts; it is among those that choose the fewest issues. So a text that is
    found here may also be in `OutcomeSpace.changed_texts`, but only by a later change.

    The tables are (table, issue) uint8, possible texts; `changed` is what `OutcomeSpace.changed_texts` returns for
    them, if known already. Returns each text of a table once, sorted by table and code, without the text on the table.
    """
    changes = space.changes(tuple(negotiable), terms)
    if not space.repairs or not len(tables):
        return _distinct(space, tables, changes, *_nothing(tables))
    changed_texts, possible = changed or space.changed_texts(tables, negotiable, terms)
    change, table = np.nonzero(~possible)
    texts, of_table, of_change = _reached(space, tables, changes, table, change)
    change, table = np.nonzero(possible)
    texts = np.concatenate([texts, changed_texts[:, change, table].T])
    of_table, of_change = np.concatenate([of_table, table]), np.concatenate([of_change, change])
    first = _distinct(space, tables, changes, texts, of_table, of_change)
    new = ~possible[first.change, first.table]
    return Expansions(first.table[new], first.texts[new], first.change[new], first.chosen[new])


def amendments(
    space: OutcomeSpace, text: Texts, negotiable: Sequence[str], terms: int
) -> tuple[Texts, NDArray[np.int64]]:
    """Find every possible text that differs from one text by at most `terms` terms.

    Returns (text, issue) uint8, sorted by code, without the possible `text` (issue,) itself, and (text,) int64, the
    smallest set of chosen issues that leads to each text, one bit per issue of the case; of several sets, that of the
    first change in `OutcomeSpace.changes`.
    """
    changes = space.changes(tuple(negotiable), terms)
    change = np.arange(len(changes))
    reached = _reached(space, text[None], changes, np.zeros_like(change), change)
    result = _distinct(space, text[None], changes, *reached)
    return result.texts, result.chosen


def is_amendment(space: OutcomeSpace, text: Texts, changed: Texts, negotiable: Sequence[str], terms: int) -> bool:
    """Whether a possible text (issue,) is another one itself, or among its `amendments`."""
    changes = space.changes(tuple(negotiable), terms)
    taken = changes + (changes >= text)
    change = np.flatnonzero(((changes == UNCHANGED) | (taken == changed)).all(axis=1))  # a repair changes no choice
    reached, _, _ = _reached(space, text[None], changes, np.zeros_like(change), change)
    return bool((np.concatenate([text[None], reached]) == changed).all(axis=1).any())


def _nothing(tables: Texts) -> tuple[Texts, Indices, Indices]:
    return tables[:0], np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)


def _reached(
    space: OutcomeSpace, tables: Texts, changes: NDArray[np.int16], table: Indices, change: Indices
) -> tuple[Texts, Indices, Indices]:
    """Make some changes to some texts; return all possible texts that they lead to, with their tables and changes."""
    others, current = changes[change], tables[table]
    fixed = others != UNCHANGED
    texts = np.where(fixed, others + (others >= current), current).astype(np.uint8)
    parts = [_nothing(tables)]
    for repaired, pair in _repaired(space, texts, fixed):
        parts.append((repaired, table[pair], change[pair]))
    reached, of_table, of_change = (np.concatenate(part) for part in zip(*parts, strict=True))
    return reached, of_table, of_change


def _repaired(space: OutcomeSpace, texts: Texts, fixed: Bools) -> Iterator[tuple[Texts, Indices]]:
    """Repair texts without changing their fixed issues, (text, issue) bool; yield possible texts and their origins."""
    origin = np.arange(len(texts))
    while len(texts):  # every round fixes another issue
        repaired = space.repair_forced(texts)
        kept = ~((repaired != texts) & fixed).any(axis=1)
        texts, fixed, origin = repaired[kept], fixed[kept], origin[kept]
        possible = space.possible(texts)
        yield texts[possible], origin[possible]
        texts, fixed, origin = texts[~possible], fixed[~possible], origin[~possible]
        texts, fixed, index = _completed(space, texts, fixed)
        origin = origin[index]


def _completed(space: OutcomeSpace, texts: Texts, fixed: Bools) -> tuple[Texts, Bools, Indices]:
    """Meet the first broken constraint that leaves a choice in every minimal way, and fix the issues it changes."""
    left = np.ones(len(texts), dtype=bool)
    parts = [(texts[:0], fixed[:0], np.empty(0, dtype=np.intp))]
    for constraint in space.forced:
        left &= ~space.breaks(constraint, texts)  # the only way to meet it would change a fixed issue
    for constraint in range(len(space.case.constraints)):
        broken = np.flatnonzero(left & space.breaks(constraint, texts))
        left[broken] = False
        if constraint in space.repairs and len(broken):
            repairs = space.repairs[constraint]
            way, options = repairs.ways(texts[broken], fixed[broken])
            index = broken[way]
            completed, now_fixed = texts[index], fixed[index]
            now_fixed[:, repairs.issues] |= completed[:, repairs.issues] != options
            completed[:, repairs.issues] = options
            parts.append((completed, now_fixed, index))
    completed, now_fixed, index = (np.concatenate(part) for part in zip(*parts, strict=True))
    return completed, now_fixed, index


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
