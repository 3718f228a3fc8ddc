"""What everybody may read of talks with people, while they go on."""

from __future__ import annotations

from sim.report.story.case_wording import in_words
from sim.report.story.months import months
from sim.report.wording import Plain


def public_sentences(tale: Plain, issues: Plain | None = None) -> dict[int, list[str]]:
    """Return the sentences of each decided month in public form: no number, no price, nothing that was learnt.

    Events are left out: pages show them when they happen.

    Parameters
    ----------
    tale : the decided months, a `sim.game.session.table.TableStory`
    issues : of the case, if terms are to be told in its words, not by their ids
    """
    timeline = [{**month, "events": []} for month in tale["timeline"]]
    run = {**tale, "timeline": timeline}
    sentences = months(run if issues is None else in_words(run, issues), public=True)
    return dict(zip((month["month"] for month in timeline), sentences, strict=True))
