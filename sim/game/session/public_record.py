"""What is known of everybody in public: what was said at the table, and what the source says that somebody said.

Public are, by what the case marks as such: verdicts, pledges, red lines that are declared, and the claims of the case,
which anybody can read in its source. Confidential are briefs, points, walk-away values, prices, red lines that are not
declared, and every rule that rests on an assumption alone. Nothing here reads a number of an actor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from sim.case.base_models import Sourced
from sim.case.models import Case
from sim.engine.outcome_space import Texts
from sim.engine.rule_matrix import LINES, PREFERENCES, CompiledRules, RuleMatrix
from sim.engine.verdict_rules import Assessment, Verdict
from sim.negotiation.evaluation import Evaluation, blocked_by, number
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Phase, RecordedMove
from sim.negotiation.record.history import Month, MonthMoves

STATED = ("position", "red_line", "condition")
"""The kinds of claims by which an actor has taken a position."""
RECORD_MOST = 2
"""So many claims are cited at most, in the order of the actor's file."""


def declared(compiled_rules: CompiledRules, text: Texts) -> list[dict[str, str]]:
    """The declared red lines that a text (1, issue) crosses: actor, rule, and its words."""
    matrix = compiled_rules.read(text)
    return [
        {"actor": name, "rule": line.rule, "says": line.says}
        for name, actor in compiled_rules.case.actors.items()
        for line, crossed in zip(actor.red_lines, matrix.block(LINES, name)[:, 0], strict=True)
        if line.declared and crossed
    ]


def on_record(compiled_rules: CompiledRules, actor: str, text: Texts) -> list[dict[str, str]]:
    """The claims by which an actor has taken a position on what a text (1, issue) says: id and words."""
    found: dict[str, str] = {}
    for rule in _touched(compiled_rules.case, actor, compiled_rules.read(text)):
        stated = (claim for claim in rule.source if _states(compiled_rules.case, claim, actor))
        if (claim := next(stated, None)) is not None:
            found.setdefault(claim, compiled_rules.case.claims[claim].text)
    return [{"claim": claim, "text": words} for claim, words in list(found.items())[:RECORD_MOST]]


def _states(case: Case, claim: str, actor: str) -> bool:
    one = case.claims[claim]
    return one.kind in STATED and actor in one.about


def _touched(case: Case, actor: str, matrix: RuleMatrix) -> Iterator[Sourced]:
    """The rules of an actor that hold for a text and are no secret: declared red lines, then preferences."""
    who = case.actors[actor]
    lines = zip(who.red_lines, matrix.block(LINES, actor)[:, 0], strict=True)
    yield from (line for line, holds in lines if holds and line.declared)
    rules = zip(who.preferences, matrix.block(PREFERENCES, actor)[:, 0], strict=True)
    yield from (rule for rule, holds in rules if holds)


def answers(
    compiled_rules: CompiledRules,
    text: Texts,
    given: Mapping[str, Assessment],
    pledged: Mapping[str, Mapping[str, Any]],
) -> dict[str, dict[str, Any]]:
    """What everybody hears of the answers to a text: actor to its verdict, declared lines, record and pledge.

    A pledge is told where the text asks for it, though nothing be sent, and where somebody has named it by itself.

    Parameters
    ----------
    given : actor to its answer, in one world
    pledged : resource to actor to (1, 1) float, what each gives if it sends; empty before the decision
    """
    lines, matrix, heard = declared(compiled_rules, text), compiled_rules.read(text), {}
    for name, one in given.items():
        sent = {
            of: number(each[name][0, 0]) if one.sends(of)[0, 0] else 0.0
            for of, each in pledged.items()
            if name in each and one.accepts[0, 0]
        }
        heard[name] = {
            "verdict": Verdict(int(one.verdict[0, 0])).word,
            "declares": [{"rule": line["rule"], "says": line["says"]} for line in lines if line["actor"] == name],
            "record": on_record(compiled_rules, name, text),
            "pledge": {
                of: amount for of, amount in sent.items() if matrix.asks(name, of)[0, 0] or one.promised.get(of, 0) > 0
            },
        }
    return heard


def meant_for(model: DeliberationModel, month: int, moves: MonthMoves | None) -> list[str]:
    """Whom the text of a month was meant to win: who would block no more, or come a step closer, as drafters expected.

    It names nobody for the text of a person, whose reasons are its own, nor for one that was left as it was.

    Parameters
    ----------
    moves : how the text came about
    """
    by_person = any(given.month == month - 1 and given.move.amend for given in model.moves)
    if moves is None or by_person or not moves.chosen[0].any():
        return []
    before, after = moves.gap[:, 0]
    across = np.isinf(before) & np.isinf(after)  # a line that is not for sale: by the surplus without its price
    closer = np.where(across, moves.surplus[1, 0] - moves.surplus[0, 0], before - np.where(across, 0.0, after))
    won = moves.blocked[0] & ((after == 0) | (closer >= model.protocol.settings.step))
    return [name for name, wins in zip(model.script.case.actors, won, strict=True) if wins]


def words(moves: tuple[RecordedMove, ...], month: int) -> dict[str, str]:
    """What people said with their answers of a month, by actor; words with an amendment belong to the next text."""
    return {
        one.actor: one.move.says
        for one in moves
        if one.month == month and one.phase is not Phase.AMENDMENT and one.move.says
    }


Heard = list[tuple[Month, dict[str, Any]]]
"""Decided months, each with what everybody heard of it, which stays as it is."""


def history(model: DeliberationModel, kept: Heard) -> list[dict[str, Any]]:
    """What everybody heard, month by month.

    Parameters
    ----------
    kept : what was told of the same talks before, which is not put together again; brought up to date

    Returns
    -------
    plain data of each month: `text`, who it was `tabled_by` and `meant_for`, the `answers` so far, the `decision` (None
    before it), and the `events` with which the month began
    """
    known = {id(month): told for month, told in kept}
    kept[:] = [(one, known.get(id(one)) or _decided(model, one)) for one in model.months]
    told = [dict(one) for _, one in kept]
    if not told or told[-1]["month"] < model.month:
        text = model.text[:1]
        given = answers(model.compiled_rules, text, model.answers, {})
        told.append(_told(model, model.month, text, model.tabled_by, model.drafting_moves, given, None))
    return told


def _decided(model: DeliberationModel, one: Month) -> dict[str, Any]:
    responses, text = one.evaluation.responses, one.evaluation.matrix.texts[:1]
    given = answers(model.compiled_rules, text, responses.answers, responses.pledged)
    return _told(model, one.month, text, one.tabled_by, one.moves, given, decision(one.evaluation))


def _told(
    model: DeliberationModel,
    month: int,
    text: Texts,
    tabled_by: Sequence[str],
    moves: MonthMoves | None,
    given: Mapping[str, dict[str, Any]],
    decided: dict[str, Any] | None,
) -> dict[str, Any]:
    said = words(tuple(model.moves), month)
    return {
        "month": month,
        "text": model.space.decode(text[0]),
        "tabled_by": list(tabled_by),
        "meant_for": [one for one in meant_for(model, month, moves) if one not in tabled_by],
        "answers": {name: {**one, "says": said.get(name, "")} for name, one in given.items()},
        "decision": decided,
        "events": [event.says for event in model.script.events if event.month == month],
    }


def decision(evaluation: Evaluation) -> dict[str, Any]:
    """What the consent rules made of the answers: everybody can count."""
    told = evaluation.one()
    unmet = told.responses.consent.unmet
    return {
        "agreed": bool(told.responses.consent.agreed[0, 0]),
        "blocked_by": blocked_by(told),
        "unmet": [
            {"rule": rule.rule, "says": rule.says}
            for rule in told.case.consent
            if rule.rule in unmet and unmet[rule.rule][0, 0]
        ],
    }
