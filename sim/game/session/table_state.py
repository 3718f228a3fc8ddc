"""The parts of a table's state: its clock, pending moves, statements, saved positions, and a text put to a vote."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sim.case.models import Scenario
from sim.engine.outcome_space import Texts
from sim.game.session.log import LogEntry
from sim.game.session.public_record import Sounding
from sim.negotiation.moves import Move, Phase, RecordedMove


@dataclass(frozen=True)
class Pending:
    """A move that is passed to the model when the phase closes; moves count in the order of their entries (`n`).

    With `withdraw`, the actor takes the text off the table at the decision.
    """

    n: int
    move: Move
    withdraw: bool
    person: str


@dataclass(frozen=True)
class Statement:
    """Something that was said, suggested, whispered or asked from a chair at a table; only a sounding has an answer."""

    entry: LogEntry
    actor: str
    month: int
    answer: Sounding | None = None


@dataclass(frozen=True)
class SavedPosition:
    """A point in the talks, with everything needed to play to it again: the month and the phase that run next, the
    moves so far, the sponsors who will withdraw their text at this month's decision, and the month after which the
    talks expire.
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
    """A text, (1, issue) uint8, that is put before all chairs after the talks (`sim.game.session.renegotiation`).

    `version` is the number of the entry that proposed it; `votes` maps the actors that people play to whether they
    accept.
    """

    version: int
    text: Texts
    votes: dict[str, bool] = field(default_factory=dict)
    closed: bool = False


@dataclass(frozen=True)
class Clock:
    """The clock of one phase: when it ends, in seconds since the epoch, or the seconds left while it is paused."""

    ends_at: float | None = None
    left: float | None = None

    @classmethod
    def running(cls, time: float, seconds: float | None) -> Clock:
        """Start a phase of the given length; None means no time limit."""
        return cls(None if seconds is None else time + seconds)

    def pause(self, time: float) -> Clock:
        """Stop the clock and keep the time that is left."""
        return self if self.ends_at is None else Clock(left=max(0.0, self.ends_at - time))

    def resume(self, time: float) -> Clock:
        """Continue with the time that is left."""
        return self if self.left is None else Clock(time + self.left)

    def extend(self, seconds: float) -> Clock:
        """Add seconds, whether the clock is running or paused."""
        if self.left is not None:
            return replace(self, left=self.left + seconds)
        return self if self.ends_at is None else replace(self, ends_at=self.ends_at + seconds)

    def over(self, time: float) -> bool:
        """Whether the phase's time is up."""
        return self.ends_at is not None and time >= self.ends_at
