"""The history of a run: every text, answer, pledge and context value of every month, and how each world ended.

Arrays hold only the worlds that were open in a month (`Month.rows`), so worlds that have ended take no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Scenario
from sim.engine.worlds import Uniforms
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.moves import RecordedMove


class Outcome(IntEnum):
    """How a world ended; `OPEN` if it has not ended yet."""

    OPEN = 0
    AGREED = 1
    IMPASSE = 2
    COLLAPSED = 3
    EXPIRED = 4

    @property
    def word(self) -> str:
        """The outcome as files and pages write it."""
        return self.name.lower()


@dataclass(frozen=True)
class Lessons:
    """What the answers of a month taught about red lines, (open world, line) bool each: undeclared lines that became
    `known` because their owner defended them, and lines now known not to be for sale (`closed`).
    """

    known: NDArray[np.bool_]
    closed: NDArray[np.bool_]


@dataclass(frozen=True)
class MonthMoves:
    """The drafters' moves that produced the texts of a month, in each world (model, section 7, "What is told").

    Parameters
    ----------
    kind : (open world,) int, an index into `sim.negotiation.drafting.decision.KINDS`
    chosen : (open world, issue) bool, the issues that the draft chose to change; none for a first offer, which
        concedes nothing
    gap : (2, open world, actor) float, points, everybody's gap before and after, as the drafters expect; infinite
        across a closed line, and 0 after for an actor that does not block any more
    surplus : (2, open world, actor) float, points, before and after, without the price of closed lines
    blocked, blocks : (open world, actor) bool, who blocked before, and who is expected to block after
    stuck : rule to (open world,) bool, consent rules that were not met although nobody withheld anything
    known, crossed : (open world, line) bool, the lines that were known, and those that the text before crossed
    """

    kind: NDArray[np.int64]
    chosen: NDArray[np.bool_]
    gap: NDArray[np.float64]
    surplus: NDArray[np.float64]
    blocked: NDArray[np.bool_]
    blocks: NDArray[np.bool_]
    stuck: Mapping[str, NDArray[np.bool_]]
    known: NDArray[np.bool_]
    crossed: NDArray[np.bool_]


@dataclass(frozen=True)
class Month:
    """One month of the talks.

    Parameters
    ----------
    month : int, from 1
    rows : (open world,) int, which worlds were open
    evaluation : the text on the table of each, and everybody's answers; paired with `rows`
    tabled_by : the actors who put the text on the table
    understudies : actor played by a person to (open world, 1) uint8, the verdict that its rules would have given
    moves : the moves that produced the texts; None for the first month
    learnt : what this month's answers taught
    """

    month: int
    rows: NDArray[np.intp]
    evaluation: Evaluation
    tabled_by: tuple[str, ...]
    understudies: Mapping[str, NDArray[np.uint8]]
    moves: MonthMoves | None
    learnt: Lessons


@dataclass(frozen=True)
class Run:
    """A run so far: the scenario, the worlds, and the months that were played.

    Parameters
    ----------
    outcome : (world,) uint8, codes of `Outcome`
    ended : (world,) int, the month in which a world ended; 0 while it is open
    moves : the moves from outside, in order
    last_month : the month after whose decision open talks expire
    """

    scenario: Scenario
    uniforms: Uniforms
    seed: int
    months: tuple[Month, ...]
    outcome: NDArray[np.uint8]
    ended: NDArray[np.int64]
    moves: tuple[RecordedMove, ...]
    last_month: int

    def last(self, world: int = 0) -> Evaluation:
        """Return the last evaluation of one world, with that world and its text alone."""
        month = self.months[(self.ended[world] or len(self.months)) - 1]
        return month.evaluation.one(int(np.searchsorted(month.rows, world)))

    def at_end(self, value: Callable[[Month], NDArray[Any]]) -> NDArray[Any]:
        """Return a value of each world in its last month, (world, ...); a month gives it as (open world or 1, ...)."""
        parts, rows = [], []
        for month in self.months:
            ends = self.ended[month.rows] == month.month
            values = value(month)
            parts.append(np.broadcast_to(values, (len(month.rows), *values.shape[1:]))[ends])
            rows.append(month.rows[ends])
        return np.concatenate(parts)[np.argsort(np.concatenate(rows))]
