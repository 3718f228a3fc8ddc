"""Documents of blocks as HTML pages that print well, and the page that leads to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.report.document.html_templates import render
from sim.report.wording import Plain
from sim.strings import Strings


def page(document: Plain, found: Plain, t: Strings, program: str) -> str:
    """A document of blocks (`sim.report.document.handout`) as one page that needs nothing else."""
    return render("document.html.j2", t, found, document=document, program=program, format=found["format"])


def index(documents: Mapping[str, Plain], files: Sequence[str], found: Plain, t: Strings, program: str) -> str:
    """The page that leads to all documents.

    Parameters
    ----------
    documents : file stem to document
    files : names of the files that were written beside it
    """

    def links(stems: Sequence[str]) -> list[list[str]]:
        named = [
            (name, documents[name.rpartition(".")[0]]["title"]) for name in files if name.rpartition(".")[0] in stems
        ]
        return [[name, f"{title} ({name.rpartition('.')[2].upper()})"] for name, title in named]

    roles = [stem for stem in documents if stem.startswith("role-")]
    parts = [
        ("handout.index.teacher", ["guide"]),
        ("handout.index.everybody", ["table", "votes"]),
        ("handout.index.roles", roles),
    ]
    blocks: list[Plain] = []
    for key, stems in parts:
        if found_links := links(stems):
            blocks += [{"kind": "h2", "text": t(key)}, {"kind": "links", "items": found_links}]
    document = {
        "title": t("handout.index.title"),
        "subtitle": found["title"],
        "who": t("handout.index.who"),
        "blocks": [{"kind": "p", "text": t("handout.index.how")}, *blocks],
    }
    return page(document, found, t, program)
