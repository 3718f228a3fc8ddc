"""The checks of pages find what they look for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Visit
from tests.browser.keyboard import Keyboard
from tests.browser.looks import Guarded, accessible, fine, holds

GOOD = '<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1><p style="{style}">Words</p></main>'


def test_a_good_page_passes(visit: Visit) -> None:
    page = visit()
    page.set_content(GOOD.format(style=""))
    fine(page)


@pytest.mark.parametrize(
    ("style", "words", "rule"),
    [
        ("color: #aaa; background: #fff", "Words", "color-contrast"),
        ("width: 20px; overflow-x: auto", "Words&nbsp;" * 30, "scrollable"),
        ("", "<button>.</button><a href=#><img src=data:,></a>", "image-alt"),
    ],
)
def test_a_page_that_shuts_somebody_out_is_found(visit: Visit, style: str, words: str, rule: str) -> None:
    page = visit()
    page.set_content(GOOD.format(style=style).replace("Words", words))
    with pytest.raises(AssertionError, match=rule):
        accessible(page)


@pytest.mark.parametrize(
    ("style", "word"),
    [
        ("width: 400px", "at 360 pixels:\n.*the page is 4"),
        ("width: 650px; margin-left: -300px", "sticks out: <p"),
        ("width: 60px; overflow: hidden", "is cut: <p"),
        ("width: 45rem", "at 360 pixels"),
    ],
)
def test_a_page_that_is_too_wide_is_found(visit: Visit, style: str, word: str) -> None:
    page = visit()
    page.set_content(GOOD.format(style=style).replace("Words", "Words&nbsp;" * 9))
    with pytest.raises(AssertionError, match=word):
        holds(page)


def test_what_the_keyboard_does_not_reach_is_found(visit: Visit) -> None:
    page = visit()
    page.set_content(
        GOOD.format(style="") + "<a id=way href=#>Way</a><button id=none style='outline: none'>No</button>"
    )
    keyboard = Keyboard(page)
    keyboard.to(page.locator("#way"))
    with pytest.raises(AssertionError, match="nothing shows"):
        keyboard.to(page.locator("#none"))
    with pytest.raises(AssertionError, match="does not reach"):
        keyboard.to(page.locator("p"))


def test_what_a_page_fetches_from_elsewhere_is_found(browser: Browser) -> None:
    page = browser.new_page()
    guarded = Guarded(page)
    page.route("**/*", lambda route: route.abort())
    page.set_content('<img src="http://example.org/a.png" alt="">')
    page.close()
    with pytest.raises(AssertionError, match=r"asked another machine: http://example\.org/a\.png"):
        guarded.check()


def test_a_script_that_breaks_is_found(browser: Browser) -> None:
    page = browser.new_page()
    guarded = Guarded(page)
    page.set_content("<script>nothing.at.all</script>")
    page.close()
    with pytest.raises(AssertionError, match="nothing is not defined"):
        guarded.check()
