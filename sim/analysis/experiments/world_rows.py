"""One row per world: its outcome, as columns of plain numbers that can be sent, written and counted."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.runner.pieces import Rows
from sim.case.models import Case, Scenario
from sim.engine.measures import DURABILITY, HIGHEST
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Uniforms
from sim.negotiation.record.history import Month, Outcome, Run
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario


def play_rows(source: str, uniforms: Uniforms, start: int = 0) -> Rows:
    """Play a scenario in any worlds.

    `source` is the scenario's `Scenario.source` in JSON, so that any process can build it; `start` is the number of the
    first world.
    """
    return rows_of(play(scenario_from_source(source), uniforms=uniforms), start)


@lru_cache(maxsize=1)
def scenario_from_source(source: str) -> Scenario:
    """Build the scenario of a `Scenario.source` in JSON; the last one is cached, since a job has many pieces of it."""
    return build_scenario(json.loads(source))


def rows_of(run: Run, start: int = 0) -> Rows:
    """Return the rows of a finished run.

    ``world`` is the world's number in the seed, ``outcome`` a code of `Outcome`, ``text`` a code in the space of
    packages, ``issue.<issue>`` the index of an option, ``durability`` 0 to 1, in cases that have it. These describe
    the last month: ``verdict.<actor>``, a code of `Verdict`; ``surplus.<actor>``, in points; and the truth values
    ``blocks.<actor>`` and, for rules with pledges, ``stuck.<rule>``.
    """
    case = run.scenario.case
    texts = run.at_end(lambda month: month.evaluation.matrix.texts)
    rows: dict[str, NDArray[Any]] = {
        "world": np.arange(start, start + len(run.outcome)),
        "outcome": run.outcome,
        "months": run.ended,
        "text": OutcomeSpace(case).codes(texts),
    }
    rows |= {f"issue.{name}": texts[:, index] for index, name in enumerate(case.issues)}
    if case.durability is not None:
        rows["durability"] = run.at_end(lambda month: month.evaluation.situation.measures[DURABILITY][:, 0]) / HIGHEST
    for name in case.actors:
        rows |= _actor_rows(run, name)
    return rows | {f"stuck.{name}": run.at_end(partial(_stuck, rule=name)) for name in pledge_rules(case)}


def _actor_rows(run: Run, name: str) -> Rows:
    return {
        f"verdict.{name}": run.at_end(lambda month: month.evaluation.responses.answers[name].verdict[:, 0]),
        f"surplus.{name}": run.at_end(lambda month: month.evaluation.responses.answers[name].surplus[:, 0]),
        f"blocks.{name}": run.at_end(lambda month: month.evaluation.blocks(name)),
    }


def _stuck(month: Month, rule: str) -> NDArray[np.bool_]:
    return month.evaluation.stuck(rule)


def pledge_rules(case: Case) -> list[str]:
    """Return the consent rules that can block even if none of their actors withholds anything."""
    return [rule.rule for rule in case.consent if rule.pledges_asked]


def code_meanings(case: Case) -> dict[str, list[Any]]:
    """Return column of codes to the meanings of its codes, in their order."""
    words: dict[str, list[Any]] = {"outcome": [outcome.word for outcome in Outcome]}
    words |= {f"issue.{name}": list(issue.options) for name, issue in case.issues.items()}
    return words | {f"verdict.{name}": [verdict.word for verdict in Verdict] for name in case.actors}
