"""Texts and the constraints between their terms, on cases made by hand."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import numpy as np
import pytest

from sim.case.loader import build_case
from sim.case.models import Case
from sim.engine.outcome_space import OutcomeSpace
from tests.engine import villages
from tests.engine.villages import WHY, rule

ISSUES = ("wall", "gate", "lock", "key")


def chained(constraints: list[dict[str, Any]]) -> Case:
    """Four issues with yes or no, under some constraints."""
    source = copy.deepcopy(villages.CASE)
    source["issues"] = {name: {"says": "x", "options": ["no", "yes"], "default": "no", **WHY} for name in ISSUES}
    for one in source["actors"].values():
        one["preferences"] = []
    return build_case(source | {"constraints": constraints})


def needs(one: str, other: str) -> dict[str, Any]:
    return rule(f"{one}_needs_{other}", when={one: "yes"}, then={other: "yes"})


CHAIN = [needs("wall", "gate"), needs("gate", "lock"), needs("lock", "key")]
"""A wall takes a gate with it, the gate a lock, and the lock a key."""
ORDERS = list(itertools.permutations(CHAIN))


@pytest.mark.parametrize("constraints", ORDERS)
def test_a_repair_that_breaks_another_constraint_is_repaired_in_turn(constraints: tuple[dict[str, Any], ...]) -> None:
    space = OutcomeSpace(chained(list(constraints)))
    wall, gate = (space.encode({name: "yes" if name == one else "no" for name in ISSUES}) for one in ("wall", "gate"))
    mended = space.repair_forced(np.stack([wall, gate]))
    assert [space.decode(text) for text in mended] == [
        {"wall": "yes", "gate": "yes", "lock": "yes", "key": "yes"},
        {"wall": "no", "gate": "yes", "lock": "yes", "key": "yes"},
    ]
    assert space.possible(mended).all()


@pytest.mark.parametrize("constraints", ORDERS)
def test_the_neighbours_of_a_text_include_those_that_a_chain_of_repairs_leads_to(
    constraints: tuple[dict[str, Any], ...],
) -> None:
    case = chained(list(constraints))
    space = OutcomeSpace(case)
    near = [space.decode(text) for text in space.neighbours(space.encode(case.default), ["wall", "gate", "lock"], 1)]
    assert [[name for name in ISSUES if one[name] == "yes"] for one in near] == [
        ["lock", "key"],
        ["gate", "lock", "key"],
        ["wall", "gate", "lock", "key"],
    ]


@pytest.mark.parametrize("constraints", ORDERS)
def test_a_change_reaches_every_issue_that_its_repairs_touch(constraints: tuple[dict[str, Any], ...]) -> None:
    space = OutcomeSpace(chained(list(constraints)))
    reached = {frozenset(one.choice): [ISSUES[at] for at in sorted(one.issues)] for one in space.reach(ISSUES, 1)}
    assert reached[frozenset([0])] == ["wall", "gate", "lock", "key"]
    assert reached[frozenset([1])] == ["gate", "lock", "key"]
