"""The terminal pages: what they say, in which width, and without colour."""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

import sim
from sim.report.terminal import (
    compare,
    flip,
    interchange,
    outcomes,
    sources,
    talks,
    verdicts,
    why,
)
from sim.report.terminal.layout import commands, indented, table, typed
from sim.report.terminal.uncertainty import discover, ensemble, sensitivity
from sim.report.terminal.uncertainty.sweep import sweep
from sim.report.wording import NOT_A_FORECAST
from tests.report import samples
from tests.report.stories import giving, keeping, month, reaction, run

PAGES: dict[str, tuple[Callable[[Any], RenderableType], dict[str, Any]]] = {
    "run": (talks.play, samples.run(12)),
    "ensemble": (talks.play, samples.ensemble()),
    "verdicts": (verdicts.verdicts, samples.verdicts()),
    "verdicts_of_worlds": (verdicts.verdicts, samples.verdicts(nominal=False, worlds=200, agreed_share=0.1)),
    "why": (why.why, samples.why()),
    "compare": (compare.compare, samples.compare()),
    "outcomes": (outcomes.outcomes, samples.outcomes()),
    "outcomes_counted": (outcomes.outcomes, samples.outcomes_counted()),
    "outcomes_in_worlds": (outcomes.outcomes, samples.outcomes_in_worlds()),
    "flip": (flip.flip, samples.flip()),
    "flip_numbers": (flip.flip, samples.flip_numbers()),
    "worlds": (ensemble.ensemble, samples.worlds()),
    "sensitivity": (sensitivity.sensitivity, samples.sensitivity()),
    "discover": (discover.discover, samples.discover()),
    "sweep": (sweep, samples.sweep()),
    "sweep_of_a_sample": (sweep, samples.sampled()),
    "sweep_of_few_points": (sweep, samples.point_by_point(nominal=False)),
    "sweep_at_central_values": (sweep, samples.point_by_point(nominal=True)),
    "sources": (sources.sources, samples.sources()),
    "export": (interchange.export, samples.export()),
    "import": (interchange.imported, samples.imported()),
}


def page(name: str, width: int = 80, **changes: Any) -> str:
    render, data = PAGES[name]
    stream = StringIO()
    console = Console(file=stream, width=width, markup=False, highlight=False, emoji=False)
    console.print(render(data | changes))
    return stream.getvalue()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    assert max(map(len, page(name, width).splitlines())) <= width


def test_a_long_name_leaves_room_for_the_reasons() -> None:
    actors = samples.verdicts()["actors"]
    next(iter(actors.values()))["name"] = "The Standing Court of Arbitration of the Upper Provinces"
    lines = page("verdicts", actors=actors).splitlines()
    heads = next(line for line in lines if "Main reasons" in line)
    assert heads.index("Main reasons") < 60
    for part in ("The Standing Court of ", "Arbitration of the Upper ", "Provinces "):
        assert any(line.startswith(part) for line in lines)


@pytest.mark.parametrize("name", PAGES)
def test_a_pipe_gets_no_colour_codes(name: str) -> None:
    assert "\x1b" not in page(name)


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("sources", "export", "import")])
def test_results_say_that_they_are_no_forecast(name: str) -> None:
    assert NOT_A_FORECAST in page(name)


def test_square_brackets_of_a_case_are_text_not_markup() -> None:
    assert "Can [a force] be agreed?" in page("run")


def test_a_run_shows_every_month_with_its_answers() -> None:
    rows = [line for line in page("run").splitlines() if "✓ yes" in line and "■ red" in line and "=" not in line]
    assert [line.split()[0] for line in rows if line.split()[0].isdigit()] == [str(month) for month in range(1, 13)]


def test_a_run_shows_events_and_amendments_under_their_month() -> None:
    shown = page("run", 120)
    assert "The US halts its aid" in shown
    assert "force_size 50,000 → 15,000, mandate tripwire → monitor" in shown


def test_a_run_names_who_blocks_and_the_rule_that_is_not_met() -> None:
    shown = page("run", 120)
    assert "Russia blocks." in shown
    assert "Russia has a red line that is not for sale: “No Western troops”." in shown
    assert "Not met: A ceasefire needs both (C06). Missing: Russia." in shown


def test_main_reasons_carry_their_claims() -> None:
    assert "No Western troops (never; C30 C31)" in page("run", 120)


def test_a_rounded_number_of_the_proposal_is_admitted() -> None:
    assert "force_size 40,000 is not an option; the nearest, 50,000, was used" in page("run", 120)


def test_a_refused_text_may_still_tell_how_long_it_would_have_held() -> None:
    assert "If signed, it would have had a 41% chance of lasting." in page("run")
    assert "chance" not in page("run", durability=None)


def test_many_worlds_are_shares() -> None:
    shown = page("ensemble", 120)
    assert "How 200 worlds end" in shown
    assert "✗ expired" in shown
    assert "80%" in shown
    assert "<1%" in shown


def test_blockers_are_listed_most_frequent_first() -> None:
    shown = page("ensemble")
    assert shown.index("Russia                   █") < shown.index("the rule 'troops_cover'  █")


def test_verdicts_of_worlds_give_the_share_that_agrees() -> None:
    assert "Agreed in 10% of 200 worlds." in page("verdicts_of_worlds")


def test_verdicts_mark_those_whose_consent_is_needed() -> None:
    shown = page("verdicts")
    assert "Russia *" in shown
    assert "Baltic states *" not in shown


def test_verdicts_mark_those_whose_pledge_is_needed() -> None:
    actors = samples.verdicts()["actors"]
    actors["baltics"] |= {"needed": True, "why_needed": "pledge"}
    shown = page("verdicts", actors=actors)
    assert "Baltic states **" in shown
    assert "** its pledge is needed" in shown


def test_an_agreed_package_says_yes() -> None:
    assert "Yes: everybody whose consent is needed accepts." in page("verdicts", agreed=True, blocked_by=[], unmet=[])


def test_the_waterfall_ends_on_the_surplus() -> None:
    rows = [line for line in page("why", 120).splitlines() if "│" in line]
    assert "-20.0" in rows[-1]


def test_costs_go_left_of_zero_and_gains_right() -> None:
    gain, cost, never = (line.split("│") for line in page("why", 120).splitlines() if "│" in line)
    assert "█" in gain[1]
    assert "█" not in gain[0]
    assert "█" in cost[0]
    assert "█" not in cost[1]
    assert never[0].strip() == "█" * why.HALF


def both_answers() -> dict[str, Any]:
    """Verdicts with an actor that supports a text and sends nothing, one that sends, and one that might say yes."""
    yes = {"sets": [{"force": ["european", "none"]}], "terms": 1, "line": None, "short": None}
    given = {"poland": keeping(-3.0), "france": giving(13000.0), "us": reaction("worse_than_no_deal", -8.5, yes_if=yes)}
    return {"actors": run([month(1, answers=given)])["final"]["actors"], "blocked_by": ["us"], "unmet": []}


def test_verdicts_show_both_answers_and_why_nothing_is_sent() -> None:
    shown = page("verdicts", 120, **both_answers())
    assert shown.count("✓ supports,") == 2
    assert shown.count("sends nothing") == 1
    assert shown.count("sends 13,000") == 1
    assert "No troops: Its own soldiers are at risk (-4.1; C07)" in shown
    assert "The US is 8.5 points short. It would accept with force european → none." in shown


def test_why_has_a_ledger_for_each_answer() -> None:
    shown = page("why", 120, **keeping(-3.0))
    assert "What also counts for sending troops" in shown
    [cost] = [line.split("│")[1].split() for line in shown.splitlines() if "Its own soldiers are at risk" in line]
    assert cost[:2] == ["-4.1", "-3.0"]
    assert "It supports the text but sends no troops: after the cost of sending it is 3.0 points short." in shown
    yes = page("why", 120, **giving(13000.0))
    assert "It sends 13,000 troops: its surplus after the cost of sending is +4.0." in yes


def test_why_lists_what_would_turn_a_refusal_before_what_would_help() -> None:
    yes = {"sets": [{"sanctions": ["kept", "phased"]}], "terms": 1, "line": None, "short": None}
    assert "It would accept with sanctions kept → phased." in page("why", 120, yes_if=yes)
    assert "No single changed term" not in page("why", 120, yes_if=yes)
    none = {"sets": [], "terms": None, "line": "western_troops", "short": 8.5}
    shown = page("why", 120, yes_if=none)
    assert (
        "Even without that line it would be 8.5 points short. No change of up to three terms wins over Russia."
        in " ".join(shown.split())
    )
    assert "These would help most" in shown


def test_why_is_headed_by_the_scenario_or_else_by_the_case() -> None:
    assert page("why").splitlines()[0].endswith(" · force")
    assert page("why", scenario=None).splitlines()[0].endswith(" · island")


def test_why_lists_what_would_turn_the_answer() -> None:
    assert "force european → none" in page("why")
    assert "No change of a single term would make it accept" in page("why")


def test_why_lists_what_it_would_accept() -> None:
    turn = {"change": {"force": ["european", "none"]}, "verdict": "accept", "surplus": 12.0, "accepts": True}
    shown = page("why", turns=[turn])
    assert "✓ accepts" in shown
    assert "No single changed term" not in shown


def test_why_says_when_nothing_helps() -> None:
    assert "No change of a single term would help." in page("why", turns=[])


def test_why_names_the_change_of_the_core_where_no_other_is_enough() -> None:
    beyond = {"sets": [{"force": ["european", "un"]}], "terms": 1, "tried": 3, "line": None, "short": None}
    shown = page("why", beyond_core=beyond)
    assert "It would accept another proposal, with changes to the core of this one:" in shown
    assert "· force european → un" in shown
    assert "would help" not in shown


def test_a_red_line_names_the_audience_cost_in_its_points() -> None:
    line = {**samples.entry("line", -65.0, "red_line"), "audience_cost": 5.0}
    shown = " ".join(page("why", ledger=[line], short=4.0).split())
    assert "red line; price 60.0 + audience cost 5.0" in shown


def test_flip_names_the_numbers_that_the_scenario_itself_changes() -> None:
    near, own = samples.turn(), samples.turn(path="context.rain.start", what="rain at the start", by_scenario=True)
    numbers = samples.flip_numbers()["numbers"]
    shown = shown_numbers(numbers={**numbers, "frees": {"russia": [near, near, near, near, own]}})
    assert "and 2 more or, of the numbers that this scenario itself changes, if · rain at the start" in shown


def test_why_asks_nothing_more_of_a_yes() -> None:
    assert "Nothing more: it accepts this text." in page("why", verdict="accept")


def test_why_names_the_price_the_hope_and_what_is_short() -> None:
    ledger = [samples.entry("a", -4.0), samples.entry("line", -10.0, "red_line")]
    shown = " ".join(page("why", price=10.0, aspiration=5.0, short=19.0, ledger=ledger).split())
    assert "minus 10.0 for the red lines it crosses" in shown
    assert "It holds out for a surplus of +5.0." in shown
    assert "It is 19.0 points short of accepting." in shown


def test_compare_leaves_a_cell_empty_where_a_case_has_no_such_actor() -> None:
    rows = [row | {"verdicts": {"ukraine": "accept"}} for row in samples.compare()["rows"]]
    assert page("compare", 120, rows=rows).count(" - ") >= len(rows)


def test_compare_has_words_where_there_is_room_and_letters_where_there_is_not() -> None:
    assert "✓ yes" in page("compare", 120).split("Scenario")[1]
    narrow = page("compare", 44).split("Scenario")[1]
    assert "✓ yes" not in narrow
    assert "✓ " in narrow
    assert "■ red line" in narrow


def test_compare_adds_the_share_agreed_where_worlds_were_drawn() -> None:
    rows = [row | {"agreed_share": 0.25} for row in samples.compare()["rows"]]
    assert "25%" in page("compare", rows=rows)
    assert "25%" not in page("compare")


def test_outcomes_tell_what_a_veto_costs() -> None:
    shown = page("outcomes", 120)
    assert "All 4,000 possible packages, take it or leave it" in shown
    [russia] = [line.split() for line in shown.splitlines() if line.split()[:2] == ["Russia", "*"]]
    assert russia[-1] == "1,234"
    assert "25%" in russia[-2]


def test_packages_that_are_counted_are_told_in_numbers_and_why_there_is_no_list() -> None:
    shown = page("outcomes_counted", 120)
    assert "All 4,000,000,000 possible packages" in shown
    told = " ".join(shown.split())
    assert "too many packages to list them, so they were counted: the issues fall into 2 parts that do not" in told
    assert "Yes: 1,000,000,000 packages (25%)." in shown
    assert "Between Ukraine and Russia" in shown
    assert "40 packages would be refused by none of them." in shown
    [russia] = [line.split() for line in shown.splitlines() if line.split()[:2] == ["Russia", "*"]]
    assert russia[-2:] == ["1,234", "5,678"]
    assert "nearest" not in shown
    assert "frontier" not in shown


def test_an_empty_zone_says_so_and_names_who_stands_nearest_in_the_way() -> None:
    shown = page("outcomes", 120)
    assert "No: at central values, the zone of possible agreement is empty." in shown
    assert "The nearest misses" in shown
    assert "Baltics (short by 4.0) blocks it." in shown
    assert "8.0 and never  Russia" in shown


def test_a_line_that_is_never_sold_has_no_points_to_be_short_of() -> None:
    nearest = samples.outcomes()["nearest"][::-1]
    assert "Russia (a red line that nothing buys off) blocks it." in page("outcomes", 120, nearest=nearest)


def test_a_rule_that_blocks_by_itself_is_short_of_nothing() -> None:
    nearest = [samples.judged({"ukraine": 1.0}, ["troops_cover"], 0.0)]
    assert "the rule 'troops_cover' blocks it." in page("outcomes", 120, nearest=nearest)


def test_a_zone_that_is_not_empty_has_its_best_packages_first() -> None:
    nearest = [samples.judged({"ukraine": 1.0}, [], 0.0) for _ in range(2)]
    shown = page("outcomes", 120, nearest=nearest, agreed=40)
    assert "Yes: 40 packages (1%)." in shown
    assert "Everybody whose consent is needed accepts." in shown
    assert ["the", "same", "package", "-", "nobody"] in [line.split() for line in shown.splitlines()]


def test_solutions_give_surpluses_and_whether_all_others_agree() -> None:
    rows = [line.split() for line in page("outcomes", 120).splitlines() if line.strip()]
    assert ["Nash", "+12.0", "+3.5", "✗", "no"] in rows
    assert ["Utilitarian", "+14.0", "+2.5", "✗", "no"] in rows
    assert "force_size 50,000 → 15,000" in page("outcomes", 120)


def test_where_everything_is_refused_by_somebody_nothing_is_called_fair() -> None:
    solved = dict.fromkeys(samples.outcomes()["solutions"])
    frontier = {**samples.outcomes()["frontier"], "acceptable_points": 0}
    shown = " ".join(page("outcomes", acceptable=0, solutions=solved, frontier=frontier).split())
    assert "at or above everybody's value of no deal: 0." in shown
    assert "none can be called fair" in shown
    assert "Nash" not in shown


def test_worlds_rank_the_nearest_packages_by_how_often_they_are_agreed() -> None:
    shown = page("outcomes_in_worlds", 120)
    assert "At least one of the best 1,000 packages is agreed in 30% of the worlds." in shown
    assert "25%  this one" in shown
    assert "<1%  force_size 50,000 → 15,000" in shown


def test_flip_lists_the_smallest_sets_of_changed_terms() -> None:
    shown = page("flip", 120)
    assert "Russia blocks it." in shown
    assert "At least 2 changed terms; 2 smallest sets:" in shown
    assert "force_size 50,000 → 15,000, mandate tripwire → monitor" in shown
    assert "Ukraine +4.0, Russia +1.5" in shown
    assert "nobody's alone" in shown


def test_flip_says_when_there_is_nothing_to_change_or_nothing_that_helps() -> None:
    assert "accepts it as it is" in page("flip", 120, agreed=True, blocked_by=[], terms=0, flips=[])
    assert "no change of up to 3 terms" in page("flip", 120, terms=None, flips=[])


def test_flip_says_what_could_be_agreed_at_all() -> None:
    far = {"packages": 1200, "agreed": 7, "terms": 4, "change": {"force_size": [50000, 0]}, "without": {}}
    assert "Of all 1,200 possible packages, 7 would be agreed" in page("flip", 120, terms=None, flips=[], at_all=far)
    none = {"packages": 1200, "agreed": 0, "terms": None, "change": None, "without": {"russia": 30}}
    shown = page("flip", 120, terms=None, flips=[], at_all=none)
    assert "None, however many terms change: none of the 1,200 possible packages" in shown
    assert "no change of up to 3 terms" not in shown
    assert "if one actor's refusal did not count: Russia (30)" in shown


def shown_numbers(**changes: Any) -> str:
    return " ".join(page("flip_numbers", 120, **changes).split())


def test_flip_says_which_number_turns_the_answer_in_which_unit_on_what_source() -> None:
    shown = shown_numbers()
    words = 'the price of Russia\'s red line troops ("No Western troops")'
    assert f"It would be agreed if · {words} is at most 35 points, now never" in shown
    assert "(moved by 1.417 of its range of 0 to 60, or never; C35, assumption: Our reading of [C35].)" in shown
    assert "At 35.001 Russia blocks (talks: expired in month 12); at 35 it is agreed (talks: agreed in" in shown
    assert "--set actors.russia.red_lines.troops.price=35" in shown
    assert "beyond a number's range, if · Russia's reservation value (base) is at least 30 points, now 0" in shown
    assert "At 7.25 it changes back." in shown


def test_flip_says_who_would_be_won_by_what() -> None:
    shown = shown_numbers()
    assert "Russia if · Russia's reservation value (base) is at least 3.5 points, now 0" in shown
    assert "(moved by 0.175 of its range of -10 to 10, assumed for a plain number; C35)" in shown
    assert "Baltic states, only beyond a number's range, if" in shown
    assert "the rule 'troops_cover': no number does it, within its range or beyond." in shown


def test_flip_shows_the_least_joint_change_and_what_each_number_is_for() -> None:
    shown = shown_numbers()
    assert "1 number, moved by 1 range in all: the smallest change found" in shown
    assert "Russia's reservation value (base) (C35) 0 4 0.175 Russia and Baltics block" in shown
    assert "With these changes, it is agreed (talks: agreed in month 3); 99% of the way, Russia blocks" in shown
    assert "--set actors.russia.reservation.base=4" in shown
    assert "0 to twice its value" in shown
    some = {**samples.flip_numbers()["joint"], "ways": 256, "all_ways": False}
    assert "in more ways than the 256 that were tried" in shown_numbers(joint=some)
    none = {**samples.flip_numbers()["joint"], "size": None, "changes": [], "at": None, "nearly": None}
    assert "No joint change was found that changes the answer" in shown_numbers(joint=none)


def test_flip_says_what_would_turn_the_talks() -> None:
    shown = shown_numbers()
    assert "As things are: expired in month 12. Each number was tried at 9 values in its range" in shown
    words = 'the price of Russia\'s red line troops ("No Western troops")'
    assert f"They would end in agreement if · {words} is at most 40 points" in shown
    nothing = {**samples.flip_numbers()["talks"], "turns": []}
    assert "No single number was found that changes how the talks end." in shown_numbers(talks=nothing)


def test_flip_says_when_no_number_turns_the_answer_or_only_some_were_tried() -> None:
    found = {**samples.flip_numbers()["numbers"], "turns": []}
    assert "No single number changes the answer within its range." in shown_numbers(numbers=found)
    assert "Each of 181 assumed numbers was moved" in shown_numbers(only="assumed")
    agreed = shown_numbers(agreed=True, blocked_by=[])
    assert "It would no longer be agreed if" in agreed
    assert "Who would no longer block" not in agreed


def test_flip_shows_no_more_ways_than_one_can_read() -> None:
    assert "and 1,980 more" in page("flip", 120, flips=samples.flip()["flips"] * 1000)


def test_sources_list_assumptions_and_unused_claims() -> None:
    shown = page("sources", 120)
    assert "1  As the year begins." in shown
    assert "2  C10: Russia's forces advance." in shown
    assert "C46  Battalions elsewhere" in shown


@pytest.mark.parametrize("case", ["flatmates", "ukraine_2025"])
def test_all_sources_have_every_path_on_a_line_of_its_own(case: str) -> None:
    found = sim.sources(sim.load_case(case))
    lines = shown(sources.sources(found, whole=True), 80)
    paths = [line.strip() for line in lines if re.fullmatch(r"  [a-z]+\.\S+", line)]
    assert paths == [number["path"] for number in found["numbers"]]
    assert len(shown(sources.sources(found), 80)) <= 100


PATH = "actors.russia.red_lines.western_troops.price"


def shown(renderable: RenderableType, width: int) -> list[str]:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(renderable, crop=False)
    return [line.rstrip() for line in captured.get().splitlines()]


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_what_is_to_be_typed_is_never_cut_or_broken(width: int) -> None:
    rows = table("Number", "Meaning")
    rows.add_row(typed(PATH), "Moscow's price for troops of the West, whatever their banner")
    for part in (indented(rows), indented(typed(PATH)), commands([(f"parley x --set {PATH}=1", "changes it")])):
        lines = shown(part, width)
        assert sum(PATH in line for line in lines) == 1
        assert not any("…" in line for line in lines)
        assert all(cell_len(line) <= width or PATH in line for line in lines)


def test_a_table_that_does_not_fit_becomes_a_list_of_its_rows() -> None:
    rows = table("Scenario", "Ana", "Ends")
    rows.add_row(typed("a_long_name_of_a_scenario"), "accepts", "agreed")
    assert shown(rows, 45)[2] == "a_long_name_of_a_scenario  accepts  agreed"
    assert shown(rows, 30) == ["a_long_name_of_a_scenario", "  Ana accepts · Ends agreed"]


def test_text_without_spaces_is_wrapped_and_not_cut() -> None:
    says = "港口由双方共同管理并且收入平分给两个城市的居民"
    rows = table("Points", "Rule")
    rows.add_row("+10.0", says)
    lines = shown(rows, 30)
    assert "".join(line.split("  ")[-1].strip() for line in lines[2:]) == says
    assert all(cell_len(line) <= 30 for line in lines)


def test_sources_without_unused_claims_say_so() -> None:
    assert "none: every claim is used." in page("sources", unused_claims=[])


def test_an_ensemble_gives_every_outcome_with_its_interval() -> None:
    rows = [line.rstrip() for line in page("worlds").splitlines()]
    agreed, never = (row for row in rows if "✓ agreed" in row and "·" in row)
    assert agreed.endswith("60.0%  (54.0 to 66.0%)")
    assert never.endswith("0%  (0.0 to 0.0%)")
    assert "In brackets: 95% intervals (Wilson)." in page("worlds")


def test_an_ensemble_tells_how_long_the_talks_took_and_how_long_peace_would_hold() -> None:
    shown = page("worlds")
    assert shown.count("Talks that agreed took 5 months (quartiles 3 and 8).") == 1
    assert shown.count("Their average chance of lasting is 41% (quartiles 30% and 50%).") == 1


def test_an_ensemble_names_who_blocks_with_which_verdict() -> None:
    shown = page("worlds", 120)
    assert "red line 75%, holds out for more 25%" in shown
    assert "accepts" not in shown
    assert "pledges fall short" in shown


def test_an_ensemble_says_what_differs_from_the_first_scenario() -> None:
    shown = page("worlds")
    assert "Agreed more or less often than force, in the same worlds" in shown
    [row] = [line.split() for line in shown.splitlines() if line.split()[:2] == ["bare", "-60.0"]]
    assert row == ["bare", "-60.0", "-67.0", "to", "-53.0", "0.0%", "60.0%"]


def test_one_scenario_alone_differs_from_nothing() -> None:
    assert "in the same worlds" not in page("worlds", differences=[], scenarios=samples.worlds()["scenarios"][:1])


def told(name: str, **changes: Any) -> str:
    """A page in one line, however it wraps."""
    return " ".join(page(name, 120, **changes).split())


def test_a_sensitivity_page_opens_with_what_no_claim_supports() -> None:
    shown = told("sensitivity")
    assert "Yes in 31% of 512 worlds." in shown
    assert "70% (60 to 80%) of the variance involves numbers that are assumed; 35% (25 to 45%) comes from" in shown
    assert "of the codebook, which is assumed: 90% (80 to 100%), and 50% (40 to 60%) from these alone." in shown
    assert (
        "The other 58, taken together, are involved in 25% (15 to 35%) of the variance; by themselves, in 5% (0 to"
        in shown
    )


def test_a_share_of_variance_is_shown_within_its_bounds_and_a_doubt_is_said() -> None:
    shown = told("sensitivity")
    assert "Russia 3 60% (50 to 70) 100% (100 to 100)" in shown
    assert "monthly shocks shocks 0% (0 to 8) 0% (0 to 6)" in shown
    assert "Where places overlap, the intervals are too wide to rank the numbers; --base 1024 halves them." in shown
    assert "These intervals are too wide to show more than which numbers matter at all; use --base 1024." in shown
    sure = [{**one, "places": [1, 1]} for one in samples.sensitivity()["numbers"]]
    assert "too wide" not in told("sensitivity", wide=False, numbers=sure)


def test_single_numbers_say_what_they_rest_on_and_how_the_first_was_read() -> None:
    shown = told("sensitivity")
    assert "claims C30, size from the codebook" in shown
    assert "{low: 0, high: 1}; assumed" in shown
    assert "How the claims for the number western_troops were read: Read as a price." in shown
    assert "actors.russia.red_lines.western_troops.price" in shown


def test_settings_of_the_protocol_are_tried_on_the_same_worlds() -> None:
    shown = told("sensitivity")
    assert "1 point 31% <1%" in shown
    assert "2 points (now) 31%" in shown
    assert "4 points 20% 13%" in shown
    assert "How the talks are held" in told("sensitivity", varies=False)
    assert "How the talks are held" not in told("sensitivity", protocol=[])
    assert "2 points (now) 0.31 4 points" in told("sensitivity", binary=False)


def test_without_variance_there_is_a_word_and_no_table() -> None:
    shown = told("sensitivity", varies=False, mean=0)
    assert "It is the same in every world, so there is no variance to explain, and no number matters." in shown
    assert "By basis" not in shown


def test_where_every_size_is_assumed_the_page_says_so() -> None:
    whole = {"value": 1, "low": 1, "high": 1}
    shown = told("sensitivity", unsupported={"first": whole, "total": whole}, screening=None, set_aside=None)
    assert "Claims do not give the size of any other" in shown
    assert "screening" not in shown
    sourced = {**samples.sensitivity()["groups"], "support": [samples.part("sourced", 1)]}
    assert "No uncertain number is purely assumed." in told("sensitivity", groups=sourced, unsupported=None)


def test_what_is_no_yes_or_no_has_a_mean_and_a_variance() -> None:
    assert "On average 0.31, with a variance of 0.2139, in 512 worlds." in told("sensitivity", binary=False)


def test_a_box_is_a_sentence_with_bounds_in_their_own_units() -> None:
    shown = told("discover")
    assert (
        "The talks end agreed in 80% of the worlds in which the number western_troops is 60 or never and the "
        "number reservation is at most 22.5." in shown
    )
    assert "They make up 10% of all worlds and contain 60% of those in which the talks end agreed." in shown
    assert "the number us_aid is at least 0.4" in shown
    assert "context.us_aid.start" in shown
    assert "Box 2, among the worlds outside the boxes above" in shown
    assert "60 to never claims C30 <0.001" in shown
    assert "*7" in shown


@pytest.mark.parametrize(("hits", "word"), [(0, "none"), (1_000, "every one")])
def test_all_or_nothing_has_no_boxes(hits: int, word: str) -> None:
    shown = told("discover", hits=hits, boxes=[], varies=False)
    assert f"In {word} of 1,000 worlds, so there is nothing to explain." in shown
    assert "Density" not in shown


def test_no_box_and_a_rule_with_exceptions_are_said() -> None:
    assert "No box of numbers contains more of them than chance would." in told("discover", boxes=[])
    assert "That is most worlds; use --not to look at the others." in told("discover", share=0.9)


def test_an_export_says_what_each_utility_became_and_what_did_not_fit() -> None:
    shown = page("export", 120)
    assert "For NegMAS, at central values: 8,709,120 outcomes" in shown
    assert "over 278 hyper-rectangles" in shown
    assert "actors.russia.red_lines.western_troops: no price buys it, and utilities are finite" in shown
    assert "Dropped" not in page("export", dropped=[])


def test_an_import_says_what_a_utility_of_1_is() -> None:
    assert "A utility of 1 equals 100 points; each is rounded by 5e-07 points at most." in page("import")
    assert "A utility of 1 equals 1 point; each" in page("import", points_for_1=1.0)
    assert "(the smallest change that counts) is 5 points." in told("import")
    assert "Left out" not in page("import", left_out=[])


def test_two_varied_numbers_make_a_map_in_per_cent() -> None:
    lines = page("sweep").splitlines()
    assert "Rows: context.us_aid.start. Columns: actors.russia.red_lines.no_troops.price." in page("sweep", 120)
    rows = [line.split() for line in lines if line.split()[:1] in (["0"], ["0.167"])]
    assert rows[0] == ["0", "·", "1", "14"]  # a share that is not quite none is none of it; no point, no cell
    assert rows[1] == ["0.167", "██", "99", "50", "7"]
    assert "in percent: · never, ██ always" in page("sweep")


def test_more_varied_numbers_are_told_one_by_one() -> None:
    shown = page("sweep_of_a_sample", 120)
    assert "Latin hypercube of 32 points, seed 0" in shown
    assert "0 to 1, any" in shown
    assert "none, european" in shown
    assert "0 to 0.5  ████················    20%" in shown
    assert "0.5 to 1" not in shown


def test_a_sweep_says_where_it_is_agreed_most_and_least_often() -> None:
    shown = page("sweep", 120)
    assert "At the average point: 42%." in shown
    assert "Most often, 100%, at context.us_aid.start = 0.167, actors.russia.red_lines.no_troops.price = 0." in shown
    same = {"agreed": 1.0, "values": {}}
    assert "It is the same at every point." in page("sweep", most=same, least=same)


def test_few_points_are_listed() -> None:
    drawn, central = page("sweep_of_few_points", 120), page("sweep_at_central_values", 120)
    assert [line.split() for line in drawn.splitlines() if line.split()[:1] == ["0.5"]] == [
        ["0.5", "never", "25.0%", "(20.0", "to", "30.0%)", "4"]
    ]
    rows = [line.split() for line in central.splitlines() if line.split()[1:2] in (["never"], ["20"])]
    assert rows == [
        ["0.5", "never", "✗", "expired", "12", "Russia", "and", "the", "rule", "'troops'"],
        ["1", "20", "✓", "agreed", "3", "nobody"],
    ]


def test_ties_of_a_solution_are_said_and_the_first_of_them_are_shown() -> None:
    solved = samples.outcomes()["solutions"]
    fair, other = solved["nash"], solved["utilitarian"]
    six = {**solved, "nash": {**fair, "tied": 6, "tied_packages": 9, "others": [other] * 5}}
    shown = " ".join(page("outcomes", solutions=six).split())
    assert shown.count("A tie: 5 other outcomes are as good: ") == 1
    assert shown.count("; and 2 more.") == 1
    two = {**solved, "nash": {**fair, "tied": 2, "tied_packages": 2, "others": [other]}}
    assert "A tie: 1 other outcome is as good: " in " ".join(page("outcomes", solutions=two).split())
