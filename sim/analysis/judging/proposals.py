"""Many proposals at once: who accepts each, what it deters, and who is the least willing of those whom it needs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.subject import Target, case_of
from sim.case.models import Case, Package, Scenario
from sim.engine.consent import required_actors
from sim.engine.measures import DURABILITY, HIGHEST
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import LINES
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central, Streams
from sim.errors import UsageError
from sim.negotiation.evaluation import Evaluation, blocked_by, evaluate, number

FORMAT = "parley.proposals/1"
SHARE_DIGITS = 6
Row = dict[str, Any]


def proposals(
    scenarios: Sequence[Scenario], under: Target | None = None, worlds: int | None = None, seed: int = 0
) -> dict[str, Any]:
    """Judge the proposals of scenarios of one case, take it or leave it, with what each of them is good for.

    Parameters
    ----------
    scenarios : of one case, at least one
    under : whose numbers hold for all of them, such as a scenario with changes; None leaves each its own
    worlds : how many to draw for the shares; None takes central values alone
    seed : of the worlds

    Returns
    -------
    plain data (`docs/reference/json.md`), a row for each scenario in their order

    Raises
    ------
    UsageError
        if there is no scenario, or they are not of one case
    """
    cases = {one.case.id for one in scenarios} | ({case_of(under).id} if under else set())
    if len(cases) != 1:
        raise UsageError("proposals are judged side by side for the scenarios of one case.")
    case = case_of(under) if under else scenarios[0].case
    if under is None:
        rows = [row for one in scenarios for row in judged(one.case, [one.proposal], worlds, seed)]
    else:
        rows = judged(case, [one.proposal for one in scenarios], worlds, seed)
    first: dict[tuple[object, ...], str] = {}
    for scenario, row in zip(scenarios, rows, strict=True):
        same = None if under is None else first.setdefault(tuple(scenario.proposal.values()), scenario.id)
        row |= {"same_as": None if same == scenario.id else same}
    return {
        "format": FORMAT,
        "case": case.id,
        "under": under.id if isinstance(under, Scenario) else None,
        "seed": seed,
        "worlds": worlds or 1,
        "nominal": worlds is None,
        "actors": {name: actor.name for name, actor in case.actors.items()},
        "measures": {name: measure.says for name, measure in case.measures.items()},
        "deterrence": case.durability.deterrence if case.durability else None,
        "rows": [
            {"scenario": one.id, "title": one.title, "question": one.question, **row}
            for one, row in zip(scenarios, rows, strict=True)
        ],
    }


def judged(case: Case, packages: Sequence[Package], worlds: int | None = None, seed: int = 0) -> list[Row]:
    """Judge packages of one case, all in the same worlds: a row for each, without names of scenarios.

    Parameters
    ----------
    packages : possible ones, whole
    worlds, seed : as of `proposals`
    """
    space = OutcomeSpace(case)
    texts = np.stack([space.encode(one) for one in packages])
    central = evaluate(case, Central(), texts)
    drawn = central if worlds is None else evaluate(case, Streams(seed, worlds), texts)
    asked = required_actors(case, central.matrix, central.responses.pledged)
    return [_row(central, drawn, asked, texts, at) for at in range(len(texts))]


def _row(central: Evaluation, drawn: Evaluation, asked: Mapping[str, NDArray[np.bool_]], texts: Texts, at: int) -> Row:
    one, case = central.one(text=at), central.case
    measures = {name: number(score[0, 0]) for name, score in one.situation.measures.items()}
    actors = {name: _actor(one, drawn, name, bool(_cell(asked[name], at)), at) for name in case.actors}
    return {
        "package": OutcomeSpace(case).decode(texts[at]),
        "measures": measures,
        "durability": number(measures[DURABILITY] / HIGHEST) if DURABILITY in measures else None,
        "agreed": bool(one.responses.consent.agreed[0, 0]),
        "agreed_share": _share(drawn.responses.consent.agreed, at),
        "blocked_by": blocked_by(one),
        "least_willing": _least_willing(actors),
        "actors": actors,
    }


def _actor(one: Evaluation, drawn: Evaluation, name: str, needs: bool, at: int) -> Row:
    answer, parameters = one.responses.answers[name], one.actor_parameters[name]
    crossed = np.flatnonzero(one.matrix.block(LINES, name)[:, 0]).tolist()
    lines = [(parameters.actor.red_lines[line], bool(parameters.nevers[0, line]), line) for line in crossed]
    return {
        "verdict": Verdict(answer.verdict[0, 0]).word,
        "surplus": number(answer.surplus[0, 0]),
        "never": bool(answer.never[0, 0]),
        "needed": needs,
        "accepts_share": _share(drawn.responses.answers[name].accepts, at),
        "crossed": [
            {"rule": line.rule, "says": line.says, "price": "never" if never else number(parameters.prices[0, place])}
            for line, never, place in lines
        ],
    }


def _least_willing(actors: Mapping[str, Row]) -> str | None:
    """Who has the least to spare of those whose consent a package needs; a red line without a price comes first."""
    asked = [name for name, one in actors.items() if one["needed"]]
    spare = {name: -math.inf if actors[name]["never"] else actors[name]["surplus"] for name in asked}
    return min(asked, key=lambda name: (spare[name], actors[name]["surplus"]), default=None)


def _share(holds: NDArray[np.bool_], at: int) -> float:
    """The share of worlds in which something holds of a text, (world or 1, text or 1) bool."""
    return round(float(holds[:, at if holds.shape[1] > 1 else 0].mean()), SHARE_DIGITS)


def _cell(array: NDArray[Any], at: int) -> Any:
    return array[0, at if array.shape[1] > 1 else 0]
