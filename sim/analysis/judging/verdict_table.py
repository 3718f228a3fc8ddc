"""Everybody's verdicts on many packages at once, as the columns of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.judging.judged_text import context_of, proposed
from sim.analysis.subject import case_of
from sim.case.conditions import Option
from sim.case.models import Case
from sim.case.packages import fill_proposal, unknown_name
from sim.case.reading.csv_rows import cell_value, read_rows, wrong_length
from sim.engine.measures import DURABILITY, HIGHEST
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central
from sim.errors import CaseError, Problem, UsageError
from sim.negotiation.answers.evaluation import DIGITS
from sim.negotiation.answers.evaluation_context import EvaluationContext
from sim.negotiation.scenario_loader import TargetLike, as_target

BLOCK = 16_384
"""Packages judged per block."""
BYTES_MOST = 2**28
"""The largest file of packages: some millions of rows."""
LABEL = "id"
"""A column that names the packages; it is carried over, unless an issue has this name."""
GIVEN = "<packages>"
"""The file name given to problems with packages that come from no file."""
Table = dict[str, NDArray[Any]]
"""Column to its values, one for each package."""


def verdict_table(
    target: TargetLike, packages: Mapping[str, Sequence[object]] | str | Path, *, month: int | None = None
) -> Table:
    """Judge many packages at central values, each take it or leave it.

    Parameters
    ----------
    target : a case or a scenario, or the name or path of either; issues without a column keep its options
    packages : issue to the options of each package, or a CSV file with a column for each issue; a column ``id`` is
        carried over, and an empty cell keeps the option of the target
    month : of the scenario's talks, for its context and aspirations; None for take it or leave it, as talks open

    Returns
    -------
    column to its values: the issues, ``possible``, ``agreed``, ``blocked_by`` (ids with blanks between), ``durability``
    if the case has one, and ``verdict.ACTOR`` and ``surplus.ACTOR`` (points) for each actor. Where a package is not
    possible, the answers are empty texts and NaN.

    Raises
    ------
    CaseError
        with every unknown issue and every unknown option, each with its first row
    UsageError
        if the month lies outside the talks
    """
    target = as_target(target)
    case = case_of(target)
    named, columns = _columns(case, packages)
    base, _ = proposed(target, {})
    texts = np.repeat(OutcomeSpace(case).encode(base)[None], named.count, axis=0)
    for place, name in enumerate(case.issues):
        if name in columns:
            taken = columns[name]
            texts[:, place] = np.where(taken < 0, texts[:, place], taken)
    return named.labels | _judged(context_of(target, Central(), month), texts)


class _Named:
    """The labels of packages, and how many there are."""

    def __init__(self, count: int, labels: Table) -> None:
        self.count, self.labels = count, labels


def _columns(
    case: Case, packages: Mapping[str, Sequence[object]] | str | Path
) -> tuple[_Named, dict[str, NDArray[np.int64]]]:
    """Return issue to (package,) int, the place of its option, or -1 where a cell is empty."""
    file, lines, decimal_comma = GIVEN, None, False
    if isinstance(packages, str | Path):
        file = Path(packages).as_posix()
        packages, lines, decimal_comma = _read(Path(packages))
    counts = {len(values) for values in packages.values()}
    if len(counts) != 1 or counts == {0}:
        raise UsageError("Packages need at least one row, and every issue needs the same number of options.")
    count, problems, columns = counts.pop(), list[Problem](), dict[str, NDArray[np.int64]]()
    labels = {LABEL: np.array(packages[LABEL])} if LABEL in packages and LABEL not in case.issues else {}
    for name, values in packages.items():
        if name in labels:
            continue
        if name not in case.issues:
            problems.append(Problem(file, lines[0] if lines else 0, 1, name, unknown_name("issue", name, case.issues)))
            continue
        places: dict[object, int] = {}
        for value in dict.fromkeys(values):
            try:
                places[value] = _place(case, name, value, decimal_comma=decimal_comma)
            except ValueError as error:
                first = list(values).index(value)
                others = sum(other == value for other in values) - 1
                more = f" It occurs in {others:,} more row{'s' * (others != 1)}." if others else ""
                problems.append(Problem(file, lines[1 + first] if lines else first + 1, 1, name, f"{error}{more}"))
        if len(places) == len(set(values)):
            columns[name] = np.fromiter(map(places.__getitem__, values), dtype=np.int64, count=count)
    if problems:
        raise CaseError(problems)
    return _Named(count, labels), columns


def _read(path: Path) -> tuple[dict[str, Sequence[object]], list[int], bool]:
    """Return the columns of a file, the numbers of its lines, and whether numbers have decimal commas."""
    rows, decimal_comma = read_rows(path, BYTES_MOST)
    file, header = path.as_posix(), rows[0][1]
    problems = [problem for row in rows[1:] if (problem := wrong_length(file, row, header, "issue"))]
    for place, name in enumerate(header):
        if not name or name in header[:place]:
            words = "heads two columns; keep only one of them." if name else "has no name; write the id of an issue."
            problems.append(Problem(file, rows[0][0], 1, name, f"column {place + 1} {words}"))
    if len(rows) < 2:
        problems.append(Problem(file, 1, 1, "", "there are no packages; write a header of issues and one row each."))
    if problems:
        raise CaseError(problems)
    values = zip(*(cells for _, cells in rows[1:]), strict=True)
    return dict(zip(header, values, strict=True)), [number for number, _ in rows], decimal_comma


def _place(case: Case, name: str, value: object, *, decimal_comma: bool) -> int:
    """Return the place of an option, -1 for an empty cell. Raises ValueError if there is no such option."""
    if value is None or value == "":
        return -1
    options: tuple[Option, ...] = case.issues[name].options
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        if value in options:
            return options.index(value)
        value = cell_value(value, decimal_comma=decimal_comma)
    filled, _, findings = fill_proposal(case, {name: value})
    if findings:
        raise ValueError(findings[0].message)
    return options.index(filled[name])


def _judged(context: EvaluationContext, texts: Texts) -> Table:
    case, space = context.case, OutcomeSpace(context.case)
    possible = space.possible(texts)
    count, words = len(texts), np.array([verdict.word for verdict in Verdict])
    table: Table = {
        name: np.array(issue.options, dtype=None if issue.numeric else object)[texts[:, place]]
        for place, (name, issue) in enumerate(case.issues.items())
    }
    table |= {"possible": possible, "agreed": np.zeros(count, dtype=bool), "blocked_by": np.full(count, "", object)}
    if case.durability is not None:
        table[DURABILITY] = np.full(count, np.nan)
    for name in case.actors:
        table[f"verdict.{name}"], table[f"surplus.{name}"] = np.full(count, "", object), np.full(count, np.nan)
    rows = np.flatnonzero(possible)
    for start in range(0, len(rows), BLOCK):
        at = rows[start : start + BLOCK]
        evaluation = context.evaluate(np.ascontiguousarray(texts[at].T).T)
        consent = evaluation.responses.consent
        table["agreed"][at] = consent.agreed[0]
        blockers = {**consent.blockers, **_stuck(consent.unmet, consent.withheld)}
        table["blocked_by"][at] = _listed(blockers, len(at))
        if DURABILITY in table:
            table[DURABILITY][at] = np.round(evaluation.situation.measures[DURABILITY][0] / HIGHEST, DIGITS)
        for name, answer in evaluation.responses.answers.items():
            table[f"verdict.{name}"][at] = words[np.broadcast_to(answer.verdict, (1, len(at)))[0]]
            table[f"surplus.{name}"][at] = np.round(answer.surplus[0], DIGITS) + 0.0
    return table


def _stuck(
    unmet: Mapping[str, NDArray[np.bool_]], withheld: Mapping[str, Mapping[str, NDArray[np.bool_]]]
) -> dict[str, NDArray[np.bool_]]:
    """Return the rules that are not met although nobody withholds what they ask for."""
    return {
        rule: missing & ~np.logical_or.reduce([np.zeros_like(missing), *withheld[rule].values()])
        for rule, missing in unmet.items()
    }


def _listed(blockers: Mapping[str, NDArray[np.bool_]], count: int) -> NDArray[np.object_]:
    """Return (text,) the ids of those that block each text, with blanks between."""
    blocks = np.array([np.broadcast_to(one, (1, count))[0] for one in blockers.values()])
    sets, which = np.unique(blocks, axis=1, return_inverse=True)
    names = list(blockers)
    said = [" ".join(name for name, there in zip(names, column, strict=True) if there) for column in sets.T]
    return np.array(said, dtype=object)[which.reshape(-1)]
