"""Which changes of a definition are tried; each is a definition that means something else."""

from __future__ import annotations

import pytest

from segctl.edges.mutations import mutants, nearby
from segctl.load.document import Document, restore
from segctl.load.parse import parse
from segctl.logic.settings import PLAIN


def segment(where: str, more: str = "") -> Document:
    parsed = parse(f"kind: segment\nname: s\nwhere: {where}\n{more}", "s.yaml")
    assert not parsed.diagnostics
    return restore(parsed.documents[0].data)


def words(document: Document) -> list[str]:
    return [mutant.mutation.words for mutant in mutants(document, PLAIN)]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (
            "{attribute: age, at_least: 18}",
            ["`attribute: age, at_least: 18` could have `or_missing: true`",
             "`at_least: 18` could be `more_than: 18`", "`at_least: 18` could be 17", "`at_least: 18` could be 19"],
        ),
        (
            "{attribute: country, in: [FR, BE]}",
            ["`attribute: country, in: [FR, BE]` could have `or_missing: true`",
             "`attribute: country, in: [FR, BE]` could have `ignore_case: true`",
             "`in: [FR, BE]` could be `not_in: [FR, BE]`", "`FR` could be left out of `in`",
             "`BE` could be left out of `in`"],
        ),
        (
            "{event: purchase, within: 30d}",
            ["`within: 30d` could be left out", "`within: 30d` could be 29d", "`within: 30d` could be 31d"],
        ),
        (
            "{event: purchase, where: {property: color, is: 5}, count: {exactly: 2}}",
            ["`where: {property: color, is: 5}` could be left out",
             "`property: color, is: 5` could have `or_missing: true`", "`is: 5` could be `is_not: 5`",
             "`count: {exactly: 2}` could be `days: {exactly: 2}`", "`exactly: 2` could be `at_least: 2`",
             "`exactly: 2` could be 1", "`exactly: 2` could be 3"],
        ),
        (
            "{sequence: [{event: a}, {no: b, after_previous: {within: 1d}}]}",
            ["`no: b, after_previous: {within: 1d}` could be left out of `sequence`",
             "`after_previous: {within: 1d}` could be left out", "`within: 1d` could be 2d"],
        ),
        (
            "{attribute: app, version: {at_least: '2.14'}}",
            ['`attribute: app, version: {at_least: "2.14"}` could have `or_missing: true`',
             '`at_least: "2.14"` could be `more_than: "2.14"`', '`at_least: "2.14"` could be "2.13"',
             '`at_least: "2.14"` could be "2.15"'],
        ),
        (
            "{attribute: born, anniversary: {on: 02-29}}",
            ["`attribute: born, anniversary: {on: 02-29}` could have `or_missing: true`", "`on: 02-29` could be 02-28",
             "`on: 02-29` could be 03-01"],
        ),
        (
            "{event: a, first: {anniversary: {within_next: 7d}}}",
            ["`first: {anniversary: {within_next: 7d}}` could be `last: {anniversary: {within_next: 7d}}`",
             "`within_next: 7d` could be `within_last: 7d`", "`within_next: 7d` could be 6d",
             "`within_next: 7d` could be 8d"],
        ),
        (
            "{event: a, last: {is_not: 2026-01-31}}",
            ["`last: {is_not: 2026-01-31}` could be `first: {is_not: 2026-01-31}`",
             "`is_not: 2026-01-31` could be `is: 2026-01-31`"],
        ),
    ],
)  # fmt: skip
def test_a_definition_is_changed_in_one_place_at_a_time(where: str, expected: list[str]) -> None:
    assert words(segment(where)) == expected


def test_conditions_and_exclusions_are_left_out_one_by_one() -> None:
    found = words(segment("[{list: a}, {list: b}]", "exclude: [{list: c}]\n"))
    assert found == [
        "`where` could ask for any instead of all",
        "`list: a` could be left out of `where`",
        "`list: b` could be left out of `where`",
        "`exclude: [{list: c}]` could be left out",
    ]


def test_a_change_that_means_the_same_is_none() -> None:
    assert words(segment("{all: [{list: a}]}")) == []
    assert words(segment("{not: {not: {list: a}}}")) == ["`not` could be left out"]


def test_a_negative_operator_is_true_of_what_is_missing_anyway() -> None:
    assert not any("or_missing" in word for word in words(segment("{attribute: country, is_not: FR}")))


def test_the_data_of_the_definition_stays_as_it_is() -> None:
    document = segment("[{list: a}, {attribute: age, at_least: 18}]")
    before = repr(document.data)
    assert list(mutants(document, PLAIN))
    assert repr(document.data) == before


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2, [1, 3]), (True, []), ("30d", ["29d", "31d"]), ("5%", ["4%", "6%"]), ("5km", ["4km", "6km"]),
        ("2026-03-01", ["2026-02-28", "2026-03-02"]), ("12-31", ["12-30", "01-01"]), ("red", []),
        ("2026-01-31 09:00", ["2026-01-31 08:59:59", "2026-01-31 09:00:01"]),
    ],
)  # fmt: skip
def test_the_next_values_are_those_people_would_mistake_it_for(value: object, expected: list[object]) -> None:
    assert nearby(value) == expected
