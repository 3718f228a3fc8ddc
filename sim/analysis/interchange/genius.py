"""Domains of Genius, as published for the ANAC competitions: an XML file of issues, and one of utilities a party.

The utility of an outcome is the sum over the issues of weight times evaluation. Genius divides the evaluation of a
value by the largest of its issue, takes that of an integer as offset plus slope times its distance from the lower
bound, kept within 0 and 1, and takes the weights as they stand (Hindriks et al. 2009; Genius 10). NegMAS reads the same
files without the division.

References
----------
Hindriks, K., Jonker, C. M., Kraus, S., Lin, R. and Tykhonov, D. (2009). Genius: negotiation environment for
heterogeneous agents. *AAMAS 2009*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.analysis.interchange.domain import Domain, DomainIssue, Profile, UtilityPart
from sim.analysis.interchange.xml_tree import XmlElement, read_xml
from sim.case.conditions import Option
from sim.case.reading.source_text import file_error
from sim.case.validation import OPTIONS_MOST
from sim.errors import CaseError, did_you_mean

DOMAIN, PROFILE = "negotiation_template", "utility_space"
SMALLEST = 1e-5
"""Where no evaluation of an issue is larger, Genius takes all of them as 0."""


def read_genius(path: Path) -> Domain:
    """Read a domain.

    Parameters
    ----------
    path : its folder, or the file of its issues; the files of utilities are the others beside it

    Raises
    ------
    CaseError
        with the file and the place, where something is missing, is no number, or has no counterpart in a case
    """
    folder = path if path.is_dir() else path.parent
    trees = [read_xml(one) for one in sorted(folder.glob("*.xml"))]
    domains = [tree for tree in trees if tree.tag == DOMAIN and (path.is_dir() or tree.file == path.as_posix())]
    if len(domains) != 1:
        found = f"{len(domains)} files" if domains else "no file"
        hint = "; name one of them" if domains else ""
        raise file_error(path.as_posix(), f"{found} with issues (<{DOMAIN}>) in this folder{hint}.")
    issues = list(domains[0].inside("issue"))
    if not issues:
        raise domains[0].refuse("no <issue> stands in this domain.")
    topics = tuple(map(_topic, issues))
    names = [topic.says for topic in topics]
    if twice := next((issue for at, issue in enumerate(issues) if names[at] in names[:at]), None):
        raise twice.refuse(f"a second issue is called '{twice.text('name')}'.")
    profiles = [tree for tree in trees if tree.tag == PROFILE]
    if not profiles:
        raise file_error(path.as_posix(), f"no file with utilities (<{PROFILE}>) lies beside the domain.")
    others = [tree.file for tree in trees if tree.tag not in (DOMAIN, PROFILE)]
    return Domain(
        form="genius",
        says=Path(domains[0].file).stem,
        file=domains[0].file,
        topics=topics,
        profiles=tuple(_profile(tree, topics) for tree in profiles),
        left_out=(
            *(said for tree in profiles for said in _left_out(tree)),
            *(f"{file} holds neither issues nor utilities" for file in others),
        ),
    )


def _topic(issue: XmlElement) -> DomainIssue:
    kind, items = issue.attributes.get("type", "discrete"), issue.all("item")
    if kind == "discrete":
        if len(items) < 2:
            raise issue.refuse(
                f"issue '{issue.text('name')}' has {len(items)} values; an issue of a case has 2 or more."
            )
        values: tuple[Option, ...] = tuple(item.text("value") for item in items)
    elif kind == "integer":
        low, high = _bounds(issue)
        if high <= low:
            raise issue.refuse(f"issue '{issue.text('name')}' goes from {low} to {high}.")
        if high - low >= OPTIONS_MOST:
            raise _too_many(issue, high - low + 1)
        values = tuple(range(low, high + 1))
    else:
        raise issue.refuse(
            f"issue '{issue.text('name')}' is of type '{kind}'; a case has options one by one: discrete or integer."
        )
    if len(values) > OPTIONS_MOST:
        raise _too_many(issue, len(values))
    if twice := next((value for value in values if values.count(value) > 1), None):
        raise issue.refuse(f"issue '{issue.text('name')}' has the value '{twice}' twice.")
    return DomainIssue(issue.text("name"), values)


def _too_many(issue: XmlElement, count: int) -> CaseError:
    name = issue.text("name")
    return issue.refuse(f"issue '{name}' has {count:,} values; an issue of a case has at most {OPTIONS_MOST} options.")


def _bounds(issue: XmlElement) -> tuple[int, int]:
    where = next(iter(issue.all("range")), issue)
    return where.whole("lowerbound"), where.whole("upperbound")


def _profile(tree: XmlElement, topics: Sequence[DomainIssue]) -> Profile:
    if ufun := next(tree.inside("ufun"), None):
        raise ufun.refuse("utilities by hyper-volumes (<ufun>) are not read; only sums of weighted evaluations are.")
    issues = {issue.text("name"): issue for issue in tree.inside("issue")}
    weights = {weight.whole("index"): weight for weight in tree.inside("weight")}
    for name, issue in issues.items():
        if name not in (known := [topic.says for topic in topics]):
            raise issue.refuse(f"the domain has no issue '{name}' ({', '.join(known)}).{did_you_mean(name, known)}")
    parts = []
    for at, topic in enumerate(topics):
        if topic.says not in issues:
            raise tree.refuse(f"nothing is said of the issue '{topic.says}'.")
        issue = issues[topic.says]
        if issue.whole("index") not in weights:
            raise issue.refuse(f"the issue '{topic.says}' has no <weight> of its index.")
        weight = weights[issue.whole("index")].number("value")
        parts += [
            UtilityPart({at: (which,)}, weight * evaluation)
            for which, evaluation in enumerate(_evaluations(issue, topic))
        ]
    reservation = next(tree.inside("reservation"), None)
    return Profile(
        says=Path(tree.file).stem,
        file=tree.file,
        parts=tuple(parts),
        reservation=reservation.number("value") if reservation else 0.0,
    )


def _evaluations(issue: XmlElement, topic: DomainIssue) -> Iterator[float]:
    """The evaluation of each value, from 0 to 1."""
    items = {item.text("value"): item for item in issue.all("item")}
    if not items and (evaluator := next(iter(issue.all("evaluator")), None)):
        yield from _linear(evaluator, topic)
        return
    known = list(map(str, topic.values))
    for name, item in items.items():
        if name not in known:
            raise item.refuse(
                f"'{name}' is no value of '{topic.says}' ({', '.join(known)}).{did_you_mean(name, known)}"
            )
    for name in known:
        if name not in items:
            raise issue.refuse(f"the value '{name}' of '{topic.says}' has no evaluation.")
    found = [items[name].number("evaluation") for name in known]
    if min(found) < 0:
        raise issue.refuse(f"an evaluation of '{topic.says}' is below 0.")
    most = max(found)
    yield from (one / most if most >= SMALLEST else 0.0 for one in found)


def _linear(evaluator: XmlElement, topic: DomainIssue) -> Iterator[float]:
    kind = evaluator.attributes.get("ftype", "linear")
    if kind != "linear":
        raise evaluator.refuse(f"the evaluator of '{topic.says}' is '{kind}'; only linear ones are read.")
    offset, slope = evaluator.number("offset"), evaluator.number("slope")
    yield from (min(max(offset + slope * distance, 0.0), 1.0) for distance in range(len(topic.values)))


def _left_out(tree: XmlElement) -> Iterator[str]:
    for discount in tree.inside("discount_factor"):
        if discount.number("value") not in (0.0, 1.0):
            yield f"{tree.file}: the discount factor {discount.number('value'):g} (points do not shrink with time)"
