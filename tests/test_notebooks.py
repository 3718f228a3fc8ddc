"""The notebooks in `docs/`: every cell runs, and gives what is kept with it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
TOOL = runpy.run_path(str(ROOT / "scripts" / "docs" / "notebooks.py"), run_name="notebooks")
NOTEBOOKS = sorted(ROOT.glob("docs/**/*.ipynb"))


def shown(cell: Any) -> tuple[str, list[str]]:
    """What a cell printed, and what it displayed: tables and values as text, and that there was a picture.

    The two reach the notebook by different channels, in an order that depends on how busy the machine is.
    """
    outputs = cell.get("outputs", [])
    printed = "".join(output["text"] for output in outputs if output["output_type"] == "stream")
    data = [output["data"] for output in outputs if output["output_type"] != "stream"]
    return printed, [one.get("text/html") or ("picture" if "image/png" in one else one["text/plain"]) for one in data]


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # a warning of Jupyter's own is none of the notebook's
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_gives_what_is_kept_with_it(path: Path) -> None:
    kept, now = nbformat.read(path, as_version=4), TOOL["executed"](path)
    for before, after in zip(kept.cells, now.cells, strict=True):
        assert shown(after) == shown(before), f"python scripts/docs/notebooks.py; {before.source}"


def test_a_notebook_becomes_a_page_with_its_tables_and_pictures() -> None:
    page, pictures = TOOL["as_markdown"](nbformat.read(NOTEBOOKS[0], as_version=4), "first")
    assert page.startswith("# ")
    assert "```python\nimport pandas as pd" in page
    assert "<table><thead>" in page  # as the site styles its own
    assert "<style" not in page
    assert [content[:4] for content in pictures.values()] == [b"\x89PNG"] * len(pictures)
    assert all(f"]({name})" in page for name in pictures)
    assert TOOL["LINK"].sub(r"\1.md\2", "[a](b/c.ipynb) [d](e.ipynb#f)") == "[a](b/c.md) [d](e.md#f)"
