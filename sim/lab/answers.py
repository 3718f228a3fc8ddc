"""Answers to a state of the page: first every actor's answer, then shares of worlds, then what would change them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.analysis.counterfactuals.actor_turning import turning_of
from sim.analysis.counterfactuals.parameters import parameters_of
from sim.analysis.counterfactuals.probe import Probe
from sim.analysis.counterfactuals.term_changes import check_term_count, find_term_changes
from sim.analysis.counterfactuals.thresholds import ThresholdQuestion, find_thresholds
from sim.analysis.experiments.intervals import wilson
from sim.analysis.judging.judged_text import AskedMonth, JudgedText, judge_text
from sim.analysis.judging.package_rows import judged
from sim.analysis.judging.verdicts import verdicts_of
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Streams
from sim.errors import UsageError
from sim.lab.scenario_state import LoadedScenario, ModifiedScenario, possible_blockers
from sim.negotiation.answers.evaluation import blocked_by
from sim.negotiation.answers.yes_if import yes_if
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play

SEED = 0
"""Seed of the worlds in the lab."""
WORLDS = 2000
"""Worlds in the lab. Their talks are played in one batch, which takes about half as long as five batches of 400."""
TERMS = 3
"""Most terms that are changed in the search for an agreement."""
ENDS = [outcome for outcome in Outcome if outcome is not Outcome.OPEN]
Step = tuple[str, dict[str, Any]]


def immediate_answers(loaded: LoadedScenario, modified: ModifiedScenario, month: AskedMonth = None) -> dict[str, Any]:
    """Return every actor's answer to the text on the table, at central values.

    Parameters
    ----------
    month : of the talks, in which the text is judged, as in `judge_text`

    Returns
    -------
    plain data: ``table`` as of `verdicts`, ``about``, what it judges, and ``now``, a row like those of the proposals,
    all None if the chosen terms are impossible; ``before``, such a row for the scenario as in its file, None if nothing
    differs from it; and ``text``, a `JudgedText` or None
    """
    text = None if modified.broken else judge_text(modified.scenario, None, month, "opening")
    return {
        "text": text,
        "about": text and text.judged,
        "table": text and verdicts_of(text, conditions=False),
        "now": text and judged(text.context, [modified.package])[0],
        "before": None if loaded.is_unchanged(modified) else loaded.answered(month),
    }


class ReaderLeftError(Exception):
    """The reader of an answer closed the page or asked for another answer."""


def reader_check(left: Callable[[], bool]) -> Callable[..., None]:
    """Return a function, to be called in between, that raises `ReaderLeftError` once the reader has left."""

    def check(*_: int) -> None:
        if left():
            raise ReaderLeftError

    return check


def later_answers(text: JudgedText, left: Callable[[], bool] = lambda: False, worlds: int = WORLDS) -> Iterator[Step]:
    """Yield the slower answers step by step; each step replaces the one before with the same name.

    Parameters
    ----------
    text : the text on the table
    left : returns whether the reader has left; it is called in every month of the talks, and if it returns true the
        work ends with a `ReaderLeftError`
    worlds : in how many of the worlds the talks are played

    Yields
    ------
    name and plain data: ``turning``, first without and later with numbers; ``worlds`` before and after the talks
    """
    check_reader = reader_check(left)
    scenario = text.target
    assert isinstance(scenario, Scenario)
    terms = turning_of(text, numbers=False)
    stuck = [name for name, one in terms.items() if not one["terms"] and one["verdict"] != Verdict.ACCEPT.word]
    beyond = yes_if(text.evaluation, (), stuck) if scenario.core and stuck else {}
    turning = {"terms": terms, "beyond": {name: found["sets"] if found else [] for name, found in beyond.items()}}
    yield "turning", {**turning, "numbers": None}
    drawn = text.in_worlds(Streams(SEED, WORLDS))
    agreed = drawn.responses.consent.agreed
    answers = {
        "shares": {name: drawn.shares(name) for name in scenario.case.actors},
        "names": {name: actor.name for name, actor in scenario.case.actors.items()},
        "agreed": _share(int(np.broadcast_to(agreed[:, :1], (WORLDS, 1)).sum()), WORLDS),
        "of": WORLDS,
        "seed": SEED,
    }
    yield "worlds", {**answers, "done": 0, "talks": None}
    run = play(scenario, uniforms=Streams(SEED, worlds), progress=check_reader)
    counts = Counter(Outcome(code).word for code in run.outcome.tolist())
    talks = {outcome.word: _share(counts[outcome.word], worlds) for outcome in ENDS}
    yield "worlds", {**answers, "done": worlds, "talks": talks}
    check_reader()
    found = {name: one["numbers"] for name, one in turning_of(text).items()} if terms else {}
    yield "turning", {**turning, "numbers": found}


def _share(count: int, of: int) -> dict[str, float]:
    low, high = wilson(count, of)
    return {"share": count / of, "low": low, "high": high}


def last_answers(text: JudgedText, left: Callable[[], bool] = lambda: False) -> Iterator[Step]:
    """Yield what would turn the result, as talks open; the slowest answer of all.

    Parameters
    ----------
    text, left : as for `later_answers`; the reader may also leave during the searches

    Yields
    ------
    ``turns`` and plain data, after the search through terms and again after the search through numbers
    """
    check_reader = reader_check(left)
    scenario = text.target
    assert isinstance(scenario, Scenario)
    opening = text if text.context.month is None else judge_text(scenario)
    yield from _turns(scenario, blocked_by(opening.evaluation), check_reader)


def _turns(scenario: Scenario, blocking: list[str], check_reader: Callable[[int, int], None]) -> Iterator[Step]:
    case, space = scenario.case, OutcomeSpace(scenario.case)
    result: dict[str, Any] = {
        "agreed": not blocking,
        "blocked_by": blocking,
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
    if blocking:
        try:
            check_term_count(space, TERMS)
            result["terms"], result["flips"] = find_term_changes(space, scenario.proposal, TERMS, check_reader)
        except UsageError:  # too many packages; those one term away are still few
            result |= {"most_terms": 1}
            result["terms"], result["flips"] = find_term_changes(space, scenario.proposal, 1)
    yield "turns", result
    # Only verdicts are compared here; the command `flip` also plays the talks on both sides of each threshold.
    question = ThresholdQuestion(Probe(case, space.encode(scenario.proposal)), parameters_of(scenario), case)
    yield "turns", {**result, "numbers": find_thresholds(question, check_reader)}
