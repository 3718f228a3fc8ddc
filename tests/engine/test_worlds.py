"""A world is a row of uniforms: the same however many are drawn, in whatever pieces, whatever else the case has."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sim import case_paths
from sim.case.distributions import Fixed
from sim.case.loader import build_case
from sim.case.models import Scenario
from sim.engine.worlds import Central, GivenValues, Streams, UniformMatrix, Worlds
from sim.errors import CaseError
from sim.negotiation.record.history import Run
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario

WORLD = 4711


def fate(run: Run, row: int) -> list[Any]:
    """Everything that happened in one world, to the last bit."""
    told: list[Any] = [run.outcome[row], run.ended[row]]
    for month in run.months:
        if row in month.rows:
            one = month.evaluation.one(int(np.searchsorted(month.rows, row)))
            told.append(one.matrix.texts.tobytes())
            told += [level.tobytes() for level in one.situation.context.values()]
            told += [score.tobytes() for score in one.situation.measures.values()]
            for name, answer in one.responses.answers.items():
                told.append((name, answer.surplus.tobytes(), answer.verdict.tobytes(), answer.aspiration.tobytes()))
    return told


@pytest.fixture(scope="module")
def headline() -> Scenario:
    return load_scenario(case_paths.find("european_force"), {"protocol.months": 4})


@pytest.fixture(scope="module")
def whole(headline: Scenario) -> Run:
    return play(headline, worlds=5000, seed=7)


def test_a_world_is_the_same_in_one_piece_and_in_chunks(headline: Scenario, whole: Run) -> None:
    start = WORLD // 333 * 333
    chunk = play(headline, seed=7, uniforms=Streams(7, 333, start))
    assert fate(chunk, WORLD - start) == fate(whole, WORLD)
    alone = play(headline, seed=7, uniforms=Streams(7, 1, WORLD))
    assert fate(alone, 0) == fate(whole, WORLD)


def test_a_world_is_the_same_after_an_uncertain_number_is_added_elsewhere(headline: Scenario, whole: Run) -> None:
    source = copy.deepcopy(dict(headline.source))
    source["case"]["context"]["weather"] = {
        "says": "How cold it is", "start": {"low": 0, "high": 1}, "volatility": 0.1, "assumption": "matters to nobody",
    }  # fmt: skip
    run = play(build_scenario(source), seed=7, uniforms=Streams(7, 100, WORLD - 50))
    weather = {month.month: month.evaluation.situation.context["weather"] for month in run.months}
    assert len(np.unique(weather[1])) > 50
    told = fate(run, 50)
    assert [part for part in told if isinstance(part, tuple)] == [
        part for part in fate(whole, WORLD) if isinstance(part, tuple)
    ]
    assert told[:3] == fate(whole, WORLD)[:3]


def test_two_proposals_of_one_case_meet_the_same_worlds(whole: Run) -> None:
    other = load_scenario(case_paths.find("bare_ceasefire"))
    numbers = Worlds(other.case, Streams(7, 10)).number("actors.russia.reservation.base")
    assert np.array_equal(numbers, Worlds(whole.scenario.case, Streams(7, 10)).number("actors.russia.reservation.base"))


def test_a_stream_is_counted_not_run_through() -> None:
    drawn = Streams(3, 1000).column("a.b")
    for start in (0, 1, 2, 3, 4, 5, 998):
        assert np.array_equal(Streams(3, 2, start).column("a.b"), drawn[start : start + 2])
    assert not np.array_equal(drawn, Streams(3, 1000).column("a.c"))
    assert not np.array_equal(drawn, Streams(0, 1000).column("a.b"))
    assert 0.45 < drawn.mean() < 0.55


def test_seed_0_is_a_seed() -> None:
    assert np.array_equal(Streams(0, 5).column("x"), Streams(0, 5).column("x"))
    assert not np.array_equal(Streams(0, 5).column("x"), Streams(1, 5).column("x"))


def test_a_matrix_made_elsewhere_comes_through_the_same_door(headline: Scenario) -> None:
    seeded = play(headline, worlds=20, seed=7)
    columns = [*headline.case.numbers]
    columns += [f"context.{name}.shock.{month}" for name in headline.case.context for month in range(1, 5)]
    matrix = UniformMatrix({name: Streams(7, 20).column(name) for name in columns})
    given = play(headline, uniforms=matrix)
    for row in range(20):
        assert fate(given, row) == fate(seeded, row)


def test_a_column_that_a_matrix_leaves_out_stays_central(headline: Scenario) -> None:
    path = "actors.russia.reservation.base"
    worlds = Worlds(headline.case, UniformMatrix({path: np.array([0.1, 0.9])}))
    assert worlds.number(path)[0] < worlds.number(path)[1]
    central = Worlds(headline.case, Central())
    assert worlds.number("context.us_aid.start") == central.number("context.us_aid.start")


def test_a_number_that_is_given_is_what_it_is_given_as(headline: Scenario) -> None:
    path = "actors.russia.red_lines.western_troops.price"
    worlds = Worlds(headline.case, GivenValues({path: np.array([7.0, np.inf, 60.0])}, 3))
    assert worlds.number(path).tolist() == [7.0, np.inf, 60.0]
    assert worlds.shock("us_aid", 1) is None
    central = Worlds(headline.case, Central())
    for other, number in headline.case.numbers.items():
        if number.draw != path:
            assert np.array_equal(worlds.number(other), central.number(other))


def test_nothing_given_is_the_central_world(headline: Scenario) -> None:
    plain, given = play(headline), play(headline, uniforms=GivenValues({}, 1))
    assert np.array_equal(plain.outcome, given.outcome)
    assert np.array_equal(plain.ended, given.ended)
    assert np.array_equal(plain.last().matrix.texts, given.last().matrix.texts)


# -- numbers that are drawn together -----------------------------------------------------------------------------------

PAIR = ["context.us_aid.start", "context.european_resolve.start", "context.war_cost_russia.start"]


def _together(rank: float, count: int = 2) -> Any:
    source = copy.deepcopy(dict(load_scenario(case_paths.find("european_force")).source["case"]))
    source["correlated"] = [{"numbers": PAIR[:count], "rank": rank, "assumption": "For a test."}]
    return build_case(source)


def _ranks(values: Any) -> Any:
    return np.argsort(np.argsort(values))


@pytest.mark.parametrize("rank", [-0.8, -0.3, 0.5, 0.95])
def test_numbers_that_are_drawn_together_have_their_rank_correlation(rank: float) -> None:
    worlds = Worlds(_together(rank), Streams(3, 20_000))
    first, second = (_ranks(worlds.number(path)) for path in PAIR[:2])
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(rank, abs=0.02)


def test_every_two_of_a_group_are_correlated_alike() -> None:
    worlds = Worlds(_together(0.4, 3), Streams(3, 20_000))
    found = np.corrcoef([_ranks(worlds.number(path)) for path in PAIR])
    assert found[np.triu_indices(3, 1)] == pytest.approx([0.4] * 3, abs=0.02)


def test_each_number_keeps_its_own_distribution_and_all_others_their_draws() -> None:
    free, together = Worlds(_together(0.0001), Streams(3, 20_000)), Worlds(_together(0.9), Streams(3, 20_000))
    for path in PAIR[:2]:
        one, other = (np.quantile(worlds.number(path), [0.1, 0.5, 0.9]) for worlds in (free, together))
        assert one == pytest.approx(other, abs=0.005)
    for path, number in free.case.numbers.items():
        if path != PAIR[1] and not isinstance(number.distribution, Fixed):
            np.testing.assert_array_equal(free.number(path), together.number(path))


def test_a_world_is_the_same_however_many_are_drawn_together() -> None:
    case = _together(0.7)
    whole, piece = Worlds(case, Streams(3, 1_000)), Worlds(case, Streams(3, 10, start=500))
    np.testing.assert_array_equal(whole.number(PAIR[1])[500:510], piece.number(PAIR[1]))


def test_a_member_that_is_not_drawn_moves_no_other() -> None:
    uniforms = UniformMatrix({PAIR[1]: np.array([0.5, 0.5])})
    distribution = _together(0.7).numbers[PAIR[1]].distribution
    assert Worlds(_together(0.7), uniforms).number(PAIR[1]) == pytest.approx(
        distribution.quantile(np.array([0.5, 0.5]))
    )
    assert Worlds(_together(0.7), Central()).number(PAIR[1]).tolist() == [distribution.central]


@pytest.mark.parametrize(
    ("numbers", "rank", "said"),
    [
        ([PAIR[0], "context.us_ade.start"], 0.5, "Did you mean 'context.us_aid.start'?"),
        ([PAIR[0], PAIR[0]], 0.5, "is drawn together with others already; name it once."),
        ([PAIR[0], "context.us_aid.drift"], 0.5, "is a plain number, which is never drawn; give it a range"),
        ([PAIR[0], PAIR[1]], 1, "a rank correlation of 1 is not possible between 2 numbers"),
        (PAIR, -0.6, "choose one above -0.483 and below 1."),
    ],
)
def test_numbers_that_cannot_be_drawn_together_are_named(numbers: list[str], rank: float, said: str) -> None:
    source = copy.deepcopy(dict(load_scenario(case_paths.find("european_force")).source["case"]))
    source["correlated"] = [{"numbers": numbers, "rank": rank, "assumption": "For a test."}]
    with pytest.raises(CaseError) as caught:
        build_case(source)
    assert said in str(caught.value)
