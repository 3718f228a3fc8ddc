"""What the program itself says to people, in one file per language, so that a translation is one file.

The words of a case (briefs, issues, claims) are in the case.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def languages() -> list[str]:
    """Return the available languages, sorted: ``en``."""
    return sorted(path.stem for path in HERE.glob("*.toml"))


@dataclass(frozen=True)
class Strings:
    """The words of one language, by their dotted keys.

    >>> Strings.load("en")("game.refused.moved_on")
    'The talks have moved on. Your answer was to an earlier text or phase. Look at the table and answer again.'
    """

    language: str
    texts: Mapping[str, str]

    @staticmethod
    @cache
    def load(language: str = "en") -> Strings:
        """Read the words of a language, once."""
        path = HERE / f"{language}.toml"
        return Strings(language, dict(_flat(tomllib.loads(path.read_text(encoding="utf-8")))))

    def __call__(self, key: str, **data: Any) -> str:
        """Return a text with its fields filled in, as `str.format` does; a key that is not there raises KeyError."""
        return self.texts[key].format(**data) if data else self.texts[key]

    def __contains__(self, key: str) -> bool:
        return key in self.texts


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, item in tree.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", item
