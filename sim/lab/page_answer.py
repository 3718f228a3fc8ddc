"""An answer as the page shows it: the parts that arrive at once, those that arrive later, and the saved charts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from markupsafe import Markup

from sim.analysis.judging.proposals import ProposalsReport
from sim.engine.outcome_space import OutcomeSpace
from sim.lab import acceptance_plot, chart_findings, lab_charts, panel_data
from sim.lab.downloads import changes_of, changes_yaml
from sim.lab.lab_charts import HeatCell
from sim.lab.lab_pages import part
from sim.lab.scenario_state import LEAST, LoadedScenario, ModifiedScenario, possible_blockers
from sim.lab.term_repairs import chosen_terms
from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast, quoted, sentence
from sim.report.story.ending import lacks
from sim.report.wording import VERDICTS
from sim.strings import Strings
from sim.web.templating import number

Plain = Mapping[str, Any]
t = Strings.load()


class PageAnswer:
    """An answer as the page shows it.

    Parameters
    ----------
    data : as of `sim.lab.answers.immediate_answers`
    looked_at : as of `LoadedScenario.looked_at`
    """

    def __init__(
        self, loaded: LoadedScenario, modified: ModifiedScenario, data: Plain, looked_at: Mapping[str, str]
    ) -> None:
        self.loaded, self.modified, self.data, self.looked_at = loaded, modified, data, looked_at
        self.actors = {name: actor.name for name, actor in modified.case.actors.items()}
        self.cast = Cast.of({name: {"name": full} for name, full in self.actors.items()})
        self.table: Plain | None = data["table"]

    @cached_property
    def proposals(self) -> ProposalsReport:
        """Every actor's answer to every bundled proposal."""
        return self.loaded.proposals.judge(self.modified.scenario)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The distinct proposals, the text on the table included, as of `panel_data.rows`."""
        rows = panel_data.rows(self.proposals["rows"], self.data["now"], self.looked_at["across"], self.loaded.base.id)
        return [{**row, "title": row["title"] or t("lab.heat.mine")} for row in rows]

    @cached_property
    def first(self) -> str:
        """The first actor that blocks, else the first."""
        blocking = [name for name in self.table["blocked_by"] if name in self.actors] if self.table else []
        return next(iter(blocking), next(iter(self.actors)))

    @property
    def actor(self) -> str:
        """The actor whose reasons are shown: the chosen one, else the first that blocks."""
        return self.looked_at["actor"] or self.first

    def parts(self) -> dict[str, str]:
        """Return the parts about the text on the table, which arrive first, by name."""
        verdicts = self._verdicts()
        return {
            "problem": part("problem", now=self.modified, mend=self._repair(), followed=self._followed()),
            "answer": part("answer", **verdicts),
            "moment": part("moment", judged=self.data["about"], says=self._judged()),
            "verdicts": part("verdicts", **verdicts),
            "reasons": part("reasons", **verdicts),
            "changes": part("changes", yaml=changes_yaml(self.modified), any=bool(changes_of(self.modified))),
        }

    def proposal_parts(self) -> dict[str, str]:
        """Return the parts about all proposals, which arrive next."""
        return {
            "heat": part("heat", **self._heat(), across=self.looked_at["across"]),
            "plane": part("plane", **self._plane({})),
        }

    def later(self, name: str, data: Plain) -> dict[str, str]:
        """Return the parts of one step of the later answers."""
        if name == "turning":
            return {"turning": part("turning", **self._turning(data))}
        if name == "worlds":
            finding = chart_findings.of_worlds(data, self.cast)
            return {"worlds": part("worlds", **data, finding=finding), "sure": part("sure", **data, table=self.table)}
        return {name: part(name, **data, judged=self.data["about"])}

    @property
    def news(self) -> str:
        """The answer as a sentence."""
        return t("lab.news.impossible") if self.table is None else self._headline(self.table)

    def _headline(self, row: Plain) -> str:
        if row["agreed"]:
            return t("lab.verdicts.agreed")
        who = row["blocked_by"]
        rules = possible_blockers(self.modified.case)
        says = wording.series(self.cast.names.get(id_) or quoted(rules[id_]) for id_ in who)
        return t("lab.verdicts.blocked", who=says[0].upper() + says[1:], block=self.cast.does(who, "blocks", "block"))

    def _judged(self) -> str:
        if self.data["about"] is None:
            return ""
        changed = self.loaded.changed_numbers(self.modified)
        return t("lab.moment.judges") + (" " + t("lab.moment.changed", count=changed) if changed else "")

    def _repair(self) -> str:
        if self.modified.mended is None:
            return ""
        package = self.modified.package
        new = {name: option for name, option in self.modified.mended.items() if option != package[name]}
        return ", ".join(f"{spaced(name)} {wording.option(option)}" for name, option in new.items())

    def _followed(self) -> str:
        """Return the terms that were changed because of the one that was just chosen, and why, in words."""
        if not self.modified.followed:
            return ""
        terms = wording.series(
            f"{spaced(name)} to {wording.option(new)}" for name, new in self.modified.followed.items()
        )
        return t("lab.terms.followed", terms=terms)

    def _verdicts(self) -> dict[str, Any]:
        table = self.table
        if table is None:
            return {"table": None, "headline": self.news, "before": None}
        most = max(10.0, *(abs(actor["surplus"]) for actor in table["actors"].values()))
        names = self.actors
        return {
            "table": table,
            "headline": self._headline(table),
            "before": self._before(),
            "unmet": table["unmet"],
            "measures": {name: measure.says for name, measure in self.modified.case.measures.items()},
            "walls": {name: panel_data.pictured(panel_data.bars(table["actors"][name], t)) for name in names},
            "sending": {
                name: {
                    resource: panel_data.pictured(panel_data.sending(actor, resource, t))
                    for resource, decision in actor["sends"].items()
                    if decision["asked"]
                }
                for name, actor in table["actors"].items()
            },
            "sent": {name: panel_data.sent(actor) for name, actor in table["actors"].items()},
            "surplus_bars": {
                name: lab_charts.surplus_bar(actor["surplus"], actor["never"], most)
                for name, actor in table["actors"].items()
            },
            "findings": {name: chart_findings.of_reasons(name, table["actors"][name], self.cast) for name in names},
            "actor": self.actor,
        }

    def _before(self) -> dict[str, Any] | None:
        """Return the answers before any change, where they differ; None if nothing was changed."""
        before, table = self.data["before"], self.table
        if before is None or table is None:
            return None
        same = before["agreed"] == table["agreed"] and before["blocked_by"] == table["blocked_by"]
        return {
            "says": t("lab.verdicts.before_same")
            if same
            else t("lab.verdicts.before_was", says=self._headline(before)),
            "actors": {name: self._change(old, table["actors"][name]) for name, old in before["actors"].items()},
        }

    def _change(self, old: Plain, new: Plain) -> str:
        """Say what an actor's answer was before the changes; empty if it is the same."""
        if old["verdict"] == new["verdict"] and round(old["surplus"], 1) == round(new["surplus"], 1):
            return ""
        look, points = VERDICTS[old["verdict"]], number(old["surplus"], True)
        key = "before_line" if old["never"] else "before"
        says = t(f"lab.verdicts.{key}", mark=look.mark, words=look.words, surplus=points)
        if old["never"] and not new["never"] and new["price"]:
            says += " " + t("lab.verdicts.now_priced", price=number(new["price"]))
        return says

    def _turning(self, data: Plain) -> dict[str, Any]:
        case, table = self.modified.case, self.table
        assert table is not None
        space, text = OutcomeSpace(case), self.modified.package
        lines = {(name, line.rule): line for name, actor in case.actors.items() for line in actor.red_lines}

        def listed(sets: Any) -> list[dict[str, Any]]:
            return [
                {"change": change, "terms": chosen_terms(space, change, {**text, **_new(change)})} for change in sets
            ]

        turning: dict[str, Any] = dict.fromkeys(self.actors)
        for name, one in data["terms"].items():
            line = lines.get((name, one["line"]))
            turning[name] = {
                **one,
                "lacks": lacks(table, name, self.cast, blocks=one["blocks"]),
                "line_sources": line.source if line else (),
                "without": self._without_line(name, one["short"]) if line else "",
                "terms": listed(one["terms"]),
                "beyond": listed(data["beyond"].get(name, ())),
                "numbers": None if data["numbers"] is None else data["numbers"].get(name, []),
            }
        core = self.modified.scenario.core
        return {
            "turning": turning,
            "actor": self.actor,
            "cast": self.cast,
            "issues": {
                name: {"says": issue.says, "unit": issue.unit, "labels": issue.labels}
                for name, issue in case.issues.items()
            },
            "core": wording.series(spaced(name) for name in core),
        }

    def _without_line(self, name: str, short: float | None) -> str:
        it = self.cast.it(name)
        return sentence(
            t("lab.turning.short", it=it, points=number(short)) if short else t("lab.turning.only_line", it=it)
        )

    def _heat(self) -> dict[str, Any]:
        heat = panel_data.heat(self.rows, self.actors, self.looked_at["across"])
        for row in heat["rows"]:
            row["who"] = self._headline(row)
        return {**heat, "finding": chart_findings.of_heat(self.rows, self.cast)}

    def _plane(self, about: Plain) -> dict[str, Any]:
        along, of = self.looked_at["across"], self.looked_at["of"] or self.first
        if not along:
            return {"chart": None}
        finding, measure = chart_findings.of_plane(self.rows, of, along, self.cast), spaced(along)
        words = {
            "title": finding,
            "text": about.get("text", t("lab.plane.hint", measure=measure)),
            "about": about.get("about", ""),
            "across": measure,
            "up": t("lab.plane.up_of", name=self.actors[of]) if of != LEAST else t("lab.plane.up"),
            "zero": t("lab.plane.zero"),
        }
        points = panel_data.points(self.rows, self.actors, along, of)
        listed = [(row, row["least_willing"] if of == LEAST else of) for row in self.rows]
        return {
            "chart": acceptance_plot.plane(points, words),
            "finding": finding,
            "measure": measure,
            "of": of,
            "rows": [{**row, "who": self.actors[who], "one": row["actors"][who]} for row, who in listed if who],
            "along": along,
        }

    @property
    def file_words(self) -> dict[str, str]:
        """What every saved chart says: ``text``, the limits of the model, and ``about``, what is on the table."""
        count = self.loaded.changed_numbers(self.modified)
        return {
            "text": t("lab.file.caveat") + (" " + t("lab.file.changed", count=count) if count else ""),
            "about": t("lab.file.about", case=self.loaded.base.case.title, text=self._text_in_words()),
        }

    def picture(self, name: str) -> Markup:
        """Return a chart that can be used on its own."""
        about = self.file_words
        if name == "plane":
            return self._plane(about)["chart"] or lab_charts.blank(t("lab.plane.none"))
        if name == "heat":
            heat = self._heat()
            rows = [
                (row["title"], [HeatCell(cell["verdict"], cell["said"], cell["needed"]) for cell in row["cells"]])
                for row in heat["rows"]
            ]
            now = next((index for index, row in enumerate(heat["rows"]) if row["now"]), -1)
            words = {**about, "title": heat["finding"], "needed": t("lab.heat.needed")}
            return lab_charts.heat(rows, [column["short"] for column in heat["columns"]], words, now)
        if self.table is None:
            return lab_charts.blank(t("lab.news.impossible"))
        actor = self.table["actors"][self.actor]
        words = {**about, "title": chart_findings.of_reasons(self.actor, actor, self.cast)}
        return lab_charts.waterfall([bar for bar, _ in panel_data.bars(actor, t)], words)

    def _text_in_words(self) -> str:
        """Return the title of the text on the table and, if it is not a bundled proposal, the terms that differ."""
        now = next((row for row in self.rows if row["now"]), None)
        if now is not None and now["scenario"]:
            return str(now["title"])
        base, issues = self.loaded.base, self.modified.case.issues
        changed = [
            f"{spaced(name)} {wording.option(option)}"
            for name, option in self.modified.package.items()
            if option != base.proposal[name]
        ]
        return (
            t("lab.file.changed_text", title=base.title, terms=", ".join(changed)) if changed and issues else base.title
        )


def _new(change: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return the new options of a change, issue to [from, to]."""
    return {name: new for name, (_, new) in change.items()}
