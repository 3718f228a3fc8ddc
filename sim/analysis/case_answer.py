"""The answer to a case's question: who accepts its proposals, who blocks them, and what would turn the nearest."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypedDict

from sim.analysis.counterfactuals.actor_turning import ActorTurning, actor_turning
from sim.analysis.judging.package_rows import ProposalAnswer
from sim.analysis.judging.proposals import ProposalRow, proposals
from sim.analysis.outcomes.zone_file import Zone
from sim.case.models import Scenario
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play

FORMAT = "parley.answer/1"
PLAYED_MOST = 4
"""The talks of scenarios without a stored zone are played if there are no more than this, because it takes a second."""


class Talks(TypedDict):
    """How the talks on a proposal end at central values."""

    outcome: str
    month: int


class AnsweredScenario(TypedDict):
    """The answers to the proposal of one scenario, take it or leave it."""

    scenario: str
    title: str
    question: str
    agreed: bool
    agreed_share: float
    verdicts: dict[str, str]
    accepts: dict[str, float]
    blocked_by: list[str]
    talks: Talks | None


class Blocker(TypedDict):
    """One actor, or consent rule, and how many proposals it blocks at central values.

    `verdicts` counts its verdicts on these. `line` is the red line not for sale that they cross most often.
    """

    id: str
    blocks: int
    verdicts: dict[str, int]
    line: str | None
    line_crossed: int


class CaseAnswer(TypedDict):
    """The result of `case_answer`; `scenarios` begin with the most widely accepted, `blockers` with the most frequent.

    `turning` says what would turn the blockers of `nearest`, the blocked proposal that is nearest to agreement.
    """

    format: str
    case: str
    title: str
    question: str
    worlds: int
    seed: int
    actors: dict[str, str]
    scenarios: list[AnsweredScenario]
    blockers: list[Blocker]
    nearest: str | None
    turning: dict[str, ActorTurning]


def case_answer(
    scenarios: Sequence[Scenario], zones: Mapping[str, Zone | None], worlds: int, seed: int = 0
) -> CaseAnswer:
    """Answer the question of a case from the proposals of its scenarios.

    Parameters
    ----------
    scenarios : of one case, at least one
    zones : scenario to its stored zone of agreement, which says how the talks end; None if there is none
    worlds : the number of random worlds for the shares, at least 1
    seed : the seed of the worlds

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if the scenarios are not of one case
    """
    case = scenarios[0].case
    rows = sorted(proposals(scenarios, None, worlds, seed)["rows"], key=_nearness, reverse=True)
    talks = _talks(scenarios, zones)
    nearest = next((row["scenario"] for row in rows if not row["agreed"]), None)
    turning = {}
    if nearest is not None:
        blocked_by = next(row["blocked_by"] for row in rows if row["scenario"] == nearest)
        found = actor_turning(next(scenario for scenario in scenarios if scenario.id == nearest))
        turning = {name: found[name] for name in blocked_by if name in found}
    return {
        "format": FORMAT,
        "case": case.id,
        "title": case.title,
        "question": case.question,
        "worlds": worlds,
        "seed": seed,
        "actors": {name: actor.name for name, actor in case.actors.items()},
        "scenarios": [_scenario(row, talks[row["scenario"]]) for row in rows],
        "blockers": _blockers(rows),
        "nearest": nearest,
        "turning": turning,
    }


def _nearness(row: ProposalRow) -> tuple[bool, float, float]:
    """How near a proposal is to agreement: agreed, then the share of worlds, then what its blockers lack."""
    actors = row["actors"]
    lacking = [_lacks(actors[name]) for name in row["blocked_by"] if name in actors]
    return row["agreed"], row["agreed_share"], -sum(lacking)


def _lacks(answer: ProposalAnswer) -> float:
    return math.inf if answer["never"] else max(0.0, -answer["surplus"])


def _talks(scenarios: Sequence[Scenario], zones: Mapping[str, Zone | None]) -> dict[str, Talks | None]:
    """How the talks of each scenario end; None if that is not stored and would take too long to play."""
    missing = [scenario.id for scenario in scenarios if zones.get(scenario.id) is None]
    ends: dict[str, Talks | None] = {}
    for scenario in scenarios:
        zone = zones.get(scenario.id)
        if zone is not None:
            ends[scenario.id] = {"outcome": zone.outcome, "month": zone.ended}
        elif len(missing) <= PLAYED_MOST:
            run = play(scenario)
            ends[scenario.id] = {"outcome": Outcome(run.outcome[0]).word, "month": int(run.ended[0])}
        else:
            ends[scenario.id] = None
    return ends


def _scenario(row: ProposalRow, talks: Talks | None) -> AnsweredScenario:
    return {
        "scenario": row["scenario"],
        "title": row["title"],
        "question": row["question"],
        "agreed": row["agreed"],
        "agreed_share": row["agreed_share"],
        "verdicts": {name: answer["verdict"] for name, answer in row["actors"].items()},
        "accepts": {name: answer["accepts_share"] for name, answer in row["actors"].items()},
        "blocked_by": row["blocked_by"],
        "talks": talks,
    }


def _blockers(rows: Sequence[ProposalRow]) -> list[Blocker]:
    blocks = Counter(name for row in rows for name in row["blocked_by"])
    return [_blocker(name, count, rows) for name, count in blocks.most_common()]


def _blocker(name: str, count: int, rows: Sequence[ProposalRow]) -> Blocker:
    answers = [row["actors"][name] for row in rows if name in row["blocked_by"] and name in row["actors"]]
    lines = Counter(line["says"] for answer in answers for line in answer["crossed"] if line["price"] == "never")
    line, crossed = lines.most_common(1)[0] if lines else (None, 0)
    return {
        "id": name,
        "blocks": count,
        "verdicts": dict(Counter(answer["verdict"] for answer in answers).most_common()),
        "line": line,
        "line_crossed": crossed,
    }
