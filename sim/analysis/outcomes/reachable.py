"""The texts that talks can reach from their proposal, and those among them that differ to somebody.

A change of a negotiable issue may drag other issues along, because a constraint ties them to it. So the texts within
reach are all possible texts that equal the proposal wherever an issue is neither negotiable nor tied to one that is.
Many of them differ only in terms that no rule of the case tells apart. These count as one text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Case, Scenario
from sim.engine.outcome_space import OutcomeSpace, Texts, scope
from sim.engine.rule_matrix import CONSENT, NOBODY, CompiledRules, RuleMatrix
from sim.negotiation.protocols import protocol_of

BLOCK = 65_536
"""Texts, possible or not, that are read at once, sized to fit the processor's cache."""
TEXTS_MOST, CODES_MOST = 2**22, 2**24
"""Possible texts within reach, and texts possible or not, of a scenario whose zone is computed: some ten seconds and
half a gigabyte at most."""
WORD = 8
"""Bytes of a machine word: keys fill whole words."""


@dataclass(frozen=True)
class Reachable:
    """The texts within reach of a scenario's proposal.

    Parameters
    ----------
    texts : (text, issue) uint8, of the texts that no rule tells apart the first in the order of the options
    packages : how many possible packages there are, each counted by itself
    """

    texts: Texts
    packages: int


def movable(scenario: Scenario) -> tuple[int, ...]:
    """Return the places of the issues that can change in the talks: the negotiable ones, and what they drag along.

    A constraint asks for its `then` once an issue that it names has changed, so the issues of `then` may change too.
    """
    case = scenario.case
    places = {name: at for at, name in enumerate(case.issues)}
    moving = {places[name] for name in protocol_of(scenario).negotiable}
    ties = [
        (set(scope(case, one.when) + scope(case, one.then)), set(scope(case, one.then))) for one in case.constraints
    ]
    for _ in ties:  # what is dragged along may drag more along, once each at most
        for named, dragged in ties:
            if named & moving:
                moving |= dragged
    return tuple(sorted(moving))


def reachable(scenario: Scenario) -> Reachable | None:
    """Find the texts within reach that differ to somebody.

    Returns
    -------
    the texts; None if there are more than `TEXTS_MOST`
    """
    space, compiled_rules, moving = OutcomeSpace(scenario.case), CompiledRules(scenario.case), movable(scenario)
    if math.prod(space.sizes[list(moving)].tolist()) > CODES_MOST:
        return None
    found, known, packages = [], [], 0
    for _, texts in space.blocks(BLOCK, space.encode(scenario.proposal), moving):
        if len(texts):
            keys, first = np.unique(_keys(scenario.case, compiled_rules.read(texts)), return_index=True)
            found.append(texts[first])
            known.append(keys)
            packages += len(texts)
        if packages > TEXTS_MOST:
            return None
    _, first = np.unique(np.concatenate(known), return_index=True)
    return Reachable(np.concatenate(found)[np.sort(first)], packages)


def _keys(case: Case, matrix: RuleMatrix) -> NDArray[np.void]:
    """Return (text,) keys, equal where every rule of the case holds alike.

    What pledges have to cover counts too, where the rule that asks for them applies.
    """
    rows = [np.packbits(matrix.holds, axis=0)]
    applies = matrix.holds[matrix.sections[CONSENT, "", NOBODY]]
    for at, rule in enumerate(case.consent):
        if rule.pledges is not None:
            covered = matrix.texts[:, list(case.issues).index(rule.pledges.cover)]
            rows.append((applies[at] * (covered + np.uint8(1)))[None])
    filled = np.concatenate(rows)
    spare = np.zeros((-len(filled) % WORD, filled.shape[1]), dtype=np.uint8)
    whole = np.ascontiguousarray(np.concatenate([filled, spare]).T)
    return whole.view(np.dtype((np.void, whole.shape[1]))).ravel()
