"""What agents say: words that fit the answer, no number, and nothing that hangs on a secret."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.case_paths import bundled, scenarios
from sim.game.agents.voice import AgentVoice
from sim.game.session import views
from sim.game.session.session import Session
from sim.negotiation.scenario_loader import build_scenario
from tests.game.hall import Hall, source, state

AGREED, BLOCKED = "us_presses_russia", "european_force"


def played(scenario: str | dict[str, Any], **settings: Any) -> Hall:
    """A whole game by agents alone."""
    hall = Hall(scenario, **settings)
    hall.teach("start")
    return hall


def said(hall: Hall) -> dict[tuple[int, str], str]:
    """Month and actor to what the agent said."""
    return {
        (month["month"], name): answer["agent_says"]
        for month in hall.table().history()
        for name, answer in month["answers"].items()
    }


def heard(hall: Hall) -> Any:
    """Everything that is public of the talks apart from the agents' words."""
    return [
        (month["text"], [(name, answer["verdict"], answer["pledge"]) for name, answer in month["answers"].items()])
        for month in hall.table().history()
    ]


# -- the words fit -----------------------------------------------------------------------------------------------------


def test_every_answer_of_an_agent_comes_with_a_sentence() -> None:
    for scenario in (AGREED, BLOCKED, "warm_flat"):
        words = said(played(scenario))
        assert words
        assert all(re.fullmatch(r"[A-Z].*[.!]", sentence) for sentence in words.values())


def test_a_reason_is_the_largest_that_holds_and_is_given_once() -> None:
    words = said(played("warm_flat"))
    assert words[1, "cleo"].endswith("I cannot pay bills that high.")
    assert words[2, "cleo"].endswith("I would have to scrub too.")
    assert words[3, "cleo"].endswith("My small room would cost less.")
    assert words[1, "ana"].endswith("I could study without a coat.")
    russia = [sentence for (_, name), sentence in said(played(BLOCKED)).items() if name == "russia"]
    assert "There will be no Western troops in Ukraine, whatever flag they fly." in russia[0]
    assert not [sentence for sentence in russia[1:] if "Western troops" in sentence]
    assert len(set(russia)) > 2


def test_support_without_sending_is_explained() -> None:
    words = said(played(BLOCKED))[1, "poland"]
    assert "But no troops from here. We do not send soldiers against a line that Russia has drawn in public." in words


def test_agents_with_nothing_to_say_aloud_still_answer_and_name_their_declared_lines() -> None:
    plain = source("cleaner")
    for data in plain["case"]["actors"].values():
        for rule in (*data["preferences"], *data.get("weighs", []), *data.get("red_lines", [])):
            rule.pop("aloud", None)
    assert said(played(plain))[1, "cleo"].endswith("She cannot pay a cleaner.")
    assert said(played(plain))[1, "ana"]


# -- no number, no secret ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [path.stem for path in scenarios(bundled())])
def test_no_agent_says_a_digit(scenario: str) -> None:
    hall = Hall(scenario, conditions=True)
    hall.teach("start")
    words = said(hall)
    assert words
    assert not [sentence for sentence in words.values() if re.search(r"\d", sentence)]


def secrets(plain: dict[str, Any]) -> list[str]:
    """Paths of numbers that no agent tells: walk-away values, prices, aspirations, costs of breaking one's word."""
    found = []
    for name, data in plain["case"]["actors"].items():
        found.append(f"actors.{name}.reservation.base")
        found += [f"actors.{name}.red_lines.{line['rule']}.price" for line in data.get("red_lines", [])]
        found += [f"actors.{name}.aspiration.opening"] * ("aspiration" in data)
        found += [f"actors.{name}.audience_cost.points"] * ("audience_cost" in data)
    return found


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_nothing_that_is_said_hangs_on_a_number_that_only_its_owner_knows(data: st.DataObject) -> None:
    """Where texts and answers stay the same, so does every word, whatever the secret numbers are."""
    name = data.draw(st.sampled_from(["european_force", "nato_force", "house_rules", "cleaner", "bare_ceasefire"]))
    plain = source(name)
    paths = data.draw(st.lists(st.sampled_from(secrets(plain)), min_size=1, max_size=3, unique=True))
    changes = {path: data.draw(st.sampled_from([0, 1, 7, 25, 60, 200])) for path in paths}
    before, after = played(plain), played({**plain, "changes": {**plain.get("changes", {}), **changes}})
    same = zip(heard(before), heard(after), strict=False)
    months = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], same)))
    words = said(after)
    assert all(words[key] == sentence for key, sentence in said(before).items() if key[0] <= months)


def test_the_same_answers_in_another_world_come_in_the_same_words() -> None:
    plain = source("house_rules")
    known: dict[str, Any] = {}
    for seed in range(12):
        hall = played(plain, seed=seed)
        public = heard(hall)
        for (month, name), sentence in said(hall).items():
            assert known.setdefault(repr((public[:month], name)), sentence) == sentence
    assert len(known) > 3


@pytest.mark.slow
def test_a_line_that_is_not_declared_is_named_only_if_it_is_crossed_and_its_owner_says_so() -> None:
    """All 54 texts of the flat, and every answer that its owner could give."""
    plain = source("house_rules", name="one_shot", months=1)
    issues = plain["case"]["issues"]
    [line] = [line for line in plain["case"]["actors"]["cleo"]["red_lines"] if not line.get("declared")]
    named = 0
    for price in ("never", 0, 30):
        line["price"] = price
        for options in itertools.product(*(issue["options"] for issue in issues.values())):
            hall = played({**plain, "proposal": dict(zip(issues, options, strict=True)), "core": []})
            [month] = hall.table().history()
            answer = month["answers"]["cleo"]
            if line["aloud"] in answer["agent_says"]:
                assert (month["text"]["guests"], answer["verdict"], answer["declares"]) == ("ask", "red_line", [])
                named += 1
    assert named > 0


# -- whose words -------------------------------------------------------------------------------------------------------


def test_an_agent_puts_no_words_into_the_mouth_of_somebody_who_sits_there() -> None:
    hall = Hall("house_rules")
    hall.seat("cleo", "ana")
    hall.teach("start")
    hall.vote("ana", "accept")
    hall.teach("next", table=1)  # the rules answer for Cleo, who has not
    [first, *_] = hall.table().history()
    assert first["answers"]["cleo"]["by_agent"] == "next"
    assert (first["answers"]["cleo"]["agent_says"], first["answers"]["ana"]["agent_says"]) == ("", "")
    assert first["answers"]["ben"]["agent_says"]
    hall.do("cleo", "stand")
    assert hall.table().history()[0]["answers"]["cleo"]["agent_says"] == ""


def test_the_same_words_come_on_replay() -> None:
    hall = Hall("house_rules", conditions=True)
    hall.seat("ben")
    hall.teach("start")
    hall.do("ben", "whisper", table=1, to="cleo", text="What do you need?")
    for _ in range(4):
        hall.pass_on("accept")
    assert any(said(hall).values())
    assert state(Session.replay(hall.session.entries)) == state(hall.session)


# -- one condition -----------------------------------------------------------------------------------------------------


def test_one_condition_is_stated_only_if_the_teacher_allows_it() -> None:
    silent, open_ = said(played("house_rules")), said(played("house_rules", conditions=True))
    assert not [sentence for sentence in silent.values() if "becomes a yes" in sentence]
    assert open_[2, "cleo"].endswith("It becomes a yes if the rent goes by the size of the rooms.")
    assert all(sentence.count("becomes a yes") <= 1 for sentence in open_.values())
    assert "becomes a yes" not in open_[1, "ana"]


# -- private messages --------------------------------------------------------------------------------------------------


def replies(hall: Hall, by: str) -> list[str]:
    return [whisper.get("reply", "") for whisper in views.seat(hall.session, by)["you"]["whispers"]]


def ask(hall: Hall, by: str, to: str) -> str:
    hall.do(by, "whisper", table=1, to=to, text="What would you take?")
    return replies(hall, by)[-1]


def test_an_agent_replies_from_public_positions_and_a_person_for_himself() -> None:
    hall = Hall()
    hall.seat("france", "uk")
    assert ask(hall, "france", "russia").startswith("The talks have not begun.")
    hall.teach("start")
    assert ask(hall, "france", "uk") == ""
    answered = ask(hall, "france", "russia")
    assert answered.startswith("The answer to this text has been given in public: This crosses a red line")
    assert "There will be no Western troops in Ukraine, whatever flag they fly." in answered
    assert ask(hall, "france", "russia") == "There is nothing to add to what has been said."
    assert ask(hall, "uk", "poland") == "This text will be answered in public, with everybody listening."


@pytest.mark.parametrize("price", ["never", 0, 60])
def test_a_reply_tells_nothing_that_is_not_public(price: object) -> None:
    """Before Russia has answered, its price cannot be heard from it, nor a line that it has not declared."""
    plain = source("european_force_undeclared")
    for line in plain["case"]["actors"]["russia"]["red_lines"]:
        line["price"] = price
    hall = Hall(plain)
    hall.seat("france", "ukraine")
    hall.teach("start")
    assert ask(hall, "france", "russia") == (
        "This text will be answered in public, with everybody listening. "
        "And this is no secret: NATO troops in Ukraine are out of the question."
    )


def test_what_was_said_is_computed_once() -> None:
    hall = played(BLOCKED)
    voice = hall.table()._voice
    first = voice.said(hall.table().model, lambda *_: True)
    kept = dict(voice._kept)
    assert voice.said(hall.table().model, lambda *_: True) == first
    assert all(voice._kept[key][2] is spoken for key, (_, _, spoken) in kept.items())
    assert isinstance(voice, AgentVoice)


@pytest.mark.parametrize("scenario", ["european_force", "house_rules"])
def test_what_the_bundled_cases_say_aloud_reads_as_speech(scenario: str) -> None:
    case = build_scenario(source(scenario)).case
    for actor in case.actors.values():
        sending = (rule for capacity in actor.capacities.values() for rule in capacity.when_sent)
        for rule in (*actor.preferences, *actor.weighs, *actor.red_lines, *sending):
            assert rule.aloud is None or re.fullmatch(r"[A-Z].*\.", rule.aloud), rule
    for issue in case.issues.values():
        assert set(issue.clauses) <= set(map(str, issue.options))
        assert not [clause for clause in issue.clauses.values() if clause.endswith(".")]
