"""The commands about what could be: which packages could be agreed, and what would change an answer.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

from sim.cli import limits, loading, option_values, options, output
from sim.errors import UsageError


def outcomes(
    target: options.Target,
    among: options.Among = None,
    worlds: options.Worlds = None,
    seed: options.Seed = 0,
    top: options.Top = 10,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Judge every possible package: which could be agreed, which come closest, and which would be fair."""
    limits.check_worlds(worlds)
    loaded = loading.either(target, option_values.settings(changes))
    from sim.analysis.outcomes.outcomes import outcomes as judge_all
    from sim.analysis.subject import case_of
    from sim.report.terminal.outcomes import outcomes as page

    between = option_values.actors(among, case_of(loaded).actors)
    with output.progress("Judging every package") as tick:
        result = judge_all(loaded, between, worlds=worlds, seed=seed, top=top, progress=tick)
    output.show_either(result, page, as_json=as_json)


def stability(
    target: options.Target,
    propose: options.Propose = None,
    top: options.Top = 10,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Examine what each actor can do alone, and which states are stable."""
    package = option_values.proposal(propose)
    loaded = loading.either(target, option_values.settings(changes))
    from sim.analysis.stability.stability import stability as examine
    from sim.report.terminal.stability import stability as page

    output.show_either(examine(loaded, package, top=top), page, as_json=as_json)


def flip(
    target: options.Target,
    terms: options.Terms = 3,
    by: options.By = None,
    only: options.Only = None,
    talks: options.Talks = False,
    propose: options.Propose = None,
    changes: options.Set = None,
    as_json: options.Json = False,
) -> None:
    """Find what would change the answer to a package: the fewest terms, or the smallest changes in numbers."""
    package = option_values.proposal(propose)
    by, only = (
        option_values.choice(by, ("terms", "numbers"), "--by"),
        option_values.choice(only, ("assumed", "sourced"), "--only"),
    )
    if by == "terms" and (talks or only):
        raise UsageError(
            "--only and --talks are about numbers, and --by terms changes no numbers. Leave out --by, or the other two."
        )
    loaded = loading.either(target, option_values.settings(changes))
    from sim.analysis.counterfactuals.flip import flip as find
    from sim.report.terminal.flip import flip as page

    with output.progress("Searching for changes") as tick:
        result = find(loaded, package, terms=terms, by=by, only=only, talks=talks, progress=tick)
    output.show_either(result, page, as_json=as_json)
