"""Many proposals at once: who accepts each, what it deters, and the least willing of those whose consent it needs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.judging.judged_text import context_of
from sim.analysis.subject import Target, case_of
from sim.case.models import Package, Scenario
from sim.engine.consent import required_actors
from sim.engine.measures import DURABILITY, HIGHEST
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import LINES
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central, Streams
from sim.errors import UsageError
from sim.negotiation.evaluation import Evaluation, EvaluationContext, blocked_by, number

FORMAT = "parley.proposals/1"
SHARE_DIGITS = 6
Row = dict[str, Any]


def proposals(
    scenarios: Sequence[Scenario],
    under: Target | None = None,
    worlds: int | None = None,
    seed: int = 0,
    context: EvaluationContext | None = None,
) -> dict[str, Any]:
    """Judge the proposals of scenarios of one case, take it or leave it, with what each of them is good for.

    Parameters
    ----------
    scenarios : of one case, at least one
    under : whose numbers hold for all of them, such as a scenario with changes; None leaves each its own
    worlds : how many to draw for the shares; None takes central values alone
    seed : of the worlds
    context : of `under` at central values, where it exists already

    Returns
    -------
    plain data (`docs/reference/json.md`), a row for each scenario in their order

    Raises
    ------
    UsageError
        if there is no scenario, or they are not of one case
    """
    cases = {scenario.case.id for scenario in scenarios} | ({case_of(under).id} if under else set())
    if len(cases) != 1:
        raise UsageError("proposals are judged side by side for the scenarios of one case.")
    case = case_of(under) if under else scenarios[0].case
    if under is None:
        rows = [
            row
            for scenario in scenarios
            for row in judged(context_of(scenario.case, Central()), [scenario.proposal], worlds, seed)
        ]
    else:
        context = context or context_of(case, Central())
        rows = judged(context, [scenario.proposal for scenario in scenarios], worlds, seed)
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
            {"scenario": scenario.id, "title": scenario.title, "question": scenario.question, **row}
            for scenario, row in zip(scenarios, rows, strict=True)
        ],
    }


def judged(
    context: EvaluationContext, packages: Sequence[Package], worlds: int | None = None, seed: int = 0
) -> list[Row]:
    """Judge packages of one case, all in the same worlds: a row for each, without names of scenarios.

    Parameters
    ----------
    context : of the case, at central values
    packages : possible ones, whole
    worlds, seed : as in `proposals`
    """
    space = OutcomeSpace(context.case)
    texts = np.stack([space.encode(package) for package in packages])
    central = context.evaluate(texts)
    drawn = (
        central
        if worlds is None
        else EvaluationContext.draw(context.compiled_rules, Streams(seed, worlds)).evaluate(texts)
    )
    asked = required_actors(context.case, central.matrix, central.responses.pledged)
    return [_row(central.one(text=index), drawn, asked, index) for index in range(len(texts))]


def _row(central: Evaluation, drawn: Evaluation, asked: Mapping[str, NDArray[np.bool_]], index: int) -> Row:
    """One text at central values, the same text among those in drawn worlds, and its place among them."""
    case, measures = central.case, central.measures()
    actors = {name: _actor(central, drawn, name, bool(_cell(asked[name], index)), index) for name in case.actors}
    return {
        "package": OutcomeSpace(case).decode(central.matrix.texts[0]),
        "measures": measures,
        "durability": number(measures[DURABILITY] / HIGHEST) if DURABILITY in measures else None,
        "agreed": bool(central.responses.consent.agreed[0, 0]),
        "agreed_share": _share(drawn.responses.consent.agreed, index),
        "blocked_by": blocked_by(central),
        "least_willing": _least_willing(actors),
        "actors": actors,
    }


def _actor(central: Evaluation, drawn: Evaluation, name: str, needs: bool, index: int) -> Row:
    answer, parameters = central.responses.answers[name], central.actor_parameters[name]
    crossed = np.flatnonzero(central.matrix.block(LINES, name)[:, 0]).tolist()
    lines = [(parameters.actor.red_lines[line], bool(parameters.nevers[0, line]), line) for line in crossed]
    return {
        "verdict": Verdict(answer.verdict[0, 0]).word,
        "surplus": number(answer.surplus[0, 0]),
        "never": bool(answer.never[0, 0]),
        "needed": needs,
        "accepts_share": _share(drawn.responses.answers[name].accepts, index),
        "crossed": [
            {"rule": line.rule, "says": line.says, "price": "never" if never else number(parameters.prices[0, place])}
            for line, never, place in lines
        ],
    }


def _least_willing(actors: Mapping[str, Row]) -> str | None:
    """Of those whose consent a package needs, the one with the least to spare; `never` counts as least."""
    asked = [name for name, actor in actors.items() if actor["needed"]]
    spare = {name: -math.inf if actors[name]["never"] else actors[name]["surplus"] for name in asked}
    return min(asked, key=lambda name: (spare[name], actors[name]["surplus"]), default=None)


def _share(holds: NDArray[np.bool_], index: int) -> float:
    """The share of worlds in which something holds of a text, (world or 1, text or 1) bool."""
    return round(float(holds[:, index if holds.shape[1] > 1 else 0].mean()), SHARE_DIGITS)


def _cell(array: NDArray[Any], index: int) -> Any:
    return array[0, index if array.shape[1] > 1 else 0]
