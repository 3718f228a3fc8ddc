"""The lab's panels in a real browser: levers, talks and comparison by mouse and by keys, in light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sim import case_paths
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from sim.report.story.months import months
from tests.browser.conftest import PATIENCE, Visit
from tests.browser.keyboard import Keyboard
from tests.browser.looks import accessible, fine
from tests.browser.served import Served, served

BASE = "actors.russia.reservation.base"
FOR_SALE = "actors.russia.red_lines.western_troops.price=0"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served("lab", "--port", "0", "--no-open", folder=tmp_path_factory.mktemp("lab")) as one:
        yield one


def settled(page: Page) -> None:
    """Wait until the panels show the newest state."""
    state = str(page.evaluate("location.hash.slice(1)"))
    expect(page.locator("body")).to_have_attribute("data-panels", state, timeout=PATIENCE)


def opened(page: Page, lab: Served, state: str = "") -> Page:
    page.goto(f"{lab.link}{state}")
    settled(page)
    return page


def test_a_lever_moves_a_number_and_everything_follows(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab, f"#{FOR_SALE}")
    finding = page.locator('[data-part="curves"] [data-finding]')
    page.locator("#curve-lever").select_option(BASE)
    settled(page)
    [threshold] = re.findall(r"it would be agreed at ([\d.]+) or less", finding.inner_text())
    lever = page.locator(f'[data-lever="{BASE}"]')
    lever.locator("input[type=range]").fill("9")
    settled(page)
    assert f"{BASE}=9" in page.url
    expect(lever.locator("output")).to_have_text("now 9")
    expect(page.locator(f'.number[data-path="{BASE}"] input[type=number]')).to_have_value("9")
    assert float(threshold) > 9
    expect(finding).to_contain_text("it would no longer be agreed at")
    page.get_by_role("button", name="Undo").click()
    settled(page)
    expect(lever.locator("output")).to_have_text("now 23")
    page.get_by_role("button", name=re.compile("^Search all")).click()
    expect(page.locator("#search")).to_be_focused()


def test_the_talks_can_be_stepped_and_played_by_keys(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab, "?scenario=ukraine_2025/front_stalls")
    told = months(summarise(play(load_scenario(case_paths.find("front_stalls")))))
    month = page.locator(".month:visible")
    keys = Keyboard(page)
    keys.to(page.locator("#talks-at"))
    for number, sentences in enumerate(told, 1):
        assert month.locator("[data-sentence]").all_inner_texts() == sentences
        expect(month).to_have_attribute("data-month", str(number))
        page.keyboard.press("ArrowRight")
    assert "Russia's advance stops" in page.locator(".months").inner_text()
    page.locator("#talks-play").focus()
    page.keyboard.press("Space")
    expect(month).to_have_attribute("data-month", "2")  # it begins anew and goes on by itself
    page.keyboard.press("Space")
    expect(page.locator("#talks-play")).to_have_text("Play")


def test_two_states_stand_side_by_side_in_light_and_dark(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab, f"#{FOR_SALE}")
    page.get_by_role("button", name="Pin this state as A").click()
    page.locator(f'[data-lever="{BASE}"] input[type=range]').fill("9")
    settled(page)
    differing = page.locator('[data-part="compare"] table').last.locator("tbody tr")
    expect(differing).to_have_count(1)
    expect(differing.first).to_have_text("Value of no deal to Russia (base)239\N{MINUS SIGN}14")
    again = opened(visit(), lab, f"#{page.url.partition('#')[2]}")
    expect(again.locator('[data-part="compare"] table').last.locator("tbody tr")).to_have_count(1)
    expect(again.locator("body")).to_have_attribute("data-answered", re.compile(BASE), timeout=PATIENCE)
    again.locator("details").evaluate_all(
        "all => all.filter((one) => one.id.endsWith('-table')).forEach((one) => { one.open = true; })"
    )
    for scheme in ("light", "dark"):
        again.emulate_media(color_scheme=scheme)
        accessible(again)
    fine(again)
    again.get_by_role("button", name="Go back to A").click()
    settled(again)
    expect(again.locator('[data-part="compare"]')).to_contain_text("both states have the same terms and numbers")
