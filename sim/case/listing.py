"""Every number of a case, with its dotted path and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.case.base import Shape, Sourced, item_name
from sim.case.numbers import Distribution, Number

if TYPE_CHECKING:
    from sim.case.shapes import Case


@dataclass(frozen=True, kw_only=True)
class NamedNumber:
    """A number of the case with its path, its distribution and where it comes from.

    `owner` is the actor, or the part of the case, that it belongs to.
    """

    path: str
    written: Number
    distribution: Distribution
    source: tuple[str, ...]
    assumption: str | None
    note: str | None
    says: str
    owner: str


def numbers_of(case: Case) -> Iterator[NamedNumber]:
    """Every number of a case, in the order of the files."""
    for part in ("context", "measures", "durability"):
        yield from _walk(case, getattr(case, part), part, part, None, "")
    for name, actor in case.actors.items():
        yield from _walk(case, actor, f"actors.{name}", name, None, actor.name)


def _walk(
    case: Case, value: object, path: str, owner: str, sourced: Sourced | None, says: str
) -> Iterator[NamedNumber]:
    if isinstance(value, Shape):
        sourced = value if isinstance(value, Sourced) else sourced
        says = getattr(value, "says", None) or says
        for name in type(value).model_fields:
            yield from _walk(case, getattr(value, name), f"{path}.{name}", owner, sourced, says)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _walk(case, item, f"{path}.{name}", owner, sourced, says)
    elif isinstance(value, tuple) and value and isinstance(value[0], Shape):
        for item in value:
            yield from _walk(case, item, f"{path}.{item_name(item)}", owner, sourced, says)
    elif isinstance(value, Number):
        assert sourced is not None  # every number stands in something that names its source
        yield NamedNumber(
            path=path,
            written=value,
            distribution=case.resolve(value),
            source=sourced.source,
            assumption=sourced.assumption,
            note=sourced.note,
            says=says,
            owner=owner,
        )
