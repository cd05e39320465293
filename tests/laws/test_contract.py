"""The contract's examples of a project and its definitions, word for word, with members worked out by hand."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

AS_OF = "2026-11-22T00:00:00Z"
EXAMPLES = Path(__file__).parent / "contract"

at = datetime.fromisoformat
"""An instant without zone, as the files have it."""

USERS = [
    ("17850", "FR", True, date(2026, 11, 1), at("2026-11-01 00:00:00")),
    ("12346", "NO", True, date(2020, 1, 1), at("2026-10-31 23:30:00")),
    ("u1", "FR", True, date(2026, 11, 21), at("2026-11-01 23:59:59")),
    ("u2", "BE", False, date(2020, 1, 1), at("2026-11-02 00:00:00")),
    ("u3", "DE", True, None, None),
]
INVOICES = """CustomerID,StockCode,Quantity,UnitPrice,InvoiceDate,Country
17850.0,1,7,10.00,2026-07-01 11:00:30,UK
17850.0,2,-1,8.00,2026-08-01 11:00:00,UK
12346.0,2,2,2.5,2026-11-20 11:00:00,UK
12346.0,2,2,2.5,2026-11-20 11:00:00,UK
12346.0,2,2,2.5,2026-11-20 11:00:00,UK
,2,2,2.5,2026-11-20 11:00:00,UK
"""

MEMBERS = {
    "loyal_red_shoppers": ["17850", "u1"],  # u2 has no e-mail; 12346 and u3 bought nothing red
    "red_shoes_two_years": ["17850", "u1", "u2"],
    "beta_testers": ["17850", "u2"],
    "win_back": ["17850"],  # of the lapsed buyers; u1 is in its control group
    "newsletter_fans": ["u2"],
    "refund_abusers": [],
    "lapsed_buyers": ["17850", "u1"],
    "in_red_ext": ["17850", "u1", "u2"],
    "abandoned": ["u1"],  # u2 bought exactly 24 h after, u3 was a microsecond too slow
    "furniture": ["17850"],
    "rich": ["17850"],  # 1 + 1 + 70 - 8
    "avg_one": ["12346", "17850", "u1", "u2"],
    "testers": ["17850", "u2"],
    "neg_amount": ["17850"],
    "signup_on": ["17850", "u1"],  # read in Paris, as the project says of this column
    "lon": ["17850"],  # 11:00:30 in London is 12:00:30 in Paris
    "often": ["12346"],
    "a_lead": ["u3"],
    "whatever": ["12346", "u2", "u3"],  # since Thursday 00:00 in Paris
    "spent": ["12346"],
    "got_it": ["u2"],
    "engaged": ["u2"],
    "engaged_before": ["u2"],
    "half": ["17850", "u1", "u3"],  # xxh3_64 of the ids mod 10,000: 3446, 7063 (12346), 385, 6846 (u2), 2661
    "all_of_them": ["12346", "17850", "u1", "u2", "u3"],
}
"""As of 2026-11-22 01:00 in Paris."""


def events() -> Iterator[dict[str, Any]]:
    """One table, many event names; those with a `color` are of the shop before the invoices."""
    for user in ("17850", "u1", "u2"):
        yield row(user, "purchase", at("2026-01-01 00:00:00"), color="red", amount=1.0)
        yield row(user, "purchase", at("2026-02-01 00:00:00"), color="red", amount=1.0)
    for user in ("u1", "u2", "u3"):
        yield row(user, "product_viewed", at("2026-11-18 00:00:00"))
    yield row("u1", "added_to_cart", at("2026-11-18 01:00:00"))
    yield row("u2", "added_to_cart", at("2026-11-18 01:00:00"))
    yield row("u3", "added_to_cart", at("2026-11-19 00:00:00.000001"))
    yield row("u2", "purchase", at("2026-11-19 01:00:00"), color="blue", amount=2.0)
    yield row("u3", "purchase", at("2026-11-22 00:00:00"), color="blue", amount=99.0)  # at as_of: not seen
    yield row("u2", "email_sent", at("2026-11-01 00:00:00"), message_id="m1", campaign="win_back", variant="a")
    yield row("u2", "email_opened", at("2026-11-01 00:00:00"), message_id="m1", campaign="win_back", variant="a")
    yield row("u3", "lead_won", at("2026-01-01 00:00:00"))
    yield row("nobody", "refund", at("2026-01-01 00:00:00"))  # outside the population


def row(user: str, name: str, time: datetime, **properties: Any) -> dict[str, Any]:
    """A row without zone, so in UTC."""
    columns = ("color", "amount", "product_id", "quantity", "message_id", "campaign", "variant")
    return {"user_id": user, "event": name, "ts": time, **dict.fromkeys(columns), **properties}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("acme_shop")
    shutil.copytree(EXAMPLES, folder / "segments", ignore=shutil.ignore_patterns("*.md"))
    for below in ("data/events", "data/invoices", "lists"):
        (folder / below).mkdir(parents=True)
    names = ("user_id", "country", "email_subscribed", "signup_date", "signup")
    pq.write_table(
        pa.table(dict(zip(names, map(list, zip(*USERS, strict=True)), strict=True))), folder / "data/users.parquet"
    )
    schema = pa.schema({
        "user_id": pa.string(), "event": pa.string(), "ts": pa.timestamp("us"), "color": pa.string(),
        "amount": pa.float64(), "product_id": pa.int64(), "quantity": pa.int64(), "message_id": pa.string(),
        "campaign": pa.string(), "variant": pa.string(),
    })  # fmt: skip
    pq.write_table(pa.Table.from_pylist(list(events()), schema), folder / "data/events/part-1.parquet")
    (folder / "data/invoices/2026.csv").write_text(INVOICES)
    (folder / "data/products.csv").write_text("product_id,category\n1,furniture\n2,food\n")
    (folder / "lists/beta_testers.csv").write_text("user_id\n17850\nu2\nstranger\n")
    return folder


def segctl(shop: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "segctl", "-C", str(shop), *arguments], capture_output=True, text=True, check=False
    )


def test_the_examples_are_valid_as_they_stand(shop: Path) -> None:
    told = json.loads(segctl(shop, "validate", "--format", "json").stdout)
    assert told["errors"] == 0
    assert {one["code"] for one in told["diagnostics"]} <= {"unknown-event", "window-beyond-data", "not-yet"}


def test_the_members_of_the_examples(shop: Path) -> None:
    said = segctl(shop, "members", *MEMBERS, "--live", "--as-of", AS_OF, "--format", "json")
    assert json.loads(said.stdout) == MEMBERS
    assert "1 of 6 rows have no user id" in said.stderr
    assert "are of users outside the population" in said.stderr
    assert "1 event at or after as_of is not seen" in said.stderr


def test_the_traits_of_the_examples(shop: Path) -> None:
    said = segctl(shop, "traits", "--live", "--as-of", AS_OF, "--format", "csv")
    assert said.stdout.splitlines() == [
        "user_id,average_order,lifetime_value,orders",
        "12346,5.0,15.0,3",
        "17850,16.0,64.0,4",
        "u1,1.0,2.0,2",
        "u2,1.3333333333333333,4.0,3",
        "u3,,0.0,0",  # division by zero is missing
    ]


def test_the_plan_of_the_examples(shop: Path) -> None:
    said = segctl(shop, "plan", "--as-of", AS_OF, "--format", "json")
    plan = json.loads(said.stdout)
    assert said.returncode == 0
    assert (plan["project"], plan["serial"], plan["as_of"]) == ("acme_shop", 0, AS_OF)
    by_name = {change["name"]: change for change in plan["changes"]}
    assert {change["action"] for change in plan["changes"]} == {"create"}
    assert {name: by_name[name]["members"]["after"] for name in MEMBERS} == {
        name: len(ids)
        for name, ids in {**MEMBERS, "win_back": ["17850", "u1"]}.items()  # with the control group
    }
    [guard] = by_name["loyal_red_shoppers"]["guards"]
    assert (guard["rule"], guard["blocking"]) == ("min_members", True)
    variants = {one["name"]: one["after"] for one in by_name["win_back"]["members"]["variants"]}
    assert variants == {"a": 0, "b": 1, "control": 1}  # xxh3_64("win_back:17850") is 8351, of u1 9156
    assert plan["summary"] == {"create": len(plan["changes"]), "update": 0, "delete": 0, "unchanged": 0}
    assert segctl(shop, "plan", "--as-of", AS_OF, "--detailed-exitcode").returncode == 2
    assert segctl(shop, "apply", "--as-of", AS_OF, "--auto-approve").returncode == 3
