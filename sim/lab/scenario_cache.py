"""Keeps the scenarios that were requested, each loaded once."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import Any

from sim.errors import UsageError
from sim.lab import controls
from sim.lab.panels.levers import Levers, levers_of
from sim.lab.scenario_state import LoadedScenario
from sim.web.catalogue import Catalogue


class ScenarioCache:
    """All loaded scenarios.

    Parameters
    ----------
    catalogue : scenarios that can be loaded
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._loaded: dict[str, LoadedScenario] = {}
        self._derived: dict[str, tuple[list[dict[str, Any]], Levers]] = {}
        self._loading = Lock()

    @cached_property
    def first(self) -> LoadedScenario:
        """The scenario that is shown first.

        Raises
        ------
        CaseError
            with every mistake in its files
        """
        return self.get(self.catalogue.first)

    def get(self, name: str) -> LoadedScenario:
        """Return a scenario by its id in the catalogue; the first one if `name` is empty.

        Raises
        ------
        UsageError
            if there is no scenario with that id
        CaseError
            with every mistake in its files
        """
        name = name or self.catalogue.first
        if name not in self.catalogue.entries:
            raise UsageError(f"Unknown scenario '{name[:40]}'.")
        with self._loading:
            if name not in self._loaded:
                loaded = LoadedScenario(self.catalogue.entries[name].path, name)
                groups = controls.groups(loaded)
                self._derived[name] = groups, levers_of(loaded, groups)
                self._loaded[name] = loaded
            return self._loaded[name]

    def controls(self, loaded: LoadedScenario) -> list[dict[str, Any]]:
        """Return its numbers as controls, grouped by owner (see `controls.groups`)."""
        return self._derived[loaded.name][0]

    def levers(self, loaded: LoadedScenario) -> Levers:
        """Return the numbers that matter most for its question."""
        return self._derived[loaded.name][1]
