"""The tree is its own map: few modules in a folder, a name for one thing, and nothing too long to read at once."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

SIM = Path(__file__).parents[1] / "sim"
MODULES = sorted(file for file in SIM.rglob("*.py") if file.name != "__init__.py")


def test_a_folder_has_at_most_sixteen_modules() -> None:
    inside = defaultdict(list)
    for file in MODULES:
        inside[file.parent.relative_to(SIM)].append(file.stem)
    assert {str(folder): len(names) for folder, names in inside.items() if len(names) > 16} == {}


def test_a_module_has_at_most_some_three_hundred_lines() -> None:
    lengths = {str(file.relative_to(SIM)): len(file.read_text(encoding="utf-8").splitlines()) for file in MODULES}
    assert {file: length for file, length in lengths.items() if length > 320} == {}


def test_a_module_has_a_name_of_its_own_unless_it_shows_what_the_other_computes() -> None:
    named = defaultdict(list)
    for file in MODULES:
        named[file.stem].append(file.relative_to(SIM).parts[0])
    shared = {name: places for name, places in named.items() if len(places) > 1}
    assert {name: places for name, places in shared.items() if len(places) > 2 or "report" not in places} == {}


def test_a_public_class_has_a_name_of_its_own() -> None:
    named = defaultdict(list)
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                named[node.name].append(str(file.relative_to(SIM)))
    assert {name: files for name, files in named.items() if len(files) > 1} == {}
