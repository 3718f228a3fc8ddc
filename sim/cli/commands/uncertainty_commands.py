"""The commands about what is uncertain: which numbers matter, and in which worlds something happens.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

from sim.cli import limits, loading, option_values, options, output


def sensitivity(
    scenario: options.Scenario,
    of: options.Of = "agreed",
    base: options.Base = 1_024,
    singles: options.Singles = 20,
    trajectories: options.Trajectories = 64,
    pairs: options.Pairs = 0,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    dask: options.Dask = None,
    changes: options.Set = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Show which numbers, sourced or assumed, drive the variance of an outcome."""
    loaded = loading.scenario(scenario, option_values.settings(changes))
    from sim.analysis.sensitivity.sensitivity import cost
    from sim.analysis.sensitivity.sensitivity import sensitivity as divide
    from sim.report.terminal.uncertainty.sensitivity import sensitivity as page

    runs = cost(loaded, of, base, singles, trajectories, pairs)
    limits.check_runs(runs, f"--base {base}", sure=yes)
    with loading.crew(workers, dask) as by, output.progress(f"Playing {runs:,} worlds", "worlds") as tick:
        result = divide(
            loaded,
            of,
            base=base,
            seed=seed,
            singles=singles,
            trajectories=trajectories,
            pairs=pairs,
            by=by,
            progress=tick,
        )
    output.show_either(result, page, as_json=as_json)


def discover(
    scenario: options.Scenario,
    of: options.Event = "agreed",
    negated: options.Not = False,
    worlds: options.Drawn = options.ENOUGH,
    boxes: options.Boxes = 3,
    mass: options.Mass = 0.05,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    dask: options.Dask = None,
    changes: options.Set = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Find the ranges of numbers in which something happens, such as an agreement."""
    loaded = loading.scenario(scenario, option_values.settings(changes))
    limits.check_runs(worlds, "--worlds", sure=yes, most=limits.BOXED_MOST, room=limits.BOXED)
    from sim.analysis.discovery.discover import discover as search
    from sim.report.terminal.uncertainty.discover import discover as page

    with loading.crew(workers, dask) as by, output.progress(f"Playing {worlds:,} worlds", "worlds") as tick:
        result = search(
            loaded, of, worlds=worlds, seed=seed, negated=negated, boxes=boxes, mass=mass, by=by, progress=tick
        )
    output.show_either(result, page, as_json=as_json)
