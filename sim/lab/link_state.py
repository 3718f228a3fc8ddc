"""The state in a link: the terms on the table, the changed numbers, and what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from sim.case.reading.yaml_documents import parse_value
from sim.errors import CaseError, UsageError, quoted

TERM, SHOW = "proposal.", "show."
"""Prefixes of the names of terms and of view settings; every other name is a number, as for ``--set``."""
MAX_NAMES = 2_000
"""Names in a link; no case has this many numbers."""


@dataclass(frozen=True)
class LinkState:
    """The state of a page, not yet checked against a case.

    Parameters
    ----------
    terms : issue to option, where it differs from the scenario
    numbers : dotted path to value, where it differs from the scenario
    looked_at : ``actor``, ``of`` and ``across``: whose reasons and whose acceptance are shown, along which measure
    """

    terms: Mapping[str, Any] = field(default_factory=dict)
    numbers: Mapping[str, Any] = field(default_factory=dict)
    looked_at: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> LinkState:
        """Read the part of a link after ``#``: ``context.us_aid.start=0&proposal.force=un``.

        Raises
        ------
        UsageError
            if it is malformed, names something twice, or has a value that a file could not contain
        """
        try:
            pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=MAX_NAMES)
        except ValueError:
            raise UsageError("The link is broken. After # it must contain NAME=VALUE pairs separated by &.") from None
        terms, numbers, looked_at = dict[str, Any](), dict[str, Any](), dict[str, str]()
        for name, value in pairs:
            if name in numbers or name.removeprefix(TERM) in terms or name.removeprefix(SHOW) in looked_at:
                raise UsageError(f"The link names {quoted(name)} twice. Remove one of them.")
            if name.startswith(SHOW):
                looked_at[name.removeprefix(SHOW)] = value
            elif name.startswith(TERM):
                terms[name.removeprefix(TERM)] = _value(name, value)
            else:
                numbers[name] = _value(name, value)
        return cls(terms, numbers, looked_at)


def _value(name: str, text: str) -> Any:
    try:
        return parse_value(text)
    except CaseError as error:
        raise UsageError(f"{name}: {error.problems[0].message}") from None
