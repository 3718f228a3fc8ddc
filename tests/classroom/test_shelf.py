"""Which scenario a class is offered first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim import case_paths
from sim.analysis.outcomes import zone_file
from sim.analysis.outcomes.zone_file import NAME, Zone, ZoneMonth, ZoneWidth
from sim.web.catalogue import Catalogue
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


def test_the_teacher_sees_each_zone_where_a_scenario_is_chosen(one: School) -> None:
    page = one.teacher.get("/teacher")
    assert "(wide zone · rules reach it in month 3)</option>" in page
    assert f'<option value="{one.registry.catalogue.first_for_class}" selected>' in page
    assert page.count(" selected>") >= 1


def test_students_are_not_told_of_the_zone_before_the_debrief(one: School) -> None:
    ann = one.student("Ann", "russia")
    for path in ("/seat", "/seat/brief"):
        assert "zone" not in ann.get(path)
