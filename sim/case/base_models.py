"""What all shapes of a case share: names, provenance, and the way through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    WithJsonSchema,
    model_validator,
)

NAME = r"^[a-z][a-z0-9_]*$"
CLAIM = r"^[A-Za-z]+[0-9]+$"
Id = Annotated[StrictStr, Field(pattern=NAME)]
ClaimId = Annotated[StrictStr, Field(pattern=CLAIM)]
Words = Annotated[StrictStr, Field(min_length=1)]
_CLAIM_ID = {"type": "string", "pattern": CLAIM}
ClaimIds = Annotated[
    tuple[ClaimId, ...],
    BeforeValidator(lambda raw: [raw] if isinstance(raw, str) else raw),
    WithJsonSchema({"anyOf": [_CLAIM_ID, {"type": "array", "items": _CLAIM_ID}]}),
]
Kind = Literal["position", "red_line", "condition", "fact", "judgement", "unknown"]
"""What a claim is: what it says of an actor, or of the world."""
NO_SOURCE = "names neither source nor assumption; add 'source: [C..]' or 'assumption: why'."
NAMES = ("rule", "context", "measure")
"""The keys by which an entry of a list is named in a dotted path."""
CONDITIONS = (("when",), ("then",))
"""The last step of a path in the plain data to a condition."""


class StrictModel(BaseModel):
    """Base of all shapes: frozen, and no key that is not known."""

    # Only the shapes of whole files are ever built: deferring spares the start-up all others.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Sourced(StrictModel):
    """Something that must name its claims or its assumption: provenance as a gate."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["source"]}, {"required": ["assumption"]}]})

    source: ClaimIds = Field((), description="Claims of the case on which it rests.")
    assumption: Words | None = Field(None, description="A sentence that says why, where no claim supports it.")
    note: Words | None = Field(None, description="How the claims were read, and where they disagree.")

    @model_validator(mode="after")
    def _names_its_source(self) -> Sourced:
        if not self.source and self.assumption is None:
            raise ValueError(NO_SOURCE)
        return self


class Claim(StrictModel):
    """One claim of the source, in the case's own words."""

    paragraph: StrictInt = Field(ge=0, description="Of the source.")
    kind: Kind = Field(description="What it says of an actor or the world; `unknown`: what the source leaves open.")
    about: tuple[Id, ...] = Field(description="Whom or what it concerns.")
    voice: Words = Field(description="Who says it.")
    text: Words = Field(description="In your own words.")


class Claims(StrictModel):
    """The file `claims.yaml`."""

    claims: dict[ClaimId, Claim] = Field(description="What the source says, claim by claim.")


def item_name(item: object) -> str | None:
    """The name by which a dotted path finds an entry of a list: its rule, its context or its measure."""
    for key in NAMES:
        name = item.get(key) if isinstance(item, Mapping) else getattr(item, key, None)
        if isinstance(name, str):
            return name
    return None


def walk(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every shape and every leaf of a case below `value`, with its path in the plain data; a condition is a leaf."""
    if isinstance(value, StrictModel):
        yield path, value
        for name, field in type(value).model_fields.items():
            yield from walk(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, Mapping) and path[-1:] not in CONDITIONS:
        for name, item in value.items():
            yield from walk(item, (*path, name))
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            yield from walk(item, (*path, at))
    else:
        yield path, value
