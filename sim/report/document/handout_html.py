"""Documents of blocks as printable HTML pages, and the page that links to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.report.document.html_templates import render
from sim.report.wording import Plain
from sim.strings import Strings


def page(document: Plain, handout: Plain, t: Strings, program: str) -> str:
    """Return a document of blocks (`sim.report.document.handout`) as one self-contained page."""
    return render("document.html.j2", t, handout, document=document, program=program, format=handout["format"])


def index(documents: Mapping[str, Plain], files: Sequence[str], handout: Plain, t: Strings, program: str) -> str:
    """Return the page that links to all documents.

    Parameters
    ----------
    documents : file stem to document
    files : names of the files that were written next to it
    """

    def links(stems: Sequence[str]) -> list[list[str]]:
        parts = [(name, *name.rsplit(".", 1)) for name in files]
        return [[name, f"{documents[stem]['title']} ({kind.upper()})"] for name, stem, kind in parts if stem in stems]

    stems_of = {
        "handout.index.teacher": ["guide"],
        "handout.index.everybody": ["table", "votes"],
        "handout.index.roles": [stem for stem in documents if stem.startswith("role-")],
    }
    blocks: list[Plain] = []
    for key, stems in stems_of.items():
        if items := links(stems):
            blocks += [{"kind": "h2", "text": t(key)}, {"kind": "links", "items": items}]
    document = {
        "title": t("handout.index.title"),
        "subtitle": handout["title"],
        "who": t("handout.index.who"),
        "blocks": [{"kind": "p", "text": t("handout.index.how")}, *blocks],
    }
    return page(document, handout, t, program)
