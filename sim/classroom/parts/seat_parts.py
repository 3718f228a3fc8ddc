"""Parts of the pages of seats that are the same for every seat of a role, or at every table with the same text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from sim.classroom import class_pages
from sim.classroom.view_data import TermLabels
from sim.game.kept_results import Itself, KeptResults
from sim.game.session.scoring import Score

KEPT = 128
"""Parts of each kind that are kept: those of all roles at a few texts, or those of a few texts."""


class SeatParts:
    """The parts of one session, in its language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._worth, self._fields, self._texts = (KeptResults[Markup](KEPT) for _ in range(3))

    def text(self, view: Mapping[str, Any]) -> Markup:
        """Return the text on the table, given the public view of the table."""
        shown = {name: view[name] for name in ("text", "tabled_by", "meant_for", "lines")}

        def rendered() -> Markup:
            names = {"chairs": {name: {"name": chair["name"]} for name, chair in view["chairs"].items()}}
            data = {"view": {**shown, **names}, "terms": TermLabels(view["text"])}
            return class_pages.part("public_text.html", self._language, **data)

        return self._texts.get(repr(shown), rendered)  # a view is plain data, so this says everything that is shown

    def worth(self, score: Score) -> Markup:
        """Return what a text is worth to a role; `sim.game.session.views` gives equal seats the same score."""
        return self._worth.get(Itself(score), lambda: class_pages.part("worth.html", self._language, score=score))

    def draft_fields(self, rows: Sequence[Mapping[str, Any]], changes: Mapping[str, str]) -> Markup:
        """Return the fields for the terms of a text, given its rows in a public view; `changes` are chosen already."""

        def rendered() -> Markup:
            data = {"rows": rows, "terms": TermLabels(rows), "changes": changes}
            return class_pages.part("draft_fields.html", self._language, **data)

        return rendered() if changes else self._fields.get(tuple(row["option"] for row in rows), rendered)
