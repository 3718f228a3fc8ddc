"""Before the class: agents play the whole table, and the rules say whether anything could be agreed at all."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypedDict

import numpy as np

from sim.analysis.counterfactuals.flip import flip
from sim.analysis.outcomes.enumeration import Progress
from sim.analysis.outcomes.outcomes import outcomes
from sim.analysis.outcomes.zone import compute_zone
from sim.analysis.outcomes.zone_file import ZoneWidth, stored_zone
from sim.analysis.subject import Subject, subject_of
from sim.case.models import Case, Package, Scenario
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import Bools
from sim.engine.worlds import Central, Streams, Uniforms
from sim.game.debrief.table_results import least_surplus, negotiable_texts
from sim.negotiation.answers.evaluation import Evaluation, blocked_by, number
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.history import Run
from sim.negotiation.record.record_data import ProtocolData, RunSummary
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play

FORMAT = "parley.rehearsal/2"
Warned: TypeAlias = Literal["empty", "empty_at_ends", "empty_at_first", "too_many", "no_agreement", "settled"]
"""Warnings to a teacher: nothing can be agreed at all; not in the first or the last month (the other months have too
many texts to know); or not at the beginning; there are too many texts to know; something could be agreed, but agents do
not find it; everything is agreed in the first month."""


class NegotiableZone(TypedDict):
    """What could be agreed among the texts that the protocol leaves open, with nobody holding out for more."""

    texts: int
    agreed: list[int]
    """The number of texts that are agreed, month by month."""
    best: dict[str, Any] | None
    nearest: dict[str, Any] | None
    one_no_away: dict[str, int]
    """Actor to the largest number of texts in a month that it alone blocks."""


class Rehearsal(Subject):
    """A rehearsal of a scenario (`docs/reference/json.md`)."""

    format: str
    seed: int | None
    protocol: ProtocolData
    actors: dict[str, str]
    outcome: str
    months: int
    final_package: Package
    blocked_by: list[str]
    verdicts: dict[str, str]
    durability: float | None
    opening: dict[str, Any]
    run: RunSummary
    zone: NegotiableZone | None
    zone_line: Any
    warnings: list[Warned]
    possible_with: dict[str, Any] | None
    whole: dict[str, Any] | None


def rehearse(
    scenario: Scenario, seed: int | None = None, *, whole: bool = False, progress: Progress | None = None
) -> Rehearsal:
    """Let agents play the first world of a seed (None: central values), and look for what could be agreed.

    With `whole`, every possible package is judged too, which takes as long as `outcomes` and calls `progress`;
    otherwise only the texts that the protocol leaves open.
    """
    uniforms: Uniforms = Central() if seed is None else Streams(seed, 1)
    result = play(scenario, seed=seed or 0, uniforms=uniforms)
    run = summarise(result)
    zone, kept = _zone(result, uniforms), stored_zone(scenario) or compute_zone(scenario)
    return {
        "format": FORMAT,
        **subject_of(scenario),
        "seed": seed,
        "protocol": run["protocol"],
        "actors": {name: actor.name for name, actor in scenario.case.actors.items()},
        "outcome": run["outcome"],
        "months": run["months"],
        "final_package": run["final_package"],
        "blocked_by": run["blocked_by"],
        "verdicts": run["verdicts"],
        "durability": run["durability"],
        "opening": dict(scenario.proposal),
        "run": run,
        "zone": zone,
        "zone_line": kept.to_dict(),
        "warnings": _warnings(run["outcome"], run["months"], zone, kept.kind if seed is None else ZoneWidth.UNKNOWN),
        "possible_with": _possible_with(scenario, zone),
        "whole": _whole(scenario, progress) if whole else None,
    }


def _zone(run: Run, uniforms: Uniforms) -> NegotiableZone | None:
    texts = negotiable_texts(run)
    if texts is None:
        return None
    scenario = run.scenario
    case, counts = scenario.case, list[int]()
    best: tuple[float, int, Texts] | None = None
    nearest: dict[str, Any] | None = None
    lone_blocks = dict.fromkeys(case.actors, 0)
    for month in range(1, protocol_of(scenario).months + 1):
        evaluation = evaluate(case, uniforms, texts, month=month, months=month, events=scenario.events)
        shape, decided = (1, len(texts)), evaluation.responses.consent
        agreed = np.broadcast_to(decided.agreed, shape)[0]
        counts.append(int(agreed.sum()))
        blocking = {name: np.broadcast_to(blocks, shape)[0] for name, blocks in decided.blockers.items()}
        alone = _alone(blocking, np.broadcast_to(decided.stuck, shape)[0])
        nearest = nearest or _nearest(case, evaluation, blocking)
        lone_blocks = {name: max(lone_blocks[name], int(blocks.sum())) for name, blocks in alone.items()}
        if agreed.any():
            least = least_surplus(evaluation)
            index = int(np.flatnonzero(agreed)[np.argmax(least[agreed])])
            if best is None or least[index] > best[0]:
                best = (float(least[index]), month, texts[index])
    return {
        "texts": len(texts),
        "agreed": counts,
        "best": None
        if best is None
        else {"month": best[1], "package": OutcomeSpace(case).decode(best[2]), "least": number(best[0])},
        "nearest": nearest,
        "one_no_away": {name: count for name, count in lone_blocks.items() if count},
    }


def _nearest(case: Case, evaluation: Evaluation, blocking: dict[str, Bools]) -> dict[str, Any]:
    """The text at which blockers cross the fewest lines without a price, then are least short of accepting."""
    count = len(evaluation.matrix.texts)
    never, short, blockers = np.zeros(count), np.zeros(count), np.zeros(count)
    for name, blocks in blocking.items():
        answer = evaluation.responses.answers[name]
        never += blocks & np.broadcast_to(answer.never, (1, count))[0]
        short += blocks * np.broadcast_to(answer.shortfall, (1, count))[0]
        blockers += blocks
    index = int(np.lexsort((blockers, to_points(short), never))[0])
    return {
        "package": OutcomeSpace(case).decode(evaluation.matrix.texts[index]),
        "blocked_by": blocked_by(evaluation.one(text=index)),
        "shortfall": number(short[index]),
    }


def _alone(blocking: dict[str, Bools], stuck: Bools) -> dict[str, Bools]:
    """Actor to (text,) bool, whether it is the only thing that blocks a text."""
    count = np.add.reduce([stuck, *(blocks.astype(np.uint8) for blocks in blocking.values())], dtype=np.uint8)
    return {name: blocks & (count == 1) for name, blocks in blocking.items()}


def _warnings(outcome: str, months: int, zone: NegotiableZone | None, width: ZoneWidth) -> list[Warned]:
    """Return what a teacher should know; `width` covers more texts than `zone`, but only the first and last month.

    It is unknown in a drawn world, because the zone is computed at central values.
    """
    if zone is None:
        return _warnings_by_width(outcome, width)
    if not any(zone["agreed"]):
        return ["empty"]
    warnings: list[Warned] = [] if zone["agreed"][0] else ["empty_at_first"]
    if outcome != "agreed":
        warnings.append("no_agreement")
    elif months == 1:
        warnings.append("settled")
    return warnings


def _warnings_by_width(outcome: str, width: ZoneWidth) -> list[Warned]:
    """Return the warnings where the texts of every month are too many to judge."""
    if width is ZoneWidth.UNKNOWN:
        return ["too_many"]
    if outcome == "agreed":
        return []
    return ["empty_at_ends"] if width is ZoneWidth.NONE else ["no_agreement"]


def _possible_with(scenario: Scenario, zone: NegotiableZone | None) -> dict[str, Any] | None:
    """The smallest sets of changed terms, negotiable or not, with which the opening text would be agreed at once.

    None if something negotiable can be agreed anyway.
    """
    if zone is not None and any(zone["agreed"]):
        return None
    changes = flip(scenario, by="terms")
    return {key: changes[key] for key in ("most_terms", "terms", "flips")}


def _whole(scenario: Scenario, progress: Progress | None) -> dict[str, Any]:
    report = outcomes(scenario, progress=progress, top=1)
    return {
        "packages": report["packages"],
        "agreed": report["agreed"],
        "agreed_without": {name: actor["agreed_without"] for name, actor in report["actors"].items()},
        "nearest": report["nearest"][0] if report["nearest"] else None,
    }
