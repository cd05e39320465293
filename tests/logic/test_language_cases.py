"""Every file of tests/cases/language: each case answered by files, index and engine, and by the interpreter.

To add a case, see the README there. Expected members are written by hand.
"""

from __future__ import annotations

import functools

import pytest

from tests.logic.case_answers import Answers
from tests.logic.case_file import CASES, CaseFile, read

FILES = {str(path.relative_to(CASES).with_suffix("")): read(path) for path in sorted(CASES.glob("**/*.yaml"))}


def named(*, errors: bool) -> list[tuple[str, str]]:
    return [
        (name, case.name)
        for name, file in FILES.items()
        for case in file.cases.values()
        if (case.written.error is not None) is errors
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


@pytest.mark.parametrize(("file", "case"), named(errors=True))
def test_what_is_wrong_is_told_at_its_place(
    file: str, case: str, answers: functools._lru_cache_wrapper[Answers]
) -> None:
    one = FILES[file].cases[case]
    places = one.places()
    for told in answers(file).errors(one):
        assert [code for code, _ in told] == [one.written.error] * len(places)
        assert all(any(place in wanted for _, place in told) for wanted in places)
