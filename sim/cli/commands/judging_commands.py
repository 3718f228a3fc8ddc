"""The commands that judge packages and trace numbers, without drawing worlds by the thousand.

As in `sim.cli.app`, what a command alone needs it imports itself.
"""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli import limits, loading, option_values, options, output


def verdicts(
    target: options.Target,
    propose: options.Propose = None,
    worlds: options.Worlds = None,
    seed: options.Seed = 0,
    month: options.Month = None,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Show every actor's verdict on one package, without playing the talks."""
    limits.check_worlds(worlds)
    package = option_values.proposal(propose)
    loaded = loading.either(target, option_values.settings(changes))
    from sim.analysis.judging.verdicts import verdicts as judge
    from sim.report.terminal.verdicts import verdicts as page

    found = judge(loaded, propose=package, worlds=worlds, seed=seed, month=month)
    output.show_either(found, page, as_json=as_json)


def why(
    target: options.Target,
    actor: Annotated[str, typer.Option("--actor", metavar="ID", help="Actor whose answer to explain, such as russia.")],
    propose: options.Propose = None,
    month: options.Month = None,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Explain one actor's verdict: every rule with its points and sources, and what the actor would need."""
    package = option_values.proposal(propose)
    loaded = loading.either(target, option_values.settings(changes))
    from sim.analysis.judging.why import why as explain
    from sim.analysis.subject import case_of
    from sim.report.terminal.why import why as page

    found = explain(loaded, option_values.actor(actor, case_of(loaded).actors), package, month=month)
    output.show_either(found, page, as_json=as_json)


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
    from sim.analysis.judging.compare import compare as set_side_by_side
    from sim.report.terminal.compare import compare as page

    with output.progress(f"Playing {len(loaded)} scenario{'s' * (len(loaded) != 1)}") as tick:
        found = set_side_by_side(loaded, worlds, seed, tick)
    output.show_either(found, page, as_json=as_json)


def sources(target: options.Target, as_json: options.Json = False) -> None:
    """List every number with its sources or its assumption, and the claims that no number uses."""
    loaded = loading.either(target, {})
    from sim.analysis.judging.sources import sources as trace
    from sim.report.terminal.sources import sources as page

    output.show_either(trace(loaded), page, as_json=as_json)
