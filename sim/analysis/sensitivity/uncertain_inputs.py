"""The uncertain inputs of a scenario, namely drawn numbers and monthly shocks, and the groups they form.

A number has one of three kinds of support. It is `assumed` if it names an assumption, or if the scenario has changed
it (`sim.analysis.judging.sources` counts in the same way). It is `worded` if claims support it but its size is a word
of the codebook, whose scale is the case's own. It is `sourced` if claims support it and its range was read from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from sim.analysis.counterfactuals.parameters import in_words
from sim.analysis.judging.sources import rests_on_a_change
from sim.case.distributions import CodebookNumber, Fixed
from sim.case.models import Scenario
from sim.case.number_paths import NamedNumber
from sim.errors import UsageError

LUCK = "luck"
"""The group of all monthly shocks, which is a group of its own in every family."""
ASSUMED, WORDED, SOURCED = "assumed", "worded", "sourced"
FAMILIES = ("support", "owner", "kind")
"""The ways to group numbers, each by an attribute of `UncertainInput`."""
_KINDS = {
    "measures": "measure",
    "preferences": "preference",
    "scores": "preference",
    "weighs": "weight",
    "red_lines": "red_line_price",
    "capacities": "capacity",
    "when_sent": "sending",
    "slopes": "slope",
}
"""Part of a path that names a list, to the kind of its items; other parts are themselves kinds."""


@dataclass(frozen=True)
class UncertainInput:
    """One uncertain number of a scenario."""

    number: NamedNumber
    what: str
    support: str
    kind: str

    @property
    def owner(self) -> str:
        """The actor, or the part of the case, that it belongs to."""
        return self.number.owner


class UncertainNumberData(TypedDict):
    """What every result says about an uncertain number, besides its path."""

    what: str
    says: str
    owner: str
    support: str
    source: list[str]
    assumption: str | None
    note: str | None


@dataclass(frozen=True)
class InputGroup:
    """Columns that vary together."""

    name: str
    columns: frozenset[str]


def uncertain_numbers(scenario: Scenario) -> dict[str, UncertainInput]:
    """Return every number of a scenario that is not plain, by its path, in the order of the files.

    A number that always equals another is left out.
    """
    inputs = {}
    for path, number in scenario.case.numbers.items():
        if number.draw == path and not isinstance(number.distribution, Fixed):
            inputs[path] = UncertainInput(
                number, in_words(scenario.case, path), _support(number, scenario), _kind(path)
            )
    return inputs


def shock_columns(scenario: Scenario) -> tuple[str, ...]:
    """Return the columns of the monthly shocks between the first and the last month of the talks."""
    numbers = scenario.case.numbers
    return tuple(
        f"context.{name}.shock.{month}"
        for name in scenario.case.context
        if numbers[f"context.{name}.volatility"].distribution != Fixed(0.0)
        for month in range(1, scenario.protocol.months)
    )


def check_uncertain(scenario: Scenario, numbers: Mapping[str, UncertainInput], luck: Sequence[str]) -> None:
    """Refuse a scenario in which nothing is drawn.

    Raises UsageError if there are neither uncertain numbers nor shocks.
    """
    if not numbers and not luck:
        raise UsageError(f"Nothing is uncertain in '{scenario.id}': every number is plain. Give at least one a range.")


def group_families(numbers: dict[str, UncertainInput], luck: Sequence[str]) -> dict[str, list[InputGroup]]:
    """Return each family's groups, which together hold every column once; luck, if there is any, comes last."""
    families = {}
    for family in FAMILIES:
        members: dict[str, list[str]] = {}
        for path, number in numbers.items():
            members.setdefault(getattr(number, family), []).append(path)
        groups = [InputGroup(name, frozenset(paths)) for name, paths in members.items()]
        families[family] = [*groups, InputGroup(LUCK, frozenset(luck))] if luck else groups
    return families


def _support(number: NamedNumber, scenario: Scenario) -> str:
    if number.assumption or rests_on_a_change(number.path, scenario.case.changes):
        return ASSUMED
    return WORDED if isinstance(number.written, CodebookNumber) else SOURCED


def _kind(path: str) -> str:
    """Return the kind of a number by its path.

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
