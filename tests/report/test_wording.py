"""The words and number formats that all reports share."""

import pytest

from sim.case.models import Scenario
from sim.case_paths import find
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.move_data import protocol_json
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from sim.report import wording
from tests.report import samples


def test_every_verdict_has_a_word_and_a_mark_of_its_own() -> None:
    looks = wording.VERDICTS.values()
    assert len({look.mark for look in looks}) == len({look.short for look in looks}) == len(looks)


def test_the_legend_explains_every_verdict() -> None:
    for look in wording.VERDICTS.values():
        assert look.cell in wording.LEGEND


def test_verdicts_in_one_letter_stay_distinct() -> None:
    assert len({look.short[0] for look in wording.VERDICTS.values()}) == len(wording.VERDICTS)


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0%"), (0.0049, "<1%"), (0.5, "50%"), (0.996, ">99%"), (0.99, "99%"), (1, "100%")]
)
def test_a_share_that_is_not_quite_none_or_all_says_so(share: float, said: str) -> None:
    assert wording.per_cent(share) == said


def test_main_reasons_of_a_no_are_its_red_lines_and_then_its_largest_costs() -> None:
    russia = samples.actors()["russia"]
    assert [entry["rule"] for entry in wording.main_reasons(russia)] == ["western_troops", "no_deal"]


def test_main_reasons_of_a_yes_are_its_gains() -> None:
    ukraine = samples.actors()["ukraine"]
    assert [entry["rule"] for entry in wording.main_reasons(ukraine)] == ["guarantee"]


def test_a_priced_red_line_comes_before_a_larger_cost() -> None:
    ledger = [samples.entry("cost", -30.0), samples.entry("line", -10.0, "red_line")]
    reasons = wording.main_reasons(samples.actor("A", "worse_than_no_deal", ledger))
    assert [entry["rule"] for entry in reasons] == ["line", "cost"]


def test_a_main_reason_names_three_claims_and_counts_the_rest() -> None:
    entry = samples.entry("line", -10.0, sources=["C1", "C2", "C3", "C4", "C5"])
    assert wording.reason(entry) == "line (-10.0; C1 C2 C3 +2)"


def test_a_reason_without_claims_is_assumed() -> None:
    assert wording.reason(samples.entry("line", -10.0, sources=[])) == "line (-10.0; assumed)"


def test_a_rule_that_blocks_by_itself_is_named_as_one() -> None:
    assert wording.names(["russia", "troops_cover"], samples.actors()) == "Russia and the rule 'troops_cover'"


def test_one_shot_talks_have_no_terms_to_amend() -> None:
    assert wording.protocol(protocol_json(protocol_of(_played_by(name="one_shot")))) == "one shot, 1 month"


def test_a_mediator_is_named() -> None:
    rules = protocol_json(protocol_of(_played_by(name="single_text", months=6, amend_terms=1, mediator="ben")))
    assert wording.protocol(rules) == "single text, 6 months, at most 1 term a month, mediator ben"


def _played_by(**protocol: object) -> Scenario:
    """House rules under a protocol."""
    return build_scenario({**load_scenario(find("house_rules")).source, "protocol": protocol})
