"""What the talks remember: red lines that are known, closed or yielded, the paths of issues, and offers (model, 7)."""

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
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import Texts
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.verdict_rules import ActorParameters

Rows = NDArray[np.intp] | slice
NO_OPTION = 255
"""In place of every option of an offer that was never made; an issue has at most 255 options."""


@dataclass(frozen=True)
class RedLines:
    """All red lines of a case, actor by actor in the order of the case.

    A price is *open* if it may be `never` and may be something else: that is what drafters do not know of others.
    """

    case: Case

    @cached_property
    def of(self) -> Mapping[str, slice]:
        """Actor to the place of its lines among all."""
        ends = np.cumsum([0, *(len(actor.red_lines) for actor in self.case.actors.values())]).tolist()
        return {name: slice(*ends[at : at + 2]) for at, name in enumerate(self.case.actors)}

    @cached_property
    def listed(self) -> tuple[tuple[str, RedLine], ...]:
        """(line,) of owner and line."""
        return tuple((name, line) for name, actor in self.case.actors.items() for line in actor.red_lines)

    @cached_property
    def declared(self) -> Bools:
        """(line,) bool."""
        return np.array([line.declared for _, line in self.listed], dtype=bool)

    @cached_property
    def open(self) -> Bools:
        """(line,) bool, whether the price may be `never` and may be something else."""
        return np.array([math.inf in one and len(one) > 1 for one in self._prices], dtype=bool)

    @cached_property
    def only_never(self) -> Bools:
        """(line,) bool, whether the price can only be `never`."""
        return np.array([one == (math.inf,) for one in self._prices], dtype=bool)

    @cached_property
    def highest(self) -> Floats:
        """(line,) float, points, the highest finite price of a line whose price may be `never`; else 0."""
        finite = [[price for price in one if price < math.inf] for one in self._prices]
        return to_points(np.array([max(one, default=0.0) for one in finite]))

    @cached_property
    def same_draw(self) -> Bools:
        """(line, line) bool, whether two lines share the draw of their price."""
        draws = [self.case.draw_of(path) for path in self._paths]
        return np.array([[one == other for other in draws] for one in draws], dtype=bool).reshape(len(draws), -1)

    @cached_property
    def _paths(self) -> list[str]:
        return [f"actors.{name}.red_lines.{line.rule}.price" for name, line in self.listed]

    @cached_property
    def _prices(self) -> list[tuple[float, ...]]:
        """What each price may be, if it may be `never`; else nothing."""
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
        """Everybody's numbers as the drafters believe them to be.

        Parameters
        ----------
        drawn_parameters : of some worlds
        closed : (world, line) bool, which lines are known not to be for sale there
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
        some = self.of[parameters.name]
        opened, never = self.open[some], self.only_never[some]
        if not (opened | never).any():
            return parameters
        assumed = self.highest[some] + parameters.audience * self.declared[some]
        prices = np.where(opened, assumed, parameters.prices)
        return replace(parameters, prices=np.where(closed | never, 0.0, prices), nevers=closed)


@dataclass(frozen=True)
class Memory:
    """What the talks remember in each world.

    Parameters
    ----------
    known : (world, line) bool, lines that were declared, or that their owner was seen to defend
    closed : (world, line) bool, lines known not to be for sale
    yielded : (world, line) bool, lines to which the drafters gave way
    paths : (world, issue, option) bool, the options that drafts moved an issue through since the last retreat or event
    waited : (world,) int, the months in a row without a new draft
    """

    known: Bools
    closed: Bools
    yielded: Bools
    paths: Bools
    waited: NDArray[np.int64]

    @classmethod
    def begin(cls, lines: RedLines, sizes: NDArray[np.int64], count: int) -> Memory:
        """What is remembered before the first month."""
        known = np.tile(lines.declared, (count, 1))
        nothing = np.zeros_like(known)
        paths = np.zeros((count, len(sizes), int(sizes.max())), dtype=bool)
        return cls(known, known & lines.only_never, nothing, paths, np.zeros(count, dtype=np.int64))

    def only(self, rows: Rows) -> Memory:
        """Return the memory of some of the worlds."""
        return Memory(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})

    def put(self, rows: NDArray[np.intp], here: Memory) -> None:
        """Write back the memory of some of the worlds."""
        for one in fields(self):
            getattr(self, one.name)[rows] = getattr(here, one.name)

    @property
    def nowhere(self) -> Bools:
        """(world,) bool, False."""
        return np.zeros(len(self.waited), dtype=bool)

    def learnt(self, lines: RedLines, defended: Bools, expected: Mapping[str, Bools]) -> Memory:
        """Return the memory after everybody has answered a text.

        Parameters
        ----------
        defended : (world, line) bool, lines that the text crosses and whose owner answers with `red_line`
        expected : actor to (world, 1) bool, whether the drafters expected its surplus to be 0 or more
        """
        known = self.known | defended
        refuted = defended & lines.open & ~self.closed
        for name, some in lines.of.items():
            refuted[:, some] &= expected[name]
        refuted = (
            np.asarray(refuted.astype(np.uint8) @ lines.same_draw.astype(np.uint8) > 0) if refuted.any() else refuted
        )
        return replace(self, known=known, closed=self.closed | refuted | (known & lines.only_never))

    def without_paths(self, where: Bools) -> Memory:
        """Return the memory with the paths of some worlds, (world,) bool, begun again."""
        return replace(self, paths=self.paths & ~where[:, None, None])


def along(paths: Bools, before: Texts, after: Texts, chosen: Bools) -> Bools:
    """Return paths with both ends of the changes that drafts chose.

    Parameters
    ----------
    paths : (world, issue, option) bool
    before, after : (world, issue) uint8
    chosen : (world, issue) bool
    """
    extended: Any = paths.copy()
    worlds, issues = np.nonzero(chosen & (before != after))
    extended[worlds, issues, before[worlds, issues]] = True
    extended[worlds, issues, after[worlds, issues]] = True
    return np.asarray(extended)
