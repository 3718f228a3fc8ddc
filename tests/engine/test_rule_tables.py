"""The whole outcome space is judged by tables exactly as by reading every rule on every text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.outcomes.enumeration import central_blocks, judged_blocks
from sim.case.loader import build_case
from sim.case.models import Case
from sim.engine import rule_tables
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.responses import Responses
from sim.engine.voting.needed_actors import required_actors
from tests.engine.generated import cases
from tests.engine.test_invariants import thorough

SPLITS = [
    {"TAIL_MOST": 256, "BLOCK": 65_536, "TABLE_MOST": 2**18},  # no head
    {"TAIL_MOST": 2, "BLOCK": 8, "TABLE_MOST": 2**18},  # an issue in each part
    {"TAIL_MOST": 2, "BLOCK": 8, "TABLE_MOST": 6},  # some tables are too large
    {"TAIL_MOST": 1, "BLOCK": 1, "TABLE_MOST": 1},  # all of them
]


def _judged(case: Case, blocks: Any) -> list[list[Any]]:
    """Codes, answers, and who is needed, of all packages."""
    rows = []
    for codes, matrix, responses in blocks(case, OutcomeSpace(case)):
        rows.append([codes, *_arrays(case, len(codes), responses), *_needed(case, len(codes), matrix, responses)])
    return [np.concatenate(column).tolist() for column in zip(*rows, strict=True)]


def _arrays(case: Case, count: int, responses: Responses) -> list[Any]:
    consent, answers = responses.consent, responses.answers
    kept = [consent.agreed, consent.stuck, *consent.blockers.values()]
    for name in case.actors:
        kept += [answers[name].margin(), answers[name].gap, answers[name].verdict]
        kept += [answers[name].sends(of) for of in case.actors[name].capacities]
    return [np.broadcast_to(array, (1, count))[0] for array in kept]


def _needed(case: Case, count: int, matrix: Any, responses: Responses) -> list[Any]:
    needed = required_actors(case, matrix, responses.pledged)
    return [np.broadcast_to(needed[name], (1, count))[0] for name in case.actors]


@pytest.mark.slow
@thorough
@given(cases(), st.sampled_from(SPLITS))
def test_tables_judge_every_package_as_its_rules_do(source: dict[str, Any], split: dict[str, int]) -> None:
    case = build_case(source)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in split.items():
            patch.setattr(rule_tables, name, value)
        assert _judged(case, central_blocks) == _judged(case, judged_blocks)


def test_a_part_holds_as_many_issues_as_fit() -> None:
    """Seven issues of four options and three of three: 16 blocks of 256 x 108 packages."""
    why = {"assumption": "For a test."}
    sizes = [4] * 7 + [3] * 3
    case = build_case(
        {
            "title": "Wide",
            "question": "Which?",
            "claims": {},
            "issues": {
                f"i{at}": {"says": "an issue", "options": list(range(size)), "default": 0, **why}
                for at, size in enumerate(sizes)
            },
            "consent": [{"rule": "all", "says": "All", "needs": ["a"], **why}],
            "actors": {"a": {"name": "A", "role": "party", "brief": "b", "reservation": {"base": 0, **why}}},
        }
    )
    tables = rule_tables.RuleTables(OutcomeSpace(case))
    assert tables.counts == (16, 256, 108)
    codes = np.concatenate([block.codes for block in tables.blocks()])
    assert (codes == np.arange(442_368)).all()
