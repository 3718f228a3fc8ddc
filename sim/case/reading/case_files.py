"""Which files make a case or a scenario, read and put together as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.case.reading.source_map import Finding, SourceMap
from sim.case.reading.source_text import file_error
from sim.case.reading.yaml_documents import DataPath, Document, read_document
from sim.case_paths import ACTORS, CASE, CLAIMS, bundled_case, proper_name
from sim.errors import CaseError, Problem, did_you_mean, quoted

ELSEWHERE = {
    "id": "The id of a case is the name of its folder.",
    "claims": "Claims stand in claims.yaml.",
    "actors": "Actors stand in actors/NAME.yaml.",
}
"""Parts of a case's data that have their own place, and must not stand in `case.yaml`."""
MERGED = ("proposal", "protocol", "changes")
"""The mappings that a scenario merges with those of the file that it extends; any other key it replaces."""


def is_case(path: Path) -> bool:
    """Whether a path is a case (its folder, or its `case.yaml`) rather than a scenario."""
    return path.name == CASE or _is(path, Path.is_dir)


def case_files(path: Path) -> tuple[SourceMap, list[Problem]]:
    """Read the files of a case.

    Parameters
    ----------
    path : its folder, or its `case.yaml`

    Returns
    -------
    their data put together; the problems of files that could not be read, which are empty there

    Raises
    ------
    CaseError
        if there is no case
    """
    folder = _case_folder(path)
    files: dict[DataPath, Path] = {(): folder / CASE}
    problems: list[Problem] = []
    for part, file in [*_parts(folder)]:
        if (proper := proper_name(file.name)) != file.name:
            problems.append(Problem(file.as_posix(), 0, 0, "", f"rename this file to {proper}; a case's end in .yaml."))
        if proper == file.name or part not in files:
            files[part] = file
    documents: dict[DataPath, Document] = {}
    for part, file in files.items():
        try:
            documents[part] = read_document(file)
        except CaseError as error:
            problems += error.problems
    for part, one in documents.items():
        problems += SourceMap.of(one).problems(_misplaced(part, one.data))
    return _together(folder, files, documents), problems


def _parts(folder: Path) -> Iterator[tuple[DataPath, Path]]:
    """The claims and the actors of a case, with what its data calls them; also files whose ending is another."""
    for file in _files(folder):
        if proper_name(file.name) == CLAIMS:
            yield ("claims",), file
    for file in _files(folder / ACTORS):
        if (proper := Path(proper_name(file.name))).suffix == ".yaml":
            yield ("actors", proper.stem), file


def _files(folder: Path) -> list[Path]:
    """What lies in a folder and is not hidden, sorted."""
    return sorted(one for one in folder.glob("*") if not one.name.startswith("."))


def _misnamed_case(folder: Path) -> str:
    """A hint at a `case.yaml` whose ending is another."""
    names = [one.name for one in _files(folder) if one.name != CASE]
    found = next((one for one in names if proper_name(one).lower() == CASE), None)
    return f" Rename {found} to {CASE}." if found else ""


def _case_folder(path: Path) -> Path:
    if not _is(path, Path.exists):
        read_document(path)  # says why it cannot be read
    if path.name == CASE:
        return path.parent
    if not _is(path, Path.is_dir):
        raise file_error(path.as_posix(), f"this is not a case; a case is a folder with a {CASE}.")
    if not _is(path / CASE, Path.exists):
        raise file_error(path.as_posix(), f"there is no {CASE} in this folder.{_misnamed_case(path)}")
    return path


def _misplaced(part: DataPath, data: Mapping[str, Any]) -> Iterator[Finding]:
    """Keys of `case.yaml` that have their own files, and keys of `claims.yaml` other than its one."""
    if part == ("claims",):
        if "claims" not in data:
            yield Finding((), "the key 'claims' is missing.")
        for key in data:
            if key != "claims":
                yield Finding((key,), f"the key '{key}' is not known here (claims).", key=True)
    elif part == ():
        for key in ELSEWHERE:
            if key in data:
                yield Finding((key,), f"the key '{key}' does not stand in {CASE}. {ELSEWHERE[key]}", key=True)


def _together(folder: Path, files: Mapping[DataPath, Path], read: Mapping[DataPath, Document]) -> SourceMap:
    documents = {part: read.get(part, Document(file.as_posix(), {})) for part, file in files.items()}
    data = {key: value for key, value in documents[()].data.items() if key not in ELSEWHERE}
    data |= {"id": folder.resolve().name, "claims": {}, "actors": {}}
    origins: dict[DataPath, tuple[Document, DataPath]] = {part: (one, ()) for part, one in documents.items()}
    for part, one in documents.items():
        if part == ("claims",):
            data["claims"] = one.data.get("claims", {})
            origins[part] = one, ("claims",)
        elif part:
            data["actors"][part[1]] = one.data
    unread = files.keys() - read.keys()
    if "claims" not in documents.get(("claims",), documents[()]).data:
        unread |= {("claims",)} & files.keys()
    return SourceMap(data, origins, frozenset(unread))


def scenario_files(
    path: Path, read_case: Callable[[Path], tuple[SourceMap, list[Problem]]] = case_files
) -> tuple[SourceMap, SourceMap, list[Problem]]:
    """Read the files of a scenario: itself, those that it extends, and its case.

    Parameters
    ----------
    path : the scenario file
    read_case : reads the case in a folder; whoever reads many scenarios of one case may keep what was read

    Returns
    -------
    the scenario's data; the case's data; the problems of files of the case that could not be read

    Raises
    ------
    CaseError
        if the scenario cannot be read, or has no case
    """
    if is_case(path):
        scenarios = ", ".join(one.name for one in sorted(_case_folder(path).glob("*.yaml")) if not _is_part(one))
        raise file_error(
            path.as_posix(), f"this is a case; name one of its scenarios ({scenarios or 'it has none yet'})."
        )
    if _is_part(path):
        raise file_error(path.as_posix(), "this is a part of a case; name the case's folder, or one of its scenarios.")
    chain = [read_document(path)]
    while "extends" in chain[-1].data:
        chain.append(_extended(chain))
    whole = SourceMap.of(chain[-1])
    for child in reversed(chain[:-1]):
        whole = _merged(child, whole)
    data = {key: value for key, value in whole.data.items() if key != "extends"} | {"id": path.stem}
    scenario = SourceMap(data, whole.origins)
    case, problems = read_case(_case_of(scenario))
    named = Finding(("id",), "the key 'id' is not known here; the id of a scenario is the name of its file.", key=True)
    problems += [one for each in chain if "id" in each.data for one in SourceMap.of(each).problems([named])]
    return scenario, case, problems


def _is_part(path: Path) -> bool:
    folder = path.parent.parent if path.parent.name == ACTORS else None
    return path.name in (CASE, CLAIMS) or (folder is not None and _is(folder / CASE, Path.exists))


def _extended(chain: list[Document]) -> Document:
    child = chain[-1]
    path, parent = _named(child, "extends")
    before = [Path(one.file).resolve() for one in chain]
    if path.resolve() in before:
        circle = " -> ".join(one.name for one in [*before[before.index(path.resolve()) :], path])
        raise _wrong(child, "extends", f"files extend each other in a circle ({circle}).")
    if not _is(path, Path.is_file):
        siblings = [one.name for one in sorted(path.parent.glob("*.yaml"))]
        raise _wrong(child, "extends", f"there is no file {quoted(parent)}.{did_you_mean(path.name, siblings)}")
    if _is_part(path):
        raise _wrong(child, "extends", f"{quoted(parent)} is a part of a case; a scenario extends another scenario.")
    return read_document(path)


def _merged(child: Document, parent: SourceMap) -> SourceMap:
    """A scenario laid over the one that it extends."""
    data = {**parent.data, **child.data}
    origins = {path: one for path, one in parent.origins.items() if path and path[0] not in child.data}
    origins |= {(key,): parent.origin((key,)) for key in parent.data if key not in child.data}
    for key in MERGED:
        above, own = parent.data.get(key), child.data.get(key)
        if isinstance(above, dict) and isinstance(own, dict):
            data[key] = {**above, **own}
            origins |= {(key, one): parent.origin((key, one)) for one in above if one not in own}
    return SourceMap(data, {**origins, (): (child, ())})


def _case_of(scenario: SourceMap) -> Path:
    """The folder, or the `case.yaml`, of a scenario's case."""
    document, _ = scenario.origin(("case",))
    if "case" not in document.data:
        raise _wrong(document, "case", "the key 'case' is missing; it names the folder of the case, such as 'case: .'.")
    path, name = _named(document, "case")
    if not _is_case_at(path):  # a scenario of a bundled case may be anywhere
        path = bundled_case(str(name)) or path
    if not _is_case_at(path):
        hint = " This file lies in one; write 'case: .'." if _is_case_at(Path(document.file).parent) else ""
        hint = _misnamed_case(path) or hint
        raise _wrong(document, "case", f"there is no case at {quoted(name)}: no folder with a {CASE}.{hint}")
    return path


def _is_case_at(path: Path) -> bool:
    return _is(path if path.name == CASE else path / CASE, Path.is_file)


def _named(document: Document, key: str) -> tuple[Path, object]:
    """The path, relative to its own file, that a key of a scenario names."""
    name = document.data[key]
    if not isinstance(name, str) or not name:
        raise _wrong(document, key, f"{quoted(name)} stands where the path of a file belongs.")
    return Path(document.file).parent / name, name


def _wrong(document: Document, key: str, message: str) -> CaseError:
    return CaseError(SourceMap.of(document).problems([Finding((key,), message)]))


def _is(path: Path, test: Callable[[Path], bool]) -> bool:
    """Whether a path is a file, say; a path that may not be looked at, or cannot be, is none."""
    try:
        return test(path)
    except (OSError, ValueError):
        return False
