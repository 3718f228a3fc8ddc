"""The types of results: they name exactly the keys that results have, and mypy finds a misspelt one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from mypy import api as mypy

import sim
from sim.analysis.counterfactuals.flip import FlipReport
from sim.analysis.discovery.discover import DiscoveryReport
from sim.analysis.experiments.ensemble import EnsembleReport
from sim.analysis.experiments.sweep import SweepReport
from sim.analysis.judging.compare import ComparisonReport
from sim.analysis.judging.sources import SourcesReport
from sim.analysis.judging.verdicts import VerdictsReport
from sim.analysis.judging.why import WhyReport
from sim.analysis.outcomes.outcomes_report import OutcomesReport
from sim.analysis.sensitivity.sensitivity import SensitivityReport
from sim.negotiation.record.record_data import RunRecord

ROOT = Path(__file__).parents[1]
RESULTS: list[tuple[Any, Callable[[], Any]]] = [
    (RunRecord, lambda: sim.play("warm_flat")),
    (RunRecord, lambda: sim.play("warm_flat", 30)),
    (RunRecord, lambda: sim.play("european_force")),
    (RunRecord, lambda: sim.play("front_stalls", 20, seed=3)),
    (RunRecord, lambda: sim.play(sim.load_scenario("european_force", {"proposal.force_size": 40_000}))),
    (EnsembleReport, lambda: sim.ensemble(["warm_flat", "cleaner"], 30)),
    (SweepReport, lambda: sim.sweep("warm_flat", {"proposal.heating": [18, 20]}, worlds=10)),
    (OutcomesReport, lambda: sim.outcomes("warm_flat", worlds=10)),
    (SensitivityReport, lambda: sim.sensitivity("warm_flat", base=8)),
    (VerdictsReport, lambda: sim.verdicts("european_force", worlds=10)),
    (WhyReport, lambda: sim.why("european_force", "poland")),
    (ComparisonReport, lambda: sim.compare(["warm_flat", "cleaner"])),
    (SourcesReport, lambda: sim.sources("ukraine_2025")),
    (FlipReport, lambda: sim.flip("warm_flat", talks=True)),
    (DiscoveryReport, lambda: sim.discover("warm_flat", "accepts.cleo", worlds=300)),
]
MISSPELT = {
    "play": ('sim.play("warm_flat")["outcom"]', "outcom"),
    "timeline": ('sim.play("warm_flat")["timeline"][0]["reactions"]["ana"]["verdit"]', "verdit"),
    "final": ('sim.play("warm_flat")["final"]["actors"]["ana"]["yes_if_"]', "yes_if_"),
    "verdicts": ('sim.verdicts("warm_flat")["actors"]["ana"]["verdit"]', "verdit"),
    "why": ('sim.why("warm_flat", "ana")["legder"]', "legder"),
    "flip": ('sim.flip("warm_flat")["flops"]', "flops"),
    "compare": ('sim.compare(["warm_flat"])["row"]', "row"),
    "sources": ('sim.sources("flatmates")["number"]', "number"),
    "discover": ('sim.discover("warm_flat", worlds=100)["box"]', "box"),
    "ensemble": ('sim.ensemble("warm_flat", 10)["scenario"]', "scenario"),
    "sweep": ('sim.sweep("warm_flat", {})["row"]', "row"),
    "outcomes": ('sim.outcomes("flatmates")["agree"]', "agree"),
    "sensitivity": ('sim.sensitivity("warm_flat")["groop"]', "groop"),
}


def misfits(value: object, shape: Any, path: str = "") -> Iterator[str]:
    """Yield the places at which plain data differs from its type."""
    origin, parts = get_origin(shape), get_args(shape)
    if shape is Any:
        return
    if is_typeddict(shape):
        hints, keys = get_type_hints(shape), set(value) if isinstance(value, dict) else set()
        yield from (f"{path}.{key} is missing" for key in shape.__required_keys__ - keys)
        yield from (f"{path}.{key} is not in {shape.__name__}" for key in keys - hints.keys())
        if isinstance(value, dict):
            for key in keys & hints.keys():
                yield from misfits(value[key], hints[key], f"{path}.{key}")
    elif origin in (Union, UnionType):
        if all(any(misfits(value, part)) for part in parts):
            yield f"{path} is {value!r}, not {shape}"
    elif origin is Literal:
        yield from [] if value in parts else [f"{path} is {value!r}, not one of {parts}"]
    elif origin in (dict, Mapping) and isinstance(value, dict):
        for key, one in value.items():
            yield from misfits(key, parts[0], f"{path}.{key}")
            yield from misfits(one, parts[1], f"{path}.{key}")
    elif origin is list and isinstance(value, list):
        for index, one in enumerate(value):
            yield from misfits(one, parts[0], f"{path}[{index}]")
    elif origin is not None or not isinstance(value, NUMBERS.get(shape, shape)):
        yield f"{path} is {value!r}, not {shape}"


NUMBERS: dict[Any, Any] = {float: (int, float), None: NoneType}


@pytest.mark.parametrize(("shape", "call"), RESULTS)
def test_a_result_has_exactly_the_keys_of_its_type(shape: Any, call: Callable[[], Any]) -> None:
    assert list(misfits(call(), shape)) == []


def test_the_check_finds_what_does_not_fit() -> None:
    record: dict[str, Any] = {**sim.play("warm_flat"), "extra": 1, "months": "3"}
    del record["seed"]
    assert sorted(misfits(record, RunRecord)) == [
        ".extra is not in RunRecord", ".months is '3', not <class 'int'>", ".seed is missing"
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("line", "key"), MISSPELT.values(), ids=list(MISSPELT))
def test_mypy_finds_a_misspelt_key_in_a_script_of_a_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, key: str
) -> None:
    monkeypatch.chdir(ROOT)
    script = tmp_path / "mine.py"
    script.write_text(f"import sim\n\nprint({line})\n", encoding="utf-8")
    found, _, status = mypy.run(["--strict", str(script)])
    assert status == 1
    assert f'has no key "{key}"' in found
