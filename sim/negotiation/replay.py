"""Records and replays runs: a record holds the scenario, the seed and the moves from outside.

These are enough to rebuild a run exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.engine.worlds import Central, Streams
from sim.errors import RecordError
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import RecordedMove
from sim.negotiation.record.file_formats import version_mismatch
from sim.negotiation.record.history import Outcome, Run
from sim.negotiation.record.record_data import RunRecord, RunSetup
from sim.negotiation.record.summary import FORMAT, summarise
from sim.negotiation.scenario_loader import build_scenario

SETUP, MOVES = "setup", "moves"
"""Keys of a record: the data from which a run starts, and its moves from outside."""


def record(run: Run) -> RunRecord:
    """Return a run as plain data: its summary, and what `replay` needs to play it again.

    Raises
    ------
    RecordError
        if the talks are still open, or the worlds were made elsewhere, so that they cannot be drawn again from a seed
    """
    if (run.outcome == Outcome.OPEN).any():
        raise RecordError("the talks are still open; make the record when they are over.")
    if not isinstance(run.uniforms, (Central, Streams)):
        raise RecordError("worlds that were made elsewhere have no seed; save the matrix of their uniforms instead.")
    drawn = isinstance(run.uniforms, Streams)
    start = run.uniforms.start if isinstance(run.uniforms, Streams) else 0
    setup: RunSetup = {
        "scenario": dict(run.scenario.source),
        "seed": run.seed,
        "worlds": run.uniforms.count if drawn else None,
        "start": start,
        "last_month": run.last_month,
    }
    return {**summarise(run), "setup": setup, "moves": [move.to_json() for move in run.moves]}


def replay(data: Mapping[str, Any]) -> Run:
    """Play a record again, move by move.

    Raises
    ------
    RecordError
        if the data is not a record or comes from another version, or the run does not match it
    CaseError
        if the case in it is not valid any more
    """
    if mismatch := version_mismatch(data.get("format"), FORMAT):
        raise RecordError(f"this record cannot be replayed: {mismatch}")
    if data.get("format") != FORMAT or SETUP not in data:
        raise RecordError(f"this is not the record of a run; expected the format {FORMAT} and the key '{SETUP}'.")
    setup, moves = data[SETUP], [RecordedMove.from_json(move) for move in data.get(MOVES, [])]
    worlds = setup["worlds"]
    uniforms = Central() if worlds is None else Streams(setup["seed"], worlds, setup["start"])
    scenario, ends = build_scenario(setup["scenario"]), setup.get("last_month")
    model = DeliberationModel(scenario, rng=setup["seed"], uniforms=uniforms, last_month=ends)
    while model.running:
        now = [move for move in moves if (move.month, move.phase) == (model.month, model.phase)]
        model.seats = {move.actor for move in now}
        for move in now:
            model.give(move.actor, move.move)
        model.advance()
    run = model.result
    if record(run) != dict(data):
        raise RecordError(
            "the replayed run does not match the record, which was edited or comes from another version; use an "
            "unedited record, and the version that saved it."
        )
    return run
