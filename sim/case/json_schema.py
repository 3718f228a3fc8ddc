"""The JSON Schema of the files of a case, with which an editor completes and checks them as you type.

The committed files in `schema/` are what `schemas` returns; `write` brings them up to date::

    python -c "from sim.case.json_schema import write; from sim.negotiation.protocols import PROTOCOLS; \
        write('schema', PROTOCOLS)"
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.case.base_models import Claims, StrictModel
from sim.case.models import Actor, CaseFile, ScenarioFile
from sim.case.number_syntax import number_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NUMBERS = {"Number": number_schema(never=False), "Price": number_schema(never=True)}
FILES: dict[str, type[StrictModel]] = {"case": CaseFile, "actor": Actor, "scenario": ScenarioFile, "claims": Claims}


def schemas(protocols: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the JSON Schema (2020-12) of each kind of file: ``case``, ``actor``, ``scenario`` and ``claims``.

    This package does not know the names of all protocols.
    """
    result = {name: _shortened(model.model_json_schema()) for name, model in FILES.items()}
    name = result["scenario"]["$defs"]["ProtocolSettings"]["properties"]["name"]
    name.pop("pattern", None)
    name["enum"] = list(protocols)
    # A scenario inherits what it lacks from the file that it extends.
    required = result["scenario"].pop("required")
    result["scenario"]["anyOf"] = [{"required": ["extends"]}, {"required": required}]
    return result


def _shortened(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop titles that repeat a key, define the forms of a number once, and refuse unknown keys."""
    used: dict[str, Any] = {}

    def short(part: Any) -> Any:
        if isinstance(part, list):
            return [short(item) for item in part]
        if not isinstance(part, dict):
            return part
        for name, number in NUMBERS.items():
            if part.get("anyOf") == number["anyOf"]:
                used[name] = number
                return {"$ref": f"#/$defs/{name}", "description": part["description"]}
        closed = {"additionalProperties": False} if "patternProperties" in part else {}
        return closed | {
            key: short(value) for key, value in part.items() if key != "title" or not isinstance(value, str)
        }

    result = short(schema)
    return {"$schema": DIALECT, **result, "$defs": {**result.get("$defs", {}), **used}}


def write(folder: Path | str, protocols: Iterable[str]) -> None:
    """Write every schema to its file, ``NAME.json``, in a folder."""
    for name, schema in schemas(protocols).items():
        (Path(folder) / f"{name}.json").write_text(as_text(schema), encoding="utf-8")


def as_text(schema: dict[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
