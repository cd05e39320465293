"""Catalogues: which row each event points to, by ids as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segctl.index.reader import Index
from segctl.progress import Silent
from tests.index.plainly import END, everything, indexed, plain_values, write_text

PROJECT: dict[str, Any] = {
    "kind": "project", "name": "shop",
    "users": {"path": "users.csv", "id": "id"},
    "events": [{"path": "events.*", "user": "user", "time": "ts", "name": {"value": "buy"}}],
    "catalogs": {"product": {"path": "products.csv", "key": "sku"}},
}  # fmt: skip


def joined(index: Index) -> dict[str, Any]:
    """By user, the price of what the event points to."""
    index.ensure(everything(index), Silent())
    view = index.at(END)
    prices = [*plain_values(view.catalog_column("product", ("price",))), "nothing"]
    found: dict[str, Any] = {}
    for number in range(view.shards):
        shard = view.shard(number)
        ids = shard.ids.to_pylist()
        for part in shard.events("buy"):
            rows = part.catalog_rows("product").tolist()
            found |= {ids[user]: prices[row] for user, row in zip(part.users.tolist(), rows, strict=True)}
    return found


@pytest.mark.parametrize(
    ("keys", "values", "expected"),
    [
        (["p1", "p2", "p3"], ["p2", None, "p9", "p1", "P1"], [7.5, "nothing", "nothing", None, "nothing"]),
        (["1", "2", "x"], [2, None, 9, 1, 1], [7.5, "nothing", "nothing", None, None]),
        (["1", "2", "3"], ["2", None, "9", "1", "01"], [7.5, "nothing", "nothing", None, "nothing"]),
        (["1", "2", "3"], [2.0, None, 2.5, 1.0, float("nan")], [7.5, "nothing", "nothing", None, "nothing"]),
        (["1.0", "2.0", "3.5"], [2, None, 9, 1, 3], [7.5, "nothing", "nothing", None, "nothing"]),
        (["1.5", "2.5", "3"], [2.5, None, 9.0, 1.5, 3.0], [7.5, "nothing", "nothing", None, 5.0]),
    ],
)
def test_keys_are_compared_as_text(keys: list[str], values: list[Any], expected: list[Any], tmp_path: Path) -> None:
    prices = ["", "7.5", "5"]
    rows = [f"{key},{price}" for key, price in zip(keys, prices, strict=True)]
    write_text(tmp_path / "products.csv", "\n".join(["sku,price", *rows]))
    users = [f"u{n}" for n in range(len(values))]
    write_text(tmp_path / "users.csv", "\n".join(["id", *users]))
    times = pa.array([0] * len(values), pa.timestamp("us"))
    pq.write_table(pa.table({"user": users, "ts": times, "sku": values}), tmp_path / "events.parquet")
    assert joined(indexed(tmp_path, PROJECT)) == dict(zip(users, expected, strict=True))


def test_a_catalogue_that_changes_is_joined_anew(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id\nu1\nu2\n")
    write_text(tmp_path / "events.csv", "user,ts,sku\nu1,2026-01-01,a\nu2,2026-01-01,b\n")
    write_text(tmp_path / "products.csv", "sku,price\na,1.5\n")
    first = indexed(tmp_path, PROJECT)
    assert joined(first) == {"u1": 1.5, "u2": "nothing"}
    write_text(tmp_path / "products.csv", "sku,price\nb,2.5\na,3.5\n")
    second = indexed(tmp_path, PROJECT)
    assert joined(second) == {"u1": 3.5, "u2": 2.5}
    assert joined(first) == {"u1": 1.5, "u2": "nothing"}  # who still reads the old one is not disturbed
    assert {key for key in first.tables if first.tables[key] != second.tables[key]} == {"catalogs.product"}


def test_another_property_points_to_the_catalogue(tmp_path: Path) -> None:
    write_text(tmp_path / "users.csv", "id\nu1\n")
    write_text(tmp_path / "events.jsonl", '{"user": "u1", "ts": "2026-01-01", "item": {"code": "a"}}\n')
    write_text(tmp_path / "products.csv", "sku,price\na,1.5\n")
    project = {**PROJECT, "catalogs": {"product": {"path": "products.csv", "key": "sku", "on": "item.code"}}}
    assert joined(indexed(tmp_path, project)) == {"u1": 1.5}
