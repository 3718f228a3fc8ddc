"""The computed zones of a folder's scenarios, kept beside them in one file, so that lists and pages need not compute.

An entry counts only as long as the scenario, with its case and everything that it extends, is what it was: each entry
carries a hash of all that data. `sim.analysis.outcomes.zone` computes what is kept here; this module imports nothing
that takes long to load.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import case_paths
from sim.atomic_write import write_atomically
from sim.case.reading.case_files import case_files, scenario_files
from sim.errors import CaseError

if TYPE_CHECKING:
    from sim.case.models import Scenario

NAME = "zones.json"
FORMAT = "parley.zones/1"
"""Format of the file. A file of another format holds nothing that counts."""
RULES = 3
"""Number of the rules by which texts are judged and talks are played. Raise it whenever these rules change."""
WIDE = 1_000
"""A zone is wide if at least one text in so many would be agreed."""


class ZoneWidth(StrEnum):
    """How wide a zone is."""

    NONE = "none"
    NARROW = "narrow"
    WIDE = "wide"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ZoneMonth:
    """How many of the texts within reach would be agreed in a month of the talks.

    Parameters
    ----------
    month : int, from 1
    agreed : int, with everybody holding out for its aspiration of that month
    acceptable : int, >= `agreed`, if nobody held out for more than its reservation value
    """

    month: int
    agreed: int
    acceptable: int


@dataclass(frozen=True)
class Zone:
    """The zone of possible agreement of a scenario at central values.

    Parameters
    ----------
    outcome : how the talks end by the rules alone, the word of a `sim.negotiation.record.history.Outcome`
    ended : int, the month in which they end
    texts : int, how many texts within reach differ to somebody; 0 if there were too many to count
    packages : int, how many possible packages these stand for
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
        """How wide it is, by the texts agreed in the better of the two months."""
        if self.first is None or self.last is None:
            return ZoneWidth.UNKNOWN
        most = max(self.first.agreed, self.last.agreed)
        if most == 0:
            return ZoneWidth.NONE
        return ZoneWidth.WIDE if most * WIDE >= self.texts else ZoneWidth.NARROW

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data (`docs/reference/json.md`, "zone of agreement")."""

        def told(one: ZoneMonth | None) -> dict[str, Any] | None:
            return None if one is None else {**asdict(one), "share": round(one.agreed / self.texts, 6)}

        return {
            "kind": self.kind.value,
            "texts": self.texts,
            "packages": self.packages,
            "first": told(self.first),
            "last": told(self.last),
            "outcome": self.outcome,
            "ended": self.ended,
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Zone:
        """Return the zone of plain data.

        Raises
        ------
        KeyError, TypeError, ValueError
            if the data is something else
        """

        def read(one: Mapping[str, Any] | None) -> ZoneMonth | None:
            return None if one is None else ZoneMonth(int(one["month"]), int(one["agreed"]), int(one["acceptable"]))

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

    What the files and folders are called does not count, so that a case can be moved and copied. The format and the
    number of the rules do.

    Parameters
    ----------
    source : plain data, as in `Scenario.source`
    """
    case = {key: value for key, value in source["case"].items() if key != "id"}
    data = {**{key: value for key, value in source.items() if key != "id"}, "case": case}
    written = json.dumps([FORMAT, RULES, data], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def zone_of(scenario: Scenario, folder: Path | None = None) -> Zone | None:
    """Return the stored zone of a scenario, if it is still up to date.

    Parameters
    ----------
    scenario : as loaded; with changes it is another scenario, of which usually no zone is stored
    folder : where its file lies; None looks beside the bundled case of that name
    """
    folder = folder or case_paths.bundled_case(scenario.case.id)
    return None if folder is None else _found(entries(folder), digest(scenario.source))


def stored(paths: Iterable[Path]) -> dict[Path, Zone | None]:
    """Return the stored zone of each scenario file, or None where it is missing or out of date.

    The files are read, but not checked, and every case is read once.
    """
    read_case = cache(case_files)
    found: dict[Path, Zone | None] = {}
    for path in paths:
        try:
            file, case, _ = scenario_files(path, read_case)
            found[path] = _found(entries(path.parent), digest({**file.data, "case": case.data}))
        except CaseError:  # `check` says what is wrong with it
            found[path] = None
    return found


def entries(folder: Path) -> dict[str, Any]:
    """Return what is stored in a folder: scenario file to its entry; empty where nothing of this format is."""
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
        written = json.loads((folder / NAME).read_text(encoding="utf-8"))["format"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        written = None
    ours = isinstance(written, str) and written.partition("/")[0] == FORMAT.partition("/")[0]
    return None if ours else "was not written by Parley and is left alone; move it or delete it"


def keep(folder: Path, name: str, scenario: Scenario, zone: Zone) -> None:
    """Store the zone of a scenario in a folder without an `obstacle`, and drop those of scenarios that are gone.

    Parameters
    ----------
    name : of the scenario's file

    Raises
    ------
    OSError
        if the disk is full, say
    """
    kept = {file: entry for file, entry in entries(folder).items() if (folder / file).is_file()}
    kept[name] = {"hash": digest(scenario.source), "zone": zone.to_dict()}
    content = {"format": FORMAT, "scenarios": dict(sorted(kept.items()))}
    write_atomically(folder / NAME, json.dumps(content, indent=2) + "\n")


def _found(kept: Mapping[str, Any], key: str) -> Zone | None:
    """Return the zone of the entry with a hash; an entry that was spoilt does not count."""
    for entry in kept.values():
        try:
            if entry["hash"] == key:
                return Zone.from_dict(entry["zone"])
        except (KeyError, TypeError, ValueError):
            continue
    return None
