"""The debrief as slides about one table: a sentence and a picture each. A slide with nothing to say is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from sim.report import wording
from sim.report.charts import debrief_charts
from sim.report.document import debrief_html
from sim.report.document.debrief_questions import AGREED, question_keys, signed_below
from sim.report.document.html_templates import filters
from sim.report.option_labels import option_in_words, spaced
from sim.report.story.cast import Cast, sentence
from sim.report.wording import Plain
from sim.strings import Strings

SLIDES_MOST, NOES_MOST, REASONS_MOST, QUESTIONS_MOST, CHANGES_MOST = 10, 3, 5, 4, 2
"""The most slides, slides about refusals, reasons on such a slide, questions, and changes of a text."""
DISPENSABLE = ("worlds", "no")
"""The kinds of slides that are left out first if there are too many, the last of each kind first."""


class Slide(NamedTuple):
    """One slide: a sentence, a picture with its legend, or some questions instead of a picture."""

    kind: str
    title: str
    says: str
    picture: Markup | None = None
    legend: str = ""
    questions: tuple[str, ...] = ()


def slides(debrief: Plain, number: int, t: Strings) -> list[Slide]:
    """Return the slides about a table of a debrief, by its index."""
    found = list(_Slides(debrief, number, t).all())
    for kind in DISPENSABLE:
        while len(found) > SLIDES_MOST and sum(slide.kind == kind for slide in found) > (kind == "no"):
            found.pop(max(index for index, slide in enumerate(found) if slide.kind == kind))
    return found


class _Slides:
    """Makes the slides of one table."""

    def __init__(self, debrief: Plain, number: int, t: Strings) -> None:
        self.debrief, self.table, self._t = debrief, debrief["tables"][number], t
        self.agreed = self.table["outcome"] == AGREED
        self.names = {name: actor["name"] for name, actor in debrief["actors"].items()}
        self.short = wording.short_names(self.names)
        self.cast = Cast.of({name: {"name": actor} for name, actor in self.names.items()})
        self.filters = filters(debrief)

    def t(self, key: str, **values: object) -> str:
        return self._t(f"class.slides.{key}", **values)

    def all(self) -> Iterator[Slide]:
        yield self.happened()
        yield from self.together()
        yield self.seats()
        yield from self.frontier()
        yield from self.left()
        yield from self.reach()
        yield from self.noes()
        yield from self.understudies()
        yield from self.believe()
        yield from self.worlds()
        keys = question_keys(self.debrief["tables"])[:QUESTIONS_MOST]
        asked = tuple(self._t(f"debrief.questions.{key}") for key in keys)
        yield Slide("questions", self._t("debrief.questions.title"), self.t("questions"), questions=asked)

    def happened(self) -> Slide:
        table, timeline = self.table, self.table["timeline"]
        rows = [(self.short[name], [month["reactions"][name]["verdict"] for month in timeline]) for name in self.names]
        kind = "improved" if self._improved() else "agreed" if self.agreed else "blocked"
        if kind == "blocked" and not table["blocked_by"]:
            kind = "stopped"
        says = self.t(f"happened.{kind}", month=table["months"], names=self._who(table["blocked_by"]))
        title = self._t("debrief.timeline.title")
        picture = debrief_charts.grid(rows, [month["month"] for month in timeline], title, says)
        return Slide("happened", title, says, picture, self._t("debrief.timeline.legend"))

    def together(self) -> Iterator[Slide]:
        tables = self.debrief["tables"]
        if len(tables) < 2:
            return
        rows = [
            (table["name"], [table["timeline"][-1]["reactions"][name]["verdict"] for name in self.names])
            for table in tables
        ]
        agreed = sum(table["outcome"] == AGREED for table in tables)
        says = self.t("together.says", agreed=agreed, tables=len(tables))
        title = self._t("debrief.together.title")
        picture = debrief_charts.grid(rows, list(self.short.values()), title, says)
        yield Slide("together", title, says, picture, self.t("together.legend"))

    def seats(self) -> Slide:
        seats = self.table["walk_away"]
        title = self.t("seats.title")
        if self.agreed:
            values = {name: seat["got"] for name, seat in seats.items()}
            below = signed_below(self.table)
            ranked = sorted(values, key=lambda name: values[name])
            if below:
                says = self.t("seats.below", names=self._who(below))
            else:
                says = self.t("seats.gained", most=self._who(ranked[-1:]), least=self._who(ranked[:1]))
        else:
            values = {
                name: wording.NEVER if seat["last_text"]["never"] else seat["last_text"]["surplus"]
                for name, seat in seats.items()
            }
            says = self.t("seats.kept")
        return Slide("seats", title, sentence(says), self._amounts(values, title), self.t("seats.legend"))

    def frontier(self) -> Iterator[Slide]:
        plane = self.debrief["plane"]
        if not plane:
            return
        one, other = (self._who([name]) for name in plane["axes"])
        title = self.t("frontier.title" if self.agreed else "frontier.failed")
        says = self.t("frontier.says", one=one, other=other)
        names = [self.names[name] for name in plane["axes"]]
        deals = "; ".join(
            f"{deal['table']}: {', '.join(wording.points(value) for value in deal['at'])}" for deal in plane["deals"]
        )
        picture = debrief_charts.plane(plane, names, title, deals)
        yield Slide("frontier", title, says, picture, self.t("frontier.legend"))

    def left(self) -> Iterator[Slide]:
        open_issues, every = (self.table["gains"][part] or {"better": 0} for part in ("negotiable", "all"))
        left = open_issues if open_issues["better"] else every
        if left["better"]:
            kind = ("better" if self.agreed else "missed") + ("" if left is open_issues else "_if_open")
            offer = left["offers"][0]
            says = self.t(f"left.{kind}", count=f"{left['better']:,}", change=self._change(offer))
            title = self.t("left.title")
            values = {name: offer["gains"][name] for name in self.names}
            yield Slide("left", title, says, self._amounts(values, title), self.t("left.legend"))
        elif "judged" in open_issues or "judged" in every:
            judged = f"{(every if 'judged' in every else open_issues)['judged']:,}"
            kind = "none" if self.agreed else "empty"
            title = self.t("left.title" if self.agreed else "left.empty_title")
            picture = debrief_charts.figure("0", self.t(f"left.{kind}_of", count=judged), title)
            yield Slide("left", title, self.t(f"left.{kind}"), picture)

    def reach(self) -> Iterator[Slide]:
        missed = self.table["in_reach"]
        if self.agreed or not missed:
            return
        key = "change" if missed["change"] else "itself"
        says = self.t(f"reach.{key}", month=missed["month"], change=self._change(missed))
        title = self.t("reach.title")
        yield Slide("reach", title, says, self._amounts(missed["surplus"], title), self.t("reach.legend"))

    def noes(self) -> Iterator[Slide]:
        blocking = [no for no in self.table["noes"] if no["blocks"] and no["last"]]
        blocking.sort(key=lambda no: list(self.names).index(no["actor"]))
        for no in blocking[:NOES_MOST]:
            who = self._who([no["actor"]])
            says = self._why(no, who)
            title = self.t("no.title", who=who)
            entries = sorted(no["ledger"], key=wording.worst_first)[:REASONS_MOST]
            rows = [(entry["says"], entry["points"]) for entry in entries]
            picture = debrief_charts.amounts(rows, title, says, self._points) if rows else None
            yield Slide("no", title, sentence(says), picture, self.t("no.legend"))

    def _why(self, no: Plain, who: str) -> str:
        """Why a seat refused, and with what change its rules would have accepted."""
        if no["own_mind"]:
            return self.t("no.own_mind", who=who)
        closed = [entry for entry in no["ledger"] if entry["points"] == wording.NEVER]
        weighed = (closed or no["against"] or no["ledger"])[:1]
        why = self.t("no.closed" if closed else "no.weighed", who=who, says=weighed[0]["says"]) if weighed else ""
        found = no["yes_if"] and no["yes_if"]["terms"] is not None
        return " ".join([sentence(why), *debrief_html.changes_for_yes(no, self.debrief)[-1:]] if found else [why])

    def understudies(self) -> Iterator[Slide]:
        people = self.table["understudies"]
        moves = [move for move in people["moves"] if move["kind"] == "answers"]
        if not moves:
            return
        months = [month["month"] for month in self.table["timeline"]]
        rows = []
        for name in dict.fromkeys(move["actor"] for move in moves):
            mine = {move["month"]: move for move in moves if move["actor"] == name}
            rows.append((self.short[name], [mine[month]["did"] if month in mine else "" for month in months]))
            theirs = [mine[month]["understudy"] if month in mine else "" for month in months]
            rows.append((self.t("understudies.rules"), theirs))
        key = "same" if people["answers_alike"] == people["answers"] else "some"
        says = self.t(f"understudies.{key}", alike=people["answers_alike"], answers=people["answers"])
        title = self._t("debrief.understudies.title")
        picture = debrief_charts.grid(rows, months, title, says)
        yield Slide("understudies", title, says, picture, self._t("debrief.timeline.legend"))

    def believe(self) -> Iterator[Slide]:
        """What somebody who expects an agreement on the last text has to believe of those who blocked it."""
        short = {} if self.agreed else {name: self._shortfall(name) for name in self.table["blocked_by"]}
        short = {name: value for name, value in short.items() if value}
        if not short:
            return
        closed = [name for name, value in short.items() if value == wording.NEVER]
        others = [name for name in short if name not in closed]
        key = "both" if closed and others else "closed" if closed else "others"
        says = self.t(f"believe.{key}", closed=self._who(closed), others=self._who(others))
        title = self.t("believe.title")
        yield Slide("believe", title, says, self._amounts(short, title), self.t("believe.legend"))

    def _shortfall(self, name: str) -> float | str:
        """Points by which an actor is short of accepting the last text, or of sending what it asks for, below zero."""
        seat = self.table["walk_away"].get(name)
        if seat is None:
            return 0.0
        last = seat["last_text"]
        if last["never"]:
            return wording.NEVER
        asked = [sent["surplus"] for sent in last["sends"].values() if sent["asked"]]
        return float(min([0.0, last["surplus"], *asked]))

    def worlds(self) -> Iterator[Slide]:
        worlds = self.debrief["worlds"]
        if not worlds:
            return
        shares = {name: share["share"] for name, share in worlds["outcomes"].items()}
        agreed = wording.per_cent(shares.get(AGREED, 0.0))
        says = self.t("worlds.says", count=f"{worlds['worlds']:,}", share=agreed)
        title = self.t("worlds.title")
        rows = [(self.filters["outcome"](name), share) for name, share in shares.items() if share]
        picture = debrief_charts.amounts(rows, title, says, lambda share: wording.per_cent(float(share)))
        yield Slide("worlds", title, says, picture, self.t("worlds.legend"))

    # -- words -------------------------------------------------------------------------------------------------------

    def _improved(self) -> bool:
        return bool(self.table["settlement"] and self.table["settlement"]["accepted"])

    def _who(self, ids: list[str]) -> str:
        known = [name for name in ids if name in self.names]
        return self.cast.who(known) if known else wording.series(map(spaced, ids))

    def _change(self, offer: Mapping[str, Any]) -> str:
        """Return the changed terms in words, the first few of many."""
        issues, changes = self.debrief["issues"], list(offer["change"].items())
        said = [
            self._t("language.quoted", text=f"{issues[name]['says']}: {_label(issues[name], after)}")
            for name, (_, after) in changes[:CHANGES_MOST]
        ]
        more = len(changes) - CHANGES_MOST
        return wording.series([*said, self.t("more", count=more)] if more > 0 else said)

    def _amounts(self, values: Mapping[str, float | str], title: str) -> Markup:
        rows = [(self.names[name], value) for name, value in values.items()]
        text = "; ".join(f"{self.names[name]}: {self._points(value)}" for name, value in values.items())
        return debrief_charts.amounts(rows, title, text, self._points)

    def _points(self, value: float | str) -> str:
        return self.t("never") if isinstance(value, str) else wording.points(value)


def _label(issue: Plain, option: object) -> str:
    """Return an option in the words of its case alone."""
    return str(issue["labels"].get(str(option)) or option_in_words(issue, option))
