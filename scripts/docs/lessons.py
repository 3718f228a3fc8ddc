"""The answer keys of the lessons in `docs/teaching/`: computed, and held to what was last looked at.

A lesson holds what was computed when somebody last looked at it, between two comments::

    <!-- answer: blockers ukraine_2025 -->
    ...
    <!-- end of answer -->

MkDocs computes it anew (this is one of its hooks) and refuses to build where it has changed, with the lesson's name and
the difference: somebody has to look whether the lesson still teaches what it says, and accept it::

    python scripts/docs/lessons.py             # which lessons have changed
    python scripts/docs/lessons.py --accept    # write the answers as they are now
"""

from __future__ import annotations

import difflib
import inspect
import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

# All ways in find the modules beside this one, as MkDocs does for its hooks, and the cases of this folder, no copies.
sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import answers
import answers_on_talks

from sim.errors import ParleyError

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "teaching"
OPENED, CLOSED = "<!-- answer: ", "<!-- end of answer -->"
BLOCK = re.compile(rf"^({OPENED}(?P<call>[^\n]*?) -->\n)(?P<kept>.*?)(?=^{CLOSED})", re.DOTALL | re.MULTILINE)
MARK = re.compile(rf"^({OPENED}|{CLOSED})", re.MULTILINE)
"""What stands further in on its line, as an example does, is no answer."""
STALE = "an answer has changed. Look at the lesson, and mend its words where they need it; then:"
ANSWERS = answers.ANSWERS | answers_on_talks.ANSWERS
"""Every answer that a lesson can ask for, by its name."""
ACCEPT = "python scripts/docs/lessons.py --accept"


class MisuseError(Exception):
    """A lesson asks for an answer that there is not, or in a way that makes no sense."""


@cache
def computed(call: str) -> str:
    """One answer, as the case is now.

    Raises
    ------
    MisuseError
        if there is none of that name, or it does not take these arguments
    """
    try:
        name, *arguments = shlex.split(call)
    except ValueError as error:  # quotes that are not closed
        raise MisuseError(f"answer '{call}': {error}.") from None
    if name not in ANSWERS:
        raise MisuseError(f"there is no answer '{name}' ({', '.join(sorted(ANSWERS))}).")
    try:
        inspect.signature(ANSWERS[name]).bind(*arguments)
    except TypeError as error:
        raise MisuseError(f"answer '{call}': {error}.") from None
    try:
        return f"\n{ANSWERS[name](*arguments)}\n\n"
    except (ParleyError, LookupError, ValueError) as error:
        raise MisuseError(f"answer '{call}': {error}") from None


def calls(text: str) -> list[str]:
    """The answers that a page asks for.

    Raises
    ------
    MisuseError
        if one is opened and not closed
    """
    found = [block["call"] for block in BLOCK.finditer(text)]
    if 2 * len(found) != len(MARK.findall(text)):
        raise MisuseError(f"an answer begins with '{OPENED}NAME … -->' on a line of its own, and ends with '{CLOSED}'.")
    return found


def renewed(text: str) -> str:
    """A page with its answers as they are now."""
    calls(text)
    return BLOCK.sub(lambda block: f"{block[1]}{computed(block['call'])}", text)


def changes(page: Path) -> Iterator[str]:
    """What has changed in the answers of a lesson, line by line; nothing if they are as they were."""
    text = page.read_text(encoding="utf-8")
    name = page.name
    before, after = text.splitlines(), renewed(text).splitlines()
    yield from difflib.unified_diff(before, after, f"{name}, as looked at", f"{name}, as computed", "", "", 1, "")


def refusals(pages: Iterable[Path]) -> list[str]:
    """For each lesson whose answers have changed, what to do, and the difference."""
    found = []
    for page in pages:
        try:
            differences = list(changes(page))
        except MisuseError as mistake:
            found.append(f"{page.name}: {mistake}")
            continue
        if differences:
            found.append("\n".join([f"{page.name}: {STALE} {ACCEPT} {page.name}", *differences]))
    return found


def lessons() -> list[Path]:
    """The pages that ask for answers."""
    return [page for page in sorted(FOLDER.rglob("*.md")) if MARK.search(page.read_text(encoding="utf-8"))]


def on_pre_build(config: object) -> None:
    """MkDocs asks before it builds: every answer in the lessons is what the case says now."""
    from mkdocs.exceptions import PluginError  # the script does without MkDocs

    if found := refusals(lessons()):
        raise PluginError("\n\n".join(found))


def main(arguments: list[str]) -> int:
    """Check the lessons, or accept their answers: all of them, or those that are named."""
    accept = "--accept" in arguments
    named = {Path(one).name for one in arguments if one != "--accept"}
    pages = [page for page in lessons() if not named or page.name in named]
    if unknown := named - {page.name for page in pages}:
        sys.stderr.write(f"No lesson with answers: {', '.join(sorted(unknown))}.\n")
        return 2
    if accept:
        for page in pages:
            page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
        return 0
    found = refusals(pages)
    sys.stdout.write("\n\n".join([*found, f"{len(pages)} lessons, {len(found)} to look at."]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
