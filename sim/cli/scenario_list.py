"""The bundled scenarios, and what to type next."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import case_paths

HEADLINE = "european_force"
TO_TYPE = (
    ("ukraine_2025", "answer the question of a case"),
    (HEADLINE, "play it month by month"),
    (f"{HEADLINE} --as ukraine", "play it yourself, as Ukraine"),
    (f"why {HEADLINE} --actor russia", "explain Russia's answer"),
    ("compare ukraine_2025", "compare all its scenarios"),
    ("new my_case", "start your own case"),
    ("help", "everything else"),
)


def program() -> str:
    """Return how the user starts the program: ``parley``, or ``python run.py`` in a checkout."""
    return "python run.py" if Path(sys.argv[0]).suffix == ".py" else "parley"


def typed(*arguments: object) -> str:
    """Return a command as the user types it, with quotes around an argument that contains a space."""
    return f"{program()} {shlex.join(map(str, arguments))}"


def to_type() -> list[tuple[str, str]]:
    """Return commands for a beginner, each with what it does."""
    return [(f"{program()} {arguments}", what) for arguments, what in TO_TYPE]


def catalogue() -> list[dict[str, Any]]:
    """Return the bundled cases with their scenarios, each with its question and its stored zone of agreement."""
    # YAML is loaded where a list is shown, and not for --help.
    from sim.analysis.outcomes.zone_file import stored_zones

    cases = case_paths.cases(case_paths.bundled())
    zones = stored_zones([path for case in cases for path in case_paths.scenarios(case)])
    return [
        {
            "name": case_paths.name_of(case),
            "title": _value(case / case_paths.CASE, "title"),
            "scenarios": [
                {
                    "name": path.stem,
                    "question": _value(path, "question"),
                    "zone": None if (zone := zones[path]) is None else zone.to_dict(),
                }
                for path in case_paths.scenarios(case)
            ],
        }
        for case in cases
    ]


def _value(path: Path, key: str) -> str:
    """Return the value of a key of a file; the file as a whole is checked when it is played."""
    from sim.case.reading.yaml_documents import read_document

    return str(read_document(path).data.get(key, ""))


def next_step(scenario: str, record: Mapping[str, Any]) -> str:
    """Return what to type next, after a run."""
    blocking = [name for name in record["blocked_by"] if name in record["verdicts"]]
    actor = (blocking or list(record["verdicts"]))[0]
    return f"Why? {typed('why', scenario, '--actor', actor)}\n"
