"""What agreement depends on: the sides of a split are all worlds, and the number that decides is found."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.dependence import AgreedWorlds, dependence
from sim.analysis.experiments.ensemble import ensemble
from sim.analysis.experiments.ensemble_plan import Plan
from sim.analysis.outcomes.enumeration import enumerate_packages
from sim.analysis.report_parts import with_core
from sim.case.models import Scenario
from sim.case_paths import find
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central, Streams, Worlds
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.scenario_loader import load_scenario

WORLDS = 2_000
PRICE = "actors.russia.red_lines.western_troops.price"
BASE = "actors.ukraine.reservation.base"


@pytest.fixture(scope="module")
def concessions() -> Scenario:
    return load_scenario(find("force_with_concessions"))


def test_the_number_that_decides_is_found_with_every_agreement_on_one_side(concessions: Scenario) -> None:
    values = Worlds(concessions.case, Streams(3, WORLDS)).number(BASE)
    agreed = values > np.median(concessions.case.numbers[BASE].distribution.quantile(np.array([0.5])))
    found = dependence(concessions, agreed, 3)
    first = found["splits"][0]
    assert (first["path"], first["sides"][1]["agreed"]) == (BASE, 0)
    assert first["sides"][0]["agreed"] == first["sides"][0]["worlds"] == found["agreed"] == agreed.sum()


def test_a_price_that_may_be_never_is_split_where_the_line_is_for_sale(concessions: Scenario) -> None:
    values = Worlds(concessions.case, Streams(0, WORLDS)).number(PRICE)
    found = dependence(concessions, np.isfinite(values), 0)
    sold, unsold = found["splits"][0]["sides"]
    assert found["splits"][0]["path"] == PRICE
    assert (sold["low"], sold["high"], sold["chance"], sold["worlds"]) == (60, 60, 0.2, np.isfinite(values).sum())
    assert (unsold["low"], unsold["high"], unsold["chance"], unsold["agreed"]) == ("never", "never", 0.8, 0)


def test_the_sides_of_every_split_are_all_worlds_and_the_most_telling_comes_first(concessions: Scenario) -> None:
    agreed = np.random.default_rng(1).random(WORLDS) < 0.3
    found = dependence(concessions, agreed, 0)
    for split in found["splits"]:
        assert sum(side["worlds"] for side in split["sides"]) == WORLDS
        assert sum(side["agreed"] for side in split["sides"]) == agreed.sum()
        assert sum(side["chance"] for side in split["sides"]) == pytest.approx(1)
    gains = [split["gain"] for split in found["splits"]]
    assert gains[:10] == sorted(gains[:10], reverse=True)
    assert PRICE in [split["path"] for split in found["splits"]]


@pytest.mark.parametrize("agreed", [True, False])
def test_without_variance_only_lines_that_may_be_for_sale_are_told(concessions: Scenario, *, agreed: bool) -> None:
    found = dependence(concessions, np.full(WORLDS, agreed), 0)
    assert [split["path"] for split in found["splits"]] == [PRICE]


def test_what_is_kept_of_an_ensemble_is_which_worlds_are_agreed() -> None:
    scenario, kept = load_scenario(find("warm_flat")), AgreedWorlds()
    [drawn] = ensemble(Plan((scenario,), 300, chunk=100), store=kept)["scenarios"]
    agreed = kept.of(scenario)
    assert len(agreed) == 300
    assert agreed.sum() == drawn["outcomes"]["agreed"]["worlds"]


def test_the_packages_that_keep_the_core_are_counted_as_one_would_by_hand() -> None:
    scenario = load_scenario(find("warm_flat"))
    space, names = OutcomeSpace(scenario.case), list(scenario.case.issues)
    texts = np.concatenate([texts for _, texts in space.blocks(65_536)])
    agreed = np.broadcast_to(evaluate(scenario.case, Central(), texts).responses.consent.agreed, (1, len(texts)))[0]
    kept = [
        all(
            scenario.case.issues[issue].options[text[names.index(issue)]] == scenario.proposal[issue]
            for issue in scenario.core
        )
        for text in texts
    ]
    assert scenario.core
    assert with_core(scenario, enumerate_packages(scenario.case)) == (agreed & np.array(kept)).sum()
