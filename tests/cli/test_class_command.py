"""``serve``: one clear word for what is wrong, and a server that starts, says its link once, and ends when told to."""

from __future__ import annotations

import builtins
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from sim import errors
from tests.browser.served import printed
from tests.conftest import Command

ROOT = Path(__file__).parents[2]


def started(folder: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, str(ROOT / "run.py"), "serve", "--port", "0", *arguments]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return process, printed(process, until="Press Ctrl-C to stop")


@pytest.mark.slow
def test_it_says_its_link_serves_and_ends_in_peace(tmp_path: Path) -> None:
    process, said = started(tmp_path)
    [link] = re.findall(r"http://127\.0\.0\.1:\d+/t/[\w-]{43}", said)
    try:
        with urlopen(link.partition("/t/")[0] + "/check", timeout=120) as answer:
            assert answer.status == 200
        other = subprocess.run(
            [sys.executable, str(ROOT / "run.py"), "serve", "--port", "0"], cwd=tmp_path, capture_output=True, text=True
        )
        assert other.returncode == 2
        assert "another server has this file open" in " ".join(other.stderr.split())
    finally:
        process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "Stopped. Everything is saved in parley-class.db" in rest
    assert "Traceback" not in rest
    assert link.partition("/t/")[2] not in rest
    assert [one.name for one in tmp_path.iterdir()] == ["parley-class.db"]


def test_a_port_in_use_is_said(parley: Command, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = parley("serve", "--port", port, "--data", tmp_path / "class.db")
    assert ended.code == 2
    assert f"--port {port}: already in use" in ended.err
    assert f"Try --port {port + 1}." in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(parley: Command, tmp_path: Path) -> None:
    ended = parley("serve", "--port", 0, "--data", tmp_path / "none" / "class.db")
    assert ended.code == 2
    assert "cannot be written" in ended.err


def test_a_scenario_that_is_not_there_is_said(parley: Command, tmp_path: Path) -> None:
    ended = parley("serve", "european_farce", "--port", 0, "--data", tmp_path / "class.db")
    assert ended.code == 2
    assert "Did you mean 'european_force'?" in ended.err


def test_without_its_extra_it_says_what_to_install(parley: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == "sim.classroom.class_server":
            raise ModuleNotFoundError("No module named 'fastapi'", name="fastapi")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    ended = parley("serve")
    assert ended.code == 2
    assert str(errors.missing("serve", "fastapi", "classroom")) in " ".join(ended.err.split())
