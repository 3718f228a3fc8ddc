"""The commands of the analyst: what is possible at all, how sure an outcome is, and what would turn it.

As in `sim.cli.app`, what a command alone needs it imports itself.
"""

from __future__ import annotations

from sim.cli import limits, loading, options, output
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
    loaded = loading.either(target, options.settings(changes))
    from sim.analysis.outcomes.outcomes import outcomes as judge_all
    from sim.analysis.subject import case_of
    from sim.report.terminal.outcomes import outcomes as page

    between = options.actors(among, case_of(loaded).actors)
    with output.progress("Judging every package") as tick:
        found = judge_all(loaded, between, worlds=worlds, seed=seed, top=top, progress=tick)
    output.show_either(found, page, as_json=as_json)


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
    package = options.proposal(propose)
    by, only = options.choice(by, ("terms", "numbers"), "--by"), options.choice(only, ("assumed", "sourced"), "--only")
    if by == "terms" and (talks or only):
        raise UsageError(
            "--only and --talks are about numbers, and --by terms changes no numbers. Leave out --by, or the other two."
        )
    loaded = loading.either(target, options.settings(changes))
    from sim.analysis.counterfactuals.flip import flip as find
    from sim.report.terminal.flip import flip as page

    with output.progress("Searching for changes") as tick:
        found = find(loaded, package, terms=terms, by=by, only=only, talks=talks, progress=tick)
    output.show_either(found, page, as_json=as_json)


def ensemble(
    paths: options.Paths,
    worlds: options.Drawn = options.ENOUGH,
    seed: options.Seed = 0,
    out: options.Rows = None,
    workers: options.Workers = None,
    dask: options.Dask = None,
    chunk: options.Chunk = None,
    resume: options.Resume = False,
    changes: options.Set = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Play scenarios in many random worlds: how robust are their outcomes, and how do the scenarios compare?"""
    if resume and out is None:
        raise UsageError("--resume continues a run stored in a folder. Name the folder with --out.")
    loaded = loading.scenarios(paths, options.settings(changes))
    limits.check_ensemble(worlds, len(loaded), sure=yes)
    from sim.analysis.experiments.ensemble import ensemble as play_all
    from sim.analysis.experiments.ensemble_plan import CHUNK, Plan
    from sim.report.terminal.ensemble import ensemble as page

    plan = Plan(tuple(loaded), worlds, seed, chunk or CHUNK)
    store = None if out is None else loading.store(out, plan, resume=resume)
    with (
        loading.resumable(out),
        loading.crew(workers, dask) as by,
        output.progress(f"Playing {worlds * len(loaded):,} worlds", "worlds") as tick,
    ):
        found = play_all(plan, by=by, store=store, progress=tick)
    written = [] if out is None else output.write(out, {"ensemble.json": output.as_json(found)})
    output.show_either(found, page, as_json=as_json)
    if not as_json:
        for path in [*(store.files if store else ()), *written]:
            output.show_text(f"Written: {path}\n")
