"""Colours that all pictures share: of verdicts, of gains and costs, and of series.

A verdict is shown by its colour and its mark, and colours get darker as answers get worse, so that readers who do not
see colours can tell them apart.
"""

from __future__ import annotations

INK, PAPER, SOFT, LINE = "#1b1f24", "#ffffff", "#4a5560", "#9aa3ab"
GAIN, COST, NO = "#2b6cb0", "#e08a3c", "#6d0f14"
"""Blue and orange, which differ in lightness, and the dark red of a line that is not for sale."""
VERDICT_FILLS = {"accept": "#d5e8f5", "holding_out": "#f7e6ae", "worse_than_no_deal": "#e8a56f", "red_line": NO}
"""Verdict to colour, darker as answers get worse."""
SERIES = (
    ("circle", "#0072b2"),
    ("square", "#d55e00"),
    ("triangle", "#00795c"),
    ("diamond", "#8a3b8f"),
    ("cross", "#7a4b00"),
    ("upside", "#333333"),
    ("plus", "#a3195b"),
)
"""Shape and colour of each series, after Okabe and Ito (2008); the shapes alone tell seven series apart."""


def ink(verdict: str) -> str:
    """Return the colour of text on the colour of a verdict.

    >>> ink("red_line"), ink("accept")
    ('#ffffff', '#1b1f24')
    """
    return PAPER if verdict == "red_line" else INK
