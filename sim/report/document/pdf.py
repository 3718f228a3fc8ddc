"""Documents of blocks as PDF, by Typst, whose wheel brings its own fonts; no network, and the same bytes every time.

Typst comes with the extra `classroom`.
"""

from __future__ import annotations

import json
import re

import typst

from sim.report.document.html_templates import TEMPLATES
from sim.report.wording import Plain

BEYOND = re.compile("[\u0590-\u1dff\u2c00-\ud7ff\uf900-\uffef\U00010000-\U0010ffff]")
"""Letters beyond Latin, Greek, Cyrillic and signs."""
EPOCH = 0
"""The time that a PDF says it was made at, so that the same document is the same file."""


def pdf(document: Plain) -> bytes:
    """A document of blocks (`sim.report.document.handout`) as PDF, A4, with its structure tagged for screen readers.

    If it has letters that Typst's own fonts lack, such as Chinese ones, those of the machine help out.
    """
    data = json.dumps(document, ensure_ascii=False)
    compiled = typst.compile(
        TEMPLATES / "document.typ",
        root=TEMPLATES,
        format="pdf",
        sys_inputs={"document": data},
        ignore_system_fonts=not BEYOND.search(data),
        timestamp=EPOCH,
    )
    assert isinstance(compiled, bytes)  # one document in one format
    return compiled
