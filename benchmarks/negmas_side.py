"""What NegMAS does in `against_negmas.py`, in an interpreter in which it is installed and Parley is not.

    python benchmarks/negmas_side.py TASK.json RESULT.json

It is used as its documentation says: `pareto_frontier` from utilities and issues, which it calls faster than evaluating
the outcomes first, `nash_points` and `kalai_points` on what that gives, and a `SAOMechanism` to which negotiators are
added.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from negmas import SAOMechanism, __version__, make_issue, make_os
from negmas.inout import Scenario
from negmas.preferences import LinearAdditiveUtilityFunction
from negmas.preferences.ops import kalai_points, nash_points, pareto_frontier
from negmas.sao.negotiators import BoulwareTBNegotiator


def utilities(tables, reserved):
    """The outcome space, and a linear additive utility a party.

    Parameters
    ----------
    tables : (party, issue, option) utilities, as lists
    reserved : (party,) reserved values
    """
    space = make_os([make_issue(len(options), name=f"i{at}") for at, options in enumerate(tables[0])])
    return space, [
        LinearAdditiveUtilityFunction(
            values={f"i{at}": dict(enumerate(options)) for at, options in enumerate(party)},
            weights={f"i{at}": 1.0 for at in range(len(party))},
            outcome_space=space,
            reserved_value=value,
        )
        for party, value in zip(tables, reserved, strict=True)
    ]


def frontier(task):
    """CPU-seconds of the frontier with its Nash and Kalai points, and what they are."""
    space, ufuns = utilities(task["tables"], task["reserved"])
    before = time.process_time()
    points, _ = pareto_frontier(ufuns, issues=space.issues)
    nash = nash_points(ufuns, points, outcome_space=space)
    kalai = kalai_points(ufuns, points, outcome_space=space)
    spent = time.process_time() - before
    plain = [[float(one) for one in point] for point in points]
    return {"seconds": spent, "frontier": plain, "nash": plain[nash[0][1]], "kalai": plain[kalai[0][1]]}


def talks(task):
    """CPU-seconds of each negotiation, and what each party got: null where there was no agreement."""
    seconds, got = [], []
    for tables, reserved in zip(task["worlds"], task["reserved"], strict=True):
        space, ufuns = utilities(tables, reserved)
        before = time.process_time()
        mechanism = SAOMechanism(outcome_space=space, n_steps=task["steps"])
        for ufun in ufuns:
            mechanism.add(BoulwareTBNegotiator(ufun=ufun))
        state = mechanism.run()
        seconds.append(time.process_time() - before)
        got.append(None if state.agreement is None else [float(ufun(state.agreement)) for ufun in ufuns])
    return {"seconds": seconds, "got": got}


def read(task):
    """What every outcome of a scenario's folder is worth to every negotiator, outcomes in their order."""
    scenario = Scenario.load(task["folder"])
    outcomes = list(scenario.outcome_space.enumerate())
    return {
        "issues": [issue.name for issue in scenario.issues],
        "outcomes": [list(outcome) for outcome in outcomes],
        "utilities": {ufun.name: [float(ufun(outcome)) for outcome in outcomes] for ufun in scenario.ufuns},
        "reserved": {ufun.name: float(ufun.reserved_value) for ufun in scenario.ufuns},
    }


def main():
    """Do one task."""
    task = json.loads(Path(sys.argv[1]).read_text())
    small = {"tables": [[[0.0, 0.5], [0.5, 0.0]], [[0.5, 0.0], [0.0, 0.5]]], "reserved": [0.0, 0.0]}
    frontier(small)
    talks({"worlds": [small["tables"]], "reserved": [small["reserved"]], "steps": 5})
    done = {"frontier": frontier, "talks": talks, "utilities": read}[task["task"]](task)
    Path(sys.argv[2]).write_text(json.dumps({"version": __version__, **done}))


if __name__ == "__main__":
    main()
