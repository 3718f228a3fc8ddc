"""What the drafters expect people to answer: a person need not answer as the rules of their role would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.case.models import Actor
from sim.engine.fixed_point import to_points
from sim.engine.measures import Situation
from sim.engine.responses import Respondent
from sim.engine.rule_matrix import Bools, Floats, RuleSource
from sim.engine.verdict_rules import Assessment, Verdict
from sim.negotiation.drafting.gaps import Gaps
from sim.negotiation.memory import Rows


@dataclass(frozen=True)
class ExpectedAnswers:
    """What people are expected to answer, judging by their answer to the text on the table.

    A person who refuses what the rules accept is expected to accept only with a step more of surplus. A person who
    accepts what the rules refuse is expected to accept any text that is as good. The same holds for sending, and a
    person who has named an amount is expected to send no more than that.

    Parameters
    ----------
    base : the gaps on the text on the table
    sent : actor played by a person to resource to the amount that the person named
    step : points
    """

    base: Gaps
    sent: Mapping[str, Mapping[str, float]]
    step: float

    def only(self, rows: Rows) -> ExpectedAnswers:
        """Return the expectations in some of the worlds."""
        return replace(self, base=self.base.only(rows)) if self.sent else self

    def expected(self, respondent: Respondent) -> Respondent:
        """Return the respondent that answers as this one, which answers by its rules, is expected to."""
        if respondent.name not in self.sent:
            return respondent
        name, base, sent = respondent.name, self.base, self.sent[respondent.name]
        if not (base.stubborn[name].any() or base.willing[name].any() or sent):
            return respondent
        return _ExpectedPerson(respondent, base.stubborn[name], base.willing[name], base.surplus[name], sent, self.step)


@dataclass(frozen=True)
class _RuleFollower:
    """A respondent that answers by its rules, except for what a subclass changes."""

    rules: Respondent

    @property
    def name(self) -> str:
        """The actor's id in the case."""
        return self.rules.name

    @property
    def actor(self) -> Actor:
        """The actor as the case describes it."""
        return self.rules.actor

    @property
    def capacities(self) -> Mapping[str, Floats]:
        """Resource to (world or 1,) float."""
        return self.rules.capacities


@dataclass(frozen=True)
class _ExpectedPerson(_RuleFollower):
    """A person who answered the text on the table differently from the rules, or named an amount to send."""

    stubborn: Bools
    willing: Bools
    surplus: Floats
    sent: Mapping[str, float]
    step: float

    @property
    def capacities(self) -> Mapping[str, Floats]:
        """Resource to (world or 1,) float: at most the amount named; all there is if that is 0 or nothing was named."""
        return {
            resource: np.minimum(amount, self.sent.get(resource) or np.inf)
            for resource, amount in self.rules.capacities.items()
        }

    def answer(self, matrix: RuleSource, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Answer by the rules, except where the person has differed from them."""
        answer = self.rules.answer(matrix, situation, accepted)
        worth = answer.by_text(answer.surplus)
        given = np.where(
            self.stubborn & (worth < to_points(self.surplus + self.step)), np.uint8(Verdict.HOLDING_OUT), answer.verdict
        )
        accepts = self.willing & (worth >= self.surplus)
        sending = {of: self._sending(of, points, answer.surplus) for of, points in answer.sending.items()}
        return replace(answer, given=np.where(accepts, np.uint8(Verdict.ACCEPT), given), sending=sending)

    def _sending(self, resource: str, points: Floats, worth: Floats) -> Floats:
        """(world, column) float, points: the surplus by which the person is expected to decide on sending."""
        if resource not in self.sent:
            return points
        if self.sent[resource]:
            return np.where(worth >= self.surplus, np.maximum(points, 0.0), points)
        return np.where(worth < to_points(self.surplus + self.step), np.minimum(points, -self.step), points)


@dataclass(frozen=True)
class Author(_RuleFollower):
    """The party that proposed a text, and therefore accepts it."""

    def answer(self, matrix: RuleSource, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Accept; everything else follows the rules."""
        answer = self.rules.answer(matrix, situation, accepted)
        return replace(answer, given=np.full_like(answer.verdict, Verdict.ACCEPT))
