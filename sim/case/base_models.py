"""What all models of a case share: names, provenance, fields with their own parser, and a walk through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictInt,
    StrictStr,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

NAME = r"^[a-z][a-z0-9_]*$"
CLAIM = r"^[A-Za-z]+[0-9]+$"
Id = Annotated[StrictStr, Field(pattern=NAME)]
ClaimId = Annotated[StrictStr, Field(pattern=CLAIM)]
Words = Annotated[StrictStr, Field(min_length=1)]
"""A text that is not empty."""
_CLAIM_ID = {"type": "string", "pattern": CLAIM}
one_or_list = BeforeValidator(lambda raw: [raw] if isinstance(raw, str) else raw)
"""Reads a single text as a list of one."""
ClaimIds = Annotated[
    tuple[ClaimId, ...],
    one_or_list,
    WithJsonSchema({"anyOf": [_CLAIM_ID, {"type": "array", "items": _CLAIM_ID}]}),
]
Kind = Literal["position", "red_line", "condition", "fact", "judgement", "unknown"]
"""The kind of a claim: what it says about an actor or about the world."""
NO_SOURCE = "source and assumption are both missing; add 'source: [C..]' or 'assumption: why'."
NAMES = ("rule", "context", "measure")
"""The keys by which a dotted path names an entry of a list."""
CONDITIONS = (("when",), ("then",))
"""The last steps of the paths in the plain data that lead to a condition."""
PLAIN = (str, int, float, type(None))
"""The types of most leaves; asking whether something is a model takes much longer."""


class PlacedError(ValueError):
    """A value has the wrong shape; `path` leads to the mistake inside it."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class Parsed:
    """Marks a field, in `Annotated`, as read by a function that raises ValueError with a message for the user.

    It does the same as Pydantic's `PlainValidator`, but builds no schema of the field's own type: that schema would
    never be used, and would take a third of the start-up time.
    """

    parse: Callable[[Any], Any]
    schema: Mapping[str, Any] = field(hash=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.parse)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.schema)


class StrictModel(BaseModel):
    """Base of all models: frozen, and unknown keys are refused."""

    # Only the models of whole files are built directly: deferring saves building all others at start-up.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Sourced(StrictModel):
    """Something that must name its claims or its assumption; without either, it is refused."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["source"]}, {"required": ["assumption"]}]})

    source: ClaimIds = Field((), description="The claims of the case that support it.")
    assumption: Words | None = Field(None, description="A sentence that gives the reason where no claim supports it.")
    note: Words | None = Field(None, description="How the claims were read, and where they disagree.")

    @model_validator(mode="after")
    def _names_its_source(self) -> Sourced:
        if not self.source and self.assumption is None:
            raise ValueError(NO_SOURCE)
        return self


class Claim(StrictModel):
    """One claim of the source, in the case's own words."""

    paragraph: StrictInt = Field(ge=0, description="The paragraph of the source.")
    kind: Kind = Field(
        description="What it says about an actor or the world; `unknown`: something that the source leaves open."
    )
    about: tuple[Id, ...] = Field(description="Whom or what it concerns.")
    voice: Words = Field(description="Who says it.")
    text: Words = Field(description="The claim in your own words.")


class Claims(StrictModel):
    """The file `claims.yaml`."""

    claims: dict[ClaimId, Claim] = Field(description="What the source says, claim by claim.")


def item_name(item: object) -> str | None:
    """Return the name by which a dotted path finds an entry of a list: its rule, its context or its measure."""
    for key in NAMES:
        name = item.get(key) if isinstance(item, Mapping) else getattr(item, key, None)
        if isinstance(name, str):
            return name
    return None


def walk(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], object]]:
    """Return every model and every leaf at or below `value`, with its path in the plain data; a condition is a leaf."""
    found: list[tuple[tuple[str | int, ...], object]] = []

    def collect(value: object, path: tuple[str | int, ...]) -> None:
        if isinstance(value, PLAIN):
            found.append((path, value))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                collect(item, (*path, index))
        elif isinstance(value, StrictModel):
            found.append((path, value))
            for name, key in keys_of(type(value)):
                collect(getattr(value, name), (*path, key))
            for name, item in (value.model_extra or {}).items():
                collect(item, (*path, name))
        elif isinstance(value, Mapping) and path[-1:] not in CONDITIONS:
            for name, item in value.items():
                collect(item, (*path, name))
        else:
            found.append((path, value))

    collect(value, path)
    return found


@cache
def keys_of(model: type[StrictModel]) -> list[tuple[str, str]]:
    """Return the fields of a model, each with its key in a file."""
    return [(name, field.alias or name) for name, field in model.model_fields.items()]
