"""Counts the amendments of a run that make no sense, in all of its worlds (model, F17).

It reads only the record: the texts, the answers, and what is recorded about each move.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.drafting.decision import KINDS, MoveKind
from sim.negotiation.drafting.gaps import crossed_lines
from sim.negotiation.memory import RedLines
from sim.negotiation.record.history import Month, Run

REMEMBERED = 3
"""Months for which a return to an option is remembered."""
NOT_AMENDMENTS = (MoveKind.RETREAT, MoveKind.REPEAT, MoveKind.STAND)


@dataclass
class Count:
    """Numbers of amendments: all, those with each kind of fault, and those with any fault."""

    amendments: int = 0
    back: int = 0
    away: int = 0
    crossing: int = 0
    senseless: int = 0

    @property
    def share(self) -> float:
        return self.senseless / max(self.amendments, 1)

    def add(self, other: Count) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def count(run: Run) -> Count:
    """Count over all worlds of a run."""
    total = Count()
    worlds, issues = len(run.outcome), run.months[0].evaluation.matrix.texts.shape[1]
    texts = np.zeros((len(run.months), worlds, issues), dtype=np.uint8)
    open_ = np.zeros((len(run.months), worlds), dtype=bool)
    fresh = np.zeros(worlds, dtype=int)
    for at, month in enumerate(run.months):
        texts[at, month.rows] = month.evaluation.matrix.texts
        open_[at, month.rows] = True
        if any(event.month == month.month for event in run.scenario.events):
            fresh[:] = at
        if month.moves is None:
            continue
        kinds = np.array([KINDS[kind] for kind in month.moves.kind])
        fresh[month.rows[kinds == MoveKind.RETREAT]] = at
        moved = (texts[at] != texts[at - 1])[month.rows] & month.moves.chosen
        amended = moved.any(axis=1) & ~np.isin(kinds, NOT_AMENDMENTS)
        faults = {
            "back": _back(run, texts, at, fresh, moved),
            "away": _away(run, month),
            "crossing": _crossing(run, month),
        }
        found = {name: fault & amended for name, fault in faults.items()}
        total.add(
            Count(
                amendments=int(amended.sum()),
                senseless=int(np.logical_or.reduce(list(found.values())).sum()),
                **{name: int(fault.sum()) for name, fault in found.items()},
            )
        )
    return total


def _back(
    run: Run, texts: NDArray[np.uint8], at: int, fresh: NDArray[np.int_], moved: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(open world,) bool: an issue returns to an option of the last months without an event or retreat in between."""
    rows = run.months[at].rows
    back = np.zeros(len(rows), dtype=bool)
    for past in range(max(at - REMEMBERED, 0), at - 1):
        if run.scenario.protocol.name == "alternating" and run.months[past].tabled_by != run.months[at].tabled_by:
            continue
        back |= ((texts[past, rows] == texts[at, rows]) & moved).any(axis=1) & (fresh[rows] <= past)
    return back


def _away(run: Run, month: Month) -> NDArray[np.bool_]:
    """(open world,) bool: no blocker is freed or comes a step closer, or some blocker falls back by a step."""
    moves, step = month.moves, run.scenario.protocol.step
    assert moves is not None
    (before, after), (low, high) = moves.gap, moves.surplus
    never, sold = np.isinf(before), np.isinf(after)
    with np.errstate(invalid="ignore"):
        closer = np.where(never & sold, high - low, before - after)
    closer = np.where(never & ~sold, np.inf, np.where(~never & sold, -np.inf, closer))
    freed = moves.blocked & ~moves.blocks
    nearer = (moves.blocked & (closer >= step)) | freed
    farther = moves.blocked & ~freed & (closer <= -step)
    stuck = np.zeros(len(before), dtype=bool)
    for missing in moves.stuck.values():
        stuck |= missing
    return farther.any(axis=1) | ~(nearer.any(axis=1) | stuck)


def _crossing(run: Run, month: Month) -> NDArray[np.bool_]:
    """(open world,) bool: a known line is newly crossed, and its owner is expected to block."""
    moves, lines = month.moves, RedLines(run.scenario.case)
    assert moves is not None
    newly = crossed_lines(month.evaluation.matrix, lines) & moves.known & ~moves.crossed
    owner = [list(run.scenario.case.actors).index(name) for name, _ in lines.listed]
    return np.asarray((newly & moves.blocks[:, owner]).any(axis=1))
