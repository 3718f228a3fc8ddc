"""The summary of a run as plain data: the command line prints it as JSON, and every report is rendered from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.engine.measures import DURABILITY, HIGHEST
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central
from sim.negotiation.answers.answer_data import AnswerData
from sim.negotiation.answers.evaluation import Evaluation, number
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.answers.yes_if import YesIf
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.history import Month, Outcome, Run
from sim.negotiation.record.move_data import learnt_json, move_json, protocol_json
from sim.negotiation.record.record_data import (
    EndingText,
    LastAnswer,
    LastText,
    MonthData,
    MonthHeading,
    Reaction,
    RunSummary,
)

FORMAT = "parley.run/2"
TEXTS_LISTED = 10
"""The most final texts in a summary."""
SHARE_DIGITS = 6
"""Decimals of shares."""


def summarise(run: Run) -> RunSummary:
    """Return a finished run as plain data (`docs/reference/json.md`).

    One world is described month by month. Many worlds are described by shares, and the summary's outcome is the most
    frequent one.
    """
    summary = _RunSummary(run)
    many = len(run.outcome) > 1
    final = summary.final
    return {
        "format": FORMAT,
        "seed": run.seed,
        "worlds": len(run.outcome),
        "nominal": isinstance(run.uniforms, Central),
        "case": run.scenario.case.id,
        "scenario": run.scenario.id,
        "title": run.scenario.title,
        "question": run.scenario.question,
        "sponsors": [run.scenario.sponsor, *run.scenario.co_sponsors],
        "core": list(run.scenario.core),
        "protocol": protocol_json(protocol_of(run.scenario)),
        "changes": dict(run.scenario.changes),
        "outcome": summary.outcome.word,
        "months": summary.months,
        "final_package": final["package"],
        "adjusted": [
            {"issue": number.issue, "asked": number.asked, "taken": number.taken} for number in run.scenario.adjusted
        ],
        "blocked_by": final["blocked_by"],
        "verdicts": {name: actor["verdict"] for name, actor in final["actors"].items()},
        "shares": {
            outcome.word: round(float((run.outcome == outcome).mean()), SHARE_DIGITS)
            for outcome in Outcome
            if outcome is not Outcome.OPEN
        },
        "durability": summary.durability,
        "final": final,
        "blockers": summary.blockers,
        "final_texts": summary.final_texts,
        "timeline": [summary.shares_of(month) if many else summary.details_of(month) for month in run.months],
    }


class _RunSummary:
    """The parts of the summary of a finished run, with its most frequent outcome and the median months of that."""

    def __init__(self, run: Run) -> None:
        self.run, self.space = run, OutcomeSpace(run.scenario.case)
        counts = np.bincount(run.outcome, minlength=len(Outcome))
        self.outcome = Outcome(int(counts[1:].argmax()) + 1)
        typical = run.ended[run.outcome == self.outcome]
        self.months = int(np.sort(typical)[(len(typical) - 1) // 2])
        self.yes_if = YesIf(run.months[0].evaluation.compiled_rules, run.scenario.core)

    @property
    def final(self) -> LastText:
        """The last evaluation of one world; of many worlds, the most frequent last text at central values."""
        run = self.run
        if len(run.outcome) == 1:
            return self._dated(run.last(), len(run.months))
        (text, _), *_ = self._texts(run.outcome == self.outcome)
        texts = np.frombuffer(text, dtype=np.uint8)[None]
        months = protocol_of(run.scenario).months
        events = run.scenario.events
        evaluation = evaluate(run.scenario.case, Central(), texts, month=self.months, months=months, events=events)
        return self._dated(evaluation.one(), self.months)

    def _dated(self, evaluation: Evaluation, month: int) -> LastText:
        described, yes_if = evaluation.describe(), self.yes_if.of(evaluation)
        actors: dict[str, LastAnswer] = {
            name: {**actor, "yes_if": yes_if[name]} for name, actor in described["actors"].items()
        }
        return {"month": month, **described, "actors": actors}

    @property
    def durability(self) -> float | None:
        """The mean over the worlds that agreed, or over all worlds if none did."""
        if self.run.scenario.case.durability is None:
            return None
        lasting = self.run.at_end(lambda month: month.evaluation.situation.measures[DURABILITY][:, 0]) / HIGHEST
        agreed = self.run.outcome == Outcome.AGREED
        return number(lasting[agreed].mean() if agreed.any() else lasting.mean())

    @property
    def blockers(self) -> dict[str, float]:
        """Actor or rule to the share of the worlds without agreement in which it blocks at the end."""
        open_ended = self.run.outcome != Outcome.AGREED
        if not open_ended.any():
            return {}

        def share(test: Callable[[Evaluation, str], NDArray[np.bool_]], name: str) -> float:
            return float(self.run.at_end(lambda month: test(month.evaluation, name))[open_ended].mean())

        shares = {name: share(Evaluation.blocks, name) for name in self.run.scenario.case.actors}
        shares |= {rule.rule: share(Evaluation.stuck, rule.rule) for rule in self.run.scenario.case.consent}
        ranked = sorted(shares.items(), key=lambda item: -item[1])
        return {name: round(share, SHARE_DIGITS) for name, share in ranked if share}

    def _texts(self, among: NDArray[np.bool_]) -> list[tuple[bytes, int]]:
        """The last texts of some worlds and how often each occurs, the most frequent first."""
        texts: Texts = self.run.at_end(lambda month: month.evaluation.matrix.texts)
        return Counter(text.tobytes() for text in texts[among]).most_common()

    @property
    def final_texts(self) -> list[EndingText]:
        """The most frequent last texts with their outcome."""
        listed: list[EndingText] = []
        for outcome in Outcome:
            for text, count in self._texts(self.run.outcome == outcome):
                package = self.space.decode(np.frombuffer(text, dtype=np.uint8))
                share = round(count / len(self.run.outcome), SHARE_DIGITS)
                listed.append({"package": package, "share": share, "outcome": outcome.word})
        return sorted(listed, key=lambda final: -final["share"])[:TEXTS_LISTED]

    def details_of(self, month: Month) -> MonthData:
        """One month of one world."""
        run, evaluation = self.run, month.evaluation.one()
        described, yes_if = evaluation.describe(), self.yes_if.of(evaluation)
        text = described["package"]
        before = self.run.months[month.month - 2].evaluation.matrix.texts[0] if month.month > 1 else None
        past = text if before is None else self.space.decode(before)
        ends = run.ended[0] == month.month
        return {
            **self._heading(month),
            "move": None if month.moves is None else move_json(run, month, month.moves),
            "learnt": learnt_json(run.scenario.case, month.learnt),
            "text": text,
            "changed": {issue: [past[issue], text[issue]] for issue in text if past[issue] != text[issue]},
            "tabled_by": list(month.tabled_by),
            "context": described["context"],
            "measures": described["measures"],
            "reactions": {
                name: {**_reaction(actor), "yes_if": yes_if[name], **self._said(month, name)}
                for name, actor in described["actors"].items()
            },
            "asked": described["asked"],
            "agreed": described["agreed"],
            "blocked_by": described["blocked_by"],
            "unmet": described["unmet"],
            "decision": Outcome(int(run.outcome[0])).word if ends else self._next(month),
        }

    def _next(self, month: Month) -> str:
        after = self.run.months[month.month :]
        same = bool(after) and np.array_equal(after[0].evaluation.matrix.texts, month.evaluation.matrix.texts)
        return "repeated" if same else "amended"

    def _said(self, month: Month, actor: str) -> Reaction:
        """The words of a person who played the actor, and the verdict that the rules would have given."""
        if actor not in month.understudies:
            return {}
        words = [said.move.says for said in self.run.moves if (said.month, said.actor) == (month.month, actor)]
        understudy = Verdict(int(month.understudies[actor][0, 0])).word
        return {"understudy": understudy, "said": " ".join(word for word in words if word)}

    def shares_of(self, month: Month) -> MonthData:
        """One month of many worlds."""
        texts = Counter(text.tobytes() for text in month.evaluation.matrix.texts)
        common = np.frombuffer(texts.most_common(1)[0][0], dtype=np.uint8)
        heading = self._heading(month)
        return {
            "month": heading["month"],
            "events": heading["events"],
            "open": heading["open"],
            "agreed_share": heading["agreed_share"],
            "text": self.space.decode(common),
            "reactions": {name: {"shares": month.evaluation.shares(name)} for name in self.run.scenario.case.actors},
        }

    def _heading(self, month: Month) -> MonthHeading:
        run = self.run
        agreed = (run.outcome == Outcome.AGREED) & (run.ended <= month.month)
        return {
            "month": month.month,
            "events": [event.says for event in run.scenario.events if event.month == month.month],
            "open": round(len(month.rows) / len(run.outcome), SHARE_DIGITS),
            "agreed_share": round(float(agreed.mean()), SHARE_DIGITS),
        }


def _reaction(answer: AnswerData) -> Reaction:
    """The parts of an actor's answer that the summary of a month contains."""
    return {
        "verdict": answer["verdict"],
        "surplus": answer["surplus"],
        "aspiration": answer["aspiration"],
        "reservation": answer["reservation"],
        "needed": answer["needed"],
        "why_needed": answer["why_needed"],
        "blocks": answer["blocks"],
        "gap": answer["gap"],
        "pledge": answer["pledge"],
        "sends": answer["sends"],
        "declares": answer["declares"],
        "declared_lines": answer["declared_lines"],
        "short": answer["short"],
        "ledger": answer["ledger"],
    }
