"""The commands of an author: start a case, check it, and print the schema of its files.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import loading, options, output, scenario_list
from sim.cli.command_group import BAD_INPUT
from sim.cli.commands import new_command

if TYPE_CHECKING:
    from sim.analysis.outcomes.zone import ZoneRefresh
    from sim.case.models import Scenario
    from sim.case.translation import Coverage
    from sim.errors import Problem

FORMAT = "parley.check/1"


def check(paths: options.Paths, as_json: options.Json = False) -> None:
    """Check case and scenario files, or all of those in a folder, and list every mistake.

    It also warns of what can hardly be meant, such as an actor that accepts nothing. The zone of agreement of each
    scenario is computed if it is missing or out of date, and written to zones.json in the scenario's folder. For a
    translated case, it says how many texts are missing.
    """
    checked, scenarios, problems = loading.check(paths)
    translations, in_translations = _translations(scenarios)
    problems = sorted([*problems, *in_translations])
    warnings = [] if problems else _warnings(scenarios)
    if not as_json:
        for line in (*problems, *(f"{file}: warning: {message}" for file, message in warnings)):
            output.errors().print(str(line), soft_wrap=True)
        output.show(_verdict(checked, problems))
        for coverage in translations:
            if coverage.missing:
                output.show_text(_covered(coverage))
    zones = _refresh(scenarios)
    if as_json:
        output.show_json(
            {
                "format": FORMAT,
                "checked": checked,
                "problems": [asdict(problem) for problem in problems],
                "warnings": [{"file": file, "message": message} for file, message in warnings],
                "translations": [
                    {
                        "file": str(one.file),
                        "language": one.language,
                        "texts": one.paths,
                        "missing": list(one.missing),
                    }
                    for one in translations
                ],
                "zones": [{"file": str(zone.file), "stale": zone.stale, "problem": zone.problem} for zone in zones],
            }
        )
    else:
        for zone in zones:
            output.show_text(_computed(zone))
    if problems:
        raise typer.Exit(BAD_INPUT)


def _verdict(checked: int, problems: Sequence[Problem]) -> str:
    """Say how much was checked, and how many mistakes there are in how many files."""
    what = "1 case or scenario" if checked == 1 else f"{checked} cases and scenarios"
    if not problems:
        return f"{what} checked: no mistakes."
    files = len({problem.file for problem in problems})
    mistakes = f"{len(problems)} mistake{'s' * (len(problems) != 1)}"
    return f"{what} checked: {mistakes} in {files} file{'s' * (files != 1)}."


def _warnings(scenarios: Mapping[Path, Scenario]) -> list[tuple[str, str]]:
    """Return what is suspicious about each case: the folder of its scenarios, and a sentence."""
    by_case: dict[tuple[Path, str], list[Scenario]] = {}
    for path, scenario in scenarios.items():
        by_case.setdefault((path.parent, scenario.case.id), []).append(scenario)
    if not by_case:
        return []
    # Judging packages takes NumPy and the rules, which nobody waits for while there are mistakes.
    from sim.analysis.case_warnings import case_warnings

    return [(str(folder), message) for (folder, _), of_case in by_case.items() for message in case_warnings(of_case)]


def _translations(scenarios: Mapping[Path, Scenario]) -> tuple[list[Coverage], list[Problem]]:
    """Return how complete the translations of each case are, and the mistakes in them; a case is in one folder."""
    from sim.case.translation import coverage, languages_of

    by_folder: dict[Path, list[Mapping[str, object]]] = {}
    for path, scenario in scenarios.items():
        by_folder.setdefault(path.parent, []).append(scenario.source)
    files = [(folder, language) for folder in by_folder for language in languages_of(folder)]
    found = [coverage(folder, language, by_folder[folder]) for folder, language in files]
    return [one for one, _ in found if one is not None], [problem for _, problems in found for problem in problems]


def _covered(coverage: Coverage) -> str:
    missing = coverage.missing
    rest = f"{len(missing)} missing, such as {missing[0]}" if missing else "complete"
    return f"{coverage.file}: {rest} ({coverage.paths} texts).\n"


def _refresh(scenarios: Mapping[Path, Scenario]) -> list[ZoneRefresh]:
    """Compute the zones that are missing or out of date."""
    from sim.analysis.outcomes.zone_file import stored_zone

    stale = {path: scenario for path, scenario in scenarios.items() if stored_zone(scenario, path.parent) is None}
    if not stale:
        return []
    # Playing takes Mesa, which nobody waits for where all zones are up to date.
    from sim.analysis.outcomes.zone import refresh_zones

    with output.progress(f"Computing zones of agreement for {len(stale)} scenario{'s' * (len(stale) != 1)}") as tick:
        return refresh_zones(stale, tick)


def _computed(zone: ZoneRefresh) -> str:
    zones = "1 zone" if zone.stale == 1 else f"{zone.stale} zones"
    done = f"computed; written to {zone.file}" if zone.problem is None else f"not computed; {zone.file} {zone.problem}"
    return f"{zones} of agreement {done}.\n"


def new(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.")]) -> None:
    """Write a commented starter case that you can play immediately."""
    output.show_written(new_command.copy(folder))
    output.show_text(f"To play it, type: {scenario_list.typed(folder / new_command.FIRST)}\n")


def schema() -> None:
    """Print the JSON Schema of case and scenario files, for use in editors."""
    from sim.case.json_schema import schemas
    from sim.negotiation.protocols import PROTOCOLS

    output.show_json(schemas(PROTOCOLS))
