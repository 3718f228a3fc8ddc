"""The words of the game: every key that is used is there, and every key that is there is used."""

from __future__ import annotations

import ast
import re
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import sim.strings
from sim.case.reading.yaml_documents import parse_document
from sim.case.translation import translated
from sim.case_paths import bundled
from sim.game.session.rejections import SECTION
from sim.negotiation.protocols import PROTOCOLS
from sim.negotiation.scenario_loader import load_scenario
from sim.report.wording import option, per_cent, points, series
from sim.strings import HERE, Strings, language_names, languages, own_texts, speaking, spoken

ROOT = Path(__file__).parents[1] / "sim"
PAGE = (ROOT.parent / "docs" / "how-to" / "translate.md").read_text(encoding="utf-8")
TEXTS = Strings.load("en").texts
SECTIONS = {key.partition(".")[0] for key in TEXTS}
REFUSERS = {"RejectedActionError": 1, "require": 2}
"""The functions that name a refusal, each with the position of the name among its arguments."""


def literals(tree: ast.AST) -> Iterator[str]:
    """Every key, and every beginning of one (which ends in a dot), that stands in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSERS:
            name = node.args[REFUSERS[node.func.id]] if len(node.args) > REFUSERS[node.func.id] else None
            if isinstance(name, ast.Constant):
                yield f"{SECTION}{name.value}"


def used() -> set[str]:
    found: set[str] = set()
    for path in ROOT.rglob("*.py"):
        found |= set(literals(ast.parse(path.read_text(encoding="utf-8"))))
    for path in [*ROOT.rglob("*.j2"), *ROOT.rglob("*.html")]:
        found |= set(re.findall(r"[\"']([a-z_]+\.[a-z_.]+)[\"']", path.read_text(encoding="utf-8")))
    pattern = re.compile(rf"({'|'.join(sorted(SECTIONS))})(\.[a-z_]+)+\.?")
    return {one for one in found if pattern.fullmatch(one)}


USED = used()


BEGUN = {key if key.endswith((".", "_")) else f"{key}." for key in USED - TEXTS.keys()}
"""The beginnings of keys that are used: ``class.stage.``, ``class.survey.title_``, and whole sections."""


def test_every_key_that_is_used_is_there() -> None:
    assert {key for key in BEGUN if not any(one.startswith(key) for one in TEXTS)} == set()


def test_every_key_that_is_there_is_used() -> None:
    begun = tuple(key for key in BEGUN if key != SECTION)
    assert {key for key in TEXTS if key not in USED and not key.startswith(begun)} == set()


@pytest.mark.parametrize("language", languages())
def test_a_translation_has_no_other_keys_and_the_same_fields(language: str) -> None:
    texts = own_texts(HERE / f"{language}.toml")
    assert texts.keys() - TEXTS.keys() == set()
    for key, text in texts.items():
        assert fields(text) == fields(TEXTS[key]), key


def test_a_missing_key_has_the_english_words() -> None:
    german = Strings("de", TEXTS | {"play.you": "Sie"})
    assert german("play.you") == "Sie"
    assert german("play.saved", path="x") == Strings.load()("play.saved", path="x")


def test_everything_within_a_block_speaks_the_language_of_the_block() -> None:
    assert spoken().language == "en"
    with speaking(Strings.load("de")):
        assert (points(1234.5), per_cent(0.5), series(["A", "B", "C"])) == ("+1234,5", "50 %", "A, B und C")
        with speaking(Strings.load("en")):
            assert option(30_000) == "30,000"
        assert option(30_000) == "30.000"
    assert option(30_000) == "30,000"


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_strings_name_each_protocol_as_it_names_itself() -> None:
    named = {name: TEXTS[f"class.protocol.{name}"] for name in PROTOCOLS}
    assert named == {name: protocol.summary for name, protocol in PROTOCOLS.items()}


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        Strings.load("en")("game.refused.nonsense")


@pytest.fixture
def page_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The three keys of the page on translating, as a third language."""
    for file in HERE.glob("*.toml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "eo.toml").write_text(block("toml"), encoding="utf-8")
    monkeypatch.setattr(sim.strings, "HERE", tmp_path)
    forget()
    yield "eo"
    monkeypatch.undo()
    forget()


def forget() -> None:
    languages.cache_clear()
    Strings.load.cache_clear()


def block(kind: str) -> str:
    text = re.sub(r"(?m)^   ", "", PAGE) if kind == "toml" else PAGE
    [found] = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    return str(found)


def test_a_third_language_begins_with_three_keys(page_language: str) -> None:
    assert languages() == ("de", "en", page_language)
    assert language_names()[page_language] == "Esperanto"
    t = Strings.load(page_language)
    assert (t("class.join.go"), t("class.join.code")) == ("Aliĝi", TEXTS["class.join.code"])


def test_a_case_is_translated_as_the_page_says() -> None:
    source = load_scenario(bundled() / "flatmates" / "warm_flat.yaml").source
    case = translated(source, parse_document(block("yaml")))["case"]
    assert (case["title"], case["issues"]["heating"]["unit"]) == ("Tri samloĝantoj", "gradoj")


SCRIPT = runpy.run_path(str(ROOT.parent / "scripts" / "translations.py"), run_name="translations")


def test_german_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert (SCRIPT["main"](["de"]), capsys.readouterr().out) == (0, "Complete.\n")


def test_what_a_language_lacks_is_listed(page_language: str) -> None:
    script = runpy.run_path(str(ROOT.parent / "scripts" / "translations.py"), run_name="translations")
    lines = list(script["of_strings"](page_language))
    assert "eo.toml: missing: class.join.code" in lines
    assert "eo.toml: missing: class.join.go" not in lines
    assert not [line for line in lines if "superfluous" in line]
