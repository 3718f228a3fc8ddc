"""One table of a game, as far as it has been played: its run, who sat where, and what was said beside the moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.case.models import Case, Package
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.errors import UsageError
from sim.negotiation.evaluation import Evaluation, evaluate
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.history import Outcome, Run
from sim.negotiation.record.summary import summarise

TEXTS_MOST = 65_536
"""So many texts that could be negotiated are judged while somebody waits; more are left to the slow walk."""


@dataclass(frozen=True)
class TableResult:
    """A table after the game, or while it is being stopped.

    Parameters
    ----------
    name : of the table, as the class knows it
    run : what was played, of one world
    people : actor to the pseudonyms of those who sat in its chair at any time
    notes : what was said in public beside the moves, in order: ``month``, ``by``, ``kind``, ``text``,
        and ``terms``, what is suggested
    opening : the text that was tabled first; None takes the first text of the run
    settlement : what came of a text that was put before all chairs after the talks: ``text``, ``answers`` (actor to
        whether it accepted), ``accepted``; None if none was decided
    """

    name: str
    run: Run
    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Sequence[Mapping[str, Any]] = ()
    opening: Package | None = None
    settlement: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if len(self.run.outcome) != 1:
            raise UsageError(f"{self.name}: a table plays one world, not {len(self.run.outcome):,}.")
        if not self.run.months:
            raise UsageError(f"{self.name}: no month has been decided yet, so there is nothing to discuss.")

    @property
    def case(self) -> Case:
        return self.run.scenario.case

    @property
    def over(self) -> bool:
        """Whether the talks have come to an end by themselves."""
        return bool(self.run.outcome[0] != Outcome.OPEN)

    @property
    def months(self) -> int:
        """How many months were decided."""
        return len(self.run.months)

    @property
    def last(self) -> Evaluation:
        """The last text that was decided on, and everybody's answer."""
        return self.run.months[-1].evaluation.one()

    @property
    def text(self) -> Texts:
        """(issue,) uint8, the last text that was decided on."""
        text: Texts = self.last.matrix.texts[0]
        return text

    @property
    def first(self) -> Package:
        """The text that was tabled first."""
        return self.opening or OutcomeSpace(self.case).decode(self.run.months[0].evaluation.matrix.texts[0])

    @property
    def outcome(self) -> str:
        """The word of the outcome; ``open`` where the talks were stopped."""
        return Outcome(int(self.run.outcome[0])).word

    @property
    def agreed(self) -> bool:
        return bool(self.run.outcome[0] == Outcome.AGREED)

    def story(self) -> dict[str, Any]:
        """The run as `sim.negotiation.record.summary.summarise` tells it; a stopped one, up to its last month."""
        run = self.run
        if not self.over:
            ended = np.full_like(run.ended, self.months)
            run = replace(run, outcome=np.full_like(run.outcome, Outcome.EXPIRED), ended=ended)
        return {**summarise(run), "outcome": self.outcome}


def judge(run: Run, texts: Texts, month: int, *, holding_out: bool = False) -> Evaluation:
    """Let everybody's rules judge some texts in the world of a table, as everybody stands in a month.

    Parameters
    ----------
    texts : (text, issue) uint8
    month : int, from 1
    holding_out : whether actors hold out for their aspirations of that month; else the texts are take it or leave it
    """
    scenario = run.scenario
    # In the last month of the talks nobody holds out for more.
    months = protocol_of(scenario).months if holding_out else month
    return evaluate(scenario.case, run.uniforms, texts, month=month, months=max(month, months), events=scenario.events)


def negotiable(run: Run) -> Texts | None:
    """Every text that the protocol leaves open, (text, issue) uint8, by code; None if they are too many to wait for."""
    case, space = run.scenario.case, OutcomeSpace(run.scenario.case)
    issues = protocol_of(run.scenario).negotiable
    sizes = [len(case.issues[name].options) for name in issues]
    if np.prod(sizes, dtype=np.float64) > TEXTS_MOST:
        return None
    first = run.months[0].evaluation.matrix.texts[0] if run.months else space.encode(run.scenario.proposal)
    texts = np.concatenate([first[None], space.neighbours(first, issues, len(issues))])
    found: Texts = texts[np.argsort(space.codes(texts))]
    return found
