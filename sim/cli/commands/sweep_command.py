"""The command that plays one scenario at many points of a design.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import limits, loading, option_values, options, output
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.analysis.experiments.design import Design


def sweep(
    scenario: options.Scenario,
    vary: options.Vary = None,
    design: options.Design = None,
    worlds: options.AtEach = None,
    seed: options.Seed = 0,
    out: options.Points = None,
    csv: options.CsvFile = None,
    csv_locale: options.CsvLocale = "standard",
    force: options.Force = False,
    workers: options.Workers = None,
    dask: options.Dask = None,
    chunk: options.Chunk = None,
    resume: options.Resume = False,
    changes: options.Set = None,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Vary several numbers of a scenario together, in a grid, a Latin hypercube or a Sobol sequence."""
    if resume and out is None:
        raise UsageError("--resume continues a run stored in a folder. Name the folder with --out.")
    given = option_values.settings(changes)
    loaded = loading.scenario(scenario, given)
    points = _design(vary, design)
    if both := next((axis.path for axis in points.axes if axis.path in given), None):
        raise UsageError(f"--set {both}: this number is already varied by the design. Leave out one of the two.")
    limits.check_sweep(points.points, worlds, sure=yes)
    from sim.analysis.csv_file import CsvFile
    from sim.analysis.experiments.ensemble_plan import CHUNK
    from sim.analysis.experiments.sweep import Sweep
    from sim.analysis.experiments.sweep import sweep as play_all
    from sim.report.terminal.uncertainty.sweep import sweep as page

    if csv is not None:
        output.prepare_file(csv, force=force)
    plan = Sweep(loaded, points, worlds, seed, chunk or CHUNK)
    with ExitStack() as stack:
        sheet = None if csv is None else stack.enter_context(CsvFile(csv, csv_locale))
        store = None if out is None else loading.store(out, plan, resume=resume, force=force)
        stack.enter_context(loading.resumable(out))
        by = stack.enter_context(loading.crew(workers, dask))
        tick = stack.enter_context(output.progress(f"Playing {points.points:,} points", "points"))
        result = play_all(plan, by=by, store=store, sheet=sheet, progress=tick)
    written = [] if out is None else output.write(out, {"sweep.json": output.as_json(result)}, force=force or resume)
    output.show_either(result, page, as_json=as_json)
    if not as_json:
        output.show_written([*(store.files if store else ()), *written, *([csv] if csv else ())])


def _design(vary: list[str] | None, file: Path | None) -> Design:
    """Return the design of a file, or the grid of the options.

    Raises
    ------
    UsageError, CaseError
        if there is no design, or there are two, or it has a mistake
    """
    from sim.analysis.experiments.design_file import FORM, read_design, read_vary

    if vary and file is not None:
        raise UsageError(
            "--vary and --design cannot be combined. Give one of them; a design file can also describe a grid."
        )
    if file is not None:
        return read_design(file)
    if not vary:
        raise UsageError(f"No number is varied. Add --vary {FORM} or --design FILE.")
    return read_vary(vary)
