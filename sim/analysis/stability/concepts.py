"""Four concepts of stability in a conflict, for all states at once.

A state is stable for an actor if it has no reason to leave it alone. The concepts differ in what an actor expects the
others to do after its move. Sources: Howard (1971), *Paradoxes of Rationality*, for general and symmetric
metarationality; Fraser and Hipel (1984), *Conflict Analysis: Models and Resolutions*, for sequential stability; Fang,
Hipel and Kilgour (1993), *Interactive Decision Making: The Graph Model for Conflict Resolution*, for all of them with
more than two actors.

With more than two actors, the others may answer one after another, in any order. As an actor sets everything that it
controls in one move, two moves of the same actor in a row are never needed, and the states that the others can reach
are those that their moves reach together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim.analysis.stability.unilateral_moves import IMPOSSIBLE, NOWHERE, Bools, Mover, Ranks


def stable(movers: Mapping[str, Mover]) -> dict[str, dict[str, Bools]]:
    """Return concept to actor to an array over states: whether the state is stable for the actor.

    nash
        it has no improvement
    general
        after each of its improvements, the others can move to a state that it does not like better than the present one
    symmetric
        the same, and it cannot escape from that state to one that it likes better than the present one
    sequential
        the same as general, by moves that are improvements for those who make them
    """
    concepts: dict[str, dict[str, Bools]] = {"nash": {}, "sequential": {}, "symmetric": {}, "general": {}}
    for name, mover in movers.items():
        others = [other for actor, other in movers.items() if actor != name]
        ranks = mover.ranks
        possible = ranks != IMPOSSIBLE
        unanswered = np.where(possible, NOWHERE, IMPOSSIBLE)
        moves = [other.least for other in others]
        improvements = [other.least_improving for other in others]
        loss, last_word = (np.where(possible, value, NOWHERE) for value in (ranks, mover.most(ranks)))
        answered = {
            "nash": unanswered,
            "sequential": worst_answer(loss, improvements, possible),
            "symmetric": worst_answer(last_word, moves, possible),
            "general": worst_answer(loss, moves, possible),
        }
        for concept, after in answered.items():
            # An improvement is worth making if even the worst answer leaves the actor better off than now.
            worth = mover.most(np.minimum(ranks, after))
            concepts[concept][name] = possible & (worth <= ranks)
    return concepts


def worst_answer(values: Ranks, answers: Sequence[Callable[[Ranks], Ranks]], possible: Bools) -> Ranks:
    """Return, for each state, the least value that answers of the others can reach from it, however many they make.

    Parameters
    ----------
    values : array over states; `NOWHERE` where a state is excluded
    answers : one function for each of the others: from an array of values to the least value that one answer reaches
    possible : array over states, whether it is not excluded
    """
    while True:
        reached = values
        for answer in answers:
            reached = np.where(possible, np.minimum(reached, answer(reached)), NOWHERE)
        if np.array_equal(reached, values):
            return np.where(possible, values, IMPOSSIBLE)
        values = reached


def equilibria(stable_for: Mapping[str, Bools]) -> Bools:
    """Return an array over states: whether it is stable for everybody."""
    return np.asarray(np.logical_and.reduce(list(stable_for.values())))
