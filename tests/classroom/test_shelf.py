"""Which scenario a class is offered first."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from markupsafe import escape

from sim import case_paths
from sim.analysis.outcomes import zone_file
from sim.analysis.outcomes.zone_file import NAME, Zone, ZoneMonth, ZoneWidth
from sim.report.zone_line import zone_line
from sim.strings import Strings
from sim.web.catalogue import Catalogue
from sim.web.scenario_cards import scenario_cards
from tests.classroom.clients import School


def zone(kind: ZoneWidth) -> Zone:
    agreed = {ZoneWidth.NONE: 0, ZoneWidth.NARROW: 1, ZoneWidth.WIDE: 2}[kind]
    return Zone("expired", 2, 2_000, 2_000, ZoneMonth(1, 0, 0), ZoneMonth(2, agreed, agreed))


def catalogue(monkeypatch: pytest.MonkeyPatch, own: Path | None = None, **kinds: ZoneWidth) -> Catalogue:
    """A shelf on which some scenarios, by the names of their files, have a zone of some kind, and others none."""
    monkeypatch.setattr(
        "sim.web.catalogue.stored_zones",
        lambda paths: {path: zone(kinds.get(path.stem, ZoneWidth.NONE)) for path in paths},
    )
    return Catalogue(None if own is None else str(own), first="european_force")


def test_a_wide_zone_of_the_first_case_comes_before_a_narrow_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = catalogue(
        monkeypatch,
        air_shield=ZoneWidth.NARROW,
        nato_force=ZoneWidth.WIDE,
        open_high=ZoneWidth.WIDE,
        cleaner=ZoneWidth.WIDE,
    )
    assert found.first_for_class == "ukraine_2025/nato_force"
    assert found.first == "ukraine_2025/european_force"


def test_a_narrow_zone_of_the_first_case_comes_before_other_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        catalogue(monkeypatch, air_shield=ZoneWidth.NARROW, cleaner=ZoneWidth.WIDE).first_for_class
        == "ukraine_2025/air_shield"
    )
    assert (
        catalogue(monkeypatch, warm_flat=ZoneWidth.WIDE, cleaner=ZoneWidth.NARROW).first_for_class
        == "flatmates/warm_flat"
    )


def test_the_first_scenario_stays_first_among_equals_and_where_no_other_can_be_won(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (
        catalogue(monkeypatch, european_force=ZoneWidth.WIDE, air_shield=ZoneWidth.WIDE).first_for_class
        == "ukraine_2025/european_force"
    )
    assert catalogue(monkeypatch).first_for_class == "ukraine_2025/european_force"


def test_the_users_own_come_before_all_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "flat"
    shutil.copytree(case_paths.find("flatmates"), own)
    (own / "warm_flat.yaml").rename(own / "warm.yaml")
    (own / "house_rules.yaml").rename(own / "rules.yaml")
    found = catalogue(monkeypatch, own, warm=ZoneWidth.NARROW, nato_force=ZoneWidth.WIDE)
    assert found.first_for_class == str(own / "warm.yaml")
    assert catalogue(monkeypatch, own, nato_force=ZoneWidth.WIDE).first_for_class == str(own / "cleaner.yaml")
    assert catalogue(monkeypatch, own / "rules.yaml", warm=ZoneWidth.WIDE).first_for_class == str(own / "rules.yaml")


def test_zones_are_read_from_beside_the_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "flat"
    shutil.copytree(case_paths.find("flatmates"), own)
    bundled = Catalogue().zones
    assert Catalogue(str(own)).zones[str(own / "warm_flat.yaml")] == bundled["flatmates/warm_flat"] is not None
    (own / NAME).unlink()
    assert Catalogue(str(own)).zones[str(own / "warm_flat.yaml")] is None
    monkeypatch.setattr(zone_file, "RULES", zone_file.RULES + 1)
    assert set(Catalogue().zones.values()) == {None}


def test_every_card_carries_the_line_of_its_zone(one: School) -> None:
    """The lines are those of the list of scenarios, which `check` refreshes."""
    page, t, catalogue = one.teacher.get("/teacher"), Strings.load(), one.registry.catalogue
    cards = page.split('<li class="card scenario')[1:]
    assert len(cards) == len(catalogue.entries)
    for name, stored in catalogue.zones.items():
        assert stored is not None
        [card] = [card for card in cards if f'new?scenario={quote(name, safe="")}"' in card]
        assert f'<span class="small">{zone_line(stored.to_dict(), t)}</span>' in card
        entry = catalogue.entries[name]
        assert str(escape(entry.title)) in card
        assert str(escape(entry.question)) in card
        assert "It teaches:" in card


def test_one_card_is_recommended_and_comes_first(one: School) -> None:
    cards = one.teacher.get("/teacher").split('<li class="card scenario')[1:]
    assert [("Recommended for a first class" in card) for card in cards] == [True] + [False] * (len(cards) - 1)
    assert quote(one.registry.catalogue.first_for_class, safe="") in cards[0]


def test_cards_are_filtered_by_case_and_by_whether_anything_can_be_agreed(one: School) -> None:
    def shown(query: str) -> set[str]:
        found = re.findall(r'href="/teacher/new\?scenario=([^"]+)"', one.teacher.get(f"/teacher?{query}"))
        return {unquote(name) for name in found}

    entries, zones = one.registry.catalogue.entries, one.registry.catalogue.zones
    agreed = {name for name, zone in zones.items() if zone and zone.kind in (ZoneWidth.NARROW, ZoneWidth.WIDE)}
    flat = {name for name in entries if name.startswith("flatmates/")}
    assert shown("") == set(entries)
    assert shown("agreed=yes") == agreed != set(entries)
    assert shown("case=Three+flatmates") == flat
    assert shown("case=Three+flatmates&agreed=yes") == flat & agreed
    assert shown("case=none") == set()


@pytest.mark.parametrize(
    ("name", "seats", "people", "months", "minutes", "one_shot"),
    [
        ("ukraine_2025/european_force", 7, 5, 12, 45, False),  # three belligerents and parties, two sponsors
        ("ukraine_2025/everything_on_the_table", 7, 3, 12, 45, False),  # the mediator is a party
        ("ukraine_2025/nato_force", 7, 3, 1, 20, True),
        ("flatmates/warm_flat", 3, 3, 6, 30, False),  # 5 phases in three months: nobody contributes
    ],
)
def test_a_card_says_what_a_class_takes(
    name: str, seats: int, people: int, months: int, minutes: int, one_shot: bool
) -> None:
    card = scenario_cards(Catalogue())[name]
    assert (card.seats, card.people, card.months, card.minutes) == (seats, people, months, minutes)
    assert card.one_shot is one_shot


def test_a_file_that_cannot_be_read_has_a_card_that_says_so(tmp_path: Path) -> None:
    own = tmp_path / "flat"
    shutil.copytree(case_paths.find("flatmates"), own)
    (own / "cleaner.yaml").write_text("case: .\ntitle: Broken\nquestion: Why?\nprotocol: 3\n", encoding="utf-8")
    cards = scenario_cards(Catalogue(str(own)))
    assert not cards[str(own / "cleaner.yaml")].readable
    assert cards[str(own / "warm_flat.yaml")].readable


def test_a_scenario_is_rehearsed_before_a_class_is_made(one: School) -> None:
    path = "/teacher/rehearsal?scenario=flatmates%2Fwarm_flat&months=3"
    deadline = time.monotonic() + 60
    while (page := one.teacher.client.get(path)).status_code == 202 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert page.status_code == 200
    assert "How the talks end when agents play alone" in page.text
    assert 'href="/teacher/new?scenario=flatmates%2Fwarm_flat"' in page.text
    assert len(one.registry.sessions) == 1
    assert one.teacher.client.get("/teacher/rehearsal?scenario=none").status_code == 422


def test_students_are_not_told_of_the_zone_before_the_debrief(one: School) -> None:
    ann = one.student("Ann", "russia")
    for path in ("/seat", "/seat/brief"):
        assert "zone" not in ann.get(path)
