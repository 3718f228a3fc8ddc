"""The reasons that an agent may give in public for its answer to a text.

A reason is the sentence that the case writes for this purpose (`aloud`), or the words of a declared red line. Reasons
are sorted by the sizes that the case gives at central values, so nothing depends on the world that is played, on prices
or on walk-away values. A line that is not declared is a reason only if the text crosses it and its owner answers with
`red_line`: by the rules of the talks everybody knows the line then (model, section 7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.case.models import Case
from sim.case.rule_models import Actor, PointsRule, RedLine, Weight
from sim.engine.drawn_parameters import ActorParameters
from sim.engine.explain import ledger, sending_ledger
from sim.engine.measures import Situation
from sim.engine.rule_matrix import LINES, Floats, RuleMatrix
from sim.engine.verdict_rules import Assessment, Verdict

DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Reason:
    """A rule, and the sentence in which its owner gives it as a reason."""

    rule: str
    sentence: str


@dataclass(frozen=True)
class Reasons:
    """What an actor could say about one text, the weightiest first.

    Parameters
    ----------
    lines : the red lines that it may name: declared ones that the text crosses, or else one that is not declared
    against, in_favour : what it dislikes and likes in the text
    kept_back : resource to why it sends nothing although the text asks for it and it accepts
    """

    lines: tuple[Reason, ...]
    against: tuple[Reason, ...]
    in_favour: tuple[Reason, ...]
    kept_back: Mapping[str, tuple[Reason, ...]]


def declared_words(line: RedLine) -> str:
    """The sentence for a declared red line; empty if it has a digit, which no agent says."""
    return line.aloud or ("" if DIGIT.search(line.says) else sentence(line.says))


def sentence(says: str) -> str:
    """Return words of a case with a capital letter and a full stop."""
    return f"{says[0].upper()}{says[1:]}{'' if says.endswith(('.', '!', '?')) else '.'}"


@dataclass(frozen=True, eq=False)
class HeardText:
    """A text with the answers to it so far, in one world; arrays are for one world and one text.

    `status_quo` holds the measures of the text in which every issue is at its default; `decided` says whether everybody
    has answered, so that pledges are public.
    """

    case: Case
    parameters: Mapping[str, ActorParameters]
    matrix: RuleMatrix
    situation: Situation
    status_quo: Mapping[str, Floats]
    answers: Mapping[str, Assessment]
    decided: bool

    @property
    def accepted(self) -> dict[str, bool]:
        """Whether each actor that reacts first accepts."""
        first = (name for name in self.answers if self.case.actors[name].reacts_first)
        return {name: bool(self.answers[name].accepts[0, 0]) for name in first}


def reasons(text: HeardText, name: str) -> Reasons:
    """Return what an actor could say about a text that it has answered."""
    case, actor = text.case, text.case.actors[name]
    entries = ledger(case, text.parameters[name], text.matrix, text.situation, text.accepted)
    holding = [entry.rule for entry in entries if entry.kind == "preference"]
    rules = [rule for rule in actor.preferences if rule.rule in holding]
    sized: list[tuple[PointsRule | Weight, float]] = [(rule, _central(case, rule)) for rule in rules]
    sized += [(weight, _weighed(text, weight)) for weight in actor.weighs]
    refuses_by_line = int(text.answers[name].verdict[0, 0]) == Verdict.RED_LINE
    return Reasons(
        _lines(text, actor, name) if refuses_by_line else (),
        _sorted((rule, -size) for rule, size in sized if size < 0),
        _sorted((rule, size) for rule, size in sized if size > 0),
        _kept_back(text, name) if text.decided else {},
    )


def _central(case: Case, rule: PointsRule) -> float:
    return float(case.resolve(rule.points).central)


def _weighed(text: HeardText, weight: Weight) -> float:
    """What a measure adds compared with the status quo; 0 if it is no higher, because its sentence is then not true."""
    level, before = (float(by[weight.measure][0, 0]) for by in (text.situation.measures, text.status_quo))
    return float(text.case.resolve(weight.weight).central) * max(level - before, 0.0)


def _lines(text: HeardText, actor: Actor, name: str) -> tuple[Reason, ...]:
    crossed = np.flatnonzero(text.matrix.block(LINES, name)[:, 0]).tolist()
    lines = [actor.red_lines[index] for index in crossed]
    declared = tuple(Reason(line.rule, declared_words(line)) for line in lines if line.declared)
    others = tuple(Reason(line.rule, line.aloud or "") for line in lines if not line.declared)
    return tuple(reason for reason in declared or others[:1] if reason.sentence)


def _sorted(sized: Iterable[tuple[PointsRule | Weight, float]]) -> tuple[Reason, ...]:
    ranked = sorted(sized, key=lambda pair: -pair[1])
    return tuple(
        Reason(rule.measure if isinstance(rule, Weight) else rule.rule, rule.aloud) for rule, _ in ranked if rule.aloud
    )


def _kept_back(text: HeardText, name: str) -> dict[str, tuple[Reason, ...]]:
    """Why an actor that accepts a text sends nothing of what the text asks for, by resource."""
    answer, kept = text.answers[name], dict[str, tuple[Reason, ...]]()
    for resource, capacity in text.case.actors[name].capacities.items():
        if answer.accepts[0, 0] and answer.asked[resource][0, 0] and not answer.sends(resource)[0, 0]:
            entries = sending_ledger(text.case, text.parameters[name], resource, text.matrix, text.accepted)
            holding = {entry.rule for entry in entries}
            rules = (rule for rule in capacity.when_sent if rule.rule in holding)
            kept[resource] = _sorted((rule, -_central(text.case, rule)) for rule in rules)
    return kept
