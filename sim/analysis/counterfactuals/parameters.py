"""The numbers of a case as parameters that may be moved: their present values, ranges, units and sources."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median

from sim.analysis.judging.sources import SourcedNumber, sources
from sim.analysis.subject import Target, case_of
from sim.case.distributions import LARGEST, Fixed
from sim.case.models import Actor, Case
from sim.engine.measures import HIGHEST, LOWEST
from sim.negotiation.answers.evaluation import DIGITS

STEP = 10.0**-DIGITS
"""Values are tried in steps of thousandths, as pages report them, so that a reported value can be set exactly."""
DEFAULT_REACH = 1.0
"""The range of a plain zero on either side, if the case has no other number of its kind."""
OF_SCALE = 0.25
"""The range of a plain level on either side, as a share of its scale; further off, it would be another case."""


@dataclass(frozen=True)
class Parameter:
    """One number of a case.

    Parameters
    ----------
    path : its dotted path
    draw : the path of the number whose draw it shares, usually its own
    also : the paths of the numbers that share its draw, and move with it
    what : its description, such as ``the price of Russia's red line western_troops``
    unit : the unit of its values
    present : its central value; infinity stands for the price `never`
    low, high : its range, finite
    range : the origin of the range: ``case`` (its distribution), ``declared`` (a plain number, see `parameters_of`),
        ``none`` (a price that can only be `never`)
    least, most : the lowest and the highest value that a file may set
    never : whether `never` is among its values
    entry : its entry in `sources`
    """

    path: str
    draw: str
    also: tuple[str, ...]
    what: str
    unit: str
    present: float
    low: float
    high: float
    range: str
    least: float
    most: float
    never: bool
    entry: SourcedNumber

    @property
    def has_own_draw(self) -> bool:
        """Whether it has a draw of its own. If not, it moves with another number unless it is set by itself."""
        return self.draw == self.path

    @property
    def width(self) -> float:
        """The width of its range; 0 if it has none."""
        return self.high - self.low

    def distance(self, value: float) -> float | None:
        """Return how far a value is from the present one, in ranges; None if there is no range.

        From `never` to any price is one range, plus the distance from the highest price of the case.
        """
        if value == self.present:
            return 0.0
        if self.range == "none":
            return None
        if math.isinf(value) or math.isinf(self.present):
            finite = min(value, self.present)
            return 1 + (max(0.0, self.high - finite) / self.width if self.width else 0.0)
        return abs(value - self.present) / self.width

    def within(self, value: float) -> bool:
        """Return whether a value is within the range."""
        if math.isinf(value) or (self.never and value > self.high):
            return self.range == "case"
        return self.range != "none" and self.low <= value <= self.high


@dataclass(frozen=True)
class _ParameterKind:
    """What all numbers of one kind share, and the description of one of them."""

    kind: tuple[str, ...]
    what: str
    unit: str = "points"
    least: float = -LARGEST
    most: float = LARGEST


def parameters_of(target: Target) -> dict[str, Parameter]:
    """Return every number of a case by its path, after the changes of the scenario.

    The range of a number is that of its distribution. Between the choices of a discrete distribution, every value is
    tried; the range of a price that may be `never` starts at 0. A plain number has no range of its own. It gets one
    from 0 to twice its value; a plain zero gets one as wide as the median range of its kind, and a level on a scale,
    such as the base of a measure, a quarter of the scale on either side.
    """
    case, entries = case_of(target), {entry["path"]: entry for entry in sources(target)["numbers"]}
    kinds = {path: _kind(case, path) for path in case.numbers}
    widths: dict[tuple[str, ...], list[float]] = {}
    for path, kind in kinds.items():
        low, high, _ = _spread(case, path)
        if 0 < high - low < math.inf:
            widths.setdefault(kind.kind, []).append(high - low)
    shared: dict[str, list[str]] = {}
    for path, number in case.numbers.items():
        if number.draw != path:
            shared.setdefault(number.draw, []).append(path)
    return {
        path: _parameter(case, path, kind, widths, entries[path], tuple(shared.get(path, ())))
        for path, kind in kinds.items()
    }


def _parameter(
    case: Case,
    path: str,
    kind: _ParameterKind,
    widths: Mapping[tuple[str, ...], list[float]],
    entry: SourcedNumber,
    also: tuple[str, ...],
) -> Parameter:
    low, high, origin = _spread(case, path)
    distribution = case.numbers[path].distribution
    if origin == "declared" and max(-kind.least, kind.most) < LARGEST:
        reach = OF_SCALE * (kind.most - kind.least)
        low, high = distribution.central - reach, distribution.central + reach
    elif origin == "declared" and low == high:
        reach = median(widths[kind.kind]) / 2 if kind.kind in widths else DEFAULT_REACH
        low, high = low - reach, high + reach
    bottom, top = distribution.range
    never = math.isinf(top)
    # A file may go beyond these bounds, for example with a measure that starts off its scale.
    least, most = min(kind.least, bottom), max(kind.most, 0 if never else top)
    return Parameter(
        path=path,
        draw=case.numbers[path].draw,
        also=also,
        what=kind.what,
        unit=kind.unit,
        present=distribution.central,
        low=max(low, least),
        high=min(high, most),
        range=origin,
        least=least,
        most=most,
        never=never,
        entry=entry,
    )


def _spread(case: Case, path: str) -> tuple[float, float, str]:
    """The range of a number and its origin; the range of a plain zero is still empty."""
    distribution = case.numbers[path].distribution
    low, high = distribution.range
    if math.isinf(high):
        finite = [value for value in getattr(distribution, "values", ()) if math.isfinite(value)]
        return (0.0, max(finite), "case") if finite else (0.0, 0.0, "none")
    if low < high and not isinstance(distribution, Fixed):
        return low, high, "case"
    return min(0.0, 2 * low), max(0.0, 2 * low), "declared"


def in_words(case: Case, path: str) -> str:
    """Return the description of a number, such as ``the price of Russia's red line western_troops``."""
    return _kind(case, path).what


def _kind(case: Case, dotted: str) -> _ParameterKind:
    """The kind of a number, from the parts of its path (`docs/reference/files.md`)."""
    path = dotted.split(".")
    match path:
        case ["context", name, key]:
            return _of_context(case, name, key)
        case ["measures", name, "base"]:
            return _ParameterKind(("measure",), f"the base of {name}", "points out of 100", LOWEST, HIGHEST)
        case ["measures", name, "rules", rule, _]:
            return _ParameterKind(("measure", "rule"), f"what {rule} adds to {name}", "points out of 100")
        case ["durability", "temptation", "base"]:
            return _ParameterKind(("temptation",), "the temptation to go to war again (base)")
        case ["durability", "temptation", "slopes", name, _]:
            return _ParameterKind(("slope",), f"the slope of the temptation on {name}", f"points per unit of {name}")
        case ["durability", *_]:
            return _ParameterKind(("scale",), "the scale of durability", "points per unit of log-odds", least=STEP)
        case _:
            kind = _of_actor(_possessive(case.actors[path[1]].name), path[2:])
            per = _per(case.actors[path[1]], path[2:])
            return kind if per is None else replace(kind, unit=f"points per unit of {per}")


def _per(actor: Actor, path: list[str]) -> str | None:
    """The issue for each unit of which a rule of an actor gives points; None if it gives them once."""
    match path:
        case ["preferences", name, _]:
            rules = actor.preferences
        case ["capacities", resource, "when_sent", name, _]:
            rules = actor.capacities[resource].when_sent
        case _:
            return None
    return next(rule.per for rule in rules if rule.rule == name)


def _of_context(case: Case, name: str, key: str) -> _ParameterKind:
    indicator = case.context[name]
    if key == "start":
        low, high = float(indicator.low), float(indicator.high)
        return _ParameterKind(("start",), f"{name} at the start", f"on a scale of {low:g} to {high:g}", low, high)
    if key == "drift":
        return _ParameterKind((key,), f"the drift of {name}", "per month")
    return _ParameterKind((key,), f"the volatility of {name}", "per month", least=0)


def _of_actor(whose: str, path: list[str]) -> _ParameterKind:
    match path:
        case ["reservation", "base"]:
            return _ParameterKind(("reservation",), f"{whose} reservation value (base)")
        case ["reservation", "slopes", name, _]:
            return _ParameterKind(
                ("slope",), f"the slope of {whose} reservation value on {name}", f"points per unit of {name}"
            )
        case ["preferences", rule, _]:
            return _ParameterKind(("preference",), f"what {rule} is worth in {whose} eyes")
        case ["scores", issue, *option]:
            return _ParameterKind(("preference",), f"{whose} score for {issue} {'.'.join(option)}")
        case ["weighs", name, _]:
            return _ParameterKind(("weight",), f"{whose} weight on {name}", f"points per point of {name}")
        case ["red_lines", rule, _]:
            return _ParameterKind(("price",), f"the price of {whose} red line {rule}", least=0)
        case ["aspiration", "e"]:
            return _ParameterKind(("e",), f"{whose} way of conceding (e, below 1 late, above 1 early)", "", least=STEP)
        case ["aspiration", _]:
            return _ParameterKind(("opening",), f"{whose} opening aspiration", least=0)
        case ["audience_cost", _]:
            return _ParameterKind(("audience",), f"{whose} audience cost", least=0)
        case ["capacities", resource, "when_sent", rule, _]:
            return _ParameterKind(("sending",), f"what {rule} counts in {whose} decision to send {resource}")
        case _:
            return _ParameterKind(("capacity", path[1]), f"{whose} capacity of {path[1]}", path[1], least=0)


def _possessive(name: str) -> str:
    """
    >>> _possessive("Russia"), _possessive("United States")
    ("Russia's", "United States'")
    """
    return f"{name}'" if name.endswith("s") else f"{name}'s"
