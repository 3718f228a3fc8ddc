"""Rules of the room: races, the clock, events, undo, chairs. What holds for every game at all is in test_machine."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.game.debrief.joint_gains import negotiable_gains
from sim.game.debrief.table_results import tables_of
from sim.game.phase_clock import Clock
from sim.game.session import views
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.negotiation.replay import record, replay
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from sim.report.story.case_wording import public_sentences
from tests.engine.villages import scenario as well
from tests.game.hall import Hall, source, state


@pytest.fixture
def registry() -> Hall:
    """A game of the headline with Ukraine, France and the UK by people; it has begun."""
    made = Hall()
    made.seat("ukraine", "france", "uk")
    made.teach("start")
    return made


def refused(registry: Hall, by: str, kind: str, **data: Any) -> RejectedActionError:
    with pytest.raises(RejectedActionError) as found:
        registry.do(by, kind, **data)
    return found.value


# -- races: actions count in the order of the log ----------------------------------------------------------------------


def test_of_two_votes_of_a_chair_the_last_before_the_close_holds() -> None:
    registry = Hall()
    registry.seat("ukraine", "us")
    registry.do("b", "join", person="b", name="b")
    registry.do("b", "sit", table=1, actor="ukraine")
    registry.teach("start")
    version = registry.table().version
    registry.vote("ukraine", "accept")
    registry.do("b", "vote", table=1, version=version, verdict="red_line")
    registry.vote("us", "accept")
    assert registry.table().history()[0]["answers"]["ukraine"]["verdict"] == "red_line"
    late = refused(registry, "ukraine", "vote", table=1, version=version, verdict="accept")
    assert (late.why, late.name) == ("moved_on", "moved_on")
    third = refused(registry, "c", "join", person="c", name="b")
    assert third.name == "taken"
    registry.do("c", "join", person="c", name="c")
    assert refused(registry, "c", "sit", table=1, actor="ukraine").name == "chair_full"


def test_a_vote_for_an_old_text_is_refused_after_an_amendment_an_event_and_an_undo(registry: Hall) -> None:
    versions = [registry.table().version]
    registry.teach("inject", id="us_halts_aid")
    versions.append(registry.table().version)
    registry.teach("undo")
    versions.append(registry.table().version)
    registry.vote("ukraine")
    registry.vote("france", "holding_out")
    registry.vote("uk")
    assert registry.table().stage == "amendment"
    versions.append(registry.table().version)
    registry.amend("uk", force_size=30000)
    registry.amend("france", force_size=15000)
    assert registry.table().text["force_size"] == 15000  # of two drafts, the last in the log
    for version in versions:
        assert refused(registry, "ukraine", "vote", table=1, version=version, verdict="accept").why == "moved_on"
    registry.vote("ukraine")


def test_who_knows_a_brief_takes_no_other_role_once_talks_have_begun() -> None:
    registry = Hall(tables=2)
    registry.seat("ukraine", "us")
    registry.do("us", "sit", table=1, actor="france")  # before, one may still choose
    registry.teach("start", table=2)
    for table in (1, 2):
        assert refused(registry, "us", "sit", table=table, actor="russia").name == "knows_a_brief"
    registry.do("us", "stand")
    assert refused(registry, "us", "sit", table=1, actor="russia").name == "knows_a_brief"
    registry.do("us", "sit", table=1, actor="observer")
    registry.do("us", "sit", table=2, actor="france")  # the role whose brief it knows
    registry.teach("assign", person="us", table=1, actor="russia")
    registry.do("late", "join", person="late", name="late")
    registry.do("late", "sit", table=1, actor="poland")
    assert Session.replay(registry.session.entries).roles == {"ukraine": "ukraine", "us": "russia", "late": "poland"}


@pytest.mark.parametrize("kind", ["say", "whisper", "suggest"])
def test_nobody_floods_a_table(registry: Hall, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.game.session.talk.talk_permissions.WORDS_MOST", 2)
    version = registry.table().version
    data = {
        "say": {"text": "No."},
        "whisper": {"to": "uk", "text": "No."},
        "suggest": {"version": version, "changes": {"sanctions": "lifted"}},
    }[kind]
    for _ in range(2):
        registry.do("ukraine", kind, table=1, **data)
    assert refused(registry, "ukraine", kind, table=1, **data).name == "said_enough"
    registry.do("france", kind, table=1, **data)


def test_a_locked_room_lets_nobody_in_and_nobody_move(registry: Hall) -> None:
    registry.do("x", "join", person="x", name="x")
    registry.teach("lock")
    assert refused(registry, "y", "join", person="y", name="y").why == "closed"
    assert refused(registry, "x", "sit", table=1, actor="us").name == "locked"
    assert refused(registry, "france", "stand").name == "locked"
    registry.teach("assign", person="x", table=1, actor="us")
    registry.teach("unlock")
    registry.do("y", "join", person="y", name="y")


# -- who may what ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "kind", "data", "why"),
    [
        ("ukraine", "start", {}, "forbidden"),
        ("ukraine", "undo", {}, "forbidden"),
        ("teacher", "vote", {"table": 1, "version": 1, "verdict": "accept"}, "forbidden"),
        ("ukraine", "timeout", {"table": 1}, "forbidden"),
        ("nobody", "say", {"table": 1, "text": "x"}, "forbidden"),
        ("ukraine", "join", {"person": "z", "name": "z"}, "forbidden"),
        ("teacher", "join", {"person": "teacher", "name": "z"}, "forbidden"),
        ("ukraine", "say", {"table": 1, "text": "x" * 2001}, "bad"),
        ("ukraine", "say", {"table": 1, "text": "\x1b[2J"}, "bad"),
        ("ukraine", "say", {"table": 1, "text": " "}, "bad"),
        ("ukraine", "say", {"table": 2, "text": "x"}, "bad"),
        ("ukraine", "say", {"table": 1, "text": "x", "more": 1}, "bad"),
        ("z", "join", {"person": "z", "name": "a\nb"}, "bad"),
        ("z", "join", {"person": "z/../", "name": "z"}, "bad"),
        ("teacher", "extend", {"seconds": float("inf")}, "bad"),
        ("teacher", "inject", {"id": "nothing"}, "bad"),
        ("teacher", "inject", {"event": {"says": "x", "set": {"us_aid": 2}}}, "bad"),
        ("teacher", "explode", {}, "bad"),
    ],
)
def test_what_may_not_be_is_refused_by_its_kind(
    registry: Hall, by: str, kind: str, data: dict[str, Any], why: str
) -> None:
    before = state(registry.session)
    assert refused(registry, by, kind, **data).why == why
    assert state(registry.session) == before


def test_everybody_is_told_whom_a_text_of_the_rules_was_meant_to_win(registry: Hall) -> None:
    registry.vote("ukraine", "holding_out")
    for actor in ("france", "uk"):
        registry.teach("agent", table=1, actor=actor)
    registry.teach("next")
    public = views.public(registry.session, registry.table())
    first, second = registry.table().history()[:2]
    assert first["meant_for"] == []
    assert second["text"] != first["text"]
    assert public["meant_for"] == second["meant_for"] != []
    assert set(second["meant_for"]) <= set(first["decision"]["blocked_by"])


def test_whom_a_persons_text_is_meant_to_win_only_the_person_knows(registry: Hall) -> None:
    registry.vote("ukraine", "holding_out")
    registry.vote("france", "accept")
    registry.vote("uk", "accept")
    registry.amend("uk")
    registry.amend("france", force_size=30000)
    assert registry.table().text["force_size"] == 30000
    assert views.public(registry.session, registry.table())["meant_for"] == []
    registry.pass_on("accept")
    registry.pass_on("accept")
    assert not [says for says in public_sentences(registry.table().story())[2] if says.startswith("To win")]


@pytest.mark.parametrize(("pledge", "sent"), [({}, 13000), ({"troops": 0}, 0), ({"troops": 400}, 400)])
def test_what_a_contributor_sends_is_heard_by_all_nothing_too(
    registry: Hall, pledge: dict[str, float], sent: float
) -> None:
    registry.vote("ukraine")
    registry.vote("uk", "red_line")
    score = views.seat(registry.session, "france")["you"]["score"]["sends"]["troops"]
    assert (score["asked"], score["sends"], score["capacity"]) == (True, True, 13000)
    registry.vote("france", pledge=pledge)
    heard = registry.table().history()[0]["answers"]
    assert heard["france"]["pledge"] == {"troops": sent}
    assert heard["uk"]["pledge"] == heard["ukraine"]["pledge"] == {}


def test_a_pledge_is_within_the_capacity_and_goes_with_a_yes(registry: Hall) -> None:
    registry.vote("ukraine")
    common = {"table": 1, "version": registry.table().version}
    more = refused(registry, "france", "vote", verdict="accept", pledge={"troops": 20000}, **common)
    assert str(more) == "France can pledge 0 to 13000 troops, not 20000."
    assert refused(registry, "france", "vote", verdict="accept", pledge={"gold": 1}, **common).name == "no_resource"
    assert (
        refused(registry, "france", "vote", verdict="red_line", pledge={"troops": 1}, **common).name == "pledge_for_no"
    )
    registry.vote("france", pledge={"troops": 5000})
    registry.vote("uk")
    assert registry.table().history()[0]["answers"]["france"]["pledge"] == {"troops": 5000}


def test_a_sponsor_withdraws_its_text_and_nobody_else(registry: Hall) -> None:
    version = registry.table().version
    assert (
        refused(registry, "ukraine", "vote", table=1, version=version, verdict="accept", withdraw=True).why
        == "forbidden"
    )
    registry.vote("ukraine")
    registry.vote("france", "holding_out", withdraw=True)
    registry.teach("next")
    assert registry.table().outcome == "collapsed"
    registry.teach("undo")
    assert registry.table().stage == "pledges"


# -- chairs change hands -----------------------------------------------------------------------------------------------


def test_a_chair_goes_to_its_agent_and_back_in_the_middle(registry: Hall) -> None:
    registry.teach("agent", table=1, actor="ukraine")
    assert (
        refused(registry, "ukraine", "vote", table=1, version=registry.table().version, verdict="accept").why
        == "forbidden"
    )
    registry.teach("next")
    registry.teach("person", table=1, actor="ukraine")
    registry.vote("france", "holding_out")
    registry.vote("uk", "holding_out")
    registry.amend("uk")
    registry.amend("france")
    registry.vote("ukraine", "red_line", says="Back.")
    moves = [(one.month, one.actor) for one in registry.table().run.moves]
    assert (1, "ukraine") not in moves
    assert (2, "ukraine") in moves
    assert Session.replay(registry.session.entries).table(1).history() == registry.table().history()


def test_when_the_last_who_is_waited_for_leaves_the_phase_closes() -> None:
    registry = Hall()
    registry.seat("ukraine", "us", "france")
    registry.teach("start")
    registry.vote("ukraine")
    registry.do("us", "stand")
    assert registry.table().stage == "pledges"
    registry.do("france", "stand")  # nobody has moved, so this is left to the teacher
    assert registry.table().stage == "pledges"
    registry.teach("next")
    assert (registry.table().model.month, registry.table().stage) == (2, "reactions")


def test_two_tables_play_the_same_world_apart() -> None:
    registry = Hall(tables=2, seed=3)
    registry.seat("ukraine")
    registry.seat("russia", table=2)
    registry.teach("start")
    one, two = registry.table(1), registry.table(2)
    assert views.public(registry.session, one)["text"] == views.public(registry.session, two)["text"]
    assert {name: level.tolist() for name, level in one.model.context.items()} == {
        name: level.tolist() for name, level in two.model.context.items()
    }
    registry.vote("ukraine")
    assert (one.model.month, two.model.month) == (2, 1)


# -- events ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_event_changes_the_context_and_the_record_replays(registry: Hall) -> None:
    aid = registry.table().model.context["us_aid"][0]
    registry.vote("ukraine")
    registry.teach("undo")
    registry.teach("inject", id="us_halts_aid")
    assert registry.table().model.context["us_aid"][0] == 0 < aid
    while not registry.table().over:
        registry.pass_on()
    run = registry.table().run
    assert [event.says for event in run.scenario.events] == ["The US halts its aid to Ukraine"]
    assert record(replay(record(run))) == record(run)


def test_no_rule_foresees_an_event_that_is_let_happen() -> None:
    """The rules wait while an event of the file is to come; of one in a game they know nothing, on replay neither."""
    protocol = {"name": "single_text", "months": 4, "amend_terms": 1, "negotiable": ["men"], "patience": 0}
    registry = Hall(well({"price": 30}, protocol))  # Lower refuses 30, and the price is not negotiable
    registry.seat("mayor")
    registry.teach("start")
    registry.teach("inject", event={"says": "It rains", "set": {"drought": 0}})  # after the first answers: for month 2
    registry.vote("mayor")
    [event] = registry.table().scenario.events
    assert (event.month, event.announced) == (2, False)
    run = registry.table().run
    assert (registry.table().outcome, len(run.months)) == ("impasse", 1)
    assert record(replay(record(run))) == record(run)
    announced = {"month": 2, "says": "It rains", "set": {"drought": 0}}
    assert len(play(build_scenario(well({"price": 30}, protocol, events=[announced]))).months) == 2


def test_after_the_last_month_of_any_protocol_an_event_comes_too_late() -> None:
    registry = Hall(source("european_force", name="one_shot"))
    registry.seat("france")
    registry.teach("start")
    assert refused(registry, "teacher", "inject", id="us_halts_aid").name == "too_late"


def test_an_event_in_the_middle_of_the_answers_waits_for_the_next_text(registry: Hall) -> None:
    registry.vote("ukraine", says="First.")
    aid = registry.table().model.context["us_aid"][0]
    registry.vote("france", "holding_out")
    registry.teach("inject", event={"says": "Aid stops", "set": {"us_aid": 0}})
    assert registry.table().model.context["us_aid"][0] == aid
    registry.vote("france", "holding_out")  # again: it had answered without knowing of the event
    assert "france" in registry.table().pending
    registry.vote("uk", "holding_out")
    registry.amend("uk")
    registry.amend("france")
    assert (registry.table().model.month, registry.table().model.context["us_aid"][0]) == (2, 0)


def test_an_event_comes_too_late_in_the_last_month() -> None:
    registry = Hall(source("european_force", months=1))
    registry.seat("france")
    registry.teach("start")
    assert refused(registry, "teacher", "inject", id="us_halts_aid").name == "too_late"


def test_what_a_scenario_keeps_for_a_later_month_is_not_told() -> None:
    registry = Hall("us_halts_aid")
    registry.seat("france")
    registry.teach("start")
    seen = {}
    while not registry.table().over:
        public = views.public(registry.session, registry.table())
        seen[public["month"]] = [event["says"] for event in public["events"]]
        registry.pass_on()
    assert (seen[1], seen[2], seen[3]) == ([], [], ["The US halts its aid"])


# -- soundings ---------------------------------------------------------------------------------------------------------


def test_a_sounding_is_counted_and_answered_from_what_is_known(registry: Hall) -> None:
    registry.do("ukraine", "sound", table=1, actor="russia", changes={"force_size": "30000"})
    asked = views.seat(registry.session, "ukraine")["you"]["soundings"]
    assert (asked["left"], asked["asked"][0]["leans"]) == (2, "no")
    assert [line["rule"] for line in asked["asked"][0]["declares"]] == ["western_troops"]
    assert views.seat(registry.session, "france")["you"]["soundings"]["asked"] == []
    assert refused(registry, "ukraine", "sound", table=1, actor="ukraine", changes={}).name == "to_oneself"
    registry.vote("ukraine", "accept")
    registry.vote("france", "accept")
    registry.vote("uk", "accept")
    registry.do("france", "sound", table=1, actor="ukraine", changes={"sanctions": "lifted"})
    registry.do("france", "sound", table=1, actor="ukraine", changes={})
    told = views.seat(registry.session, "france")["you"]["soundings"]["asked"]
    assert [one["leans"] for one in told] == ["open", "yes"]
    assert told[0]["heard"] == [{"month": 1, "verdict": "accept", "differs": {"sanctions": ["kept", "lifted"]}}]
    registry.do("france", "sound", table=1, actor="ukraine", changes={})
    assert refused(registry, "france", "sound", table=1, actor="ukraine", changes={}).why == "closed"


# -- the round after the talks -----------------------------------------------------------------------------------------


def test_a_better_deal_needs_every_chair() -> None:
    registry = Hall("house_rules")
    registry.seat("ana", "ben")
    registry.teach("start")
    while not registry.table().over:
        registry.pass_on("accept")
    table = registry.table()
    assert table.outcome == "expired"
    gains = negotiable_gains(tables_of(registry.session)[0])
    assert gains is not None
    better = next(offer["package"] for offer in gains["offers"] if not offer["worse_for"])
    for accept in (False, True):
        registry.teach("settle", table=1, package=better)
        version = registry.session.entries[-1].n
        registry.do("ana", "settle_vote", table=1, version=version, accept=True)
        assert views.public(registry.session, table)["settlement"]["answers"] == {}
        registry.do("ben", "settle_vote", table=1, version=version, accept=accept)
        told = views.public(registry.session, table)["settlement"]
        assert (told["closed"], told["accepted"]) == (True, accept)
        assert told["answers"] == {"ana": True, "ben": accept, "cleo": True}


# -- the clock ---------------------------------------------------------------------------------------------------------

seconds = st.integers(0, 10_000).map(float)


@given(start=seconds, length=seconds, pause=seconds, rest=seconds, more=seconds)
def test_a_pause_moves_the_end_by_its_length_and_an_extension_by_its_seconds(
    start: float, length: float, pause: float, rest: float, more: float
) -> None:
    clock = Clock.running(start, length)
    assert clock.extend(more) == Clock(start + length + more)
    paused = start + min(pause, length)
    assert clock.pause(paused).resume(paused + rest) == Clock(start + length + rest)
    assert clock.pause(paused).extend(more).resume(paused + rest) == Clock(start + length + rest + more)
    assert clock.pause(start + length + 1).left == 0
    assert Clock.running(start, None) == Clock()
    assert not Clock().over(start)
    assert clock.over(start + length)


def test_the_clock_runs_for_each_phase_and_only_then_closes_it() -> None:
    registry = Hall(minutes=2.0)
    registry.seat("ukraine", "france")
    registry.teach("start")
    begun = registry.now
    assert registry.table().clock.ends_at == begun + 120
    assert refused(registry, "clock", "timeout", table=1).name == "not_the_clock"
    registry.teach("pause")
    registry.now += 1000
    assert (
        refused(registry, "ukraine", "vote", table=1, version=registry.table().version, verdict="accept").name
        == "paused"
    )
    assert refused(registry, "clock", "timeout", table=1).name == "not_the_clock"
    registry.teach("resume")
    registry.teach("extend", seconds=60)
    assert registry.table().clock.ends_at == pytest.approx(begun + 180 + 1000, abs=3)
    registry.now += 180
    registry.do("clock", "timeout", table=1)
    assert registry.table().stage == "pledges"
    assert registry.table().clock.ends_at == registry.now + 120
    assert "ukraine" not in {one.actor for one in registry.table().run.moves}


def test_time_never_goes_back() -> None:
    registry = Hall()
    registry.seat("ukraine")
    later = registry.session.at
    assert registry.session.entry("teacher", "lock", {}, later - 100).at == later
