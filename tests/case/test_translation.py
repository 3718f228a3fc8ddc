"""The words of a case in another language: what can be translated, what is missing, and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import case_paths
from sim.analysis.judging.verdicts import verdicts
from sim.case.reading.yaml_documents import Document, parse_document
from sim.case.translation import coverage, languages_of, read_translation, translatable, translated
from sim.errors import CaseError
from sim.negotiation.scenario_loader import build_scenario, load_scenario

FLAT = case_paths.bundled() / "flatmates"
SCENARIO = load_scenario(FLAT / "warm_flat.yaml")


def german(text: str) -> Document:
    return parse_document(text, "de.yaml")


def test_words_change_and_nothing_else_does() -> None:
    document = read_translation(FLAT, "de")
    assert document is not None
    scenario = build_scenario(translated(SCENARIO.source, document))
    assert scenario.title == "Ana friert"
    assert scenario.case.issues["cleaning"].labels["rota"] == "reihum"
    assert scenario.case.names["everybody"] == "alle drei"
    assert scenario.case.actors["cleo"].red_lines[0].says == "Sie kann keine Putzkraft bezahlen"
    numbers = {path: number.distribution for path, number in scenario.case.numbers.items()}
    assert numbers == {path: number.distribution for path, number in SCENARIO.case.numbers.items()}
    before, after = verdicts(SCENARIO), verdicts(scenario)
    assert {name: actor["surplus"] for name, actor in before["actors"].items()} == {
        name: actor["surplus"] for name, actor in after["actors"].items()
    }


def test_a_missing_text_stays_english() -> None:
    scenario = build_scenario(translated(SCENARIO.source, german("title: Drei in einer WG")))
    assert (scenario.case.title, scenario.case.question) == ("Drei in einer WG", SCENARIO.case.question)


def test_keys_may_be_nested_or_dotted() -> None:
    for text in ("issues: {rent: {says: Miete}}", "issues.rent.says: Miete", "issues.rent: {says: Miete}"):
        assert translated(SCENARIO.source, german(text))["case"]["issues"]["rent"]["says"] == "Miete"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "issues:\n  rnet.says: Miete",
            "de.yaml:2:3 issues.rnet.says: there is nothing to translate here. Did you mean 'issues.rent.says'?",
        ),
        ("title: 5", "de.yaml:1:1 title: expected a text, not '5'."),
        ("protocol.name: allein", "de.yaml:1:1 protocol.name: there is nothing to translate here."),
    ],
)
def test_a_wrong_path_or_text_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        translated(SCENARIO.source, german(text))
    assert str(caught.value).startswith(message)


def test_another_scenarios_words_are_left_alone() -> None:
    document = german("scenarios.house_rules.title: Bens Hausordnung")
    assert translated(SCENARIO.source, document) == SCENARIO.source


def test_a_short_name_of_an_actor_may_be_given_and_need_not() -> None:
    assert "names.ana" not in translatable(SCENARIO.source)
    assert translated(SCENARIO.source, german("names.ana: A"))["case"]["names"] == {"ana": "A"}


def test_coverage_lists_what_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "xx.yaml").write_text("title: x\nscenarios: {warm_flat: {title: y, qestion: z}}\n", encoding="utf-8")
    assert languages_of(tmp_path) == ["xx"]
    found, problems = coverage(tmp_path, "xx", [SCENARIO.source])
    assert found is not None
    assert len(found.missing) == found.paths - 2
    assert "scenarios.warm_flat.question" in found.missing
    assert [problem.path for problem in problems] == ["scenarios.warm_flat.qestion"]


def test_a_translation_is_no_scenario() -> None:
    assert [path.name for path in case_paths.scenarios(FLAT)] == ["cleaner.yaml", "house_rules.yaml", "warm_flat.yaml"]
