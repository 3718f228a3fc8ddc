"""Mesa's own page: its model is the model, its tables and curves are what happened."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import mesa_page
from sim.case_paths import find
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from sim.report import wording

SCENARIO = load_scenario(find(mesa_page.FIRST_SCENARIO))


def played(**chosen: Any) -> mesa_page.SliderModel:
    talks = mesa_page.SliderModel(**chosen)
    while talks.running:
        talks.step()
    return talks


def untouched() -> dict[str, Any]:
    """What Mesa's page hands to the model when nobody has touched anything."""
    chosen = mesa_page.parameters(mesa_page.FIRST_SCENARIO, SCENARIO)
    return {name: one["value"] if isinstance(one, dict) else getattr(one, "value", one) for name, one in chosen.items()}


def test_untouched_it_is_the_scenario_at_central_values() -> None:
    assert summarise(played(**untouched()).result) == summarise(play(SCENARIO))


def test_numbers_that_nobody_has_touched_keep_their_ranges_in_many_worlds() -> None:
    assert summarise(played(**{**untouched(), "worlds": 100, "rng": 5}).result) == summarise(
        play(SCENARIO, 100, seed=5)
    )


@pytest.mark.slow
def test_a_moved_slider_is_a_change_of_the_scenario() -> None:
    path = "actors.ukraine.reservation.base"
    moved = load_scenario(find(mesa_page.FIRST_SCENARIO), {path: -80.0})
    assert summarise(played(**{**untouched(), path: -80.0}).result) == summarise(play(moved))


@pytest.mark.parametrize("name", ["ukraine_2025/european_force", "flatmates/warm_flat"])
def test_every_slider_stands_at_the_central_value_and_within_its_ends(name: str) -> None:
    scenario = load_scenario(find(name))
    parameters = mesa_page.parameters(name, scenario)
    sliders = {path: one for path, one in parameters.items() if isinstance(one, mesa_page.Slider)}
    assert len(sliders) == len(scenario.case.context) + len(scenario.case.actors)
    for path, one in sliders.items():
        assert one.min <= one.value == scenario.case.numbers[path].distribution.central <= one.max
        assert mesa_page.SLIDER_STEPS_LEAST <= (one.max - one.min) / one.step <= 10 * mesa_page.SLIDER_STEPS_LEAST


def test_a_slider_says_what_it_changes_and_names_its_ends() -> None:
    labels = [getattr(one, "label", "") for one in mesa_page.parameters(mesa_page.FIRST_SCENARIO, SCENARIO).values()]
    assert "What no agreement is worth to Russia, in points: 8 to 38 (23 in the case)" in labels
    said = "American aid to Ukraine, from none (0) to the full level of 2024 (1): 0 to 1 (0.7 in the case)"
    assert said in labels
    assert not [label for label in labels if "_" in label]


def test_the_answers_are_those_of_the_last_month_with_their_main_reasons() -> None:
    talks = played(scenario="flatmates/warm_flat")
    told = summarise(talks.result)["final"]["actors"]
    assert [row[0] for row in mesa_page.answer_rows(talks)] == ["Ana", "Ben", "Cleo"]
    for (_, verdict, spare, why), one in zip(mesa_page.answer_rows(talks), told.values(), strict=True):
        assert verdict.endswith(wording.VERDICTS[one["verdict"]].words)
        assert (spare, why) == (
            wording.points(one["surplus"]),
            "; ".join(wording.reason(entry) for entry in wording.main_reasons(one)),
        )
    assert mesa_page.status_line(talks) == "Over after 3 months: ✓ agreed 100%"


def test_of_many_worlds_the_most_frequent_text_is_shown_with_its_share() -> None:
    talks = mesa_page.SliderModel("flatmates/warm_flat", worlds=100)
    assert mesa_page.current_text(talks) == (talks.script.proposal, 1.0)
    for _ in range(2):
        talks.step()
    texts = [tuple(text) for text in talks.months[-1].evaluation.matrix.texts]
    share = max(map(texts.count, texts)) / len(talks.months[-1].rows)
    assert mesa_page.current_text(talks)[1] == pytest.approx(share)
    assert all(row[1].endswith("%") for row in mesa_page.answer_rows(talks))


def test_the_curves_are_the_rows_of_the_data_collector() -> None:
    talks = played(scenario="flatmates/warm_flat", worlds=100, rng=7)
    surplus = mesa_page.by_actor(talks, "surplus")
    assert list(surplus.columns) == ["Ana", "Ben", "Cleo"]
    assert list(surplus.index) == list(range(1, talks.month + 1))
    [axes] = mesa_page.line_chart(surplus, "points").axes
    for line, name in zip(axes.lines, surplus.columns, strict=True):
        assert line.get_label() == name
        assert np.array_equal(line.get_ydata(), surplus[name])
    assert mesa_page.by_outcome(talks).iloc[-1]["agreed"] == (talks.outcome == mesa_page.Outcome.AGREED).mean()


def test_whatever_a_case_says_is_text_and_never_markup() -> None:
    shown = mesa_page.html_table("<b>", ["<i>"], [["<script>"]]).kwargs["unsafe_innerHTML"]
    assert "<script>" not in shown
    assert shown.count("&lt;") == 3


def test_the_page_asks_nothing_of_the_makers_of_its_library() -> None:
    assert not mesa_page.settings.telemetry.mixpanel_enable
    assert mesa_page.settings.main.mode == "production"
