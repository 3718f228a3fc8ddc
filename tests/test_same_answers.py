"""The same question gives the same number everywhere: in Python and JSON, on the terminal, in the lab and in a report.

Twelve questions about four scenarios. Each test asks one of them in every place that answers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pytest

import sim
from sim import case_paths
from sim.analysis.counterfactuals.actor_turning import actor_turning
from sim.analysis.judging.judged_text import judge_text
from sim.analysis.judging.proposals import proposals
from sim.analysis.report_data import ReportData, report
from sim.case.models import Scenario
from sim.lab import scenario_state
from sim.lab.answers import WORLDS, immediate_answers, later_answers
from sim.lab.link_state import LinkState
from sim.lab.scenario_state import LoadedScenario
from sim.report import wording
from tests.conftest import Command

SCENARIOS = ("european_force", "us_halts_aid", "front_stalls", "force_with_concessions")
PLAYED = 100
"""Worlds in which the talks are played: the lab's first batch."""
MONTH = 3
"""The month that is asked about, or the last one if the talks end before."""
LINE = "western_troops"
PRICE = f"actors.russia.red_lines.{LINE}.price"


@dataclass(frozen=True)
class Asked:
    """One scenario, asked in every place."""

    scenario: Scenario

    @property
    def name(self) -> str:
        return self.scenario.id

    @cached_property
    def verdicts(self) -> Any:
        return sim.verdicts(self.scenario, worlds=WORLDS)

    @cached_property
    def why(self) -> dict[str, Any]:
        return {name: sim.why(self.scenario, name) for name in self.scenario.case.actors}

    @cached_property
    def month(self) -> int:
        return min(MONTH, int(self.played["months"]))

    @cached_property
    def in_month(self) -> Any:
        return sim.verdicts(self.scenario, month=self.month)

    @cached_property
    def played(self) -> Any:
        return sim.play(self.scenario)

    @cached_property
    def compared(self) -> Any:
        [row] = sim.compare([self.scenario], worlds=PLAYED)["rows"]
        return row

    @cached_property
    def row(self) -> Any:
        [row] = proposals([self.scenario], worlds=WORLDS)["rows"]
        return row

    @cached_property
    def loaded(self) -> LoadedScenario:
        return LoadedScenario(case_paths.find(self.name), self.name)

    @cached_property
    def lab(self) -> dict[str, Any]:
        return immediate_answers(self.loaded, self.loaded.with_changes(LinkState()))

    @cached_property
    def lab_row(self) -> Any:
        """The row of this scenario in the lab's heat map."""
        rows = self.loaded.proposals.judge(self.loaded.with_changes(LinkState()).scenario)["rows"]
        return next(row for row in rows if row["scenario"] == self.name)

    @cached_property
    def lab_later(self) -> dict[str, dict[str, Any]]:
        """What the lab says later: shares of worlds, talks in a few of them, and what would turn each actor."""
        found: dict[str, dict[str, Any]] = {}
        with closing(later_answers(judge_text(self.scenario), worlds=PLAYED)) as steps:
            for name, data in steps:
                found[name] = data
                if name == "worlds" and data["done"] == PLAYED:
                    return found
        raise AssertionError("the talks were not played")

    @cached_property
    def report(self) -> ReportData:
        sections = ["talks", "verdicts", "proposals", "ensemble"]
        return report(
            [self.scenario], program="0", stage=lambda *_: nullcontext(), sections=sections, worlds=PLAYED, seed=0
        )

    @property
    def reported(self) -> Any:
        [one] = self.report["scenarios"]
        return one

    @property
    def report_row(self) -> Any:
        assert self.report["proposals"] is not None
        [row] = self.report["proposals"]["rows"]
        return row


@pytest.fixture(scope="module")
def everything() -> Iterator[dict[str, Asked]]:
    """Every scenario; the lab reads each file of the case once for all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scenario_state, "load_scenario", cache(scenario_state.load_scenario))
        yield {name: Asked(sim.load_scenario(name)) for name in SCENARIOS}


@pytest.fixture(params=[SCENARIOS[0], *(pytest.param(name, marks=pytest.mark.slow) for name in SCENARIOS[1:])])
def asked(request: pytest.FixtureRequest, everything: dict[str, Asked]) -> Asked:
    return everything[request.param]


def as_talks_open(asked: Asked) -> list[Any]:
    """Everybody's answers as talks open, from every place."""
    places = [asked.verdicts, asked.row, asked.lab["table"], asked.lab["now"], asked.lab_row]
    return [place["actors"] for place in (*places, asked.reported["verdicts"], asked.report_row)]


def rows_shown(shown: str, asked: Asked) -> dict[str, tuple[str, str]]:
    """The mark and the number beside each actor's name on a page of the terminal."""
    found = {}
    for name, actor in asked.scenario.case.actors.items():
        [row] = re.findall(rf"^ *{re.escape(actor.name)}(?: \*\*?)? +(\S) .*?([+-]?\d+\.\d)\s", shown, re.MULTILINE)
        found[name] = row
    return found


def on_terminal(answers: Any) -> dict[str, tuple[str, str]]:
    """The same as the pages should show it."""
    return {
        name: (wording.VERDICTS[one["verdict"]].mark, wording.points(one["surplus"])) for name, one in answers.items()
    }


@pytest.mark.slow
def test_the_verdict_as_talks_open(asked: Asked) -> None:
    expected = {name: actor["verdict"] for name, actor in asked.verdicts["actors"].items()}
    for place in as_talks_open(asked):
        assert {name: actor["verdict"] for name, actor in place.items()} == expected
    assert asked.compared["verdicts"] == expected
    assert {name: asked.why[name]["verdict"] for name in expected} == expected
    refusing = {name: found["verdict"] for name, found in actor_turning(asked.scenario, numbers=False).items()}
    assert refusing == {name: expected[name] for name in refusing}


def test_the_surplus_as_talks_open(asked: Asked, parley: Command) -> None:
    expected = {name: actor["surplus"] for name, actor in asked.verdicts["actors"].items()}
    for place in as_talks_open(asked):
        assert {name: actor["surplus"] for name, actor in place.items()} == expected
    for name, surplus in expected.items():
        explained = asked.why[name]
        assert explained["surplus"] == surplus
        assert sum(one["points"] for one in explained["ledger"] if one["points"] != "never") == pytest.approx(
            surplus, abs=0.01
        )
    assert rows_shown(parley("verdicts", asked.name).out, asked) == on_terminal(asked.verdicts["actors"])


def test_who_blocks_as_talks_open(asked: Asked, parley: Command) -> None:
    expected = asked.verdicts["blocked_by"]
    places = [asked.row, asked.lab["table"], asked.lab["now"], asked.lab_row, asked.reported["verdicts"]]
    for place in (*places, asked.report_row, asked.compared):
        assert place["blocked_by"] == expected
    [said] = re.findall(r"No: (.*) blocks? it\.", parley("verdicts", asked.name).out)
    assert len(re.split(", | and ", said.replace("Baltics and Poland", "Baltics, Poland"))) == len(expected)


def test_whoever_blocks_is_needed(asked: Asked) -> None:
    for place in as_talks_open(asked):
        needed = {name: (actor["needed"], actor["why_needed"]) for name, actor in place.items()}
        assert needed == {
            name: (actor["needed"], actor["why_needed"]) for name, actor in asked.verdicts["actors"].items()
        }
        assert all(needed[name][0] for name in asked.verdicts["blocked_by"] if name in needed)


def test_the_verdict_and_the_surplus_in_a_month_of_the_talks(asked: Asked, parley: Command) -> None:
    [reported] = [month for month in asked.reported["run"]["timeline"] if month["month"] == asked.month]
    played = asked.played["timeline"][asked.month - 1]
    keys = ("verdict", "surplus", "aspiration", "blocks", "needed", "yes_if", "ledger")
    for name, actor in asked.in_month["actors"].items():
        for place in (played["reactions"][name], reported["reactions"][name]):
            assert {key: place[key] for key in keys} == {key: actor[key] for key in keys}
    explained: Any = sim.why(asked.scenario, "russia", month=asked.month)
    assert {key: explained[key] for key in keys if key != "blocks"} == {
        key: asked.in_month["actors"]["russia"][key] for key in keys if key != "blocks"
    }
    assert explained["package"] == played["text"]
    shown = parley("verdicts", asked.name, "--month", asked.month).out
    assert rows_shown(shown, asked) == on_terminal(asked.in_month["actors"])


def test_who_blocks_in_a_month_of_the_talks(asked: Asked) -> None:
    played = asked.played["timeline"][asked.month - 1]
    assert asked.in_month["blocked_by"] == played["blocked_by"]
    assert asked.in_month["package"] == played["text"]
    last = sim.verdicts(asked.scenario, month="end")
    assert last["blocked_by"] == asked.played["blocked_by"] == asked.compared["final_blocked_by"]
    assert last["package"] == asked.played["final_package"] == asked.compared["final_package"]


def test_the_opening_text_in_a_month_is_another_question(asked: Asked) -> None:
    """The lab moves the clock and keeps the chosen terms."""
    opening: Any = sim.verdicts(asked.scenario, month=asked.month, text="opening")
    lab = immediate_answers(asked.loaded, asked.loaded.with_changes(LinkState()), asked.month)
    assert lab["about"] == opening["judged"]
    assert opening["judged"]["text"] == "tabled"
    assert asked.in_month["judged"]["text"] == "month"
    for name, actor in opening["actors"].items():
        assert lab["now"]["actors"][name]["surplus"] == actor["surplus"]


def test_how_the_talks_end(asked: Asked, parley: Command) -> None:
    played = asked.played
    expected = (played["outcome"], played["months"], played["durability"])
    for place in (asked.compared, asked.reported["run"]):
        assert (place["outcome"], place["months"], place["durability"]) == expected
    shown = parley("compare", asked.name).out
    outcome = wording.OUTCOMES[played["outcome"]]
    assert f"{outcome.mark} {outcome.short} {played['months']}" in shown
    assert wording.per_cent(played["durability"]) in shown


def test_the_share_of_worlds_that_agree(asked: Asked, parley: Command) -> None:
    [drawn] = sim.ensemble([asked.scenario], PLAYED)["scenarios"]
    share = drawn["outcomes"]["agreed"]["share"]
    assert asked.compared["agreed_share"] == share
    assert asked.lab_later["worlds"]["talks"]["agreed"]["share"] == share
    assert asked.report["ensemble"] is not None
    [reported] = asked.report["ensemble"]["scenarios"]
    assert reported["outcomes"]["agreed"]["share"] == share
    if asked.name == "front_stalls":
        assert f" {wording.per_cent(share, 1)}" in parley("ensemble", asked.name, "--worlds", PLAYED).out


def test_the_share_of_worlds_in_which_an_actor_accepts(asked: Asked, parley: Command) -> None:
    expected = {name: actor["shares"]["accept"] for name, actor in asked.verdicts["actors"].items()}
    assert {name: actor["accepts_share"] for name, actor in asked.row["actors"].items()} == expected
    assert {name: shares["accept"] for name, shares in asked.lab_later["worlds"]["shares"].items()} == expected
    fewer: Any = sim.verdicts(asked.scenario, worlds=PLAYED)
    assert {name: one["accepts_share"] for name, one in asked.report_row["actors"].items()} == {
        name: one["shares"]["accept"] for name, one in fewer["actors"].items()
    }
    shown = parley("verdicts", asked.name, "--worlds", WORLDS).out
    for name, share in expected.items():
        actor = re.escape(asked.scenario.case.actors[name].name)
        assert re.search(rf"^ *{actor}(?: \*\*?)? .* {wording.per_cent(share)} ", shown, re.MULTILINE), name


def test_what_peace_would_be_worth(asked: Asked) -> None:
    """The chance that the proposal lasts, and all its other measures."""
    for place in (asked.row, asked.lab["table"], asked.lab["now"], asked.lab_row, asked.report_row):
        assert place["durability"] == asked.verdicts["durability"]
        assert place["measures"] == asked.verdicts["measures"]
    assert asked.compared["measures"] == asked.why["ukraine"]["measures"] == asked.verdicts["measures"]


def test_what_would_turn_an_actor(asked: Asked) -> None:
    turning = actor_turning(asked.scenario, numbers=False)
    for name, actor in asked.verdicts["actors"].items():
        sets = (actor["yes_if"] or {"sets": []})["sets"]
        explained = asked.why[name]
        assert explained["yes_if"] == actor["yes_if"]
        if name in turning:
            assert turning[name]["terms"] == sets
            assert turning[name]["core_terms"] == (explained["beyond_core"] or {"sets": []})["sets"]
            assert asked.lab_later["turning"]["terms"][name]["terms"] == sets
        else:
            assert actor["yes_if"] is None


@pytest.mark.parametrize("price", [60, "never"])
def test_the_price_of_a_red_line(price: float | str, everything: dict[str, Asked], parley: Command) -> None:
    """What a number says is the price; the audience cost comes on top, and is named."""
    base = everything["european_force"]
    scenario = sim.load_scenario(base.name, {PRICE: price})
    explained: Any = sim.why(scenario, "russia")
    [line] = [entry for entry in explained["ledger"] if entry["rule"] == LINE]
    modified = base.loaded.with_changes(LinkState(numbers={PRICE: price}))
    lab = immediate_answers(base.loaded, modified)["now"]["actors"]["russia"]
    [crossed] = [one for one in lab["crossed"] if one["rule"] == LINE]
    if price == "never":
        assert (line["points"], crossed["price"], lab["never"]) == ("never", "never", True)
        return
    assert (line["points"], line["audience_cost"], crossed["price"]) == (-65.0, 5.0, 65.0)
    shown = parley("why", base.name, "--actor", "russia", "--set", f"{PRICE}={price}").out
    assert "-65.0" in shown
    assert "price 60.0 + audience cost 5.0" in shown


@pytest.mark.slow
def test_whether_anything_could_be_agreed(everything: dict[str, Asked]) -> None:
    asked = everything["european_force"]
    flip = sim.flip(asked.scenario, terms=1, by="terms")
    found, flipped = sim.outcomes(asked.scenario, top=1), flip["at_all"]
    assert flip["blocked_by"] == asked.verdicts["blocked_by"]
    assert flipped is not None
    assert (flipped["packages"], flipped["agreed"]) == (found["packages"], found["agreed"])
