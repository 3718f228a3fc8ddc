"""What everybody knows in public: what was said at the table, and positions that the case's source records.

The case marks what is public: verdicts, pledges, declared red lines, and its claims, which anybody can read in the
source. Briefs, points, walk-away values, prices, undeclared red lines, and rules that rest only on an assumption are
confidential. Nothing here reads a number of an actor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NotRequired, TypeAlias, TypedDict, TypeVar

import numpy as np

from sim.case.base_models import Sourced
from sim.case.models import Case
from sim.engine.outcome_space import Texts
from sim.engine.rule_matrix import LINES, PREFERENCES, CompiledRules, RuleMatrix
from sim.engine.verdict_rules import Assessment, Verdict
from sim.engine.voting.standing import VoteCount
from sim.negotiation.answers.answer_data import UnmetRule
from sim.negotiation.answers.evaluation import Evaluation, blocked_by, number
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Phase, RecordedMove
from sim.negotiation.record.history import Month, MonthMoves

STATED = ("position", "red_line", "condition")
"""The kinds of claims in which an actor has taken a position."""
RECORD_MOST = 2
"""The most claims that are cited per answer, in the order of the actor's file."""
TEXTS_KEPT = 128
"""The number of recent texts for which the rules that hold are kept, about 1 KB each."""


class DeclaredLine(TypedDict):
    """A declared red line: the name of its rule, and its words."""

    rule: str
    says: str


class CrossedLine(DeclaredLine):
    """A declared red line that a text crosses, with the actor who declared it."""

    actor: str


class RecordedClaim(TypedDict):
    """A claim of the case: its id, and its words."""

    claim: str
    text: str


class PublicAnswer(TypedDict):
    """What everybody hears of one actor's answer."""

    verdict: str
    declares: list[DeclaredLine]
    record: list[RecordedClaim]
    pledge: dict[str, float]
    says: str
    agent_says: str
    """What an agent says about its own answer; empty where people sit."""
    by_agent: str | None
    """Why the rules answered although somebody sat on the chair: ``time``, ``next`` or ``agent``."""


class PublicUnmetRule(DeclaredLine):
    """A consent rule that is not met, in words, and the votes of the quorums that it misses, if there are any."""

    votes: NotRequired[list[VoteCount]]


class PublicDecision(TypedDict):
    """What the consent rules made of the answers."""

    agreed: bool
    blocked_by: list[str]
    unmet: list[PublicUnmetRule]


class PublicMonth(TypedDict):
    """What everybody heard in a month."""

    month: int
    text: dict[str, Any]
    tabled_by: list[str]
    meant_for: list[str]
    """The actors whom the text was meant to win."""
    answers: dict[str, PublicAnswer]
    decision: PublicDecision | None
    """None before the decision."""
    events: list[str]
    """The events at the start of the month."""


class HeardAnswer(TypedDict):
    """An answer of an actor to an earlier text, and the terms in which a draft `differs` from that text."""

    month: int
    verdict: str
    differs: dict[str, list[Any]]


class Sounding(TypedDict):
    """What is known in public of how an actor might answer a draft."""

    actor: str
    text: dict[str, Any]
    changed: dict[str, list[Any]]
    leans: str
    """``no`` if the draft crosses a declared line, else the actor's answer to exactly this text, else ``open``."""
    declares: list[DeclaredLine]
    """The actor's declared red lines that the draft crosses."""
    heard: list[HeardAnswer]
    """Its answers to the most similar earlier texts."""
    record: list[RecordedClaim]
    """Claims in which it has taken a position on terms of the draft."""


def issue_words(case: Case) -> dict[str, dict[str, Any]]:
    """Return the issues and options in the case's own words."""
    return {
        name: {"says": issue.says, "unit": issue.unit, "options": list(issue.options), "labels": dict(issue.labels)}
        | ({"group": issue.group} if issue.group else {})
        for name, issue in case.issues_by_group.items()
    }


def read_text(compiled_rules: CompiledRules, text: Texts) -> RuleMatrix:
    """Return which rules hold for a text (1, issue). It is kept, because every seat of a table asks about its text."""
    return _read_text(compiled_rules, text.tobytes())


@lru_cache(TEXTS_KEPT)
def _read_text(compiled_rules: CompiledRules, text: bytes) -> RuleMatrix:
    return compiled_rules.read(np.frombuffer(text, dtype=np.uint8).reshape(1, -1))


def crossed_lines(compiled_rules: CompiledRules, text: Texts) -> list[CrossedLine]:
    """Return the declared red lines that a text (1, issue) crosses."""
    matrix = read_text(compiled_rules, text)
    return [
        {"actor": name, "rule": line.rule, "says": line.says}
        for name, actor in compiled_rules.case.actors.items()
        for line, crossed in zip(actor.red_lines, matrix.block(LINES, name)[:, 0], strict=True)
        if line.declared and crossed
    ]


def declared_lines_of(actor: str, crossed: Iterable[CrossedLine]) -> list[DeclaredLine]:
    """Return those of some crossed lines that one actor has declared."""
    return [{"rule": line["rule"], "says": line["says"]} for line in crossed if line["actor"] == actor]


def on_record(compiled_rules: CompiledRules, actor: str, text: Texts) -> list[RecordedClaim]:
    """Return the claims in which an actor has taken a position on terms of a text (1, issue)."""
    case = compiled_rules.case
    claims: dict[str, None] = {}
    for rule in _applying_rules(case, actor, read_text(compiled_rules, text)):
        stated = (claim for claim in rule.source if _states_position(case, claim, actor))
        if (first := next(stated, None)) is not None:
            claims[first] = None
    return [{"claim": claim, "text": case.claims[claim].text} for claim in list(claims)[:RECORD_MOST]]


def _states_position(case: Case, claim: str, actor: str) -> bool:
    return case.claims[claim].kind in STATED and actor in case.claims[claim].about


def _applying_rules(case: Case, name: str, matrix: RuleMatrix) -> Iterator[Sourced]:
    """The rules of an actor that apply to a text and are not secret: declared red lines, then preferences."""
    actor = case.actors[name]
    lines = zip(actor.red_lines, matrix.block(LINES, name)[:, 0], strict=True)
    yield from (line for line, applies in lines if applies and line.declared)
    rules = zip(case.preferences[name], matrix.block(PREFERENCES, name)[:, 0], strict=True)
    yield from (rule for rule, applies in rules if applies)


def _answers(
    compiled_rules: CompiledRules,
    text: Texts,
    assessments: Mapping[str, Assessment],
    pledged: Mapping[str, Mapping[str, Any]],
    words: Mapping[str, str],
) -> dict[str, PublicAnswer]:
    """What everybody hears of the answers to a text in one world, by actor.

    A pledge is reported where the text asks for it, even if nothing is sent, and where somebody has offered it. Before
    the decision, `pledged`, resource to actor to (1, 1) float, is empty.
    """
    lines, matrix = crossed_lines(compiled_rules, text), read_text(compiled_rules, text)
    heard: dict[str, PublicAnswer] = {}
    for name, assessment in assessments.items():
        sent = {
            resource: number(amounts[name][0, 0]) if assessment.sends(resource)[0, 0] else 0.0
            for resource, amounts in pledged.items()
            if name in amounts and assessment.accepts[0, 0]
        }
        heard[name] = {
            "verdict": Verdict(int(assessment.verdict[0, 0])).word,
            "declares": declared_lines_of(name, lines),
            "record": on_record(compiled_rules, name, text),
            "pledge": {
                resource: amount
                for resource, amount in sent.items()
                if matrix.counts_on(name, resource)[0, 0] or assessment.promised.get(resource, 0) > 0
            },
            "says": words.get(name, ""),
            "agent_says": "",
            "by_agent": None,
        }
    return heard


def _meant_for(model: DeliberationModel, month: int, moves: MonthMoves | None) -> list[str]:
    """The actors whom the text of a month was meant to win.

    By the drafters' expectation, they would no longer block it, or would come at least one step closer. Nobody is named
    for a text by a person, whose reasons are unknown, or for a text that was not changed.
    """
    by_person = any(given.month == month - 1 and given.move.amend for given in model.moves)
    if moves is None or by_person or not moves.chosen[0].any():
        return []
    before, after = moves.gap[:, 0]
    across = np.isinf(before) & np.isinf(after)  # a line that is not for sale: by the surplus without its price
    closer = np.where(across, moves.surplus[1, 0] - moves.surplus[0, 0], before - np.where(across, 0.0, after))
    won = moves.blocked[0] & ((after == 0) | (closer >= model.protocol.settings.step))
    return [name for name, wins in zip(model.script.case.actors, won, strict=True) if wins]


def _words(moves: Iterable[RecordedMove], month: int) -> dict[str, str]:
    """What people said with their answers in a month, by actor. Words with an amendment belong to the next text."""
    return {
        given.actor: given.move.says
        for given in moves
        if given.month == month and given.phase is not Phase.AMENDMENT and given.move.says
    }


Record = TypeVar("Record")
MonthRecords: TypeAlias = list[tuple[Month, Record]]
"""Decided months, each with its record, which never changes again."""


def update_records(kept: MonthRecords[Record], months: Iterable[Month], record: Callable[[Month], Record]) -> None:
    """Bring the records of a table's decided months up to date, in place; only new months are recorded."""
    known = {id(month): old for month, old in kept}
    kept[:] = [(month, known.get(id(month)) or record(month)) for month in months]


def history(model: DeliberationModel, kept: MonthRecords[PublicMonth]) -> list[PublicMonth]:
    """Return what everybody heard, month by month, up to now.

    `kept` holds the records of decided months from earlier calls for the same talks, and is brought up to date.
    """
    update_records(kept, model.months, lambda month: _decided_month(model, month))
    records = [record.copy() for _, record in kept]
    if not records or records[-1]["month"] < model.month:
        text, moves = model.text[:1], model.drafting_moves
        records.append(_public_month(model, model.month, text, model.tabled_by, moves, model.answers, {}))
    return records


def _decided_month(model: DeliberationModel, month: Month) -> PublicMonth:
    texts, responses = month.evaluation.matrix.texts[:1], month.evaluation.responses
    answers, pledged = responses.answers, responses.pledged
    public = _public_month(model, month.month, texts, month.tabled_by, month.moves, answers, pledged)
    return {**public, "decision": _decision(month.evaluation)}


def _public_month(
    model: DeliberationModel,
    month: int,
    text: Texts,
    tabled_by: Sequence[str],
    moves: MonthMoves | None,
    answers: Mapping[str, Assessment],
    pledged: Mapping[str, Mapping[str, Any]],
) -> PublicMonth:
    """A month before its decision."""
    return {
        "month": month,
        "text": model.space.decode(text[0]),
        "tabled_by": list(tabled_by),
        "meant_for": [name for name in _meant_for(model, month, moves) if name not in tabled_by],
        "answers": _answers(model.compiled_rules, text, answers, pledged, _words(model.moves, month)),
        "decision": None,
        "events": [event.says for event in model.script.events if event.month == month],
    }


def _public_unmet(rule: UnmetRule) -> PublicUnmetRule:
    public: PublicUnmetRule = {"rule": rule["rule"], "says": rule["says"]}
    return {**public, "votes": rule["votes"]} if "votes" in rule else public


def _decision(evaluation: Evaluation) -> PublicDecision:
    """What the consent rules made of the answers, which everybody can count."""
    first = evaluation.one()
    consent = first.responses.consent
    return {
        "agreed": bool(consent.agreed[0, 0]),
        "blocked_by": blocked_by(first),
        "unmet": [_public_unmet(rule) for rule in first.unmet_rules()],
    }
