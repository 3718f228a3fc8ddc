"""The teaching kit: every command runs, the keys are computed, the minutes add up, and the sheets give nothing away."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from mkdocs.exceptions import PluginError

from sim.case.loader import load_case
from sim.case_paths import find
from sim.cli import main

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "teaching"
LESSONS = sorted(FOLDER.glob("[0-9]-*.md"))
PAGES = [*LESSONS, FOLDER / "role-play.md", FOLDER / "content-notes.md", FOLDER / "README.md"]
SHEETS = sorted((FOLDER / "sheets").glob("*.md"))
PARTS = ("Aims", "Preparation", "Steps", "Questions", "What to watch for", "Literature", "Answer key (computed)")
LEAST, MOST = 20, 90
"""Minutes of a lesson."""
BEFORE = {"mine.yaml", "neighbour.yaml"}
"""Files that students have by then."""


def script(name: str) -> ModuleType:
    """A module beside the hooks of the site."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lessons = script("lessons")


def commands(page: Path) -> list[list[str]]:
    """Every command of a page, each once, in its order: those of its blocks, and those within its sentences."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines() if line.strip()]
    assert all(line.startswith("python run.py ") for line in lines)
    lines += [one for one in re.findall(r"`(python run\.py [a-z][^`]*)`", text) if not BEFORE & set(one.split())]
    return [shlex.split(line, comments=True)[2:] for line in dict.fromkeys(lines)]


@pytest.mark.slow
@pytest.mark.parametrize("page", [*PAGES, *SHEETS], ids=lambda page: page.stem)
def test_every_command_runs_in_the_order_of_the_page(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("scenarios", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    for arguments in commands(page):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert (arguments, ended.value.code or 0) == (arguments, 0)


def test_the_lessons_are_six_and_each_has_its_sheet() -> None:
    assert [page.name[0] for page in LESSONS] == list("123456")
    assert [page.name for page in SHEETS] == [page.name for page in LESSONS]
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    for page in LESSONS:
        assert f"]({page.name})" in index
        assert index.count(f"](sheets/{page.name})") == 1
        assert f"](sheets/{page.name})" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.stem)
def test_a_lesson_has_all_its_parts(page: Path) -> None:
    heads = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    found = [next((part for part in PARTS if head.startswith(part)), None) for head in heads]
    assert [part for part in found if part] == list(PARTS)
    assert lessons.calls(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", [*LESSONS, FOLDER / "role-play.md"], ids=lambda page: page.stem)
def test_the_minutes_of_the_steps_add_up(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    [time] = re.findall(r"^\| \*\*Time\*\* \| (\d+) minutes", text, re.MULTILINE)
    steps = [(int(one), int(other)) for one, other in re.findall(r"^\| (\d+)\u2013(\d+) \|", text, re.MULTILINE)]
    assert LEAST <= int(time) <= MOST
    assert [start for start, _ in steps] == [0, *(end for _, end in steps[:-1])]
    assert steps[-1][1] == int(time)


@pytest.mark.parametrize("page", SHEETS, ids=lambda page: page.stem)
def test_a_sheet_gives_no_answer_away(page: Path) -> None:
    assert lessons.OPENED not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [*PAGES, *SHEETS], ids=lambda page: page.stem)
def test_every_claim_that_a_page_names_is_there(page: Path) -> None:
    claims = load_case(find("ukraine_2025")).claims
    assert set(re.findall(r"\bC\d+\b", page.read_text(encoding="utf-8"))) - set(claims) == set()


def test_the_example_of_a_coding_is_what_its_rules_make() -> None:
    by_voice = script("by_voice")
    case = load_case(find(by_voice.CASE))
    made = by_voice.by_voice(case)
    assert by_voice.FILE.read_text(encoding="utf-8") == made
    assert "no student's" in made


# The answer keys. That those of the lessons are fresh, the build of the site says (`tests/test_site.py`).


LESSON = """# A lesson

What Ana says:

<!-- answer: ledger {case}/warm_flat.yaml ana -->
<!-- end of answer -->

And Ben, by how much he wants to stay:

<!-- answer: moved {case}/warm_flat.yaml ben actors.ben.reservation.base 0 5 -->
<!-- end of answer -->
"""


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lesson on a case that may be changed, looked at and accepted."""
    shutil.copytree(find("flatmates"), tmp_path / "flat")
    page = tmp_path / "1-flat.md"
    page.write_text(LESSON.format(case=tmp_path / "flat"), encoding="utf-8")
    monkeypatch.setattr(lessons, "FOLDER", tmp_path)
    lessons.computed.cache_clear()
    assert lessons.main(["--accept"]) == 0
    lessons.computed.cache_clear()
    return page


def change(lesson: Path, before: str, after: str) -> None:
    """Change the case on which a lesson rests."""
    actor = lesson.parent / "flat" / "actors" / "ana.yaml"
    text = actor.read_text(encoding="utf-8")
    assert before in text
    actor.write_text(text.replace(before, after), encoding="utf-8")
    lessons.computed.cache_clear()


def test_an_answer_is_computed_and_stays_the_same(lesson: Path) -> None:
    text = lesson.read_text(encoding="utf-8")
    assert "| Rule | Kind | Points | Claims |" in text
    assert lessons.refusals([lesson]) == []
    lessons.on_pre_build(None)
    assert lessons.main(["--accept"]) == 0
    assert lesson.read_text(encoding="utf-8") == text


def test_a_change_that_changes_no_answer_is_no_matter(lesson: Path) -> None:
    change(lesson, "name: Ana", "name: Ana  # who studies at home")
    assert lessons.refusals([lesson]) == []


def test_a_changed_case_that_changes_an_answer_fails_the_build_until_somebody_looks(
    lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = lesson.read_text(encoding="utf-8")
    change(lesson, "when: {heating: 22}, points: much", "when: {heating: 22}, points: some")
    with pytest.raises(PluginError) as refused:
        lessons.on_pre_build(None)
    told = str(refused.value)
    assert told.startswith("1-flat.md: an answer has changed.")
    assert "python scripts/docs/lessons.py --accept 1-flat.md" in told
    assert "-| She can study without a coat | preference | +15.0 | K04 |" in told
    assert "+| She can study without a coat | preference | +5.0 | K04 |" in told
    assert lesson.read_text(encoding="utf-8") == before  # nobody has looked
    assert lessons.main([]) == 1
    assert "1 lessons, 1 to look at" in capsys.readouterr().out
    assert lessons.main(["--accept", "1-flat.md"]) == 0
    lessons.on_pre_build(None)
    assert lesson.read_text(encoding="utf-8") != before


def test_an_answer_that_somebody_typed_in_fails_the_build(lesson: Path) -> None:
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("| 5 |", "| 6 |"), encoding="utf-8")
    [refused] = lessons.refusals([lesson])
    assert "-| 6 |" in refused
    assert "+| 5 |" in refused


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("legder warm_flat ana -->", "there is no answer 'legder' (accepted, agreement,"),
        ("ledger warm_flat -->", "answer 'ledger warm_flat': missing a required argument: 'actor'"),
        ("ledger warm_flat anna -->", "answer 'ledger warm_flat anna': 'anna' is no actor of this case"),
        ("ledger warm_flat ana", "an answer begins with"),
        ('ledger "warm_flat ana -->', "answer 'ledger \"warm_flat ana': No closing quotation."),
        ("moved warm_flat anna protocol.months 3 -->", "answer 'moved warm_flat anna protocol.months 3': 'anna'"),
    ],
)
def test_a_lesson_that_asks_for_what_there_is_not_is_named(tmp_path: Path, call: str, said: str) -> None:
    page = tmp_path / "2-odd.md"
    page.write_text(f"<!-- answer: {call}\n<!-- end of answer -->\n", encoding="utf-8")
    [refused] = lessons.refusals([page])
    assert refused.startswith(f"2-odd.md: {said}")


def test_a_lesson_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert lessons.main(["9-nothing.md"]) == 2
    assert "9-nothing.md" in capsys.readouterr().err


def test_the_site_asks_for_the_answers() -> None:
    assert "scripts/docs/lessons.py" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
