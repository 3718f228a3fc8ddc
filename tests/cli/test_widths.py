"""Every command fits 80 and 40 columns, and cuts nothing that is to be typed."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from tests.conftest import Command

pytestmark = pytest.mark.slow

COMMANDS = (
    (),
    ("help",),
    ("ukraine_2025", "--worlds", "20"),
    ("flatmates", "--worlds", "20"),
    ("european_force",),
    ("warm_flat", "--worlds", "20"),
    ("verdicts", "european_force"),
    ("verdicts", "warm_flat", "--worlds", "20"),
    ("why", "european_force", "--actor", "russia"),
    ("why", "warm_flat", "--actor", "cleo", "--month", "end"),
    ("compare", "flatmates"),
    ("sources", "ukraine_2025"),
    ("sources", "ukraine_2025", "--all"),
    ("sources", "flatmates"),
    ("claims", "ukraine_2025"),
    ("claims", "ukraine_2025", "C28"),
    ("flip", "warm_flat"),
    ("flip", "bare_ceasefire", "--by", "terms", "--terms", "1"),
    ("outcomes", "flatmates"),
    ("ensemble", "warm_flat", "cleaner", "--worlds", "20"),
    ("sensitivity", "warm_flat", "--base", "16"),
    ("sensitivity", "cleaner", "--base", "16"),
    ("discover", "house_rules", "--not", "--worlds", "300"),
    ("sweep", "warm_flat", "--vary", "actors.ana.reservation.base=0:12:3"),
    ("sweep", "warm_flat", "--vary", "actors.ana.reservation.base=0:12:9", "--vary", "proposal.heating=[19,22]"),
    ("rehearse", "warm_flat"),
    ("check", "flatmates"),
)
PATHS = re.compile(r"[a-z]\w*(\.[a-z_]\w*){2,}|(--set |parley )\S+|[a-z0-9]+(_[a-z0-9]+)+")
"""What is to be typed: paths of numbers, settings, commands, and names of scenarios and issues."""


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_nothing_is_too_wide_or_cut(
    parley: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    ended = parley(*arguments)
    assert ended.code == 0
    for line in ended.out.splitlines():
        typed = [word for word in line.split() if PATHS.search(word)]
        longest = max((cell_len(word) for word in typed), default=0)
        assert cell_len(line) <= max(width, longest + 8) or "parley" in line, line
        assert not re.search(r"\w…", line), line
