"""The program from the outside: Ctrl-C while it loads, and a Python in which Parley is not installed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("moment", [0.1, 0.3, 0.9])
def test_ctrl_c_is_quiet_while_the_program_loads(moment: float) -> None:
    arguments = [sys.executable, str(ROOT / "run.py"), "ensemble", "ukraine_2025", "--worlds", "5,000"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(moment)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    # Python itself answers a signal that comes before the first line of run.py.
    assert str(ROOT) not in said
    if "Interrupted." in said:
        assert (process.returncode, said.strip()) == (130, "Interrupted.")


def test_without_its_libraries_the_program_says_how_to_install_it() -> None:
    bare = subprocess.run(
        [sys.executable, "-S", str(ROOT / "run.py")],
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )
    assert bare.returncode == 1
    assert "Parley is not installed for" in bare.stderr
    assert "-m pip install ." in bare.stderr
    assert "Traceback" not in bare.stderr
