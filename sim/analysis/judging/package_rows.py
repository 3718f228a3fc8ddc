"""Packages that were judged together, in one world or several, as rows of a table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Package
from sim.engine.measures import DURABILITY, HIGHEST
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import LINES
from sim.engine.verdict_rules import Verdict
from sim.engine.voting.needed_actors import WhyNeeded, asked_to_consent, required_actors, why_needed
from sim.negotiation.answers.evaluation import Evaluation, number
from sim.negotiation.answers.evaluation_context import EvaluationContext

SHARE_DIGITS = 6


class CrossedRedLine(TypedDict):
    """A red line that a package crosses; the price is in points, or ``"never"``."""

    rule: str
    says: str
    price: float | str


class ProposalAnswer(TypedDict):
    """One actor's answer to a package."""

    verdict: str
    surplus: float
    never: bool
    needed: bool
    why_needed: WhyNeeded | None
    accepts_share: float
    crossed: list[CrossedRedLine]


class PackageRow(TypedDict):
    """Everybody's answers to a package, without the names of scenarios."""

    package: Package
    measures: dict[str, float]
    durability: float | None
    agreed: bool
    agreed_share: float
    blocked_by: list[str]
    least_willing: str | None
    actors: dict[str, ProposalAnswer]


def judged(context: EvaluationContext, packages: Sequence[Package]) -> list[PackageRow]:
    """Judge packages of one case in one world: a row for each, without names of scenarios.

    Parameters
    ----------
    context : of the case, at central values
    packages : possible ones, whole
    """
    space = OutcomeSpace(context.case)
    cells = JudgedPackages(context.evaluate(np.stack([space.encode(package) for package in packages])))
    return [cells.row(0, column) for column in range(len(packages))]


class JudgedPackages:
    """Texts that were judged in some worlds, from which single texts are read as rows."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation, case = evaluation, evaluation.case
        self.required = required_actors(case, evaluation.matrix, evaluation.responses.pledged)
        self.asked = asked_to_consent(case, evaluation.matrix)
        self.crossed = {name: evaluation.matrix.block(LINES, name) for name in case.actors}
        self.packages = [OutcomeSpace(case).decode(text) for text in evaluation.matrix.texts]

    def row(self, world: int, text: int, drawn: Evaluation | None = None) -> PackageRow:
        """Return everybody's answers to one text in one world, with shares of drawn worlds if there are any."""
        evaluation, at = self.evaluation, (world, text)
        measures = {name: number(_cell(score, at)) for name, score in evaluation.situation.measures.items()}
        consent = evaluation.responses.consent
        actors = {name: self._actor(name, world, text, drawn) for name in evaluation.case.actors}
        blockers = [name for name, blocks in consent.blockers.items() if _cell(blocks, at)]
        blockers += [
            rule
            for rule, missing in consent.unmet.items()
            if _cell(missing, at) and not any(_cell(blocks, at) for blocks in consent.withheld[rule].values())
        ]
        agreed = bool(_cell(consent.agreed, at))
        return {
            "package": self.packages[text],
            "measures": measures,
            "durability": number(measures[DURABILITY] / HIGHEST) if DURABILITY in measures else None,
            "agreed": agreed,
            "agreed_share": float(agreed) if drawn is None else _share(drawn.responses.consent.agreed),
            "blocked_by": blockers,
            "least_willing": self._least_willing(actors, at),
            "actors": actors,
        }

    def _actor(self, name: str, world: int, text: int, drawn: Evaluation | None) -> ProposalAnswer:
        evaluation, at = self.evaluation, (world, text)
        answer, parameters = evaluation.responses.answers[name], evaluation.actor_parameters[name]
        accepts = bool(_cell(answer.accepts, at))
        required, asked = bool(_cell(self.required[name], at)), bool(_cell(self.asked[name], at))
        why = why_needed(required, asked, bool(_cell(evaluation.responses.consent.blockers[name], at)), accepts)
        return {
            "verdict": Verdict(_cell(answer.verdict, at)).word,
            "surplus": number(_cell(answer.surplus, at)),
            "never": bool(_cell(answer.never, at)),
            "needed": why is not None,
            "why_needed": why,
            "accepts_share": float(accepts) if drawn is None else _share(drawn.responses.answers[name].accepts),
            "crossed": [
                {
                    "rule": parameters.actor.red_lines[line].rule,
                    "says": parameters.actor.red_lines[line].says,
                    "price": "never"
                    if _cell(parameters.nevers, (world, line))
                    else number(_cell(parameters.prices, (world, line))),
                }
                for line in np.flatnonzero(self.crossed[name][:, text]).tolist()
            ],
        }

    def _least_willing(self, actors: Mapping[str, ProposalAnswer], at: tuple[int, int]) -> str | None:
        """Of those without whom a package cannot be agreed, the one with the least to spare; `never` is least."""
        asked = [name for name in actors if _cell(self.required[name], at)]
        spare = {name: -math.inf if actors[name]["never"] else actors[name]["surplus"] for name in asked}
        return min(asked, key=lambda name: (spare[name], actors[name]["surplus"]), default=None)


def _share(holds: NDArray[np.bool_]) -> float:
    """The share of worlds in which something holds of the only text, (world or 1, 1) bool."""
    return round(float(holds[:, 0].mean()), SHARE_DIGITS)


def _cell(array: NDArray[Any], at: tuple[int, int]) -> Any:
    """The value of one text in one world, of an array (world or 1, text or 1)."""
    rows, columns = array.shape
    return array[at[0] if rows > 1 else 0, at[1] if columns > 1 else 0]
