"""What a class without devices needs on paper, as plain data: roles, sheets, the text, and the teacher's rehearsal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.analysis.subject import head
from sim.case.conditions import in_words
from sim.case.models import Scenario
from sim.game.paper.rehearsal import rehearse
from sim.game.paper.score_sheet import ScoreSheets
from sim.game.session.brief import brief
from sim.game.session.settings import Level
from sim.negotiation.model import DeliberationModel
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.move_data import protocol_json

FORMAT = "parley.handout/2"


def handout(
    scenario: Scenario, *, level: Level = "advanced", sheets: bool = True, roles: Sequence[str] | None = None
) -> dict[str, Any]:
    """Put together everything that is handed out, at central values, as the talks begin.

    Parameters
    ----------
    level : of the briefs
    sheets : whether roles get their points; without, they have words alone
    roles : the actors whose cards are wanted; None: all

    Returns
    -------
    plain data, for `sim.report.document.handout`. What stands under one of ``roles`` is for that role alone, and
    ``rehearsal`` for the teacher; everything else is for everybody.
    """
    case = scenario.case
    model = DeliberationModel(scenario) if sheets else None
    scores = ScoreSheets(scenario) if sheets else None
    protocol = protocol_of(scenario)
    return {
        "format": FORMAT,
        **head(scenario),
        "description": case.description,
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
        "issues": {
            name: {"says": issue.says, "unit": issue.unit, "options": list(issue.options), "labels": dict(issue.labels)}
            for name, issue in case.issues.items()
        },
        "constraints": [one.says for one in case.constraints],
        "consent": [{"says": one.says, "when": in_words(one.when) if one.when else ""} for one in case.consent],
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
