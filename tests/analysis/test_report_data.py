"""What a report gathers: each part is what was asked for by itself, and what cannot be asked is left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import pytest

from sim.analysis.outcomes.enumeration import enumerate_packages
from sim.analysis.outcomes.tradeoff import tradeoff
from sim.analysis.report_data import SECTIONS, report
from sim.analysis.report_parts import varying_output
from sim.analysis.sensitivity.sensitivity import sensitivity
from sim.case.models import Scenario
from sim.case_paths import find
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central
from sim.errors import UsageError
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.game.hall import source


def scenario(name: str, **changes: Any) -> Scenario:
    return load_scenario(find(name), changes)


def gathered(*scenarios: Scenario, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"program": "0", "stage": lambda *_: nullcontext(), "worlds": 40, **more}
    return report(scenarios, **given)


def too_large() -> Scenario:
    """The flat with more packages than can be judged one by one."""
    plain = source("warm_flat")
    options = [f"option_{at}" for at in range(10)]
    for at in range(7):
        more = {"says": "One thing more", "options": options, "default": options[0], "assumption": "Made up."}
        plain["case"]["issues"][f"more_{at}"] = more
    return build_scenario(plain)


def test_a_report_is_about_one_case() -> None:
    with pytest.raises(UsageError, match="flatmates, ukraine_2025"):
        gathered(scenario("warm_flat"), scenario("european_force"))


def test_sections_that_are_not_asked_for_are_empty_and_cost_nothing() -> None:
    stages: list[str] = []

    @contextmanager
    def stage(what: str, _: str | None) -> Iterator[None]:
        stages.append(what)
        yield None

    found = gathered(scenario("warm_flat"), sections=["talks"], stage=stage)
    assert stages == ["warm_flat: the talks"]
    assert found["sections"] == ["talks"]
    assert found["scenarios"][0]["run"]["format"] == "parley.run/2"
    empty = ("ensemble", "proposals", "sources")
    assert [found[name] for name in empty] == [None] * len(empty)
    assert found["outcomes"] == []
    assert [found["scenarios"][0][name] for name in ("verdicts", "flip", "sensitivity")] == [None] * 3


def test_the_outcome_space_is_told_once_for_all_that_change_the_same() -> None:
    first, second, other = (
        scenario("warm_flat"),
        scenario("house_rules"),
        scenario("cleaner", **{"actors.ana.reservation.base": 40}),
    )
    found = gathered(first, second, other, sections=["outcomes"])
    assert [one["scenarios"] for one in found["outcomes"]] == [["warm_flat", "house_rules"], ["cleaner"]]
    spaces = [one["space"] for one in found["outcomes"]]
    assert spaces[0]["actors"]["ana"]["accepts"] > spaces[1]["actors"]["ana"]["accepts"]


def test_what_cannot_be_asked_is_left_out_with_its_reason() -> None:
    found = gathered(too_large(), sections=["outcomes", "sources"])
    [left] = found["left_out"]
    assert (left["section"], left["scenario"]) == ("outcomes", "warm_flat")
    assert "packages; at most 16,777,216 can be judged one by one" in left["why"]
    assert found["outcomes"] == []
    assert found["sources"] is not None


def test_a_wrong_name_of_what_varies_is_no_part_to_leave_out() -> None:
    with pytest.raises(UsageError, match="agreed"):
        gathered(scenario("warm_flat"), sections=["sensitivity"], of="agred")


def drawn(agreed: float, **blockers: float) -> dict[str, Any]:
    told = [{"name": name, "share": share} for name, share in blockers.items()]
    return {"scenarios": [{"scenario": "warm_flat", "outcomes": {"agreed": {"share": agreed}}, "blockers": told}]}


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        (None, "agreed"),
        (drawn(0.5, ana=0.5), "agreed"),
        (drawn(0.01, ana=0.5), "agreed"),
        (drawn(0.001, ana=1.0, ben=0.9, cleo=0.4), "blocked_by.ben"),
        (drawn(0.0, some_rule=0.5, cleo=0.4), "blocked_by.cleo"),
        (drawn(0.0, ana=1.0, ben=0.001), "agreed"),
        (drawn(1.0), "agreed"),
    ],
)
def test_the_sensitivity_is_asked_about_what_varies(found: dict[str, Any] | None, asked: str) -> None:
    assert varying_output(found, scenario("warm_flat")) == asked


@pytest.mark.slow
def test_the_sensitivity_is_asked_about_what_was_named() -> None:
    one = scenario("house_rules")
    [told] = gathered(one, sections=["sensitivity"], of="months", seed=3)["scenarios"]
    assert told["sensitivity"] == sensitivity(one, "months", seed=3)


def test_the_plane_of_two_holds_every_package() -> None:
    """Against every package, judged one beside the other."""
    case = scenario("warm_flat").case
    told = tradeoff(case, enumerate_packages(case))
    assert told is not None
    space = OutcomeSpace(case)
    texts = np.concatenate([texts for _, texts in space.blocks(65_536)])
    evaluation = evaluate(case, Central(), texts)
    heard = [evaluation.responses.answers[name] for name in told["axes"]]
    shape = (1, len(texts))
    points = np.stack([np.broadcast_to(one.surplus, shape)[0] for one in heard], axis=1)
    points[np.any([np.broadcast_to(one.never, shape)[0] for one in heard], axis=0)] = -np.inf
    assert told["accepted_by_both"] == int((points >= 0).all(axis=1).sum())
    agreed = np.broadcast_to(evaluation.responses.consent.agreed, shape)[0]
    for key, those in (("frontier", points), ("agreed_frontier", points[agreed])):
        best = {
            (round(x, 3), round(y, 3))
            for x, y in those
            if np.isfinite(x + y) and not ((those >= (x, y)).all(axis=1) & (those > (x, y)).any(axis=1)).any()
        }
        assert [tuple(one) for one in told[key]] == sorted(best)


def test_the_plane_is_that_of_those_who_fight_where_two_do() -> None:
    found = gathered(scenario("warm_flat"), sections=SECTIONS[:1])
    assert set(found["actors"]) == {"ana", "ben", "cleo"}
    case = scenario("warm_flat").case
    told = tradeoff(case, enumerate_packages(case))
    assert told is not None
    assert len(set(told["axes"])) == 2
