"""A coder of claims who goes by two rules and understands nothing: the example of lesson 1.

Whoever speaks decides the kind: the source itself states a fact, an actor a position, anybody else gives a judgement. A
claim is about the actors whose names stand in it. Nobody's reading is in it, and none is made up::

    python scripts/docs/by_voice.py     # writes docs/teaching/by-voice.yaml anew
"""

from __future__ import annotations

import re
from pathlib import Path

import sim
from sim.case.codings import subjects
from sim.case.reading.yaml_documents import to_yaml

FILE = Path(__file__).parents[2] / "docs" / "teaching" / "by-voice.yaml"
CASE = "ukraine_2025"
SOURCE = "article"
"""The voice of the source itself."""
HEAD = """\
# An example, and no student's: the program coded these claims by two rules (scripts/docs/by_voice.py). Whoever speaks
# decides the kind: the article states a fact, an actor a position, anybody else gives a judgement. A claim is about
# the actors whose names stand in it. No size is coded, as no rule so simple could tell one.
"""


def by_voice(case: sim.Case) -> str:
    """The text of the file of codings."""
    claims = {}
    for name, claim in case.claims.items():
        kind = "fact" if claim.voice == SOURCE else "position" if claim.voice in case.actors else "judgement"
        claims[name] = {"kind": kind, "about": [one for one in subjects(case) if _named(case, one, claim.text)]}
    return HEAD + to_yaml({"case": CASE, "coder": "by voice", "claims": claims})


def _named(case: sim.Case, subject: str, text: str) -> bool:
    """Whether a text names somebody: by the name, or by the id, an abbreviation in capitals."""
    names = [subject.upper() if len(subject) <= 2 else subject.title()]
    names += [case.actors[subject].name] if subject in case.actors else []
    return any(re.search(rf"\b{re.escape(one)}\b", text) for one in names)


if __name__ == "__main__":
    FILE.write_text(by_voice(sim.load_case(CASE)), encoding="utf-8")
