"""A file of golden cases that is written wrongly says so, with its line; nothing in it is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.logic.case_file import CASES, read

GOOD = """\
about: users
as_of: 2026-06-15 12:00
given:
  users: [{id: ann}, {id: bob}]
cases:
  - case: everyone
    where: {everyone: true}
    expect: [ann, bob]
"""


def read_text(folder: Path, text: str) -> None:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    read(path)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    read_text(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ("given:", "givne:", 3, "givne"),
        ("users: [", "usres: [", 4, "usres"),
        ("about: users", "about: ''", 1, "about"),
        ("expect: [ann, bob]", "expects: [ann, bob]", 6, "a case has `expect"),
        ("expect: [ann, bob]", "expect: [ann]\n    values: {ann: 1}", 6, "a case has `expect"),
        ("expect: [ann, bob]", "error: bad-condition", 6, "`at: path`"),
        ("where: {everyone: true}", "wehre: {everyone: true}", 6, "one of the keys"),
        (
            "expect: [ann, bob]",
            "expect: [ann, bob]\n  - case: everyone\n    where: {everyone: true}\n    expect: []",
            0,
            "two",
        ),
        ("expect: [ann, bob]", "expect: [ann, bob]\n    expect: []", 9, "twice"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, line: int, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        read_text(tmp_path, GOOD.replace(right, wrong, 1))
    assert not line or f"case.yaml:{line}:" in str(caught.value) or f"line={line}," in str(caught.value)


def test_an_unknown_key_of_a_definition_is_a_mistake_of_the_definition(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(GOOD.replace("expect:", "exclud: [{everyone: true}]\n    expect:"), encoding="utf-8")
    case = read(path).cases["everyone"]
    assert case.document is None
    assert [code for code, _ in case.refused] == ["unknown-key"]


def test_every_file_says_what_it_is_about() -> None:
    files = sorted(CASES.glob("**/*.yaml"))
    abouts = [read(path).contents.about for path in files]
    assert len(set(abouts)) == len(files)
