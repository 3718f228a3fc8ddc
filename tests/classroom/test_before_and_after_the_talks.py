"""Comprehension check, survey and reflection, what they export, and a class saved as a template."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from sim.case_paths import find
from sim.classroom.teaching import class_templates, lesson_files
from sim.csv_writer import BYTE_ORDER_MARK
from sim.engine.verdict_rules import Verdict
from sim.game.session.learning.comprehension import NOTHING, CheckQuestion, check_questions, question_count
from sim.game.session.learning.lesson_views import check_score, survey_means
from sim.game.session.lesson.lesson_actions import REFLECTION_ITEMS, SURVEY_ITEMS
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.game.session.settings import SessionSettings
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests.classroom.clients import School

ON = {"check": "yes", "survey": "yes", "reflection": "yes"}


def begun(scenario: str, **settings: Any) -> Session:
    source = dict(load_scenario(find(scenario)).source)
    return Session.begin(SessionSettings(scenario=source, **settings), 0.0)[0]


def live(one: School) -> Session:
    return one.registry._live_sessions[one.session].session


# -- comprehension -----------------------------------------------------------------------------------------------------


def by_name(session: Session, actor: str) -> dict[str, CheckQuestion]:
    return {question.name: question for question in check_questions(session, actor)}


@pytest.mark.parametrize("scenario", ["european_force", "american_guarantee", "warm_flat", "air_shield"])
def test_the_right_answers_are_those_of_the_rules(scenario: str) -> None:
    session = begun(scenario)
    case = session.scenario.case
    first = play(session.scenario).months[0].evaluation.one().describe()["actors"]
    for actor in case.actors:
        questions = by_name(session, actor)
        assert len(questions) == question_count(session) == 3
        surplus, verdict = first[actor]["surplus"], first[actor]["verdict"]
        better = surplus >= 0 and verdict != Verdict.RED_LINE.word
        assert questions["better_off"].right == ("with" if better else "without"), actor
        never = [line["says"] for line in lines(session, actor) if line["price"] == "never"]
        asked = questions["red_line"]
        assert (asked.right == NOTHING) == (not never)
        if never:
            assert asked.options[asked.right] in never
        assert not {words for name, words in asked.options.items() if name != "line"} & {*never[:1]}
        for rule in case.consent:
            if not rule.when and actor in (*rule.needs, *rule.veto):
                assert questions["consent"].right == "needed"


def lines(session: Session, actor: str) -> list[Any]:
    from sim.game.session.brief import brief

    return list(brief(session.scenario.case, actor, "advanced", session.tables[0].model)["red_lines"])


def test_some_answers_are_known() -> None:
    russia, us = by_name(begun("european_force"), "russia"), by_name(begun("european_force"), "us")
    assert russia["red_line"].options["line"].startswith("No European troops in Ukraine")
    assert (russia["better_off"].right, russia["better_off"].because) == ("without", "better_off_never")
    assert russia["consent"].right == "needed"
    assert us["consent"].right == "depends"
    cleo = by_name(begun("warm_flat"), "cleo")
    assert cleo["better_off"].numbers == {"worth": -20.0, "walk": -17.0}


def test_without_score_sheets_no_question_needs_a_number() -> None:
    session = begun("european_force", sheets=False)
    questions = check_questions(session, "ukraine")
    assert [question.name for question in questions] == ["red_line", "consent"]
    assert len(questions) == question_count(session)
    assert all(not question.numbers for question in questions)
    assert questions[0].right == "line"  # Ukraine's line has a price, which its brief does not show then


def test_a_question_holds_nothing_of_another_seat() -> None:
    session = begun("european_force")
    for actor, role in session.scenario.case.actors.items():
        own = {rule.says for rule in (*role.preferences, *role.red_lines)}
        for question in check_questions(session, actor):
            assert {words for words in question.options.values() if words} <= own


def test_a_check_is_explained_at_once_and_only_the_first_answer_counts(one: School) -> None:
    one.make(months=3, **ON)
    ann = one.student("Ann", "russia")
    assert 'href="/seat/check"' in ann.get("/seat")
    page = ann.get("/seat/check")
    assert page.count('action="/seat/check"') == 3
    assert "Right." not in page
    ann.post("/seat/check", question="red_line", choice="line")
    assert "✓ Right." in ann.words
    ann.post("/seat/check", question="better_off", choice="with")
    assert "✗ Not quite." in ann.words
    assert "The first text crosses a red line of yours" in ann.words
    assert check_score(live(one), next(iter(live(one).people))) == (2, 1)
    ann.post("/seat/check", 423, question="better_off", choice="without")
    ann.get("/seat/check")
    ann.post("/seat/check", 422, question="consent", choice="maybe")
    ann.get("/seat/check")
    ann.post("/seat/check", question="consent", choice="needed")
    assert 'href="/seat/check"' not in ann.get("/seat")


# -- survey and reflection ---------------------------------------------------------------------------------------------


def test_parts_that_are_off_are_closed(one: School) -> None:
    ann = one.student("Ann", "russia")
    for part in ("check", "survey", "reflection"):
        assert f'href="/seat/{part}"' not in ann.get("/seat")
        ann.get(f"/seat/{part}", 404)
    person = next(iter(live(one).people))
    for kind, data in (
        ("check_answer", {"question": "consent", "choice": "needed"}),
        ("survey", {"when": "before", "answers": {}}),
        ("reflect", {"answers": {}}),
    ):
        with pytest.raises(RejectedActionError, match="not switched on"):
            live(one).entry(person, kind, data, 0.0)


def test_a_survey_before_and_after_is_kept_through_a_replay(one: School) -> None:
    one.make(scenario="flatmates/warm_flat", months=1, **ON)
    students = [one.student(name, name) for name in ("ana", "ben")]
    for student, value in zip(students, (1, 3), strict=True):
        student.get("/seat/survey")
        student.post("/seat/survey", **{f"item.{item}": value for item in SURVEY_ITEMS})
        assert "Saved." in student.words
    students[0].post("/seat/survey", **{"item.talks": 2, "item.others": ""})  # a later answer replaces an earlier one
    students[0].get("/seat/reflection", 404)
    one.do("start")
    one.do("finish")
    page = students[0].get("/seat")
    assert 'href="/seat/survey"' in page
    students[0].get("/seat/survey")
    assert "After the talks" in students[0].words
    students[0].post("/seat/survey", **{"item.talks": 5})
    students[0].get("/seat/reflection")
    students[0].post("/seat/reflection", **{"item.wanted": "Heat.\nMore heat.", "item.moment": ""})
    assert "Heat." in students[0].page
    session = live(one)
    means = survey_means(session)
    assert means["talks"] == {"before": 2, "after": 5, "people": 1}  # only Ana answered both times
    assert means["others"] == {"before": 3, "after": None, "people": 0}
    again = Session.replay(session.entries)
    assert again.lesson == session.lesson
    assert again.lesson.reflected == {next(iter(session.people)): {"wanted": "Heat.\nMore heat."}}
    page = one.teacher.get(f"/teacher/{one.session}/lesson")
    assert "Heat.\nMore heat." in page
    assert students[1].client.get(f"/teacher/{one.session}/lesson").status_code == 403


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/seat/survey", {"item.talks": "6"}),
        ("/seat/survey", {"item.talks": "many"}),
        ("/seat/survey", {"item.nothing": "3"}),
        ("/seat/survey", {"when": "never"}),
        ("/seat/check", {"question": "nothing", "choice": "line"}),
    ],
)
def test_what_does_not_fit_is_refused(one: School, path: str, fields: dict[str, str]) -> None:
    one.make(months=3, **ON)
    ann = one.student("Ann", "russia")
    ann.get(path)
    before = len(live(one).entries)
    ann.post(path, 422, **fields)
    assert len(live(one).entries) == before


def test_a_survey_after_is_refused_before_the_end(one: School) -> None:
    one.make(months=3, **ON)
    ann = one.student("Ann", "russia")
    ann.get("/seat/survey")
    ann.post("/seat/survey", 423, when="after", **{"item.talks": "3"})


# -- files -------------------------------------------------------------------------------------------------------------


def rows(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_both_kinds_of_files_hold_the_same(one: School) -> None:
    one.make(scenario="flatmates/warm_flat", months=2, **ON)
    ana = one.student('Zoë; "Å"', "ana")
    ben = one.student("=Ben", "ben")
    one.do("start")
    ana.get("/seat")
    ana.post("/seat/say", text="Eins, zwei; drei\nvier", table=1)
    ben.get("/seat")
    ben.post("/seat/vote", verdict="worse_than_no_deal", says="Too warm.")
    one.do("announce", text="Two minutes.")
    for what in lesson_files.WRITERS:
        plain = one.teacher.client.get(f"/teacher/{one.session}/lesson/parley-{what}.csv").content.decode()
        europe = one.teacher.client.get(f"/teacher/{one.session}/lesson/parley-{what}-europe.csv").content.decode()
        assert not plain.startswith(BYTE_ORDER_MARK)
        assert europe.startswith(BYTE_ORDER_MARK)
        assert rows(plain, ",") == rows(europe.removeprefix(BYTE_ORDER_MARK), ";")
        assert len({len(row) for row in rows(plain, ",")}) == 1
    found = {
        row["name"]: row
        for row in csv.DictReader(io.StringIO(lesson_files.FILES["parley-participation.csv"](live(one))))
    }
    assert found['Zoë; "Å"']["statements"] == "1"
    assert found['Zoë; "Å"']["words"] == "4"
    assert (found["'=Ben"]["answers"], found["'=Ben"]["seat"]) == ("1", "Ben")
    said = list(csv.DictReader(io.StringIO(lesson_files.FILES["parley-transcript.csv"](live(one)))))
    assert [(row["what"], row["seat"], row["answer_or_changes"], row["words"]) for row in said] == [
        ("say", "Ana", "", "Eins, zwei; drei\nvier"),
        ("vote", "Ben", "worse_than_no_deal", "Too warm."),
        ("announce", "", "", "Two minutes."),
    ]
    header = rows(lesson_files.FILES["parley-answers.csv"](live(one)), ",")[0]
    assert header[-len(REFLECTION_ITEMS) :] == [f"reflection_{item}" for item in REFLECTION_ITEMS]
    assert one.teacher.client.get(f"/teacher/{one.session}/lesson/other.csv").status_code == 404


# -- templates ---------------------------------------------------------------------------------------------------------


def test_the_next_class_is_made_from_a_template(one: School) -> None:
    one.make(scenario="flatmates/house_rules", months=2, minutes=3, tables=4, level="basic", **ON)
    made = live(one).settings
    one.teacher.get(f"/teacher/{one.session}")
    page = one.teacher.post(f"/teacher/{one.session}/template", name="Group B & C")
    assert "Group B &amp; C" in page
    one.teacher.get(f"/teacher/{one.session}")
    one.teacher.post(f"/teacher/{one.session}/delete", code=one.code)
    [link] = re.findall(r'href="(/teacher/new\?template=[^"]+)"', one.teacher.get("/teacher"))  # it outlives the class
    page = one.teacher.get(link)
    chosen = dict(re.findall(r'name="(tables|months|minutes)" type="number"[^>]* value="([^"]*)"', page))
    ticked = dict.fromkeys(re.findall(r'type="checkbox" name="(\w+)" value="yes" checked', page), "yes")
    [level] = re.findall(r'name="level" value="(\w+)" checked', page)
    one.teacher.post("/teacher/sessions", **chosen, **ticked, level=level)
    again = one.registry._live_sessions[one.registry.sessions[0].id].session.settings
    assert again == made
    one.teacher.get("/teacher")
    one.teacher.post("/teacher/templates/delete", name="Group B & C")
    assert class_templates.read_templates(class_templates.templates_file(one.registry.store.path)) == []


def test_a_file_of_templates_that_is_something_else_is_no_template(one: School) -> None:
    file = class_templates.templates_file(one.registry.store.path)
    for text in (
        "",
        "{}",
        '{"format": "other", "templates": [1]}',
        '{"format": "parley.class-templates/1", "templates": [1]}',
    ):
        file.write_text(text, encoding="utf-8")
        assert class_templates.read_templates(file) == []
        assert "Your templates" not in one.teacher.get("/teacher")
