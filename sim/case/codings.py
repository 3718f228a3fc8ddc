"""How coders classify the claims of a case: files of codings, and the case's own coding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from sim.case.base_models import ClaimId, Kind, StrictModel, Words, one_or_list
from sim.case.distributions import CodebookNumber, SameAs
from sim.case.loader import load_case
from sim.case.models import Case
from sim.case.packages import unknown_name
from sim.case.reading.source_map import Finding, SourceMap
from sim.case.reading.yaml_documents import Document, read_document
from sim.case.validation_messages import parse_model
from sim.case_paths import find, is_case
from sim.errors import CaseError, UsageError, did_you_mean

OWN = "the case"
"""The name under which the case's own coding is listed as a coder."""


class ClaimCoding(StrictModel):
    """How a coder classifies one claim; a field left blank was not coded."""

    kind: Kind | None = None
    about: Annotated[tuple[Words, ...] | None, one_or_list] = None
    size: Words | None = None


class CodingFile(StrictModel):
    """A file of codings."""

    case: Words
    coder: Words | None = None
    claims: dict[ClaimId, ClaimCoding | None]


@dataclass(frozen=True, kw_only=True)
class Coding:
    """One coder's coding of the claims of a case."""

    coder: str
    file: str
    case: Case
    claims: Mapping[str, ClaimCoding]


def sizes(case: Case) -> list[str]:
    """Return the words of the codebook, smallest first."""
    return sorted(case.codebook, key=lambda word: case.resolve(case.codebook[word].is_).central)


def subjects(case: Case) -> list[str]:
    """Return what a claim may be about: the actors, and whatever the case's own claims name (such as ``europe``)."""
    return list(dict.fromkeys([*case.actors, *(subject for claim in case.claims.values() for subject in claim.about)]))


def load_coding(path: Path) -> Coding:
    """Read a file of codings, and the case that it names.

    Raises CaseError with every problem of the file, or of its case.
    """
    document = read_document(path)
    file, findings = parse_model(CodingFile, document.data)
    if file is None:
        raise CaseError(SourceMap.of(document).problems(findings))
    case = load_case(_case(document, file.case))
    if findings := [*findings, *_findings(file, case)]:
        raise CaseError(SourceMap.of(document).problems(findings))
    claims = {name: coding for name, coding in file.claims.items() if coding is not None}
    return Coding(coder=file.coder or path.stem, file=document.file, case=case, claims=claims)


def own_coding(case: Case, file: str) -> Coding:
    """Return the case's own coding, which follows from its files.

    The size of a claim is the largest codebook word that cites it in an actor's preference, in a rule on what the actor
    sends, or in the price of a red line. A number that also rests on an assumption does not code the claim, and gives
    it no size. `file` is the name given to the place of this coding.
    """
    order, size_of = sizes(case), dict[str, str]()
    for claim_id, word in _sized_claims(case):
        size_of[claim_id] = max(size_of.get(claim_id, word), word, key=order.index)
    claims = {
        name: ClaimCoding(kind=claim.kind, about=claim.about, size=size_of.get(name))
        for name, claim in case.claims.items()
    }
    return Coding(coder=OWN, file=file, case=case, claims=claims)


def _sized_claims(case: Case) -> Iterator[tuple[str, str]]:
    """Yield each claim that a number cites, with the number's codebook word."""
    for actor in case.actors.values():
        rules = [(rule, rule.points) for rule in actor.heeding_rules]
        red_lines = [(line, line.price) for line in actor.red_lines]
        for rule, number in [*rules, *red_lines]:
            meant = case.written[case.draw_of(number.path)] if isinstance(number, SameAs) else number
            if isinstance(meant, CodebookNumber) and rule.assumption is None:
                yield from ((claim, meant.word) for claim in rule.source)


def _case(document: Document, name: str) -> Path:
    """Return the case that a file names: a path relative to the file, or a name as on the command line."""
    beside = Path(document.file).parent / name
    try:
        path = beside if is_case(beside) else find(name)
    except UsageError as error:
        raise CaseError(SourceMap.of(document).problems([Finding(("case",), str(error))])) from None
    if not is_case(path):
        message = f"'{name}' is not a case; name the folder of a case, or a bundled case."
        raise CaseError(SourceMap.of(document).problems([Finding(("case",), message)]))
    return path


def _findings(file: CodingFile, case: Case) -> Iterator[Finding]:
    words, known = sizes(case), subjects(case)
    for name, coding in file.claims.items():
        if name not in case.claims:
            message = f"this case has no claim '{name}'.{did_you_mean(name, list(case.claims))}"
            yield Finding(("claims", name), message, key=True)
        if coding is None:
            continue
        if coding.size is not None and coding.size not in words:
            yield Finding(("claims", name, "size"), unknown_name("codebook word", coding.size, words))
        for index, subject in enumerate(coding.about or ()):
            if subject not in known:
                yield Finding(("claims", name, "about", index), unknown_name("actor", subject, known))
