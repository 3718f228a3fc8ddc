"""The phases of a month, and the moves that may come from outside in each (model, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal

from sim.case.conditions import Option


class Phase(StrEnum):
    """The phases of a month."""

    TABLE = "table"
    REACTIONS = "reactions"
    PLEDGES = "pledges"
    DECISION = "decision"
    AMENDMENT = "amendment"
    CONTEXT = "context"


PHASES = tuple(Phase)
"""All phases, in the order in which they run."""
VerdictWord = Literal["accept", "holding_out", "worse_than_no_deal", "red_line"]


@dataclass(frozen=True)
class Move:
    """A seated actor's move in one phase of one month.

    Parameters
    ----------
    verdict : its answer when it reacts; at the decision, None keeps that answer
    pledge : resource to the amount that it sends to a text that it accepts, at most its capacity; 0 means that it
        supports the text but sends nothing; its rules decide about a resource that is left out
    amend : issue to option, the changes to the text on the table; empty means that it passes
    withdraw : at the decision, whether a sponsor withdraws its text
    says : a statement in its own words
    """

    verdict: VerdictWord | None = None
    pledge: Mapping[str, float] = field(default_factory=dict)
    amend: Mapping[str, Option] = field(default_factory=dict)
    withdraw: bool = False
    says: str = ""


@dataclass(frozen=True)
class RecordedMove:
    """A move with its month, phase and actor, as the record keeps it."""

    month: int
    phase: Phase
    actor: str
    move: Move

    def to_json(self) -> dict[str, Any]:
        """Return plain data from which `from_json` makes an equal move."""
        return {"month": self.month, "phase": self.phase.value, "actor": self.actor, **asdict(self.move)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RecordedMove:
        """Read what `to_json` wrote."""
        plain = dict(data)
        month, phase, actor = plain.pop("month"), Phase(plain.pop("phase")), plain.pop("actor")
        return cls(month, phase, actor, Move(**plain))
