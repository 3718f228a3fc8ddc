"""A hook of MkDocs: `docs/README.md` is the only table of contents, and the navigation is read from it.

Each heading of that page is a section, and each item that begins with a link is a page of it, under the link's text.
The `README.md` of a folder brings along the other pages of that folder, in the order of their names. A page that is
listed nowhere stops a strict build. Links to `docs/decisions/`, which is not part of the site, become plain text.
"""

from __future__ import annotations

import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

CONTENTS = "README.md"
ENTRY = re.compile(r"^(?:## (?P<section>.+)|- \[(?P<title>[^\]]+)\]\((?P<page>[^)#]+)\).*)$", re.MULTILINE)
DECISION = re.compile(r"\[([^\]]+)\]\((?:\.\./)*decisions/[^)]*\)")


def navigation(contents: str, pages: list[str]) -> list[Any]:
    """Read the navigation from the table of contents.

    Parameters
    ----------
    contents : str
        The Markdown of the table of contents.
    pages : list of str
        The paths of all pages, in their order.

    Returns
    -------
    list
        As `nav` in `mkdocs.yml`. The table of contents itself comes first.
    """
    entries = [entry.groupdict() for entry in ENTRY.finditer(contents)]
    listed = {_page(entry["page"]) for entry in entries if entry["page"]}
    nav: list[Any] = [{"Parley": CONTENTS}]
    for entry in entries:
        if entry["section"]:
            nav.append({entry["section"]: []})
            continue
        [section] = nav[-1].values()
        page = _page(entry["page"])
        section.append({entry["title"]: page})
        folder, _, name = page.rpartition("/")
        if name == CONTENTS:
            section += [other for other in pages if other.startswith(f"{folder}/") and other not in listed]
    return nav


def _page(link: str) -> str:
    """The page to which a link leads; that of a notebook is made from it (`notebooks.py`)."""
    return re.sub(r"\.ipynb$", ".md", link)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Lay out the navigation, once all pages are known."""
    contents = files.get_file_from_path(CONTENTS)
    if contents is not None:
        pages = sorted(file.src_uri for file in files.documentation_pages())
        config.nav = navigation(contents.content_string, pages)
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Replace links to decisions by their text."""
    return DECISION.sub(r"\1", markdown)
