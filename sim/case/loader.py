"""From files, or from plain data, to a `Case` or a `Scenario`; all mistakes of all files at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from sim.case.base_models import NAME, Claims
from sim.case.changes import changed
from sim.case.models import ROLES, Actor, Case, CaseFile, Scenario, ScenarioFile
from sim.case.packages import constraint_findings, fill_proposal
from sim.case.reading.case_files import case_files, scenario_files
from sim.case.reading.source_map import Finding, SourceMap
from sim.case.reading.yaml_documents import DataPath, plain_document
from sim.case.scenario_validation import scenario_findings
from sim.case.validation import case_findings
from sim.case.validation_messages import NAME_IN_WORDS, parse_model
from sim.errors import CaseError, Problem, quoted

OUTSIDE = "--set"
"""The file that problems with changes given from outside are said to be in."""


ProtocolCheck: TypeAlias = Callable[[ScenarioFile, Case, Collection[str]], Iterator[Finding]]
"""What the protocol of a scenario has to say about it: the scenario, its case, and the ids of all actors."""


def load_case(path: Path | str, changes: Mapping[str, object] | None = None, *, changes_from: str = OUTSIDE) -> Case:
    """Load a case from its folder, or its `case.yaml`.

    Parameters
    ----------
    path : the folder or the file
    changes : what to change beyond what the files say: dotted path of a number of the case to value
    changes_from : where the changes stand, for messages

    Raises
    ------
    CaseError
        with every problem of all its files
    """
    whole, problems = case_files(Path(path))
    if not changes:
        return _case(whole, problems)
    outside = plain_document(changes, changes_from)
    file = SourceMap({"changes": outside.data}, {(): (outside, ()), ("changes",): (outside, ())})
    case, whole, wrong, amiss = _changed(file, whole, outside.data)
    found = [*problems, *file.problems(wrong), *whole.problems(amiss)]
    if found or case is None:
        raise CaseError(found)
    return case


def read_scenario(
    path: Path | str,
    changes: Mapping[str, object] | None,
    check_protocol: ProtocolCheck,
    *,
    changes_from: str = OUTSIDE,
) -> Scenario:
    """Read a scenario with its case from their files.

    Parameters
    ----------
    path : the scenario file
    check_protocol : finds what is wrong with the protocol; `sim.negotiation.scenario_loader` knows all protocols
    changes : what to change beyond what the file says: dotted path to value; a number of the case, ``proposal.ISSUE``
        or ``protocol.KEY``
    changes_from : where the changes stand, for messages

    Raises
    ------
    CaseError
        with every problem of all its files
    """
    file, whole, problems = scenario_files(Path(path))
    return _scenario(_set(file, changes or {}, changes_from), whole, problems, check_protocol)


def build_case(source: Mapping[str, Any]) -> Case:
    """Build a case from plain data, as it stands in the files.

    Parameters
    ----------
    source : the keys of `case.yaml`, and ``claims`` (id to claim), ``actors`` (id to actor) and ``id``

    Raises
    ------
    CaseError
        with every problem
    """
    return _case(SourceMap.of(plain_document(source)), [])


def assemble_scenario(
    source: Mapping[str, Any], changes: Mapping[str, object] | None, check_protocol: ProtocolCheck
) -> Scenario:
    """Build a scenario from plain data, such as `Scenario.source`.

    Parameters
    ----------
    source : the keys of a scenario file without ``extends``, and ``id``; ``case`` holds the source of its case
    changes : what to change beyond what the data says, as in `read_scenario`
    check_protocol : finds what is wrong with the protocol, as in `read_scenario`

    Raises
    ------
    CaseError
        with every problem
    """
    document = plain_document(source)
    case = document.data.get("case")
    if not isinstance(case, dict):
        raise CaseError([Problem(document.file, 0, 0, "case", "the data of the case belongs here.")])
    file = _set(SourceMap.of(document), changes or {})
    return _scenario(file, SourceMap(case, {(): (document, ("case",))}), [], check_protocol)


def _set(file: SourceMap, changes: Mapping[str, object], changes_from: str = OUTSIDE) -> SourceMap:
    """A scenario with changes from outside; what is no part of the scenario is a number of the case."""
    outside = plain_document(changes, changes_from)
    for name, value in outside.data.items():
        part, _, key = name.partition(".")
        path = (part, key) if part in ("proposal", "protocol") else ("changes", name)
        if isinstance(file.data.get(path[0], {}), dict):
            file = file.replaced(path, value, (outside, (name,)))
    return file


def _case(whole: SourceMap, problems: Iterable[Problem]) -> Case:
    case, findings = _shapes(whole)
    if case is not None:
        findings += case_findings(case, _ids(whole), case)
    found = [*problems, *whole.problems(findings)]
    if found or case is None:
        raise CaseError(found)
    return case


def _shapes(whole: SourceMap) -> tuple[Case | None, list[Finding]]:
    """The shapes of a case, which lacks actors that are wrong, and is None if anything else is wrong."""
    data = {"claims": {}, "actors": {}, **whole.data}
    rest = {key: value for key, value in data.items() if key not in ("id", "claims", "actors")}
    file, findings = parse_model(CaseFile, rest) if () not in whole.unread else (None, [])
    claims, wrong = parse_model(Claims, {"claims": data["claims"]}) if ("claims",) not in whole.unread else (None, [])
    actors, amiss = _actors(data["actors"], whole.unread)
    findings += wrong + amiss
    if file is None or claims is None:
        return None, findings
    parts = {name: getattr(file, name) for name in CaseFile.model_fields}
    return Case(id=str(data.get("id", "case")), claims=claims.claims, actors=actors, **parts), findings


def _ids(whole: SourceMap) -> list[str]:
    """The ids of all actors, also of those who are wrong."""
    actors = whole.data.get("actors")
    return list(actors) if isinstance(actors, dict) else []


def _actors(data: object, unread: Collection[DataPath]) -> tuple[dict[str, Actor], list[Finding]]:
    if not isinstance(data, dict) or not data:
        return {}, [Finding(("actors",), "a case has at least one actor, each in a file actors/NAME.yaml.")]
    actors: dict[str, Actor] = {}
    findings: list[Finding] = []
    for name, one in data.items():
        path = ("actors", name)
        if not re.fullmatch(NAME, name):
            findings.append(Finding(path, f"{quoted(name)} is no {NAME_IN_WORDS}; rename the actor."))
        if path not in unread:
            actor, wrong = parse_model(Actor, one, path)
            findings += wrong
            actors |= {name: actor} if actor else {}
    return dict(sorted(actors.items(), key=lambda one: (ROLES.index(one[1].role), one[0]))), findings


def _scenario(
    file: SourceMap, before: SourceMap, problems: Iterable[Problem], check_protocol: ProtocolCheck
) -> Scenario:
    data = {key: "." if key == "case" else value for key, value in file.data.items() if key != "id"}
    shape, wrong = parse_model(ScenarioFile, data)
    case, whole, changes, amiss = _changed(file, before, shape.changes if shape else {})
    findings = [*wrong, *changes]
    if case is None or shape is None:
        raise CaseError([*problems, *file.problems(findings), *whole.problems(amiss)])
    package, adjusted, unfit = fill_proposal(case, shape.proposal)
    findings += scenario_findings(shape, case, _ids(whole))
    findings += check_protocol(shape, case, _ids(whole))
    if not unfit and not amiss:
        unfit = constraint_findings(case, package)
    findings += [one._replace(path=("proposal", *one.path)) for one in unfit]
    if found := [*problems, *file.problems(findings), *whole.problems(amiss)]:
        raise CaseError(found)
    same = ("title", "question", "sponsor", "co_sponsors", "core", "protocol", "changes", "events")
    return Scenario(
        id=str(file.data.get("id", "scenario")),
        case=case,
        proposal=package,
        adjusted=adjusted,
        source={**file.data, "case": before.data},
        **{name: getattr(shape, name) for name in same},
    )


def _changed(
    file: SourceMap, before: SourceMap, changes: Mapping[str, object]
) -> tuple[Case | None, SourceMap, list[Finding], list[Finding]]:
    """The case with the changes of a file, its data, and what is wrong with the changes and with the case."""
    case, amiss = first, _ = _shapes(before)
    whole = before
    unknown: list[Finding] = []
    if first is not None and changes and not amiss:
        whole, unknown = changed(first, before, changes, file)
        case, amiss = _shapes(whole)
        case = replace(case, changes=changes) if case else None
        case = case or first  # a change that breaks the case does not keep the rest from being checked
    if case is not None and first is not None:
        amiss += case_findings(case, _ids(whole), first)
    return case, whole, unknown, amiss
