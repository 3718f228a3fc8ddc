"""Whatever a file holds, loading it ends with a case or with a `CaseError` that says what is wrong."""

import contextlib
import copy
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

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
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["low", "high", "choices", "any", "not", "water", "rule", "x"]), inner, max_size=3
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


def check(act, *arguments):
    with contextlib.suppress(CaseError):
        act(*arguments)


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
    source = copy.deepcopy(dict(SOURCE))
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
    check(build_scenario, source)


@given(st.sampled_from(PLACES), PLAIN)
def test_any_change_from_outside(path, value):
    check(load_scenario, BASE / "scenario.yaml", {".".join(map(str, path)): value})


def test_problems_sort_by_place():
    later, sooner = Problem("a.yaml", 10, 1, "", "x"), Problem("a.yaml", 9, 1, "", "x")
    assert CaseError([later, sooner, later]).problems == (sooner, later)
