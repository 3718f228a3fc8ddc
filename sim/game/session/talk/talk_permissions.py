"""What may be said, suggested, supported and asked now, and by whom."""

from __future__ import annotations

from sim.game.session import actions, draft_editing
from sim.game.session.actions import MEDIATOR, OBSERVER, Action
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable
from sim.game.session.table_state import Statement
from sim.game.session.talk.checks import (
    actor_name,
    check_amounts,
    check_mover,
    persons_on,
    require,
    require_running,
    seat_of,
    voice_of,
)
from sim.negotiation.moves import Phase

WORDS_MOST = 300
"""The most statements of a chair, and likewise suggestions and messages: more than fits in a lesson."""
HEADLINES_MOST = 60
"""The most headlines of one person."""
HEADLINE_SECONDS = 20
"""How long a person waits between two headlines."""


def check_changes(session: SessionState, by: str, action: actions.Amend | actions.Suggest | actions.Sound) -> Action:
    """Check a draft, a suggestion or a sounding, and return it with options as the case writes them."""
    match action:
        case actions.Amend():
            table, actor = check_mover(session, by, action)
            require(table.model.phase is Phase.AMENDMENT, "closed", "no_draft_now")
            if actor not in table.movers:
                drafters = ", ".join(actor_name(table, mover) for mover in table.movers)
                name = actor_name(table, actor)
                raise RejectedActionError("forbidden", "not_drafting", actor=name, drafters=drafters)
        case actions.Suggest():
            table, actor = voice_of(session, by, action.table)
            require(action.version == table.version, "moved_on", "moved_on")
            require_running(session, table)
            limit_statements(table, "suggest", actor)
        case actions.Sound():
            table, actor = seat_of(session, by, action.table)
            require_running(session, table)
            persons_on(table, action.actor)
            require(action.actor != actor, "bad", "to_oneself")
            most = session.settings.soundings
            require(len(table.statements_of("sound", actor)) < most, "closed", "no_soundings", most=most)
    draft_editing.amended_text(table, action.changes)
    return action.model_copy(update={"changes": draft_editing.read_options(table, action.changes)})


def limit_statements(table: GameTable, kind: str, actor: str) -> None:
    """Refuse more statements of one kind from one chair than anybody could read."""
    require(len(table.statements_of(kind, actor)) < WORDS_MOST, "closed", "said_enough", most=WORDS_MOST)


def check_statement(session: SessionState, by: str, action: actions.Say | actions.Whisper) -> None:
    """Check words in public or to one chair; people on chairs may also write to the mediator."""
    table, actor = voice_of(session, by, action.table)
    limit_statements(table, "whisper" if isinstance(action, actions.Whisper) else "say", actor)
    if isinstance(action, actions.Whisper):
        require(session.settings.whispers, "forbidden", "whispers_off")
        if action.to != MEDIATOR or not table.mediators:
            persons_on(table, action.to)
        require(action.to != actor, "bad", "to_oneself")
    else:
        require(bool(action.text or action.intends), "bad", "says_nothing")
        check_amounts(table, actor, action.intends)


def check_support(session: SessionState, by: str, action: actions.Support) -> None:
    """Check the support for a suggestion: it is about the present text, and somebody else's."""
    table, actor = seat_of(session, by, action.table)
    require_running(session, table)
    suggestion = _said(table, "suggest", action.suggestion)
    if suggestion is None:
        raise RejectedActionError("bad", "no_suggestion")
    require(suggestion.actor != actor, "bad", "own_suggestion")
    require(suggestion.before == table.text, "moved_on", "old_suggestion")
    limit_statements(table, "support", actor)


def check_headline(session: SessionState, by: str, action: actions.Headline, time: float) -> None:
    """Check a headline: from somebody who watches the table and has not written one just now."""
    table = session.table(action.table)
    watches = session.place(by) == (table, OBSERVER) and by not in table.mediators
    require(watches, "forbidden", "not_watching")
    written = [said.entry for said in table.statements_of("headline") if said.entry.by == by]
    require(len(written) < HEADLINES_MOST, "closed", "headlines_enough", most=HEADLINES_MOST)
    waited = not written or time - written[-1].at >= HEADLINE_SECONDS
    require(waited, "closed", "headline_soon", seconds=HEADLINE_SECONDS)


def check_removal(session: SessionState, action: actions.RemoveHeadline) -> None:
    """Check that a headline is there to be removed."""
    table = session.table(action.table)
    shown = _said(table, "headline", action.headline) is not None and action.headline not in table.removed_headlines
    require(shown, "bad", "no_headline")


def _said(table: GameTable, kind: str, number: int) -> Statement | None:
    return next((said for said in table.statements_of(kind) if said.entry.n == number), None)
