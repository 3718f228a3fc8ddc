"""XML files as trees of elements, each with its line and column.

Nothing is fetched and nothing unfolds: a document type, which is the only place for entities, is refused. So a small
file stays small, and a file from somewhere else reaches for no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from sim.case.reading.source_text import Place, file_error, read_text
from sim.errors import CaseError, quoted

DEPTH_MOST = 50
"""Elements lie at most so deep within each other."""
ELEMENTS_MOST = 100_000


@dataclass(frozen=True)
class XmlElement:
    """One element, without its text.

    Parameters
    ----------
    tag : str
    attributes : name to text
    file : str, as the user wrote it
    place : where it begins
    children : the elements in it, in their order
    """

    tag: str
    attributes: Mapping[str, str]
    file: str
    place: Place
    children: list[XmlElement] = field(default_factory=list)

    def all(self, tag: str) -> list[XmlElement]:
        """The children of a tag."""
        return [child for child in self.children if child.tag == tag]

    def inside(self, tag: str) -> Iterator[XmlElement]:
        """The elements of a tag within this one, however deep, in the order of the file."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.inside(tag)

    def text(self, name: str) -> str:
        """An attribute; CaseError if it is not there."""
        if name not in self.attributes:
            raise self.refuse(f"<{self.tag}> lacks the attribute '{name}'.")
        return self.attributes[name]

    def number(self, name: str) -> float:
        """An attribute that is a finite number; CaseError if it is none."""
        return number(self.text(name), self)

    def whole(self, name: str) -> int:
        """An attribute that is a whole number; CaseError if it is none."""
        found = self.number(name)
        if not found.is_integer():
            raise self.refuse(f"{name}={quoted(self.text(name))} is no whole number.")
        return int(found)

    def refuse(self, message: str) -> CaseError:
        """A mistake in this element."""
        return file_error(self.file, message, self.place)


def number(text: str, where: XmlElement) -> float:
    """A finite number that stands in an element; CaseError if it is none."""
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not abs(found) < float("inf"):
        raise where.refuse(f"{quoted(text)} in <{where.tag}> is no finite number.")
    return found


def read_xml(path: Path) -> XmlElement:
    """Read an XML file.

    Raises
    ------
    CaseError
        if it cannot be read, is no XML, has a document type, or is too large or too deep
    """
    file = path.as_posix()
    text, root, above = read_text(path), list[XmlElement](), list[XmlElement]()
    parser = expat.ParserCreate("utf-8")
    count = 0

    def here() -> Place:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(above) >= DEPTH_MOST or count > ELEMENTS_MOST:
            most = f"{ELEMENTS_MOST:,} elements, or {DEPTH_MOST} within each other"
            raise file_error(file, f"more than {most}; no domain needs that.", here())
        element = XmlElement(tag, attributes, file, here())
        (above[-1].children if above else root).append(element)
        above.append(element)

    def refuse_type(*_: object) -> None:
        message = "a document type (<!DOCTYPE …>) stands here; remove it. It may hold entities, which are not read."
        raise file_error(file, message, here())

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: above.pop()
    parser.StartDoctypeDeclHandler = refuse_type
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        message = f"this is not XML: {expat.ErrorString(error.code)}."
        raise file_error(file, message, (error.lineno, error.offset + 1)) from None
    return root[0]
