"""A server in this process, with a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.classroom.clients import School, school


@pytest.fixture
def one(tmp_path: Path) -> Iterator[School]:
    """A server with a teacher, and a session of one table and three months."""
    with school(tmp_path / "class.db") as made:
        made.make(months=3)
        yield made
