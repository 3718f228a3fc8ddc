"""`docs/reference/json.md` names every key that is printed, and no key that is not."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.judging.proposals import proposals
from sim.analysis.judging.verdicts import verdicts
from sim.analysis.outcomes.outcomes import outcomes
from sim.analysis.outcomes.zone_file import NAME
from sim.analysis.report_data import report
from sim.case.models import Scenario
from sim.case_paths import find
from sim.game.debrief.debrief import debrief
from sim.game.debrief.table_results import TableResult
from sim.game.debrief.what_if import dispute
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Move, Phase
from sim.negotiation.record.history import Run
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.analysis.test_counting import council, members
from tests.analysis.test_report_data import too_large
from tests.conftest import Command

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
COMMITTEES = Path(__file__).parents[1] / "committees"
VERSIONS = {"run": 2, "debrief": 2, "rehearsal": 2}
"""The formats that have risen above their first version."""
NEW = "NEW"
"""In place of a folder that is not there yet."""
COMMANDS = {
    "run": [
        ["european_force", "--set", "proposal.force_size=40000", "--set", "context.us_aid.start=0.5"],
        ["us_halts_aid"],
        ["bare_ceasefire"],
        ["warm_flat"],
        ["european_force", "--worlds", "20"],
        ["us_halts_aid", "--worlds", "20"],
        ["warm_flat", "--worlds", "20"],
        [str(COMMITTEES / "mayors_veto" / "without_the_mayor.yaml")],
        [str(COMMITTEES / "security_council" / "no_ninth_vote.yaml")],
    ],
    "answer": [["flatmates", "--worlds", "20"], ["answer", "ukraine_2025", "--worlds", "20"]],
    "claims": [["claims", "flatmates"], ["claims", "ukraine_2025", "C05"]],
    "verdicts": [
        ["verdicts", "european_force", "--worlds", "20", "--propose", "force_size=40000"],
        ["verdicts", "us_halts_aid"],
        ["verdicts", "flatmates"],
        ["verdicts", str(COMMITTEES / "mayors_veto" / "without_the_mayor.yaml")],
        ["verdicts", str(COMMITTEES / "security_council" / "no_ninth_vote.yaml")],
    ],
    "why": [
        ["why", "european_force", "--actor", "poland"],
        ["why", "nato_force", "--actor", "russia"],
        ["why", "bare_ceasefire", "--actor", "ukraine"],
        ["why", "us_halts_aid", "--actor", "france", "--month", "4"],
    ],
    "compare": [["compare", "flatmates"], ["compare", "flatmates", "--worlds", "20"]],
    "outcomes": [["outcomes", "flatmates", "--worlds", "20"], ["outcomes", "warm_flat", "--among", "ana,cleo"]],
    "flip": [
        ["flip", "flatmates", "--propose", "heating=19"],
        ["flip", "european_force", "--propose", "force_size=40000"],
        ["flip", "force_with_concessions", "--by", "numbers", "--only", "assumed", "--talks"],
    ],
    "ensemble": [
        ["ensemble", "flatmates", "force_with_concessions", "--worlds", "60"],
        ["ensemble", "european_force", "--worlds", "60", "--set", "context.us_aid.start=0.5"],
    ],
    "sensitivity": [
        ["sensitivity", "force_with_concessions", "--of", "accepts.ukraine", "--base", "64", "--trajectories", "8"],
        ["sensitivity", "cleaner", "--base", "16"],
        ["sensitivity", "house_rules", "--base", "16", "--pairs", "3"],
    ],
    "discover": [
        ["discover", "force_with_concessions", "--of", "accepts.ukraine", "--worlds", "2000"],
        ["discover", "force_with_concessions", "--of", "blocked_by.russia", "--not", "--worlds", "400"],
    ],
    "sweep": [
        ["sweep", "warm_flat", "--vary", "actors.ana.reservation.base=0:12:3", "--vary", "proposal.heating=[19, 22]"],
        ["sweep", "warm_flat", "--vary", "actors.ana.reservation.base=0:40:3", "--worlds", "5"],
    ],
    "sources": [["sources", "ukraine_2025"], ["sources", "flatmates"]],
    "report": [
        ["report", "warm_flat", "--worlds", "20"],
        ["report", "european_force", "--sections", "sources", "--of", "agreed", "--set", "proposal.force_size=40000"],
        ["report", "us_halts_aid", "--sections", "talks", "--set", "context.us_aid.drift=0"],
    ],
    "codebook": [["codebook", "compare", "CODING:hasty", "CODING:bare", "flatmates"]],
    "rehearsal": [
        ["rehearse", "us_halts_aid"],
        ["rehearse", "warm_flat", "--all", "--seed", "3"],
        ["rehearse", "warm_flat", "--set", "protocol.negotiable=[heating, guests]"],
    ],
    "debrief": [
        ["handout", "us_halts_aid", "--result", "RESULT:european", "--worlds", "30"],
        ["handout", "warm_flat", "--result", "RESULT:flat", "--worlds", "30"],
    ],
    "export": [
        ["export", "european_force", "--drop", "--out", NEW],
        ["export", "flatmates", "--drop", "--out", NEW],
    ],
    "import": [["import", str(PAGE.parents[1] / "how-to" / "market"), "--out", NEW]],
}

CODINGS = {
    "hasty": {"case": "flatmates", "claims": {"K01": {"kind": "position", "about": "ana"}, "K02": {"kind": "fact"}}},
    "bare": {
        "case": "flatmates",
        "claims": {"K01": {"kind": "position", "about": ["ana", "ben"], "size": "some"}, "K02": {"size": "much"}},
    },
}

RESULTS = {
    "european": {
        "tables": [
            {
                "name": "A",
                "package": {"force_size": 30000},
                "votes": dict.fromkeys(("russia", "ukraine", "us", "baltics", "france", "poland", "uk"), "accept"),
            },
            {"name": "B", "votes": {"russia": "reject"}},
        ]
    },
    "flat": {
        "tables": [
            {
                "name": "A",
                "package": {"guests": "weekends"},
                "votes": {"ana": "accept", "ben": "accept", "cleo": "accept"},
            },
            {"name": "B", "votes": {"ana": "reject"}},
        ]
    },
}


def called(section: str) -> list[dict[str, Any]]:
    """What a section describes and no command prints: the debrief of talks that went on, and disputes."""
    flat, force = (load_scenario(find(name)) for name in ("house_rules", "european_force"))
    either = _either(flat)
    if section == "run":
        return [summarise(_of_a_person(flat)), summarise(play(either))]
    if section == "verdicts":
        return [dict(verdicts(either))]
    if section == "outcomes":
        return [dict(outcomes(council(members(27), {"quorum": {"of": members(27), "at_least": 15}})))]
    if section == "debrief":
        settled = {"text": dict(flat.case.default), "answers": dict.fromkeys(flat.case.actors, True), "accepted": True}
        stopped = DeliberationModel(flat, rng=0)
        for _ in range(2):  # an amendment would be agreed then
            stopped.step()
        tables = [TableResult("A", play(flat), settlement=settled), TableResult("B", stopped.result)]
        mediated = load_scenario(find("everything_on_the_table"))
        others = [debrief(one, [TableResult("A", play(one))]) for one in (either, mediated)]
        return [debrief(flat, [*tables, TableResult("C", _of_a_person(flat))]), *others]
    if section == "proposals":
        return [proposals([flat]), proposals([force, load_scenario(find("european_force_undeclared"))], force)]
    if section == "report":
        given: dict[str, Any] = {"program": "0", "stage": lambda *_: nullcontext(), "worlds": 20}
        return [report([too_large()], sections=["outcomes"], **given)]
    if section == "zones":
        data = json.loads((find("flatmates") / NAME).read_text(encoding="utf-8"))
        # The names of files have dots, as paths of keys do.
        return [{**data, "scenarios": {name.partition(".")[0]: one for name, one in data["scenarios"].items()}}]
    if section == "dispute":
        line = "actors.russia.red_lines.western_troops.price"
        return [dispute(force, line, 0, [TableResult("A", play(force))]), dispute(force, "protocol.months", 3)]
    return []


def _either(flat: Scenario) -> Scenario:
    """The same proposal, take it or leave it, under votes that it does not win."""
    source = copy.deepcopy(dict(flat.source))
    both: dict[str, Any] = {"needs": ["ana", "ben", "cleo"]}
    votes: dict[str, Any] = {"quorum": {"of": {"ana": 1, "ben": 2, "cleo": 2}, "at_least": 5}}
    rules: dict[str, dict[str, Any]] = {"x": {"any": [votes, both]}, "y": votes}
    source["case"]["consent"] = [
        {"rule": name, "says": "x", "assumption": "For a test.", **rule} for name, rule in rules.items()
    ]
    source["protocol"] = {"name": "one_shot"}
    return build_scenario(source)


def _of_a_person(flat: Scenario) -> Run:
    """Talks in which a person proposes something that crosses a declared red line."""
    model = DeliberationModel(flat, seats=("ben",), rng=0)
    while model.running:
        for name in model.waiting:
            drafts = model.phase is Phase.AMENDMENT
            model.give(name, Move(amend={"cleaning": "cleaner"}) if drafts else Move(verdict="accept"))
        model.advance()
    return model.result


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


def folded(found: dict[str, Any]) -> dict[str, Any]:
    """An object in which parts that have a format, and so a section, of their own are named by it."""

    def fold(data: Any) -> Any:
        if isinstance(data, dict):
            return data["format"] if "format" in data else {key: fold(value) for key, value in data.items()}
        return [fold(one) for one in data] if isinstance(data, list) else data

    return {key: fold(value) for key, value in found.items()}


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


@pytest.mark.slow
@pytest.mark.parametrize("section", [*COMMANDS, "dispute", "proposals", "zones"])
def test_the_page_and_the_output_name_the_same_keys(parley: Command, section: str, tmp_path: Path) -> None:
    keys = set(documented(section))
    leaves: set[str] = set()
    for name, result in (RESULTS | CODINGS).items():
        (tmp_path / name).write_text(json.dumps(result), encoding="utf-8")
    for data in called(section):
        assert data["format"] == f"parley.{section}/{VERSIONS.get(section, 1)}"
        leaves |= set(printed(data))
    for at, words in enumerate(COMMANDS.get(section, [])):
        new = str(tmp_path / f"new{at}")
        arguments = [new if word == NEW else re.sub("^(RESULT|CODING):", f"{tmp_path}/", word) for word in words]
        data = json.loads(parley(*arguments, "--json").out)
        assert data["format"] == f"parley.{section}/{VERSIONS.get(section, 1)}"
        leaves |= set(printed(folded(data)))
    assert {leaf for leaf in leaves if not any(holds(key, leaf, missing=99) for key in keys)} == set()
    # Most scenarios have no events and no changes, so that what is judged is mostly empty lists.
    # Terms of the core are rarely the only ones that are enough.
    # No bundled case draws numbers together.
    depth = {key: 3 if "core_terms" in key else 2 if "judged" in key or "together" in key else 1 for key in keys}
    assert {key for key in keys if not any(holds(key, leaf, missing=depth[key]) for leaf in leaves)} == set()
