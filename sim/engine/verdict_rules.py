"""One actor's verdict on a text, from its utility, reservation value and red lines (model, section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.fixed_point import to_points
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.shared_columns import SharedColumns, pick


class Verdict(IntEnum):
    """An actor's answer to a text: the first of these that applies."""

    RED_LINE = 0
    WORSE_THAN_NO_DEAL = 1
    HOLDING_OUT = 2
    ACCEPT = 3

    @property
    def word(self) -> str:
        """The verdict as files and pages write it."""
        return self.name.lower()


REFUSALS_BELOW = Verdict.HOLDING_OUT
"""Verdicts below this one refuse outright; an actor that holds out only waits for a better text."""


def accepted(surplus: Floats, crosses_never: Bools, aspiration: Floats | float = 0.0) -> Bools:
    """Whether an actor accepts each text: it crosses no line that is not for sale, and its surplus is enough.

    Arguments are as in `judge`, and the result is (world, text) bool; an aspiration of 0 asks for acceptance at the
    reservation value.
    """
    return np.asarray((surplus >= aspiration) & ~crosses_never)


def judge(surplus: Floats, crosses_never: Bools, price_paid: Floats, aspiration: Floats) -> NDArray[np.uint8]:
    """Return one actor's verdict on each text (model, section 4).

    Parameters
    ----------
    surplus : (world, text) float, points, net of the prices of crossed red lines
    crosses_never : (world, text) bool, whether the text crosses a red line that has no price
    price_paid : (world, text) float, points, >= 0, the prices already subtracted from `surplus`
    aspiration : (world, 1) float, points, >= 0

    Returns
    -------
    (world, text) uint8, codes of `Verdict`
    """
    sunk_by_red_line = (surplus < 0) & (to_points(surplus + price_paid) >= 0)
    return np.select(
        [crosses_never | sunk_by_red_line, surplus < 0, accepted(surplus, crosses_never, aspiration)],
        [np.uint8(Verdict.RED_LINE), np.uint8(Verdict.WORSE_THAN_NO_DEAL), np.uint8(Verdict.ACCEPT)],
        default=np.uint8(Verdict.HOLDING_OUT),
    )


def aspiration(opening: Floats, e: Floats, month: int, months: int) -> Floats:
    """Return the surplus that an actor holds out for in month t of T: ``opening x (1 - (t/T)^(1/e))``.

    With e < 1 the actor concedes late (Boulware), with e = 1 evenly, with e > 1 early (conceder); see Faratin, Sierra
    and Jennings (1998).

    Parameters
    ----------
    opening : (world,) float, points
    e : (world,) float, > 0
    month : int, 1 to `months`
    months : int

    Returns
    -------
    (world,) float, points, >= 0
    """
    return to_points(np.maximum(opening, 0) * (1 - (month / months) ** (1 / e)))


@dataclass(frozen=True)
class Assessment:
    """One actor's assessment of texts in worlds; all arrays are (world or 1, text or 1).

    If several texts share a column of the numbers, `shared_columns` gives the column of each text; `verdict`, `accepts`
    and `refuses` are by text in any case.

    Parameters
    ----------
    surplus : float, points, utility - reservation - price
    price : float, points, >= 0, the finite prices of the crossed red lines
    never : bool, whether the text crosses a red line that no price can buy
    reservation : float, points, what no agreement is worth
    aspiration : float, points, >= 0
    sending : resource to float, points, the surplus plus the points of the rules that count only if the actor sends it
    asked : resource to bool, whether a consent rule counts on the actor to send it
    given : uint8, codes of `Verdict`, an answer given by a person or an agent instead of the rules; otherwise None
    promised : resource to the amount that a person has named; the rules decide for all other resources
    shared_columns : the column of each text; None if each text has its own
    """

    surplus: Floats
    price: Floats
    never: Bools
    reservation: Floats
    aspiration: Floats
    sending: Mapping[str, Floats] = field(default_factory=dict)
    asked: Mapping[str, Bools] = field(default_factory=dict)
    given: NDArray[np.uint8] | None = None
    promised: Mapping[str, float] = field(default_factory=dict)
    shared_columns: SharedColumns | None = None

    @cached_property
    def verdict(self) -> NDArray[np.uint8]:
        """(world, text) uint8, codes of `Verdict`."""
        if self.given is not None:
            return self.given
        return self.by_text(judge(self.surplus, self.never, self.price, self.aspiration))

    @cached_property
    def accepts(self) -> Bools:
        """(world, text) bool, whether the actor accepts."""
        if self.given is not None:
            return np.asarray(self.given == Verdict.ACCEPT)
        return self.by_text(accepted(self.surplus, self.never, self.aspiration))

    @cached_property
    def refuses(self) -> Bools:
        """(world, text) bool, whether it refuses even at its reservation value."""
        if self.given is not None:
            return np.asarray(self.given < REFUSALS_BELOW)
        return self.by_text(~accepted(self.surplus, self.never))

    def margin(self, resource: str | None = None) -> Floats:
        """Return (world, column) float, points to spare at the reservation value; minus infinity beyond `never`.

        The points are those for sending a resource, if one is named, and otherwise for accepting the text.
        """
        return np.where(self.never, -np.inf, self.surplus if resource is None else self.sending[resource])

    def sends(self, resource: str) -> Bools:
        """(world, text) bool, whether the actor accepts the text and sends what it can of a resource."""
        if resource in self.promised:
            return self.accepts if self.promised[resource] > 0 else np.zeros_like(self.accepts)
        if resource not in self.sending:
            return self.accepts
        return np.asarray(self.accepts & self.by_text(self.sending[resource] >= 0))

    @cached_property
    def gap(self) -> Floats:
        """(world, column) float, points missing for acceptance, or for sending what the actor is asked to send."""
        gap = to_points(self.aspiration - self.surplus)
        for resource, asked in self.asked.items():
            if not self.promised.get(resource, 0) and asked.any():
                gap = np.maximum(gap, np.where(asked, -self.sending[resource], -np.inf))
        return gap

    @property
    def utility(self) -> Floats:
        """(world, text) float, points."""
        return to_points(self.surplus + self.reservation + self.price)

    @property
    def shortfall(self) -> Floats:
        """(world, text) float, points short of acceptance, >= 0; red lines that no price can buy are not included."""
        return np.maximum(to_points(self.aspiration - self.surplus), 0)

    def pick(self, array: NDArray[Any], worlds: NDArray[np.intp], texts: NDArray[np.intp]) -> NDArray[Any]:
        """Return (pair,) of one of the arrays: the values for pairs of world and text."""
        if self.shared_columns is None or array.shape[1] == 1:
            return pick(array, worlds, texts)
        return pick(array, worlds, self.shared_columns.at(worlds, texts))

    def by_text(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return (world, text) of an array (world, column)."""
        return np.asarray(array) if self.shared_columns is None else self.shared_columns.over(array)
