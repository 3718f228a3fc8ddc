"""What would turn one actor: the terms with which it would accept a text, and the nearest numbers that would do it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypedDict

import numpy as np

from sim.analysis.counterfactuals.parameters import Parameter, parameters_of
from sim.analysis.counterfactuals.probe import WhichMoved, with_one_moved
from sim.analysis.counterfactuals.thresholds import json_value
from sim.analysis.counterfactuals.turning_points import refine, wide_sample
from sim.analysis.judging.judged_text import AskedMonth, JudgedText, core_of, judge_text
from sim.case.conditions import Option
from sim.engine.rule_matrix import LINES, Bools, Floats
from sim.engine.verdict_rules import Assessment, Verdict
from sim.engine.voting.needed_actors import WhyNeeded
from sim.negotiation.answers.answer_data import YesIfResult
from sim.negotiation.answers.evaluation import DIGITS, Evaluation
from sim.negotiation.answers.yes_if import yes_if
from sim.negotiation.scenario_loader import TargetLike, as_target

NUMBERS_LISTED = 2
"""The most numbers that are listed for one actor."""
SAMPLE = 7
"""Values of each number, in its range and on either side, that are judged before the search narrows."""


class TurningNumber(TypedDict):
    """One number that turns an actor if it alone changes. From `never` to a price counts as one range."""

    path: str
    says: str
    now: float | str
    then: float
    side: Literal["at least", "at most"]
    unit: str
    range: tuple[float, float] | None
    ranges: float
    within: bool
    assumed: bool
    source: list[str]


class ActorTurning(TypedDict):
    """What would turn one actor that does not accept a text, or accepts it and does not send what is asked.

    Attributes
    ----------
    terms : the sets of changed terms with which it would accept, best first, each as issue to [from, to]
    core_terms : the same with terms of the core, if no others are enough
    line, line_says : the red line, not for sale, that the text and, if `terms` is empty, every set crosses
    short : how many points short the text would be without that line, 0 if only the line is in the way
    numbers : at most two, those within their range first, then the nearest
    """

    actor: str
    name: str
    verdict: str
    blocks: bool
    needed: bool
    why_needed: WhyNeeded | None
    terms: list[dict[str, list[Option]]]
    core_terms: list[dict[str, list[Option]]]
    line: str | None
    line_says: str | None
    short: float | None
    numbers: list[TurningNumber]


def actor_turning(
    scenario: TargetLike,
    package: Mapping[str, object] | None = None,
    *,
    month: AskedMonth = None,
    numbers: bool = True,
) -> dict[str, ActorTurning]:
    """Find what would turn each actor that does not accept a text, or is in its way.

    Parameters
    ----------
    scenario : a scenario, or a case
    package : issue to option, changes of its proposal
    month : of the talks, as in `judge_text`
    numbers : whether to look for numbers too

    Returns
    -------
    actor to what would turn it, in the order of the case; plain data (`docs/reference/json.md`)
    """
    return turning_of(judge_text(as_target(scenario), package, month), numbers=numbers)


def turning_of(judged: JudgedText, *, numbers: bool = True) -> dict[str, ActorTurning]:
    """Find what would turn each actor, of a text that is judged already: see `actor_turning`."""
    evaluation = judged.evaluation
    unmoved = [
        name
        for name in evaluation.case.actors
        if evaluation.blocks(name)[0] or not evaluation.responses.answers[name].accepts[0, 0]
    ]
    core = core_of(judged.target)
    terms = yes_if(evaluation, core, unmoved)
    stuck = [name for name, found in terms.items() if found is not None and not found["sets"]]
    beyond = yes_if(evaluation, (), stuck) if core and stuck else {}
    found = _numbers(judged, unmoved) if numbers and unmoved else {}
    return {name: _turning(evaluation, name, terms[name], beyond.get(name), found.get(name, [])) for name in unmoved}


def _turning(
    evaluation: Evaluation, name: str, terms: YesIfResult | None, core: YesIfResult | None, numbers: list[TurningNumber]
) -> ActorTurning:
    answer, parameters = evaluation.responses.answers[name], evaluation.actor_parameters[name]
    crossed = evaluation.matrix.block(LINES, name)[:, 0].astype(bool) & parameters.nevers[0]
    lines = [line for line, crosses in zip(parameters.actor.red_lines, crossed, strict=True) if crosses]
    why = evaluation.why_needed(name)
    inescapable = terms and terms["line"]
    line = next((line for line in lines if line.rule == inescapable), lines[0] if lines else None)
    return {
        "actor": name,
        "name": parameters.actor.name,
        "verdict": Verdict(answer.verdict[0, 0]).word,
        "blocks": bool(evaluation.blocks(name)[0]),
        "needed": why is not None,
        "why_needed": why,
        "terms": terms["sets"] if terms else [],
        "core_terms": core["sets"] if core else [],
        "line": None if line is None else line.rule,
        "line_says": None if line is None else line.says,
        "short": None if line is None else round(float(answer.shortfall[0, 0]), DIGITS),
        "numbers": numbers,
    }


def _numbers(judged: JudgedText, names: Collection[str]) -> dict[str, list[TurningNumber]]:
    """Actor to the numbers that turn it.

    All numbers are tried at a few values; the search then narrows where anything differs (see `turning_points`).
    """
    movable = [moved for moved in parameters_of(judged.target).values() if moved.has_own_draw]

    def signs(which: WhichMoved, values: Floats) -> tuple[Bools, Floats]:
        evaluation = judged.in_worlds(with_one_moved(movable, which, values))
        answers = [evaluation.responses.answers[name] for name in names]
        gaps = np.stack([np.broadcast_to(_gap(answer), len(which)) for answer in answers], axis=1)
        return gaps <= 0, -gaps

    tried = refine([wide_sample(moved, SAMPLE) for moved in movable], signs)
    found: dict[str, list[TurningNumber]] = {name: [] for name in names}
    for index, moved in enumerate(movable):
        rows = tried.of(index)
        values, turned = tried.values[rows], tried.signs[rows]
        for column, name in enumerate(names):
            turning = values[turned[:, column] & np.isfinite(values)]
            if len(turning):
                found[name].append(_nearest(moved, turning.tolist()))
    return {name: sorted(numbers, key=_order)[:NUMBERS_LISTED] for name, numbers in found.items()}


def _gap(answer: Assessment) -> Floats:
    """(world or 1,) float, points missing for an actor to accept the text and to send what it is asked to send."""
    return np.asarray(np.where(answer.never, np.inf, answer.gap)[:, 0])


def _nearest(moved: Parameter, values: Sequence[float]) -> TurningNumber:
    """The nearest of the values of a number with which an actor is turned."""

    def distance(value: float) -> float:
        ranges = moved.distance(value)
        return 1.0 if ranges is None else ranges

    # The case's prices are all as near to `never`. Of these, the highest is the threshold.
    then = min(values, key=lambda value: (distance(value), -value if math.isinf(moved.present) else 0.0))
    has_range = moved.range != "none"
    return {
        "path": moved.path,
        "says": _says(moved),
        "now": json_value(moved.present),
        "then": then,
        "side": "at most" if then < moved.present else "at least",
        "unit": moved.unit,
        "range": (round(moved.low, DIGITS), round(moved.high, DIGITS)) if has_range else None,
        "ranges": round(distance(then), DIGITS),
        "within": moved.within(then),
        "assumed": moved.entry["kind"] == "assumed",
        "source": list(moved.entry["source"]),
    }


def _says(moved: Parameter) -> str:
    """The description of a number, with the words of the case instead of the name of a rule, measure or indicator."""
    said, aside = "", ""
    match moved.path.split("."):
        case [*_, "slopes" | "weighs", _, _]:
            aside = f" (“{moved.entry['says']}”)"
        case ["measures" | "context", measure, "base" | "start" | "drift" | "volatility"]:
            said = measure
        case [*_, "rules" | "preferences" | "red_lines" | "when_sent", rule, _]:
            said = rule
    words = [f"“{moved.entry['says']}”" if word == said else word.replace("_", " ") for word in moved.what.split()]
    return " ".join(words) + aside


def _order(number: TurningNumber) -> tuple[bool, float]:
    return not number["within"], number["ranges"]
