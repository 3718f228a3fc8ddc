"""The commands about what is uncertain: which numbers matter, in which worlds something happens, and worlds as tables.

As in `sim.cli.app`, what a command alone needs it imports itself.
"""

from __future__ import annotations

from sim.cli import limits, loading, options, output


def sensitivity(
    scenario: options.Scenario,
    of: options.Of = "agreed",
    base: options.Base = 1_024,
    singles: options.Singles = 20,
    trajectories: options.Trajectories = 64,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    dask: options.Dask = None,
    changes: options.Set = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Show which numbers, sourced or assumed, drive the variance of an outcome."""
    loaded = loading.scenario(scenario, options.settings(changes))
    from sim.analysis.sensitivity.sensitivity import cost
    from sim.analysis.sensitivity.sensitivity import sensitivity as divide
    from sim.report.terminal.sensitivity import sensitivity as page

    runs = cost(loaded, of, base, singles, trajectories)
    limits.check_runs(runs, f"--base {base}", sure=yes)
    with loading.crew(workers, dask) as by, output.progress(f"Playing {runs:,} worlds", "worlds") as tick:
        found = divide(
            loaded, of, base=base, seed=seed, singles=singles, trajectories=trajectories, by=by, progress=tick
        )
    output.show_either(found, page, as_json=as_json)


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
    loaded = loading.scenario(scenario, options.settings(changes))
    limits.check_runs(worlds, "--worlds", sure=yes, most=limits.BOXED_MOST, room=limits.BOXED)
    from sim.analysis.discovery.discover import discover as search
    from sim.report.terminal.discover import discover as page

    with loading.crew(workers, dask) as by, output.progress(f"Playing {worlds:,} worlds", "worlds") as tick:
        found = search(
            loaded, of, worlds=worlds, seed=seed, negated=negated, boxes=boxes, mass=mass, by=by, progress=tick
        )
    output.show_either(found, page, as_json=as_json)


def table(
    scenario: options.Scenario,
    out: options.Folder,
    worlds: options.Tabled = None,
    base: options.Saltelli = None,
    groups: options.Groups = "number",
    seed: options.Seed = 0,
    workers: options.Workers = None,
    dask: options.Dask = None,
    changes: options.Set = None,
    yes: options.Yes = False,
) -> None:
    """Write the drawn numbers and outcomes of many worlds as CSV, for SALib, the EMA Workbench, R or a spreadsheet."""
    loaded = loading.scenario(scenario, options.settings(changes))
    from sim.analysis.world_table import WorldSample, size, write_table

    sample = WorldSample(options.ENOUGH if worlds is None and base is None else worlds, base, groups, seed)
    runs = size(loaded, sample)
    option = "--worlds" if base is None else f"--base {base}"
    limits.check_runs(runs, option, sure=yes, most=limits.WORLDS_MOST, room=limits.TABLED)
    output.prepare(out)
    with loading.crew(workers, dask) as by, output.progress(f"Playing {runs:,} worlds", "worlds") as tick:
        written = write_table(loaded, out, sample, by=by, progress=tick)
    for path in written:
        output.show_text(f"Written: {path}\n")
