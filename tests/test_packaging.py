"""The wheel: it carries its cases, and `parley` alone in an empty folder finds them."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

from sim.cli.version import VERSION

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def installed(site: Path, folder: Path, *arguments: str) -> str:
    """What the installed program prints in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}
    command = [sys.executable, "-c", "from sim.cli import main; main()", *arguments]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return ended.stdout.decode("utf-8")


def carried(site: Path, below: str) -> set[str]:
    return {path.relative_to(site).as_posix() for path in (site / below).rglob("*") if path.is_file()}


@pytest.mark.parametrize("folder", ["scenarios", "schema"])
def test_the_wheel_carries_every_file_of_the_checkout(site: Path, folder: str) -> None:
    expected = {f"sim/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert expected
    assert carried(site, f"sim/{folder}") == expected


@pytest.mark.parametrize(
    "folder", ["report/document/templates", "strings", "web/static", "web/templates", "lab/static", "lab/templates"]
)
def test_the_wheel_carries_what_pages_are_made_of(site: Path, folder: str) -> None:
    files = {path.name for path in (ROOT / "sim" / folder).iterdir() if path.is_file()}
    assert files
    assert files <= {path.name for path in (site / "sim" / folder).iterdir()}


def test_the_wheel_carries_the_starter_case_and_its_types_but_no_tests(site: Path) -> None:
    assert (site / "sim" / "starter" / "actors" / "north.yaml").is_file()
    assert (site / "sim" / "py.typed").is_file()
    assert {path.name for path in site.iterdir()} == {"sim", f"parley_sim-{VERSION}.dist-info"}


@pytest.mark.slow
def test_installed_in_an_empty_folder_it_lists_and_plays_its_scenarios(site: Path, tmp_path: Path) -> None:
    assert "european_force" in installed(site, tmp_path)
    assert "A European deterrent force" in installed(site, tmp_path, "european_force", "--months", "1")
    installed(site, tmp_path, "new", "mine")
    assert "2 cases and scenarios checked: no mistakes" in installed(site, tmp_path, "check", "mine")


@pytest.mark.slow
def test_installed_in_an_empty_folder_it_is_a_library(site: Path, tmp_path: Path) -> None:
    script = "import sim; print(sim.__file__, sim.play(sim.load_scenario('warm_flat'))['outcome'])"
    environment = {**os.environ, "PYTHONPATH": str(site)}
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout.split() == [str(site / "sim" / "__init__.py"), "agreed"]


def test_the_changelog_knows_the_version() -> None:
    assert f"\n## {VERSION}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_nothing_pins_a_registry_or_a_build() -> None:
    assert not list(ROOT.glob("*.lock")) + list(ROOT.glob("requirements*.txt"))
    assert all(">=" in requirement and "==" not in requirement for requirement in PROJECT["dependencies"])


LICENCES = runpy.run_path(str(ROOT / "scripts" / "licences.py"))


def package(**fields: str | list[str]) -> Distribution:
    """A package with some metadata."""
    each = {key.replace("_", "-"): [value] if isinstance(value, str) else value for key, value in fields.items()}
    lines = [(key, value) for key, values in each.items() for value in values]
    text = "".join(f"{key}: {value}\n" for key, value in [("Name", "it"), ("Version", "1"), *lines])

    class Made(Distribution):
        def read_text(self, filename: str) -> str | None:
            return text if filename == "METADATA" else None

        def locate_file(self, path: Any) -> Any:
            return path

    return Made()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"License_Expression": "MIT"}, None),
        ({"License_Expression": "MPL-2.0 AND MIT"}, None),
        ({"License_Expression": "GPL-3.0-only OR Apache-2.0"}, None),
        ({"License_Expression": "GPL-3.0-only"}, "it: GPL-3.0-only is stronger copyleft than MPL."),
        ({"License": "LGPLv3+"}, "it: LGPLv3+ is stronger copyleft than MPL."),
        (
            {"Classifier": ["License :: OSI Approved :: GNU Affero General Public License v3"]},
            "it: GNU Affero General Public License v3 is stronger copyleft than MPL.",
        ),
        ({"Classifier": ["License :: OSI Approved :: MIT License", "Topic :: Games"]}, None),
        ({"Classifier": ["License :: OSI Approved"]}, "it: its licence is unknown. Read it, and add it to READ."),
        ({}, "it: its licence is unknown. Read it, and add it to READ."),
    ],
)
def test_copyleft_stronger_than_mpl_is_named(fields: dict[str, Any], said: str | None) -> None:
    assert list(LICENCES["problems"]({"it": package(**fields)})) == ([said] if said else [])


def test_no_extra_has_a_licence_stronger_than_mpl(capsys: pytest.CaptureFixture[str]) -> None:
    assert LICENCES["main"]() == 0
    out = capsys.readouterr().out
    for extra in ("parley-sim itself", "classroom", "analysis", "dask", "report", "docs", "viz", "dev"):
        assert f"\n{extra}: " in out
    assert "  certifi " in out


def test_the_constraints_name_every_package_with_its_checksum_and_no_host() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9._-]+==[0-9a-z.+!]+ --hash=sha256:[0-9a-f]{64}", line) for line in lines)
    pinned = {_canonical(line.partition("==")[0]) for line in lines}
    extras = LICENCES["requirements"]()
    for needed in extras.values():
        assert {_canonical(name) for name in LICENCES["installed"](needed, extras)} <= pinned


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
