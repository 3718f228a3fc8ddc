"""Many texts, judged once for all that are the same to somebody.

An actor's judgement of a text depends on nothing but which of its rules hold: its preferences, its red lines, and the
rules of the measures that it weighs. Among hundreds of texts they hold in a few dozen ways. Each such way is a column:
the actor judges the columns, by the same rules as any text (`sim.rules.verdicts`), and every text takes the answer of
its column. Likewise each measure is taken once for all texts in which the same of its rules hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.shapes import Actor, Case
from sim.rules.measures import DURABILITY, Situation
from sim.rules.reading import LINES, MEASURES, NOBODY, PREFERENCES, Bools, Floats, Read, Reading, total
from sim.rules.spread import Indices, Spread, columns
from sim.rules.verdicts import Appraisal, Stance

LARGEST_KEY = 2**62
"""The ways in which rules hold are numbered up to here, and then anew by those that there are."""


@dataclass(frozen=True)
class Sight:
    """The texts as one actor sees them.

    Parameters
    ----------
    rules : of the columns, one for each way in which its rules hold: kind to (rule,) int, which of its rules hold
        anywhere, and (rule, column) float, 1 where one does
    measured : weighed measure to (column,) int, the measure's own column
    each : owners who let their declared red lines go, to (text,) int, the column of each text
    """

    rules: Mapping[str, tuple[Indices, Floats]]
    measured: Mapping[str, Indices]
    each: Mapping[frozenset[str], Indices]

    def total(self, points: Floats, kind: str, owner: str = "", gone: frozenset[str] = NOBODY) -> Floats:
        """Sum the points of the actor's rules of a kind that hold, (world or 1, column) float."""
        held, rules = self.rules[kind]
        return total(points.take(held, axis=1), rules, paired=False) if len(held) else np.zeros((1, rules.shape[1]))


@dataclass(frozen=True)
class Seen(Situation):
    """A situation as one actor sees it, its measures by their own columns.

    Parameters
    ----------
    each : weighed measure to (column of the actor,) int, the measure's column
    """

    each: Mapping[str, Indices]

    def weighed(self, measure: str, weights: Floats) -> Floats:
        """Return (world or 1, column of the actor) float, points: what a measure counts, by weights (world or 1, 1)."""
        return columns(super().weighed(measure, weights), self.each[measure])


class Alike:
    """A reading for many worlds, in which every text takes its place in the columns of each actor and measure.

    It is a `Read`, in which the texts of a measure are the measure's columns.

    Parameters
    ----------
    reading : of the texts; not paired with worlds
    """

    def __init__(self, case: Case, reading: Reading) -> None:
        self.reading, self.shape, self._case = reading, reading.shape, case
        self._measures: dict[str, tuple[Floats, Indices]] = {}
        for name in case.measures:
            rules = reading.matrix[reading.sections[MEASURES, name, NOBODY]]
            first, each = _columns(rules)
            self._measures[name] = rules[:, first].astype(np.float64), each
        self.sights = {name: self._sight(actor, name) for name, actor in case.actors.items()}
        self._applies = reading.applies()

    def voices(self, stances: Iterable[Stance]) -> list[Onlooker]:
        """Everybody, in sight of these texts."""
        return [Onlooker(stance, self.sights[stance.name]) for stance in stances]

    def total(self, points: Floats, kind: str, owner: str = "", gone: frozenset[str] = NOBODY) -> Floats:
        """Sum the points of the rules of a measure that hold, (world or 1, column of the measure) float."""
        assert kind == MEASURES  # an actor's rules are summed in its own sight
        return total(points, self._measures[owner][0], paired=False)

    def applies(self) -> Sequence[Bools]:
        """Which consent rules apply; for each (1, text) bool."""
        return self._applies

    def asked(self, issue: str) -> Floats:
        """Return (1, text) float, the number of the text's option on a numeric issue."""
        return self.reading.asked(issue)

    def patterns(self, actor: str) -> list[frozenset[str]]:
        """Return the sets of owners for which this actor's preferences were read."""
        return self.reading.patterns(actor)

    def _sight(self, actor: Actor, name: str) -> Sight:
        """Find the columns of one actor, over the texts as they are read for every set of owners."""
        reading, patterns = self.reading, self.reading.patterns(name)
        weighed = {weight.measure: self._each(weight.measure) for weight in actor.weighs}
        lines = reading.matrix[reading.sections[LINES, name, NOBODY]]
        seen = [np.concatenate([lines, reading.matrix[reading.sections[PREFERENCES, name, gone]]]) for gone in patterns]
        rules = np.concatenate(seen, axis=1)
        measured = [np.tile(each, len(patterns))[None] for each in weighed.values()]
        first, each = _columns(np.concatenate([rules, *measured]))
        texts = first % len(reading.texts)
        blocks = dict(zip((LINES, PREFERENCES), np.split(rules[:, first], [len(lines)]), strict=True))
        held = {kind: np.flatnonzero(block.any(axis=1)) for kind, block in blocks.items()}
        summed = {kind: (held[kind], block[held[kind]].astype(np.float64)) for kind, block in blocks.items()}
        placed = {measure: column[texts] for measure, column in weighed.items()}
        return Sight(summed, placed, dict(zip(patterns, each.reshape(len(patterns), -1), strict=True)))

    def _each(self, measure: str) -> Indices:
        """(text,) int, the column of a measure in which each text is; durability goes by what deters."""
        lasting = self._case.durability
        return self._measures[lasting.deterrence if measure == DURABILITY and lasting else measure][1]


@dataclass(frozen=True)
class Onlooker:
    """A voice that judges texts by the columns of its sight."""

    stance: Stance
    sight: Sight

    @property
    def name(self) -> str:
        """The actor's id in the case."""
        return self.stance.name

    @property
    def actor(self) -> Actor:
        """The actor as the case describes it."""
        return self.stance.actor

    @property
    def capacities(self) -> Mapping[str, Floats]:
        """Resource to (world or 1,) float."""
        return self.stance.capacities

    def appraise(self, situation: Situation) -> Appraisal:
        """Judge the columns."""
        seen = Seen(situation.context, situation.month, situation.months, situation.measures, self.sight.measured)
        return self.stance.appraise(self.sight, NOBODY, seen)

    def answer(self, reading: Read, situation: Situation, accepted: Mapping[str, Bools]) -> Appraisal:
        """Judge the columns, and say which text is in which; see `Stance.answer`."""
        heeding = self.stance.heeding(reading, accepted)
        spread = Spread(tuple((where, self.sight.each[gone]) for gone, where in heeding))
        return replace(self.appraise(situation), spread=spread)


def _columns(rows: NDArray[np.integer[Any]]) -> tuple[Indices, Indices]:
    """Find the distinct columns of (row, text): the first text of each, and (text,) the column of each text."""
    keys, most = np.zeros(rows.shape[1], dtype=np.int64), 1
    for row in rows:
        values = int(row.max()) + 1
        if most * values > LARGEST_KEY:
            keys = np.unique(keys, return_inverse=True)[1]
            most = len(keys)
        keys, most = keys * values + row, most * values
    _, first, each = np.unique(keys, return_index=True, return_inverse=True)
    return first, each
