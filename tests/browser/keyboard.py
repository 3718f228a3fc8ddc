"""A person with a keyboard and nothing else."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

TABS_MOST = 150
"""How often a key is pressed before something counts as out of its reach."""
FOCUSED = "(one) => one === document.activeElement"
LABEL = "(one) => one.options[one.selectedIndex].label"


class Keyboard:
    """What a page lets be done by keys alone.

    Parameters
    ----------
    page : stays the same while pages follow each other
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, target: Locator) -> None:
        """Press Tab until something has the focus, and can be seen to have it."""
        target.wait_for()
        for _ in range(TABS_MOST):
            if target.evaluate(FOCUSED):
                outline = target.evaluate("(one) => getComputedStyle(one).outlineStyle")
                assert outline != "none", f"nothing shows that {target} has the focus"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not reach {target} on {self.page.url}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        """Press a button, or open a link or what is folded."""
        self.to(target)
        self.page.keyboard.press(key)

    def send(self, target: Locator, key: str = "Enter") -> None:
        """Press what leads to another page, and wait for it."""
        self.to(target)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, target: Locator, text: str) -> None:
        """Write into a field, in place of what stands there."""
        self.to(target)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)
        expect(target).to_have_value(text)

    def choose(self, target: Locator, label: str) -> None:
        """Choose from a list that is folded; in brackets behind a label there may be more."""
        self.to(target)
        self.page.keyboard.press("Home")
        for _ in range(TABS_MOST):
            before = target.evaluate(LABEL)
            if f"{before} (".startswith(f"{label} ("):
                return
            self.page.keyboard.press("ArrowDown")
            assert target.evaluate(LABEL) != before, f"there is no '{label}' in {target}"

    def mark(self, target: Locator) -> None:
        """Mark one of several choices: Tab reaches their group, arrows go through it."""
        group = f"input[name={target.get_attribute('name')}]"
        form = target.locator("xpath=ancestor::form")
        marked = form.locator(f"{group}:checked")
        self.to(marked if marked.count() else form.locator(group).first)
        self.page.keyboard.press("Space")
        for _ in range(TABS_MOST):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {target}")
