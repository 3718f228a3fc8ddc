"""`codebook`: a form without the case's reading, and how far coders agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.case.codings import load_coding, own_coding
from sim.case.loader import load_case
from sim.case.reading.yaml_documents import to_yaml
from sim.case_paths import find
from tests.conftest import Command

MARKET = Path(__file__).parents[2] / "docs" / "how-to" / "market"
CLAIMS = "claims: {M01: {paragraph: 1, kind: fact, about: [baker], voice: baker, text: Bread is baked at night.}}"
OWN = own_coding(load_case(find("ukraine_2025")), "ukraine_2025")


def coding(path: Path, claims: dict[str, Any], case: str = "ukraine_2025") -> Path:
    path.write_text(to_yaml({"case": case, "claims": claims}), encoding="utf-8")
    return path


def as_the_case(**changed: Any) -> dict[str, Any]:
    """The case's own coding as the data of a file, some claims coded otherwise."""
    return {name: one.model_dump(mode="json") for name, one in OWN.claims.items()} | changed


def compared(parley: Command, *names: object) -> dict[str, Any]:
    ended = parley("codebook", "compare", *names, "--json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_a_form_holds_every_claim_and_nothing_of_the_cases_reading(parley: Command, tmp_path: Path) -> None:
    ended = parley("codebook", "new", "ukraine_2025", "--out", tmp_path / "forms" / "mine.yaml")
    assert ended.code == 0
    path = tmp_path / "forms" / "mine.yaml"
    form = load_coding(path)
    assert list(form.claims) == list(OWN.case.claims)
    assert all((one.kind, one.about, one.size) == (None, (), None) for one in form.claims.values())
    text = path.read_text(encoding="utf-8")
    unwrapped = " ".join(text.replace("#", " ").split())
    for claim in OWN.case.claims.values():
        assert f"Paragraph {claim.paragraph}, {claim.voice}: {claim.text}" in unwrapped
    for word in OWN.case.codebook.values():
        assert (word.assumption or "") in unwrapped
    assert max(map(len, text.splitlines())) <= 120


def test_a_form_of_a_case_without_a_codebook_asks_for_no_size(parley: Command, tmp_path: Path) -> None:
    assert parley("import", MARKET, "--out", tmp_path / "market").code == 0
    out = tmp_path / "market" / "codings" / "mine.yaml"
    assert "has no claims to code" in parley("codebook", "new", tmp_path / "market", "--out", out).err
    (tmp_path / "market" / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    assert parley("codebook", "new", tmp_path / "market", "--out", out).code == 0
    text = out.read_text(encoding="utf-8")
    assert 'case: ".."' in text
    assert "M01: {kind: , about: []}" in text
    assert load_coding(out).case.id == "market"
    sizes = compared(parley, out, tmp_path / "market")["variables"]["size"]
    assert (sizes["alpha"], sizes["claims"], sizes["reading"]) == (None, 0, None)


def test_a_form_is_never_written_over_a_coding(parley: Command, tmp_path: Path) -> None:
    path = coding(tmp_path / "mine.yaml", {"C01": {"kind": "fact"}})
    before = path.read_text(encoding="utf-8")
    ended = parley("codebook", "new", "ukraine_2025", "--out", path)
    assert (ended.code, "Add --force to overwrite it" in ended.err) == (2, True)
    assert path.read_text(encoding="utf-8") == before


def test_a_form_beside_the_scenarios_of_a_case_is_none_of_them(parley: Command, tmp_path: Path) -> None:
    parley("new", str(tmp_path / "quay"))
    before = parley("check", str(tmp_path / "quay")).out
    assert parley("codebook", "new", str(tmp_path / "quay"), "--out", str(tmp_path / "quay" / "mine.yaml")).code == 0
    assert parley("check", str(tmp_path / "quay")).out == before


def test_who_codes_as_the_case_agrees_with_it(parley: Command, tmp_path: Path) -> None:
    found = compared(parley, coding(tmp_path / "mine.yaml", as_the_case()), "ukraine_2025")
    assert {name: one["alpha"] for name, one in found["variables"].items()} == {"kind": 1, "about": 1, "size": 1}
    assert {one["reading"] for one in found["variables"].values()} == {"reliable"}
    assert found["differences"] == []
    assert [one["coded"]["size"] for one in found["coders"]] == [found["variables"]["size"]["claims"]] * 2


def test_what_differs_is_named_with_both_codings(parley: Command, tmp_path: Path) -> None:
    other = {"kind": "fact", "about": ["russia"], "size": None}
    found = compared(parley, "ukraine_2025", coding(tmp_path / "mine.yaml", as_the_case(C07=other, C01=None)))
    [claim] = found["differences"]
    assert (claim["id"], claim["paragraph"], claim["voice"]) == ("C07", 3, "ukraine")
    assert claim["codings"] == {"kind": ["condition", "fact"], "about": [["ukraine"], ["russia"]]}
    assert claim["tally"]["about"] == [{"value": ["ukraine"], "coders": 1}, {"value": ["russia"], "coders": 1}]
    assert found["variables"]["kind"]["confused"] == [{"values": ["condition", "fact"], "pairs": 1}]
    assert found["variables"]["about"]["confused"] == [{"values": [["russia"], ["ukraine"]], "pairs": 1}]
    assert found["variables"]["kind"]["claims"] == len(OWN.claims) - 1  # C01 was coded by one alone
    assert 0.9 < found["variables"]["kind"]["alpha"] < 1
    assert found["variables"]["kind"]["agreement"] == round(1 - 1 / (len(OWN.claims) - 1), 6)
    assert found["variables"]["size"]["alpha"] == 1


def test_three_coders_are_compared_at_once(parley: Command, tmp_path: Path) -> None:
    paths = [coding(tmp_path / f"{name}.yaml", {"C01": {"kind": name}}) for name in ("fact", "judgement")]
    found = compared(parley, *paths, "ukraine_2025")
    assert [one["name"] for one in found["coders"]] == ["fact", "judgement", "the case"]
    kind = found["variables"]["kind"]
    assert (kind["claims"], kind["confused"]) == (1, [{"values": ["fact", "judgement"], "pairs": 2}])
    assert kind["agreement"] == round(1 / 3, 6)


@pytest.mark.slow
def test_a_whole_class_is_counted_where_it_has_no_room_for_columns(parley: Command, tmp_path: Path) -> None:
    kinds = ["fact", "fact", "judgement", None, "fact", "judgement"]
    paths = [coding(tmp_path / f"{at}.yaml", {"C01": {"kind": kind}}) for at, kind in enumerate(kinds)]
    found = compared(parley, *paths)
    assert found["differences"][0]["tally"]["kind"] == [
        {"value": "fact", "coders": 3},
        {"value": "judgement", "coders": 2},
        {"value": None, "coders": 1},
    ]
    page = parley("codebook", "compare", *paths).out
    assert "fact 3, judgement 2, - 1" in page


def test_the_page_says_what_the_json_says(parley: Command, tmp_path: Path) -> None:
    path = coding(tmp_path / "mine.yaml", as_the_case(C07={"kind": "fact"}))
    found = compared(parley, path, "ukraine_2025")
    page = parley("codebook", "compare", path, "ukraine_2025").out
    for one in found["variables"].values():
        assert f"{one['alpha']:.2f}" in page
    assert "condition / fact" in page
    assert "Claims that coders coded differently: 1" in page
    assert "C07: Security promises from allies" in " ".join(page.split())
    assert "Agreement is not truth" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ukraine_2025"], "Agreement takes two codings"),
        (["ukraine_2025", "flatmates"], "ukraine_2025 codes 'ukraine_2025', but flatmates codes 'flatmates'"),
        (["ukraine_2025", "nowhere.yaml"], "There is no file 'nowhere.yaml'."),
        (["ukraine_2025", "european_force"], "the key 'claims' is missing."),
        (["ukraine_2025", str(Path(__file__).parent)], "is not a case. Name a case folder or a bundled case."),
    ],
)
def test_a_mistake_is_a_sentence(parley: Command, arguments: list[str], said: str) -> None:
    ended = parley("codebook", "compare", *arguments)
    assert ended.code == 2
    assert said in ended.err


def test_a_form_needs_a_case(parley: Command, tmp_path: Path) -> None:
    ended = parley("codebook", "new", "european_force", "--out", tmp_path / "mine.yaml")
    assert (ended.code, "'european_force' is not a case" in ended.err) == (2, True)
