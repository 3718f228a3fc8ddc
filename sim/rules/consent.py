"""Whose acceptance a text needs, and whether it has it (model, section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.case.shapes import Case, ConsentRule
from sim.rules.reading import Bools, Floats, Reading
from sim.rules.verdicts import REFUSALS_BELOW, Verdict

Verdicts = Mapping[str, NDArray[np.uint8]]
Pledged = Mapping[str, Mapping[str, Floats]]


@dataclass(frozen=True)
class Consent:
    """Which texts are agreed, and who stands in the way.

    Parameters
    ----------
    unmet : consent rule to (world, text) bool, for the rules that apply to any of the texts
    withheld : consent rule to actor to (world, text) bool, who withholds what an unmet rule asks
    blockers : actor to (world, text) bool, whether it withholds what any unmet rule asks of it
    stuck : (world, text) int, how many rules are unmet although nobody in them withholds anything
    """

    unmet: Mapping[str, Bools]
    withheld: Mapping[str, Mapping[str, Bools]]
    blockers: Mapping[str, Bools]
    stuck: NDArray[np.int64]

    @property
    def agreed(self) -> Bools:
        """(world, text) bool, whether every rule that applies is met."""
        return np.asarray(~np.logical_or.reduce([*self.unmet.values(), np.zeros(self.stuck.shape, dtype=bool)]))


def consent(case: Case, reading: Reading, verdicts: Verdicts, pledged: Pledged) -> Consent:
    """Weigh the verdicts by the consent rules.

    Parameters
    ----------
    reading : what the rules say of the texts
    verdicts : actor to (world, text) uint8
    pledged : resource to actor to (world or 1, text or 1) float, what each would give if it accepts
    """
    each_text = (len(reading.texts), 1) if reading.paired else (1, len(reading.texts))
    shape = np.broadcast_shapes(each_text, *(verdict.shape for verdict in verdicts.values()))
    unmet: dict[str, Bools] = {}
    withheld: dict[str, dict[str, Bools]] = {}
    blockers = {name: np.zeros(shape, dtype=bool) for name in case.actors}
    stuck = np.zeros(shape, dtype=np.int64)
    for rule, applies in zip(case.consent, reading.consent, strict=True):
        if not applies.any():
            continue
        each = applies[:, None] if reading.paired else applies[None, :]
        missing = np.zeros(shape, dtype=bool)
        holding_back: dict[str, Bools] = {}
        for failed, members in _asked(rule, reading, verdicts, pledged):
            failed = failed & each
            missing |= failed
            for name, withholds in members.items():
                holding_back[name] = holding_back.get(name, False) | (failed & withholds)
        unmet[rule.rule], withheld[rule.rule] = missing, holding_back
        for name, blocks in holding_back.items():
            blockers[name] |= blocks
        stuck += missing & ~np.logical_or.reduce(list(holding_back.values()))
    return Consent(unmet, withheld, blockers, stuck)


def _asked(
    rule: ConsentRule, reading: Reading, verdicts: Verdicts, pledged: Pledged
) -> list[tuple[Bools, dict[str, Bools]]]:
    """Everything that one rule asks: (world, text) bool where it is not met, and who withholds it there."""
    asked = []
    if rule.needs:
        withheld = {name: verdicts[name] != Verdict.ACCEPT for name in rule.needs}
        asked.append((np.logical_or.reduce(list(withheld.values())), withheld))
    if rule.veto:
        withheld = {name: verdicts[name] < REFUSALS_BELOW for name in rule.veto}
        asked.append((np.logical_or.reduce(list(withheld.values())), withheld))
    if rule.quorum:
        withheld = {name: verdicts[name] != Verdict.ACCEPT for name in rule.quorum.of}
        accepting = len(withheld) - np.sum(list(withheld.values()), axis=0)
        asked.append((accepting < rule.quorum.at_least, withheld))
    if rule.pledges:
        given = pledged[rule.pledges.of]
        withheld = {name: verdicts[name] != Verdict.ACCEPT for name in rule.pledges.from_}
        offered = np.add.reduce([np.where(withheld[name], 0.0, given[name]) for name in withheld])
        cover = reading.cover[rule.pledges.cover]
        asked.append((offered < (cover[:, None] if reading.paired else cover[None, :]), withheld))
    return asked


def needed(case: Case, reading: Reading, pledged: Pledged) -> dict[str, Bools]:
    """Whose acceptance a text cannot do without, even if everybody else accepts.

    Returns
    -------
    actor to (world, text) bool
    """
    result = {}
    for name in case.actors:
        others = {
            other: np.full((1, 1), Verdict.RED_LINE if other == name else Verdict.ACCEPT, dtype=np.uint8)
            for other in case.actors
        }
        result[name] = consent(case, reading, others, pledged).blockers[name]
    return result
