"""Whatever is tried in whatever order: what is refused changes nothing, and the log is the state."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sim.errors import RecordError
from sim.game.session import views
from sim.game.session.log import LogEntry
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.game.session.table import PEOPLE_PER_CHAIR, GameTable
from tests.engine import villages
from tests.game.hall import TEACHER, Hall, state, talks

ACTORS = ["upper", "lower", "mayor"]
PEOPLE = ["a", "b", "c", "d", "e"]
TABLES = [1, 1, 1, 2]
PROTOCOLS: list[dict[str, Any]] = [
    {"name": "one_shot"},
    {"name": "single_text", "months": 3},
    {"name": "single_text", "months": 3, "mediator": "mayor", "negotiable": ["price"]},
    {"name": "alternating", "months": 4, "parties": ["upper", "lower"]},
]
VERDICTS = ["accept", "accept", "holding_out", "worse_than_no_deal", "red_line"]
TERMS: list[dict[str, Any]] = [
    {},
    {"price": 10},
    {"price": "20"},
    {"price": 15},
    {"guard": "small"},
    {"guard": "small", "men": 5},
    {"price": 0, "guard": "none", "men": 0},
    {"well": 1},
]
PACKAGE = {"price": 10, "guard": "none", "men": 0}

people, asked = st.sampled_from(PEOPLE), st.sampled_from([None, None, None, *PEOPLE])
actors, tables = st.sampled_from(ACTORS), st.sampled_from(TABLES)
either = st.sampled_from([1, 1, 2, None])


def well(protocol: dict[str, Any]) -> dict[str, Any]:
    source = villages.scenario({"price": 20, "guard": "small", "men": 5}, {"amend_terms": 2, **protocol})
    pledged = {"of": "guards", "from": ["mayor"], "cover": "men"}
    source["case"]["consent"].append(villages.rule("guarded", when={"men": ">0"}, pledges=pledged))
    source["case"]["injects"] = {"rain": {"says": "It rains", "set": {"drought": 0}, **villages.WHY}}
    return source


class Game(RuleBasedStateMachine):
    """People, a teacher and a clock who do what they like at two tables."""

    def __init__(self) -> None:
        super().__init__()
        self.registry: Hall | None = None
        self.before: dict[int, list[dict[str, Any]]] = {1: [], 2: []}

    @initialize(
        protocol=st.sampled_from(PROTOCOLS),
        minutes=st.sampled_from([None, 0.5]),
        seed=st.sampled_from([None, 0]),
        seated=st.sampled_from([["upper"], ["lower", "upper"], ["upper", "lower", "mayor", "mayor"], ["mayor"]]),
    )
    def begin(self, protocol: dict[str, Any], minutes: float | None, seed: int | None, seated: list[str]) -> None:
        self.registry = Hall(well(protocol), tables=2, minutes=minutes, seed=seed, soundings=2)
        for person in PEOPLE[:4]:
            self.registry.do(person, "join", person=person, name=person)
        for person, actor in zip(PEOPLE, seated, strict=False):
            self.registry.do(person, "sit", table=1, actor=actor)
        self.act(TEACHER, "start", table=1)

    def act(self, by: str, kind: str, **data: Any) -> None:
        assert self.registry is not None
        session = self.registry.session
        was = [(table.steps, talks(table)) for table in session.tables]
        whole = state(session)
        try:
            self.registry.do(by, kind, **data)
        except RejectedActionError:
            assert state(session) == whole
            return
        for (steps, before), table in zip(was, session.tables, strict=True):
            past = self.before[table.number]
            if table.steps > steps:
                past.append(before)
            elif table.steps < steps:
                assert kind == "undo"
                assert talks(table) == past.pop()
                assert table.pending == {}

    # -- people ------------------------------------------------------------------------------------------------------

    @rule(person=people)
    def join(self, person: str) -> None:
        self.act(person, "join", person=person, name=person)

    @rule(person=people, actor=st.sampled_from([*ACTORS, "observer", "nobody"]), table=tables)
    def evaluate(self, person: str, actor: str, table: int) -> None:
        self.act(person, "sit", table=table, actor=actor)

    @rule(person=people)
    def stand(self, person: str) -> None:
        self.act(person, "stand")

    @rule(
        person=asked,
        verdict=st.sampled_from(VERDICTS),
        table=tables,
        late=st.sampled_from([0, 0, 0, 1]),
        pledge=st.sampled_from([{}, {}, {"guards": 5}, {"guards": 99}]),
        withdraw=st.sampled_from([False, False, False, True]),
    )
    def vote(
        self, person: str | None, verdict: str, table: int, late: int, pledge: dict[str, Any], withdraw: bool
    ) -> None:
        version, person = self.version(table) - late, person or self.somebody(table)
        self.act(
            person, "vote", table=table, version=version, verdict=verdict, pledge=pledge, withdraw=withdraw, says="So."
        )

    @rule(
        verdict=st.sampled_from(VERDICTS),
        table=tables,
        kind=st.sampled_from(["next", "next", "finish", "undo", "start"]),
        withdraw=st.sampled_from([False, False, True]),
    )
    def answer_late(self, verdict: str, table: int, kind: str, withdraw: bool) -> None:
        """The teacher closes the phase, and a student whose agent has answered then answers too."""
        assert self.registry is not None
        self.act(TEACHER, kind, table=table)
        at = self.registry.table(table)
        for actor in sorted(at.human_actors):
            if given := self.registry.session.late_answer(at, actor):
                common = {"table": table, "version": given.version, "verdict": verdict, "says": "Late."}
                self.act(at.chairs[actor][0], "vote", **common, withdraw=withdraw and actor in at.sponsors)
                return

    @rule(person=asked, table=tables, changes=st.sampled_from(TERMS), kind=st.sampled_from(["amend", "suggest"]))
    def change(self, person: str | None, table: int, changes: dict[str, Any], kind: str) -> None:
        person = person or self.somebody(table)
        self.act(person, kind, table=table, version=self.version(table), changes=changes, says="")

    @rule(person=asked, table=tables, actor=actors, changes=st.sampled_from(TERMS))
    def sound(self, person: str | None, table: int, actor: str, changes: dict[str, Any]) -> None:
        self.act(person or self.somebody(table), "sound", table=table, actor=actor, changes=changes)

    @rule(person=people, table=tables, actor=actors)
    def speak(self, person: str, table: int, actor: str) -> None:
        self.act(person, "say", table=table, text="Well.")
        self.act(person, "whisper", table=table, to=actor, text="Psst.")

    @rule(person=asked, table=tables, accept=st.booleans())
    def settle_vote(self, person: str | None, table: int, accept: bool) -> None:
        assert self.registry is not None
        offered = self.registry.table(table).settlement
        version = offered.version if offered else 1
        self.act(person or self.somebody(table), "settle_vote", table=table, version=version, accept=accept)

    @rule(verdict=st.sampled_from(VERDICTS), changes=st.sampled_from(TERMS[:3]), years=st.sampled_from([1, 2, 5]))
    def play_on(self, verdict: str, changes: dict[str, Any], years: int) -> None:
        """Whoever the first table waits for does what it waits for, a few times."""
        assert self.registry is not None
        table = self.registry.table()
        for _ in range(years):
            for actor in table.waiting:
                person, common = table.chairs[actor][0], {"table": 1, "version": table.version, "says": "So."}
                if table.stage == "amendment":
                    self.act(person, "amend", **common, changes=changes)
                else:
                    self.act(person, "vote", **common, verdict=verdict)

    # -- the teacher and the clock -----------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(["start", "start", "next", "undo", "undo", "undo", "finish"]), table=either)
    def conduct(self, kind: str, table: int | None) -> None:
        self.act(TEACHER, kind, table=table)

    @rule(kind=st.sampled_from(["lock", "unlock", "unlock", "pause", "resume", "resume", "debrief"]))
    def switch(self, kind: str) -> None:
        self.act(TEACHER, kind)

    @rule(kind=st.sampled_from(["agent", "person"]), table=tables, actor=actors)
    def hand_over(self, kind: str, table: int, actor: str) -> None:
        self.act(TEACHER, kind, table=table, actor=actor)

    @rule(person=people, table=tables, actor=st.sampled_from([*ACTORS, None]))
    def assign(self, person: str, table: int, actor: str | None) -> None:
        self.act(TEACHER, "assign", person=person, table=table, actor=actor)

    @rule(person=people, sure=st.sampled_from([False] * 5 + [True]))
    def remove(self, person: str, sure: bool) -> None:
        if sure:
            self.act(TEACHER, "remove", person=person)

    @rule(table=either, id=st.sampled_from(["rain", "snow", None]), level=st.sampled_from([0.5, 7]))
    def inject(self, table: int | None, id: str | None, level: float) -> None:
        own = None if id else {"says": "Something", "set": {"drought": level}}
        self.act(TEACHER, "inject", table=table, id=id, event=own)

    @rule(table=tables, package=st.sampled_from([PACKAGE, {**PACKAGE, "men": 5}, {}]))
    def settle(self, table: int, package: dict[str, Any]) -> None:
        self.act(TEACHER, "settle", table=table, package=package)

    @rule(table=tables, seconds=st.sampled_from([0, 60]))
    def time_passes(self, table: int, seconds: int) -> None:
        assert self.registry is not None
        self.registry.now += seconds
        self.act("clock", "timeout", table=table)

    @rule(by=st.sampled_from(["a", "clock", TEACHER]), kind=st.sampled_from(["start", "vote", "timeout", "join", "x"]))
    def out_of_turn(self, by: str, kind: str) -> None:
        self.act(by, kind, table=1)

    # -- what always holds -------------------------------------------------------------------------------------------

    def somebody(self, table: int) -> str:
        """Somebody whose move a table waits for, or who sits there at all."""
        assert self.registry is not None
        at = self.registry.table(table)
        seated = [person for actor in (*at.waiting, *at.chairs) for person in at.chairs[actor]]
        return seated[0] if seated else PEOPLE[0]

    def version(self, table: int) -> int:
        assert self.registry is not None
        return self.registry.table(table).version

    @invariant()
    def at_most_two_share_a_chair_and_nobody_sits_twice(self) -> None:
        if self.registry is not None:
            seats = [chair for table in self.registry.session.tables for chair in table.chairs.values()]
            assert all(len(chair) <= PEOPLE_PER_CHAIR for chair in seats)
            watching = [person for table in self.registry.session.tables for person in table.observers]
            evaluation = [person for chair in seats for person in chair] + watching
            assert len(evaluation) == len(set(evaluation))
            assert set(evaluation) <= set(self.registry.session.people)

    @invariant()
    def a_table_that_is_not_over_waits_for_somebody_or_for_the_teacher(self) -> None:
        if self.registry is not None:
            for table in self.registry.session.tables:
                assert set(table.pending) <= table.human_actors & set(table.movers)
                assert not table.ready() or self.registry.session.paused

    def teardown(self) -> None:
        if self.registry is None:
            return
        session = self.registry.session
        log = json.loads(json.dumps([entry.to_json() for entry in session.entries]))
        replayed = Session.replay(map(LogEntry.from_json, log))
        assert state(replayed) == state(session)
        for table in session.tables:
            fresh = played_from_the_beginning(table)
            assert talks(fresh) == talks(table)
            assert fresh.story() == table.story()
        json.dumps(views.teacher(session), allow_nan=False)
        json.dumps(views.projector(session), allow_nan=False)
        for person in session.people:
            if session.place(person) is not None:
                json.dumps(views.seat(session, person), allow_nan=False)


def played_from_the_beginning(table: GameTable) -> GameTable:
    """A new table whose talks are played to where they are, without any checkpoint on the way."""
    again = GameTable(table.number, table.scenario, table.seed)
    again._go_to(table._here)
    again.chairs = table.chairs
    return again


TestGame = Game.TestCase
TestGame.settings = settings(max_examples=60, stateful_step_count=40, suppress_health_check=list(HealthCheck))


def test_an_edited_log_is_found_out() -> None:
    registry = Hall(well(PROTOCOLS[1]))
    registry.seat("upper")
    registry.teach("start")
    good = registry.session.entries
    late = LogEntry(5, 99.0, "upper", "vote", {"table": 1, "version": 1, "verdict": "accept"})
    with pytest.raises(RecordError, match=r"entry 5: 'vote' cannot have happened. The talks have moved on"):
        Session.replay([*good, late])
    with pytest.raises(RecordError, match="entry 4: the game would not have written this"):
        Session.replay([*good[:3], LogEntry(4, 0.0, TEACHER, "start", {"table": None})])
    with pytest.raises(RecordError, match=r"entry 1: this is not a saved game"):
        Session.replay(good[1:])
    with pytest.raises(RecordError, match="entry 1: the game's settings are not valid"):
        Session.replay([LogEntry(1, 0.0, TEACHER, "begin", {**good[0].data, "settings": {}})])
