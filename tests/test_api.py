"""The public names: what they are, that they cost nothing until used, and that their page is true."""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "python.md"
SCRIPT = """
import sim

scenario: sim.Scenario = sim.load_scenario("warm_flat", {"proposal.heating": 18})
record = sim.play(scenario)
columns: dict[str, list[object]] = sim.worlds(scenario, 10, by=sim.crew(1))
swept = sim.sweep(scenario, {"proposal.heating": [18, 22], "context.frost.start": {"low": 0, "high": 1, "n": 2}})
model = sim.DeliberationModel(scenario, rng=1)
try:
    sim.load_case("nowhere")
except sim.UsageError as error:
    print(record["outcome"], len(columns["outcome"]), len(swept["rows"] or []), model.month, error)
"""


def test_the_public_names_are_sorted_and_there() -> None:
    assert sim.__all__ == sorted(sim.__all__)
    assert dir(sim) == sim.__all__
    for name in sim.__all__:
        assert getattr(sim, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'verdict'"):
        attrgetter("verdict")(sim)


def test_importing_the_package_loads_nothing() -> None:
    loaded = (
        "import sys, sim; print(sorted(name for name in sys.modules if name.startswith(('sim.', 'numpy', 'mesa'))))"
    )
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_page_names_every_public_name_with_its_parameters() -> None:
    rows = re.findall(r"^\| `(\w+)(\([^`]*\))?` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    named = dict(rows)
    assert named.keys() | {"Case", "Scenario"} == set(sim.__all__)
    for name, parameters in named.items():
        if parameters:
            signature = inspect.signature(getattr(sim, name))
            bare = [one.replace(annotation=one.empty) for one in signature.parameters.values()]
            assert parameters == str(signature.replace(parameters=bare, return_annotation=signature.empty))


def test_the_examples_of_the_page_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 0) == (0, True)


def test_a_design_in_python_is_refused_like_a_file() -> None:
    scenario = sim.load_scenario("warm_flat")
    with pytest.raises(sim.CaseError, match=r"design: the key 'points' is missing"):
        sim.sweep(scenario, {"context.frost.start": {"low": 0, "high": 1}}, design="sobol")
    with pytest.raises(sim.CaseError, match=r"design vary.context.frost.start: .*is not a range"):
        sim.sweep(scenario, {"context.frost.start": {"low": 0}})


def test_worlds_are_those_of_the_ensemble_and_tell_what_was_drawn() -> None:
    scenario = sim.load_scenario("warm_flat")
    drawn = sim.worlds(scenario, 300, seed=3, numbers=True)
    [told] = sim.ensemble([scenario], 300, seed=3)["scenarios"]
    assert drawn["outcome"].count("agreed") == told["outcomes"]["agreed"]["worlds"]
    assert {len(column) for column in drawn.values()} == {300}
    warmth = drawn["actors.ana.preferences.warm.points"]  # `much`: {low: 10, mode: 15, high: 20}
    assert all(10 <= points <= 20 for points in warmth)
    assert len(set(warmth)) > 200
    assert sim.worlds(scenario, 100, seed=3)["surplus.ana"] == drawn["surplus.ana"][:100]


def test_a_script_of_a_user_passes_strict_typing_and_runs(tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT, encoding="utf-8")
    typed = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(script)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert typed.returncode == 0, typed.stdout
    ran = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("agreed 10 4 0 There is no file, folder")
