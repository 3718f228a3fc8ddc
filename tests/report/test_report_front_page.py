"""The first page of a report: its numbers are those of the commands, and computed in another way they are the same."""

from __future__ import annotations

import io
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader

from sim.analysis.outcomes.enumeration import enumerate_packages
from sim.analysis.report_data import report
from sim.case_paths import find, scenarios
from sim.engine.worlds import Streams
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from sim.report.document.pdf import pdf
from sim.report.scenario_report.answers import answers
from sim.report.scenario_report.report_document import document
from sim.report.wording import per_cent

pytestmark = pytest.mark.slow

NAMES = ("european_force", "force_with_concessions")
PRICE = "actors.russia.red_lines.western_troops.price"
WORLDS = 2_000
PAGES = 16
"""The most pages of a report on two scenarios."""
QUESTIONS = [
    "Would it be agreed?",
    "Who blocks it?",
    "What does agreement depend on?",
    "What would turn Russia?",
    "Could anything be agreed?",
]


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    loaded = [load_scenario(find(name)) for name in NAMES]
    beside = [load_scenario(path) for path in scenarios(find("ukraine_2025"))]
    return report(loaded, program="0", stage=lambda *_: nullcontext(), beside=beside, worlds=WORLDS)


@pytest.fixture(scope="module")
def page_one(found: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Scenario to question to answer."""
    return {one["scenario"]: dict(answers(found, one)) for one in found["scenarios"]}


def agreed_at(price: object) -> np.ndarray[Any, Any]:
    """Which of the worlds would end in agreement if the price were fixed."""
    scenario = load_scenario(find("force_with_concessions"), {PRICE: price})
    return np.asarray(play(scenario, uniforms=Streams(0, WORLDS)).outcome == Outcome.AGREED)


def test_both_scenarios_have_five_answers(page_one: dict[str, dict[str, str]]) -> None:
    for name in NAMES:
        assert list(page_one[name]) == QUESTIONS


def test_all_agreement_is_said_to_come_from_the_price_and_the_counts_are_those_of_fixed_prices(
    page_one: dict[str, dict[str, str]],
) -> None:
    for_sale = Streams(0, WORLDS).column(PRICE) >= 0.8
    agreed = int((agreed_at(60) & for_sale).sum())
    assert not agreed_at("never").any()
    assert agreed > 0
    said = page_one["force_with_concessions"]["What does agreement depend on?"]
    assert said.startswith(
        f"On one number: all {agreed:,} agreements lie in the {for_sale.sum():,} worlds in which Russia's "
    )
    assert f"has a price (60 points), and none in the {(~for_sale).sum():,} worlds in which it is not for sale." in said
    assert "That chance, 20%, is assumed" in said


def test_without_any_agreement_the_worlds_in_which_the_line_is_for_sale_are_named(
    page_one: dict[str, dict[str, str]],
) -> None:
    for_sale = int((Streams(0, WORLDS).column(PRICE) >= 0.8).sum())
    said = page_one["european_force"]["What does agreement depend on?"]
    assert said.startswith(
        f"On no number within its range: every world ends without agreement, even the {for_sale:,} worlds"
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_vetoes_are_those_of_all_packages(page_one: dict[str, dict[str, str]], name: str) -> None:
    scenario = load_scenario(find(name))
    enumeration = enumerate_packages(scenario.case)
    without = enumeration.agreed_without
    most = max(without, key=lambda actor: without[actor])
    said = page_one[name]["Could anything be agreed?"]
    assert f"Of {len(enumeration.codes):,} possible packages, {int(enumeration.agreed.sum()):,} would be agreed" in said
    assert f"{scenario.case.actors[most].name}'s veto matters most: {without[most]:,} would be agreed" in said


@pytest.mark.parametrize("name", NAMES)
def test_the_shares_are_those_of_the_ensemble(
    found: dict[str, Any], page_one: dict[str, dict[str, str]], name: str
) -> None:
    [drawn] = [one for one in found["ensemble"]["scenarios"] if one["scenario"] == name]
    agreed, first = drawn["outcomes"]["agreed"], drawn["blockers"][0]
    hits = f"{agreed['worlds']:,}" if agreed["worlds"] else "none"
    assert f"in {hits} of {WORLDS:,} worlds" in page_one[name]["Would it be agreed?"]
    share, failed = per_cent(first["share"]), WORLDS - agreed["worlds"]
    assert f"Russia blocks in {share} of the {failed:,} worlds" in page_one[name]["Who blocks it?"]


def test_what_would_turn_the_main_blocker_is_said_with_the_line_that_is_not_for_sale(
    found: dict[str, Any], page_one: dict[str, dict[str, str]]
) -> None:
    for one in found["scenarios"]:
        turning, said = one["turning"]["russia"], page_one[one["scenario"]]["What would turn Russia?"]
        assert f"a red line that is not for sale, “{turning['line_says']}”" in said
        short = f"{turning['short']:.1f} points short" if turning["short"] else "without it it would accept"
        assert short in said


def test_two_scenarios_fit_the_pages_and_the_front_fits_two(found: dict[str, Any]) -> None:
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(pdf(document(found, "parley report")))).pages]
    assert len(pages) <= PAGES
    assert all(question in pages[0] for question in [*QUESTIONS, "Figure 1."])
    assert pages[1].index("How sure is that?") < pages[1].index("What is proposed")
