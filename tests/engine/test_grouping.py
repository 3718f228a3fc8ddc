"""Texts that look the same to somebody are judged once, on cases made by hand."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from sim.case.loader import build_case
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.fixed_point import POINT_GRAIN
from sim.engine.grouping import GroupedTexts
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.responses import collect_responses
from sim.engine.rule_matrix import CompiledRules
from sim.engine.worlds import Central, Worlds
from sim.negotiation.context import start
from tests.engine import villages
from tests.engine.villages import WHY, rule


@pytest.mark.parametrize("order", [("peace", "water"), ("water", "peace")])
def test_durability_goes_by_the_measure_that_deters_wherever_it_is_listed(order: tuple[str, str]) -> None:
    """Guards deter, the price does not: whoever weighs durability tells texts apart by their guards alone."""
    source = copy.deepcopy(villages.CASE)
    guards = rule("guards", when={"guard": ["small", "large"]}, points=40)
    paid = rule("paid", when={"price": 30}, points=50)
    measures = {"peace": {"says": "x", "base": 20, "rules": [guards], **WHY}}
    measures["water"] = {"says": "x", "base": 10, "rules": [paid], **WHY}
    source["measures"] = {name: measures[name] for name in order}
    source["durability"] = {
        "says": "x", "horizon": 1, "deterrence": "peace", "temptation": {"base": 40, **WHY}, "scale": 10, **WHY,
    }  # fmt: skip
    source["actors"]["mayor"]["weighs"] = [{"measure": "durability", "weight": 1, **WHY}]
    case, space = build_case(source), OutcomeSpace(build_case(source))
    packages = [
        {"price": price, "guard": guard, "men": men}
        for price in (0, 30)
        for guard, men in (("none", 0), ("small", 5), ("large", 10))
    ]
    matrix = CompiledRules(case).read(np.stack([space.encode(one) for one in packages]))
    drawn = Worlds(case, Central())
    drawn_parameters, context = DrawnParameters.draw(drawn), start(drawn)
    alike = GroupedTexts(case, matrix)
    answer = collect_responses(
        case, alike.respondents(drawn_parameters.actor_parameters), alike, drawn_parameters.situation(alike, context)
    ).answers["mayor"]
    surplus = answer.pick(answer.surplus, np.zeros(6, dtype=np.intp), np.arange(6))
    # Temptation less deterrence is 20 points without guards and -20 with them, in units of 10: the odds are e^2 to 1.
    low, high = 100 / (1 + np.exp(2)), 100 / (1 + np.exp(-2))
    assert surplus == pytest.approx([low, high, high] * 2, abs=POINT_GRAIN)
