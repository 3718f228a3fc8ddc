"""The commands that exchange cases with other programs.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import loading, option_values, options, output, scenario_list
from sim.cli.commands import new_command
from sim.errors import UsageError


def export(
    target: options.Target,
    out: options.NewFolder,
    drop: Annotated[bool, typer.Option("--drop", help="Leave out what the other program cannot express.")] = False,
    force: options.Force = False,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Export a case to NegMAS: its issues, and the actors' utilities at central values."""
    loaded = loading.either(target, option_values.settings(changes))
    from sim.analysis.interchange.export_negmas import export as write_out
    from sim.report.terminal.interchange import export as page

    exported = write_out(loaded, drop=drop)
    written = _write(out, exported.files, force=force)
    output.show_either(exported.report, page, as_json=as_json)
    if not as_json:
        output.show_written(written)


def take_in(
    source: Annotated[
        Path, typer.Argument(metavar="FOLDER_OR_FILE", help="A Genius (XML), GeniusWeb (JSON) or NegMAS (YAML) domain.")
    ],
    out: options.NewFolder,
    profile: Annotated[
        list[str] | None,
        typer.Option("--profile", metavar="FILE", help="File of utilities to read; repeat it for each party."),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option("--steps", metavar="N", help="Values to take from a range of real numbers, or of too many."),
    ] = None,
    by: Annotated[
        str, typer.Option("--by", metavar="name|index", help="How the issues of a Genius profile match the domain's.")
    ] = "name",
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Import a domain of Genius, GeniusWeb or NegMAS as a case, with a scenario of alternating offers."""
    from sim.analysis.interchange.domain_folder import ReadingChoices
    from sim.analysis.interchange.import_domain import SCENARIO, make_case, read_domain
    from sim.case.reading.yaml_documents import to_yaml
    from sim.report.terminal.interchange import imported as show_imported

    choices = ReadingChoices(profile or (), steps, by)
    imported = make_case(read_domain(source, choices), out.resolve().name)
    texts = {name: to_yaml(data) for name, data in imported.files.items()}
    _check_sizes(texts)
    written = _write(out, texts, force=force)
    output.show_either(imported.report, show_imported, as_json=as_json)
    if not as_json:
        output.show_written(written)
        output.show_text(f"To play it, type: {scenario_list.typed(out / f'{SCENARIO}.yaml')}\n")


def _check_sizes(texts: Mapping[str, str]) -> None:
    """Refuse to write a file that could not be read again."""
    from sim.case.reading.source_text import BYTES_MOST

    for name, text in texts.items():
        if (size := len(text.encode())) > BYTES_MOST:
            most = f"a case file may be at most {BYTES_MOST / 2**20:.0f} MiB"
            rules = f"{text.count('rule: '):,} rules"
            raise UsageError(f"{name} would be {size / 2**20:.1f} MiB with {rules}, but {most}. Import fewer of them.")


def _write(folder: Path, texts: Mapping[str, str], *, force: bool) -> list[Path]:
    """Write files into a folder that is new or empty, or with `force` into any."""
    if not force:
        new_command.check_empty(folder)
    return output.write(folder, texts, force=force)
