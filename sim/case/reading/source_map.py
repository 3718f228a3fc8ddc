"""Plain data put together from several files, each value with the file, line and path that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sim.case.base_models import item_name
from sim.case.reading.yaml_documents import DataPath, Document
from sim.errors import Problem


class Finding(NamedTuple):
    """A mistake in the data, before it has a file and a line.

    Parameters
    ----------
    path : keys and list indices to the value
    message : what is wrong, what is expected, how to fix it
    key : whether the key is wrong, rather than its value
    """

    path: DataPath
    message: str
    key: bool = False


@dataclass(frozen=True)
class SourceMap:
    """The data of one case or one scenario, and where each part of it comes from.

    Parameters
    ----------
    data : the plain data
    origins : path in `data` to the document that holds the value, and the path in that document; () is always there,
        and a longer path takes precedence over a shorter one
    unread : the paths whose documents could not be read, so that nothing is reported as missing there
    """

    data: Mapping[str, Any]
    origins: Mapping[DataPath, tuple[Document, DataPath]]
    unread: frozenset[DataPath] = frozenset()

    @classmethod
    def of(cls, document: Document) -> SourceMap:
        """Return a whole document as a source map."""
        return cls(document.data, {(): (document, ())})

    def origin(self, path: DataPath) -> tuple[Document, DataPath]:
        """Return the document that holds the value at `path`, and the path in that document."""
        for cut in range(len(path), 0, -1):
            if path[:cut] in self.origins:
                document, base = self.origins[path[:cut]]
                return document, base + path[cut:]
        document, base = self.origins[()]
        return document, base + path

    def problems(self, findings: Iterable[Finding]) -> Iterator[Problem]:
        """Give each finding its file, line, column and dotted path."""
        for path, message, key in findings:
            document, inside = self.origin(path)
            line, column = document.place(inside, key=key)
            yield Problem(document.file, line, column, dotted_path(inside, document.data), message)

    def replaced(self, path: DataPath, value: object, origin: tuple[Document, DataPath]) -> SourceMap:
        """Return the data with a new value at `path`, which comes from `origin`."""
        return replace(self, data=with_value(self.data, path, value), origins={**self.origins, path: origin})


def dotted_path(path: DataPath, data: Any) -> str:
    """Return a path as the user writes it: an entry of a list is called by its name, if it has one."""
    steps = []
    for step in path:
        data = child_value(data, step)
        steps.append((item_name(data) or str(step)) if isinstance(step, int) else step)
    return ".".join(steps)


def child_value(data: Any, step: str | int) -> Any:
    """Return what plain data holds under a key or an index; None if it holds nothing there."""
    if isinstance(data, list):
        return data[step] if isinstance(step, int) and step < len(data) else None
    return data.get(step) if isinstance(data, dict) else None


def with_value(data: Any, path: DataPath, value: object) -> Any:
    """Return plain data with a new value at a path; the old data does not change."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    copy: Any = list(data) if isinstance(data, list) else dict(data or {})
    copy[head] = with_value(child_value(copy, head) if rest else None, rest, value)
    return copy
