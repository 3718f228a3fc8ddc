"""The JSON Schema: the committed files are current, and every bundled file names its own and keeps it."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sim.case.json_schema import as_text, schemas, write
from sim.case.reading.yaml_documents import read_document
from sim.case_paths import TRANSLATIONS
from sim.negotiation.protocols import PROTOCOLS

ROOT = Path(__file__).parents[2]
SCHEMAS = schemas(PROTOCOLS)
BUNDLED = sorted(file for file in (ROOT / "scenarios").rglob("*.yaml") if file.parent.name != TRANSLATIONS)
BASE = sorted((ROOT / "tests" / "broken" / "base").rglob("*.yaml"))
PREFIX = "# yaml-language-server: $schema="


def kind(file):
    """Which schema a file is meant to keep."""
    return "actor" if file.parent.name == "actors" else file.stem if file.stem in ("case", "claims") else "scenario"


def mistakes(data, name):
    return [error.message for error in Draft202012Validator(SCHEMAS[name]).iter_errors(data)]


def test_the_committed_schemas_are_current(tmp_path):
    write(tmp_path, PROTOCOLS)
    committed = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "schema").iterdir()}
    assert committed == {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_is_a_schema_and_names_no_host_of_its_own(name):
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert "$id" not in as_text(SCHEMAS[name])
    assert json.loads(as_text(SCHEMAS[name])) == SCHEMAS[name]


def test_files_are_bundled():
    assert len(BUNDLED) > 20


@pytest.mark.parametrize("file", BUNDLED + BASE, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_each_file_names_its_schema_in_its_first_line_and_keeps_it(file):
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(PREFIX)
    assert (file.parent / first.removeprefix(PREFIX)).resolve() == ROOT / "schema" / f"{kind(file)}.json"
    assert mistakes(read_document(file).data, kind(file)) == []


def test_a_scenario_may_leave_to_another_what_it_extends():
    assert mistakes({"extends": "other.yaml"}, "scenario") == []
    assert mistakes({"case": "."}, "scenario") != []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("scenario", {"extends": "x.yaml", "sponsr": "us"}),
        ("scenario", {"extends": "x.yaml", "protocol": {"months": 0}}),
        ("scenario", {"extends": "x.yaml", "changes": {"context.x.start": {"low": 1}}}),
        ("claims", {"claims": {"1": {}}}),
        ("actor", {"name": "x"}),
    ],
)
def test_what_the_loader_refuses_an_editor_marks(name, data):
    assert mistakes(data, name) != []
