"""The computed zones of a folder's scenarios, stored beside them in one file, so that lists and pages load quickly.

Each entry carries a hash of all data of its scenario, including its case and everything that it extends. The entry is
valid only as long as that data is unchanged. `sim.analysis.outcomes.zone` computes the zones; this module imports
nothing that takes long to load.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from sim import case_paths
from sim.atomic_write import write_atomically
from sim.case.reading.case_files import case_files, scenario_files
from sim.errors import CaseError

if TYPE_CHECKING:
    from sim.case.models import Scenario

NAME = "zones.json"
FORMAT = "parley.zones/1"
"""Format of the file. A file of another format is ignored."""
UNREAD = ("short", "moved_by", "one_way", "clauses")
"""Keys of an issue that no rule reads."""
RULES = 4
"""Version of the rules by which texts are judged and talks are played. Raise it whenever these rules change."""
WIDE = 1_000
"""A zone is wide if at least one text in this many would be agreed."""


class ZoneWidth(StrEnum):
    """How wide a zone is."""

    NONE = "none"
    NARROW = "narrow"
    WIDE = "wide"
    UNKNOWN = "unknown"


class ZoneMonthData(TypedDict):
    """A `ZoneMonth` as plain data."""

    month: int
    agreed: int
    acceptable: int
    share: float


class ZoneData(TypedDict):
    """A `Zone` as plain data (`docs/reference/json.md`, "zone of agreement")."""

    kind: str
    texts: int
    packages: int
    first: ZoneMonthData | None
    last: ZoneMonthData | None
    outcome: str
    ended: int


@dataclass(frozen=True)
class ZoneMonth:
    """How many texts within reach would be agreed in one month of the talks.

    Parameters
    ----------
    month : int, from 1
    agreed : int, if everybody holds out for its aspiration of that month
    acceptable : int, >= `agreed`, if nobody holds out for more than its reservation value
    """

    month: int
    agreed: int
    acceptable: int

    def to_dict(self, texts: int) -> ZoneMonthData:
        """Return it as plain data; `texts` is the number of texts within reach."""
        share = round(self.agreed / texts, 6)
        return {"month": self.month, "agreed": self.agreed, "acceptable": self.acceptable, "share": share}


@dataclass(frozen=True)
class Zone:
    """The zone of possible agreement of a scenario at central values.

    Parameters
    ----------
    outcome : how the talks end by the rules alone, the word of a `sim.negotiation.record.history.Outcome`
    ended : int, the month in which they end
    texts : int, how many texts are within reach, those that no rule tells apart counted as one; 0 if too many to count
    packages : int, how many possible packages these texts stand for
    first, last : the first and the last month of the talks; None if the texts were not counted
    """

    outcome: str
    ended: int
    texts: int = 0
    packages: int = 0
    first: ZoneMonth | None = None
    last: ZoneMonth | None = None

    @property
    def kind(self) -> ZoneWidth:
        """The width of the zone, by the texts agreed in the better of the two months."""
        if self.first is None or self.last is None:
            return ZoneWidth.UNKNOWN
        most = max(self.first.agreed, self.last.agreed)
        if most == 0:
            return ZoneWidth.NONE
        return ZoneWidth.WIDE if most * WIDE >= self.texts else ZoneWidth.NARROW

    def to_dict(self) -> ZoneData:
        """Return it as plain data (`docs/reference/json.md`, "zone of agreement")."""
        return {
            "kind": self.kind.value,
            "texts": self.texts,
            "packages": self.packages,
            "first": None if self.first is None else self.first.to_dict(self.texts),
            "last": None if self.last is None else self.last.to_dict(self.texts),
            "outcome": self.outcome,
            "ended": self.ended,
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Zone:
        """Return the zone of plain data. Raises KeyError, TypeError or ValueError if the data is something else."""

        def read(part: Mapping[str, Any] | None) -> ZoneMonth | None:
            return None if part is None else ZoneMonth(*(int(part[key]) for key in ("month", "agreed", "acceptable")))

        return Zone(
            str(data["outcome"]),
            int(data["ended"]),
            int(data["texts"]),
            int(data["packages"]),
            read(data["first"]),
            read(data["last"]),
        )


def digest(source: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a scenario's whole data, in hexadecimal digits.

    The names of files and folders do not count, so that a case can be moved and copied. Neither does what no rule
    reads: the notice to a class and what it learns, what agents say aloud, the short names of issues, and who moves
    them alone. The format and the version of the rules do.
    """
    case = {key: _silent(value) for key, value in source["case"].items() if key not in ("id", "notice")}
    if isinstance(case.get("issues"), Mapping):
        case["issues"] = {name: _as_rules_read(issue) for name, issue in case["issues"].items()}
    data = {**{key: value for key, value in source.items() if key not in ("id", "teaches")}, "case": case}
    text = json.dumps([FORMAT, RULES, data], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _silent(data: Any) -> Any:
    """Return plain data of a case without what agents say aloud about its rules."""
    if isinstance(data, Mapping):
        rule = "rule" in data or "measure" in data
        return {key: _silent(value) for key, value in data.items() if not (rule and key == "aloud")}
    return [_silent(item) for item in data] if isinstance(data, list | tuple) else data


def _as_rules_read(issue: object) -> object:
    return {key: value for key, value in issue.items() if key not in UNREAD} if isinstance(issue, Mapping) else issue


def stored_zone(scenario: Scenario, folder: Path | None = None) -> Zone | None:
    """Return the stored zone of a scenario, if it is still up to date.

    Without a folder, the zone is looked up in that of the bundled case of the same name. A scenario with changes is a
    different scenario, usually without a stored zone.
    """
    folder = folder or case_paths.bundled_case(scenario.case.id)
    return None if folder is None else _zone(entries(folder), digest(scenario.source))


def stored_zones(paths: Iterable[Path]) -> dict[Path, Zone | None]:
    """Return the stored zone of each scenario file, or None where it is missing or out of date.

    The files are read but not checked, and every case is read once.
    """
    read_case = cache(case_files)
    zones: dict[Path, Zone | None] = {}
    for path in paths:
        try:
            file, case, _ = scenario_files(path, read_case)
            zones[path] = _zone(entries(path.parent), digest({**file.data, "case": case.data}))
        except CaseError:  # the command `check` reports it
            zones[path] = None
    return zones


def entries(folder: Path) -> dict[str, Any]:
    """Return the stored entries of a folder: scenario file to entry; empty if there are none of this format."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return dict(data["scenarios"]) if data["format"] == FORMAT else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def obstacle(folder: Path) -> str | None:
    """Say why zones cannot be stored in a folder; None if they can."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return f"cannot be written ({error.strerror})"
    try:
        form = json.loads((folder / NAME).read_text(encoding="utf-8"))["format"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        form = None
    ours = isinstance(form, str) and form.partition("/")[0] == FORMAT.partition("/")[0]
    return None if ours else "was not written by Parley and is left alone; move it or delete it"


def store_zone(folder: Path, name: str, scenario: Scenario, zone: Zone) -> None:
    """Store the zone of a scenario in a folder without an `obstacle`, and drop the zones of deleted scenarios.

    `name` is that of the scenario's file. Raises OSError if the file cannot be written, for example because the disk is
    full.
    """
    stored = {file: entry for file, entry in entries(folder).items() if (folder / file).is_file()}
    stored[name] = {"hash": digest(scenario.source), "zone": zone.to_dict()}
    content = {"format": FORMAT, "scenarios": dict(sorted(stored.items()))}
    write_atomically(folder / NAME, json.dumps(content, indent=2) + "\n")


def _zone(stored: Mapping[str, Any], key: str) -> Zone | None:
    """The zone of the entry with a hash; damaged entries are ignored."""
    for entry in stored.values():
        try:
            if entry["hash"] == key:
                return Zone.from_dict(entry["zone"])
        except (KeyError, TypeError, ValueError):
            continue
    return None
