"""Notebooks in docs/: brought up to date from the shell, and shown on the site by a hook of MkDocs.

A notebook is kept with what its cells gave, so that it can be read wherever it lies; `python scripts/docs/notebooks.py`
runs all of them anew. A test runs them too, and holds what is kept against what comes out. The site shows what is kept.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
SECONDS_MOST = 300
PNG = "image/png"
DRESS = re.compile(r"<style.*?</style>|\n\s*| (border|class|style)=\"[^\"]*\"", re.DOTALL)
"""What pandas says of the looks of a table, and the site says better."""
LINK = re.compile(r"(\]\([^)#]+)\.ipynb([)#])")


def executed(path: Path) -> Any:
    """A notebook with what its cells give now.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        if a cell fails
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=SECONDS_MOST, resources={"metadata": {"path": str(ROOT)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when each cell ran
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"], "language_info": {"name": "python"}}
    return notebook


def as_markdown(notebook: Any, name: str) -> tuple[str, dict[str, bytes]]:
    """A notebook as a page, and its pictures by their file names."""
    pictures: dict[str, bytes] = {}
    parts: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code":
            parts.append(f"```python\n{cell.source}\n```")
            for output in cell.outputs:
                parts += shown(output, name, pictures)
    parts.insert(1, f'<a href="{name}.ipynb" download>Download this page as a notebook</a>')
    return "\n\n".join(parts) + "\n", pictures


def shown(output: Any, name: str, pictures: dict[str, bytes]) -> Iterator[str]:
    """What a cell gave: a table, a picture, or text."""
    data = output.get("data", {})
    if "text/html" in data:
        yield re.sub(
            r"<style.*?</style>|\n\s*| (border|class|style)=\"[^\"]*\"", "", data["text/html"], flags=re.DOTALL
        )
    elif PNG in data:
        file = f"{name}-{len(pictures) + 1}.png"
        pictures[file] = base64.b64decode(data[PNG])
        yield f"![{output.metadata.get('alt', 'The curves that the cell above draws.')}]({file})"
    elif text := data.get("text/plain", output.get("text", "")):
        yield f"```text\n{text.rstrip()}\n```"


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add a page for each notebook."""
    for file in [one for one in files if one.src_uri.endswith(".ipynb")]:
        path = Path(file.src_uri)
        page, pictures = as_markdown(nbformat.reads(file.content_string, as_version=4), path.stem)
        files.append(File.generated(config, path.with_suffix(".md").as_posix(), content=page))
        for name, content in pictures.items():
            files.append(File.generated(config, path.with_name(name).as_posix(), content=content))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links to a notebook to its page."""
    return LINK.sub(r"\1.md\2", markdown)


if __name__ == "__main__":
    for notebook in sorted((ROOT / "docs").rglob("*.ipynb")):
        nbformat.write(executed(notebook), notebook)
