"""What a world comes to: the same as in a run or a verdict of the same worlds."""

from __future__ import annotations

import numpy as np
import pytest

from sim import case_paths
from sim.analysis.discovery.discover import draw_worlds
from sim.analysis.experiments.world_rows import rows_of
from sim.analysis.sensitivity.model_outputs import model_output
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Streams
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario


@pytest.fixture(scope="module")
def concessions() -> Scenario:
    return load_scenario(case_paths.find("force_with_concessions"))


@pytest.mark.slow
def test_what_comes_of_talks_is_that_of_a_run_of_the_same_worlds(concessions: Scenario) -> None:
    rows = rows_of(play(concessions, 300, 3))
    [table] = draw_worlds(concessions, model_output(concessions), 300, 3)
    for name, wanted in {
        "agreed": rows["outcome"] == 1,
        "months": rows["months"],
        "durability": rows["durability"],
        "blocked_by.russia": rows["blocks.russia"],
    }.items():
        asked = model_output(concessions, name)
        assert asked.played
        assert np.array_equal(asked(table), wanted)


def test_an_answer_to_the_proposal_is_that_of_a_sitting_on_it(concessions: Scenario) -> None:
    text = OutcomeSpace(concessions.case).encode(concessions.proposal)[None]
    evaluation = evaluate(concessions.case, Streams(3, 300), text)
    asked = model_output(concessions, "accepts.poland")
    [table] = draw_worlds(concessions, asked, 300, 3)
    assert not any(".shock." in name for name in table.columns)
    assert asked(table).mean() == pytest.approx(evaluation.shares("poland")["accept"], abs=1e-6)
    surplus = evaluation.responses.answers["ukraine"].surplus[:, 0]
    assert np.array_equal(model_output(concessions, "surplus.ukraine")(table), surplus)


def test_every_quantity_has_words(concessions: Scenario) -> None:
    for name in ("agreed", "months", "durability", "blocked_by.us", "accepts.us", "surplus.us"):
        asked = model_output(concessions, name)
        assert ("United States" in asked.in_words(concessions)) == name.endswith(".us")
        if asked.binary:
            assert asked.event(concessions, negated=False) != asked.event(concessions, negated=True)
