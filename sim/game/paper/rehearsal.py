"""Before the class: the whole table by agents, and whether there is anything at all that they could agree on."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.analysis.counterfactuals.flip import flip
from sim.analysis.outcomes.enumeration import Progress
from sim.analysis.outcomes.outcomes import outcomes
from sim.analysis.outcomes.zone import compute_zone
from sim.analysis.outcomes.zone_file import zone_of
from sim.analysis.subject import head
from sim.case.models import Case, Scenario
from sim.engine.consent import needed
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import Bools
from sim.engine.worlds import Central, Streams, Uniforms
from sim.game.debrief.table_results import negotiable
from sim.negotiation.evaluation import Evaluation, blocked_by, evaluate, number
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.history import Run
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play

FORMAT = "parley.rehearsal/2"
EMPTY, EMPTY_AT_FIRST, TOO_MANY, NO_AGREEMENT, SETTLED = (
    "empty",
    "empty_at_first",
    "too_many",
    "no_agreement",
    "settled",
)
"""What a teacher is warned of: nothing can be agreed at all, or not from the beginning; there are too many texts to
know; something could be agreed, but agents do not find it; everything is agreed in the first month."""


def rehearse(
    scenario: Scenario, seed: int | None = None, *, whole: bool = False, progress: Progress | None = None
) -> dict[str, Any]:
    """Play a scenario by agents alone, and look for what could be agreed.

    Parameters
    ----------
    seed : the world that a class would play, the first of this seed; None takes central values
    whole : whether to judge every possible package too, which takes as long as `outcomes`; else the texts that the
        protocol leaves open
    progress : of the whole

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    uniforms: Uniforms = Central() if seed is None else Streams(seed, 1)
    run = play(scenario, seed=seed or 0, uniforms=uniforms)
    told = summarise(run)
    zone = _zone(run, uniforms)
    return {
        "format": FORMAT,
        **head(scenario),
        "seed": seed,
        "protocol": told["protocol"],
        "actors": {name: actor.name for name, actor in scenario.case.actors.items()},
        **{key: told[key] for key in ("outcome", "months", "final_package", "blocked_by", "verdicts", "durability")},
        "opening": dict(scenario.proposal),
        "run": told,
        "zone": zone,
        "zone_line": (zone_of(scenario) or compute_zone(scenario)).to_dict(),
        "warnings": _warnings(told["outcome"], told["months"], zone),
        "possible_with": _possible_with(scenario, zone),
        "whole": _whole(scenario, progress) if whole else None,
    }


def _zone(run: Run, uniforms: Uniforms) -> dict[str, Any] | None:
    """What could be agreed of the texts that the protocol leaves open, month by month, with nobody holding out."""
    texts = negotiable(run)
    if texts is None:
        return None
    scenario = run.scenario
    case, months = scenario.case, []
    best: tuple[float, int, Texts] | None = None
    nearest: dict[str, Any] | None = None
    lifted = dict.fromkeys(case.actors, 0)
    for month in range(1, protocol_of(scenario).months + 1):
        evaluation = evaluate(case, uniforms, texts, month=month, months=month, events=scenario.events)
        shape, decided = (1, len(texts)), evaluation.responses.consent
        agreed = np.broadcast_to(decided.agreed, shape)[0]
        months.append(int(agreed.sum()))
        blocking = {name: np.broadcast_to(one, shape)[0] for name, one in decided.blockers.items()}
        alone = _alone(blocking, np.broadcast_to(decided.stuck, shape)[0])
        nearest = nearest or _nearest(case, evaluation, blocking)
        lifted = {name: max(lifted[name], int(one.sum())) for name, one in alone.items()}
        least = np.full(len(texts), np.inf)
        for name, asked in needed(case, evaluation.matrix, evaluation.responses.pledged).items():
            surplus = np.broadcast_to(evaluation.responses.answers[name].surplus, shape)[0]
            least = np.where(np.broadcast_to(asked, shape)[0], np.minimum(least, surplus), least)
        if agreed.any():
            at = int(np.flatnonzero(agreed)[np.argmax(least[agreed])])
            if best is None or least[at] > best[0]:
                best = (float(least[at]), month, texts[at])
    return {
        "texts": len(texts),
        "agreed": months,
        "best": None
        if best is None
        else {"month": best[1], "package": OutcomeSpace(case).decode(best[2]), "least": number(best[0])},
        "nearest": nearest,
        "one_no_away": {name: count for name, count in lifted.items() if count},
    }


def _nearest(case: Case, evaluation: Evaluation, blocking: dict[str, Bools]) -> dict[str, Any]:
    """The text with the fewest lines of blockers that are never sold, then the least that they are short of."""
    count = len(evaluation.matrix.texts)
    never, short, blockers = np.zeros(count), np.zeros(count), np.zeros(count)
    for name, blocks in blocking.items():
        answer = evaluation.responses.answers[name]
        never += blocks & np.broadcast_to(answer.never, (1, count))[0]
        short += blocks * np.broadcast_to(answer.shortfall, (1, count))[0]
        blockers += blocks
    at = int(np.lexsort((blockers, short, never))[0])
    one = evaluation.one(text=at)
    return {
        "package": OutcomeSpace(case).decode(evaluation.matrix.texts[at]),
        "blocked_by": blocked_by(one),
        "shortfall": number(short[at]),
    }


def _alone(blocking: dict[str, Bools], stuck: Any) -> dict[str, Bools]:
    """Actor to (text,) bool, whether nobody and nothing else stands in the way."""
    count = np.add.reduce([stuck, *(one.astype(np.uint8) for one in blocking.values())], dtype=np.uint8)
    return {name: blocks & (count == 1) for name, blocks in blocking.items()}


def _warnings(outcome: str, months: int, zone: dict[str, Any] | None) -> list[str]:
    if zone is None:
        return [TOO_MANY] + ([NO_AGREEMENT] if outcome != "agreed" else [])
    if not any(zone["agreed"]):
        return [EMPTY]
    found = [EMPTY_AT_FIRST] if not zone["agreed"][0] else []
    if outcome != "agreed":
        found.append(NO_AGREEMENT)
    elif months == 1:
        found.append(SETTLED)
    return found


def _possible_with(scenario: Scenario, zone: dict[str, Any] | None) -> dict[str, Any] | None:
    """The smallest sets of changed terms, negotiable or not, with which the opening text would be agreed at once.

    They are looked for where nothing is agreed otherwise.
    """
    if zone is not None and any(zone["agreed"]):
        return None
    found = flip(scenario, by="terms")
    return {key: found[key] for key in ("most_terms", "terms", "flips")}


def _whole(scenario: Scenario, progress: Progress | None) -> dict[str, Any]:
    found = outcomes(scenario, progress=progress, top=1)
    without = {name: one["agreed_without"] for name, one in found["actors"].items()}
    return {
        "packages": found["packages"],
        "agreed": found["agreed"],
        "agreed_without": without,
        "nearest": found["nearest"][0],
    }
