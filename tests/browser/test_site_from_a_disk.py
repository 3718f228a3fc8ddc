"""The site of the pages, opened from a disk: it is searched without a server, and asks nothing of another host."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE
from tests.browser.looks import DESKTOP, PHONE

ROOT = Path(__file__).parents[2]
CONFIG = """
INHERIT: {root}/mkdocs.yml
docs_dir: {folder}/docs
site_dir: {folder}/site
nav: [explanation/model.md]
hooks: []
validation: {{nav: {{omitted_files: info}}, links: {{not_found: info, anchors: info, unrecognized_links: info}}}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of one page, made like the whole one; the whole one takes its time, for it computes answers."""
    folder = tmp_path_factory.mktemp("disk")
    for name in ("assets", "explanation/model.md"):
        source, target = ROOT / "docs" / name, folder / "docs" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (folder / "mkdocs.yml").write_text(CONFIG.format(root=ROOT, folder=folder), encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", str(folder / "mkdocs.yml")]
    built = subprocess.run(
        command, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    return folder / "site"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_word_is_found_and_no_request_leaves_the_machine(site: Path, browser: Browser, size: dict[str, int]) -> None:
    context = browser.new_context(viewport={"width": size["width"], "height": size["height"]})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "explanation" / "model.html").as_uri())
    expect(page.get_by_role("heading", name="The model")).to_be_visible()
    page.locator("label[for=__search]:visible, input[data-md-component=search-query]:visible").first.click()
    page.keyboard.type("boulware")
    found = page.locator(".md-search-result__item a").first
    expect(found).to_be_visible()
    expect(found).to_contain_text("The model")
    context.close()
    assert asked
    assert [url for url in asked if not url.startswith("file:")] == []
