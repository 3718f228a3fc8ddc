"""The talks at one table: whoever sits there, they are the talks of the model."""

from __future__ import annotations

from typing import Any

import pytest

from sim import case_paths
from sim.engine.worlds import Streams
from sim.game.session.table import GameTable
from sim.negotiation.protocols import PROTOCOLS
from sim.negotiation.record.summary import account
from sim.negotiation.replay import record, replay
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.game.hall import Hall, source

SCENARIOS = {case_paths.name_of(path): path for path in case_paths.scenarios(case_paths.bundled())}


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
    assert account(table.run) == account(play(scenario))


def test_a_chair_given_back_to_its_agent_before_it_moves_changes_nothing() -> None:
    hall = Hall()
    hall.seat("ukraine", "france")
    hall.teach("start")
    for actor in ("ukraine", "france"):
        hall.teach("agent", table=1, actor=actor)
    hall.teach("next")
    assert hall.table().over
    assert account(hall.table().run) == account(play(load_scenario(case_paths.find("european_force"))))


def stops(hall: Hall) -> list[tuple[int, str]]:
    """Where the table stops until the talks are over, if everybody holds out."""
    seen = []
    while not hall.table().over:
        seen.append((hall.table().model.month, hall.table().stage))
        hall.pass_on()
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
    hall = Hall(source("european_force", months=2))
    hall.seat(*seats)
    hall.teach("start")
    # after the last month there is no amendment
    first = [(1, stage) for stage in month]
    assert stops(hall) == [*first, *((2, stage) for stage in month if stage != "amendment")]


def test_a_played_game_is_a_record_that_replays() -> None:
    hall = Hall(source("european_force", months=3))
    hall.seat("ukraine", "france")
    hall.teach("start")
    stops(hall)
    run = hall.table().run
    assert {one.actor for one in run.moves} == {"ukraine", "france"}
    assert record(replay(record(run))) == record(run)


def test_called_time_the_month_is_decided_and_the_talks_expire() -> None:
    hall = Hall()
    hall.seat("ukraine", "france", "uk")
    hall.teach("start")
    hall.vote("ukraine", "red_line", says="Not this.")
    hall.teach("finish")
    run = hall.table().run
    assert (hall.table().outcome, len(run.months)) == ("expired", 1)
    assert account(run)["timeline"][0]["reactions"]["ukraine"]["said"] == "Not this."
    assert record(replay(record(run))) == record(run)


def test_calling_time_after_the_decision_ends_the_talks_there() -> None:
    hall = Hall()
    hall.seat("france")
    hall.teach("start")
    hall.vote("france", "accept")
    assert hall.table().stage == "amendment"
    hall.teach("finish")
    assert (hall.table().outcome, len(hall.table().run.months)) == ("expired", 1)


def test_a_move_that_was_never_made_is_the_understudys() -> None:
    hall = Hall(source("european_force", months=1))
    hall.seat("ukraine")
    hall.teach("start")
    hall.teach("next")
    told: dict[str, Any] = account(hall.table().run)
    assert "understudy" not in told["timeline"][0]["reactions"]["ukraine"]
    assert told == account(play(load_scenario(case_paths.find("european_force"), {"protocol.months": 1})))
