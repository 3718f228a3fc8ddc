"""How a field of a shape is read by a function of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True)
class Parsed:
    """Marks a field, in `Annotated`, as read by a function that raises ValueError with a message for the user.

    It says what Pydantic's `PlainValidator` says, but builds no schema of the field's own type: that schema would
    never be used, and would take a third of the start-up.

    Parameters
    ----------
    parse : from plain data to the value
    schema : the JSON Schema of the plain data
    """

    parse: Callable[[Any], Any]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.schema)
