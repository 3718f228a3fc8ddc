"""What an actor is taken to lack on a draft: numbers by hand, without a case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.case.loader import build_case
from sim.case.models import Case
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.responses import Responses
from sim.engine.rule_matrix import Bools
from sim.engine.verdict_rules import Assessment
from sim.engine.voting.consent import Consent
from sim.engine.worlds import Central, Worlds
from sim.negotiation.drafting.admissibility import Candidates
from sim.negotiation.drafting.expected_answers import ExpectedAnswers
from sim.negotiation.drafting.gaps import Gaps
from sim.negotiation.memory import Memory, RedLines
from tests.engine import villages

STEP = 2.0


def yes(value: bool) -> Bools:
    return np.array([[value]])


def stood(case: Case, blockers: dict[str, Bools], person: dict[str, bool]) -> Gaps:
    """How everybody stands on the last text, all of whose numbers are 0; `person` says how the Mayor answered it."""
    nobody = {name: yes(False) for name in case.actors}
    shown = {key: {**nobody, "mayor": yes(person.get(key, False))} for key in ("stubborn", "keeps", "willing")}
    nothing = {name: np.zeros((1, 1)) for name in case.actors}
    return Gaps(
        texts=np.zeros((1, 3), dtype=np.uint8),
        blocks=blockers,
        stuck={},
        refuses=nobody,
        holds_out=nobody,
        gap=nothing,
        surplus=nothing,
        never=nobody,
        crossed=np.zeros((1, 0), dtype=bool),
        **shown,
    )


def lacking(surplus: float, *, blocks: bool = True, never: bool = False, **person: bool) -> float:
    """What the Mayor lacks on a draft that is worth so much to it; `person` says how it answered the last text."""
    case, nought = build_case(villages.CASE), np.zeros((1, 1))
    answer = Assessment(np.array([[surplus]]), nought, yes(never), nought, nought)
    blockers = {name: yes(name == "mayor" and blocks) for name in case.actors}
    base = stood(case, blockers, person)
    unused: Any = None
    lines = RedLines(case)
    drafts = Candidates(
        case=case,
        lines=lines,
        candidate_set=unused,
        responses=Responses({"mayor": answer}, {}, Consent({}, {}, blockers, np.zeros((1, 1), dtype=np.uint8))),
        base=base,
        memory=Memory.begin(lines, np.array([4, 3, 3]), 1),
        capacities={},
        available=yes(True),
        first_offer=yes(False),
        drafted_by=("upper",),
        step=STEP,
    )
    here = np.zeros(1, dtype=np.intp)
    return float(drafts.gap("mayor", here, here)[0])


@pytest.mark.parametrize(
    ("surplus", "by_rules", "shown"),
    [(-5, 5, 5), (-1, 1, STEP), (3, -3, STEP)],
)
def test_a_person_who_refuses_or_keeps_against_its_rules_lacks_a_step_at_least(
    surplus: float, by_rules: float, shown: float
) -> None:
    assert lacking(surplus) == by_rules
    assert lacking(surplus, stubborn=True) == shown
    assert lacking(surplus, keeps=True) == shown


def test_who_no_longer_blocks_lacks_nothing_and_a_closed_line_is_beyond_all_points() -> None:
    assert lacking(-5, blocks=False) == 0
    assert lacking(-5, blocks=False, stubborn=True) == 0
    assert lacking(3, never=True) == np.inf


@pytest.mark.parametrize(
    ("sent", "expected"), [({}, 6), ({"guards": 4.0}, 4), ({"guards": 0.0}, 6), ({"guards": 9.0}, 6)]
)
def test_a_person_is_expected_to_send_what_it_has_named_or_all_if_it_named_nothing(
    sent: dict[str, float], expected: float
) -> None:
    """The Mayor has 6 guards. One who named 0 may be won over, and then gives what it has."""
    case = build_case(villages.CASE)
    blockers = {name: yes(name == "mayor") for name in case.actors}
    predicted = ExpectedAnswers(base=stood(case, blockers, {"keeps": True}), sent={"mayor": sent}, step=STEP)
    respondents = {
        parameters.name: predicted.expected(parameters)
        for parameters in DrawnParameters.draw(Worlds(case, Central())).actor_parameters
    }
    assert respondents["mayor"].capacities["guards"].tolist() == [expected]
