"""How long work takes and how much room, about; and what is refused for that unless somebody says that it is meant."""

from __future__ import annotations

from sim.errors import UsageError

WORLDS_MOST = 1_000_000
WORLDS_PER_SECOND = 5_000
"""About what one processor plays of the headline scenario."""
BYTES_PER_WORLD = 20_000
"""About what one world holds of the headline scenario, its record with it."""
BYTES_PER_ROW = 55
"""About what the row of one world of the headline scenario takes on the disk."""
BYTES_PER_POINT = 100
"""About what the row of one point of it takes there."""
RUNS_MOST = 10_000_000
"""Worlds times scenarios that are played without asking twice: half an hour on one processor."""
BOXED_MOST = 200_000
"""Worlds among which boxes are sought without asking twice."""
BOXED, TABLED = (7_000, "memory"), (10_000, "disk space")
"""Bytes that a world of the headline scenario takes where boxes are sought, and in tables."""
UNITS = ((365 * 86_400, "years"), (86_400, "days"), (3_600, "hours"), (60, "minutes"))


def check_worlds(given: int | None) -> None:
    """Refuse a count of worlds that cannot be played.

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
    """Refuse an ensemble that is none, or takes longer than somebody may have meant.

    Raises
    ------
    UsageError
        if there are no worlds; or if there are so many that it takes hours, and nobody has said that this is meant
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
    """Refuse a sweep that is none, or takes longer than somebody may have meant.

    Raises
    ------
    UsageError
        if there are no worlds; or if there is so much to play that it takes hours, and nobody has said that this is
        meant
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
    """Refuse an analysis that takes longer, or more room, than somebody may have meant.

    Parameters
    ----------
    runs : how many worlds it plays
    option : that asks for them
    sure : whether somebody has said that this is meant
    most : so many need no such word
    room : bytes that a world of the headline scenario takes, and of what

    Raises
    ------
    UsageError
        if there are too many
    """
    if runs > most and not sure:
        cost = f"about {_time(runs / WORLDS_PER_SECOND)} on one processor"
        if room is not None:
            cost += f" and {runs * room[0] / 2**30:,.0f} GiB of {room[1]}"
        raise UsageError(
            f"{option} means {runs:,} worlds, which would take {cost}. Use fewer, or add --yes to run it anyway."
        )


def _time(seconds: float) -> str:
    size, unit = next((one for one in UNITS if seconds >= one[0]), UNITS[-1])
    return f"{seconds / size:,.0f} {unit}"
