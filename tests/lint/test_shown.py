"""What a warning about an unseen text shows of the data: values that many users share, and no others."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from segctl.diagnostics import Diagnostic
from segctl.disclosure import MAX_DISTINCT, MIN_BEARERS, are_names, example, shape, shareable
from segctl.lint.unseen import MOST_TOLD
from segctl.progress import Silent
from segctl.workflow.check import check

PROJECT = {
    "kind": "project", "name": "shop", "users": {"path": "users.jsonl", "id": "id"},
    "events": [{"path": "events.jsonl", "user": "user", "time": "ts", "name": {"column": "event"}}],
    "catalogs": {"product": {"path": "products.jsonl", "key": "product"}},
}  # fmt: skip
TIME = "2026-01-01T00:00:00Z"
Rows = Sequence[dict[str, Any]]


def told(
    root: Path, where: object, users: Rows, events: Rows = (), products: Rows = ({"product": "p"},)
) -> tuple[Diagnostic, ...]:
    """What is said of a segment over these rows."""
    (root / "segments").mkdir(exist_ok=True)
    (root / "segments/segctl.yaml").write_text(json.dumps(PROJECT))
    segment = {"kind": "segment", "name": "s", "owner": "me", "where": where}
    (root / "segments/s.yaml").write_text(json.dumps(segment))
    some = events or [{"user": users[0]["id"], "ts": TIME, "event": "visit"}]
    for name, rows in (("users", users), ("events", some), ("products", products)):
        (root / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return check(root, 1_800_000_000_000_000, Silent()).diagnostics


def people(**counts: int) -> list[dict[str, Any]]:
    """So many users of each country."""
    countries = [country for country, count in counts.items() for _ in range(count)]
    return [{"id": f"id-{n}", "country": country, "email": f"{n}@home.test"} for n, country in enumerate(countries)]


ASKED = {"attribute": "country", "is": "fr"}
MANY = MIN_BEARERS


def test_values_of_many_users_are_suggested_and_those_of_few_are_counted(tmp_path: Path) -> None:
    (one,) = told(tmp_path, ASKED, people(FR=MANY, BE=MANY + 1, fR=MANY - 1, XX=1))
    assert one.detail == "the users have `BE`, `FR`, and 2 texts that few users share"
    assert one.hint == "did you mean `FR`?"


def test_nothing_is_shown_where_no_value_is_shared(tmp_path: Path) -> None:
    (one,) = told(tmp_path, {"attribute": "email", "is": "9@home.tset"}, people(FR=MANY * 3))
    assert one.detail == "the users have 60 texts, not shown here because few users share each"
    assert one.hint.startswith("fix it")


def test_a_column_of_many_values_shows_none_even_of_those_that_repeat(tmp_path: Path) -> None:
    """Names repeat, too."""
    users = [
        {"id": f"{n}-{m}", "country": f"name {n}", "email": ""}
        for n in range(MAX_DISTINCT + 1)
        for m in range(1 + 20 * (n == 0))
    ]
    (one,) = told(tmp_path, {"attribute": "country", "is": "name"}, users)
    assert "name" not in one.detail + one.hint
    assert one.detail == "the users have 1,001 texts, not shown here because there are too many"


def test_of_properties_users_are_counted_not_rows(tmp_path: Path) -> None:
    users = people(FR=MANY)
    one_s_own = [{"user": "id-0", "ts": TIME, "event": "buy", "note": "mine"} for _ in range(MANY * 3)]
    shared = [{"user": user["id"], "ts": TIME, "event": "buy", "note": "gift"} for user in users]
    strangers = [{"user": f"nobody{n}", "ts": TIME, "event": "buy", "note": "theirs"} for n in range(MANY)]
    where = {"event": "buy", "where": {"property": "note", "is": "gitf"}}
    (one,) = told(tmp_path, where, users, [*one_s_own, *shared, *strangers])
    assert one.detail == "`buy` has `gift`, and 2 texts that few users share"
    assert one.hint == "did you mean `gift`?"


def test_of_lists_users_are_counted_not_elements(tmp_path: Path) -> None:
    users = [{"id": f"u{n}", "tags": ["gold", *(["own"] * MANY if n == 0 else [])]} for n in range(MANY)]
    (one,) = told(tmp_path, {"attribute": "tags", "includes_any": ["golden"]}, users)
    assert one.detail == "the users have `gold`, and 1 text that few users share"


def test_of_catalogues_rows_are_counted(tmp_path: Path) -> None:
    products = [{"product": f"p{n}", "category": "shoes" if n < MANY else f"by ann {n}"} for n in range(MANY + 3)]
    users = people(FR=1)
    events = [{"user": "id-0", "ts": TIME, "event": "buy", "product": "p1"}]
    where = {"event": "buy", "where": {"property": "product.category", "is": "shoe"}}
    (one,) = told(tmp_path, where, users, events, products)
    assert one.detail == "`product` has `shoes`, and 3 texts that few users share"


def test_a_few_unseen_texts_are_told_each_and_many_at_once(tmp_path: Path) -> None:
    users = people(FR=MANY)
    few = [f"x{n}" for n in range(MOST_TOLD)]
    assert len(told(tmp_path, {"attribute": "country", "in": ["FR", *few]}, users)) == MOST_TOLD
    (one,) = told(tmp_path, {"attribute": "country", "in": ["FR", *few, "y"]}, users)
    assert one.summary == "no user has 6 of these 7 texts in `country`"
    assert one.detail == "they are `x0`, `x1`, `x2` and 3 more; the users have `FR`"
    assert one.span is not None
    text = (tmp_path / "segments/s.yaml").read_text().splitlines()[one.span.line - 1]
    assert text[one.span.column - 1 :].startswith('"x0"')


@pytest.mark.parametrize("ignore_case", [False, True])
def test_a_long_list_against_a_large_column_takes_seconds_and_one_finding(tmp_path: Path, ignore_case: bool) -> None:  # noqa: FBT001
    """It was quadratic, and took minutes."""
    users = [{"id": f"u{n}", "shop": f"shop-{n * 7:06}"} for n in range(20_000)]
    where = {"attribute": "shop", "in": [f"shop-{n * 5:06}" for n in range(50_000)]}
    asked = {**where, "ignore_case": True} if ignore_case else where
    told(tmp_path, asked, users)  # the index is there from now on
    start = time.process_time()
    (one,) = check(tmp_path, 1_800_000_000_000_000, Silent()).diagnostics
    assert time.process_time() - start < 5
    unseen = 50_000 - sum(n * 5 % 7 == 0 and n * 5 < 140_000 for n in range(50_000))
    assert one.summary == f"no user has {unseen:,} of these 50,000 texts in `shop`"


def test_the_rule_itself() -> None:
    assert shareable({"FR": MANY, "BE": MANY - 1, "info@home.test": MANY}) == {"FR"}
    assert shareable({f"v{n}": MANY for n in range(MAX_DISTINCT + 1)}) == frozenset()
    assert shape("Ann.Lee-7@home.test é") == "Aaa.Aaa-9@aaaa.aaaa a"


@pytest.mark.parametrize("text", ["n/a", "31/02/2025", "2026-02-30", "2026-13-01T09:00:00Z", "soon", "1e999", "-", ""])
def test_examples_that_name_nobody_are_shown(text: str) -> None:
    assert example(text) == text


@pytest.mark.parametrize(
    "text", ["ann@home.test", "Ann Lee", "+33 6 39 98 01 01", "0639980101", "4111-1111-1111-1111", "x" * 25]
)
def test_of_examples_that_may_name_somebody_the_shape_is_shown(text: str) -> None:
    shown = example(text)
    assert shown != text
    assert len(shown) == len(text)
    assert not set(shown) & (set(text) - set("Aa9 @.+-"))


def test_first_rows_are_told_from_headers() -> None:
    assert are_names(["id", "Country", "signup date", "address.city", "line2", "q4_24"])
    for row in (["c0001", "FR"], ["ann@home.test"], ["7", "x"], ["2026-01-01"], ["3.5"]):
        assert not are_names(row), row
