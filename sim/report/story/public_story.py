"""What everybody may read about talks with people while they are under way."""

from __future__ import annotations

from sim.report.story.case_wording import in_words
from sim.report.story.months import months
from sim.report.wording import Plain


def public_sentences(story: Plain, issues: Plain | None = None) -> dict[int, list[str]]:
    """Return the sentences of each decided month, without numbers, prices and what only the drafters have learnt.

    Events are left out: pages show them when they happen. With `issues` of the case, terms are in its words.
    """
    timeline = [{**month, "events": []} for month in story["timeline"]]
    run = {**story, "timeline": timeline}
    sentences = months(run if issues is None else in_words(run, issues), public=True)
    return dict(zip((month["month"] for month in timeline), sentences, strict=True))
