"""Files of four megabytes made to be slow, and many files: each is read or refused within seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from segctl.load.project import load, survey
from segctl.load.text import LARGEST

Write = Callable[..., Path]

SEGMENT = "kind: segment\nname: a\n"
SIZE = LARGEST - 200

SLOW = {
    "numbers": SEGMENT + "where: {attribute: x, in: [" + "1," * (SIZE // 2) + "1]}",
    "wrong_values": SEGMENT + "where: {attribute: x, in: [" + "[]," * (SIZE // 3) + "1]}",
    "nulls": SEGMENT + "where: {attribute: x, in: [" + "~," * (SIZE // 2) + "1]}",
    "duplicate_keys": SEGMENT + "where: {" + "a: 1," * (SIZE // 5) + "b: 1}",
    "documents": "---\nkind: segment\n" * (SIZE // 18),
    "brackets": "[" * SIZE,
    "items": "- " * (SIZE // 2),
    "newlines": "\n" * SIZE + "a: *",
    "long_key": "a" * SIZE + ": 1",
    "long_name": "kind: segment\nname: " + "a" * (SIZE - 40) + "\nwhere: {segment: a}",
    "aliases": "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\nb: [" + "*a," * (SIZE // 4) + "*a]",
    "stars": "*" * SIZE,
    "quotes": "a: '" + "''" * (SIZE // 2),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_file_made_to_be_slow_is_refused_soon_with_few_words(name: str, write: Write) -> None:
    root = write(a=SLOW[name])
    started = time.process_time()
    found = survey(root).diagnostics
    assert time.process_time() - started < 5
    assert 0 < len(found) <= 102
    assert all(len(diagnostic.summary) < 300 for diagnostic in found)


def test_the_mistakes_of_one_file_are_told_up_to_a_hundred(write: Write) -> None:
    root = write(a=SEGMENT + "where:\n" + "  - attribute: x\n" * 150, b="kind: x\n")
    found = survey(root).diagnostics
    assert [d.code for d in found].count("missing-operator") == 100
    assert [d.code for d in found][-2:] == ["too-many-errors", "unknown-kind"]


def test_a_hundred_mistakes_are_told_one_by_one(write: Write) -> None:
    root = write(a=SEGMENT + "where:\n" + "  - attribute: x\n" * 100)
    assert [d.code for d in survey(root).diagnostics] == ["missing-operator"] * 100


def test_conditions_nest_a_hundred_levels(write: Write) -> None:
    levels = 97
    root = write(a=SEGMENT + "where: " + "{not: " * levels + "{everyone: true}" + "}" * levels)
    assert ("segment", "a") in load(root).documents


def test_a_thousand_files_load_in_a_second_or_two(write: Write) -> None:
    text = (
        "kind: segment\nname: s{0}\nowner: growth\ntags: [a, b]\nwhere:\n  - attribute: country\n    in: [FR, BE]\n"
        "  - event: purchase\n    where: {{property: color, is: red}}\n    count: {{at_least: 2}}\n    within: 730d\n"
    )
    root = write(**{f"s{i}": text.format(i) for i in range(1_000)})
    started = time.process_time()
    assert len(load(root).documents) == 1_000
    assert time.process_time() - started < 5
