"""Loading and building: what is in a case and a scenario, changes, `extends`, nearest options, and what is refused."""

import copy
import json
import pickle
import shutil
from functools import partial
from pathlib import Path

import pytest

from sim import case_paths
from sim.case.distributions import CodebookNumber, Fixed, Triangular, Uniform
from sim.case.loader import build_case, load_case
from sim.case.models import Adjustment, Case, Scenario
from sim.case.packages import package
from sim.case_paths import scenarios
from sim.errors import CaseError
from sim.negotiation.scenario_loader import build_scenario, load, load_scenario, scenario_builder

BASE = Path(__file__).parents[1] / "broken" / "base"
CASE = load_case(BASE)
SCENARIO = load_scenario(BASE / "scenario.yaml")


@pytest.fixture
def well(tmp_path, monkeypatch):
    """The village well, to be changed, in a folder `well` of the working directory."""
    shutil.copytree(BASE, tmp_path / "well")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "well"


def said(act, *arguments, **keywords):
    """What is said of a call's mistakes."""
    with pytest.raises(CaseError) as caught:
        act(*arguments, **keywords)
    return str(caught.value).splitlines()


def edited(**changes):
    """The plain data of the village well with some of its parts replaced."""
    return {**copy.deepcopy(dict(SCENARIO.source["case"])), **changes}


# What is there


def test_a_case_has_its_folders_name_and_its_actors_by_role():
    assert CASE.id == "base"
    assert list(CASE.actors) == ["lower", "upper", "miller"]
    assert list(CASE.issues) == ["water", "digging"]
    assert CASE.default == {"water": 0, "digging": "nobody"}


def test_numbers_have_dotted_paths_and_their_sources():
    number = CASE.numbers["actors.upper.reservation.slopes.drought.points"]
    assert number.written == CodebookNumber("strong", negative=True)
    assert number.distribution == Triangular(-40, -30, -20)
    assert (number.source, number.owner) == (("W01",), "upper")
    assert CASE.numbers["actors.upper.capacities.spades.amount"].distribution == Uniform(10, 30)
    assert {"context.drought.volatility", "measures.calm.rules.shared_work.points"} < set(CASE.numbers)
    assert {"actors.lower.weighs.calm.weight", "durability.temptation.base"} < set(CASE.numbers)


def test_a_scenario_fills_its_proposal_up_and_applies_its_changes():
    assert SCENARIO.id == "scenario"
    assert SCENARIO.proposal == {"water": 20, "digging": "both"}
    assert SCENARIO.case.context["drought"].start == Fixed(0.6)
    assert CASE.context["drought"].start == Fixed(0.3)
    assert SCENARIO.protocol.negotiable == ("water",)


@pytest.mark.parametrize("path", [BASE, BASE / "case.yaml", str(BASE)])
def test_load_takes_a_folder_or_its_case_file_as_a_case(path):
    assert load(path) == CASE
    assert isinstance(load(path), Case)


def test_load_takes_any_other_file_as_a_scenario():
    assert isinstance(load(BASE / "scenario.yaml"), Scenario)


def test_sources_survive_json_and_pickle():
    assert build_scenario(SCENARIO.source) == SCENARIO
    assert build_scenario(json.loads(json.dumps(SCENARIO.source))) == SCENARIO
    assert pickle.loads(pickle.dumps(SCENARIO)) == SCENARIO
    assert build_case(SCENARIO.source["case"]) == CASE


def test_a_source_of_one_claim_may_be_a_bare_word(well):
    file = well / "actors" / "upper.yaml"
    file.write_text(file.read_text().replace("points: strong, source: [W01]", "points: strong, source: W01"))
    assert load_case("well").actors["upper"].preferences[0].source == ("W01",)


def test_a_case_needs_no_claims_file_if_it_cites_none(well):
    (well / "claims.yaml").unlink()
    assert all("not a claim of this case" in line for line in said(load, "well"))


# Nearest options


@pytest.mark.parametrize(
    ("asked", "taken"),
    [(0, 0), (19, 20), (20.0, 20), (24, 20), (15, 10), (30, 20), (31, 40), (4.9, 0), (40, 40)],
)
def test_a_number_between_options_takes_the_nearest_and_says_so(asked, taken):
    whole, adjusted = package(CASE, {"water": asked, "digging": "both"})
    assert whole == {"water": taken, "digging": "both"}
    assert adjusted == (() if asked == taken else (Adjustment(issue="water", asked=asked, taken=taken),))


@pytest.mark.parametrize(
    ("asked", "said_of_it"),
    [
        (41, "'41' is not an option of 'water' (0, 10, 20, 40). The largest is 40."),
        (-1, "'-1' is not an option of 'water' (0, 10, 20, 40). The smallest is 0."),
        ("20", "'20' is not an option of 'water' (0, 10, 20, 40). Remove the quotes."),
        (True, "the truth value 'true' is not an option of 'water' (0, 10, 20, 40)."),
        ([20], "a list is not an option of 'water' (0, 10, 20, 40)."),
    ],
)
def test_what_is_near_no_option_is_refused(asked, said_of_it):
    assert said(package, CASE, {"water": asked}) == [f"<proposal> water: {said_of_it}"]


def test_an_impossible_package_names_the_constraint_and_how_to_mend_it():
    assert said(package, CASE, {"water": 20}) == [
        "<proposal>: impossible under constraint 'no_well' (Who digs no well draws no water): "
        "if digging is nobody, it requires that water is 0. Set water: 0."
    ]


# Changes


@pytest.mark.parametrize(
    ("path", "value", "number"),
    [
        ("context.drought.drift", 0.1, Fixed(0.1)),
        ("context.drought.volatility", {"low": 0, "high": 0.1}, Uniform(0, 0.1)),
        ("actors.lower.red_lines.river.price", 50, Fixed(50)),
        ("actors.upper.preferences.water.points", "-strong", CodebookNumber("strong", negative=True)),
        ("actors.upper.capacities.spades.amount.high", 20, Uniform(10, 20)),
        ("measures.calm.rules.shared_work.points", 7, Fixed(7)),
        ("durability.temptation.slopes.drought.points", 7, Fixed(7)),
    ],
)
def test_a_change_sets_a_number(path, value, number):
    changed = load_scenario(BASE / "scenario.yaml", {path: value})
    whole = path.removesuffix(".high")
    assert changed.case.numbers[whole].written == number
    assert changed.changes == {**SCENARIO.changes, path: value}
    assert build_scenario(changed.source) == changed


def test_a_change_within_choices_reaches_one_probability():
    path = "actors.lower.red_lines.river.price.choices"
    changed = load_scenario(BASE / "scenario.yaml", {f"{path}.never": 0.3, f"{path}.60": 0.7})
    assert changed.case.actors["lower"].red_lines[0].price.weights == (0.3, 0.7)


def test_a_change_reaches_the_codebook_and_bounds():
    changed = load_scenario(BASE / "scenario.yaml", {"codebook.strong.is": 5, "context.drought.high": 2})
    assert changed.case.numbers["actors.upper.preferences.water.points"].distribution == Fixed(5)
    assert changed.case.context["drought"].high == 2


def test_a_red_line_may_be_undeclared_though_others_heed_it():
    changed = load_scenario(BASE / "scenario.yaml", {"actors.lower.red_lines.river.declared": False})
    assert not changed.case.actors["lower"].red_lines[0].declared


def test_changes_from_outside_reach_the_proposal_and_the_protocol():
    changed = load_scenario(BASE / "scenario.yaml", {"proposal.water": 12, "protocol.months": 4})
    assert changed.proposal["water"] == 10
    assert changed.adjusted == (Adjustment(issue="water", asked=12, taken=10),)
    assert changed.protocol.months == 4
    assert build_scenario(changed.source) == changed


def test_mistakes_in_changes_from_outside_are_said_of_the_option():
    changes = {
        "context.drght.start": 1,
        "proposal.water": "much",
        "protocol.months": 0,
        "actors.upper.reservation.base": "big",
        "issues.water.default": 10,
    }
    assert said(load_scenario, BASE / "scenario.yaml", changes) == [
        "--set actors.upper.reservation.base: 'big' is not a codebook word of this case (strong).",
        "--set context.drght.start: the case has no number 'context.drght.start'."
        " Did you mean 'context.drought.start'?",
        "--set issues.water.default: the case has no number 'issues.water.default'.",
        "--set proposal.water: 'much' is not an option of 'water' (0, 10, 20, 40).",
        "--set protocol.months: '0' is too small; it must be at least 1.",
    ]


# Extends


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_extends_merges_three_mappings_and_replaces_the_rest(well):
    write(
        well / "later" / "dry.yaml",
        "extends: ../scenario.yaml\n"
        "title: A drier summer\n"
        "proposal: {water: 10}\n"
        "protocol: {months: 9}\n"
        "changes: {context.drought.drift: 0.1}\n"
        "events: []\n",
    )
    write(well / "later" / "driest.yaml", "extends: dry.yaml\nchanges: {context.drought.start: 0.9}\n")
    scenario = load_scenario("well/later/driest.yaml")
    assert (scenario.id, scenario.title, scenario.sponsor) == ("driest", "A drier summer", "upper")
    assert scenario.proposal == {"water": 10, "digging": "both"}
    assert (scenario.protocol.months, scenario.protocol.mediator) == (9, "miller")
    assert scenario.changes == {"context.drought.start": 0.9, "context.drought.drift": 0.1}
    assert scenario.events == ()
    assert "extends" not in scenario.source
    assert build_scenario(scenario.source) == scenario


def test_a_mistake_is_said_of_the_file_that_holds_it(well):
    write(well / "a.yaml", "extends: b.yaml\nproposal: {digging: bth}\ntitle:\n")
    write(well / "b.yaml", "extends: scenario.yaml\nproposal: {water: 400}\nsponsor: uper\nprotocol: {parties: []}\n")
    assert [line.split(": ")[0] for line in said(load, "well/a.yaml")] == [
        "well/a.yaml:2:21 proposal.digging",
        "well/a.yaml:3:7 title",
        "well/b.yaml:2:19 proposal.water",
        "well/b.yaml:3:10 sponsor",
        "well/b.yaml:4:12 protocol.parties",
    ]


def test_a_scenario_that_extends_itself_goes_round_in_a_circle(well):
    write(well / "a.yaml", "extends: a.yaml\n")
    assert said(load, "well/a.yaml") == [
        "well/a.yaml:1:10 extends: files extend each other in a circle (a.yaml -> a.yaml)."
    ]


# Paths that lead to no case or scenario


@pytest.mark.parametrize(
    ("act", "path", "message"),
    [
        (load, "nowhere.yaml", "nowhere.yaml: there is no such file."),
        (load, "empty", "empty: there is no case.yaml in this folder."),
        (load, "empty/case.yaml", "empty/case.yaml: there is no such file."),
        (load, "well/scenari.yaml", "well/scenari.yaml: there is no such file. Did you mean 'scenario.yaml'?"),
        (
            load_case,
            "well/scenario.yaml",
            "well/scenario.yaml: this is not a case; a case is a folder with a case.yaml.",
        ),
        (load_case, "nowhere", "nowhere: there is no such file."),
        (load_scenario, "well", "well: this is a case; name one of its scenarios (scenario.yaml)."),
        (load_scenario, "empty", "empty: there is no case.yaml in this folder."),
        *(
            (load, part, f"{part}: this is a part of a case; name the case's folder, or one of its scenarios.")
            for part in ("well/claims.yaml", "well/actors/upper.yaml")
        ),
    ],
)
def test_paths_that_lead_to_nothing(act, path, message, well):
    (well.parent / "empty").mkdir()
    assert said(act, path) == [message]


def test_a_case_without_claims_says_so(well):
    (well / "claims.yaml").unlink()
    assert all(
        "is not a claim of this case (it has none; write them in claims.yaml)." in one for one in said(load, "well")
    )


def test_an_actor_that_cannot_be_read_is_not_missed_among_those_who_take_turns(well):
    (well / "actors" / "upper.yaml").write_text("name: [", encoding="utf-8")
    scenario = (well / "scenario.yaml").read_text(encoding="utf-8")
    turns = scenario.replace("single_text, months: 6, mediator: miller", "alternating")
    (well / "scenario.yaml").write_text(turns, encoding="utf-8")
    [message] = said(load, "well/scenario.yaml")
    assert message.startswith("well/actors/upper.yaml:")


def test_a_part_whose_ending_is_another_is_read_and_to_be_renamed(well):
    (well / "claims.yaml").rename(well / "claims.yml")
    (well / "actors" / "upper.yaml").rename(well / "actors" / "upper.yaml.txt")
    assert said(load, "well/scenario.yaml") == [
        "well/actors/upper.yaml.txt: rename this file to upper.yaml; the names of case files end in .yaml.",
        "well/claims.yml: rename this file to claims.yaml; the names of case files end in .yaml.",
    ]


def test_a_case_file_whose_ending_is_another_is_found_by_its_scenario(well):
    (well / "case.yaml").rename(well / "case.yml")
    [message] = said(load, "well/scenario.yaml")
    assert message.endswith("a case is a folder with a case.yaml. Rename case.yml to case.yaml.")


def test_a_hidden_copy_is_no_part_of_a_case(well):
    whole = load("well/scenario.yaml")
    (well / "actors" / "._upper.yaml").write_bytes(b"\0")
    kept = well / ".checkpoints"
    shutil.copytree(well / "actors", kept / "actors")
    shutil.copy(well / "scenario.yaml", kept / "copy.yaml")
    assert load("well/scenario.yaml") == whole
    assert [one.name for one in scenarios(well)] == ["scenario.yaml"]


def test_a_case_without_actors(well):
    shutil.rmtree(well / "actors")
    message = "well/case.yaml:2:1 actors: a case needs at least one actor, in a file actors/NAME.yaml."
    assert message in said(load, "well")


def test_files_that_cannot_be_read_are_told_beside_mistakes_in_others(well):
    (well / "claims.yaml").write_bytes(b"\0")
    (well / "actors" / "miller.yaml").write_text("name: [")
    (well / "actors" / "upper.yaml").write_text("name: U\nrole: king\n")
    files = {line.split(":")[0] for line in said(load, "well/scenario.yaml")}
    assert files == {"well/claims.yaml", "well/actors/miller.yaml", "well/actors/upper.yaml"}


# Building from plain data


def test_building_tells_where_in_the_data_a_mistake_is():
    source = edited()
    source["actors"]["upper"]["preferences"][0]["points"] = "storng"
    assert said(build_case, source) == [
        "<memory> actors.upper.preferences.water.points: 'storng' is not a codebook word of this case (strong)."
        " Did you mean 'strong'?"
    ]
    scenario = {**SCENARIO.source, "case": source, "sponsor": "x"}
    assert [line.split(": ")[0] for line in said(build_scenario, scenario)] == [
        "<memory> case.actors.upper.preferences.water.points",
        "<memory> sponsor",
    ]


@pytest.mark.parametrize("source", [{}, {"case": 3}, {"case": {}}, {"case": edited(actors=None, claims=3)}])
def test_building_from_too_little_is_refused(source):
    said(build_scenario, source)
    said(build_case, source)


def test_an_issue_has_at_most_255_options():
    source = edited()
    source["issues"]["water"]["options"] = [0, 10, 20, *range(40, 292)]
    build_case(source)
    source["issues"]["water"]["options"].append(1000)
    assert said(build_case, source) == ["<memory> issues.water.options: 256 options; an issue has at most 255."]


def test_a_case_has_at_most_2_to_the_62_packages():
    source = edited()
    coin = {"says": "Heads or tails", "options": ["heads", "tails"], "default": "heads", "source": ["W01"]}
    source["issues"] |= {f"coin_{at}": coin for at in range(58)}  # 4 x 3 x 2^58 is below 2^62
    build_case(source)
    source["issues"] |= {"last": coin}
    assert said(build_case, source) == ["<memory> issues: more than 2^62 packages; drop an issue, or some options."]


def test_a_constraint_may_ask_for_declared_red_lines():
    source = edited()
    source["constraints"].append(
        {
            "rule": "face",
            "says": "Nobody signs what the lower village has sworn against.",
            "when": {"declared_red_line": "lower"},
            "then": {"digging": "lower"},
            "source": "W01",
        }
    )
    case = build_case(source)
    assert package(case, {"water": 40, "digging": "lower"})[0]["water"] == 40
    assert "impossible under constraint 'face'" in said(package, case, {"water": 40, "digging": "both"})[0]


def test_an_actor_on_its_own_cannot_take_turns():
    source = edited()
    source["actors"]["upper"]["role"] = "contributor"
    scenario = {**SCENARIO.source, "case": source, "protocol": {"name": "alternating"}}
    assert said(build_scenario, scenario) == [
        "<memory> protocol.name: alternating offers need at least two parties who take turns. Name them in 'parties'."
    ]


def test_mistakes_of_all_kinds_are_said_at_once(well):
    text = (well / "scenario.yaml").read_text()
    write(well / "x.yaml", text.replace("sponsor: upper", "sponsor: Upper").replace("events:", "core: [watr]\nevents:"))
    assert [line.split(": ")[0].split()[1] for line in said(load, "well/x.yaml")] == ["sponsor", "core.0"]


def test_an_actor_whose_file_has_a_capital_is_not_also_unknown(well):
    (well / "actors" / "upper.yaml").rename(well / "actors" / "Upper.yaml")
    [said_of_name] = said(load, "well/scenario.yaml")
    assert said_of_name.endswith("rename the actor's file to 'upper.yaml'.")


CHANGES = [
    {},
    {"actors.russia.reservation.base": 12.5},
    {"context.us_aid.start": 0.25, "actors.poland.capacities.troops.amount": 7000},
    {"actors.russia.red_lines.western_troops.declared": False, "codebook.strong.is": 11},
    {"proposal.arms": "massive", "protocol.months": 3, "measures.deterrence.base": {"low": 1, "high": 2}},
    {"actors.russia.reservation.base": {"low": 3, "high": 1}, "context.us_ad.start": 1, "proposal.force": "none"},
    {"actors.russia.reservation.base": 12.5},
]


def built(build):
    """A scenario, or what is said of its mistakes."""
    try:
        return build()
    except CaseError as error:
        return error.problems


def test_a_builder_builds_the_same_whatever_it_built_before():
    source = load_scenario(case_paths.find("european_force")).source
    builder = scenario_builder(source)
    for changes in CHANGES:
        assert built(partial(builder.build, changes)) == built(partial(build_scenario, source, changes))


def test_a_builder_parses_again_only_what_a_change_concerns():
    builder = scenario_builder(load_scenario(case_paths.find("european_force")).source)
    before, after = builder.build().case, builder.build({"actors.russia.reservation.base": 12.5}).case
    assert [name for name in before.actors if before.actors[name] is not after.actors[name]] == ["russia"]
    assert before.measures is after.measures
