"""What every page has to hold: nothing from elsewhere, readable by everybody, on a phone and enlarged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
WALL = {"width": 1920, "height": 1080}
ZOOMED = {"width": DESKTOP["width"] // 2, "height": DESKTOP["height"] // 2}
"""What is left of a window at 200 %: a browser lays the page out as for half the width."""

AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""All rules of axe, and the size of what is tapped, which it leaves out unless it is asked."""

CUT = """
() => {
  const seen = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const scrolls = (one) => {
    for (let up = one; up && up !== document.documentElement; up = up.parentElement)
      if (["auto", "scroll"].includes(getComputedStyle(up).overflowX)) return true;
    return false;
  };
  const named = (one) => one.outerHTML.slice(0, 120).replace(/\\s+/g, " ");
  const width = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > width)
    found.push(`the page is ${document.documentElement.scrollWidth} wide, its window ${width}`);
  for (const one of document.body.querySelectorAll("*")) {
    if (!seen(one) || one.closest(".skip") || scrolls(one)) continue;
    const box = one.getBoundingClientRect();
    if (box.width <= 1) continue; // only for those who listen
    if (box.width && (box.right > width + 1 || box.left < -1)) found.push(`sticks out: ${named(one)}`);
    const hides = ["hidden", "clip"].includes(getComputedStyle(one).overflowX) && !one.closest("svg");
    if (hides && one.scrollWidth > one.clientWidth + 1) found.push(`is cut: ${named(one)}`);
  }
  return found.slice(0, 8);
}
"""


BROKEN = """
() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.parentElement.getBoundingClientRect().width > 1) // the rest is only for those who listen
    for (const word of node.data.matchAll(/\\p{L}+/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) found.push(word[0]);
    }
  return found;
}
"""
"""The words that go on in a second line."""


class Guarded:
    """Counts what a page must never do; `check` tells.

    Parameters
    ----------
    page : watched from now on
    """

    def __init__(self, page: Page) -> None:
        self._faults: list[str] = []
        page.on("request", self._request)
        page.on("pageerror", lambda error: self._faults.append(f"script: {error}"))
        page.on("console", self._said)

    def _request(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme not in ("data", "blob", "about") and where.hostname != "127.0.0.1":
            self._faults.append(f"asked another machine: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # A browser notes each answer of 4xx and each stream that ends with its server: the tests ask for both.
        if message.type == "error" and not re.search(r"Failed to load resource|net::ERR_", message.text):
            self._faults.append(f"console: {message.text}")

    def check(self) -> None:
        """Fail if the page did any of it."""
        assert not self._faults, "\n".join(self._faults)


def accessible(page: Page) -> None:
    """Fail if axe-core finds any violation on a page as it is now.

    It is looked at from its top: a bar that stays at the lower edge covers a part of something wherever one is.
    """
    page.evaluate("() => scrollTo(0, 0)")
    results = Axe().run(page, options=AXE_OPTIONS)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


@contextmanager
def window(page: Page, size: dict[str, int], text: int = 100) -> Iterator[None]:
    """A page in a window of another size, or with its text enlarged (in percent)."""
    before = page.viewport_size
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", f"{text}%" if text != 100 else "")
    yield
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    if before is not None:
        page.set_viewport_size(before)


def holds(page: Page) -> None:
    """Fail if a page must be scrolled sideways, or cuts anything: on a phone, at 200 %, with text twice as large."""
    for name, size, text in (("360 pixels", PHONE, 100), ("200 %", ZOOMED, 100), ("text at 200 %", DESKTOP, 200)):
        with window(page, size, text):
            cut = page.evaluate(CUT)
            assert not cut, f"{page.url} at {name}:\n" + "\n".join(cut)


def whole_words(page: Page, *sizes: dict[str, int]) -> None:
    """Fail if a word is broken in two where nothing is enlarged."""
    for size in sizes:
        with window(page, size):
            broken = page.evaluate(BROKEN)
            assert not broken, f"{page.url} at {size['width']} pixels breaks {broken[:8]}"


def fine(page: Page) -> None:
    """Fail unless a page is accessible and holds in every window."""
    accessible(page)
    holds(page)
