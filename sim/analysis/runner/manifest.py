"""The manifest of a folder of results: what its rows were made from, and the SHA-256 of everything that is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.analysis.runner.pieces import Job, Piece
from sim.atomic_write import write_atomically
from sim.errors import UsageError

MANIFEST = "manifest.json"
FILES = "files"
"""The key of the checksums, which are no part of what distinguishes a job."""
BYTES_MOST = 2**26
"""The largest manifest that is read, in bytes."""
KINDS = {"scenarios": "scenario", "design": "design of"}
"""Kind of input to the words for it in an error."""


@dataclass(frozen=True)
class FileSums:
    """The SHA-256 of a final file, and of each of its pieces when it was stored alone, in hexadecimal digits."""

    sha256: str
    pieces: tuple[str, ...]


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder, None if there is none; raise UsageError if it is not a JSON object."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        if not path.is_file():
            raise ValueError("not a regular file")
        if path.stat().st_size > BYTES_MOST:
            raise ValueError("too large")
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(manifest, dict):
            raise ValueError("not a JSON object")
    except RecursionError:
        raise _unreadable(path, "nested too deeply") from None
    except json.JSONDecodeError as error:
        raise _unreadable(path, f"not JSON, line {error.lineno}") from None
    except UnicodeDecodeError:
        raise _unreadable(path, "not UTF-8") from None
    except ValueError as error:
        raise _unreadable(path, str(error)) from None
    return manifest


def _unreadable(path: Path, why: str) -> UsageError:
    return UsageError(f"{path} is not a manifest of results ({why}); name another folder.")


def write_manifest(folder: Path, made_from: Mapping[str, Any], sums: Mapping[str, FileSums]) -> None:
    """Write the manifest of a folder, at once."""
    files = {name: {"sha256": one.sha256, "pieces": one.pieces} for name, one in sums.items()}
    content = {**made_from, **({FILES: files} if files else {})}
    write_atomically(folder / MANIFEST, json.dumps(content, indent=2) + "\n")


def sums_in(manifest: Mapping[str, Any]) -> dict[str, FileSums]:
    """Return the checksums of the final files; what does not have their form is left out."""
    files, sums = manifest.get(FILES), {}
    for name, entry in files.items() if isinstance(files, dict) else ():
        pieces = entry.get("pieces") if isinstance(entry, dict) else None
        if isinstance(pieces, list) and all(isinstance(text, str) for text in [entry.get("sha256"), *pieces]):
            sums[name] = FileSums(entry["sha256"], tuple(pieces))
    return sums


def check_manifest(folder: Path, present: Mapping[str, Any], wanted: Mapping[str, Any], job: Job[Piece]) -> None:
    """Raise UsageError, with what differs, if a manifest is not that of a job."""
    if {key: value for key, value in present.items() if key != FILES} != wanted:
        differences = _differences(present, wanted, job)
        raise UsageError(f"{folder} holds another {job.kind} ({differences}); name another folder.")


def _differences(present: Mapping[str, Any], wanted: Mapping[str, Any], job: Job[Piece]) -> str:
    """Describe how two manifests differ; for another kind of job, only its format."""
    if present.get("format") != job.format:
        return f"format {_in_words(present.get('format'))}, not {job.format}"
    differences = []
    for key in job.sizes:
        if present.get(key) != wanted[key]:
            differences.append(f"{key} {_in_words(present.get(key))}, not {_in_words(wanted[key])}")
    for key in ("versions", *job.inputs):
        ours, theirs = wanted[key], present.get(key)
        theirs = theirs if isinstance(theirs, dict) else {}
        names = sorted(name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name))
        if key == "versions":
            differences += [
                f"made with {name} {_in_words(theirs.get(name))}, not {ours.get(name, 'none')}" for name in names
            ]
        elif names:
            differences.append(f"another {KINDS[key]} {' and '.join(names)}")
    return "; ".join(differences) or "with other entries in its manifest"


def _in_words(size: object) -> str:
    return "none" if size is None else str(size)[:80]
