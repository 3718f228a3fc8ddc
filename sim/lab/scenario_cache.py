"""What lies open: the scenarios of the shelf that were asked for, each loaded once."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import Any

from sim.analysis.judging.proposals import proposals
from sim.errors import UsageError
from sim.lab import controls, panel_data
from sim.lab.scenario_state import LoadedScenario
from sim.web.catalogue import Catalogue


class ScenarioCache:
    """All scenarios that are open.

    Parameters
    ----------
    catalogue : what can be opened
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._open: dict[str, LoadedScenario] = {}
        self._known: dict[str, tuple[float, list[dict[str, Any]]]] = {}
        self._loading = Lock()

    @cached_property
    def first(self) -> LoadedScenario:
        """The scenario that is open at the start.

        Raises
        ------
        CaseError
            with every mistake in its files
        """
        return self.loaded(self.catalogue.first)

    def loaded(self, name: str) -> LoadedScenario:
        """A scenario by its name on the shelf; the first one, if none is named.

        Raises
        ------
        UsageError
            if there is none of that name
        CaseError
            with every mistake in its files
        """
        name = name or self.catalogue.first
        if name not in self.catalogue.entries:
            raise UsageError("there is no scenario of that name here.")
        with self._loading:
            if name not in self._open:
                loaded = LoadedScenario(self.catalogue.entries[name].path, name)
                scale = panel_data.scale(proposals(loaded.sisters, loaded.base))
                self._known[name] = scale, controls.groups(loaded)
                self._open[name] = loaded
            return self._open[name]

    def scale(self, loaded: LoadedScenario) -> float:
        """Of the shades of its heat map."""
        return self._known[loaded.name][0]

    def controls(self, loaded: LoadedScenario) -> list[dict[str, Any]]:
        """Its numbers, as controls."""
        return self._known[loaded.name][1]
