"""The smallest sets of changed terms with which a package is agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import numpy as np

from sim.analysis.outcomes.enumeration import BLOCK, PACKAGES_MOST, Progress, enumerate_packages, judged_blocks
from sim.case.conditions import Option
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import Bools
from sim.engine.terms import amendments
from sim.engine.voting.needed_actors import required_actors
from sim.engine.worlds import Central
from sim.errors import UsageError
from sim.negotiation.answers.evaluation import Evaluation, number
from sim.negotiation.answers.evaluation_context import evaluate


class TermChange(TypedDict):
    """One set of changed terms, issue to [old, new]; a surplus of the changed package is in points, or ``"never"``."""

    change: dict[str, list[Option]]
    surplus: dict[str, float | str]
    needed: list[str]


class AgreedAtAll(TypedDict):
    """What could be agreed if no small change of terms is: see `agreed_at_all`.

    Attributes
    ----------
    packages, agreed : how many packages there are, and how many of them are agreed
    terms, change : the fewest terms in which an agreed package differs from this one, and the first such package
    without : if none is agreed: actor to the number of packages that would be if its refusal did not count
    """

    packages: int
    agreed: int
    terms: int | None
    change: dict[str, list[Option]] | None
    without: dict[str, int]


def agreed_at_all(
    space: OutcomeSpace, package: Mapping[str, Any], progress: Progress | None = None
) -> AgreedAtAll | None:
    """Find what could be agreed at all, at central values; None if there are too many packages to judge each."""
    if space.count > PACKAGES_MOST:
        return None
    blocks, packages = [np.zeros((0, len(space.sizes)), dtype=np.uint8)], 0
    for codes, matrix, responses in judged_blocks(space.case, space):
        agreed = np.broadcast_to(responses.consent.agreed, (1, len(codes)))[0]
        blocks.append(matrix.texts[agreed])
        packages += len(codes)
        if progress is not None:
            progress(int(codes[-1]) + 1, space.count)
    texts, current, without = np.concatenate(blocks), space.encode(package), dict[str, int]()
    distance = (texts != current).sum(axis=1)
    nearest = dict(space.decode(texts[distance.argmin()])) if len(texts) else None
    if nearest is None:
        found = enumerate_packages(space.case, progress).agreed_without
        without = {name: count for name, count in found.items() if count}
    return {
        "packages": packages,
        "agreed": len(texts),
        "terms": int(distance.min()) if len(texts) else None,
        "change": None
        if nearest is None
        else {name: [package[name], option] for name, option in nearest.items() if option != package[name]},
        "without": dict(sorted(without.items(), key=lambda item: -item[1])),
    }


def find_term_changes(
    space: OutcomeSpace, package: Mapping[str, Any], terms: int, progress: Progress | None = None
) -> tuple[int | None, list[TermChange]]:
    """Find every smallest set of changed terms with which a package is agreed, as a take-it-or-leave-it proposal.

    All packages one changed term away are judged at central values, then all two away, and so on up to the first number
    of terms with which any is agreed. Any issue may change, negotiable or not. If a constraint then demands other
    terms, these belong to the same change, in every way in which they can be met, as in the talks (model, section 7).

    Parameters
    ----------
    package : a package that is not agreed as it is
    terms : the most terms that may change
    progress : called with the packages of one size that are judged, and how many there are

    Returns
    -------
    how many terms have to change, None if no change of this size is agreed; and the sets, as plain data
    """
    size, texts = _smallest(space, space.encode(package), terms, progress)
    return size, _described(space, package, texts)


def _smallest(space: OutcomeSpace, current: Texts, terms: int, progress: Progress | None) -> tuple[int | None, Texts]:
    """The least number of changed terms with which any text is agreed, and all such texts, in order."""
    for size in range(1, min(terms, len(current)) + 1):
        within, chosen = amendments(space, current, tuple(space.case.issues), size)
        texts = within[sum(chosen >> issue & 1 for issue in range(len(current))) == size]  # fewer were judged before
        blocks = [texts[:0]]
        for begin in range(0, len(texts), BLOCK):
            block = texts[begin : begin + BLOCK]
            blocks.append(block[_agreed(evaluate(space.case, Central(), block))])
            if progress is not None:
                progress(begin + len(block), len(texts))
        agreed = np.concatenate(blocks)
        if len(agreed):
            return size, agreed
    return None, current[None][:0]


def _agreed(evaluation: Evaluation) -> Bools:
    """(text,) bool."""
    return np.asarray(np.broadcast_to(evaluation.responses.consent.agreed, (1, len(evaluation.matrix.texts)))[0])


def _described(space: OutcomeSpace, package: Mapping[str, Any], texts: Texts) -> list[TermChange]:
    """The changes that lead to some texts, sorted by the surplus of the worst-off of those whose consent they need."""
    if not len(texts):
        return []
    evaluation = evaluate(space.case, Central(), texts)
    shape = (1, len(texts))
    answers = {
        name: (np.broadcast_to(answer.surplus, shape)[0], np.broadcast_to(answer.never, shape)[0])
        for name, answer in evaluation.responses.answers.items()
    }
    consents = required_actors(space.case, evaluation.matrix, evaluation.responses.pledged)
    asked = {name: np.broadcast_to(needs, shape)[0] for name, needs in consents.items()}
    least = np.full(len(texts), np.inf)
    for name, needs in asked.items():
        least = np.where(needs, np.minimum(least, answers[name][0]), least)
    return [
        {
            "change": {
                name: [package[name], option]
                for name, option in space.decode(texts[row]).items()
                if option != package[name]
            },
            "surplus": {
                name: "never" if never[row] else number(surplus[row]) for name, (surplus, never) in answers.items()
            },
            "needed": [name for name, needs in asked.items() if needs[row]],
        }
        for row in np.argsort(-least, kind="stable").tolist()
    ]


def check_term_count(space: OutcomeSpace, terms: int) -> None:
    """Raise UsageError if this many terms change nothing, or allow more packages than can be judged."""
    if terms < 1:
        raise UsageError(f"{terms} changed terms change nothing. Allow at least 1.")
    # How many choices there are on any n issues: the coefficients of the product of (1 + options x) over the issues.
    terms = min(terms, len(space.sizes))
    choices = [1] + [0] * terms
    for options in space.sizes.tolist():
        choices = [1, *(choices[size] + options * choices[size - 1] for size in range(1, terms + 1))]
    if (most := max(choices)) > PACKAGES_MOST:
        raise UsageError(
            f"{terms} changed terms lead to {most:,} packages; at most {PACKAGES_MOST:,} can be judged one by one. "
            "Allow fewer terms."
        )
