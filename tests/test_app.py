"""Mesa's own page: its model is the model, its tables and curves are what happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import app
from sim.deliberation.account import account
from sim.deliberation.play import play
from sim.deliberation.scenarios import load_scenario
from sim.files import find
from sim.report import words

SCENARIO = load_scenario(find(app.FIRST))


def played(**chosen: Any) -> app.Talks:
    talks = app.Talks(**chosen)
    while talks.running:
        talks.step()
    return talks


def untouched() -> dict[str, Any]:
    """What Mesa's page hands to the model when nobody has touched anything."""
    chosen = app.parameters(app.FIRST, SCENARIO)
    return {name: one["value"] if isinstance(one, dict) else getattr(one, "value", one) for name, one in chosen.items()}


def test_untouched_it_is_the_scenario_at_central_values() -> None:
    assert account(played(**untouched()).result) == account(play(SCENARIO))


def test_numbers_that_nobody_has_touched_keep_their_ranges_in_many_worlds() -> None:
    assert account(played(**{**untouched(), "worlds": 100, "rng": 5}).result) == account(play(SCENARIO, 100, seed=5))


def test_a_moved_slider_is_a_change_of_the_scenario() -> None:
    path = "actors.ukraine.reservation.base"
    moved = load_scenario(find(app.FIRST), {path: -80.0})
    assert account(played(**{**untouched(), path: -80.0}).result) == account(play(moved))


@pytest.mark.parametrize("name", ["ukraine_2025/european_force", "flatmates/warm_flat"])
def test_every_slider_stands_at_the_central_value_and_within_its_ends(name: str) -> None:
    scenario = load_scenario(find(name))
    sliders = {path: one for path, one in app.parameters(name, scenario).items() if isinstance(one, app.Slider)}
    assert len(sliders) == len(scenario.case.context) + len(scenario.case.actors)
    for path, one in sliders.items():
        assert one.min <= one.value == scenario.case.numbers[path].distribution.central <= one.max
        assert app.NOTCHES <= (one.max - one.min) / one.step <= 10 * app.NOTCHES


def test_the_answers_are_those_of_the_last_month_with_their_main_reasons() -> None:
    talks = played(scenario="flatmates/warm_flat")
    told = account(talks.result)["final"]["actors"]
    assert [row[0] for row in app.answers(talks)] == ["Ana", "Ben", "Cleo"]
    for (_, verdict, spare, why), one in zip(app.answers(talks), told.values(), strict=True):
        assert verdict.endswith(words.VERDICTS[one["verdict"]].words)
        assert (spare, why) == (
            words.points(one["surplus"]),
            "; ".join(words.reason(entry) for entry in words.main_reasons(one)),
        )
    assert app.stands(talks) == "Over after 3 months: ✓ agreed 100%"


def test_of_many_worlds_the_most_frequent_text_is_shown_with_its_share() -> None:
    talks = app.Talks("flatmates/warm_flat", worlds=100)
    assert app.on_the_table(talks) == (talks.script.proposal, 1.0)
    for _ in range(2):
        talks.step()
    texts = [tuple(text) for text in talks.months[-1].sitting.reading.texts]
    share = max(map(texts.count, texts)) / len(talks.months[-1].rows)
    assert app.on_the_table(talks)[1] == pytest.approx(share)
    assert all(row[1].endswith("%") for row in app.answers(talks))


def test_the_curves_are_the_rows_of_the_data_collector() -> None:
    talks = played(scenario="flatmates/warm_flat", worlds=100, rng=7)
    surplus = app.by_actor(talks, "surplus")
    assert list(surplus.columns) == ["Ana", "Ben", "Cleo"]
    assert list(surplus.index) == list(range(1, talks.month + 1))
    [axes] = app.curves(surplus, "points").axes
    for line, name in zip(axes.lines, surplus.columns, strict=True):
        assert line.get_label() == name
        assert np.array_equal(line.get_ydata(), surplus[name])
    assert app.by_outcome(talks).iloc[-1]["agreed"] == (talks.outcome == app.Outcome.AGREED).mean()


def test_whatever_a_case_says_is_text_and_never_markup() -> None:
    shown = app.listed("<b>", ["<i>"], [["<script>"]]).kwargs["unsafe_innerHTML"]
    assert "<script>" not in shown
    assert shown.count("&lt;") == 3


def test_the_page_asks_nothing_of_the_makers_of_its_library() -> None:
    assert not app.settings.telemetry.mixpanel_enable
    assert app.settings.main.mode == "production"
