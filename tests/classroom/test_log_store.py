"""The file: what is in it stays, what is damaged is found, said, and kept aside."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import pytest

from sim.classroom.log_store import (
    SCHEMA,
    VERSION,
    LogStore,
    NewParticipant,
    SessionRow,
    StorageError,
    StoredKey,
    entry_checksum,
)
from sim.classroom.store_repair import open_store
from sim.errors import UsageError

ENTRIES = 40
Damage: TypeAlias = Callable[[bytes, Random], bytes]


def filled(path: Path, entries: int = ENTRIES) -> LogStore:
    store, said = open_store(path)
    assert said == []
    store.begin(SessionRow("s", "ABCDEF", "A class", 1.0, 0), "a1", {"n": 1, "by": "teacher"})
    for n in range(2, entries + 1):
        store.append("s", f"a{n}", {"n": n, "by": "ann", "text": "é" * n})
    return store


def test_what_is_appended_is_there_after_a_copy_taken_without_closing(tmp_path: Path) -> None:
    store = filled(tmp_path / "class.db")
    for name in ("class.db", "class.db-wal"):  # as a killed process leaves them
        shutil.copy(tmp_path / name, tmp_path / f"killed-{name.removeprefix('class')}")
    store.close()
    for suffix in (".db", ".db-wal"):
        (tmp_path / f"killed-{suffix}").rename(tmp_path / f"killed{suffix}")
    again, said = open_store(tmp_path / "killed.db")
    assert said == []
    assert [one["n"] for one in again.entries("s")] == list(range(1, ENTRIES + 1))
    again.close()


def test_an_action_stands_in_the_log_once(tmp_path: Path) -> None:
    store = filled(tmp_path / "class.db", 2)
    assert store.find_action("a2") is not None
    assert store.find_action("a3") is None
    with pytest.raises(sqlite3.IntegrityError):
        store.append("s", "a2", {"n": 3, "by": "ann"})
    assert len(store.entries("s")) == 2
    store.close()


def test_an_entry_out_of_its_order_is_not_written(tmp_path: Path) -> None:
    store = filled(tmp_path / "class.db", 2)
    with pytest.raises(StorageError, match="does not follow"):
        store.append("s", "a9", {"n": 9, "by": "ann"})
    store.close()


def test_a_full_disk_refuses_and_changes_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path / "class.db", 2)
    [(pages,)] = store._connection.execute("PRAGMA page_count").fetchall()
    store._connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StorageError, match="full"):
        store.append("s", "a3", {"n": 3, "by": "ann", "text": "x" * 100_000})
    assert len(store.entries("s")) == 2
    store._connection.execute("PRAGMA max_page_count=1000000")
    store.append("s", "a3", {"n": 3, "by": "ann"})
    store.close()


def test_two_servers_do_not_share_a_file(tmp_path: Path) -> None:
    store = filled(tmp_path / "class.db", 2)
    with pytest.raises(UsageError, match="another server has this file open"):
        open_store(tmp_path / "class.db")
    assert sorted(path.name for path in tmp_path.iterdir() if "found" in path.name) == []
    store.close()


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("my notes")
    with pytest.raises(UsageError, match="not saved by a class server"):
        open_store(text)
    assert text.read_text() == "my notes"
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE things (a)")
    other.close()
    with pytest.raises(UsageError, match="belongs to another program"):
        open_store(tmp_path / "other.db")


def of_another_version(path: Path, version: int, program: str | None) -> None:
    """A class's file with an older or newer mark."""
    store, _ = open_store(path)
    begun = {"n": 1, "by": "teacher"} | ({"data": {"settings": {"program": program}}} if program else {})
    store.begin(SessionRow("s", "ABCDEF", "A class", 1.0, 0), "a1", begun)
    store.append("s", "a2", {"n": 2, "by": "ann"})
    store.close()
    with sqlite3.connect(path) as file:
        file.execute(f"PRAGMA user_version={version}")
    file.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("version", "program", "who"),
    [
        (0, "0.0.9", "version 0.0.9 of the program saved these classes"),
        (0, None, "an earlier version of the program saved these classes"),
        (99, None, "a later version of the program saved these classes"),
    ],
)
def test_classes_of_another_version_are_refused_and_left_alone(
    tmp_path: Path, version: int, program: str | None, who: str
) -> None:
    path = tmp_path / "class.db"
    of_another_version(path, version, program)
    before = contents(tmp_path)
    with pytest.raises(UsageError) as refused:
        open_store(path)
    assert who in str(refused.value)
    assert "The file was not changed." in str(refused.value)
    assert contents(tmp_path) == before


def test_a_class_of_another_version_is_known_from_its_log_alone(tmp_path: Path) -> None:
    """A server that was killed leaves even the mark in the write-ahead log."""
    path, killed = tmp_path / "class.db", tmp_path / "killed"
    killed.mkdir()
    for version, refused in ((VERSION, False), (VERSION - 1, True)):
        connection = sqlite3.connect(path)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_checkpoint(TRUNCATE);")
        connection.executescript(f"BEGIN; {SCHEMA if not refused else ''} PRAGMA user_version={version}; COMMIT;")
        for name in ("class.db", "class.db-wal"):
            shutil.copy(tmp_path / name, killed / name)
        connection.close()
        before = contents(killed)
        if refused:
            with pytest.raises(UsageError, match="an earlier version"):
                open_store(killed / "class.db")
            assert contents(killed) == before
        else:
            assert before["class.db-wal"]
            store, said = open_store(killed / "class.db")
            assert said == []
            store.close()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        open_store(tmp_path / "nowhere" / "class.db")


@pytest.mark.parametrize("column", ["entry", "checksum", "action"])
def test_an_entry_that_was_changed_ends_the_log_before_it(tmp_path: Path, column: str) -> None:
    path = tmp_path / "class.db"
    filled(path).close()
    with sqlite3.connect(path) as file:
        file.execute(f"UPDATE log SET {column} = '{{}}' WHERE n = 30")
    file.close()
    store, said = open_store(path)
    assert "first 29 of 40 entries are sound" in said[0]
    assert len(store.entries("s")) == 29
    [kept] = [one for one in tmp_path.iterdir() if ".damaged-" in one.name]
    assert str(kept) in said[-1]
    with sqlite3.connect(kept) as file:
        assert file.execute("SELECT count(*) FROM log").fetchone() == (40,)
    file.close()
    store.append("s", "new", {"n": 30, "by": "ann"})
    store.close()
    again, said = open_store(path)
    assert said == []
    again.close()


def test_entries_that_are_missing_at_the_end_are_missed(tmp_path: Path) -> None:
    path = tmp_path / "class.db"
    filled(path).close()
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM log WHERE n > 38")
    file.close()
    store, said = open_store(path)
    assert "first 38 of 40 entries are sound" in said[0]
    store.close()


@pytest.mark.slow
@pytest.mark.parametrize("part", [0.35, 0.6, 0.95])
def test_what_can_be_read_of_a_file_that_was_cut_is_used(tmp_path: Path, part: float) -> None:
    path = tmp_path / "class.db"
    filled(path, 300).close()
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    store, said = open_store(path)
    assert "damaged" in said[0]
    kept = [one for one in tmp_path.iterdir() if ".damaged-" in one.name]
    assert [one.stat().st_size for one in kept] == [int(len(data) * part)]
    for filed in store.sessions():
        assert [one["n"] for one in store.entries(filed.id)] == list(range(1, filed.n + 1))
    store.close()
    again, said = open_store(path)
    assert said == []
    again.close()


def test_a_write_ahead_log_whose_end_is_damaged_is_said_and_kept(tmp_path: Path) -> None:
    store = filled(tmp_path / "class.db")
    for name in ("class.db", "class.db-wal"):
        shutil.copy(tmp_path / name, tmp_path / name.replace("class", "killed"))
    store.close()
    log = tmp_path / "killed.db-wal"
    data = bytearray(log.read_bytes())
    data[-100] ^= 255
    log.write_bytes(data)
    again, said = open_store(tmp_path / "killed.db")
    assert "complete action" in said[0]
    kept = sorted(one.name for one in tmp_path.iterdir() if ".damaged-" in one.name)
    assert len(kept) == 2
    assert kept[1] == f"{kept[0]}-wal"
    assert (tmp_path / kept[1]).read_bytes() == data
    assert [one["n"] for one in again.entries("s")] == list(range(1, len(again.entries("s")) + 1))
    again.close()


def test_a_deleted_session_leaves_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "class.db"
    store = filled(path, 3)
    joining = NewParticipant(StoredKey("h", "seat", "s", "ann"), "CODE")
    store.append("s", "secret", {"n": 4, "by": "ann", "text": "a very private word"}, joining)
    assert any(b"a very private word" in one.read_bytes() for one in tmp_path.iterdir())
    store.delete("s")
    assert not any(b"a very private word" in one.read_bytes() for one in tmp_path.iterdir())
    assert store.sessions() == []
    assert store.all_keys() == []
    assert store.all_codes() == {}
    store.close()


def test_the_checksum_is_what_the_page_says() -> None:
    # sha256("s\na1\n{}")
    assert entry_checksum("s", "a1", "{}") == "567d1953847b5cb9f394ff02ad7b44dd4422d511e8ede0f78f642d69dc07d1e0"


def test_copies_that_killed_starts_left_behind_are_removed_at_the_next_start_and_on_deletion(tmp_path: Path) -> None:
    path = tmp_path / "class.db"
    store, _ = open_store(path)
    store.close()
    for name in (".class.db.as-found-1", ".class.db-wal.as-found-2", ".class.db.mended-3"):
        (tmp_path / name).write_bytes(b"secret")
    (tmp_path / "class.db.damaged-4").write_bytes(b"secret")
    store, said = open_store(path)
    assert said == []
    assert sorted(one.name for one in tmp_path.iterdir() if b"secret" in one.read_bytes()) == ["class.db.damaged-4"]
    store.delete("none")
    assert not [one for one in tmp_path.iterdir() if b"secret" in one.read_bytes()]
    store.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "class.db"
    store, _ = open_store(path)
    store.begin(SessionRow("s", "CODE23", "T", 1.0, 1), "a" * 32, {"n": 1})
    assert {one.stat().st_mode & 0o777 for one in tmp_path.iterdir()} == {0o600}
    store.close()
    path.chmod(0o644)
    store, _ = open_store(path)
    assert path.stat().st_mode & 0o777 == 0o600
    store.close()


def test_a_sound_file_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "class.db"
    store, _ = open_store(path)
    store.begin(SessionRow("s", "CODE23", "T", 1.0, 1), "a" * 32, {"n": 1})
    store.close()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    store, said = open_store(path)
    assert (said, len(store.sessions())) == ([], 1)
    killed = tmp_path / "killed"
    killed.mkdir()
    store.begin(SessionRow("t", "CODE24", "T", 2.0, 1), "b" * 32, {"n": 1})
    for name in ("class.db", "class.db-wal"):  # as a killed server leaves them
        (killed / name).write_bytes((tmp_path / name).read_bytes())
    store.close()
    store, said = open_store(killed / "class.db")
    assert (said, len(store.sessions())) == ([], 2)
    store.close()
    assert [one.name for one in killed.iterdir()] == ["class.db"]


PAGE = 4_096
"""Bytes of a page of the file."""


def with_a_page_over_another(data: bytes, random: Random) -> bytes:
    one, other = random.sample(range(1, len(data) // PAGE), 2)
    return data[: one * PAGE] + data[other * PAGE : (other + 1) * PAGE] + data[(one + 1) * PAGE :]


def with_flipped_bits(data: bytes, random: Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(random.randint(1, 8)):
        damaged[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(damaged)


def with_zeros(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    length = min(random.randint(1, 3 * PAGE), len(data) - start)
    return data[:start] + bytes(length) + data[start + length :]


def cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def with_a_piece_left_out(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    return data[:start] + data[start + random.randint(1, PAGE) :]


DAMAGES = (with_a_page_over_another, with_flipped_bits, with_zeros, cut, with_a_piece_left_out)


def opened_twice(path: Path, whole: list[dict[str, Any]]) -> str:
    """Open a damaged file, which must not show anything wrong, and again, when nothing is to be repaired any more."""
    try:
        store, first = open_store(path)
    except UsageError:
        return "refused"
    kept = store.entries("s") if store.sessions() else []
    assert kept == whole[: len(kept)]
    assert first or kept == whole, "what is lost is said"
    store.close()
    store, said = open_store(path)
    assert said == []
    assert (store.entries("s") if store.sessions() else []) == kept
    store.close()
    return "repaired" if first else "sound"


def damaged_files(folder: Path, seeds: range, damages: Sequence[Damage]) -> Counter[str]:
    """Damage a file in many ways, one after the other; how often it was sound, repaired or refused."""
    path = folder / "class.db"
    store = filled(path, 600)
    whole = store.entries("s")
    store.close()
    data, found = path.read_bytes(), Counter[str]()
    for seed in seeds:
        for other in folder.iterdir():
            other.unlink()
        path.write_bytes(damages[seed % len(damages)](data, Random(seed)))
        found[opened_twice(path, whole)] += 1
    return found


@pytest.mark.slow
def test_what_was_repaired_is_sound_at_the_next_start(tmp_path: Path) -> None:
    """One page is copied over another, which leaves a tree of the database that no longer matches its rows."""
    assert damaged_files(tmp_path, range(30), [with_a_page_over_another])["repaired"] > 20


@pytest.mark.slow
def test_five_hundred_damaged_files_are_repaired_once_and_truly(tmp_path: Path) -> None:
    found = damaged_files(tmp_path, range(500), DAMAGES)
    assert found.total() == 500
    assert found["repaired"] > 300
    assert found["refused"] < 50


OLD_KEYS = """BEGIN; DROP TABLE keys;
CREATE TABLE keys (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, session TEXT, person TEXT) WITHOUT ROWID;
INSERT INTO keys VALUES ('h', 'seat', 's', 'ann'); COMMIT;"""
"""The keys of a file of an older program, which does not say when they were made."""


@pytest.mark.parametrize("damaged", [False, True])
def test_keys_of_an_older_file_count_as_made_now(tmp_path: Path, damaged: bool) -> None:
    path = tmp_path / "class.db"
    filled(path, 300).close()
    with sqlite3.connect(path) as file:
        file.executescript(OLD_KEYS)
    file.close()
    if damaged:
        data = bytearray(path.read_bytes())
        [page] = [at for at in range(0, len(data), 4_096) if b'"n":150,' in data[at : at + 4_096]]
        data[page : page + 200] = bytes(200)
        path.write_bytes(data)
    begun = time.time()
    store, said = open_store(path)
    assert bool(said) == damaged
    [key] = store.all_keys()
    assert begun <= key.made <= time.time()
    store.add_key(StoredKey("i", "teacher", made=5.0), forget=["h"])
    store.close()
    store, said = open_store(path)
    assert (store.all_keys(), said) == ([StoredKey("i", "teacher", made=5.0)], [])
    store.close()
