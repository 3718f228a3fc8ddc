"""The file of a game: written whole or not at all, and read with a word about what is wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sim.errors import RecordError, UsageError
from sim.game.session.log import FORMAT, GameLog, LogEntry, line, read
from sim.game.session.session import Session
from tests.conftest import Command
from tests.game.hall import Hall

BEGUN = Hall("warm_flat").session.entries[0]
SAID = LogEntry(2, 3.5, "ana", "say", {"table": 1, "text": "Grüß Gott, Łódź 😀"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "game.jsonl"
    log = GameLog(path)
    log.add(BEGUN)
    log.add(SAID)
    log.close()
    return path


def test_what_is_written_is_read(file: Path) -> None:
    assert read(file).entries == (BEGUN, SAID)
    assert not read(file).torn
    assert file.read_bytes().isascii()


def test_an_entry_is_on_the_disk_before_it_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    path = tmp_path / "game.jsonl"
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(path.stat().st_size))
    log = GameLog(path)
    log.add(BEGUN)
    assert synced == [len(line(BEGUN))]
    log.close()


@pytest.mark.parametrize("left", [1, 10, len(line(SAID)) - 1])
def test_a_torn_last_line_did_not_happen_and_is_cut_off(file: Path, left: int) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(line(BEGUN)) + left])
    kept = read(file)
    assert (kept.entries, kept.torn) == ((BEGUN,), True)
    log = GameLog(file, kept)
    log.add(SAID)
    log.close()
    assert file.read_bytes() == whole


def test_nothing_is_written_over(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(UsageError, match="already exists and is not overwritten"):
        GameLog(file)
    assert file.read_bytes() == before


def test_a_full_disk_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()
    log = GameLog(file, read(file))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UsageError, match=r"cannot be written \(No space left on device\)\. Nothing was done\."):
            log.add(LogEntry(3, 4.0, "ana", "say", {}))
    assert file.read_bytes() == before
    log.add(LogEntry(3, 4.0, "ana", "say", {}))
    log.close()
    assert read(file).entries[-1].n == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: [lines[0], b"{}", lines[1]], ":2: a game entry has the keys n, at, by, kind, data."),
        (lambda lines: [lines[0], b"\x00\xff", lines[1]], ":2: this is not JSON."),
        (lambda lines: [lines[0], b"[" * 100_000], ":2: this is not JSON."),
        (lambda lines: [lines[0], lines[1], lines[1]], ":3: expected entry 3, found entry 2."),
        (
            lambda lines: [lines[0], lines[1].replace(b'"at": 3.5', b'"at": NaN')],
            ":2: a game entry has a whole number",
        ),
        (lambda lines: lines[1:], ":1: expected entry 1, found entry 2."),
        (
            lambda lines: [lines[0].replace(FORMAT.encode(), b"parley.run/2")],
            f"this is not a saved game ({FORMAT}).",
        ),
        (lambda lines: [b""], f"this is not a saved game ({FORMAT})."),
    ],
)
def test_a_damaged_file_is_said_to_be_so_and_left_alone(file: Path, change: Any, message: str) -> None:
    lines = file.read_bytes().splitlines()
    file.write_bytes(b"\n".join(change(lines)) + b"\n")
    damaged = file.read_bytes()
    with pytest.raises(RecordError) as found:
        read(file)
    assert message in str(found.value)
    assert file.read_bytes() == damaged


@pytest.mark.parametrize(
    ("version", "program", "who"),
    [
        ("parley.game/2", "0.0.9", "it was saved by version 0.0.9 of the program in the format parley.game/2,"),
        ("parley.game/1", "", "it was saved by an earlier version of the program"),
        ("parley.game/99", "", "it was saved by a later version of the program"),
    ],
)
def test_a_game_of_another_version_is_refused_and_left_alone(
    parley: Command, file: Path, version: str, program: str, who: str
) -> None:
    first, *rest = file.read_bytes().splitlines()
    settings = f'"program": "{program}"'.encode()
    first = first.replace(FORMAT.encode(), version.encode()).replace(b'"program": ""', settings)
    file.write_bytes(b"\n".join([first, *rest]) + b"\n")
    before = file.read_bytes()
    ended = parley("play", "--resume", file)
    assert ended.code != 0
    assert who in ended.err
    assert "Open it with the version that saved it. The file was not changed." in ended.err
    assert file.read_bytes() == before
    with pytest.raises(RecordError, match="entry 1: this game cannot be continued"):
        Session.replay(LogEntry.from_json(json.loads(line)) for line in before.splitlines())


def test_no_file_and_no_game(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be read \(No such file"):
        read(tmp_path / "none")
    (tmp_path / "empty").touch()
    with pytest.raises(RecordError, match="this is not a saved game"):
        read(tmp_path / "empty")
    with pytest.raises(UsageError, match="cannot be written"):
        GameLog(tmp_path / "no" / "folder")
