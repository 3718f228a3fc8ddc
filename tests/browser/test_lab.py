"""The lab in a real browser: what is moved is answered, as the command line answers it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sim import case_paths
from sim.analysis.judging.verdicts import verdicts
from sim.negotiation.scenario_loader import load_scenario
from tests.browser.conftest import PATIENCE, Visit
from tests.browser.keyboard import Keyboard
from tests.browser.looks import PHONE, accessible, fine
from tests.browser.served import Served, served
from tests.conftest import Command

PRICE = "actors.russia.red_lines.western_troops.price"
AID = "context.us_aid.start"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served("lab", "--port", "0", "--no-open", folder=tmp_path_factory.mktemp("lab")) as one:
        yield one


def settled(page: Page, followed: bool = False) -> None:
    """Wait until the verdicts of the newest change are there, or all that follows from it."""
    name = "data-answered" if followed else "data-shown"
    expect(page.locator("body")).to_have_attribute(name, re.compile("^(?!pending$)"), timeout=PATIENCE)
    assert page.locator("body").get_attribute(name) == page.evaluate("location.hash.slice(1)")


def opened(page: Page, lab: Served, state: str = "") -> Page:
    page.goto(f"{lab.link}{state}")
    settled(page)
    return page


def shown(page: Page) -> dict[str, tuple[str, float]]:
    """Actor to verdict and surplus, as the tiles have them."""
    tiles = page.locator(".tile").all()
    return {
        str(one.get_attribute("data-actor")): (
            str(one.get_attribute("data-verdict")),
            float(one.get_attribute("data-surplus") or "nan"),
        )
        for one in tiles
    }


def told(parley: Command, *arguments: str) -> dict[str, tuple[str, float]]:
    found = json.loads(parley("verdicts", *arguments, "--json").out)
    return {name: (one["verdict"], one["surplus"]) for name, one in found["actors"].items()}


def test_a_number_moved_changes_verdicts_heat_map_and_plane_as_on_the_command_line(
    visit: Visit,
    lab: Served,
    parley: Command,
) -> None:
    page = opened(visit(), lab)
    settled(page, followed=True)
    before = {
        part: page.locator(f'[data-part="{part}"]').inner_html() for part in ("verdicts", "heat", "plane", "worlds")
    }
    assert shown(page) == told(parley, "european_force")
    page.fill("#search", "us_aid")
    slider = page.locator(f'.number[data-path="{AID}"] input[type=range]')
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    value = page.locator(f'.number[data-path="{AID}"] input[type=number]').input_value()
    assert float(value) < 0.7
    settled(page, followed=True)
    assert page.url.endswith(f"#{AID}={value}")
    assert shown(page) == told(parley, "european_force", "--set", f"{AID}={value}")
    for part, html in before.items():
        assert page.locator(f'[data-part="{part}"]').inner_html() != html, part
    found = json.loads(parley("verdicts", "nato_force", "--set", f"{AID}={value}", "--json").out)
    cells = page.locator('tr[data-row="nato_force"] .cell').all()
    assert [float(one.get_attribute("data-surplus") or "nan") for one in cells] == [
        one["surplus"] for one in found["actors"].values()
    ]


def test_a_price_goes_down_from_never(visit: Visit, lab: Served, parley: Command) -> None:
    page = opened(visit(), lab)
    page.fill("#search", PRICE)
    row = page.locator(f'.number[data-path="{PRICE}"]')
    expect(row.get_by_label("never: the line is not for sale")).to_be_checked()
    expect(row.locator("input[type=number]")).to_have_value("")
    row.locator("input[type=number]").fill("5")
    expect(row.get_by_label("never: the line is not for sale")).not_to_be_checked()
    settled(page)
    assert shown(page) == told(parley, "european_force", "--set", f"{PRICE}=5")
    row.get_by_label("never: the line is not for sale").check()
    settled(page)
    assert PRICE not in page.url
    row.get_by_label("declared in public").uncheck()
    settled(page)
    assert shown(page) == told(parley, "european_force", "--set", f"{PRICE.replace('price', 'declared')}=false")
    row.get_by_role("button", name=re.compile("^Reset")).click()
    settled(page)
    assert shown(page) == told(parley, "european_force")


def test_what_is_saved_runs_on_the_command_line_with_the_same_result(
    visit: Visit,
    lab: Served,
    parley: Command,
    tmp_path: Path,
) -> None:
    page = opened(visit(), lab, f"#{PRICE}=12&proposal.force_size=15000&context.us_aid.start=0.3")
    settled(page, followed=True)
    page.fill("#title", "Fifteen thousand: what then?")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a scenario").click()
    assert saving.value.suggested_filename == "fifteen_thousand_what_then.yaml"
    saved = tmp_path / "anywhere" / saving.value.suggested_filename
    saving.value.save_as(saved)
    assert shown(page) == told(parley, str(saved))
    again = load_scenario(saved)
    assert (again.title, again.proposal["force_size"]) == ("Fifteen thousand: what then?", 15000)
    assert {PRICE, AID} <= dict(again.changes).keys()
    drawn = verdicts(again, worlds=2000)
    shares = page.locator('[data-part="worlds"] table').last.locator("tbody tr")
    expect(shares.nth(list(drawn["actors"]).index("ukraine")).locator("td").first).to_have_text(
        f"{round(100 * drawn['actors']['ukraine']['shares']['accept'])}%"
    )


def test_a_chosen_term_takes_along_what_has_to_change_with_it(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab)
    page.get_by_label("Whose troops are deployed in Ukraine").select_option("none")
    settled(page)
    problem = page.locator('[data-part="problem"]')
    expect(problem).to_contain_text("force size to 0, mandate to none and deployment to none")
    expect(page.get_by_label("How many troops the force has")).to_have_value("0")
    expect(page.locator(".tile")).to_have_count(7)
    options = page.get_by_label("How many troops the force has").locator("option")
    assert options.filter(has_text="impossible with the other terms").count() > 0
    page.get_by_role("button", name="Undo").click()  # one step for all of it
    settled(page)
    assert "#" not in page.url.removesuffix("#")
    expect(page.get_by_label("How many troops the force has")).to_have_value("50000")


def test_a_link_with_terms_that_do_not_go_together_is_said_and_mended(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab, "#proposal.force=none")
    settled(page, followed=True)
    problem = page.locator('[data-part="problem"]')
    expect(problem).to_contain_text("Without a force there is no size, mandate or deployment")
    expect(page.locator('[data-part="verdicts"]')).to_contain_text("cannot be combined")
    expect(page.locator('[data-part="heat"] tbody tr')).not_to_have_count(0)
    accessible(page)
    problem.get_by_role("button").click()
    settled(page)
    expect(problem).to_be_empty()
    expect(page.get_by_label("How many troops the force has")).to_have_value("0")
    expect(page.locator(".tile")).to_have_count(7)


def test_bundled_proposals_are_starting_points_under_the_changed_numbers(
    visit: Visit,
    lab: Served,
    parley: Command,
) -> None:
    page = opened(visit(), lab, f"#{AID}=0.1")
    page.locator("#put-korean_armistice").click()
    settled(page)
    assert shown(page) == told(parley, "korean_armistice", "--set", f"{AID}=0.1")
    expect(page.locator("#put-korean_armistice")).to_be_focused()
    page.get_by_label("Start from").select_option(label="An air shield")
    settled(page)
    assert shown(page) == told(parley, "air_shield", "--set", f"{AID}=0.1")


def test_what_would_turn_an_actor_is_tried_with_one_click(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab, "?scenario=ukraine_2025/force_with_concessions")
    settled(page, followed=True)
    panel = page.locator("#turn-russia")
    expect(panel).to_be_in_viewport()
    expect(panel.get_by_role("heading", level=2)).to_have_text("What would turn Russia?")
    page.locator("#tile-poland").click()
    expect(panel).to_be_hidden()
    expect(page.locator("#turn-poland")).to_be_visible()
    page.locator("#tile-russia").click()
    panel.locator("[data-try]").first.click()
    settled(page)
    assert shown(page)["russia"][0] == "accept"
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert shown(page)["russia"][0] == "red_line"
    panel.locator("[data-change]").first.click()
    settled(page)
    assert shown(page)["russia"][0] == "accept"


def test_parts_are_busy_until_their_own_answer_is_there(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab)
    settled(page, followed=True)
    expect(page.locator('[data-part][aria-busy="true"]')).to_have_count(0)
    page.evaluate(
        """() => { window.seen = [];
        const note = () => window.seen.push(document.querySelectorAll('[data-part="turns"][aria-busy]').length);
        document.addEventListener("lab:changed", note);
        document.addEventListener("lab:part", (event) => event.detail.name === "verdicts" && note()); }"""
    )
    page.locator("#put-bare_ceasefire").click()
    settled(page)
    assert page.evaluate("window.seen") == [1, 1]
    expect(page.locator('[data-part="verdicts"]')).not_to_have_attribute("aria-busy", "true")
    settled(page, followed=True)
    expect(page.locator('[data-part][aria-busy="true"]')).to_have_count(0)


def test_a_claim_opens_its_sentence_by_keyboard(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab)
    settled(page, followed=True)
    page.locator('#wall-russia [popovertarget="claim-C05"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#claim-C05")).to_be_visible()
    expect(page.locator("#claim-C05")).to_contain_text("non-starter for Moscow")
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#claim-C05")).to_be_hidden()


def test_the_month_in_which_the_text_is_judged_can_be_chosen(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab, "?scenario=ukraine_2025/front_stalls")
    expect(page.locator(".moment")).to_contain_text("Still to come: month 3: Russia's advance stops.")
    page.get_by_label("Judged").select_option("12")
    settled(page)
    expect(page.locator(".moment")).to_contain_text("Already happened: month 3")
    there = verdicts(load_scenario(case_paths.find("front_stalls")), month=12, text="opening")["actors"]
    assert shown(page) == {name: (one["verdict"], one["surplus"]) for name, one in there.items()}


def test_an_emptied_field_is_restored_and_a_price_is_explained(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab)
    page.fill("#search", AID)
    row = page.locator(f'.number[data-path="{AID}"]')
    row.locator("input[type=number]").fill("")
    row.locator("input[type=number]").blur()
    expect(row.locator("input[type=number]")).to_have_value("0.7")
    expect(row.locator(".said")).to_have_text("An empty field is not a number. Back to 0.7.")
    page.fill("#search", PRICE)
    row = page.locator(f'.number[data-path="{PRICE}"]')
    expect(page.locator("#g-russia .count")).to_have_text("1 of 30 numbers")
    row.get_by_label("never: the line is not for sale").uncheck()
    settled(page)
    expect(row.locator(".said")).to_contain_text("now it has a price of 60")
    expect(page.locator("#tile-russia")).to_contain_text("Its line now has a price of 65.")


def test_the_answer_is_above_the_fold(visit: Visit, lab: Served) -> None:
    page = opened(visit({"width": 1440, "height": 900}), lab)
    settled(page, followed=True)
    for size in ((1440, 900), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for what in (".outcome", ".sure", "#turn-russia .ways li"):
            box = page.locator(what).first.bounding_box()
            assert box
            assert box["y"] + box["height"] <= size[1], (what, size)


def test_steps_are_taken_back_and_forth(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab)
    page.fill("#search", AID)
    slider = page.locator(f'.number[data-path="{AID}"] input[type=range]')
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 5, height)
    page.mouse.down()
    for part in (0.9, 0.6, 0.3):  # many values on the way, one step
        page.mouse.move(box["x"] + part * box["width"], height)
    page.mouse.up()
    settled(page)
    moved = page.evaluate("location.hash")
    page.get_by_label("How many troops the force has").select_option("15000")
    settled(page)
    both, changed = page.evaluate("location.hash"), shown(page)
    back, forth = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    for button, state in ((back, moved), (back, ""), (forth, moved), (forth, both)):
        button.click()
        settled(page)
        assert page.evaluate("location.hash") == state
    assert shown(page) == changed
    expect(forth).to_be_disabled()
    expect(page.get_by_label("How many troops the force has")).to_have_value("15000")
    back.click()
    page.locator("#put-air_shield").click()  # a new step: nothing is left to be redone
    settled(page)
    expect(forth).to_be_disabled()


def test_a_link_that_makes_no_sense_is_said_as_of_a_file(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab, f"#{AID}=3")
    expect(page.locator("#wrong")).to_contain_text("is outside the bounds 0 to 1")
    accessible(page)
    page.goto(f"{lab.link}#nonsense")
    settled(page)
    expect(page.locator("#wrong")).to_contain_text("The link is broken")
    page.goto(f"{lab.link}#context.us_add.start=0")
    settled(page)
    expect(page.locator("#wrong")).to_contain_text("Did you mean 'context.us_aid.start'?")
    page.get_by_role("button", name="Start without it").click()
    settled(page)
    expect(page.locator("#wrong")).to_be_hidden()
    expect(page.locator(".tile")).to_have_count(7)


def test_everything_works_by_keyboard_alone(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link that skips the head
    assert page.evaluate("document.activeElement.id") == "main"
    assert "#main" not in page.url
    keys = Keyboard(page)
    tile = page.locator("#tile-ukraine")
    keys.to(tile)
    page.keyboard.press("Space")
    expect(tile).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#wall-ukraine")).to_be_visible()
    term = page.locator("#t-force_size")
    keys.to(term)
    page.keyboard.press("ArrowUp")
    settled(page)
    assert "proposal.force_size=30000" in page.url
    keys.to(page.locator("#g-ukraine > summary"))
    page.keyboard.press("Enter")
    keys.to(page.locator("#g-ukraine input[type=range]").first)
    page.keyboard.press("ArrowRight")
    settled(page)
    assert page.locator(".number.moved").count() == 1
    page.locator('[data-part="heat"] .wide').focus()  # many reasons and proposals come before
    keys.to(page.locator("#put-nato_force"))
    page.keyboard.press("Enter")
    settled(page)
    assert "proposal.force=nato" in page.url
    expect(page.locator("#news")).to_have_text(re.compile("^Not agreed. .* block it"))
    page.locator("#open-about").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#about")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#about")).to_be_hidden()


def test_it_is_open_to_everybody_in_every_window(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab, f"#{AID}=0.1")
    settled(page, followed=True)
    page.locator("details.group").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    page.locator("details.source").evaluate_all("all => all.slice(0, 40).forEach((one) => { one.open = true; })")
    fine(page)


def test_on_a_phone_the_answer_stays_in_sight(visit: Visit, lab: Served) -> None:
    page = opened(visit(PHONE), lab)
    page.locator("#t-european_burden").scroll_into_view_if_needed()
    expect(page.locator(".outcome")).to_be_in_viewport()
    expect(page.locator(".outcome")).to_contain_text("Not agreed")


def test_pictures_and_tables_are_taken_along(visit: Visit, lab: Served, tmp_path: Path) -> None:
    page = opened(visit(), lab, f"#{AID}=0.1")
    for name in ("waterfall", "heat", "plane"):
        with page.expect_download() as saving:
            page.locator(f'[data-file="{name}.svg"]').click()
        drawn = Path(saving.value.path()).read_text(encoding="utf-8")
        assert drawn.startswith("<svg xmlns=")
        assert "not a forecast" in drawn
        with page.expect_download() as saving:
            page.locator(f'[data-png="{name}"]').click()
        assert saving.value.suggested_filename == f"{name}.png"
        assert Path(saving.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    with page.expect_download() as saving:
        page.locator('[data-file="proposals.csv"]').click()
    rows = list(csv.DictReader(Path(saving.value.path()).read_text(encoding="utf-8").splitlines()))
    cells = page.locator('tr[data-row="un_peacekeepers"] .cell')
    assert [float(row["surplus"]) for row in rows if row["scenario"] == "un_peacekeepers"] == [
        float(one.get_attribute("data-surplus") or "nan") for one in cells.all()
    ]


def test_a_second_case_works_too(visit: Visit, lab: Served, parley: Command) -> None:
    page = opened(visit(), lab, "?scenario=flatmates/warm_flat#actors.ben.reservation.base=9")
    assert shown(page) == told(parley, "warm_flat", "--set", "actors.ben.reservation.base=9")
    page.get_by_label("Measured against").select_option("bills")
    settled(page)
    fine(page)


def test_numbers_are_found(visit: Visit, lab: Served) -> None:
    page = opened(visit(), lab, f"#{AID}=0.1")
    page.fill("#search", "poland capacity troops")
    expect(page.locator("#found")).to_have_text(re.compile(r"^\d of \d{3} numbers$"))
    expect(page.locator(".number:visible").first).to_contain_text("troops")
    page.fill("#search", "")
    page.get_by_label("Only changed numbers").check()
    expect(page.locator(".number:visible")).to_have_count(1)
    page.locator(".number:visible summary").click()
    expect(page.locator(".number:visible details")).to_contain_text("C13")
