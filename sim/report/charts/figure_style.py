"""How figures look, and how they become SVG that is always the same bytes.

Colour-blind readers can tell the colours apart, and each colour comes with a mark, a hatch, a shape or a number, so a
print in grey says the same.
"""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Literal, ParamSpec, TypeVar
from xml.sax.saxutils import escape

import matplotlib
import matplotlib.style
from matplotlib.figure import Figure

from sim.report.charts import palette

WIDTH = 6.7
"""Width of figures in inches, that of the text on A4, so that letters are printed in the size in which we draw them."""
SETTINGS = {
    "svg.hashsalt": "parley",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#4d4d4d",
    "axes.labelsize": 8,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 8,
    "patch.linewidth": 0.6,
}
INK, SOFT = "#1b1b1b", "#4d4d4d"
GAIN, COST, NO, VERDICT_FILLS = palette.GAIN, palette.COST, palette.NO, palette.VERDICT_FILLS
MINUS = "\N{MINUS SIGN}"
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def house_style() -> Iterator[None]:
    """Use Matplotlib's defaults and our settings, whatever the user's settings are."""
    with matplotlib.style.context(["default", SETTINGS], after_reset=True):
        yield


def in_house_style(draw: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function so that it draws in our style."""

    @wraps(draw)
    def in_style(*args: P.args, **kwargs: P.kwargs) -> R:
        with house_style():
            return draw(*args, **kwargs)

    return in_style


def new_figure(height: float) -> Figure:
    """Return an empty figure as wide as the text; the height is in inches."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


@in_house_style
def svg(figure: Figure, title: str, text: str) -> str:
    """Return a figure as an SVG document with a title and a description.

    Letters are drawn as paths, so that it needs no font. If our font lacks one, it relies on the reader's fonts.
    """
    try:
        document = _saved(figure, "path", "error")
    except UserWarning:
        document = _saved(figure, "none", "ignore")
    body = re.sub(r"\A.*?(?=<svg )", "", document, flags=re.DOTALL)
    heading = f"<title>{escape(title)}</title>\n <desc>{escape(text)}</desc>"
    return re.sub(r"\A<svg ([^>]*)>", lambda head: f'<svg role="img" {head[1]}>\n {heading}', body)


def _saved(figure: Figure, font_type: str, if_glyph_missing: Literal["error", "ignore"]) -> str:
    buffer = io.StringIO()
    with warnings.catch_warnings(), matplotlib.rc_context({"svg.fonttype": font_type}):
        warnings.filterwarnings(if_glyph_missing, "Glyph .* missing from", UserWarning)
        figure.savefig(buffer, format="svg", metadata=NO_METADATA)
    return buffer.getvalue()


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """Return a label in a few lines, cut with an ellipsis if it is too long; the table of the figure has all of it.

    >>> wrapped("No Western troops in Ukraine, whatever their banner", 20, 1)
    'No Western troops…'
    """
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder="…"))


def summand(points: float | str) -> float:
    """Return points for a sum, which is 0 for a line that is not for sale."""
    return 0.0 if isinstance(points, str) else points


def signed(value: float) -> str:
    """Return a whole number with its sign, and a minus as wide as a plus.

    >>> signed(12.4), signed(-8.48) == f"{MINUS}8", signed(-0.2)
    ('+12', True, '0')
    """
    whole = f"{value:+.0f}"
    return "0" if whole in ("+0", "-0") else whole.replace("-", MINUS)
