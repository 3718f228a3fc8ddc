"""The commands.

What a command alone needs it imports itself: Mesa, the loader and the tables of Rich take longer to load than
`--help` may take. What an option means stands in `sim.cli.options`, what is too much in `sim.cli.limits`; what is
printed goes by `sim.cli.output`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import (
    analyses,
    codebook,
    exchange,
    game,
    handout,
    judging,
    lab,
    limits,
    listing,
    options,
    output,
    report,
    serve,
    starter,
    sweeping,
    targets,
    uncertainty,
)
from sim.cli.group import BAD_INPUT, DEFAULT, Commands
from sim.cli.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.case.shapes import Scenario
    from sim.deliberation.record import Run

app = typer.Typer(
    cls=Commands,
    subcommand_metavar="[SCENARIO | COMMAND] ...",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Play out peace negotiations: who accepts a proposal, who blocks it, and why, with sources.

    A first word that is no command is a scenario to play. Without any word, the bundled scenarios are listed.
    """
    if version:
        output.show_text(f"parley {VERSION}\n")
    elif context.invoked_subcommand is None:
        from sim.report.welcome import welcome

        output.show(welcome(listing.catalogue(), listing.to_type()))


@app.command(DEFAULT)
def play(
    scenario: options.Played = None,
    worlds: options.Worlds = None,
    seed: options.OwnSeed = None,
    changes: options.Set = None,
    months: options.Months = None,
    as_json: options.Json = False,
    out: options.Out = None,
    actor: options.As = None,
    save: options.Save = None,
    resume: options.Game = None,
) -> None:
    """Play a scenario month by month to its end, or take a chair yourself. The word 'play' may be left out."""
    limits.check_worlds(worlds)
    given = options.settings(changes) | ({} if months is None else {"protocol.months": months})
    if actor is not None or resume is not None or save is not None:
        options.check_game(actor, save, resume, bool(given or seed is not None), bool(worlds or as_json or out))
        if resume is not None:
            game.resume(resume, scenario, actor)
        else:
            game.begin(options.needed(scenario), str(actor), given, seed, save)
        return
    scenario, seed = options.needed(scenario), seed or 0
    loaded = targets.scenario(scenario, given)
    if out is not None:
        output.prepare(out)
    from sim.deliberation.account import account
    from sim.deliberation.play import play as play_out

    with output.progress(f"Playing {worlds or 1:,} worlds") as tick:
        run = play_out(loaded, worlds, seed, progress=tick)
    told = account(run)
    written = [] if out is None else output.write(out, _files(run))
    if as_json:
        output.show_json(told)
        return
    from sim.report.play import play as page

    output.show(page(told))
    for path in written:
        output.show_text(f"Written: {path}\n")
    output.show_text(listing.next_step(scenario, told))


def _files(run: Run) -> dict[str, str]:
    """The record, from which the run can be played again, and its report, by file name."""
    from sim.deliberation.replay import record as record_of
    from sim.report.markdown import markdown

    record = record_of(run)
    name = str(record["scenario"]).rpartition("/")[2]
    return {f"{name}.json": output.as_json(record), f"{name}.md": markdown(record, VERSION)}


# In the order in which --help lists them.
for command in (
    judging.verdicts,
    judging.why,
    judging.compare,
    analyses.outcomes,
    analyses.flip,
    analyses.ensemble,
    sweeping.sweep,
    uncertainty.sensitivity,
    uncertainty.discover,
    uncertainty.table,
    judging.sources,
    report.report,
    handout.rehearse,
    handout.handout,
    lab.lab,
    serve.serve,
    exchange.export,
):
    app.command()(command)
app.command("import")(exchange.take_in)
app.add_typer(codebook.app, name="codebook")


@app.command()
def check(paths: options.Paths) -> None:
    """Validate files, or all cases and scenarios in folders, and list every mistake.

    It also computes the zone of agreement of each scenario whose zone is missing or out of date, and writes it to
    zones.json beside the scenario.
    """
    files, scenarios, problems = targets.check(paths)
    for problem in problems:
        output.errors().print(str(problem), soft_wrap=True)
    wrong = len({problem.file for problem in problems})
    found = f"{len(problems)} mistake{'s' * (len(problems) != 1)} in {wrong} file{'s' * (wrong != 1)}"
    checked = "1 case or scenario" if files == 1 else f"{files} cases and scenarios"
    output.show_text(f"{found if problems else 'No mistake'}; {checked} checked.\n")
    _refresh(scenarios)
    if problems:
        raise typer.Exit(BAD_INPUT)


def _refresh(scenarios: Mapping[Path, Scenario]) -> None:
    """Compute the zones that are missing or out of date, and say so."""
    from sim.analysis.zone_file import zone_of

    stale = {path: one for path, one in scenarios.items() if zone_of(one, path.parent) is None}
    if not stale:
        return
    # Playing takes Mesa, which nobody waits for where all zones are up to date.
    from sim.analysis.zone import refresh

    with output.progress(f"Computing {len(stale)} zones of agreement") as tick:
        done = refresh(stale, tick)
    for one in done:
        zones = "1 zone" if one.stale == 1 else f"{one.stale} zones"
        said = f"computed; written to {one.file}" if one.problem is None else f"not computed; {one.file} {one.problem}"
        output.show_text(f"{zones} of agreement {said}.\n")


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is new or empty.")]) -> None:
    """Write a commented starter case that runs at once."""
    for path in starter.copy(folder):
        output.show_text(f"Written: {path}\n")
    output.show_text(f"Play it: {listing.typed(folder / starter.FIRST)}\n")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the files of a case, for editors."""
    from sim.case.schema import schemas
    from sim.deliberation.protocols import PROTOCOLS

    output.show_json(schemas(PROTOCOLS))
