"""Candidates for the next text, judged as the drafters expect everybody to answer, and the tests a draft has to pass.

Arrays are (world, text) unless said otherwise; in memory, the worlds of a text lie side by side. The letters (a) to (f)
are those of the model, section 7.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Case
from sim.engine.consent import Consent, Pledged
from sim.engine.responses import Responses
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.shared_columns import Indices
from sim.engine.verdict_rules import Assessment
from sim.negotiation.drafting.candidate_sets import Docket
from sim.negotiation.drafting.gaps import Gaps
from sim.negotiation.memory import Memory, RedLines


@dataclass(frozen=True)
class Candidates:
    """The texts that may be tabled next in some worlds, and what follows from each.

    Parameters
    ----------
    case, lines : of the scenario
    candidate_set : the texts
    responses : what the drafters expect everybody to answer to them
    base : the texts with which drafts are compared
    memory : what the talks remember
    means : resource to actor to (world or 1, 1) float, all that each has, whatever it sends
    there : bool, which texts are candidates in which world
    first_offer : (world, 1) bool, whether the drafter has made no offer yet
    drafted_by : who drafts
    step : points, the least change of a gap that counts
    """

    case: Case
    lines: RedLines
    candidate_set: Docket
    responses: Responses
    base: Gaps
    memory: Memory
    means: Pledged
    there: Bools
    first_offer: Bools
    drafted_by: tuple[str, ...]
    step: float

    @property
    def answers(self) -> Mapping[str, Assessment]:
        """Actor to its expected answer."""
        return self.responses.answers

    @property
    def consent(self) -> Consent:
        """What the consent rules make of these answers."""
        return self.responses.consent

    def blocks(self, name: str) -> Bools:
        """Whether an actor is expected to block a text."""
        return self.consent.blockers[name]

    def gap(self, name: str, worlds: Indices, texts: Indices) -> Floats:
        """Return (pair,) float, points: what an actor lacks on texts, each in one world; 0 if it no longer blocks."""
        answer = self.answers[name]
        gap = answer.pick(answer.gap, worlds, texts)
        if answer.never.any():
            gap = np.where(answer.pick(answer.never, worlds, texts), np.inf, gap)
        stubborn = self.base.stubborn[name] | self.base.keeps[name]
        gap = np.where(stubborn[worlds, 0], np.maximum(gap, self.step), gap)
        return np.where(_pick(self.blocks(name), worlds, texts), gap, 0.0)


def _pick(array: NDArray[Any], worlds: Indices, texts: Indices) -> NDArray[Any]:
    return np.asarray(array[worlds if len(array) > 1 else 0, texts if array.shape[1] > 1 else 0])


# -- the tests --------------------------------------------------------------------------------------------------------


def refused_by_none(drafts: Candidates, names: Collection[str]) -> Bools:
    """(a): none of these refuses the draft; holding out is not refusing."""
    result = np.ones((1, 1), dtype=bool)
    for name in names:
        result = result & ~drafts.answers[name].refuses
    return result


def accepted_by(drafts: Candidates, name: str) -> Bools:
    """Whether an actor accepts the draft."""
    return drafts.answers[name].accepts


def loses_nobody(drafts: Candidates) -> Bools:
    """(b): nobody who does not block the present text blocks the draft."""
    lost = np.zeros((1, 1), dtype=bool)
    for name in drafts.case.actors:
        blocks = drafts.blocks(name)
        if blocks.any() and not drafts.base.blocks[name].all():
            lost = lost | (blocks & ~drafts.base.blocks[name])
    return ~lost


def respects_lines(drafts: Candidates, but: str = "") -> Bools:
    """(c): no yielded line is crossed, nor newly a known one whose owner would then block.

    Parameters
    ----------
    but : an actor whose own lines are its own affair
    """
    breaks = np.zeros((1, 1), dtype=bool)
    newly = drafts.memory.known & ~drafts.base.crossed
    for name, some in drafts.lines.of.items():
        if name != but and newly[:, some].any():
            breaks = breaks | (drafts.candidate_set.crosses(name, newly[:, some]) & drafts.blocks(name))
        if drafts.memory.yielded[:, some].any():
            breaks = breaks | drafts.candidate_set.crosses(name, drafts.memory.yielded[:, some])
    return ~breaks


def returns_nothing(drafts: Candidates) -> Bools:
    """(d): no issue returns to an option that it has had on its path."""
    past = drafts.memory.paths.copy()
    worlds, issues = np.indices(drafts.base.texts.shape)
    past[worlds, issues, drafts.base.texts] = False  # to leave an issue as it is returns nothing
    return ~drafts.candidate_set.touches(past)


def makes_progress(drafts: Candidates, but: str = "") -> Bools:
    """(e): somebody who blocks is won or comes a step closer, and nobody who blocks falls back by a step.

    Parameters
    ----------
    but : an actor who is not looked at
    """
    base, unmet = drafts.base, drafts.consent.unmet
    nearer = farther = np.zeros((1, 1), dtype=bool)
    for rule, stuck in base.stuck.items():
        if stuck.any():
            nearer = nearer | (stuck & ~unmet.get(rule, np.zeros((1, 1), dtype=bool)))
    for name in drafts.case.actors:
        blocked = base.blocks[name]
        if name == but or not blocked.any():
            continue
        blocks = drafts.blocks(name)
        comes, falls = _moves(drafts, name)
        nearer = nearer | (blocked & (comes | ~blocks))
        farther = farther | (blocked & blocks & falls)
    return nearer & ~farther


def _moves(drafts: Candidates, name: str) -> tuple[Bools, Bools]:
    """Whether an actor that blocks comes a step closer, and whether it falls back by a step."""
    answer, base = drafts.answers[name], drafts.base
    was, now = base.never[name], answer.never
    closer = base.gap[name] - answer.gap
    if was.any():  # across a line that is not for sale: by the surplus without its price
        closer = np.where(was, answer.surplus - base.surplus[name], closer)
    comes, falls = closer >= drafts.step, closer <= -drafts.step
    if was.any() or now.any():
        comes, falls = (comes & ~(now & ~was)) | (was & ~now), (falls & ~(was & ~now)) | (now & ~was)
    comes, falls = answer.by_text(comes), answer.by_text(falls)
    stubborn = base.stubborn[name] | base.keeps[name]
    if stubborn.any():  # a person is won as a whole, or not at all
        comes = comes & ~stubborn
    return comes, falls


def within_means(drafts: Candidates) -> Bools:
    """(f): no pledged resource is asked for beyond all that there is."""
    result = np.ones((1, 1), dtype=bool)
    for rule, applies in zip(drafts.case.consent, drafts.candidate_set.applies(), strict=True):
        if rule.pledges and applies.any():
            held = drafts.means[rule.pledges.of]
            everything = sum((held[name] for name in rule.pledges.from_), start=np.zeros((1, 1)))
            result = result & ~(applies & (drafts.candidate_set.asked(rule.pledges.cover) > everything))
    return result


def leaves_known_lines(drafts: Candidates) -> Bools:
    """Whether the draft leaves a known line that the present text crosses, of an actor who refuses and blocks."""
    leaves = np.zeros((1, 1), dtype=bool)
    leavable = leavable_lines(drafts.lines, drafts.base, drafts.memory)
    for name, some in drafts.lines.of.items():
        for at in np.flatnonzero(leavable[:, some].any(axis=0)):
            line = np.zeros((len(leavable), some.stop - some.start), dtype=bool)
            line[:, at] = leavable[:, some][:, at]
            leaves = leaves | (line[:, [at]] & ~drafts.candidate_set.crosses(name, line))
    return leaves


def leavable_lines(lines: RedLines, base: Gaps, memory: Memory) -> Bools:
    """(world, line) bool: known lines that the present text crosses, of blockers who refuse."""
    leavable = memory.known & base.crossed
    for name, some in lines.of.items():
        leavable[:, some] &= base.blocks[name] & base.refuses[name]
    return leavable
