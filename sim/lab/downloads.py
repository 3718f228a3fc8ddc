"""Downloads of the lab: the scenario as a file, and the numbers behind the charts as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.case.reading.yaml_documents import to_yaml
from sim.csv_writer import csv_text
from sim.lab.scenario_state import LoadedScenario, ModifiedScenario
from sim.strings import Strings

KEPT = ("question", "sponsor", "co_sponsors")
TRUTH = ("False", "True")
"""How the tables write truth values."""
t = Strings.load()
HEADING = "# Saved from the lab. Output of a model under stated assumptions, not a forecast.\n"


def scenario_yaml(loaded: LoadedScenario, modified: ModifiedScenario, title: str) -> str:
    """Return the scenario as a file that gives the same results on the command line, wherever it is saved.

    Parameters
    ----------
    title : title of the new scenario
    """
    source = modified.scenario.source
    data = {"case": loaded.case_name, "title": title, **{key: source[key] for key in KEPT if key in source}}
    if not loaded.is_unchanged(modified):  # the question was asked of another text, or of another world
        data["question"] = t("lab.share.question", title=loaded.base.title, question=loaded.base.question)
    data |= {"proposal": _differing(modified)}
    data |= {key: source[key] for key in ("core", "protocol") if source.get(key)}
    data |= changes_of(modified)
    if source.get("events"):
        data["events"] = source["events"]
    return HEADING + to_yaml(data, flow=False)


def changes_of(modified: ModifiedScenario) -> dict[str, Any]:
    """Return the `changes` of a scenario, all numbers that differ from the case; empty if none does."""
    changes = modified.scenario.source.get("changes")
    return {"changes": dict(changes)} if isinstance(changes, Mapping) and changes else {}


def changes_yaml(modified: ModifiedScenario) -> str:
    """Return everything that differs from the case, as a scenario's file says it."""
    return to_yaml({"proposal": _differing(modified), **changes_of(modified)}, flow=False)


def _differing(modified: ModifiedScenario) -> dict[str, Any]:
    default = modified.case.default
    return {name: option for name, option in modified.package.items() if option != default[name]}


def proposals_csv(found: Mapping[str, Any]) -> str:
    """Every bundled proposal by actor: a line for each pair.

    Parameters
    ----------
    found : as of `sim.analysis.judging.proposals.proposals`
    """
    measures = list(found["rows"][0]["measures"]) if found["rows"] else []
    header = ["scenario", "title", "agreed", *measures, "actor", "needed", "verdict", "surplus", "never", "red_lines"]
    lines = (
        [
            row["scenario"],
            row["title"],
            row["agreed"],
            *(row["measures"][one] for one in measures),
            actor,
            one["needed"],
            one["verdict"],
            one["surplus"],
            one["never"],
            " ".join(line["rule"] for line in one["crossed"]),
        ]
        for row in found["rows"]
        for actor, one in row["actors"].items()
    )
    return csv_text(header, lines, truth=TRUTH)


def ledger_csv(found: Mapping[str, Any]) -> str:
    """Everybody's reasons for the answer to the text on the table: a line for each.

    Parameters
    ----------
    found : as of `sim.analysis.judging.verdicts.verdicts`
    """
    header = ["actor", "verdict", "surplus", "kind", "rule", "says", "points", "claims", "assumption"]
    lines = (
        [
            name,
            actor["verdict"],
            actor["surplus"],
            entry["kind"],
            entry["rule"],
            entry["says"],
            entry["points"],
            " ".join(entry["sources"]),
            entry["assumption"] or "",
        ]
        for name, actor in found["actors"].items()
        for entry in actor["ledger"]
    )
    return csv_text(header, lines, truth=TRUTH)
