"""Amendments are found alike, however the texts are put before the drafters: against each text judged by itself."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.case.loader import build_case
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.grouping import GroupedTexts
from sim.engine.incremental import COVER, TextChanges
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.responses import Responses, collect_responses
from sim.engine.rule_matrix import CONSENT, LINES, CompiledRules, RuleSource
from sim.engine.voting.pledge_cover import COALITION_MOST, short_of
from sim.engine.worlds import Streams, Worlds
from sim.negotiation.context import start
from sim.negotiation.drafting import candidate_finder, candidate_sets
from sim.negotiation.record.history import Run
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from tests.engine.generated import cases, scenarios
from tests.engine.test_invariants import every_text, thorough
from tests.engine.villages import CASE, WHY, actor, rule, scenario

COUNT = 9
GROUPED = {"GROUPED_WORLDS_LEAST": 1, "KEPT_WORLDS_LEAST": 1}
"""Texts are grouped for each actor, even in few worlds."""
OWN = {"SPARE": 0}
"""No candidate set is shared: each world has its own."""
CROWDED = {"CROWD": 1, **GROUPED}
"""A candidate set for each text on a table, its texts grouped for each actor."""
ONE_BY_ONE = {"SPARE": 1, "TABLES_MOST": 1, "CHOICES_MOST": 0}
"""A candidate set for each text on a table."""


def domain(issues: int, parties: int = 3, protocol: str = "alternating", terms: int = 1) -> dict[str, Any]:
    """A linear-additive domain of three options an issue, in which every world draws all points anew."""
    options = ["low", "middle", "high"]
    names = [f"issue_{at}" for at in range(issues)]
    party = [f"party_{at}" for at in range(parties)]
    points = {"low": 0, "high": 200 / issues}
    preferences = [rule(f"{name}_{option}", when={name: option}, points=points) for name in names for option in options]
    hold_out = {"opening": {"low": 60, "high": 80}, "e": {"low": 0.2, "high": 0.6}, **WHY}
    case = {
        "id": "linear",
        "title": "x",
        "question": "x?",
        "issues": {name: {"says": "x", "options": options, "default": "low", **WHY} for name in names},
        "constraints": [],
        "context": {},
        "consent": [rule("all", needs=party)],
        "actors": {name: actor(name, preferences=copy.deepcopy(preferences), aspiration=hold_out) for name in party},
        "claims": {},
    }
    for one in case["actors"].values():
        one["reservation"]["base"] = {"low": 20, "high": 60}
    return {
        "id": "linear",
        "title": "x",
        "question": "x?",
        "case": case,
        "sponsor": "party_0",
        "proposal": {},
        "protocol": {"name": protocol, "months": 8, "amend_terms": terms},
    }


def told(run: Run) -> list[bytes]:
    """How every world ended, every text that was ever on its table, and the issues that were chosen to get there."""
    texts = [month.evaluation.matrix.texts.tobytes() for month in run.months]
    chosen = [month.moves.chosen.tobytes() for month in run.months if month.moves]
    return [run.outcome.tobytes(), run.ended.tobytes(), *texts, *chosen]


def limited(source: dict[str, Any], worlds: int, limits: dict[str, int]) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in limits.items():
            patch.setattr(candidate_sets if hasattr(candidate_sets, name) else candidate_finder, name, limit)
        return play(build_scenario(source), worlds, seed=5)


def played(source: dict[str, Any], worlds: int, limits: dict[str, int]) -> list[bytes]:
    return told(limited(source, worlds, limits))


@pytest.mark.slow
@thorough
@given(scenarios())
def test_shared_candidate_sets_own_ones_and_one_for_each_text_lead_to_the_same_talks(
    source: dict[str, Any],
) -> None:
    plain = played(source, COUNT, {})
    for limits in (GROUPED, OWN, ONE_BY_ONE, CROWDED):
        assert played(source, COUNT, limits) == plain


NO_GUARD, SMALL_GUARD = {"guard": "none", "men": 0}, {"guard": "small", "men": 5}
MEN_FIRST = [
    rule("men_need_a_guard", when={"men": ">0"}, then={"guard": "small"}),
    rule("a_guard_has_men", when={"guard": ["small", "large"]}, then={"men": ">0"}),
]


@pytest.mark.parametrize("limits", [{}, GROUPED, OWN, ONE_BY_ONE, CROWDED])
@pytest.mark.parametrize(
    ("before", "after", "constraints", "chosen"),
    [
        pytest.param(SMALL_GUARD, NO_GUARD, None, "guard", id="a forced repair, or two choices"),
        pytest.param(NO_GUARD, SMALL_GUARD, None, "guard", id="one of several repairs, or two choices"),
        pytest.param(NO_GUARD, SMALL_GUARD, MEN_FIRST, "men", id="a forced repair, or one of several later"),
    ],
)
def test_of_several_changes_to_one_text_the_first_counts(
    before: dict[str, Any], after: dict[str, Any], constraints: Any, chosen: str, limits: dict[str, int]
) -> None:
    """A mediator ranks a text alike whichever issues were chosen to get there; only those go on the path."""
    source = scenario(
        {"price": 20, **before}, {"name": "single_text", "mediator": "mayor", "months": 2, "amend_terms": 2}
    )
    case = source["case"]
    other = rule("other", when={"not": {"guard": after["guard"]}}, points=-30)
    case["actors"]["lower"]["preferences"].append(other)
    if constraints:
        case["constraints"] = constraints
        case["issues"] = {name: case["issues"][name] for name in ("price", "men", "guard")}
    run = limited(source, 2, limits)
    moves, texts = run.months[1].moves, run.months[1].evaluation.matrix.texts
    assert moves is not None
    for world in range(2):
        assert OutcomeSpace(run.scenario.case).decode(texts[world]) == {"price": 20, **after}
        assert [name for at, name in enumerate(case["issues"]) if moves.chosen[world, at]] == [chosen]


@pytest.mark.parametrize("protocol", ["single_text", "alternating"])
@pytest.mark.parametrize("terms", [1, 2])
def test_worlds_that_all_differ_play_the_same_talks_together_and_alone(protocol: str, terms: int) -> None:
    source = domain(6, protocol=protocol, terms=terms)
    own = played(source, 40, OWN)
    assert own == played(source, 40, ONE_BY_ONE)
    run = play(build_scenario(source), 40, seed=5)
    third = run.months[2].evaluation.matrix.texts
    assert len(np.unique(third, axis=0)) > len(third) / 2 > 5
    for world in (0, 17, 39):
        alone = play(build_scenario(source), seed=5, uniforms=Streams(5, 1, world))
        assert (alone.outcome[0], alone.ended[0]) == (run.outcome[world], run.ended[world])


def same(responses: Responses, other: Responses, shape: tuple[int, int]) -> None:
    """Compare two sets of responses to the same texts."""

    def by_text(array: np.ndarray) -> np.ndarray:
        return np.broadcast_to(array, shape)

    for name, answer in responses.answers.items():
        again = other.answers[name]
        for what in ("verdict", "accepts", "refuses"):
            assert np.array_equal(by_text(getattr(answer, what)), by_text(getattr(again, what))), (name, what)
        worlds, texts = np.divmod(np.arange(shape[0] * shape[1]), shape[1])
        for what in ("surplus", "price", "never", "aspiration"):
            picked = again.pick(getattr(again, what), worlds, texts).reshape(shape)
            assert np.array_equal(by_text(getattr(answer, what)), picked), (name, what)
        blocks = other.consent.blockers[name]
        assert np.array_equal(by_text(responses.consent.blockers[name]), by_text(blocks))
    assert np.array_equal(by_text(responses.consent.agreed), by_text(other.consent.agreed))
    assert np.array_equal(by_text(responses.consent.stuck), by_text(other.consent.stuck))


@pytest.mark.slow
@thorough
@given(cases())
def test_texts_judged_by_their_columns_are_judged_as_by_themselves(source: dict[str, Any]) -> None:
    case = build_case(source)
    worlds = Worlds(case, Streams(2, COUNT))
    drawn_parameters, context, matrix = (
        DrawnParameters.draw(worlds),
        start(worlds),
        CompiledRules(case).read(every_text(case)),
    )
    plain = collect_responses(
        case, drawn_parameters.actor_parameters, matrix, drawn_parameters.situation(matrix, context, 2, 4)
    )
    alike = GroupedTexts(case, matrix)
    respondents = alike.respondents(drawn_parameters.actor_parameters)
    same(
        plain,
        collect_responses(case, respondents, alike, drawn_parameters.situation(alike, context, 2, 4)),
        (COUNT, len(matrix.texts)),
    )


@pytest.mark.slow
@thorough
@given(cases(), st.integers(1, 3))
def test_changes_are_read_as_the_texts_that_they_lead_to(source: dict[str, Any], terms: int) -> None:
    case = build_case(source)
    space, compiled_rules = OutcomeSpace(case), CompiledRules(case)
    texts, worlds = every_text(case), Worlds(case, Streams(2, COUNT))
    current = texts[np.arange(COUNT) * 5 % len(texts)]
    changed_texts, there = space.changed_texts(current, tuple(case.issues), terms)
    own: RuleSource = TextChanges(space, compiled_rules, tuple(case.issues), terms).read(current, changed_texts)
    drawn_parameters, context = DrawnParameters.draw(worlds), start(worlds)
    responses = collect_responses(
        case, drawn_parameters.actor_parameters, own, drawn_parameters.situation(own, context, 2, 4)
    )
    for world in range(COUNT):
        here, some = np.flatnonzero(there[:, world]), slice(world, world + 1)
        matrix, one = compiled_rules.read(changed_texts[:, here, world].T), drawn_parameters.only(some)
        now = {name: level[some] for name, level in context.items()}
        alone = collect_responses(case, one.actor_parameters, matrix, one.situation(matrix, now, 2, 4))
        for name, answer in alone.answers.items():
            for what in ("surplus", "accepts", "refuses", "never", "price"):
                mine = np.broadcast_to(getattr(responses.answers[name], what), (COUNT, changed_texts.shape[1]))[
                    world, here
                ]
                assert np.array_equal(np.broadcast_to(getattr(answer, what), (1, len(here)))[0], mine), (name, what)
        agreed = np.broadcast_to(responses.consent.agreed, (COUNT, changed_texts.shape[1]))[world, here]
        assert np.array_equal(np.broadcast_to(alone.consent.agreed, (1, len(here)))[0], agreed)


def test_a_change_of_one_issue_touches_one_scope_however_many_issues_there_are() -> None:
    """The cost of a candidate does not grow with the issues; how many candidates there are grows evenly with them."""
    for issues in (4, 12, 36):
        case = build_scenario(domain(issues)).case
        changes = TextChanges(OutcomeSpace(case), CompiledRules(case), tuple(case.issues), 1)
        assert changes.count == 2 * issues
        for section, layout in changes.layouts.items():
            assert layout.touched.shape[1] == (1 if section[0] not in (CONSENT, COVER, LINES) else 0)
            assert max((counts.size for _, counts in layout.products), default=0) <= 66 * 66


def test_mending_is_part_of_a_change() -> None:
    """The villages: without a guard there are no men, whatever was changed beside it."""
    case = build_case(copy.deepcopy(CASE))
    space = OutcomeSpace(case)
    text = space.encode({"price": 0, "guard": "small", "men": 5})
    reached = {
        frozenset(space.decode(one).items())
        for one in space.neighbours(text, ("guard", "price"), 2)
        if space.decode(one)["guard"] == "none"
    }
    assert reached == {frozenset({"price": price, "guard": "none", "men": 0}.items()) for price in (0, 10, 20, 30)}
    mended = {tuple(sorted(reach.issues)) for reach in space.reach(("guard",), 1)}
    assert mended == {(1, 2)}


@given(st.data(), st.integers(1, COALITION_MOST + 2), st.booleans())
def test_pledges_by_coalition_are_pledges_added_up(data: st.DataObject, count: int, fixed: bool) -> None:
    draw = np.random.default_rng(data.draw(st.integers(0, 99)))
    accepts = [np.asfortranarray(draw.random((5, 7)) < 0.6) for _ in range(count)]
    given = [draw.integers(0, 4, (1 if fixed else 5, 1)) * 0.5 for _ in range(count)]
    asked = draw.integers(0, 4, (1, 7)) * 1.0
    offered = sum(where * amount for where, amount in zip(accepts, given, strict=True))
    assert np.array_equal(short_of(list(zip(accepts, given, strict=True)), asked), offered < asked)
