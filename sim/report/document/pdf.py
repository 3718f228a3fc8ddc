"""Documents of blocks as PDF by Typst, whose wheel includes fonts: without a network, and always the same bytes.

Typst comes with the extra `classroom`.
"""

from __future__ import annotations

import json
import re

import typst

from sim.report.document.html_templates import TEMPLATES
from sim.report.wording import Plain

BEYOND = re.compile("[\u0590-\u1dff\u2c00-\ud7ff\uf900-\uffef\U00010000-\U0010ffff]")
"""Letters other than Latin, Greek, Cyrillic and signs."""
EPOCH = 0
"""Creation time in each PDF, seconds since 1970, fixed so that the same document is the same file."""


def pdf(document: Plain) -> bytes:
    """Return a document of blocks (`sim.report.document.handout`) as A4 PDF, tagged for screen readers.

    If it has letters that Typst's own fonts lack, such as Chinese ones, fonts of the machine are used too.
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
