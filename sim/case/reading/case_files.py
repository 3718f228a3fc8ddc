"""Finds the files of a case or a scenario, reads them and puts them together as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.case.reading.source_map import Finding, SourceMap
from sim.case.reading.source_text import file_error
from sim.case.reading.yaml_documents import DataPath, Document, read_document
from sim.case_paths import ACTORS, CASE, CLAIMS, bundled_case, check_path, proper_name
from sim.errors import CaseError, Problem, did_you_mean, quoted

ELSEWHERE = {
    "id": "The id of a case is the name of its folder.",
    "claims": "Claims belong in claims.yaml.",
    "actors": "Actors belong in actors/NAME.yaml.",
}
"""Keys of a case's data that must not be in `case.yaml`, and where they belong."""
MERGED = ("proposal", "protocol", "changes")
"""The mappings that a scenario merges with those of the file that it extends; it replaces all other keys."""


def case_files(path: Path) -> tuple[SourceMap, list[Problem]]:
    """Read the files of a case.

    Returns the data of all files, and the problems of the files that could not be read, whose data is empty. Raises
    CaseError if there is no case at the path.
    """
    folder = _case_folder(path)
    files: dict[DataPath, Path] = {(): folder / CASE}
    problems: list[Problem] = []
    for part, file in list(_parts(folder)):
        if (proper := proper_name(file.name)) != file.name:
            message = f"rename this file to {proper}; the names of case files end in .yaml."
            problems.append(Problem(file.as_posix(), 0, 0, "", message))
        if proper == file.name or part not in files:
            files[part] = file
    documents: dict[DataPath, Document] = {}
    for part, file in files.items():
        try:
            documents[part] = read_document(file)
        except CaseError as error:
            problems += error.problems
    for part, document in documents.items():
        problems += SourceMap.of(document).problems(_misplaced_keys(part, document.data))
    return _joined(folder, files, documents), problems


def _parts(folder: Path) -> Iterator[tuple[DataPath, Path]]:
    """Yield the files of a case's claims and actors with their paths in its data, including misnamed files."""
    for file in _files(folder):
        if proper_name(file.name) == CLAIMS:
            yield ("claims",), file
    for file in _files(folder / ACTORS):
        if (proper := Path(proper_name(file.name))).suffix == ".yaml":
            yield ("actors", proper.stem), file


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder that are not hidden, sorted."""
    return sorted(file for file in folder.glob("*") if not file.name.startswith("."))


def _misnamed_case(folder: Path) -> str:
    """Return a hint to rename a `case.yaml` that is spelled differently; empty if there is none."""
    names = [file.name for file in _files(folder) if file.name != CASE]
    misnamed = next((name for name in names if proper_name(name).lower() == CASE), None)
    return f" Rename {misnamed} to {CASE}." if misnamed else ""


def _case_folder(path: Path) -> Path:
    if not check_path(path, Path.exists):
        read_document(path)  # raises an error that says why it cannot be read
    if path.name == CASE:
        return path.parent
    if not check_path(path, Path.is_dir):
        raise file_error(path.as_posix(), f"this is not a case; a case is a folder with a {CASE}.")
    if not check_path(path / CASE, Path.exists):
        raise file_error(path.as_posix(), f"there is no {CASE} in this folder.{_misnamed_case(path)}")
    return path


def _misplaced_keys(part: DataPath, data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield keys of `case.yaml` that belong in other files, and keys of `claims.yaml` other than `claims`."""
    if part == ("claims",):
        if "claims" not in data:
            yield Finding((), "the key 'claims' is missing.")
        for key in data:
            if key != "claims":
                yield Finding((key,), f"the key '{key}' is not known here (claims).", key=True)
    elif part == ():
        for key in ELSEWHERE:
            if key in data:
                yield Finding((key,), f"the key '{key}' does not belong in {CASE}. {ELSEWHERE[key]}", key=True)


def _joined(folder: Path, files: Mapping[DataPath, Path], read: Mapping[DataPath, Document]) -> SourceMap:
    """Put the documents of a case together; those that could not be read are empty."""
    documents = {part: read.get(part, Document(file.as_posix(), {})) for part, file in files.items()}
    data = {key: value for key, value in documents[()].data.items() if key not in ELSEWHERE}
    data |= {"id": folder.resolve().name, "claims": {}, "actors": {}}
    origins: dict[DataPath, tuple[Document, DataPath]] = {part: (document, ()) for part, document in documents.items()}
    for part, document in documents.items():
        if part == ("claims",):
            data["claims"] = document.data.get("claims", {})
            origins[part] = document, ("claims",)
        elif part:
            data["actors"][part[1]] = document.data
    unread = files.keys() - read.keys()
    if "claims" not in documents.get(("claims",), documents[()]).data:
        unread |= {("claims",)} & files.keys()
    return SourceMap(data, origins, frozenset(unread))


def scenario_files(
    path: Path, read_case: Callable[[Path], tuple[SourceMap, list[Problem]]] = case_files
) -> tuple[SourceMap, SourceMap, list[Problem]]:
    """Read the files of a scenario: the scenario, the files that it extends, and its case.

    Returns the data of the scenario and of its case, and the problems of files of the case that could not be read. A
    caller that reads many scenarios of one case can cache `read_case`. Raises CaseError if the scenario cannot be read,
    or has no case.
    """
    if path.name == CASE or check_path(path, Path.is_dir):
        scenarios = ", ".join(file.name for file in sorted(_case_folder(path).glob("*.yaml")) if not _is_part(file))
        raise file_error(
            path.as_posix(), f"this is a case; name one of its scenarios ({scenarios or 'it has none yet'})."
        )
    if _is_part(path):
        raise file_error(path.as_posix(), "this is a part of a case; name the case's folder, or one of its scenarios.")
    chain = [read_document(path)]
    while "extends" in chain[-1].data:
        chain.append(_extended(chain))
    merged = SourceMap.of(chain[-1])
    for child in reversed(chain[:-1]):
        merged = _merged(child, merged)
    data = {key: value for key, value in merged.data.items() if key != "extends"} | {"id": path.stem}
    scenario = SourceMap(data, merged.origins)
    case, in_case = read_case(_case_of(scenario))
    problems = list(in_case)  # those of the case may be cached
    id_key = Finding(("id",), "the key 'id' is not known here; the id of a scenario is the name of its file.", key=True)
    for document in chain:
        if "id" in document.data:
            problems += SourceMap.of(document).problems([id_key])
    return scenario, case, problems


def _is_part(path: Path) -> bool:
    folder = path.parent.parent if path.parent.name == ACTORS else None
    return path.name in (CASE, CLAIMS) or (folder is not None and check_path(folder / CASE, Path.exists))


def _extended(chain: list[Document]) -> Document:
    child = chain[-1]
    path, parent = _named_path(child, "extends")
    before = [Path(document.file).resolve() for document in chain]
    if path.resolve() in before:
        circle = " -> ".join(file.name for file in [*before[before.index(path.resolve()) :], path])
        raise _wrong(child, "extends", f"files extend each other in a circle ({circle}).")
    if not check_path(path, Path.is_file):
        siblings = [file.name for file in sorted(path.parent.glob("*.yaml"))]
        raise _wrong(child, "extends", f"there is no file {quoted(parent)}.{did_you_mean(path.name, siblings)}")
    if _is_part(path):
        message = f"{quoted(parent)} is a part of a case; a scenario can only extend another scenario."
        raise _wrong(child, "extends", message)
    return read_document(path)


def _merged(child: Document, parent: SourceMap) -> SourceMap:
    data = {**parent.data, **child.data}
    origins = {path: origin for path, origin in parent.origins.items() if path and path[0] not in child.data}
    origins |= {(key,): parent.origin((key,)) for key in parent.data if key not in child.data}
    for key in MERGED:
        inherited, own = parent.data.get(key), child.data.get(key)
        if isinstance(inherited, dict) and isinstance(own, dict):
            data[key] = {**inherited, **own}
            origins |= {(key, name): parent.origin((key, name)) for name in inherited if name not in own}
    return SourceMap(data, {**origins, (): (child, ())})


def _case_of(scenario: SourceMap) -> Path:
    """Return the folder, or the `case.yaml`, of a scenario's case."""
    document, _ = scenario.origin(("case",))
    if "case" not in document.data:
        raise _wrong(document, "case", "the key 'case' is missing; it names the folder of the case, such as 'case: .'.")
    path, name = _named_path(document, "case")
    if not _holds_case(path):  # a scenario of a bundled case may be in any folder
        path = bundled_case(str(name)) or path
    if not _holds_case(path):
        beside = _holds_case(Path(document.file).parent)
        hint = _misnamed_case(path) or (" This file is in the folder of a case; write 'case: .'." if beside else "")
        raise _wrong(document, "case", f"there is no case at {quoted(name)}; a case is a folder with a {CASE}.{hint}")
    return path


def _holds_case(path: Path) -> bool:
    """Whether the `case.yaml` that a path names, or that of its folder, exists."""
    return check_path(path if path.name == CASE else path / CASE, Path.is_file)


def _named_path(document: Document, key: str) -> tuple[Path, object]:
    """Return the path that a key of a scenario names, relative to the scenario's file, and the name itself."""
    name = document.data[key]
    if not isinstance(name, str) or not name:
        raise _wrong(document, key, f"expected the path of a file, not {quoted(name)}.")
    return Path(document.file).parent / name, name


def _wrong(document: Document, key: str, message: str) -> CaseError:
    return CaseError(SourceMap.of(document).problems([Finding((key,), message)]))
