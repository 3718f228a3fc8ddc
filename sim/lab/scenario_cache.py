"""Keeps the scenarios that were requested, each loaded once."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import Any

from sim.errors import UsageError
from sim.lab import controls, panel_data
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
        self._derived: dict[str, tuple[float, list[dict[str, Any]]]] = {}
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
                scale = panel_data.scale(loaded.proposals.judge(loaded.base))
                self._derived[name] = scale, controls.groups(loaded)
                self._loaded[name] = loaded
            return self._loaded[name]

    def scale(self, loaded: LoadedScenario) -> float:
        """Return the scale of the shades of its heat map, points (see `panel_data.scale`)."""
        return self._derived[loaded.name][0]

    def controls(self, loaded: LoadedScenario) -> list[dict[str, Any]]:
        """Return its numbers as controls, grouped by owner (see `controls.groups`)."""
        return self._derived[loaded.name][1]
