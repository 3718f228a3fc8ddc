"""List what each language lacks and what nothing needs, for the strings and the bundled cases; exit code 1 if anything.

python scripts/translations.py          # all languages
python scripts/translations.py de       # one of them
python scripts/translations.py de --strings
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from string import Formatter

from sim import case_paths
from sim.case.translation import coverage, languages_of
from sim.negotiation.scenario_loader import load_scenario
from sim.strings import ENGLISH, HERE, languages, own_texts

ENGLISH_ONLY = ("lab.", "viz.", "codebook.")
"""Sections of pages that speak English only, so that no language needs them: the lab, Mesa's page, the codebook."""


def fields(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def of_strings(language: str) -> Iterator[str]:
    """Yield a line for each key of the strings that is missing, superfluous, or has other fields than in English."""
    file = HERE / f"{language}.toml"
    english, own = own_texts(HERE / f"{ENGLISH}.toml"), own_texts(file) if file.is_file() else {}
    yield from (
        f"{file.name}: missing: {key}" for key in english if key not in own and not key.startswith(ENGLISH_ONLY)
    )
    yield from (f"{file.name}: superfluous: {key}" for key in own if key not in english)
    for key in english.keys() & own.keys():
        if fields(english[key]) != fields(own[key]):
            yield f"{file.name}: other names in braces than in English: {key}"


def of_cases(language: str) -> Iterator[str]:
    """Yield a line for each text of a bundled case that is missing or superfluous; all, if the case has no file."""
    for folder in case_paths.cases(case_paths.bundled()):
        sources = [load_scenario(path).source for path in case_paths.scenarios(folder)]
        if language not in languages_of(folder):
            yield f"{folder.name}: not translated"
            continue
        found, problems = coverage(folder, language, sources)
        yield from map(str, problems)
        yield from (f"{folder.name}: missing: {path}" for path in (found.missing if found else ()))


def main(arguments: list[str]) -> int:
    """Print the lines for the languages named, or for all but English."""
    named = [one for one in arguments if not one.startswith("-")] or [one for one in languages() if one != ENGLISH]
    lines: list[str] = []
    for language in named:
        lines += of_strings(language)
        lines += () if "--strings" in arguments else of_cases(language)
    sys.stdout.write("".join(f"{line}\n" for line in lines) or "Complete.\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
