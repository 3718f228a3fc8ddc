"""Settings of a class saved under a name, to make the next one from; they are in a file beside the classes.

A template holds a scenario's id and settings. Nothing about students is in it, so it outlives the class.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.atomic_write import write_atomically
from sim.errors import UsageError
from sim.game.session.settings import SessionSettings
from sim.strings import spoken
from sim.web.catalogue import Catalogue

FORMAT = "parley.class-templates/1"
TEMPLATES_MOST = 40
"""The most templates of a file."""
NAME_LENGTH = 60
TICKED = ("clock_closes", "sheets", "whispers", "conditions", "check", "survey", "reflection")


@dataclass(frozen=True)
class ClassTemplate:
    """A named choice of a scenario and of the values of the form for a new class."""

    name: str
    scenario: str
    values: Mapping[str, Any]


def templates_file(data: Path) -> Path:
    """Return the file of the templates that belong to a file of classes."""
    return data.with_name(f"{data.name}.templates.json")


def read_templates(file: Path) -> list[ClassTemplate]:
    """Return the saved templates; none if there is no such file, or it holds something else."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return [ClassTemplate(**one) for one in data["templates"]] if data["format"] == FORMAT else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def save_template(file: Path, template: ClassTemplate) -> None:
    """Save a template; it replaces one of the same name. Raises `UsageError` without a name, or with too many."""
    if not template.name.strip():
        raise UsageError(spoken()("class.template.no_name"))
    kept = [one for one in read_templates(file) if one.name != template.name]
    if len(kept) >= TEMPLATES_MOST:
        raise UsageError(spoken()("class.template.too_many", most=TEMPLATES_MOST))
    _write(file, [*kept, template])


def delete_template(file: Path, name: str) -> None:
    """Delete a template; nothing happens if there is none of that name."""
    _write(file, [one for one in read_templates(file) if one.name != name])


def _write(file: Path, templates: list[ClassTemplate]) -> None:
    content = {"format": FORMAT, "templates": [asdict(one) for one in templates]}
    try:
        write_atomically(file, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror}).") from None


def template_of(name: str, settings: SessionSettings, catalogue: Catalogue) -> ClassTemplate:
    """Return the settings of a class as a template. Raises `UsageError` if its scenario is not offered any more."""
    source: Mapping[str, Any] = settings.scenario
    scenario = _scenario(source, catalogue)
    own: Any = catalogue.source(scenario, {})["protocol"]
    values = {
        "tables": settings.tables,
        "months": source["protocol"].get("months", ""),
        "minutes": "" if settings.minutes is None else settings.minutes,
        "level": settings.level,
        "language": settings.language,
        "soundings": settings.soundings,
        "seed": "" if settings.seed is None else settings.seed,
        "protocol": "" if source["protocol"]["name"] == own["name"] else source["protocol"]["name"],
        **{key: "yes" if getattr(settings, key) else "" for key in TICKED},
    }
    return ClassTemplate(name.strip()[:NAME_LENGTH], scenario, values)


def _scenario(source: Mapping[str, Any], catalogue: Catalogue) -> str:
    same = [entry for entry in catalogue.entries.values() if entry.path.stem == source["id"]]
    best = [entry for entry in same if entry.path.parent.name == source["case"]["id"]] or same
    if not best:
        raise UsageError(spoken()("class.template.gone", scenario=source["id"]))
    return best[0].name
