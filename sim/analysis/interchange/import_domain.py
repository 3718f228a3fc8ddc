"""A domain of another program as a case: its issues, its parties, and a scenario in which they make offers in turn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.analysis.interchange.domain import Domain, DomainIssue, Profile, UtilityPart
from sim.analysis.interchange.genius import read_genius
from sim.analysis.interchange.identifiers import Identifiers
from sim.analysis.interchange.negmas import read_negmas
from sim.case.conditions import Option
from sim.case.distributions import LARGEST
from sim.engine.fixed_point import POINT_GRAIN
from sim.errors import UsageError
from sim.negotiation.scenario_loader import build_scenario

FORMAT = "parley.import/1"
XML = ".xml"
POINTS = 100.0
"""Points for a utility of 1, where no utility of the domain is above 1."""
SCENARIO = "offers_in_turn"
MONTHS = 24
AMEND_TERMS = 2
STEP_SHARE = 0.05
"""The step of the talks, as a share of the scale of utilities: from 0 to 1, or to the largest if that is more."""
STEP_DIGITS = 3
"""Significant digits of the step, so that the file reads well."""
CLOSE = 1e-9
"""A utility of 1 may be this much more, since its parts are sums of decimals."""
LARGEST_SUM = 1.02
"""What Genius itself lets weights add up to."""
FORMS = {"genius": "Genius", "negmas": "NegMAS"}


@dataclass(frozen=True)
class ImportedCase:
    """A case made from a domain.

    Parameters
    ----------
    case : the keys of its files, with ``claims`` and ``actors``, as `sim.case.loader.build_case` takes them
    scenario : the keys of its scenario
    report : what was done, as plain data (`docs/reference/json.md`)
    """

    case: Mapping[str, Any]
    scenario: Mapping[str, Any]
    report: Mapping[str, Any]

    @property
    def files(self) -> dict[str, Mapping[str, Any]]:
        """The case's files, name to data."""
        rest = {key: value for key, value in self.case.items() if key not in ("id", "claims", "actors")}
        actors = {f"actors/{name}.yaml": actor for name, actor in self.case["actors"].items()}
        claims = {"claims": self.case["claims"]}
        return {"case.yaml": rest, "claims.yaml": claims, **actors, f"{SCENARIO}.yaml": self.scenario}


def read_domain(path: Path) -> Domain:
    """Read a domain of Genius (XML) or NegMAS (YAML) from its folder, or from the file of its issues.

    Raises
    ------
    UsageError
        if there is nothing at the path, or neither XML nor YAML
    CaseError
        with the mistake in its file
    """
    if not path.exists():
        raise UsageError(f"There is no file and no folder '{path}'.")
    try:
        names = [path.name] if path.is_file() else [one.name for one in path.iterdir()]
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).") from None
    if any(name.endswith(XML) for name in names):
        return read_genius(path)
    if any(name.endswith((".yml", ".yaml")) for name in names):
        return read_negmas(path)
    raise UsageError(f"'{path}' holds neither XML (a domain of Genius) nor YAML (one of NegMAS).")


def make_case(domain: Domain, name: str) -> ImportedCase:
    """Make a case of a domain.

    Utilities become points: a hundredfold those of Genius, and those of NegMAS where none of them is above 1, else as
    they are. How a party concedes is not in a domain: it holds out for the best that there is, and gives way evenly.

    Parameters
    ----------
    domain : the domain
    name : the id of the case

    Raises
    ------
    UsageError
        if a number is too large for a case
    CaseError
        if the case would not be sound
    """
    if len(domain.profiles) < 2:
        raise UsageError(f"{domain.file}: utilities of {len(domain.profiles)} party; it takes two to negotiate.")
    wording, scale = Identifiers.of(domain), _scale(domain)
    step = _step(domain, scale)
    source = _case(domain, wording, scale) | {"id": name}
    first, *_ = wording.parties
    scenario = {
        "case": ".",
        "title": "Offers in turn",
        "question": "On what do they agree, if each concedes evenly?",
        "sponsor": first,
        "proposal": _best(wording, first),
        "protocol": {
            "name": "alternating",
            "months": MONTHS,
            "amend_terms": AMEND_TERMS,
            "step": step,
            "parties": list(wording.parties),
        },
    }
    build_scenario({**scenario, "id": SCENARIO, "case": source})
    report = _told(domain, source, wording.parties, scale) | {"step": step}
    return ImportedCase(source, scenario, report)


def _case(domain: Domain, wording: Identifiers, scale: float) -> dict[str, Any]:
    """The keys of the case's files."""
    issues = zip(wording.topics.items(), wording.options, strict=True)
    return {
        "title": f"{domain.says}, from {FORMS[domain.form]}",
        "question": f"What do {len(wording.parties)} parties agree on?",
        "description": _description(domain, scale),
        "issues": {issue: _issue(topic, names, domain) for (issue, topic), names in issues},
        "consent": [
            {
                "rule": "everybody",
                "says": "An agreement needs everybody",
                "needs": list(wording.parties),
                "assumption": f"So it is in {FORMS[domain.form]}.",
            }
        ],
        "claims": {},
        "actors": {party: _actor(profile, wording, scale) for party, profile in wording.parties.items()},
    }


def _told(domain: Domain, source: Mapping[str, Any], parties: Mapping[str, Profile], scale: float) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "from": domain.form,
        "source": domain.file,
        "case": source["id"],
        "title": source["title"],
        "scenario": SCENARIO,
        "issues": {name: len(issue["options"]) for name, issue in source["issues"].items()},
        "packages": math.prod(len(issue["options"]) for issue in source["issues"].values()),
        "points_for_1": scale,
        "rounded_by": POINT_GRAIN / 2,
        "actors": {
            name: {
                "name": profile.says,
                "file": profile.file,
                "rules": len(source["actors"][name]["preferences"]),
                "reservation": source["actors"][name]["reservation"]["base"],
            }
            for name, profile in parties.items()
        },
        "left_out": list(domain.left_out),
    }


def _scale(domain: Domain) -> float:
    """Points for a utility of 1.

    Utilities of Genius go up to 1, by its rules; where weights add up to a little more, it cuts them there.
    """
    most = {one.file: _most(one.parts, domain.topics) for one in domain.profiles}
    if domain.form == "genius":
        for file, utility in most.items():
            if utility > LARGEST_SUM:
                raise UsageError(f"{file}: a utility goes up to {utility:g}. Genius cuts it at 1, which no sum does.")
        return POINTS
    return POINTS if max(most.values()) <= 1 + CLOSE else 1.0


def _step(domain: Domain, scale: float) -> float:
    """Return the least change of a gap that counts, in points."""
    ends = [end(one.parts, domain.topics) for one in domain.profiles for end in (_least, _most)]
    largest = max(map(abs, ends))
    return float(f"{STEP_SHARE * scale * (largest if largest > LARGEST_SUM else 1):.{STEP_DIGITS}g}")


def _description(domain: Domain, scale: float) -> str:
    said = f"Imported from {domain.file}. A utility of 1 is {scale:g} point{'s' * (scale != 1)}."
    return " ".join([said, *(f"Left out: {one}." for one in domain.left_out)])


def _issue(topic: DomainIssue, names: Sequence[Option], domain: Domain) -> dict[str, Any]:
    labels = {str(name): str(value) for name, value in zip(names, topic.values, strict=True) if str(name) != str(value)}
    return {
        "says": topic.says,
        "options": list(names),
        "default": names[0],
        **({"labels": labels} if labels else {}),
        "assumption": f"imported from {Path(domain.file).name}; it names no status quo, so the first is the default",
    }


def _actor(profile: Profile, wording: Identifiers, scale: float) -> dict[str, Any]:
    topics = list(wording.topics.values())
    says = f"imported from {Path(profile.file).name}"
    rules = [
        {
            "rule": rule,
            "says": wording.says(part),
            **({"when": wording.when(part)} if part.where else {}),
            "points": _points(part.worth * scale, profile),
            "assumption": says,
        }
        for part, rule in zip(profile.parts, wording.rules(profile.parts), strict=True)
        if part.worth and all(part.where.values())
    ]
    best, worst = _most(profile.parts, topics) * scale, _least(profile.parts, topics) * scale
    if profile.reservation is None:
        base, why = worst, f"{says}, which says none; so no outcome is worth less than no agreement"
    else:
        base, why = profile.reservation * scale, says
    return {
        "name": profile.says,
        "role": "party",
        "brief": f"You are {profile.says}. What you want is in your preferences, in points.",
        "reservation": {"base": _points(base, profile), "assumption": why},
        **({"preferences": rules} if rules else {}),
        "aspiration": {
            "opening": _points(max(best - base, 0.0), profile),
            "e": 1,
            "assumption": "A domain says nothing of concessions: from the best that there is, evenly.",
        },
    }


def _points(value: float, profile: Profile) -> float:
    if abs(value) > LARGEST:
        raise UsageError(
            f"{profile.file}: {value:g} points; numbers of a case lie between -{LARGEST:g} and {LARGEST:g}."
        )
    return float(value)


def _most(parts: Iterable[UtilityPart], topics: Sequence[DomainIssue]) -> float:
    """What a utility is at most: exact if no part is about several issues, else no less than that."""
    parts = list(parts)
    rest = sum(part.worth if not part.where else max(part.worth, 0.0) for part in parts if len(part.where) != 1)
    return rest + sum(map(max, _worth(parts, topics)))


def _least(parts: Iterable[UtilityPart], topics: Sequence[DomainIssue]) -> float:
    """What a utility is at least: exact if no part is about several issues, else no more than that."""
    return -_most([UtilityPart(one.where, -one.worth) for one in parts], topics)


def _worth(parts: Iterable[UtilityPart], topics: Sequence[DomainIssue]) -> list[list[float]]:
    """What each value of each issue is worth by itself."""
    worth = [[0.0] * len(topic.values) for topic in topics]
    for part in parts:
        if len(part.where) == 1:
            for at, which in part.where.items():
                for one in which:
                    worth[at][one] += part.worth
    return worth


def _best(wording: Identifiers, party: str) -> dict[str, Option]:
    """The best package of a party whose parts are about one issue each; else nothing, for the defaults."""
    parts = wording.parties[party].parts
    if any(len(part.where) > 1 for part in parts):
        return {}
    worth = _worth(parts, list(wording.topics.values()))
    return {
        issue: names[of.index(max(of))] for issue, names, of in zip(wording.topics, wording.options, worth, strict=True)
    }
