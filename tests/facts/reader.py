"""What the tests of the facts share: answers to a proposal at central values, and in the same 10,000 worlds.

The tests ask what a reader of the source would ask: who accepts, who blocks and over what, who would send troops. A
reason is recognised by the claims on which it rests, never by the name that the case gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import case_paths
from sim.analysis.judging.judged_text import context_of, proposed
from sim.analysis.judging.verdicts import verdicts
from sim.analysis.subject import Target, case_of
from sim.case.loader import load_case
from sim.case.models import Case, ConsentRule, Scenario
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import Bools
from sim.engine.worlds import Streams
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.scenario_loader import load_scenario

WORLDS, SEED = 10_000, 0
MOST, FEW = 0.5, 0.1
"""Shares of the worlds: more than half are most, and fewer than one in ten are few."""
REFUSALS = ("red_line", "worse_than_no_deal")
RESOURCE = "troops"


@cache
def scenario(name: str, *changes: tuple[str, Any]) -> Scenario:
    """Return a scenario of the Ukraine case, with changes of numbers by their paths."""
    return load_scenario(case_paths.find(f"ukraine_2025/{name}"), dict(changes) or None)


@cache
def ukraine() -> Case:
    """Return the case as it is, without what any scenario changes in it."""
    return load_case(case_paths.find("ukraine_2025"))


def europeans(case: Case) -> list[str]:
    """Return the European states of the case: those who may contribute troops."""
    return [name for name, actor in case.actors.items() if actor.role == "contributor"]


def start_of(case: Case, *injects: str) -> tuple[tuple[str, Any], ...]:
    """Return the changes under which the talks start as if these events of the case had happened."""
    levels = [level for inject in injects for level in case.injects[inject].set.items()]
    return tuple((f"context.{name}.start", level) for name, level in levels)


def central(target: Target, **terms: Any) -> dict[str, Any]:
    """Judge the proposal of a scenario, or the defaults of a case, with some terms changed, at central values."""
    return verdicts(target, terms, conditions=False)


def worlds(target: Target, count: int = WORLDS, **terms: Any) -> Evaluation:
    """Judge the same in many worlds."""
    text, _ = proposed(target, terms)
    return context_of(target, Streams(SEED, count)).evaluate(OutcomeSpace(case_of(target)).encode(text)[None])


def answer(judged: Mapping[str, Any], actor: str) -> str:
    """Return an actor's verdict at central values."""
    return str(judged["actors"][actor]["verdict"])


def accepting(evaluation: Evaluation, actor: str) -> float:
    """Return the share of worlds in which an actor accepts."""
    return evaluation.shares(actor)["accept"]


def refusing(evaluation: Evaluation, actor: str) -> float:
    """Return the share of worlds in which an actor refuses outright."""
    return sum(evaluation.shares(actor)[verdict] for verdict in REFUSALS)


def blocking(evaluation: Evaluation, actor: str) -> float:
    """Return the share of worlds in which an actor blocks."""
    return float(evaluation.blocks(actor).mean())


def losses(judged: Mapping[str, Any], actor: str, *claims: str) -> list[dict[str, Any]]:
    """Return the reasons in an actor's ledger that speak against the text and rest on any of these claims."""
    against = (one for one in judged["actors"][actor]["ledger"] if one["points"] == "never" or one["points"] < 0)
    return [one for one in against if set(claims) & set(one["sources"])]


def crossed(judged: Mapping[str, Any], actor: str, *claims: str) -> list[str]:
    """Return an actor's red lines that the text crosses and that rest on any of these claims."""
    return [one["rule"] for one in losses(judged, actor, *claims) if one["kind"] == "red_line"]


def consent_rule(case: Case, *claims: str) -> ConsentRule:
    """Return the consent rule that rests on all of these claims; there must be exactly one."""
    (found,) = (rule for rule in case.consent if set(claims) <= set(rule.source))
    return found


def has(texts: Texts, issue: str, *options: str) -> Bools:
    """Return (text,) bool, which packages of the case have one of these options on an issue."""
    issues = ukraine().issues
    return np.isin(texts[:, list(issues).index(issue)], [issues[issue].options.index(one) for one in options])


def sent(evaluation: Evaluation) -> NDArray[np.float64]:
    """Return (world,) troops that are sent to the (first) text."""
    responses = evaluation.responses
    each = [
        np.where(responses.answers[name].sends(RESOURCE), amount, 0)
        for name, amount in responses.pledged[RESOURCE].items()
    ]
    return np.asarray(sum(each))[:, 0]


def sent_at_central_values(judged: Mapping[str, Any]) -> float:
    """Return the troops that are sent at central values."""
    return float(sum(one["pledge"].get(RESOURCE, 0) for one in judged["actors"].values()))
