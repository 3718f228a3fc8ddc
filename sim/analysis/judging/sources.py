"""Where every number of a case comes from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Literal, TypedDict

from sim.analysis.subject import case_of
from sim.case.base_models import Sourced
from sim.case.distributions import NEVER, Distribution, Number, written
from sim.case.models import Case, Scenario
from sim.case.number_paths import NamedNumber
from sim.negotiation.scenario_loader import TargetLike, as_target

FORMAT = "parley.sources/1"
DIGITS = 3
SHARE_DIGITS = 6


class SourcedRule(TypedDict):
    """A rule or another part of a case that carries a source without holding a number of its own."""

    path: str
    source: list[str]
    assumption: str | None
    note: str | None
    says: str | None


class _Spread(TypedDict):
    written: str
    central: float | str
    low: float | str
    high: float | str


class SourcedWord(SourcedRule, _Spread):
    """A word of the codebook: the number that it stands for, as written and as meant."""


class SourcedNumber(SourcedWord):
    """A number of the case."""

    owner: str
    same_as: str | None
    kind: Literal["sourced", "assumed"]


class UnusedClaim(TypedDict):
    """A claim on which nothing rests."""

    id: str
    text: str


class SourcesReport(TypedDict):
    """The result of `sources`."""

    format: str
    case: str
    title: str
    numbers: list[SourcedNumber]
    rules: list[SourcedRule]
    codebook: list[SourcedWord]
    share_sourced: float
    share_assumed: float
    unused_claims: list[UnusedClaim]
    claims: dict[str, str]


def sources(target: TargetLike) -> SourcesReport:
    """List every number with its claims or its assumption, the share of each, and the claims that nothing uses.

    A number that names both a claim and an assumption counts as assumed; one that was changed, or that is the same as
    one that was changed, rests on whoever changed it: the scenario, or the user of a case.

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    target = as_target(target)
    case = case_of(target)
    by = f"scenario {target.id}" if isinstance(target, Scenario) else "hand"
    numbers = [_number(one, case.changes, by) for one in case.numbers.values()]
    rules = [_entry(path, one) for path, one in _rules(case)]
    codebook: list[SourcedWord] = [
        {**_entry(f"codebook.{name}", word), **_spread(word.is_, case.resolve(word.is_))}
        for name, word in case.codebook.items()
    ]
    used = {claim for entry in (*numbers, *rules, *codebook) for claim in entry["source"]}
    assumed = sum(entry["kind"] == "assumed" for entry in numbers) / max(1, len(numbers))
    return {
        "format": FORMAT,
        "case": case.id,
        "title": case.title,
        "numbers": numbers,
        "rules": rules,
        "codebook": codebook,
        "share_sourced": round(1 - assumed, SHARE_DIGITS),
        "share_assumed": round(assumed, SHARE_DIGITS),
        "unused_claims": [{"id": name, "text": claim.text} for name, claim in case.claims.items() if name not in used],
        "claims": {name: claim.text for name, claim in case.claims.items()},
    }


def _number(one: NamedNumber, changes: Iterable[str], by: str) -> SourcedNumber:
    """One number; `by` says who made the changes."""
    same_as = None if one.draw == one.path else one.draw
    entry: SourcedNumber = {
        **_entry(one.path, one),
        **_spread(one.written, one.distribution),
        "says": one.says,
        "owner": one.owner,
        "same_as": same_as,
        "kind": "assumed" if one.assumption else "sourced",
    }
    if rests_on_a_change(same_as or one.path, changes):
        return {**entry, "kind": "assumed", "assumption": f"changed by {by}", "source": []}
    return entry


def rests_on_a_change(path: str, changed: Iterable[str]) -> bool:
    """Whether a number, or a part of how it is written, is among the changed paths of a case."""
    return any(one == path or one.startswith(f"{path}.") for one in changed)


def _entry(path: str, sourced: Sourced | NamedNumber) -> SourcedRule:
    return {
        "path": path,
        "source": list(sourced.source),
        "assumption": sourced.assumption,
        "note": sourced.note,
        "says": getattr(sourced, "says", None),
    }


def _spread(number: Number, meant: Distribution) -> _Spread:
    low, high = meant.range
    return {"written": written(number), "central": _value(meant.central), "low": _value(low), "high": _value(high)}


def _value(value: float) -> float | str:
    return NEVER if math.isinf(value) else round(value, DIGITS)


def _rules(case: Case) -> Iterator[tuple[str, Sourced]]:
    """What carries a source without holding a number of its own."""
    for name, issue in case.issues.items():
        yield f"issues.{name}", issue
    for constraint in case.constraints:
        yield f"constraints.{constraint.rule}", constraint
    for rule in case.consent:
        yield f"consent.{rule.rule}", rule
    for name, inject in case.injects.items():
        yield f"injects.{name}", inject
