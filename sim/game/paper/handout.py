"""What a class without devices needs on paper: roles, score sheets, the text, and the teacher's rehearsal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from sim.analysis.subject import Subject, subject_of
from sim.case.conditions import condition_in_words
from sim.case.models import Scenario
from sim.game.paper.rehearsal import Rehearsal, rehearse
from sim.game.paper.score_sheet import MeasureTables, RoleSheet, ScoreSheets
from sim.game.session.brief import Brief, asks_in_words, brief
from sim.game.session.public_record import issue_words
from sim.game.session.settings import Level
from sim.negotiation.model import DeliberationModel
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.move_data import protocol_json
from sim.negotiation.record.record_data import ProtocolData

FORMAT = "parley.handout/2"


class RoleCard(TypedDict):
    """What one role gets; without score sheets, `sheet` is None."""

    brief: Brief
    sheet: RoleSheet | None


class Handout(Subject):
    """Everything that is handed out, for `sim.report.document.handout`.

    Each of the `roles` is for that role only, and `rehearsal` is for the teacher; everything else is for everybody.
    """

    format: str
    description: str | None
    notice: str | None
    level: Level
    sheets: bool
    protocol: ProtocolData
    sponsors: list[str]
    drafters: list[str]
    negotiable: list[str]
    opening: dict[str, Any]
    events: list[dict[str, Any]]
    actors: dict[str, dict[str, Any]]
    issues: dict[str, dict[str, Any]]
    constraints: list[str]
    consent: list[dict[str, str]]
    declared: list[dict[str, str]]
    measures: MeasureTables | None
    roles: dict[str, RoleCard]
    rehearsal: Rehearsal


def handout(
    scenario: Scenario, *, level: Level = "advanced", sheets: bool = True, roles: Sequence[str] | None = None
) -> Handout:
    """Return everything that is handed out, at central values, as the talks begin.

    Without `sheets`, roles get words only. `roles` are the actors whose cards are wanted; None means all.
    """
    case = scenario.case
    model = DeliberationModel(scenario) if sheets else None
    scores = ScoreSheets(scenario) if sheets else None
    protocol = protocol_of(scenario)
    return {
        "format": FORMAT,
        **subject_of(scenario),
        "description": case.description,
        "notice": case.notice,
        "level": level,
        "sheets": sheets,
        "protocol": protocol_json(protocol),
        "sponsors": list(sponsors_of(scenario)),
        "drafters": list(protocol.drafters(1)),
        "negotiable": list(protocol.negotiable),
        "opening": dict(scenario.proposal),
        "events": [{"month": event.month, "says": event.says} for event in scenario.events],
        "actors": {
            name: {"name": actor.name, "role": actor.role, "sends": list(actor.capacities)}
            for name, actor in case.actors.items()
        },
        "issues": issue_words(case),
        "constraints": [constraint.says for constraint in case.constraints],
        "consent": [
            {
                "says": rule.says,
                **asks_in_words(case, rule),
                "when": condition_in_words(rule.when) if rule.when else "",
            }
            for rule in case.consent
        ],
        "declared": [
            {"actor": name, "says": line.says}
            for name, actor in case.actors.items()
            for line in actor.red_lines
            if line.declared
        ],
        "measures": scores.measures() if scores else None,
        "roles": {
            name: {"brief": brief(case, name, level, model), "sheet": scores.role(name) if scores else None}
            for name in (case.actors if roles is None else roles)
        },
        "rehearsal": rehearse(scenario),
    }
