"""The scenarios that can be served: the bundled ones and those named on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from sim import case_paths
from sim.analysis.outcomes.zone_file import Zone, ZoneWidth, stored_zones
from sim.case.reading.yaml_documents import Document, read_document
from sim.case.translation import flat, read_translation, translated
from sim.errors import CaseError, UsageError
from sim.negotiation.scenario_loader import load_scenario
from sim.strings import ENGLISH


@dataclass(frozen=True)
class CatalogueEntry:
    """A scenario that can be served: its id, the title of its case, its own title and question, and its file.

    `folder` is that of its case.
    """

    name: str
    case: str
    title: str
    question: str
    path: Path
    folder: Path


class Catalogue:
    """All scenarios that pages may ask for. Pages name them by their ids, never by paths.

    The user's own scenario, case or folder is listed before the bundled ones, and offered first; without one, the
    bundled scenario with the id `first` is.
    """

    def __init__(self, own: str | None = None, first: str = "") -> None:
        bundled, named = case_paths.scenarios(case_paths.bundled()), [] if own is None else _scenarios_in(own)
        paths = dict.fromkeys([*named, *bundled])
        read = cache(read_document)  # a case has many scenarios
        self.entries = {entry.name: entry for entry in (_entry(path, read) for path in paths)}
        names = list(self.entries)
        self._own = [case_paths.name_of(path) for path in named]
        self.first = names[0] if own else next((name for name in names if name.endswith(f"/{first}")), names[0])

    @cached_property
    def zones(self) -> Mapping[str, Zone | None]:
        """Stored zone of agreement of each scenario; None where it is missing or out of date."""
        zones = stored_zones(entry.path for entry in self.entries.values())
        return {name: zones[entry.path] for name, entry in self.entries.items()}

    @cached_property
    def first_for_class(self) -> str:
        """Id of the scenario to offer a class first: one with a zone of agreement, a wide zone if possible.

        If the user named scenarios, only those are considered. Otherwise the search starts with the first scenario,
        continues with the others of its case and then with all others. If none has a zone, it is the first scenario.
        """
        case = self.entries[self.first].case
        same_case = [name for name, entry in self.entries.items() if entry.case == case]
        for names in [self._own] if self._own else [[self.first, *same_case], list(self.entries)]:
            for kind in (ZoneWidth.WIDE, ZoneWidth.NARROW):
                for name in names:
                    zone = self.zones[name]
                    if zone is not None and zone.kind is kind:
                        return name
        return self.first

    def texts(self, name: str, language: str) -> Mapping[str, str]:
        """Return a translation of a scenario's case, by dotted path; nothing without one, or if it cannot be read."""
        try:
            translation = None if language == ENGLISH else read_translation(self.entries[name].folder, language)
        except CaseError:  # the mistake is shown when somebody makes a class with it
            translation = None
        return {} if translation is None else {path: str(text) for path, (_, text) in flat(translation).items()}

    def source(self, name: str, changes: Mapping[str, Any], language: str = ENGLISH) -> Mapping[str, Any]:
        """Return the complete data of a scenario with changes; it can be built again from this data anywhere.

        Its words are in the language, as far as its case is translated. Raises `UsageError` if there is no scenario
        with that id, and `CaseError` if its files or the changes are not valid.
        """
        if name not in self.entries:
            raise UsageError(f"Unknown scenario '{name[:40]}'.")
        entry = self.entries[name]
        source = load_scenario(entry.path, changes).source
        translation = None if language == ENGLISH else read_translation(entry.folder, language)
        return source if translation is None else translated(source, translation)


def _scenarios_in(own: str) -> list[Path]:
    path = case_paths.find(own)
    if path.is_file() and not case_paths.is_case(path):
        return [path]
    paths = case_paths.scenarios(path if path.is_dir() else path.parent)
    if not paths:
        raise UsageError(f"There is no scenario in '{own}'.")
    return paths


def _entry(path: Path, read: Callable[[Path], Document]) -> CatalogueEntry:
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
        folder=case,
    )
