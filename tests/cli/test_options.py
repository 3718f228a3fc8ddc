"""What arguments mean, and what is said of wrong ones."""

import pytest

from sim.cli import option_values
from sim.errors import UsageError


def test_settings_are_read_as_in_a_file() -> None:
    given = ["a.b=5", "a.c = never", "d={low: 1, high: 2}", "e=no", "f=a=b"]
    assert option_values.settings(given) == {
        "a.b": 5,
        "a.c": "never",
        "d": {"low": 1, "high": 2},
        "e": "no",
        "f": "a=b",
    }


def test_no_settings_are_no_changes() -> None:
    assert option_values.settings(None) == {}


def test_the_last_of_two_settings_of_one_path_counts() -> None:
    assert option_values.settings(["a=1", "a=2"]) == {"a": 2}


@pytest.mark.parametrize("wrong", ["a.b", "=5", "a.b=", " = "])
def test_a_setting_without_path_or_value_says_how_to_write_it(wrong: str) -> None:
    with pytest.raises(UsageError, match=r"Write PATH=VALUE, such as context\.us_aid\.start=0"):
        option_values.settings([wrong])


def test_a_setting_that_is_no_yaml_says_what_is_wrong() -> None:
    with pytest.raises(UsageError, match=r"--set a=\{low: 1: the mapping .* is not closed"):
        option_values.settings(["a={low: 1"])


def test_a_proposal_may_be_parted_by_blanks_or_commas() -> None:
    expected = {"force": "european", "force_size": 30000}
    assert option_values.proposal("force=european force_size=30000") == expected
    assert option_values.proposal(" force=european,  force_size=30000 ") == expected


def test_no_proposal_is_none() -> None:
    assert option_values.proposal(None) is None


def test_an_empty_proposal_is_refused() -> None:
    with pytest.raises(UsageError, match="--propose is empty"):
        option_values.proposal("  ")


def test_an_issue_named_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="sets 'force' twice"):
        option_values.proposal("force=un force=nato")


def test_actors_are_found_in_any_letter_case() -> None:
    assert option_values.actor("Russia", ["ukraine", "russia"]) == "russia"


def test_actors_are_parted_by_commas_or_blanks() -> None:
    assert option_values.actors("Russia, ukraine", {"ukraine": 1, "russia": 2}) == ["russia", "ukraine"]
    assert option_values.actors(None, {"ukraine": 1}) is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("rusia", r"Unknown actor 'rusia' for --among\. Choose from ukraine, russia\. Did you mean 'russia'\?"),
        (" , ", "--among is empty"),
    ],
)
def test_among_names_actors(given: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        option_values.actors(given, {"ukraine": 1, "russia": 2})


def test_an_unknown_actor_is_told_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"Choose from ukraine, russia\. Did you mean 'russia'\?"):
        option_values.actor("rusia", ["ukraine", "russia"])
