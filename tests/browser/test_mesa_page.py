"""Mesa's own page, as `solara run` serves it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

ROOT = Path(__file__).parents[2]
START = 180.0
"""Seconds; Mesa, Solara and Matplotlib take their time on a busy machine."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which Solara serves the page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "solara", "run", "sim.mesa_page", "--no-open", "--no-check-version"]
    log = (tmp_path_factory.mktemp("solara") / "log").open("w+")
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(int(START / 0.2)):
            try:
                urllib.request.urlopen(url).close()
                break
            except OSError:
                assert server.poll() is None, Path(log.name).read_text(encoding="utf-8")
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=60)
        log.close()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label).click(force=True)  # its own decoration lies over it
    page.get_by_role("option", name=option, exact=True).click()


def test_the_talks_are_stepped_by_the_buttons_of_mesa(served: str, visit: Visit) -> None:
    page = visit()
    page.goto(served)
    page.get_by_role("button", name="Step").click(timeout=START * 1000)
    expect(page.get_by_text("Month 1 of 12")).to_be_visible()
    russia = page.get_by_role("row").filter(has_text="Russia").first
    expect(russia).to_contain_text("red line")
    expect(russia).to_contain_text("No European troops in Ukraine")
    page.get_by_role("slider", name="American aid to Ukraine").press("Home")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("row").filter(has_text="us_aid")).to_contain_text("0.0")
    choose(page, "Scenario", "flatmates/warm_flat")
    expect(page.get_by_role("heading", name="Ana is cold")).to_be_visible()
    for month in (1, 2):
        page.get_by_role("button", name="Step").click()
        expect(page.get_by_text(f"Month {month} of 6")).to_be_visible()
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_text("Over after 3 months: ✓ agreed 100%")).to_be_visible()
    expect(page.get_by_role("button", name="Step")).to_be_disabled()
    choose(page, "Worlds (1:", "100")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_text("Who says what, as a share of the open worlds")).to_be_visible()
    page.get_by_label("Or your own file").fill("nowhere.yaml")
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is no file 'nowhere.yaml'.")).to_be_visible()
