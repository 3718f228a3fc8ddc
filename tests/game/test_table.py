"""The talks at one table: whoever sits there, they are the talks of the model."""

from __future__ import annotations

from typing import Any

import pytest

from sim import case_paths
from sim.engine.worlds import Streams
from sim.game.session.table import GameTable
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import PHASES, Phase
from sim.negotiation.protocols import PROTOCOLS
from sim.negotiation.record.summary import summarise
from sim.negotiation.replay import record, replay
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.game.hall import Hall, source

SCENARIOS = {case_paths.name_of(path): path for path in case_paths.scenarios(case_paths.bundled())}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [None, 0, 7])
@pytest.mark.parametrize("name", SCENARIOS)
def test_with_agents_on_all_chairs_it_is_the_run_of_the_scenario(name: str, seed: int | None) -> None:
    scenario = load_scenario(SCENARIOS[name])
    table = GameTable(1, scenario, seed)
    table.start()
    uniforms = None if seed is None else Streams(seed, 1)
    assert table.over
    assert record(table.run) == record(play(scenario, seed=seed or 0, uniforms=uniforms))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", ["european_force", "house_rules"])
def test_so_it_is_under_every_protocol(name: str, protocol: str) -> None:
    scenario = build_scenario(source(name, name=protocol, mediator=None, parties=None))
    table = GameTable(1, scenario, None)
    table.start()
    assert summarise(table.run) == summarise(play(scenario))


def test_a_chair_given_back_to_its_agent_before_it_moves_changes_nothing() -> None:
    registry = Hall()
    registry.seat("ukraine", "france")
    registry.teach("start")
    for actor in ("ukraine", "france"):
        registry.teach("agent", table=1, actor=actor)
    registry.teach("next")
    assert registry.table().over
    assert summarise(registry.table().run) == summarise(play(load_scenario(case_paths.find("european_force"))))


def stops(registry: Hall) -> list[tuple[int, str]]:
    """Where the table stops until the talks are over, if everybody holds out."""
    seen = []
    while not registry.table().over:
        seen.append((registry.table().model.month, registry.table().stage))
        registry.pass_on()
    return seen


@pytest.mark.parametrize(
    ("seats", "month"),
    [
        (["ukraine"], ["reactions"]),
        (["poland"], ["pledges"]),
        (["france"], ["pledges", "amendment"]),
        (["ukraine", "france", "uk"], ["reactions", "pledges", "amendment"]),
    ],
)
def test_it_stops_where_somebody_is_waited_for(seats: list[str], month: list[str]) -> None:
    registry = Hall(source("european_force", months=2))
    registry.seat(*seats)
    registry.teach("start")
    # after the last month there is no amendment
    first = [(1, stage) for stage in month]
    assert stops(registry) == [*first, *((2, stage) for stage in month if stage != "amendment")]


def test_a_played_game_is_a_record_that_replays() -> None:
    registry = Hall(source("european_force", months=3))
    registry.seat("ukraine", "france")
    registry.teach("start")
    stops(registry)
    run = registry.table().run
    assert {one.actor for one in run.moves} == {"ukraine", "france"}
    assert record(replay(record(run))) == record(run)


def test_called_time_the_month_is_decided_and_the_talks_expire() -> None:
    registry = Hall()
    registry.seat("ukraine", "france", "uk")
    registry.teach("start")
    registry.vote("ukraine", "red_line", says="Not this.")
    registry.teach("finish")
    run = registry.table().run
    assert (registry.table().outcome, len(run.months)) == ("expired", 1)
    assert summarise(run)["timeline"][0]["reactions"]["ukraine"]["said"] == "Not this."
    assert record(replay(record(run))) == record(run)


def test_calling_time_after_the_decision_ends_the_talks_there() -> None:
    registry = Hall()
    registry.seat("france")
    registry.teach("start")
    registry.vote("france", "accept")
    assert registry.table().stage == "amendment"
    registry.teach("finish")
    assert (registry.table().outcome, len(registry.table().run.months)) == ("expired", 1)


def test_a_move_that_was_never_made_is_the_understudys() -> None:
    registry = Hall(source("european_force", months=1))
    registry.seat("ukraine")
    registry.teach("start")
    registry.teach("next")
    told: dict[str, Any] = summarise(registry.table().run)
    assert "understudy" not in told["timeline"][0]["reactions"]["ukraine"]
    assert told == summarise(play(load_scenario(case_paths.find("european_force"), {"protocol.months": 1})))


def test_a_step_back_plays_a_month_again_and_not_all_the_talks(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Hall(source("european_force", months=24))
    registry.seat("ukraine", "france")
    registry.teach("start")
    while (registry.table().model.month, registry.table().stage) != (12, "pledges"):
        if registry.table().stage == "amendment":
            registry.amend("france")
        else:
            registry.teach("next")
    played, advance = list[Phase](), DeliberationModel.advance
    monkeypatch.setattr(DeliberationModel, "advance", lambda model: played.append(model.phase) or advance(model))
    late = registry.table().late_answer("ukraine")
    assert late is not None
    registry.do("ukraine", "vote", table=1, version=late.version, verdict="holding_out")
    month = len(PHASES)
    assert len(played) <= month
    played.clear()
    registry.teach("undo")
    assert len(played) <= month
    played.clear()
    registry.teach("inject", table=1, event={"says": "Something happens", "set": {"us_aid": 0}})
    registry.teach("undo")
    registry.teach("finish")
    registry.teach("undo")
    assert len(played) <= 4 * month
