"""Where every number of a case comes from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from sim.analysis.subject import Target, case_of
from sim.case.base_models import Sourced
from sim.case.distributions import NEVER, Distribution, Number, written
from sim.case.models import Case, Scenario
from sim.case.number_paths import NamedNumber

FORMAT = "parley.sources/1"
DIGITS = 3
SHARE_DIGITS = 6


def sources(target: Target) -> dict[str, Any]:
    """List every number with its claims or its assumption, the share of each, and the claims that nothing uses.

    A number that names both a claim and an assumption counts as assumed; one that was changed, or that is the same as
    one that was changed, rests on whoever changed it: the scenario, or the user of a case.

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    case = case_of(target)
    by = f"scenario {target.id}" if isinstance(target, Scenario) else "hand"
    numbers = [
        {
            **_entry(one.path, one),
            **_spread(one.written, one.distribution),
            "says": one.says,
            "owner": one.owner,
            "same_as": None if one.draw == one.path else one.draw,
        }
        for one in case.numbers.values()
    ]
    for entry in numbers:
        entry["kind"] = "assumed" if entry["assumption"] else "sourced"
        if rests_on_a_change(entry["same_as"] or entry["path"], case.changes):
            entry |= {"kind": "assumed", "assumption": f"changed by {by}", "source": []}
    rules = [_entry(path, one) for path, one in _rules(case)]
    codebook = [
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
    }


def rests_on_a_change(path: str, changed: Iterable[str]) -> bool:
    """Whether a number, or a part of how it is written, is among the changed paths of a case."""
    return any(one == path or one.startswith(f"{path}.") for one in changed)


def _entry(path: str, sourced: Sourced | NamedNumber) -> dict[str, Any]:
    return {
        "path": path,
        "source": list(sourced.source),
        "assumption": sourced.assumption,
        "note": sourced.note,
        "says": getattr(sourced, "says", None),
    }


def _spread(number: Number, meant: Distribution) -> dict[str, Any]:
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
