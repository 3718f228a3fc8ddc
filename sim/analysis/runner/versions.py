"""The versions that, besides the files and the seed, determine a result to the last bit."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version

LIBRARIES = ("mesa", "numpy", "scipy")
"""Mesa calls the steps, NumPy draws the worlds and adds up, and SciPy makes normal numbers and designs."""


def versions(program: str) -> Mapping[str, str]:
    """Return the versions of this program, of the libraries, and of Python, whose bug-fix releases change no result."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"parley": program, "python": python, **{name: version(name) for name in LIBRARIES}}
