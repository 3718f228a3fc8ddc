"""The zone of agreement: counts that can be worked out in the head, and when a stored one still counts."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import case_paths
from sim.analysis.outcomes import reachable, zone, zone_file
from sim.analysis.outcomes.zone import agreement_possible, compute_zone
from sim.analysis.outcomes.zone_file import (
    FORMAT,
    NAME,
    Zone,
    ZoneMonth,
    ZoneWidth,
    entries,
    obstacle,
    store_zone,
    stored_zone,
    stored_zones,
)
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Streams
from sim.errors import UsageError
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.engine import villages
from tests.engine.villages import WHY, rule

TALKS = {"name": "single_text", "months": 2}
ONE_MONTH = {"name": "single_text", "months": 1}


def well(proposal: dict[str, Any], protocol: dict[str, Any], *, case: dict[str, Any] | None = None) -> Scenario:
    """The two villages, with other parts of their case."""
    plain = villages.scenario(proposal, protocol)
    plain["case"] |= case or {}
    return build_scenario(plain)


def actors(**changes: dict[str, Any]) -> dict[str, Any]:
    """The actors of the villages, some of them changed."""
    changed = copy.deepcopy(villages.CASE["actors"])
    for name, more in changes.items():
        changed[name] |= more
    return {"actors": changed}


def cover(**when: Any) -> dict[str, Any]:
    """Both villages agree, and the mayor, who has six guards, covers the men of some texts."""
    pledged = {"of": "guards", "from": ["mayor"], "cover": "men"}
    return {"consent": [*villages.CASE["consent"], rule("cover", when=when, pledges=pledged)]}


# -- what is within reach ----------------------------------------------------------------------------------------------


def test_texts_that_nobody_tells_apart_count_once() -> None:
    """Of 20 packages only the four prices matter to anybody; both villages accept one of them."""
    found = compute_zone(well({"price": 20}, ONE_MONTH))
    assert (found.packages, found.texts) == (20, 4)
    assert found.first == found.last == ZoneMonth(1, agreed=1, acceptable=1)
    assert (found.kind, found.outcome, found.ended) == (ZoneWidth.WIDE, "agreed", 1)


@pytest.mark.parametrize(
    ("negotiable", "packages"),
    [
        (["men"], 2),  # five or ten: men cannot go without the guard, and change nothing about it
        (["guard"], 5),  # none, or small or large with five or ten: a guard drags its men along
        (["price"], 4),
        (["price", "guard"], 20),
    ],
)
def test_a_negotiable_issue_drags_along_what_a_constraint_ties_to_it(negotiable: list[str], packages: int) -> None:
    proposal = {"price": 10, "guard": "small", "men": 5}
    assert compute_zone(well(proposal, {**TALKS, "negotiable": negotiable})).packages == packages


def test_what_is_dragged_along_drags_more_along() -> None:
    tie = rule("ten_men_cost_thirty", when={"men": 10}, then={"price": 30})
    tied = {"constraints": [*villages.CASE["constraints"], tie]}
    # No guard, or two guards of five men at any price, or of ten men at 30; without a guard any price.
    assert compute_zone(well({}, {**TALKS, "negotiable": ["guard"]}, case=tied)).packages == 4 + 8 + 2


def test_what_pledges_cover_tells_texts_apart_where_they_are_asked_for() -> None:
    """At a price of 20, no men and five men are agreed; ten are more than the mayor has."""
    found = compute_zone(well({}, ONE_MONTH, case=cover(men=">0")))
    assert (found.texts, found.first) == (4 * 3, ZoneMonth(1, agreed=2, acceptable=2))
    found = compute_zone(well({}, ONE_MONTH, case=cover(guard="large")))
    assert found.texts == 4 * 3  # no guard and a small one are the same to all; a large one has five men or ten
    assert found.first == ZoneMonth(1, agreed=2, acceptable=2)


# -- the months --------------------------------------------------------------------------------------------------------


def test_actors_hold_out_in_the_first_month_and_no_more_in_the_last() -> None:
    """At 20 Upper gains 5; halfway through it still hopes for half of 20."""
    proud = actors(upper={"aspiration": {"opening": 20, "e": 1, **WHY}})
    found = compute_zone(well({"price": 20}, TALKS, case=proud))
    assert found.first == ZoneMonth(1, agreed=0, acceptable=1)
    assert found.last == ZoneMonth(2, agreed=1, acceptable=1)
    assert found.kind is ZoneWidth.WIDE


def test_the_context_of_each_month_counts_with_its_events() -> None:
    """A drought makes the well worth 10 more to Upper, which then no longer sells at 20."""
    thirsty = villages.CASE["actors"]["upper"]["reservation"] | {
        "slopes": [{"context": "drought", "points": 10, **WHY}]
    }
    plain = villages.scenario(
        {"price": 0}, TALKS, events=[{"month": 2, "set": {"drought": 1}, "says": "The rain fails"}]
    )
    plain["case"] |= actors(upper={"reservation": thirsty})
    found = compute_zone(build_scenario(plain))
    assert (found.first, found.last) == (ZoneMonth(1, 1, 1), ZoneMonth(2, 0, 0))


@pytest.mark.parametrize(
    ("texts", "first", "last", "kind"),
    [
        (1_000, 0, 0, ZoneWidth.NONE),
        (1_000, 1, 0, ZoneWidth.WIDE),
        (1_000, 0, 1, ZoneWidth.WIDE),
        (1_001, 1, 1, ZoneWidth.NARROW),
        (2_500_000, 2_499, 0, ZoneWidth.NARROW),
    ],
)
def test_a_zone_is_wide_from_one_text_in_a_thousand(texts: int, first: int, last: int, kind: ZoneWidth) -> None:
    assert Zone("expired", 2, texts, texts, ZoneMonth(1, first, first), ZoneMonth(2, last, last)).kind is kind


@pytest.mark.parametrize(("limit", "most"), [("TEXTS_MOST", 19), ("CODES_MOST", 35)])
def test_too_many_texts_are_not_counted_but_played(limit: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are 20 packages among 36 combinations of options."""
    monkeypatch.setattr(reachable, limit, most)
    scenario = well({"price": 20}, ONE_MONTH)
    found = compute_zone(scenario)
    assert (found.kind, found.texts, found.first, found.outcome) == (ZoneWidth.UNKNOWN, 0, None, "agreed")
    assert Zone.from_dict(found.to_dict()) == found
    with pytest.raises(UsageError, match="'well' has too many texts within reach"):
        agreement_possible(scenario, Streams(0, 5))


# -- many worlds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["warm_flat", "cleaner", "house_rules"])
def test_an_agreement_is_possible_where_some_package_is_agreed_in_some_month(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone, "PAIRS", 400)  # several blocks
    scenario, uniforms = load_scenario(case_paths.find(name)), Streams(3, 40)
    months, space = scenario.protocol.months, OutcomeSpace(scenario.case)
    issues = scenario.protocol.negotiable or tuple(scenario.case.issues)
    start = space.encode(scenario.proposal)
    texts = np.concatenate([start[None], space.neighbours(start, issues, len(issues))])
    expected = np.zeros(40, dtype=bool)
    for month in range(1, months + 1):
        judged = evaluate(scenario.case, uniforms, texts, month=month, months=months, events=scenario.events)
        expected |= judged.responses.consent.agreed.any(axis=1)
    assert (agreement_possible(scenario, uniforms) == expected).all()
    assert name == "cleaner" or expected.any()


# -- what is stored ----------------------------------------------------------------------------------------------------


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """The starter case, with a scenario that extends another, and with the zone of each stored."""
    folder = tmp_path / "harbour"
    shutil.copytree(case_paths.STARTER, folder)
    (folder / NAME).unlink()
    (folder / "second.yaml").write_text("extends: first.yaml\nproposal: {guards: foreign}\n", encoding="utf-8")
    for path in case_paths.scenarios(folder):
        scenario = load_scenario(path)
        store_zone(folder, path.name, scenario, compute_zone(scenario))
    return folder


def fresh(folder: Path) -> dict[str, bool]:
    """Whether the stored zone of each scenario still counts, as loaded and as read without being checked."""
    read = {path.stem: zone is not None for path, zone in stored_zones(case_paths.scenarios(folder)).items()}
    loaded = {path.stem: stored_zone(load_scenario(path), folder) is not None for path in case_paths.scenarios(folder)}
    assert read == loaded
    return read


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_stored_zone_is_found_again(harbour: Path) -> None:
    for path in case_paths.scenarios(harbour):
        scenario = load_scenario(path)
        assert stored_zone(scenario, harbour) == compute_zone(scenario)
    assert fresh(harbour) == {"first": True, "second": True}
    assert json.loads((harbour / NAME).read_text(encoding="utf-8"))["format"] == FORMAT


def test_a_zone_is_stale_once_its_scenario_changes(harbour: Path) -> None:
    edit(harbour / "second.yaml", "first.yaml", "first.yaml\nprotocol: {months: 4}")
    assert fresh(harbour) == {"first": True, "second": False}


def test_two_scenarios_that_are_the_same_have_the_same_zone(harbour: Path) -> None:
    edit(harbour / "second.yaml", "foreign", "joint")  # as the first has it
    assert fresh(harbour) == {"first": True, "second": True}


def test_a_zone_is_stale_once_what_its_scenario_extends_changes(harbour: Path) -> None:
    edit(harbour / "first.yaml", "months: 6", "months: 5")
    assert fresh(harbour) == {"first": False, "second": False}


@pytest.mark.parametrize("file", ["case.yaml", "claims.yaml", "actors/north.yaml"])
def test_a_zone_is_stale_once_any_file_of_its_case_changes(harbour: Path, file: str) -> None:
    edit(harbour / file, "North", "Norths")
    assert fresh(harbour) == {"first": False, "second": False}


def test_a_zone_is_stale_once_the_rules_change(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_file, "RULES", zone_file.RULES + 1)
    assert fresh(harbour) == {"first": False, "second": False}


def test_a_change_from_outside_makes_another_scenario(harbour: Path) -> None:
    assert stored_zone(load_scenario(harbour / "first.yaml", {"protocol.months": 5}), harbour) is None


def test_comments_and_the_names_of_files_and_folders_do_not_count(harbour: Path) -> None:
    edit(harbour / "first.yaml", "case: .", "case: .  # here")
    moved = harbour.rename(harbour.parent / "port")
    (moved / "second.yaml").rename(moved / "third.yaml")
    assert fresh(moved) == {"first": True, "third": True}


def test_what_is_gone_is_dropped_when_something_is_stored(harbour: Path) -> None:
    scenario = load_scenario(harbour / "first.yaml")
    (harbour / "second.yaml").unlink()
    store_zone(harbour, "first.yaml", scenario, compute_zone(scenario))
    assert list(entries(harbour)) == ["first.yaml"]


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", '{"format": "parley.zones/0", "scenarios": {}}', '{"format": "parley.zones/1"}']
)
def test_what_is_not_of_this_format_holds_nothing(harbour: Path, text: str) -> None:
    (harbour / NAME).write_text(text, encoding="utf-8")
    assert entries(harbour) == {}
    assert fresh(harbour) == {"first": False, "second": False}


def test_an_entry_that_was_spoilt_does_not_count(harbour: Path) -> None:
    data = json.loads((harbour / NAME).read_text(encoding="utf-8"))
    data["scenarios"]["first.yaml"]["zone"] = {"kind": "wide"}
    data["scenarios"]["second.yaml"] = 1
    (harbour / NAME).write_text(json.dumps(data), encoding="utf-8")
    assert fresh(harbour) == {"first": False, "second": False}


def test_a_scenario_that_cannot_be_read_has_no_zone(harbour: Path) -> None:
    (harbour / "second.yaml").write_text("extends: nothing.yaml\n", encoding="utf-8")
    assert stored_zones([harbour / "second.yaml"]) == {harbour / "second.yaml": None}


def test_zones_are_stored_where_nothing_is_in_the_way(harbour: Path, closed: Path) -> None:
    assert obstacle(harbour) is None
    assert str(obstacle(closed)).startswith("cannot be written (")
    for text in ("mine", "{}", '{"format": "geojson"}', '{"format": 1}'):
        (harbour / NAME).write_text(text, encoding="utf-8")
        assert obstacle(harbour) == "was not written by Parley and is left alone; move it or delete it"
    (harbour / NAME).write_text('{"format": "parley.zones/0"}', encoding="utf-8")
    assert obstacle(harbour) is None


# -- the bundled cases -------------------------------------------------------------------------------------------------

BUNDLED = [*case_paths.scenarios(case_paths.bundled()), *case_paths.scenarios(case_paths.STARTER)]


def test_every_bundled_zone_is_up_to_date() -> None:
    stale = [path.stem for path, zone in stored_zones(BUNDLED).items() if zone is None]
    assert stale == [], "python run.py check scenarios sim/starter brings them up to date"


@pytest.mark.parametrize("path", [path for path in BUNDLED if path.parent.name in ("flatmates", "starter")])
def test_a_bundled_zone_of_a_small_case_is_what_is_computed_now(path: Path) -> None:
    scenario = load_scenario(path)
    assert stored_zone(scenario, path.parent) == compute_zone(scenario)


@pytest.mark.slow
def test_every_bundled_zone_is_what_is_computed_now() -> None:
    for path in BUNDLED:
        scenario = load_scenario(path)
        assert stored_zone(scenario, path.parent) == compute_zone(scenario), path.stem
