"""What the drafters expect people to answer: a person need not answer as the rules of its role would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.case.shapes import Actor
from sim.deliberation.memory import Rows
from sim.deliberation.standing import Standing
from sim.rules.hearing import Voice
from sim.rules.measures import Situation
from sim.rules.reading import Bools, Floats, Read
from sim.rules.verdicts import Appraisal, Verdict


@dataclass(frozen=True)
class Predictions:
    """Predictions about people, from how they answered the text on the table.

    One who refuses what its rules accept is won only by a step more of surplus; one who accepts what its rules refuse
    is expected to accept whatever is as good for it.

    Parameters
    ----------
    base : how everybody stands on the text on the table
    people : who is played by a person
    step : points
    """

    base: Standing
    people: frozenset[str]
    step: float

    def only(self, rows: Rows) -> Predictions:
        """Return the predictions in some of the worlds."""
        return replace(self, base=self.base.only(rows)) if self.people else self

    def expected(self, voice: Voice) -> Voice:
        """From somebody who answers by its rules to somebody who answers as it is expected to."""
        if voice.name not in self.people:
            return voice
        name, base = voice.name, self.base
        if not (base.stubborn[name].any() or base.willing[name].any()):
            return voice
        return _Person(voice, base.stubborn[name], base.willing[name], base.surplus[name], self.step)


@dataclass(frozen=True)
class _Person:
    """A person who answered the text on the table otherwise than its rules."""

    rules: Voice
    stubborn: Bools
    willing: Bools
    surplus: Floats
    step: float

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

    def answer(self, reading: Read, situation: Situation, accepted: Mapping[str, Bools]) -> Appraisal:
        """Answer by the rules, save where the person has shown to differ from them."""
        answer = self.rules.answer(reading, situation, accepted)
        worth = answer.by_text(answer.surplus)
        given = np.where(
            self.stubborn & (worth < self.surplus + self.step), np.uint8(Verdict.HOLDING_OUT), answer.verdict
        )
        accepts = self.willing & (worth >= self.surplus)
        return replace(answer, given=np.where(accepts, np.uint8(Verdict.ACCEPT), given))
