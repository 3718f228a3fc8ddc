"""A party's utilities in Genius: a weighted sum over issues, or a sum over hyper-rectangles.

A weighted sum adds weight times evaluation. Genius divides the evaluation of a value by the largest of its issue. The
evaluation of an integer is offset plus slope times its distance from the lower bound; that of a real number is linear,
constant or triangular in the number itself. Both linear ones are clipped to 0 and 1. Weights are used as they are
(Hindriks et al. 2009; Genius 10). NegMAS reads the same files without the division. A sum over hyper-rectangles is
divided by the largest utility that the file states; the bounds of a hyper-rectangle belong to it (Ito et al. 2007).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.analysis.interchange.domain import DomainIssue, Profile, UtilityPart
from sim.analysis.interchange.domain_folder import BY_INDEX
from sim.analysis.interchange.xml_tree import XmlElement
from sim.errors import did_you_mean

SMALLEST = 1e-5
"""If no evaluation of an issue is at least this large, Genius treats all of them as 0."""
NULL = "null"
"""What Genius writes for a number that was never entered."""


@dataclass(frozen=True)
class GeniusIssue:
    """An issue of a domain, with its index in the file, and the lower bound of its numbers, else 0."""

    of_domain: DomainIssue
    index: int
    low: float


@dataclass(frozen=True)
class GeniusProfile:
    """A party's utilities, what a case cannot say of them, and how they were read where that leaves a choice."""

    profile: Profile
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def read_profile(tree: XmlElement, issues: Sequence[GeniusIssue], by: str) -> GeniusProfile:
    """Read the utilities of a file; issues are matched with the domain's by name or by index."""
    notes = list[str]()
    nonlinear = next(tree.descendants("ufun"), None) is not None
    parts = _rectangles(tree, issues, notes) if nonlinear else _weighted(tree, issues, by, notes)
    reservation = _said(tree, "reservation")
    profile = Profile(
        name=Path(tree.file).stem,
        file=tree.file,
        parts=tuple(parts),
        reservation=0.0 if reservation is None else reservation,
    )
    return GeniusProfile(profile, tuple(_left_out(tree)), tuple(notes))


def _said(tree: XmlElement, tag: str) -> float | None:
    """The number of an element that may be missing or never entered."""
    element = next(tree.descendants(tag), None)
    return None if element is None or element.attributes.get("value") == NULL else element.number("value")


def _left_out(tree: XmlElement) -> Iterator[str]:
    discount = _said(tree, "discount_factor")
    if discount is not None and discount not in (0.0, 1.0):
        yield f"{tree.file}: the discount factor {discount:g} (points do not shrink with time)"


# -- weighted sums -----------------------------------------------------------------------------------------------------


def _weighted(tree: XmlElement, issues: Sequence[GeniusIssue], by: str, notes: list[str]) -> Iterator[UtilityPart]:
    weights = {weight.whole("index"): weight for weight in tree.descendants("weight")}
    for at, (issue, element) in enumerate(zip(issues, _matched(tree, issues, by, notes), strict=True)):
        index = element.whole("index")
        if index not in weights:
            raise element.error(f"the issue '{issue.of_domain.name}' has no <weight> with its index.")
        weight = weights[index].number("value")
        for value, evaluation in enumerate(_evaluations(element, issue, notes)):
            yield UtilityPart({at: (value,)}, weight * evaluation)


def _matched(tree: XmlElement, issues: Sequence[GeniusIssue], by: str, notes: list[str]) -> list[XmlElement]:
    """The element of each issue of the domain, by the name or the index of the issue."""
    elements, names = list(tree.descendants("issue")), [issue.of_domain.name for issue in issues]
    by_name = {element.text("name"): element for element in elements}
    if by == BY_INDEX:
        by_index = {element.whole("index"): element for element in elements}
        if missing := next((issue for issue in issues if issue.index not in by_index), None):
            name = missing.of_domain.name
            raise tree.error(f"the index {missing.index} of the issue '{name}' is missing from these utilities.")
        return [by_index[issue.index] for issue in issues]
    for name, element in by_name.items():
        if name not in names:
            hint = did_you_mean(name, names) or f" Choose from {', '.join(names)}."
            raise element.error(f"the domain has no issue '{name}'.{hint}")
    if absent := next((name for name in names if name not in by_name), None):
        raise tree.error(f"the issue '{absent}' is missing from these utilities.")
    moved = [issue for issue in issues if by_name[issue.of_domain.name].whole("index") != issue.index]
    if moved:
        named = " and ".join(f"'{issue.of_domain.name}'" for issue in moved)
        notes.append(
            f"{tree.file}: the index of {named} differs from the domain's; "
            "issues are matched by name (Genius matches by index: --by index)"
        )
    return [by_name[name] for name in names]


def _evaluations(element: XmlElement, issue: GeniusIssue, notes: list[str]) -> list[float]:
    """The evaluation of each value, at most 1."""
    items = {item.text("value"): item for item in element.children_of("item")}
    name, known = issue.of_domain.name, list(map(str, issue.of_domain.values))
    if not items and (evaluator := next(iter(element.children_of("evaluator")), None)):
        return [_evaluated(evaluator, issue, float(value)) for value in issue.of_domain.values]
    for value, item in items.items():
        if value not in known:
            hint = did_you_mean(value, known) or f" Choose from {', '.join(known)}."
            raise item.error(f"'{value}' is not a value of '{name}'.{hint}")
    for value in known:
        if value not in items:
            raise element.error(f"the value '{value}' of '{name}' has no evaluation.")
    unset = [value for value in known if items[value].attributes.get("evaluation") == NULL]
    if unset:
        notes.append(f"{element.file}: the evaluation of {', '.join(unset)} in '{name}' is {NULL}, taken as 0")
    evaluations = [0.0 if value in unset else items[value].number("evaluation") for value in known]
    largest = max(evaluations)
    return [evaluation / largest if largest >= SMALLEST else 0.0 for evaluation in evaluations]


def _evaluated(evaluator: XmlElement, issue: GeniusIssue, value: float) -> float:
    """The evaluation of a number. Integers have an offset and a slope, real numbers have parameters."""
    kind = evaluator.attributes.get("ftype", "linear")
    if kind == "linear" and "parameter1" not in evaluator.attributes:
        distance = value - issue.low
        return min(max(evaluator.number("offset") + evaluator.number("slope") * distance, 0.0), 1.0)
    if kind == "linear":
        return min(max(evaluator.number("parameter0") + evaluator.number("parameter1") * value, 0.0), 1.0)
    if kind == "constant":
        return evaluator.number("parameter0")
    if kind == "triangular":
        low, high, top = (evaluator.number(f"parameter{number}") for number in range(3))
        if not low <= value < high:
            return 0.0
        return (value - low) / (top - low) if value < top else 1 - (value - top) / (high - top)
    known = "only linear, constant and triangular ones are read"
    raise evaluator.error(f"the evaluator of '{issue.of_domain.name}' is '{kind}'; {known}.")


# -- hyper-rectangles --------------------------------------------------------------------------------------------------


def _rectangles(tree: XmlElement, issues: Sequence[GeniusIssue], notes: list[str]) -> Iterator[UtilityPart]:
    whole = next((element for tag in ("utility", "utility_function") for element in tree.descendants(tag)), tree)
    most = whole.number("maxutility")
    if most <= 0:
        raise whole.error(f"maxutility is {most:g}; utilities are divided by it, so it must be above 0.")
    notes.append(f"{tree.file}: utilities are taken as shares of maxutility, {most:g}, and are not cut off at 1")
    by_index = {issue.index: at for at, issue in enumerate(issues)}
    for function in whole.children_of("ufun"):
        yield from _summed(function, issues, by_index, 1 / most)


def _summed(
    function: XmlElement, issues: Sequence[GeniusIssue], by_index: dict[int, int], factor: float
) -> Iterator[UtilityPart]:
    """The parts of a sum, each times a factor; a sum may hold others."""
    kind = function.attributes.get("aggregation", "sum")
    if kind.lower() != "sum":
        raise function.error(f"utilities are aggregated by '{kind}'; only sums are read.")
    for rectangle in function.children_of("hyperRectangle"):
        name = "utility" if "utility" in rectangle.attributes else "utility_function"
        worth = rectangle.number(name) * _weight(rectangle) * factor
        without = rectangle.children_of("EXCLUDES")
        where = _where(without or rectangle.children_of("INCLUDES"), issues, by_index)
        if without:
            yield UtilityPart({}, worth)
        yield UtilityPart(where, -worth if without else worth)
    for inner in function.children_of("ufun"):
        yield from _summed(inner, issues, by_index, factor * _weight(inner))


def _weight(element: XmlElement) -> float:
    return element.number("weight") if "weight" in element.attributes else 1.0


def _where(
    bounds: Sequence[XmlElement], issues: Sequence[GeniusIssue], by_index: dict[int, int]
) -> dict[int, tuple[int, ...]]:
    """The values of each issue within some bounds; the bounds themselves are within."""
    where = dict[int, tuple[int, ...]]()
    for bound in bounds:
        index, low, high = bound.whole("index"), bound.number("min"), bound.number("max")
        if index not in by_index:
            known = ", ".join(map(str, by_index))
            raise bound.error(f"index='{index}' is not the index of an issue. Choose from {known}.")
        at = by_index[index]
        issue = issues[at].of_domain
        try:
            numbers = [float(value) for value in issue.values]
        except ValueError:
            raise bound.error(f"bounds need numbers, but '{issue.name}' has words as values.") from None
        within = tuple(value for value, number in enumerate(numbers) if low <= number <= high)
        where[at] = tuple(value for value in within if value in where.get(at, within))
    return where
