"""Domains of Genius, as published for the ANAC competitions: one XML file of issues, and one of utilities per party.

References
----------
Hindriks, K., Jonker, C. M., Kraus, S., Lin, R. and Tykhonov, D. (2009). Genius: negotiation environment for
heterogeneous agents. *AAMAS 2009*.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from sim.analysis.interchange.domain import Domain, DomainIssue
from sim.analysis.interchange.domain_folder import ReadingChoices, choose_files, files_in, joined
from sim.analysis.interchange.genius_profile import GeniusIssue, read_profile
from sim.analysis.interchange.value_range import NoValuesError, real_numbers, whole_numbers
from sim.analysis.interchange.xml_tree import XmlElement, read_xml
from sim.case.checks.validation import OPTIONS_MOST
from sim.case.conditions import Option

DOMAIN, PROFILE = "negotiation_template", "utility_space"


def read_genius(path: Path, choices: ReadingChoices) -> Domain:
    """Read a domain of Genius.

    `path` is its folder, or the file of its issues, in whose folder the files of utilities are. Raises CaseError with
    the file and the place of a value that is missing, is not a number, or has no counterpart in a case.
    """
    files, left_out = files_in(path, (".xml",))
    found = {file: read_xml(file) for file in files}
    left_out += [f"{file.as_posix()} is not XML" for file, tree in found.items() if tree is None]
    trees = [tree for tree in found.values() if tree is not None]
    domain, profiles, others = choose_files(
        path,
        [tree for tree in trees if tree.tag == DOMAIN],
        [tree for tree in trees if tree.tag == PROFILE],
        choices,
        name_of=lambda tree: tree.file,
        marks=(f"<{DOMAIN}>", f"<{PROFILE}>"),
    )
    issues, notes = _issues(domain, choices.steps)
    read = [read_profile(tree, issues, choices.by) for tree in profiles]
    return Domain(
        program="genius",
        name=Path(domain.file).stem,
        file=domain.file,
        issues=tuple(issue.of_domain for issue in issues),
        profiles=tuple(one.profile for one in read),
        left_out=(
            *chain.from_iterable(one.left_out for one in read),
            *(f"{tree.file} holds neither issues nor utilities" for tree in trees if tree.tag not in (DOMAIN, PROFILE)),
            *left_out,
        ),
        notes=joined([notes, others, *(one.notes for one in read)]),
    )


def _issues(domain: XmlElement, steps: int | None) -> tuple[list[GeniusIssue], list[str]]:
    """The issues of a domain, and notes on how their values were chosen."""
    elements, issues, notes = list(domain.descendants("issue")), list[GeniusIssue](), list[str]()
    if not elements:
        raise domain.error("this domain has no <issue>.")
    for position, element in enumerate(elements, 1):
        name = element.text("name")
        if any(issue.of_domain.name == name for issue in issues):
            raise element.error(f"a second issue is called '{name}'. Rename one of them.")
        index = element.whole("index") if "index" in element.attributes else position
        values, low, note = _values(element, name, steps)
        issues.append(GeniusIssue(DomainIssue(name, values), index, low))
        notes += [note] if note else []
    return issues, notes


def _values(element: XmlElement, name: str, steps: int | None) -> tuple[tuple[Option, ...], float, str | None]:
    """The values of an issue, its lower bound if it has one, and a note on the choice of the values."""
    kind = element.attributes.get("type", "discrete")
    if kind == "discrete":
        return _listed(element, name), 0.0, None
    if kind not in ("integer", "real"):
        known = "only discrete, integer and real issues can be imported"
        raise element.error(f"issue '{name}' is of type '{kind}'; {known}.")
    bounds = next(iter(element.children_of("range")), element)
    low, high = bounds.number("lowerbound"), bounds.number("upperbound")
    try:
        values, note = (whole_numbers if kind == "integer" else real_numbers)(name, low, high, steps)
    except NoValuesError as error:
        raise element.error(str(error)) from None
    return values, low, note


def _listed(element: XmlElement, name: str) -> tuple[str, ...]:
    values: Sequence[str] = [item.text("value") for item in element.children_of("item")]
    if len(values) < 2:
        raise element.error(f"issue '{name}' has {len(values)} values; an issue of a case has 2 or more.")
    if len(values) > OPTIONS_MOST:
        message = f"issue '{name}' has {len(values):,} values; an issue of a case has at most {OPTIONS_MOST}."
        raise element.error(message)
    if twice := next((value for value in values if values.count(value) > 1), None):
        raise element.error(f"issue '{name}' has the value '{twice}' twice.")
    return tuple(values)
