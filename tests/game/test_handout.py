"""Handouts as data: sheets that add up, cards that keep secrets, and results that come back from paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.case.models import Scenario
from sim.case_paths import find
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.measures import HIGHEST
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import LINES, MEASURES, PREFERENCES, CompiledRules
from sim.engine.worlds import Central, Worlds
from sim.errors import UsageError
from sim.game.debrief.table_results import negotiable_texts
from sim.game.paper.handout import handout
from sim.game.paper.paper_results import blank_form, read_paper_tables
from sim.game.paper.score_sheet import ScoreSheets
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from sim.report.document.handout import documents
from sim.strings import Strings
from tests.engine.villages import WHY, guarded, rule
from tests.game.hall import source

HEADLINE = load_scenario(find("european_force"))
PARK = Path(__file__).parents[1] / "cases" / "wind_park" / "first_plan.yaml"
"""A case of score sheets, points per unit, and issues in groups."""
ROUNDING = 0.1
"""Points and weights are told to three decimals, and a weight is multiplied by up to 100."""


def added_up(script: Scenario, actor: str, table: Any, package: dict[str, Any], holds: dict[str, bool]) -> float:
    """Add up one part of a sheet for a package, as a student does."""
    total = table["fixed"]
    for part in table["issues"]:
        total += next(row["points"] for row in part["rows"] if row["option"] == package[part["issue"]])
    return float(total + sum(one["points"] for one in table["combined"] if holds[one["says"]]))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["european_force", "house_rules", "force_with_concessions", str(PARK)])
def test_a_score_sheet_adds_up_to_the_surplus_of_every_text(name: str) -> None:
    script = load_scenario(find(name))
    case, sheets = script.case, ScoreSheets(script)
    texts = negotiable_texts(play(script))
    assert texts is not None
    texts = texts[:: max(1, len(texts) // 40)]
    evaluation, matrix = (
        evaluate(case, Central(), texts, month=1, months=1, events=script.events),
        CompiledRules(case).read(texts),
    )
    common = sheets.measures()
    for actor in case.actors:
        sheet, answer = sheets.role(actor), evaluation.responses.answers[actor]
        for at, text in enumerate(texts):
            package = OutcomeSpace(case).decode(text)
            if package["force"] != script.proposal["force"] if "force" in package else False:
                continue  # without a force its size goes too, which was not negotiable
            rules = zip(case.preferences[actor], matrix.block(PREFERENCES, actor)[:, at], strict=True)
            total = added_up(script, actor, sheet, package, {rule.says: bool(true) for rule, true in rules})
            for weight in sheet["weighs"]:
                if weight["measure"] == "durability":
                    score = float(evaluation.situation.measures["durability"][0, at])  # the sheet gives it in steps
                else:
                    measure = case.measures[weight["measure"]]
                    true = dict(
                        zip(
                            (rule.says for rule in measure.rules),
                            matrix.block(MEASURES, weight["measure"])[:, at] > 0,
                            strict=True,
                        )
                    )
                    told = common["measures"][weight["measure"]]
                    score = told["base"] + added_up(script, actor, told, package, true)
                    score = min(max(score, 0), HIGHEST)
                total += weight["weight"] * score
            crossed = matrix.block(LINES, actor)[:, at] > 0
            prices = [line["price"] for line, true in zip(sheet["red_lines"], crossed, strict=True) if true]
            total -= sum(one for one in prices if one != "never") + sheet["walk_away"]
            surplus = np.broadcast_to(answer.surplus, (1, len(texts)))[0, at]
            assert total == pytest.approx(float(surplus), abs=ROUNDING)


def test_durability_on_the_sheet_is_the_engines() -> None:
    script = HEADLINE
    lasting = ScoreSheets(script).measures()["durability"]
    evaluation = evaluate(script.case, Central(), OutcomeSpace(script.case).encode(script.proposal)[None], month=1)
    deters = float(evaluation.situation.measures["deterrence"][0, 0])
    chance = float(evaluation.situation.measures["durability"][0, 0])
    below = max(row for row in lasting["rows"] if row[0] <= deters)
    above = min(row for row in lasting["rows"] if row[0] >= deters)
    assert below[1] <= chance + ROUNDING
    assert chance <= above[1] + ROUNDING


def test_the_worked_example_sums_to_its_surplus() -> None:
    for actor in HEADLINE.case.actors:
        example = ScoreSheets(HEADLINE).role(actor)["example"]
        finite = [entry["points"] for entry in example["ledger"] if entry["points"] != "never"]
        assert sum(finite) == pytest.approx(example["surplus"], abs=ROUNDING)


@pytest.mark.slow
def test_a_card_holds_no_secret_of_another_role() -> None:
    """Every other role's price, walk-away value and brief is a canary."""
    plain = source("european_force")
    canaries: dict[Any, str] = {}
    for at, name in enumerate(sorted(plain["case"]["actors"])):
        actor = plain["case"]["actors"][name]
        actor["brief"] = canaries[name] = f"CANARY-{name.upper()}."
        actor["reservation"] = {"base": 7000.25 + at, **WHY}
        canaries[name, "walks away"] = f"{7000.25 + at}"
    found = handout(build_scenario(plain))
    for name, role in found["roles"].items():
        for other, canary in canaries.items():
            assert (canary in json.dumps(role)) == (name in (other, other[0]))
    everybody = json.dumps({key: value for key, value in found.items() if key not in ("roles", "rehearsal")})
    assert not any(canary in everybody for canary in canaries.values())


@pytest.mark.slow
def test_without_sheets_there_are_no_numbers_of_a_role() -> None:
    found = handout(HEADLINE, level="basic", sheets=False, roles=["russia"])
    role = found["roles"]["russia"]
    assert list(found["roles"]) == ["russia"]
    assert role["sheet"] is None
    assert {one["points"] for one in role["brief"]["interests"]} == {None}
    assert role["brief"]["walk_away"]["now"] is None
    assert found["measures"] is None


def written(**changes: Any) -> dict[str, Any]:
    table = {"name": "A", "package": {"force_size": 30000}, "votes": dict.fromkeys(HEADLINE.case.actors, "accept")}
    return {"tables": [{**table, **changes}]}


def test_a_result_on_paper_becomes_a_table() -> None:
    everybody = dict.fromkeys(HEADLINE.case.actors, "accept")
    [played] = read_paper_tables(HEADLINE, written(sends=everything()), "r.yaml")
    assert (played.name, played.outcome, played.months) == ("A", "agreed", 1)
    assert OutcomeSpace(played.case).decode(played.text)["force_size"] == 30000
    [refused] = read_paper_tables(HEADLINE, written(votes={**everybody, "russia": "reject"}, sends=everything()), "r")
    assert refused.outcome == "expired"
    assert refused.story()["blocked_by"] == ["russia"]
    [by_rules] = read_paper_tables(HEADLINE, written(votes={}), "r")
    answers = play(HEADLINE).months[0].evaluation.responses.answers
    assert {name: by_rules.story()["verdicts"][name] == "accept" for name in everybody} == {
        name: bool((answer.surplus >= 0)[0, 0]) and not answer.never[0, 0] for name, answer in answers.items()
    }


@pytest.mark.parametrize(
    ("sends", "agreed", "sent"),
    [
        ({}, False, 0),  # by its rules the Mayor supports the guard, and sends nobody
        ({"mayor": {"guards": "rules"}}, False, 0),
        ({"mayor": {"guards": 0}}, False, 0),
        ({"mayor": {"guards": 5}}, True, 5),
        ({"mayor": {"guards": 4}}, False, 4),
    ],
)
def test_on_paper_a_seat_says_what_it_sends_or_leaves_it_to_its_rules(sends: Any, agreed: bool, sent: float) -> None:
    script = build_scenario(guarded({"price": 20, "guard": "small", "men": 5}, {"name": "one_shot"}))
    votes = dict.fromkeys(script.case.actors, "accept")
    [played] = read_paper_tables(script, {"tables": [{"name": "A", "votes": votes, "sends": sends}]}, "r")
    assert played.agreed == agreed
    mayor = played.story()["final"]["actors"]["mayor"]
    assert (mayor["verdict"], mayor["pledge"], mayor["sends"]["guards"]["asked"]) == ("accept", {"guards": sent}, True)


def test_a_role_reads_what_counts_only_if_it_sends_in_a_block_of_its_own() -> None:
    protocol = {"name": "single_text", "months": 3, "amend_terms": 1}
    script = build_scenario(guarded({"price": 20, "guard": "small", "men": 5}, protocol))
    found = handout(script)
    role = found["roles"]["mayor"]
    assert [(one["rule"], one["points"]) for one in role["brief"]["when_sent"]] == [("own_men", -4)]
    assert [one["rule"] for one in role["brief"]["interests"]] == ["a_small_guard"]
    # The vote: 3 for the guard. What it sends: 3 - 4 is below 0.
    assert role["sheet"]["example"]["surplus"] == 3
    part = role["sheet"]["sending"]["guards"]
    assert part["capacity"] == 6
    rows = part["issues"][0]["rows"]
    assert part["fixed"] + next(row["points"] for row in rows if row["option"] == 5) == -4
    assert role["sheet"]["example"]["sends"]["guards"]["surplus"] == -1
    card = json.dumps(documents(found, Strings.load())["role-mayor"])
    assert "If you send guards" in card
    assert "It supports the text but sends no guards: including what counts for sending, the sum is -1.0." in card
    assert "If you send" not in json.dumps(documents(found, Strings.load())["role-lower"])


def test_a_rule_that_hangs_on_who_accepts_is_told_in_words() -> None:
    plain = guarded({"price": 20, "guard": "small", "men": 5}, {"name": "one_shot"})
    asks = rule("with_lower", when={"accepted_by": "lower", "price": 20}, points=2)
    plain["case"]["actors"]["mayor"]["preferences"].append(asks)
    sheet = ScoreSheets(build_scenario(plain)).role("mayor")
    assert sheet["combined"][-1] == {"says": "with lower", "when": "lower accepts it, price is 20", "points": 2}
    assert sheet["example"]["surplus"] == 5


def everything() -> dict[str, dict[str, float]]:
    """All that everybody in the headline's case can send."""
    drawn_parameters = {
        parameters.name: parameters
        for parameters in DrawnParameters.draw(Worlds(HEADLINE.case, Central())).actor_parameters
    }
    return {
        name: {of: float(amount[0]) for of, amount in parameters.capacities.items()}
        for name, parameters in drawn_parameters.items()
        if parameters.capacities
    }


@pytest.mark.parametrize("name", ["european_force", "us_presses_russia", "house_rules", "warm_flat", "air_shield"])
def test_the_empty_form_can_be_read_back(name: str) -> None:
    script = load_scenario(find(name))
    tables = read_paper_tables(script, blank_form(script, 2), "form")
    assert [one.name for one in tables] == ["Table 1", "Table 2"]
    assert all(not month.understudies for one in tables for month in one.run.months)


@pytest.mark.parametrize(
    ("result", "where", "facts"),
    [
        ([], "r.yaml: ", ["'tables'", "name, package, votes, sends", "found nothing"]),
        ({"tables": []}, "r.yaml: ", ["'tables'", "name, package, votes, sends", "found a list"]),
        ({"tables": ["A"]}, "r.yaml: table 1: ", ["name, package, votes, sends", "found 'A'"]),
        (written(vote={}), "r.yaml: table 1: ", ["'vote'", "Did you mean 'votes'?"]),
        (written(name=7), "r.yaml: table 1: ", ["name: Table 1", "found '7'"]),
        (written(package=[]), "r.yaml: table 1: ", ["package", "found a list"]),
        (written(package={"mandate": "tripwyre"}), "r.yaml: table 1: package", ["'tripwyre'", "'mandate'"]),
        (written(package={"force": "none"}), "r.yaml: table 1: package", ["'no_force'"]),
        (written(votes=[]), "r.yaml: table 1: ", ["votes", "found a list"]),
        (written(votes={"rusia": "accept"}), "r.yaml: table 1: votes", ["'rusia'", "Did you mean 'russia'?"]),
        (written(votes={"russia": "maybe"}), "r.yaml: table 1: ", ["'maybe'", "'accept', 'reject' and 'rules'"]),
        (written(sends=[]), "r.yaml: table 1: ", ["sends", "found a list"]),
        (written(sends={"frence": {}}), "r.yaml: table 1: sends", ["'frence'", "Did you mean 'france'?"]),
        (written(sends={"france": {"troop": 1}}), "r.yaml: table 1: france", ["'troop'", "Did you mean 'troops'?"]),
        (written(sends={"france": {"troops": -1}}), "r.yaml: table 1: france", ["0 to ", "troops", "found '-1'"]),
        (written(sends={"france": {"troops": "many"}}), "r.yaml: table 1: france", ["'rules'", "found 'many'"]),
        (
            written(votes={"france": "reject"}, sends={"france": {"troops": 1}}),
            "r.yaml: table 1: france",
            ["troops", "only if it votes 'accept'"],
        ),
        ({"tables": written()["tables"] * 2}, "r.yaml: ", ["two tables", "'A'"]),
    ],
)
def test_a_result_that_makes_no_sense_is_refused_with_the_place(result: Any, where: str, facts: list[str]) -> None:
    with pytest.raises(UsageError) as refused:
        read_paper_tables(HEADLINE, result, "r.yaml")
    message = str(refused.value)
    assert message.startswith(where)
    assert [fact for fact in facts if fact not in message] == []


def test_the_table_shows_the_issues_under_the_headings_of_their_groups() -> None:
    blocks = documents(handout(load_scenario(PARK)), Strings.load())["table"]["blocks"]
    first = next(block for block in blocks if block["kind"] == "table")
    assert [row[0] for row in first["rows"]] == [
        "The park",
        "Where the turbines stand",
        "What is done for seabirds",
        "People",
        "Who is hired",
        "Money",
        "Public grant",
        "Paid to the fishers",
    ]
