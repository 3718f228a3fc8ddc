"""A domain of another program as a case: its issues, its parties, and a scenario in which they make offers in turn."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from sim.analysis.interchange.domain import Domain, DomainIssue, Profile
from sim.analysis.interchange.domain_folder import ReadingChoices
from sim.analysis.interchange.genius import read_genius
from sim.analysis.interchange.geniusweb import read_geniusweb
from sim.analysis.interchange.identifiers import Identifiers
from sim.analysis.interchange.negmas import read_negmas
from sim.case.conditions import Option
from sim.case.distributions import LARGEST
from sim.engine.fixed_point import POINT_GRAIN
from sim.errors import UsageError
from sim.negotiation.scenario_loader import build_scenario

FORMAT = "parley.import/1"
POINTS = 100.0
"""Points per unit of utility, if no utility of the domain exceeds 1."""
SCENARIO = "offers_in_turn"
MONTHS = 24
AMEND_TERMS = 2
STEP_SHARE = 0.05
"""The step of the talks, as a share of the scale of utilities: from 0 to 1, or to the largest if that is more."""
STEP_DIGITS = 3
"""Significant digits of the step, so that the file reads well."""
CLOSE = 1e-9
"""How far a utility may exceed 1 because its parts are sums of decimals."""
READERS: Mapping[tuple[str, ...], Callable[[Path, ReadingChoices], Domain]] = {
    (".xml",): read_genius,
    (".json",): read_geniusweb,
    (".yml", ".yaml"): read_negmas,
}
"""Endings of files to the function that reads such a domain, in the order in which they are tried."""
LARGEST_SUM = 1.02
"""The largest sum of weights that Genius itself accepts."""
PROGRAMS = {"genius": "Genius", "geniusweb": "GeniusWeb", "negmas": "NegMAS"}


class ImportedActor(TypedDict):
    """What a party has become; its reservation value is in points."""

    name: str
    file: str
    rules: int
    reservation: float


ImportReport = TypedDict(
    "ImportReport",
    {
        "format": str,
        "from": str,
        "source": str,
        "case": str,
        "title": str,
        "scenario": str,
        "issues": dict[str, int],
        "packages": int,
        "points_for_1": float,
        "rounded_by": float,
        "actors": dict[str, ImportedActor],
        "left_out": list[str],
        "notes": list[str],
        "step": float,
    },
)
"""What an import did, as plain data (`docs/reference/json.md`)."""


@dataclass(frozen=True)
class ImportedCase:
    """A case made from a domain.

    `case` has the keys of its files, with ``claims`` and ``actors``, as `sim.case.loader.build_case` takes them.
    """

    case: Mapping[str, Any]
    scenario: Mapping[str, Any]
    report: ImportReport

    @property
    def files(self) -> dict[str, Mapping[str, Any]]:
        """The case's files, name to data."""
        rest = {key: value for key, value in self.case.items() if key not in ("id", "claims", "actors")}
        actors = {f"actors/{name}.yaml": actor for name, actor in self.case["actors"].items()}
        claims = {"claims": self.case["claims"]}
        return {"case.yaml": rest, "claims.yaml": claims, **actors, f"{SCENARIO}.yaml": self.scenario}


def read_domain(path: Path, choices: ReadingChoices | None = None) -> Domain:
    """Read a domain of Genius (XML), GeniusWeb (JSON) or NegMAS (YAML), from its folder or the file of its issues.

    Raises UsageError if there is nothing at the path, or no such file, or a choice makes no sense, and CaseError with
    the mistake in its file.
    """
    if not path.exists():
        raise UsageError(f"There is no file and no folder '{path}'.")
    try:
        names = [path.name] if not path.is_dir() else [file.name for file in path.iterdir()]
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).") from None
    for endings, read in READERS.items():
        if any(name.endswith(endings) for name in names):
            return read(path, choices or ReadingChoices())
    known = "XML (a domain of Genius), JSON (GeniusWeb) nor YAML (NegMAS)"
    raise UsageError(f"'{path}' holds neither {known}.")


def make_case(domain: Domain, name: str) -> ImportedCase:
    """Make a case from a domain.

    Utilities become points: those of Genius times 100; those of NegMAS times 100 if none of them exceeds 1, else
    unchanged. A domain does not say how a party concedes: it holds out for its best outcome and concedes evenly. Raises
    UsageError if a number is too large for a case, and CaseError if the case would not be valid.
    """
    if len(domain.profiles) < 2:
        raise UsageError(f"{domain.file}: it takes two to negotiate, but there are utilities of only one party.")
    ids, scale = Identifiers.of(domain), _scale(domain)
    step = _step(domain, scale)
    source = _case(domain, ids, scale) | {"id": name}
    first, *_ = ids.parties
    scenario = {
        "case": ".",
        "title": "Offers in turn",
        "question": "What do they agree on if each concedes evenly?",
        "sponsor": first,
        "proposal": _best(ids, first),
        "protocol": {
            "name": "alternating",
            "months": MONTHS,
            "amend_terms": AMEND_TERMS,
            "step": step,
            "parties": list(ids.parties),
        },
    }
    build_scenario({**scenario, "id": SCENARIO, "case": source})
    return ImportedCase(source, scenario, _report(domain, source, ids.parties, scale, step))


def _case(domain: Domain, ids: Identifiers, scale: float) -> dict[str, Any]:
    issues = zip(ids.issues.items(), ids.options, strict=True)
    return {
        "title": f"{domain.name}, from {PROGRAMS[domain.program]}",
        "question": f"What do {len(ids.parties)} parties agree on?",
        "description": _description(domain, scale),
        "issues": {name: _issue(issue, options, domain) for (name, issue), options in issues},
        "consent": [
            {
                "rule": "everybody",
                "says": "An agreement needs everybody",
                "needs": list(ids.parties),
                "assumption": f"As in {PROGRAMS[domain.program]}.",
            }
        ],
        "claims": {},
        "actors": {party: _actor(profile, ids, scale, domain) for party, profile in ids.parties.items()},
    }


def _report(
    domain: Domain, source: Mapping[str, Any], parties: Mapping[str, Profile], scale: float, step: float
) -> ImportReport:
    return {
        "format": FORMAT,
        "from": domain.program,
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
                "name": profile.name,
                "file": profile.file,
                "rules": len(source["actors"][name].get("preferences", ())),
                "reservation": source["actors"][name]["reservation"]["base"],
            }
            for name, profile in parties.items()
        },
        "left_out": list(domain.left_out),
        "notes": list(domain.notes),
        "step": step,
    }


def _scale(domain: Domain) -> float:
    """The points per unit of utility.

    By the rules of Genius, utilities go up to 1; if weights add up to a little more, it cuts them off there. Those over
    hyper-rectangles are shares of the largest.
    """
    highest = {profile.file: profile.bounds(domain.issues)[1] for profile in domain.profiles}
    if domain.program == "genius":
        for profile in domain.profiles:
            if profile.additive and highest[profile.file] > LARGEST_SUM:
                message = "Genius cuts it off at 1, which a sum cannot do. Make the weights add up to 1."
                raise UsageError(f"{profile.file}: a utility goes up to {highest[profile.file]:g}. {message}")
        return POINTS
    return POINTS if max(highest.values()) <= 1 + CLOSE else 1.0


def _best_utility(profile: Profile, domain: Domain) -> float:
    """The largest utility, or a bound for it; over hyper-rectangles, Genius states that it is 1."""
    bound = profile.bounds(domain.issues)[1]
    return min(bound, 1.0) if domain.program == "genius" and not profile.additive else bound


def _step(domain: Domain, scale: float) -> float:
    """The smallest change of a gap that counts, in points."""
    ends = ((profile.bounds(domain.issues)[0], _best_utility(profile, domain)) for profile in domain.profiles)
    largest = max(abs(end) for pair in ends for end in pair)
    return float(f"{STEP_SHARE * scale * (largest if largest > LARGEST_SUM else 1):.{STEP_DIGITS}g}")


def _description(domain: Domain, scale: float) -> str:
    origin = f"Imported from {domain.file}. A utility of 1 is {scale:g} point{'s' * (scale != 1)}."
    left_out = (f"Left out: {note}." for note in domain.left_out)
    return " ".join([origin, *left_out, *(f"{note[0].upper()}{note[1:]}." for note in domain.notes)])


def _issue(issue: DomainIssue, options: Sequence[Option], domain: Domain) -> dict[str, Any]:
    named = {str(option): str(value) for option, value in zip(options, issue.values, strict=True)}
    labels = {option: value for option, value in named.items() if option != value}
    return {
        "says": issue.name,
        "options": list(options),
        "default": options[0],
        **({"labels": labels} if labels else {}),
        "assumption": f"imported from {Path(domain.file).name}, which names no status quo, so the first is the default",
    }


def _actor(profile: Profile, ids: Identifiers, scale: float, domain: Domain) -> dict[str, Any]:
    origin, parts = f"imported from {Path(profile.file).name}", profile.summed()
    rules = [
        {
            "rule": rule,
            "says": ids.in_words(part),
            **({"when": ids.condition(part)} if part.where else {}),
            "points": _points(part.worth * scale, profile),
            "assumption": origin,
        }
        for part, rule in zip(parts, ids.rules(parts), strict=True)
        if part.worth
    ]
    worst, best = profile.bounds(domain.issues)[0] * scale, _best_utility(profile, domain) * scale
    if profile.reservation is None:
        base, why = worst, f"{origin}, which gives none; set so that no outcome is worth less than no agreement"
    else:
        base, why = profile.reservation * scale, origin
    return {
        "name": profile.name,
        "role": "party",
        "brief": f"You are {profile.name}. What you want is in your preferences, in points.",
        "reservation": {"base": _points(base, profile), "assumption": why},
        **({"preferences": rules} if rules else {}),
        "aspiration": {
            "opening": _points(max(best - base, 0.0), profile),
            "e": 1,
            "assumption": "A domain does not say how a party concedes. "
            "This one starts from its best outcome and concedes evenly.",
        },
    }


def _points(value: float, profile: Profile) -> float:
    if abs(value) > LARGEST:
        raise UsageError(
            f"{profile.file}: {value:g} points; numbers of a case lie between -{LARGEST:g} and {LARGEST:g}."
        )
    return float(value)


def _best(ids: Identifiers, party: str) -> dict[str, Option]:
    """The best package of a party if its parts are about one issue each; else nothing, which means the defaults."""
    if not ids.parties[party].additive:
        return {}
    worths = ids.parties[party].worths(list(ids.issues.values()))
    return {
        issue: options[worth.index(max(worth))]
        for issue, options, worth in zip(ids.issues, ids.options, worths, strict=True)
    }
