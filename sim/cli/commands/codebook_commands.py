"""The commands for coding the claims of a case: a form to fill in, and how far coders agree.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim import case_paths
from sim.cli import loading, options, output, scenario_list
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.case.codings import Coding

app = typer.Typer(no_args_is_help=True, help="Code the claims of a case yourself, and measure how far coders agree.")


@app.command()
def new(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A case folder, or the name of a bundled case.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="New file for the form.")],
    force: options.Force = False,
) -> None:
    """Write a blank coding form for the claims of a case."""
    loaded = loading.case(case)
    if not loaded.claims:
        raise UsageError(f"'{case}' has no claims to code. Add them to its {case_paths.CLAIMS}.")
    output.prepare_file(out, force=force)
    from sim.analysis.coding.codebook import form
    from sim.report.terminal.codebook import form as page
    from sim.strings import Strings

    text = page(form(loaded, _named(case, out)), Strings.load())
    output.show_written(output.write(out.parent, {out.name: text}, force=force))
    output.show_text(f"Fill in the form, then type: {scenario_list.typed('codebook', 'compare', out, case)}\n")


@app.command()
def compare(
    codings: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES_OR_CASE", help="Completed forms to compare. A case name means the coding of its authors."
        ),
    ],
    seed: Annotated[int, options.number("--seed", "S", "Seed for the resampling behind the intervals.", 0)] = 0,
    as_json: options.Json = False,
) -> None:
    """Compare two or more codings: Krippendorff's alpha, and the claims on which coders differ."""
    loaded = [_coding(name) for name in codings]
    from sim.analysis.coding.codebook import compare as agree
    from sim.report.terminal.codebook import codebook as page
    from sim.strings import Strings

    output.show_either(agree(loaded, seed), lambda data: page(data, Strings.load()), as_json=as_json)


def _named(case: str, out: Path) -> str:
    """Return how a form names its case: a bundled one by its name, another by its path from the form's folder."""
    path = case_paths.find(case)
    name = case_paths.name_of(path)
    if name != str(path):
        return name
    try:
        return Path(os.path.relpath(path, out.parent)).as_posix()
    except ValueError:  # on another drive of a Windows machine
        return path.resolve().as_posix()


def _coding(name: str) -> Coding:
    """Load a coding from its file, or the coding of a case by its authors."""
    path = case_paths.find(name)
    if path.is_dir() or case_paths.is_case(path):
        from sim.case.codings import own_coding

        return own_coding(loading.case(name), name)
    from sim.case.codings import load_coding

    return load_coding(path)
