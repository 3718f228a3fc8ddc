"""The smallest sets of changed terms with which a package is agreed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sim.analysis.outcomes.enumeration import BLOCK, PACKAGES_MOST
from sim.engine.consent import required_actors
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.terms import amendments
from sim.engine.worlds import Central
from sim.errors import UsageError
from sim.negotiation.evaluation import Evaluation, evaluate, number

Progress = Callable[[int, int], None]


def flipping_terms(
    space: OutcomeSpace, package: Mapping[str, Any], terms: int, progress: Progress | None = None
) -> tuple[int | None, list[dict[str, Any]]]:
    """Find every smallest set of changed terms that gets a package agreed, at central values, take it or leave it.

    All packages one changed term away are judged, then all two away, and so on to the first number of terms with which
    any is agreed. Any issue may change, negotiable or not. What a constraint then asks for is part of the same change,
    in whichever way it is met, as in the talks (model, section 7).

    Parameters
    ----------
    package : one that is not agreed as it is
    terms : how many terms may change at most
    progress : called with how many packages of a size are judged, and how many there are

    Returns
    -------
    how many terms have to change, None if no change of so many gets it agreed; and the sets, as plain data

    """
    size, texts = _smallest(space, space.encode(package), terms, progress)
    return size, _described(space, package, texts)


def _smallest(space: OutcomeSpace, current: Texts, terms: int, progress: Progress | None) -> tuple[int | None, Texts]:
    """The least number of changed terms with which any text is agreed, and all texts that are, in order."""
    for size in range(1, min(terms, len(current)) + 1):
        texts, _ = amendments(space, current, tuple(space.case.issues), size)
        agreed = [texts[:0]]
        for begin in range(0, len(texts), BLOCK):
            block = texts[begin : begin + BLOCK]
            agreed.append(block[_agreed(evaluate(space.case, Central(), block))])
            if progress is not None:
                progress(begin + len(block), len(texts))
        found = np.concatenate(agreed)
        if len(found):
            return size, found
    return None, current[None][:0]


def _agreed(evaluation: Evaluation) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """(text,) bool."""
    return np.asarray(np.broadcast_to(evaluation.responses.consent.agreed, (1, len(evaluation.matrix.texts)))[0])


def _described(space: OutcomeSpace, package: Mapping[str, Any], texts: Texts) -> list[dict[str, Any]]:
    """The changes that lead to some texts; the best for the worst-off of those whose consent they need first."""
    if not len(texts):
        return []
    evaluation = evaluate(space.case, Central(), texts)
    shape = (1, len(texts))
    answers = {
        name: (np.broadcast_to(one.surplus, shape)[0], np.broadcast_to(one.never, shape)[0])
        for name, one in evaluation.responses.answers.items()
    }
    asked = required_actors(space.case, evaluation.matrix, evaluation.responses.pledged)
    least = np.full(len(texts), np.inf)
    for name, needs in asked.items():
        least = np.where(np.broadcast_to(needs, shape)[0], np.minimum(least, answers[name][0]), least)
    return [
        {
            "change": {
                name: [package[name], option]
                for name, option in space.decode(texts[at]).items()
                if option != package[name]
            },
            "surplus": {
                name: "never" if never[at] else number(surplus[at]) for name, (surplus, never) in answers.items()
            },
            "needed": [name for name, needs in asked.items() if np.broadcast_to(needs, shape)[0, at]],
        }
        for at in np.argsort(-least, kind="stable").tolist()
    ]


def check(space: OutcomeSpace, terms: int) -> None:
    """Refuse a number of terms that changes nothing, or leads to more packages than can be judged."""
    if terms < 1:
        raise UsageError(f"{terms} changed terms change nothing; at least 1.")
    # How many choices on any so many issues: the coefficients of the product of (1 + options x) over the issues.
    terms = min(terms, len(space.sizes))
    choices = [1] + [0] * terms
    for options in space.sizes.tolist():
        choices = [1, *(choices[at] + options * choices[at - 1] for at in range(1, terms + 1))]
    if (most := max(choices)) > PACKAGES_MOST:
        raise UsageError(
            f"{terms} changed terms lead to {most:,} packages; at most {PACKAGES_MOST:,} can be judged one by one. "
            "Allow fewer terms."
        )
