"""A document of blocks as Markdown, with its figures as separate files.

Common viewers of Markdown (GitHub, GitLab, VS Code, Obsidian, Pandoc) show images from files next to the text; several
of them, GitHub among them, drop images that are embedded as data.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.report.document.handout import Document
from sim.report.document.markdown_text import heads, plain, row, section
from sim.report.scenario_report.blocks import Block

DEPTHS = {"h2": 2, "h3": 3, "h4": 4}


def markdown(document: Document, folder: str) -> tuple[str, dict[str, str]]:
    """Return a document as Markdown.

    Parameters
    ----------
    folder : name of the folder for the figures, next to the text

    Returns
    -------
    the text, and a dict of file name to SVG for the figures
    """
    lines = [f"# {plain(document['title'])}", "", f"*{plain(document['subtitle'])}*", "", f"> {document['caveat']}"]
    figures: dict[str, str] = {}
    for block in document["blocks"]:
        if block["kind"] == "figure":
            figures[f"{block['name']}.svg"] = block["svg"]
        lines += _block(block, folder)
    return "\n".join(lines) + "\n", figures


def _block(block: Block, folder: str) -> Iterator[str]:
    kind = block["kind"]
    if kind in DEPTHS:
        yield from section(block["text"], DEPTHS[kind])[:2]
    elif kind in ("p", "note"):
        yield from ("", f"{'> ' if kind == 'note' else ''}{plain(block['text'])}")
    elif kind == "list":
        yield from ("", *(f"- {plain(item)}" for item in block["items"]))
    elif kind == "terms":
        yield from ("", *(f"- **{plain(name)}** {plain(text)}" for name, text in block["items"]))
    elif kind == "figure":
        title = plain(block["title"])
        yield from ("", f"**{block['label']} {title}**")
        yield from ("", f"![{title} {plain(block['says'])}]({folder}/{block['name']}.svg)", "", plain(block["reads"]))
    elif kind == "table":
        yield from _table(block)


def _table(block: Block) -> Iterator[str]:
    yield from ("", f"*{plain(block['caption'])}*", "")
    yield from heads(block["heads"], block["numbers"])
    yield from (row(cells) for cells in block["rows"])
