"""The commands.

What a command alone needs it imports itself: Mesa, the loader and the tables of Rich take longer to load than
`--help` may take. What an option means stands in `sim.cli.options`; what is printed goes by `sim.cli.output`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import listing, options, output, starter, targets
from sim.cli.group import BAD_INPUT, DEFAULT, Commands
from sim.cli.version import VERSION
from sim.errors import UsageError

if TYPE_CHECKING:
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
    scenario: options.Scenario,
    worlds: options.Worlds = None,
    seed: options.Seed = 0,
    changes: options.Set = None,
    months: options.Months = None,
    as_json: options.Json = False,
    out: options.Out = None,
) -> None:
    """Play a scenario month by month to its end. The word 'play' may be left out."""
    options.check_worlds(worlds)
    given = options.settings(changes) | ({} if months is None else {"protocol.months": months})
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


@app.command()
def verdicts(
    target: options.Target,
    propose: options.Propose = None,
    worlds: options.Worlds = None,
    seed: options.Seed = 0,
    month: options.Month = None,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Give every actor's verdict on one package, without any rounds of talks."""
    options.check_worlds(worlds)
    package = options.proposal(propose)
    loaded = targets.either(target, options.settings(changes))
    from sim.analysis.verdicts import verdicts as judge
    from sim.report.verdicts import verdicts as page

    found = judge(loaded, propose=package, worlds=worlds, seed=seed, month=month)
    output.show_either(found, page, as_json=as_json)


@app.command()
def why(
    target: options.Target,
    actor: Annotated[str, typer.Option("--actor", metavar="ID", help="Whose answer to explain, such as russia.")],
    propose: options.Propose = None,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Explain one actor's verdict: every rule, its points and its sources, and what it would need."""
    package = options.proposal(propose)
    loaded = targets.either(target, options.settings(changes))
    name = options.actor(actor, targets.case_of(loaded).actors)
    from sim.analysis.why import why as explain
    from sim.report.why import why as page

    found = explain(loaded, name, package)
    output.show_either(found, page, as_json=as_json)


@app.command()
def compare(
    paths: options.Paths,
    worlds: options.Worlds = None,
    seed: options.Seed = 0,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Set scenarios side by side: verdicts, outcome and durability, one row a scenario."""
    options.check_worlds(worlds)
    loaded = targets.scenarios(paths, options.settings(changes))
    from sim.analysis.compare import compare as set_side_by_side
    from sim.report.compare import compare as page

    with output.progress(f"Playing {len(loaded)} scenarios") as tick:
        found = set_side_by_side(loaded, worlds, seed, tick)
    output.show_either(found, page, as_json=as_json)


@app.command()
def outcomes(
    target: options.Target,
    among: options.Among = None,
    worlds: options.Worlds = None,
    seed: options.Seed = 0,
    top: options.Top = 10,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Judge every possible package: what could be agreed, what comes nearest to it, what would be fair."""
    options.check_worlds(worlds)
    loaded = targets.either(target, options.settings(changes))
    between = options.actors(among, targets.case_of(loaded).actors)
    from sim.analysis.outcomes import outcomes as judge_all
    from sim.report.outcomes import outcomes as page

    with output.progress("Judging every package") as tick:
        found = judge_all(loaded, between, worlds=worlds, seed=seed, top=top, progress=tick)
    output.show_either(found, page, as_json=as_json)


@app.command()
def flip(
    target: options.Target,
    terms: options.Terms = 3,
    propose: options.Propose = None,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Find every smallest set of changed terms that would get a package agreed."""
    package = options.proposal(propose)
    loaded = targets.either(target, options.settings(changes))
    from sim.analysis.flip import flip as find
    from sim.report.flip import flip as page

    output.show_either(find(loaded, package, terms=terms), page, as_json=as_json)


@app.command()
def ensemble(
    paths: options.Paths,
    worlds: options.Drawn = options.ENOUGH,
    seed: options.Seed = 0,
    out: options.Rows = None,
    workers: options.Workers = 1,
    chunk: options.Chunk = None,
    resume: options.Resume = False,
    changes: options.Set = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Play scenarios in many worlds: how sure their outcomes are, and how much they differ in the same worlds."""
    if resume and out is None:
        raise UsageError("--resume goes on with what a folder holds; name it with --out.")
    loaded = targets.scenarios(paths, options.settings(changes))
    options.check_ensemble(worlds, len(loaded), sure=yes)
    from sim.analysis.ensemble import ensemble as play_all
    from sim.analysis.executors import crew
    from sim.analysis.plan import CHUNK, Plan
    from sim.report.ensemble import ensemble as page

    plan = Plan(tuple(loaded), worlds, seed, chunk or CHUNK)
    store = None if out is None else targets.store(out, plan, resume=resume)
    with output.progress(f"Playing {worlds * len(loaded):,} worlds", "worlds") as tick:
        found = play_all(plan, by=crew(workers), store=store, progress=tick)
    written = [] if out is None else output.write(out, {"ensemble.json": output.as_json(found)})
    output.show_either(found, page, as_json=as_json)
    if not as_json:
        for path in [*(store.files if store else ()), *written]:
            output.show_text(f"Written: {path}\n")


@app.command()
def sources(target: options.Target, as_json: options.Json = False) -> None:
    """List every number with its claims or its assumption, and the claims that nothing uses."""
    loaded = targets.either(target, {})
    from sim.analysis.sources import sources as trace
    from sim.report.sources import sources as page

    output.show_either(trace(loaded), page, as_json=as_json)


@app.command()
def check(paths: options.Paths) -> None:
    """Validate files, or all cases and scenarios in folders; list every mistake, not the first alone."""
    files, problems = targets.check(paths)
    for problem in problems:
        output.errors().print(str(problem), soft_wrap=True)
    wrong = len({problem.file for problem in problems})
    found = f"{len(problems)} mistake{'s' * (len(problems) != 1)} in {wrong} file{'s' * (wrong != 1)}"
    output.show_text(f"{found if problems else 'No mistake'}; {files} cases and scenarios checked.\n")
    if problems:
        raise typer.Exit(BAD_INPUT)


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is new or empty.")]) -> None:
    """Write a commented starter case that runs at once."""
    for path in starter.copy(folder):
        output.show_text(f"Written: {path}\n")
    output.show_text(f"Play it: {listing.program()} {folder / starter.FIRST}\n")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the files of a case, for editors."""
    from sim.case.schema import schemas

    output.show_json(schemas())
