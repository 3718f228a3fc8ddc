"""A browser, and its windows.

Everything here ends with this package of tests: as long as Playwright runs, its loop is the running loop of this
thread, and no other test could start one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.looks import DESKTOP, Guarded
from tests.browser.served import Served, served

PATIENCE = 60_000
"""Milliseconds for which a test waits for what has to appear; the machine may be busy."""
SWITCHES = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # which needs more rights than the root of a container has
]
WORD = "no browser: install Debian's chromium (apt-get install chromium), or name one in CHROMIUM"

Visit = Callable[..., Page]
"""A new window, with no cookies: ``visit(size=PHONE)``."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A browser on a busy machine sometimes loses its way; what fails twice is wrong. The summary names each.
            item.add_marker(pytest.mark.flaky(reruns=1))


def chromium() -> str | None:
    """Where the machine's browser is."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; without one the tests are skipped, but never in CI."""
    found = chromium()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(WORD)
        pytest.skip(WORD)  # the README's command passes without one, and says what it left out
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens windows, each a visitor of its own; each is watched for what no page may do."""
    opened: list[tuple[Page, Guarded]] = []

    def new(size: dict[str, int] = DESKTOP, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        opened.append((page, Guarded(page)))
        return page

    yield new
    for page, _ in opened:
        page.context.close()
    for _, guarded in opened:
        guarded.check()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A class's server, which all tests of a process share; each makes a class of its own."""
    with served("serve", "--port", "0", folder=tmp_path_factory.mktemp("class")) as running:
        yield running
