"""The four concepts of stability: published conflicts, and a slow search that follows the definitions word by word."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.stability.concepts import equilibria, stable
from sim.analysis.stability.unilateral_moves import IMPOSSIBLE, ControlledIssue, Mover

State = tuple[int, ...]


def _issue(axis: int, options: int, *, one_way: bool = False) -> ControlledIssue:
    return ControlledIssue(axis, np.ones(options, dtype=bool), one_way)


def _game(**ranks: Sequence[Sequence[int]]) -> dict[str, Mover]:
    """Return a game of two actors who choose one of two options each: row, then column."""
    return {
        name: Mover((_issue(axis, 2),), np.array(table, dtype=np.int64))
        for axis, (name, table) in enumerate(ranks.items())
    }


def _states(movers: Mapping[str, Mover]) -> dict[str, set[State]]:
    return {
        concept: {tuple(state) for state in np.argwhere(equilibria(by_actor)).tolist()}
        for concept, by_actor in stable(movers).items()
    }


def test_in_the_prisoners_dilemma_only_foresight_keeps_cooperation() -> None:
    """Fraser and Hipel (1984): mutual defection is the Nash equilibrium; cooperation is stable with foresight."""
    found = _states(_game(row=[[2, 0], [3, 1]], column=[[2, 3], [0, 1]]))
    assert found["nash"] == {(1, 1)}
    assert found["sequential"] == found["symmetric"] == found["general"] == {(0, 0), (1, 1)}


def test_in_chicken_giving_way_is_stable_only_for_those_who_fear_revenge() -> None:
    """Fraser and Hipel (1984): a sanction that also hurts the other is no improvement, so it is not sequential."""
    found = _states(_game(row=[[2, 1], [3, 0]], column=[[2, 3], [1, 0]]))
    assert found["nash"] == found["sequential"] == {(0, 1), (1, 0)}
    assert found["symmetric"] == found["general"] == {(0, 0), (0, 1), (1, 0)}


ELMIRA: dict[int, list[State]] = {
    1: [(0, 0, 0)],
    2: [(1, 0, 0)],
    3: [(0, 1, 0)],
    4: [(1, 1, 0)],
    5: [(0, 0, 1)],
    6: [(1, 0, 1)],
    7: [(0, 1, 1)],
    8: [(1, 1, 1)],
    9: list(itertools.product((0, 1), (2,), (0, 1))),
}
"""The states of the Elmira conflict: the ministry modifies its order, Uniroyal delays, accepts or abandons its plant,
the local government insists. If the plant is abandoned, the other choices no longer matter."""


def test_the_elmira_conflict_has_its_published_equilibria() -> None:
    """Fang, Hipel and Kilgour (1993): {5, 8, 9} are Nash and sequential, {1, 4, 5, 8, 9} are metarational."""
    liked = {
        "ministry": [7, 3, 4, 8, 5, 1, 2, 6, 9],
        "uniroyal": [1, 4, 8, 5, 9, 3, 7, 2, 6],
        "government": [7, 3, 5, 1, 8, 6, 4, 2, 9],
    }
    issues = [_issue(0, 2, one_way=True), _issue(1, 3, one_way=True), _issue(2, 2)]
    movers = {}
    for issue, (name, order) in zip(issues, liked.items(), strict=True):
        ranks = np.full((2, 3, 2), IMPOSSIBLE, dtype=np.int64)
        for rank, number in enumerate(reversed(order)):
            for state in ELMIRA[number]:
                ranks[state] = rank
        movers[name] = Mover((issue,), ranks)
    numbers = {state: number for number, states in ELMIRA.items() for state in states}
    found = {concept: {numbers[state] for state in states} for concept, states in _states(movers).items()}
    assert found["nash"] == found["sequential"] == {5, 8, 9}
    assert found["general"] == found["symmetric"] == {1, 4, 5, 8, 9}


class Slow:
    """The definitions, one state and one move at a time."""

    def __init__(self, movers: Mapping[str, Mover]) -> None:
        self.movers = movers
        shape = next(iter(movers.values())).ranks.shape
        ranks = next(iter(movers.values())).ranks
        self.possible = [state for state in np.ndindex(shape) if ranks[state] != IMPOSSIBLE]

    def rank(self, name: str, state: State) -> int:
        return int(self.movers[name].ranks[state])

    def moves(self, name: str, state: State) -> set[State]:
        own = {issue.axis: issue for issue in self.movers[name].issues}
        return {
            other
            for other in self.possible
            if other != state
            and all(
                there == here or (axis in own and own[axis].reaches[here, there])
                for axis, (here, there) in enumerate(zip(state, other, strict=True))
            )
        }

    def improvements(self, name: str, state: State) -> set[State]:
        return {other for other in self.moves(name, state) if self.rank(name, other) > self.rank(name, state)}

    def answers(self, name: str, state: State, *, improving: bool) -> set[State]:
        """Every state that the others can reach by legal sequences: nobody moves twice in a row."""
        move = self.improvements if improving else self.moves
        found: set[tuple[State, str]] = set()
        open_ = [(state, "")]
        while open_:
            here, last = open_.pop()
            for other in self.movers:
                if other not in (name, last):
                    for there in move(other, here):
                        if (there, other) not in found:
                            found.add((there, other))
                            open_.append((there, other))
        return {there for there, _ in found}

    def stable(self, concept: str, name: str, state: State) -> bool:
        here = self.rank(name, state)
        for improvement in self.improvements(name, state):
            answers = self.answers(name, improvement, improving=concept == "sequential") if concept != "nash" else set()
            sanctions = {answer for answer in answers if self.rank(name, answer) <= here}
            if concept == "symmetric":
                sanctions = {s for s in sanctions if all(self.rank(name, t) <= here for t in self.moves(name, s))}
            if not sanctions:
                return False
        return True


@st.composite
def conflicts(draw: st.DrawFn) -> dict[str, Mover]:
    """Draw conflicts of two or three actors with some impossible states, some one-way issues, and ties."""
    shape = draw(st.sampled_from([(2, 2), (2, 3), (2, 2, 2), (3, 2, 2), (2, 2, 2, 2)]))
    names = ["a", "b", "c"][: draw(st.integers(2, 3))]
    size = int(np.prod(shape))
    excluded = np.array(draw(st.lists(st.integers(0, 5), min_size=size, max_size=size))) == 0
    owned: dict[str, list[ControlledIssue]] = {name: [] for name in names}
    for axis, options in enumerate(shape):
        for name in draw(st.sets(st.sampled_from(names), min_size=1, max_size=2)):
            settable = np.array(draw(st.lists(st.booleans(), min_size=options, max_size=options)))
            settable = np.ones(options, dtype=bool) if draw(st.booleans()) else settable
            owned[name].append(ControlledIssue(axis, settable, draw(st.booleans())))
    movers = {}
    for name in names:
        ranks = np.array(draw(st.lists(st.integers(0, 6), min_size=size, max_size=size)), dtype=np.int64)
        movers[name] = Mover(tuple(owned[name]), np.where(excluded, IMPOSSIBLE, ranks).reshape(shape))
    return movers


@pytest.mark.slow
@given(conflicts())
@settings(max_examples=150, deadline=None)
def test_stability_follows_the_definitions(movers: dict[str, Mover]) -> None:
    slow, fast = Slow(movers), stable(movers)
    for concept, by_actor in fast.items():
        for name, array in by_actor.items():
            expected = {state for state in slow.possible if slow.stable(concept, name, state)}
            assert {tuple(state) for state in np.argwhere(array).tolist()} == expected, (concept, name)


def test_an_actor_without_issues_leaves_every_state_alone() -> None:
    movers = _game(row=[[2, 0], [3, 1]], column=[[2, 3], [0, 1]]) | {"watcher": Mover((), np.zeros((2, 2), dtype=int))}
    assert all(by_actor["watcher"].all() for by_actor in stable(movers).values())


@pytest.mark.parametrize("one_way", [True, False])
def test_a_one_way_issue_only_moves_on(one_way: bool) -> None:
    """With one actor who likes the first option best, every state is stable if there is no way back."""
    mover = Mover((_issue(0, 3, one_way=one_way),), np.array([2, 1, 0], dtype=np.int64))
    assert stable({"a": mover})["nash"]["a"].tolist() == ([True, True, True] if one_way else [True, False, False])
