"""Lists of structs in files of all formats: what conditions on their elements find, after all that an index does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from segctl.index.update import Options, update
from segctl.logic.times import written_us
from segctl.logic.types import ListOf, Scalar, Struct, Type
from segctl.model.project import Project
from segctl.progress import Silent
from segctl.workflow.evaluate import Data, Library, Target, evaluate
from tests.engine.test_elements import CASES, ROWS, TYPES
from tests.laws.files import arrow
from tests.logic.written import document

AS_OF = written_us("2026-06-15 12:00", "Europe/Paris")
USERS: dict[str, Any] = {"kind": "project", "name": "shop", "timezone": "Europe/Paris",
                         "users": {"path": "users.*", "id": "id"}}  # fmt: skip


def found(folder: Path, project: Mapping[str, Any], conditions: Sequence[Any], shards: int = 1) -> list[list[str]]:
    """The ids of those who pass each condition."""
    documents = {
        ("segment", f"s{n}"): document({"kind": "segment", "name": f"s{n}", "where": where})
        for n, where in enumerate(conditions)
    }
    options = Options(shards=shards, run_rows=3)
    data = Data(folder, update(folder, Project.model_validate(project), folder / "index", Silent(), options), AS_OF)
    library = Library(documents)
    members = evaluate(data, {key: Target(library, key) for key in documents}, Silent(), workers=1).memberships
    ids = data.population.ids.to_pylist()
    return [sorted(one for one, member in zip(ids, members[key], strict=True) if member) for key in documents]


def write(path: Path, rows: Sequence[Mapping[str, Any]], types: Mapping[str, Type]) -> None:
    """Rows in the format of the file's ending."""
    if path.suffix == ".jsonl":
        path.write_text("\n".join(json.dumps(_written(row, types)) for row in rows))
        return
    schema = pa.schema([(name, arrow(kind)) for name, kind in types.items()])
    table = pa.Table.from_pylist([dict(row) for row in rows], schema)
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=2)
    else:
        with ipc.new_file(str(path), table.schema) as writer:
            writer.write_table(table)


def _written(value: Any, kind: Any) -> Any:
    """Dates as texts."""
    match value, kind:
        case Mapping(), Struct(fields):
            return {name: _written(one, fields[name]) for name, one in value.items()}
        case Mapping(), Mapping():
            return {name: _written(one, kind.get(name)) for name, one in value.items()}
        case list(), ListOf(element):
            return [_written(one, element) for one in value]
        case int(), Scalar.DATE:
            return (date(1970, 1, 1) + timedelta(days=value)).isoformat()
        case _:
            return value


@pytest.mark.parametrize("ending", ["parquet", "arrow", "jsonl"])
def test_elements_of_attributes(ending: str, tmp_path: Path) -> None:
    types = {"id": Scalar.STRING, **TYPES}
    rows = [{"id": str(number), **row} for number, row in enumerate(ROWS)]
    write(tmp_path / f"users.{ending}", rows, types)
    conditions = [{"attribute": name, **test} for name, test, _ in CASES]
    expected = [[str(number) for number in numbers] for *_, numbers in CASES]
    assert found(tmp_path, USERS, conditions, shards=2) == expected


def test_elements_of_several_files_of_one_table(tmp_path: Path) -> None:
    for number, row in enumerate(ROWS):
        ending = ("parquet", "jsonl", "arrow")[number % 3]
        write(tmp_path / f"users.{number}.{ending}", [{"id": str(number), **row}], {"id": Scalar.STRING, **TYPES})
    conditions = [{"attribute": name, **test} for name, test, _ in CASES]
    expected = [[str(number) for number in numbers] for *_, numbers in CASES]
    assert found(tmp_path, USERS, conditions) == expected


EVENTS: dict[str, Any] = {
    **USERS,
    "events": [
        {"path": "shop/*.parquet", "user": "user", "time": "ts", "name": {"value": "order"}},
        {"path": "web/*.jsonl", "user": "user", "time": {"column": "ts", "unit": "us"}, "name": {"value": "order"}},
        {"path": "till/*.parquet", "user": "user", "time": "ts", "name": {"value": "order"}},
    ],
    "catalogs": {"product": {"path": "products.jsonl", "key": "sku"}},
}
SHOP: Mapping[str, Type] = {"user": Scalar.STRING, "ts": Scalar.TIME, "sku": Scalar.STRING,
                            "items": ListOf(Struct({"color": Scalar.STRING, "count": Scalar.INT}))}  # fmt: skip
WEB: Mapping[str, Type] = {**SHOP, "ts": Scalar.INT,
                           "items": ListOf(Struct({"color": Scalar.STRING, "count": Scalar.FLOAT,
                                                   "gift": Scalar.BOOL}))}  # fmt: skip
TILL: Mapping[str, Type] = {"user": Scalar.STRING, "ts": Scalar.TIME, "sku": Scalar.STRING}


def _orders(folder: Path) -> None:
    """Who ordered what; the shop knows of no gifts, the till of no items, the web counts by halves."""
    rows: Iterable[tuple[str, Mapping[str, Type], str, str, Any]] = [
        ("shop/1.parquet", SHOP, "ann", "p1", [{"color": "red", "count": 1}, {"color": "blue", "count": 9}]),
        ("shop/2.parquet", SHOP, "bob", "p2", [{"color": "red", "count": 9}, None]),
        ("web/1.jsonl", WEB, "cid", "p3", [{"color": "red", "count": 0.5, "gift": True}, {"color": "blue"}]),
        ("web/2.jsonl", WEB, "dan", "p1", [{"color": "blue", "count": 9.5, "gift": True}]),
        ("web/3.jsonl", WEB, "eve", "p4", []),
        ("till/1.parquet", TILL, "fay", "p2", None),
    ]
    for number, (name, types, user, sku, items) in enumerate(rows):
        (folder / name).parent.mkdir(exist_ok=True)
        row = {"user": user, "ts": AS_OF - 1_000_000 - number, "sku": sku}
        write(folder / name, [row if items is None else {**row, "items": items}], types)
    write(folder / "users.jsonl", [{"id": user} for user in ("ann", "bob", "cid", "dan", "eve", "fay")], {})
    parts = [("p1", [{"kind": "lens", "grams": 5}]), ("p2", []), ("p3", None), ("p4", [{"kind": "lens"}, None])]
    (folder / "products.jsonl").write_text("\n".join(json.dumps({"sku": k, "parts": p}) for k, p in parts))


def _element(*conditions: Any, of: str = "items") -> dict[str, Any]:
    return {"event": "order", "where": {"property": of, "any_element": {"all": list(conditions)}}}


RED: dict[str, Any] = {"attribute": "color", "is": "red"}
ORDERS: list[tuple[Any, list[str]]] = [
    (_element(RED), ["ann", "bob", "cid"]),
    (_element(RED, {"attribute": "count", "at_least": 2}), ["bob"]),
    (_element({"attribute": "count", "at_least": 9}), ["ann", "bob", "dan"]),
    (_element({"attribute": "gift", "is": True}), ["cid", "dan"]),
    (_element(RED, {"attribute": "gift", "is": True}), ["cid"]),
    (_element({"attribute": "gift", "exists": False}), ["ann", "bob", "cid"]),
    (_element(RED, {"attribute": "gift", "is_not": True}), ["ann", "bob"]),
    (_element({"attribute": "color", "exists": False}), ["bob"]),
    ({"event": "order", "where": {"property": "items", "length": {"at_least": 2}}}, ["ann", "bob", "cid"]),
    ({"event": "order", "where": {"property": "items", "blank": True}}, ["eve", "fay"]),
    ({"event": "order", "where": {"property": "items", "any_element": RED, "or_missing": True}},
     ["ann", "bob", "cid", "fay"]),
    (_element({"attribute": "kind", "is": "lens"}, of="product.parts"), ["ann", "dan", "eve"]),
    (_element({"attribute": "kind", "is": "lens"}, {"attribute": "grams", "exists": False}, of="product.parts"),
     ["eve"]),
    ({"event": "order", "where": {"property": "product.parts", "length": {"exactly": 0}}}, ["bob", "fay"]),
]  # fmt: skip


@pytest.mark.parametrize("shards", [1, 4])
def test_elements_of_properties_whose_tables_know_other_fields(shards: int, tmp_path: Path) -> None:
    _orders(tmp_path)
    answers = found(tmp_path, EVENTS, [condition for condition, _ in ORDERS], shards)
    assert answers == [expected for _, expected in ORDERS]


def test_many_small_files_are_joined_with_their_elements(tmp_path: Path) -> None:
    _orders(tmp_path)
    for number in range(40):  # so many runs that an update joins them
        row = {"user": "bob", "ts": AS_OF - 2_000_000 - number, "items": [{"color": "grey", "count": number}]}
        write(tmp_path / f"shop/more{number:02}.parquet", [row], SHOP)
        if number == 20:
            found(tmp_path, EVENTS, [_element({"attribute": "count", "at_least": 9}, RED)])
    grey: dict[str, Any] = {"attribute": "color", "is": "grey"}
    often = {**_element(grey, {"attribute": "count", "at_least": 10}), "count": {"exactly": 30}}
    assert found(tmp_path, EVENTS, [often, _element(RED, {"attribute": "count", "at_least": 2})]) == [["bob"], ["bob"]]


def test_only_leaves_that_conditions_name_are_indexed(tmp_path: Path) -> None:
    _orders(tmp_path)
    found(tmp_path, EVENTS, [_element(RED)])
    names = {path.name.rsplit("-", 1)[0] for path in (tmp_path / "index").glob("*/*.json")}
    assert {"items", "items-color"} <= names
    assert not {name for name in names if "gift" in name or "count" in name}
