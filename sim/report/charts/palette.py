"""Colours of surplus: blue above zero and orange below, which colour-blind readers can tell apart.

The steps are from ColorBrewer's diverging schemes (Brewer 2003); each is shown beside a verdict in words.
"""

from __future__ import annotations

STEPS = 4
"""Shades on either side of zero."""
NEVER = "never"
"""The shade of a red line that is not for sale."""
INK, PAPER, SOFT, LINE = "#1b1f24", "#ffffff", "#4a5560", "#9aa3ab"
FILLS = {
    "-4": "#b35806",
    "-3": "#e08214",
    "-2": "#fdb863",
    "-1": "#fee0b6",
    "1": "#d1e5f0",
    "2": "#92c5de",
    "3": "#4393c3",
    "4": "#2166ac",
    NEVER: "#4d2600",
}
"""Shade to colour, from the darkest orange to the darkest blue."""
LIGHT_INK = frozenset({"-4", "4", NEVER})
"""The shades on which text is white."""
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


def shade(surplus: float, never: bool, scale: float) -> str:
    """Return the shade of a surplus: one step per quarter of the scale, the last one for everything beyond.

    >>> shade(0, False, 40), shade(-12, False, 40), shade(99, False, 40), shade(5, True, 40)
    ('1', '-2', '4', 'never')
    """
    if never:
        return NEVER
    step = min(STEPS, 1 + int(STEPS * abs(surplus) / scale))
    return str(step if surplus >= 0 else -step)


def ink(name: str) -> str:
    """Return the colour of text on a shade."""
    return PAPER if name in LIGHT_INK else INK
