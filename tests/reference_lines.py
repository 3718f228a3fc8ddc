"""Red lines as drafters see them: whether they may be for sale, and at what price.

Part of the reference implementation (`tests.reference`).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction

from sim.case.conditions import Condition
from sim.case.distributions import Choices, Distribution, Fixed
from sim.case.models import Case
from tests.reference import Number, exact


@dataclass(frozen=True)
class Line:
    """One red line of one actor."""

    owner: str
    rule: str
    declared: bool
    may_be_never: bool
    highest: float
    """The highest possible finite price, points; `-math.inf` if the price can only be `never`."""
    draw: str
    """The path of the number that is drawn for its price; lines may share a draw."""
    when: Condition = field(compare=False)

    @property
    def path(self) -> str:
        """The dotted path of its price."""
        return f"actors.{self.owner}.red_lines.{self.rule}.price"

    @property
    def only_never(self) -> bool:
        """Whether its price is `never` in every world."""
        return self.may_be_never and math.isinf(self.highest)


def lines_of(case: Case) -> tuple[Line, ...]:
    """All red lines, in the order of the case."""
    found = []
    for owner, actor in case.actors.items():
        for line in actor.red_lines:
            path = f"actors.{owner}.red_lines.{line.rule}.price"
            price = case.numbers[path]
            prices = choices_of(price.distribution)
            finite = [one for one in prices if one < math.inf]
            highest = max(finite, default=-math.inf)
            found.append(Line(owner, line.rule, line.declared, math.inf in prices, highest, price.draw, line.when))
    return tuple(found)


def choices_of(distribution: Distribution) -> tuple[float, ...]:
    """The possible prices of a fixed or discrete distribution, which may include `never`; empty for others."""
    if isinstance(distribution, Choices):
        pairs = zip(distribution.values, distribution.weights, strict=True)
        return tuple(value for value, weight in pairs if weight > 0)
    return (distribution.value,) if isinstance(distribution, Fixed) else ()


def price_believed(line: Line, price: Number, closed: Collection[Line]) -> Number:
    """The price of another actor's line as the drafters believe it to be, without the audience cost."""
    if line in closed:
        return math.inf
    if not line.may_be_never:
        return price
    return Fraction() if line.only_never else max(Fraction(), exact(line.highest))
