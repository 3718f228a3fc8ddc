"""Designs as users write them: in a file, or as ``PATH=a:b:n``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import Field, StrictInt, StrictStr

from sim.analysis.experiments.design import Axis, Design, Kind, axis, ranged
from sim.case.base_models import StrictModel
from sim.case.reading.source_map import Finding, SourceMap
from sim.case.reading.yaml_documents import Document, parse_value, plain_document, read_document
from sim.case.validation_messages import validated
from sim.errors import CaseError, Problem, UsageError, shown

FORM = "PATH=a:b:n, such as context.us_aid.start=0:1:11, or PATH=[a, b, c]"
OPTION = "--vary"


class DesignFile(StrictModel):
    """A file that says how a sweep's points are spread."""

    design: Kind = Field(description="Every combination of the values, or a sample spread over the ranges.")
    points: StrictInt | None = Field(
        None, ge=1, description="Of a sample: how many; a power of two for `sobol`.", examples=[64]
    )
    seed: StrictInt = Field(0, ge=0, description="Of a sample.")
    vary: dict[StrictStr, object] = Field(
        min_length=1,
        description="Dotted path to a range or a list of values; a range of a grid says with `n` how many.",
        examples=[{"context.us_aid.start": {"low": 0, "high": 1, "n": 11}}],
    )


def read_design(path: Path | str) -> Design:
    """Read a design from a file.

    Raises
    ------
    CaseError
        with every problem of the file
    """
    return _built(read_document(path))


def design_from_data(data: Mapping[str, object]) -> Design:
    """Read a design from plain data, as it would stand in a file.

    Raises
    ------
    CaseError
        with every problem of the data
    """
    return _built(plain_document(data, "design"))


def _built(document: Document) -> Design:
    shape, findings = validated(DesignFile, document.data)
    whole = SourceMap.of(document)
    if shape is None:
        raise CaseError(whole.problems(findings))
    axes = []
    for name, raw in shape.vary.items():
        try:
            axes.append(axis(name, raw, shape.design))
        except ValueError as error:
            findings.append(Finding(("vary", name), str(error)))
    findings += _amiss(shape, document.data)
    if findings:
        raise CaseError(whole.problems(findings))
    places = dict(zip(shape.vary, whole.problems(Finding(("vary", one), "") for one in shape.vary), strict=True))
    _apart(list(shape.vary), places)
    if shape.points is None:
        return Design.grid(axes, places)
    return Design(shape.design, tuple(axes), shape.points, shape.seed, places)


def _amiss(shape: DesignFile, data: Mapping[str, object]) -> Iterator[Finding]:
    """What the keys of a design say that does not fit its kind."""
    if shape.design == "grid":
        for key in ("points", "seed"):
            if key in data:
                message = f"a grid has no '{key}'; it has every combination of its values, of which each range has n."
                yield Finding((key,), message, key=True)
    elif shape.points is None:
        yield Finding((), f"the key 'points' is missing: how many points the {shape.design} design has.")
    elif shape.design == "sobol" and shape.points & (shape.points - 1):
        near = 2 ** shape.points.bit_length()
        message = f"a Sobol sequence is balanced at powers of two; write {near // 2} or {near}, not {shape.points}."
        yield Finding(("points",), message)


def read_vary(given: Sequence[str]) -> Design:
    """A grid from the texts of ``--vary``.

    Raises
    ------
    UsageError
        if one cannot be read, or a path stands there twice
    """
    axes = [_axis(text) for text in given]
    paths = [one.path for one in axes]
    if twice := next((path for at, path in enumerate(paths) if path in paths[:at]), None):
        raise UsageError(f"{OPTION} names '{twice}' twice.")
    places = {path: Problem(OPTION, 0, 0, path, "") for path in paths}
    _apart(paths, places)
    return Design.grid(axes, places)


def _axis(text: str) -> Axis:
    path, _, value = (part.strip() for part in text.partition("="))
    if not path or not value:
        raise UsageError(f"{OPTION} {text}: write {FORM}.")
    try:
        raw = parse_value(value)
        if isinstance(raw, list):
            return axis(path, raw, "grid")
        parts = value.split(":")
        if not isinstance(raw, str) or len(parts) != len(("low", "high", "n")):
            raise UsageError(f"{OPTION} {text}: {shown(value)} is no range; write {FORM}.")
        return ranged(path, *map(parse_value, parts))
    except CaseError as error:
        raise UsageError(f"{OPTION} {text}: {error.problems[0].message}") from None
    except ValueError as error:
        raise UsageError(f"{OPTION} {text}: {error}") from None


def _apart(paths: Sequence[str], places: Mapping[str, Problem]) -> None:
    """No path may lead into the number of another."""
    inside = [(path, other) for path in paths for other in paths if path.startswith(f"{other}.")]
    if inside:
        raise CaseError(
            replace(places[path], message=f"this is a part of '{other}', which is varied too; keep one of the two.")
            for path, other in inside
        )
