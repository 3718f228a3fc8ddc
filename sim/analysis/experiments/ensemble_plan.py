"""What an ensemble is to play: which scenarios, in which worlds, in which chunks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sim.analysis.experiments.world_rows import code_meanings, play_rows
from sim.analysis.runner.pieces import ResultTable, Rows, digest
from sim.case.models import Scenario
from sim.engine.worlds import Streams
from sim.errors import UsageError

CHUNK = 10_000
"""Worlds played at once. The same texts are read again in every chunk, which makes small ones slow; a larger one of the
headline scenario would take more than 400 MiB."""


@dataclass(frozen=True)
class Chunk:
    """Worlds `start` to `start + count` of a seed, to be played on one scenario.

    Parameters
    ----------
    scenario : its id
    number : of the chunk among those of the scenario, from 0
    source : the scenario's `Scenario.source` in JSON, so that any process can build it
    """

    scenario: str
    number: int
    source: str
    seed: int
    start: int
    count: int

    @property
    def table(self) -> str:
        return self.scenario

    def __str__(self) -> str:
        return f"worlds {self.start:,} to {self.start + self.count - 1:,} of '{self.scenario}'"


def play_chunk(chunk: Chunk) -> Rows:
    """Play some worlds of a scenario; each comes out the same in whatever chunk it is played."""
    return play_rows(chunk.source, Streams(chunk.seed, chunk.count, chunk.start), chunk.start)


@dataclass(frozen=True)
class Plan:
    """Scenarios that meet the same worlds.

    Parameters
    ----------
    scenarios : at least one, each with an id of its own
    worlds : how many to draw, at least 1
    seed : of the worlds
    chunk : how many worlds are played, and kept, at once; changes no result

    Attributes
    ----------
    what, format, sizes, inputs, tables, pieces : as `sim.analysis.runner.pieces.Job` says; one table a scenario

    Raises
    ------
    UsageError
        if two scenarios have the same id
    """

    scenarios: tuple[Scenario, ...]
    worlds: int
    seed: int = 0
    chunk: int = CHUNK
    what = "ensemble"
    format = "parley.worlds/1"

    def __post_init__(self) -> None:
        for name, count in Counter(one.id for one in self.scenarios).items():
            if count > 1:
                raise UsageError(f"two scenarios are called '{name}'; rename the file of one.")

    @property
    def sizes(self) -> Mapping[str, int]:
        return {"seed": self.seed, "worlds": self.worlds, "chunk": self.chunk}

    @cached_property
    def inputs(self) -> Mapping[str, Mapping[str, str]]:
        return {"scenarios": {one.id: digest(one.source) for one in self.scenarios}}

    @cached_property
    def tables(self) -> Mapping[str, ResultTable]:
        digests = self.inputs["scenarios"]
        return {
            one.id: ResultTable(
                self.worlds, self.chunk, code_meanings(one.case), {"scenario": one.id, "digest": digests[one.id]}
            )
            for one in self.scenarios
        }

    @cached_property
    def pieces(self) -> tuple[Chunk, ...]:
        """All chunks, scenario after scenario."""
        made = []
        for scenario in self.scenarios:
            source = json.dumps(scenario.source)
            for number, start in enumerate(range(0, self.worlds, self.chunk)):
                count = min(self.chunk, self.worlds - start)
                made.append(Chunk(scenario.id, number, source, self.seed, start, count))
        return tuple(made)
