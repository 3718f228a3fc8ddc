"""The plan of an ensemble: its scenarios, its worlds and their chunks."""

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
"""Worlds played at once. Every chunk evaluates the same texts again, which makes small chunks slow; a larger chunk of
`european_force` would take more than 400 MiB."""


@dataclass(frozen=True)
class Chunk:
    """Worlds `start` to `start + count` of a seed, to be played in one scenario.

    Chunks of a scenario are numbered from 0. `source` is its `Scenario.source` in JSON, so that any process can build
    it.
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
    """Play the worlds of a chunk; the result for each world does not depend on the chunk."""
    return play_rows(chunk.source, Streams(chunk.seed, chunk.count, chunk.start), chunk.start)


@dataclass(frozen=True)
class Plan:
    """Scenarios to play in the same worlds.

    This is a `sim.analysis.runner.pieces.Job` with one table per scenario. The size of a chunk does not change the
    result. Raises UsageError if two scenarios have the same id.
    """

    scenarios: tuple[Scenario, ...]
    worlds: int
    seed: int = 0
    chunk: int = CHUNK
    kind = "ensemble"
    format = "parley.worlds/1"

    def __post_init__(self) -> None:
        for name, count in Counter(scenario.id for scenario in self.scenarios).items():
            if count > 1:
                raise UsageError(f"Two scenarios are called '{name}'; rename the file of one of them.")

    @property
    def sizes(self) -> Mapping[str, int]:
        return {"seed": self.seed, "worlds": self.worlds, "chunk": self.chunk}

    @cached_property
    def inputs(self) -> Mapping[str, Mapping[str, str]]:
        return {"scenarios": {scenario.id: digest(scenario.source) for scenario in self.scenarios}}

    @cached_property
    def tables(self) -> Mapping[str, ResultTable]:
        digests = self.inputs["scenarios"]
        return {
            scenario.id: ResultTable(
                self.worlds,
                self.chunk,
                code_meanings(scenario.case),
                {"scenario": scenario.id, "digest": digests[scenario.id]},
            )
            for scenario in self.scenarios
        }

    @cached_property
    def pieces(self) -> tuple[Chunk, ...]:
        """All chunks, one scenario after another."""
        chunks = []
        for scenario in self.scenarios:
            source = json.dumps(scenario.source)
            for number, start in enumerate(range(0, self.worlds, self.chunk)):
                count = min(self.chunk, self.worlds - start)
                chunks.append(Chunk(scenario.id, number, source, self.seed, start, count))
        return tuple(chunks)
