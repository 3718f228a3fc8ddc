"""Explains what the parser says about a text that is not YAML, in the user's words, at the place of the mistake."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.case.reading.source_text import Place

if TYPE_CHECKING:
    import yaml

_ODD_SPACE = "[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]"
DEPTH_MOST = 50
"""How deep mappings and lists may be nested."""
TOO_DEEP = f"mappings or lists are nested more than {DEPTH_MOST} deep"
_TAB = "tab character"
_SYNTAX = (
    (_TAB, "there is a tab here; indent with spaces."),
    (r"another document|<document start>", "a second document begins here; a file holds only one."),
    (r"undefined alias", "this alias (*name) has no anchor (&name) before it."),
    (r"mapping values are not allowed", "a ': ' is not allowed here; quote the text, or check the indentation."),
    (r"cannot start any token", "a value cannot begin with this character; put the text in quotes."),
    (r"expected '-' indicator", "list entries begin with '- ' at the same indentation; this line does not."),
    (r"expected <block end>|expected key", "the indentation of this line does not match any line above it."),
    (r"could not find expected ':'", "a ':' and a value are missing after this key."),
    (r"expected node content", "a value is missing here, or cannot begin like this ('- ' begins an entry of a list)."),
    (
        r"expected comment or line break",
        "a '>' or '|' before this begins a block of text; put it in quotes, and close all quotes above.",
    ),
    (r"unknown escape character", "this backslash is not a known escape in double quotes; use single quotes."),
    (r"undefined tag handle", "a word that begins with '!' is a tag; put the text in quotes."),
    (re.escape(TOO_DEEP), f"{TOO_DEEP}; no case needs that."),
)
_NOT_CLOSED = (
    (r"unexpected end of stream", "the quotes that begin here are not closed."),
    (r"expected ',' or '\]'", "the list '[...]' that begins here is not closed, or a comma is missing in it."),
    (r"expected ',' or '\}'", "the mapping '{...}' that begins here is not closed, or a comma is missing in it."),
)
_ENDED = (
    "the value before this has ended; a comma is missing, or a text with ': ' or brackets needs quotes ('It''s so')."
)
_COMMENT = "' #' begins a comment, which is ignored; put the text in quotes."
_EARLIER_MISTAKES = (
    (rf"^ *{_ODD_SPACE}|:{_ODD_SPACE}", "this line contains a no-break space or a similar one; use a plain space."),
    (r"^ *(- )?\w+:[^\s:/]", "a space is missing after the ':' in this line."),
    (r"^ *(- )?[^:'\"{\[]+$", "this line and the next are read as one text; add a ': ', or put the text in quotes."),
)
"""Mistakes in a line at which the parser fails only in the next line: pattern and message."""


def explain_syntax_error(error: yaml.MarkedYAMLError, text: str) -> tuple[str, Place]:
    """Return what is wrong with a text that is not YAML and how to fix it, and the place of the mistake."""
    problem = error.problem or ""
    if error.problem_mark and text[error.problem_mark.index :].startswith("\t"):
        problem = _TAB
    if mistake := _earlier_mistake(error, text.splitlines()):
        return mistake
    for pattern, message in _NOT_CLOSED:
        if re.search(pattern, problem):
            return message, place_of(error.context_mark)
    for pattern, message in _SYNTAX:
        if re.search(pattern, problem):
            return message, place_of(error.problem_mark)
    return f"this is not YAML: {problem}.", place_of(error.problem_mark)


def _earlier_mistake(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[str, Place] | None:
    """Find a mistake that lies before the place where the parser fails; None if it lies at that place."""
    mark, problem = error.problem_mark, error.problem or ""
    if mark is None or mark.line >= len(lines):
        return None
    before, after = lines[mark.line][: mark.column].strip(), lines[mark.line][mark.column :].rstrip()
    if before and re.search(r"expected <block end>|expected key", problem):
        return _ENDED, place_of(mark)
    if "expected ',' or" in problem and error.context_mark:
        start = error.context_mark
        if start.line < mark.line and (comment := lines[start.line].find(" #", start.column)) >= 0:
            return _COMMENT, (start.line + 1, comment + 2)
        return (_ENDED, place_of(mark)) if before and re.search(r"^[^]}].*[]}]$", after) else None
    if ": " in before or not re.search(r"mapping values are not allowed|could not find expected ':'", problem):
        return None
    above = [index for index in range(mark.line) if lines[index].strip()]
    line = error.context_mark.line if error.context_mark else above[-1] if above else mark.line
    for pattern, message in _EARLIER_MISTAKES:
        if re.search(pattern, lines[line]):
            return message, (line + 1, len(lines[line]) - len(lines[line].lstrip()) + 1)
    return None


def place_of(mark: yaml.Mark | None) -> Place:
    """Return line and column of the parser's mark, from 1."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
