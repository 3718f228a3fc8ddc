"""The site of the pages in `docs/`: it builds without a warning, and asks nothing of another host."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAV = runpy.run_path(str(ROOT / "scripts" / "docs" / "nav.py"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as CI builds it: a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # what becomes of its makers is no matter of the site
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder


class Asked(HTMLParser):
    """What a browser fetches by itself for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        self.urls += [had[key] or "" for key in ("src", "srcset", "poster", "data") if key in had]
        if tag == "link":
            self.urls.append(had.get("href") or "")


def test_a_page_and_its_style_ask_nothing_of_another_host(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        asked = Asked()
        asked.feed(page.read_text(encoding="utf-8"))
        assert [url for url in asked.urls if re.match(r"(\w+:)?//", url)] == [], page
    styles = "".join(style.read_text(encoding="utf-8") for style in site.rglob("*.css"))
    assert re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*\)", styles) == []


def test_every_page_is_there_and_says_that_it_is_no_forecast(site: Path) -> None:
    for source in ROOT.glob("docs/**/*.md"):
        page = site / source.relative_to(ROOT / "docs").with_suffix(".html")
        page = page.with_name("index.html") if source.stem == "README" else page
        assert "not a forecast" in page.read_text(encoding="utf-8"), page


def test_a_folder_stands_for_the_pages_that_are_named_nowhere_else() -> None:
    nav = ["README.md", {"How to": "how-to/"}, {"Why": ["why/first.md", "why/"]}, {"Nothing": "none/"}]
    pages = ["README.md", "how-to/a.md", "how-to/b.md", "why/another.md", "why/first.md"]
    assert NAV["expanded"](nav, pages, NAV["named"](nav)) == [
        "README.md",
        {"How to": ["how-to/a.md", "how-to/b.md"]},
        {"Why": ["why/first.md", "why/another.md"]},
    ]
