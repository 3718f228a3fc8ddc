"""How every figure looks, and how it becomes SVG that is the same bytes every time.

Colours are told apart by people who are colour-blind, and every one of them goes with a mark, a hatch, a shape or a
number, so that a print in grey says the same.
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

WIDTH = 6.7
"""Inches: the width of the text on A4, so that letters in figures are as large as they are drawn."""
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
GAIN, COST, NO = "#2b6cb0", "#e08a3c", "#6d0f14"
"""Blue and orange, of unlike lightness, and the dark red of a line that is never sold."""
VERDICT_FILLS = {"accept": "#d5e8f5", "holding_out": "#f7e6ae", "worse_than_no_deal": "#e8a56f", "red_line": NO}
"""From light to dark as an answer gets worse."""
MINUS = "\N{MINUS SIGN}"
NOTHING_BUT_THE_FIGURE = dict.fromkeys(("Creator", "Date", "Format", "Type"))
P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's own defaults and ours, whatever the user's settings are."""
    with matplotlib.style.context(["default", SETTINGS], after_reset=True):
        yield


def in_house_style(draw: Callable[P, R]) -> Callable[P, R]:
    """Let a function draw in our style."""

    @wraps(draw)
    def in_style(*given: P.args, **named: P.kwargs) -> R:
        with house_style():
            return draw(*given, **named)

    return in_style


def new_figure(height: float) -> Figure:
    """A figure of the width of the text."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


@in_house_style
def svg(figure: Figure, title: str, text: str) -> str:
    """A figure as an SVG document with a title and a description.

    Letters are drawn, so that it needs no font; if ours lacks one of them, all are left to the fonts of the reader.
    """
    try:
        whole = _saved(figure, "path", "error")
    except UserWarning:
        whole = _saved(figure, "none", "ignore")
    body = re.sub(r"\A.*?(?=<svg )", "", whole, flags=re.DOTALL)
    said = f"<title>{escape(title)}</title>\n <desc>{escape(text)}</desc>"
    return re.sub(r"\A<svg ([^>]*)>", lambda head: f'<svg role="img" {head[1]}>\n {said}', body)


def _saved(figure: Figure, letters: str, lacking: Literal["error", "ignore"]) -> str:
    out = io.StringIO()
    with warnings.catch_warnings(), matplotlib.rc_context({"svg.fonttype": letters}):
        warnings.filterwarnings(lacking, "Glyph .* missing from", UserWarning)
        figure.savefig(out, format="svg", metadata=NOTHING_BUT_THE_FIGURE)
    return out.getvalue()


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """A label in a few lines; what does not fit ends in an ellipsis, and is whole in the table beside the figure.

    >>> wrapped("No Western troops in Ukraine, whatever their banner", 20, 1)
    'No Western troops…'
    """
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder="…"))


def summand(points: float | str) -> float:
    """Points for a sum: a line that is never sold adds none."""
    return 0.0 if isinstance(points, str) else points


def signed(value: float) -> str:
    """A whole number with its sign, and a minus as wide as a plus.

    >>> signed(12.4), signed(-8.48) == f"{MINUS}8", signed(-0.2)
    ('+12', True, '0')
    """
    whole = f"{value:+.0f}"
    return "0" if whole in ("+0", "-0") else whole.replace("-", MINUS)
