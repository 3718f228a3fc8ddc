"""Whatever a file holds, loading it ends with a case or with a `CaseError` that says what is wrong."""

import contextlib
import copy
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.case.loader import build_case
from sim.case.reading.yaml_documents import parse_document
from sim.errors import CaseError, Problem
from sim.negotiation.scenario_loader import build_scenario, load_scenario

BASE = Path(__file__).parents[1] / "broken" / "base"
SOURCE = load_scenario(BASE / "scenario.yaml").source
TEXT = "\n".join(file.read_text(encoding="utf-8") for file in sorted(BASE.rglob("*.yaml")))
PIECES = st.sampled_from(
    [*"[]{}:,-?&*!|>'\"#%@`\n\t ", "\n  ", ": ", "- ", "<<", "&a", "*a", "!!map", "...", "---", "\0"]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["never", "strong", "-strong", ">=20", "water", "both", "lower", "W01", 10**400]),
)
KEYS = [
    "low",
    "high",
    "choices",
    "any",
    "all",
    "not",
    "count",
    "sum",
    "at_least",
    "at_most",
    "water",
    "rule",
    "per",
    "x",
]
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def places(data, path=()):
    """The paths of all values in plain data."""
    yield path
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in inside:
        yield from places(value, (*path, step))


PLACES = [path for path in places(SOURCE) if path]
PLACES += [("case", "actors", "upper", "scores"), ("case", "actors", "upper", "scores", "water")]
PLACES += [("case", "actors", "upper", "preferences", 0, key) for key in ("per", "from")]
PARK = load_scenario(BASE.parents[1] / "cases" / "wind_park" / "first_plan.yaml").source["case"]
PARK_PLACES = [path for path in places(PARK) if path]


def check(act, *arguments):
    with contextlib.suppress(CaseError):
        act(*arguments)


def mutated(source, mutations):
    """Plain data in which the values at some paths are others, or left out (...)."""
    source = copy.deepcopy(dict(source))
    for path, value in mutations:
        holder = source
        try:
            for step in path[:-1]:
                holder = holder[step]
            if value is ...:
                del holder[path[-1]]
            else:
                holder[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation took the place away
    return source


@given(st.text() | st.lists(PIECES | st.text(max_size=3)).map("".join))
def test_random_text(text):
    check(parse_document, text)


@given(st.integers(0, len(TEXT)), st.integers(0, 20), PIECES | st.text(max_size=3))
def test_a_valid_text_with_a_piece_replaced(start, length, piece):
    check(parse_document, TEXT[:start] + piece + TEXT[start + length :])


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), PLAIN | st.just(...)), min_size=1, max_size=3))
@example([(("case", "codebook"), ...), (("changes",), {"low": None})])
def test_a_valid_scenario_with_values_replaced_or_left_out(mutations):
    source = mutated(SOURCE, mutations)
    check(build_scenario, source)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PARK_PLACES), PLAIN | st.just(...)), min_size=1, max_size=3))
@example([(("issues", "grant", "options"), [0, 10**400])])
@example([(("consent", 2, "quorum", "at_least"), 10**400)])
@example([(("constraints", 0, "then", "sum", "grant"), {"x": 1})])
def test_a_valid_case_of_score_sheets_and_sums_with_values_replaced_or_left_out(mutations):
    check(build_case, mutated(PARK, mutations))


@given(st.sampled_from(PLACES), PLAIN)
def test_any_change_from_outside(path, value):
    check(load_scenario, BASE / "scenario.yaml", {".".join(map(str, path)): value})


def test_problems_sort_by_place():
    later, sooner = Problem("a.yaml", 10, 1, "", "x"), Problem("a.yaml", 9, 1, "", "x")
    assert CaseError([later, sooner, later]).problems == (sooner, later)
