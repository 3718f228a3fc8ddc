"""Domains of Genius and GeniusWeb, written by the rules of their formats, for the tests of the import."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Table = Mapping[str, float | str]
"""Value to evaluation; numbers, or the text of the attribute."""


def domain(folder: Path, issues: Mapping[str, Sequence[str] | str], name: str = "domain.xml") -> Path:
    """Write a domain; an issue has a list of values, or its type with its bounds as attributes."""
    elements = [
        f'<issue index="{index}" name="{issue}" {values}/>'
        if isinstance(values, str)
        else f'<issue index="{index}" name="{issue}" type="discrete">{_items(dict.fromkeys(values, ""))}</issue>'
        for index, (issue, values) in enumerate(issues.items(), 1)
    ]
    text = f'<utility_space><objective index="0" name="root">{"".join(elements)}</objective></utility_space>'
    return write(folder / name, f"<negotiation_template>{text}</negotiation_template>")


def profile(folder: Path, name: str, issues: Mapping[str, Table | str], end: str = "") -> Path:
    """Write a profile with equal weights; an issue has a table, or an <evaluator>."""
    elements = [
        f'<issue index="{index}" name="{issue}">{values if isinstance(values, str) else _items(values)}</issue>'
        f'<weight index="{index}" value="{1 / len(issues)}"/>'
        for index, (issue, values) in enumerate(issues.items(), 1)
    ]
    text = f'<objective index="0" name="root">{"".join(elements)}</objective>{end}'
    return write(folder / f"{name}.xml", f"<utility_space>{text}</utility_space>")


def rectangles(folder: Path, name: str, most: float, inside: str) -> Path:
    """Write a profile over hyper-rectangles, with the elements of its sum."""
    whole = f'<utility maxutility="{most}"><ufun type="PlainUfun" aggregation="sum">{inside}</ufun></utility>'
    text = f'<objective index="0" name="root">{whole}</objective><reservation value="0.5"/>'
    return write(folder / f"{name}.xml", f"<utility_space>{text}</utility_space>")


def rectangle(utility: float, *bounds: tuple[int, int, int], tag: str = "INCLUDES", weight: float | None = None) -> str:
    """Return a hyper-rectangle; a bound is an issue's index, a least and a largest value."""
    of_weight = "" if weight is None else f' weight="{weight}"'
    inside = "".join(f'<{tag} index="{index}" min="{low}" max="{high}"/>' for index, low, high in bounds)
    return f'<hyperRectangle utility="{utility}"{of_weight}>{inside}</hyperRectangle>'


def web_domain(issues: Mapping[str, Sequence[str] | Mapping[str, Any]]) -> dict[str, Any]:
    """Return a domain of GeniusWeb; an issue has a list of values, or a range."""
    values = {name: {"range": one} if isinstance(one, Mapping) else {"values": one} for name, one in issues.items()}
    return {"name": "jobs", "issuesValues": values}


def web_profile(
    space: Mapping[str, Any], utilities: Mapping[str, Mapping[str, Any]], weights: Mapping[str, float], **rest: Any
) -> dict[str, Any]:
    """Return a profile of GeniusWeb; an issue has a table, or the utilities of two ends."""
    kinds = {
        name: {"NumberValueSetUtilities": one}
        if "lowValue" in one
        else {"DiscreteValueSetUtilities": {"valueUtilities": one}}
        for name, one in utilities.items()
    }
    inside = {"domain": space, "issueUtilities": kinds, "issueWeights": weights, "reservationBid": None, **rest}
    return {"LinearAdditiveUtilitySpace": inside}


def write(path: Path, content: str | Mapping[str, Any]) -> Path:
    """Write text, or data as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def _items(table: Table) -> str:
    return "".join(
        f'<item index="{index}" value="{value}"' + (f' evaluation="{evaluation}"' if evaluation != "" else "") + "/>"
        for index, (value, evaluation) in enumerate(table.items(), 1)
    )
