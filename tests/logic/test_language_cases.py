"""Every file of tests/cases/language: each case answered by files, index and engine, and by the interpreter.

Where the data can be given without saying types, the cases are run as the definitions' own tests too.

To add a case, see the README there. Expected members are written by hand.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from segctl.logic.types import Scalar, Type
from tests.logic.case_answers import Answers
from tests.logic.case_data import CaseData, physical
from tests.logic.case_features import offered, refused, said
from tests.logic.case_file import CASES, Case, CaseFile, read
from tests.logic.case_tests import results

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


@pytest.mark.parametrize("file", FILES)
def test_explain_says_the_same_of_every_user(file: str, answers: functools._lru_cache_wrapper[Answers]) -> None:
    assert answers(file).by_explanation == answers(file).by_interpreter


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


@pytest.mark.parametrize("file", FILES)
def test_as_definition_tests_the_cases_pass(file: str, answers: functools._lru_cache_wrapper[Answers]) -> None:
    names = {case.key[1]: case.name for case in FILES[file].cases.values()}
    for result in results(answers(file)):
        wrong = {(names[one.expected.key[1]], one.expected.user, one.expected.member) for one in result.wrong}
        assert wrong == set()
        assert result.passed
        assert result.expectations > 0


def test_many_files_are_definition_tests_too(answers: functools._lru_cache_wrapper[Answers]) -> None:
    assert sum(any(results(answers(file))) for file in FILES) >= 30


# --- is everything there? -----------------------------------------------------------------------------------


def tells_apart(file: CaseFile, case: Case) -> bool:
    """Whether some users pass and some do not; a trait has a value for somebody."""
    if case.written.values is not None:
        return bool(case.written.values)
    return 0 < len(case.written.expect or []) < len(file.contents.given.users)


def shown(file: CaseFile) -> Iterator[str]:
    """What the cases of a file show, in definitions that tell users apart or are refused."""
    telling = [case.document for case in file.cases.values() if tells_apart(file, case)]
    for document in [*telling, *(file.definitions if telling else ())]:
        assert document is not None
        yield from said(document.resource)
    project = CaseData(file, "UTC").project()
    for part in (project.messages, project.engagement, project.active):
        yield from said(part) if part is not None and telling else ()
    for case in file.cases.values():
        yield from refused(case.written.model_extra) if case.written.error else ()


NO_SENSE = {
    *(f"TraitCondition.{key}" for key in ("near", "inside")),
    *(f"ElementValue.{key}" for key in ("near", "inside", "length", "includes_any", "includes_all", "includes_none")),
}
"""A trait is no place; an element of a list of single values is no place and no list."""


def test_every_form_key_word_and_operator_of_the_models_has_a_case() -> None:
    found = {feature for file in FILES.values() for feature in shown(file)}
    assert sorted(offered() - found - NO_SENSE) == []


def test_there_are_many_cases_and_each_is_run() -> None:
    cases = [(name, case) for name, file in FILES.items() for case in file.cases]
    assert len(cases) == len(named(errors=False)) + len(named(errors=True)) + len(VALUES)
    assert len(cases) >= 1_600
