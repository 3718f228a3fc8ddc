"""F10 and F12 to F15: what the source says about whole families of packages.

At central values, over all possible packages; and, marked `slow`, as shares of 10,000 worlds, over one package in so
many. The docstrings name the claims.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.analysis.outcomes.enumeration import enumerate_packages
from sim.case.models import Case
from sim.case.packages import package
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.worlds import Central, Streams
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from tests.facts.reader import (
    FEW,
    MOST,
    REFUSALS,
    SEED,
    WORLDS,
    answer,
    central,
    has,
    scenario,
    start_of,
    ukraine,
    worlds,
)

BLOCK = 200_000
"""Packages judged at once."""
ONE_IN = 10_000
"""Of the possible packages, one in so many is judged in many worlds."""
THIN = 1 / 1_000
"""A zone is thin if fewer packages than one in a thousand are in it (model, scenarios' zones)."""
CONCESSIONS = {
    "sanctions": ["kept", "phased", "lifted"],
    "nato_path": ["deferred", "renounced"],
    "territory": ["freeze", "recognition", "cession"],
    "force_cap": ["none", "generous", "severe"],
    "arms": ["sustained", "reduced", "ended"],
}
"""What Russia can be offered, each from the status quo on."""


def after(events: tuple[str, ...]) -> Case:
    """Return the case as it is once these of its events have happened."""
    return scenario("bare_ceasefire", *start_of(ukraine(), *events)).case


@cache
def agreed_and_accepted(*events: str) -> tuple[Bools, dict[str, Bools]]:
    """(package,) bool each: what is agreed at central values, and what each belligerent accepts."""
    judged = enumerate_packages(after(events))
    places = {name: at for at, name in enumerate(ukraine().actors) if name in ("russia", "ukraine")}
    return judged.agreed, {name: judged.surplus[:, at] >= 0 for name, at in places.items()}


def accepted(actor: str, *events: str) -> Bools:
    """(package,) bool, which possible packages a belligerent accepts at central values, after some events."""
    return agreed_and_accepted(*events)[1][actor]


@cache
def deterrence() -> Floats:
    """(package,) float, how much each possible package deters, at central values."""
    blocks = (texts for _, texts in OutcomeSpace(ukraine()).blocks(BLOCK) if len(texts))
    scores = [evaluate(ukraine(), Central(), texts).situation.measures["deterrence"][0] for texts in blocks]
    return np.concatenate(scores)


@cache
def some_packages() -> Texts:
    """(text, issue) uint8, one possible package in so many."""
    return np.concatenate([texts for _, texts in OutcomeSpace(ukraine()).blocks(BLOCK)])[::ONE_IN]


def some_judged(*events: str) -> Evaluation:
    return evaluate(after(events), Streams(SEED, WORLDS), some_packages())


def accepts(evaluation: Evaluation, actor: str) -> Bools:
    """(world, text) bool, which of some packages an actor accepts."""
    return np.broadcast_to(evaluation.responses.answers[actor].accepts, (WORLDS, len(some_packages())))


# -- F10: paying for the force ------------------------------------------------------------------------------------


def test_f10_if_the_line_has_a_price_concessions_that_ukraine_accepts_can_pay_it() -> None:
    """[C31 C35] The bare force is refused all the same; and if there is no price, no concession helps."""
    priced = ("actors.russia.red_lines.western_troops.price", 60)
    bare = {issue: steps[0] for issue, steps in CONCESSIONS.items()}
    paid, unpaid = (central(scenario("force_with_concessions", priced), **terms) for terms in ({}, bare))
    assert {answer(paid, actor) for actor in ("russia", "ukraine")} == {"accept"}
    assert answer(unpaid, "russia") in REFUSALS
    assert answer(central(scenario("force_with_concessions")), "russia") == "red_line"


@pytest.mark.slow
def test_f10_the_force_with_concessions_is_agreed_in_some_worlds_and_not_in_most() -> None:
    """[C31 C35] Both as it is, take it or leave it, and by the talks."""
    assert 0 < worlds(scenario("force_with_concessions")).agreed_share < MOST
    played = play(scenario("force_with_concessions"), WORLDS, SEED)
    assert 0 < (played.outcome == Outcome.AGREED).mean() < MOST


@pytest.mark.slow
def test_f10_the_share_never_falls_with_one_more_concession_that_ukraine_still_accepts() -> None:
    """[C35] One step further on one issue, from every combination of concessions; the same worlds throughout."""
    ladder = scenario("force_with_concessions")
    rungs = list(itertools.product(*(range(len(steps)) for steps in CONCESSIONS.values())))
    offers = [
        {**ladder.proposal, **{name: CONCESSIONS[name][at] for name, at in zip(CONCESSIONS, rung, strict=True)}}
        for rung in rungs
    ]
    space = OutcomeSpace(ladder.case)
    texts = np.stack([space.encode(package(ladder.case, offer)[0]) for offer in offers])
    willing = evaluate(ladder.case, Central(), texts).responses.answers["ukraine"].accepts[0]
    shares = evaluate(ladder.case, Streams(SEED, WORLDS), texts).responses.consent.agreed.mean(axis=0)
    steps = 0
    for at, rung in enumerate(rungs):
        for issue in range(len(CONCESSIONS)):
            further = (*rung[:issue], rung[issue] + 1, *rung[issue + 1 :])
            if further in rungs and willing[rungs.index(further)]:
                assert shares[rungs.index(further)] >= shares[at], (offers[at], further)
                steps += 1
    assert steps > 40
    assert shares.max() > 0


# -- F12, F13: what the war and the US change ---------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("event", ["us_presses_kyiv", "us_halts_aid"])
def test_f12_under_us_pressure_or_without_us_aid_ukraine_accepts_weaker_deals(event: str) -> None:
    """[C13 C26] It accepts all that it accepted before, and more; what is added deters less."""
    before, now = accepted("ukraine"), accepted("ukraine", event)
    assert not (before & ~now).any()
    added = deterrence()[now & ~before]
    assert len(added)
    assert added.mean() < deterrence()[before].mean()


@pytest.mark.slow
@pytest.mark.parametrize("event", ["us_presses_kyiv", "us_halts_aid"])
def test_f12_so_it_is_in_most_worlds(event: str) -> None:
    """[C13 C26] In no world does it accept less than before; what is added deters less in most of the others."""
    judged = some_judged()
    before, now = accepts(judged, "ukraine"), accepts(some_judged(event), "ukraine")
    assert not (before & ~now).any()
    assert (before != now).any(axis=1).mean() > MOST
    deters = judged.situation.measures["deterrence"]
    added, kept = mean_where(deters, now & ~before), mean_where(deters, before)
    known = ~np.isnan(added) & ~np.isnan(kept)
    assert (added < kept)[known].mean() > MOST


@pytest.mark.slow
def test_f13_when_the_front_stalls_and_losses_grow_russia_accepts_more() -> None:
    """[C09 C10 C29] All that it accepted before, and more, a bare ceasefire among it."""
    before, now = accepted("russia"), accepted("russia", "advance_stops", "heavy_losses")
    assert not (before & ~now).any()
    assert now.sum() > before.sum()
    stalled = start_of(ukraine(), "advance_stops", "heavy_losses")
    assert answer(central(scenario("bare_ceasefire")), "russia") in REFUSALS
    assert answer(central(scenario("bare_ceasefire", *stalled)), "russia") == "accept"


@pytest.mark.slow
def test_f13_so_it_is_in_most_worlds() -> None:
    """[C09 C10 C29]"""
    before, now = (accepts(some_judged(*events), "russia") for events in ((), ("advance_stops", "heavy_losses")))
    assert not (before & ~now).any()
    assert (now.sum(axis=1) > before.sum(axis=1)).mean() > MOST


# -- F14: the banner ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_f14_russias_verdict_on_a_european_force_is_its_verdict_on_natos() -> None:
    """[C50] On all packages with a European force but one in a hundred."""
    case = ukraine()
    at, nato = list(case.issues).index("force"), case.issues["force"].options.index("nato")
    same = judged = 0
    for _, texts in OutcomeSpace(case).blocks(BLOCK):
        european = texts[has(texts, "force", "european")]
        if len(european):
            other = european.copy()
            other[:, at] = nato
            one, two = (
                evaluate(case, Central(), some).responses.answers["russia"].verdict for some in (european, other)
            )
            same, judged = same + int((one == two).sum()), judged + one.size
    assert judged > 500_000
    assert same / judged > 0.99


@pytest.mark.slow
@pytest.mark.parametrize("name", ["european_force", "european_force_undeclared", "force_with_concessions"])
def test_f14_so_it_is_in_more_than_nine_worlds_of_ten(name: str) -> None:
    """[C50]"""
    european, nato = (
        worlds(scenario(name), force=banner).responses.answers["russia"].verdict for banner in ("european", "nato")
    )
    assert (european == nato).mean() > 1 - FEW


# -- F15: the dilemma ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_f15_what_russia_accepts_deters_less_and_the_zone_of_agreement_is_empty_or_thin() -> None:
    """[C05 C07 C35 C48] Over all possible packages."""
    russia, kyiv = accepted("russia"), accepted("ukraine")
    assert len(russia) == 2_514_240
    assert deterrence()[russia].mean() < deterrence()[kyiv].mean()
    assert np.median(deterrence()[russia]) < np.median(deterrence()[kyiv])
    assert deterrence()[russia].max() < deterrence()[kyiv].max()
    assert agreed_and_accepted()[0].mean() < THIN


@pytest.mark.slow
def test_f15_so_it_is_in_most_worlds() -> None:
    """[C05 C07 C35 C48] Where each accepts some of the packages judged."""
    judged = some_judged()
    deters = judged.situation.measures["deterrence"]
    russia, kyiv = (mean_where(deters, accepts(judged, actor)) for actor in ("russia", "ukraine"))
    known = ~np.isnan(russia) & ~np.isnan(kyiv)
    assert known.mean() > MOST
    assert (russia < kyiv)[known].mean() > 1 - FEW
    assert judged.responses.consent.agreed.mean() < THIN


def mean_where(scores: Floats, where: Bools) -> NDArray[Any]:
    """(world,) float, the mean score of the texts for which something holds; not a number where it holds for none."""
    counts = where.sum(axis=1)
    sums = (np.broadcast_to(scores, where.shape) * where).sum(axis=1)
    return np.divide(sums, counts, out=np.full(len(where), np.nan), where=counts > 0)
