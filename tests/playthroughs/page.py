"""A run as a page of plain text: the golden playthrough that reviewers read and a test compares.

A page has at most `LINES` lines of at most `COLUMNS` columns. The same run always gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from sim.report import wording
from sim.report.story.cast import Cast
from sim.report.story.ending import between, ended, lasting, mistaken, unmet
from sim.report.story.months import months
from sim.report.wording import Plain

LINES, COLUMNS = 100, 100
NAME, CELL = 8, 12
"""Widths, in columns, of the month and of one actor's answer."""
ELLIPSIS = "   ..."


def playthrough(run: Plain) -> str:
    """Return a run at central values as text.

    Parameters
    ----------
    run : a dict of format ``parley.run/1``

    Returns
    -------
    str, ending with a newline
    """
    head, end = list(_head(run)), list(_end(run))
    months = list(_months(run))
    room = LINES - len(head) - len(end)
    if len(months) > room:
        first, last = months[: room // 2], months[-(room - room // 2 - 1) :]
        months = [*first, ELLIPSIS, *last]
    return "".join(f"{line[:COLUMNS].rstrip()}\n" for line in [*head, *months, *end][:LINES])


def _head(run: Plain) -> Iterator[str]:
    yield f"{run['scenario']}: {run['title']}"
    yield from _paragraph(run["question"])
    yield f"{wording.setup(run)} · {wording.protocol(run['protocol'])}"
    yield from _paragraph(wording.terms(run["timeline"][0]["text"]))
    yield from wording.adjustments(run)
    yield ""
    yield "month".ljust(NAME) + "".join(f"{actor:<{CELL}}" for actor in run["verdicts"]).rstrip()


def _months(run: Plain) -> Iterator[str]:
    """Each month's answers with their surpluses, and below them the month in sentences."""
    for month, sentences in zip(run["timeline"], months(run), strict=True):
        answers = (_answer(month["reactions"][actor]) for actor in run["verdicts"])
        yield f"{month['month']:>5}".ljust(NAME) + "".join(f"{answer:<{CELL}}" for answer in answers).rstrip()
        for line in sentences:
            yield from wrap(line, COLUMNS, initial_indent=" " * NAME, subsequent_indent=" " * (NAME + 2))


def _answer(reaction: Plain) -> str:
    return f"{wording.VERDICTS[reaction['verdict']].short} {wording.points(reaction['surplus'])}"


def _end(run: Plain) -> Iterator[str]:
    actors = run["final"]["actors"]
    cast = Cast.of(actors)
    yield ""
    yield from _paragraph(" ".join([ended(run), *lasting(run)]))
    yield from _paragraph(f"Last text: {wording.terms(run['final_package'])}")
    for line in (*between(run["final"], cast, mistaken(run), run.get("core", ())), *unmet(run["final"], cast)):
        yield from _paragraph(line)
    yield ""
    for name, actor in actors.items():
        reasons = "; ".join(wording.reason(entry) for entry in wording.main_reasons(actor))
        answer = f"{wording.VERDICTS[actor['verdict']].words} ({wording.points(actor['surplus'])})"
        yield from _paragraph(f"{name}: {answer}. {reasons}")


def _paragraph(text: str) -> list[str]:
    return wrap(text, COLUMNS, subsequent_indent="  ")
