"""Write the tables of keys in docs/reference/files.md, from the JSON Schema of the files and the bundled cases.

Run it after a change of `sim/case/models.py` or `parts.py`, from anywhere: `python scripts/docs/keys.py`. A test holds
the page to it. What no schema can say (how a number is written, what a condition means) is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).parents[2]))  # the code of this folder, not of an installed copy

from sim.analysis.experiments.design_file import DesignFile
from sim.case.base_models import CLAIM, NAME
from sim.case.json_schema import schemas
from sim.case.reading.yaml_documents import read_document
from sim.case_paths import ACTORS, CASE, CLAIMS, scenarios
from sim.negotiation.protocols import PROTOCOLS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "files.md"
MARKED = re.compile(r"(?<=<!-- keys -->\n).*?(?=<!-- end of keys -->)", re.DOTALL)
CASES = ("ukraine_2025", "flatmates")
"""Whence examples are taken; the first that has one gives it."""
HEADS = {
    "case": "case.yaml",
    "claims": "claims.yaml",
    "actor": "actors/ID.yaml",
    "scenario": "A scenario",
    "design": "A design",
}
PROVENANCE = ("source", "assumption", "note")
CONDITIONS = ("when", "then")
EXAMPLE_MOST = 44
"""The longest example, in characters."""
GIVEN = {
    ("Issue", "group"): "Money",
    ("Issue", "moved_by"): "ministry",
    ("Issue", "one_way"): "true",
    ("Correlation", "numbers"): "[context.frost.start, context.rain.start]",
    ("Correlation", "rank"): "0.5",
    ("PointsRule", "per"): "price",
    ("PointsRule", "from"): "20",
    ("actor", "scores"): "{road: [14, 8, 0], assumption: Ours.}",
    ("ScoreSheet", "ISSUE"): "[14, 8, 0]",
    ("ProtocolSettings", "step"): "1",
    ("ProtocolSettings", "patience"): "6",
    ("ProtocolSettings", "mediator"): "us",
    ("Event", "announced"): "false",
    ("Quorum", "of"): "{germany: 4, france: 4, belgium: 2}",
    ("Quorum", "at_least"): "2/3",
    ("Quorum", "more_than"): "1/2",
    ("Quorum", "abstain"): "ignored",
    ("ConsentRule", "any"): "[{needs: [king]}, {veto: [lords, commons]}]",
    ("ConsentDemand", "all"): "[{needs: [king]}, {veto: [lords, commons]}]",
}
"""Examples of keys that no bundled case needs."""
WORDS = {"number": "number", "integer": "whole number", "boolean": "`true` or `false`", "string": "text"}
NUMBERS = {"Number": "[number](#numbers)", "Price": "[number](#numbers) or `never`"}
NEEDED, OPTIONAL = "required", "optional"

Schema: TypeAlias = Mapping[str, Any]
Examples: TypeAlias = dict[tuple[str, str], str]
"""What a thing is called and one of its keys, to a value as it stands in a file."""


def page_part() -> str:
    """All tables: those of each file, then those of what stands in it, each where it is first named."""
    files = {**schemas(PROTOCOLS), "design": DesignFile.model_json_schema()}
    examples = found_examples(files)
    shown: set[str] = set()
    blocks: list[str] = []
    for name, head in HEADS.items():
        blocks += [f"## {head}", *section(name, files[name], examples)]
        for part, shape in parts_of(files[name], files[name]):
            if part not in shown:
                shown.add(part)
                blocks += [f"### {in_words(part)}", *section(part, shape, examples)]
    return "\n" + "\n\n".join(blocks) + "\n\n"


def parts_of(file: Schema, shape: Schema, inside: tuple[str, ...] = ()) -> Iterator[tuple[str, Schema]]:
    """What stands in a shape and has keys of its own, depth first, each time that it is named, but not in itself."""
    for one in shape["properties"].values():
        for name in re.findall(r"#/\$defs/(\w+)", str(one)):
            part = file["$defs"][name]
            if "properties" in part and name not in inside:
                yield name, part
                yield from parts_of(file, part, (*inside, name))


def section(name: str, shape: Schema, examples: Examples) -> Iterator[str]:
    """What a thing is, and its keys as a table."""
    told = re.sub(r"\((model, sections? [^)]+)\)", r"([\1](../explanation/model.md))", shape["description"])
    sourced = "source" in shape["properties"]
    yield told + (" It names its [provenance](#provenance)." if sourced else "")
    needed = shape.get("required") or ([] if sourced else shape.get("anyOf", [{"required": []}])[-1]["required"])
    rows = ["| key | type | default | meaning | example |", "| --- | --- | --- | --- | --- |"]
    for key, one in shape["properties"].items():
        if not (sourced and key in PROVENANCE):
            example = examples.get((name, key)) or next(map(flow, one.get("examples", [])), "")
            cells = (
                f"`{key}`",
                kind(key, one),
                default(key, one, needed),
                one["description"],
                example and f"`{example}`",
            )
            rows.append("| " + " | ".join(cells).replace("|  |", "| |") + " |")
    if isinstance(other := shape.get("additionalProperties"), dict):  # any other key is the name of an issue
        cells = ("`ISSUE`", kind("ISSUE", other), OPTIONAL, other["description"], f"`{GIVEN[name, 'ISSUE']}`")
        rows.append("| " + " | ".join(cells) + " |")
    yield "\n".join(rows)


def default(key: str, one: Schema, needed: list[str]) -> str:
    """Whether a key is needed, or else what stands for it."""
    if key in needed:
        return NEEDED
    value = one.get("default")
    return OPTIONAL if value in (None, [], {}) else f"`{flow(value)}`"


def kind(key: str, one: Schema) -> str:
    """What may stand at a key, in words."""
    if key in CONDITIONS:
        return "[condition](#conditions)"
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        return NUMBERS.get(name) or f"[{in_words(name).lower()}](#{in_words(name).lower().replace(' ', '-')})"
    if "enum" in one:
        *first, last = (f"`{word}`" for word in one["enum"])
        return f"{', '.join(first)} or {last}"
    if "anyOf" in one:
        return " or ".join(kind(key, other) for other in one["anyOf"] if other.get("type") != "null")
    if one.get("type") == "array":
        return f"list of {many(kind(key, one['items']))}"
    if one.get("type") == "object":
        return mapping(key, one)
    return simple(one)


def mapping(key: str, one: Schema) -> str:
    """What stands at the names of a mapping."""
    for pattern, value in one.get("patternProperties", {}).items():
        return f"{'claim id' if pattern == CLAIM else 'id'} to {kind(key, value)}"
    value = one["additionalProperties"]
    return f"name to {kind(key, value)}" if isinstance(value, dict) else "name to value"


def simple(one: Schema) -> str:
    """A value that is no list and no mapping, with its bounds."""
    if one.get("pattern") in (NAME, CLAIM):
        return "id" if one["pattern"] == NAME else "claim id"
    if isinstance(one["type"], list):
        return " or ".join(WORDS[each] for each in one["type"])
    low, high = one.get("minimum"), one.get("maximum")
    if one["type"] != "integer" or low is None:
        return WORDS[one["type"]]
    return f"whole number from {low}" + ("" if high is None else f" to {high}")


def many(what: str) -> str:
    """A kind in the plural, where it is one word or a link."""
    return what if " or " in what else f"{what}s"


def in_words(name: str) -> str:
    """
    >>> in_words("ConsentRule")
    'Consent rule'
    """
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", name)


def found_examples(files: Mapping[str, Schema]) -> Examples:
    """A short value of each key from the bundled cases, or one that is given."""
    found: Examples = dict(GIVEN)
    for case in CASES:
        folder = ROOT / "scenarios" / case
        kinds = {"case": [folder / CASE], "claims": [folder / CLAIMS]}
        kinds |= {"actor": sorted((folder / ACTORS).iterdir()), "scenario": scenarios(folder)}
        for name, paths in kinds.items():
            for path in paths:
                collect(files[name], name, files[name], read_document(path).data, found)
    return found


def collect(file: Schema, name: str, shape: Schema, data: Mapping[str, Any], found: Examples) -> None:
    """Take the short values of a thing, and of whatever has keys of its own in it."""
    for key, value in data.items():
        one = shape["properties"].get(key, {})
        if len(flow(value)) <= EXAMPLE_MOST:
            found.setdefault((name, key), flow(value))
        for part in re.findall(r"#/\$defs/(\w+)", str(one)):
            if "properties" in file["$defs"][part]:
                inner = value if isinstance(value, list) else [value]
                if "patternProperties" in one:
                    inner = list(value.values())
                for each in inner:
                    collect(file, part, file["$defs"][part], each, found)


def flow(value: Any) -> str:
    """A value as it stands in a file, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) and value[:1] in "<>=!" else str(value)


if __name__ == "__main__":
    PAGE.write_text(MARKED.sub(lambda _: page_part(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
