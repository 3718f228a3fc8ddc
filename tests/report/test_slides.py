"""Slides, questions and a person's own story say what fits how the talks ended, and leave out what does not."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from sim.case_paths import find
from sim.game.debrief.debrief import debrief
from sim.game.debrief.joint_gains import all_gains
from sim.game.debrief.rule_benchmark import play_benchmark
from sim.game.debrief.table_results import TableResult
from sim.game.paper.paper_results import read_paper_tables
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from sim.report.charts import debrief_charts
from sim.report.document.debrief_html import body
from sim.report.document.debrief_questions import question_keys
from sim.report.document.own_story import own_story
from sim.report.document.slides import SLIDES_MOST, Slide, slides
from sim.strings import Strings

T = Strings.load()


def words(html: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def kinds(found: list[Slide]) -> list[str]:
    return [slide.kind for slide in found]


@pytest.fixture(scope="module")
def failed() -> dict[str, Any]:
    """The headline played by its rules: no text that could be negotiated would have been agreed."""
    script = load_scenario(find("european_force"))
    return debrief(script, [TableResult("Table 1", play(script))])


@pytest.fixture(scope="module")
def flat() -> dict[str, Any]:
    """Two tables of a scenario with a zone: one signs although two lose, the other refuses an acceptable text."""
    script = load_scenario(find("warm_flat"))
    yes = dict.fromkeys(script.case.actors, "accept")
    written = [
        {"name": "Table 1", "votes": yes},
        {"name": "Table 2", "votes": {**yes, "ana": "reject"}},
    ]
    played = read_paper_tables(script, {"tables": written}, "r")
    return debrief(script, played, benchmark=play_benchmark(script, 50), all_gains=all_gains(played))


def test_after_an_empty_zone_nobody_is_asked_when_a_deal_was_in_reach(failed: dict[str, Any]) -> None:
    [table] = failed["tables"]
    assert table["in_reach"] is None
    assert table["gains"]["negotiable"]["better"] == 0
    assert question_keys(failed["tables"]) == ["1", "empty", "5", "6"]
    text = words(body(failed, T))
    assert T("debrief.questions.empty") in text
    for key in ("3", "4", "below", "lasting"):
        assert T(f"debrief.questions.{key}") not in text
    assert "There was none" not in text
    assert "after the signing" not in text


def test_the_slides_of_failed_talks(failed: dict[str, Any]) -> None:
    found = slides(failed, 0, T)
    assert kinds(found) == ["happened", "seats", "frontier", "left", "no", "no", "no", "believe", "questions"]
    assert len(found) <= SLIDES_MOST
    assert found[0].says.endswith("with the last text blocked by Russia, the Baltics and Poland.")
    assert found[3].says == "By everybody's rules, no agreement was possible in these talks, whatever the text said."
    assert found[4].title == "Why Russia said no"
    assert "No European troops in Ukraine" in found[4].says
    assert "Russia would give up a red line that is not for sale" in found[7].says
    for slide in found:
        assert (slide.picture is None) == bool(slide.questions), slide.kind
        assert slide.says.endswith((".", "?", "”"))


def test_a_signed_deal_has_no_slide_about_refusals_and_reach(flat: dict[str, Any]) -> None:
    found = slides(flat, 0, T)
    assert kinds(found)[:3] == ["happened", "together", "seats"]
    assert not {"no", "reach", "believe"} & set(kinds(found))
    assert found[0].says == "The text was agreed in month 1."
    assert found[1].says == "Tables with an agreement: 1 of 2."
    assert found[2].says == "The deal that was signed is worth less than no deal to Ben and Cleo."
    assert "worlds" in kinds(found)


def test_each_question_has_a_reason(flat: dict[str, Any]) -> None:
    signed, refused = flat["tables"]
    assert "below" in question_keys([signed])
    assert not {"1", "3", "empty"} & set(question_keys([signed]))
    assert "1" in question_keys([refused])
    assert not {"below", "lasting"} & set(question_keys([refused]))
    assert ("3" in question_keys([refused])) == (refused["in_reach"] is not None)


def test_a_text_of_no_table_is_called_an_offer_after_the_signing_only_if_somebody_signed(flat: dict[str, Any]) -> None:
    text = words(body({**flat, "tables": flat["tables"][1:], "side_by_side": flat["side_by_side"][1:]}, T))
    assert "after the signing" not in text


def test_ones_own_story_is_kind_and_says_what_would_have_been_better(flat: dict[str, Any]) -> None:
    loser, gainer = (words(own_story(flat, 0, actor, T)) for actor in ("cleo", "ana"))
    lost = -flat["tables"][0]["walk_away"]["cleo"]["got"]
    assert "Your seat: Cleo" in loser
    assert f"worth {lost:.1f} points less to your seat than no deal" in loser
    assert "That is not a mistake by itself" in loser
    assert "That is not a mistake by itself" not in gainer
    kept = words(own_story(flat, 1, "ana", T))
    assert "There was no agreement, so your seat kept what no deal is worth to it. Your gain is 0 points." in kept
    assert "Month 1:" in kept


def test_amounts_stand_to_the_side_of_their_sign() -> None:
    chart = debrief_charts.amounts([("Up <b>", 4.0), ("Down", -2.0), ("Never", "never")], "Title", "Words", str)
    assert "&lt;b&gt;" in chart
    [zero] = map(float, re.findall(r'class="axis" x1="([0-9.]+)"', chart))
    bars = dict(re.findall(r'<rect class="(\w+)" x="([0-9.]+)"', chart))
    assert float(bars["gain"]) == zero > float(bars["cost"])
    assert float(bars["never"]) <= float(bars["cost"])
