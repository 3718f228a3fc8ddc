"""Designs as users write them, in a file or as ``PATH=a:b:n``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import Field, StrictInt, StrictStr

from sim.analysis.experiments.design import Axis, Design, parse_axis, range_axis
from sim.analysis.experiments.design_csv import read_points
from sim.case.base_models import StrictModel
from sim.case.reading.source_map import Finding, SourceMap
from sim.case.reading.yaml_documents import Document, parse_value, plain_document, read_document
from sim.case.validation_messages import parse_model
from sim.errors import CaseError, Problem, UsageError, quoted

FORM = "PATH=a:b:n, such as context.us_aid.start=0:1:11, or PATH=[a, b, c]"
OPTION = "--vary"


class DesignFile(StrictModel):
    """A file that says how a sweep's points are spread."""

    design: Literal["grid", "latin_hypercube", "sobol"] = Field(
        description="Every combination of the values, or a sample spread over the ranges."
    )
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
    """Read a design from a YAML file, or from a CSV file with one point per row.

    Raises CaseError with every problem of the file.
    """
    if Path(path).suffix.lower() == ".csv":
        return read_points(Path(path))
    return _built(read_document(path))


def design_from_data(data: Mapping[str, object]) -> Design:
    """Read a design from plain data in the form of a file. Raises CaseError with every problem of the data."""
    return _built(plain_document(data, "design"))


def _built(document: Document) -> Design:
    file, findings = parse_model(DesignFile, document.data)
    source = SourceMap.of(document)
    if file is None:
        raise CaseError(source.problems(findings))
    axes = []
    for path, raw in file.vary.items():
        try:
            axes.append(parse_axis(path, raw, file.design))
        except ValueError as error:
            findings.append(Finding(("vary", path), str(error)))
    findings += _misfits(file, document.data)
    if findings:
        raise CaseError(source.problems(findings))
    places = dict(zip(file.vary, source.problems(Finding(("vary", path), "") for path in file.vary), strict=True))
    _check_separate(list(file.vary), places)
    if file.points is None:
        return Design.grid(axes, places)
    return Design(file.design, tuple(axes), file.points, file.seed, places)


def _misfits(file: DesignFile, data: Mapping[str, object]) -> Iterator[Finding]:
    """Yield what does not fit the kind of design."""
    if file.design == "grid":
        for key in ("points", "seed"):
            if key in data:
                message = f"a grid has no '{key}': it has every combination of its values, and each range has an 'n'."
                yield Finding((key,), message, key=True)
    elif file.points is None:
        yield Finding((), f"the key 'points' is missing: the number of points in the {file.design} design.")
    elif file.design == "sobol" and file.points & (file.points - 1):
        near = 2 ** file.points.bit_length()
        message = f"a Sobol sequence is balanced at powers of two; write {near // 2} or {near}, not {file.points}."
        yield Finding(("points",), message)


def read_vary(texts: Sequence[str]) -> Design:
    """Read a grid from the texts of ``--vary``. Raises UsageError if one cannot be read, or two have the same path."""
    axes = [_axis(text) for text in texts]
    paths = [axis.path for axis in axes]
    if repeated := next((path for index, path in enumerate(paths) if path in paths[:index]), None):
        raise UsageError(f"{OPTION} names '{repeated}' twice.")
    places = {path: Problem(OPTION, 0, 0, path, "") for path in paths}
    _check_separate(paths, places)
    return Design.grid(axes, places)


def _axis(text: str) -> Axis:
    path, _, value = (part.strip() for part in text.partition("="))
    if not path or not value:
        raise UsageError(f"{OPTION} {text}: write {FORM}.")
    try:
        raw = parse_value(value)
        if isinstance(raw, list):
            return parse_axis(path, raw, "grid")
        parts = value.split(":")
        if not isinstance(raw, str) or len(parts) != len(("low", "high", "n")):
            raise UsageError(f"{OPTION} {text}: {quoted(value)} is not a range; write {FORM}.")
        return range_axis(path, *map(parse_value, parts))
    except CaseError as error:
        raise UsageError(f"{OPTION} {text}: {error.problems[0].message}") from None
    except ValueError as error:
        raise UsageError(f"{OPTION} {text}: {error}") from None


def _check_separate(paths: Sequence[str], places: Mapping[str, Problem]) -> None:
    """Refuse a path that leads into the number of another."""
    inside = [(path, other) for path in paths for other in paths if path.startswith(f"{other}.")]
    if inside:
        raise CaseError(
            replace(places[path], message=f"this is a part of '{other}', which is varied too; keep only one of them.")
            for path, other in inside
        )
