"""Every kind of mistake, each in a folder of its own: the files that are wrong, and in `expected` what is said of them.

The files lie over the valid case in `base`. A folder with a `scenario.yaml` is loaded as a scenario, others as a case.
"""

import shutil
from pathlib import Path

import pytest

from sim.errors import CaseError
from sim.negotiation.scenario_loader import load

HERE = Path(__file__).parent
BASE = HERE / "base"
KINDS = sorted(one.name for one in HERE.iterdir() if one.is_dir() and one != BASE and one.name != "__pycache__")
SCREEN = 60
"""Lines of a screen."""


@pytest.fixture
def well(tmp_path, monkeypatch):
    """The valid case, in a folder `well` of the working directory."""
    shutil.copytree(BASE, tmp_path / "well")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "well"


def said_of(kind, well):
    shutil.copytree(HERE / kind, well, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected"))
    scenario = (HERE / kind / "scenario.yaml").exists()
    with pytest.raises(CaseError) as caught:
        load("well/scenario.yaml" if scenario else "well")
    return f"{caught.value}\n"


@pytest.mark.parametrize("kind", KINDS)
def test_mistake_is_said_as_expected(kind, well):
    assert said_of(kind, well) == (HERE / kind / "expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["well", "well/case.yaml", "well/scenario.yaml"])
def test_base_is_valid(target, well):
    load(target)


def test_there_is_a_folder_for_each_kind():
    assert len(KINDS) >= 100


@pytest.mark.parametrize("kind", KINDS)
def test_each_file_fits_on_a_screen(kind):
    for file in (HERE / kind).rglob("*"):
        assert file.is_dir() or len(file.read_text(encoding="utf-8").splitlines()) <= SCREEN


def test_loading_runs_no_code(well):
    said_of("explicit_tag", well)
    assert not (well.parent / "owned").exists()
