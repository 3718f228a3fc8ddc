"""The commands of an author: start a case, check it, and print the schema of its files.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import loading, options, output, scenario_list
from sim.cli.command_group import BAD_INPUT
from sim.cli.commands import new_command

if TYPE_CHECKING:
    from sim.case.models import Scenario


def check(paths: options.Paths) -> None:
    """Check case and scenario files, or all of those in a folder, and list every mistake.

    The zone of agreement of each scenario is also computed if it is missing or out of date, and written to zones.json
    in the scenario's folder.
    """
    files, scenarios, problems = loading.check(paths)
    for problem in problems:
        output.errors().print(str(problem), soft_wrap=True)
    wrong = len({problem.file for problem in problems})
    found = f"{len(problems)} mistake{'s' * (len(problems) != 1)} in {wrong} file{'s' * (wrong != 1)}"
    checked = "1 case or scenario" if files == 1 else f"{files} cases and scenarios"
    output.show_text(f"{checked} checked: {found if problems else 'no mistakes'}.\n")
    _refresh(scenarios)
    if problems:
        raise typer.Exit(BAD_INPUT)


def _refresh(scenarios: Mapping[Path, Scenario]) -> None:
    """Compute the zones that are missing or out of date, and say so."""
    from sim.analysis.outcomes.zone_file import stored_zone

    stale = {path: one for path, one in scenarios.items() if stored_zone(one, path.parent) is None}
    if not stale:
        return
    # Playing takes Mesa, which nobody waits for where all zones are up to date.
    from sim.analysis.outcomes.zone import refresh_zones

    with output.progress(f"Computing zones of agreement for {len(stale)} scenario{'s' * (len(stale) != 1)}") as tick:
        done = refresh_zones(stale, tick)
    for one in done:
        zones = "1 zone" if one.stale == 1 else f"{one.stale} zones"
        said = f"computed; written to {one.file}" if one.problem is None else f"not computed; {one.file} {one.problem}"
        output.show_text(f"{zones} of agreement {said}.\n")


def new(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.")]) -> None:
    """Write a commented starter case that you can play immediately."""
    output.show_written(new_command.copy(folder))
    output.show_text(f"To play it, type: {scenario_list.typed(folder / new_command.FIRST)}\n")


def schema() -> None:
    """Print the JSON Schema of case and scenario files, for use in editors."""
    from sim.case.json_schema import schemas
    from sim.negotiation.protocols import PROTOCOLS

    output.show_json(schemas(PROTOCOLS))
