"""Rules of the room: races, the clock, events, undo, chairs. What holds for every game at all is in test_machine."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.game.session import views
from sim.game.session.clock import Clock
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.negotiation.replay import record, replay
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from sim.report.story.public_story import told
from tests.engine.villages import scenario as well
from tests.game.hall import Hall, source, state


@pytest.fixture
def hall() -> Hall:
    """A game of the headline with Ukraine, France and the UK by people; it has begun."""
    made = Hall()
    made.seat("ukraine", "france", "uk")
    made.teach("start")
    return made


def refused(hall: Hall, by: str, kind: str, **data: Any) -> RejectedActionError:
    with pytest.raises(RejectedActionError) as found:
        hall.do(by, kind, **data)
    return found.value


# -- races: actions count in the order of the log ----------------------------------------------------------------------


def test_of_two_votes_of_a_chair_the_last_before_the_close_holds() -> None:
    hall = Hall()
    hall.seat("ukraine", "us")
    hall.do("b", "join", person="b", name="b")
    hall.do("b", "sit", table=1, actor="ukraine")
    hall.teach("start")
    version = hall.table().version
    hall.vote("ukraine", "accept")
    hall.do("b", "vote", table=1, version=version, verdict="red_line")
    hall.vote("us", "accept")
    assert hall.table().history()[0]["answers"]["ukraine"]["verdict"] == "red_line"
    late = refused(hall, "ukraine", "vote", table=1, version=version, verdict="accept")
    assert (late.why, late.name) == ("moved_on", "moved_on")
    third = refused(hall, "c", "join", person="c", name="b")
    assert third.name == "taken"
    hall.do("c", "join", person="c", name="c")
    assert refused(hall, "c", "sit", table=1, actor="ukraine").name == "chair_full"


def test_a_vote_for_an_old_text_is_refused_after_an_amendment_an_event_and_an_undo(hall: Hall) -> None:
    versions = [hall.table().version]
    hall.teach("inject", id="us_halts_aid")
    versions.append(hall.table().version)
    hall.teach("undo")
    versions.append(hall.table().version)
    hall.vote("ukraine")
    hall.vote("france", "holding_out")
    hall.vote("uk")
    assert hall.table().stage == "amendment"
    versions.append(hall.table().version)
    hall.amend("uk", force_size=30000)
    hall.amend("france", force_size=15000)
    assert hall.table().text["force_size"] == 15000  # of two drafts, the last in the log
    for version in versions:
        assert refused(hall, "ukraine", "vote", table=1, version=version, verdict="accept").why == "moved_on"
    hall.vote("ukraine")


def test_who_knows_a_brief_takes_no_other_role_once_talks_have_begun() -> None:
    hall = Hall(tables=2)
    hall.seat("ukraine", "us")
    hall.do("us", "sit", table=1, actor="france")  # before, one may still choose
    hall.teach("start", table=2)
    for table in (1, 2):
        assert refused(hall, "us", "sit", table=table, actor="russia").name == "knows_a_brief"
    hall.do("us", "stand")
    assert refused(hall, "us", "sit", table=1, actor="russia").name == "knows_a_brief"
    hall.do("us", "sit", table=1, actor="observer")
    hall.do("us", "sit", table=2, actor="france")  # the role whose brief it knows
    hall.teach("assign", person="us", table=1, actor="russia")
    hall.do("late", "join", person="late", name="late")
    hall.do("late", "sit", table=1, actor="poland")
    assert Session.replay(hall.session.entries).roles == {"ukraine": "ukraine", "us": "russia", "late": "poland"}


@pytest.mark.parametrize("kind", ["say", "whisper", "suggest"])
def test_nobody_floods_a_table(hall: Hall, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.game.session.permissions.WORDS_MOST", 2)
    version = hall.table().version
    data = {
        "say": {"text": "No."},
        "whisper": {"to": "uk", "text": "No."},
        "suggest": {"version": version, "changes": {"sanctions": "lifted"}},
    }[kind]
    for _ in range(2):
        hall.do("ukraine", kind, table=1, **data)
    assert refused(hall, "ukraine", kind, table=1, **data).name == "said_enough"
    hall.do("france", kind, table=1, **data)


def test_a_locked_room_lets_nobody_in_and_nobody_move(hall: Hall) -> None:
    hall.do("x", "join", person="x", name="x")
    hall.teach("lock")
    assert refused(hall, "y", "join", person="y", name="y").why == "closed"
    assert refused(hall, "x", "sit", table=1, actor="us").name == "locked"
    assert refused(hall, "france", "stand").name == "locked"
    hall.teach("assign", person="x", table=1, actor="us")
    hall.teach("unlock")
    hall.do("y", "join", person="y", name="y")


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
def test_what_may_not_be_is_refused_by_its_kind(hall: Hall, by: str, kind: str, data: dict[str, Any], why: str) -> None:
    before = state(hall.session)
    assert refused(hall, by, kind, **data).why == why
    assert state(hall.session) == before


def test_everybody_is_told_whom_a_text_of_the_rules_was_meant_to_win(hall: Hall) -> None:
    hall.vote("ukraine", "holding_out")
    for actor in ("france", "uk"):
        hall.teach("agent", table=1, actor=actor)
    hall.teach("next")
    public = views.public(hall.session, hall.table())
    first, second = hall.table().history()[:2]
    assert first["meant_for"] == []
    assert second["text"] != first["text"]
    assert public["meant_for"] == second["meant_for"] != []
    assert set(second["meant_for"]) <= set(first["decision"]["blocked_by"])


def test_whom_a_persons_text_is_meant_to_win_only_the_person_knows(hall: Hall) -> None:
    hall.vote("ukraine", "holding_out")
    hall.vote("france", "accept")
    hall.vote("uk", "accept")
    hall.amend("uk")
    hall.amend("france", force_size=30000)
    assert hall.table().text["force_size"] == 30000
    assert views.public(hall.session, hall.table())["meant_for"] == []
    hall.pass_on("accept")
    hall.pass_on("accept")
    assert not [says for says in told(hall.table().tale())[2] if says.startswith("To win")]


@pytest.mark.parametrize(("pledge", "sent"), [({}, 13000), ({"troops": 0}, 0), ({"troops": 400}, 400)])
def test_what_a_contributor_sends_is_heard_by_all_nothing_too(
    hall: Hall, pledge: dict[str, float], sent: float
) -> None:
    hall.vote("ukraine")
    hall.vote("uk", "red_line")
    score = views.seat(hall.session, "france")["you"]["score"]["sends"]["troops"]
    assert (score["asked"], score["sends"], score["capacity"]) == (True, True, 13000)
    hall.vote("france", pledge=pledge)
    heard = hall.table().history()[0]["answers"]
    assert heard["france"]["pledge"] == {"troops": sent}
    assert heard["uk"]["pledge"] == heard["ukraine"]["pledge"] == {}


def test_a_pledge_is_within_the_capacity_and_goes_with_a_yes(hall: Hall) -> None:
    hall.vote("ukraine")
    common = {"table": 1, "version": hall.table().version}
    more = refused(hall, "france", "vote", verdict="accept", pledge={"troops": 20000}, **common)
    assert str(more) == "France can pledge 0 to 13000 troops, not 20000."
    assert refused(hall, "france", "vote", verdict="accept", pledge={"gold": 1}, **common).name == "no_resource"
    assert refused(hall, "france", "vote", verdict="red_line", pledge={"troops": 1}, **common).name == "pledge_for_no"
    hall.vote("france", pledge={"troops": 5000})
    hall.vote("uk")
    assert hall.table().history()[0]["answers"]["france"]["pledge"] == {"troops": 5000}


def test_a_sponsor_withdraws_its_text_and_nobody_else(hall: Hall) -> None:
    version = hall.table().version
    assert (
        refused(hall, "ukraine", "vote", table=1, version=version, verdict="accept", withdraw=True).why == "forbidden"
    )
    hall.vote("ukraine")
    hall.vote("france", "holding_out", withdraw=True)
    hall.teach("next")
    assert hall.table().outcome == "collapsed"
    hall.teach("undo")
    assert hall.table().stage == "pledges"


# -- chairs change hands -----------------------------------------------------------------------------------------------


def test_a_chair_goes_to_its_agent_and_back_in_the_middle(hall: Hall) -> None:
    hall.teach("agent", table=1, actor="ukraine")
    assert refused(hall, "ukraine", "vote", table=1, version=hall.table().version, verdict="accept").why == "forbidden"
    hall.teach("next")
    hall.teach("person", table=1, actor="ukraine")
    hall.vote("france", "holding_out")
    hall.vote("uk", "holding_out")
    hall.amend("uk")
    hall.amend("france")
    hall.vote("ukraine", "red_line", says="Back.")
    moves = [(one.month, one.actor) for one in hall.table().run.moves]
    assert (1, "ukraine") not in moves
    assert (2, "ukraine") in moves
    assert Session.replay(hall.session.entries).table(1).history() == hall.table().history()


def test_when_the_last_who_is_waited_for_leaves_the_phase_closes() -> None:
    hall = Hall()
    hall.seat("ukraine", "us", "france")
    hall.teach("start")
    hall.vote("ukraine")
    hall.do("us", "stand")
    assert hall.table().stage == "pledges"
    hall.do("france", "stand")  # nobody has moved, so this is left to the teacher
    assert hall.table().stage == "pledges"
    hall.teach("next")
    assert (hall.table().model.month, hall.table().stage) == (2, "reactions")


def test_two_tables_play_the_same_world_apart() -> None:
    hall = Hall(tables=2, seed=3)
    hall.seat("ukraine")
    hall.seat("russia", table=2)
    hall.teach("start")
    one, two = hall.table(1), hall.table(2)
    assert views.public(hall.session, one)["text"] == views.public(hall.session, two)["text"]
    assert {name: level.tolist() for name, level in one.model.context.items()} == {
        name: level.tolist() for name, level in two.model.context.items()
    }
    hall.vote("ukraine")
    assert (one.model.month, two.model.month) == (2, 1)


# -- events ------------------------------------------------------------------------------------------------------------


def test_an_event_changes_the_context_and_the_record_replays(hall: Hall) -> None:
    aid = hall.table().model.context["us_aid"][0]
    hall.vote("ukraine")
    hall.teach("undo")
    hall.teach("inject", id="us_halts_aid")
    assert hall.table().model.context["us_aid"][0] == 0 < aid
    while not hall.table().over:
        hall.pass_on()
    run = hall.table().run
    assert [event.says for event in run.scenario.events] == ["The US halts its aid to Ukraine"]
    assert record(replay(record(run))) == record(run)


def test_no_rule_foresees_an_event_that_is_let_happen() -> None:
    """The rules wait while an event of the file is to come; of one in a game they know nothing, on replay neither."""
    protocol = {"name": "single_text", "months": 4, "amend_terms": 1, "negotiable": ["men"], "patience": 0}
    hall = Hall(well({"price": 30}, protocol))  # Lower refuses 30, and the price is not negotiable
    hall.seat("mayor")
    hall.teach("start")
    hall.teach("inject", event={"says": "It rains", "set": {"drought": 0}})  # after the first answers: for month 2
    hall.vote("mayor")
    [event] = hall.table().scenario.events
    assert (event.month, event.announced) == (2, False)
    run = hall.table().run
    assert (hall.table().outcome, len(run.months)) == ("impasse", 1)
    assert record(replay(record(run))) == record(run)
    announced = {"month": 2, "says": "It rains", "set": {"drought": 0}}
    assert len(play(build_scenario(well({"price": 30}, protocol, events=[announced]))).months) == 2


def test_after_the_last_month_of_any_protocol_an_event_comes_too_late() -> None:
    hall = Hall(source("european_force", name="one_shot"))
    hall.seat("france")
    hall.teach("start")
    assert refused(hall, "teacher", "inject", id="us_halts_aid").name == "too_late"


def test_an_event_in_the_middle_of_the_answers_waits_for_the_next_text(hall: Hall) -> None:
    hall.vote("ukraine", says="First.")
    version, aid = hall.table().version, hall.table().model.context["us_aid"][0]
    hall.vote("france", "holding_out")
    hall.teach("inject", event={"says": "Aid stops", "set": {"us_aid": 0}})
    assert hall.table().model.context["us_aid"][0] == aid
    assert hall.table().version == version
    assert "france" in hall.table().pending
    hall.vote("uk", "holding_out")
    hall.amend("uk")
    hall.amend("france")
    assert (hall.table().model.month, hall.table().model.context["us_aid"][0]) == (2, 0)


def test_an_event_comes_too_late_in_the_last_month() -> None:
    hall = Hall(source("european_force", months=1))
    hall.seat("france")
    hall.teach("start")
    assert refused(hall, "teacher", "inject", id="us_halts_aid").name == "too_late"


def test_what_a_scenario_keeps_for_a_later_month_is_not_told() -> None:
    hall = Hall("us_halts_aid")
    hall.seat("france")
    hall.teach("start")
    seen = {}
    while not hall.table().over:
        public = views.public(hall.session, hall.table())
        seen[public["month"]] = [event["says"] for event in public["events"]]
        hall.pass_on()
    assert (seen[1], seen[2], seen[3]) == ([], [], ["The US halts its aid"])


# -- soundings ---------------------------------------------------------------------------------------------------------


def test_a_sounding_is_counted_and_answered_from_what_is_known(hall: Hall) -> None:
    hall.do("ukraine", "sound", table=1, actor="russia", changes={"force_size": "30000"})
    asked = views.seat(hall.session, "ukraine")["you"]["soundings"]
    assert (asked["left"], asked["asked"][0]["leans"]) == (2, "no")
    assert [line["rule"] for line in asked["asked"][0]["declares"]] == ["western_troops"]
    assert views.seat(hall.session, "france")["you"]["soundings"]["asked"] == []
    assert refused(hall, "ukraine", "sound", table=1, actor="ukraine", changes={}).name == "to_oneself"
    hall.vote("ukraine", "accept")
    hall.vote("france", "accept")
    hall.vote("uk", "accept")
    hall.do("france", "sound", table=1, actor="ukraine", changes={"sanctions": "lifted"})
    hall.do("france", "sound", table=1, actor="ukraine", changes={})
    told = views.seat(hall.session, "france")["you"]["soundings"]["asked"]
    assert [one["leans"] for one in told] == ["open", "yes"]
    assert told[0]["heard"] == [{"month": 1, "verdict": "accept", "differs": {"sanctions": ["kept", "lifted"]}}]
    hall.do("france", "sound", table=1, actor="ukraine", changes={})
    assert refused(hall, "france", "sound", table=1, actor="ukraine", changes={}).why == "closed"


# -- the round after the talks -----------------------------------------------------------------------------------------


def test_a_better_deal_needs_every_chair() -> None:
    hall = Hall("house_rules")
    hall.seat("ana", "ben")
    hall.teach("start")
    while not hall.table().over:
        hall.pass_on("accept")
    table = hall.table()
    assert table.outcome == "expired"
    for accept in (False, True):
        hall.teach("settle", table=1, package=dict(table.scenario.case.default))
        version = hall.session.entries[-1].n
        hall.do("ana", "settle_vote", table=1, version=version, accept=True)
        assert views.public(hall.session, table)["settlement"]["answers"] == {}
        hall.do("ben", "settle_vote", table=1, version=version, accept=accept)
        told = views.public(hall.session, table)["settlement"]
        assert (told["closed"], told["accepted"]) == (True, accept)
        assert told["answers"] == {"ana": True, "ben": accept, "cleo": True}  # she can live with things as they are


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
    hall = Hall(minutes=2.0)
    hall.seat("ukraine", "france")
    hall.teach("start")
    begun = hall.now
    assert hall.table().clock.ends_at == begun + 120
    assert refused(hall, "clock", "timeout", table=1).name == "not_the_clock"
    hall.teach("pause")
    hall.now += 1000
    assert refused(hall, "ukraine", "vote", table=1, version=hall.table().version, verdict="accept").name == "paused"
    assert refused(hall, "clock", "timeout", table=1).name == "not_the_clock"
    hall.teach("resume")
    hall.teach("extend", seconds=60)
    assert hall.table().clock.ends_at == pytest.approx(begun + 180 + 1000, abs=3)
    hall.now += 180
    hall.do("clock", "timeout", table=1)
    assert hall.table().stage == "pledges"
    assert hall.table().clock.ends_at == hall.now + 120
    assert "ukraine" not in {one.actor for one in hall.table().run.moves}


def test_time_never_goes_back() -> None:
    hall = Hall()
    hall.seat("ukraine")
    later = hall.session.at
    assert hall.session.entry("teacher", "lock", {}, later - 100).at == later
