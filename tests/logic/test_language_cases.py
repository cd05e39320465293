"""Every file of tests/cases/language: each case answered by files, index and engine, and by the interpreter.

To add a case, see the README there. Expected members are written by hand.
"""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Any

import pytest

from segctl.logic.types import Scalar, Type
from tests.logic.case_answers import Answers
from tests.logic.case_data import physical
from tests.logic.case_file import CASES, CaseFile, read

FILES = {str(path.relative_to(CASES).with_suffix("")): read(path) for path in sorted(CASES.glob("**/*.yaml"))}


def named(*, errors: bool) -> list[tuple[str, str]]:
    return [
        (name, case.name)
        for name, file in FILES.items()
        for case in file.cases.values()
        if (case.written.error is not None) is errors and case.written.values is None
    ]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> functools._lru_cache_wrapper[Answers]:
    @functools.cache
    def of(name: str) -> Answers:
        return Answers(FILES[name], tmp_path_factory.mktemp("case"))

    return of


def expected(file: CaseFile, case: str) -> frozenset[str]:
    ids = [str(one) for one in file.cases[case].written.expect or []]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {str(row["id"]) for row in file.contents.given.users}
    return frozenset(ids)


@pytest.mark.parametrize(("file", "case"), named(errors=False))
def test_the_engine_finds_the_members(file: str, case: str, answers: functools._lru_cache_wrapper[Answers]) -> None:
    assert sorted(answers(file).by_engine[case]) == sorted(expected(FILES[file], case))


@pytest.mark.parametrize(("file", "case"), named(errors=False))
def test_the_interpreter_finds_the_members(
    file: str, case: str, answers: functools._lru_cache_wrapper[Answers]
) -> None:
    assert sorted(answers(file).by_interpreter[case]) == sorted(expected(FILES[file], case))


VALUES = [(name, case.name) for name, file in FILES.items() for case in file.cases.values() if case.written.values]


def expected_values(file: CaseFile, case: str, kind: Type, zone: str) -> dict[str, Any]:
    """Numbers with a point are floats, and only these."""
    written = file.cases[case].written.values or {}
    assert all(isinstance(value, Decimal) is (kind == Scalar.FLOAT) for value in written.values())
    return {str(one): physical(value, kind, zone) for one, value in written.items()}


@pytest.mark.parametrize(("file", "case"), VALUES)
def test_the_engine_computes_the_values(file: str, case: str, answers: functools._lru_cache_wrapper[Answers]) -> None:
    kind, values = answers(file).values_by_engine[case]
    assert values == expected_values(FILES[file], case, kind, answers(file).given.zone)


@pytest.mark.parametrize(("file", "case"), VALUES)
def test_the_interpreter_computes_the_values(
    file: str, case: str, answers: functools._lru_cache_wrapper[Answers]
) -> None:
    kind, _ = answers(file).values_by_engine[case]
    values = answers(file).values_by_interpreter[case]
    expected = expected_values(FILES[file], case, kind, answers(file).given.zone)
    assert values == expected
    assert [type(values[one]) for one in values] == [type(expected[one]) for one in values]


@pytest.mark.parametrize(("file", "case"), named(errors=True))
def test_what_is_wrong_is_told_at_its_place(
    file: str, case: str, answers: functools._lru_cache_wrapper[Answers]
) -> None:
    one = FILES[file].cases[case]
    places = one.places()
    for told in answers(file).errors(one):
        assert [code for code, _ in told] == [one.written.error] * len(places)
        assert all(any(place in wanted for _, place in told) for wanted in places)
