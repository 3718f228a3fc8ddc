"""What must hold for every case: by Hypothesis on generated ones."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.case.loader import build_case
from sim.case.models import Case
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central, Streams
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.drafting.decision import KINDS, MoveKind
from sim.negotiation.record.history import Month, Run
from sim.negotiation.replay import record, replay
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from tests import coherence
from tests.engine.generated import ACTORS, bargains, cases, scenarios

WORLDS = Streams(seed=1, count=7)
thorough = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def every_text(case: Case) -> np.ndarray:
    texts = np.indices(OutcomeSpace(case).sizes).reshape(len(case.issues), -1).T.astype(np.uint8)
    return texts[OutcomeSpace(case).possible(texts)]


def judged(source: dict[str, Any]) -> Evaluation:
    case = build_case(source)
    return evaluate(case, WORLDS, every_text(case), month=2, months=4)


def broadcast(evaluation: Evaluation, array: np.ndarray) -> np.ndarray:
    return np.broadcast_to(array, (WORLDS.count, len(evaluation.matrix.texts)))


def by_package(evaluation: Evaluation) -> dict[frozenset[tuple[str, object]], dict[str, Any]]:
    """Package to everything that was judged of it, free of the order of issues and options."""
    space = OutcomeSpace(evaluation.case)
    found = {}
    for at, text in enumerate(evaluation.matrix.texts):
        answers = {
            name: (
                broadcast(evaluation, answer.verdict)[:, at].tolist(),
                broadcast(evaluation, answer.surplus)[:, at].tolist(),
            )
            for name, answer in evaluation.responses.answers.items()
        }
        agreed = broadcast(evaluation, evaluation.responses.consent.agreed)[:, at].tolist()
        found[frozenset(space.decode(text).items())] = {"answers": answers, "agreed": agreed}
    return found


@pytest.mark.slow
@thorough
@given(cases())
def test_verdicts_do_not_depend_on_the_order_of_rules_actors_or_issues(source: dict[str, Any]) -> None:
    turned = copy.deepcopy(source)
    for section in ("issues", "actors", "context", "measures"):
        turned[section] = dict(reversed(turned[section].items()))
    turned["consent"].reverse()
    for actor in turned["actors"].values():
        actor["preferences"].reverse()
        actor["red_lines"].reverse()
    assert by_package(judged(source)) == by_package(judged(turned))


@pytest.mark.slow
@thorough
@given(cases())
def test_verdicts_do_not_depend_on_the_order_of_options_that_are_not_compared(source: dict[str, Any]) -> None:
    numeric = copy.deepcopy(source)
    numeric["issues"]["troops"]["options"].reverse()  # comparisons on it go by number, not by place
    assert by_package(judged(source)) == by_package(judged(numeric))


RENAMED = {"anna": "zoe", "ben": "abe", "cleo": "mia", "land": "soil", "troops": "force", "money": "cash"}


def renamed(value: Any, path: tuple[str, ...] = ()) -> Any:
    """The same data with other names for actors and issues, wherever they are named."""
    if isinstance(value, dict):
        return {RENAMED.get(key, key): renamed(one, (*path, key)) for key, one in value.items()}
    if isinstance(value, list):
        return [renamed(one, path) for one in value]
    if isinstance(value, str):
        return ".".join(RENAMED.get(part, part) for part in value.split("."))  # a path names actors too
    return value


@pytest.mark.slow
@thorough
@given(cases())
def test_relabelling_changes_nothing(source: dict[str, Any]) -> None:
    """At central values: a world's draws go by the path of a number, so by its name."""
    plain, other = build_case(source), build_case(renamed(source))
    first, second = (evaluate(case, Central(), every_text(case)) for case in (plain, other))
    for name, answer in first.responses.answers.items():
        assert np.array_equal(answer.verdict, second.responses.answers[RENAMED[name]].verdict)
        assert np.array_equal(answer.surplus, second.responses.answers[RENAMED[name]].surplus)
    assert np.array_equal(first.responses.consent.agreed, second.responses.consent.agreed)


@pytest.mark.slow
@thorough
@given(cases(), st.sampled_from(ACTORS), st.integers(1, 30))
def test_a_higher_reservation_never_turns_a_no_into_yes(source: dict[str, Any], actor: str, more: int) -> None:
    higher = copy.deepcopy(source)
    base = higher["actors"][actor]["reservation"]["base"]
    raised = {key: value + more for key, value in base.items()} if isinstance(base, dict) else base + more
    higher["actors"][actor]["reservation"]["base"] = raised
    before, after = judged(source), judged(higher)
    was, now = (one.responses.answers[actor] for one in (before, after))
    assert not np.any(broadcast(after, now.accepts) & ~broadcast(before, was.accepts))
    assert not np.any(broadcast(before, was.refuses) & ~broadcast(after, now.refuses))


@pytest.mark.slow
@thorough
@given(cases(), st.sampled_from(ACTORS))
def test_an_added_need_never_turns_not_agreed_into_agreed(source: dict[str, Any], actor: str) -> None:
    stricter = copy.deepcopy(source)
    stricter["consent"].append({"rule": "more", "says": "x", "needs": [actor], "assumption": "generated"})
    before, after = judged(source), judged(stricter)
    was, now = (broadcast(one, one.responses.consent.agreed) for one in (before, after))
    assert not np.any(~was & now)


@pytest.mark.slow
@thorough
@given(cases())
def test_the_points_of_a_ledger_sum_to_the_surplus(source: dict[str, Any]) -> None:
    evaluation = judged(source)
    for text in range(0, len(evaluation.matrix.texts), 5):
        for world in (0, WORLDS.count - 1):
            one = evaluation.one(world, text)
            for name, answer in one.responses.answers.items():
                entries = one.ledger(name)
                assert (
                    to_points(np.array(sum(entry.points for entry in entries if not entry.never)))
                    == answer.surplus[0, 0]
                )
                assert any(entry.never for entry in entries) == answer.never[0, 0]


@pytest.mark.slow
@thorough
@given(scenarios(), st.integers(0, 3))
def test_a_record_replays_to_itself(source: dict[str, Any], worlds: int) -> None:
    run = play(build_scenario(source), worlds or None, seed=3)
    told = record(run)
    assert record(replay(told)) == told


@thorough
@given(scenarios(), st.integers(0, 4), st.sampled_from([0.5, 2, 10]))
def test_a_run_ends_and_every_amendment_makes_sense(source: dict[str, Any], patience: int, step: float) -> None:
    source["protocol"] |= {"patience": patience, "step": step}
    run = play(build_scenario(source), worlds=5, seed=2)
    assert np.all((run.ended >= 1) & (run.ended <= source["protocol"]["months"]))
    assert coherence.count(run).senseless == 0
    for month in run.months[1:]:
        before = run.months[month.month - 2]
        stood = np.isin(month.moves.kind, [KINDS.index(MoveKind.STAND)])
        past = before.evaluation.matrix.texts[np.searchsorted(before.rows, month.rows)]
        assert np.array_equal(past[stood], month.evaluation.matrix.texts[stood])


@pytest.mark.slow
@thorough
@given(scenarios())
def test_a_single_text_stands_no_longer_than_patience_lasts(source: dict[str, Any]) -> None:
    source["protocol"] |= {"name": "single_text", "months": 8, "patience": 2}
    source["events"] = []  # while one is announced, nobody gives up
    run = play(build_scenario(source), worlds=5, seed=2)
    stood = np.zeros(5, dtype=int)
    for month in run.months[1:]:
        stands = (month.moves.kind == KINDS.index(MoveKind.STAND)) & _refused(run, month)
        stood[month.rows] = np.where(stands, stood[month.rows] + 1, 0)
        assert stood.max() <= 2


@pytest.mark.slow
@thorough
@given(st.one_of(scenarios(), bargains()))
def test_no_single_text_comes_back_unless_a_retreat_or_an_event_lies_between(
    source: dict[str, Any],
) -> None:
    source["protocol"]["name"] = "single_text"
    run = play(build_scenario(source), worlds=5, seed=2)
    struck = {event["month"] for event in source["events"]}
    for world in range(5):
        told = [(month, int(np.searchsorted(month.rows, world))) for month in run.months if world in month.rows]
        seen: list[bytes] = []
        for month, row in told:
            kind = None if month.moves is None else KINDS[month.moves.kind[row]]
            text = month.evaluation.matrix.texts[row].tobytes()
            if month.month - 1 in struck:  # in a month, the event comes before the draft
                seen = seen[-1:]
            if kind is MoveKind.RETREAT:
                seen = []
            if kind is not MoveKind.STAND:
                assert text not in seen
                seen.append(text)


def _refused(run: Run, month: Month) -> NDArray[np.bool_]:
    """(open world,) bool, whether anybody who blocked the text of the month before did more than hold out for more."""
    before = run.months[month.month - 2]
    rows = np.searchsorted(before.rows, month.rows)
    refused = np.zeros(len(rows), dtype=bool)
    for name, blocks in before.evaluation.responses.consent.blockers.items():
        verdict = before.evaluation.responses.answers[name].verdict
        refused |= (blocks & (verdict != Verdict.HOLDING_OUT))[:, 0][rows]
    return refused | np.logical_or.reduce([np.zeros(len(rows), dtype=bool), *month.moves.stuck.values()])
