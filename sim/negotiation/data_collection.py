"""The reporters of Mesa's data collector: what it collects from the model and its agents each month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import mesa
import numpy as np
import pandas as pd
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


def _verdict(agent: Negotiator) -> str | None:
    """The most frequent verdict over the worlds; among equally frequent ones, the furthest from acceptance."""
    answer = agent.assessment
    return None if answer is None else Verdict(int(np.bincount(answer.verdict[:, 0]).argmax())).word


def _accept_share(agent: Negotiator) -> float | None:
    return None if agent.assessment is None else float(agent.assessment.accepts.mean())


def _surplus(agent: Negotiator) -> float | None:
    return None if agent.assessment is None else float(agent.assessment.surplus.mean())


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


class TalksCollector(mesa.DataCollector):
    """Mesa's data collector, with the reporters above and any others; tables are empty before the first month.

    Parameters
    ----------
    model_reporters, agent_reporters : column to reporter, as Mesa takes them, in addition to those above
    """

    def __init__(
        self, model_reporters: Mapping[str, Any] | None = None, agent_reporters: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(
            model_reporters={**MODEL_REPORTERS, **(model_reporters or {})},
            agent_reporters={**AGENT_REPORTERS, **(agent_reporters or {})},
        )

    def get_agent_vars_dataframe(self) -> pd.DataFrame:
        """Return a row per month and agent; the index starts at 0, the step before the first month."""
        # Without records, pandas would take the names of the index for two rows of data.
        none = pd.MultiIndex.from_arrays([[], []], names=["Step", "AgentID"])
        empty = pd.DataFrame(columns=list(self.agent_reporters), index=none)
        return super().get_agent_vars_dataframe() if self._agent_records else empty
