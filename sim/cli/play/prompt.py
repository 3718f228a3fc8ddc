"""The desk of somebody who plays alone: prompts, commands, and pages.

Every command has its line in ``help``; what cannot be done is said, and asked again; the end of the input saves.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sim.cli import output, scenario_list
from sim.cli.option_values import THOUSANDS
from sim.cli.play.draft_editor import SHOWN, DraftEditor
from sim.cli.play.game_screen import GameScreen, TalksNews
from sim.errors import CaseError, UsageError, did_you_mean
from sim.strings import Strings

if TYPE_CHECKING:
    from sim.game.session.log import GameLog
    from sim.game.session.session import Session
    from sim.game.session.table import GameTable

ME = "me"
"""The id of the player."""
TEACHER = "teacher"
"""The talks start in the teacher's name because no teacher is present."""

OTHER_WORDS = {"exit": "quit", "bye": "quit", "yes": "accept", "no": "reject", "propose": "table", "offer": "table"}
"""Words that players type instead of a command, with the command that is suggested."""


class PlayerQuitError(Exception):
    """The player quit the game."""


def ask(prompt: str) -> str:
    """Ask for a line; a line that comes from a pipe is shown, so that a transcript reads as a game does.

    Raises
    ------
    EOFError
        at the end of the input, or if the terminal is gone
    """
    try:
        line = input(prompt)
    except OSError:
        raise EOFError from None
    if not sys.stdin.isatty():
        output.show_text(f"{line}\n")
    return line


class Prompt:
    """A game at the prompt.

    Parameters
    ----------
    session : with one table, at which `ME` sits
    log : to which every entry goes before it is done
    scenario : what to type for it
    """

    def __init__(self, session: Session, log: GameLog, scenario: str) -> None:
        self.session, self._log, self._scenario = session, log, scenario
        self.say = Strings.load(session.settings.language)
        self.screen = GameScreen(self.say)
        self.news = TalksNews(self.screen)
        self.draft = DraftEditor(self.screen, lambda: self.view, self._judge)

    # -- what it is -------------------------------------------------------------------------------------------

    @property
    def table(self) -> GameTable:
        """The only table of the game."""
        return self.session.table(1)

    @property
    def view(self) -> dict[str, Any]:
        """What the player may see, and what happened month by month in sentences."""
        from sim.game.session.views import seat
        from sim.report.story.case_wording import public_sentences

        return {**seat(self.session, ME), "sentences": public_sentences(self.table.story())}

    def _judge(self, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        from sim.game.session.views import draft

        return draft(self.session, ME, changes)

    @property
    def resuming(self) -> str:
        """Show what to type to resume the game."""
        return scenario_list.typed("play", "--resume", self._log.path)

    # -- what it does ------------------------------------------------------------------------------------------------

    def do(self, by: str, kind: str, **data: Any) -> None:
        """Make a move: check it, save it, apply it."""
        entry = self.session.entry(by, kind, data, time.time())
        self._log.add(entry)
        self.session.apply(entry)

    def show_resuming(self) -> None:
        """Print what to type to go on, in a line of its own, to be copied."""
        output.show_text(f"    {self.resuming}\n")

    def play(self) -> None:
        """Ask, do and tell, until the talks are over or somebody stops."""
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="replace")
        with suppress(ImportError):  # where there is one, it gives `input` its arrow keys; nothing else needs it
            importlib.import_module("readline")
        try:
            self.news.tell(self.view)
            while not self.table.over:
                self._turn()
            self._end()
        except (PlayerQuitError, EOFError, KeyboardInterrupt) as stopped:
            if not isinstance(stopped, PlayerQuitError):
                output.show_text("\n")
            if isinstance(stopped, EOFError):
                self.screen.tell("play.ended_input")
            self.screen.tell("play.saved", path=self._log.path)
            self.show_resuming()
        finally:
            self._log.close()

    def _turn(self) -> None:
        view = self.view
        turn = self.say(f"play.turn.{view['stage']}")
        output.show_text("\n")
        line = ask(f"{self.say('play.turn.prompt', month=view['month'], months=view['months'], turn=turn)} > ")
        word, _, rest = line.strip().partition(" ")
        try:
            self._command(word.lower())(rest.strip())
        except UsageError as error:
            self.screen.page("paragraph", str(error))
        except CaseError as error:
            self.screen.page("paragraph", error.problems[0].message)
        if self.news.tell(self.view):
            self.draft.changes = {}

    def _command(self, word: str) -> Callable[[str], None]:
        commands: dict[str, Callable[[str], None]] = {
            "help": self._help,
            "accept": lambda rest: self._vote("accept", rest),
            "hold": lambda rest: self._vote("holding_out", rest),
            "reject": lambda rest: self._vote("worse_than_no_deal", rest),
            "redline": lambda rest: self._vote("red_line", rest),
            "withdraw": lambda rest: self._vote("worse_than_no_deal", rest, withdraw=True),
            "table": self._amend,
            "leave": lambda rest: self._put({}, rest),
            "set": self.draft.set,
            "options": self.draft.options,
            "draft": self.draft.show,
            "clear": self.draft.clear,
            "suggest": self._suggest,
            "sound": self._sound,
            "text": lambda _: self.screen.page("text", self.view),
            "answers": self._answers,
            "score": lambda _: self.screen.page("ledger", self.view["you"]["score"]),
            "brief": lambda _: self.screen.page("brief", self.view["you"]["brief"]),
            "event": self._event,
            "undo": self._undo,
            "understudy": self._understudy,
            "quit": self._quit,
            "exit": self._quit,
            "yes": lambda rest: self._vote("accept", rest),
            "no": lambda rest: self._vote("worse_than_no_deal", rest),
        }
        if word in ("", "?"):
            return self._help
        if word not in commands:
            hint = did_you_mean(OTHER_WORDS.get(word, word), list(commands))
            raise UsageError(self.say("play.turn.unknown", word=word[:SHOWN], hint=hint))
        return commands[word]

    # -- moves ------------------------------------------------------------------------------------------------

    def _vote(self, verdict: str, rest: str, *, withdraw: bool = False) -> None:
        pledge, says = self._pledged(rest) if verdict == "accept" else ({}, rest)
        version = self.table.version
        self.do(ME, "vote", table=1, version=version, verdict=verdict, pledge=pledge, says=says, withdraw=withdraw)

    def _pledged(self, rest: str) -> tuple[dict[str, float], str]:
        """Split pledges from the words after them: ``troops=8000 if all others do``."""
        words, pledge = rest.split(), dict[str, float]()
        while words and (head := words[0].partition("="))[1] and head[0].isidentifier():
            try:
                pledge[head[0]] = float(THOUSANDS.sub("", head[2]))
            except ValueError:
                raise UsageError(self.say("play.turn.no_number", word=head[2][:SHOWN])) from None
            words = words[1:]
        return pledge, " ".join(words) if pledge else rest

    def _amend(self, rest: str) -> None:
        self._put(self.draft.changed(), rest)

    def _put(self, changes: Mapping[str, Any], says: str) -> None:
        self.do(ME, "amend", table=1, version=self.table.version, changes=dict(changes), says=says)

    def _suggest(self, rest: str) -> None:
        self.do(ME, "suggest", table=1, version=self.table.version, changes=self.draft.changed(), says=rest)
        self.screen.tell("play.draft.suggested")

    def _sound(self, rest: str) -> None:
        chairs = [actor for actor in self.table.chairs if actor != self.view["you"]["actor"]]
        if rest.lower() not in chairs:
            raise UsageError(self.say("play.sounding.who", actors=", ".join(chairs)))
        self.do(ME, "sound", table=1, actor=rest.lower(), changes=self.draft.changes)
        view = self.view
        soundings = view["you"]["soundings"]
        self.screen.page("sounding", soundings["asked"][-1], soundings["left"], view)

    def _undo(self, _: str) -> None:
        if self.table.steps <= 1:  # the first is the beginning
            raise UsageError(self.say("game.refused.nothing_to_undo"))
        self.do(TEACHER, "undo", table=1)
        self.news.forget(self.table.model.month)
        self.screen.tell("play.taken_back")

    def _understudy(self, _: str) -> None:
        self.screen.tell("play.understudy_plays")
        self.do(TEACHER, "agent", table=1, actor=self.view["you"]["actor"])
        self.do(TEACHER, "next", table=1)

    def _event(self, rest: str) -> None:
        library = self.session.scenario.case.injects
        if rest:
            self.do(TEACHER, "inject", table=1, id=rest)
            self.screen.page("event", self.table.scenario.events[-1].says, self.table.scenario.events[-1].month)
            self.news.show_again(self.table.model.month)
        elif library:
            rows = [(name, inject.says) for name, inject in library.items()]
            self.screen.page("listed", self.say("play.events.heading"), {"": rows})
        else:
            self.screen.tell("play.events.none")

    def _quit(self, _: str) -> None:
        raise PlayerQuitError

    def _answers(self, rest: str) -> None:
        answered = [month for month in self.view["history"] if month["answers"]]
        wanted = [month for month in answered if not rest or str(month["month"]) == rest]
        if not wanted:
            raise UsageError(self.say("play.answers.none"))
        self.screen.page("answers", wanted[-1], self.view)

    # -- help and the end -------------------------------------------------------------------------------------------

    def _help(self, _: str) -> None:
        view = self.view
        turn = self.say(f"play.turn.{view['stage']}")
        now = self._help_now(view)
        always = ("set", "options", "draft", "clear", "suggest", "sound", "text", "answers", "score", "brief")
        left = view["you"]["soundings"]["left"]
        rest = [*((name, self.say(f"play.help.{name}", left=left)) for name in always)]
        rest += [(name, self.say(f"play.help.{name}")) for name in ("event", "undo", "understudy", "quit")]
        groups = {self.say("play.help.now", turn=turn): now, self.say("play.help.always"): rest}
        self.screen.page("listed", self.say("play.help.heading"), groups)

    def _help_now(self, view: Mapping[str, Any]) -> list[tuple[str, str]]:
        if view["stage"] == "amendment":
            return [(name, self.say(f"play.help.{name}")) for name in ("table", "leave")]
        resource = next(iter(view["you"]["capacities"]), None)
        gives = self.say("play.help.accept_pledge", resource=resource) if resource else self.say("play.help.accept")
        names = ("hold", "reject", "redline", *(("withdraw",) if view["you"]["sponsor"] else ()))
        return [("accept", gives), *((name, self.say(f"play.help.{name}")) for name in names)]

    def _end(self) -> None:
        from sim.game.debrief.solo_ending import ending

        end = ending(self.table, self.view["you"]["actor"])
        blocking = [actor for actor in end["run"]["blocked_by"] if actor in self.table.chairs]
        who = (blocking or list(self.table.chairs))[0]
        self.screen.page("end", end, scenario_list.typed("why", self._scenario, "--actor", who))
        self._look_back()

    def _look_back(self) -> None:
        """Print the debrief: now that it is over, everybody's numbers are on the table."""
        from sim.game.debrief.debrief import debrief
        from sim.game.debrief.table_results import tables_of
        from sim.report.terminal.solo.debrief import debrief as page

        self.screen.page("headline", self.say("play.end.debrief"))
        output.show(page(debrief(self.session.scenario, tables_of(self.session))))
