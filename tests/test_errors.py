"""The words of errors that several parts of the program share."""

from __future__ import annotations

from sim.errors import missing


def test_a_missing_package_is_named_with_the_line_that_installs_it() -> None:
    assert str(missing("serve", "fastapi", "classroom")) == (
        "serve needs fastapi, which is not installed. "
        'In the folder of Parley, run: python -m pip install ".[classroom]"'
    )
