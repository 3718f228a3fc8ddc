"""What holds for all tests, and what several kinds of them use."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from sim.cli import main

# How long an example takes says how busy the machine is, and nothing about what is tested.
settings.register_profile("parley", deadline=None)
settings.load_profile("parley")


class Printed(str):
    """Text as it was printed; what is looked for in it is found wherever the lines were wrapped.

    A line that names a folder is wrapped elsewhere on a machine whose folders have longer names.
    """

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return "".join(str(part).split()) in "".join(self.split())


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: Printed
    err: Printed


Command = Callable[..., Ended]


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder in which nothing can be written."""
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o500)
    # Whoever may do anything finds no door closed but the kernel's own.
    return Path("/sys") if os.access(folder, os.W_OK) else folder


@pytest.fixture
def parley(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run ``parley`` with arguments at 80 columns, in a pipe."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.argv", ["parley"])

    def run(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ended(ended.value.code or 0, Printed(captured.out), Printed(captured.err))

    return run
