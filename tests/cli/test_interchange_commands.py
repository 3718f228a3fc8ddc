"""The commands `export` and `import`: what they write, what they show, and what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.analysis.genius_files import domain, profile, rectangle, rectangles
from tests.conftest import Command

MARKET = Path(__file__).parents[2] / "docs" / "how-to" / "market"
PRICED = ("--set", "actors.cleo.red_lines.no_cleaner.price=40")


def test_export_writes_a_folder_and_says_what_is_in_it(parley: Command, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "flat"
    ended = parley("export", "warm_flat", "--out", folder, *PRICED)
    assert (ended.code, ended.err) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == ["01_ana.yml", "02_ben.yml", "03_cleo.yml", "domain.yml"]
    assert "For NegMAS, at central values: 54 outcomes" in ended.out
    assert "linear additive" in ended.out
    assert "Dropped" not in ended.out
    assert "proposal and protocol: a mechanism brings its own" in ended.out
    assert str(folder / "domain.yml") in ended.out


def test_export_refuses_what_negmas_cannot_say_and_writes_nothing(parley: Command, tmp_path: Path) -> None:
    folder = tmp_path / "flat"
    refused = parley("export", "flatmates", "--out", folder)
    assert (refused.code, refused.out) == (2, "")
    assert "--drop leaves them out:" in refused.err
    assert "actors.cleo.red_lines.no_cleaner: it has no price" in refused.err
    assert not folder.exists()
    dropped = parley("export", "flatmates", "--out", folder, "--drop")
    assert dropped.code == 0
    assert "Dropped: it matters, but the format cannot express it" in dropped.out


def test_export_needs_to_know_for_whom(parley: Command) -> None:
    ended = parley("export", "flatmates")
    assert ended.code == 2
    assert "Missing option '--out'" in ended.err


def test_nothing_is_written_over(parley: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for command in (("export", "warm_flat", *PRICED, "--out"), ("import", MARKET, "--out")):
        ended = parley(*command, tmp_path)
        assert ended.code == 2
        assert "is not empty. Name a new or empty folder." in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_import_writes_a_case_that_is_sound_and_plays(parley: Command, tmp_path: Path) -> None:
    folder = tmp_path / "market"
    ended = parley("import", MARKET, "--out", folder)
    assert (ended.code, ended.err) == (0, "")
    assert "From Genius: 3 issues, 72 packages" in ended.out
    assert "A utility of 1 equals 100 points; each is rounded by 5e-07 points at most." in ended.out
    assert "the discount factor 0.9" in ended.out
    assert parley("check", folder).out.startswith("2 cases and scenarios checked: no mistakes.\n1 zone of agreement ")
    run = json.loads(parley(folder / "offers_in_turn.yaml", "--json").out)
    assert (run["case"], run["outcome"], run["protocol"]["name"]) == ("market", "agreed", "alternating")


def test_a_mistake_in_a_domain_ends_with_2_and_its_place(parley: Command, tmp_path: Path) -> None:
    (tmp_path / "domain.xml").write_text("<negotiation_template>\n <issue name='a'/>\n</negotiation_template>")
    profile(tmp_path, "buyer", {"a": {"low": 1}})
    ended = parley("import", tmp_path, "--out", tmp_path / "case")
    assert ended.code == 2
    assert "domain.xml:2:2: issue 'a' has 0 values; an issue of a case has 2 or more." in ended.err
    assert not (tmp_path / "case").exists()


INPUTS = {
    "two_versions": (
        ("a-domain.xml", "a-buyer.xml", "a-seller.xml", "b-domain.xml", "b-buyer.xml", "b-seller.xml"),
        ("a-domain.xml",),
        ("a_buyer", "a_seller"),
    ),
    "profiles_chosen": (
        ("domain.xml", "buyer.xml", "seller.xml", "third.xml"),
        ("", "--profile", "third", "--profile", "buyer"),
        ("third", "buyer"),
    ),
    "steps": (("domain.xml", "buyer.xml", "seller.xml"), ("", "--steps", "5"), ("buyer", "seller")),
    "by_index": (("domain.xml", "buyer.xml", "seller.xml"), ("", "--by", "index"), ("buyer", "seller")),
}


@pytest.mark.parametrize("kind", INPUTS)
def test_the_options_of_import_choose_what_is_read(parley: Command, tmp_path: Path, kind: str) -> None:
    files, (path, *choices), actors = INPUTS[kind]
    rent = 'type="real" lowerbound="0" upperbound="1"' if kind == "steps" else ("low", "high")
    for file in files:
        if "domain" in file:
            domain(tmp_path, {"rent": rent}, file)
        else:
            linear = '<evaluator ftype="linear" parameter0="0" parameter1="1"/>'
            profile(tmp_path, file[:-4], {"rent": linear if kind == "steps" else {"low": 1, "high": 0}})
    out = tmp_path / "case"
    ended = parley("import", tmp_path / path, *choices, "--out", out, "--json")
    assert (ended.code, ended.err) == (0, "")
    assert tuple(json.loads(ended.out)["actors"]) == actors
    assert parley("check", out).code == 0
    assert parley("outcomes", out).code == 0


def test_how_the_files_were_read_is_shown(parley: Command, tmp_path: Path) -> None:
    domain(tmp_path, {"rent": 'type="integer" lowerbound="0" upperbound="900"'})
    for party in ("buyer", "seller"):
        profile(tmp_path, party, {"rent": '<evaluator ftype="linear" offset="0" slope="0.001"/>'})
    refused = parley("import", tmp_path, "--out", tmp_path / "case")
    assert refused.code == 2
    assert "issue 'rent' has 901 values; an issue of a case has at most 255. Say how many to take" in refused.err
    ended = parley("import", tmp_path, "--steps", "4", "--out", tmp_path / "case")
    assert "How the files were read" in ended.out
    assert "issue 'rent': 4 of its 901 whole numbers, evenly spaced from 0 to 900" in ended.out
    assert "4 of its 901 whole numbers" in (tmp_path / "case" / "case.yaml").read_text()


def test_a_case_that_could_not_be_read_again_is_not_written(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.case.reading.source_text.BYTES_MOST", 4_000)
    bounds = 'type="integer" lowerbound="0" upperbound="9"'
    domain(tmp_path, {"days": bounds, "nights": bounds})
    inside = "".join(rectangle(1, (1, low, low + 3), (2, other, other + 3)) for low in range(5) for other in range(5))
    for party in ("one", "two"):
        rectangles(tmp_path, party, 25, inside)
    ended = parley("import", tmp_path, "--out", tmp_path / "case")
    assert ended.code == 2
    assert re.search(r"actors/one\.yaml would be .* MiB with 25 rules, but a case file may be at most", ended.err)
    assert not (tmp_path / "case").exists()
