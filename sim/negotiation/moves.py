"""The phases of a month, and what may be said from outside in each (model, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal

from sim.case.conditions import Option


class Phase(StrEnum):
    """The phases of a month, in order."""

    TABLE = "table"
    REACTIONS = "reactions"
    PLEDGES = "pledges"
    DECISION = "decision"
    AMENDMENT = "amendment"
    CONTEXT = "context"


PHASES = tuple(Phase)
VerdictWord = Literal["accept", "holding_out", "worse_than_no_deal", "red_line"]


@dataclass(frozen=True)
class Move:
    """What a seated actor says in one phase of one month.

    Parameters
    ----------
    verdict : its answer, when it reacts; left out at the decision, it stands by its reaction
    pledge : resource to the amount that it sends to a text that it accepts, at most its capacity; 0 is to support the
        text and send nothing; left out, its rules decide
    amend : the options to change in the text on the table; empty leaves the text to the others, or as it is
    withdraw : at the decision, a sponsor takes its text off the table
    says : in its own words
    """

    verdict: VerdictWord | None = None
    pledge: Mapping[str, float] = field(default_factory=dict)
    amend: Mapping[str, Option] = field(default_factory=dict)
    withdraw: bool = False
    says: str = ""


@dataclass(frozen=True)
class RecordedMove:
    """A move with its place in the run, as the record keeps it."""

    month: int
    phase: Phase
    actor: str
    move: Move

    def to_json(self) -> dict[str, Any]:
        """Return plain data, from which `from_json` makes an equal move."""
        return {"month": self.month, "phase": self.phase.value, "actor": self.actor, **asdict(self.move)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RecordedMove:
        """Read what `to_json` wrote."""
        plain = dict(data)
        month, phase, actor = plain.pop("month"), Phase(plain.pop("phase")), plain.pop("actor")
        return cls(month, phase, actor, Move(**plain))
