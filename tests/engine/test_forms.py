"""Patterns, versions, yearly days and lengths: by hand, and the engine as the interpreter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from segctl.logic.times import SECOND_US, day_number, day_start
from segctl.logic.types import ListOf, Scalar
from tests.engine.small import ZONE, users_with, who

TEXTS = ["FR-75", "fr-13", "", None, "Straße", "STRASSE", "a\nb", "ΣΑΣ", "\u212a", "no 42 yes"]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"matches": "^[A-Z]{2}-"}, [0]),
        ({"matches": "^[A-Z]{2}-", "ignore_case": True}, [0, 1]),
        ({"matches": ["^$", "42"]}, [2, 9]),
        ({"not_matches": "-"}, [2, 3, 4, 5, 6, 7, 8, 9]),
        ({"matches": ".*", "or_missing": True}, list(range(10))),
        ({"matches": "^b"}, []),
        ({"matches": "(?m)^b"}, [6]),
        ({"matches": "a.b"}, []),
        ({"matches": "straße", "ignore_case": True}, [4]),
        ({"matches": "^k$", "ignore_case": True}, [8]),
        ({"matches": "σας", "ignore_case": True}, [7]),
        ({"matches": r"\d+"}, [0, 1, 9]),
    ],
)
def test_a_pattern_is_found_in_these_texts(test: Any, expected: list[int]) -> None:
    case = users_with({"text": Scalar.STRING}, [{"text": text} for text in TEXTS])
    assert who(case, {"attribute": "text", **test}) == [expected]


VERSIONS = ["1.2", "v1.2.0+build.7", "1.10", "2.0.0-rc.1", "2.0.0-rc.02", "2", "2.0.0.1", "two", "", None, "1.", "V1",
            "9" * 5000, "1.2-", "1.2 ", "2.0.0-rc", "2.0.0-1", "²"]  # fmt: skip


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"is": "1.2.0"}, [0, 1]),
        ({"is_not": "1.2"}, [*range(2, 18)]),
        ({"at_least": "1.10"}, [2, 3, 4, 5, 6, 12, 15, 16]),
        ({"less_than": "2.0"}, [0, 1, 2, 3, 4, 15, 16]),
        ({"more_than": "2.0.0-rc.1"}, [4, 5, 6, 12]),
        ({"at_most": "2.0.0-rc"}, [0, 1, 2, 15, 16]),
        ({"between": ["2.0.0-rc.1", "2"]}, [3, 4, 5]),
    ],
)
def test_versions_have_their_own_order(test: Any, expected: list[int]) -> None:
    case = users_with({"app": Scalar.STRING}, [{"app": text} for text in VERSIONS])
    missing = [7, 8, 9, 10, 11, 13, 14, 17]
    condition = {"attribute": "app", "version": test}
    both = [expected, sorted({*expected, *missing})]
    assert who(case, condition, {**condition, "or_missing": True}) == both


BORN = ["2000-02-28", "2000-02-29", "2001-03-01", "1980-12-31", "1999-01-01", "1975-06-15", "1975-06-14", "1975-06-21",
        "1975-06-22", "0001-06-15", "1904-02-29"]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "test", "expected"),
    [
        ("2026-06-15 12:00", {"within_next": "7d"}, [5, 7, 9]),
        ("2026-06-15 12:00", {"within_last": "2d"}, [5, 6, 9]),
        ("2026-06-15 12:00", {"within_next": "366d"}, list(range(11))),
        ("2026-06-15 12:00", {"within_next": "365d"}, list(range(11))),
        ("2026-02-28 12:00", {"within_next": "1d"}, [0]),
        ("2026-03-01 00:00", {"within_next": "1d"}, [1, 2, 10]),
        ("2028-02-29 12:00", {"within_next": "1d"}, [1, 10]),
        ("2028-03-01 12:00", {"within_next": "1d"}, [2]),
        ("2026-06-15 12:00", {"on": "02-29"}, [1, 2, 10]),
        ("2028-06-15 12:00", {"on": "02-29"}, [1, 10]),
        ("2026-06-15 12:00", {"on": "03-01"}, [1, 2, 10]),
        ("2026-06-15 12:00", {"between": ["12-20", "01-05"]}, [3, 4]),
        ("2026-06-15 12:00", {"between": ["01-05", "12-20"]}, [0, 1, 2, 5, 6, 7, 8, 9, 10]),
        ("2026-12-31 23:30", {"within_next": "2d"}, [3, 4]),
        ("2027-12-31 12:00", {"within_next": "60d"}, [0, 3, 4]),
        ("2027-12-31 12:00", {"within_next": "61d"}, [0, 3, 4]),
        ("2027-12-31 12:00", {"within_next": "62d"}, [0, 1, 2, 3, 4, 10]),
        ("2026-06-15 12:00", {"between": ["03-01", "02-29"]}, list(range(11))),
    ],
)
def test_the_day_of_the_year_lies_in_the_range(as_of: str, test: Any, expected: list[int]) -> None:
    days = [day_number(date.fromisoformat(text)) for text in BORN]
    instants = [day_start(day, ZONE) + 1_800 * SECOND_US for day in days]
    rows: list[dict[str, Any]] = [{"born": d, "at": us} for d, us in zip(days, instants, strict=True)]
    case = users_with({"born": Scalar.DATE, "at": Scalar.TIME}, [*rows, {"born": None}], as_of)
    conditions = [{"attribute": name, "anniversary": test} for name in ("born", "at")]
    either = [{**one, "or_missing": True} for one in conditions]
    assert who(case, *conditions, *either, *[{"not": one} for one in conditions]) == [
        expected, expected, [*expected, 11], [*expected, 11],
        *[[n for n in range(12) if n not in expected]] * 2,
    ]  # fmt: skip


def test_far_times_have_days_of_the_year_too() -> None:
    days = [day_number(date(year, 12, 31)) for year in (2, 1600, 1970, 2026, 9998)]
    case = users_with({"at": Scalar.TIME}, [{"at": day_start(day, ZONE)} for day in [*days, days[0] - 1]])
    assert who(case, {"attribute": "at", "anniversary": {"on": "12-31"}}) == [[0, 1, 2, 3, 4]]


LISTS: list[Any] = [["a"], [], None, ["a", None, "b"], [None]]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"at_least": 1}, [0, 3, 4]),
        ({"exactly": 0}, [1]),
        ({"exactly": 0, "or_missing": True}, [1, 2]),
        ({"between": [1, 2]}, [0, 4]),
        ({"less_than": Decimal("2.5")}, [0, 1, 4]),
        ({"more_than": -1}, [0, 1, 3, 4]),
        ({"less_than": 0}, []),
        ({"exactly": Decimal("1.5")}, []),
    ],
)
def test_null_elements_count_and_a_missing_list_has_no_length(test: Any, expected: list[int]) -> None:
    case = users_with({"tags": ListOf(Scalar.STRING)}, [{"tags": value} for value in LISTS])
    assert who(case, {"attribute": "tags", "length": test}) == [expected]


def test_engine_and_interpreter_agree_on_random_days_and_versions() -> None:
    rng = Random(11)  # noqa: S311 - not for secrets
    rows = [{"born": rng.randint(-40_000, 25_000), "app": _version(rng)} for _ in range(200)]
    types = {"born": Scalar.DATE, "app": Scalar.STRING}
    for _ in range(20):
        case = users_with(types, rows, f"{rng.randint(1999, 2030)}-{rng.choice(['02-28', '03-01', '12-31'])} 12:00")
        low, high = (f"{rng.randint(1, 12):02}-{rng.choice(['01', '15', '29'])}" for _ in range(2))
        who(
            case,
            {"attribute": "born", "anniversary": {"between": [low, high]}},
            {
                "attribute": "born",
                "anniversary": {rng.choice(["within_next", "within_last"]): f"{rng.randint(1, 400)}d"},
            },
            {"attribute": "app", "version": {rng.choice(["at_least", "less_than", "is"]): _version(rng)}},
        )


def _version(rng: Random) -> str:
    numbers = ".".join(rng.choice(["0", "1", "2", "10", "01"]) for _ in range(rng.randint(1, 4)))
    return rng.choice(["", "v"]) + numbers + rng.choice(["", "", "-rc", "-rc.1", "-1", "-rc.10", "+b", "-0+7"])
