"""The Markdown report and the plain playthrough."""

import re

import pytest

from sim.report.document.run_markdown import markdown
from sim.report.wording import NOT_A_FORECAST
from tests.playthroughs.page import COLUMNS, LINES, playthrough
from tests.report import samples


@pytest.mark.parametrize("run", [samples.run(), samples.ensemble()], ids=["central", "worlds"])
def test_a_report_has_question_setup_timeline_verdicts_blockers_assumptions_and_seed(run: dict[str, object]) -> None:
    report = markdown(run, "0.1.0")
    heads = re.findall(r"^## (.+)$", report, re.MULTILINE)
    assert heads[0] == "Set-up"
    assert any(head.startswith("What stood between the parties") for head in heads)
    assert {"Final verdicts", "Assumptions behind these verdicts", "How to read this"} <= set(heads)
    assert NOT_A_FORECAST in report
    assert "Parley 0.1.0, format `parley.run/2`" in report
    assert "Seed: " in report


def test_every_ledger_entry_of_every_actor_is_in_the_report_with_its_sources() -> None:
    report = markdown(samples.run(), "0.1.0")
    for actor in samples.actors().values():
        for entry in actor["ledger"]:
            assert entry["says"] in report
            assert " ".join(entry["sources"]) in report


def test_tables_of_a_report_have_as_many_cells_in_each_row_as_heads() -> None:
    for run in (samples.run(), samples.ensemble()):
        for block in re.findall(r"(?:^\|.*\|\n)+", markdown(run, "0.1.0"), re.MULTILINE):
            counts = {len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines()}
            assert len(counts) == 1


def test_text_of_a_case_cannot_break_a_table_or_smuggle_html() -> None:
    run = samples.run()
    run["final"]["actors"]["ukraine"]["ledger"][0]["says"] = "a | b <script>\n# c"
    report = markdown(run, "0.1.0")
    assert r"a \| b \<script> # c" in report


def test_a_playthrough_is_one_page() -> None:
    for months in (1, 12, 120):
        lines = playthrough(samples.run(months)).splitlines()
        assert len(lines) <= LINES
        assert max(map(len, lines)) <= COLUMNS


def test_a_long_playthrough_shows_its_first_and_its_last_months() -> None:
    text = playthrough(samples.run(120))
    assert "    1   yes" in text
    assert "  120   yes" in text
    assert "..." in text


def test_a_playthrough_tells_the_outcome_the_blockers_and_the_reasons() -> None:
    text = playthrough(samples.run())
    assert "Russia blocks." in text
    assert "russia: red line (-20.0). No Western troops (never; C30 C31)" in text


def test_the_same_run_gives_the_same_playthrough() -> None:
    assert playthrough(samples.run()) == playthrough(samples.run())
