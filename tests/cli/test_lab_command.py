"""``lab``: one clear word for what is wrong, and a server that starts, says its address, and ends when told to."""

from __future__ import annotations

import builtins
import os
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


@pytest.mark.slow
def test_it_says_its_address_serves_says_that_no_browser_opens_and_ends_in_peace(tmp_path: Path) -> None:
    command = [sys.executable, "-u", str(ROOT / "run.py"), "lab", "warm_flat", "--port", "0"]
    nothing = {**os.environ, "BROWSER": "false", "PYTHONUTF8": "1"}  # a program that opens nothing
    with subprocess.Popen(
        command, cwd=tmp_path, env=nothing, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said = printed(process, until="Open the link above")
            [address] = [line.strip() for line in said.splitlines() if "http://" in line]
            with urlopen(address, timeout=120) as answer:
                assert answer.status == 200
                assert "Ana is cold" in answer.read().decode()
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=120)
        finally:
            process.kill()  # no more than a word to who has ended in peace
    assert process.returncode == 0
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_port_in_use_is_said(parley: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = parley("lab", "--port", port, "--no-open")
    assert ended.code == 2
    assert f"--port {port}: already in use" in ended.err
    assert f"Try --port {port + 1}." in ended.err


def test_a_broken_scenario_is_said_with_its_place(parley: Command, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        "case: flatmates\ntitle: T\nquestion: Q\nsponsor: ana\nproposal: {heating: 19.5.1}\n", encoding="utf-8"
    )
    ended = parley("lab", broken, "--no-open", "--port", 0)
    assert ended.code == 2
    assert "broken.yaml:5:" in ended.err
    assert "is not an option of 'heating'" in ended.err


def test_a_scenario_that_is_not_there_is_said(parley: Command) -> None:
    ended = parley("lab", "european_farce", "--no-open")
    assert ended.code == 2
    assert "Did you mean 'european_force'?" in ended.err


def test_without_its_extra_it_says_what_to_install(parley: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == "sim.lab.lab_server":
            raise ModuleNotFoundError("No module named 'fastapi'", name="fastapi")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    ended = parley("lab")
    assert ended.code == 2
    assert str(errors.missing("lab", "fastapi", "classroom")) in ended.err
