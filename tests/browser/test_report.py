"""A report as somebody opens it, reads it aloud, and prints it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli import main
from tests.browser.conftest import Visit
from tests.browser.looks import PHONE, fine


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("report") / "r.html"
    with pytest.raises(SystemExit) as ended:
        main(["report", "warm_flat", "cleaner", "--worlds", "40", "--out", str(file)])
    assert not ended.value.code
    return file.read_text(encoding="utf-8")


def test_a_report_is_accessible_and_holds_and_asks_nobody_for_anything(visit: Visit, html: str) -> None:
    page = visit(size=PHONE)
    page.set_content(html)
    assert page.locator("img").count() > 0
    assert page.evaluate("() => [...document.images].every((one) => one.complete && one.naturalWidth > 0)")
    fine(page)


def test_what_is_folded_on_a_screen_is_printed(visit: Visit, html: str) -> None:
    page = visit()
    page.set_content(html)
    table = page.locator("details table").first
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.evaluate("(one) => one.checkVisibility({ contentVisibilityAuto: true })")
    assert page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
