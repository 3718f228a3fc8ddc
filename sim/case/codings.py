"""What a coder takes each claim of a case to be: a file of codings, and the case's own as one more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from sim.case.base_models import ClaimId, Kind, StrictModel, Words
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
"""The coder of a case's own reading."""


class ClaimCoding(StrictModel):
    """What a coder takes one claim to be; what is blank was not coded."""

    kind: Kind | None = None
    about: Annotated[tuple[Words, ...] | None, BeforeValidator(lambda raw: [raw] if isinstance(raw, str) else raw)] = (
        None
    )
    size: Words | None = None


class CodingFile(StrictModel):
    """A file of codings."""

    case: Words
    coder: Words | None = None
    claims: dict[ClaimId, ClaimCoding | None]


@dataclass(frozen=True, kw_only=True)
class Coding:
    """One coder's reading of the claims of a case.

    Parameters
    ----------
    coder : str, who coded
    file : str, where it stands
    case : whose claims these are
    claims : claim id to what the coder took it to be, for those that were coded at all
    """

    coder: str
    file: str
    case: Case
    claims: Mapping[str, ClaimCoding]


def sizes(case: Case) -> list[str]:
    """The words of the codebook, from the smallest on."""
    return sorted(case.codebook, key=lambda word: case.resolve(case.codebook[word].is_).central)


def subjects(case: Case) -> list[str]:
    """Whom a claim may be about: the actors, and what else the case's own claims name (such as ``europe``)."""
    return list(dict.fromkeys([*case.actors, *(one for claim in case.claims.values() for one in claim.about)]))


def load_coding(path: Path) -> Coding:
    """Read a file of codings, and the case that it names.

    Raises
    ------
    CaseError
        with every problem of the file, or of its case
    """
    document = read_document(path)
    file, findings = parse_model(CodingFile, document.data)
    if file is None:
        raise CaseError(SourceMap.of(document).problems(findings))
    case = load_case(_case(document, file.case))
    if findings := [*findings, *_findings(file, case)]:
        raise CaseError(SourceMap.of(document).problems(findings))
    claims = {name: one for name, one in file.claims.items() if one is not None}
    return Coding(coder=file.coder or path.stem, file=document.file, case=case, claims=claims)


def own_coding(case: Case, file: str) -> Coding:
    """The case's own coding, as its files have it.

    The size of a claim is the largest word of the codebook that an actor's preference, a rule on what it sends, or the
    price of its red line takes from it. A number that rests on an assumption too is no reading of the claim, and gives
    it no size.

    Parameters
    ----------
    file : what to call the place where it stands
    """
    order, found = sizes(case), dict[str, str]()
    for claim, word in _sized(case):
        found[claim] = max(found.get(claim, word), word, key=order.index)
    claims = {
        name: ClaimCoding(kind=claim.kind, about=claim.about, size=found.get(name))
        for name, claim in case.claims.items()
    }
    return Coding(coder=OWN, file=file, case=case, claims=claims)


def _sized(case: Case) -> Iterator[tuple[str, str]]:
    for actor in case.actors.values():
        wants = [(rule, rule.points) for rule in actor.heeding_rules]
        refuses = [(line, line.price) for line in actor.red_lines]
        for rule, number in [*wants, *refuses]:
            meant = case.written[case.draw_of(number.path)] if isinstance(number, SameAs) else number
            if isinstance(meant, CodebookNumber) and rule.assumption is None:
                yield from ((claim, meant.word) for claim in rule.source)


def _case(document: Document, name: str) -> Path:
    """The case that a file names: a path from its own folder, or as on the command line."""
    beside = Path(document.file).parent / name
    try:
        path = beside if is_case(beside) else find(name)
    except UsageError as error:
        raise CaseError(SourceMap.of(document).problems([Finding(("case",), str(error))])) from None
    if not is_case(path):
        message = f"'{name}' is no case; name the folder of the case, or a bundled one."
        raise CaseError(SourceMap.of(document).problems([Finding(("case",), message)]))
    return path


def _findings(file: CodingFile, case: Case) -> Iterator[Finding]:
    words, known = sizes(case), subjects(case)
    for name, one in file.claims.items():
        if name not in case.claims:
            message = f"'{name}' is no claim of this case.{did_you_mean(name, list(case.claims))}"
            yield Finding(("claims", name), message, key=True)
        if one is None:
            continue
        if one.size is not None and one.size not in words:
            yield Finding(("claims", name, "size"), unknown_name("word of the codebook", one.size, words))
        for at, subject in enumerate(one.about or ()):
            if subject not in known:
                yield Finding(("claims", name, "about", at), unknown_name("actor", subject, known))
