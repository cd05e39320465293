"""Facts about the data, counted by hand."""

from __future__ import annotations

from pathlib import Path

from segctl.lint.facts import Facts, Seen, TextColumn
from segctl.load.project import definitions, survey
from segctl.logic.bound import Scope
from segctl.logic.times import written_us
from segctl.progress import Silent
from segctl.workflow.check import check
from segctl.workflow.evaluate import open_data
from segctl.workflow.facts import MOST_TEXTS, facts
from tests.lint.subjects import subject_of_project

PROJECT = """
kind: project
name: shop
users: {path: users.csv, id: id}
events: [{path: events.csv, user: user, time: time, name: {column: event}}]
catalogs: {product: {path: products.csv, key: product}}
"""
SEGMENT = """
kind: segment
name: s
where:
  any:
    - {attribute: country, is: FR}
    - {attribute: email, is: x}
    - {event: [purchase, refund], where: {property: color, in: [red]}}
    - {event: purchase, where: {property: product.category, is: hats}}
    - {event: visit, where: {property: color, contains: re}}
"""


def laid_out(root: Path, users: int = 3) -> Path:
    (root / "segments").mkdir()
    (root / "segments" / "segctl.yaml").write_text(PROJECT, encoding="utf-8")
    (root / "segments" / "s.yaml").write_text(SEGMENT, encoding="utf-8")
    rows = (f"{n},{['FR', 'BE', ''][n % 3]},u{n}@x" for n in range(users))
    (root / "users.csv").write_text("id,country,email\n" + "\n".join(rows), encoding="utf-8")
    (root / "events.csv").write_text(
        "user,event,time,color,product\n0,purchase,2026-01-01T00:00:00Z,red,p1\n1,purchase,2026-03-01T00:00:00Z,,p2\n"
        "1,refund,2026-02-01T00:00:00Z,blue,p1\nnobody,purchase,2025-01-01T00:00:00Z,green,p1\n"
        "2,visit,2026-02-02T00:00:00Z,black,\n",
        encoding="utf-8",
    )
    (root / "products.csv").write_text("product,category\np1,shoes\np2,hats\np3,socks\n", encoding="utf-8")
    return root


def facts_of(root: Path) -> Facts:
    found = definitions(survey(root))
    data = open_data(found, written_us("2026-11-22", "UTC"), Silent())
    return facts(data, subject_of_project(found), Silent())


def test_events_are_counted_with_their_first_and_last_row(tmp_path: Path) -> None:
    found = facts_of(laid_out(tmp_path))
    first, last = written_us("2025-01-01", "UTC"), written_us("2026-03-01", "UTC")
    assert found.users == 3
    assert found.events["purchase"] == Seen(3, first, last)
    assert found.events["visit"] == Seen(1, *[written_us("2026-02-02", "UTC")] * 2)
    assert found.first_us == first


def test_texts_are_those_of_columns_that_are_compared_by_event(tmp_path: Path) -> None:
    found = facts_of(laid_out(tmp_path)).texts
    assert found == {
        TextColumn(Scope.ATTRIBUTE, ("country",)): {"FR", "BE"},
        TextColumn(Scope.ATTRIBUTE, ("email",)): {"u0@x", "u1@x", "u2@x"},
        TextColumn(Scope.PROPERTY, ("color",), "purchase"): {"red", "green"},
        TextColumn(Scope.PROPERTY, ("color",), "refund"): {"blue"},
        TextColumn(Scope.CATALOG, ("category",), "product"): {"shoes", "hats", "socks"},
    }


def test_a_column_full_of_different_texts_is_let_be(tmp_path: Path) -> None:
    root = laid_out(tmp_path, users=MOST_TEXTS + 1)
    assert TextColumn(Scope.ATTRIBUTE, ("email",)) not in facts_of(root).texts
    told = check(root, written_us("2026-11-22", "UTC"), Silent())
    assert [(found.code, found.summary) for found in told.diagnostics] == []
