"""Documents of blocks as PDF, by Typst, whose wheel brings its own fonts; no network, and the same bytes every time.

Typst comes with the extra `classroom`.
"""

from __future__ import annotations

import json

import typst

from sim.report.pages import TEMPLATES
from sim.report.words import Plain

EPOCH = 0
"""The time that a PDF says it was made at, so that the same document is the same file."""


def pdf(document: Plain) -> bytes:
    """A document of blocks (`sim.report.handout`) as PDF, A4, with its structure tagged for screen readers."""
    compiled = typst.compile(
        TEMPLATES / "document.typ",
        root=TEMPLATES,
        format="pdf",
        sys_inputs={"document": json.dumps(document)},
        ignore_system_fonts=True,
        timestamp=EPOCH,
    )
    assert isinstance(compiled, bytes)  # one document in one format
    return compiled
