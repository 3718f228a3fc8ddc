"""Write constraints.txt: the tested version of every package that the parts install, with its SHA-256.

Run it from anywhere with a report of pip on the tested environment, which names one file per package:

    python -m pip freeze --exclude-editable > tested.txt
    python -m pip install --dry-run --ignore-installed --no-deps --report report.json -r tested.txt
    python scripts/constraints.py report.json

Nothing of the report but names, versions and checksums is written: no address, so any index will do.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAD = """\
# The tested packages of all parts, for Python 3.11 on Linux (x86-64), with their SHA-256.
# docs/how-to/install.md says how to use this file.
"""


def main(report: Path) -> None:
    """Write the file from a report of pip."""
    lines = []
    for entry in json.loads(report.read_text(encoding="utf-8"))["install"]:
        about, archive = entry["metadata"], entry["download_info"]["archive_info"]
        lines.append(f"{about['name'].lower()}=={about['version']} --hash=sha256:{archive['hashes']['sha256']}\n")
    (ROOT / "constraints.txt").write_text(HEAD + "".join(sorted(lines)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
