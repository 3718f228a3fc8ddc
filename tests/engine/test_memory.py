"""What is remembered and believed of red lines, and of the options that issues have had."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sim.case.loader import build_case
from sim.case.models import Case
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.verdict_rules import Assessment
from sim.engine.worlds import Central, Worlds
from sim.negotiation.drafting.gaps import believed_answers
from sim.negotiation.memory import Memory, RedLines, extended_paths
from tests.engine import villages
from tests.engine.villages import WHY, rule

OPEN = {"choices": {"never": 0.5, 10: 0.3, 4: 0.2}}


def case_of(**actors: Any) -> Case:
    source = copy.deepcopy(villages.CASE)
    for name, keys in actors.items():
        source["actors"][name] |= keys
    return build_case(source)


def line(name: str, price: Any, *, declared: bool = False) -> dict[str, Any]:
    return rule(name, when={"guard": "large"}, price=price, declared=declared)


def yes(*values: bool) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """One world."""
    return np.array([values])


def test_a_line_that_turns_out_not_to_be_for_sale_closes_those_that_share_its_price() -> None:
    case = case_of(
        upper={"red_lines": [line("pride", OPEN), line("other", OPEN)]},
        lower={"red_lines": [line("same", {"same_as": "actors.upper.red_lines.pride.price"})]},
    )
    lines = RedLines(case)
    places = [f"{owner}.{one.rule}" for owner, one in lines.listed]
    memory = Memory.begin(lines, np.array([4, 3, 3]), 1)
    defended = yes(*(place == "upper.pride" for place in places))
    expected = {name: yes(True) for name in case.actors}
    after = memory.after_answers(lines, defended, expected)
    assert [place for place, one in zip(places, after.closed[0], strict=True) if one] == ["lower.same", "upper.pride"]
    assert [place for place, one in zip(places, after.known[0], strict=True) if one] == ["upper.pride"]
    doubted = memory.after_answers(lines, defended, {**expected, "upper": yes(False)})
    assert not doubted.closed.any()  # it was expected to refuse anyhow: that teaches nothing of the price


def test_an_issue_that_is_changed_has_had_both_the_option_it_leaves_and_the_one_it_takes() -> None:
    paths = np.zeros((1, 2, 3), dtype=bool)
    before, after = np.array([[0, 1]], dtype=np.uint8), np.array([[2, 2]], dtype=np.uint8)
    walked = extended_paths(paths, before, after, chosen=yes(True, False))  # the second was changed by a repair alone
    assert walked.tolist() == [[[True, False, True], [False, False, False]]]
    assert not paths.any()


@pytest.mark.parametrize("declared", [False, True])
def test_what_drafters_believe_of_a_price_counts_for_sending_as_for_the_verdict(declared: bool) -> None:
    """Their highest finite price is 10, and an audience adds 2 to a declared line; in truth the Mayor asks for 4."""
    believed_price, true_price = (12.0, 6.0) if declared else (10.0, 4.0)
    case = case_of(mayor={"red_lines": [line("army", OPEN, declared=declared)], "audience_cost": {"points": 2, **WHY}})
    lines, nought = RedLines(case), np.zeros((1, 1))
    closed = np.zeros((1, 1), dtype=bool)
    drawn_parameters = lines.believed(DrawnParameters.draw(Worlds(case, Central())), closed, frozenset())
    answers = {name: Assessment(nought, nought, yes(False), nought, nought) for name in case.actors}
    answers["mayor"] = Assessment(
        surplus=nought + 1, price=nought + true_price, never=yes(False), reservation=nought, aspiration=nought,
        sending={"guards": nought - 3}, asked={"guards": yes(True)},
    )  # fmt: skip
    found = believed_answers(answers, yes(True), lines, drawn_parameters)["mayor"]
    more = believed_price - true_price
    assert found.price.tolist() == [[believed_price]]
    assert found.surplus.tolist() == [[1 - more]]
    assert found.sending["guards"].tolist() == [[-3 - more]]
    assert found.gap.tolist() == [[3 + more]]
