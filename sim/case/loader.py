"""Loads a `Case` or a `Scenario` from files or plain data, and reports all mistakes of all files at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias, cast

from sim.case.base_models import NAME, Claims
from sim.case.changes import apply_changes, changeable_numbers
from sim.case.checks.validation import actor_list_findings, case_findings, indicator_findings
from sim.case.counted_rules import by_option
from sim.case.models import Actor, Case, CaseFile, Event, Scenario, ScenarioFile
from sim.case.packages import constraint_findings, fill_proposal, unknown_name
from sim.case.reading.case_files import case_files, scenario_files
from sim.case.reading.source_map import Finding, SourceMap
from sim.case.reading.yaml_documents import DataPath, Document, plain_document
from sim.case.rule_models import ROLES
from sim.case.validation_messages import NAME_IN_WORDS, parse_model, valid_name
from sim.errors import CaseError, Problem, quoted

OUTSIDE = "--set"
"""The file name given to problems with changes that are in no file."""

ReadCase: TypeAlias = Callable[[Path], tuple[SourceMap, list[Problem]]]
ProtocolCheck: TypeAlias = Callable[[ScenarioFile, Case, Collection[str]], Iterator[Finding]]
"""Finds what is wrong with a scenario's protocol, given the scenario, its case, and the ids of all actors."""


def load_case(path: Path | str, changes: Mapping[str, object] | None = None, *, changes_from: str = OUTSIDE) -> Case:
    """Load a case from its folder, or its `case.yaml`.

    `changes` maps dotted paths of numbers of the case to values; `changes_from` says in messages where they come from.
    Raises CaseError with every problem of all its files.
    """
    source, problems = case_files(Path(path))
    return _case(source, problems, plain_document(changes or {}, changes_from))


def read_scenario(
    path: Path | str,
    changes: Mapping[str, object] | None,
    check_protocol: ProtocolCheck,
    *,
    changes_from: str = OUTSIDE,
    read_case: ReadCase = case_files,
) -> Scenario:
    """Read a scenario with its case from their files.

    `changes` maps dotted paths to values: a number of the case, ``proposal.ISSUE`` or ``protocol.KEY``; `changes_from`
    says in messages where they come from. `check_protocol` finds what is wrong with the protocol;
    `sim.negotiation.scenario_loader` knows all protocols. `read_case` reads the files of the case; a caller that reads
    many scenarios of one case can cache it. Raises CaseError with every problem of all its files.
    """
    file, case_source, problems = scenario_files(Path(path), read_case)
    file = _set(file, changes or {}, changes_from)
    return _scenario(file, _ParsedCase.of(case_source), problems, check_protocol)


def build_case(source: Mapping[str, Any]) -> Case:
    """Build a case from plain data, as written in its files.

    The data has the keys of `case.yaml`, and ``claims`` (id to claim), ``actors`` (id to actor) and ``id``. Raises
    CaseError with every problem.
    """
    return _case(SourceMap.of(plain_document(source)), [], plain_document({}))


class ScenarioBuilder:
    """Builds scenarios from plain data, such as `Scenario.source`, with one set of changes after another.

    What the changes leave as it is is parsed only once.

    Parameters
    ----------
    source : the keys of a scenario file without ``extends``, and ``id``; ``case`` holds the source of its case
    check_protocol : as in `read_scenario`

    Raises
    ------
    CaseError
        if this is not the data of a scenario with its case
    """

    def __init__(self, source: Mapping[str, Any], check_protocol: ProtocolCheck) -> None:
        document = plain_document(source)
        case = document.data.get("case")
        if not isinstance(case, dict):
            raise CaseError([Problem(document.file, 0, 0, "case", "the data of the case belongs here.")])
        self._file = SourceMap.of(document)
        self._case = _ParsedCase.of(SourceMap(case, {(): (document, ("case",))}))
        self._check_protocol = check_protocol

    def build(self, changes: Mapping[str, object] | None = None) -> Scenario:
        """Build the scenario with some changes, as in `read_scenario`. Raises CaseError with every problem."""
        return _scenario(_set(self._file, changes or {}), self._case, [], self._check_protocol)


def add_event(scenario: Scenario, event: Mapping[str, object]) -> Scenario:
    """Return a scenario with one more event, given as plain data. Raises CaseError with every problem of the event."""
    index, past = len(scenario.events), cast(Sequence[object], scenario.source.get("events") or ())
    document = plain_document({"events": [*past, event]})
    events = document.data["events"]
    model, findings = parse_model(Event, events[index], ("events", index))
    if model is not None:
        findings += _event_findings(index, model, scenario.protocol.months, scenario.case)
    if model is None or findings:
        raise CaseError(SourceMap.of(document).problems(findings))
    return replace(scenario, events=(*scenario.events, model), source={**scenario.source, "events": events})


def _set(file: SourceMap, changes: Mapping[str, object], changes_from: str = OUTSIDE) -> SourceMap:
    """Add changes from outside to a scenario; a path outside the scenario's own parts is a number of the case."""
    outside = plain_document(changes, changes_from)
    for name, value in outside.data.items():
        part, _, key = name.partition(".")
        path = (part, key) if part in ("proposal", "protocol") else ("changes", name)
        if isinstance(file.data.get(path[0], {}), dict):
            file = file.replaced(path, value, (outside, (name,)))
    return file


def _case(source: SourceMap, problems: Iterable[Problem], changes: Document) -> Case:
    file = SourceMap({"changes": changes.data}, {(): (changes, ()), ("changes",): (changes, ())})
    case, source, in_changes, in_case = _changed_case(file, _ParsedCase.of(source), changes.data)
    problems = [*problems, *file.problems(in_changes), *source.problems(in_case)]
    if problems or case is None:
        raise CaseError(problems)
    return case


@dataclass(frozen=True)
class _ParsedCase:
    """A case that is parsed, but not validated.

    Parameters
    ----------
    written : its data as in its files
    source : the same, with the names of options in all score sheets
    case : without the actors with mistakes; None if there are other mistakes
    findings : the mistakes
    """

    written: SourceMap
    source: SourceMap
    case: Case | None
    findings: Sequence[Finding]

    @classmethod
    def of(cls, written: SourceMap) -> _ParsedCase:
        """Parse the data of a case."""
        source = by_option(written)
        return cls(written, source, *_parsed_case(source))

    @cached_property
    def numbers(self) -> Mapping[str, DataPath]:
        """The numbers that a scenario may change, as of `changeable_numbers`."""
        return {} if self.case is None else changeable_numbers(self.case, self.source.data)

    def reparsed(self, source: SourceMap) -> tuple[Case | None, list[Finding]]:
        """Parse its data with some changes; what they leave as it is is taken over. It has no mistakes."""
        return _parsed_case(source, self)


def _parsed_case(source: SourceMap, like: _ParsedCase | None = None) -> tuple[Case | None, list[Finding]]:
    """Parse a case without validating it; actors with mistakes are left out, other mistakes leave no case at all.

    `like` is the case without some changes: the parts that hold the very same data are taken over from it.
    """
    data = {"claims": {}, "actors": {}, **source.data}
    before, known = ({}, None) if like is None else (like.source.data, like.case)
    rest = {key: value for key, value in data.items() if key not in ("id", "claims", "actors")}
    file: CaseFile | Case | None = known
    claims, findings = None if known is None else known.claims, list[Finding]()
    if known is None or any(before.get(key) is not value for key, value in rest.items()):
        file, findings = parse_model(CaseFile, rest) if () not in source.unread else (None, [])
    if known is None or before.get("claims") is not data["claims"]:
        model, in_claims = (
            parse_model(Claims, {"claims": data["claims"]}) if ("claims",) not in source.unread else (None, [])
        )
        claims, findings = None if model is None else model.claims, findings + in_claims
    kept = {} if known is None else {id(before["actors"][name]): actor for name, actor in known.actors.items()}
    actors, in_actors = _parsed_actors(data["actors"], source.unread, kept)
    findings += in_actors
    if file is None or claims is None:
        return None, findings
    parts = {name: getattr(file, name) for name in CaseFile.model_fields}
    return Case(id=str(data.get("id", "case")), claims=claims, actors=actors, **parts), findings


def _actor_ids(source: SourceMap) -> list[str]:
    """Return the ids of all actors, including those with mistakes; an invalid id as it should be."""
    actors = source.data.get("actors")
    return [valid_name(name) for name in actors] if isinstance(actors, dict) else []


def _parsed_actors(
    data: object, unread: Collection[DataPath], kept: Mapping[int, Actor]
) -> tuple[dict[str, Actor], list[Finding]]:
    """Parse the actors; `kept` maps the `id` of data that was parsed before to the actor."""
    if not isinstance(data, dict) or not data:
        return {}, [Finding(("actors",), "a case needs at least one actor, in a file actors/NAME.yaml.")]
    actors: dict[str, Actor] = {}
    findings: list[Finding] = []
    for name, content in data.items():
        path = ("actors", name)
        if not re.fullmatch(NAME, name):
            message = (
                f"{quoted(name)} is not a valid {NAME_IN_WORDS}; rename the actor's file to '{valid_name(name)}.yaml'."
            )
            findings.append(Finding(path, message))
        if path not in unread:
            actor, in_actor = (kept[id(content)], []) if id(content) in kept else parse_model(Actor, content, path)
            findings += in_actor
            actors |= {name: actor} if actor else {}
    return dict(sorted(actors.items(), key=lambda item: (ROLES.index(item[1].role), item[0]))), findings


def _scenario(
    file: SourceMap, original: _ParsedCase, problems: Iterable[Problem], check_protocol: ProtocolCheck
) -> Scenario:
    data = {key: "." if key == "case" else value for key, value in file.data.items() if key != "id"}
    model, findings = parse_model(ScenarioFile, data)
    wrong: set[object] = set()
    if model is None:  # the other keys are checked nevertheless
        wrong = {finding.path[0] for finding in findings if finding.path}
        model, _ = parse_model(ScenarioFile, _without(data, wrong, _actor_ids(original.written)))
    case, changed, in_changes, in_case = _changed_case(file, original, model.changes if model else {})
    findings += in_changes
    if case is None or model is None:
        raise CaseError([*problems, *file.problems(findings), *changed.problems(in_case)])
    package, adjusted, in_proposal = fill_proposal(case, model.proposal)
    of_the_rest = [*_scenario_findings(model, case, _actor_ids(changed))]
    of_the_rest += check_protocol(model, case, _actor_ids(changed))
    findings += [finding for finding in of_the_rest if finding.path[0] not in wrong]
    if not in_proposal and not in_case and "proposal" not in wrong:
        in_proposal = constraint_findings(case, package, adjusted)
    findings += [finding._replace(path=("proposal", *finding.path)) for finding in in_proposal]
    if problems := [*problems, *file.problems(findings), *changed.problems(in_case)]:
        raise CaseError(problems)
    same = ("title", "question", "sponsor", "co_sponsors", "core", "protocol", "changes", "events")
    return Scenario(
        id=str(file.data.get("id", "scenario")),
        case=case,
        proposal=package,
        adjusted=adjusted,
        source={**file.data, "case": original.written.data},
        **{name: getattr(model, name) for name in same},
    )


def _without(data: Mapping[str, Any], wrong: Collection[object], actors: Sequence[str]) -> dict[str, Any]:
    """Return the data of a scenario without the keys that are wrong, with stand-ins for those that it needs."""
    stand_ins = {"title": "?", "question": "?", "sponsor": next(iter(actors), "?")}
    needed = {key: value for key, value in stand_ins.items() if key in wrong}
    return {key: value for key, value in data.items() if key not in wrong} | needed


def _changed_case(
    file: SourceMap, original: _ParsedCase, changes: Mapping[str, object]
) -> tuple[Case | None, SourceMap, list[Finding], list[Finding]]:
    """Apply the changes of a file to a case.

    Returns the case; its data with the changes; findings in the changes; findings in the case.
    """
    source, case, findings = original.source, original.case, list(original.findings)
    in_changes: list[Finding] = []
    if original.case is not None and changes and not findings:
        source, in_changes = apply_changes(original.case, original.numbers, source, changes, file)
        case, findings = original.reparsed(source)
        case = replace(case, changes=changes) if case else None
        case = case or original.case  # if a change breaks the case, the rest is still validated
    if case is not None and original.case is not None:
        findings += case_findings(case, _actor_ids(source), original.case)
    return case, source, in_changes, findings


def _scenario_findings(scenario: ScenarioFile, case: Case, actors: Collection[str]) -> Iterator[Finding]:
    """Find all mistakes of a parsed scenario, except those in its proposal, changes and protocol."""
    if scenario.sponsor not in actors:
        yield Finding(("sponsor",), unknown_name("actor", scenario.sponsor, actors))
    yield from actor_list_findings(("co_sponsors",), scenario.co_sponsors, actors)
    for index, name in enumerate(scenario.co_sponsors):
        if name == scenario.sponsor:
            yield Finding(("co_sponsors", index), f"'{name}' is already the sponsor.")
    for index, name in enumerate(scenario.core):
        if name not in case.issues:
            yield Finding(("core", index), unknown_name("issue", name, case.issues))
    for index, event in enumerate(scenario.events):
        yield from _event_findings(index, event, scenario.protocol.months, case)


def _event_findings(index: int, event: Event, months: int, case: Case) -> Iterator[Finding]:
    """Find all mistakes in a parsed event; `months` is the longest that the talks can take."""
    if event.month > months:
        message = (
            f"month {event.month} is after the last month of the talks ({months}); "
            "raise protocol.months, or drop the event."
        )
        yield Finding(("events", index, "month"), message)
    yield from indicator_findings(("events", index, "set"), event.set, case)
