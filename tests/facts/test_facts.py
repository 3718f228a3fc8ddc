"""What the source says must come out of the Ukraine case: F01 to F16, each with the claims that say it.

At central values, and as shares of 10,000 worlds. These are checks on the case, not on the engine: the numbers come
from reading the claims with the codebook, and may be argued over.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim import files
from sim.analysis.target import case_of
from sim.analysis.verdicts import proposed, sitting_on, verdicts
from sim.case.loader import load_case
from sim.case.packages import package
from sim.case.shapes import Case, Scenario
from sim.deliberation.play import play
from sim.deliberation.record import Outcome, Run
from sim.deliberation.scenarios import load_scenario
from sim.deliberation.sitting import Sitting, sit
from sim.errors import CaseError
from sim.rules.space import Space
from sim.rules.worlds import Central, Streams

WORLDS, SEED = 10_000, 0
REFUSALS = ("red_line", "worse_than_no_deal")
EUROPEANS = ("uk", "france", "poland", "baltics")
MOST, FEW = 0.5, 0.1
BLOCK = 200_000
TROOPS = "european_troops"
"""The consent rule that European pledges cover the force."""


@cache
def scenario(name: str, **changes: Any) -> Scenario:
    dotted = {path.replace("__", "."): value for path, value in changes.items()}
    return load_scenario(files.find(f"ukraine_2025/{name}"), dotted or None)


@cache
def case() -> Case:
    return load_case(files.find("ukraine_2025"))


def nominal(target: Scenario | Case, **propose: Any) -> dict[str, Any]:
    return verdicts(target, propose)


def drawn(target: Scenario | Case, **propose: Any) -> Sitting:
    whole, _ = proposed(target, propose)
    return sitting_on(target, Space(case_of(target)).encode(whole)[None], Streams(SEED, WORLDS))


def accepting(sitting: Sitting, actor: str) -> float:
    return sitting.shares(actor)["accept"]


def blocking(sitting: Sitting, actor: str) -> float:
    return float(sitting.hearing.consent.blockers[actor].mean())


def short_of_troops(sitting: Sitting) -> float:
    return float(sitting.hearing.consent.unmet[TROOPS].mean())


def reasons(judged: Mapping[str, Any], actor: str) -> set[str]:
    return {
        entry["rule"]
        for entry in judged["actors"][actor]["ledger"]
        if entry["points"] == "never" or entry["points"] < 0
    }


def all_packages() -> Iterator[np.ndarray]:
    """Every possible package of the case, in blocks."""
    return (texts for _, texts in Space(case()).blocks(BLOCK) if len(texts))


def test_f01_a_bare_ceasefire_ukraine_refuses_for_want_of_a_guarantee() -> None:
    """[C07 C08]"""
    judged = nominal(scenario("bare_ceasefire"))
    assert judged["actors"]["ukraine"]["verdict"] in REFUSALS
    entry = next(one for one in judged["actors"]["ukraine"]["ledger"] if one["rule"] == "no_guarantee")
    assert {"C07", "C08"} <= set(entry["sources"])
    assert accepting(drawn(scenario("bare_ceasefire")), "ukraine") < FEW


def test_f02_a_monitored_pact_on_the_model_of_2014_and_2015_ukraine_refuses() -> None:
    """[C08]"""
    judged = nominal(scenario("monitored_pact"))
    assert judged["actors"]["ukraine"]["verdict"] in REFUSALS
    assert judged["blocked_by"] == ["ukraine"]
    assert "no_guarantee" in reasons(judged, "ukraine")
    assert accepting(drawn(scenario("monitored_pact")), "ukraine") < FEW


@pytest.mark.parametrize("size", [30000, 50000])
def test_f03_the_tripwire_force_ukraine_accepts_and_russias_red_line_blocks(size: int) -> None:
    """[C30-C33 C48]"""
    judged = nominal(scenario("european_force"), force_size=size)
    assert judged["actors"]["ukraine"]["verdict"] == "accept"
    assert judged["actors"]["russia"]["verdict"] == "red_line"
    assert "russia" in judged["blocked_by"]
    worlds = drawn(scenario("european_force"), force_size=size)
    assert accepting(worlds, "ukraine") > MOST
    assert accepting(worlds, "russia") < FEW


@pytest.mark.parametrize("size", [30000, 50000])
def test_f03_pledges_fall_short_once_russia_has_declared_its_line_and_not_without(size: int) -> None:
    """[C32]"""
    declared, silent = (scenario(name) for name in ("european_force", "european_force_undeclared"))
    unmet = [{one["rule"] for one in nominal(one, force_size=size)["unmet"]} for one in (declared, silent)]
    assert TROOPS in unmet[0]
    assert TROOPS not in unmet[1]
    shares = [short_of_troops(drawn(one, force_size=size)) for one in (declared, silent)]
    assert shares[0] > MOST > shares[1]


def test_f04_under_natos_banner_russia_and_the_us_both_block() -> None:
    """[C17 C33]"""
    judged = nominal(scenario("nato_force"))
    assert {"russia", "us"} <= set(judged["blocked_by"])
    assert judged["actors"]["russia"]["verdict"] == "red_line"
    worlds = drawn(scenario("nato_force"))
    assert min(blocking(worlds, "russia"), blocking(worlds, "us")) > MOST


def test_f05_un_peacekeepers_need_russia_can_be_no_tripwire_and_ukraine_refuses() -> None:
    """[C44 C45]"""
    judged = nominal(scenario("un_peacekeepers"))
    assert judged["actors"]["russia"]["needed"]
    council = next(rule for rule in case().consent if "russia" in rule.veto)
    assert council.when == {"force": "un"}
    assert judged["actors"]["ukraine"]["verdict"] in REFUSALS
    assert accepting(drawn(scenario("un_peacekeepers")), "ukraine") < FEW
    with pytest.raises(CaseError, match="tripwire"):
        nominal(scenario("un_peacekeepers"), mandate="tripwire")


def test_f06_arms_to_the_hilt_the_us_blocks_and_europe_alone_cannot_fill_the_gap() -> None:
    """[C18 C19 C39 C40]"""
    judged = nominal(scenario("arms_to_the_hilt"))
    assert "us" in judged["blocked_by"]
    most = nominal(scenario("arms_to_the_hilt"), european_burden="most")
    assert most["actors"]["us"]["needed"]
    assert not most["agreed"]
    assert blocking(drawn(scenario("arms_to_the_hilt")), "us") > MOST


def test_f07_an_air_shield_the_providers_balk_at_the_exposure_of_their_technology() -> None:
    """[C20 C21]"""
    judged = nominal(scenario("air_shield"))
    worlds = drawn(scenario("air_shield"))
    for provider in ("us", "uk", "france"):
        assert provider in judged["blocked_by"]
        assert "technology_exposure" in reasons(judged, provider)
        assert blocking(worlds, provider) > MOST


def test_f08_long_range_strike_the_us_blocks() -> None:
    """[C24 C25]"""
    judged = nominal(scenario("long_range_strike"))
    assert "us" in judged["blocked_by"]
    assert judged["actors"]["ukraine"]["verdict"] == "accept"
    assert blocking(drawn(scenario("long_range_strike")), "us") > MOST


def test_f09_a_force_of_5000_ukraine_refuses_as_too_small() -> None:
    """[C23 C36]"""
    judged = nominal(scenario("european_force_5000"))
    assert judged["actors"]["ukraine"]["verdict"] in REFUSALS
    assert "too_few_troops" in reasons(judged, "ukraine")
    assert accepting(drawn(scenario("european_force_5000")), "ukraine") < FEW


def test_f10_the_force_with_concessions_is_agreed_in_some_worlds_and_not_in_most() -> None:
    """[C31 C35]"""
    assert 0 < drawn(scenario("force_with_concessions")).agreed_share < MOST
    played = play(scenario("force_with_concessions"), WORLDS, SEED)
    assert 0 < (played.outcome == Outcome.AGREED).mean() < MOST


def test_f10_the_share_never_falls_with_one_more_concession_that_ukraine_still_accepts() -> None:
    """[C35] Every step from every combination of sanctions, NATO path, territory and a cap on the army."""
    ladders = {
        "sanctions": ["kept", "phased", "lifted"],
        "nato_path": ["deferred", "renounced"],
        "territory": ["freeze", "recognition", "cession"],
        "force_cap": ["none", "generous", "severe"],
    }
    force = {"force": "european", "force_size": 30000, "mandate": "tripwire", "deployment": "rear"}
    rungs = list(itertools.product(*(range(len(ladder)) for ladder in ladders.values())))
    space = Space(case())
    offers = [
        {
            **force,
            "european_burden": "shared",
            **{name: ladders[name][at] for name, at in zip(ladders, rung, strict=True)},
        }
        for rung in rungs
    ]
    texts = np.stack([space.encode(package(case(), offer)[0]) for offer in offers])
    willing = sit(case(), Central(), texts).hearing.answers["ukraine"].accepts[0]
    shares = sit(case(), Streams(SEED, WORLDS), texts).hearing.consent.agreed.mean(axis=0)
    steps = 0
    for at, rung in enumerate(rungs):
        for issue in range(len(ladders)):
            further = (*rung[:issue], rung[issue] + 1, *rung[issue + 1 :])
            if further in rungs and willing[rungs.index(further)]:
                assert shares[rungs.index(further)] >= shares[at], (offers[at], further)
                steps += 1
    assert steps > 40
    assert shares.max() > 0


def sponsors_gain(run: Run) -> float:
    """Mean over the worlds that agree of the sponsors' summed surplus."""
    gains = []
    for month in run.months:
        agreed = (run.ended[month.rows] == month.month) & (run.outcome[month.rows] == Outcome.AGREED)
        answers = month.sitting.hearing.answers
        summed = sum(answers[name].surplus for name in (run.scenario.sponsor, *run.scenario.co_sponsors))
        gains.append(np.broadcast_to(summed, (len(month.rows), 1))[agreed, 0])
    return float(np.concatenate(gains).mean())


@pytest.mark.slow
def test_f11_opening_high_and_trading_down_leaves_the_sponsors_at_least_as_well_off() -> None:
    """[C49] Over the worlds that agree under each opening; where both agree, either does about as well."""
    high, modest = (play(scenario(name), WORLDS, SEED) for name in ("open_high", "modest_opening"))
    assert (high.outcome == Outcome.AGREED).any()
    assert (modest.outcome == Outcome.AGREED).any()
    assert sponsors_gain(high) >= sponsors_gain(modest)


@pytest.mark.parametrize(
    "changes",
    [{"context__us_pressure_on_ukraine__start": 1}, {"context__us_aid__start": 0}],
    ids=["more US pressure", "no US aid"],
)
def test_f12_under_us_pressure_or_without_us_aid_ukraine_accepts_weaker_deals(changes: dict[str, Any]) -> None:
    """[C13 C26]"""
    texts = next(all_packages())
    before, after = (
        sit(scenario("us_halts_aid", **changed).case, Central(), texts).hearing.answers["ukraine"].accepts[0]
        for changed in ({"context__us_pressure_on_ukraine__start": 0.5}, changes)
    )
    assert not np.any(before & ~after)
    assert after.sum() > before.sum()
    deterrence = sit(case(), Central(), texts).situation.measures["deterrence"][0]
    assert deterrence[after].min() <= deterrence[before].min()
    assert deterrence[after].mean() < deterrence[before].mean()


def test_f13_a_stalled_front_and_heavy_losses_make_russia_accept_more() -> None:
    """[C09 C10 C29]"""
    stalled = {"context__front_momentum__start": 0, "context__war_cost_russia__start": 1}
    before, after = scenario("bare_ceasefire"), scenario("bare_ceasefire", **stalled)
    assert nominal(before)["actors"]["russia"]["verdict"] in REFUSALS
    assert nominal(after)["actors"]["russia"]["verdict"] == "accept"
    assert accepting(drawn(after), "russia") > accepting(drawn(before), "russia") + 0.2


def test_f14_the_banner_hardly_matters_to_russia() -> None:
    """[C50] For every package with a European force, its verdict on the same force under NATO."""
    space, issues = Space(case()), list(case().issues)
    european = position_of("force", "european")
    same = total = 0
    for texts in all_packages():
        ours = texts[texts[:, issues.index("force")] == european]
        theirs = ours.copy()
        theirs[:, issues.index("force")] = position_of("force", "nato")
        if not len(ours):
            continue
        assert space.possible(theirs).all()
        one, other = (sit(case(), Central(), texts).hearing.answers["russia"].verdict for texts in (ours, theirs))
        same, total = same + int((one == other).sum()), total + one.size
    assert same / total > 0.99
    offer = scenario("force_with_concessions")
    shares = [accepting(drawn(offer, force=force), "russia") for force in ("european", "nato")]
    assert abs(shares[0] - shares[1]) < 0.05


def position_of(issue: str, option: str) -> int:
    return case().issues[issue].options.index(option)


def test_f15_the_dilemma_what_russia_accepts_deters_less_and_the_zone_is_empty_or_thin() -> None:
    """Over all 2,514,240 possible packages at central values."""
    deterrence: dict[str, list[np.ndarray]] = {"russia": [], "ukraine": []}
    total = both = agreed = 0
    for texts in all_packages():
        sitting = sit(case(), Central(), texts)
        answers = {name: sitting.hearing.answers[name].accepts[0] for name in deterrence}
        for name, accepts in answers.items():
            deterrence[name].append(sitting.situation.measures["deterrence"][0][accepts])
        total += len(texts)
        both += int((answers["russia"] & answers["ukraine"]).sum())
        agreed += int(sitting.hearing.consent.agreed.sum())
    assert total == 2_514_240
    russia, ukraine = (np.concatenate(deterrence[name]) for name in ("russia", "ukraine"))
    assert russia.mean() < ukraine.mean()
    assert russia.max() < ukraine.max()
    assert both / total < 0.02
    assert agreed / total < 0.001


@pytest.mark.parametrize("arms", ["sustained", "massive"])
def test_f16_with_the_burden_left_low_the_us_refuses_to_sustain_its_part(arms: str) -> None:
    """[C13]"""
    judged = nominal(case(), arms=arms, european_burden="low")
    assert judged["actors"]["us"]["verdict"] in REFUSALS
    assert "us" in judged["blocked_by"]
    assert blocking(drawn(case(), arms=arms, european_burden="low"), "us") > MOST
    assert accepting(drawn(case(), european_burden="most"), "us") > MOST
