"""Every command, as a student, a lecturer and an analyst use it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from sim import case_paths
from sim.cli.version import VERSION
from sim.negotiation.replay import record as record_of
from sim.negotiation.replay import replay
from tests.conftest import Command

HEADLINE = "european_force"


def test_alone_it_lists_every_bundled_scenario_with_what_to_type(parley: Command) -> None:
    ended = parley()
    assert ended.code == 0
    for scenario in case_paths.scenarios(case_paths.bundled()):
        assert scenario.stem in ended.out
    assert "parley european_force" in ended.out


def test_help_names_every_command(parley: Command) -> None:
    ended = parley("--help")
    assert ended.code == 0
    for command in ("verdicts", "why", "compare", "outcomes", "flip", "sources", "check", "new", "schema"):
        assert command in ended.out


def test_the_version_is_one_line(parley: Command) -> None:
    assert parley("--version").out == f"parley {VERSION}\n"


@pytest.mark.parametrize("name", [HEADLINE, "ukraine_2025/european_force"])
def test_a_scenario_needs_no_command(parley: Command, name: str) -> None:
    ended = parley(name)
    assert ended.code == 0
    assert ended.out.startswith("A European deterrent force outside NATO\n")
    assert "parley why" in ended.out
    assert ended.err == ""


def test_options_may_stand_before_the_scenario(parley: Command) -> None:
    assert parley("--months", "1", HEADLINE).out == parley(HEADLINE, "--months", "1").out


def test_a_finished_run_exits_0_whatever_its_outcome(parley: Command) -> None:
    names = (HEADLINE, "american_guarantee", "cleaner")
    outcomes = {json.loads(parley(name, "--json").out)["outcome"]: name for name in names}
    assert len(outcomes) > 1
    assert all(parley(name).code == 0 for name in outcomes.values())


def test_json_is_alone_on_standard_output(parley: Command) -> None:
    ended = parley(HEADLINE, "--json", "--months", "2")
    assert json.loads(ended.out)["format"] == "parley.run/2"
    assert ended.err == ""


def test_months_shorten_the_talks(parley: Command) -> None:
    assert json.loads(parley(HEADLINE, "--json", "--months", "3").out)["months"] == 3


def test_a_setting_changes_a_number_of_the_case(parley: Command) -> None:
    change = ("--set", "actors.russia.red_lines.western_troops.price=0")
    before = json.loads(parley("verdicts", HEADLINE, "--json").out)["actors"]["russia"]
    after = json.loads(parley("verdicts", HEADLINE, "--json", *change).out)["actors"]["russia"]
    assert before["never"]
    assert not after["never"]


def test_a_setting_changes_a_case_as_it_changes_a_scenario_of_it(parley: Command) -> None:
    change = ("--set", "actors.ben.reservation.base=0")
    for question in (("verdicts",), ("why", "--actor", "ben")):
        of_scenario, of_case, as_it_is = (
            json.loads(parley(question[0], target, *question[1:], "--json", *more).out)
            for target, more in (
                ("warm_flat", change),
                ("flatmates", ("--propose", "heating=22", *change)),
                ("flatmates", ("--propose", "heating=22")),
            )
        )
        assert of_case["package"] == of_scenario["package"]
        ben = [one["actors"]["ben"] if "actors" in one else one for one in (of_scenario, of_case, as_it_is)]
        assert ben[0]["surplus"] == ben[1]["surplus"] == ben[2]["surplus"] + 5


def test_a_number_of_a_case_that_was_changed_by_hand_rests_on_that(parley: Command) -> None:
    change = ("--set", "actors.ben.reservation.base=0")
    found = json.loads(parley("flip", "flatmates", "--by", "numbers", "--json", *change).out)
    [why] = {
        one["assumption"]
        for one in [*found["numbers"]["turns"], *(one for some in found["numbers"]["frees"].values() for one in some)]
        if one["path"] == "actors.ben.reservation.base"
    }
    assert why == "changed by hand"


def test_a_setting_may_change_the_proposal_and_the_protocol(parley: Command) -> None:
    found = json.loads(
        parley(HEADLINE, "--json", "--set", "proposal.force_size=5000", "--set", "protocol.months=1").out
    )
    assert found["timeline"][0]["text"]["force_size"] == 5000
    assert found["months"] == 1


def test_worlds_are_drawn_by_the_seed(parley: Command) -> None:
    def shares(seed: int) -> object:
        found = json.loads(parley("verdicts", HEADLINE, "--worlds", "64", "--seed", seed, "--json").out)
        return {name: actor["shares"] for name, actor in found["actors"].items()}

    assert shares(1) == shares(1)
    assert shares(1) != shares(2)


def test_worlds_print_shares(parley: Command) -> None:
    ended = parley("cleaner", "--worlds", "50", "--seed", "3")
    assert ended.code == 0
    assert "50 worlds, seed 3" in ended.out


def test_one_drawn_world_is_told_month_by_month(parley: Command, tmp_path: Path) -> None:
    ended = parley("cleaner", "--worlds", "1", "--seed", "3", "--out", tmp_path)
    assert "1 world, seed 3" in ended.out
    assert "Month by month" in ended.out
    assert "Month by month" in (tmp_path / "cleaner.md").read_text(encoding="utf-8")


def test_out_writes_the_record_and_the_report(parley: Command, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    ended = parley(HEADLINE, "--months", "2", "--out", folder)
    assert ended.code == 0
    record, report = folder / "european_force.json", folder / "european_force.md"
    assert f"Written: {record}" in ended.out
    assert json.loads(record.read_text(encoding="utf-8"))["format"] == "parley.run/2"
    assert report.read_text(encoding="utf-8").startswith("# A European deterrent force")


def test_out_and_json_go_together(parley: Command, tmp_path: Path) -> None:
    ended = parley(HEADLINE, "--months", "1", "--json", "--out", tmp_path)
    record = json.loads((tmp_path / "european_force.json").read_text(encoding="utf-8"))
    assert {key: value for key, value in record.items() if key not in ("setup", "moves")} == json.loads(ended.out)


@pytest.mark.parametrize("worlds", [(), ("--worlds", "20", "--seed", "5")])
def test_the_record_that_out_writes_plays_again(parley: Command, tmp_path: Path, worlds: tuple[str, ...]) -> None:
    assert parley("house_rules", *worlds, "--out", tmp_path).code == 0
    record = json.loads((tmp_path / "house_rules.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(record_of(replay(record)))) == record


def test_verdicts_of_a_case_judge_what_is_proposed(parley: Command) -> None:
    for size in ("30000", "30,000"):  # as it is typed, and as pages print it
        terms = f"force=european,force_size={size}, mandate=tripwire deployment=rear"
        package = json.loads(parley("verdicts", "ukraine_2025", "--propose", terms, "--json").out)["package"]
        assert (package["force"], package["force_size"], package["mandate"]) == ("european", 30000, "tripwire")


def test_a_number_between_options_takes_the_nearest_and_says_so(parley: Command) -> None:
    proposed = ("verdicts", HEADLINE, "--propose", "force_size=40000")
    adjusted = json.loads(parley(*proposed, "--json").out)["adjusted"]
    assert [one["issue"] for one in adjusted] == ["force_size"]
    assert "force_size 40,000 is not an option; the nearest, 30,000, was used" in parley(*proposed).out


def test_verdicts_of_a_later_month_hold_out_for_less(parley: Command) -> None:
    def aspiration(month: int) -> float:
        found = json.loads(parley("verdicts", HEADLINE, "--month", month, "--json").out)
        return float(found["actors"]["ukraine"]["aspiration"])

    assert aspiration(1) >= aspiration(12)


def test_why_shows_every_rule_of_the_ledger(parley: Command) -> None:
    found = json.loads(parley("why", HEADLINE, "--actor", "russia", "--json").out)
    shown = " ".join(parley("why", HEADLINE, "--actor", "Russia").out.split())
    assert found["ledger"]
    for entry in found["ledger"]:
        assert entry["says"].split()[0] in shown


def test_why_of_a_month_is_the_verdict_of_that_month(parley: Command) -> None:
    for month in ("1", "6"):
        found = json.loads(parley("why", HEADLINE, "--actor", "ukraine", "--month", month, "--json").out)
        judged = json.loads(parley("verdicts", HEADLINE, "--month", month, "--json").out)["actors"]["ukraine"]
        assert found["aspiration"] == judged["aspiration"] > 0
        assert (found["verdict"], found["surplus"]) == (judged["verdict"], judged["surplus"])
    assert "on the table in month 6" in parley("why", HEADLINE, "--actor", "ukraine", "--month", "6").out
    assert "outside the talks" in parley("why", HEADLINE, "--actor", "ukraine", "--month", "99").err


def test_compare_has_one_row_a_scenario(parley: Command) -> None:
    ended = parley("compare", "flatmates")
    assert ended.code == 0
    for scenario in case_paths.scenarios(case_paths.find("flatmates")):
        assert scenario.stem in ended.out


def test_compare_takes_files_of_several_cases_each_once(parley: Command) -> None:
    found = json.loads(parley("compare", "cleaner", "cleaner", "bare_ceasefire", "--json").out)
    assert [row["scenario"] for row in found["rows"]] == ["cleaner", "bare_ceasefire"]


def test_outcomes_judge_every_package_of_a_case(parley: Command) -> None:
    found = json.loads(parley("outcomes", "flatmates", "--json", "--top", "2").out)
    assert len(found["nearest"]) == 2
    shown = parley("outcomes", "flatmates").out
    assert f"All {found['packages']} possible packages" in shown
    assert "Yes: 2 packages" in shown


def test_outcomes_take_the_changes_of_a_scenario_and_of_the_command(parley: Command) -> None:
    def accepted(*changes: str) -> int:
        found = json.loads(parley("outcomes", "cleaner", "--json", *changes).out)
        return int(found["actors"]["ana"]["accepts"])

    assert accepted("--set", "actors.ana.reservation.base=1000") == 0 < accepted()


def test_outcomes_lie_among_those_who_are_named(parley: Command) -> None:
    ended = parley("outcomes", "flatmates", "--among", "ana,ben", "--worlds", "20", "--seed", "3")
    assert "Between Ana and Ben" in ended.out
    assert "In 20 worlds" in ended.out
    assert ended.err == ""


def test_flip_names_changed_terms_that_get_a_proposal_agreed(parley: Command) -> None:
    found = json.loads(parley("flip", "warm_flat", "--json").out)
    assert not found["agreed"]
    way = " ".join(f"{issue}={to}" for issue, (_, to) in found["flips"][0]["change"].items())
    assert json.loads(parley("verdicts", "warm_flat", "--propose", way, "--json").out)["agreed"]
    assert "At least 2 changed terms" in parley("flip", "warm_flat").out


@pytest.mark.slow
def test_flip_may_find_nothing(parley: Command) -> None:
    ended = parley("flip", "european_force", "--terms", "1")
    assert ended.code == 0
    assert "None: no change of up to 1 term would get it agreed." in ended.out


@pytest.mark.slow
def test_flip_names_numbers_that_turn_the_answer_when_they_are_set(parley: Command) -> None:
    found = json.loads(parley("flip", "force_with_concessions", "--by", "numbers", "--json").out)
    [turn] = [one for one in found["numbers"]["turns"] if one["within"]]
    for side in (turn["below"], turn["above"]):
        ended = parley("verdicts", "force_with_concessions", "--set", f"{turn['path']}={side['value']}", "--json")
        judged = json.loads(ended.out)
        assert (judged["agreed"], judged["blocked_by"]) == (side["agreed"], side["blocked_by"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--by", "number"], "Unknown value 'number' for --by. Choose terms or numbers. Did you mean 'numbers'?"),
        (
            ["--only", "sources"],
            "Unknown value 'sources' for --only. Choose assumed or sourced. Did you mean 'sourced'?",
        ),
        (["--by", "terms", "--talks"], "--only and --talks are about numbers"),
        (["--terms", "9"], "9 changed terms lead to"),
    ],
)
def test_flip_refuses_what_it_cannot_look_for(parley: Command, options: list[str], message: str) -> None:
    ended = parley("flip", "european_force", *options)
    assert ended.code == 2
    assert " ".join(ended.err.split()).startswith(message)


def test_flip_shows_one_part_if_one_is_asked_for(parley: Command) -> None:
    terms, numbers = (parley("flip", "warm_flat", "--by", part).out for part in ("terms", "numbers"))
    assert "Which changed terms" in terms
    assert "One number changed" not in terms
    assert "Which changed terms" not in numbers
    assert "One number changed" in numbers


def test_sources_list_every_number(parley: Command) -> None:
    found = json.loads(parley("sources", "flatmates", "--json").out)
    ended = parley("sources", "flatmates")
    assert f"{len(found['numbers'])} numbers" in ended.out
    assert found["share_sourced"] + found["share_assumed"] == pytest.approx(1)


def test_check_counts_what_it_checked(parley: Command) -> None:
    ended = parley("check", case_paths.bundled(), case_paths.STARTER)
    assert (ended.code, ended.err) == (0, "")
    cases = len(case_paths.cases(case_paths.bundled())) + len(case_paths.scenarios(case_paths.bundled()))
    assert ended.out == f"{cases + 2} cases and scenarios checked: no mistakes.\n"


def test_check_of_a_part_checks_its_case(parley: Command) -> None:
    assert parley("check", case_paths.find("flatmates") / "claims.yaml").out.startswith(
        "1 case or scenario checked: no mistakes"
    )


def test_check_lists_all_mistakes_of_all_files_and_exits_2(parley: Command, tmp_path: Path) -> None:
    parley("new", tmp_path / "mine")
    first = tmp_path / "mine" / "first.yaml"
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("sponsor: south", "sponsor: west").replace("joint}", "jont}"), encoding="utf-8")
    (tmp_path / "mine" / "second.yaml").write_text("case: .\ntitel: x\n", encoding="utf-8")
    ended = parley("check", tmp_path)
    assert ended.code == 2
    assert "first.yaml:" in ended.err
    assert "second.yaml:" in ended.err
    assert len(ended.err.splitlines()) >= 4
    assert f"checked: {len(ended.err.splitlines())} mistakes in 2 files." in ended.out


def test_new_writes_a_case_that_runs_at_once(parley: Command, tmp_path: Path) -> None:
    ended = parley("new", tmp_path / "mine")
    assert ended.code == 0
    first = tmp_path / "mine" / "first.yaml"
    assert f"parley {shlex.quote(str(first))}" in ended.out
    assert parley("check", tmp_path / "mine").code == 0
    assert "Agreed" in parley(first).out


def test_new_says_what_to_type_for_a_folder_with_a_space(parley: Command, tmp_path: Path) -> None:
    ended = parley("new", tmp_path / "my case")
    assert f"parley {shlex.quote(str(tmp_path / 'my case' / 'first.yaml'))}" in ended.out


def test_new_takes_an_empty_folder_and_spares_one_that_is_not(parley: Command, tmp_path: Path) -> None:
    assert parley("new", tmp_path).code == 0
    (tmp_path / "first.yaml").write_text("mine", encoding="utf-8")
    ended = parley("new", tmp_path)
    assert ended.code == 2
    assert "is not empty" in ended.err
    assert (tmp_path / "first.yaml").read_text(encoding="utf-8") == "mine"


def test_schema_is_json(parley: Command) -> None:
    assert json.loads(parley("schema").out)


def test_help_lists_the_commands_in_five_groups(parley: Command) -> None:
    shown = parley("help").out
    places = [shown.index(f"─ {group} ─") for group in ("Play", "Explain", "Explore", "Teach", "Author")]
    assert places == sorted(places)
    assert shown == parley("--help").out
    assert parley("help", "why").out == parley("why", "--help").out


@pytest.mark.parametrize("worlds", ["1,000", "1000"])
def test_thousands_may_have_a_comma(parley: Command, worlds: str) -> None:
    assert "1,000 worlds, seed 2" in parley("verdicts", "cleaner", "--worlds", worlds, "--seed", "2").out


@pytest.mark.slow
def test_a_case_alone_gets_the_answer_to_its_question_on_one_screen(parley: Command) -> None:
    ended = parley("ukraine_2025", "--worlds", "50")
    found = json.loads(parley("answer", "ukraine_2025", "--worlds", "50", "--json").out)
    agreed = sum(scenario["agreed"] for scenario in found["scenarios"])
    assert ended.out.startswith(f"{agreed or 'None'} of the {len(found['scenarios'])} proposals would be accepted")
    assert len(ended.out.splitlines()) <= 48
    assert f"What would turn {found['nearest']}" in ended.out
    assert f"parley why {found['nearest']} --actor" in ended.out


def test_an_answer_agrees_with_the_verdicts_and_the_talks(parley: Command) -> None:
    for row in json.loads(parley("flatmates", "--worlds", "40", "--seed", "3", "--json").out)["scenarios"]:
        judged = json.loads(parley("verdicts", row["scenario"], "--worlds", "40", "--seed", "3", "--json").out)
        assert row["agreed_share"] == judged["agreed_share"]
        assert row["verdicts"] == {name: actor["verdict"] for name, actor in judged["actors"].items()}
        played = json.loads(parley(row["scenario"], "--json").out)
        assert row["talks"] == {"outcome": played["outcome"], "month": played["months"]}


def test_an_answer_plays_the_talks_that_are_not_stored(parley: Command, tmp_path: Path) -> None:
    parley("new", tmp_path / "mine")
    [row] = json.loads(parley(tmp_path / "mine", "--json").out)["scenarios"]
    assert row["talks"]["outcome"] == "agreed"
    assert "The only proposal" in parley(tmp_path / "mine").out


def test_claims_come_with_their_words_and_what_rests_on_them(parley: Command) -> None:
    [claim] = json.loads(parley("claims", "ukraine_2025", "c05", "--json").out)["claims"]
    shown = parley("claims", "ukraine_2025", "C05").out
    assert claim["text"] in shown
    assert claim["rests"][0]["path"] in shown
    assert claim["text"] in parley("claims", "ukraine_2025").out
    assert "Did you mean 'C" in parley("claims", "ukraine_2025", "CO5").err


def test_why_says_the_words_of_every_claim_that_it_cites(parley: Command) -> None:
    found = json.loads(parley("why", HEADLINE, "--actor", "russia", "--json").out)
    shown = parley("why", HEADLINE, "--actor", "russia").out
    assert found["claims"]
    assert all(f"{name} {text}" in shown for name, text in found["claims"].items())


def test_a_month_judges_the_text_on_the_table_and_may_judge_the_opening_one(parley: Command) -> None:
    command = ("why", HEADLINE, "--actor", "ukraine", "--month", "end", "--json")
    played = json.loads(parley(HEADLINE, "--json").out)
    assert json.loads(parley(*command).out)["package"] == played["final_package"]
    opening = json.loads(parley(*command, "--text", "opening").out)["package"]
    assert opening == played["timeline"][0]["text"] != played["final_package"]
    assert "Unknown value 'first' for --text" in parley(*command, "--text", "first").err
    assert "'last' is not a whole number" in parley("why", HEADLINE, "--actor", "us", "--month", "last").err


def test_why_without_an_actor_lists_the_actors(parley: Command) -> None:
    assert "with --actor: ana, ben, cleo." in parley("why", "warm_flat").err
