"""The claims of a case in words, and what rests on each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypedDict

from sim.analysis.judging.sources import sources
from sim.analysis.subject import case_of
from sim.case.models import Case
from sim.errors import UsageError, did_you_mean
from sim.negotiation.scenario_loader import TargetLike, as_target

FORMAT = "parley.claims/1"


class RestingPart(TypedDict):
    """A number, rule or word of the codebook that names a claim as its source."""

    path: str
    says: str


class ClaimData(TypedDict):
    """One claim: what it says, who says it, where, and what rests on it."""

    id: str
    text: str
    kind: str
    voice: str
    about: list[str]
    paragraph: int
    rests: list[RestingPart]


class ClaimsReport(TypedDict):
    """The result of `claims`."""

    format: str
    case: str
    title: str
    claims: list[ClaimData]


def claims(case: TargetLike, ids: Collection[str] | None = None) -> ClaimsReport:
    """List claims of a case, and what rests on each.

    Parameters
    ----------
    case : a case, or a scenario for its case
    ids : the claims to list, in the order of the case; None or nothing lists all

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if the case has no such claim

    Examples
    --------
    >>> [claim] = claims("flatmates", ["K01"])["claims"]
    >>> claim["text"]
    'The kitchen has to be cleaned every week, and he is not the one who does it all.'
    >>> claim["rests"][0]["path"]
    'actors.ana.preferences.clean.points'
    """
    loaded = case_of(as_target(case))
    for name in ids or ():
        if name not in loaded.claims:
            hint = (
                did_you_mean(name.upper(), list(loaded.claims)) or f" The first is '{next(iter(loaded.claims), '')}'."
            )
            raise UsageError(f"'{name}' is not a claim of case '{loaded.id}'.{hint}")
    resting: dict[str, list[RestingPart]] = {name: [] for name in loaded.claims}
    traced = sources(loaded)
    for entry in (*traced["numbers"], *traced["rules"], *traced["codebook"]):
        for name in entry["source"]:
            resting[name].append({"path": entry["path"], "says": entry["says"] or ""})
    return {
        "format": FORMAT,
        "case": loaded.id,
        "title": loaded.title,
        "claims": [
            {
                "id": name,
                "text": claim.text,
                "kind": claim.kind,
                "voice": claim.voice,
                "about": list(claim.about),
                "paragraph": claim.paragraph,
                "rests": resting[name],
            }
            for name, claim in loaded.claims.items()
            if not ids or name in ids
        ],
    }


def cited(case: Case, data: object) -> dict[str, str]:
    """Return the text of every claim that a result names as a source, by id, in the order of the case."""
    named = set(_sources(data))
    return {name: claim.text for name, claim in case.claims.items() if name in named}


def _sources(data: object) -> Iterator[str]:
    """Every claim under a key ``source`` or ``sources``, at any depth."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key in ("source", "sources") and isinstance(value, Iterable):
                yield from map(str, value)
            else:
                yield from _sources(value)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from _sources(item)
