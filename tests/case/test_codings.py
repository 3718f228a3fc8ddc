"""Files of codings: what may stand in them, what is refused, and the coding that a case is by itself."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from sim.case.codings import load_coding, own_coding, sizes, subjects
from sim.case.loader import build_case, load_case
from sim.case_paths import find
from sim.errors import CaseError
from tests.engine import villages
from tests.engine.villages import WHY

UKRAINE = load_case(find("ukraine_2025"))
HEAD = "case: flatmates\nclaims:\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> list[str]:
    """The problems of a file, each from its line on."""
    with pytest.raises(CaseError) as caught:
        load_coding(path)
    return [str(one).removeprefix(path.as_posix()) for one in caught.value.problems]


def test_a_coding_says_who_takes_which_claim_for_what(tmp_path: Path) -> None:
    text = (
        "coder: Kim\n"
        + HEAD
        + "  K01: {kind: fact, about: ben, size: much}\n  K02: {kind: , about: [], size: }\n  K03:\n"
    )
    coding = load_coding(write(tmp_path, text))
    assert (coding.coder, coding.case.id) == ("Kim", "flatmates")
    assert list(coding.claims) == ["K01", "K02"]
    one, blank = coding.claims.values()
    assert (one.kind, one.about, one.size) == ("fact", ("ben",), "much")
    assert (blank.kind, blank.about, blank.size) == (None, (), None)


def test_a_coder_without_a_name_goes_by_the_file(tmp_path: Path) -> None:
    assert load_coding(write(tmp_path, HEAD + "  K01:\n")).coder == "mine"


def test_a_case_is_found_from_the_files_own_folder(tmp_path: Path) -> None:
    (tmp_path / "flat").symlink_to(find("flatmates"))
    (tmp_path / "codings").mkdir()
    coding = load_coding(write(tmp_path / "codings", "case: ../flat\nclaims: {K01: {kind: fact}}\n"))
    assert list(coding.case.actors) == ["ana", "ben", "cleo"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD + "  K01: {kind: postion}\n",
            ":3:15 claims.K01.kind: 'postion' is not one of position, red_line, condition, fact, judgement, unknown. "
            "Did you mean 'position'?",
        ),
        (
            HEAD + "  K01: {kind: fact, about: [ana, bem]}\n",
            ":3:34 claims.K01.about.1: 'bem' is not an actor of this case (ana, ben, cleo). Did you mean 'ben'?",
        ),
        (
            HEAD + "  K01: {size: lots}\n",
            ":3:15 claims.K01.size: 'lots' is not a codebook word of this case (some, much).",
        ),
        (
            HEAD + "  K01: {about: Ana, size: some}\n",
            ":3:16 claims.K01.about.0: 'Ana' is not an actor of this case (ana, ben, cleo). Did you mean 'ana'?",
        ),
        (
            HEAD + "  K01: {size: Much}\n",
            ":3:15 claims.K01.size: 'Much' is not a codebook word of this case (some, much). Did you mean 'much'?",
        ),
        (HEAD + "  K99: {kind: fact}\n", ":3:3 claims.K99: this case has no claim 'K99'. Did you mean 'K09'?"),
        (
            HEAD + "  K01: {knid: fact}\n",
            ":3:9 claims.K01.knid: the key 'knid' is not known here (kind, about, size). Did you mean 'kind'?",
        ),
        (
            HEAD + "  one: {kind: fact}\n",
            ":3:3 claims.one: 'one' is not a valid claim id; a claim id consists of letters and then digits, "
            "such as C07.",
        ),
        (HEAD + "  K01: fact\n", ":3:8 claims.K01: expected 'key: value' lines, not 'fact'."),
        (HEAD + "  K01: {kind: [fact]}\n", ":3:15 claims.K01.kind: a list is not one of"),
        ("case: flatmates\n", ":1:1: the key 'claims' is missing."),
        ("claims: {K01: {kind: fact}}\n", ":1:1: the key 'case' is missing."),
        (
            "case: flatmate\nclaims: {}\n",
            ":1:7 case: There is no file, folder, or bundled case or scenario named 'flatmate'. "
            "Did you mean 'flatmates'?",
        ),
        (
            "case: warm_flat\nclaims: {}\n",
            ":1:7 case: 'warm_flat' is not a case; name the folder of a case, or a bundled case.",
        ),
        (HEAD + "  K01: {kind: fact}\n  K01: {kind: fact}\n", ":4:3 claims.K01: 'K01' appears a second time"),
        ("", ": the file is empty."),
    ],
)
def test_a_mistake_is_named_with_its_place_and_how_to_mend_it(tmp_path: Path, text: str, said: str) -> None:
    [found] = refused(write(tmp_path, text))
    assert found.startswith(said)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    found = refused(write(tmp_path, HEAD + "  K01: {size: lots, about: [ana, bem]}\n  K02: {knid: fact}\n  K99:\n"))
    assert [one.split(" ")[1] for one in found] == [
        "claims.K01.size:",
        "claims.K01.about.1:",
        "claims.K02.knid:",
        "claims.K99:",
    ]


def test_a_case_codes_every_claim_as_its_files_have_it() -> None:
    own = own_coding(UKRAINE, "ukraine_2025")
    assert {name: (one.kind, one.about) for name, one in own.claims.items()} == {
        name: (claim.kind, claim.about) for name, claim in UKRAINE.claims.items()
    }


def test_the_size_of_a_claim_is_the_largest_word_that_an_actor_takes_from_it() -> None:
    source = copy.deepcopy(villages.CASE)
    claim = {"paragraph": 1, "kind": "position", "about": ["upper"], "voice": "upper", "text": "x"}
    source["claims"] = {f"V{at}": claim for at in range(1, 7)}
    source["codebook"] = {word: {"is": points, **WHY} for word, points in (("slight", 5), ("vital", 40))}

    def rule(name: str, claim: str, **keys: object) -> dict[str, object]:
        return {"rule": name, "says": "x", "source": [claim], **keys}

    upper, mayor = source["actors"]["upper"], source["actors"]["mayor"]
    upper["preferences"] += [
        rule("likes", "V1", points="-slight"),
        rule("guesses", "V4", points="vital", assumption="x"),  # the assumption is its size, not the claim
    ]
    upper["red_lines"] = [
        rule("pride", "V1", when={"price": 30}, price="vital"),
        rule("honour", "V2", when={"price": 20}, price={"same_as": "actors.upper.red_lines.pride.price"}),
        rule("plain", "V5", when={"price": 10}, price=40),
    ]
    mayor["capacities"]["guards"]["when_sent"] = [rule("at_home", "V3", points="-slight")]
    own = own_coding(build_case(source), "villages").claims
    assert [own[f"V{at}"].size for at in range(1, 7)] == ["vital", "vital", "slight", None, None, None]


def test_words_go_from_the_smallest_on_and_subjects_are_actors_first() -> None:
    assert sizes(UKRAINE) == ["slight", "moderate", "strong", "vital"]
    assert subjects(UKRAINE) == [*UKRAINE.actors, "europe"]
