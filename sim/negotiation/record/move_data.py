"""Moves and what was learnt, as plain data (model, section 7, "What is told")."""

from __future__ import annotations

import math

from sim.case.models import Case
from sim.negotiation.answers.evaluation import number
from sim.negotiation.drafting.decision import KINDS
from sim.negotiation.drafting.gaps import crossed_lines
from sim.negotiation.memory import RedLines
from sim.negotiation.moves import Phase
from sim.negotiation.protocols import Protocol
from sim.negotiation.record.history import Lessons, Month, MonthMoves, Run
from sim.negotiation.record.record_data import LessonData, MoveData, NewlyCrossed, ProtocolData


def protocol_json(protocol: Protocol) -> ProtocolData:
    """Return the settings of a protocol and its description as plain data."""
    settings = protocol.settings
    return {
        "name": settings.name,
        "months": settings.months,
        "amend_terms": settings.amend_terms,
        "negotiable": None if settings.negotiable is None else list(settings.negotiable),
        "step": settings.step,
        "patience": settings.patience,
        "mediator": settings.mediator,
        "parties": None if settings.parties is None else list(settings.parties),
        "label": protocol.label,
        "setup": protocol.setup,
        "amends": protocol.amends,
    }


def move_json(run: Run, month: Month, moves: MonthMoves, world: int = 0) -> MoveData:
    """Return the move that produced the text of a month in one of the worlds that were open then."""
    case = run.scenario.case
    before = run.months[month.month - 2]
    index = {name: place for place, name in enumerate(case.actors)}
    blockers = [name for name in index if moves.blocked[world, index[name]]] if moves.chosen[world].any() else []
    gaps: dict[str, list[float | None]] = {
        name: [_finite(float(gap[world, index[name]])) for gap in moves.gap] for name in blockers
    }
    return {
        "kind": KINDS[moves.kind[world]].value,
        "by": list(month.tabled_by),
        "people": _people(run, month),
        "changed": [name for name, chosen in zip(case.issues, moves.chosen[world], strict=True) if chosen],
        "gaps": {**gaps, **_missing_pledges(run, month, moves, world)},
        "surplus": {name: [number(surplus[world, index[name]]) for surplus in moves.surplus] for name in blockers},
        "crosses": _newly_crossed(case, month, moves, world),
        "learnt": learnt_json(case, before.learnt, int(before.rows.searchsorted(month.rows[world]))),
    }


def learnt_json(case: Case, learnt: Lessons, world: int = 0) -> list[LessonData]:
    """Return the red lines about which the answers of a month taught something in one world."""
    return [
        {"actor": name, "line": line.rule, "says": line.says, "closed": bool(closed)}
        for (name, line), known, closed in zip(
            RedLines(case).listed, learnt.known[world], learnt.closed[world], strict=True
        )
        if known or closed
    ]


def _people(run: Run, month: Month) -> list[str]:
    """The drafters of a month's text who were played by people, whether they amended it or passed."""
    moved = {move.actor for move in run.moves if (move.month, move.phase) == (month.month - 1, Phase.AMENDMENT)}
    return [name for name in month.tabled_by if name in moved]


def _finite(value: float) -> float | None:
    return None if math.isinf(value) else number(value)


def _newly_crossed(case: Case, month: Month, moves: MonthMoves, world: int) -> list[NewlyCrossed]:
    lines, actors = RedLines(case), list(case.actors)
    crossed = crossed_lines(month.evaluation.matrix, lines)[world]
    newly = moves.known[world] & crossed & ~moves.crossed[world]
    return [
        {"actor": name, "line": line.rule, "says": line.says, "blocks": bool(moves.blocks[world, actors.index(name)])}
        for (name, line), crosses in zip(lines.listed, newly, strict=True)
        if crosses
    ]


def _missing_pledges(run: Run, month: Month, moves: MonthMoves, world: int) -> dict[str, list[float | None]]:
    """Consent rules that were not met although nobody withheld anything: the missing amount before and after."""
    rules = {rule.rule: rule for rule in run.scenario.case.consent}
    missing: dict[str, list[float | None]] = {}
    before = run.months[month.month - 2].evaluation
    row = int(run.months[month.month - 2].rows.searchsorted(month.rows[world]))
    for name, stuck in moves.stuck.items():
        if not stuck[world]:
            continue
        amounts = []
        for pledges in rules[name].pledges_asked:
            answers, pledged = before.responses.answers, before.responses.pledged[pledges.of]
            sent = sum(
                float(
                    pledged[actor][row if len(pledged[actor]) > 1 else 0, 0] * answers[actor].sends(pledges.of)[row, 0]
                )
                for actor in pledges.from_
            )
            asked = [
                float(evaluation.matrix.cover[pledges.cover][place])
                for evaluation, place in ((before, row), (month.evaluation, world))
            ]
            amounts.append([number(max(amount - sent, 0.0)) for amount in asked])
        if amounts:  # of several pledges, those that lack least
            missing[name] = [*min(amounts, key=lambda lacking: (lacking[0] == 0, lacking[0]))]
    return missing
