"""Documents: YAML 1.2 scalars, places, and files that are refused before or while they are read."""

import math
import os
from pathlib import Path

import pytest

from sim.case.reading.yaml_documents import VALUES_MOST, parse_document, parse_value, plain_document, read_document
from sim.errors import CaseError


def refusal(content):
    """What is said of a text."""
    with pytest.raises(CaseError) as caught:
        parse_document(content, "x.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            (word, word)
            for word in ("no", "yes", "on", "off", "No", "y", "TrUe", "1_000", "12:30", "2025-02-01", "0b1")
        ),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, None) for word in ("null", "~", "", "Null")),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("-12", -12),
        ("+3", 3),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
        ("'true'", "true"),
        ("'5'", "5"),
        ("never", "never"),
        ("-strong", "-strong"),
        ("{low: 1, high: 2.5}", {"low": 1, "high": 2.5}),
        ("{choices: {never: 0.8, 60: 0.2}}", {"choices": {"never": 0.8, "60": 0.2}}),
        ("[a, no]", ["a", "no"]),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text, value):
    found = parse_value(text)
    assert found == value
    assert type(found) is type(value)


def test_nan_and_very_long_integers_are_floats():
    assert math.isnan(parse_value(".nan"))
    assert parse_value("9" * 5000) == math.inf
    assert parse_value("1234567890123456789") == 1234567890123456789.0


def test_places_of_values_and_keys():
    document = parse_document("# first\ntitle: x\nlist:\n  - {rule: a}\n  -  b\nempty:\n")
    assert document.data == {"title": "x", "list": [{"rule": "a"}, "b"], "empty": None}
    assert document.place(("title",)) == (2, 8)
    assert document.place(("title",), key=True) == (2, 1)
    assert document.place(("list", 0, "rule")) == (4, 12)
    assert document.place(("list", 0, "points")) == (4, 5)
    assert document.place(("list", 1)) == (5, 6)
    assert document.place(("nowhere",)) == (2, 1)


def test_columns_count_characters():
    assert parse_document("{é: ü, b: c}").place(("b",)) == (1, 11)


def test_plain_aliases_are_copies():
    document = parse_document("a: &a {x: 1}\nb: *a\n")
    assert document.data == {"a": {"x": 1}, "b": {"x": 1}}
    assert document.data["a"] is not document.data["b"]


def test_a_merge_key_is_a_plain_key():
    assert parse_document("<<: {a: 1}\n").data == {"<<": {"a": 1}}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "a: &a [*a, "])
def test_deep_nesting_is_refused_and_does_not_crash_the_parser(opening):
    assert "x.yaml:" in refusal(opening * 100_000)


def test_every_duplicate_and_tag_is_told_at_once():
    said = refusal("a: 1\na: 2\nb: {c: 1, c: 2}\nd: !!str 5\ne: !x 3\n").splitlines()
    assert said == [
        "x.yaml:2:1 a: 'a' appears a second time (first in line 1); keep only one of the two.",
        "x.yaml:3:11 b.c: 'c' appears a second time (first in line 3); keep only one of the two.",
        "x.yaml:4:4 d: the tag '!!str' is not allowed; write plain values only.",
        "x.yaml:5:4 e: the tag '!x' is not allowed; write plain values only.",
    ]


def test_a_tag_that_spells_an_inner_name_is_refused_all_the_same():
    assert "the tag 'int' is not allowed" in refusal("a: !<int> x\n")


def test_an_alias_bomb_is_refused_while_it_unfolds():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 30)]
    assert f"more than {VALUES_MOST:,} values" in refusal("\n".join(lines))


@pytest.fixture
def said_of(tmp_path, monkeypatch):
    """What is said of a file with some bytes."""
    monkeypatch.chdir(tmp_path)

    def read(content):
        Path("x.yaml").write_bytes(content)
        with pytest.raises(CaseError) as caught:
            read_document("x.yaml")
        return str(caught.value)

    return read


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.yaml: the file is empty."),
        (b"\0\1\2", "x.yaml: this is a binary file; a case file is text (YAML, UTF-8)."),
        ("a: b".encode("utf-16"), "x.yaml: the file is UTF-16; save it as UTF-8."),
        (
            "a: 1\nb: é\n".encode("latin-1"),
            "x.yaml:2:4: byte 0xe9 is not UTF-8 (the file may be Latin-1 or Windows-1252); save it as UTF-8.",
        ),
        (b"a: 1\nb: \x1b[1m\n", "x.yaml:2:4: there is a control character (U+001B) here; remove it."),
    ],
)
def test_bytes_that_are_no_text(content, message, said_of):
    assert said_of(content) == message


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_document(tmp_path / "x.yaml").data == {"a": 1}


def test_a_file_of_10_mb_is_refused_before_it_is_read(said_of, monkeypatch):
    monkeypatch.setattr("sim.case.reading.source_text._text", None)
    assert said_of(b"a" * 10_000_000) == "x.yaml: the file is 9.5 MiB; a case file may be at most 1 MiB."


def test_a_stream_that_does_not_say_its_size_is_read_to_the_limit(monkeypatch):
    monkeypatch.setattr("sim.case.reading.source_text.os.fstat", lambda _: os.stat_result([0] * 10))
    with pytest.raises(CaseError, match=r"1\.0 MiB"):
        read_document("/dev/zero")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("senario.yaml", "senario.yaml: there is no such file. Did you mean 'scenario.yaml'?"),
        ("scenario.yaml/x", "scenario.yaml/x: there is no such file."),
        ("folder", "folder: this is a folder, not a file."),
        ("a\0b", "a\0b: the file cannot be read (embedded null byte)."),
        ("x" * 300, f"{'x' * 300}: the file cannot be read (File name too long)."),
    ],
)
def test_paths_that_lead_to_no_file(name, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("scenario.yaml").touch()
    with pytest.raises(CaseError) as caught:
        read_document(name)
    assert str(caught.value) == message


def test_a_file_without_permission(said_of, monkeypatch):
    def forbidden(*_args, **_keywords):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    monkeypatch.setattr(Path, "write_bytes", lambda *_: None)
    assert said_of(b"") == "x.yaml: you have no permission to read this file; change its permissions."


def test_plain_data_is_taken_as_a_file_would_hold_it():
    assert plain_document({"a": (1, {2: "x"})}).data == {"a": [1, {"2": "x"}]}


@pytest.mark.parametrize("data", [[], {"a": {1, 2}}, {"a": object()}, {"a": b"x"}])
def test_plain_data_that_no_file_can_hold_is_refused(data):
    with pytest.raises(CaseError):
        plain_document(data)


def test_plain_data_that_holds_itself_is_refused():
    data = {}
    data["a"] = data
    with pytest.raises(CaseError, match="nested"):
        plain_document(data)
