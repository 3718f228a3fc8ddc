"""The commands `export` and `import`: what they write, what they show, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

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
    ended = parley("import", tmp_path, "--out", tmp_path / "case")
    assert ended.code == 2
    assert "domain.xml:2:2: issue 'a' has 0 values; an issue of a case has 2 or more." in ended.err
    assert not (tmp_path / "case").exists()
