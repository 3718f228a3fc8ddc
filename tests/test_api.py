"""The public names: what they are, that they cost nothing until used, and that their page is true."""

from __future__ import annotations

import doctest
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim import case_paths

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


@pytest.mark.slow
def test_the_examples_of_the_page_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 0) == (0, True)


def test_the_page_has_an_example_of_every_public_name() -> None:
    blocks = "".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    pages = blocks + (ROOT / "docs" / "how-to" / "use-mesas-page.md").read_text(encoding="utf-8")
    assert [name for name in sim.__all__ if f"sim.{name}" not in pages] == []


def test_a_design_in_python_is_refused_like_a_file() -> None:
    scenario = sim.load_scenario("warm_flat")
    with pytest.raises(sim.CaseError, match=r"design: the key 'points' is missing"):
        sim.sweep(scenario, {"context.frost.start": {"low": 0, "high": 1}}, design="sobol")
    with pytest.raises(sim.CaseError, match=r"design vary.context.frost.start: .*is not a range"):
        sim.sweep(scenario, {"context.frost.start": {"low": 0}})


@pytest.mark.parametrize("values", [20, np.int64(20), [20], (20,), np.array([20]), np.array(20), range(20, 21), {20}])
def test_a_single_number_is_one_value_of_a_sweep(values: object) -> None:
    [row] = sim.sweep("warm_flat", {"proposal.heating": values})["rows"] or []
    assert (row["proposal.heating"], row["outcome"]) == (20, "expired")


def test_a_word_is_one_value_of_a_sweep_and_not_its_letters() -> None:
    [row] = sim.sweep("warm_flat", {"proposal.rent": "by_room"})["rows"] or []
    assert row["proposal.rent"] == "by_room"


def test_numbers_of_numpy_are_written_as_those_of_python() -> None:
    swept = sim.sweep(
        "warm_flat",
        {
            "context.frost.start": {"low": np.float64(0), "high": 1, "n": np.int64(2)},
            "proposal.heating": np.array([18]),
        },
        worlds=np.int64(20),
        seed=np.uint8(3),
    )
    assert json.loads(json.dumps(swept))["rows"][0]["proposal.heating"] == 18
    changed = {"proposal.heating": np.int64(18), "actors.ben.reservation.base": np.float32(3)}
    assert (
        sim.load_scenario("warm_flat", changed).source
        == sim.load_scenario("warm_flat", {"proposal.heating": 18, "actors.ben.reservation.base": 3.0}).source
    )


CALLS: dict[str, Callable[..., Any]] = {
    "play": lambda scenario, worlds: sim.play(scenario, worlds),
    "worlds": lambda scenario, worlds: sim.worlds(scenario, worlds),
    "ensemble": lambda scenario, worlds: sim.ensemble([scenario], worlds),
    "sweep": lambda scenario, worlds: sim.sweep(scenario, {"proposal.heating": [18]}, worlds=worlds),
    "outcomes": lambda scenario, worlds: sim.outcomes(scenario, worlds=worlds),
    "sensitivity": lambda scenario, worlds: sim.sensitivity(scenario, base=worlds),
    "verdicts": lambda scenario, worlds: sim.verdicts(scenario, worlds=worlds),
    "compare": lambda scenario, worlds: sim.compare([scenario], worlds),
    "discover": lambda scenario, worlds: sim.discover(scenario, worlds=worlds),
    "model": lambda scenario, worlds: sim.DeliberationModel(scenario, worlds, seed=0).result.scenario.id,
}


@pytest.mark.parametrize("call", CALLS)
def test_every_call_takes_a_name_a_path_or_a_scenario_and_counts_of_numpy(call: str) -> None:
    path = case_paths.find("warm_flat")
    first, *others = [
        json.dumps(CALLS[call](scenario, worlds))
        for scenario, worlds in [("warm_flat", 16), (path, np.int64(16)), (sim.load_scenario(path), 16.0)]
    ]
    assert others == [first, first]


@pytest.mark.parametrize("worlds", [0, -1, 1.5, "16"])
@pytest.mark.parametrize("call", CALLS)
def test_every_call_refuses_other_counts_in_a_sentence(call: str, worlds: object) -> None:
    said = "it must be a power of two" if (call, worlds) == ("sensitivity", 0) else "must be a whole number of at least"
    with pytest.raises(sim.UsageError, match=said):
        CALLS[call]("warm_flat", worlds)


@pytest.mark.parametrize("call", CALLS)
def test_every_call_refuses_other_things_than_scenarios_in_a_sentence(call: str) -> None:
    with pytest.raises(sim.UsageError, match=r"is not a (case or a )?scenario"):
        CALLS[call](3, 16)


@pytest.mark.parametrize("workers", [0, 1.5, -2])
def test_a_crew_has_a_whole_number_of_workers(workers: float) -> None:
    call: Any = sim.crew
    with pytest.raises(sim.UsageError, match="'workers' must be a whole number of at least 1"):
        call(workers)


def test_an_ensemble_takes_one_scenario_as_well_as_several() -> None:
    [one] = sim.ensemble("warm_flat", 10)["scenarios"]
    assert one == sim.ensemble(["warm_flat"], 10)["scenarios"][0]
    with pytest.raises(sim.UsageError, match="No scenario is given"):
        sim.ensemble([], 10)


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


@pytest.mark.slow
def test_a_script_of_a_user_passes_strict_typing_and_runs(tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT, encoding="utf-8")
    typed = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(script)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert typed.returncode == 0, typed.stdout
    ran = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("agreed 10 4 0 There is no file, folder")
