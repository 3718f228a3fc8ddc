"""The texts that talks can reach from their proposal, counted once if no rule of the case tells them apart.

A change of a negotiable issue may change other issues too, because a constraint ties them to it. So the texts within
reach are all possible texts that equal the proposal on every issue that is neither negotiable nor tied to one that is.
Many of them differ only in terms that no rule of the case tells apart. These count as one text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace, Texts, scope
from sim.engine.rule_matrix import CONSENT, NOBODY, CompiledRules, RuleMatrix
from sim.negotiation.protocols import protocol_of

BLOCK = 65_536
"""Texts, possible or not, that are read at once, sized to fit the processor's cache."""
TEXTS_MOST, CODES_MOST = 2**22, 2**24
"""The most possible texts, and the most texts possible or not, within reach of a scenario whose zone is computed: at
most some ten seconds and 300 MB."""
WORD = 8
"""Bytes in a machine word. Keys fill whole words."""


@dataclass(frozen=True)
class Reachable:
    """The texts within reach of a scenario's proposal.

    The texts are (text, issue) uint8, one of each group that no rule tells apart: the first in the order of the
    options. `packages` counts all possible packages within reach.
    """

    texts: Texts
    packages: int


def movable_issues(scenario: Scenario) -> tuple[int, ...]:
    """Return the indices of the issues that can change in the talks: the negotiable ones, and those tied to them.

    A constraint demands its `then` once an issue that it names has changed, so the issues of `then` may change too.
    """
    case = scenario.case
    indices = {name: index for index, name in enumerate(case.issues)}
    moving = {indices[name] for name in protocol_of(scenario).negotiable}
    demanded = [set(scope(case, rule.then)) for rule in case.constraints]
    named = [set(scope(case, rule.when)) | then for rule, then in zip(case.constraints, demanded, strict=True)]
    for _ in demanded:  # one demand may lead to another: a chain has at most as many links as there are constraints
        for issues, then in zip(named, demanded, strict=True):
            if issues & moving:
                moving |= then
    return tuple(sorted(moving))


def reachable(scenario: Scenario) -> Reachable | None:
    """Find the texts within reach, one of each group that no rule tells apart.

    Returns None if there are more than `TEXTS_MOST`.
    """
    space, compiled_rules, moving = OutcomeSpace(scenario.case), CompiledRules(scenario.case), movable_issues(scenario)
    if math.prod(space.sizes[list(moving)].tolist()) > CODES_MOST:
        return None
    distinct, packages = _DistinctTexts(), 0
    for _, texts in space.blocks(BLOCK, space.encode(scenario.proposal), moving):
        if len(texts):
            distinct.add(texts, _keys(compiled_rules, compiled_rules.read(texts)))
            packages += len(texts)
        if packages > TEXTS_MOST:
            return None
    return Reachable(distinct.texts(), packages)


class _DistinctTexts:
    """Collects texts, and forgets those whose keys equal that of an earlier one.

    It looks for equal keys whenever half as many texts have been added as were left the last time. So each text is
    compared a few times, and never many more are in memory than there are different ones.
    """

    def __init__(self) -> None:
        self._texts: list[Texts] = []
        self._keys: list[NDArray[np.uint64]] = []
        self._left = self._added = 0

    def add(self, texts: Texts, keys: NDArray[np.uint64]) -> None:
        """Add texts, (text, issue), after all others, with their keys (word, text)."""
        first = _first_of_each(keys)
        self._texts.append(texts[first])
        self._keys.append(keys[:, first])
        self._added += len(first)
        if 2 * self._added > self._left:
            self._forget()

    def texts(self) -> Texts:
        """Return (text, issue), the first text of each key, in the order in which they were added."""
        self._forget()
        return self._texts[0]

    def _forget(self) -> None:
        keys, self._keys = np.concatenate(self._keys, axis=1), []  # what is not needed any more leaves memory at once
        first = _first_of_each(keys)
        self._keys = [keys[:, first]]
        del keys
        texts, self._texts = np.concatenate(self._texts), []
        self._texts = [texts[first]]
        self._left, self._added = len(first), 0


def _first_of_each(keys: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return the indices of the first of all equal keys (word, key), in ascending order."""
    order = np.lexsort(keys)  # equal keys stay in their order
    differs = np.zeros(len(order), dtype=bool)
    differs[:1] = True
    for word in keys:
        in_order = word[order]
        differs[1:] |= in_order[1:] != in_order[:-1]
    return np.sort(order[differs])


def _keys(compiled_rules: CompiledRules, matrix: RuleMatrix) -> NDArray[np.uint64]:
    """Return keys (word, text), equal for texts for which every rule of the case holds alike.

    The amount that pledges have to cover counts too, where the rule that asks for them applies.
    """
    case, rows = compiled_rules.case, [np.packbits(matrix.holds[compiled_rules.distinct_rules], axis=0)]
    applies = matrix.holds[matrix.sections[CONSENT, "", NOBODY]]
    for rule, asks in zip(case.consent, applies, strict=True):
        for pledges in rule.pledges_asked:
            covered = matrix.texts[:, list(case.issues).index(pledges.cover)]
            rows.append((asks * (covered + np.uint8(1)))[None])
    filled = np.concatenate(rows)
    padding = np.zeros((-len(filled) % WORD, filled.shape[1]), dtype=np.uint8)
    keys = np.ascontiguousarray(np.concatenate([filled, padding]).T).view(np.uint64)
    return np.ascontiguousarray(keys.T)
