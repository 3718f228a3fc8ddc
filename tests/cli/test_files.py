"""Finding cases and scenarios, the user's and the bundled ones."""

from pathlib import Path

import pytest

from sim import case_paths
from sim.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one/case.yaml", "one/claims.yaml", "one/actors/a.yaml", "one/x.yaml", "one/y.yml", "loose.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "one" / "README.md").touch()
    return tmp_path


def test_scenarios_are_the_files_that_are_no_part_of_a_case(folder: Path) -> None:
    assert [path.name for path in case_paths.scenarios(folder)] == ["loose.yaml", "x.yaml", "y.yml"]


def test_cases_are_folders_with_a_case_file(folder: Path) -> None:
    assert case_paths.cases(folder) == [folder / "one"]
    assert case_paths.is_case(folder / "one")
    assert case_paths.is_case(folder / "one" / "case.yaml")
    assert not case_paths.is_case(folder / "one" / "x.yaml")


@pytest.mark.parametrize("part", ["case.yaml", "claims.yaml", "actors/a.yaml"])
def test_a_part_of_a_case_stands_for_the_whole(folder: Path, part: str) -> None:
    assert case_paths.case_or_scenario(folder / "one" / part) == folder / "one"


def test_a_bundled_scenario_is_found_by_its_name_and_by_its_case_and_name() -> None:
    assert case_paths.find("european_force") == case_paths.find("ukraine_2025/european_force")
    assert case_paths.find("european_force").is_file()


def test_a_bundled_case_is_found_by_its_name() -> None:
    assert case_paths.is_case(case_paths.find("ukraine_2025"))


def test_a_path_comes_before_a_bundled_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "european_force").touch()
    monkeypatch.chdir(tmp_path)
    assert case_paths.find("european_force") == Path("european_force")


@pytest.mark.parametrize("name", ["european_forse", "ukraine_2025/european_forse"])
def test_a_name_that_misses_is_told_the_nearest(name: str) -> None:
    with pytest.raises(UsageError, match=r"no bundled case or scenario\. Did you mean '.*european_force.*'\?"):
        case_paths.find(name)


def test_a_file_that_is_not_there_is_told_the_bundled_name() -> None:
    with pytest.raises(UsageError, match=r"no file 'nowhere/european_force\.yaml'\. Did you mean 'european_force'\?"):
        case_paths.find("nowhere/european_force.yaml")


def test_a_bundled_file_is_called_by_its_name_and_another_by_its_path(tmp_path: Path) -> None:
    assert case_paths.name_of(case_paths.find("european_force")) == "ukraine_2025/european_force"
    assert case_paths.name_of(tmp_path / "x.yaml") == str(tmp_path / "x.yaml")
