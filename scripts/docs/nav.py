"""A hook of MkDocs: a folder in the navigation stands for its pages.

`how-to/` in the `nav` of `mkdocs.yml` is replaced by the pages of that folder that are named nowhere else in it, in the
order of their names, and left out if there are none. A page that is new is in the navigation without further ado.
"""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files


def named(nav: Any) -> set[str]:
    """Every page and folder that a navigation names."""
    if isinstance(nav, str):
        return {nav}
    parts = nav.values() if isinstance(nav, dict) else nav
    return set().union(*(named(part) for part in parts))


def expanded(nav: list[Any], pages: list[str], taken: set[str]) -> list[Any]:
    """Replace the folders of a navigation by their pages.

    Parameters
    ----------
    nav : list
        As in `mkdocs.yml`.
    pages : list of str
        The paths of all pages, in their order.
    taken : set of str
        The pages that the navigation names itself.

    Returns
    -------
    list
    """
    whole: list[Any] = []
    for item in nav:
        title, inner = next(iter(item.items())) if isinstance(item, dict) else (None, item)
        if isinstance(inner, list):
            inner = expanded(inner, pages, taken)
        elif inner.endswith("/"):
            inner = [page for page in pages if page.startswith(inner) and page not in taken]
        if title is None:
            whole.extend(inner if isinstance(inner, list) else [inner])
        elif inner:
            whole.append({title: inner})
    return whole


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Lay out the navigation, once it is known which pages there are."""
    taken = named(config.nav)
    pages = [file.src_uri for file in files.documentation_pages()]
    pages.sort(key=lambda page: (not page.endswith(("/README.md", "/index.md")), page))
    config.nav = expanded(config.nav or [], pages, taken)
    return files
