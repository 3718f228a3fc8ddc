"""The commands.

What a command alone needs it imports itself: Mesa, the loader and the tables of Rich take longer to load than
`--help` may take. What an option means stands in `sim.cli.options`, what is too much in `sim.cli.limits`; what is
printed goes by `sim.cli.output`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import limits, loading, options, output, scenario_list
from sim.cli.command_group import BAD_INPUT, DEFAULT, CommandGroup
from sim.cli.commands import (
    class_command,
    codebook_commands,
    explore_commands,
    handout_commands,
    interchange_commands,
    judging_commands,
    lab_command,
    new_command,
    play_command,
    report_command,
    sweep_command,
    uncertainty_commands,
)
from sim.cli.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.case.models import Scenario
    from sim.negotiation.record.history import Run

app = typer.Typer(
    cls=CommandGroup,
    subcommand_metavar="[SCENARIO | COMMAND] ...",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Simulate peace negotiations: who accepts a proposal, who blocks it, and why, with sources.

    If the first word is not a command, it is the name of a scenario to play. Without arguments, the bundled scenarios
    are listed.
    """
    if version:
        output.show_text(f"parley {VERSION}\n")
    elif context.invoked_subcommand is None:
        from sim.report.terminal.welcome import welcome

        output.show(welcome(scenario_list.catalogue(), scenario_list.to_type()))


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
    """Play a scenario month by month, by the rules or with you as one of the actors. 'play' can be left out."""
    limits.check_worlds(worlds)
    given = options.settings(changes) | ({} if months is None else {"protocol.months": months})
    if actor is not None or resume is not None or save is not None:
        options.check_game(actor, save, resume, bool(given or seed is not None), bool(worlds or as_json or out))
        if resume is not None:
            play_command.resume(resume, scenario, actor)
        else:
            play_command.begin(options.needed(scenario), str(actor), given, seed, save)
        return
    scenario, seed = options.needed(scenario), seed or 0
    loaded = loading.scenario(scenario, given)
    if out is not None:
        output.prepare(out)
    from sim.negotiation.record.summary import summarise
    from sim.negotiation.run import play as play_out

    with output.progress("Playing 1 world" if worlds in (None, 1) else f"Playing {worlds:,} worlds") as tick:
        run = play_out(loaded, worlds, seed, progress=tick)
    told = summarise(run)
    written = [] if out is None else output.write(out, _files(run))
    if as_json:
        output.show_json(told)
        return
    from sim.report.terminal.talks import play as page

    output.show(page(told))
    for path in written:
        output.show_text(f"Written: {path}\n")
    output.show_text(scenario_list.next_step(scenario, told))


def _files(run: Run) -> dict[str, str]:
    """The record, from which the run can be played again, and its report, by file name."""
    from sim.negotiation.replay import record as record_of
    from sim.report.document.run_markdown import markdown

    record = record_of(run)
    name = str(record["scenario"]).rpartition("/")[2]
    return {f"{name}.json": output.as_json(record), f"{name}.md": markdown(record, VERSION)}


# In the order in which --help lists them.
for command in (
    judging_commands.verdicts,
    judging_commands.why,
    judging_commands.compare,
    explore_commands.outcomes,
    explore_commands.flip,
    explore_commands.ensemble,
    sweep_command.sweep,
    uncertainty_commands.sensitivity,
    uncertainty_commands.discover,
    uncertainty_commands.table,
    judging_commands.sources,
    report_command.report,
    handout_commands.rehearse,
    handout_commands.handout,
    lab_command.lab,
    class_command.serve,
    interchange_commands.export,
):
    app.command()(command)
app.command("import")(interchange_commands.take_in)
app.add_typer(codebook_commands.app, name="codebook")


@app.command()
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


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.")]) -> None:
    """Write a commented starter case that you can play immediately."""
    for path in new_command.copy(folder):
        output.show_text(f"Written: {path}\n")
    output.show_text(f"To play it, type: {scenario_list.typed(folder / new_command.FIRST)}\n")


@app.command()
def schema() -> None:
    """Print the JSON Schema of case and scenario files, for use in editors."""
    from sim.case.json_schema import schemas
    from sim.negotiation.protocols import PROTOCOLS

    output.show_json(schemas(PROTOCOLS))
