"""What a change to a text brings along counts in what the rules say of it."""

from __future__ import annotations

import copy

import numpy as np

from sim.case.loader import build_case
from sim.engine.incremental import TextChanges
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import PREFERENCES, CompiledRules
from tests.engine import villages
from tests.engine.villages import WHY, rule


def test_changes_of_different_issues_may_bring_different_options_of_a_third_along() -> None:
    """A wall takes a large key with it, a roof a small one; a rule that asks for the key alone tells them apart."""
    options = {"wall": ["no", "yes"], "roof": ["no", "yes"], "key": ["none", "small", "large"]}
    source = copy.deepcopy(villages.CASE)
    source["issues"] = {
        name: {"says": "x", "options": some, "default": some[0], **WHY} for name, some in options.items()
    }
    source["constraints"] = [
        rule("wall", when={"wall": "yes"}, then={"key": "large"}),
        rule("roof", when={"roof": "yes"}, then={"key": "small"}),
    ]
    for one in source["actors"].values():
        one["preferences"] = []
    source["actors"]["upper"]["preferences"] = [
        rule("small", when={"key": "small"}, points=3),
        rule("large", when={"key": "large"}, points=7),
    ]
    case = build_case(source)
    space, compiled_rules = OutcomeSpace(case), CompiledRules(case)
    current = space.encode(case.default)[None]
    changed_texts, there = space.changed_texts(current, list(options), 1)
    own = TextChanges(space, compiled_rules, list(options), 1).read(current, changed_texts)
    packages = [space.decode(text) for text in changed_texts[:, :, 0].T]
    assert [tuple(one.values()) for one in packages] == [
        ("yes", "no", "large"),
        ("no", "yes", "small"),
        ("no", "no", "small"),
        ("no", "no", "large"),
    ]
    assert there.all()
    assert own.total(np.array([[3.0, 7.0]]), PREFERENCES, "upper").tolist() == [[7, 3, 3, 7]]
