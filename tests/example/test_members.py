from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from segctl.load.project import load
from segctl.progress import Silent
from segctl.workflow.evaluate import Data, Library, Target, evaluate, library_of, open_data
from segctl.workflow.values import compute
from tests.real.answers import Answers, differences

HERE = Path(__file__).parent
INSTANTS = ("2025-11-30T22:59:59.999999+00:00", "2026-03-29T02:30:00+02:00", "2026-11-22T00:00:00+00:00")
"""Before anything of December 2025 began in Paris, within an hour of summer time, and the example's own."""


@pytest.fixture(scope="module")
def answers(shop: Path) -> Answers:
    return Answers(HERE, str(shop))


def members(data: Data, library: Library) -> dict[str, set[str]]:
    wanted: dict[Hashable, Target] = {
        key: Target(library, key) for key in library.documents if key[0] not in ("policy", "test", "trait")
    }
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
    assert differences(expected.members, members(data, library_of(definitions))) == {}


TRAITS = {
    "spent": "coalesce(sum(amount::DECIMAL(18, 6)) FILTER (event = 'purchase' AND ts >= ago(730)), 0)::DOUBLE",
    "orders": "count(DISTINCT order_id) FILTER (event = 'purchase' AND ts >= ago(730))",
    "last_order": "epoch_us(max(ts) FILTER (event = 'purchase'))",
    "average_order": "sum(amount::DECIMAL(18, 6)) FILTER (event = 'purchase' AND ts >= ago(730))::DOUBLE"
    " / nullif(count(DISTINCT order_id) FILTER (event = 'purchase' AND ts >= ago(730)), 0)",
}
FAVOURITE = """
    SELECT user_id, first(category ORDER BY n DESC, category) FROM (
        SELECT user_id, category, count(*) AS n FROM events JOIN products USING (product_id)
        WHERE event = 'purchase' AND ts >= ago(730) GROUP BY ALL
    ) GROUP BY user_id
"""


def test_traits_are_what_the_sql_computes(shop: Path, tables: duckdb.DuckDBPyConnection) -> None:
    definitions = load(shop)
    data = open_data(definitions, int(datetime.fromisoformat(INSTANTS[2]).timestamp()) * 1_000_000, Silent())
    library = library_of(definitions)
    names = [*TRAITS, "favourite_category"]
    found = compute(data, {name: Target(library, ("trait", name)) for name in names}, Silent()).values
    ids = data.population.ids.to_pylist()
    query = f"SELECT user_id, {', '.join(TRAITS.values())} FROM person LEFT JOIN events USING (user_id) GROUP BY 1"  # noqa: S608 our own texts
    rows = tables.execute(query).fetchall()
    for number, name in enumerate(TRAITS, 1):
        values = found[name].cast(pa.int64()) if name == "last_order" else found[name]
        assert dict(zip(ids, values.to_pylist(), strict=True)) == {row[0]: row[number] for row in rows}, name
    favourite = dict.fromkeys(ids) | dict(tables.execute(FAVOURITE).fetchall())
    assert dict(zip(ids, found["favourite_category"].to_pylist(), strict=True)) == favourite
