"""Charts of levers: a tornado of the effects of many numbers, and response curves along one number.

They take their colours from the style sheet of their page, so that they fit light and dark. Every chart has a title and
a description, and the page has its numbers in a table beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from markupsafe import Markup

from sim.report.charts.svg import fitted, line, styled_svg, text
from sim.report.wording import VERDICTS

INK, SOFT, LINE, KEY, WASH = "currentColor", "var(--soft)", "var(--line)", "var(--key)", "var(--wash)"
YES, NO = "var(--gain)", "var(--more)"
WIDTH, BAR, LINE_HEIGHT, SIDE = 400, 15, 18, 60
"""Width of the tornado, height of a bar and of a line of text, and room for the labels beside a bar, in SVG units."""
CURVE_WIDTH, CURVE_HEIGHT = 200, 145
LEFT, RIGHT, TOP, BOTTOM = 42, 8, 20, 22
"""Size of a response curve, and its margins, in SVG units."""
SMALL = 14
"""Font size of labels at axes, in SVG units."""
Place: TypeAlias = Callable[[float], float]
"""A function from a value to its place along an axis, in SVG units."""


@dataclass(frozen=True)
class TornadoBar:
    """The effect of one lever: the result at either end of its range.

    Parameters
    ----------
    label : its name
    low, high : the result at its low and its high end
    low_says, high_says : those ends in words, each with the mark of the verdict there
    """

    label: str
    low: float
    high: float
    low_says: str
    high_says: str


@dataclass(frozen=True)
class ResponseCurve:
    """How one actor's surplus responds to a lever.

    Parameters
    ----------
    name : the actor
    points : values of the lever, ascending, each with the surplus and the verdict there
    present : the present value of the lever, with surplus and verdict; None for the value if it is `never`
    """

    name: str
    points: Sequence[tuple[float, float, str]]
    present: tuple[float | None, float, str]


@dataclass(frozen=True)
class CurveScale:
    """What all response curves of a lever share.

    Parameters
    ----------
    low, high : ends of the lever's range, and of the horizontal axis
    bottom, top : ends of the vertical axis
    says : those ends of the range in words
    case : the value in the scenario as in its file; None if that is `never`
    agreed : the stretches in which the text is agreed
    turns : the values at which the result turns
    percent : whether the curve shows a percentage instead of signed points
    """

    low: float
    high: float
    bottom: float
    top: float
    says: tuple[str, str]
    case: float | None
    agreed: Sequence[tuple[float, float]]
    turns: Sequence[float]
    percent: bool = False

    def said(self, value: float) -> str:
        """Return a value of the curve in words."""
        return f"{value:.0f}%" if self.percent else _signed(value)


def rounded_ends(values: Sequence[float], step: float = 10) -> tuple[float, float]:
    """Return round ends of an axis that covers some values and 0.

    >>> rounded_ends([-23.5, 6.5]), rounded_ends([])
    ((-30.0, 10.0), (-10.0, 10.0))
    """
    low, high = step * math.floor(min(values, default=0) / step), step * math.ceil(max(values, default=0) / step)
    return float(min(low, -step)), float(max(high, step))


def tornado(bars: Sequence[TornadoBar], now: float, ends: tuple[float, float], words: Mapping[str, str]) -> Markup:
    """Return the tornado chart, one row per lever.

    Parameters
    ----------
    now : the present result
    ends : ends of the axis
    words : ``title``, ``text``, ``low``, ``high`` (the ends in words), ``zero`` and ``now``
    """
    labels = [fitted(bar.label, WIDTH) for bar in bars]
    height = sum(map(_row_height, labels)) + 60

    def x(value: float) -> float:
        return round(SIDE + (WIDTH - 2 * SIDE) * (value - ends[0]) / (ends[1] - ends[0]), 1)

    bottom = height - 36
    parts = [text(_held(x(0), words["zero"]), 12, words["zero"], size=SMALL, anchor="middle")]
    top = 22
    for bar, label in zip(bars, labels, strict=True):
        parts += [text(0, top + LINE_HEIGHT * row, says) for row, says in enumerate(label, 1)]
        parts += _tornado_bar(bar, top + LINE_HEIGHT * len(label) + 6, x, now)
        top += _row_height(label)
    parts.append(line(SIDE, bottom, WIDTH - SIDE, bottom, SOFT, 1))
    parts.append(text(SIDE, bottom + 15, words["low"], size=SMALL, fill=SOFT, anchor="middle"))
    parts.append(text(WIDTH - SIDE, bottom + 15, words["high"], size=SMALL, fill=SOFT, anchor="middle"))
    parts.append(
        text(_held(x(now), words["now"]), bottom + 31, words["now"], size=SMALL, weight="bold", anchor="middle")
    )
    return styled_svg(WIDTH, height, words["title"], words["text"], parts)


def _held(x: float, says: str) -> float:
    """Return where a centred label goes so that it stays within the chart."""
    half = 3.6 * len(says)
    return min(max(x, half), WIDTH - half)


def _row_height(label: Sequence[str]) -> int:
    return LINE_HEIGHT * len(label) + BAR + 14


def _tornado_bar(bar: TornadoBar, at: float, x: Place, now: float) -> Iterator[str]:
    yield line(x(0), at - 3, x(0), at + BAR + 3, INK, 1)
    for value, fill in ((bar.low, WASH), (bar.high, KEY)):
        first, last = sorted((x(value), x(now)))
        yield (
            f'<rect x="{first}" y="{at}" width="{max(last - first, 0.5):.1f}" height="{BAR}" fill="{fill}" '
            f'stroke="{KEY}" stroke-width="1.5"/>'
        )
    dashed = f'd="M{x(now)} {at - 3}v{BAR + 6}" stroke="{INK}" stroke-width="2" stroke-dasharray="3 2"'
    yield f'<path {dashed} fill="none"/>'
    low_is_left = bar.low <= bar.high
    left, right = sorted((bar.low, bar.high))
    left, right = min(left, now), max(right, now)
    says = (bar.low_says, bar.high_says) if low_is_left else (bar.high_says, bar.low_says)
    yield text(x(left) - 5, at + 12, says[0], size=SMALL, anchor="end")
    yield text(x(right) + 5, at + 12, says[1], size=SMALL)


def response(one: ResponseCurve, scale: CurveScale, words: Mapping[str, str]) -> Markup:
    """Return the response curve of one actor.

    Parameters
    ----------
    words : ``title``, ``text``
    """
    right, bottom = CURVE_WIDTH - RIGHT, CURVE_HEIGHT - BOTTOM

    def x(value: float) -> float:
        return round(LEFT + (right - LEFT) * (value - scale.low) / ((scale.high - scale.low) or 1), 1)

    def y(value: float) -> float:
        return round(TOP + (bottom - TOP) * (scale.top - value) / (scale.top - scale.bottom), 1)

    parts = [
        f'<rect x="{x(first)}" y="{TOP}" width="{max(x(last) - x(first), 1):.1f}" height="{bottom - TOP}" '
        f'class="agreed-band"/>'
        for first, last in scale.agreed
    ]
    for tick in {scale.top: LINE, scale.bottom: LINE, 0.0: INK}.items():
        parts.append(line(LEFT, y(tick[0]), right, y(tick[0]), tick[1], 1))
        parts.append(text(LEFT - 4, y(tick[0]) + 4, scale.said(tick[0]), size=SMALL, fill=SOFT, anchor="end"))
    parts.append(text(LEFT, CURVE_HEIGHT - 6, scale.says[0], size=SMALL, fill=SOFT))
    parts.append(text(right, CURVE_HEIGHT - 6, scale.says[1], size=SMALL, fill=SOFT, anchor="end"))
    if scale.case is not None:
        at = x(scale.case)
        parts.append(f'<path d="M{at} {bottom}l-5 8h10Z" fill="{SOFT}"/>')
    parts += [
        f'<path d="M{x(turn)} {TOP}V{bottom}" stroke="{INK}" stroke-width="1.5" stroke-dasharray="4 3" fill="none"/>'
        for turn in scale.turns
    ]
    parts += _line_by_verdict(one.points, x, y)
    parts += _present(one.present, scale, x, y)
    return styled_svg(CURVE_WIDTH, CURVE_HEIGHT, words["title"], words["text"], parts)


def _line_by_verdict(points: Sequence[tuple[float, float, str]], x: Place, y: Place) -> Iterator[str]:
    """Yield the curve: a solid line where the actor accepts, a dashed one where it does not."""
    start = 0
    for end in range(1, len(points) + 1):
        if end < len(points) and (points[end][2] == "accept") == (points[start][2] == "accept"):
            continue
        accepts = points[start][2] == "accept"
        spots = " ".join(f"{x(value)},{y(surplus)}" for value, surplus, _ in points[start : end + (not accepts)])
        paint = f'stroke="{YES}"' if accepts else f'stroke="{NO}" stroke-dasharray="7 3"'
        yield f'<polyline points="{spots}" fill="none" stroke-width="3" {paint}/>'
        start = end


def _present(present: tuple[float | None, float, str], scale: CurveScale, x: Place, y: Place) -> Iterator[str]:
    value, surplus, verdict = present
    mark = scale.said(surplus) if scale.percent else f"{VERDICTS[verdict].mark} {scale.said(surplus)}"
    if value is None:
        yield text(CURVE_WIDTH - RIGHT, 12, mark, size=SMALL, weight="bold", anchor="end")
        return
    across, down = x(value), y(surplus)
    yield f'<circle cx="{across}" cy="{down}" r="5" fill="{INK}" stroke="var(--paper)" stroke-width="2"/>'
    yield text(
        min(max(across, LEFT + 22), CURVE_WIDTH - RIGHT - 22), 12, mark, size=SMALL, weight="bold", anchor="middle"
    )


def _signed(value: float) -> str:
    """
    >>> _signed(-8.46), _signed(12.0), _signed(0.0)
    ('\N{MINUS SIGN}8.5', '+12', '0')
    """
    said = f"{value:+.1f}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")
    return "0" if said in ("+0", "\N{MINUS SIGN}0") else said
