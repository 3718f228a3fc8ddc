"""Reports as pages, Markdown and PDF: whole, escaped, self-contained, and the same bytes every time."""

from __future__ import annotations

import base64
import io
import json
import re
from contextlib import nullcontext
from html import unescape
from typing import Any

import pytest
from pypdf import PdfReader

from sim.analysis.report_data import LONG, SECTIONS, report
from sim.case_paths import find
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from sim.report import wording
from sim.report.document.handout import Document
from sim.report.document.handout_html import page
from sim.report.document.pdf import BEYOND, pdf
from sim.report.scenario_report import variance_section
from sim.report.scenario_report.report_document import document
from sim.report.scenario_report.report_markdown import markdown
from sim.report.wording import NOT_A_FORECAST
from sim.strings import Strings
from tests.game.hall import source
from tests.report.test_debrief_pages import HOSTILE, Checker

pytestmark = pytest.mark.slow

T = Strings.load()
PROGRAM = "Parley 0"
COMMAND = "parley report something --out report.html"
QUICK = [name for name in SECTIONS if name not in LONG]


def gathered(*names: str, sections: list[str] | None = None, worlds: int = 60, **more: Any) -> dict[str, Any]:
    scenarios = [load_scenario(find(name)) for name in names]
    return report(
        scenarios,
        program="0",
        stage=lambda *_: nullcontext(),
        sections=sections or SECTIONS,
        worlds=worlds,
        **more,
    )


@pytest.fixture(scope="module")
def flat() -> dict[str, Any]:
    return gathered("warm_flat", "cleaner")


@pytest.fixture(scope="module")
def force() -> dict[str, Any]:
    beside = [load_scenario(find(name)) for name in ("bare_ceasefire", "nato_force")]
    return gathered("european_force", sections=QUICK, beside=beside)


@pytest.fixture(scope="module")
def flat_document(flat: dict[str, Any]) -> Document:
    return document(flat, COMMAND)


@pytest.fixture(scope="module")
def force_document(force: dict[str, Any]) -> Document:
    return document(force, COMMAND)


@pytest.fixture(params=["flat", "force"])
def made(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Document]:
    """A report, and its document."""
    return request.getfixturevalue(request.param), request.getfixturevalue(f"{request.param}_document")


def bare(found: dict[str, Any]) -> dict[str, Any]:
    """A report of which every section was left out."""
    empty = dict.fromkeys(("proposals", "ensemble", "sources"))
    nothing = dict.fromkeys(("run", "verdicts", "turning", "dependence"))
    return {**found, **empty, "scenarios": [{**one, **nothing} for one in found["scenarios"]]}


def read(html: str) -> Checker:
    """Parse a page and hold it to what a report has to be."""
    checker = Checker()
    checker.feed(html)
    assert checker.open == []
    assert checker.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(checker.headings, checker.headings[1:], strict=False))
    assert len(set(checker.ids)) == len(checker.ids)
    tags = [tag for tag, _ in checker.tags]
    assert tags.count("main") == 1 == tags.count("h1")
    assert not {"script", "link", "iframe", "object", "svg"} & set(tags)
    assert not any(key == "style" or key.startswith("on") for _, attrs in checker.tags for key in attrs)
    assert "".join(checker.text).count(NOT_A_FORECAST) >= 2
    return checker


# -- nothing from elsewhere, and everything that a figure needs ------------------------------------------------------


def test_a_page_is_whole_and_needs_nothing_else(made: tuple[dict[str, Any], Document]) -> None:
    found, whole = made
    html = page(whole, found, T, PROGRAM)
    checker = read(html)
    inner = [link for link in checker.links if link.startswith("#")]
    images = [link for link in checker.links if not link.startswith("#")]
    assert {link[1:] for link in inner} <= set(checker.ids)
    for image in images:
        kind, _, data = image.partition(",")
        assert kind == "data:image/svg+xml;base64"
        drawing = base64.b64decode(data).decode()
        assert set(re.findall(r"https?://[^\"]+", drawing)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        assert "<title>" in drawing
        assert "<desc>" in drawing
    assert "http" not in re.sub(r"data:[^\"]+", "", html)
    assert "url(" not in html
    assert "@import" not in html


def test_every_figure_states_a_finding_and_links_to_its_numbers(made: tuple[dict[str, Any], Document]) -> None:
    found, whole = made
    blocks = whole["blocks"]
    figures = [block for block in blocks if block["kind"] == "figure"]
    assert [block["number"] for block in figures] == list(range(1, len(figures) + 1))
    assert len({block["name"] for block in figures}) == len(figures)
    tables = {block["id"]: block for block in blocks if block["kind"] == "table" and "id" in block}
    assert list(tables) == [f"numbers-{block['number']}" for block in figures]
    assert all(table["rows"] for table in tables.values())
    for block in figures:
        assert block["reads"]
        assert block["says"]
    html = page(whole, found, T, PROGRAM)
    assert len(re.findall(r'<img alt="([^"]+)"', html)) == len(figures)
    assert all(f'href="#numbers-{block["number"]}"' in html for block in figures)


def test_every_caption_is_a_sentence(made: tuple[dict[str, Any], Document]) -> None:
    blocks = document(made[0], COMMAND, full=True)["blocks"]
    captions = [
        block["title" if block["kind"] == "figure" else "caption"]
        for block in blocks
        if "heads" in block or "svg" in block
    ]
    assert captions
    for caption in captions:
        assert re.match(r"[A-Z0-9“]", caption), caption
        assert caption.endswith("."), caption
        assert re.search(r" [a-z]", caption), caption


def test_all_tables_are_as_wide_as_their_heads(flat: dict[str, Any]) -> None:
    tables = [block for block in document(flat, COMMAND, full=True)["blocks"] if block["kind"] == "table"]
    for block in tables:
        assert all(len(row) == len(block["heads"]) for row in block["rows"])
        assert max([*block["numbers"], *block["narrow"], *block["wide"]], default=0) < len(block["heads"])


def test_no_prose_holds_an_id_of_several_words(made: tuple[dict[str, Any], Document]) -> None:
    """The appendix on how to reproduce the report has commands, and so paths."""
    found, whole = made
    html = page(whole, found, T, PROGRAM)
    before = html[: html.index('id="made"')]
    ids = set(found["actors"]) | set(found["issues"]) | set(found["consent"])
    ids |= {str(option) for issue in found["issues"].values() for option in issue["options"]}
    ids |= {
        part for entry in found["sources"]["numbers"] + found["sources"]["rules"] for part in entry["path"].split(".")
    }
    text = unescape(re.sub(r"<[^>]+>", " ", re.sub(r'<style>.*?</style>|src="[^"]+"', "", before, flags=re.DOTALL)))
    alt = " ".join(re.findall(r'alt="([^"]+)"', before))
    held = {name for name in ids if "_" in name}
    assert held
    for name in held:
        assert not re.search(rf"\b{name}\b", text + alt), name
    assert "--set" not in text


# -- it says what was found ------------------------------------------------------------------------------------------


def test_a_full_report_says_what_was_found(flat: dict[str, Any]) -> None:
    html = page(document(flat, COMMAND, full=True), flat, T, PROGRAM)
    text = " ".join("".join(read(html).text).split())
    for one in flat["scenarios"]:
        assert one["question"] in text
        for actor in one["verdicts"]["actors"].values():
            for entry in actor["ledger"]:
                assert entry["says"] in text
                assert wording.both_sources(entry) in text
    for drawn in flat["ensemble"]["scenarios"]:
        for share in drawn["outcomes"].values():
            assert not share["worlds"] or wording.interval(share) in text
    for pair in flat["ensemble"]["differences"][:2]:
        assert wording.percentage_points(pair["share"]) in text
    for kind in ("numbers", "rules", "codebook"):
        for one in flat["sources"][kind]:
            assert not one["assumption"] or one["assumption"] in text
            assert all(flat["claims"][claim] in text for claim in one["source"])
    assert f"{flat['outcomes'][0]['space']['packages']:,} possible packages" in text
    assert COMMAND in text
    assert f"Numpy {flat['versions']['numpy']}" in text


def test_sections_that_were_not_asked_for_are_not_there(force: dict[str, Any], force_document: Document) -> None:
    headings = [block["text"] for block in force_document["blocks"] if block["kind"] in ("h2", "h3")]
    assert "The talks, month by month" in headings
    assert "All proposals of the case side by side" in headings
    assert not any("turn it" in one or "depends" in one or "could be agreed" in one for one in headings)
    headings = [block["text"] for block in document(bare(force), COMMAND)["blocks"] if block["kind"] == "h2"]
    reproduce = "Appendix: to reproduce this report"
    assert headings == ["The answer", "How sure is that?", "What is proposed", "The evidence", reproduce]


def test_what_could_not_be_asked_is_said_with_its_reason(force: dict[str, Any]) -> None:
    left = {"section": "outcomes", "scenario": "european_force", "why": "There are too many."}
    html = page(document({**bare(force), "left_out": [left]}, COMMAND), force, T, PROGRAM)
    assert "Left out: outcomes of european force. There are too many." in html


def test_why_the_sensitivity_is_not_about_agreement_is_said(flat: dict[str, Any]) -> None:
    [cleaner] = [one for one in flat["scenarios"] if one["scenario"] == "cleaner"]
    assert cleaner["sensitivity"]["of"].startswith("blocked_by.")
    told = "whether it is agreed hardly varies"
    assert told in variance_section.how_sure(flat, cleaner)
    assert told not in variance_section.how_sure({**flat, "of": "blocked_by.ben"}, cleaner)


# -- the same every time ---------------------------------------------------------------------------------------------


def test_the_same_report_twice_is_the_same_bytes(made: tuple[dict[str, Any], Document]) -> None:
    found, first = made
    again = json.loads(json.dumps(found))
    second = document(again, COMMAND)
    assert page(first, found, T, PROGRAM) == page(second, again, T, PROGRAM)
    assert markdown(first, "figures") == markdown(second, "figures")
    assert pdf(first) == pdf(second)


@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        ("L\u2019\u0152uvre, \u0141\u00f3d\u017a: \u2713 \u2192 \u041a\u0438\u0457\u0432", False),
        ("\u65e5\u672c", True),
        ("\u0645\u0635\u0631", True),
    ],
)
def test_only_letters_that_the_pdfs_fonts_lack_ask_for_the_machines(text: str, *, beyond: bool) -> None:
    assert bool(BEYOND.search(text)) == beyond


# -- Markdown and PDF ------------------------------------------------------------------------------------------------


def test_markdown_shows_each_figure_from_a_file_of_its_own_and_every_table(flat_document: Document) -> None:
    text, figures = markdown(flat_document, "r-figures")
    shown = re.findall(r"^!\[.+\]\(r-figures/([\w-]+\.svg)\)$", text, re.MULTILINE)
    assert shown == list(figures)
    assert len(shown) == sum(block["kind"] == "figure" for block in flat_document["blocks"])
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for at, line in enumerate(lines):
        if re.fullmatch(r"(\| -+:? )+\|", line):
            assert line.count("|") == len(re.findall(r"(?<!\\)\|", lines[at - 1]))
    assert text.count(NOT_A_FORECAST) >= 2
    assert text.startswith("# ")
    assert text.endswith("\n")


def test_pdf_has_the_words_and_figures_as_vectors_with_their_descriptions(force_document: Document) -> None:
    data = pdf(force_document)
    reader = PdfReader(io.BytesIO(data))
    assert not any(one.images for one in reader.pages)
    text = " ".join(" ".join(one.extract_text() for one in reader.pages).split())
    for word in (
        "A European deterrent force outside NATO",
        "No European troops in Ukraine",
        "Figure 1.",
        NOT_A_FORECAST,
    ):
        assert word in text
    told = [str(one.get_object().get("/Alt")) for one in _elements(reader) if one.get_object().get("/Alt")]
    assert len(told) == sum(block["kind"] == "figure" for block in force_document["blocks"])


def _elements(reader: PdfReader) -> list[Any]:
    """All elements of a PDF's tree of structure."""
    found: list[Any] = []
    left = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        one = left.pop().get_object()
        if isinstance(one, list):
            left += one
        elif isinstance(one, dict):
            found.append(one)
            left += [one["/K"]] if "/K" in one else []
    return found


def test_hostile_words_stay_words() -> None:
    plain = source("warm_flat")
    plain["title"] = plain["question"] = plain["case"]["title"] = plain["case"]["description"] = HOSTILE
    for actor in plain["case"]["actors"].values():
        actor["name"] = actor["brief"] = HOSTILE
        for one in actor["preferences"]:
            one["says"] = HOSTILE
    for issue in plain["case"]["issues"].values():
        issue["says"] = HOSTILE
    for claim in plain["case"]["claims"].values():
        claim["text"] = HOSTILE
    found = report([build_scenario(plain)], program="0", stage=lambda *_: nullcontext(), sections=QUICK, worlds=20)
    whole = document(found, HOSTILE)
    html = page(whole, found, T, PROGRAM)
    checker = read(html)
    assert "<script" not in html
    assert "<script>alert('1')</script>" in "".join(checker.text)
    assert pdf(whole).startswith(b"%PDF")
    text, figures = markdown(whole, "figures")
    assert not re.search(r"(?<!\\)<script", text)
    assert all("<script" not in svg for svg in figures.values())
