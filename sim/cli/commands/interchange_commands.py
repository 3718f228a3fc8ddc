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
        Path | None, typer.Option("--negmas", metavar="DIR", help="A folder, new or empty, for a scenario of NegMAS.")
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Leave out what the other program cannot say.")] = False,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Write a case for another program: issues and utilities at central values, for NegMAS."""
    if negmas is None:
        raise UsageError("Name the program, and a folder for its files: --negmas DIR.")
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
    source: Annotated[
        Path, typer.Argument(metavar="FOLDER_OR_FILE", help="A domain of Genius (XML) or of NegMAS (YAML).")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The case's folder, new or empty.")],
    as_json: options.Json = False,
) -> None:
    """Make a case of a domain of Genius or NegMAS, and a scenario in which its parties make offers in turn."""
    from sim.analysis.interchange.import_domain import SCENARIO, make_case, read_domain
    from sim.case.reading.yaml_documents import to_yaml
    from sim.report.terminal.interchange import imported as page

    made = make_case(read_domain(source), out.resolve().name)
    written = _write(out, {name: to_yaml(data) for name, data in made.files.items()})
    output.show_either(made.report, page, as_json=as_json)
    if not as_json:
        for path in written:
            output.show_text(f"Written: {path}\n")
        output.show_text(f"Play it: {scenario_list.typed(out / f'{SCENARIO}.yaml')}\n")


def _write(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write files, some of them into folders of their own, where there is nothing yet."""
    new_command.check_empty(folder)
    output.prepare(folder)
    for name in texts:
        output.prepare((folder / name).parent)
    return output.write(folder, texts)
