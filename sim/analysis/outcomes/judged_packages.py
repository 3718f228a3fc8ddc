"""Packages of an enumeration as plain data: who blocks them, by how much, and everybody's surplus."""

from __future__ import annotations

import math
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes.enumeration import Enumeration
from sim.case.conditions import Option
from sim.case.models import Case
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.worlds import Central
from sim.negotiation.answers.evaluation import blocked_by, number
from sim.negotiation.answers.evaluation_context import evaluate


class JudgedPackage(TypedDict):
    """One package at central values; a surplus is in points, or ``"never"``."""

    package: dict[str, Option]
    agreed: bool
    blocked_by: list[str]
    shortfall: float
    surplus: dict[str, float | str]


class PackageDescriber:
    """Describes packages of an enumeration, given their indices, as plain data."""

    def __init__(self, case: Case, enumeration: Enumeration) -> None:
        self.case, self.enumeration, self.space = case, enumeration, OutcomeSpace(case)

    def texts(self, indices: NDArray[np.intp]) -> Texts:
        """Return the texts of packages."""
        return self.space.texts(self.enumeration.codes[indices])

    def __call__(self, indices: NDArray[np.intp]) -> list[JudgedPackage]:
        """Return packages, each with the actors' answers to it."""
        if not len(indices):
            return []
        evaluation = evaluate(self.case, Central(), self.texts(indices))
        answers, shape = evaluation.responses.answers, (1, len(indices))
        surplus = {name: np.broadcast_to(answers[name].margin(), shape)[0].tolist() for name in self.case.actors}
        return [
            {
                "package": self.space.decode(text),
                "agreed": bool(self.enumeration.agreed[index]),
                "blocked_by": blocked_by(evaluation.one(text=row)),
                "shortfall": number(self.enumeration.shortfall[index]),
                "surplus": {
                    name: number(points[row]) if math.isfinite(points[row]) else "never"
                    for name, points in surplus.items()
                },
            }
            for row, (index, text) in enumerate(zip(indices.tolist(), evaluation.matrix.texts, strict=True))
        ]
