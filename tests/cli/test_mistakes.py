"""A user's mistake is a sentence on standard error and exit code 2, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import case_paths
from tests.conftest import Command

HEADLINE = "european_force"
ROOT = Path(__file__).parents[2]

MISTAKES = {
    "no such scenario": (["european_forse"], "Did you mean 'european_force'?"),
    "an actor without its option": (
        ["why", HEADLINE, "poland"],
        f"extra argument(s) (poland) Example: parley why {HEADLINE} --actor poland",
    ),
    "an option far below all others": (
        ["verdicts", "ukraine_2025", "--propose", "force=european force_size=40 mandate=tripwire deployment=rear"],
        "For force_size 40, the nearest option 0 was used.",
    ),
    "nothing to compare with": (["compare"], "Missing argument 'PATHS'. Example: parley compare ukraine_2025"),
    "a setting of what has several numbers": (
        ["verdicts", HEADLINE, "--set", "us_aid=0"],
        "Did you mean 'context.us_aid.start' or",
    ),
    "a word for a command": (["verdict", HEADLINE], "Type 'parley verdicts'."),
    "a mistyped command": (["plya", HEADLINE, "--months", "1"], "Did you mean the command 'play'?"),
    "another mistyped command": (["sensitivty", HEADLINE], "Did you mean the command 'sensitivity'?"),
    "a word that names nothing": (["xyzzy"], "parley help lists the commands, parley alone the scenarios"),
    "help on a mistyped command": (["help", "ensamble"], "Did you mean the command 'ensemble'?"),
    "months with a decimal comma": ([HEADLINE, "--months", "1,5"], "'1,5' is not a whole number"),
    "thousands with a point": ([HEADLINE, "--worlds", "1.000"], "Write it like 1000 or 1,000."),
    "an option that may be two numbers": (
        ["verdicts", HEADLINE, "--propose", "force_size=30.000"],
        "--propose force_size=30.000 could mean two numbers. Write force_size=30000 or force_size=30.",
    ),
    "a share with a decimal comma": (["discover", "cleaner", "--mass", "0,1"], "'0,1' is not a number"),
    "no such file": (["nowhere/x.yaml"], "no file 'nowhere/x.yaml'"),
    "a case to play": (["play", "ukraine_2025"], "is a case. Name one of its scenarios: a_price_for_the_force,"),
    "a folder to play": ([str(ROOT / "tests")], "is a folder. Name a scenario file"),
    "no such option": ([HEADLINE, "--wolds", "5"], "--wolds"),
    "no world": ([HEADLINE, "--worlds", "0"], "--worlds 0: a run needs at least 1 world"),
    "fewer than no world": ([HEADLINE, "--worlds", "-3"], "--worlds -3: a run needs at least 1 world"),
    "too many worlds": ([HEADLINE, "--worlds", str(10**12)], "The maximum is 1,000,000"),
    "worlds in words": ([HEADLINE, "--worlds", "many"], "Invalid value for '--worlds'"),
    "a negative seed": ([HEADLINE, "--seed", "-1"], "Invalid value for '--seed'"),
    "no month": ([HEADLINE, "--months", "0"], "Invalid value for '--months'"),
    "a setting without =": ([HEADLINE, "--set", "a.b"], "Write PATH=VALUE"),
    "a setting of no number": ([HEADLINE, "--set", "context.us_aidd.start=0"], "Did you mean"),
    "a setting of no value": ([HEADLINE, "--set", "context.us_aid.start=lots"], "lots"),
    "a setting that is NaN": ([HEADLINE, "--set", "context.us_aid.start=.nan"], "not a finite number"),
    "an unknown actor": (["why", HEADLINE, "--actor", "rusia"], "Did you mean 'russia'?"),
    "no actor": (["why", HEADLINE], "--actor"),
    "a proposal without =": (["verdicts", HEADLINE, "--propose", "force"], "Write ISSUE=OPTION"),
    "an unknown issue": (["verdicts", HEADLINE, "--propose", "forse=un"], "Did you mean 'force'?"),
    "an unknown option": (["verdicts", HEADLINE, "--propose", "mandate=tripwyre"], "Did you mean 'tripwire'?"),
    "an impossible package": (["verdicts", HEADLINE, "--propose", "force=un"], "mandate"),
    "a month beyond the end": (["verdicts", HEADLINE, "--month", "13"], "Month 13 lies outside the talks"),
    "a month of a case": (["verdicts", "ukraine_2025", "--month", "1"], "A case has no months"),
    "a setting of no number of a case": (
        ["verdicts", "ukraine_2025", "--set", "a=1"],
        "--set a: the case has no number",
    ),
    "a setting of a case out of bounds": (
        ["why", "ukraine_2025", "--set", "context.us_aid.start=7", "--actor", "us"],
        "7",
    ),
    "a proposal of a case": (
        ["outcomes", "flatmates", "--set", "proposal.rent=equal"],
        "a case has no proposal",
    ),
    "a folder for verdicts": (["verdicts", str(ROOT / "tests")], "is a folder. Name a scenario file"),
    "nothing to compare": (["compare", str(ROOT / "docs")], "no scenarios in"),
    "nothing to check": (["check", str(ROOT / "docs")], "no cases or scenarios in"),
    "sources of nothing": (["sources", "atlantis"], "'atlantis'"),
}


@pytest.mark.parametrize(("arguments", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_a_sentence(parley: Command, arguments: list[str], said: str) -> None:
    ended = parley(*arguments)
    assert ended.code == 2
    assert said in " ".join(ended.err.replace("│", " ").split())
    assert "Traceback" not in ended.err
    assert ended.out == ""


def test_a_file_in_the_folder_is_suggested_before_anything_bundled(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "opening.yaml").write_text("title: x", encoding="utf-8")
    for command in ([], ["verdicts"]):
        assert "Did you mean 'opening.yaml'?" in parley(*command, "opening").err


def test_all_mistakes_of_a_file_are_named_one_a_line_with_their_place(parley: Command, tmp_path: Path) -> None:
    case = case_paths.find("ukraine_2025").resolve()
    scenario = tmp_path / "x.yaml"
    scenario.write_text(
        f"case: {case}\ntitle: x\nquestion: y?\nsponsor: frence\nproposal: {{force: european, mandate: tripwyre}}\n",
        encoding="utf-8",
    )
    ended = parley(scenario)
    assert ended.code == 2
    lines = ended.err.splitlines()
    assert any(line.startswith(f"{scenario.as_posix()}:4:10 sponsor: ") for line in lines)
    assert any(
        line.startswith(f"{scenario.as_posix()}:5:") and "proposal.mandate: 'tripwyre'" in line for line in lines
    )


def test_an_out_that_is_a_file_is_refused(parley: Command, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    ended = parley(HEADLINE, "--months", "1", "--out", tmp_path / "taken")
    assert ended.code == 2
    assert "is a file. Name a folder." in ended.err


def test_an_out_that_may_not_be_written_is_refused(parley: Command, closed: Path) -> None:
    ended = parley(HEADLINE, "--months", "1", "--out", closed / "below")
    assert ended.code == 2
    assert "cannot be written" in ended.err


def test_all_mistakes_of_several_scenarios_are_named(parley: Command, tmp_path: Path) -> None:
    case = case_paths.find("flatmates").resolve()
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(f"case: {case}\ntitle: x\n", encoding="utf-8")
    ended = parley("compare", tmp_path)
    assert ended.code == 2
    assert "a.yaml" in ended.err
    assert "b.yaml" in ended.err


def program(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start the program as a process of its own."""
    command = [sys.executable, str(ROOT / "run.py"), *arguments]
    environment = {**os.environ, "COLUMNS": "80", **variables}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_a_reader_that_leaves_early_is_no_error() -> None:
    with program("sources", "ukraine_2025") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""


def test_a_folder_that_cannot_be_made_is_refused(parley: Command, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    ended = parley("new", tmp_path / "taken" / "below")
    assert ended.code == 2
    assert "cannot be written" in ended.err


def test_an_interrupt_ends_with_a_word(parley: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.negotiation.run.play", interrupted)
    ended = parley(HEADLINE)
    assert (ended.code, ended.out, ended.err) == (130, "", "Interrupted.\n")


@pytest.mark.slow
def test_a_terminal_that_knows_ascii_alone_is_no_error() -> None:
    with program("bare_ceasefire", PYTHONIOENCODING="ascii") as process:
        out, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")
        assert "+ yes" in out
