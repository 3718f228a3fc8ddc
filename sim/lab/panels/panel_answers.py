"""What the panels show of a state: one step per panel, so that each arrives as soon as it is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sim.analysis.judging.judged_text import JudgedText, judge_text
from sim.lab.answers import reader_check
from sim.lab.panels.curves_panel import curves_panel
from sim.lab.panels.levers import Levers
from sim.lab.panels.state_comparison import JudgedState, comparison_panel
from sim.lab.panels.talks_panel import talks_panel
from sim.lab.panels.tornado_panel import tornado_panel
from sim.lab.scenario_state import LoadedScenario, ModifiedScenario, asked_month


def panel_answers(
    levers: Levers,
    loaded: LoadedScenario,
    modified: ModifiedScenario,
    looked_at: Mapping[str, str],
    pinned: ModifiedScenario | None = None,
    left: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what the panels of levers, talks and comparison show, one after the other.

    Parameters
    ----------
    looked_at : as of `LoadedScenario.looked_at`
    pinned : the state with which the present one is compared, if there is one
    left : returns whether the reader has left, as for `later_answers`

    Yields
    ------
    name and plain data: ``tornado``, ``curves``, ``talks`` and ``compare``
    """
    check_reader = reader_check(left)
    month = asked_month(looked_at["month"])
    if modified.broken:
        yield from ((name, {"impossible": True}) for name in ("tornado", "curves", "talks"))
    else:
        text = judge_text(modified.scenario, None, month, "opening")
        yield "tornado", tornado_panel(levers, text, looked_at["effect"])
        check_reader()
        yield "curves", _curves(levers, loaded, text, looked_at["lever"])
        check_reader()
        yield "talks", talks_panel(modified, check_reader)
    if pinned is None:
        yield "compare", {"states": None}
        return
    check_reader()
    states = [JudgedState.of(state, month) for state in (pinned, modified)]
    yield "compare", comparison_panel(loaded, *states)


def _curves(levers: Levers, loaded: LoadedScenario, text: JudgedText, path: str) -> dict[str, Any]:
    """Return the response curves along a number; if none is chosen, along the first lever, if there is one."""
    path = path or next((control["path"] for control in levers.controls), "")
    return curves_panel(levers, text, path, loaded.numbers[path].present) if path else {"figures": []}
