"""Starts and resumes a game that one person plays in the terminal; `sim.cli.play.prompt` plays it.

As in `sim.cli.app`, a command imports what only it needs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli import loading, option_values
from sim.cli.play.prompt import ME, TEACHER, Prompt
from sim.cli.version import VERSION
from sim.errors import RecordError, UsageError

if TYPE_CHECKING:
    from sim.game.session.session import Session

SUFFIX = ".game.jsonl"


def begin(name: str, actor: str, changes: Mapping[str, Any], seed: int | None, save: Path | None) -> None:
    """Start a game as one actor and play it."""
    scenario = loading.scenario(name, changes)
    chair = option_values.actor(actor, scenario.case.actors, "--as")
    from sim.game.session.log import GameLog
    from sim.game.session.session import Session
    from sim.game.session.settings import SessionSettings

    plain = json.loads(json.dumps(scenario.source))
    settings = SessionSettings(scenario=plain, seed=seed, program=VERSION)
    session, begun = Session.begin(settings, time.time())
    log = GameLog(save or _new_file(f"{scenario.id}.{chair}"))
    log.add(begun)
    game = Prompt(session, log, name)
    game.do(ME, "join", person=ME, name=game.say("play.you"))
    game.do(ME, "sit", table=1, actor=chair)
    game.do(TEACHER, "start", table=1)
    game.screen.page("welcome", game.view)
    game.screen.tell("play.saving", path=log.path)
    game.show_resuming()
    game.play()


def resume(path: Path, name: str | None, actor: str | None) -> None:
    """Resume a saved game."""
    from sim.game.session.log import GameLog, read
    from sim.game.session.session import Session

    kept = read(path)
    try:
        session = Session.replay(kept.entries)
    except RecordError as error:
        theirs = kept.entries[0].data.get("settings", {}).get("program")
        other = f" The game was started with version {theirs}; this is version {VERSION}." if theirs != VERSION else ""
        raise RecordError(f"{path}: {error}{other}") from None
    place = session.place(ME)
    if place is None:
        raise RecordError(f"{path} is not a game played alone.")
    _is_meant(path, session, place[1], name, actor)
    game = Prompt(session, GameLog(path, kept), name or session.scenario.id)
    game.screen.page("welcome", game.view)
    if kept.torn:
        game.screen.tell("play.mended", path=path)
    if session.settings.program != VERSION:
        game.screen.tell("play.other_program", theirs=session.settings.program or "?", ours=VERSION)
    if name is not None and _differs(session, name):
        game.screen.tell("play.other_files")
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(session.at))
    game.screen.tell("play.resumed", entries=len(session.entries), when=when)
    game.news.catch_up(game.table.history())
    game.play()


def _is_meant(path: Path, session: Session, chair: str, name: str | None, actor: str | None) -> None:
    """Refuse a saved game of another scenario or actor."""
    if name is not None and loading.scenario(name, {}).id != session.scenario.id:
        raise UsageError(
            f"{path} is a game of '{session.scenario.id}', not of '{name}'. Leave out the scenario or name its file."
        )
    if actor is not None and option_values.actor(actor, session.scenario.case.actors, "--as") != chair:
        raise UsageError(f"{path} is a game as {chair}, not as {actor}. Leave out --as or name another file.")


def _differs(session: Session, name: str) -> bool:
    """Whether the files of a scenario differ from those with which the game was started, apart from its settings."""
    now: Any = json.loads(json.dumps(loading.scenario(name, {}).source))
    return bool(now["case"] != session.settings.scenario["case"])


def _new_file(stem: str) -> Path:
    """Return the path of a new file in the working directory."""
    path, number = Path(f"{stem}{SUFFIX}"), 1
    while path.exists():
        number += 1
        path = Path(f"{stem}-{number}{SUFFIX}")
    return path
