"""A scenario's zone of possible agreement in one line."""

from __future__ import annotations

from sim.report.wording import Plain
from sim.strings import Strings


def zone_line(zone: Plain | None, t: Strings) -> str:
    """Say how wide the zone is and whether the rules alone reach an agreement.

    Parameters
    ----------
    zone : the zone as plain data; None if none is stored or the stored one is out of date

    Examples
    --------
    >>> zone_line({"kind": "wide", "outcome": "agreed", "ended": 7}, Strings.load())
    'wide zone · rules reach it in month 7'
    >>> zone_line({"kind": "narrow", "outcome": "impasse", "ended": 9}, Strings.load())
    'narrow zone · rules do not reach it'
    """
    if zone is None:
        return t("zone.stale")
    kind, reached = zone["kind"], zone["outcome"] == "agreed"
    width = t(f"zone.kind.{kind}")
    if kind in ("narrow", "wide"):
        result = t("zone.reached", month=zone["ended"]) if reached else t("zone.missed")
    elif reached:
        result = t("zone.agreed", month=zone["ended"])
    elif kind == "none":
        return width
    else:
        result = t("zone.not_agreed")
    return f"{width} · {result}"
