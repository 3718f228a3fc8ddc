"""The desk of somebody who plays alone: prompts, commands, and pages.

Every command has its line in ``help``; what cannot be done is said, and asked again; the end of the input saves.
"""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sim.cli import listing, output
from sim.errors import CaseError, UsageError, did_you_mean
from sim.strings import Strings

if TYPE_CHECKING:
    from sim.game.log import Log
    from sim.game.session import Session
    from sim.game.table import Table

ME = "me"
"""The id of the one person of such a game."""
TEACHER = "teacher"
"""By whom the talks are begun: nobody else is there."""
SHOWN = 30
"""Characters of a word that is no command, as it is said back."""


class Stop(Exception):  # noqa: N818 - nothing is wrong: somebody has had enough for now
    """The game is left."""


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


class Desk:
    """A game at the prompt.

    Parameters
    ----------
    session : with one table, at which `ME` sits
    log : to which every entry goes before it is done
    scenario : what to type for it
    """

    def __init__(self, session: Session, log: Log, scenario: str) -> None:
        self.session, self._log, self._scenario = session, log, scenario
        self.say = Strings.load(session.settings.language)
        self._draft: dict[str, Any] = {}
        self._texts: set[int] = set()
        self._heard: dict[int, int] = {}
        self._drafting = 0
        self._cited: set[tuple[str, str]] = set()

    # -- what it is --------------------------------------------------------------------------------------------------

    @property
    def table(self) -> Table:
        """The one table."""
        return self.session.table(1)

    @property
    def view(self) -> dict[str, Any]:
        """What one may see."""
        from sim.game.views import seat

        return seat(self.session, ME)

    @property
    def resuming(self) -> str:
        """What to type to go on."""
        return f"{listing.program()} play --resume {shlex.quote(str(self._log.path))}"

    # -- what it does ------------------------------------------------------------------------------------------------

    def do(self, by: str, kind: str, **data: Any) -> None:
        """Do something: checked, on the disk, done."""
        entry = self.session.entry(by, kind, data, time.time())
        self._log.add(entry)
        self.session.apply(entry)

    def page(self, name: str, *data: Any) -> None:
        """Print a page of `sim.report.game`."""
        from sim.report import game as pages

        output.show(getattr(pages, name)(*data, self.say))

    def tell(self, key: str, **data: Any) -> None:
        """Print a text of the strings as a paragraph."""
        self.page("paragraph", self.say(key, **data))

    def show_resuming(self) -> None:
        """Print what to type to go on, in a line of its own, to be copied."""
        output.show_text(f"    {self.resuming}\n")

    def play(self) -> None:
        """Ask, do and tell, until the talks are over or somebody stops."""
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="replace")
        try:
            self._news()
            while not self.table.over:
                self._turn()
            self._end()
        except (Stop, EOFError, KeyboardInterrupt) as stopped:
            if not isinstance(stopped, Stop):
                output.show_text("\n")
            if isinstance(stopped, EOFError):
                self.tell("play.ended_input")
            self.tell("play.saved", path=self._log.path)
            self.show_resuming()
        finally:
            self._log.close()

    def _turn(self) -> None:
        view = self.view
        turn = self.say(f"play.turn.{view['stage']}")
        line = ask(f"\n{self.say('play.turn.prompt', month=view['month'], months=view['months'], turn=turn)} > ")
        word, _, rest = line.strip().partition(" ")
        try:
            self._command(word.lower())(rest.strip())
        except UsageError as error:
            self.page("paragraph", str(error))
        except CaseError as error:
            self.page("paragraph", error.problems[0].message)
        self._news()

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
            "set": self._set,
            "options": self._options,
            "draft": lambda _: self._show_draft(),
            "clear": self._clear,
            "suggest": self._suggest,
            "sound": self._sound,
            "text": lambda _: self.page("text", self.view),
            "answers": self._answers,
            "score": lambda _: self.page("ledger", self.view["you"]["score"]),
            "brief": lambda _: self.page("brief", self.view["you"]["brief"]),
            "event": self._event,
            "undo": self._undo,
            "understudy": self._understudy,
            "quit": self._quit,
        }
        if word in ("", "?"):
            return self._help
        if word not in commands:
            hint = did_you_mean(word, list(commands))
            raise UsageError(self.say("play.turn.unknown", word=word[:SHOWN], hint=hint))
        return commands[word]

    # -- moves -------------------------------------------------------------------------------------------------------

    def _vote(self, verdict: str, rest: str, *, withdraw: bool = False) -> None:
        pledge, says = self._pledged(rest) if verdict == "accept" else ({}, rest)
        version = self.table.version
        self.do(ME, "vote", table=1, version=version, verdict=verdict, pledge=pledge, says=says, withdraw=withdraw)

    def _pledged(self, rest: str) -> tuple[dict[str, float], str]:
        """The pledges in front of the words: ``troops=8000 if all others do``."""
        words, pledge = rest.split(), dict[str, float]()
        while words and (head := words[0].partition("="))[1] and head[0] in self.view["you"]["capacities"]:
            try:
                pledge[head[0]] = float(head[2].replace(",", ""))
            except ValueError:
                raise UsageError(self.say("play.turn.no_number", word=head[2][:SHOWN])) from None
            words = words[1:]
        return pledge, " ".join(words) if pledge else rest

    def _amend(self, rest: str) -> None:
        if not self._draft:
            raise UsageError(self.say("play.draft.nothing"))
        self._put(self._draft, rest)

    def _put(self, changes: Mapping[str, Any], says: str) -> None:
        self.do(ME, "amend", table=1, version=self.table.version, changes=dict(changes), says=says)

    def _suggest(self, rest: str) -> None:
        if not self._draft:
            raise UsageError(self.say("play.draft.nothing"))
        self.do(ME, "suggest", table=1, version=self.table.version, changes=self._draft, says=rest)
        self.tell("play.draft.suggested")

    def _sound(self, rest: str) -> None:
        chairs = [one for one in self.table.chairs if one != self.view["you"]["actor"]]
        if rest.lower() not in chairs:
            raise UsageError(self.say("play.sounding.who", actors=", ".join(chairs)))
        self.do(ME, "sound", table=1, actor=rest.lower(), changes=self._draft)
        view = self.view
        found = view["you"]["soundings"]
        self.page("sounding", found["asked"][-1], found["left"], view)

    def _undo(self, _: str) -> None:
        if self.table.steps <= 1:  # the first is the beginning
            raise UsageError(self.say("game.refused.nothing_to_undo"))
        self.do(TEACHER, "undo", table=1)
        self._texts = {month for month in self._texts if month < self.table.model.month}
        self._heard = {month: count for month, count in self._heard.items() if month < self.table.model.month}
        self._draft = {}
        self.tell("play.taken_back")

    def _understudy(self, _: str) -> None:
        self.tell("play.understudy_plays")
        self.do(TEACHER, "agent", table=1, actor=self.view["you"]["actor"])
        self.do(TEACHER, "next", table=1)

    def _event(self, rest: str) -> None:
        library = self.session.scenario.case.injects
        if rest:
            self.do(TEACHER, "inject", table=1, id=rest)
            self.page("event", self.table.scenario.events[-1].says, self.table.scenario.events[-1].month)
            self._texts.discard(self.table.model.month)
        elif library:
            rows = [(name, one.says) for name, one in library.items()]
            self.page("listed", self.say("play.events.heading"), {"": rows})
        else:
            self.tell("play.events.none")

    def _quit(self, _: str) -> None:
        raise Stop

    # -- the draft ---------------------------------------------------------------------------------------------------

    def _set(self, rest: str) -> None:
        """``set ISSUE OPTION``, or ``set ISSUE=OPTION ISSUE=OPTION``; an issue alone lists its options."""
        words = rest.replace("=", " ").split()
        if len(words) == 1:
            self._options(rest)
            return
        if not words or len(words) % 2:
            raise UsageError(self._form())
        changes = dict(self._draft)
        for name, option in zip(words[::2], words[1::2], strict=True):
            issue = self._issue(name)
            changes[issue["issue"]] = _option(issue, option)
        now = self.table.text
        changes = {name: option for name, option in changes.items() if option != now.get(name)}
        found = self._judged(changes)
        if found["refused"] in (None, "impossible"):  # another change may make it possible
            self._draft = changes
        self.page("draft", found, self.view)

    def _options(self, rest: str) -> None:
        if not rest:
            raise UsageError(self._form())
        issue = self._issue(rest)
        tried = [
            (one["option"], self._judged({**self._draft, issue["issue"]: one["option"]})) for one in issue["options"]
        ]
        self.page("options", issue, tried)

    def _judged(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        from sim.game.views import draft

        return draft(self.session, ME, changes)

    def _issue(self, name: str) -> dict[str, Any]:
        """An issue by its name, or by the beginning or a part of it that no other has."""
        issues = {one["issue"]: one for one in self.view["text"]}
        wanted = name.lower()
        for fits in (str.__eq__, str.startswith, str.__contains__):
            found = [one for issue, one in issues.items() if fits(issue, wanted)]
            if len(found) == 1:
                return dict(found[0])
        hint = did_you_mean(wanted, list(issues))
        raise UsageError(self.say("play.draft.no_issue", issue=name[:SHOWN], issues=", ".join(issues), hint=hint))

    def _form(self) -> str:
        first = next(one for one in self.view["text"] if one["negotiable"])
        return self.say("play.draft.form", issue=first["issue"], option=first["options"][-1]["option"])

    def _show_draft(self) -> None:
        self.page("draft", self._judged(self._draft), self.view)

    def _clear(self, _: str) -> None:
        self._draft = {}
        self.tell("play.draft.cleared")

    # -- telling -----------------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Take all that was heard before the present month as heard, save for the last answers."""
        history = self.table.history()
        for past in history[:-1]:
            self._texts.add(past["month"])
        for past in history[:-2]:
            self._heard[past["month"]] = _heard(past)

    def _news(self) -> None:
        """Tell what is new: texts, events and answers."""
        view, before = self.view, None
        for month in view["history"]:
            now = month["month"] == view["month"] and view["stage"] != "over"
            if month["month"] not in self._texts:
                self._texts.add(month["month"])
                self._draft = {}
                for says in month["events"]:
                    self.page("event", says, month["month"])
                if now:
                    self.page("text", view)
                else:
                    self.page("retabled", month, before, view)
                if not now and month is not view["history"][-1]:
                    self._heard[month["month"]] = _heard(month)
                    self.page("in_short", month, view)
            if month["answers"] and _heard(month) > self._heard.get(month["month"], 0):
                self._heard[month["month"]] = _heard(month)
                self.page("answers", self._newly(month), view)
            before = month
        if view["stage"] == "amendment" and self._drafting != view["version"]:
            self._drafting = view["version"]
            self.tell("play.turn.how_to_amend")

    def _newly(self, month: Mapping[str, Any]) -> dict[str, Any]:
        """Leave out of a month's answers the claims that have been cited before."""
        answers = {}
        for actor, one in month["answers"].items():
            cited = {(actor, claim["claim"]) for claim in one["record"]}
            answers[actor] = {**one, "record": [] if cited <= self._cited else one["record"]}
            self._cited |= cited
        return {**month, "answers": answers}

    def _answers(self, rest: str) -> None:
        told = [month for month in self.view["history"] if month["answers"]]
        wanted = [month for month in told if not rest or str(month["month"]) == rest]
        if not wanted:
            raise UsageError(self.say("play.answers.none"))
        self.page("answers", wanted[-1], self.view)

    def _help(self, _: str) -> None:
        view = self.view
        turn = self.say(f"play.turn.{view['stage']}")
        now = self._help_now(view)
        always = ("set", "options", "draft", "clear", "suggest", "sound", "text", "answers", "score", "brief")
        left = view["you"]["soundings"]["left"]
        rest = [*((name, self.say(f"play.help.{name}", left=left)) for name in always)]
        rest += [(name, self.say(f"play.help.{name}")) for name in ("event", "undo", "understudy", "quit")]
        groups = {self.say("play.help.now", turn=turn): now, self.say("play.help.always"): rest}
        self.page("listed", self.say("play.help.heading"), groups)

    def _help_now(self, view: Mapping[str, Any]) -> list[tuple[str, str]]:
        if view["stage"] == "amendment":
            return [(name, self.say(f"play.help.{name}")) for name in ("table", "leave")]
        resource = next(iter(view["you"]["capacities"]), None)
        gives = self.say("play.help.accept_pledge", resource=resource) if resource else self.say("play.help.accept")
        names = ("hold", "reject", "redline", *(("withdraw",) if view["you"]["sponsor"] else ()))
        return [("accept", gives), *((name, self.say(f"play.help.{name}")) for name in names)]

    def _end(self) -> None:
        from sim.game.ending import ending

        found = ending(self.table, self.view["you"]["actor"])
        blocking = [one for one in found["run"]["blocked_by"] if one in self.table.chairs]
        who = (blocking or list(self.table.chairs))[0]
        self.page("end", found, f"{listing.program()} why {self._scenario} --actor {who}")


def _heard(month: Mapping[str, Any]) -> int:
    """How much of a month has been heard: each answer counts, and so does what came of them."""
    return len(month["answers"]) + (month["decision"] is not None)


def _option(issue: Mapping[str, Any], asked: str) -> Any:
    """An option as it is meant: as it stands, with commas, or by its beginning; what is none is left as it is."""
    known = {str(one["option"]): one["option"] for one in issue["options"]}
    wanted = asked.replace(",", "").lower()
    if wanted in known:
        return known[wanted]
    begun = [option for name, option in known.items() if name.startswith(wanted) and not name[0].isdigit()]
    return begun[0] if len(begun) == 1 else asked
