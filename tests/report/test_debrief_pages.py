"""Debriefs and handouts as pages, sheets and PDF: whole, escaped, self-contained, and the same every time."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from pypdf import PdfReader
from rich.console import Console

from sim.case_paths import find
from sim.game.debrief.debrief import debrief
from sim.game.debrief.joint_gains import all_gains
from sim.game.debrief.rule_benchmark import play_benchmark
from sim.game.debrief.table_results import TableResult
from sim.game.paper.handout import handout
from sim.game.paper.paper_results import read_paper_tables
from sim.game.paper.rehearsal import rehearse
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from sim.report.document.debrief_html import body, page, tables
from sim.report.document.handout import documents
from sim.report.document.handout_html import index
from sim.report.document.handout_html import page as handout_page
from sim.report.document.pdf import pdf
from sim.report.terminal.solo.debrief import debrief as terminal
from sim.report.terminal.solo.rehearsal import rehearsal
from sim.report.wording import NOT_A_FORECAST
from sim.strings import Strings
from tests.game.hall import source

pytestmark = pytest.mark.slow

T = Strings.load()
PROGRAM = "Parley 0"
HOSTILE = '<script>alert(\'1\')</script> & "x" #eval("1") $a$ [b] *c* _d_ @e \\f `g`'
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Checker(HTMLParser):
    """Reads a page: elements closed in order, headings in order, labels, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self.links += [str(given[key]) for key in ("href", "src", "action", "data") if given.get(key)]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> Checker:
    """Parse a page and hold it to what every page has to be."""
    checker = Checker()
    checker.feed(html)
    assert checker.open == []
    assert checker.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(checker.headings, checker.headings[1:], strict=False))
    assert len(set(checker.ids)) == len(checker.ids)
    tags = [tag for tag, _ in checker.tags]
    assert tags.count("main") == 1 == tags.count("h1")
    assert not {"script", "link", "img", "iframe", "object"} & set(tags)
    assert not any(key == "style" or key.startswith("on") for _, attrs in checker.tags for key in attrs)
    for tag, attrs in checker.tags:
        assert tag != "svg" or (attrs["role"] == "img" and attrs["aria-label"])
        assert tag != "th" or attrs["scope"] in ("col", "row")
    assert NOT_A_FORECAST in "".join(checker.text)
    assert "http" not in html.replace("http-equiv", "")
    assert "url(" not in html
    assert "@import" not in html
    return checker


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    script = load_scenario(find("european_force"))
    votes = dict.fromkeys(script.case.actors, "accept")
    sends = {"france": {"troops": 13000}, "uk": {"troops": 13000}, "poland": {"troops": 4000}}
    written = [
        {"name": "All yes", "package": {"force_size": 30000}, "votes": votes, "sends": sends},
        {"name": "No", "votes": {**votes, "russia": "reject"}},
    ]
    players = read_paper_tables(script, {"tables": written}, "r")
    players.append(TableResult("By rules", play(script), {"russia": ["Ada", "Bo"]}))
    return debrief(script, players, benchmark=play_benchmark(script, 100), all_gains=all_gains(players[:1]))


@pytest.fixture(scope="module")
def hostile() -> Any:
    """A case whose every word is an attack."""
    plain = source("warm_flat")
    plain["title"] = plain["question"] = plain["case"]["title"] = HOSTILE
    for actor in plain["case"]["actors"].values():
        actor["name"] = actor["brief"] = HOSTILE
        for one in actor["preferences"]:
            one["says"] = HOSTILE
    for issue in plain["case"]["issues"].values():
        issue["says"] = HOSTILE
    for claim in plain["case"]["claims"].values():
        claim["text"] = HOSTILE
    return build_scenario(plain)


# -- the debrief as a page -------------------------------------------------------------------------------------------


def test_the_page_is_whole_and_needs_nothing_else(found: dict[str, Any]) -> None:
    checker = read(page(found, T, PROGRAM))
    inner = [link.removeprefix("#") for link in checker.links if link.startswith("#")]
    assert inner == [link[1:] for link in checker.links]  # it leads nowhere but into itself
    assert set(inner) <= set(checker.ids)
    text = "".join(checker.text)
    for word in ("All yes", "By rules", "Ada, Bo", "C31", "No European troops in Ukraine", "Pledged: "):
        assert word in text


def test_a_chart_is_said_in_words_and_numbers_too(found: dict[str, Any]) -> None:
    checker = read(page(found, T, PROGRAM))
    labels = [str(attrs["aria-label"]) for tag, attrs in checker.tags if tag == "svg"]
    assert len(labels) == len(found["tables"]) * (1 + len(found["actors"])) + 1  # and the plane; no world agreed
    assert any("Russia" in label and "-8.5" in label for label in labels)
    tags = [tag for tag, _ in checker.tags]
    assert tags.count("title") == tags.count("svg") + 1
    assert tags.count("desc") == tags.count("svg")


def test_hostile_words_stay_words(hostile: Any) -> None:
    played = TableResult(
        HOSTILE,
        play(hostile),
        {"ana": [HOSTILE]},
        [{"month": 1, "by": HOSTILE, "kind": "say", "text": HOSTILE, "terms": {}}],
    )
    told = debrief(hostile, [played], benchmark=play_benchmark(hostile, 50))
    html = page(told, T, PROGRAM)
    checker = read(html)
    assert "<script" not in html
    assert "<script>alert('1')</script>" in "".join(checker.text)
    assert "<script" not in body(told, T)


def test_terms_stand_in_the_words_of_the_case_and_a_suggestion_is_one() -> None:
    script = load_scenario(find("european_force"))
    notes = [
        {"month": 1, "by": "Ben", "kind": "suggest", "text": "Fewer.", "terms": {"force_size": 5000}},
        {"month": 1, "by": "Ada", "kind": "say", "text": "No.", "terms": {}},
    ]
    text = " ".join(
        "".join(read(page(debrief(script, [TableResult("One", play(script), {}, notes)]), T, PROGRAM)).text).split()
    )
    assert "Ben suggests: How many troops the force has: 5,000 troops Fewer." in text
    assert "Ada: No." in text
    assert re.search(r"To win over .*: How many troops the force has: 50,000 troops → [0-9,]+ troops", text)
    assert not re.search(r"force.size|us.backstop", text)


def test_a_page_of_one_scenario_is_the_same_twice(found: dict[str, Any]) -> None:
    assert page(found, T, PROGRAM) == page(found, T, PROGRAM)
    assert tables(found, T) == tables(found, T)


def test_the_terminal_page_fits_and_says_what_happened(found: dict[str, Any]) -> None:
    for width in (40, 80, 120):
        stream = io.StringIO()
        Console(file=stream, width=width, markup=False, highlight=False, emoji=False).print(terminal(found))
        assert max(map(len, stream.getvalue().splitlines())) <= width
    for word in ("All yes: ✓ agreed after 1 month", "Ada, Bo", "No European troops", NOT_A_FORECAST):
        assert word in stream.getvalue()


def test_the_rehearsal_page_warns_and_fits() -> None:
    told = rehearse(load_scenario(find("european_force")))
    stream = io.StringIO()
    Console(file=stream, width=80, markup=False, highlight=False, emoji=False).print(rehearsal(told, T))
    assert "Warning: by everybody's rules, no text" in stream.getvalue()
    assert max(map(len, stream.getvalue().splitlines())) <= 80


# -- CSV -------------------------------------------------------------------------------------------------------------


def test_a_debrief_as_sheets_keeps_its_numbers(found: dict[str, Any]) -> None:
    files = tables(found, T)
    rows = list(csv.DictReader(io.StringIO(files["tables.csv"]), quoting=csv.QUOTE_NONNUMERIC))
    assert [row["table"] for row in rows] == ["All yes", "No", "By rules"]
    assert rows[0]["got_russia"] == found["side_by_side"][0]["got"]["russia"] < 0
    assert {row["note"] for row in rows} == {NOT_A_FORECAST}
    answers = list(csv.DictReader(io.StringIO(files["answers.csv"]), quoting=csv.QUOTE_NONNUMERIC))
    assert len(answers) == len(found["actors"]) * sum(table["months"] for table in found["tables"])
    assert {row["sends"] for row in answers if row["table"] == "All yes"} >= {"troops 13,000"}


# -- handouts --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cards() -> dict[str, Any]:
    return documents(handout(load_scenario(find("european_force"))), T)


def text_of(document: Any) -> str:
    reader = PdfReader(io.BytesIO(pdf(document)))
    return " ".join(" ".join(one.extract_text().split()) for one in reader.pages)


def test_a_role_card_as_pdf_holds_the_roles_words(cards: dict[str, Any]) -> None:
    told = text_of(cards["role-ukraine"])
    for words in (
        "Your role: Ukraine",
        "confidential: only for Ukraine",
        "You are fighting for your country's life",
        "C07",
    ):
        assert words in told.replace("\u2019", "'")
    assert NOT_A_FORECAST in told
    assert len(PdfReader(io.BytesIO(pdf(cards["role-ukraine"]))).pages) <= 4


def test_no_card_holds_the_brief_of_another(cards: dict[str, Any]) -> None:
    script = load_scenario(find("european_force"))
    for name, actor in script.case.actors.items():
        for stem, document in cards.items():
            said = [block.get("text") for block in document["blocks"]]
            assert (actor.brief in said) == (stem == f"role-{name}")


def test_every_handout_is_a_whole_page_and_the_index_leads_to_them(cards: dict[str, Any]) -> None:
    told = handout(load_scenario(find("european_force")))
    for document in cards.values():
        read(handout_page(document, told, T, PROGRAM))
    files = [f"{stem}.{kind}" for stem in cards for kind in ("html", "pdf")]
    assert sorted(set(read(index(cards, files, told, T, PROGRAM)).links) - {"#content"}) == sorted(files)


def test_a_pdf_is_the_same_twice_and_says_no_time(cards: dict[str, Any]) -> None:
    first = pdf(cards["guide"])
    assert first == pdf(cards["guide"])
    assert b"CreationDate" not in first or b"D:1970" in first


def test_hostile_words_stay_words_on_paper(hostile: Any) -> None:
    told = handout(hostile)
    for document in documents(told, T).values():
        html = handout_page(document, told, T, PROGRAM)
        assert "<script" not in html
        read(html)
    card = text_of(documents(told, T)["role-ana"]).replace("\u2019", "'").replace("\u2018", "'")
    for words in ("<script>", '#eval("1")', "$a$ [b] *c* _d_ @e \\f `g`"):
        assert words in card.replace("\u201c", '"').replace("\u201d", '"')


def test_the_guide_has_its_parts(cards: dict[str, Any]) -> None:
    headings = [block["text"] for block in cards["guide"]["blocks"] if block["kind"] == "h2"]
    for part in ("aims", "materials", "steps", "expect", "questions", "after"):
        assert T(f"handout.guide.{part}") in headings
    text = str(cards["guide"]["blocks"])
    assert "war that is still being fought" in text
    assert "no text that can be negotiated would be agreed" in text
