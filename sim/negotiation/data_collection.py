"""The reporters of Mesa's data collector: what it collects from the model and its agents each month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.engine.verdict_rules import Verdict
from sim.negotiation.agents import Negotiator
from sim.negotiation.record.history import Outcome


class ReportedModel(Protocol):
    """The part of the model that the reporters read."""

    outcome: NDArray[np.uint8]


def _share_of(outcome: Outcome) -> Callable[[ReportedModel], float]:
    def share(model: ReportedModel) -> float:
        return float((model.outcome == outcome).mean())

    return share


def _verdict(agent: Negotiator) -> str:
    """The most frequent verdict over the worlds; among equally frequent ones, the furthest from acceptance."""
    return Verdict(int(np.bincount(agent.assessment.verdict[:, 0]).argmax())).word


def _accept_share(agent: Negotiator) -> float:
    return float(agent.assessment.accepts.mean())


def _surplus(agent: Negotiator) -> float:
    return float(agent.assessment.surplus.mean())


MODEL_REPORTERS: dict[str, Any] = {
    "month": "month",
    **{f"{outcome.word}_share": _share_of(outcome) for outcome in Outcome},
}
AGENT_REPORTERS: dict[str, Any] = {
    "actor": "name",
    "verdict": _verdict,
    "accept_share": _accept_share,
    "surplus": _surplus,
}
