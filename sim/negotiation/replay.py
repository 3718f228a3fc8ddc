"""A record holds all that a run needs to be rebuilt exactly: its files, its seed, and the moves from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.engine.worlds import Central, Streams
from sim.errors import RecordError
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import RecordedMove
from sim.negotiation.record.file_formats import version_mismatch
from sim.negotiation.record.history import Outcome, Run
from sim.negotiation.record.summary import FORMAT, summarise
from sim.negotiation.scenario_loader import build_scenario

SETUP, MOVES = "setup", "moves"


def record(run: Run) -> dict[str, Any]:
    """Return a run as plain data: its account, and what `replay` needs to play it again.

    Raises
    ------
    RecordError
        if the talks are still open, or the worlds were made elsewhere, so that no seed brings them back
    """
    if (run.outcome == Outcome.OPEN).any():
        raise RecordError("the talks are still open; a record is made when they are over.")
    if not isinstance(run.uniforms, (Central, Streams)):
        raise RecordError("worlds that were made elsewhere have no seed; keep their matrix instead.")
    drawn = isinstance(run.uniforms, Streams)
    start = run.uniforms.start if isinstance(run.uniforms, Streams) else 0
    setup = {
        "scenario": run.scenario.source,
        "seed": run.seed,
        "worlds": run.uniforms.count if drawn else None,
        "start": start,
        "last_month": run.last_month,
    }
    return {**summarise(run), SETUP: setup, MOVES: [given.to_json() for given in run.moves]}


def replay(data: Mapping[str, Any]) -> Run:
    """Play a record again, move by move.

    Raises
    ------
    RecordError
        if it is no record, is one of another version, or does not come out as it says
    CaseError
        if the case in it is no longer valid
    """
    if other := version_mismatch(data.get("format"), FORMAT):
        raise RecordError(f"this record cannot be played again: {other}")
    if data.get("format") != FORMAT or SETUP not in data:
        raise RecordError(f"this is no record of a run ({FORMAT} with a '{SETUP}').")
    setup, moves = data[SETUP], [RecordedMove.from_json(one) for one in data.get(MOVES, [])]
    worlds = setup["worlds"]
    uniforms = Central() if worlds is None else Streams(setup["seed"], worlds, setup["start"])
    scenario, ends = build_scenario(setup["scenario"]), setup.get("last_month")
    model = DeliberationModel(scenario, rng=setup["seed"], uniforms=uniforms, last_month=ends)
    while model.running:
        now = [given for given in moves if (given.month, given.phase) == (model.month, model.phase)]
        model.seats = {given.actor for given in now}
        for given in now:
            model.give(given.actor, given.move)
        model.advance()
    run = model.result
    if record(run) != dict(data):
        raise RecordError("the record does not come out as it says: it was edited, or comes from another version.")
    return run
