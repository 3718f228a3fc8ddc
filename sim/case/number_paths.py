"""Lists the numbers of a case, each with its dotted path, distribution and source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sim.case.base_models import Sourced, StrictModel, item_name
from sim.case.distributions import Distribution, Number


@dataclass(frozen=True, kw_only=True)
class NamedNumber:
    """A number of the case with its path, its distribution and its source.

    `owner` is the actor, or the part of the case, that it belongs to; `draw` is the path of the number whose draw it
    shares, usually its own.
    """

    path: str
    written: Number
    distribution: Distribution
    source: tuple[str, ...]
    assumption: str | None
    note: str | None
    says: str
    owner: str
    draw: str


def numbers_of(
    part: object, path: str, owner: str, says: str, resolve: Callable[[str, Number], tuple[str, Distribution]]
) -> Iterator[NamedNumber]:
    """Yield every number of a part of a case, in the order of the files.

    `says` describes a number if nothing around it does. `resolve` turns a path and its number into the path of the
    number's draw and the number's distribution.
    """

    def walk(value: object, path: str, sourced: Sourced | None, says: str) -> Iterator[NamedNumber]:
        if isinstance(value, StrictModel):
            sourced = value if isinstance(value, Sourced) else sourced
            says = getattr(value, "says", None) or says
            for name in type(value).model_fields:
                yield from walk(getattr(value, name), f"{path}.{name}", sourced, says)
            for name, scores in (value.model_extra or {}).items():
                for option, score in scores.items() if isinstance(scores, Mapping) else ():
                    yield from walk(score, f"{path}.{name}.{option}", sourced, f"{name}: {option}")
        elif isinstance(value, Mapping):
            for name, item in value.items():
                yield from walk(item, f"{path}.{name}", sourced, says)
        elif isinstance(value, tuple) and value and isinstance(value[0], StrictModel):
            for item in value:
                yield from walk(item, f"{path}.{item_name(item)}", sourced, says)
        elif isinstance(value, Number):
            assert sourced is not None  # every number belongs to something that names its source
            draw, distribution = resolve(path, value)
            yield NamedNumber(
                path=path,
                written=value,
                distribution=distribution,
                source=sourced.source,
                assumption=sourced.assumption,
                note=sourced.note,
                says=says,
                owner=owner,
                draw=draw,
            )

    return walk(part, path, None, says)
