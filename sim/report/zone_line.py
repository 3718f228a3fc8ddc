"""The computed zone of agreement of a scenario in one line."""

from __future__ import annotations

from sim.report.wording import Plain
from sim.strings import Strings


def zone_line(found: Plain | None, t: Strings) -> str:
    """Say how wide a zone is, and whether the rules alone reach an agreement.

    Parameters
    ----------
    found : a zone of agreement as plain data; None if none is stored, or if it is out of date

    Examples
    --------
    >>> zone_line({"kind": "wide", "outcome": "agreed", "ended": 7}, Strings.load())
    'wide zone · rules reach it in month 7'
    >>> zone_line({"kind": "narrow", "outcome": "impasse", "ended": 9}, Strings.load())
    'narrow zone · rules do not reach it'
    """
    if found is None:
        return t("zone.stale")
    kind, reached = found["kind"], found["outcome"] == "agreed"
    zone = t(f"zone.kind.{kind}")
    if kind in ("narrow", "wide"):
        said = t("zone.reached", month=found["ended"]) if reached else t("zone.missed")
    elif reached:
        said = t("zone.agreed", month=found["ended"])
    elif kind == "none":
        return zone
    else:
        said = t("zone.not_agreed")
    return f"{zone} · {said}"
