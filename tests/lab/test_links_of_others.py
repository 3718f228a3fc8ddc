"""Links that others made: a person may open them, their sites may not read the answers, and none costs much time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import accumulate
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from sim.lab.lab_app import MAX_STATE_LENGTH, create
from sim.lab.scenario_cache import ScenarioCache
from sim.web.catalogue import Catalogue

HERE = "http://127.0.0.1:8010"
NUMBER = "actors.russia.reservation.base"
PATHS = ("/", "/scenario.yaml", "/proposals.csv", "/ledger.csv", "/verdicts.json", "/proposals.svg")
CHEAP = 2.0
"""Seconds of processor time that a link may take; the slowest took 70 seconds when a link could have aliases."""
BOMB = (
    "{a: &a [1,1,1,1,1,1,1,1,1,1], b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a], c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b], "
    "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c], e: [*d,*d,*d,*d,*d,*d,*d,*d,*d]}"
)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create(ScenarioCache(Catalogue(first="european_force")), {"localhost"}), base_url=HERE) as made:
        made.get("/verdicts.json")  # the scenario is loaded
        yield made


def sent(site: str, mode: str, dest: str) -> dict[str, str]:
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", PATHS)
def test_pages_of_other_sites_may_link_and_no_more(client: TestClient, path: str, site: str) -> None:
    for mode, dest in (("no-cors", "image"), ("cors", "empty"), ("no-cors", "script"), ("navigate", "iframe")):
        assert client.get(path, headers=sent(site, mode, dest)).status_code == 403, (mode, dest)
    assert client.get(path, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert client.post("/answer", data={"state": ""}, headers=sent(site, "navigate", "document")).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-origin", "none"])
def test_a_link_from_elsewhere_opens_the_lab(client: TestClient, site: str) -> None:
    assert client.get("/", headers=sent(site, "navigate", "document")).status_code == 200


def test_the_page_itself_reads_what_it_needs(client: TestClient) -> None:
    assert client.get("/verdicts.json", headers=sent("same-origin", "cors", "empty")).status_code == 200


def link(*parts: str) -> str:
    """As many parts as fit into a link, as a form sends it."""
    lengths = accumulate(len(quote(f"&{part}")) for part in parts)
    fitting = [part for part, length in zip(parts, lengths, strict=True) if length <= MAX_STATE_LENGTH]
    assert fitting
    return "&".join(fitting)


LONGEST = {
    "one bomb": link(f"{NUMBER}={quote(BOMB)}"),
    "bombs": link(*(f"x{at}={quote(BOMB)}" for at in range(2_000))),
    "names that are almost right": link(*(f"actors.russia.reservation.basx{at}=1" for at in range(1_990))),
    "names inside a number": link(*(f"{NUMBER}.x{at}=1" for at in range(1_990))),
    "terms that are almost right": link(*(f"proposal.force_sizx{at}=1" for at in range(1_990))),
    "lists": link(f"{NUMBER}=[{'[],' * 6_000}1]"),
    "deep lists": link(*(f"x{at}={'[' * 49}1{']' * 49}" for at in range(1_990))),
    "digits": link(f"{NUMBER}={'9' * 59_000}"),
    "not closed": link(f"{NUMBER}='{'a' * 59_000}"),
    "a state within the state": link(f"show.pinned={quote('&'.join(f'x{at}=1' for at in range(1_000)))}"),
}


@pytest.mark.parametrize("state", LONGEST.values(), ids=LONGEST.keys())
def test_the_longest_link_costs_little(client: TestClient, state: str) -> None:
    assert len(state) > 400
    begun = time.process_time()
    answer = client.post("/answer", data={"state": state})
    assert time.process_time() - begun < CHEAP
    assert answer.status_code == 422
    assert answer.json()["wrong"]


def test_a_link_with_an_alias_is_refused_in_words(client: TestClient) -> None:
    state = f"{NUMBER}={quote('{low: &a 1, high: *a}')}"
    [wrong] = client.post("/answer", data={"state": state}).json()["wrong"]
    assert wrong == f"{NUMBER}: an alias (*name) is not allowed here; write its value."


def test_a_few_unknown_names_are_explained_and_many_are_counted(client: TestClient) -> None:
    few = client.post("/answer", data={"state": "actors.russia.reservation.bas=1&proposal.forse=un"}).json()["wrong"]
    assert f"Did you mean '{NUMBER}'?" in few[0]
    many = "&".join(f"proposal.x{at}=1" for at in range(11))
    [said] = client.post("/answer", data={"state": many}).json()["wrong"]
    assert "11 names that this case does not have, such as 'proposal.x0'" in said
