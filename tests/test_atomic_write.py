"""A file gets its name only when it is complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.atomic_write import atomic_file, atomic_files, is_draft_of, write_atomically


def test_a_file_appears_when_its_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with atomic_file(path) as stream:
        stream.write(b"new")
        assert [is_draft_of(draft, "x") for draft in tmp_path.iterdir()] == [True]
    assert [file.name for file in tmp_path.iterdir()] == ["x"]
    assert path.read_bytes() == b"new"


def test_two_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "x") as first, atomic_file(tmp_path / "x") as second:
        first.write(b"first")
        second.write(b"second")
    assert (tmp_path / "x").read_bytes() == b"first"


def test_an_error_leaves_the_old_files_and_no_draft(tmp_path: Path) -> None:
    def half_written() -> None:
        with atomic_files([tmp_path / "a", tmp_path / "b"]) as [stream, _]:
            stream.write(b"new")
            raise ZeroDivisionError

    write_atomically(tmp_path / "a", "old")
    with pytest.raises(ZeroDivisionError):
        half_written()
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a": "old"}


def test_text_is_written_as_utf_8(tmp_path: Path) -> None:
    write_atomically(tmp_path / "x", "ü\n")
    assert (tmp_path / "x").read_bytes() == "ü\n".encode()
