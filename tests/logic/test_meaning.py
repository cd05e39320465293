from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from segctl.graph import build
from segctl.load.document import Document, Key
from segctl.load.project import Definitions
from segctl.logic.meaning import Meaning, meanings
from segctl.logic.nodes import Reference
from segctl.model.project import Project
from tests.logic.written import document

SEGMENT: dict[str, Any] = {"kind": "segment", "name": "s", "where": {"attribute": "a", "is": 1}}


def project(**more: Any) -> Document:
    data = {"kind": "project", "name": "shop", "users": {"path": "users.csv", "id": "id"}, **more}
    return Document(("project", "shop"), Project.model_validate(data), data)


def meant(*written: Mapping[str, Any], **more: Any) -> Mapping[Key, Meaning]:
    documents = sorted((document(data) for data in written), key=lambda d: d.key)
    definitions = Definitions(Path(), project(**more), {d.key: d for d in documents})
    return meanings(definitions, build(definitions))


def segment(name: str, where: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "segment", "name": name, "where": where, **more}


def test_metadata_is_in_no_fingerprint() -> None:
    plain = meant(SEGMENT)["segment", "s"]
    decorated = {
        "description": "x", "owner": "y", "tags": ["z"], "protect": True, "guards": {"max_exit": "5%"}, **SEGMENT
    }  # fmt: skip
    assert meant(decorated)["segment", "s"] == plain


def test_the_condition_is_in_both_and_the_zone_in_the_deep_one() -> None:
    plain = meant(SEGMENT)["segment", "s"]
    other = meant({**SEGMENT, "where": {"attribute": "a", "is": 2}})["segment", "s"]
    abroad = meant(SEGMENT, timezone="Europe/Paris")["segment", "s"]
    assert (plain.own != other.own, plain.deep != other.deep) == (True, True)
    assert (plain.own == abroad.own, plain.deep != abroad.deep) == (True, True)


def test_what_is_referred_to_is_in_the_deep_fingerprint_all_the_way() -> None:
    chain = [SEGMENT, segment("t", {"not": {"segment": "s"}}), segment("u", [{"segment": "t"}])]
    before = meant(*chain)
    after = meant({**SEGMENT, "where": {"attribute": "a", "is": 2}}, *chain[1:])
    for name in "tu":
        assert before["segment", name].own == after["segment", name].own
        assert before["segment", name].deep != after["segment", name].deep


def test_a_name_alone_makes_no_difference() -> None:
    both = meant(SEGMENT, segment("t", SEGMENT["where"]))
    assert both["segment", "s"] == both["segment", "t"]


def test_a_list_is_its_file_and_column() -> None:
    plain = {"kind": "list", "name": "l", "path": "a.csv", "id": "id"}
    user = segment("s", {"list": "l"})
    before = meant(plain, user)
    assert before["list", "l"].node == Reference("list", "l")
    for changed in ({**plain, "path": "b.csv"}, {**plain, "id": "user"}):
        after = meant(changed, user)
        assert after["list", "l"].own != before["list", "l"].own
        assert after["segment", "s"].deep != before["segment", "s"].deep
        assert after["segment", "s"].own == before["segment", "s"].own


def test_an_extension_is_its_event_and_not_its_schedule() -> None:
    plain = {"kind": "extension", "name": "e", "from": {"event": "purchase"}}
    before = meant(plain)["extension", "e"]
    assert meant({**plain, "refresh": "manual"})["extension", "e"] == before
    assert meant({**plain, "from": {"event": "visit"}})["extension", "e"].own != before.own


def test_a_campaign_is_its_audience_and_its_variants() -> None:
    halves = [{"name": "a", "percent": 50}, {"name": "b", "percent": 50}]
    plain = {"kind": "campaign", "name": "c", "audience": {"include": ["s"]}, "variants": halves}
    before = meant(SEGMENT, plain)["campaign", "c"]
    same = {**plain, "schedule": {"at": "2026-12-01 09:00"}, "conversions": [{"event": "x", "within": "7d"}]}
    assert meant(SEGMENT, same)["campaign", "c"] == before
    for variants in (
        halves[::-1],
        [{"name": "a", "percent": 40}, {"name": "b", "percent": 60}],
        [{"name": "a", "percent": 50}, {"name": "b", "percent": 50, "control": True}],
    ):
        assert meant(SEGMENT, {**plain, "variants": variants})["campaign", "c"].own != before.own
    without = {key: value for key, value in plain.items() if key != "variants"}
    assert meant(SEGMENT, without)["campaign", "c"].own != before.own


def test_tests_have_no_meaning() -> None:
    test = {"kind": "test", "name": "t", "as_of": "2026-01-01", "given": {}, "expect": {"s": {"in": []}}}
    assert set(meant(SEGMENT, test)) == {("segment", "s")}


def test_thousands_of_definitions_take_little_time() -> None:
    written = [SEGMENT]
    for n in range(5_000):
        where = [
            {"attribute": "country", "in": ["FR", "BE", "NO"]},
            {
                "event": "purchase",
                "where": {"property": "color", "is": "red"},
                "count": {"at_least": n},
                "within": "730d",
            },
            {"any": [{"segment": "s"}, {"attribute": "signup", "within_last": "30d"}]},
        ]
        written.append(segment(f"s{n}", where, exclude=[{"segment": f"s{n - 1}" if n else "s"}]))
    documents = {d.key: d for d in map(document, written)}
    definitions = Definitions(Path(), project(), documents)
    graph = build(definitions)
    started = time.process_time()
    found = meanings(definitions, graph)
    assert len(found) == 5_001
    assert time.process_time() - started < 4  # about one second on an idle core
