"""Reads YAML files as plain data, each value with its line and column, and writes plain data as YAML.

Files are read with PyYAML's C parser through its node tree. Scalars follow the YAML 1.2 core schema, so ``no`` is a
string. A key is the text written in the file, so that the data can go to JSON and back. Nothing is ever executed:
explicit tags are refused. Every mistake is a `Problem` in the user's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import yaml

from sim.case.reading.source_text import Place, file_error, read_text
from sim.case.reading.yaml_syntax import DEPTH_MOST, TOO_DEEP, explain_syntax_error, place_of
from sim.errors import CaseError, Problem, quoted

DataPath: TypeAlias = tuple[str | int, ...]
"""Keys and list indices that lead to a value of plain data."""

VALUES_MOST = 200_000
"""The most values in a file, counted after its aliases are expanded."""
INTEGER = r"[-+]?[0-9]{1,18}|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15}"
FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Tag(StrEnum):
    """The kinds of nodes. An explicit tag in a file is never one of these, whatever its text."""

    TEXT = "text"
    NULL = "null"
    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    LIST = "list"
    MAPPING = "mapping"


@dataclass(frozen=True)
class Document:
    """One file as plain data, and the place of each value.

    Parameters
    ----------
    file : str, as the user wrote it, or "<memory>"
    data : plain data: dict with str keys, list, str, int, float, bool, None
    values : path to (line, column) of the value
    keys : path to (line, column) of the key that names it
    """

    file: str
    data: Any
    values: Mapping[DataPath, Place] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    keys: Mapping[DataPath, Place] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def place(self, path: DataPath, *, key: bool = False) -> Place:
        """Return the place of the value at `path` (or of its key); if it is missing, that of what should hold it."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (0, 0))


def read_document(path: Path | str) -> Document:
    """Read one YAML file.

    Raises CaseError if the file cannot be read, or holds something that a case file may not hold.
    """
    file = Path(path).as_posix()
    return parse_document(read_text(Path(path)), file)


def parse_document(text: str, file: str = "<memory>") -> Document:
    """Parse the text of one YAML file; its root is a mapping.

    Raises CaseError with every mistake in the file if it can be parsed, with the first one if it cannot.
    """
    document = _parse(text, file)
    if document.data is None:
        raise file_error(file, "the file is empty.")
    if not isinstance(document.data, dict):
        raise file_error(file, f"expected 'key: value' lines, not {quoted(document.data)}.", (1, 1))
    return document


def plain_document(data: object, file: str = "<memory>") -> Document:
    """Return plain data that comes from no file as it would be read from one: keys become text.

    Raises CaseError if the data is not a mapping, or contains something that a file cannot contain.
    """
    plain = _plain(data, file, ())
    if not isinstance(plain, dict):
        raise file_error(file, f"expected 'key: value' lines, not {quoted(data)}.")
    return Document(file, plain)


def _plain(data: object, file: str, path: DataPath) -> Any:
    if len(path) > DEPTH_MOST:
        raise file_error(file, f"{TOO_DEEP}; no case needs that.")
    if isinstance(data, Mapping):
        return {str(key): _plain(value, file, (*path, str(key))) for key, value in data.items()}
    if isinstance(data, np.ndarray | np.generic):
        return _plain(data.tolist(), file, path)
    if isinstance(data, list | tuple):
        return [_plain(value, file, (*path, index)) for index, value in enumerate(data)]
    if data is None or isinstance(data, str | bool | int | float):
        return data
    raise CaseError([Problem(file, 0, 0, ".".join(map(str, path)), f"a file cannot contain {quoted(data)}.")])


def parse_value(text: str) -> Any:
    """Parse one value as written in a file: ``5``, ``never``, ``{low: 1, high: 3}``; for arguments and links.

    Raises CaseError if the text is not YAML, or has an alias: a short text could stand for a great many values.
    """
    return _parse(text, "<value>", aliases=False).data


def _parse(text: str, file: str, *, aliases: bool = True) -> Document:
    if odd := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        column = odd.start() - text.rfind("\n", 0, odd.start())
        raise file_error(file, f"there is a control character (U+{ord(odd[0]):04X}) here; remove it.", (line, column))
    try:
        root = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        raise file_error(file, *explain_syntax_error(error, text)) from None
    reader = _NodeReader(file, aliases)
    data = None if root is None else reader.value(root, ())
    if reader.problems:
        raise CaseError(reader.problems)
    return Document(file, data, reader.values, reader.keys)


class _Loader(yaml.CSafeLoader):
    """PyYAML's C parser with the scalars of the YAML 1.2 core schema and a limit on the depth."""

    depth = 0

    # The C parser calls these two around every node that it composes, and calls itself between them.
    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        self.depth += 1
        if self.depth > DEPTH_MOST:
            raise yaml.MarkedYAMLError(problem=TOO_DEEP, problem_mark=current_node.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


_Loader.yaml_implicit_resolvers = {}
for _kind, _default in (("SCALAR", Tag.TEXT), ("SEQUENCE", Tag.LIST), ("MAPPING", Tag.MAPPING)):
    setattr(_Loader, f"DEFAULT_{_kind}_TAG", _default)
for _tag, _pattern, _first in (
    (Tag.NULL, r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    (Tag.BOOL, r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    (Tag.INT, INTEGER, list("-+0123456789")),
    (Tag.FLOAT, FLOAT, list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), _first)


class _Dumper(yaml.CSafeDumper):
    """PyYAML's C writer, which quotes any text that YAML 1.2 or YAML 1.1 would read as something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True


_Dumper.yaml_implicit_resolvers = {
    first: [
        *yaml.CSafeDumper.yaml_implicit_resolvers.get(first, []),
        *_Loader.yaml_implicit_resolvers.get(first, []),
    ]
    for first in {*yaml.CSafeDumper.yaml_implicit_resolvers, *_Loader.yaml_implicit_resolvers}
}


def to_yaml(data: Mapping[str, Any], *, flow: bool = True) -> str:
    """Return plain data as the text of a YAML file; reading it again gives equal data.

    `flow` writes a mapping of plain values on one line.
    """
    style = None if flow else False
    text: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=style, width=110
    )
    return text


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    match node.tag:
        case Tag.NULL:
            return None
        case Tag.BOOL:
            return text.lower() == "true"
        case Tag.INT:
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        case Tag.FLOAT:
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        case _:
            return text


class _NodeReader:
    """Turns nodes into plain data; collects places and problems."""

    def __init__(self, file: str, aliases: bool) -> None:
        self.file, self.aliases = file, aliases
        self.read: set[int] = set()
        self.values: dict[DataPath, Place] = {}
        self.keys: dict[DataPath, Place] = {}
        self.problems: list[Problem] = []
        self.above: set[int] = set()

    def value(self, node: yaml.Node, path: DataPath) -> Any:
        self.values[path] = place = place_of(node.start_mark)
        if not isinstance(node.tag, Tag):
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            return self.refuse(path, place, f"the tag '{tag}' is not allowed; write plain values only.")
        if not self.aliases and id(node) in self.read:
            return self.refuse(path, place, "an alias (*name) is not allowed here; write its value.")
        self.read.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if id(node) in self.above:
            return self.refuse(path, place, "this alias refers to itself.")
        if len(path) >= DEPTH_MOST:
            return self.refuse(path, place, f"{TOO_DEEP}; no case needs that.")
        self.above.add(id(node))
        data: Any
        if isinstance(node, yaml.MappingNode):
            data = {key: self.value(child, (*path, key)) for key, child in self.entries(node, path)}
        else:
            data = [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        self.above.remove(id(node))
        if len(self.values) > VALUES_MOST:
            raise file_error(self.file, f"its aliases expand to more than {VALUES_MOST:,} values.", place)
        return data

    def entries(self, node: yaml.MappingNode, path: DataPath) -> Iterator[tuple[str, yaml.Node]]:
        """Yield the entries of a mapping whose keys are scalars, each key once."""
        for key, value in node.value:
            place = place_of(key.start_mark)
            if not isinstance(key, yaml.ScalarNode) or not isinstance(key.tag, Tag):
                self.refuse(path, place, "a key must be a plain word, not a list, a mapping or a tag.")
            elif (*path, key.value) in self.keys:
                first = self.keys[*path, key.value][0]
                message = f"'{key.value}' appears a second time (first in line {first}); keep only one of the two."
                self.refuse((*path, key.value), place, message)
            else:
                self.keys[*path, key.value] = place
                yield key.value, value

    def refuse(self, path: DataPath, place: Place, message: str) -> None:
        self.problems.append(Problem(self.file, *place, ".".join(map(str, path)), message))
