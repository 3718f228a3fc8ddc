"""The JSON Schema of the files of a case, by which an editor completes and checks them while one types.

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
    """The JSON Schema (2020-12) of each kind of file: ``case``, ``actor``, ``scenario`` and ``claims``.

    Parameters
    ----------
    protocols : the names of all protocols; the files of a case do not know them
    """
    found = {name: _shortened(shape.model_json_schema()) for name, shape in FILES.items()}
    name = found["scenario"]["$defs"]["ProtocolSettings"]["properties"]["name"]
    name.pop("pattern", None)
    name["enum"] = list(protocols)
    # What a scenario lacks, the file that it extends may bring.
    required = found["scenario"].pop("required")
    found["scenario"]["anyOf"] = [{"required": ["extends"]}, {"required": required}]
    return found


def _shortened(whole: dict[str, Any]) -> dict[str, Any]:
    """A schema without titles that repeat a key, with the spellings of a number in one place, and closed."""
    used: dict[str, Any] = {}

    def short(one: Any) -> Any:
        if isinstance(one, list):
            return [short(each) for each in one]
        if not isinstance(one, dict):
            return one
        for name, schema in NUMBERS.items():
            if one.get("anyOf") == schema["anyOf"]:
                used[name] = schema
                return {"$ref": f"#/$defs/{name}", "description": one["description"]}
        closed = {"additionalProperties": False} if "patternProperties" in one else {}
        return closed | {
            key: short(value) for key, value in one.items() if key != "title" or not isinstance(value, str)
        }

    result = short(whole)
    return {"$schema": DIALECT, **result, "$defs": {**result.get("$defs", {}), **used}}


def write(folder: Path | str, protocols: Iterable[str]) -> None:
    """Write every schema to its file, ``NAME.json``, in a folder."""
    for name, schema in schemas(protocols).items():
        (Path(folder) / f"{name}.json").write_text(as_text(schema), encoding="utf-8")


def as_text(schema: dict[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
