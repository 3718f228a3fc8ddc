"""Translates the words of a case and its scenarios: one file per language beside the case, dotted path to text.

The numbers and conditions stay as they are, so a translated case gives the same results. A path without a text in the
file keeps its English words. Nothing but the words in `translatable` can be translated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.case.base_models import item_name
from sim.case.models import NO_DEAL, NO_DEAL_WORDS
from sim.case.reading.source_map import with_value
from sim.case.reading.yaml_documents import DataPath, Document, read_document
from sim.case_paths import TRANSLATIONS, check_path
from sim.errors import CaseError, Problem, did_you_mean, quoted

SCENARIOS = "scenarios"
"""The first step of the paths of a scenario's own words; the scenario's id follows."""
WORDS = (
    *("title", "question", "description", "notice", "teaches", "aloud"),
    *("says", "short", "brief", "text", "unit", "assumption"),
)
"""The keys whose texts people read."""
MAPPINGS = ("labels", "clauses", "names")
"""The keys that hold words by name."""
NOT_WORDS = ("protocol", "proposal", "changes", "when", "then", "set", "case", "id")
"""The keys below which nothing is read by people."""
NAMES = "names"


@dataclass(frozen=True)
class Coverage:
    """How much of a case a language's file translates: the paths without a text, of so many."""

    language: str
    file: Path
    missing: tuple[str, ...]
    paths: int


def languages_of(folder: Path) -> list[str]:
    """Return the languages into which the case in a folder is translated, sorted."""
    return sorted(file.stem for file in (folder / TRANSLATIONS).glob("*.yaml"))


def read_translation(folder: Path, language: str) -> Document | None:
    """Read the translation of the case in a folder; None if there is none. Raises CaseError if it cannot be read."""
    file = folder / TRANSLATIONS / f"{language}.yaml"
    return read_document(file) if check_path(file, Path.is_file) else None


def translatable(source: Mapping[str, Any]) -> dict[str, tuple[DataPath, str]]:
    """Return everything that can be translated in a scenario's plain data (`Scenario.source`): dotted path to the
    path in the data, and the English words.

    An option without a label and an id that pages show, such as that of a resource, have their names as words.
    """
    case, scenario = source["case"], str(source["id"])
    found = dict(_words(case, ("case",), ""))
    for issue, data in case["issues"].items():
        for option in data["options"]:
            if isinstance(option, str):
                place = ("case", "issues", issue, "labels", option)
                found.setdefault(f"issues.{issue}.labels.{option}", (place, option.replace("_", " ")))
    found.setdefault(f"{NAMES}.{NO_DEAL}", (("case", NAMES, NO_DEAL), NO_DEAL_WORDS))
    for name in _ids(case):
        found.setdefault(f"{NAMES}.{name}", (("case", NAMES, name), name.replace("_", " ")))
    return found | dict(_words(source, (), f"{SCENARIOS}.{scenario}."))


def translated(source: Mapping[str, Any], translation: Document) -> dict[str, Any]:
    """Return a scenario's plain data with the words of a translation. Raises CaseError if it has an unknown path of
    the case or of this scenario, or something other than a text.
    """
    known, texts = translatable(source), flat(translation)
    here = [path for path in texts if _scenario_of(path) in (None, source["id"])]
    if problems := list(_problems(translation, {path: texts[path] for path in here}, known, source)):
        raise CaseError(problems)
    result: Any = source
    for path in here:
        place = known[path][0] if path in known else ("case", *path.split("."))
        result = with_value(result, place, texts[path][1])
    return dict(result)


def coverage(
    folder: Path, language: str, sources: Sequence[Mapping[str, Any]]
) -> tuple[Coverage | None, list[Problem]]:
    """Return how much of a case and its scenarios a language's file translates, and the mistakes in the file.

    `sources` holds the plain data of scenarios of the case in the folder; the words of its other scenarios are left
    out. The coverage is None if the file cannot be read.
    """
    try:
        translation = read_translation(folder, language)
    except CaseError as error:
        return None, list(error.problems)
    if translation is None or not sources:
        return None, []
    known: dict[str, tuple[DataPath, str]] = {}
    for source in sources:
        known |= translatable(source)
    others = {file.stem for file in folder.glob("*.yaml")} - {str(source["id"]) for source in sources}
    texts = {path: text for path, text in flat(translation).items() if _scenario_of(path) not in others}
    missing = tuple(path for path in known if path not in texts)
    found = Coverage(language, Path(translation.file), missing, len(known))
    return found, list(_problems(translation, texts, known, sources[0]))


def _scenario_of(path: str) -> str | None:
    """Return the id of the scenario whose word a dotted path is; None for a word of the case."""
    first, _, rest = path.partition(".")
    return rest.partition(".")[0] if first == SCENARIOS else None


def flat(translation: Document) -> dict[str, tuple[DataPath, object]]:
    """Return the texts of a translation by dotted path, each with its place in the file; keys may hold dots."""

    def leaves(data: object, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[DataPath, object]]]:
        if isinstance(data, Mapping) and data:
            for name, item in data.items():
                yield from leaves(item, (*path, str(name)))
        else:
            yield ".".join(path), (path, data)

    return dict(leaves(translation.data, ()))


def _problems(
    translation: Document,
    texts: Mapping[str, tuple[DataPath, object]],
    known: Mapping[str, object],
    source: Mapping[str, Any],
) -> Iterator[Problem]:
    actors = {f"{NAMES}.{actor}" for actor in source["case"]["actors"]}  # short names, if the language needs them
    for path, (place, text) in texts.items():
        line, column = translation.place(place, key=True)
        if path not in known and path not in actors:
            hint = did_you_mean(path, [*known])
            yield Problem(translation.file, line, column, path, f"there is nothing to translate here.{hint}")
        elif not isinstance(text, str) or not text:
            yield Problem(translation.file, line, column, path, f"expected a text, not {quoted(text)}.")


def _words(data: object, place: DataPath, path: str) -> Iterator[tuple[str, tuple[DataPath, str]]]:
    """Yield the dotted path, the place and the text of every word that people read, below a place of the data."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            named = place[-1:] and place[-1] in MAPPINGS
            is_name = key == "name" and place[-2:-1] == ("actors",)
            if isinstance(value, str) and (named or is_name or key in WORDS):
                yield f"{path}{key}", ((*place, key), value)
            elif key not in NOT_WORDS:
                yield from _words(value, (*place, key), f"{path}{key}.")
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from _words(item, (*place, index), f"{path}{item_name(item) or index}.")


def _ids(case: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids that pages show in words: sizes, measures, resources, consent rules, other voices."""
    yield from case.get("codebook", {})
    yield from case.get("measures", {})
    yield from ("durability",) if case.get("durability") else ()
    for actor in case["actors"].values():
        yield from actor.get("capacities", {})
    yield from (str(rule["rule"]) for rule in case["consent"])
    voices = dict.fromkeys(str(claim["voice"]) for claim in case["claims"].values())
    yield from (voice for voice in voices if voice not in case["actors"])
