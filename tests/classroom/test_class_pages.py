"""The pages: who may open what, what a form has to bring, and what happens to what it says."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from sim.case.loader import load_case
from sim.classroom import access_tokens, class_pages
from sim.classroom.throttle import FIRST_DELAY, FREE_TRIES, LONGEST_DELAY, Throttle
from sim.classroom.view_data import TALK_FOLDED, TALK_PAGE, TALK_SHOWN, TermLabels
from sim.game.session.public_view import issue_view
from sim.negotiation.protocols import PROTOCOLS
from sim.strings import Strings
from sim.web.templating import environment
from tests.classroom.clients import FIELD, HERE, School, school

STUDENT = [
    "/seat",
    "/seat/whispers",
    "/seat/parts",
    "/seat/events",
    "/seat/brief",
    "/seat/draft",
    "/seat/debrief",
    "/seat/dispute",
]


def teacher_pages(one: School) -> list[str]:
    below = (
        "",
        "/parts",
        "/events",
        "/wall",
        "/wall/events",
        "/wall-link",
        "/rehearsal",
        "/debrief",
        "/dispute",
        "/whispers/1",
    )
    return ["/teacher", "/teacher/device", *(f"/teacher/{one.session}{path}" for path in below), "/teacher/new"]


# -- who may open what -------------------------------------------------------------------------------------------------


def test_the_teachers_link_leaves_a_cookie_and_a_clean_address(one: School) -> None:
    browser = one.browser()
    answer = browser.client.get(f"/t/{one.registry.first_link}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/teacher")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert one.registry.first_link not in cookie
    assert browser.client.get("/t/another").status_code == 403


def test_nobody_and_no_student_opens_a_page_of_the_teachers(one: School) -> None:
    student, nobody = one.student("Ann", "russia"), one.browser()
    seat = student.client.cookies["parley_seat"]
    forged = one.browser()
    forged.client.cookies.set("parley_teacher", seat)
    forged.client.cookies.set("parley_projector", seat)
    for path in [*teacher_pages(one), f"/teacher/{one.session}/export/parley-log.json", "/wall", "/wall/events"]:
        for browser in (student, nobody, forged):
            assert browser.client.get(path).status_code == 403, path
    for path in STUDENT:
        assert nobody.client.get(path).status_code == 403, path


def test_a_token_is_random_and_stored_as_a_hash_alone(one: School, tmp_path: Path) -> None:
    seat = one.student("Ann", "russia").client.cookies["parley_seat"]
    assert len(seat) >= 43  # 256 bits in base64
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("class.db*"))
    assert seat.encode() not in stored
    assert access_tokens.hashed(seat).encode() in stored


def test_another_sessions_token_opens_nothing_of_this_one(one: School) -> None:
    first, here = one.student("Ann", "russia"), one.session
    one.make(months=2)
    second = one.student("Ulf", "ukraine")
    assert here != one.session
    first.get("/seat")
    first.post("/seat/say", text="Only for the first room", table=1)
    assert "Only for the first room" not in second.get("/seat")
    assert second.client.get(f"/teacher/{here}").status_code == 403


def test_who_is_sent_out_has_no_page_any_more(one: School) -> None:
    ann = one.student("Ann", "russia")
    [person] = one.registry._live_sessions[one.session].session.people
    one.do("remove", person=person)
    ann.get("/seat", 403)


def test_a_code_brings_one_back_to_the_same_chair_on_another_device(one: School) -> None:
    ann = one.student("Ann", "russia")
    code = re.search(r'class="code">([A-Z0-9-]{9})<', ann.get("/seat"))
    assert code is not None
    phone = one.browser()
    phone.get("/")
    assert "Your role: Russia" in phone.post("/resume", code=code.group(1).lower())
    assert "Your role: Russia" in ann.get("/seat")


def test_the_wall_has_a_link_of_its_own_that_opens_nothing_else(one: School) -> None:
    link = re.search(r"(/t/[\w-]+)", one.teacher.get(f"/teacher/{one.session}/wall-link"))
    assert link is not None
    wall = one.browser()
    assert one.code in wall.get(link.group(1))
    wall.get("/wall")
    for path in [*teacher_pages(one), *STUDENT]:
        assert wall.client.get(path).status_code == 403, path


@pytest.mark.slow
def test_no_token_stands_in_an_address_or_in_a_page(one: School) -> None:
    ann, wall = one.student("Ann", "russia"), one.browser()
    link = re.search(r"(/t/[\w-]+)", one.teacher.get(f"/teacher/{one.session}/wall-link"))
    assert link is not None
    one.do("start")
    wall.get(link.group(1))
    page = ann.get("/seat")
    visits = [(ann, path) for path in ("/", *STUDENT) if not path.endswith("events")]
    visits += [(one.teacher, path) for path in teacher_pages(one) if not path.endswith("events")]
    tokens = {name: value for who in (ann, one.teacher, wall) for name, value in who.client.cookies.items()}
    assert tokens.keys() >= {"parley_seat", "parley_teacher", "parley_projector", "parley_visitor"}
    answers = [who.client.get(path, follow_redirects=False) for who, path in [*visits, (wall, "/wall")]]
    said = dict(FIELD.findall(page[page.index('action="/seat/say"') :][:400]))
    answers.append(ann.client.post("/seat/say", data={**said, "text": "Hello"}, follow_redirects=False))
    answers.append(ann.client.post("/seat/say", data={**said, "key": "old"}, follow_redirects=False))
    for answer in answers:
        sent = f"{answer.url}\n{[pair for pair in answer.headers.items() if pair[0] != 'set-cookie']}\n{answer.text}"
        for secret in (*tokens.values(), one.registry.first_link):
            assert secret not in sent, answer.url
    assert answers[-2].headers["location"] == "/seat#talk"


def own_code(one: School) -> str:
    """The code of the only student."""
    [person] = one.registry._live_sessions[one.session].session.people
    return one.registry.own_code(one.session, person)


def test_keys_expire_after_a_week_on_the_server_too(one: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cookie that a browser keeps longer opens nothing, and a code or a link opens everything again."""
    now = [time.time()]
    one.registry._clock = lambda: now[0]
    ann = one.student("Ann", "russia")
    code = own_code(one)
    now[0] += access_tokens.KEY_SECONDS - 60
    assert "Your role: Russia" in ann.get("/seat")
    now[0] += 61
    ann.get("/seat", 403)
    one.teacher.get("/teacher", 403)
    ann.get("/")
    ann.post("/resume", code=code)
    assert "Your role: Russia" in ann.get("/seat")
    one.teacher.get(f"/t/{one.registry.first_link}")
    assert len(one.registry.store.all_keys()) == 2, "expired keys are deleted"


def test_a_person_has_a_few_keys_and_the_newest_count(one: School) -> None:
    ann = one.student("Ann", "russia")
    code = own_code(one)
    again = one.browser()
    again.get("/")
    page = again.page
    for _ in range(access_tokens.KEYS_KEPT):
        again.page = page
        again.post("/resume", code=code)
    ann.get("/seat", 403)
    assert "Your role: Russia" in again.get("/seat")
    for _ in range(2 * access_tokens.KEYS_KEPT):
        one.teacher.get(f"/t/{one.registry.first_link}")
    assert len(one.registry.store.all_keys()) == 2 * access_tokens.KEYS_KEPT
    one.registry._clock = lambda: time.time() + access_tokens.KEY_SECONDS
    again.get("/seat", 403)


# -- codes -------------------------------------------------------------------------------------------------------------


def test_wrong_codes_wait_ever_longer_and_right_ones_never(one: School, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    wait_for = Throttle.wait_for

    def noted(throttle: Throttle, code: str) -> float:
        waits.append(wait_for(throttle, code))
        return 0.0

    monkeypatch.setattr(Throttle, "wait_for", noted)
    browser = one.browser()
    browser.get("/")
    for _ in range(3):
        browser.post("/join", 403, code="WRONGX", name="Eve")
    assert waits == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY]
    one.student("Ann", "russia")
    assert len(waits) == 3


def test_many_wrong_codes_slow_down_all_wrong_ones() -> None:
    throttle = Throttle(clock=lambda: 0.0)
    waits = [throttle.wait_for(f"CODE{at}") for at in range(10 * FREE_TRIES)]
    assert waits[:FREE_TRIES] == [FIRST_DELAY] * FREE_TRIES
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_DELAY


def test_a_wrong_code_is_forgotten_after_a_while() -> None:
    now = [0.0]
    throttle = Throttle(clock=lambda: now[0])
    assert [throttle.wait_for("A") for _ in range(2)] == [FIRST_DELAY, 2 * FIRST_DELAY]
    now[0] = 61.0
    assert throttle.wait_for("A") == FIRST_DELAY


# -- forms -------------------------------------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_counts_once(one: School) -> None:
    ann = one.student("Ann", "russia")
    before = one.registry._live_sessions[one.session].n
    page = ann.get("/seat")
    for _ in range(3):
        ann.page = page
        ann.post("/seat/say", text="Once", table=1)
    assert one.registry._live_sessions[one.session].n == before + 1
    assert ann.page.count("Once") == 1


def test_a_join_that_is_sent_twice_is_one_person(one: School) -> None:
    ann = one.browser()
    page = ann.get("/")
    ann.post("/join", code=one.code, name="Ann")
    first = ann.client.cookies["parley_seat"]
    ann.page = page
    ann.post("/join", code=one.code, name="Ann")
    assert len(one.registry._live_sessions[one.session].session.people) == 1
    assert ann.client.cookies["parley_seat"] != first
    ann.get("/seat")


def test_nobody_repeats_the_action_of_somebody_else(one: School) -> None:
    ann, ulf = one.student("Ann", "russia"), one.student("Ulf", "ukraine")
    action = dict(FIELD.findall(ann.get("/seat")[ann.page.index('action="/seat/say"') :]))["action"]
    ann.post("/seat/say", text="Mine", table=1, action=action)
    ulf.get("/seat")
    ulf.post("/seat/say", 403, text="Not mine", table=1, action=action)


@pytest.mark.parametrize(
    ("headers", "key", "status"),
    [
        ({"Origin": HERE}, None, 303),
        ({}, None, 303),
        ({"Origin": HERE}, "0" * 32, 403),
        ({"Origin": "http://evil.example"}, None, 403),
        ({"Origin": "null"}, None, 403),
        ({"Sec-Fetch-Site": "cross-site"}, None, 403),
        ({"Host": "evil.example"}, None, 421),
    ],
)
def test_a_form_comes_from_a_page_of_its_holder(
    one: School, headers: dict[str, str], key: str | None, status: int
) -> None:
    ann = one.student("Ann", "russia")
    start = ann.get("/seat").index('action="/seat/say"')
    hidden = dict(FIELD.findall(ann.page[start:]))
    data = {"action": hidden["action"], "key": key or hidden["key"], "table": "1", "text": "Hello"}
    answer = ann.client.post("/seat/say", data=data, headers=headers, follow_redirects=False)
    assert answer.status_code == status
    assert ("Hello" in ann.get("/seat")) == (status == 303)


def test_what_is_too_much_or_nonsense_is_refused_in_words(one: School) -> None:
    ann = one.student("Ann", "russia")
    one.do("start")
    ann.get("/seat")
    before = one.registry._live_sessions[one.session].n
    page = ann.page
    for fields, status in [
        ({"verdict": "accept", "says": "x" * 2_001}, 422),
        ({"verdict": "accept", "says": "x" * 70_000}, 413),
        ({"verdict": "perhaps"}, 422),
        ({"verdict": "accept", "version": "-1"}, 422),
        ({"verdict": "accept", "version": "99999999999999999999"}, 422),
        ({"verdict": "accept", "version": "1"}, 409),
        ({"verdict": "accept", "pledge.troops": "nan"}, 422),
        ({"verdict": "accept", "pledge.gold": "1"}, 422),
        ({"verdict": "accept", "says": "\x00"}, 422),
        ({"verdict": "accept", "action": "short"}, 422),
    ]:
        ann.page = page
        ann.post("/seat/vote", status, **fields)
        assert "<h1>That did not work</h1>" in ann.page or status == 413, fields
    assert one.registry._live_sessions[one.session].n == before


def test_what_somebody_wrote_is_given_back_when_it_comes_too_late(one: School) -> None:
    ann = one.student("Ann", "russia")
    one.do("start")
    ann.get("/seat")
    one.do("next")
    one.do("next")  # a late answer counts only until the next one is given
    ann.post("/seat/vote", 409, verdict="accept", says="A long and careful reason")
    assert "The talks have moved on" in ann.words
    assert "A long and careful reason" in ann.page


def test_an_error_leads_back_to_where_one_was(one: School) -> None:
    ann, nobody, here = one.student("Ann", "russia"), one.browser(), f"/teacher/{one.session}"
    for who, path, back in (
        (ann, "/seat/dispute", "/seat"),
        (ann, "/seat/nowhere", "/seat"),
        (nobody, "/seat/brief", "/"),
        (one.teacher, f"{here}/nowhere", here),
        (one.teacher, "/teacher/nowhere", "/teacher"),
        (nobody, here, "/"),
    ):
        answer = who.client.get(path)
        assert answer.status_code >= 400, path
        assert f'<a class="button" href="{back}">' in answer.text, path
    one.teacher.get("/teacher/new")
    one.teacher.post("/teacher/sessions", 422, scenario="none", tables=1)
    assert '<a class="button" href="/teacher">' in one.teacher.page


def test_what_is_said_is_text_and_never_a_tag(one: School) -> None:
    script = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    ann, ulf = one.student("Ann <b>", "russia"), one.student("Ulf", "ukraine")
    ann.get("/seat")
    ann.post("/seat/say", text=script, table=1)
    ann.post("/seat/whisper", text=script, table=1, to="ukraine")
    one.do("announce", text=script)
    here = f"/teacher/{one.session}"
    for page in (ulf.get("/seat"), one.teacher.get(here), one.teacher.get(f"{here}/wall")):
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "Ann <b>" not in page


def test_every_answer_has_the_headers_that_keep_it_safe(one: School) -> None:
    for path in ("/", "/check", "/nowhere", "/seat", "/static/base.css", "/static/nothing"):
        headers = one.browser().client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
    assert one.browser().client.get("/seat").headers["cache-control"] == "no-store"


def test_no_page_has_a_script_or_a_style_within(one: School) -> None:
    ann = one.student("Ann", "russia")
    one.do("start")
    pages = [ann.get("/seat"), ann.get("/seat/brief"), *(one.teacher.get(path) for path in teacher_pages(one)[3:4])]
    pages += [one.teacher.get(f"/teacher/{one.session}"), one.teacher.get(f"/teacher/{one.session}/wall")]
    for page in pages:
        assert re.findall(r"<script(?! src=\"/static)|<style|\sstyle=|\son[a-z]+=", page) == []


# -- the game through the pages ----------------------------------------------------------------------------------------


def test_a_whole_game_by_forms_alone(one: School) -> None:
    russia, ukraine, france = (
        one.student(name, actor) for name, actor in (("Ann", "russia"), ("Ulf", "ukraine"), ("Fay", "france"))
    )
    assert "not done yet" not in russia.get("/seat")
    one.do("start")
    assert "Your turn: answer the text" in russia.get("/seat")
    russia.post("/seat/vote", verdict="red_line", says="Never")
    assert "Never" not in ukraine.get("/seat"), "an answer is public once the phase is over"
    assert "Your turn" not in france.get("/seat")
    ukraine.post("/seat/vote", verdict="accept")
    assert "Never" in france.get("/seat")
    france.post("/seat/vote", verdict="accept", **{"pledge.troops": "10000"})
    assert "Your turn: the next text" in france.get("/seat")
    shown = france.client.get("/seat/draft", params={"term.force_size": "15000"}, headers={"X-Parts": "1"}).text
    assert "What this draft would be worth to you" in shown
    france.get("/seat")
    france.post("/seat/draft", what="check", **{"term.force_size": "15000"})
    assert "What this draft would be worth to you" in france.page
    assert 'value="15000" selected' in france.page
    france.post("/seat/draft", what="sound", actor="russia", **{"term.force_size": "15000"})
    assert "2 left" in france.words
    assert 'value="15000" selected' in france.page, "a draft outlives a sounding"
    france.post("/seat/draft", what="amend", says="Smaller", **{"term.force_size": "15000"})
    russia.get("/seat")
    assert "Troops was 50,000 troops → now 15,000 troops" in russia.words
    one.do("undo")
    russia.get("/seat")
    assert "was 50,000 troops" not in russia.words
    one.do("finish")
    assert "The talks are over" in russia.get("/seat")


def test_a_chair_goes_to_its_agent_and_back(one: School) -> None:
    ann = one.student("Ann", "russia")
    one.student("Ulf", "ukraine")
    one.do("start")
    one.do("agent", table=1, actor="russia")
    assert "given this seat to its agent" in ann.get("/seat")
    one.do("person", table=1, actor="russia")
    assert "Your turn: answer the text" in ann.get("/seat")


def test_the_console_pauses_locks_injects_and_speaks(one: School) -> None:
    ann = one.student("Ann", "russia")
    one.do("start")
    one.do("pause")
    assert "Paused by the teacher" in ann.get("/seat")
    one.do("resume")
    one.do("lock")
    late = one.browser()
    late.get("/")
    late.post("/join", 422, code=one.code, name="Late")
    assert "The room is locked" in late.words
    one.do("announce", text="Five more minutes")
    assert "Five more minutes" in ann.get("/seat")
    [inject, *_] = one.registry._live_sessions[one.session].session.scenario.case.injects
    one.do("inject", event=inject)
    one.do("inject", text="A storm", indicator="us_aid", value="0.1")
    assert "A storm" in ann.get("/seat")
    one.do("nonsense", 422)


def test_whoever_asks_for_any_chair_is_given_the_next_that_is_free(one: School) -> None:
    for at in range(14):
        one.student(f"S{at}", "any", table=0)
    [table] = one.registry._live_sessions[one.session].session.tables
    assert [len(persons) for persons in table.chairs.values()] == [2] * 7
    last = one.student("Last")
    last.post("/seat/sit", 423, table=0, actor="any")
    last.get("/seat")
    last.post("/seat/sit", table=1, actor="observer")
    assert "You are watching" in last.page


def test_a_server_that_starts_again_goes_on_where_it_was(tmp_path: Path) -> None:
    with school(tmp_path / "class.db") as before:
        session = before.make(months=3, minutes=5)
        ann = before.student("Ann", "russia")
        before.do("start")
        ann.get("/seat")
        ann.post("/seat/vote", verdict="holding_out")
        ends, cookies = before.registry._live_sessions[session].session.tables[0].clock.ends_at, ann.client.cookies
    with school(tmp_path / "class.db") as after:
        again = after.browser()
        again.client.cookies = cookies
        assert "Your role: Russia" in again.get("/seat")
        table = after.registry._live_sessions[session].session.tables[0]
        assert (table.clock.ends_at, table.model.month) == (ends, 2 if table.version > 4 else 1)
        after.teacher.client.cookies = before.teacher.client.cookies
        assert "Ann" in after.teacher.get(f"/teacher/{session}")


def test_a_deleted_class_is_gone_for_everybody(one: School, tmp_path: Path) -> None:
    ann = one.student("Annabelle", "russia")
    here = f"/teacher/{one.session}"
    one.teacher.get(here)
    one.teacher.post(f"{here}/delete", 422, code="WRONG")
    one.teacher.get(here)
    one.teacher.post(f"{here}/delete", code=one.code)
    one.teacher.get(here, 404)
    ann.get("/seat", 403)
    assert not any(b"Annabelle" in path.read_bytes() for path in tmp_path.glob("class.db*"))


def test_a_disk_that_is_full_refuses_and_nothing_happens(one: School) -> None:
    ann = one.student("Ann", "russia")
    ann.get("/seat")
    connection, room = one.registry.store._connection, one.registry._live_sessions[one.session]
    [(pages,)] = connection.execute("PRAGMA page_count").fetchall()
    connection.execute(f"PRAGMA max_page_count={pages + 3}")
    page, n, statuses = ann.page, room.n, set()
    for at in range(30):
        hidden = dict(FIELD.findall(page[page.index('action="/seat/say"') :]))
        data = {**hidden, "action": access_tokens.new_id(), "table": "1", "text": f"{at}" * 900}
        answer = ann.client.post("/seat/say", data={key: data[key] for key in ("action", "key", "table", "text")})
        statuses.add(answer.status_code)
        n += answer.status_code == 200
    assert statuses == {200, 507}
    assert room.n == n == len(one.registry.store.entries(one.session))
    connection.execute("PRAGMA max_page_count=1000000")
    ann.get("/seat")
    ann.post("/seat/say", table=1, text="There is room again")


def test_the_log_of_a_game_replays_to_the_room(one: School) -> None:
    ann = one.student("Ann", "russia")
    one.do("start")
    ann.get("/seat")
    ann.post("/seat/vote", verdict="red_line")
    room = one.registry._live_sessions[one.session]
    again = one.registry.replay_log(one.session)
    assert again.entries == room.session.entries
    assert again.tables[0].text == room.session.tables[0].text


@pytest.mark.slow
def test_the_debrief_opens_for_the_teacher_first_and_goes_home_as_files(one: School) -> None:
    ann, here = one.student("Ann", "russia"), f"/teacher/{one.session}"
    one.teacher.get(f"{here}/debrief", 409)
    one.do("start")
    one.do("finish")
    ann.get("/seat/debrief", 423)
    one.do("debrief")
    files = dict.fromkeys(("parley-debrief.html", "parley-debrief.json", "parley-tables.csv", "parley-log.json"), "")
    until = time.monotonic() + 300
    while not all(files.values()) and time.monotonic() < until:
        for name in files:
            answer = one.teacher.client.get(f"{here}/export/{name}")
            files[name] = answer.text if answer.status_code == 200 else ""
        time.sleep(0.2)
    assert all(files.values()), "the worlds were not played in time"
    assert json.loads(files["parley-debrief.json"])["worlds"]["worlds"] == 10_000
    assert "not a forecast" in files["parley-debrief.html"]
    assert "Ann" in ann.get("/seat/debrief")
    answer = ann.client.get("/seat/dispute", params={"path": "actors.russia.reservation.base", "value": "1"})
    assert answer.status_code in (200, 202)
    ann.page = ann.client.get("/seat/dispute", params={"path": "no.such", "value": "1"}).text
    assert "This case has no number" in ann.words
    for value in ("lots", "1 2"):
        answer = ann.client.get("/seat/dispute", params={"path": "actors.russia.reservation.base", "value": value})
        assert (answer.status_code, f'value="{value}"' in answer.text) == (422, True)  # it stays, to be mended
        assert 'role="alert"' in answer.text
        assert "--set" not in answer.text


# -- the protocol, and both answers ------------------------------------------------------------------------------------


def test_the_form_offers_every_protocol_and_takes_no_other(one: School) -> None:
    page = one.teacher.get("/teacher/new")
    for name, protocol in PROTOCOLS.items():
        assert f'<option value="{name}">{protocol.summary}</option>' in page
    for scenario in ("everything_on_the_table", "us_presses_russia"):  # one has a mediator, the other takes turns
        for name in PROTOCOLS:
            one.make(scenario=scenario, protocol=name, months=3)
    one.make(protocol="one_shot", months=1)
    assert "Month 1 of 1" in _words(one, "russia")
    one.teacher.get("/teacher/new")
    scenario = next(iter(one.registry.catalogue.entries))
    refused = one.teacher.post("/teacher/sessions", 422, scenario=scenario, protocol="barter")
    assert "Something in this form is not valid: protocol." in refused


def _words(one: School, actor: str) -> str:
    """What a student in a chair reads once the talks have begun."""
    student = one.student(actor, actor)
    one.do("start")
    student.get("/seat")
    return student.words


@pytest.mark.parametrize(
    ("pledge", "told"),
    [
        ("0", "supports, sends nothing"),
        ("5,000", "supports, sends 5,000 troops"),
        ("", "supports, sends 13,000 troops"),  # left to its rules
    ],
)
def test_a_contributor_answers_the_text_and_decides_what_it_sends(one: School, pledge: str, told: str) -> None:
    student = one.student("Zoé", "france")
    one.do("start")
    student.get("/seat")
    assert "What you send, if you accept: troops From 0 to 13,000." in student.words
    assert "Your rules would send 13,000 troops." in student.words
    student.post("/seat/vote", verdict="accept", **{"pledge.troops": pledge})
    student.get("/seat")
    assert f"France ✓ accepts {told}" in student.words
    one.teacher.get(f"/teacher/{one.session}/wall")
    assert f"✓ France {told}" in one.teacher.words


def test_a_brief_tells_what_counts_only_if_it_sends(one: School) -> None:
    poland = one.student("Pola", "poland")
    poland.get("/seat/brief")
    assert "If you send troops These points count only for sending, not for your answer" in poland.words
    russia = one.student("Rosa", "russia")
    russia.get("/seat/brief")
    assert "If you send" not in russia.words


def test_each_month_is_told_in_public_sentences(one: School) -> None:
    student = one.student("Uli", "ukraine")
    one.do("start")
    student.get("/seat")
    student.post("/seat/vote", verdict="accept")
    student.get("/seat")
    month = one.registry._live_sessions[one.session].session.table(1).model.months[0]
    line = next(one for one in month.evaluation.case.actors["russia"].red_lines if one.declared)
    assert f"How month 1 ended Russia declares: {line.says}." in student.words
    assert re.search(r"Pledged: [0-9,]+ of 50,000 troops\.", student.words)
    told = student.words.partition("How month 1 ended")[2].partition("Who sits here")[0]
    assert not re.search(r"not for sale|short|would accept|[0-9]\.[0-9]", told)
    assert "Changed to win" in student.words  # the sponsors have tabled another text


def test_the_text_on_a_page_has_the_headings_of_its_groups() -> None:
    case = load_case(Path(__file__).parents[1] / "cases" / "wind_park")
    rows = [
        {**issue_view(name, issue), "option": issue.default, "was": None}
        for name, issue in case.issues_by_group.items()
    ]
    macro = environment(Path(class_pages.__file__).parent / "templates").get_template("shared.html").module
    for shown in (
        macro.text(Strings.load(), TermLabels.of(case), rows),
        macro.compact(Strings.load(), TermLabels.of(case), rows),
    ):
        assert re.findall(r"<p class=.soft.><strong>(.*?)</strong>|<dt>(.*?)</dt>", shown) == [
            ("The park", ""),
            ("", "Where the turbines stand"),
            ("", "What is done for seabirds"),
            ("People", ""),
            ("", "Who is hired"),
            ("Money", ""),
            ("", "Public grant"),
            ("", "Paid to the fishers"),
        ]
        assert shown.count("<dl") == shown.count("</dl>") == 3
    plain = [{key: value for key, value in row.items() if key != "group"} for row in rows]
    assert macro.text(Strings.load(), TermLabels.of(case), plain).count("<dl") == 1


def test_old_private_messages_are_folded_and_paged(one: School) -> None:
    ann, ulf, other = one.student("Ann", "russia"), one.student("Ulf", "ukraine"), one.student("Eve", "us")
    ann.get("/seat")
    for number in range(TALK_PAGE + 10):
        ann.post("/seat/whisper", to="ukraine", text=f"secret {number:03}.")
    count, newest = TALK_PAGE + 10, f"secret {TALK_PAGE + 9:03}."
    page = ulf.get("/seat/parts")
    assert page.count("secret ") == TALK_SHOWN + TALK_FOLDED
    assert newest in page
    assert f"All private messages ({count - TALK_SHOWN - TALK_FOLDED} more)" in ulf.words
    assert newest in ulf.get("/seat/whispers")
    assert ulf.page.count("secret ") == TALK_PAGE
    assert re.findall(r"secret \d+", ulf.get("/seat/whispers?page=2")) == [f"secret {at:03}" for at in range(9, -1, -1)]
    assert "secret 000" in ulf.get("/seat/whispers?page=99")
    assert "secret" not in other.get("/seat/whispers")
    console = one.teacher.get(f"/teacher/{one.session}")
    assert console.count("secret ") == TALK_SHOWN + TALK_FOLDED
    assert f'href="/teacher/{one.session}/whispers/1"' in console
    assert "Russia to Ukraine" in one.teacher.get(f"/teacher/{one.session}/whispers/1?page=2")
    assert "secret 000." in one.teacher.page
    one.teacher.get(f"/teacher/{one.session}/whispers/7", 422)
