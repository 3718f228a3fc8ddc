"""The pages that anybody can open."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.looks import PHONE, fine
from tests.browser.served import Served


@pytest.mark.parametrize("path", ["/", "/privacy", "/check", "/nowhere", "/t/wrong", "/seat", "/teacher", "/wall"])
def test_a_page_for_anybody_is_accessible_and_holds(server: Served, visit: Visit, path: str) -> None:
    page = visit(size=PHONE)
    page.goto(server.address + path)
    expect(page.locator("h1")).to_be_visible()
    fine(page)


def test_a_phone_sees_that_it_reaches_the_laptop(server: Served, visit: Visit) -> None:
    page = visit(size=PHONE)
    page.goto(f"{server.address}/check")
    expect(page.get_by_text("Live updates arrive.")).to_be_visible()
    expect(page.get_by_text("can run scripts")).to_be_visible()
