"""F01 to F09, F16, F19 and F20: what the source says about each proposal as it is, take it or leave it.

Each fact is tested at central values and, marked `slow`, as shares of 10,000 worlds. The docstrings name the claims.
These are checks on the case, not on the engine: the numbers come from reading the claims with the codebook, and can be
disputed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central
from sim.errors import CaseError
from sim.negotiation.answers.evaluation_context import evaluate
from tests.facts.reader import (
    FEW,
    MOST,
    REFUSALS,
    RESOURCE,
    accepting,
    answer,
    blocking,
    central,
    consent_rule,
    crossed,
    europeans,
    has,
    losses,
    refusing,
    scenario,
    sent,
    sent_at_central_values,
    ukraine,
    worlds,
)

BLOCK = 200_000
"""Packages judged at once."""
LEDGERS = 1_000
"""Worlds in which ledgers are read, one by one."""
SIZES = (30_000, 50_000, 100_000, 200_000)
"""The sizes of a force that are 30,000 or more."""
WITHIN_REACH = (30_000, 50_000)
"""Those that Europe could field: nobody claims that it could field more (C38 C40)."""
CAPITULATION: dict[str, Any] = {
    "territory": "cession",
    "force_cap": "severe",
    "arms": "ended",
    "nato_path": "renounced",
    "sanctions": "lifted",
}


# -- F01, F02: a truce without a guarantee ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bare_ceasefire", "monitored_pact"])
def test_f01_f02_ukraine_refuses_a_truce_without_a_guarantee(name: str) -> None:
    """[C07 C08] The missing guarantee is its largest loss, and without that red line it would accept."""
    judged = central(scenario(name))
    assert answer(judged, "ukraine") == "red_line"
    assert "ukraine" in judged["blocked_by"]
    lines = crossed(judged, "ukraine", "C07", "C08")
    assert lines
    largest = min(judged["actors"]["ukraine"]["ledger"], key=lambda entry: entry["points"])
    assert largest["rule"] in lines


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bare_ceasefire", "monitored_pact"])
def test_f01_f02_ukraine_refuses_it_in_nearly_all_worlds(name: str) -> None:
    """[C07 C08]"""
    drawn = worlds(scenario(name))
    assert accepting(drawn, "ukraine") < FEW
    assert drawn.shares("ukraine")["red_line"] > MOST
    assert blocking(drawn, "ukraine") > MOST


# -- F03: the European force --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_f03_ukraine_accepts_the_force_europe_supports_it_and_russias_red_line_blocks_it(size: int) -> None:
    """[C30 C31 C48 C03 C11]"""
    judged = central(scenario("european_force"), force_size=size)
    assert answer(judged, "ukraine") == "accept"
    assert {answer(judged, state) for state in europeans(ukraine())} == {"accept"}
    assert answer(judged, "russia") == "red_line"
    assert crossed(judged, "russia", "C30", "C31", "C48")
    assert "russia" in judged["blocked_by"]


@pytest.mark.parametrize("size", WITHIN_REACH)
def test_f03_pledges_fall_short_once_russia_has_declared_its_line_and_cover_the_force_without(size: int) -> None:
    """[C32] The two scenarios differ in nothing but the declaration; Russia's line is crossed in both."""
    declared, silent = (
        central(scenario(name), force_size=size) for name in ("european_force", "european_force_undeclared")
    )
    assert declared["actors"]["russia"]["declares"]
    assert not silent["actors"]["russia"]["declares"]
    assert declared["asked"] == silent["asked"] == {RESOURCE: size}
    assert sent_at_central_values(declared) < size <= sent_at_central_values(silent)
    assert silent["blocked_by"] == ["russia"]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_f03_the_same_in_most_worlds(size: int) -> None:
    """[C30 C31 C48 C03 C11]"""
    drawn = worlds(scenario("european_force"), force_size=size)
    assert accepting(drawn, "ukraine") > MOST
    for state in europeans(ukraine()):
        assert accepting(drawn, state) > MOST, state
    assert drawn.shares("russia")["red_line"] > MOST
    assert accepting(drawn, "russia") < FEW
    assert drawn.agreed_share < FEW


@pytest.mark.slow
@pytest.mark.parametrize("size", WITHIN_REACH)
def test_f03_pledges_fall_short_in_most_worlds_with_the_declaration_and_not_in_most_without(size: int) -> None:
    """[C32] In no world does the declaration make anybody send more."""
    declared, silent = (
        sent(worlds(scenario(name), force_size=size)) for name in ("european_force", "european_force_undeclared")
    )
    assert (declared < size).mean() > MOST
    assert (silent < size).mean() < MOST
    assert (declared <= silent).all()


# -- F04: NATO's banner -------------------------------------------------------------------------------------------


def test_f04_under_natos_banner_russia_and_the_us_both_block() -> None:
    """[C17 C33]"""
    judged = central(scenario("nato_force"))
    assert {"russia", "us"} <= set(judged["blocked_by"])
    assert crossed(judged, "russia", "C33")
    assert judged["actors"]["russia"]["declares"]
    assert crossed(judged, "us", "C17")
    assert answer(judged, "us") in REFUSALS


@pytest.mark.slow
def test_f04_both_block_in_most_worlds() -> None:
    """[C17 C33]"""
    drawn = worlds(scenario("nato_force"))
    assert blocking(drawn, "russia") > MOST
    assert blocking(drawn, "us") > MOST


# -- F05: the United Nations --------------------------------------------------------------------------------------


def test_f05_peacekeepers_need_russia_in_the_council_and_ukraine_misses_the_promise_to_fight() -> None:
    """[C44 C45]"""
    judged = central(scenario("un_peacekeepers"))
    council = consent_rule(ukraine(), "C44")
    assert "russia" in council.veto
    assert council.rule in {one["rule"] for one in judged["unmet"] if "russia" in one["blockers"]}
    assert answer(judged, "ukraine") in REFUSALS
    assert crossed(judged, "ukraine", "C45")


def test_f05_no_united_nations_force_is_a_tripwire() -> None:
    """[C44 C45]"""
    with pytest.raises(CaseError, match="does not promise to counterattack"):
        central(scenario("un_peacekeepers"), mandate="tripwire")
    for _, texts in OutcomeSpace(ukraine()).blocks(BLOCK):
        assert not (has(texts, "force", "un") & has(texts, "mandate", "tripwire")).any()


@pytest.mark.slow
def test_f05_the_council_fails_wherever_russia_refuses_and_ukraine_refuses_nearly_everywhere() -> None:
    """[C44 C45]"""
    drawn = worlds(scenario("un_peacekeepers"))
    fails = drawn.responses.consent.unmet[consent_rule(ukraine(), "C44").rule][:, 0]
    assert fails[drawn.responses.answers["russia"].refuses[:, 0]].all()
    assert accepting(drawn, "ukraine") < FEW


# -- F06, F07, F08: arms, an air shield, long reach ---------------------------------------------------------------


def test_f06_the_us_blocks_arms_to_the_hilt_and_europe_alone_cannot_replace_it() -> None:
    """[C18 C19 C39 C40] Its consent is needed even where Europe pays nearly everything."""
    judged = central(scenario("arms_to_the_hilt"))
    assert "us" in judged["blocked_by"]
    assert losses(judged, "us", "C18", "C19")
    for burden in ukraine().issues["european_burden"].options:
        other = central(scenario("arms_to_the_hilt"), european_burden=burden)
        assert other["actors"]["us"]["needed"], burden
        assert not other["agreed"], burden


@pytest.mark.slow
def test_f06_the_us_blocks_arms_to_the_hilt_in_most_worlds() -> None:
    """[C18 C19]"""
    assert blocking(worlds(scenario("arms_to_the_hilt")), "us") > MOST


def test_f07_the_exposure_of_its_technology_is_each_providers_largest_loss() -> None:
    """[C20 C21] Providers are those who would have to lend their air defence."""
    judged = central(scenario("air_shield"))
    for provider in consent_rule(ukraine(), "C20", "C21").needs:
        largest = min(judged["actors"][provider]["ledger"], key=lambda entry: entry["points"])
        assert largest["points"] < 0, provider
        assert "C21" in largest["sources"], provider


@pytest.mark.slow
def test_f07_it_is_the_largest_loss_in_most_worlds() -> None:
    """[C20 C21]"""
    drawn = worlds(scenario("air_shield"), LEDGERS)
    for provider in consent_rule(ukraine(), "C20", "C21").needs:
        largest = [min(drawn.one(world).ledger(provider), key=lambda entry: entry.points) for world in range(LEDGERS)]
        assert np.mean(["C21" in entry.source for entry in largest]) > MOST, provider


def test_f08_the_us_blocks_long_range_strike_which_ukraine_wants() -> None:
    """[C24 C25]"""
    judged = central(scenario("long_range_strike"))
    assert "us" in judged["blocked_by"]
    assert crossed(judged, "us", "C25")
    assert answer(judged, "ukraine") == "accept"


@pytest.mark.slow
def test_f08_the_us_blocks_it_in_most_worlds() -> None:
    """[C25]"""
    assert blocking(worlds(scenario("long_range_strike")), "us") > MOST


# -- F09: a force that is too small -------------------------------------------------------------------------------


def test_f09_ukraine_refuses_a_force_of_5000_as_too_small() -> None:
    """[C23 C36] With tens of thousands it accepts the same text."""
    judged = central(scenario("european_force_5000"))
    assert answer(judged, "ukraine") == "red_line"
    assert crossed(judged, "ukraine", "C23", "C36")
    assert answer(central(scenario("european_force_5000"), force_size=30_000), "ukraine") == "accept"


@pytest.mark.slow
def test_f09_it_refuses_it_in_nearly_all_worlds() -> None:
    """[C23 C36]"""
    drawn = worlds(scenario("european_force_5000"))
    assert accepting(drawn, "ukraine") < FEW
    assert drawn.shares("ukraine")["red_line"] > MOST


# -- F16: the burden ----------------------------------------------------------------------------------------------


def test_f16_todays_burden_is_three_fifths_as_the_us_gives_two() -> None:
    """[C39] It is the status quo, and the least that Europe can carry."""
    burden = ukraine().issues["european_burden"]
    assert "C39" in burden.source
    assert burden.default == burden.options[0]
    assert burden.labels[burden.default] == "as today, about three fifths"


def test_f16_the_us_sustains_nothing_where_europe_carries_no_more_than_today_and_sends_nobody() -> None:
    """[C13] It refuses and blocks every such package, of more than 100,000."""
    judged = 0
    for _, texts in OutcomeSpace(ukraine()).blocks(BLOCK):
        some = texts[
            has(texts, "arms", "sustained", "massive")
            & has(texts, "european_burden", "low")
            & has(texts, "force", "none", "un")
        ]
        if len(some):
            responses = evaluate(ukraine(), Central(), some).responses
            assert responses.answers["us"].refuses.all()
            assert responses.consent.blockers["us"].all()
            judged += len(some)
    assert judged > 100_000


def test_f16_it_sustains_its_part_once_europe_pays_more_or_sends_the_force() -> None:
    """[C13 C37]"""
    assert answer(central(ukraine()), "us") in REFUSALS
    assert answer(central(ukraine(), european_burden="shared"), "us") == "accept"
    assert answer(central(scenario("european_force")), "us") == "accept"


@pytest.mark.slow
@pytest.mark.parametrize("arms", ["sustained", "massive"])
def test_f16_it_refuses_in_most_worlds(arms: str) -> None:
    """[C13]"""
    drawn = worlds(ukraine(), arms=arms)
    assert refusing(drawn, "us") > MOST
    assert blocking(drawn, "us") > MOST
    assert accepting(worlds(ukraine(), european_burden="shared"), "us") > MOST


# -- F19, F20: Europe ---------------------------------------------------------------------------------------------


def test_f19_every_european_state_refuses_ukraines_capitulation() -> None:
    """[C11 C12]"""
    judged = central(ukraine(), **CAPITULATION)
    for state in europeans(ukraine()):
        assert answer(judged, state) in REFUSALS, state
        assert losses(judged, state, "C11", "C12"), state
    assert answer(judged, "russia") == "accept"


@pytest.mark.slow
def test_f19_every_european_state_refuses_it_in_most_worlds() -> None:
    """[C11 C12]"""
    drawn = worlds(ukraine(), **CAPITULATION)
    for state in europeans(ukraine()):
        assert refusing(drawn, state) > MOST, state


def test_f20_somebody_supports_the_headline_force_and_sends_nobody() -> None:
    """[C32]"""
    judged = central(scenario("european_force"))
    found = [
        name
        for name, one in judged["actors"].items()
        if one["verdict"] == "accept"
        and RESOURCE in one["sends"]
        and one["sends"][RESOURCE]["asked"]
        and not one["sends"][RESOURCE]["sends"]
    ]
    assert found
    for name in found:
        reasons = judged["actors"][name]["sends"][RESOURCE]["ledger"]
        assert any("C32" in one["sources"] and one["points"] < 0 for one in reasons), name


@pytest.mark.slow
def test_f20_so_it_is_in_most_worlds() -> None:
    """[C32]"""
    drawn = worlds(scenario("european_force"))
    answers = [drawn.responses.answers[state] for state in europeans(ukraine())]
    supports_only = [one.accepts & ~one.sends(RESOURCE) for one in answers]
    assert np.logical_or.reduce(supports_only).mean() > MOST
