"""The command that writes a report on scenarios: one file to pass on or to print.

As in `sim.cli.app`, a command imports what only it needs; figures and pages need the extra `report`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from sim.cli import limits, loading, option_values, options, output
from sim.cli.version import VERSION
from sim.errors import UsageError, did_you_mean, missing

if TYPE_CHECKING:
    from sim.analysis.runner.pieces import Progress

LIBRARIES = ("jinja2", "markupsafe", "matplotlib", "typst")
ENDINGS = (".html", ".md", ".pdf")
FIGURES = "-figures"
"""The end of the name of the folder with the figures of a Markdown report."""
Files: TypeAlias = Mapping[Path, str | bytes]

Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="File to write. Its ending sets the format: .html, .md or .pdf."),
]
Sections = Annotated[
    str | None, typer.Option("--sections", metavar="LIST", help="Comma-separated sections to include.")
]
Quick = Annotated[bool, typer.Option("--quick", help="Leave out the slow sections: outcomes, flip and sensitivity.")]
Full = Annotated[
    bool, typer.Option("--full", help="Add every ledger, table and assumption to the appendices. Takes no longer.")
]
Of = Annotated[
    str | None,
    typer.Option(
        "--of", metavar="WHAT", help="Outcome for the sensitivity section. Default: agreement, or who blocks."
    ),
]


def report(
    paths: options.Paths,
    out: Out = None,
    force: options.Force = False,
    worlds: options.Drawn = options.ENOUGH,
    seed: options.Seed = 0,
    sections: Sections = None,
    quick: Quick = False,
    full: Full = False,
    of: Of = None,
    workers: options.Workers = None,
    changes: options.Set = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Write a report with figures on scenarios: the talks, who says what and why, and the sources."""
    if out is None and not as_json:
        raise UsageError(f"Name a file for the report with --out FILE. It must end in {_endings()}.")
    wanted = _sections(sections, quick=quick)
    render = None if out is None else _renderer(out, force=force, full=full)
    given = option_values.settings(changes)
    loaded = loading.scenarios(paths, given)
    limits.check_ensemble(worlds, len(loaded), sure=yes)
    from sim.analysis.report_data import report as gather

    with loading.crew(workers, None) as by:
        data = gather(
            loaded,
            program=VERSION,
            stage=_stages(),
            beside=loading.beside(paths[0], loaded[0], given),
            sections=wanted,
            worlds=worlds,
            seed=seed,
            of=of,
            by=by,
        )
    if out is not None and render is not None:
        with output.progress("Writing the report"):
            files = render(
                data, _command(out, paths, worlds, seed, sections, {"--quick": quick, "--full": full}, of, changes)
            )
        for folder, group in _by_folder(files):
            output.write(folder, group, force=force)
            if not as_json:
                written = folder / next(iter(group)) if folder == out.parent else f"{folder} ({len(group)} figures)"
                output.show_text(f"Written: {written}\n")
    if as_json:
        output.show_json(data)


def _endings() -> str:
    return f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


def _sections(given: str | None, *, quick: bool) -> tuple[str, ...]:
    from sim.analysis.report_data import LONG, SECTIONS

    if given is None:
        return tuple(name for name in SECTIONS if not (quick and name in LONG))
    if quick:
        raise UsageError("--quick and --sections cannot be combined. Give one of them.")
    named = [part for part in re.split(r"[\s,;]+", given.lower()) if part]
    for name in named:
        if name not in SECTIONS:
            hint = did_you_mean(name, SECTIONS)
            raise UsageError(f"Unknown section '{name}' in --sections. Choose from {', '.join(SECTIONS)}.{hint}")
    if not named:
        raise UsageError(f"--sections is empty. Choose from {', '.join(SECTIONS)}.")
    return tuple(named)


def _stages() -> Callable[[str, str | None], Any]:
    """Return what shows a numbered progress bar per stage."""
    done = 0

    @contextmanager
    def stage(what: str, unit: str | None) -> Iterator[Progress | None]:
        nonlocal done
        done += 1
        with output.progress(f"{done}. {what}", unit) as tick:
            yield tick

    return stage


def _renderer(out: Path, *, force: bool, full: bool) -> Callable[[Mapping[str, Any], str], Files]:
    """Return what makes files of a report; whether it can, and can write them, is known before the long work begins.

    Raises
    ------
    UsageError
        if nothing ends like that, there is nowhere to write, or a library is missing
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        hint = did_you_mean(ending, ENDINGS)
        raise UsageError(f"--out {out}: the file name must end in {_endings()}.{hint}")
    output.prepare_file(out, force=force)
    try:
        from sim.report.scenario_report import report_document

        document = partial(report_document.document, full=full)
        if ending == ".html":
            from sim.report.document.handout_html import page
            from sim.strings import Strings

            strings, program = Strings.load(), f"Parley {VERSION}"
            return lambda data, command: {out: page(document(data, command), data, strings, program)}
        if ending == ".pdf":
            from sim.report.document.pdf import pdf

            return lambda data, command: {out: pdf(document(data, command))}
        from sim.report.scenario_report.report_markdown import markdown
    except ModuleNotFoundError as error:
        if error.name in LIBRARIES:
            raise missing("report", str(error.name), "report") from None
        raise

    def with_figures(data: Mapping[str, Any], command: str) -> Files:
        folder = out.with_name(f"{out.stem}{FIGURES}")
        text, figures = markdown(document(data, command), folder.name)
        return {out: text, **{folder / name: svg for name, svg in figures.items()}}

    return with_figures


def _by_folder(files: Files) -> Iterator[tuple[Path, dict[str, str | bytes]]]:
    for folder in dict.fromkeys(path.parent for path in files):
        yield folder, {path.name: content for path, content in files.items() if path.parent == folder}


def _command(
    out: Path,
    paths: Sequence[str],
    worlds: int,
    seed: int,
    sections: str | None,
    flags: Mapping[str, bool],
    of: str | None,
    changes: Sequence[str] | None,
) -> str:
    """Return the command for the same report; workers and the place of the file make no difference."""
    words = ["parley", "report", *paths, "--worlds", str(worlds), "--seed", str(seed)]
    for option, value in (("--sections", sections), ("--of", of)):
        words += [option, value] if value is not None else []
    words += [flag for flag, given in flags.items() if given]
    for change in changes or ():
        words += ["--set", change]
    return shlex.join([*words, "--out", f"report{out.suffix.lower()}"])
