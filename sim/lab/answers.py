"""Answers to a state of the page: first every actor's answer, then shares of worlds, then what would change them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.analysis.counterfactuals.parameters import parameters_of
from sim.analysis.counterfactuals.probe import Probe
from sim.analysis.counterfactuals.term_changes import check_term_count, find_term_changes
from sim.analysis.counterfactuals.thresholds import ThresholdQuestion, find_thresholds
from sim.analysis.experiments.intervals import wilson
from sim.analysis.judging.judged_text import context_of
from sim.analysis.judging.package_rows import judged
from sim.analysis.judging.verdicts import VerdictsReport, verdicts, verdicts_in
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central, Streams
from sim.errors import UsageError
from sim.lab.scenario_state import LoadedScenario, ModifiedScenario, possible_blockers
from sim.negotiation.evaluation import EvaluationContext
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play

SEED = 0
"""Seed of the worlds in the lab."""
BATCHES = (100, 400, 500, 500, 500)
"""Worlds per batch; the first batch is small, so that a first share appears quickly."""
WORLDS = sum(BATCHES)
TERMS = 3
"""Most terms that are changed in the search for an agreement."""
ENDS = [outcome for outcome in Outcome if outcome is not Outcome.OPEN]
Step = tuple[str, dict[str, Any]]


def immediate_answers(loaded: LoadedScenario, modified: ModifiedScenario) -> dict[str, Any]:
    """Return every actor's answer to the text on the table and to every bundled proposal, at central values.

    Returns
    -------
    plain data: ``table`` as of `verdicts` and ``now``, a row like those of the proposals, both None if the chosen terms
    are impossible; ``before``, such a row for the scenario as in its file, None if nothing differs from it;
    ``proposals`` as of `proposals`
    """
    context = context_of(modified.case, Central())
    return {
        "table": None if modified.broken else table(modified, context),
        "now": None if modified.broken else judged(context, [modified.package])[0],
        "before": None if loaded.is_unchanged(modified) else loaded.answered,
        "proposals": loaded.proposals.judge(modified.scenario),
    }


def table(modified: ModifiedScenario, context: EvaluationContext) -> VerdictsReport:
    """Return every actor's answer to the text on the table, as `sim.analysis.judging.verdicts.verdicts` does."""
    return verdicts_in(context, modified.scenario, conditions=False)


class ReaderLeftError(Exception):
    """The reader of an answer closed the page or asked for another answer."""


def later_answers(modified: ModifiedScenario, left: Callable[[], bool] = lambda: False) -> Iterator[Step]:
    """Yield the slower answers step by step; each step replaces the one before with the same name.

    Parameters
    ----------
    left : returns whether the reader has left; it is called in every month of the talks, and if it returns true the
        work ends with a `ReaderLeftError`

    Yields
    ------
    name and plain data: ``worlds`` after each batch of talks, ``turns`` after the search through terms and again after
    the search through numbers
    """

    def check_reader(*_: int) -> None:
        if left():
            raise ReaderLeftError

    drawn = verdicts(modified.scenario, worlds=WORLDS, seed=SEED, conditions=False)
    answers = {
        "shares": {name: actor["shares"] for name, actor in drawn["actors"].items()},
        "names": {name: actor["name"] for name, actor in drawn["actors"].items()},
        "agreed_share": drawn["agreed_share"],
        "of": WORLDS,
        "seed": SEED,
    }
    yield "worlds", {**answers, "done": 0, "talks": None}
    counts, done = Counter[str](), 0
    for size in BATCHES:
        run = play(modified.scenario, uniforms=Streams(SEED, size, done), progress=check_reader)
        codes, sizes = np.unique(run.outcome, return_counts=True)
        counts.update({Outcome(code).word: count for code, count in zip(codes.tolist(), sizes.tolist(), strict=True)})
        done += size
        talks = {outcome.word: _share(counts[outcome.word], done) for outcome in ENDS}
        yield "worlds", {**answers, "done": done, "talks": talks}
    yield from _turns(modified, drawn["blocked_by"], check_reader)


def _share(count: int, of: int) -> dict[str, float]:
    low, high = wilson(count, of)
    return {"share": count / of, "low": low, "high": high}


def _turns(
    modified: ModifiedScenario, blocked_by: list[str], check_reader: Callable[[int, int], None]
) -> Iterator[Step]:
    case, space = modified.case, OutcomeSpace(modified.case)
    result: dict[str, Any] = {
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
            check_term_count(space, TERMS)
            result["terms"], result["flips"] = find_term_changes(space, modified.package, TERMS, check_reader)
        except UsageError:  # too many packages; those one term away are still few
            result |= {"most_terms": 1}
            result["terms"], result["flips"] = find_term_changes(space, modified.package, 1)
    yield "turns", result
    # Only verdicts are compared here; the command `flip` also plays the talks on both sides of each threshold.
    question = ThresholdQuestion(Probe(case, space.encode(modified.package)), parameters_of(modified.scenario), case)
    yield "turns", {**result, "numbers": find_thresholds(question, check_reader)}
