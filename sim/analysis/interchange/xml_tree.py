"""XML files as trees of elements, each with its line and column.

A file with a document type, the only place for entities, is rejected. So a small file cannot expand into a large one,
and a file from somewhere else cannot load others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from sim.case.reading.source_text import Place, file_error, read_text
from sim.errors import CaseError, quoted

DEPTH_MOST = 50
"""The deepest nesting of elements."""
ELEMENTS_MOST = 100_000
"""The most elements in a file."""
BYTES_MOST = 2**22
"""The largest size of a file, in bytes."""
_LATE_DECLARATION = re.compile(r"((?:\s|<!--(?:(?!--).)*-->)+)(<\?xml\s[^>]*\?>)", re.DOTALL)
"""An XML declaration that does not come first, which Genius reads although XML forbids it."""


@dataclass(frozen=True)
class XmlElement:
    """One element, without its text."""

    tag: str
    attributes: Mapping[str, str]
    file: str
    place: Place
    children: list[XmlElement] = field(default_factory=list)

    def children_of(self, tag: str) -> list[XmlElement]:
        """Return the children with a tag."""
        return [child for child in self.children if child.tag == tag]

    def descendants(self, tag: str) -> Iterator[XmlElement]:
        """Yield the elements with a tag within this one, at any depth, in the order of the file."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.descendants(tag)

    def text(self, name: str) -> str:
        """Return an attribute; raise CaseError if it is missing."""
        if name not in self.attributes:
            raise self.error(f"<{self.tag}> lacks the attribute '{name}'.")
        return self.attributes[name]

    def number(self, name: str) -> float:
        """Return an attribute as a finite number; raise CaseError if it is not one."""
        text = self.text(name)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.error(f"{name}={quoted(text)} in <{self.tag}> is not a finite number.")
        return value

    def whole(self, name: str) -> int:
        """Return an attribute as a whole number; raise CaseError if it is not one."""
        value = self.number(name)
        if not value.is_integer():
            raise self.error(f"{name}={quoted(self.text(name))} in <{self.tag}> is not a whole number.")
        return int(value)

    def error(self, message: str) -> CaseError:
        """Return the error for a mistake in this element."""
        return file_error(self.file, message, self.place)


def read_xml(path: Path) -> XmlElement | None:
    """Read an XML file; None if it does not even begin as XML.

    Raises CaseError if it cannot be read, is not well-formed, has a document type, or is too large or too deep.
    """
    file, text = path.as_posix(), read_text(path, BYTES_MOST)
    if not text.lstrip().startswith("<"):
        return None
    if late := _LATE_DECLARATION.match(text):
        text = late[1] + " " * len(late[2]) + text[late.end() :]
    root, ancestors = list[XmlElement](), list[XmlElement]()
    parser = expat.ParserCreate("utf-8")
    count = 0

    def here() -> Place:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(ancestors) >= DEPTH_MOST or count > ELEMENTS_MOST:
            limits = f"{ELEMENTS_MOST:,} elements, nested at most {DEPTH_MOST} deep"
            raise file_error(file, f"this file is too large for a domain, which has at most {limits}.", here())
        element = XmlElement(tag, attributes, file, here())
        (ancestors[-1].children if ancestors else root).append(element)
        ancestors.append(element)

    def reject_type(*_: object) -> None:
        message = "document types (<!DOCTYPE …>) are not read, because they can hold entities. Remove this one."
        raise file_error(file, message, here())

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: ancestors.pop()
    parser.StartDoctypeDeclHandler = reject_type
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        message = f"this is not XML: {expat.ErrorString(error.code)}."
        raise file_error(file, message, (error.lineno, error.offset + 1)) from None
    return root[0]
