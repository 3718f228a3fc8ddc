"""Cases for NegMAS, and domains of Genius and NegMAS as cases: every utility of every outcome."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.interchange.export_negmas import DOMAIN, export
from sim.analysis.interchange.import_domain import SCENARIO, make_case, read_domain
from sim.analysis.outcomes.enumeration import enumerate_packages
from sim.case.loader import build_case, load_case
from sim.case.models import Case
from sim.case.reading.yaml_documents import parse_document, to_yaml
from sim.case_paths import find
from sim.engine.outcome_space import OutcomeSpace
from sim.errors import CaseError, UsageError
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.analysis.exchanged import CASES, KEPT, ROOT, WHY, rule, village
from tests.engine import villages

MARKET = ROOT / "docs" / "how-to" / "market"
NEGMAS = json.loads(KEPT.read_text(encoding="utf-8"))


def exported(case: Case, folder: Path) -> Path:
    for name, text in export(case).files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def surplus(case: Case) -> dict[str, dict[tuple[Any, ...], float]]:
    """Actor to package to surplus."""
    enumeration = enumerate_packages(case)
    packages = [tuple(OutcomeSpace(case).decode(text).values()) for text in OutcomeSpace(case).texts(enumeration.codes)]
    return {
        name: dict(zip(packages, enumeration.surplus[:, at].tolist(), strict=True))
        for at, name in enumerate(case.actors)
    }


@pytest.mark.parametrize("name", CASES)
def test_negmas_finds_every_utility_as_it_is_here(name: str) -> None:
    """Against what NegMAS 0.16 said of the exported files: ``python -m tests.analysis.exchanged``."""
    kept, mine = NEGMAS[name], surplus(CASES[name]())
    assert list(kept["utilities"]) == list(mine)
    for actor, utilities in kept["utilities"].items():
        theirs = {
            tuple(outcome): round(utility - kept["reserved"][actor], 6)
            for outcome, utility in zip(kept["outcomes"], utilities, strict=True)
        }
        assert theirs == mine[actor]


@pytest.mark.parametrize("name", CASES)
def test_what_is_exported_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    case = CASES[name]()
    back = build_case(make_case(read_domain(exported(case, tmp_path)), "back").case)
    assert list(back.issues) == list(case.issues)
    assert sorted(back.actors) == sorted(case.actors)
    packages = len(enumerate_packages(case).codes)
    for actor, mine in surplus(case).items():
        assert len(mine) == packages
        assert list(surplus(back)[actor].values()) == list(mine.values())


def test_sums_over_single_issues_are_linear_additive() -> None:
    assert {one["utility"] for one in export(CASES["flat"]()).report["actors"].values()} == {
        "LinearAdditiveUtilityFunction"
    }
    report = export(village()).report["actors"]
    assert {one["utility"] for one in report.values()} == {"HyperRectangleUtilityFunction"}
    assert all(one["rectangles"] > 0 for one in report.values())


def test_the_domain_is_in_negmas_words() -> None:
    domain = parse_document(export(village()).files[DOMAIN]).data
    assert domain["type"] == "DiscreteCartesianOutcomeSpace"
    assert domain["issues"] == [
        {"name": "mill", "type": "CategoricalIssue", "values": ["no", "miller", "all", 3]},
        {"name": "days", "type": "DiscreteCardinalIssue", "values": [7, 1, 2, 4]},
        {"name": "toll", "type": "DiscreteCardinalIssue", "values": [0.0, 0.5, 2.25]},
    ]


def test_every_rule_that_negmas_cannot_say_is_named() -> None:
    case = load_case(find("ukraine_2025"))
    with pytest.raises(UsageError) as raised:
        export(case)
    message = str(raised.value)
    assert message.startswith("NegMAS cannot express these rules of case 'ukraine_2025'; --drop leaves them out:\n")
    for line in (
        "constraints.no_force: NegMAS has no constraints on outcomes",
        "actors.russia.red_lines.western_troops: it has no price",
        "actors.us.weighs.durability: durability is a logistic curve",
        "actors.russia.weighs.deterrence: 'deterrence' is clipped to 0 to 100",
    ):
        assert f"\n  {line}" in message


def test_what_others_answer_has_no_place_in_a_utility() -> None:
    """Who answers last may ask who accepts, and who lets its line go; who answers first sees the line on paper."""
    source = copy.deepcopy(villages.CASE)
    line = {"rule": "pride", "says": "x", "when": {"price": 20}, "price": 9, "declared": True, **WHY}
    source["actors"]["upper"]["red_lines"] = [line]
    for name in ("lower", "mayor"):
        minds = rule("minds", {"declared_red_line": "upper"}, -3)
        source["actors"][name].setdefault("preferences", []).append(minds)
    source["actors"]["mayor"]["preferences"].append(rule("follows", {"accepted_by": ["lower"]}, 2))
    sending = [rule("with_lower", {"accepted_by": "lower"}, 2)]
    source["actors"]["mayor"]["capacities"]["guards"]["when_sent"] = sending
    report = export(build_case(source), drop=True).report
    assert [one["path"] for one in report["dropped"] if one["path"].startswith("actors")] == [
        "actors.mayor.preferences.minds",
        "actors.mayor.preferences.follows",
    ]
    assert {
        "path": "actors.mayor.capacities.guards.when_sent",
        "why": "in NegMAS nobody decides what to send",
    } in report["left_out"]


def test_what_is_dropped_and_left_out_is_said() -> None:
    report = export(load_case(find("ukraine_2025")), drop=True).report
    assert "actors.russia.red_lines.nato_membership" in [one["path"] for one in report["dropped"]]
    assert {
        "consent",
        "actors.russia.aspiration",
        "actors.uk.capacities.troops",
        "actors.uk.capacities.troops.when_sent",
        "context",
    } <= {one["path"] for one in report["left_out"]}
    report = export(load_scenario(find("house_rules"), {"actors.cleo.red_lines.no_cleaner.price": 1})).report
    assert not report["dropped"]
    assert [one["path"] for one in report["left_out"]] == [
        "ranges of numbers",
        "context",
        "proposal and protocol",
    ]


def test_a_measure_that_stays_within_its_bounds_is_a_sum() -> None:
    """Rules that could take it out, were they to hold together, but exclude each other."""
    data = {
        "id": "ferry",
        "title": "A ferry",
        "question": "How often?",
        "claims": {},
        "issues": {"trips": {"says": "Trips", "options": [1, 2, 3], "default": 1, **WHY}},
        "measures": {
            "ease": {"says": "Ease", "base": 40, **WHY, "rules": [rule(f"r{at}", {"trips": at}, 60) for at in (2, 3)]}
        },
        "consent": [{"rule": "all", "says": "All", "needs": ["north"], **WHY}],
        "actors": {
            "north": {
                "name": "North",
                "role": "party",
                "brief": "It crosses.",
                "reservation": {"base": 0, **WHY},
                "weighs": [{"measure": "ease", "weight": 0.5, **WHY}],
            }
        },
    }
    assert not export(build_case(data)).report["dropped"]
    data["measures"]["ease"]["base"] = 41
    with pytest.raises(UsageError, match=r"actors\.north\.weighs\.ease: 'ease' is clipped to 0 to 100"):
        export(build_case(data))


# -- from Genius -------------------------------------------------------------------------------------------------------


def test_a_domain_of_genius_has_the_utilities_that_genius_gives_it() -> None:
    """Weight times evaluation by the largest of its issue; integers by offset and slope, within 0 and 1."""
    domain = read_domain(MARKET)
    assert [topic.name for topic in domain.issues] == ["Pitch", "Market days", "Rent"]
    case = build_case(make_case(domain, "market").case)
    assert {name: list(issue.options) for name, issue in case.issues.items()} == {
        "pitch": ["by_the_well", "under_the_arches", "at_the_gate"],
        "market_days": [1, 2, 3, 4, 5, 6],
        "rent": [20, 30, 40, 50],
    }
    baker = {"by_the_well": 1.0, "under_the_arches": 0.8, "at_the_gate": 0.2}
    days = {1: 0.0, 2: 0.25, 3: 0.5, 4: 0.75, 5: 1.0, 6: 1.0}
    rent = {20: 1.0, 30: 0.75, 40: 0.25, 50: 0.0}
    assert surplus(case)["baker"] == {
        (pitch, day, price): pytest.approx(
            100 * (0.3 * baker[pitch] + 0.2 * days[day] + 0.5 * rent[price] - 0.4), abs=2e-6
        )
        for pitch in baker
        for day in days
        for price in rent
    }
    assert surplus(case)["town"]["at_the_gate", 3, 50] == 100 * (0.25 + 0.25 * 0.75 + 0.5 - 0.25)


def test_an_imported_domain_is_a_case_that_plays(tmp_path: Path) -> None:
    made = make_case(read_domain(MARKET), "market")
    (tmp_path / "actors").mkdir()
    for name, data in made.files.items():
        (tmp_path / name).write_text(to_yaml(data), encoding="utf-8")
    run = play(load_scenario(tmp_path / f"{SCENARIO}.yaml"))
    assert run.outcome[0] == 1
    assert made.report["left_out"] == [
        f"{MARKET.as_posix()}/baker.xml: the discount factor 0.9 (points do not shrink with time)"
    ]
    assert made.report["rounded_by"] == 5e-7
    case = load_case(tmp_path)
    assert all(
        "imported from" in one.assumption
        for actor in case.actors.values()
        for one in actor.preferences
        if one.assumption
    )


@pytest.fixture
def market(tmp_path: Path) -> Path:
    """A copy of the domain that a test may break."""
    for file in MARKET.glob("*.xml"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "baker",
            "<utility_space",
            "<!DOCTYPE x [<!ENTITY a 'b'>]><utility_space",
            ": document types (<!DOCTYPE …>)",
        ),
        ("baker", "</objective>", "", "23:3: this is not XML: mismatched tag."),
        ("baker", ' evaluation="8"', "", "5:7: <item> lacks the attribute 'evaluation'."),
        ("baker", 'evaluation="8"', 'evaluation="eight"', "5:7: evaluation='eight' in <item>"),
        ("baker", 'evaluation="8"', 'evaluation="1e999"', "5:7: evaluation='1e999' in <item>"),
        (
            "baker",
            "under the arches",
            "under an arch",
            "5:7: 'under an arch' is not a value of 'Pitch'. Did you mean 'under the arches'?",
        ),
        (
            "baker",
            'name="Rent"',
            'name="Rant"',
            "11:5: the domain has no issue 'Rant'. Did you mean 'Rent'?",
        ),
        ("baker", '<weight index="3" value="0.5"/>', "", "11:5: the issue 'Rent' has no <weight>"),
        (
            "baker",
            'value="0.5"',
            'value="0.6"',
            "baker.xml: a utility goes up to 1.1.",
        ),
        ("baker", 'ftype="linear"', 'ftype="faratin"', "9:7: the evaluator of 'Market days' is 'faratin'; only"),
        ("baker", 'ftype="linear"', 'ftype="triangular"', "9:7: <evaluator> lacks the attribute 'parameter0'."),
        ("baker", "<discount", "<ufun/><discount", "1:1: <utility_space> lacks the attribute 'maxutility'."),
        (
            "market",
            'lowerbound="1" upperbound="6"',
            'lowerbound="1" upperbound="900"',
            "9:7: issue 'Market days' has 900",
        ),
        ("market", 'lowerbound="1" upperbound="6"', 'lowerbound="1"', "9:7: <issue> lacks the attribute 'upperbound'."),
        ("market", 'lowerbound="1"', 'lowerbound="one"', "9:7: lowerbound='one' in <issue>"),
        ("market", 'lowerbound="1"', 'lowerbound="5.5"', "9:7: issue 'Market days' needs a lower bound and a larger"),
        (
            "market",
            'name="Market days" type="integer"',
            'name="Market days" type="real"',
            "9:7: issue 'Market days' has real numbers as values; a case lists them. Say how many",
        ),
        ("market", 'name="Rent"', 'name="Pitch"', "10:7: a second issue is called 'Pitch'."),
        (
            "market",
            '<item index="2" value="30"/>',
            '<item index="2" value="20"/>',
            "10:7: issue 'Rent' has the value '20' twice",
        ),
        ("market", "negotiation_template", "template", "no file with issues (<negotiation_template>) in this folder."),
        ("market", "issue", "topic", "1:1: this domain has no <issue>"),
    ],
)
def test_a_mistake_in_a_domain_of_genius_is_named_with_its_place(
    market: Path, file: str, old: str, new: str, message: str
) -> None:
    path = market / f"{file}.xml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises((CaseError, UsageError)) as raised:
        make_case(read_domain(market), "market")
    assert message in str(raised.value)
    assert market.as_posix() in str(raised.value)


def test_entities_never_unfold(market: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><utility_space>&b;</utility_space>'
    (market / "bomb.xml").write_text(bomb, encoding="utf-8")
    with pytest.raises(CaseError, match="DOCTYPE"):
        read_domain(market)


def test_a_domain_too_deep_is_refused(market: Path) -> None:
    (market / "deep.xml").write_text("<a>" * 60 + "</a>" * 60, encoding="utf-8")
    with pytest.raises(CaseError, match=r"deep\.xml:1:151: .* 50 deep"):
        read_domain(market)


def test_a_party_alone_has_nobody_to_negotiate_with(market: Path) -> None:
    (market / "town.xml").unlink()
    with pytest.raises(UsageError, match="only one party"):
        make_case(read_domain(market), "market")


def test_an_empty_folder_holds_no_domain(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds neither XML"):
        read_domain(tmp_path)
    with pytest.raises(UsageError, match="There is no file and no folder"):
        read_domain(tmp_path / "nowhere")


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(UsageError, match=r"cannot be read \(Permission denied\)"):
        read_domain(tmp_path)


def test_names_that_come_out_alike_are_told_apart(market: Path) -> None:
    for file in market.glob("*.xml"):
        text = (
            file.read_text(encoding="utf-8").replace('"Rent"', '"market-days"').replace("at the gate", "by-the-well!")
        )
        file.write_text(text, encoding="utf-8")
    case = build_case(make_case(read_domain(market), "market").case)
    assert list(case.issues) == ["pitch", "market_days", "market_days_2"]
    assert case.issues["pitch"].options == ("by_the_well", "under_the_arches", "by_the_well_2")
    assert case.issues["pitch"].labels["by_the_well_2"] == "by-the-well!"
    assert case.issues["market_days_2"].labels == {}


# -- from NegMAS -------------------------------------------------------------------------------------------------------

SPACE = """
name: hall
type: DiscreteCartesianOutcomeSpace
issues:
- {name: Day, type: CategoricalIssue, values: ['no', 'Monday', '2']}
- {name: Hours, type: ContiguousIssue, values: [1, 4]}
"""
LINEAR = """
name: choir
type: LinearAdditiveUtilityFunction
reserved_value: 0.25
weights: [0.5, 0.5]
values:
- {type: TableFun, mapping: {'no': 0, Monday: 1, '2': 0.5}}
- {type: AffineFun, slope: 0.25, bias: 0}
"""
BOXES = """
name: negmas.preferences.band
type: negmas.preferences.HyperRectangleUtilityFunction
reserved_value: null
bias: 0.125
outcome_ranges:
- {0: Monday, 1: [1, 4]}
- {1: [1, 2, 4]}
- {0: ['no', '2']}
utilities: [0.5, 0.25, -1]
weights: [1, 1, 0.5]
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A domain in NegMAS's YAML."""
    for name, text in {"hall": SPACE, "choir": LINEAR, "band": BOXES}.items():
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_domain_of_negmas_has_the_utilities_that_negmas_gives_it(registry: Path) -> None:
    """Two numbers in a list are the open ends of a range in NegMAS, three are three values; worked out by hand."""
    made = make_case(read_domain(registry), "hall")
    found = surplus(build_case(made.case))
    assert found["choir"]["monday", 3] == 100 * (0.5 + 0.5 * 0.75 - 0.25)
    # No reserved value is given, so no deal is worth no more than the worst deal: 0.125 - 0.5.
    worst = 0.125 - 0.5
    assert found["negmas_preferences_band"]["monday", 2] == 100 * (0.125 + 0.5 + 0.25 - worst)
    assert found["negmas_preferences_band"]["monday", 4] == 100 * (0.125 + 0.25 - worst)
    assert found["negmas_preferences_band"]["no", 3] == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "hall",
            "ContiguousIssue, values: [1, 4]",
            "CallableIssue, values: [1, 4]",
            "issues.1: issue 'Hours' is of type",
        ),
        (
            "hall",
            "values: [1, 4]",
            "values: [1, 4000]",
            "issues.1.values: issue 'Hours' has 4,000 values; an issue of a case",
        ),
        (
            "hall",
            "values: [1, 4]",
            "values: [4, 1]",
            "issues.1.values: issue 'Hours' needs a lower bound",
        ),
        (
            "hall",
            "'Monday'",
            "true",
            "issues.0.values.1: a value must be a word or a number, not the truth value 'true'",
        ),
        ("hall", "DiscreteCartesianOutcomeSpace", "Other", "no file with issues (type: …OutcomeSpace) in this folder."),
        (
            "choir",
            "LinearAdditiveUtilityFunction",
            "MappingUtilityFunction",
            "utilities of type 'MappingUtilityFunction'",
        ),
        ("choir", "TableFun", "CosFun", "values.0: value functions of type 'CosFun'"),
        ("choir", "Monday: 1", "Tuesday: 1", "values.0.mapping: the value 'Monday' of 'Day' is missing"),
        ("choir", "Monday: 1", "Monday: one", "values.0.mapping.Monday: this must be a finite number, not 'one'"),
        ("choir", "[0.5, 0.5]", "[0.5]", "values: there are 2 value functions and 1 weights"),
        (
            "choir",
            "AffineFun, slope: 0.25",
            "AffineFun, slip: 0.25",
            "values.1.slope: this must be a finite number, not nothing",
        ),
        (
            "band",
            "- {1: [1, 2, 4]}",
            "- {7: [1, 2, 4]}",
            "outcome_ranges.1.7: '7' is not the index of an issue",
        ),
        ("band", "Monday", "Sunday", "outcome_ranges.0.0: 'Sunday' is not a value of 'Day'. Choose from no, Monday, 2"),
        ("band", "-1]", "]", "outcome_ranges: there are 3 ranges and 2 utilities"),
        ("band", "bias: 0.125", "bias: 3000000", "3e+06 points; numbers of a case lie between"),
    ],
)
def test_a_mistake_in_a_domain_of_negmas_is_named_with_its_place(
    registry: Path, file: str, old: str, new: str, message: str
) -> None:
    path = registry / f"{file}.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises((CaseError, UsageError)) as raised:
        make_case(read_domain(registry), "hall")
    assert message in str(raised.value)


def test_a_value_may_be_spelt_in_several_ways(registry: Path) -> None:
    """YAML 1.1, which NegMAS writes, leaves 1e3 without quotes as a text; here it is a number, in both files."""
    for file in ("hall", "choir", "band"):
        path = registry / f"{file}.yml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("Monday", "1e3").replace("'1e3'", "1e3"), encoding="utf-8"
        )
    domain = read_domain(registry)
    assert domain.issues[0].values == ("no", 1000.0, "2")
    assert surplus(build_case(make_case(domain, "hall").case))["choir"]["1000_0", 3] == 100 * (0.5 + 0.375 - 0.25)


def test_one_of_several_domains_in_a_folder_can_be_named(registry: Path) -> None:
    (registry / "other.yml").write_text(SPACE.replace("hall", "other"), encoding="utf-8")
    with pytest.raises(CaseError, match=r"2 files with issues .* Name one of them"):
        read_domain(registry)
    assert read_domain(registry / "other.yml").name == "other"


def test_a_step_of_the_talks_is_a_twentieth_of_the_scale(registry: Path) -> None:
    for domain in (read_domain(registry), read_domain(MARKET)):
        made = make_case(domain, "it")
        assert made.report["points_for_1"] == 100
        assert made.scenario["protocol"]["step"] == 5
        assert build_scenario({**made.scenario, "id": "x", "case": dict(made.case)}).protocol.step == 5


def test_utilities_beyond_1_are_taken_as_points(registry: Path) -> None:
    path = registry / "choir.yml"
    path.write_text(LINEAR.replace("[0.5, 0.5]", "[20, 30]"), encoding="utf-8")
    made = make_case(read_domain(registry), "hall")
    assert made.report["points_for_1"] == 1
    assert (made.report["step"], made.scenario["protocol"]["step"]) == (2.5, 2.5)  # a twentieth of 50
    assert surplus(build_case(made.case))["choir"]["monday", 4] == 50 - 0.25


def test_text_of_all_kinds_is_read_as_it_was_written() -> None:
    data = {"a": ["no", "1e3", "0o17", "12:30", "yes", "x: y", "-", "~", "é", "1_000", ".5", "", 1e-7, 1e22, 3, None]}
    assert parse_document(to_yaml(data)).data == data
    assert np.array_equal([1e-7], [parse_document(to_yaml(data)).data["a"][12]])
