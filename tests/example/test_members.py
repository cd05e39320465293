from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from segctl.load.project import load
from segctl.progress import Silent
from segctl.workflow.evaluate import Data, Library, Target, evaluate, open_data
from tests.real.answers import Answers, differences

HERE = Path(__file__).parent
INSTANTS = ("2025-11-30T22:59:59.999999+00:00", "2026-03-29T02:30:00+02:00", "2026-11-22T00:00:00+00:00")
"""Before anything of December 2025 began in Paris, within an hour of summer time, and the example's own."""


@pytest.fixture(scope="module")
def answers(shop: Path) -> Answers:
    return Answers(HERE, str(shop))


def members(data: Data, library: Library) -> dict[str, set[str]]:
    wanted: dict[Hashable, Target] = {key: Target(library, key) for key in library.documents if key[0] != "test"}
    found = evaluate(data, wanted, Silent()).memberships
    ids = data.population.ids
    return {key[1]: set(ids.filter(pa.array(found[key])).to_pylist()) for key in library.documents if key in found}


@pytest.mark.parametrize("as_of", INSTANTS)
def test_the_engine_finds_who_the_sql_finds(shop: Path, answers: Answers, as_of: str) -> None:
    definitions = load(shop)
    instant = datetime.fromisoformat(as_of)
    data = open_data(definitions, int(instant.timestamp()) * 1_000_000 + instant.microsecond, Silent())
    expected = answers.at(as_of)
    assert set(data.population.ids.to_pylist()) == expected.population
    assert differences(expected.members, members(data, Library(definitions.documents))) == {}
