"""What is uncertain about a scenario: every number that is drawn, every monthly shock, and how these fall into groups.

A number rests on the source in one of three ways. It is `assumed` if it names an assumption, or the scenario has
changed it, as `sim.analysis.judging.sources` counts; it is `worded` if claims stand behind it, but its size is a word
of the codebook, whose scale is the case's own; it is `sourced` if claims stand behind it and its range was read from
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.analysis.counterfactuals.parameters import in_words
from sim.analysis.judging.sources import rests_on_a_change
from sim.case.distributions import CodebookNumber, Fixed
from sim.case.models import Scenario
from sim.case.number_paths import NamedNumber

LUCK = "luck"
"""The group of all monthly shocks, which is one of its own in every family."""
ASSUMED, WORDED, SOURCED = "assumed", "worded", "sourced"
FAMILIES = ("support", "owner", "kind")
"""By what numbers are grouped: what they rest on, whose they are, what they are."""
_KINDS = {
    "measures": "measure",
    "preferences": "preference",
    "weighs": "weight",
    "red_lines": "red_line_price",
    "capacities": "capacity",
    "when_sent": "sending",
    "slopes": "slope",
}
"""Parts of a path that name a list, to what one of them is; the other parts are what they say."""


@dataclass(frozen=True)
class UncertainInput:
    """One uncertain number of a scenario.

    Parameters
    ----------
    number : as the case has it
    what : it in words
    support : `ASSUMED`, `WORDED` or `SOURCED`
    kind : what it is: ``reservation``, ``slope``, ``red_line_price``, ...
    """

    number: NamedNumber
    what: str
    support: str
    kind: str

    @property
    def owner(self) -> str:
        """The actor, or the part of the case, that it belongs to."""
        return self.number.owner


@dataclass(frozen=True)
class InputGroup:
    """Columns that vary together.

    Parameters
    ----------
    name : of the group, or the path of the number that stands alone
    columns : of the uniforms
    """

    name: str
    columns: frozenset[str]


def uncertain_numbers(scenario: Scenario) -> dict[str, UncertainInput]:
    """Every number of a scenario that is not plain, by its path, in the order of the files.

    A number that is the same as another is not uncertain by itself.
    """
    found = {}
    for path, number in scenario.case.numbers.items():
        if number.draw == path and not isinstance(number.distribution, Fixed):
            found[path] = UncertainInput(number, in_words(scenario.case, path), _support(number, scenario), _kind(path))
    return found


def shock_columns(scenario: Scenario) -> tuple[str, ...]:
    """The columns of the monthly shocks between the first month of the talks and their last."""
    numbers = scenario.case.numbers
    return tuple(
        f"context.{name}.shock.{month}"
        for name in scenario.case.context
        if numbers[f"context.{name}.volatility"].distribution != Fixed(0.0)
        for month in range(1, scenario.protocol.months)
    )


def group_families(numbers: dict[str, UncertainInput], luck: Sequence[str]) -> dict[str, list[InputGroup]]:
    """Each family's groups, which together hold every column once; luck, if there is any, is the last."""
    by: dict[str, Callable[[UncertainInput], str]] = {
        "support": lambda one: one.support,
        "owner": lambda one: one.owner,
        "kind": lambda one: one.kind,
    }
    lucky = [InputGroup(LUCK, frozenset(luck))] if luck else []
    return {family: [*_grouped(numbers, by[family]), *lucky] for family in FAMILIES}


def _grouped(numbers: dict[str, UncertainInput], by: Callable[[UncertainInput], str]) -> list[InputGroup]:
    members: dict[str, list[str]] = {}
    for path, one in numbers.items():
        members.setdefault(by(one), []).append(path)
    return [InputGroup(name, frozenset(paths)) for name, paths in members.items()]


def _support(number: NamedNumber, scenario: Scenario) -> str:
    if number.assumption or rests_on_a_change(number.path, scenario.case.changes):
        return ASSUMED
    return WORDED if isinstance(number.written, CodebookNumber) else SOURCED


def _kind(path: str) -> str:
    """
    >>> _kind("actors.russia.reservation.slopes.us_aid.points"), _kind("actors.us.red_lines.nato_force.price")
    ('slope', 'red_line_price')
    >>> _kind("actors.us.reservation.base"), _kind("context.us_aid.start"), _kind("durability.scale")
    ('reservation', 'context', 'durability')
    >>> _kind("actors.uk.capacities.troops.amount"), _kind("actors.uk.capacities.troops.when_sent.at_home.points")
    ('capacity', 'sending')
    """
    part, *rest = path.split(".")
    if part == "actors":
        _, part, *rest = rest
        if rest[0] == "slopes":
            part = rest[0]
        elif rest[1:2] == ["when_sent"]:
            part = rest[1]
    return _KINDS.get(part, part)
