"""Lists the numbers of a case, each with its dotted path, distribution and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sim.case.base_models import PLAIN, Sourced, StrictModel, item_name, keys_of
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


class WrittenNumber(NamedTuple):
    """A number of the case as its file writes it; the parts are those of `NamedNumber`."""

    path: str
    written: Number
    sourced: Sourced
    says: str
    owner: str

    def named(self, draw: str, distribution: Distribution) -> NamedNumber:
        """Return the number with its draw and its distribution."""
        return NamedNumber(
            path=self.path,
            written=self.written,
            distribution=distribution,
            source=self.sourced.source,
            assumption=self.sourced.assumption,
            note=self.sourced.note,
            says=self.says,
            owner=self.owner,
            draw=draw,
        )


def numbers_of(part: object, path: str, owner: str, says: str) -> list[WrittenNumber]:
    """Return every number of a part of a case, in the order of the files.

    `says` describes a number if nothing around it does.
    """
    found: list[WrittenNumber] = []

    def collect(value: object, path: str, sourced: Sourced | None, says: str) -> None:
        if isinstance(value, PLAIN):
            return
        if isinstance(value, Number):
            assert sourced is not None  # every number belongs to something that names its source
            found.append(WrittenNumber(path, value, sourced, says, owner))
        elif isinstance(value, tuple):
            for item in value if value and isinstance(value[0], StrictModel) else ():
                collect(item, f"{path}.{item_name(item)}", sourced, says)
        elif isinstance(value, StrictModel):
            sourced = value if isinstance(value, Sourced) else sourced
            says = getattr(value, "says", None) or says
            for name, _ in keys_of(type(value)):
                collect(getattr(value, name), f"{path}.{name}", sourced, says)
            for name, scores in (value.model_extra or {}).items():
                for option, score in scores.items() if isinstance(scores, Mapping) else ():
                    collect(score, f"{path}.{name}.{option}", sourced, f"{name}: {option}")
        elif isinstance(value, Mapping):
            for name, item in value.items():
                collect(item, f"{path}.{name}", sourced, says)

    collect(part, path, None, says)
    return found
