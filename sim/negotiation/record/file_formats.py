"""Versions of the formats of saved files, and the message about a file of another version."""

from __future__ import annotations


def version_mismatch(found: object, ours: str, program: object = None) -> str:
    """Return a message if a file comes from another version of the program.

    Parameters
    ----------
    found : the format that the file names
    ours : the format that this version reads, such as ``parley.game/3``
    program : the version of the program that wrote the file, if the file names it

    Returns
    -------
    sentences that say what to do; empty if the file has this format, or no version of it

    Examples
    --------
    >>> version_mismatch("parley.game/2", "parley.game/3", "0.0.9")[:60]
    'it was saved by version 0.0.9 of the program in the format p'
    >>> version_mismatch("something/1", "parley.game/3")
    ''
    """
    family, _, number = ours.rpartition("/")
    theirs, _, version = str(found).rpartition("/")
    if theirs != family or not version.isdecimal() or version == number:
        return ""
    age = "an earlier" if int(version) < int(number) else "a later"
    who = f"version {program}" if program else f"{age} version"
    return (
        f"it was saved by {who} of the program in the format {found}, but this version reads {ours}. The rules of the "
        "talks have changed, so they would not play out the same. Open it with the version that saved it. The file was "
        "not changed."
    )
