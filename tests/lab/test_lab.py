"""The lab without a browser: what its server answers, and that it is what the analyses say."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import numpy as np
import pytest
from httpx import Response
from starlette.testclient import TestClient

from sim import case_paths
from sim.analysis.counterfactuals.actor_turning import actor_turning
from sim.analysis.counterfactuals.flip import flip
from sim.analysis.judging.judged_text import judge_text
from sim.analysis.judging.proposals import proposals
from sim.analysis.judging.verdicts import verdicts
from sim.case.reading.yaml_documents import parse_value
from sim.errors import CaseError, UsageError
from sim.lab.answers import WORLDS, ReaderLeftError, later_answers
from sim.lab.downloads import proposals_csv
from sim.lab.lab_app import create
from sim.lab.link_state import LinkState
from sim.lab.scenario_cache import ScenarioCache
from sim.lab.scenario_state import LoadedScenario, possible_blockers
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from sim.report.charts.palette import VERDICT_FILLS
from sim.web.catalogue import Catalogue

KEPT = Path(__file__).parent / "kept"
PICTURES = ["heat", "plane", "waterfall", "tornado", "curves"]
HERE = "http://127.0.0.1:8010"
PRICE = "actors.russia.red_lines.western_troops.price"
AID = "context.us_aid.start"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create(ScenarioCache(Catalogue(first="european_force")), {"localhost"}), base_url=HERE) as made:
        yield made


def answer(client: TestClient, state: str = "", scenario: str = "", **more: str) -> list[dict[str, Any]]:
    """All lines of the answer to a state."""
    told = client.post("/answer", data={"scenario": scenario, "state": state, **more})
    assert told.status_code == 200, told.text
    return [json.loads(line) for line in told.text.splitlines()]


def refused(client: TestClient, state: str) -> str:
    told = client.post("/answer", data={"state": state})
    assert told.status_code == 422
    return " ".join(told.json()["wrong"])


def taken(client: TestClient, what: str, state: str = "", **more: str) -> Response:
    return client.get(f"/{what}?{urlencode({'state': state, **more})}")


def words(html: str) -> str:
    """The words of a part, with a hyphen for a minus sign."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))).replace("\N{MINUS SIGN}", "-")


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_page_has_a_control_for_every_number_and_every_issue(client: TestClient) -> None:
    page = client.get("/").text
    force = load_scenario(case_paths.find("european_force"))
    paths = set(re.findall(r'class="number"[^>]* data-path="([^"]+)"', page))
    assert paths == set(force.case.numbers)
    assert set(re.findall(r'data-term="([^"]+)"', page)) == set(force.case.issues)
    assert force.case.claims["C13"].text.split(";")[0] in page


@pytest.mark.slow
def test_nothing_is_within_the_page_or_from_elsewhere(client: TestClient) -> None:
    page = client.get("/")
    parts = "".join(html for line in answer(client) for html in line.get("parts", {}).values())
    for text in (page.text, parts):
        assert re.findall(r"<script(?! src=\"/static)|<style|\sstyle=|\son[a-z]+=|(?:src|href)=\"http", text) == []
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:")


def test_it_answers_to_this_machine_alone(client: TestClient) -> None:
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 421
    foreign = {"Origin": "http://elsewhere.example"}
    assert client.post("/answer", data={"state": ""}, headers=foreign).status_code == 403


def test_a_scenario_that_is_not_there_is_said_with_those_that_are(client: TestClient) -> None:
    told = client.get("/?scenario=nothing")
    assert told.status_code == 404
    assert "?scenario=flatmates/warm_flat" in told.text
    assert client.get("/nothing").status_code == 404
    assert client.get("/nothing.svg").status_code == 404


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_answer_is_that_of_the_analyses(client: TestClient) -> None:
    told = taken(client, "verdicts.json", f"{PRICE}=12&{AID}=0.3&proposal.force_size=15000").json()
    base = load_scenario(case_paths.find("european_force"))
    changed = build_scenario(base.source, {PRICE: 12, AID: 0.3, "proposal.force_size": 15000})
    assert told == verdicts(changed, conditions=False)


@pytest.mark.slow
def test_a_tile_shows_both_answers_and_the_reasons_both_ledgers(client: TestClient) -> None:
    parts = answer(client)[0]["parts"]
    tiles, reasons = words(parts["verdicts"]), words(parts["reasons"])
    judged = verdicts(load_scenario(case_paths.find("european_force")), conditions=False)["actors"]
    idle = [one for one in judged.values() if one["verdict"] == "accept" and _keeps(one)]
    assert idle
    for one in idle:
        blocks = "blocks " if one["blocks"] else ""
        assert f"✓ {one['name']} {blocks}accepts, sends nothing" in tiles
        assert f"{one['name']} supports the text but sends no troops." in reasons
    assert "✓ United Kingdom accepts, sends 13,000 troops" in tiles
    assert "What also counts if it sends troops" in reasons
    assert "sends" not in words(answer(client, "", "flatmates/warm_flat")[0]["parts"]["verdicts"])


def _keeps(actor: Any) -> bool:
    return any(one["asked"] and not one["sends"] for one in actor["sends"].values())


@pytest.mark.slow
def test_beside_the_answer_stands_the_one_before_any_change(client: TestClient) -> None:
    base = verdicts(load_scenario(case_paths.find("european_force")))
    assert "before:" not in words(answer(client)[0]["parts"]["verdicts"])
    parts = answer(client, f"{AID}=0")[0]["parts"]
    assert f"before: \N{CHECK MARK} accepts, +{base['actors']['ukraine']['surplus']:.1f}" in words(parts["verdicts"])
    assert words(parts["verdicts"]).count("before:") < len(base["actors"])
    assert "Before your changes: " in words(parts["answer"])


@pytest.mark.slow
def test_what_blocks_and_what_is_measured_and_changed_is_in_words(client: TestClient) -> None:
    opened = ScenarioCache(Catalogue(first="european_force")).first
    named = possible_blockers(opened.base.case)
    assert (named["russia"], named["ceasefire"]) == ("Russia", "A ceasefire needs both belligerents")
    lines = answer(client, "", "flatmates/warm_flat")
    assert "What living here costs beyond the rent 50" in words(lines[0]["parts"]["reasons"])
    turns = next(line["parts"]["turns"] for line in reversed(lines) if "turns" in line.get("parts", {}))
    assert "How the rent is split: equal" in words(turns)


@pytest.mark.slow
def test_every_proposal_is_judged_under_the_changed_numbers(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(taken(client, "proposals.csv", f"{AID}=0.1").text)))
    base = load_scenario(case_paths.find("european_force"))
    sisters = [load_scenario(one) for one in case_paths.scenarios(case_paths.bundled() / "ukraine_2025")]
    found = proposals(sisters, build_scenario(base.source, {AID: 0.1}))
    assert [(row["scenario"], row["actor"], float(row["surplus"])) for row in rows] == [
        (row["scenario"], name, one["surplus"]) for row in found["rows"] for name, one in row["actors"].items()
    ]


def test_worlds_follow_until_all_are_there(client: TestClient) -> None:
    lines = answer(client, "actors.ben.reservation.base=2", "flatmates/warm_flat")
    steps = [line["parts"]["worlds"] for line in lines if "worlds" in line.get("parts", {})]
    assert [re.findall(r'data-done="(\d+)"', step)[0] for step in steps] == ["0", str(WORLDS)]
    flat = load_scenario(case_paths.find("warm_flat"), {"actors.ben.reservation.base": 2})
    shares = summarise(play(flat, 2000, 0))["shares"]
    assert re.findall(r'data-share="agreed">([^<]+)', steps[-1]) == [f"{round(100 * shares['agreed'])}%"]
    assert lines[-1] == {"serial": 0, "done": True}


@pytest.mark.slow
def test_nothing_more_is_computed_once_its_reader_has_left() -> None:
    opened = LoadedScenario(case_paths.find("open_high"), "x")
    answered = [False, False, False]  # for the talks of the first month, the second, and the third

    def left() -> bool:
        return not answered or answered.pop()

    steps = later_answers(judge_text(opened.with_changes(LinkState()).scenario), left)
    assert next(steps)[0] == "turning"
    assert next(steps)[1]["done"] == 0
    with pytest.raises(ReaderLeftError):
        next(steps)
    assert WORLDS == 2000


def test_what_would_turn_it_is_what_flip_finds(client: TestClient) -> None:
    turns = [
        line["parts"]["turns"] for line in answer(client, "", "flatmates/warm_flat") if "turns" in line.get("parts", {})
    ]
    found = flip(load_scenario(case_paths.find("warm_flat")))
    first = found["flips"][0]["change"]
    assert json.dumps(first, separators=(",", ":")) in turns[-1].replace("&#34;", '"').replace(": ", ":").replace(
        ", ", ","
    )


@pytest.mark.slow
def test_what_would_turn_an_actor_is_shown_for_each_that_is_in_the_way(client: TestClient) -> None:
    scenario = load_scenario(case_paths.find("force_with_concessions"))
    found = actor_turning(scenario)
    steps = [
        unescape(line["parts"]["turning"])
        for line in answer(client, "", "ukraine_2025/force_with_concessions")
        if "turning" in line.get("parts", {})
    ]
    assert ["Trying every number" in step for step in steps] == [True, False]
    for name, one in found.items():
        shown = re.findall(rf'<div class="turn" id="turn-{name}".*?</div>', steps[-1], re.S)[0]
        for number in one["numbers"]:
            assert f'data-try="{number["path"]}" data-value="{number["then"]}"' in shown
    russia = words(re.findall(r'id="turn-russia".*?</div>', steps[-1], re.S)[0])
    assert "What would turn Russia? ■ Russia has a red line that is not for sale" in russia
    assert "Without that line it would accept." in russia
    assert "It accepts this text" in words(re.findall(r'id="turn-ukraine".*?</div>', steps[-1], re.S)[0])


@pytest.mark.slow
def test_where_no_terms_within_a_proposal_turn_an_actor_those_that_give_it_up_are_shown(client: TestClient) -> None:
    line = next(line for line in answer(client) if "turning" in line.get("parts", {}))
    shown = unescape(line["parts"]["turning"])
    russia = words(re.findall(r'id="turn-russia".*?</div>', shown, re.S)[0])
    assert "Even without that line it would be 8.5 points short." in russia
    assert "if you gave up the force and mandate of this proposal force: a United Nations mission ;" in russia
    change = json.loads(re.findall(r'data-change="(.*?)" aria', line["parts"]["turning"])[0].replace("&#34;", '"'))
    base = load_scenario(case_paths.find("european_force"))
    changed = verdicts(base, {name: new for name, (_, new) in change.items()})
    assert changed["actors"]["russia"]["verdict"] == "accept"


def test_impossible_terms_are_said_and_the_other_proposals_judged(client: TestClient) -> None:
    first, proposed, *panels, last = answer(client, "proposal.force=none")
    assert "Without a force there is no size" in words(first["parts"]["problem"])
    assert "data-surplus" in proposed["parts"]["heat"]
    assert "tile" not in first["parts"]["verdicts"]
    assert [[*line["parts"]] for line in panels] == [["tornado"], ["curves"], ["talks"], ["compare"]]
    assert last == {"serial": 0, "done": True}
    told = taken(client, "scenario.yaml", "proposal.force=none")
    assert told.status_code == 422
    assert "impossible under constraint" in told.text
    assert taken(client, "waterfall.svg", "proposal.force=none").status_code == 200


@pytest.mark.slow
def test_a_chosen_term_takes_along_what_has_to_change_with_it(client: TestClient) -> None:
    first = answer(client, "proposal.force=none", chosen="force", old="european")[0]
    assert first["followed"] == {"force_size": "0", "mandate": "none", "deployment": "none"}
    assert "force size to 0, mandate to none and deployment to none" in words(first["parts"]["problem"])
    assert "tile" in first["parts"]["verdicts"]
    back = "proposal.force=un&proposal.force_size=0&proposal.mandate=none&proposal.deployment=none"
    again = answer(client, back, chosen="force", old="none")[0]["followed"]
    case = load_scenario(case_paths.find("european_force"))
    assert verdicts(case, {"force": "un", **{name: parse_value(new) for name, new in again.items()}})
    none = answer(client, "proposal.force_size=0", chosen="force_size", old="50000")[0]
    assert none["followed"] == {}
    assert "cannot be combined" in words(none["parts"]["problem"])


@pytest.mark.slow
def test_the_moment_judged_is_said_and_can_be_chosen(client: TestClient) -> None:
    scenario = "ukraine_2025/front_stalls"
    moment = words(answer(client, "", scenario)[0]["parts"]["moment"])
    assert "Still to come: month 3: Russia's advance stops." in moment
    told = answer(client, "show.month=6", scenario)[0]["parts"]
    assert "Already happened: month 3: Russia's advance stops." in words(told["moment"])
    stalls = load_scenario(case_paths.find("front_stalls"))
    there = judge_text(stalls, None, 6, "opening").evaluation.describe()["actors"]
    found = taken(client, "verdicts.json", "show.month=6", scenario=scenario).json()
    assert found["month"] == 6
    assert {name: one["surplus"] for name, one in found["actors"].items()} == {
        name: one["surplus"] for name, one in there.items()
    }
    assert "month: unknown value '13'" in refused(client, "show.month=13")


@pytest.mark.slow
def test_a_line_that_is_not_for_sale_has_one_sign_and_a_labelled_number(client: TestClient) -> None:
    tile = words(answer(client)[0]["parts"]["verdicts"].partition('id="tile-ukraine"')[0])
    assert "■ Russia blocks red line, not for sale" in tile
    assert "without it: -8.5" in tile
    told = answer(client, f"{PRICE}=60")[0]["parts"]
    tile = words(told["verdicts"].partition('id="tile-ukraine"')[0])
    assert "✗ Russia blocks worse than no deal -73.5" in tile
    assert "before: ■ red line, not for sale; without it: -8.5 Its line now has a price of 65." in tile
    assert "(60 for the line and 5 because it was declared in public)" in words(told["reasons"])


def test_every_line_of_an_answer_repeats_the_number_of_its_state(client: TestClient) -> None:
    lines = answer(client, "", "flatmates/warm_flat", serial="7")
    assert {line["serial"] for line in lines} == {7}


@pytest.mark.slow
def test_every_claim_has_its_sentence_on_the_page(client: TestClient) -> None:
    page = client.get("/").text
    parts = "".join(html for line in answer(client) for html in line.get("parts", {}).values())
    asked = set(re.findall(r'popovertarget="([^"]+)"', parts))
    assert {"claim-C05", "claim-C28"} <= asked <= set(re.findall(r'popover class="claim-text" id="([^"]+)"', page))


@pytest.mark.slow
def test_options_that_do_not_go_with_the_rest_are_named(client: TestClient) -> None:
    barred = answer(client)[0]["barred"]
    case = load_scenario(case_paths.find("european_force"))
    assert {name for name, options in barred.items() if options} == {"force", "force_size", "mandate", "deployment"}
    for name, options in barred.items():
        for option in case.case.issues[name].options:
            try:
                verdicts(case, {name: option})
                assert str(option) not in options
            except CaseError:
                assert str(option) in options


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("nonsense", "The link is broken"),
        (f"{AID}=3", "is outside the bounds 0 to 1"),
        (f"{AID}=1&{AID}=2", "twice"),
        ("context.us_add.start=1", "Did you mean 'context.us_aid.start'?"),
        ("proposal.force=eu", "'eu' is not an option of 'force'"),
        ("proposal.farce=un", "Did you mean 'force'?"),
        (f"{PRICE}=-1", "must be 0 or more"),
        (f"{PRICE}=%7Blow: 0", "is not closed"),
        (f"{AID}=never", "never"),
        ("show.actor=peru", "Choose from russia, ukraine"),
        ("show.nothing=1", "unknown setting"),
        ("title=Mine", "no number 'title'"),
    ],
)
def test_what_a_link_says_is_checked_like_a_file(client: TestClient, state: str, said: str) -> None:
    assert said in refused(client, state)


def test_a_link_can_be_too_long(client: TestClient) -> None:
    assert client.post("/answer", data={"state": "x" * 70_000}).status_code in (413, 422)
    assert refused(client, "&".join(f"a{at}=1" for at in range(3000))).startswith("The link is broken")
    assert taken(client, "verdicts.json", "x" * 60_001).status_code == 413


# -- what is taken along -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_saved_scenario_is_the_same_wherever_it_is(client: TestClient, tmp_path: Path) -> None:
    state = f"{PRICE}=12&actors.russia.red_lines.western_troops.declared=false&proposal.arms=massive"
    for name in ("us_halts_aid", "european_force_undeclared", "front_stalls"):
        told = taken(client, "scenario.yaml", state, scenario=f"ukraine_2025/{name}", title="Mine: a <try>")
        assert told.headers["content-disposition"] == 'attachment; filename="mine_a_try.yaml"'
        saved = tmp_path / "mine_a_try.yaml"
        saved.write_text(told.text, encoding="utf-8")
        again = load_scenario(saved)
        there = load_scenario(
            case_paths.find(name), dict(pair.split("=") for pair in ()) | LinkState.parse(state).numbers
        )
        assert (again.title, again.case, again.protocol, again.events) == (
            "Mine: a <try>",
            there.case,
            there.protocol,
            there.events,
        )
        assert again.proposal == {**there.proposal, "arms": "massive"}
        assert again.question == f"The question of “{there.title}”, asked again with changes: {there.question}"
        same = taken(client, "scenario.yaml", "", scenario=f"ukraine_2025/{name}", title="Same").text
        assert f"question: {there.question}" in same


def test_a_case_of_ones_own_is_found_from_anywhere(tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(case_paths.bundled() / "flatmates", own)
    (own / "broken.yaml").write_text("case: .\ntitle: 5\n", encoding="utf-8")
    desk = ScenarioCache(Catalogue(str(own / "warm_flat.yaml")))
    with TestClient(create(desk, set()), base_url=HERE) as client:
        page = client.get("/").text
        assert "Left out because of mistakes: broken.yaml." in page
        saved = tmp_path / "elsewhere.yaml"
        saved.write_text(taken(client, "scenario.yaml").text, encoding="utf-8")
    again = load_scenario(saved)
    assert again.case.id == "own"
    assert verdicts(again)["actors"] == verdicts(load_scenario(own / "warm_flat.yaml"))["actors"]
    opened = LoadedScenario(saved, "x")
    assert {one.id for one in opened.sisters} == {"cleaner", "elsewhere", "house_rules", "warm_flat"}


def test_no_cell_is_a_formula() -> None:
    row = {"scenario": "=1+1", "title": "@x", "agreed": True, "measures": {}, "actors": {}}
    actor = {"needed": True, "verdict": "accept", "surplus": -1.5, "never": False, "crossed": []}
    text = proposals_csv({"rows": [{**row, "actors": {"ana": actor}}]})
    assert text.splitlines()[1] == "'=1+1,'@x,True,ana,True,accept,-1.5,False,"


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("scenario", ["ukraine_2025/european_force", "flatmates/cleaner"])
def test_a_picture_stands_by_itself(client: TestClient, name: str, scenario: str) -> None:
    text = taken(client, f"{name}.svg", scenario=scenario).text
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "not a forecast" in text
    assert re.findall(r"\s(?:style|class)=|<script|<image|href|var\(|currentColor", text) == []


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_that_numbers_were_changed(client: TestClient, name: str) -> None:
    assert "changed in the lab" not in taken(client, f"{name}.svg", "proposal.force_size=15000").text
    assert "Numbers changed in the lab: 2." in taken(client, f"{name}.svg", f"{AID}=0.1&{PRICE}=5").text


@pytest.mark.parametrize("name", ["plane", "waterfall"])
def test_a_picture_is_the_one_that_was_looked_at(client: TestClient, name: str) -> None:
    """Kept once somebody has looked at it; `PARLEY_KEEP=1` keeps it anew."""
    drawn = taken(client, f"{name}.svg", "actors.cleo.red_lines.no_cleaner.price=20", scenario="flatmates/cleaner").text
    kept = KEPT / f"{name}.svg"
    if os.environ.get("PARLEY_KEEP"):
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_points_of_the_plane_are_where_the_numbers_are(client: TestClient) -> None:
    text = taken(client, "plane.svg", "show.of=ukraine").text
    circles = re.findall(r'<g><title>([^<]*)</title><circle cx="([\d.]+)" cy="([\d.]+)" r="9" fill="([^"]+)"', text)
    there = {
        title: (float(x), float(y), fill) for titles, x, y, fill in circles for title in unescape(titles).split("; ")
    }
    sisters = [load_scenario(one) for one in case_paths.scenarios(case_paths.bundled() / "ukraine_2025")]
    rows = {row["title"]: row for row in proposals(sisters, load_scenario(case_paths.find("european_force")))["rows"]}
    assert "A European deterrent force outside NATO" in there
    verdict = {title: row["actors"]["ukraine"]["verdict"] for title, row in rows.items()}
    assert {title for title in verdict if verdict[title] == "accept" and not rows[title]["same_as"]} <= there.keys()
    points = [
        (rows[title]["measures"]["deterrence"], rows[title]["actors"]["ukraine"]["surplus"], x, y)
        for title, (x, y, _) in there.items()
    ]
    assert all(fill == VERDICT_FILLS[verdict[title]] for title, (_, _, fill) in there.items())
    across, up = np.array(points)[:, [0, 2]], np.array(points)[:, [1, 3]]
    for of, (value, place) in (("measure", across.T), ("surplus", up.T)):
        fit = np.polyfit(value, place, 1)
        assert np.abs(np.polyval(fit, value) - place).max() < 0.1, of
        assert (fit[0] > 0) == (of == "measure")


def test_titles_of_charts_state_their_finding_and_saved_ones_name_the_text(client: TestClient) -> None:
    for name, finding in (
        ("heat", "None of the "),
        ("plane", "Russia accepts "),
        ("waterfall", "and without it the text would still be 8.5 points short."),
    ):
        text = unescape(taken(client, f"{name}.svg", "proposal.force_size=15000").text)
        assert finding in re.findall(r"<title>([^<]*)</title>", text)[0] or name == "waterfall"
        said = " ".join(re.findall(r">([^<]+)</text>", text))
        assert "A European deterrent force outside NATO, with force size 15,000" in said
        assert "…" not in said
    assert finding in unescape(taken(client, "waterfall.svg").text)


def test_a_case_that_measures_nothing_has_no_plane(tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(case_paths.bundled() / "flatmates", own)
    case = (own / "case.yaml").read_text(encoding="utf-8")
    (own / "case.yaml").write_text(
        re.sub(r"^measures:.*?^consent:", "consent:", case, flags=re.S | re.M), encoding="utf-8"
    )
    for actor in (own / "actors").glob("*.yaml"):
        text = actor.read_text(encoding="utf-8")
        actor.write_text(re.sub(r"^weighs:\n(?:[ -].*\n)+", "", text, flags=re.M), encoding="utf-8")
    with TestClient(create(ScenarioCache(Catalogue(str(own))), set()), base_url=HERE) as client:
        assert client.get("/").status_code == 200
        assert "has no measures" in words(answer(client)[1]["parts"]["plane"])
        assert taken(client, "plane.svg").status_code == 200


def test_a_scenario_that_makes_no_sense_is_said_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("case: flatmates\ntitle: Bad\n", encoding="utf-8")
    with pytest.raises(CaseError, match="question"):
        assert ScenarioCache(Catalogue(str(tmp_path / "bad.yaml"))).first
    with pytest.raises(UsageError, match="no file"):
        Catalogue(str(tmp_path / "none.yaml"))
