"""What the talks remember: known, closed and yielded red lines, the paths of issues, and waiting (model, section 7)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.distributions import Choices, Fixed
from sim.case.models import Case, RedLine
from sim.engine.drawn_parameters import ActorParameters, DrawnParameters
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import Texts
from sim.engine.rule_matrix import Bools, Floats

Rows = NDArray[np.intp] | slice
NO_OPTION = 255
"""Fills an offer that was never made in place of options; an issue has at most 255 options."""


@dataclass(frozen=True)
class RedLines:
    """All red lines of a case, actor by actor, in the order of the case.

    A price is *open* if it may be `never` but may also be finite: this is what drafters do not know about others.
    """

    case: Case

    @cached_property
    def of(self) -> Mapping[str, slice]:
        """Actor to the slice of its lines among all lines."""
        ends = np.cumsum([0, *(len(actor.red_lines) for actor in self.case.actors.values())]).tolist()
        return {name: slice(*ends[index : index + 2]) for index, name in enumerate(self.case.actors)}

    @cached_property
    def listed(self) -> tuple[tuple[str, RedLine], ...]:
        """(line,) pairs of the owner's id and the line."""
        return tuple((name, line) for name, actor in self.case.actors.items() for line in actor.red_lines)

    @cached_property
    def declared(self) -> Bools:
        """(line,) bool, whether the line is declared."""
        return np.array([line.declared for _, line in self.listed], dtype=bool)

    @cached_property
    def open(self) -> Bools:
        """(line,) bool, whether the price may be `never` but may also be finite."""
        return np.array([math.inf in prices and len(prices) > 1 for prices in self._prices], dtype=bool)

    @cached_property
    def only_never(self) -> Bools:
        """(line,) bool, whether the price can only be `never`."""
        return np.array([prices == (math.inf,) for prices in self._prices], dtype=bool)

    @cached_property
    def highest(self) -> Floats:
        """(line,) float, points, the highest finite price of a line whose price may be `never`; 0 for other lines."""
        finite = [[price for price in prices if price < math.inf] for prices in self._prices]
        return to_points(np.array([max(prices, default=0.0) for prices in finite]))

    @cached_property
    def same_draw(self) -> Bools:
        """(line, line) bool, whether two lines share the draw of their price."""
        draws = [self.case.draw_of(path) for path in self._paths]
        return np.array([[draw == other for other in draws] for draw in draws], dtype=bool).reshape(len(draws), -1)

    @cached_property
    def _paths(self) -> list[str]:
        return [f"actors.{name}.red_lines.{line.rule}.price" for name, line in self.listed]

    @cached_property
    def _prices(self) -> list[tuple[float, ...]]:
        """(line,) of the possible prices of a line that may be `never`; empty for other lines."""
        prices = []
        for path in self._paths:
            match self.case.numbers[path].distribution:
                case Choices(values, weights):
                    values = tuple(value for value, weight in zip(values, weights, strict=True) if weight > 0)
                case Fixed(value):
                    values = (value,)
                case _:
                    values = ()
            prices.append(values if math.inf in values else ())
        return prices

    def believed(self, drawn_parameters: DrawnParameters, closed: Bools, insiders: frozenset[str]) -> DrawnParameters:
        """Return everybody's numbers as the drafters believe them to be.

        Parameters
        ----------
        drawn_parameters : of some worlds
        closed : (world, line) bool, the lines known not to be for sale
        insiders : the drafters and sponsors, who know their own numbers
        """
        actor_parameters = tuple(
            parameters
            if parameters.name in insiders
            else self._believed(parameters, closed[:, self.of[parameters.name]])
            for parameters in drawn_parameters.actor_parameters
        )
        return replace(drawn_parameters, actor_parameters=actor_parameters)

    def _believed(self, parameters: ActorParameters, closed: Bools) -> ActorParameters:
        lines = self.of[parameters.name]
        open_, never = self.open[lines], self.only_never[lines]
        if not (open_ | never).any():
            return parameters
        assumed = self.highest[lines] + parameters.audience * self.declared[lines]
        prices = np.where(open_, assumed, parameters.prices)
        return replace(parameters, prices=np.where(closed | never, 0.0, prices), nevers=closed)


@dataclass(frozen=True)
class Memory:
    """What the talks remember in each world.

    Parameters
    ----------
    known : (world, line) bool, lines that are declared, or that their owner has defended with `red_line`
    closed : (world, line) bool, lines known not to be for sale
    yielded : (world, line) bool, lines to which the drafters gave way
    paths : (world, issue, option) bool, the options that an issue has had in drafts since the last retreat or event
    waited : (world,) int, months in a row without a new draft
    """

    known: Bools
    closed: Bools
    yielded: Bools
    paths: Bools
    waited: NDArray[np.int64]

    @classmethod
    def begin(cls, lines: RedLines, sizes: NDArray[np.int64], count: int) -> Memory:
        """Return the memory before the first month.

        Parameters
        ----------
        sizes : (issue,) int, numbers of options
        count : the number of worlds
        """
        known = np.tile(lines.declared, (count, 1))
        paths = np.zeros((count, len(sizes), int(sizes.max())), dtype=bool)
        return cls(known, known & lines.only_never, np.zeros_like(known), paths, np.zeros(count, dtype=np.int64))

    def only(self, rows: Rows) -> Memory:
        """Return the memory of some of the worlds."""
        return Memory(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def put(self, rows: NDArray[np.intp], memory: Memory) -> None:
        """Write back the memory of some of the worlds."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(memory, field.name)

    def after_answers(self, lines: RedLines, defended: Bools, expected: Mapping[str, Bools]) -> Memory:
        """Return the memory after everybody has answered a text.

        Parameters
        ----------
        defended : (world, line) bool, lines that the text crosses and whose owner answers with `red_line`
        expected : actor to (world, 1) bool, whether the drafters expected its surplus to be 0 or more
        """
        known = self.known | defended
        refuted = defended & lines.open & ~self.closed
        for name, own in lines.of.items():
            refuted[:, own] &= expected[name]
        if refuted.any():
            refuted = np.asarray(refuted.astype(np.uint8) @ lines.same_draw.astype(np.uint8) > 0)
        return replace(self, known=known, closed=self.closed | refuted | (known & lines.only_never))


def extended_paths(paths: Bools, before: Texts, after: Texts, chosen: Bools) -> Bools:
    """Return paths with the options before and after the changes that drafts chose.

    Parameters
    ----------
    paths : (world, issue, option) bool
    before, after : (world, issue) uint8, texts
    chosen : (world, issue) bool
    """
    extended: Any = paths.copy()
    worlds, issues = np.nonzero(chosen & (before != after))
    extended[worlds, issues, before[worlds, issues]] = True
    extended[worlds, issues, after[worlds, issues]] = True
    return np.asarray(extended)
