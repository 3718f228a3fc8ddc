"""What follows from a state: at once what everybody answers, then shares of worlds, then what would turn it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.analysis.counterfactuals.parameters import movables
from sim.analysis.counterfactuals.probe import Probe
from sim.analysis.counterfactuals.term_changes import check, flipping_terms
from sim.analysis.counterfactuals.thresholds import ThresholdQuestion, turning_numbers
from sim.analysis.experiments.intervals import wilson
from sim.analysis.judging.proposals import judged, proposals
from sim.analysis.judging.verdicts import context_of, verdicts, verdicts_in
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central, Streams
from sim.errors import UsageError
from sim.lab.scenario_state import LoadedScenario, ModifiedScenario, possible_blockers
from sim.negotiation.evaluation import EvaluationContext
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play

SEED = 0
BATCHES = (100, 400, 500, 500, 500)
"""Worlds that are played at a time, few at first, so that a first share is there at once."""
WORLDS = sum(BATCHES)
TERMS = 3
"""So many terms are changed at most in the search for what would turn the answer."""
ENDS = [one for one in Outcome if one is not Outcome.OPEN]
Step = tuple[str, dict[str, Any]]


def immediate_answers(loaded: LoadedScenario, modified: ModifiedScenario) -> dict[str, Any]:
    """Everybody's answer to the text on the table and to every bundled proposal, at central values, as plain data.

    Returns
    -------
    ``table``: as of `verdicts`, and ``modified``: a row as those of the proposals, both None where the chosen terms are
    impossible; ``before``: such a row of the scenario as its file says, None where nothing differs from it;
    ``proposals``: as of `proposals`
    """
    context = context_of(modified.case, Central())
    return {
        "table": None if modified.broken else table(modified, context),
        "now": None if modified.broken else judged(context, [modified.package])[0],
        "before": None if loaded.as_filed(modified) else loaded.answered,
        "proposals": proposals(loaded.sisters, modified.scenario, context=context),
    }


def table(modified: ModifiedScenario, context: EvaluationContext) -> dict[str, Any]:
    """Return everybody's answer to the text on the table, as `sim.analysis.judging.verdicts.verdicts` does."""
    return verdicts_in(context, modified.scenario, conditions=False)


class ReaderLeftError(Exception):
    """The reader of an answer has left."""


def later_answers(modified: ModifiedScenario, left: Callable[[], bool] = lambda: False) -> Iterator[Step]:
    """What takes longer, step by step; each step is plain data that takes the place of the one before of its name.

    Parameters
    ----------
    left : whether the reader has left; it is asked every month of the talks, and ends the work by `ReaderLeftError`

    Yields
    ------
    ``worlds`` as the talks are played, ``turns`` once terms, and again once numbers have been tried
    """

    def check_reader(*_: int) -> None:
        if left():
            raise ReaderLeftError

    drawn = verdicts(modified.scenario, worlds=WORLDS, seed=SEED, conditions=False)
    answers = {
        "shares": {name: one["shares"] for name, one in drawn["actors"].items()},
        "names": {name: one["name"] for name, one in drawn["actors"].items()},
        "agreed_share": drawn["agreed_share"],
        "of": WORLDS,
        "seed": SEED,
    }
    yield "worlds", {**answers, "done": 0, "talks": None}
    counts, done = Counter[str](), 0
    for size in BATCHES:
        run = play(modified.scenario, uniforms=Streams(SEED, size, done), progress=check_reader)
        codes, many = np.unique(run.outcome, return_counts=True)
        counts.update({Outcome(code).word: count for code, count in zip(codes.tolist(), many.tolist(), strict=True)})
        done += size
        yield "worlds", {**answers, "done": done, "talks": {one.word: _share(counts[one.word], done) for one in ENDS}}
    yield from _turns(modified, drawn["blocked_by"], check_reader)


def _share(count: int, of: int) -> dict[str, float]:
    low, high = wilson(count, of)
    return {"share": count / of, "low": low, "high": high}


def _turns(modified: ModifiedScenario, blocked_by: list[str], check_reader: Callable[[int, int], None]) -> Iterator[Step]:
    case, space = modified.case, OutcomeSpace(modified.case)
    found: dict[str, Any] = {
        "agreed": not blocked_by,
        "blocked_by": blocked_by,
        "names": possible_blockers(case),
        "issues": {
            name: {"says": issue.says, "unit": issue.unit, "labels": issue.labels}
            for name, issue in case.issues.items()
        },
        "terms": None,
        "most_terms": TERMS,
        "flips": [],
        "numbers": None,
    }
    if blocked_by:
        try:
            check(space, TERMS)
            found["terms"], found["flips"] = flipping_terms(space, modified.package, TERMS, check_reader)
        except UsageError:  # of too many packages, those one term away are still few
            found |= {"most_terms": 1}
            found["terms"], found["flips"] = flipping_terms(space, modified.package, 1)
    yield "turns", found
    # Judged alone: the talks on both sides of each turn are for the command `flip`.
    question = ThresholdQuestion(Probe(case, space.encode(modified.package)), movables(modified.scenario), case)
    yield "turns", {**found, "numbers": turning_numbers(question, check_reader)}
