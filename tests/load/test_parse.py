from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml

from segctl.load.parse import DEEPEST, parse
from segctl.load.text import decode

LOADERS = [yaml.CSafeLoader, yaml.SafeLoader]

CORE = [
    ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None), ("nUll", "nUll"),
    ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
    ("yes", "yes"), ("NO", "NO"), ("on", "on"), ("off", "off"), ("y", "y"), ("tRUE", "tRUE"),
    ("0", 0), ("-0", 0), ("+12", 12), ("017", 17), ("0o17", 15), ("0x1F", 31), ("0b1", "0b1"), ("1_000", "1_000"),
    ("-0o7", "-0o7"), ("0x", "0x"), ("12:30", "12:30"), ("190:20:30", "190:20:30"), ("2026-01-01", "2026-01-01"),
    ("2026-01-01 09:00", "2026-01-01 09:00"), ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
    ("1.5", Decimal("1.5")), (".5", Decimal("0.5")), ("-.5", Decimal("-0.5")), ("1.", Decimal(1)),
    ("1e3", Decimal("1E+3")), ("1.10", Decimal("1.10")), ("+1.5E-3", Decimal("0.0015")), ("1e", "1e"),
    ("1.2.3", "1.2.3"), (".", "."), ("-", "-"), ("0.1.2", "0.1.2"), ("=", "="), ("20%", "20%"),
    ('"12"', "12"), ("'true'", "true"), ('"null"', "null"), ("!!str 12", "12"), ("!!int '12'", 12), ("! 12", "12"),
    ("!!float 1", Decimal(1)), ("!!null ''", None), ("!!bool 'true'", True), ("|\n  12\n", "12\n"),
]  # fmt: skip


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("text", "value"), [case for case in CORE if case[0] != "-"])
def test_scalars_are_read_by_the_core_schema_of_yaml_1_2(text: str, value: object, loader: Any) -> None:
    parsed = parse(f"[x, {text}]" if "\n" not in text else f"- x\n- {text}", "f.yaml", loader)
    assert not parsed.diagnostics
    found = parsed.documents[0].data[1] if len(parsed.documents[0].data) > 1 else None
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("text", [".inf", "-.INF", "+.Inf", ".nan", ".NaN", ".NAN", "1e999", "9223372036854775808"])
def test_numbers_that_cannot_be_compared_are_refused(text: str, loader: Any) -> None:
    parsed = parse(f"x: {text}", "f.yaml", loader)
    assert [d.code for d in parsed.diagnostics] in (["not-finite"], ["number-too-large"])


@pytest.mark.parametrize("digits", [101, 5_000, 1_000_000])
def test_numbers_of_many_digits_are_refused_at_once(digits: int) -> None:
    for text in ("9" * digits, "0." + "9" * digits, "1e" + "9" * digits, "0x" + "f" * digits):
        parsed = parse(f"x: {text}", "f.yaml")
        assert [d.code for d in parsed.diagnostics] == ["number-too-large"]
        assert len(parsed.diagnostics[0].summary) < 200


@pytest.mark.parametrize("loader", LOADERS)
def test_every_node_and_every_key_knows_its_place(loader: Any) -> None:
    text = "a: 1\nb:\n  - x\n  - {c: [2, 'y'], ä: 3}\n---\nd:   >\n  text\n"
    first, second = parse(text, "f.yaml", loader).documents
    assert first.place == (1, 1)
    assert first.find(["a"]).place == (1, 4)
    assert first.find(["b"]).place == (3, 3)
    assert first.key_place(["b"]) == (2, 1)
    assert first.find(["b", 1]).place == (4, 5)
    assert first.find(["b", 1, "c", 1]).place == (4, 13)
    assert first.key_place(["b", 1, "ä"]) == (4, 19)
    assert second.place == (6, 1)
    assert second.find(["d"]).place == (6, 6)


def test_a_path_that_does_not_exist_leads_to_the_nearest_node() -> None:
    (root,) = parse("a: {b: [1]}", "f.yaml").documents
    assert root.find(["a", "b", 7, "x"]) is root.find(["a", "b"])
    assert root.find(["z"]) is root
    assert root.key_place(["a", "z"]) == root.find(["a"]).place
    assert root.find([-1]) is root


def test_several_documents_and_empty_ones() -> None:
    parsed = parse("---\n---\na: 1\n---\n# nothing\n---\nnull\n---\nb: 2\n...\n", "f.yaml")
    assert [node.data for node in parsed.documents] == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\n\n"])
def test_files_that_say_nothing_are_no_error(text: str) -> None:
    parsed = parse(text, "f.yaml")
    assert parsed.documents == ()
    assert parsed.diagnostics == ()


def test_aliases_are_shared_and_anchors_end_with_their_document() -> None:
    parsed = parse("a: &x [1, 2]\nb: *x\n---\nc: *x\n", "f.yaml")
    root = parsed.documents[0]
    assert root.data == {"a": [1, 2], "b": [1, 2]}
    assert root.find(["b"]) is root.find(["a"])
    assert root.key_place(["b"]) == (2, 1)
    assert [d.code for d in parsed.diagnostics] == ["unknown-alias"]


def test_an_anchor_can_be_defined_anew() -> None:
    assert parse("a: &x 1\nb: &x 2\nc: *x\n", "f.yaml").documents[0].data == {"a": 1, "b": 2, "c": 2}


def test_what_is_diagnosed_is_left_out_and_the_rest_is_read() -> None:
    text = "a: 1\na: 2\n3: x\n<<: {z: 1}\nb: .inf\nc: 4\n"
    parsed = parse(text, "f.yaml")
    assert parsed.documents[0].data == {"a": 1, "b": ".inf", "c": 4}
    assert [d.code for d in parsed.diagnostics] == ["duplicate-key", "bad-key", "merge-key", "not-finite"]


def test_a_duplicate_key_names_both_places() -> None:
    (diagnostic,) = parse("a: 1\nb:\n  c: 1\n  c: 2\n", "f.yaml").diagnostics
    assert str(diagnostic.span) == "f.yaml:4:3"
    assert "f.yaml:3:3" in diagnostic.detail


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")])
def test_nesting_is_limited_not_by_pythons_stack(opening: str, closing: str, loader: Any) -> None:
    def nested(levels: int) -> str:
        return opening * levels + "x" + closing * levels

    assert parse(nested(DEEPEST), "f.yaml", loader).diagnostics == () or opening == "? "
    for levels in (DEEPEST + 1, 10_000):
        codes = [d.code for d in parse(nested(levels), "f.yaml", loader).diagnostics]
        assert codes == ["too-deep"] or (opening == "? " and codes)


def test_nesting_through_aliases_counts() -> None:
    lines = ["a0: &a0 [1]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 150)]
    assert [d.code for d in parse("\n".join(lines), "f.yaml").diagnostics] == ["too-deep"]


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 60)]
    assert [d.code for d in parse("\n".join(lines), "f.yaml").diagnostics] == ["alias-bomb"]


def test_many_aliases_of_little_are_fine() -> None:
    parsed = parse("a: &a {x: 1}\nb: [" + ", ".join(["*a"] * 1_000) + "]\n", "f.yaml")
    assert parsed.diagnostics == ()
    assert len(parsed.documents[0].data["b"]) == 1_000


@pytest.mark.parametrize(
    ("raw", "code", "span"),
    [
        (b"a: \xff", "not-utf8", "f:1:4"),
        (b"a: x\nb: \xc3\xa9\xe9", "not-utf8", "f:2:5"),
        (b"\xef\xbb\xbfa: \xff", "not-utf8", "f:1:4"),
        ("a: 1".encode("utf-16"), "not-utf8", "f"),
        ("a: 1".encode("utf-16-be"), "bad-character", "f:1:1"),
        (b"a: 1\nb: \x07", "bad-character", "f:2:4"),
    ],
)
def test_bytes_that_are_no_text_are_placed(raw: bytes, code: str, span: str) -> None:
    found = decode(raw, "f")
    assert not isinstance(found, str)
    assert (found.code, str(found.span)) == (code, span)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted() -> None:
    text = decode(b"\xef\xbb\xbfa: 1\r\nb: x\r\n", "f")
    assert isinstance(text, str)
    (root,) = parse(text, "f").documents
    assert root.data == {"a": 1, "b": "x"}
    assert root.key_place(["b"]) == (2, 1)


@pytest.mark.parametrize("loader", LOADERS)
def test_half_a_surrogate_pair_never_becomes_a_text(loader: Any) -> None:
    assert parse('a: "\\ud800"', "f", loader).diagnostics


def test_both_parsers_find_syntax_errors_in_the_same_line() -> None:
    for text in (
        "a: b: c",
        "a: [1, 2",
        "a: 'x",
        "\ta: 1",
        "a: *",
        "a: @x",
        "a\nb: 1",
        "- a\nb: 1",
        "a: - b",
        "{a: 1}}",
    ):
        fast, pure = (parse(text, "f", loader).diagnostics for loader in LOADERS)
        assert [d.code for d in fast] == [d.code for d in pure] == ["yaml-syntax"]
        assert fast[0].summary != "this is not YAML"
        assert [d.span and d.span.line for d in fast] == [d.span and d.span.line for d in pure]


def test_names_in_a_file_that_cannot_be_read_to_its_end_are_remembered() -> None:
    parsed = parse("kind: segment\nname: fans\n---\n- name: others\nwhere: [\n", "f")
    assert parsed.names == {"fans", "others"}
    assert parse("name: fans", "f").names == frozenset()
