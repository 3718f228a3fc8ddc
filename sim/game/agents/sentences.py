"""The sentences in which an agent gives its answer, varied by what it has said before."""

from __future__ import annotations

from dataclasses import dataclass

from sim.game.agents.reasons import Reasons
from sim.strings import Strings

SECTION = "class.agent."
ORDER = ("red_line", "worse_than_no_deal", "holding_out", "accept")
"""The verdicts, the worst first."""
VARIANTS = ("one", "two", "three")
"""The ways to say the same thing; the month and the actor choose one of them."""


@dataclass(frozen=True)
class Spoken:
    """What an agent said about the text of a month: its verdict, and the words.

    `given` holds the reasons that it has given since its verdict was last another one, as names of rules, lines and
    resources. `condition` is the one that it stated.
    """

    verdict: str
    given: frozenset[str]
    words: str
    condition: str = ""


def speak(t: Strings, name: str, month: int, verdict: str, reasons: Reasons, before: Spoken | None) -> Spoken:
    """Return what an agent says about a text. It gives each reason once, as long as its verdict stays the same.

    Parameters
    ----------
    name : the actor's id, so that two agents seldom use the same words at once
    verdict : its public answer
    before : what it said last month; None if it said nothing, or a person played it
    """
    turn, variant = _turn(verdict, before), VARIANTS[(month + sum(map(ord, name))) % len(VARIANTS)]
    given = before.given if before is not None and turn == "again" else frozenset()
    why = reasons.in_favour if verdict == "accept" else reasons.lines[:1] or reasons.against
    if given and reasons.lines:
        why = reasons.lines[:1] + reasons.against
    chosen = [reason for reason in why if reason.rule not in given][:1]
    parts = [t(f"{SECTION}{verdict}.{turn}.{variant}"), *(reason.sentence for reason in chosen)]
    if verdict in ("worse_than_no_deal", "holding_out") and not why:
        parts.append(t(f"{SECTION}too_little.{variant}"))
    kept_back = {of: why for of, why in reasons.kept_back.items() if of not in given}
    for resource, sending in kept_back.items():
        words = t(f"{SECTION}keeps.{variant}", of=t.id_in_words(resource))
        parts += [words, *(reason.sentence for reason in sending[:1])]
    return Spoken(verdict, given | {reason.rule for reason in chosen} | set(kept_back), " ".join(parts))


def _turn(verdict: str, before: Spoken | None) -> str:
    """How the answer follows on what the agent said last month: ``first``, ``again``, ``better`` or ``worse``."""
    if before is None:
        return "first"
    if before.verdict == verdict:
        return "again"
    return "better" if ORDER.index(verdict) > ORDER.index(before.verdict) else "worse"
