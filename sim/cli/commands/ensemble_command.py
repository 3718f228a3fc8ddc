"""The command that plays scenarios in many random worlds.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import limits, loading, option_values, options, output
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.analysis.runner.executors import WorkerPool
    from sim.analysis.world_table import WorldSample
    from sim.case.models import Scenario
    from sim.csv_writer import CsvLocale

STATISTICS = "ensemble.json"


def ensemble(
    paths: options.Paths,
    worlds: options.DrawnOrBase = None,
    seed: options.Seed = 0,
    out: options.Rows = None,
    csv: options.CsvFolder = None,
    csv_locale: options.CsvLocale = "standard",
    base: options.Saltelli = None,
    groups: options.Groups = None,
    force: options.Force = False,
    workers: options.Workers = None,
    dask: options.Dask = None,
    chunk: options.Chunk = None,
    resume: options.Resume = False,
    changes: options.Set = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Play scenarios in many random worlds: how robust are their outcomes, and how do the scenarios compare?"""
    _check_options(csv, base, groups, only_rows=bool(out or chunk or resume or as_json))
    if resume and out is None:
        raise UsageError("--resume continues a run stored in a folder. Name the folder with --out.")
    loaded = loading.scenarios(paths, option_values.settings(changes))
    if csv is not None:
        from sim.analysis.world_table import NUMBERS, WorldSample

        drawn = options.ENOUGH if worlds is None and base is None else worlds
        sample = WorldSample(drawn, base, groups or NUMBERS, seed)
        with loading.crew(workers, dask) as by:
            _write_tables(loaded, csv, sample, csv_locale, by, sure=yes, force=force)
        return
    worlds = options.ENOUGH if worlds is None else worlds
    limits.check_ensemble(worlds, len(loaded), sure=yes)
    from sim.analysis.experiments.ensemble import ensemble as play_all
    from sim.analysis.experiments.ensemble_plan import CHUNK, Plan
    from sim.report.terminal.uncertainty.ensemble import ensemble as page

    plan = Plan(tuple(loaded), worlds, seed, chunk or CHUNK)
    store = None if out is None else loading.store(out, plan, resume=resume, force=force)
    with (
        loading.resumable(out),
        loading.crew(workers, dask) as by,
        output.progress(f"Playing {worlds * len(loaded):,} worlds", "worlds") as tick,
    ):
        result = play_all(plan, by=by, store=store, progress=tick)
    statistics = {STATISTICS: output.as_json(result)}
    written = [] if out is None else output.write(out, statistics, force=force or resume)
    output.show_either(result, page, as_json=as_json)
    if not as_json:
        output.show_written([*(store.files if store else ()), *written])


def _check_options(csv: Path | None, base: int | None, groups: str | None, *, only_rows: bool) -> None:
    """Refuse options that belong to CSV tables without them, and the others with them."""
    if csv is None and (base is not None or groups is not None):
        raise UsageError("--base and --groups are for CSV tables. Name a folder for these with --csv.")
    if csv is not None and only_rows:
        raise UsageError("--csv writes tables and nothing else. Leave out --out, --chunk, --resume and --json.")


def _write_tables(
    scenarios: Sequence[Scenario],
    folder: Path,
    sample: WorldSample,
    locale: CsvLocale,
    by: WorkerPool,
    *,
    sure: bool,
    force: bool,
) -> None:
    """Write the tables of each scenario; those of several scenarios get a folder each."""
    from sim.analysis.world_table import FILES, size, write_table

    runs = sum(size(scenario, sample) for scenario in scenarios)
    option = "--worlds" if sample.base is None else f"--base {sample.base}"
    limits.check_runs(runs, option, sure=sure, most=limits.WORLDS_MOST, room=limits.TABLED)
    folders = [folder / scenario.id for scenario in scenarios] if len(scenarios) > 1 else [folder]
    for own_folder in folders:
        output.prepare(own_folder, FILES, force=force)
    for scenario, own_folder in zip(scenarios, folders, strict=True):
        with output.progress(f"Playing {size(scenario, sample):,} worlds", "worlds") as tick:
            output.show_written(write_table(scenario, own_folder, sample, locale=locale, by=by, progress=tick))
