"""The commands for a class without devices: handouts, the debrief of their results, and a rehearsal.

As in `sim.cli.app`, a command imports what only it needs. Pages and PDF need the extra `classroom`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli import limits, loading, option_values, options, output
from sim.cli.version import VERSION
from sim.errors import UsageError, did_you_mean, missing

if TYPE_CHECKING:
    from sim.case.models import Scenario
    from sim.csv_writer import CsvLocale
    from sim.strings import Strings

FORMATS = ("html", "pdf")
FORM, DEBRIEF = "result.yaml", "debrief"
DEBRIEF_FILES = (f"{DEBRIEF}.html", f"{DEBRIEF}.json", "tables.csv", "answers.csv")
PROGRAM = f"Parley {VERSION}"
TABLES = 4
"""The number of tables in an empty form."""

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the files to DIR.")]
Role = Annotated[str | None, typer.Option("--role", metavar="ID", help="Write only this role, such as ukraine.")]
Level = Annotated[Literal["basic", "advanced"], typer.Option("--level", help="How detailed the briefs are.")]
Sheets = Annotated[
    bool,
    typer.Option("--sheets/--no-sheets", help="Include score sheets with points, or describe interests only in words."),
]
Format = Annotated[str, typer.Option("--format", metavar="LIST", help="File formats: html, pdf or html,pdf.")]
Result = Annotated[
    Path | None,
    typer.Option(
        "--result", metavar="FILE", help=f"Completed {FORM} with the results of the tables: print the debrief instead."
    ),
]
Language = Annotated[
    str, typer.Option("--language", metavar="CODE", help="Language of the words, also of the case if it is translated.")
]


def handout(
    scenario: options.Scenario,
    out: Out = None,
    force: options.Force = False,
    role: Role = None,
    level: Level = "advanced",
    sheets: Sheets = True,
    formats: Format = "html,pdf",
    result: Result = None,
    worlds: options.Drawn = options.ENOUGH,
    language: Language = "en",
    csv_locale: options.CsvLocale = "standard",
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Write all handouts for a class on paper or, with --result, the debrief of its results."""
    wanted = _formats(formats)
    t = _strings(language)
    if result is None and as_json:
        raise UsageError("--json prints a debrief. Give the results of the tables with --result FILE.")
    if result is None and out is None:
        raise UsageError("Name a folder for the handouts with --out DIR.")
    loaded = loading.in_language(loading.scenario(scenario, option_values.settings(changes)), scenario, language)
    t = t.with_names(loaded.case.names)
    if result is not None:
        limits.check_worlds(worlds)
        _show_debrief(
            loaded, result, worlds, None if out is None else _debrief_writer(out, t, csv_locale, force), as_json
        )
        return
    assert out is not None  # asked for above
    roles = None if role is None else [option_values.actor(role, loaded.case.actors, "--role")]
    from sim.game.paper.handout import handout as write_handout
    from sim.game.paper.paper_results import blank_form
    from sim.report.document.handout import documents
    from sim.report.document.paper_form import form
    from sim.strings import speaking

    output.prepare(out)
    handouts = write_handout(loaded, level=level, sheets=sheets, roles=roles)
    with speaking(t):
        files = _documents(documents(handouts, t), wanted, handouts, t, whole=role is None)
    if role is None and not (out / FORM).exists():  # a completed form stays as it is, even with --force
        files[FORM] = form(blank_form(loaded, TABLES), handouts["issues"], t)
    output.show_written(output.write(out, files, force=force))


def rehearse(
    scenario: options.Scenario,
    seed: Annotated[
        int | None,
        options.number("--seed", "S", "Play in the first world drawn with seed S. Default: central values.", 0),
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Also judge every possible package.")] = False,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Play a scenario by the rules before your class plays it, and get a warning if nothing can be agreed."""
    loaded = loading.scenario(scenario, option_values.settings(changes))
    from sim.game.paper.rehearsal import rehearse as play_by_agents
    from sim.report.terminal.solo.rehearsal import rehearsal

    with output.progress("Judging every package") as tick:
        result = play_by_agents(loaded, seed, whole=whole, progress=tick)
    output.show_either(result, lambda data: rehearsal(data, _strings("en")), as_json=as_json)


def _formats(given: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(part.strip().lower() for part in given.split(",") if part.strip()))
    for name in named:
        if name not in FORMATS:
            raise UsageError(f"Unknown format '{name}'. Choose {' or '.join(FORMATS)}.{did_you_mean(name, FORMATS)}")
    if not named:
        raise UsageError(f"--format is empty. Choose {' or '.join(FORMATS)}.")
    return named


def _strings(language: str) -> Strings:
    from sim.strings import Strings, languages

    if language not in languages():
        known = languages()
        raise UsageError(
            f"Unknown language '{language}'. Choose from {', '.join(known)}.{did_you_mean(language, known)}"
        )
    return Strings.load(language)


def _documents(
    documents: Mapping[str, Any], formats: Sequence[str], handouts: Mapping[str, Any], t: Strings, *, whole: bool
) -> dict[str, str | bytes]:
    """Return every document in every format and, for a whole set of HTML pages, an index."""
    try:
        from sim.report.document.handout_html import index, page
        from sim.report.document.pdf import pdf
    except ModuleNotFoundError as error:
        raise _missing(error) from None
    files: dict[str, str | bytes] = {}
    with output.progress("Writing handouts") as tick:
        for done, (stem, document) in enumerate(documents.items(), 1):
            for ending in formats:
                files[f"{stem}.{ending}"] = page(document, handouts, t, PROGRAM) if ending == "html" else pdf(document)
            if tick is not None:
                tick(done, len(documents))
    if whole and "html" in formats:
        files["index.html"] = index(documents, list(files), handouts, t, PROGRAM)
    return files


def _show_debrief(
    scenario: Scenario,
    result: Path,
    worlds: int,
    write: Callable[[Mapping[str, Any]], list[Path]] | None,
    as_json: bool,
) -> None:
    """Judge what the tables of a class on paper agreed; print the debrief, and write it if there is a place."""
    if not result.is_file():
        raise UsageError(f"--result {result}: this file does not exist.")
    from sim.case.reading.yaml_documents import read_document
    from sim.game.debrief.debrief import debrief
    from sim.game.debrief.joint_gains import all_gains
    from sim.game.debrief.rule_benchmark import play_benchmark
    from sim.game.paper.paper_results import read_paper_tables
    from sim.report.terminal.solo.debrief import debrief as page

    tables = read_paper_tables(scenario, read_document(result).data, str(result))
    with output.progress(f"Playing {worlds:,} worlds") as tick:
        benchmark = play_benchmark(scenario, worlds, progress=tick)
    with output.progress("Judging every package") as tick:
        left = all_gains(tables, progress=tick)
    debriefing = debrief(scenario, tables, benchmark=benchmark, all_gains=left)
    written = [] if write is None else write(debriefing)
    output.show_either(debriefing, page, as_json=as_json)
    if not as_json:
        output.show_written(written)


def _debrief_writer(out: Path, t: Strings, locale: CsvLocale, force: bool) -> Callable[[Mapping[str, Any]], list[Path]]:
    """Return what writes a debrief as files; whether it can is known before the long work begins."""
    try:
        from sim.report.document.debrief_html import page, tables
    except ModuleNotFoundError as error:
        raise _missing(error) from None
    output.prepare(out, DEBRIEF_FILES, force=force)

    def write(data: Mapping[str, Any]) -> list[Path]:
        pages = (page(data, t, PROGRAM), output.as_json(data), *tables(data, t, locale).values())
        return output.write(out, dict(zip(DEBRIEF_FILES, pages, strict=True)), force=force)

    return write


def _missing(error: ModuleNotFoundError) -> Exception:
    """Return the error for a missing library of the extra; any other stays as it is."""
    if error.name in ("jinja2", "markupsafe", "typst"):
        return missing("handout", str(error.name), "classroom")
    return error
