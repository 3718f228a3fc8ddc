"""What the program itself says to people, in one file per language, so that a translation is one file.

The words of a case (briefs, issues, claims) are in the case; `sim.case.translation` translates them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ENGLISH = "en"
"""The language that has every key; other languages fall back to it."""


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the available languages, sorted: ``de``, ``en``."""
    return tuple(sorted(path.stem for path in HERE.glob("*.toml")))


def language_names() -> dict[str, str]:
    """Return the name of each available language in the language itself, by its code."""
    return {code: Strings.load(code)("language.name") for code in languages()}


def own_texts(path: Path) -> dict[str, str]:
    """Return the texts in a language's file, by their dotted keys."""
    return dict(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))


@dataclass(frozen=True)
class Strings:
    """The words of one language, by their dotted keys; a key that its file lacks has the English words.

    `names` holds words for ids, such as those of resources, as a case gives them.

    >>> Strings.load("en")("game.refused.moved_on")
    'The talks have moved on. Your answer was to an earlier text or phase. Look at the table and answer again.'
    """

    language: str
    texts: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    @cache
    def load(language: str = ENGLISH) -> Strings:
        """Read the words of a language, once."""
        texts = own_texts(HERE / f"{ENGLISH}.toml")
        return Strings(language, texts if language == ENGLISH else texts | own_texts(HERE / f"{language}.toml"))

    def with_names(self, names: Mapping[str, str]) -> Strings:
        """Return the same words with a case's words for ids."""
        return replace(self, names=names) if names else self

    def __call__(self, key: str, **data: Any) -> str:
        """Return a text with its fields filled in, as `str.format` does; a key that is not there raises KeyError."""
        return self.texts[key].format(**data) if data else self.texts[key]

    def __contains__(self, key: str) -> bool:
        return key in self.texts

    def id_in_words(self, name: str) -> str:
        """Return an id in words: those that the case gives, or else the id with spaces.

        >>> Strings.load().with_names({"troops": "soldiers"}).id_in_words("troops"), Strings.load().id_in_words("a_b")
        ('soldiers', 'a b')
        """
        return self.names.get(name) or name.replace("_", " ")

    def number(self, text: str) -> str:
        """Return a number that is written the English way as this language writes it.

        >>> Strings.load("de").number("1,234.5"), Strings.load("en").number("1,234.5")
        ('1.234,5', '1,234.5')
        """
        decimal, thousands = self.texts["language.decimal"], self.texts["language.thousands"]
        return text if decimal == "." else text.translate({ord("."): decimal, ord(","): thousands})


_SPOKEN: ContextVar[Strings | None] = ContextVar("spoken", default=None)


def spoken() -> Strings:
    """Return the words in which the present request or page speaks; English unless somebody has chosen otherwise."""
    return _SPOKEN.get() or Strings.load()


def speak(t: Strings) -> None:
    """Choose the words in which the rest of the present request speaks."""
    _SPOKEN.set(t)


@contextmanager
def speaking(t: Strings) -> Iterator[Strings]:
    """Choose the words in which everything within the block speaks."""
    token = _SPOKEN.set(t)
    try:
        yield t
    finally:
        _SPOKEN.reset(token)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, item in tree.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", item
