from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real.answers import Answer, Answers
from tests.real.places import CLICKSTREAM, CLICKSTREAM_DATA, RETAIL, RETAIL_DATA, days, lay_out


@pytest.fixture(scope="session")
def retail_answers() -> Answers:
    return Answers(RETAIL, f"{RETAIL_DATA}/*.csv")


@pytest.fixture(scope="session")
def clickstream_answers() -> Answers:
    return Answers(CLICKSTREAM, str(CLICKSTREAM_DATA))


@pytest.fixture(scope="session")
def retail_answer(retail_answers: Answers) -> Callable[[str], Answer]:
    return _remembered(retail_answers)


@pytest.fixture(scope="session")
def clickstream_answer(clickstream_answers: Answers) -> Callable[[str], Answer]:
    return _remembered(clickstream_answers)


@pytest.fixture(scope="session")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole retail project; nobody changes it, so that it is indexed once."""
    return lay_out(RETAIL, tmp_path_factory.mktemp("retail") / "project", days())


@pytest.fixture(scope="session")
def clickstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole clickstream project; nobody changes it, so that it is indexed once."""
    return lay_out(CLICKSTREAM, tmp_path_factory.mktemp("clickstream") / "project", [CLICKSTREAM_DATA])


def _remembered(answers: Answers) -> Callable[[str], Answer]:
    known: dict[str, Answer] = {}

    def at(as_of: str) -> Answer:
        if as_of not in known:
            known[as_of] = answers.at(as_of)
        return known[as_of]

    return at
