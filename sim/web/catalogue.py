"""What can be served: the scenarios that come with the program, and those named at the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from sim import case_paths
from sim.analysis.outcomes.zone_file import Zone, ZoneWidth, stored
from sim.case.reading.yaml_documents import Document, read_document
from sim.errors import UsageError
from sim.negotiation.scenario_loader import load_scenario


@dataclass(frozen=True)
class CatalogueEntry:
    """A scenario on the shelf: its name in forms, its case's title, its own title and question, and its file."""

    name: str
    case: str
    title: str
    question: str
    path: Path


class Catalogue:
    """All scenarios that pages may ask for; they name them by keys of this list, never by paths.

    Parameters
    ----------
    own : a scenario, a case or a folder of the user's, beside what comes with the program; it is listed first
    first : the bundled scenario that is offered first, if there is none of the user's
    """

    def __init__(self, own: str | None = None, first: str = "") -> None:
        bundled, named = case_paths.scenarios(case_paths.bundled()), [] if own is None else _named(own)
        found = [*named, *bundled]
        read = cache(read_document)  # a case has many scenarios
        self.entries = {title.name: title for title in (_title(path, read) for path in dict.fromkeys(found))}
        names = list(self.entries)
        self._own = [case_paths.name_of(path) for path in named]
        self.first = names[0] if own else next((name for name in names if name.endswith(f"/{first}")), names[0])

    @cached_property
    def zones(self) -> Mapping[str, Zone | None]:
        """The computed zone of agreement of each scenario; None where it is missing or out of date."""
        found = stored(title.path for title in self.entries.values())
        return {name: found[title.path] for name, title in self.entries.items()}

    @cached_property
    def first_for_class(self) -> str:
        """The scenario to offer a class first: one with a zone of agreement, a wide one if there is any.

        It is one of the user's own, if there are any. Else the first of all comes first, then those of its case, then
        all others. If none has a zone, it is the first of all.
        """
        case = self.entries[self.first].case
        beside = [name for name, title in self.entries.items() if title.case == case]
        for names in [self._own] if self._own else [[self.first, *beside], list(self.entries)]:
            for kind in (ZoneWidth.WIDE, ZoneWidth.NARROW):
                for name in names:
                    zone = self.zones[name]
                    if zone is not None and zone.kind is kind:
                        return name
        return self.first

    def source(self, name: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """The whole data of a scenario, from which it is built again anywhere.

        Raises
        ------
        UsageError
            if there is none of that name
        CaseError
            if its files, or the changes, are wrong
        """
        if name not in self.entries:
            raise UsageError("there is no such scenario.")
        return load_scenario(self.entries[name].path, changes).source


def _named(own: str) -> list[Path]:
    path = case_paths.find(own)
    if path.is_file() and not case_paths.is_case(path):
        return [path]
    found = case_paths.scenarios(path if path.is_dir() else path.parent)
    if not found:
        raise UsageError(f"There is no scenario in '{own}'.")
    return found


def _title(path: Path, read: Callable[[Path], Document]) -> CatalogueEntry:
    data = read(path).data
    name = str(data.get("case", "."))
    case = path.parent / name
    if not case_paths.is_case(case):
        case = case_paths.bundled_case(name) or case
    return CatalogueEntry(
        name=case_paths.name_of(path),
        case=str(read(case / case_paths.CASE).data.get("title", case.name)),
        title=str(data.get("title", path.stem)),
        question=str(data.get("question", "")),
        path=path,
    )
