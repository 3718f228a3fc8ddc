"""How fast the log of a class is replayed, which a server does when it starts.

``python benchmarks/replay.py [--entries 4000] [--log FILE] [--runs 3]`` plays the actions of one lively table at random
(votes, late answers, drafts, statements, events, undos) or reads the entries of a file, one line of JSON each, and
prints how many entries are replayed per second of processor time in the fastest run.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import sim
from sim.game.session.actions import CLOCK, TEACHER
from sim.game.session.log import LogEntry
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.game.session.settings import SessionSettings

SEATED = ("ukraine", "russia", "us", "france", "poland")
VERDICTS = ("accept", "holding_out", "worse_than_no_deal", "red_line")
MONTHS, MINUTES = 120, 0.1
"""The most months of the talks, and the length of a phase."""
PAUSE = 0.03
"""The most seconds between two actions."""
TEACHES = 0.06
"""The share of actions that are the teacher's."""
JOINS = 0.04
"""The share of actions with which somebody joins and watches."""


@dataclass
class Play:
    """A session at whose only table somebody does something at random, again and again."""

    random: Random
    session: Session
    now: float = 0.0
    watching: list[str] = field(default_factory=list)

    def do(self, by: str, kind: str, **data: Any) -> None:
        """Carry out an action, if it is allowed."""
        try:
            self.session.apply(self.session.entry(by, kind, data, self.now))
        except RejectedActionError:
            return

    def seat(self) -> None:
        for actor in SEATED:
            self.do(actor, "join", person=actor, name=actor)
            self.do(actor, "sit", table=1, actor=actor)
        self.do(TEACHER, "start")

    def act(self) -> None:
        """Let some time pass, and somebody do something."""
        self.now += self.random.uniform(0, PAUSE)
        self.do(CLOCK, "timeout", table=1)
        drawn = self.random.random()
        if drawn < TEACHES:
            self.teach()
        elif drawn < TEACHES + JOINS:
            self.watching.append(f"watcher{len(self.watching)}")
            self.do(self.watching[-1], "join", person=self.watching[-1], name=self.watching[-1])
            self.do(self.watching[-1], "sit", table=1, actor="observer")
        else:
            self.speak(self.random.choice(SEATED))

    def teach(self) -> None:
        table = self.session.table(1)
        kind = self.random.choice(("announce", "pause", "undo", "next", "agent", "inject"))
        kind = "undo" if table.over else kind if table.started else "start"
        match kind:
            case "announce":
                self.do(TEACHER, kind, text="Five more minutes")
            case "pause":
                self.do(TEACHER, "pause")
                self.do(TEACHER, "resume")
            case "agent":
                self.do(TEACHER, "agent", table=1, actor="france")
                self.do(TEACHER, "person", table=1, actor="france")
            case "inject":
                level = self.random.choice((0, 1))
                self.do(TEACHER, kind, event={"says": "The aid changes", "set": {"us_aid": level}})
            case _:
                self.do(TEACHER, kind)

    def speak(self, actor: str) -> None:
        table, kind = self.session.table(1), self.random.choice(("vote", "late", "draft", "say", "whisper"))
        common = {"table": 1, "version": table.version}
        verdict = self.random.choice(VERDICTS[actor == "russia" :])  # so that the talks go on
        match kind:
            case "vote":
                self.do(actor, "vote", **common, verdict=verdict)
            case "late":
                if late := self.session.late_answer(table, actor):
                    self.do(actor, "vote", table=1, version=late.version, verdict=verdict)
            case "draft":
                issue, about = self.random.choice(list(table.scenario.case.issues.items()))
                drafts = table.stage == "amendment" and actor in table.movers
                changes = {issue: self.random.choice(about.options)}
                self.do(actor, "amend" if drafts else "suggest", **common, changes=changes)
            case "say":
                self.do(actor, "say", table=1, text=str(self.random.random()))
            case _:
                to = self.random.choice([other for other in SEATED if other != actor])
                self.do(actor, "whisper", table=1, to=to, text=str(self.random.random()))


def played(entries: int) -> list[LogEntry]:
    """Return the log of a class with at least the given number of entries."""
    scenario = sim.load_scenario("european_force", {"protocol.months": MONTHS})
    session, _ = Session.begin(SessionSettings(scenario=dict(scenario.source), minutes=MINUTES), at=0.0)
    play = Play(Random(0), session)
    play.seat()
    while len(session.entries) < entries:
        play.act()
    return session.entries


def main() -> None:
    """Replay a log and print how long it takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=4000, help="how many entries the log has")
    parser.add_argument("--log", type=Path, help="a file of entries to replay instead, one line of JSON each")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    if chosen.log is not None:
        log = [LogEntry.from_json(json.loads(line)) for line in chosen.log.read_text(encoding="utf-8").splitlines()]
    else:
        log = played(chosen.entries)
    times = []
    for _ in range(chosen.runs):
        begun = time.process_time()
        Session.replay(log)
        times.append(time.process_time() - begun)
    kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(entry.kind for entry in log).most_common())
    print(f"{len(log):,} entries ({kinds})")
    print(f"replayed in {min(times):.2f} s of processor time: {len(log) / min(times):,.0f} entries per second")


if __name__ == "__main__":
    main()
