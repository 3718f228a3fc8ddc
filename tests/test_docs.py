"""The pages in `docs/`: they name what there is, and what they name is there."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.case_warnings import case_warnings
from sim.analysis.judging.verdicts import verdicts
from sim.case.conditions import parse_condition
from sim.case.reading.yaml_documents import parse_document, read_document
from sim.negotiation.moves import PHASES
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario

ROOT = Path(__file__).parents[1]
FILES_PAGE = (ROOT / "docs" / "reference" / "files.md").read_text(encoding="utf-8")
KEYS = runpy.run_path(str(ROOT / "scripts" / "docs" / "keys.py"), run_name="keys")
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "benchmarks" / "README.md",
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("scenarios/**/*.md"),
    ]
)


def test_the_page_of_the_files_is_what_the_schema_says() -> None:
    [part] = KEYS["MARKED"].findall(FILES_PAGE)
    assert part == KEYS["page_part"](), "python scripts/docs/keys.py brings docs/reference/files.md up to date"


def test_the_examples_on_the_page_of_the_files_can_be_loaded(tmp_path: Path) -> None:
    """A scenario as it stands, an actor with the keys of the example in place of its own."""
    case = shutil.copytree(ROOT / "scenarios" / "ukraine_2025", tmp_path / "case")
    named = re.findall(r"```yaml\n# ([a-z_/]+\.yaml)\n(.*?)```", FILES_PAGE, re.DOTALL)
    blocks = [(name, text) for name, text in named if not name.startswith("river/")]
    assert [name for name, _ in blocks] == ["actors/poland.yaml", "a_harder_text.yaml"]
    for name, text in blocks:
        (case / "example.yaml").write_text(text, encoding="utf-8")
        before = dict(read_document(case / name).data) if (case / name).exists() else {}
        (case / name).write_text(json.dumps({**before, **read_document(case / "example.yaml").data}), encoding="utf-8")
    scenario = load_scenario(case / "a_harder_text.yaml")
    assert (scenario.protocol.step, scenario.protocol.patience, scenario.core) == (1, 6, ("force", "mandate"))
    assert [event.announced for event in scenario.events] == [True, False]
    [not_without_kyiv] = scenario.case.actors["poland"].capacities["troops"].when_sent[2:]
    assert not_without_kyiv.when == {"not": {"accepted_by": "ukraine"}}


def test_the_whole_example_on_the_page_of_the_files_is_a_case_that_runs(tmp_path: Path) -> None:
    for name, text in re.findall(r"```yaml\n# (river/[a-z_/]+\.yaml)\n(.*?)```", FILES_PAGE, re.DOTALL):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    scenario = load_scenario(tmp_path / "river" / "dam.yaml")
    assert list(case_warnings([scenario])) == []
    assert play(scenario).outcome[0] == Outcome.AGREED


def test_the_score_sheet_on_the_page_of_the_files_fits_the_whole_example(tmp_path: Path) -> None:
    for name, text in re.findall(r"```yaml\n# (river/[a-z_/]+\.yaml)\n(.*?)```", FILES_PAGE, re.DOTALL):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    [example] = re.findall(r"```yaml\n(preferences:\n[^`]*scores:.*?)```", FILES_PAGE, re.DOTALL)
    upper = tmp_path / "river" / "actors" / "upper.yaml"
    before = dict(read_document(upper).data)
    upper.write_text(json.dumps({**before, **parse_document(example).data}), encoding="utf-8")
    scenario = load_scenario(tmp_path / "river" / "dam.yaml", {"proposal.release": 20})
    ledger = verdicts(scenario)["actors"]["upper"]["ledger"]
    assert {entry["says"]: entry["points"] for entry in ledger if entry["kind"] == "preference"} == {
        "Every million hurts (money 3 million)": -6,
        "What is built: dam": 12,
        "Water that is let through in summer: 20 percent": 4.5,
    }
    assert {"actors.upper.preferences.cost.points", "actors.upper.scores.release.20"} <= set(scenario.case.numbers)


def test_the_conditions_on_the_page_of_the_files_have_the_shape_of_conditions() -> None:
    """The table of conditions, whose dots stand for any condition, and the sum beside it."""
    table = re.findall(r"^\| `(\{(?:.*?)\})` \|", FILES_PAGE.split("### Conditions")[1].split("<!--")[0], re.MULTILINE)
    [example] = re.findall(r"```yaml\nwhen: (.*)\n```", FILES_PAGE)
    assert len(table) > 10
    for text in [*table, example]:
        parse_condition(parse_document(f"when: {text.replace('{…}', '{x: 1}')}").data["when"])


@pytest.mark.parametrize("name", ["case", "actor", "scenario", "claims"])
def test_every_key_of_every_file_says_what_it_means(name: str) -> None:
    whole = json.loads((ROOT / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    shapes = [whole, *(one for one in whole["$defs"].values() if "properties" in one)]
    assert len(shapes) > 1
    for shape in shapes:
        assert shape["description"]
        assert [key for key, one in shape["properties"].items() if not one.get("description")] == []


@pytest.mark.parametrize(
    ("key", "schema", "said"),
    [
        ("months", {"type": "integer", "minimum": 1, "maximum": 120}, "whole number from 1 to 120"),
        ("when", {"additionalProperties": {}}, "[condition](#conditions)"),
        ("price", {"$ref": "#/$defs/Price"}, "[number](#numbers) or `never`"),
        ("rules", {"type": "array", "items": {"$ref": "#/$defs/PointsRule"}}, "list of [points rule](#points-rule)s"),
        ("note", {"anyOf": [{"type": "string"}, {"type": "null"}]}, "text"),
        ("name", {"enum": ["a", "b", "c"]}, "`a`, `b` or `c`"),
    ],
)
def test_a_type_is_said_in_words(key: str, schema: dict[str, Any], said: str) -> None:
    assert KEYS["kind"](key, schema) == said


def test_the_page_lists_the_packages_in_the_order_that_the_linter_enforces() -> None:
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    rows = re.findall(r"^\| (`sim\.\w+`(?:, `sim\.\w+`)*) \|", page, re.MULTILINE)
    assert re.findall(r"`sim\.(\w+)`", " ".join(rows)) == [name for layer in layers for name in layer.split(" | ")]


def cited(prose: str) -> set[tuple[str, str]]:
    """Each first name of a citation with its year: Walter (1997, 2002), Fearon 1994, Saltelli et al. (2010)."""
    found = re.findall(
        r"([A-Z][a-z]+)(?:'s?)?(?:(?:,| and| et) [A-Za-z]+\.?)* \(?((?:19|20)\d\d(?:, (?:19|20)\d\d)*)", prose
    )
    return {(name, year) for name, years in found for year in years.split(", ")}


@pytest.mark.parametrize("name", ["model", "odd", "uncertainty"])
def test_whatever_is_cited_is_in_the_literature_and_the_other_way_round(name: str) -> None:
    text = (ROOT / "docs" / "explanation" / f"{name}.md").read_text(encoding="utf-8")
    prose, listed = text.split("\n## Literature\n")
    literature = set(re.findall(r"^- ([A-Z][a-z]+)'?, .*?\((\d{4})\)\. ", listed, re.MULTILINE))
    assert len(literature) == listed.count("\n- ")
    assert cited(" ".join(prose.split())) == literature


def test_the_odd_page_has_the_elements_of_the_protocol_and_the_phases_of_the_program() -> None:
    text = (ROOT / "docs" / "explanation" / "odd.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \d\. (.+)$", text, re.MULTILINE) == [
        "Purpose and patterns",
        "Entities, state variables and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialization",
        "Input data",
        "Submodels",
    ]
    [schedule] = re.findall(r"## 3\..*?(?=\n## )", text, re.DOTALL)
    assert [name.lower() for name in re.findall(r"^\d\. \*\*(\w+)\.\*\*", schedule, re.MULTILINE)] == list(PHASES)
    [concepts] = re.findall(r"## 4\..*?(?=\n## )", text, re.DOTALL)
    assert len(re.findall(r"^\*\*[A-Z][a-z ]+\.\*\*", concepts, re.MULTILINE)) == 11
    for path in re.findall(r"`((?:sim|tests)/[\w/.]+)`", text):
        assert (ROOT / path).exists(), path


@pytest.mark.slow
@pytest.mark.parametrize("script", ["null_models", "assumptions"])
def test_the_page_for_reviewers_has_what_its_scripts_print(script: str) -> None:
    """The scenarios of the flatmates, which are played in seconds; the scripts play all others the same way."""
    command = [sys.executable, str(ROOT / "benchmarks" / f"{script}.py"), str(ROOT / "scenarios" / "flatmates")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True)
    rows = re.findall(r"^\| `.*$", done.stdout, re.MULTILINE)
    text = (ROOT / "docs" / "explanation" / "reviewers.md").read_text(encoding="utf-8")
    assert len(rows) == 3
    assert [row for row in rows if row not in text] == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            path, _, anchor = target.partition("#")
            file = page.parent / path if path else page
            assert file.exists(), target
            assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize(
    "page", [*PAGES, *ROOT.glob("docs/**/*.ipynb")], ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_no_page_tells_anyone_to_install_the_unrelated_project_that_is_called_parley(page: Path) -> None:
    assert re.findall(r"install [^\n`]*\bparley\b(?!-sim)|\bparley\[", page.read_text(encoding="utf-8")) == []
