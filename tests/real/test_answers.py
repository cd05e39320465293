from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.real.answers import Answer, Answers
from tests.real.instants import CLICKSTREAM_INSTANTS, RETAIL_INSTANTS
from tests.real.places import CLICKSTREAM, RETAIL, needs_data

pytestmark = needs_data
At = Callable[[str], Answer]


def names(definitions: Path) -> set[str]:
    resources = [
        resource
        for path in sorted((definitions / "segments").glob("*.yaml"))
        for resource in yaml.load_all(path.read_text(), yaml.BaseLoader)
    ]
    return {resource["name"] for resource in resources if resource["kind"] not in ("project", "trait")}


def dull(answer: Answer) -> set[str]:
    return {name for name, ids in answer.members.items() if not 0 < len(ids) < len(answer.population)}


def test_every_definition_has_an_answer(retail_answers: Answers, clickstream_answers: Answers) -> None:
    assert names(RETAIL) == set(retail_answers.queries)
    assert names(CLICKSTREAM) == set(clickstream_answers.queries)


@pytest.mark.parametrize("as_of", RETAIL_INSTANTS)
def test_no_answer_of_the_retail_is_nobody_or_everybody(retail_answer: At, as_of: str) -> None:
    at_midnight = as_of.endswith(("T00:00:00Z", "T00:00:00+01:00"))
    assert dull(retail_answer(as_of)) == ({"today_so_far"} if at_midnight else set())


@pytest.mark.parametrize("as_of", CLICKSTREAM_INSTANTS)
def test_few_answers_of_the_clickstream_are_nobody_or_everybody(clickstream_answer: At, as_of: str) -> None:
    assert dull(clickstream_answer(as_of)) <= {"loyal", "one_session"}


def test_the_answers_know_the_customers_that_the_publisher_counts(retail_answer: At, clickstream_answer: At) -> None:
    assert len(retail_answer(RETAIL_INSTANTS[-1]).population) == 4372
    assert len(clickstream_answer(CLICKSTREAM_INSTANTS[-1]).population) == 600


def test_an_answer_is_of_the_instants_before_as_of(retail_answer: At) -> None:
    before, after = retail_answer(RETAIL_INSTANTS[0]), retail_answer(RETAIL_INSTANTS[-1])
    assert before.population < after.population
    assert before.members["buyers"] < after.members["buyers"]
