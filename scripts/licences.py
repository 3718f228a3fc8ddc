"""List the licence of every package that this one and its extras install, and refuse copyleft stronger than MPL.

Run it in an environment in which all extras are installed, from anywhere: `python scripts/licences.py`. It reads the
metadata of the installed packages and asks no network. Exit code 1 if a licence is unknown, or is copyleft that is
stronger than the Mozilla Public License.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
STRONG = re.compile(r"\b(A?GPL|LGPL|GNU|SSPL|EUPL|OSL|CeCILL|CC-BY-SA)", re.IGNORECASE)
"""Names of copyleft that is stronger than MPL."""
PREFIX = "License :: "
READ = {"axe-playwright-python": "MIT"}
"""Licences that packages state only in a file, which somebody has read."""
HEADLINE = 60
"""Characters of a licence field that is a name; a longer one is the whole text."""


def requirements() -> dict[str, list[str]]:
    """Return the requirements of the project itself, under an empty name, and of each extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def installed(lines: Iterable[str], extras: Mapping[str, list[str]]) -> dict[str, Distribution]:
    """Return every package that some requirements lead to, by its name; those for other systems are left out."""
    found, waiting = dict[str, Distribution](), [(line, "") for line in lines]
    while waiting:
        line, wanted = waiting.pop()
        needed = Requirement(line)
        if needed.marker and not any(needed.marker.evaluate({"extra": extra}) for extra in wanted.split(",")):
            continue
        if needed.name == "parley-sim":
            waiting += [(inner, "") for extra in needed.extras for inner in extras[extra]]
            continue
        key = f"{needed.name.lower()}[{','.join(sorted(needed.extras))}]"
        if key in found:
            continue
        try:
            found[key] = distribution(needed.name)
        except PackageNotFoundError:
            sys.exit(f"{needed.name} is not installed. Install all extras first.")
        waiting += [(inner, ",".join(["", *needed.extras])) for inner in found[key].requires or ()]
    return {one.metadata["Name"]: one for one in found.values()}


def licences(package: Distribution) -> list[str]:
    """Return the licences that a package offers: its expression, else its classifiers, else its licence field."""
    about = package.metadata
    if expressions := about.get_all("License-Expression"):
        return re.split(r"\s+OR\s+", expressions[0])
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith(PREFIX)]
    if named := [one for one in classifiers if one != "OSI Approved"]:
        return named
    text = next(iter(about.get_all("License") or ()), "").strip()
    if text and text != "UNKNOWN":
        return [text.splitlines()[0][:HEADLINE]]
    return [READ[about["Name"]]] if about["Name"] in READ else []


def problems(packages: Mapping[str, Distribution]) -> Iterator[str]:
    """Yield a sentence for each package whose licences are unknown, or all too strong."""
    for name, package in packages.items():
        offered = licences(package)
        if not offered:
            yield f"{name}: its licence is unknown. Read it, and add it to READ."
        elif all(STRONG.search(one) for one in offered):
            yield f"{name}: {' or '.join(offered)} is stronger copyleft than MPL."


def main() -> int:
    """Print the licences of every extra; return the exit code."""
    extras, wrong = requirements(), list[str]()
    for extra, lines in extras.items():
        packages = installed(lines, extras)
        sys.stdout.write(f"\n{extra or 'parley-sim itself'}: {len(packages)} packages\n")
        for name, package in sorted(packages.items(), key=lambda item: item[0].lower()):
            sys.stdout.write(f"  {name} {package.version}: {' or '.join(licences(package)) or 'unknown'}\n")
        wrong += problems(packages)
    for sentence in dict.fromkeys(wrong):
        sys.stderr.write(f"{sentence}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
