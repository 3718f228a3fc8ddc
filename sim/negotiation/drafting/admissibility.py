"""Candidates for the next text with everybody's expected answers, and the tests that an admissible draft passes.

Arrays are (world, text) unless stated otherwise; in memory, the worlds of a text are adjacent. The letters (a) to (f)
are those of the model, section 7.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from sim.case.consent_rules.demands import ConsentDemand
from sim.case.models import Case
from sim.engine.fixed_point import to_points
from sim.engine.responses import Responses
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.shared_columns import Indices, pick
from sim.engine.verdict_rules import Assessment
from sim.engine.voting.consent import Consent
from sim.engine.voting.pledge_cover import Pledged
from sim.negotiation.drafting.candidate_sets import CandidateSet
from sim.negotiation.drafting.gaps import Gaps
from sim.negotiation.memory import Memory, RedLines


@dataclass(frozen=True)
class Candidates:
    """The texts that may be tabled next in some worlds, and what the drafters expect of each.

    Parameters
    ----------
    responses : everybody's expected answers to them
    base : the gaps on the texts with which drafts are compared
    capacities : resource to actor to (world or 1, 1) float, all that each actor has, whatever it sends
    available : bool, which texts are candidates in each world
    first_offer : (world, 1) bool, whether the drafter has made no offer yet
    step : points, the least change of a gap that counts
    """

    case: Case
    lines: RedLines
    candidate_set: CandidateSet
    responses: Responses
    base: Gaps
    memory: Memory
    capacities: Pledged
    available: Bools
    first_offer: Bools
    drafted_by: tuple[str, ...]
    step: float

    @property
    def answers(self) -> Mapping[str, Assessment]:
        """Actor to its expected answers."""
        return self.responses.answers

    @property
    def consent(self) -> Consent:
        """The result of the consent rules for these answers."""
        return self.responses.consent

    def blocks(self, name: str) -> Bools:
        """Whether an actor is expected to block a text."""
        return self.consent.blockers[name]

    def gap(self, name: str, worlds: Indices, texts: Indices) -> Floats:
        """Return (pair,) float, points: an actor's gap on some texts, each in one world; 0 if it does not block."""
        answer = self.answers[name]
        gap = answer.pick(answer.gap, worlds, texts)
        if answer.never.any():
            gap = np.where(answer.pick(answer.never, worlds, texts), np.inf, gap)
        stubborn = self.base.stubborn[name] | self.base.keeps[name]
        gap = np.where(stubborn[worlds, 0], np.maximum(gap, self.step), gap)
        return np.where(pick(self.blocks(name), worlds, texts), gap, 0.0)


# -- the tests --------------------------------------------------------------------------------------------------------


def refused_by_none(drafts: Candidates, names: Collection[str]) -> Bools:
    """(a): none of these actors refuses the draft; holding out is not refusing."""
    result = np.ones((1, 1), dtype=bool)
    for name in names:
        result = result & ~drafts.answers[name].refuses
    return result


def accepted_by(drafts: Candidates, name: str) -> Bools:
    """The draft is accepted by an actor."""
    return drafts.answers[name].accepts


def loses_nobody(drafts: Candidates) -> Bools:
    """(b): no actor blocks the draft who does not block the current text."""
    lost = np.zeros((1, 1), dtype=bool)
    for name in drafts.case.actors:
        blocks = drafts.blocks(name)
        if blocks.any() and not drafts.base.blocks[name].all():
            lost = lost | (blocks & ~drafts.base.blocks[name])
    return ~lost


def respects_lines(drafts: Candidates, but: str = "") -> Bools:
    """(c): the draft crosses no yielded line, and newly crosses no known line whose owner would then block.

    The actor `but` may cross its own lines.
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
    """(d): no issue returns to an option on its path."""
    past = drafts.memory.paths.copy()
    worlds, issues = np.indices(drafts.base.texts.shape)
    past[worlds, issues, drafts.base.texts] = False  # leaving an issue as it is does not return it
    return ~drafts.candidate_set.touches(past)


def makes_progress(drafts: Candidates, but: str = "") -> Bools:
    """(e): some blocker stops blocking or comes a step closer, and no blocker falls back by a step.

    The actor `but` does not count.
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
        closer, falls_back = _gap_changes(drafts, name)
        nearer = nearer | (blocked & (closer | ~blocks))
        farther = farther | (blocked & blocks & falls_back)
    return nearer & ~farther


def _gap_changes(drafts: Candidates, name: str) -> tuple[Bools, Bools]:
    """Whether an actor that blocks comes a step closer, and whether it falls back by a step."""
    answer, base = drafts.answers[name], drafts.base
    before, after = base.never[name], answer.never
    gain = to_points(base.gap[name] - answer.gap)
    if before.any():  # across a closed line: by the surplus without its price
        gain = np.where(before, to_points(answer.surplus - base.surplus[name]), gain)
    closer, falls_back = gain >= drafts.step, gain <= -drafts.step
    if before.any() or after.any():
        crosses, leaves = after & ~before, before & ~after
        closer, falls_back = (closer & ~crosses) | leaves, (falls_back & ~leaves) | crosses
    closer, falls_back = answer.by_text(closer), answer.by_text(falls_back)
    stubborn = base.stubborn[name] | base.keeps[name]
    if stubborn.any():  # a person stops blocking or does not: there is nothing in between
        closer = closer & ~stubborn
    return closer, falls_back


def within_means(drafts: Candidates) -> Bools:
    """(f): the draft asks for no more of a pledged resource than exists."""
    result = np.ones((1, 1), dtype=bool)
    for rule, applies in zip(drafts.case.consent, drafts.candidate_set.matrix.applies(), strict=True):
        if rule.pledges_asked and applies.any():
            result = result & ~(applies & _beyond_means(drafts, rule))
    return result


def _beyond_means(drafts: Candidates, demand: ConsentDemand) -> Bools:
    """Where a demand asks for more of a pledged resource than exists, with no alternative that does not."""
    beyond = np.zeros((1, 1), dtype=bool)
    if demand.pledges:
        capacities = drafts.capacities[demand.pledges.of]
        total = sum((capacities[name] for name in demand.pledges.from_), start=np.zeros((1, 1)))
        beyond = drafts.candidate_set.matrix.asked(demand.pledges.cover) > to_points(total)
    for part in demand.all_:
        beyond = beyond | _beyond_means(drafts, part)
    if demand.any_:
        beyond = beyond | np.logical_and.reduce(
            np.broadcast_arrays(*(_beyond_means(drafts, one) for one in demand.any_))
        )
    return beyond


def leaves_known_lines(drafts: Candidates) -> Bools:
    """The draft leaves a known line that the current text crosses, of a blocker who refuses."""
    leaves = np.zeros((1, 1), dtype=bool)
    leavable = leavable_lines(drafts.lines, drafts.base, drafts.memory)
    for name, some in drafts.lines.of.items():
        for index in np.flatnonzero(leavable[:, some].any(axis=0)):
            line = leavable[:, some] & (np.arange(some.stop - some.start) == index)
            leaves = leaves | (line[:, [index]] & ~drafts.candidate_set.crosses(name, line))
    return leaves


def leavable_lines(lines: RedLines, base: Gaps, memory: Memory) -> Bools:
    """(world, line) bool: known lines that the current text crosses, of blockers who refuse."""
    leavable = memory.known & base.crossed
    for name, some in lines.of.items():
        leavable[:, some] &= base.blocks[name] & base.refuses[name]
    return leavable
