"""A game alone in the terminal, through a pipe: golden transcripts, and what is said when something does not fit.

After a change that is meant, look at the difference, and write the transcripts anew:

    python -m tests.cli.test_play_command
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.game.session.log import read
from sim.game.session.session import Session
from tests.conftest import Command, Ended
from tests.game.hall import state

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "transcripts"
SEATS = [
    (scenario, actor)
    for scenario, actors in {
        "european_force": ["ukraine", "russia", "france", "us"],  # single text
        "us_presses_russia": ["russia"],  # alternating
        "house_rules": ["ben"],
        "warm_flat": ["cleo"],  # alternating
    }.items()
    for actor in actors
]
DEBRIEF = "The debrief shows everybody's walk-away value"
SHORT = ["--months", "2"]
LINES = """
what
brief
set
options arms
set forse 1
{options}
draft
sound us
suggest
score
answers 7
event
event nothing
hold We want more.
accept
leave
accept Now we can live with it.
undo
understudy
"""
OPTIONS = {"flat": "set guests\nset guests=weekends\ntable\nclear", "force": "options force_size\nset force_size=30000"}


def typed(scenario: str) -> str:
    return LINES.strip().format(options=OPTIONS["flat" if scenario in ("house_rules", "warm_flat") else "force"]) + "\n"


def play(folder: Path, lines: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A game in a process of its own, with input from a pipe, at 80 columns."""
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "TZ": "UTC"}
    command = [sys.executable, str(ROOT / "run.py"), "play", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, input=lines, capture_output=True, encoding="utf-8", check=False
    )


def transcript(folder: Path, scenario: str, actor: str) -> str:
    ended = play(folder, typed(scenario), scenario, "--as", actor, *SHORT)
    assert (ended.returncode, ended.stderr) == (0, "")
    game, found, debrief = ended.stdout.partition(DEBRIEF)
    assert found
    assert "not a forecast" in debrief  # the page itself has its own tests
    return "".join(f"{line.rstrip()}\n" for line in [*game.splitlines(), DEBRIEF])


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "actor"), SEATS)
def test_a_game_reads_as_it_did(scenario: str, actor: str, tmp_path: Path) -> None:
    golden = GOLDEN / f"{scenario}.{actor}.txt"
    assert transcript(tmp_path, scenario, actor) == golden.read_text(encoding="utf-8")


def test_there_is_no_other_transcript() -> None:
    assert {path.stem for path in GOLDEN.glob("*")} == {f"{scenario}.{actor}" for scenario, actor in SEATS}


@pytest.fixture
def typing(parley: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Play in this process, in an empty folder; the first argument is what is typed."""
    monkeypatch.chdir(tmp_path)

    def play(lines: object, *arguments: object) -> Ended:
        monkeypatch.setattr("sys.stdin", io.StringIO(str(lines)))
        return parley("play", *arguments)

    return play


def told(ended: Ended) -> str:
    assert ended.code == 0
    return re.sub(r"\s+", " ", ended.out)


BEN = ["house_rules", "--as", "ben"]
FILE = "house_rules.ben.game.jsonl"


def test_the_end_of_the_input_saves_and_says_how_to_go_on(typing: Command) -> None:
    said = told(typing("hold\n", *BEN))
    assert f"The input ended. Saved in {FILE}. To continue, type: parley play --resume {FILE}" in said
    said = told(typing("quit\n", "--resume", FILE))
    assert "Welcome back. This game has 5 entries" in said
    assert "Month 1: what everybody answered" in said
    assert "your amendment > quit" in said


@pytest.mark.slow
def test_wherever_it_is_killed_the_game_that_goes_on_is_the_one_that_was_not(typing: Command, tmp_path: Path) -> None:
    lines = ["hold No.", "set guests weekends", "table", "event hard_frost", "accept", "leave", "redline", "understudy"]
    typing("\n".join(lines) + "\n", *BEN, "--save", "whole")
    whole = (tmp_path / "whole").read_bytes().splitlines(keepends=True)
    kinds = [json.loads(line)["kind"] for line in whole]
    end = state(Session.replay(read(tmp_path / "whole").entries))["tables"][0]["history"]
    moves = {"vote", "amend", "inject", "agent", "next"}
    commands = [line for line in lines if not line.startswith("set") and line != "understudy"]
    for cut in range(5, len(whole)):  # a kill in the middle of the line that would have come next
        (tmp_path / "cut").write_bytes(b"".join(whole[:cut]) + whole[cut][: len(whole[cut]) // 2])
        done = sum(kind in moves for kind in kinds[:cut])
        left = [*commands, "understudy"][done:]
        if left and left[0] == "table":
            left.insert(0, "set guests weekends")
        said = told(typing("\n".join(left) + "\n", "--resume", "cut")) if left else ""
        assert not left or "was cut off while it was being written" in said
        if "agent" not in kinds[:cut]:
            again = state(Session.replay(read(tmp_path / "cut").entries))["tables"][0]["history"]
            assert again == end, cut


def test_a_pledge_of_what_one_does_not_have_is_refused_and_not_said(typing: Command) -> None:
    said = told(typing("accept troops=8000 Gladly.\n", *BEN))
    assert "Ben has no troops to pledge." in said
    assert "what everybody answered" not in said


@pytest.mark.parametrize(("number", "sent"), [("1,5", None), ("8,00", None), ("8,000", "8,000")])
def test_a_comma_in_a_pledge_only_separates_thousands(typing: Command, number: str, sent: str | None) -> None:
    said = told(typing(f"accept troops={number}\nquit\n", "european_force", "--as", "france"))
    if sent is None:
        assert f"'{number}'" in said
        assert "what everybody answered" not in said
    else:
        assert f"sends {sent} troops" in said


def test_a_decimal_comma_in_an_option_is_refused(typing: Command) -> None:
    said = told(typing("set force_size 1,5\nset force_size 5,000\nquit\n", "european_force", "--as", "france"))
    assert "'1,5'" in said
    assert "force_size 50,000 → 5,000" in said


def test_a_game_that_is_over_shows_its_end_again(typing: Command) -> None:
    typing("understudy\n", *BEN)
    said = told(typing("", "--resume", FILE))
    assert "The end Agreed after 3 months" in said
    assert "If your understudy had played from the start: agreed (3 months)." in said


def test_a_second_game_does_not_write_over_the_first(typing: Command, tmp_path: Path) -> None:
    typing("", *BEN)
    before = (tmp_path / FILE).read_bytes()
    typing("", *BEN)
    assert (tmp_path / "house_rules.ben-2.game.jsonl").exists()
    assert (tmp_path / FILE).read_bytes() == before
    ended = typing("", *BEN, "--save", FILE)
    assert (ended.code, ended.err) == (2, f"{FILE} already exists and is not overwritten. Name another file.\n")


def test_another_version_of_the_program_is_said(typing: Command, tmp_path: Path) -> None:
    typing("hold\n", *BEN)
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes().replace(b'"program": "', b'"program": "0.0.9+'))
    assert "This game was started with version 0.0.9+" in told(typing("", "--resume", FILE))


def test_other_files_of_the_scenario_are_said(typing: Command, tmp_path: Path) -> None:
    typing("hold\n", *BEN)
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes().replace(b"He has half an eye on another flat.", b"He likes it here."))
    assert "The scenario's files have changed since this game started." in told(
        typing("", "house_rules", "--resume", FILE)
    )


def test_a_file_from_which_lines_are_gone_is_no_game_that_can_be_played(typing: Command, tmp_path: Path) -> None:
    typing("hold\n", *BEN)
    file = tmp_path / FILE
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(
        b"".join([*lines[:-1], lines[-1].replace(b'"n": 5', b'"n": 5').replace(b'"version": 4', b'"version": 3')])
    )
    ended = typing("", "--resume", FILE)
    assert ended.code == 2
    assert ended.err.startswith(f"{FILE}: entry 5: 'vote' cannot have happened. The talks have moved on")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["house_rules", "--as", "dora"], "Unknown actor 'dora' for --as. Choose from ana, ben, cleo."),
        (["--as", "ben"], "Name a scenario to play."),
        (["house_rules", "--as", "ben", "--json"], "--worlds, --json and --out"),
        (["house_rules", "--as", "ben", "--worlds", "9"], "--worlds, --json and --out"),
        (["house_rules", "--save", "x"], "Choose your actor with --as."),
        (["--resume", "x", "--save", "y"], "Leave out --save."),
        (["--resume", "x", "--seed", "1"], "Leave out --set, --months and --seed."),
        (["--resume", "x"], "x: cannot be read (No such file or directory)."),
        ([], "Name a scenario to play."),
        (
            ["house_rules", "--as", "ben", "--save", "no/where"],
            "no/where: cannot be written (No such file or directory).",
        ),
    ],
)
def test_what_does_not_go_together_is_said(typing: Command, arguments: list[str], message: str) -> None:
    ended = typing("", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["warm_flat", "--resume", FILE], f"{FILE} is a game of 'house_rules', not of 'warm_flat'."),
        (["--as", "ana", "--resume", FILE], f"{FILE} is a game as ben, not as ana."),
    ],
)
def test_a_game_of_something_else_is_not_gone_on_with(typing: Command, arguments: list[str], message: str) -> None:
    typing("", *BEN)
    ended = typing("", *arguments)
    assert ended.code == 2
    assert message in ended.err


@pytest.mark.parametrize(
    "line", ["\x1b[2J", "accept \x07", "set \udcff 3", "set a=b=c=d", "sound", "hold " + "x" * 3000]
)
def test_bad_input_asks_again(typing: Command, line: str) -> None:
    assert told(typing(f"{line}\n", *BEN)).count("your answer >") == 2


@pytest.mark.parametrize(("word", "meant"), [("quti", "quit"), ("acept", "accept"), ("rejct", "reject")])
def test_a_word_that_is_no_command_gets_a_suggestion(typing: Command, word: str, meant: str) -> None:
    assert f"Did you mean '{meant}'?" in told(typing(f"{word}\n", *BEN))


def test_nothing_of_a_game_is_loaded_for_help() -> None:
    watch = "import sys; from sim.cli import main\ntry: main(['play', '--help'])\nfinally: print(sorted(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", watch], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--resume" in ended.stdout
    assert not re.search(r"'(mesa|numpy|yaml|sim\.game[\w.]*|sim\.report\.game)'", ended.stdout)


if __name__ == "__main__":
    import tempfile

    GOLDEN.mkdir(exist_ok=True)
    for scenario, actor in SEATS:
        with tempfile.TemporaryDirectory() as folder:
            shown = transcript(Path(folder), scenario, actor)
        (GOLDEN / f"{scenario}.{actor}.txt").write_text(shown, encoding="utf-8")
