"""Moves, and what was learnt, as plain data (model, section 7, "What is told")."""

from __future__ import annotations

import math
from typing import Any

from sim.case.models import Case
from sim.negotiation.drafting.amendments import KINDS
from sim.negotiation.drafting.gaps import crossed_lines
from sim.negotiation.evaluation import number
from sim.negotiation.memory import RedLines
from sim.negotiation.moves import Phase
from sim.negotiation.protocols import Protocol
from sim.negotiation.record.history import Lessons, Month, MonthMoves, Run


def protocol_json(protocol: Protocol) -> dict[str, Any]:
    """The settings of a protocol, and the words for it."""
    return {
        **protocol.settings.model_dump(mode="json"),
        "label": protocol.label,
        "setup": protocol.setup,
        "amends": protocol.amends,
    }


def move_json(run: Run, month: Month, moves: MonthMoves, world: int = 0) -> dict[str, Any]:
    """The move that produced the text of a month in one world, a place among the worlds that were open in it."""
    case = run.scenario.case
    before = run.months[month.month - 2]
    at = {name: place for place, name in enumerate(case.actors)}
    blockers = [name for name in at if moves.blocked[world, at[name]]] if moves.chosen[world].any() else []
    gaps: dict[str, list[float | None]] = {
        name: [_finite(float(gap[world, at[name]])) for gap in moves.gap] for name in blockers
    }
    return {
        "kind": KINDS[moves.kind[world]].value,
        "by": list(month.tabled_by),
        "people": _people(run, month),
        "changed": [name for name, chosen in zip(case.issues, moves.chosen[world], strict=True) if chosen],
        "gaps": {**gaps, **_short_rules(run, month, moves, world)},
        "surplus": {name: [number(one[world, at[name]]) for one in moves.surplus] for name in blockers},
        "crosses": _newly_crossed(case, month, moves, world),
        "learnt": learnt_json(case, before.learnt, int(before.rows.searchsorted(month.rows[world]))),
    }


def learnt_json(case: Case, learnt: Lessons, world: int = 0) -> list[dict[str, Any]]:
    """The red lines of which the answers of a month told something in one world."""
    return [
        {"actor": name, "line": line.rule, "says": line.says, "closed": bool(closed)}
        for (name, line), known, closed in zip(
            RedLines(case).listed, learnt.known[world], learnt.closed[world], strict=True
        )
        if known or closed
    ]


def _people(run: Run, month: Month) -> list[str]:
    """The drafters of a month's text who were played by people, and moved or passed."""
    moved = {one.actor for one in run.moves if (one.month, one.phase) == (month.month - 1, Phase.AMENDMENT)}
    return [name for name in month.tabled_by if name in moved]


def _finite(value: float) -> float | None:
    return None if math.isinf(value) else number(value)


def _newly_crossed(case: Case, month: Month, moves: MonthMoves, world: int) -> list[dict[str, Any]]:
    lines, actors = RedLines(case), list(case.actors)
    crossed = crossed_lines(month.evaluation.matrix, lines)[world]
    newly = moves.known[world] & crossed & ~moves.crossed[world]
    return [
        {"actor": name, "line": line.rule, "says": line.says, "blocks": bool(moves.blocks[world, actors.index(name)])}
        for (name, line), one in zip(lines.listed, newly, strict=True)
        if one
    ]


def _short_rules(run: Run, month: Month, moves: MonthMoves, world: int) -> dict[str, list[float | None]]:
    """Consent rules that were short though nobody withheld anything: what was missing before, and now."""
    rules = {rule.rule: rule for rule in run.scenario.case.consent}
    found: dict[str, list[float | None]] = {}
    before = run.months[month.month - 2].evaluation
    row = int(run.months[month.month - 2].rows.searchsorted(month.rows[world]))
    for name, stuck in moves.stuck.items():
        pledges = rules[name].pledges
        if not stuck[world] or pledges is None:
            continue
        answers, given = before.responses.answers, before.responses.pledged[pledges.of]
        sent = sum(
            float(given[one][row if len(given[one]) > 1 else 0, 0] * answers[one].sends(pledges.of)[row, 0])
            for one in pledges.from_
        )
        asked = [
            float(evaluation.matrix.cover[pledges.cover][at])
            for evaluation, at in ((before, row), (month.evaluation, world))
        ]
        found[name] = [number(max(one - sent, 0.0)) for one in asked]
    return found
