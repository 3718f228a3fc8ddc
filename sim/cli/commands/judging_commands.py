"""The commands that judge packages, and trace numbers to the claims behind them.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import limits, loading, option_values, options, output, scenario_list
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.analysis.judging.judged_text import AskedText
    from sim.analysis.subject import Target
    from sim.csv_writer import CsvLocale


def verdicts(
    target: options.Target,
    propose: options.Propose = None,
    worlds: options.Worlds = None,
    seed: options.Seed = 0,
    month: options.Month = None,
    text: options.Text = None,
    packages: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Instead, judge each row of a CSV file: a column for each issue."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="With --from: the CSV file for the verdicts.")
    ] = None,
    csv_locale: options.CsvLocale = "standard",
    force: options.Force = False,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Show every actor's verdict on one package, or on each row of a file, without playing the talks."""
    limits.check_worlds(worlds)
    package = option_values.proposal(propose)
    loaded = loading.either(target, option_values.settings(changes))
    if packages is not None or out is not None:
        if packages is None or out is None or package or worlds or text or as_json or month == "end":
            raise UsageError(
                "--from FILE --out FILE judges many packages, at central values. Give both, and leave out --propose, "
                "--worlds, --text, --json and --month end."
            )
        _write_verdicts(loaded, packages, out, month, csv_locale, force=force)
        return
    from sim.analysis.judging.verdicts import verdicts as judge
    from sim.report.terminal.verdicts import verdicts as page

    result = judge(loaded, propose=package, worlds=worlds, seed=seed, month=month, text=_asked_text(text))
    output.show_either(result, page, as_json=as_json)


def why(
    target: options.Target,
    actor: Annotated[
        str | None, typer.Option("--actor", metavar="ID", help="Actor whose answer to explain, such as russia.")
    ] = None,
    propose: options.Propose = None,
    month: options.Month = None,
    text: options.Text = None,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Explain one actor's verdict: every rule with its points and sources, and what the actor would need."""
    package = option_values.proposal(propose)
    loaded = loading.either(target, option_values.settings(changes))
    from sim.analysis.judging.why import why as explain
    from sim.analysis.subject import case_of
    from sim.report.terminal.why import why as page

    actors = case_of(loaded).actors
    if actor is None:
        raise UsageError(f"Name the actor whose answer to explain with --actor: {', '.join(actors)}.")
    named = option_values.actor(actor, actors)
    result = explain(loaded, named, package, month=month, text=_asked_text(text))
    output.show_either(result, page, as_json=as_json)


def compare(
    paths: options.Paths,
    worlds: options.Worlds = None,
    seed: options.Seed = 0,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Compare scenarios side by side (verdicts, outcome, durability), one per row."""
    limits.check_worlds(worlds)
    loaded = loading.scenarios(paths, option_values.settings(changes))
    from sim.analysis.judging.compare import compare as compare_all
    from sim.report.terminal.compare import compare as page

    with output.progress(f"Playing {len(loaded)} scenario{'s' * (len(loaded) != 1)}") as tick:
        result = compare_all(loaded, worlds, seed, tick)
    output.show_either(result, page, as_json=as_json)


def sources(
    target: options.Target,
    whole: Annotated[bool, typer.Option("--all", help="List every number with its path and its basis.")] = False,
    as_json: options.Json = False,
) -> None:
    """Show where the numbers come from: claims and assumptions by part, and the claims that no number uses."""
    loaded = loading.either(target, {})
    from sim.analysis.judging.sources import sources as trace
    from sim.report.terminal.sources import sources as page

    result = trace(loaded)
    claim = next((id_ for number in result["numbers"] for id_ in number["source"]), None)
    to_type = [(scenario_list.typed("sources", target, "--all"), "every number")]
    to_type += [(scenario_list.typed("claims", target, claim), "what rests on a claim")] if claim else []
    output.show_either(result, lambda data: page(data, () if whole else to_type, whole=whole), as_json=as_json)


def claims(
    target: options.Target,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="CLAIMS", help="Claims such as C05. Default: all claims of the case.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Show the claims of a case in words or, for named claims, everything that rests on them."""
    loaded = loading.either(target, {})
    from sim.analysis.judging.claims import claims as trace
    from sim.report.terminal.sources import claims as page

    named = [part for id_ in ids or () for part in id_.replace(",", " ").upper().split()]
    output.show_either(trace(loaded, named), lambda data: page(data, whole=bool(named)), as_json=as_json)


def _write_verdicts(
    target: Target, packages: Path, out: Path, month: int | None, locale: CsvLocale, *, force: bool
) -> None:
    """Judge the packages of a CSV file, and write their verdicts to another."""
    from sim.analysis.csv_file import CsvFile
    from sim.analysis.judging.verdict_table import verdict_table

    output.prepare_file(out, force=force)
    table = verdict_table(target, packages, month=month)
    with CsvFile(out, locale) as file:
        file.add(table, {})
    count, agreed, impossible = len(table["agreed"]), table["agreed"].sum(), (~table["possible"]).sum()
    output.show_text(f"{count:,} packages judged: {agreed:,} agreed, {impossible:,} impossible.\n")
    output.show_written([out])


def _asked_text(given: str | None) -> AskedText:
    chosen = option_values.choice(given, ("opening", "month"), "--text")
    return "opening" if chosen == "opening" else "month" if chosen else None
