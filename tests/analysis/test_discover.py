"""Scenario discovery on cases that are worked out in the head, and checked by counting worlds."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from sim import case_paths
from sim.analysis.discovery.discover import discover
from sim.analysis.experiments.world_rows import rows_of
from sim.analysis.runner.executors import crew
from sim.case.models import Scenario
from sim.engine.worlds import Streams, Worlds
from sim.errors import UsageError
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests.analysis.wells import UNSURE, well

BASE = "actors.upper.reservation.base"


def test_the_worlds_of_an_agreement_are_those_in_which_it_pays() -> None:
    found = discover(well(actors__upper__reservation__base={"low": 10, "high": 30}), worlds=2_000)
    assert found["share"] == pytest.approx(0.5, abs=0.03)
    [box] = found["boxes"]
    [limit] = box["limits"]
    assert (limit["path"], limit["low"], limit["values"], limit["range"]) == (BASE, None, None, [10, 30])
    assert limit["high"] == pytest.approx(20, abs=0.5)
    assert box["coverage"] > 0.97
    assert box["density"] > 0.97
    assert limit["quasi_p"] < 1e-100
    assert limit["support"] == "assumed"


def test_not_looks_for_the_other_worlds() -> None:
    scenario = well(actors__upper__reservation__base={"low": 0, "high": 22})
    usual, rest = (discover(scenario, worlds=2_000, negated=negated) for negated in (False, True))
    assert usual["hits"] + rest["hits"] == 2_000
    assert (usual["says"], rest["says"]) == ("the talks end agreed", "the talks end without agreement")
    [limit] = rest["boxes"][0]["limits"]
    assert limit["low"] == pytest.approx(20, abs=0.5)
    assert rest["boxes"][0]["coverage"] > 0.9


@pytest.mark.slow
def test_a_box_is_what_counting_the_worlds_of_an_ensemble_finds() -> None:
    scenario = load_scenario(case_paths.find("force_with_concessions"))
    found = discover(scenario, worlds=1_500, seed=4)
    agreed, values = rows_of(play(scenario, 1_500, 4))["outcome"] == 1, Worlds(scenario.case, Streams(4, 1_500))
    assert found["hits"] == agreed.sum()
    first = found["boxes"][0]
    assert any(limit["values"] == [60.0] for limit in first["limits"])
    assert first["density"] > 4 * found["share"]
    for box in (first, *first["trajectory"]):
        inside = np.logical_and.reduce([np.ones(1_500, dtype=bool), *(_within(values, one) for one in box["limits"])])
        # Bounds are rounded for the page, so that a world on the very edge may fall on the other side.
        assert box["worlds"] == pytest.approx(inside.sum(), abs=2)
        assert box["hits"] == pytest.approx((inside & agreed).sum(), abs=2)


def _within(values: Worlds, limit: dict[str, Any]) -> np.ndarray:
    drawn = values.number(limit["path"])
    if limit["values"] is not None:
        return np.isin(drawn, [math.inf if one == "never" else one for one in limit["values"]])
    return drawn >= limit["low"] if limit["low"] is not None else drawn <= limit["high"]


@pytest.mark.parametrize(("base", "hits"), [(40, 0), (5, 50)])
def test_all_or_nothing_has_no_boxes(base: int, hits: int) -> None:
    scenario = well(actors__upper__reservation__base=base, actors__mayor__reservation__base={"low": 0, "high": 9})
    found = discover(scenario, worlds=50)
    assert (found["hits"], found["boxes"]) == (hits, [])


def test_chance_alone_makes_no_box() -> None:
    # Nothing but the drought moves Upper, and nobody knows it before.
    scenario = load_scenario(case_paths.find("warm_flat"))
    found = discover(scenario, worlds=400)
    assert all(limit["quasi_p"] <= found["chance"] for box in found["boxes"] for limit in box["limits"])
    assert all(box["density"] > found["share"] for box in found["boxes"])


def test_boxes_share_no_world_and_are_no_more_than_asked() -> None:
    scenario = load_scenario(case_paths.find("house_rules"))
    found = discover(scenario, worlds=800, negated=True, boxes=2)
    assert 1 <= len(found["boxes"]) <= 2
    assert sum(box["coverage"] for box in found["boxes"]) <= 1
    assert len(discover(scenario, worlds=800, negated=True, boxes=1)["boxes"]) == 1


@pytest.mark.slow
def test_seeds_and_workers() -> None:
    scenario = load_scenario(case_paths.find("house_rules"))
    zero = discover(scenario, worlds=200, seed=0)
    assert zero != discover(scenario, worlds=200, seed=1)
    assert json.loads(json.dumps(zero)) == discover(scenario, worlds=200, by=crew(2))


def test_the_least_mass_holds() -> None:
    scenario: Scenario = well(**UNSURE)
    for mass in (0.05, 0.4):
        [box, *_] = discover(scenario, worlds=500, mass=mass)["boxes"]
        assert min(one["mass"] for one in box["trajectory"]) >= mass


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"of": "months"}, "'months' is a number, but boxes need an answer that is true or false: agreed, blocked_by"),
        ({"of": "peace"}, "Unknown output 'peace'"),
        ({"worlds": 1}, "1 worlds cannot be compared; draw at least 2."),
        ({"boxes": 0}, "0 boxes: look for at least 1."),
        ({"mass": 1}, "A mass of 1: the least share of the worlds in a box must be above 0 and below 1."),
    ],
)
def test_what_makes_no_sense_is_refused(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        discover(well(**UNSURE), **{"worlds": 10, **keys})
    assert said in str(refused.value)


def test_where_nothing_is_uncertain_there_is_nothing_to_bound() -> None:
    with pytest.raises(UsageError, match=r"No number of 'well' is uncertain"):
        discover(well(), worlds=10)
