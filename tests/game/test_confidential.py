"""Nothing of another seat is in what a person gets to see: every secret is marked, and looked for in every view."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.game.session import views
from sim.game.session.scoring import score
from sim.negotiation.protocols import PROTOCOLS
from sim.report.story.case_wording import public_sentences
from tests.game.hall import Hall, source

CASES = {"european_force": ["ukraine", "russia", "france", "us"], "house_rules": ["ana", "ben", "cleo"]}
SCORES = ("surplus", "utility", "reservation", "price")


def mark(name: str) -> str:
    return f"<SECRET-OF-{name}>"


def marked(name: str, /, played: Sequence[str] = (), **protocol: Any) -> tuple[dict[str, Any], dict[str, set[float]]]:
    """A scenario in which each secret number of an actor occurs once, and each secret word bears its mark.

    What an actor's agent would say aloud is secret as long as people play it. Numbers have three decimals, as views
    have them, and are so large and odd that no sum of others comes to one by chance.
    """
    plain = source(name, **protocol)
    numbers: dict[str, set[float]] = {}
    odd = iter(Random(0).sample(range(100_001, 9_000_000), 500))
    for actor, data in plain["case"]["actors"].items():
        numbers[actor] = set()

        def secret(own: set[float] = numbers[actor]) -> float:
            own.add(value := next(odd) / 1000)
            return value

        data["brief"] = f"{mark(actor)} {data['brief']}"
        data["reservation"] |= {"base": secret(), "assumption": mark(actor)}
        for one in [*data["reservation"].get("slopes", []), *data.get("preferences", [])]:
            one |= {"points": secret(), "says": mark(actor)}
        for one in data.get("weighs", []):
            one |= {"weight": secret(), "says": mark(actor)}
        if actor in played:
            sending = (rule for one in data.get("capacities", {}).values() for rule in one.get("when_sent", []))
            for rule in (*data["preferences"], *data.get("weighs", []), *data.get("red_lines", []), *sending):
                rule["aloud"] = mark(actor)
        for key, number in (("aspiration", "opening"), ("audience_cost", "points")):
            if key in data:
                data[key] |= {number: secret()}
        for line in data.get("red_lines", []):
            if line["price"] != "never":
                line["price"] = secret()
            path = f"actors.{actor}.red_lines.{line['rule']}.declared"
            if not line.get("declared") and not plain.get("changes", {}).get(path):
                line["says"] = mark(actor)
        for capacity in data.get("capacities", {}).values():
            for one in capacity.get("when_sent", []):
                one |= {"points": secret(), "says": mark(actor)}
    return plain, numbers


def floats(data: Any) -> Iterator[float]:
    if isinstance(data, dict):
        for value in data.values():
            yield from floats(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from floats(value)
    elif isinstance(data, float):
        yield data


def sending(score: dict[str, Any]) -> list[float]:
    """What decides on each resource that an actor has, but where it is the surplus of the text."""
    return [one["surplus"] for one in score["sends"].values()]


class Watch:
    """A game of which every view is searched after every step."""

    def __init__(self, name: str, protocol: str, seats: list[str]) -> None:
        plain, self.numbers = marked(name, seats, name=protocol, months=2, mediator=None, parties=None, negotiable=None)
        self.registry, self.seats = Hall(plain, soundings=9, conditions=True), seats
        self.registry.seat(*seats)
        self.seen, self.scored = 0, (0, self.numbers)

    def do(self, by: str, kind: str, **data: Any) -> None:
        """Do it, if it can be done, and look at all views: a refusal is read by its person, too."""
        try:
            self.registry.do(by, kind, **data)
        except UsageError as refused:
            self.search(by, {"refused": str(refused)})
        self.look()

    def look(self) -> None:
        session = self.registry.session
        self.search(None, views.projector(session))
        answers = (answer for month in self.registry.table().history() for answer in month["answers"].values())
        assert not [words for answer in answers if re.search(r"\d", words := answer["agent_says"])]
        self.search(None, self.sentences())
        for actor in self.seats:
            self.search(actor, views.seat(session, actor))
            self.search(actor, views.draft(session, actor, {}))

    def sentences(self) -> list[str]:
        """What the pages say of each month: words, and amounts that everybody knows, which are whole."""
        found = [says for month in public_sentences(self.registry.table().story()).values() for says in month]
        assert not [says for says in found if re.search(r"\d\.\d|not for sale|would accept", says)]
        return found

    def secrets(self) -> dict[str, set[float]]:
        """The numbers of each actor, and what they come to on the text of the table: once an entry of the log."""
        at = len(self.registry.session.entries)
        if self.scored[0] != at:
            told_each = {actor: score(self.registry.table(), actor) for actor in self.numbers}
            worth = {
                actor: {abs(value) for value in (*(one[key] for key in SCORES), *sending(one)) if value % 1}
                for actor, one in told_each.items()
            }
            self.scored = at, {actor: own | worth[actor] for actor, own in self.numbers.items()}
        return self.scored[1]

    def search(self, viewer: str | None, view: Any) -> None:
        self.seen += 1
        text, found = json.dumps(view, ensure_ascii=False), set(floats(view))
        for actor, secrets in self.secrets().items():
            if actor != viewer:
                assert mark(actor) not in text
                assert not secrets & {abs(value) for value in found}, (viewer, actor)
        for one in self.registry.table().statements_of("whisper"):
            heard = viewer in (one.actor, one.entry.data["to"])
            assert heard or one.entry.data["text"] not in text


def test_the_search_finds_what_one_may_see() -> None:
    watch = Watch("european_force", "single_text", ["ukraine"])
    own = views.seat(watch.registry.session, "ukraine")
    assert mark("ukraine") in json.dumps(own)
    assert watch.numbers["ukraine"] & set(floats(own))
    with pytest.raises(AssertionError):
        watch.search("russia", own)
    with pytest.raises(AssertionError):
        watch.search(None, views.teacher(watch.registry.session) | {"score": score(watch.registry.table(), "france")})


@pytest.mark.slow
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", CASES)
def test_no_seat_sees_anothers_secrets_in_a_whole_game(name: str, protocol: str) -> None:
    seats = CASES[name]
    watch = Watch(name, protocol, seats)
    table, first, second, third = watch.registry.table(), *seats[:3]
    watch.do("teacher", "start")
    issue, options = next((one, issue.options) for one, issue in table.scenario.case.issues.items())
    for turn in range(40):
        watch.do(first, "whisper", table=1, to=second, text=f"WHISPER-{turn} between us")
        for agent in watch.registry.table().chairs.keys() - set(seats):
            watch.do(first, "whisper", table=1, to=agent, text=f"WHISPER-{turn} to an agent")
        watch.do(third, "sound", table=1, actor=first, changes={issue: options[turn % len(options)]})
        watch.do(second, "suggest", table=1, version=table.version, changes={issue: options[turn % len(options)]})
        if turn == 2:
            watch.do("teacher", "inject", table=1, id=next(iter(table.scenario.case.injects)))
            watch.do("teacher", "undo", table=1)
        for actor in table.waiting:
            if table.stage == "amendment":
                watch.do(actor, "amend", table=1, version=table.version, changes={})
            else:
                verdict = ("accept", "red_line", "holding_out")[turn % 3]
                watch.do(actor, "vote", table=1, version=table.version, verdict=verdict)
        if table.over:
            break
    assert table.over
    watch.do("teacher", "settle", table=1, package=dict(table.scenario.case.default))
    for actor in seats:
        watch.do(actor, "settle_vote", table=1, version=watch.registry.now, accept=True)
    watch.do("teacher", "next", table=1)
    assert watch.seen > 50


@pytest.mark.slow
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nor_for_whatever_text_is_drafted_or_asked_about(data: st.DataObject) -> None:
    watch = Watch("european_force", "single_text", ["france", "ukraine"])
    watch.do("teacher", "start")
    issues = watch.registry.table().scenario.case.issues
    for _ in range(data.draw(st.integers(0, 3))):
        watch.registry.pass_on(data.draw(st.sampled_from(["accept", "holding_out"])))
    for _ in range(4):
        names = data.draw(st.lists(st.sampled_from(list(issues)), min_size=1, max_size=2, unique=True))
        changes = {name: data.draw(st.sampled_from(issues[name].options)) for name in names}
        for actor in watch.seats:
            watch.search(actor, views.draft(watch.registry.session, actor, changes))
        watch.do("france", "sound", table=1, actor=data.draw(st.sampled_from(["russia", "us"])), changes=changes)


@pytest.mark.parametrize("name", ["force_with_concessions", "open_high", "nato_force", "house_rules"])
def test_no_sentence_about_a_month_tells_a_number_or_a_line_that_nobody_declared(name: str) -> None:
    plain, _ = marked(name)
    registry = Hall(plain)
    registry.seat(plain["sponsor"])
    registry.teach("start")
    while not registry.table().over:
        registry.pass_on("accept")
    story = registry.table().story()
    sentences = [says for month in public_sentences(story, story["issues"]).values() for says in month]
    assert len(sentences) >= len(registry.table().model.months)
    for says in sentences:
        assert "SECRET" not in says
        assert not re.search(r"[0-9]\.[0-9]|not for sale|would accept|shortfall", says)


def test_a_contributors_score_tells_nothing_of_an_answer_that_is_not_given() -> None:
    """France minds a line that Russia has declared, unless Russia lets it go: that, its draft must not give away."""
    scores = []
    for price in ("never", 0):
        plain = source("european_force")
        for line in plain["case"]["actors"]["russia"]["red_lines"]:
            line["price"] = price
        plain["case"]["actors"]["russia"]["reservation"]["base"] = -200  # at price 0, it would accept anything
        registry = Hall(plain)
        registry.seat("france", "russia")
        registry.teach("start")
        scores.append(views.draft(registry.session, "france", {"force_size": 30000}))
    assert scores[0] == scores[1]


def test_without_score_sheets_a_seat_gets_no_number_of_its_own() -> None:
    plain, numbers = marked("european_force")
    registry = Hall(plain, sheets=False, level="basic")
    registry.seat("ukraine")
    view = views.seat(registry.session, "ukraine")
    assert view["you"]["score"] is None
    assert not numbers["ukraine"] & set(floats(view))


def test_an_observer_sees_what_the_wall_shows() -> None:
    registry = Hall()
    registry.do("x", "join", person="x", name="X")
    registry.do("x", "sit", table=1, actor="observer")
    view = views.seat(registry.session, "x")
    you = view.pop("you")
    assert you.pop("lesson") == dict.fromkeys(("check", "checked", "surveyed", "reflection", "reflected"), False) | {
        "survey": None
    }
    assert you == {"person": "x", "name": "X", "actor": None, "announcements": []}
    assert view == views.public(registry.session, registry.table())
