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

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
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
    for source in {*DOCS.glob("**/*.md")} - {*DOCS.glob("decisions/*.md")}:
        page = site / source.relative_to(DOCS).with_suffix(".html")
        page = page.with_name("index.html") if source.stem == "README" else page
        assert "not a forecast" in page.read_text(encoding="utf-8"), page


def test_the_navigation_is_the_table_of_contents_and_a_folder_brings_its_pages() -> None:
    contents = """# Home\n
## How to\n\n- [Go](how-to/go.ipynb): fast\n- [Stay](how-to/stay.md)\n- no page
## Teaching\n\n- [Kit](teaching/README.md)\n- [The last](teaching/z.md)\n"""
    pages = ["README.md", "how-to/go.md", "teaching/README.md", "teaching/a.md", "teaching/z.md"]
    assert NAV["navigation"](contents, pages) == [
        {"Parley": "README.md"},
        {"How to": [{"Go": "how-to/go.md"}, {"Stay": "how-to/stay.md"}]},
        {"Teaching": [{"Kit": "teaching/README.md"}, "teaching/a.md", {"The last": "teaching/z.md"}]},
    ]


def test_every_page_is_listed() -> None:
    contents = (DOCS / "README.md").read_text(encoding="utf-8")
    for folder in ("tutorial", "how-to", "reference", "explanation"):
        for page in [*(DOCS / folder).glob("*.md"), *(DOCS / folder).glob("*.ipynb")]:
            entry = rf"^- \[[^\]]+\]\({folder}/{re.escape(page.name)}\)"
            assert len(re.findall(entry, contents, re.MULTILINE)) == 1, page


def test_decisions_stay_in_the_repository(site: Path) -> None:
    assert not (site / "decisions").exists()
    for page in site.rglob("*.html"):
        assert re.findall(r"href=\"[^\"]*decisions/", page.read_text(encoding="utf-8")) == [], page
