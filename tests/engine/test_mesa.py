"""What a Mesa user expects of a model."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import mesa
import numpy as np
import pytest

from sim import case_paths
from sim.engine.measures import Situation
from sim.engine.rule_matrix import Bools, RuleMatrix
from sim.engine.verdict_rules import Assessment, Verdict
from sim.errors import CaseError, UsageError
from sim.negotiation.agents import Negotiator
from sim.negotiation.model import DeliberationModel
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario


def test_defaults_play_the_headline_scenario_at_central_values() -> None:
    model = DeliberationModel()
    assert isinstance(model, mesa.Model)
    assert model.running
    assert model.script.id == "european_force"
    assert {agent.name for agent in model.agents} == set(model.script.case.actors)
    assert all(isinstance(agent, Negotiator) for agent in model.agents)
    model.step()
    assert (model.month, model.steps) == (1, 1)


def test_the_collector_has_a_row_a_month_and_a_row_an_agent_and_month() -> None:
    model = DeliberationModel("european_force", worlds=50, rng=1)
    model.run_model()
    months = model.datacollector.get_model_vars_dataframe()
    assert list(months["month"]) == list(range(1, model.month + 1))
    shares = [name for name in months.columns if name.endswith("_share")]
    assert np.allclose(months[shares].sum(axis=1), 1)
    answers = model.datacollector.get_agent_vars_dataframe()
    assert len(answers) == model.month * len(model.agents)
    assert set(answers.columns) == {"actor", "verdict", "accept_share", "surplus"}


def test_before_the_first_step_there_is_no_row_and_no_answer() -> None:
    model = DeliberationModel("warm_flat", worlds=5, rng=1)
    assert len(model.datacollector.get_model_vars_dataframe()) == 0
    before = model.datacollector.get_agent_vars_dataframe()
    assert [(agent.verdict, agent.surplus) for agent in model.agents] == [(None, None)] * 3
    model.step()
    after = model.datacollector.get_agent_vars_dataframe()
    assert (len(before), len(after)) == (0, 3)
    assert (list(before.columns), before.index.names) == (list(after.columns), after.index.names)


def test_a_model_that_collects_before_the_first_month_has_a_row_without_answers() -> None:
    model = DeliberationModel("warm_flat")
    model.datacollector.collect(model)
    [verdict, *_] = model.datacollector.get_agent_vars_dataframe()["verdict"]
    assert verdict is None


def test_an_agent_knows_its_answer() -> None:
    model = DeliberationModel("european_force")
    model.step()
    answers = {agent.name: (agent.verdict, agent.surplus) for agent in model.agents}
    judged = model.months[-1].evaluation.one().describe()["actors"]
    assert {name: (word, round(points, 3)) for name, (word, points) in answers.items()} == {
        name: (actor["verdict"], actor["surplus"]) for name, actor in judged.items()
    }
    assert answers["russia"][0] == "red_line"


def test_in_many_worlds_an_agent_has_an_answer_in_each_that_was_open() -> None:
    model = DeliberationModel("warm_flat", worlds=50, seed=1)
    model.run_model()
    assert 0 < len(model.rows) < 50
    for agent in model.agents:
        assert agent.verdict.shape == agent.surplus.shape == model.rows.shape
        assert ((agent.verdict == "accept") == agent.assessment.accepts[:, 0]).all()


def test_a_repr_is_one_short_line() -> None:
    model = DeliberationModel("open_high", worlds=1_000, seed=0)
    scenario = model.script
    described = [scenario, scenario.case, *scenario.case.actors.values(), model, *model.agents]
    assert repr(model) == "<DeliberationModel 'open_high': 1,000 worlds, month 0 of 12, running>"
    assert repr(model.negotiators["russia"]) == "<Negotiator 'russia': no answer yet>"
    model.step()
    described += [model, *model.agents]
    assert repr(model.negotiators["ukraine"]) == "<Negotiator 'ukraine': accepts in 100% of 1,000 worlds>"
    one = DeliberationModel("european_force")
    one.step()
    assert repr(one.negotiators["russia"]) == "<Negotiator 'russia': red_line, surplus -8.5>"
    for thing in described:
        assert len(repr(thing)) < 300
        assert "\n" not in repr(thing)


class Cautious(Negotiator):
    """Accepts nothing that leaves it less than ten points to spare."""

    def answer(self, matrix: RuleMatrix, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        answer = super().answer(matrix, situation, accepted)
        tight = answer.accepts & (answer.surplus < 10)
        return self.settle(self.answers_in, replace(answer, given=np.where(tight, Verdict.HOLDING_OUT, answer.verdict)))


def test_an_agent_of_another_class_takes_its_place_in_the_order() -> None:
    model = DeliberationModel("warm_flat", agent_class={"cleo": Cautious})
    assert [(agent.name, type(agent)) for agent in model.agents] == [
        ("ana", Negotiator), ("ben", Negotiator), ("cleo", Cautious)
    ]  # fmt: skip
    usual = DeliberationModel("warm_flat")
    for one in (model, usual):
        one.run_model()
    ends = [(one.month, one.negotiators["cleo"].verdict) for one in (usual, model)]
    assert ends == [(3, "accept"), (6, "holding_out")]
    assert {type(agent) for agent in DeliberationModel("warm_flat", agent_class=Cautious).agents} == {Cautious}
    with pytest.raises(UsageError, match=r"no actor 'cloe'\. Did you mean 'cleo'"):
        DeliberationModel("warm_flat", agent_class={"cloe": Cautious})


def test_nothing_keeps_a_model_that_nobody_wants_any_more() -> None:
    model = DeliberationModel("warm_flat", worlds=5, rng=1)
    model.run_model()
    assert sorted(agent.unique_id for agent in model.agents) == [1, 2, 3]
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_a_model_that_has_ended_stays_as_it_is() -> None:
    model = DeliberationModel("monitored_pact")
    model.run_model()
    before = model.month, model.steps, model.outcome.tolist(), len(model.datacollector.get_model_vars_dataframe())
    model.step()
    after = model.month, model.steps, model.outcome.tolist(), len(model.datacollector.get_model_vars_dataframe())
    assert (model.running, model.month, after) == (False, model.steps, before)


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_batch_run_reports_the_end_of_every_run(processes: int) -> None:
    parameters = {"scenario": ["monitored_pact", "house_rules"], "worlds": 20, "rng": [0, 1]}
    results = mesa.batch_run(
        DeliberationModel, parameters, number_processes=processes, max_steps=24, display_progress=False
    ) if _takes_rng_as_parameter() else mesa.batch_run(
        DeliberationModel,
        {name: parameters[name] for name in ("scenario", "worlds")},
        rng=parameters["rng"],
        number_processes=processes,
        max_steps=24,
        display_progress=False,
    )  # fmt: skip
    ends = {(row["scenario"], row["rng"], row["actor"]): row for row in results}
    assert len(ends) == len(results) == 2 * (7 + 3)
    for row in results:
        assert row["open_share"] == 0
    for seed in (0, 1):
        model = DeliberationModel("house_rules", worlds=20, rng=seed)
        model.run_model()
        last = model.datacollector.get_model_vars_dataframe().iloc[-1]
        assert ends["house_rules", seed, "ana"]["agreed_share"] == last["agreed_share"]


def test_batch_run_varies_numbers_of_the_case_and_of_the_protocol() -> None:
    base, patience = "actors.ben.reservation.base", "protocol.patience"
    parameters = {"scenario": "warm_flat", base: [0, 40], patience: [0, 2]}
    results = mesa.batch_run(DeliberationModel, parameters, number_processes=1, max_steps=24, display_progress=False)
    ends = {(row[base], row[patience]): row for row in results if row["actor"] == "ben"}
    assert set(ends) == {(0, 0), (0, 2), (40, 0), (40, 2)}
    for (value, months), row in ends.items():
        changes = {base: value, patience: months}
        alone = play(load_scenario(case_paths.find("warm_flat"), changes))
        assert row["month"] == alone.ended[0]
        assert row["surplus"] == alone.last().responses.answers["ben"].surplus[0, 0]


def test_a_changed_model_of_a_scenario_is_that_of_its_files_changed() -> None:
    changes = {"actors.ben.reservation.base": 3}
    by_name = DeliberationModel("warm_flat", **changes)
    of_scenario = DeliberationModel(load_scenario(case_paths.find("warm_flat")), **changes)
    assert by_name.script.case.numbers == of_scenario.script.case.numbers
    with pytest.raises(CaseError, match=r"no number 'actors\.ben\.reservation\.bas'.*Did you mean"):
        DeliberationModel("warm_flat", **{"actors.ben.reservation.bas": 3})


def _takes_rng_as_parameter() -> bool:
    """Mesa 3.5 takes seeds by `rng=`, earlier versions as any other parameter."""
    return tuple(int(part) for part in mesa.__version__.split(".")[:2]) < (3, 5)


def test_a_seed_is_a_whole_number_from_0() -> None:
    with pytest.raises(UsageError, match="'seed' must be a whole number from 0 to"):
        DeliberationModel(worlds=3, rng=-1)
    one, same, other = (DeliberationModel("house_rules", worlds=30, rng=seed) for seed in (0, 0, 1))
    bases = [model.worlds.number("actors.ben.weighs.bills.weight") for model in (one, same, other)]
    assert np.array_equal(bases[0], bases[1])
    assert not np.array_equal(bases[0], bases[2])


def test_seed_is_another_name_of_rng() -> None:
    by_seed, by_rng = DeliberationModel("house_rules", 30, seed=4), DeliberationModel("house_rules", 30, rng=4)
    assert (by_seed.seed, by_seed.rng.random()) == (by_rng.seed, by_rng.rng.random())
    assert DeliberationModel("house_rules", seed=0).seed == DeliberationModel("house_rules", seed=np.uint8(0)).seed == 0
    with pytest.raises(UsageError, match="'seed' and 'rng' are two names of one argument"):
        DeliberationModel("house_rules", seed=0, rng=0)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"worlds": 0}, "'worlds' must be a whole number of at least 1, not '0'"),
        ({"worlds": 1.5}, "'worlds' must be a whole number of at least 1, not '1.5'"),
        ({"rng": 0.5}, "'seed' must be a whole number from 0 to"),
        ({"last_month": 0}, "'last_month' must be a whole number of at least 1"),
        ({"changes": "proposal.heating"}, "'changes' must map dotted paths to values; batch_run takes a list"),
        ({"changes": {"proposal.heating": 18}, "proposal.heating": 20}, "proposal.heating: given twice"),
    ],
)
def test_what_a_model_cannot_be_made_of_is_refused_at_once(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        DeliberationModel("warm_flat", **keys)
    assert said in str(refused.value)


def test_batch_run_plays_several_sets_of_changes() -> None:
    sets = [{}, {"proposal.heating": 20}, {"proposal.heating": 18, "actors.ben.reservation.base": np.int64(0)}]
    parameters = {"scenario": ["warm_flat"], "changes": sets}
    rows = mesa.batch_run(DeliberationModel, parameters, number_processes=1, max_steps=24, display_progress=False)
    ends = {row["RunId"]: row["agreed_share"] for row in rows}
    assert list(ends.values()) == [
        float(play(load_scenario(case_paths.find("warm_flat"), changes)).outcome[0] == Outcome.AGREED)
        for changes in sets
    ]


def test_without_a_seed_every_model_draws_its_own_worlds() -> None:
    seeds = {DeliberationModel("house_rules", worlds=1).seed for _ in range(5)}
    assert len(seeds) == 5


def test_a_generator_gives_a_seed_too() -> None:
    seeds = [DeliberationModel("house_rules", worlds=1, rng=np.random.default_rng(5)).seed for _ in range(2)]
    assert seeds[0] == seeds[1]


def test_a_path_serves_as_well_as_a_name() -> None:
    path = case_paths.find("house_rules")
    assert DeliberationModel(path).script.id == DeliberationModel(str(path)).script.id == "house_rules"


def test_a_play_leaves_no_model_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds would else stay in memory until Python looks for circles of objects that hold each other."""
    kept: list[weakref.ref[object]] = []
    make = DeliberationModel.__init__

    def made(self: DeliberationModel, *given: Any, **named: Any) -> None:
        make(self, *given, **named)
        kept.extend(weakref.ref(one) for one in (self, self.worlds, *self.negotiators.values()))

    monkeypatch.setattr(DeliberationModel, "__init__", made)
    scenario = load_scenario(case_paths.find("warm_flat"))
    gc.collect()
    gc.disable()
    try:
        run = play(scenario, worlds=10)
        assert len(kept) == 2 + len(scenario.case.actors)
        assert not any(one() for one in kept)
        assert len(run.outcome) == 10
    finally:
        gc.enable()
