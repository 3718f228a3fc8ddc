"""A report as somebody opens it, reads it aloud, and prints it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli import main
from tests.browser.conftest import Visit
from tests.browser.looks import PHONE, WALL, fine


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


def test_the_contents_stay_in_sight_and_lead_to_every_section(visit: Visit, html: str) -> None:
    page = visit()
    page.set_content(html)
    for size in (PHONE, WALL):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.evaluate("() => scrollTo(0, 3000)")
        box = page.locator("nav.contents").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < size["height"] / 4
    links = page.locator("nav.contents a")
    assert links.count() == page.locator("h2").count()
    assert page.locator("h2").evaluate_all("(all) => all.every((one) => one.id)")


def test_a_report_is_accessible_in_the_dark_and_printed_on_white(visit: Visit, html: str) -> None:
    page = visit()
    page.emulate_media(color_scheme="dark")
    page.set_content(html)
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(23, 24, 26)"
    fine(page)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
