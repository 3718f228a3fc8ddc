"""Domains of Genius, as published for the ANAC competitions: one XML file of issues, and one of utilities per party.

The utility of an outcome is the sum over the issues of weight times evaluation. Genius divides the evaluation of a
value by the largest of its issue. The evaluation of an integer is offset plus slope times its distance from the lower
bound, clipped to 0 and 1. Weights are used as they are (Hindriks et al. 2009; Genius 10). NegMAS reads the same files
without the division.

References
----------
Hindriks, K., Jonker, C. M., Kraus, S., Lin, R. and Tykhonov, D. (2009). Genius: negotiation environment for
heterogeneous agents. *AAMAS 2009*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.analysis.interchange.domain import Domain, DomainIssue, Profile, UtilityPart, domain_file
from sim.analysis.interchange.xml_tree import XmlElement, read_xml
from sim.case.conditions import Option
from sim.case.validation import OPTIONS_MOST
from sim.errors import CaseError, did_you_mean

DOMAIN, PROFILE = "negotiation_template", "utility_space"
SMALLEST = 1e-5
"""If no evaluation of an issue is at least this large, Genius treats all of them as 0."""


def read_genius(path: Path) -> Domain:
    """Read a domain of Genius.

    `path` is its folder, or the file of its issues, in whose folder the files of utilities are. Raises CaseError with
    the file and the place of a value that is missing, is not a number, or has no counterpart in a case.
    """
    folder = path if path.is_dir() else path.parent
    trees = [read_xml(file) for file in sorted(folder.glob("*.xml"))]
    domains = [tree for tree in trees if tree.tag == DOMAIN and (path.is_dir() or tree.file == path.as_posix())]
    profiles = [tree for tree in trees if tree.tag == PROFILE]
    domain = domain_file(path, domains, profiles, (f"<{DOMAIN}>", f"<{PROFILE}>"))
    elements = list(domain.descendants("issue"))
    if not elements:
        raise domain.error("this domain has no <issue>.")
    issues = tuple(map(_issue, elements))
    names = [issue.name for issue in issues]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise elements[index].error(f"a second issue is called '{name}'. Rename one of them.")
    others = [tree.file for tree in trees if tree.tag not in (DOMAIN, PROFILE)]
    return Domain(
        program="genius",
        name=Path(domain.file).stem,
        file=domain.file,
        issues=issues,
        profiles=tuple(_profile(tree, issues) for tree in profiles),
        left_out=(
            *(note for tree in profiles for note in _left_out(tree)),
            *(f"{file} holds neither issues nor utilities" for file in others),
        ),
    )


def _issue(element: XmlElement) -> DomainIssue:
    kind, items = element.attributes.get("type", "discrete"), element.children_of("item")
    if kind == "discrete":
        if len(items) < 2:
            name = element.text("name")
            raise element.error(f"issue '{name}' has {len(items)} values; an issue of a case has 2 or more.")
        values: tuple[Option, ...] = tuple(item.text("value") for item in items)
    elif kind == "integer":
        bounds = next(iter(element.children_of("range")), element)
        low, high = bounds.whole("lowerbound"), bounds.whole("upperbound")
        if high <= low:
            message = (
                f"the upper bound of issue '{element.text('name')}' ({high}) must be above the lower bound ({low})."
            )
            raise element.error(message)
        if high - low >= OPTIONS_MOST:
            raise _too_many(element, high - low + 1)
        values = tuple(range(low, high + 1))
    else:
        name = element.text("name")
        raise element.error(f"issue '{name}' is of type '{kind}'; only discrete and integer issues can be imported.")
    if len(values) > OPTIONS_MOST:
        raise _too_many(element, len(values))
    if twice := next((value for value in values if values.count(value) > 1), None):
        raise element.error(f"issue '{element.text('name')}' has the value '{twice}' twice.")
    return DomainIssue(element.text("name"), values)


def _too_many(element: XmlElement, count: int) -> CaseError:
    name = element.text("name")
    return element.error(f"issue '{name}' has {count:,} values; an issue of a case has at most {OPTIONS_MOST}.")


def _profile(tree: XmlElement, issues: Sequence[DomainIssue]) -> Profile:
    if ufun := next(tree.descendants("ufun"), None):
        raise ufun.error("utilities over hyper-volumes (<ufun>) are not read; only sums of weighted evaluations are.")
    elements = {element.text("name"): element for element in tree.descendants("issue")}
    weights = {weight.whole("index"): weight for weight in tree.descendants("weight")}
    known = [issue.name for issue in issues]
    for name, element in elements.items():
        if name not in known:
            hint = did_you_mean(name, known) or f" Choose from {', '.join(known)}."
            raise element.error(f"the domain has no issue '{name}'.{hint}")
    parts = []
    for index, issue in enumerate(issues):
        if issue.name not in elements:
            raise tree.error(f"the issue '{issue.name}' is missing from these utilities.")
        element = elements[issue.name]
        if element.whole("index") not in weights:
            raise element.error(f"the issue '{issue.name}' has no <weight> with its index.")
        weight = weights[element.whole("index")].number("value")
        parts += [
            UtilityPart({index: (value,)}, weight * evaluation)
            for value, evaluation in enumerate(_evaluations(element, issue))
        ]
    reservation = next(tree.descendants("reservation"), None)
    return Profile(
        name=Path(tree.file).stem,
        file=tree.file,
        parts=tuple(parts),
        reservation=reservation.number("value") if reservation else 0.0,
    )


def _evaluations(element: XmlElement, issue: DomainIssue) -> list[float]:
    """The evaluation of each value, from 0 to 1."""
    items = {item.text("value"): item for item in element.children_of("item")}
    if not items and (evaluator := next(iter(element.children_of("evaluator")), None)):
        return _linear(evaluator, issue)
    known = list(map(str, issue.values))
    for name, item in items.items():
        if name not in known:
            hint = did_you_mean(name, known) or f" Choose from {', '.join(known)}."
            raise item.error(f"'{name}' is not a value of '{issue.name}'.{hint}")
    for name in known:
        if name not in items:
            raise element.error(f"the value '{name}' of '{issue.name}' has no evaluation.")
    evaluations = [items[name].number("evaluation") for name in known]
    if min(evaluations) < 0:
        raise element.error(f"an evaluation of '{issue.name}' is below 0.")
    largest = max(evaluations)
    return [evaluation / largest if largest >= SMALLEST else 0.0 for evaluation in evaluations]


def _linear(evaluator: XmlElement, issue: DomainIssue) -> list[float]:
    kind = evaluator.attributes.get("ftype", "linear")
    if kind != "linear":
        raise evaluator.error(f"the evaluator of '{issue.name}' is '{kind}'; only linear ones are read.")
    offset, slope = evaluator.number("offset"), evaluator.number("slope")
    return [min(max(offset + slope * distance, 0.0), 1.0) for distance in range(len(issue.values))]


def _left_out(tree: XmlElement) -> Iterator[str]:
    for discount in tree.descendants("discount_factor"):
        if discount.number("value") not in (0.0, 1.0):
            yield f"{tree.file}: the discount factor {discount.number('value'):g} (points do not shrink with time)"
