"""Each move of a person beside what its understudy, the rules of its chair, would have done."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.deliberation.drafting import Drafting
from sim.deliberation.moves import Given, Phase
from sim.deliberation.protocols import protocol_of
from sim.deliberation.seats import amended
from sim.game.played import Played
from sim.rules.bench import Bench
from sim.rules.reading import Reader
from sim.rules.space import Space, Texts
from sim.rules.verdicts import Verdict
from sim.rules.worlds import Worlds

ANSWERS, DRAFTS = "answers", "drafts"


def beside_understudies(played: Played) -> dict[str, Any]:
    """List every answer and every amendment of a person, and count how often its rules would have done the same.

    An answer is the same if both accept, or neither does: a person has more ways to say no than reasons for it.
    An amendment is the same if it leads to the same text.

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    moves = [*_answers(played), *_drafts(played)]
    moves.sort(key=lambda move: (move["month"], move["kind"] == DRAFTS))
    seats: dict[str, dict[str, int]] = {}
    for move in moves:
        seat = seats.setdefault(move["actor"], {ANSWERS: 0, "answers_alike": 0, DRAFTS: 0, "drafts_alike": 0})
        seat[move["kind"]] += 1
        seat[f"{move['kind']}_alike"] += move["alike"]
    answers, alike = (sum(seat[key] for seat in seats.values()) for key in (ANSWERS, "answers_alike"))
    return {"moves": moves, "seats": seats, "answers": answers, "answers_alike": alike}


def _answers(played: Played) -> list[dict[str, Any]]:
    found = []
    for month in played.run.months:
        for actor, understudy in month.understudies.items():
            answers = [
                given
                for given in played.run.moves
                if (given.month, given.actor) == (month.month, actor) and _is_answer(given)
            ]
            if not answers:
                continue
            did = Verdict(int(month.sitting.hearing.answers[actor].verdict[0, 0])).word
            would = Verdict(int(understudy[0, 0])).word
            found.append(
                {
                    "month": month.month,
                    "actor": actor,
                    "kind": ANSWERS,
                    "did": did,
                    "understudy": would,
                    "alike": (did == Verdict.ACCEPT.word) == (would == Verdict.ACCEPT.word),
                    "said": " ".join(given.move.says for given in answers if given.move.says),
                    "withdrew": any(given.move.withdraw for given in answers),
                }
            )
    return found


def _is_answer(given: Given) -> bool:
    return given.phase is not Phase.AMENDMENT


def _drafts(played: Played) -> list[dict[str, Any]]:
    """The amendments of persons; one who left the text to the others of several drafters made none."""
    run, found = played.run, []
    given = [one for one in run.moves if one.phase is Phase.AMENDMENT and one.month <= played.months]
    if not given:
        return []
    case = played.case
    space, reader, bench = Space(case), Reader(case), Bench.draw(Worlds(case, run.uniforms))
    drafting = Drafting(run.scenario, space, reader)
    for one in given:
        month = run.months[one.month - 1]
        text, drafted_by = month.sitting.reading.texts[:1], protocol_of(run.scenario).drafters(one.month)
        tabled = np.stack([space.codes(past.sitting.reading.texts[:1]) for past in run.months[: one.month]])
        would, there = drafting.amend(text, tabled, bench, month.sitting.situation.context, one.month, drafted_by)
        did = amended(space, text, one.move.amend) if one.move.amend else text
        had = space.decode(text[0])
        found.append(
            {
                "month": one.month,
                "actor": one.actor,
                "kind": DRAFTS,
                "did": _change(space, had, did[0]),
                "understudy": _change(space, had, would[0]) if there[0] else {},
                "alike": bool(np.array_equal(did, would)),
                "said": one.move.says,
                "withdrew": False,
            }
        )
    return found


def _change(space: Space, had: dict[str, Any], text: Texts) -> dict[str, list[Any]]:
    return {name: [had[name], option] for name, option in space.decode(text).items() if option != had[name]}
