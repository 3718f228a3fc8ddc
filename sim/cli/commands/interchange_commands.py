"""The commands that bring a case to other programs, and their domains here.

As in `sim.cli.app`, what a command alone needs it imports itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import loading, options, output, scenario_list
from sim.cli.commands import new_command
from sim.errors import UsageError


def export(
    target: options.Target,
    negmas: Annotated[
        Path | None, typer.Option("--negmas", metavar="DIR", help="New or empty folder for a NegMAS scenario.")
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Leave out what the other program cannot express.")] = False,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Export a case to NegMAS: its issues, and the actors' utilities at central values."""
    if negmas is None:
        raise UsageError("Name a folder for the NegMAS files with --negmas DIR.")
    loaded = loading.either(target, options.settings(changes))
    from sim.analysis.interchange.export_negmas import export as write_out
    from sim.report.terminal.interchange import export as page

    made = write_out(loaded, drop=drop)
    written = _write(negmas, made.files)
    output.show_either(made.report, page, as_json=as_json)
    if not as_json:
        for path in written:
            output.show_text(f"Written: {path}\n")


def take_in(
    source: Annotated[Path, typer.Argument(metavar="FOLDER_OR_FILE", help="A Genius (XML) or NegMAS (YAML) domain.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="New or empty folder for the case.")],
    as_json: options.Json = False,
) -> None:
    """Import a Genius or NegMAS domain as a case, with a scenario in which the parties make alternating offers."""
    from sim.analysis.interchange.import_domain import SCENARIO, make_case, read_domain
    from sim.case.reading.yaml_documents import to_yaml
    from sim.report.terminal.interchange import imported as page

    made = make_case(read_domain(source), out.resolve().name)
    written = _write(out, {name: to_yaml(data) for name, data in made.files.items()})
    output.show_either(made.report, page, as_json=as_json)
    if not as_json:
        for path in written:
            output.show_text(f"Written: {path}\n")
        output.show_text(f"To play it, type: {scenario_list.typed(out / f'{SCENARIO}.yaml')}\n")


def _write(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write files, some of them into folders of their own, where there is nothing yet."""
    new_command.check_empty(folder)
    output.prepare(folder)
    for name in texts:
        output.prepare((folder / name).parent)
    return output.write(folder, texts)
