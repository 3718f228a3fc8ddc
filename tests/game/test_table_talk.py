"""What people do beside answering: suggest, support, adopt, name amounts, write headlines."""

from __future__ import annotations

from typing import Any

import pytest

from sim.game.session import views
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.game.session.talk.talk_permissions import HEADLINE_SECONDS
from tests.game.hall import Hall, state


@pytest.fixture
def hall() -> Hall:
    """The headline scenario with Ukraine, Russia, France and the UK played by people; it has begun."""
    made = Hall()
    made.seat("ukraine", "russia", "france", "uk")
    made.teach("start")
    return made


def refused(hall: Hall, by: str, kind: str, **data: Any) -> str:
    with pytest.raises(RejectedActionError) as found:
        hall.do(by, kind, table=1, **data)
    return found.value.name


def suggest(hall: Hall, by: str, **changes: Any) -> int:
    return hall.do(by, "suggest", table=1, version=hall.table().version, changes=changes).n


def shown(hall: Hall, number: int) -> dict[str, Any]:
    [found] = [item for item in views.public(hall.session, hall.table())["suggestions"] if item["n"] == number]
    return dict(found)


def test_others_support_a_suggestion_and_take_it_back(hall: Hall) -> None:
    number = suggest(hall, "russia", sanctions="phased")
    assert shown(hall, number)["changed"] == {"sanctions": ["kept", "phased"]}
    for actor in ("uk", "ukraine"):
        hall.do(actor, "support", table=1, suggestion=number)
    assert shown(hall, number)["supporters"] == ["uk", "ukraine"]
    hall.do("uk", "support", table=1, suggestion=number, support=False)
    hall.do("ukraine", "support", table=1, suggestion=number)
    assert shown(hall, number)["supporters"] == ["ukraine"]
    assert refused(hall, "russia", "support", suggestion=number) == "own_suggestion"
    assert refused(hall, "uk", "support", suggestion=number + 1) == "no_suggestion"
    assert state(Session.replay(hall.session.entries)) == state(hall.session)


def test_a_suggestion_is_outdated_once_the_text_has_changed(hall: Hall) -> None:
    kept, old = suggest(hall, "russia", sanctions="phased"), suggest(hall, "ukraine", nato_path="open")
    assert shown(hall, kept)["current"]
    while hall.table().stage != "amendment":
        hall.pass_on()
    hall.amend("france", sanctions="phased")
    hall.amend("uk", sanctions="phased")
    assert (shown(hall, kept)["tabled_in"], shown(hall, old)["tabled_in"]) == (2, None)
    assert not shown(hall, old)["current"]
    assert refused(hall, "uk", "support", suggestion=old) == "old_suggestion"


def test_only_a_drafter_in_its_turn_is_told_what_it_can_adopt(hall: Hall) -> None:
    number = suggest(hall, "russia", sanctions="phased")
    assert views.seat(hall.session, "france")["you"]["adoptable"] == {}
    while hall.table().stage != "amendment":
        hall.pass_on()
    assert views.seat(hall.session, "france")["you"]["adoptable"] == {number: ""}
    assert views.seat(hall.session, "russia")["you"]["adoptable"] == {}


def test_a_suggestion_that_is_the_text_cannot_be_adopted_again() -> None:
    hall = Hall("house_rules")
    hall.seat("ana", "ben", "cleo")
    hall.teach("start")
    first = suggest(hall, "ana", guests="free", heating=22)
    for month in (1, 2):
        hall.pass_on("worse_than_no_deal")
        assert (hall.table().stage, hall.table().model.month) == ("amendment", month)
        if month == 1:
            hall.amend("ben", guests="free", heating=22)
    assert shown(hall, first)["tabled_in"] == 2
    assert views.seat(hall.session, "ben")["you"]["adoptable"] == {}  # it would change nothing


def test_amounts_that_one_would_send_bind_nobody(hall: Hall) -> None:
    hall.do("france", "say", table=1, text="", intends={"troops": 5000})
    [said] = views.public(hall.session, hall.table())["statements"]
    assert (said["intends"], said["text"]) == ({"troops": 5000.0}, "")
    assert refused(hall, "france", "say", text="") == "says_nothing"
    assert refused(hall, "france", "say", intends={"troops": 10**7}) == "pledge_size"
    assert refused(hall, "russia", "say", intends={"troops": 1}) == "no_resource"
    while hall.table().stage != "pledges":
        hall.pass_on("accept")
    hall.vote("france", "accept", pledge={"troops": 0})
    hall.vote("uk", "accept")
    assert hall.table().history()[0]["answers"]["france"]["pledge"] == {"troops": 0.0}


def test_only_people_who_watch_write_headlines_and_not_too_fast(hall: Hall) -> None:
    hall.do("p", "join", person="p", name="Press")
    hall.do("p", "sit", table=1, actor="observer")
    number = hall.do("p", "headline", table=1, text="Talks begin <b>today</b>").n
    [headline] = views.projector(hall.session)["tables"][0]["headlines"]
    assert (headline["text"], headline["person"]) == ("Talks begin <b>today</b>", "Press")
    assert refused(hall, "p", "headline", text="Again") == "headline_soon"
    assert refused(hall, "russia", "headline", text="From a seat") == "not_watching"
    assert refused(hall, "p", "headline", text="x" * 121) == "unfit"
    assert refused(hall, "p", "headline", text="two\nlines") == "unfit"
    hall.now += HEADLINE_SECONDS
    hall.do("p", "headline", table=1, text="Later")
    hall.teach("remove_headline", table=1, headline=number)
    assert [item["text"] for item in views.seat(hall.session, "p")["headlines"]] == ["Later"]
    assert refused(hall, "teacher", "remove_headline", headline=number) == "no_headline"
    assert state(Session.replay(hall.session.entries)) == state(hall.session)
