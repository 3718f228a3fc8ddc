"""Streams, files and progress."""

import io
import json
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli import output
from sim.errors import UsageError

ROOT = Path(__file__).parents[2]


def test_files_are_written_whole_into_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    output.prepare(folder)
    assert output.write(folder, {"x.json": "{}", "x.md": "# ü\n"}) == [folder / "x.json", folder / "x.md"]
    assert (folder / "x.md").read_text(encoding="utf-8") == "# ü\n"


def test_a_second_run_replaces_the_first_and_leaves_no_draft(tmp_path: Path) -> None:
    output.write(tmp_path, {"x.md": "old"})
    with pytest.raises(UsageError, match=r"x\.md already exists\. Add --force to overwrite it"):
        output.write(tmp_path, {"a.md": "", "x.md": "new"})
    output.write(tmp_path, {"x.md": "new"}, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["x.md"]
    assert (tmp_path / "x.md").read_text(encoding="utf-8") == "new"


def test_others_may_read_what_is_written(tmp_path: Path) -> None:
    [path] = output.write(tmp_path, {"x.md": ""})
    assert path.stat().st_mode & stat.S_IROTH


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        output.prepare(tmp_path / "taken")


def test_a_file_in_the_way_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        output.prepare(tmp_path / "taken" / "below")


def test_to_prepare_a_folder_leaves_nothing_in_it(tmp_path: Path) -> None:
    output.prepare(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError, match="No space left on device"):
        output.write(tmp_path, {"x.md": "text"})
    assert list(tmp_path.iterdir()) == []


def test_json_on_standard_output_is_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    output.show_json({"says": "→ ü"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {"says": "→ ü"}


def test_a_number_that_json_does_not_know_is_never_printed() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        output.show_json({"points": float("nan")})


def test_a_terminal_that_knows_ascii_alone_gets_marks_that_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    output.show_text("✓ yes · ■ red → Kyïv\n")
    sys.stdout.flush()
    assert raw.getvalue() == b"+ yes . # red > Ky?v\n"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
@pytest.mark.parametrize(
    "arguments", [["check", "flatmates"], ["verdicts", "warm_flat"], ["sources", "flatmates", "--json"]]
)
def test_a_full_disk_is_a_sentence_and_no_success(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, ROOT / "run.py", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 1
    assert "the disk is full" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_pipe_gets_no_progress_bar() -> None:
    with output.progress("Playing") as tick:
        assert tick is None


def test_a_terminal_gets_a_progress_bar_on_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with output.progress("Playing 9 worlds") as tick:
        assert tick is not None
        tick(5, 9)
    assert "Playing 9 worlds" in stream.getvalue()


def test_a_bar_tells_the_rate_where_steps_have_a_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with output.progress("Playing", "worlds") as tick:
        assert tick is not None
        for done in (0, 300, 600, 900):
            tick(done, 900)
            time.sleep(0.01)
    assert re.search(r"[\d,]+ worlds per second", stream.getvalue())


def test_pages_are_never_wider_than_the_eye_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert output.PlainConsole(io.StringIO()).width == output.WIDEST


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert output.PlainConsole(io.StringIO()).no_color
