"""Estimates of the time and space that work takes, and the refusal of very long runs unless `--yes` is given."""

from __future__ import annotations

from sim.errors import UsageError

WORLDS_MOST = 1_000_000
"""The most worlds of a single run, whose record is kept in memory."""
WORLDS_PER_SECOND = 5_000
"""Approximate speed of one processor on the headline scenario."""
BYTES_PER_WORLD = 20_000
"""Approximate memory for one world of the headline scenario with its record."""
BYTES_PER_ROW = 55
"""Approximate disk space for the row of one world of the headline scenario."""
BYTES_PER_POINT = 100
"""Approximate disk space for the row of one point of a sweep."""
RUNS_MOST = 10_000_000
"""The most worlds, over all scenarios, that are played without `--yes`: half an hour on one processor."""
BOXED_MOST = 200_000
"""The most worlds among which boxes are sought without `--yes`."""
BOXED, TABLED = (7_000, "memory"), (10_000, "disk space")
"""Bytes for a world of the headline scenario, and what they fill, where boxes are sought and in tables."""
UNITS = ((365 * 86_400, "years"), (86_400, "days"), (3_600, "hours"), (60, "minutes"))


def check_worlds(given: int | None) -> None:
    """Refuse a number of worlds that cannot be played.

    Raises
    ------
    UsageError
        if it is below 1, or so large that it would take hours and all memory
    """
    if given is not None and given < 1:
        raise UsageError(f"--worlds {given}: a run needs at least 1 world. Leave out --worlds for central values.")
    if given is not None and given > WORLDS_MOST:
        memory, time = given * BYTES_PER_WORLD / 2**30, _time(given / WORLDS_PER_SECOND)
        raise UsageError(
            f"--worlds {given:,} would take about {memory:,.0f} GiB of memory and {time}. "
            f"The maximum is {WORLDS_MOST:,}; 10,000 are enough for stable shares."
        )


def check_ensemble(worlds: int, scenarios: int, *, sure: bool) -> None:
    """Refuse an ensemble without worlds, or a very long one.

    Raises
    ------
    UsageError
        if there are no worlds, or so many that they take hours, and `sure` is false
    """
    if worlds < 1:
        raise UsageError(f"--worlds {worlds}: an ensemble needs at least 1 world.")
    runs = worlds * scenarios
    if runs > RUNS_MOST and not sure:
        size, time = runs * BYTES_PER_ROW / 2**30, _time(runs / WORLDS_PER_SECOND)
        raise UsageError(
            f"--worlds {worlds:,} would take about {time} on one processor and {size:,.0f} GiB of disk space. "
            "10,000 worlds are enough for stable shares; add --yes to run it anyway."
        )


def check_sweep(points: int, worlds: int | None, *, sure: bool) -> None:
    """Refuse a sweep without worlds, or a very long one.

    Raises
    ------
    UsageError
        if there are no worlds, or there is so much to play that it takes hours, and `sure` is false
    """
    if worlds is not None and worlds < 1:
        raise UsageError(
            f"--worlds {worlds}: each point needs at least 1 world. Leave out --worlds for central values."
        )
    runs = points * (worlds or 1)
    if runs > RUNS_MOST and not sure:
        size, time = points * BYTES_PER_POINT / 2**30, _time(runs / WORLDS_PER_SECOND)
        size_asked = f"{points:,} points" + (f" with {worlds:,} worlds each" if worlds else "")
        raise UsageError(
            f"{size_asked} would take about {time} on one processor and {size:,.1f} GiB of disk space. "
            "Use fewer steps or a Sobol design, or add --yes to run it anyway."
        )


def check_runs(
    runs: int, option: str, *, sure: bool, most: int = RUNS_MOST, room: tuple[int, str] | None = None
) -> None:
    """Refuse an analysis that would take very long or very much space.

    Parameters
    ----------
    runs : the number of worlds that it plays
    option : the option that asks for them, for the message
    sure : whether `--yes` is given
    most : the most worlds that need no `--yes`
    room : bytes per world of the headline scenario, and what they fill

    Raises
    ------
    UsageError
        if there are more, and `sure` is false
    """
    if runs > most and not sure:
        cost = f"about {_time(runs / WORLDS_PER_SECOND)} on one processor"
        if room is not None:
            cost += f" and {runs * room[0] / 2**30:,.0f} GiB of {room[1]}"
        raise UsageError(
            f"{option} means {runs:,} worlds, which would take {cost}. Use fewer, or add --yes to run it anyway."
        )


def _time(seconds: float) -> str:
    size, unit = next((unit for unit in UNITS if seconds >= unit[0]), UNITS[-1])
    return f"{seconds / size:,.0f} {unit}"
