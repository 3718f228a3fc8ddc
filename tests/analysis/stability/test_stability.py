"""What each actor can do alone, from the files of a case to the page."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import sim
from sim.case.models import Case
from sim.errors import UsageError
from sim.report.terminal.stability import stability as page
from tests.analysis.test_outcomes import yes_or_no

ELMIRA = Path(__file__).parent / "elmira"
STATES = {
    ("kept", "delay", "none"): 1,
    ("modified", "delay", "none"): 2,
    ("kept", "accept", "none"): 3,
    ("modified", "accept", "none"): 4,
    ("kept", "delay", "insist"): 5,
    ("modified", "delay", "insist"): 6,
    ("kept", "accept", "insist"): 7,
    ("modified", "accept", "insist"): 8,
}
ABANDONED = 9


def _number(package: dict[str, Any]) -> int:
    return STATES.get((package["order"], package["plant"], package["pressure"]), ABANDONED)


@pytest.fixture(scope="module")
def elmira() -> dict[str, Any]:
    return dict(sim.stability(ELMIRA, top=12))


def test_a_case_of_the_published_conflict_has_its_equilibria(elmira: dict[str, Any]) -> None:
    """Fang, Hipel and Kilgour (1993); their state 9 is four packages here, as nothing else ends with the plant."""
    found: dict[str, set[int]] = {concept: set() for concept in elmira["counts"]}
    for state in elmira["equilibria"]:
        for concept in state["concepts"]:
            found[concept].add(_number(state["package"]))
    assert found["nash"] == found["sequential"] == {5, 8, 9}
    assert found["general"] == found["symmetric"] == {1, 4, 5, 8, 9}
    assert elmira["counts"] == {"nash": 6, "sequential": 6, "symmetric": 8, "general": 8}


def test_the_best_move_comes_with_what_the_others_make_of_it(elmira: dict[str, Any]) -> None:
    """From the start, only the local government moves, to state 5; nobody wants to answer."""
    alone = elmira["alone"]
    assert alone["government"]["changes"] == {"pressure": ["none", "insist"]}
    assert alone["government"]["surplus"] == [6, 7]
    assert alone["government"]["answer"] is None
    assert alone["uniroyal"] == {
        "improvements": 0,
        "changes": {},
        "surplus": [9, 9],
        "answer": None,
        "concepts": ["nash", "sequential", "symmetric", "general"],
    }


def test_an_answer_names_who_moves_and_where_it_ends() -> None:
    """In state 2, insisting leads to 6. There Uniroyal would rather abandon its plant, which nobody else wants."""
    alone = sim.stability(ELMIRA, {"order": "modified"})["alone"]["government"]
    assert alone["changes"] == {"pressure": ["none", "insist"]}
    assert alone["surplus"] == [2, 4]
    assert alone["answer"] == {"by": ["uniroyal"], "changes": {"plant": ["delay", "abandon"]}, "surplus": 1}
    assert "nash" not in alone["concepts"]
    assert "sequential" in alone["concepts"]


def test_the_page_says_what_each_can_do(elmira: dict[str, Any]) -> None:
    stream = io.StringIO()
    Console(file=stream, width=200).print(page(elmira))
    said = " ".join(stream.getvalue().split())
    assert "Local government: its best move is pressure none → insist (+6.0 → +7.0)." in said
    assert "Uniroyal: can do nothing better than stay (+9.0)." in said
    assert "Stable for everybody, of 12 states" in said


def test_in_the_ukraine_case_no_equilibrium_satisfies_everybody() -> None:
    """What each side can do alone leads to no state that both belligerents like better than no deal."""
    found = sim.stability("ukraine_2025", top=4_000)
    assert found["alone"]["us"]["changes"] == {"arms": ["sustained", "reduced"]}
    assert found["alone"]["russia"]["changes"] == found["alone"]["ukraine"]["changes"] == {}
    assert set(found["held"]) == {"air_shield", "sanctions", "european_burden"}
    for state in found["equilibria"]:
        points = [state["surplus"][name] for name in ("russia", "ukraine")]
        assert not all(isinstance(value, (int, float)) and value >= 0 for value in points)


def _square(actors: int, issues: int) -> Case:
    """A case in which each actor controls as many issues of two options, and likes some combinations of two."""
    return yes_or_no(issues, actors, moved_by=lambda issue: f"a{issue % actors}")


@pytest.mark.slow
def test_65536_states_take_less_than_five_seconds() -> None:
    case = _square(4, 16)
    start = time.process_time()
    found = sim.stability(case)
    assert found["states"] == 2**16
    assert time.process_time() - start < 5


def test_a_case_without_movers_is_refused_with_the_key_to_add() -> None:
    with pytest.raises(UsageError, match=r"Nobody controls an issue of case 'flatmates'.*moved_by: ACTOR"):
        sim.stability("flatmates")


def test_too_many_states_are_refused_with_their_number() -> None:
    with pytest.raises(UsageError, match="2,097,152 states"):
        sim.stability(_square(3, 21))
