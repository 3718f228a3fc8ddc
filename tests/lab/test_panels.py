"""The lab's panels of levers, talks and comparison: what they show is what the analyses say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from sim import case_paths
from sim.analysis.counterfactuals.flip import flip
from sim.analysis.counterfactuals.parameters import parameters_of
from sim.analysis.judging.judged_text import JudgedText, judge_text
from sim.analysis.judging.verdicts import verdicts
from sim.analysis.sensitivity.one_at_a_time import ALL, TURNS, agreed_shares, answers_along, curve, range_ends
from sim.case.models import Scenario
from sim.engine.worlds import Streams
from sim.lab import controls
from sim.lab.answers import ReaderLeftError
from sim.lab.lab_app import create
from sim.lab.link_state import LinkState
from sim.lab.panels.curves_panel import curves_panel
from sim.lab.panels.levers import LEVERS, Levers, label, levers_of
from sim.lab.panels.panel_answers import panel_answers
from sim.lab.panels.state_comparison import JudgedState, comparison_panel
from sim.lab.panels.talks_panel import talks_panel
from sim.lab.panels.tornado_panel import tornado_panel
from sim.lab.scenario_cache import ScenarioCache
from sim.lab.scenario_state import FIRST, LoadedScenario, ModifiedScenario
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from sim.report.story.ending import ended
from sim.report.story.months import months
from sim.web.catalogue import Catalogue

HERE = "http://127.0.0.1:8010"
PRICE = "actors.russia.red_lines.western_troops.price"
BASE = "actors.russia.reservation.base"
FOR_SALE = f"{PRICE}=0"
MINUS = "\N{MINUS SIGN}"
PANELS = ("tornado", "curves", "talks", "compare")
SCENARIOS = ("european_force", "force_with_concessions", "warm_flat")


@cache
def opened(name: str) -> tuple[LoadedScenario, Levers]:
    loaded = LoadedScenario(case_paths.find(name), name)
    return loaded, levers_of(loaded, controls.groups(loaded))


def changed(name: str, state: str = "") -> ModifiedScenario:
    return opened(name)[0].with_changes(LinkState.parse(state))


def along(scenario: Scenario, path: str) -> Any:
    return curve(judge_text(scenario), parameters_of(scenario)[path])


def judged(name: str, state: str = "") -> JudgedText:
    return judge_text(changed(name, state).scenario)


# -- which numbers are levers ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_levers_are_at_most_ten_and_each_does_something(name: str) -> None:
    loaded, levers = opened(name)
    assert 0 < len(levers.controls) <= LEVERS
    base = loaded.base
    numbers = [levers.numbers[control["path"]] for control in levers.controls]
    found = answers_along(judge_text(base), numbers, [range_ends(number) for number in numbers])
    assert [one.number.path for one in found if not any(one.swing(whose) for whose in (*base.case.actors, ALL))] == []
    if name == "force_with_concessions":
        assert (numbers[0].path, found[0].rank) == (PRICE, TURNS)


@pytest.mark.slow
def test_every_number_has_a_label_of_its_own() -> None:
    case = opened("european_force")[0].base.case
    labels = {path: label(case, path) for path in case.numbers}
    assert labels[PRICE] == f"Price of Russia's red line: “{case.numbers[PRICE].says}”"
    assert labels[BASE] == "Value of no deal to Russia (base)"
    assert labels["context.us_aid.start"] == "American aid to Ukraine"
    assert [one for one in labels.values() if "_" in one] == []


# -- the tornado and the curves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "state"), [("european_force", ""), ("european_force", FOR_SALE), ("warm_flat", "")])
def test_the_ends_of_the_tornado_are_the_verdicts_with_that_number_set(name: str, state: str) -> None:
    loaded, levers = opened(name)
    modified = changed(name, state)
    panel = tornado_panel(levers, judge_text(modified.scenario), FIRST)
    whose = panel["whose"]
    assert whose == next(one for one in verdicts(modified.scenario)["blocked_by"] if one in loaded.base.case.actors)
    swings = [abs(row["bar"].high - row["bar"].low) for row in panel["rows"]]
    assert swings == sorted(swings, reverse=True)
    numbers = LinkState.parse(state).numbers
    for row in panel["rows"][:4]:
        lever = levers.numbers[row["path"]]
        for value, points in ((lever.low, row["bar"].low), (lever.high, row["bar"].high)):
            moved = build_scenario(loaded.base.source, {**numbers, row["path"]: value})
            assert points == pytest.approx(verdicts(moved)["actors"][whose]["surplus"], abs=0.0006)


def test_the_title_of_the_tornado_says_whether_one_number_is_enough() -> None:
    _, levers = opened("european_force")
    assert tornado_panel(levers, judged("european_force"), "russia")["finding"].startswith(
        "No number alone makes Russia accept."
    )
    told = tornado_panel(levers, judged("european_force", FOR_SALE), "russia")["finding"]
    assert told.startswith("One number can be enough for Russia to accept: Value of no deal to Russia (base)")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path"),
    [("force_with_concessions", PRICE), ("warm_flat", "actors.cleo.reservation.base")],
)
def test_the_threshold_of_a_curve_is_that_of_flip(name: str, path: str) -> None:
    scenario = load_scenario(case_paths.find(name))
    found = along(scenario, path)
    turns = {one["direction"]: one["value"] for one in _numbers(scenario)["turns"] if one["path"] == path}
    assert found.thresholds == turns


@pytest.mark.slow
def test_the_threshold_of_a_curve_is_that_of_flip_after_changes() -> None:
    loaded, levers = opened("european_force")
    modified = changed("european_force", FOR_SALE)
    panel = curves_panel(levers, judge_text(modified.scenario), BASE, loaded.numbers[BASE].present)
    [turn] = [one for one in _numbers(modified.scenario)["turns"] if one["path"] == BASE]
    assert panel["thresholds"] == {turn["direction"]: f"{turn['value']:g}"}
    assert panel["finding"] == f"Value of no deal to Russia (base): it would be agreed at {turn['value']:g} or less."
    rows = {row["value"]: row["agreed"] for row in panel["table"]}
    assert rows[f"{turn['value']:g}"] is True
    assert rows["23"] is False


def test_the_shares_along_a_number_are_those_of_the_verdicts_with_it_set() -> None:
    loaded, levers = opened("european_force")
    values = np.array([0.0, 30.0, np.inf])
    shares = agreed_shares(judge_text(loaded.base), levers.numbers[PRICE], values, Streams(0, 100))
    for value, share in zip(("0", "30", "never"), shares, strict=True):
        moved = build_scenario(loaded.base.source, LinkState.parse(f"{PRICE}={value}").numbers)
        assert share == verdicts(moved, worlds=100, conditions=False)["agreed_share"]


def _numbers(scenario: Scenario) -> Mapping[str, Any]:
    found = flip(scenario, by="numbers")["numbers"]
    assert found is not None
    return found


# -- the talks ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("name", "state"), [("front_stalls", ""), ("european_force", FOR_SALE), ("warm_flat", "")])
def test_the_talks_are_those_of_play_in_the_same_sentences(name: str, state: str) -> None:
    panel = talks_panel(changed(name, state))
    base = load_scenario(case_paths.find(name))
    run = summarise(play(build_scenario(base.source, LinkState.parse(state).numbers)))
    assert [month["sentences"] for month in panel["months"]] == months(run)
    assert panel["ended"] == ended(run)
    for told, month in zip(panel["months"], run["timeline"], strict=True):
        assert told["events"] == month["events"]
        assert {one: answer["verdict"] for one, answer in told["answers"].items()} == {
            one: reaction["verdict"] for one, reaction in month["reactions"].items()
        }


@pytest.mark.slow
def test_a_month_says_who_came_closer() -> None:
    second = talks_panel(changed("front_stalls"))["months"][1]
    assert {"name": "Russia", "was": "25", "now": "14.5", "closer": True} in second["moved"]
    assert [change["new"] for change in second["changes"]] == [second["since"][0]["new"]]


# -- two states --------------------------------------------------------------------------------------------------------


def test_two_states_differ_in_what_was_changed_between_them() -> None:
    loaded, _ = opened("european_force")
    changes = ("", f"{BASE}=9&proposal.arms=massive")
    states = [JudgedState.of(changed("european_force", state)) for state in changes]
    panel = comparison_panel(loaded, *states)
    assert [one["says"] for one in panel["numbers"]] == ["Value of no deal to Russia (base)"]
    assert (panel["numbers"][0]["values"], panel["numbers"][0]["difference"]) == (["23", "9"], f"{MINUS}14")
    assert len(panel["terms"]) == 1
    first, second = (judged("european_force", state).evaluation.describe()["actors"]["russia"] for state in changes)
    difference = second["surplus"] - first["surplus"]
    assert panel["actors"][0]["difference"] == f"{difference:+.1f}".removesuffix(".0").replace("-", MINUS)


def test_a_state_is_not_different_from_itself() -> None:
    loaded, _ = opened("european_force")
    state = JudgedState.of(changed("european_force", FOR_SALE))
    panel = comparison_panel(loaded, state, state)
    assert (panel["terms"], panel["numbers"]) == ([], [])
    assert {one["difference"] for one in panel["actors"]} == {"0"}


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create(ScenarioCache(Catalogue(first="european_force")), {"localhost"}), base_url=HERE) as made:
        yield made


def parts(client: TestClient, state: str = "", scenario: str = "") -> dict[str, str]:
    answered = client.post("/answer", data={"scenario": scenario, "state": state})
    assert answered.status_code == 200, answered.text
    lines = [json.loads(line) for line in answered.text.splitlines()]
    assert lines[-1] == {"serial": 0, "done": True}
    told = {name: html for line in lines for name, html in line.get("parts", {}).items()}
    return {name: told[name] for name in PANELS}


@pytest.mark.slow
def test_the_page_opens_with_its_levers(client: TestClient) -> None:
    page = client.get("/").text
    found = re.findall(r'data-lever="([^"]+)"', page)
    assert found == [one["path"] for one in opened("european_force")[1].controls]
    assert "Value of no deal to Russia (base)" in page


@pytest.mark.slow
def test_the_panels_follow_a_change(client: TestClient) -> None:
    before, after = parts(client), parts(client, FOR_SALE)
    assert all(before[name] != after[name] for name in ("tornado", "curves", "talks"))
    assert "Pin the present state" in before["compare"]
    assert re.findall(r"<script|<style|\sstyle=|\son[a-z]+=", "".join(before.values())) == []


@pytest.mark.slow
def test_a_link_can_hold_two_states(client: TestClient) -> None:
    html = parts(client, f"{BASE}=9&show.pinned={BASE}%3D15%26proposal.arms%3Dmassive")["compare"]
    assert re.findall(r"<td>(9|15)</td>", html) == ["15", "9"]
    assert "Nothing: both states" in unescape(parts(client, "show.pinned=base")["compare"])
    told = client.post("/answer", data={"state": "show.pinned=nonsense"})
    assert told.status_code == 422
    assert "The link is broken" in " ".join(told.json()["wrong"])


def test_impossible_terms_have_no_panels(client: TestClient) -> None:
    found = parts(client, "proposal.force=none")
    assert "cannot be combined" in found["tornado"]
    assert "cannot be combined" in found["talks"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tornado", "curves"])
def test_a_saved_panel_is_what_the_page_shows(client: TestClient, name: str) -> None:
    state = f"{FOR_SALE}&show.effect=ukraine&show.lever={BASE}"
    shown = parts(client, state)[name]
    saved = client.get(f"/{name}.svg", params={"state": state}).text
    [finding] = re.findall(r"data-finding>([^<]+)<", shown)
    assert re.findall(r"<title>([^<]+)</title>", saved) == [finding]
    drawn = [chart.partition("</desc>")[2] for chart in re.findall(r'<svg class="chart".*?</svg>', shown, re.S)]
    said = [text for chart in drawn for text in re.findall(r"<text[^>]*>([^<]+)<", chart)]
    assert drawn
    assert [text for text in said if f">{text}<" not in saved] == []
    assert "cannot be combined" in client.get(f"/{name}.svg", params={"state": "proposal.force=none"}).text


def test_a_number_that_is_shown_is_a_number_of_the_case(client: TestClient) -> None:
    told = client.post("/answer", data={"state": "show.lever=context.us_add.start"})
    assert told.status_code == 422
    assert "Did you mean 'context.us_aid.start'?" in " ".join(told.json()["wrong"])


def test_the_panels_stop_when_their_reader_leaves() -> None:
    loaded, levers = opened("european_force")
    looked_at = loaded.looked_at(LinkState())
    stays = [False, False, False]
    steps = panel_answers(levers, loaded, changed("european_force"), looked_at, left=lambda: not stays or stays.pop())
    assert [next(steps)[0] for _ in range(2)] == ["tornado", "curves"]
    with pytest.raises(ReaderLeftError):
        next(steps)  # after the first month of the talks
