"""What else, beside the files and the seed, decides on the last bit of a result."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version

LIBRARIES = ("mesa", "numpy", "scipy")
"""Mesa calls the steps, NumPy draws the worlds and does the sums, and SciPy shapes normal numbers and makes designs."""


def versions(program: str) -> Mapping[str, str]:
    """The version of this program, of Python (a bug-fix release changes no result), and of the libraries."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"parley": program, "python": python, **{name: version(name) for name in LIBRARIES}}
