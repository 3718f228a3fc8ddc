"""Published domains as they are: flat parties, several versions, other files, ranges, hyper-rectangles, GeniusWeb.

Each kind of folder is built from the rules of its format, and every expected utility is worked out by hand.
"""

from __future__ import annotations

import gc
import os
import random
import time
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.interchange.domain_folder import ReadingChoices
from sim.analysis.interchange.import_domain import ImportedCase, make_case, read_domain
from sim.case.loader import build_case
from sim.errors import CaseError, UsageError
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from tests.analysis.genius_files import domain, profile, rectangle, rectangles, web_domain, web_profile, write
from tests.analysis.test_exchange import surplus

PRICE = {"price": ["low", "high"]}
BUYER, SELLER = {"price": {"low": 1, "high": 0}}, {"price": {"low": 0.2, "high": 1}}


def imported(path: Path, **choices: Any) -> ImportedCase:
    return make_case(read_domain(path, ReadingChoices(**choices)), "it")


def points(made: ImportedCase, actor: str) -> dict[Any, float]:
    """Package, or its only option, to surplus."""
    return {
        package[0] if len(package) == 1 else package: round(value, 6)
        for package, value in surplus(build_case(made.case))[actor].items()
    }


# -- parties without a rule --------------------------------------------------------------------------------------------


def genius_without_weight(folder: Path) -> Path:
    domain(folder, {"price": ["low", "high"], "days": 'type="integer" lowerbound="1" upperbound="7"'})
    slope = {"price": {"low": 0, "high": 1}, "days": '<evaluator ftype="linear" offset="0" slope="0"/>'}
    path = profile(folder, "flat", slope)
    write(path, path.read_text().replace('value="0.5"', 'value="0"'))
    profile(folder, "other", {"price": {"low": 1, "high": 0}, "days": '<evaluator offset="0" slope="0.1"/>'})
    return folder


def genius_all_zero(folder: Path) -> Path:
    domain(folder, PRICE)
    profile(folder, "flat", {"price": {"low": 0, "high": 0}})
    profile(folder, "other", BUYER)
    return folder


def genius_rectangle_of_nothing(folder: Path) -> Path:
    domain(folder, {"days": 'type="integer" lowerbound="1" upperbound="7"'})
    rectangles(folder, "flat", 10, rectangle(10, (1, 8, 9)))
    rectangles(folder, "other", 10, rectangle(10, (1, 2, 3)))
    return folder


def negmas_constant(folder: Path) -> Path:
    issues = "issues: [{name: price, type: CategoricalIssue, values: [low, high]}]"
    write(folder / "domain.yml", f"name: domain\ntype: DiscreteCartesianOutcomeSpace\n{issues}\n")
    kind = "type: LinearAdditiveUtilityFunction\nreserved_value: 0.0\nweights: [1.0]"
    write(folder / "flat.yml", f"name: flat\n{kind}\nvalues: [{{type: ConstFun, bias: 0.0}}]\n")
    table = "{type: TableFun, mapping: {low: 1.0, high: 0.0}}"
    write(folder / "other.yml", f"name: other\n{kind}\nvalues: [{table}]\n")
    return folder


def negmas_rectangle_of_nothing(folder: Path) -> Path:
    negmas_constant(folder)
    box = "outcome_ranges: [{0: [5, 6]}]\nutilities: [1.0]"
    write(folder / "flat.yml", f"name: flat\ntype: HyperRectangleUtilityFunction\nreserved_value: 0.0\n{box}\n")
    return folder


@pytest.mark.parametrize(
    "build",
    [
        genius_all_zero,
        genius_without_weight,
        genius_rectangle_of_nothing,
        negmas_constant,
        negmas_rectangle_of_nothing,
    ],
)
def test_a_party_that_nothing_matters_to_has_no_rules(build: Any, tmp_path: Path) -> None:
    made = imported(build(tmp_path))
    assert made.report["actors"]["flat"]["rules"] == 0
    reservation = made.report["actors"]["flat"]["reservation"]
    assert set(points(made, "flat").values()) == {-reservation}
    assert made.report["actors"]["other"]["rules"] > 0
    scenario = build_scenario({**made.scenario, "id": "x", "case": dict(made.case)})
    assert play(scenario).outcome is not None


# -- several versions in one folder ------------------------------------------------------------------------------------

VERSIONS = {
    "a word first": ("a-domain a-buyer a-seller b-domain b-buyer b-seller", "a-domain", "a-buyer a-seller"),
    "as in ANAC 2012": (
        "House-A-domain House-A-prof1 House-A-prof2 House-B-domain House-B-prof1 House-B-prof2 "
        "House-C-domain House-C-prof1 House-C-prof2",
        "House-B-domain",
        "House-B-prof1 House-B-prof2",
    ),
    "a word last": ("domain_x buyer_x seller_x domain_y buyer_y seller_y", "domain_y", "buyer_y seller_y"),
    "numbers": ("car1 car1_util1 car1_util2 car2 car2_util1 car2_util2", "car2", "car2_util1 car2_util2"),
}


@pytest.mark.parametrize("kind", VERSIONS)
def test_a_domain_takes_the_profiles_that_belong_to_it(kind: str, tmp_path: Path) -> None:
    names, chosen, parties = VERSIONS[kind]
    domains = [name for name in names.split() if f"{name}_util1" in names or "domain" in name]
    for name in names.split():
        if name in domains:
            domain(tmp_path, PRICE, f"{name}.xml")
        else:
            profile(tmp_path, name, BUYER)
    made = imported(tmp_path / f"{chosen}.xml")
    assert [actor["name"] for actor in made.report["actors"].values()] == parties.split()
    rest = len(names.split()) - len(domains) - len(parties.split())
    assert len([note for note in made.report["notes"] if "by its name (--profile chooses it)" in note]) == rest
    with pytest.raises(CaseError, match=rf"{len(domains)} files with issues .* Name one of them: .*{chosen}\.xml"):
        imported(tmp_path)


def test_profiles_that_belong_to_no_domain_in_particular_are_read_for_each(tmp_path: Path) -> None:
    for name in ("one.xml", "two.xml"):
        domain(tmp_path, PRICE, name)
    for name in ("buyer", "seller"):
        profile(tmp_path, name, BUYER)
    assert list(imported(tmp_path / "two.xml").report["actors"]) == ["buyer", "seller"]


def test_profiles_are_chosen_by_name(tmp_path: Path) -> None:
    domain(tmp_path, PRICE)
    for at in range(4):
        profile(tmp_path, f"party{at}", SELLER)
    made = imported(tmp_path, profiles=["party3", "party1.xml"])
    assert list(made.report["actors"]) == ["party3", "party1"]
    with pytest.raises(UsageError, match=r"--profile party9: .* Did you mean 'party"):
        imported(tmp_path, profiles=["party1", "party9"])
    with pytest.raises(UsageError, match="named twice"):
        imported(tmp_path, profiles=["party1", "party1.xml"])


# -- files that are no part of a domain --------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["\n0.5, 1.0\n0.7, 0.9\n", "", "bid;utility\n1;2\n", "{}", "plain words"])
def test_a_file_that_is_not_xml_is_left_out_and_named(content: str, tmp_path: Path) -> None:
    domain(tmp_path, PRICE)
    profile(tmp_path, "buyer", BUYER)
    profile(tmp_path, "seller", SELLER)
    odd = write(tmp_path / "pareto.xml", content)
    assert imported(tmp_path / "domain.xml").report["left_out"] == [f"{odd.as_posix()} is not XML"]


def test_a_pipe_is_left_out_and_named(tmp_path: Path) -> None:
    domain(tmp_path, PRICE)
    profile(tmp_path, "buyer", BUYER)
    profile(tmp_path, "seller", SELLER)
    pipe = tmp_path / "pipe.xml"
    os.mkfifo(pipe)
    assert imported(tmp_path).report["left_out"] == [f"{pipe.as_posix()} is not a regular file"]
    with pytest.raises(CaseError, match="not a regular file"):
        imported(pipe)


@pytest.mark.parametrize("before", ["<!-- made by hand -->", "\n<!-- a -->\n<!-- b - c -->\n", "\n  "])
def test_a_declaration_after_a_comment_is_read_as_in_genius(before: str, tmp_path: Path) -> None:
    path = domain(tmp_path, PRICE)
    profile(tmp_path, "buyer", BUYER)
    profile(tmp_path, "seller", SELLER)
    write(path, f'{before}<?xml version="1.0" encoding="UTF-8"?>{path.read_text()}')
    assert points(imported(tmp_path), "buyer") == {"low": 100, "high": 0}


# -- indices, evaluations, bounds --------------------------------------------------------------------------------------


def swapped(folder: Path, names: tuple[str, ...]) -> Path:
    """A profile whose issues stand in another order, with weights that tell them apart."""
    domain(folder, {name: ["a", "b"] for name in sorted(names)})
    for party, order in {"p": names, "q": tuple(sorted(names))}.items():
        items = '<item value="a" evaluation="0"/><item value="b" evaluation="1"/>'
        inside = "".join(
            f'<issue index="{index}" name="{name}">{items}</issue><weight index="{index}" value="{0.1 * index}"/>'
            for index, name in enumerate(order, 1)
        )
        write(folder / f"{party}.xml", f"<utility_space><objective>{inside}</objective></utility_space>")
    return folder


@pytest.mark.parametrize("names", [("second", "first"), ("c", "a", "b"), ("a", "d", "c", "b")])
def test_issues_are_matched_by_name_and_on_request_by_index(names: tuple[str, ...], tmp_path: Path) -> None:
    folder, ordered = swapped(tmp_path, names), sorted(names)
    by_name, by_index = imported(folder), imported(folder, by="index")
    [note] = by_name.report["notes"]
    assert f"{folder.as_posix()}/p.xml: the index of " in note
    assert "(Genius matches by index: --by index)" in note
    assert by_index.report["notes"] == []
    for at, name in enumerate(ordered):
        package = tuple("b" if other == name else "a" for other in ordered)
        assert points(by_name, "p")[package] == 10 * (names.index(name) + 1)
        assert points(by_index, "p")[package] == 10 * (at + 1) == points(by_index, "q")[package]


def test_only_two_ways_to_match_issues(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--by place: issues are matched by name or by index"):
        imported(swapped(tmp_path, ("b", "a")), by="place")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"low": -0.01, "high": 1}, {"low": -1, "high": 100}),
        ({"low": -3, "high": 4}, {"low": -75, "high": 100}),
        ({"low": -3, "high": -4}, {"low": 0, "high": 0}),  # Genius: no evaluation reaches 0.00001, so all are 0
        ({"low": "null", "high": 5}, {"low": 0, "high": 100}),
        ({"low": "null", "high": "null"}, {"low": 0, "high": 0}),
        ({"low": 0.5, "high": "null"}, {"low": 100, "high": 0}),
    ],
)
def test_evaluations_below_0_and_missing_ones_are_read_as_in_genius(
    table: Any, expected: dict[str, float], tmp_path: Path
) -> None:
    domain(tmp_path, PRICE)
    profile(tmp_path, "odd", {"price": table}, '<discount_factor value="null"/><reservation value="null"/>')
    profile(tmp_path, "other", BUYER)
    made = imported(tmp_path)
    assert points(made, "odd") == expected
    unset = [value for value, evaluation in table.items() if evaluation == "null"]
    said = f"{tmp_path.as_posix()}/odd.xml: the evaluation of {', '.join(unset)} in 'price' is null, taken as 0"
    assert made.report["notes"] == ([said] if unset else [])
    assert made.report["left_out"] == []


INTEGER = '<evaluator ftype="linear" offset="0" slope="0.1"/>'


@pytest.mark.parametrize(
    ("issue", "evaluator", "steps", "expected", "note"),
    [
        ('type="integer" lowerbound="1.0" upperbound="3.0"', INTEGER, None, {1: 0, 2: 10, 3: 20}, None),
        (
            'type="integer" lowerbound="1.5" upperbound="3.9"',
            INTEGER,
            None,
            {2: 5, 3: 15},
            "the whole numbers from 2 to 3, as its bounds are 1.5 and 3.9",
        ),
        (
            'type="integer" lowerbound="0" upperbound="1000"',
            '<evaluator ftype="linear" offset="0" slope="0.001"/>',
            3,
            {0: 0, 500: 50, 1000: 100},
            "3 of its 1,001 whole numbers, evenly spaced from 0 to 1000",
        ),
        (
            'type="real" lowerbound="0" upperbound="0.3"',
            '<evaluator ftype="linear" parameter0="0" parameter1="2"/>',
            4,
            {0: 0, 0.1: 20, 0.2: 40, 0.3: 60},
            "4 of its real numbers, evenly spaced from 0 to 0.3",
        ),
        (
            'type="real" lowerbound="0" upperbound="4"',
            '<evaluator ftype="triangular" parameter0="0" parameter1="4" parameter2="1"/>',
            5,
            {0: 0, 1: 100, 2: 66.666667, 3: 33.333333, 4: 0},
            "5 of its real numbers, evenly spaced from 0 to 4",
        ),
        (
            'type="real" lowerbound="-1" upperbound="1"',
            '<evaluator ftype="constant" parameter0="0.25"/>',
            2,
            {-1: 25, 1: 25},
            "2 of its real numbers, evenly spaced from -1 to 1",
        ),
    ],
)
def test_ranges_of_numbers_become_options(
    issue: str, evaluator: str, steps: int | None, expected: dict[float, float], note: str | None, tmp_path: Path
) -> None:
    domain(tmp_path, {"rent": issue})
    for party in ("one", "two"):
        profile(tmp_path, party, {"rent": evaluator})
    made = imported(tmp_path, steps=steps)
    assert points(made, "one") == pytest.approx(expected)
    assert made.report["notes"] == ([f"issue 'rent': {note}"] if note else [])
    if steps is not None:
        with pytest.raises(CaseError, match="Say how many to take, evenly spaced, such as --steps 21"):
            imported(tmp_path)


@pytest.mark.parametrize("steps", [0, 1, 256, -3])
def test_a_range_gets_from_2_to_255_values(steps: int) -> None:
    with pytest.raises(UsageError, match=f"--steps {steps}: a range gets from 2 to 255 values"):
        ReadingChoices(steps=steps)


@pytest.mark.parametrize(
    ("kind", "ends", "message"),
    [
        ("ContiguousIssue", "[-1e300, 1e300]", r"has about 2e\+300 values; an issue of a case has at most 255"),
        ("ContiguousIssue", "[0, 1e18]", r"has about 1e\+18 values"),
        ("ContiguousIssue", "[1, 300]", "has 300 values"),
        ("ContiguousIssue", "[3, 2]", "needs a lower bound and a larger upper bound"),
        ("ContinuousIssue", "[0.0, 1.0]", "has real numbers as values; a case lists them"),
        ("ContinuousIssue", "[1.0, 1.0]", r"the upper bound of issue 'price' \(1\) must be above"),
    ],
)
def test_a_range_of_negmas_without_steps_is_refused_in_words(
    kind: str, ends: str, message: str, tmp_path: Path
) -> None:
    issues = f"issues: [{{name: price, type: {kind}, values: {ends}}}]"
    write(tmp_path / "domain.yml", f"name: d\ntype: CartesianOutcomeSpace\n{issues}\n")
    write(tmp_path / "a.yml", "name: a\ntype: LinearAdditiveUtilityFunction\nvalues: [{type: IdentityFun}]\n")
    with pytest.raises(CaseError, match=message):
        imported(tmp_path)


def test_ranges_of_negmas_get_steps(tmp_path: Path) -> None:
    ranges = {"price": ("ContinuousIssue", "[0.0, 1.0]"), "days": ("ContiguousIssue", "[0, 400]")}
    issues = "".join(f"- {{name: {name}, type: {kind}, values: {ends}}}\n" for name, (kind, ends) in ranges.items())
    write(tmp_path / "domain.yml", f"name: d\ntype: CartesianOutcomeSpace\nissues:\n{issues}")
    functions = "values: [{type: IdentityFun}, {type: AffineFun, slope: 0.0025, bias: 0}]\nweights: [0.5, 0.5]"
    for party in "ab":
        write(tmp_path / f"{party}.yml", f"name: {party}\ntype: LinearAdditiveUtilityFunction\n{functions}\n")
    made = imported(tmp_path, steps=5)
    assert points(made, "a")[0.25, 300] == 12.5 + 37.5
    assert len(made.report["notes"]) == 2


# -- hyper-rectangles --------------------------------------------------------------------------------------------------


def days(folder: Path, most: int = 9) -> Path:
    bounds = f'type="integer" lowerbound="0" upperbound="{most}"'
    domain(folder, {"days": bounds, "nights": bounds})
    return folder


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (rectangle(10, (1, 2, 4), (2, 0, 1)), {(2, 1): 50, (4, 0): 50, (5, 0): -50, (2, 2): -50}),
        (rectangle(4, (1, 0, 5)) + rectangle(6, (1, 5, 9)), {(0, 0): -10, (5, 3): 50, (6, 3): 10}),
        (rectangle(5) + rectangle(5, (2, 3, 3)), {(1, 3): 50, (1, 4): 0}),
        (rectangle(10, (1, 0, 4), tag="EXCLUDES"), {(0, 0): -50, (5, 0): 50}),
        (rectangle(10, (1, 0, 4), (2, 0, 4), tag="EXCLUDES"), {(4, 4): -50, (4, 5): 50, (5, 4): 50}),
        (rectangle(4, (1, 1, 1), weight=2.5), {(1, 7): 50, (2, 7): -50}),
        (
            f'<ufun aggregation="sum" weight="0.5">{rectangle(10, (1, 1, 1))}</ufun>{rectangle(5, (2, 1, 1))}',
            {(1, 1): 50, (1, 0): 0, (0, 1): 0, (0, 0): -50},
        ),
    ],
)
def test_hyper_rectangles_of_genius_are_sums_over_their_bounds(
    inside: str, expected: dict[Any, float], tmp_path: Path
) -> None:
    """Utilities are divided by maxutility, 10; no deal is worth 0.5."""
    folder = days(tmp_path)
    for party in ("one", "two"):
        rectangles(folder, party, 10, inside)
    made = imported(folder)
    found = points(made, "one")
    assert {package: found[package] for package in expected} == pytest.approx(expected)
    assert made.report["notes"][0].endswith("utilities are taken as shares of maxutility, 10, and are not cut off at 1")


@pytest.mark.parametrize(
    ("most", "inside", "message"),
    [
        (0, rectangle(10), "maxutility is 0; utilities are divided by it"),
        (1, rectangle(10, (3, 0, 1)), "index='3' is not the index of an issue. Choose from 1, 2"),
        (1, f'<ufun aggregation="max">{rectangle(1)}</ufun>', "utilities are aggregated by 'max'; only sums are read"),
    ],
)
def test_hyper_rectangles_that_cannot_be_read_are_refused(
    most: float, inside: str, message: str, tmp_path: Path
) -> None:
    rectangles(days(tmp_path), "one", most, inside)
    with pytest.raises(CaseError, match=message):
        imported(tmp_path)


def genius_boxes(folder: Path, count: int) -> Path:
    rng = random.Random(1)
    for party in ("one", "two"):
        lows = [(rng.randrange(5), rng.randrange(5)) for _ in range(count)]
        inside = "".join(rectangle(1, (1, low, low + 3), (2, other, other + 4)) for low, other in lows)
        rectangles(days(folder), party, count, inside)
    return folder


def negmas_boxes(folder: Path, count: int) -> Path:
    rng = random.Random(1)
    issues = "".join(f"- {{name: {name}, type: ContiguousIssue, values: [0, 9]}}\n" for name in ("days", "nights"))
    write(folder / "domain.yml", f"name: d\ntype: DiscreteCartesianOutcomeSpace\nissues:\n{issues}")
    for party in "ab":
        ranges = "".join(f"- {{{rng.randrange(2)}: [{rng.randrange(-1, 4)}, 6]}}\n" for _ in range(count))
        worths = f"utilities: [{', '.join([str(1 / count)] * count)}]"
        kind = f"name: {party}\ntype: HyperRectangleUtilityFunction\nreserved_value: 0.0"
        write(folder / f"{party}.yml", f"{kind}\noutcome_ranges:\n{ranges}{worths}\n")
    return folder


@pytest.mark.parametrize("build", [genius_boxes, negmas_boxes])
def test_the_time_of_an_import_grows_with_the_number_of_hyper_rectangles(build: Any, tmp_path: Path) -> None:
    """Four times as many take about four times as long, not sixteen."""
    took = []
    for count in (2_000, 8_000):
        folder = build(tmp_path / str(count), count)
        gc.disable()  # a collection looks through all that other tests have left in this process
        before = time.process_time()
        made = imported(folder)
        took.append(time.process_time() - before)
        gc.enable()
        assert all(actor["rules"] <= 25 for actor in made.report["actors"].values())
    assert took[1] < 8 * took[0] + 0.1  # squares would be sixteen times


@pytest.mark.slow
def test_a_large_file_of_hyper_rectangles_is_read_and_a_larger_one_is_refused(tmp_path: Path) -> None:
    folder = genius_boxes(tmp_path, 12_000)
    assert (folder / "one.xml").stat().st_size > 2**20
    assert imported(folder).report["actors"]["one"]["rules"] == 25
    write(folder / "one.xml", f"<utility_space>{' ' * 2**22}</utility_space>")
    with pytest.raises(CaseError, match=r"one\.xml: the file is 4\.0 MiB; such a file may be at most 4 MiB\."):
        imported(folder)


# -- GeniusWeb ---------------------------------------------------------------------------------------------------------

JOBS = web_domain({"car": ["yes", "no"], "pay": ["2000", "2500", "3000"], "days": {"low": 0, "high": 1, "step": 0.25}})
TABLES = {
    "car": {"yes": 1, "no": 0},
    "pay": {"2000": 0, "2500": 0.25, "3000": 1},
    "days": {"lowValue": 0, "lowUtility": 1, "highValue": 1, "highUtility": 0},
}
WEIGHTS = {"car": 0.2, "pay": 0.5, "days": 0.3}


def jobs(folder: Path, *, with_domain: bool = True, **rest: Any) -> Path:
    if with_domain:
        write(folder / "jobs.json", JOBS)
    for party in ("jobs1", "jobs2"):
        write(folder / f"{party}.json", web_profile(JOBS, TABLES, WEIGHTS, name=party, **rest))
    return folder


@pytest.mark.parametrize(
    ("with_domain", "named"), [(True, ""), (True, "jobs.json"), (False, ""), (False, "jobs2.json")]
)
def test_a_domain_of_geniusweb_has_its_utilities(with_domain: bool, named: str, tmp_path: Path) -> None:
    made = imported(jobs(tmp_path, with_domain=with_domain) / named)
    assert (made.report["from"], made.report["packages"], made.report["notes"]) == ("geniusweb", 30, [])
    assert points(made, "jobs1") == {
        (car, pay, day): pytest.approx(
            100 * (0.2 * (car == "yes") + 0.5 * {2000: 0, 2500: 0.25, 3000: 1}[pay] + 0.3 * (1 - day)), abs=2e-6
        )
        for car in ("yes", "no")
        for pay in (2000, 2500, 3000)
        for day in (0, 0.25, 0.5, 0.75, 1)
    }


@pytest.mark.parametrize(
    ("bid", "expected"),
    [
        ({"car": "yes", "pay": "2500", "days": 0.5}, 47.5),
        ({"car": "no", "pay": "2000", "days": 1}, 0),
        ({"pay": "3000"}, 50),
    ],
)
def test_a_reservation_bid_is_worth_its_utility(bid: dict[str, Any], expected: float, tmp_path: Path) -> None:
    made = imported(jobs(tmp_path, reservationBid={"issuevalues": bid}))
    assert made.report["actors"]["jobs1"]["reservation"] == pytest.approx(expected)


def test_a_long_range_of_geniusweb_gets_steps(tmp_path: Path) -> None:
    space = web_domain({"days": {"low": "0", "high": "1", "step": "0.001"}})
    for party in ("one", "two"):
        tables = {"days": TABLES["days"]}
        write(tmp_path / f"{party}.json", web_profile(space, tables, {"days": 1}, name=party))
    with pytest.raises(CaseError, match="--steps 21"):
        imported(tmp_path)
    assert points(imported(tmp_path, steps=3), "one") == {0: 100, 0.5: 50, 1: 0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"issueWeights": {"car": 1}}, "issueWeights.pay: this must be a finite number, not nothing"),
        ({"issueWeights": {**WEIGHTS, "car": "much"}}, "issueWeights.car: this must be a finite number, not 'much'"),
        ({"issueUtilities": {"cart": {}}}, "the domain has no issue 'cart'. Did you mean 'car'?"),
        ({"issueUtilities": {"car": {"CosUtilities": {}}}}, "utilities of values of type 'CosUtilities' are not read"),
        ({"reservationBid": {"issuevalues": {"car": "maybe"}}}, "the domain has no value 'maybe' of 'car'"),
        ({"domain": web_domain({"car": ["yes"]})}, "issue 'car' has 1 values; an issue of a case has 2 to 255"),
    ],
)
def test_a_mistake_in_a_profile_of_geniusweb_is_named(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError) as raised:
        imported(jobs(tmp_path, with_domain="domain" not in change, **change))
    assert message in str(raised.value)
    assert f"{tmp_path.as_posix()}/jobs1.json" in str(raised.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"LinearAdditiveUtilitySpace": }', "1:32: this is not JSON"),
        ('{"a": NaN}', "NaN is not a number"),
        ('{"SumOfGroupsUtilitySpace": {}}', "utilities of type 'SumOfGroupsUtilitySpace' are not read"),
    ],
)
def test_a_file_that_is_not_a_profile_of_geniusweb_is_refused(content: str, message: str, tmp_path: Path) -> None:
    write(jobs(tmp_path) / "jobs3.json", content)
    with pytest.raises(CaseError, match=message):
        imported(tmp_path)
