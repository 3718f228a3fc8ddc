"""How far coders agree on what the claims of a case say, and on which claims they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple, get_args

import numpy as np

from sim.analysis.coding.krippendorff import (
    MISSING,
    RELIABLE,
    RESAMPLES,
    TENTATIVE,
    agreement,
    alpha,
    bootstrap,
    coincidences,
    jaccard,
    nominal,
    ordinal,
)
from sim.analysis.experiments.intervals import CONFIDENCE
from sim.case.base_models import Kind
from sim.case.codings import ClaimCoding, Coding, sizes, subjects
from sim.case.models import Case
from sim.errors import UsageError

FORMAT = "parley.codebook/1"
DIGITS = 3
SHARE_DIGITS = 6


class Variable(NamedTuple):
    """What is coded of each claim.

    `level` says how values differ: they are the same or not (nominal), are ranks (ordinal), or share members (sets).
    """

    name: str
    level: str
    value: Callable[[ClaimCoding], Hashable]


VARIABLES = (
    Variable("kind", "nominal", lambda one: one.kind),
    Variable("about", "sets", lambda one: frozenset(one.about or ()) or None),
    Variable("size", "ordinal", lambda one: one.size),
)


def form(case: Case, name: str) -> dict[str, Any]:
    """What a coder needs: the claims without the case's reading of them, and the words to choose from.

    Parameters
    ----------
    name : by which the file will find the case

    Returns
    -------
    plain data
    """
    return {
        "case": name,
        "title": case.title,
        "kinds": list(get_args(Kind)),
        "about": {one: case.actors[one].name if one in case.actors else None for one in subjects(case)},
        "sizes": {word: case.codebook[word].assumption or "" for word in sizes(case)},
        "claims": [
            {"id": one, "paragraph": claim.paragraph, "voice": claim.voice, "text": claim.text}
            for one, claim in case.claims.items()
        ],
    }


def compare(codings: Sequence[Coding], seed: int = 0) -> dict[str, Any]:
    """Set codings of one case side by side.

    Parameters
    ----------
    codings : at least two
    seed : of the resamples behind the intervals

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if there are fewer than two, or they code the claims of different cases
    """
    case = _one_case(codings)
    return {
        "format": FORMAT,
        "case": case.id,
        "title": case.title,
        "seed": seed,
        "resamples": RESAMPLES,
        "confidence": CONFIDENCE,
        "reliable": RELIABLE,
        "tentative": TENTATIVE,
        "claims": len(case.claims),
        "coders": [
            {"name": one.coder, "file": one.file, "coded": {each.name: _coded(one, each) for each in VARIABLES}}
            for one in codings
        ],
        "variables": {each.name: _variable(case, codings, each, seed) for each in VARIABLES},
        "differences": _differences(case, codings),
    }


def _one_case(codings: Sequence[Coding]) -> Case:
    if len(codings) < 2:
        raise UsageError("agreement takes two codings; the case's own goes by the name of the case.")
    first = codings[0]
    for other in codings[1:]:
        if other.case.claims != first.case.claims:
            both = f"{first.file} codes '{first.case.id}', {other.file} '{other.case.id}'"
            raise UsageError(f"{both}: the claims of two cases cannot be compared.")
    return first.case


def _coded(coding: Coding, variable: Variable) -> int:
    return sum(variable.value(one) is not None for one in coding.claims.values())


def _value(coding: Coding, claim: str, variable: Variable) -> Any:
    return variable.value(coding.claims[claim]) if claim in coding.claims else None


def _variable(case: Case, codings: Sequence[Coding], variable: Variable, seed: int) -> dict[str, Any]:
    given = [[_value(one, claim, variable) for claim in case.claims] for one in codings]
    values = _values(case, variable, given)
    codes = np.array([[MISSING if one is None else values.index(one) for one in row] for row in given])
    difference = {"nominal": nominal, "ordinal": ordinal}.get(variable.level) or jaccard(values)
    units = coincidences(codes, len(values))
    summed = units.sum(axis=0)
    told = alpha(summed, difference)
    low, high, untold = bootstrap(units, difference, seed)
    same = agreement(summed)
    return {
        "level": variable.level,
        "alpha": None if told is None else round(told, DIGITS),
        "low": None if low is None else round(low, DIGITS),
        "high": None if high is None else round(high, DIGITS),
        "untold": untold,
        "reading": _reading(told),
        "agreement": None if same is None else round(same, SHARE_DIGITS),
        "claims": int((units.sum(axis=(1, 2)) > 0).sum()),
        "confused": _confused(case, variable, given),
    }


def _values(case: Case, variable: Variable, given: Sequence[Sequence[Any]]) -> list[Any]:
    """Every value that there is, in its order; of sets, those that were given."""
    if variable.level == "sets":
        order = subjects(case).index
        return sorted({one for row in given for one in row if one is not None}, key=lambda one: sorted(map(order, one)))
    return list(get_args(Kind)) if variable.name == "kind" else sizes(case)


def _reading(told: float | None) -> str | None:
    if told is None:
        return None
    return "reliable" if told >= RELIABLE else "tentative" if told >= TENTATIVE else "unreliable"


def _confused(case: Case, variable: Variable, given: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """The pairs of values that coders gave one and the same claim, the most frequent first."""
    order = {value: at for at, value in enumerate(_values(case, variable, given))}
    found: Counter[tuple[Any, Any]] = Counter()
    for column in zip(*given, strict=True):
        told = [one for one in column if one is not None]
        pairs = [(one, other) for at, one in enumerate(told) for other in told[at + 1 :] if one != other]
        found.update((one, other) if order[one] < order[other] else (other, one) for one, other in pairs)
    ranked = sorted(found.items(), key=lambda one: (-one[1], order[one[0][0]], order[one[0][1]]))
    return [{"values": [_plain(case, one) for one in pair], "pairs": pairs} for pair, pairs in ranked]


def _plain(case: Case, value: Any) -> Any:
    """A value as JSON has it; a set in the order of the case."""
    return [one for one in subjects(case) if one in value] if isinstance(value, frozenset) else value


def _differences(case: Case, codings: Sequence[Coding]) -> list[dict[str, Any]]:
    found = []
    for name, claim in case.claims.items():
        differ = {}
        for variable in VARIABLES:
            told = [_value(one, name, variable) for one in codings]
            if len({one for one in told if one is not None}) > 1:
                differ[variable.name] = told
        if differ:
            about = {"id": name, "paragraph": claim.paragraph, "voice": claim.voice, "text": claim.text}
            plain = {variable: [_plain(case, one) for one in told] for variable, told in differ.items()}
            tally = {variable: _tally(case, told) for variable, told in differ.items()}
            found.append({**about, "codings": plain, "tally": tally})
    return found


def _tally(case: Case, told: Sequence[Hashable]) -> list[dict[str, Any]]:
    """Each value with how many coders gave it, the most frequent first; those who gave none come last."""
    ranked = sorted(Counter(told).items(), key=lambda one: (one[0] is None, -one[1]))
    return [{"value": _plain(case, value), "coders": coders} for value, coders in ranked]
