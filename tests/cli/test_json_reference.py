"""`docs/reference/json.md` names every key that is printed, and no key that is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
COMMANDS = {
    "run": [
        ["european_force", "--set", "proposal.force_size=40000", "--set", "context.us_aid.start=0.5"],
        ["us_halts_aid"],
        ["warm_flat"],
        ["european_force", "--worlds", "20"],
        ["us_halts_aid", "--worlds", "20"],
        ["warm_flat", "--worlds", "20"],
    ],
    "verdicts": [
        ["verdicts", "european_force", "--worlds", "20", "--propose", "force_size=40000"],
        ["verdicts", "flatmates"],
    ],
    "why": [["why", "european_force", "--actor", "ukraine"], ["why", "european_force", "--actor", "russia"]],
    "compare": [["compare", "flatmates"], ["compare", "flatmates", "--worlds", "20"]],
    "outcomes": [["outcomes", "flatmates", "--worlds", "20"], ["outcomes", "warm_flat", "--among", "ana,cleo"]],
    "flip": [
        ["flip", "flatmates", "--propose", "heating=19"],
        ["flip", "european_force", "--propose", "force_size=40000"],
    ],
    "ensemble": [
        ["ensemble", "flatmates", "force_with_concessions", "--worlds", "60"],
        ["ensemble", "european_force", "--worlds", "60", "--set", "context.us_aid.start=0.5"],
    ],
    "sensitivity": [
        ["sensitivity", "force_with_concessions", "--of", "accepts.poland", "--base", "64", "--trajectories", "8"],
        ["sensitivity", "cleaner", "--base", "16"],
        ["sensitivity", "house_rules", "--base", "16"],
    ],
    "discover": [
        ["discover", "force_with_concessions", "--of", "accepts.poland", "--worlds", "2000"],
        ["discover", "force_with_concessions", "--of", "blocked_by.russia", "--not", "--worlds", "400"],
    ],
    "sweep": [
        ["sweep", "warm_flat", "--vary", "actors.ana.reservation.base=0:12:3", "--vary", "proposal.heating=[19, 22]"],
        ["sweep", "warm_flat", "--vary", "actors.ana.reservation.base=0:40:3", "--worlds", "5"],
    ],
    "sources": [["sources", "ukraine_2025"], ["sources", "flatmates"]],
}


def documented(section: str) -> Iterator[str]:
    """Every key path of a section, its links to shapes followed: `actors.<actor>.ledger[].rule`."""
    body = re.split(r"^##+ ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    [table] = [part for part in body if part.splitlines()[0].strip() == section]
    for key, kind in re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", table, re.MULTILINE):
        shape = re.search(r"\[[^\]]+\]\(#([\w-]+)\)", kind)
        if shape is None:
            yield key
        else:
            for inner in documented(shape[1].replace("-", " ")):
                yield inner if key == "*" else f"{key}.{inner}"


def printed(data: Any, path: str = "") -> Iterator[str]:
    """Every leaf of an object by its path; an empty list or object is a leaf."""
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from printed(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list) and data:
        for value in data:
            yield from printed(value, f"{path}[]")
    else:
        yield path


def steps(path: str) -> list[str]:
    """``a.<b>[].c`` as a, <b>, [], c."""
    return re.findall(r"\[\]|[^.\[]+", path)


def holds(key: str, leaf: str, *, missing: int) -> bool:
    """Whether a leaf is a documented key, or the null, empty list or empty object that stands for its last steps.

    ``<path>`` is the last step of a key, and has dots of its own.
    """
    wanted, found = steps(key), steps(leaf)
    if wanted[-1] == "<path>":
        found = found[: len(wanted)]
    alike = all(one.startswith("<") or one == other for one, other in zip(wanted, found, strict=False))
    return alike and len(wanted) - missing <= len(found) <= len(wanted)


@pytest.mark.parametrize("section", COMMANDS)
def test_the_page_and_the_output_name_the_same_keys(parley: Command, section: str) -> None:
    keys = set(documented(section))
    leaves: set[str] = set()
    for arguments in COMMANDS[section]:
        data = json.loads(parley(*arguments, "--json").out)
        assert data["format"] == f"parley.{section}/1"
        leaves |= set(printed(data))
    assert {leaf for leaf in leaves if not any(holds(key, leaf, missing=99) for key in keys)} == set()
    assert {key for key in keys if not any(holds(key, leaf, missing=1) for leaf in leaves)} == set()
