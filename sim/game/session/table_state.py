"""The parts of a table's state: pending moves, statements, saved positions, and a text put to a vote."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.case.models import Scenario
from sim.engine.outcome_space import Texts
from sim.game.session.log import LogEntry
from sim.game.session.public_record import Sounding
from sim.negotiation.moves import Move, Phase, RecordedMove


@dataclass(frozen=True)
class Pending:
    """A move that is passed to the model when the phase closes.

    Parameters
    ----------
    n : of its entry; moves count in this order
    move : the answer or the amendment
    withdraw : whether the actor takes the text off the table at the decision
    person : who moved
    """

    n: int
    move: Move
    withdraw: bool
    person: str


@dataclass(frozen=True)
class Statement:
    """Something that was said, suggested, whispered or asked at a table.

    Parameters
    ----------
    entry : of the log, with its kind and what was said
    actor : the chair that said it
    month : of the talks
    answer : to a sounding; otherwise None
    """

    entry: LogEntry
    actor: str
    month: int
    answer: Sounding | None = None


@dataclass(frozen=True)
class SavedPosition:
    """A point in the talks, with everything needed to play to it again.

    Parameters
    ----------
    scenario : with the events so far
    started : whether the talks have begun
    month, phase : what runs next
    moves : recorded moves so far
    withdrawing : the sponsors who will withdraw their text at this month's decision
    last_month : when the talks expire
    """

    scenario: Scenario
    started: bool
    month: int
    phase: Phase
    moves: tuple[RecordedMove, ...]
    withdrawing: tuple[str, ...]
    last_month: int


@dataclass
class Improvement:
    """A text that is put before all chairs after the talks (`sim.game.session.renegotiation`).

    Parameters
    ----------
    version : number of the entry that proposed it
    text : (1, issue) uint8
    votes : actor to whether it accepts, for the chairs that people play
    closed : whether the vote is over
    """

    version: int
    text: Texts
    votes: dict[str, bool] = field(default_factory=dict)
    closed: bool = False
