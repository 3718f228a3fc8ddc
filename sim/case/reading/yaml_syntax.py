"""What the parser says of a text that is not YAML, in the user's words, at the place where the slip was made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.case.reading.source_text import Place

if TYPE_CHECKING:
    import yaml

_ODD_SPACE = "[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]"
DEPTH_MOST = 50
"""Mappings and lists lie at most so deep within each other."""
TOO_DEEP = f"more than {DEPTH_MOST} mappings or lists lie within each other"
_TAB = "tab character"
_SYNTAX = (
    (_TAB, "a tab stands here; indent with spaces."),
    (r"another document|<document start>", "a second document begins here; a file holds one."),
    (r"undefined alias", "this alias (*name) has no anchor (&name) before it."),
    (r"mapping values are not allowed", "a ': ' stands where none can; quote the text, or check the indentation."),
    (r"cannot start any token", "this character can begin no value; put the text in quotes."),
    (r"expected '-' indicator", "the entries of a list begin with '- ' at one indentation; this line does not."),
    (r"expected <block end>|expected key", "the indentation of this line fits no line above it."),
    (r"could not find expected ':'", "a ':' with a value is missing after this key."),
    (r"expected node content", "a value is missing here, or this begins none ('- ' begins an entry of a list)."),
    (r"expected comment or line break", "a '>' or '|' before this begins a block; use quotes, and close those above."),
    (r"unknown escape character", "a backslash in double quotes begins no known escape; use single quotes."),
    (r"undefined tag handle", "a word that begins with '!' is a tag; put the text in quotes."),
    (re.escape(TOO_DEEP), f"{TOO_DEEP}; no case needs that."),
)
_NOT_CLOSED = (
    (r"unexpected end of stream", "the quotes that begin here are not closed."),
    (r"expected ',' or '\]'", "the list '[...]' that begins here is not closed, or lacks a comma."),
    (r"expected ',' or '\}'", "the mapping '{...}' that begins here is not closed, or lacks a comma."),
)
_ENDED = (
    "the value before this has ended; a comma is missing, or quotes around a text with ': ' or brackets ('It''s so')."
)
_COMMENT = "' #' begins a comment, which the parser passes over; put the text in quotes."
_SLIPS = (
    (rf"^ *{_ODD_SPACE}|:{_ODD_SPACE}", "a no-break space, or its like, stands in this line; write a plain space."),
    (r"^ *(- )?\w+:[^\s:/]", "a space is missing after the ':' of this line."),
    (r"^ *(- )?[^:'\"{\[]+$", "this line and the next are read as one text; a ': ' is missing, or quotes around it."),
)
"""What may be wrong with a line if the parser stumbles in the next."""


def in_words(error: yaml.MarkedYAMLError, text: str) -> tuple[str, Place]:
    """What is wrong with a text that is not YAML, how to mend it, and where."""
    problem = error.problem or ""
    if error.problem_mark and text[error.problem_mark.index :].startswith("\t"):
        problem = _TAB
    if slip := _slip(error, text.splitlines()):
        return slip
    for pattern, message in _NOT_CLOSED:
        if re.search(pattern, problem):
            return message, place_of(error.context_mark)
    for pattern, message in _SYNTAX:
        if re.search(pattern, problem):
            return message, place_of(error.problem_mark)
    return f"this is not YAML: {problem}.", place_of(error.problem_mark)


def _slip(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[str, Place] | None:
    """A mistake that lies before the place where the parser stumbles; None if it lies there."""
    mark, problem = error.problem_mark, error.problem or ""
    if mark is None or mark.line >= len(lines):
        return None
    before, after = lines[mark.line][: mark.column].strip(), lines[mark.line][mark.column :].rstrip()
    if before and re.search(r"expected <block end>|expected key", problem):
        return _ENDED, place_of(mark)
    if "expected ',' or" in problem and error.context_mark:
        begun = error.context_mark
        if begun.line < mark.line and (comment := lines[begun.line].find(" #", begun.column)) >= 0:
            return _COMMENT, (begun.line + 1, comment + 2)
        return (_ENDED, place_of(mark)) if before and re.search(r"^[^]}].*[]}]$", after) else None
    if ": " in before or not re.search(r"mapping values are not allowed|could not find expected ':'", problem):
        return None
    above = [at for at in range(mark.line) if lines[at].strip()]
    line = error.context_mark.line if error.context_mark else above[-1] if above else mark.line
    for pattern, message in _SLIPS:
        if re.search(pattern, lines[line]):
            return message, (line + 1, len(lines[line]) - len(lines[line].lstrip()) + 1)
    return None


def place_of(mark: yaml.Mark | None) -> Place:
    """Line and column of the parser's mark."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
