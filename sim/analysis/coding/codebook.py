"""How far coders agree on the meaning of the claims of a case, and on which claims they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from typing import Any, NamedTuple, TypedDict, get_args

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
from sim.analysis.experiments.intervals import CONFIDENCE, SHARE_DIGITS
from sim.case.base_models import Kind
from sim.case.codings import ClaimCoding, Coding, sizes, subjects
from sim.case.models import Case
from sim.errors import UsageError

FORMAT = "parley.codebook/1"
DIGITS = 3


class Variable(NamedTuple):
    """What is coded about each claim.

    `level` says how values are compared: they are the same or not (nominal), are ranks (ordinal), or share members
    (sets).
    """

    name: str
    level: str
    value: Callable[[ClaimCoding], Hashable]


VARIABLES = (
    Variable("kind", "nominal", lambda claim: claim.kind),
    Variable("about", "sets", lambda claim: frozenset(claim.about or ()) or None),
    Variable("size", "ordinal", lambda claim: claim.size),
)


class ClaimText(TypedDict):
    """A claim without the case's own coding."""

    id: str
    paragraph: int
    voice: str
    text: str


class CodingForm(TypedDict):
    """The result of `form`."""

    case: str
    title: str
    kinds: list[str]
    about: dict[str, str | None]
    sizes: dict[str, str]
    claims: list[ClaimText]


class Coder(TypedDict):
    """A coder, and how many claims it coded for each variable."""

    name: str
    file: str
    coded: dict[str, int]


class ConfusedPair(TypedDict):
    """Two values that were given to the same claim, and how often."""

    values: list[Any]
    pairs: int


class VariableAgreement(TypedDict):
    """How far coders agree on one variable."""

    level: str
    alpha: float | None
    low: float | None
    high: float | None
    untold: int
    reading: str | None
    agreement: float | None
    claims: int
    confused: list[ConfusedPair]


class ValueCount(TypedDict):
    """A value, and how many coders gave it."""

    value: Any
    coders: int


class CodingDifference(ClaimText):
    """A claim on which coders differ, and what each took it to be."""

    codings: dict[str, list[Any]]
    tally: dict[str, list[ValueCount]]


class CodebookReport(TypedDict):
    """The result of `compare` (`docs/reference/json.md`)."""

    format: str
    case: str
    title: str
    seed: int
    resamples: int
    confidence: float
    reliable: float
    tentative: float
    claims: int
    coders: list[Coder]
    variables: dict[str, VariableAgreement]
    differences: list[CodingDifference]


def form(case: Case, name: str) -> CodingForm:
    """Return what a coder needs: the claims without the case's own coding, and the words to choose from.

    `name` is how the coder's file will refer to the case.
    """
    return {
        "case": name,
        "title": case.title,
        "kinds": list(get_args(Kind)),
        "about": {subject: case.actors[subject].name if subject in case.actors else None for subject in subjects(case)},
        "sizes": {word: case.codebook[word].assumption or "" for word in sizes(case)},
        "claims": [_claim_text(case, claim) for claim in case.claims],
    }


def compare(codings: Sequence[Coding], seed: int = 0) -> CodebookReport:
    """Compare codings of one case.

    There must be at least two; `seed` is that of the resamples behind the intervals. Raises UsageError if there are
    fewer than two codings, or they code the claims of different cases.
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
            {
                "name": coding.coder,
                "file": coding.file,
                "coded": {variable.name: _coded(coding, variable) for variable in VARIABLES},
            }
            for coding in codings
        ],
        "variables": {variable.name: _agreement_on(case, codings, variable, seed) for variable in VARIABLES},
        "differences": _differences(case, codings),
    }


def _claim_text(case: Case, claim: str) -> ClaimText:
    said = case.claims[claim]
    return {"id": claim, "paragraph": said.paragraph, "voice": said.voice, "text": said.text}


def _one_case(codings: Sequence[Coding]) -> Case:
    if len(codings) < 2:
        raise UsageError("Agreement takes two codings. Name another one, or the case for its own coding.")
    first = codings[0]
    for other in codings[1:]:
        if other.case.claims != first.case.claims:
            both = f"{first.file} codes '{first.case.id}', but {other.file} codes '{other.case.id}'"
            raise UsageError(f"{both}. Compare codings of the same case.")
    return first.case


def _coded(coding: Coding, variable: Variable) -> int:
    return sum(variable.value(claim) is not None for claim in coding.claims.values())


def _value(coding: Coding, claim: str, variable: Variable) -> Any:
    return variable.value(coding.claims[claim]) if claim in coding.claims else None


def _agreement_on(case: Case, codings: Sequence[Coding], variable: Variable, seed: int) -> VariableAgreement:
    table = [[_value(coding, claim, variable) for claim in case.claims] for coding in codings]
    values = _values(case, variable, table)
    codes = np.array([[MISSING if value is None else values.index(value) for value in row] for row in table])
    difference = {"nominal": nominal, "ordinal": ordinal}.get(variable.level) or jaccard(values)
    units = coincidences(codes, len(values))
    total = units.sum(axis=0)
    reliability, same = alpha(total, difference), agreement(total)
    low, high, undefined = bootstrap(units, difference, seed)
    return {
        "level": variable.level,
        "alpha": _rounded(reliability, DIGITS),
        "low": _rounded(low, DIGITS),
        "high": _rounded(high, DIGITS),
        "untold": undefined,
        "reading": _reading(reliability),
        "agreement": _rounded(same, SHARE_DIGITS),
        "claims": int((units.sum(axis=(1, 2)) > 0).sum()),
        "confused": _confused(case, values, table),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _values(case: Case, variable: Variable, table: Sequence[Sequence[Any]]) -> list[Any]:
    """All values of a variable, in their order; for sets, those that were given."""
    if variable.level == "sets":
        order = subjects(case).index
        given = {value for row in table for value in row if value is not None}
        return sorted(given, key=lambda value: sorted(map(order, value)))
    return list(get_args(Kind)) if variable.name == "kind" else sizes(case)


def _reading(reliability: float | None) -> str | None:
    if reliability is None:
        return None
    return "reliable" if reliability >= RELIABLE else "tentative" if reliability >= TENTATIVE else "unreliable"


def _confused(case: Case, values: Sequence[Any], table: Sequence[Sequence[Any]]) -> list[ConfusedPair]:
    """The pairs of values that coders gave to the same claim, the most frequent first."""
    order = {value: index for index, value in enumerate(values)}
    counts: Counter[tuple[int, int]] = Counter()
    for column in zip(*table, strict=True):
        given = [order[value] for value in column if value is not None]
        counts.update((min(pair), max(pair)) for pair in combinations(given, 2) if pair[0] != pair[1])
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"values": [_plain(case, values[index]) for index in pair], "pairs": count} for pair, count in ranked]


def _plain(case: Case, value: Any) -> Any:
    """A value for JSON; a set as a list in the order of the case."""
    return [subject for subject in subjects(case) if subject in value] if isinstance(value, frozenset) else value


def _differences(case: Case, codings: Sequence[Coding]) -> list[CodingDifference]:
    differences: list[CodingDifference] = []
    for claim in case.claims:
        values = {variable.name: [_value(coding, claim, variable) for coding in codings] for variable in VARIABLES}
        differ = {name: given for name, given in values.items() if len({*given} - {None}) > 1}
        if differ:
            plain = {name: [_plain(case, value) for value in given] for name, given in differ.items()}
            tally = {name: _tally(case, given) for name, given in differ.items()}
            differences.append({**_claim_text(case, claim), "codings": plain, "tally": tally})
    return differences


def _tally(case: Case, given: Sequence[Hashable]) -> list[ValueCount]:
    """Each value with how many coders gave it, the most frequent first; last, how many gave none."""
    ranked = sorted(Counter(given).items(), key=lambda item: (item[0] is None, -item[1]))
    return [{"value": _plain(case, value), "coders": coders} for value, coders in ranked]
