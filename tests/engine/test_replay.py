"""A record brings back the very worlds that were played."""

from __future__ import annotations

import pytest

from sim import case_paths
from sim.engine.worlds import Streams
from sim.errors import RecordError
from sim.negotiation.replay import record, replay
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario


def test_worlds_from_the_middle_of_a_seed_are_replayed_as_those_worlds() -> None:
    scenario = load_scenario(case_paths.find("warm_flat"))
    run = play(scenario, seed=3, uniforms=Streams(3, 4, start=10))
    kept = record(run)
    assert (kept["setup"]["seed"], kept["setup"]["worlds"], kept["setup"]["start"]) == (3, 4, 10)
    again = replay(kept)
    assert again.uniforms == Streams(3, 4, start=10)
    assert record(again) == kept
    with pytest.raises(RecordError, match="does not match the record"):
        replay({**kept, "setup": {**kept["setup"], "start": 11}})
