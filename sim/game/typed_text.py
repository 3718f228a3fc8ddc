"""Text that people type: validators for the fields of actions."""

from __future__ import annotations

import unicodedata

DIRECTIONS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
"""Bidirectional classes of invisible marks that can make a name look like another."""


def printable(text: str) -> str:
    """Refuse what a screen cannot show: control characters and lone surrogates."""
    for letter in text:
        if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cs"):
            raise ValueError(f"the character {letter!r} cannot be shown.")
    return text.strip()


def filled(text: str) -> str:
    """Refuse an empty text as well."""
    if not printable(text):
        raise ValueError("this must not be empty.")
    return printable(text)


def one_line(text: str) -> str:
    """Refuse line breaks as well, and marks that turn the direction of writing."""
    if "\n" in text:
        raise ValueError("this must be a single line.")
    if any(unicodedata.bidirectional(letter) in DIRECTIONS for letter in text):
        raise ValueError("this must not contain marks that turn the direction of writing.")
    return filled(text)
