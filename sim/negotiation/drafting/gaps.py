"""Gaps: who blocks the texts with which drafts are compared, and how many points each blocker lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import Texts
from sim.engine.responses import Responses
from sim.engine.rule_matrix import LINES, Bools, Floats, RuleMatrix
from sim.engine.verdict_rules import Assessment, Verdict
from sim.negotiation.memory import RedLines, Rows


@dataclass(frozen=True)
class Gaps:
    """Everybody's position on the texts with which drafts are compared, one text per world.

    Parameters
    ----------
    texts : (world, issue) uint8
    blocks : actor to (world, 1) bool, whether it blocks the text
    stuck : consent rule to (world, 1) bool, whether it is not met although nobody withholds anything
    refuses : actor to (world, 1) bool, whether it refuses outright
    holds_out : actor to (world, 1) bool, whether it merely holds out for more, by its rules
    gap : actor to (world, 1) float, points, how much it lacks; infinite across a closed line
    surplus : actor to (world, 1) float, points, as the drafters believe it to be, without the price of closed lines
    never : actor to (world, 1) bool, whether the text crosses a closed line
    stubborn : actor to (world, 1) bool, whether a person refuses what the rules would accept
    willing : actor to (world, 1) bool, whether a person accepts what the rules would refuse
    keeps : actor to (world, 1) bool, whether a person accepts but sends nothing although the rules would send
    crossed : (world, line) bool, the red lines that the text crosses
    """

    texts: Texts
    blocks: Mapping[str, Bools]
    stuck: Mapping[str, Bools]
    refuses: Mapping[str, Bools]
    holds_out: Mapping[str, Bools]
    gap: Mapping[str, Floats]
    surplus: Mapping[str, Floats]
    never: Mapping[str, Bools]
    stubborn: Mapping[str, Bools]
    willing: Mapping[str, Bools]
    keeps: Mapping[str, Bools]
    crossed: Bools

    def only(self, rows: Rows) -> Gaps:
        """Return the gaps in some of the worlds."""

        def some(value: Any) -> Any:
            if isinstance(value, Mapping):
                by_world = {name: np.broadcast_to(array, (len(self.texts), 1)) for name, array in value.items()}
                return {name: array if len(array) == 1 else array[rows] for name, array in by_world.items()}
            return value[rows]

        return Gaps(**{field.name: some(getattr(self, field.name)) for field in fields(self)})


def crossed_lines(matrix: RuleMatrix, lines: RedLines) -> Bools:
    """(world, line) bool, which lines the text of each world crosses; `matrix` has one text per world."""
    return np.concatenate([matrix.block(LINES, name) for name in lines.of], axis=0).T > 0


def believed_answers(
    answers: Mapping[str, Assessment], crossed: Bools, lines: RedLines, drawn_parameters: DrawnParameters
) -> dict[str, Assessment]:
    """Return the answers to one text per world with surpluses and prices as the drafters believe them to be.

    Parameters
    ----------
    answers : actor to its answer, by its own numbers
    crossed : (world, line) bool
    drawn_parameters : everybody's numbers as the drafters believe them to be
    """
    believed = {}
    for parameters in drawn_parameters.actor_parameters:
        answer, crosses = answers[parameters.name], crossed[:, lines.of[parameters.name]]
        price = to_points((parameters.prices * crosses).sum(axis=1, keepdims=True))
        change = to_points(answer.price - price)
        believed[parameters.name] = replace(
            answer,
            surplus=to_points(answer.surplus + change),
            price=price,
            never=np.any(parameters.nevers & crosses, axis=1, keepdims=True),
            sending={resource: to_points(points + change) for resource, points in answer.sending.items()},
        )
    return believed


def measure_gaps(
    texts: Texts,
    responses: Responses,
    believed: Mapping[str, Assessment],
    crossed: Bools,
    rules: Mapping[str, Any],
    step: float,
) -> Gaps:
    """Find everybody's position on one text per world.

    Parameters
    ----------
    texts : (world, issue) uint8
    responses : everybody's answers, and the result of the consent rules
    believed : actor to its answer as the drafters believe it to be
    crossed : (world, line) bool
    rules : actor played by a person to (world, 1) uint8, the verdict of its rules
    step : points, the gap of a person who refuses what the rules would accept, or does not send what they would send
    """
    consent, count = responses.consent, len(texts)
    nobody = np.zeros((count, 1), dtype=bool)
    stubborn, willing, keeps, gap = {}, {}, {}, {}
    for name, answer in responses.answers.items():
        by_rules = rules[name] == Verdict.ACCEPT if name in rules else answer.accepts
        stubborn[name], willing[name] = by_rules & ~answer.accepts, ~by_rules & answer.accepts
        keeps[name] = nobody | _keeps(answer, believed[name])
        lacks = np.where(believed[name].never, np.inf, believed[name].gap)
        gap[name] = np.where(stubborn[name] | keeps[name], step, lacks)
    stuck = {}
    for rule, unmet in consent.unmet.items():
        stuck[rule] = unmet & ~np.logical_or.reduce([nobody, *consent.withheld[rule].values()])
    return Gaps(
        texts=texts,
        blocks={name: nobody | blocks for name, blocks in consent.blockers.items()},
        stuck={rule: missing for rule, missing in stuck.items() if missing.any()},
        refuses={name: nobody | answer.refuses for name, answer in responses.answers.items()},
        holds_out={
            name: nobody | ((answer.verdict == Verdict.HOLDING_OUT) & ~stubborn[name])
            for name, answer in responses.answers.items()
        },
        gap=gap,
        surplus={name: answer.surplus for name, answer in believed.items()},
        never={name: answer.never for name, answer in believed.items()},
        stubborn={name: nobody | refuses for name, refuses in stubborn.items()},
        willing={name: nobody | accepts for name, accepts in willing.items()},
        keeps=keeps,
        crossed=crossed,
    )


def _keeps(answer: Assessment, believed: Assessment) -> Bools:
    """(world or 1, 1) bool, whether a person accepts but sends nothing although the rules would send."""
    kept = np.zeros((1, 1), dtype=bool)
    for resource, amount in answer.promised.items():
        if not amount:
            kept = kept | (answer.accepts & answer.asked[resource] & (believed.sending[resource] >= 0))
    return kept
