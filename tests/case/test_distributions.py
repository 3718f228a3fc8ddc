"""Numbers: their distributions against SciPy's and against values worked out by hand, and their spellings."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.case.distributions import (
    LARGEST,
    Choices,
    CodebookNumber,
    Fixed,
    Normal,
    Triangular,
    Uniform,
    negated,
    written,
)
from sim.case.number_syntax import parse_number
from sim.case.reading.yaml_documents import parse_value

GRID = np.linspace(0.001, 0.999, 101)
within = st.floats(-1000, 1000).map(lambda value: round(value, 3))


@pytest.mark.parametrize(
    ("number", "reference"),
    [
        (Uniform(-3, 5), stats.uniform(-3, 8)),
        (Triangular(2, 3, 10), stats.triang(1 / 8, 2, 8)),
        (Triangular(2, 2, 10), stats.triang(0, 2, 8)),
        (Triangular(2, 10, 10), stats.triang(1, 2, 8)),
        (Normal(4, 1.5), stats.norm(4, 1.5)),
    ],
)
def test_quantiles_are_those_of_scipy(number, reference):
    np.testing.assert_allclose(number.quantile(GRID), reference.ppf(GRID), rtol=1e-12, atol=1e-12)


def test_triangular_quantile_by_hand():
    # F(mode) = (mode - low) / (high - low) = 1/4; below it x = low + sqrt(u * width * rise)
    drawn = Triangular(0, 1, 4).quantile(np.array([0.0, 0.0625, 0.25, 0.8125, 1.0]))
    np.testing.assert_allclose(drawn, [0, 0.5, 1, 4 - math.sqrt(0.1875 * 12), 4])


def test_choices_take_each_value_for_its_share_of_the_uniforms():
    number = Choices((math.inf, 60.0, 10.0), (0.5, 0.25, 0.25))
    uniforms = np.array([0.0, 0.49, 0.5, 0.74, 0.75, 0.999])
    assert number.quantile(uniforms).tolist() == [math.inf, math.inf, 60, 60, 10, 10]


def test_choices_never_take_a_value_of_probability_0():
    assert set(Choices((1.0, 2.0, 3.0), (0.0, 1.0, 0.0)).quantile(GRID)) == {2.0}


def test_a_normal_number_is_finite_at_the_ends_of_the_uniforms():
    assert np.isfinite(Normal(0, 1).quantile(np.array([0.0, 1.0]))).all()


@pytest.mark.parametrize("number", [Fixed(7.0), Uniform(7, 7), Triangular(7, 7, 7), Normal(7, 0)])
def test_a_number_without_width_is_its_value_in_every_world(number):
    assert number.quantile(GRID).tolist() == [7.0] * len(GRID)


@pytest.mark.parametrize(
    ("number", "central", "span"),
    [
        (Fixed(3.0), 3, (3, 3)),
        (Uniform(1, 4), 2.5, (1, 4)),
        (Triangular(1, 2, 4), 2, (1, 4)),
        (Normal(1, 2), 1, (-3, 5)),
        (Choices((math.inf, 60.0), (0.8, 0.2)), math.inf, (60, math.inf)),
    ],
)
def test_central_value_and_range(number, central, span):
    assert number.central == central
    assert number.range == span


@pytest.mark.parametrize("number", [Fixed(3.0), Uniform(1, 4), Triangular(1, 2, 4), Normal(1, 2)])
def test_negated_is_the_mirror_image(number):
    np.testing.assert_allclose(negated(number).quantile(GRID), -number.quantile(1 - GRID), atol=1e-12)
    assert negated(number).central == -number.central


def test_negated_choices_keep_their_weights():
    assert negated(Choices((1.0, -2.0), (0.3, 0.7))) == Choices((-1.0, 2.0), (0.3, 0.7))


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (5, Fixed(5.0)),
        (-2.5, Fixed(-2.5)),
        ("strong", CodebookNumber("strong", negative=False)),
        ("-vital", CodebookNumber("vital", negative=True)),
        ({"low": 1, "high": 2}, Uniform(1, 2)),
        ({"high": 3, "mode": 2, "low": 1}, Triangular(1, 2, 3)),
        ({"mean": 0, "sd": 1}, Normal(0, 1)),
        ({"choices": {"60": 0.25, "-1.5": 0.75}}, Choices((60.0, -1.5), (0.25, 0.75))),
    ],
)
def test_every_spelling_is_read(raw, number):
    assert parse_number(raw) == number


def test_never_is_a_price_and_an_outcome_of_a_price():
    assert parse_number("never", never=True) == Fixed(math.inf)
    raw = {"choices": {"never": 0.8, "60": 0.2}}
    assert parse_number(raw, never=True) == Choices((math.inf, 60.0), (0.8, 0.2))
    with pytest.raises(ValueError, match="Only the price of a red line can be 'never'"):
        parse_number(raw)


@pytest.mark.parametrize("raw", [10**400, -(10**400), 2 * LARGEST, math.nan, -math.inf, [], None, "1.5", {}])
def test_what_is_no_number_is_refused_in_words(raw):
    with pytest.raises(ValueError, match=r"is not |is too large"):
        parse_number(raw)


@given(st.lists(within, min_size=3, max_size=3).map(sorted), st.floats(0, 1, exclude_max=True))
def test_draws_stay_within_the_range_and_rise_with_the_uniform(ends, uniform):
    number = Triangular(*ends)
    low, high = number.quantile(np.array([uniform, (1 + uniform) / 2]))
    assert ends[0] - 1e-9 <= low <= high + 1e-9 <= ends[2] + 2e-9


@given(within, within, within)
def test_a_number_is_read_back_as_it_was_written(one, two, three):
    low, mode, high = sorted((one, two, three))
    for number in (Fixed(one), Uniform(low, high), Triangular(low, mode, high), Normal(one, abs(two))):
        assert parse_number(parse_value(written(number))) == number
