"""The program: its first page, the command `play`, and all other commands by group.

A command imports what only it needs: Mesa, the loader and the tables of Rich take longer to load than `--help` may
take. `sim.cli.options` says what an option means, `sim.cli.limits` what is too much, and `sim.cli.output` where
things are printed and written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import limits, loading, option_values, options, output, scenario_list
from sim.cli.command_group import OF_CASE, OF_SCENARIO, CommandGroup, ExampleCommand
from sim.cli.commands import (
    answer_command,
    author_commands,
    class_command,
    codebook_commands,
    ensemble_command,
    explore_commands,
    handout_commands,
    interchange_commands,
    judging_commands,
    lab_command,
    play_command,
    report_command,
    sweep_command,
    uncertainty_commands,
)
from sim.cli.suggestions import EXAMPLES
from sim.cli.version import VERSION

if TYPE_CHECKING:
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
        from sim.report.terminal.first_pages import welcome

        output.show(welcome(scenario_list.catalogue(), scenario_list.to_type()))


def play(
    scenario: options.OptionalScenario = None,
    worlds: options.Worlds = None,
    seed: options.OptionalSeed = None,
    changes: options.Set = None,
    months: options.Months = None,
    as_json: options.Json = False,
    out: options.Out = None,
    force: options.Force = False,
    actor: options.As = None,
    save: options.Save = None,
    resume: options.Game = None,
) -> None:
    """Play a scenario month by month, by the rules or with you as one of the actors. 'play' can be left out."""
    limits.check_worlds(worlds)
    given = option_values.settings(changes) | ({} if months is None else {"protocol.months": months})
    if actor is not None or resume is not None or save is not None:
        option_values.check_game(actor, save, resume, bool(given or seed is not None), bool(worlds or as_json or out))
        if resume is not None:
            play_command.resume(resume, scenario, actor)
        else:
            play_command.begin(option_values.needed(scenario), str(actor), given, seed, save)
        return
    scenario, seed = option_values.needed(scenario), seed or 0
    loaded = loading.scenario(scenario, given)
    if out is not None:
        output.prepare(out, _file_names(loaded.id), force=force)
    from sim.negotiation.record.summary import summarise
    from sim.negotiation.run import play as play_out

    with output.progress("Playing 1 world" if worlds in (None, 1) else f"Playing {worlds:,} worlds") as tick:
        run = play_out(loaded, worlds, seed, progress=tick)
    summary = summarise(run)
    written = [] if out is None else output.write(out, _files(run), force=force)
    if as_json:
        output.show_json(summary)
        return
    from sim.report.terminal.talks import play as page

    output.show(page(summary))
    output.show_written(written)
    output.show_text(scenario_list.next_step(scenario, summary))


def _files(run: Run) -> dict[str, str]:
    """Return the record, from which the run can be played again, and its report, by file name."""
    from sim.negotiation.replay import record as record_of
    from sim.report.document.run_markdown import markdown

    record = record_of(run)
    contents = (output.as_json(record), markdown(record, VERSION))
    return dict(zip(_file_names(record["scenario"]), contents, strict=True))


def _file_names(scenario_id: str) -> tuple[str, str]:
    """Return the names of the record and the report of a scenario."""
    name = scenario_id.rpartition("/")[2]
    return f"{name}.json", f"{name}.md"


COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "Play": {OF_SCENARIO: play, OF_CASE: answer_command.answer, "lab": lab_command.lab},
    "Explain": {
        "verdicts": judging_commands.verdicts,
        "why": judging_commands.why,
        "flip": explore_commands.flip,
        "compare": judging_commands.compare,
        "sources": judging_commands.sources,
        "claims": judging_commands.claims,
        "report": report_command.report,
    },
    "Explore": {
        "outcomes": explore_commands.outcomes,
        "stability": explore_commands.stability,
        "ensemble": ensemble_command.ensemble,
        "sensitivity": uncertainty_commands.sensitivity,
        "discover": uncertainty_commands.discover,
        "sweep": sweep_command.sweep,
    },
    "Teach": {
        "serve": class_command.serve,
        "rehearse": handout_commands.rehearse,
        "handout": handout_commands.handout,
    },
    "Author": {
        "new": author_commands.new,
        "check": author_commands.check,
        "schema": author_commands.schema,
        "import": interchange_commands.take_in,
        "export": interchange_commands.export,
    },
}
"""The commands by the groups and in the order in which --help lists them."""

for panel, commands in COMMANDS.items():
    for name, command in commands.items():
        example = f"Example: {scenario_list.program()} {name} {EXAMPLES[name]}" if name in EXAMPLES else None
        app.command(name, cls=ExampleCommand, epilog=example, rich_help_panel=panel)(command)
app.add_typer(codebook_commands.app, name="codebook", rich_help_panel="Teach")
