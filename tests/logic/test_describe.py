from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from segctl.logic.describe import clause, describe
from segctl.logic.nodes import (
    Everyone,
    Expression,
    Faulty,
    MeasureKind,
    Moment,
    Node,
    Not,
    PlaceTest,
    TextKind,
    ValueTest,
)
from tests.logic.sentence_cases import Case, cases
from tests.logic.written import meaning

CASES = {case.place: case for case in cases()}
FORMS = {*get_args(Node), *get_args(ValueTest), *get_args(PlaceTest), *get_args(Expression)} - {Faulty}
"""What a definition that fits can say."""


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_definition_is_read_back_as_its_sentence(case: Case) -> None:
    assert case.said() == case.sentence


def parts(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, tuple):
        for one in value:
            yield from parts(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from parts(getattr(value, field.name))


def test_every_form_of_the_language_has_a_sentence() -> None:
    met = [part for case in CASES.values() for part in parts(case.meaning)]
    assert {form.__name__ for form in FORMS} - {type(part).__name__ for part in met} == set()
    kinds = {*MeasureKind, *Moment, *TextKind}
    assert kinds - {part for part in met if isinstance(part, MeasureKind | Moment | TextKind)} == set()


def test_no_sentence_shows_how_the_logic_is_made() -> None:
    names = {form.__name__ for form in FORMS} - {"Everyone", "Number", "Value", "Place"}
    for case in CASES.values():
        assert not any(f"{name}(" in case.said() for name in names)


def test_what_cannot_mean_anything_says_why() -> None:
    fault = Faulty("no-messages", "the project names no messages")
    assert describe(fault) == "People who are nobody, as the project names no messages"


def test_there_are_many_sentences() -> None:
    assert len(CASES) >= 100


def test_a_sentence_is_made_in_no_time_however_deep_the_definition_is() -> None:
    deep: dict[str, Any] = {"attribute": "age", "at_least": 18}
    for number in range(60):
        deep = {("any", "all")[number % 2]: [deep, {"segment": f"s{number}"}]}
    assert len(describe(meaning(deep))) < 10_000


def test_a_condition_by_itself() -> None:
    assert clause(Not(Everyone())) == "who are not anyone"
    assert clause(meaning({"not": {"attribute": "country", "is": "FR"}})) == "whose country is not France"
