"""What everybody may read of talks with people, while they go on."""

from __future__ import annotations

from sim.report.story.months import months
from sim.report.words import Plain


def told(tale: Plain) -> dict[int, list[str]]:
    """Return the sentences of each decided month in public form: no number, no price, nothing that was learnt.

    Events are left out: pages show them when they happen.

    Parameters
    ----------
    tale : the decided months, as `sim.game.tale.tale` gives them
    """
    timeline = [{**month, "events": []} for month in tale["timeline"]]
    sentences = months({**tale, "timeline": timeline}, public=True)
    return dict(zip((month["month"] for month in timeline), sentences, strict=True))
