from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.diagnostics import Diagnostic, InvalidInput
from segctl.graph import Graph, build, examine, references
from segctl.load.document import Document, Draft, Key, restore
from segctl.load.project import Definitions

PROJECT = restore({"kind": "project", "name": "shop", "users": {"path": "u.csv", "id": "id"}})


def segment(name: str, *uses: str, exclude: tuple[str, ...] = ()) -> Document:
    data: dict[str, Any] = {"kind": "segment", "name": name, "where": {"everyone": True}}
    if uses:
        data["where"] = [{"any": [{"segment": use}, {"not": {"everyone": True}}]} for use in uses]
    if exclude:
        data["exclude"] = [{"segment": use} for use in exclude]
    return restore(data)


def a_list(name: str) -> Document:
    return restore({"kind": "list", "name": name, "path": "p", "id": "i"})


def extension(name: str) -> Document:
    return restore({"kind": "extension", "name": name, "from": {"event": "purchase"}})


def campaign(name: str, include: list[str], **audience: object) -> Document:
    return restore({"kind": "campaign", "name": name, "audience": {"include": include, **audience}})


def a_test(name: str, expect: list[str], **given: object) -> Document:
    members = {expected: {"in": ["u1"]} for expected in expect}
    return restore({"kind": "test", "name": name, "as_of": "2026-01-01", "given": given, "expect": members})


def documents(*given: Document) -> Mapping[Key, Document]:
    return {document.key: document for document in sorted(given, key=lambda d: d.key)}


def graph(*given: Document) -> Graph:
    return build(Definitions(Path(), PROJECT, documents(*given)))


def wrong(*given: Document) -> list[Diagnostic]:
    with pytest.raises(InvalidInput) as caught:
        graph(*given)
    return list(caught.value.diagnostics)


def test_each_comes_after_all_that_it_uses_and_else_by_name() -> None:
    found = graph(segment("a", "d"), segment("b"), segment("c", "b"), segment("d", exclude=("c",)), a_list("z"))
    assert [name for _, name in found.order] == ["z", "b", "c", "d", "a"]


def test_upstream_and_downstream_go_all_the_way() -> None:
    found = graph(segment("a", "b"), segment("b", "c"), segment("c"), segment("d", "c"), campaign("mail", ["a"]))
    assert found.upstream(("segment", "a")) == {("segment", "b"), ("segment", "c")}
    assert found.upstream(("campaign", "mail")) == {("segment", "a"), ("segment", "b"), ("segment", "c")}
    everything = {("segment", "a"), ("segment", "b"), ("segment", "d"), ("campaign", "mail")}
    assert found.downstream(("segment", "c")) == everything
    assert found.downstream(("campaign", "mail")) == frozenset()
    assert found.upstream(("segment", "unknown")) == frozenset()


def test_tests_refer_to_others_and_nothing_depends_on_them() -> None:
    found = graph(segment("a", "b"), segment("b"), a_test("t", ["a"]))
    assert ("test", "t") not in found.order
    assert found.upstream(("test", "t")) == {("segment", "a"), ("segment", "b")}
    assert found.downstream(("segment", "b")) == {("segment", "a")}


def test_a_test_expects_segments_campaigns_and_extensions_by_name() -> None:
    found = graph(segment("a"), campaign("mail", ["a"]), extension("big"), a_test("t", ["a", "mail", "big"]))
    assert {link.key for link in found.links["test", "t"]} == {
        ("segment", "a"), ("campaign", "mail"), ("extension", "big"),
    }  # fmt: skip


def test_references_tell_where_they_are_written() -> None:
    document = restore({
        "kind": "segment", "name": "a",
        "where": [
            {"all": [{"not": {"list": "l"}}, {"extension": "e"}]},
            {"event": "x", "where": {"property": "segment", "is": 1}},
        ],
        "exclude": [{"segment": "s"}],
    })  # fmt: skip
    assert [(link.key, link.path) for link in references(document)] == [
        (("list", "l"), ("where", 0, "all", 0, "not", "list")),
        (("extension", "e"), ("where", 0, "all", 1, "extension")),
        (("segment", "s"), ("exclude", 0, "segment")),
    ]


def test_the_references_of_a_campaign_and_of_a_test() -> None:
    mail = campaign("mail", ["a"], where={"any": [{"list": "l"}]}, exclude=["b"])
    assert [link.path for link in references(mail)] == [
        ("audience", "include", 0), ("audience", "exclude", 0), ("audience", "where", "any", 0, "list"),
    ]  # fmt: skip
    test = a_test("t", ["a"], lists={"l": ["u1"]}, extensions={"e": []})
    assert [(link.kinds[0], link.path) for link in references(test)] == [
        ("list", ("given", "lists", "l")), ("extension", ("given", "extensions", "e")), ("segment", ("expect", "a")),
    ]  # fmt: skip
    assert references(extension("e")) == ()


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = wrong(segment("a", "b", "nobody"), segment("b", "a"), segment("c", "l"), a_list("l"))
    assert sorted(d.code for d in found) == ["cycle", "missing-reference", "wrong-kind"]


def test_names_that_cannot_be_known_are_let_be() -> None:
    found = documents(segment("a", "b", "c", "d"))
    draft = Draft(("segment", "b"), {}, None, "f")
    graph, diagnostics = examine(found, {draft.key: draft}, names={"c"})
    assert [d.summary for d in diagnostics] == ["there is no segment named `d`"]
    assert graph.order == (("segment", "a"),)
    assert graph.upstream(("segment", "a")) == frozenset()


def test_what_a_broken_definition_refers_to_must_be_there() -> None:
    where = [
        {"segment": "b"},
        {"segment": "a"},
        {"list": "a"},
        {"segment": "No"},
        {"segment": 7},
        {"any": 5},
        None,
    ]
    campaigns = [{"include": ["b"], "exclude": 5}, {"include": {"b": 1}}, [], None]
    drafts = [
        Draft(("segment", "x"), {"where": where, "exclude": "a"}, None, "f"),
        *(Draft(("campaign", f"c{i}"), {"audience": a}, None, "f") for i, a in enumerate(campaigns)),
        Draft(("test", "t"), {"given": {"lists": {"l": 1}, "extensions": ["e"]}, "expect": ["a"]}, None, "f"),
        Draft(("test", "u"), {"given": [], "expect": {"b": None}}, None, "f"),
    ]
    _, diagnostics = examine(documents(segment("a")), {draft.key: draft for draft in drafts})
    assert sorted(d.summary for d in diagnostics) == [
        "`a` is a segment, not a list",
        "there is no list named `l`",
        "there is no segment named `b`",
        "there is no segment named `b`",
        "there is no segment, campaign or extension named `b`",
    ]


def test_a_resource_behind_a_way_round_is_no_part_of_it() -> None:
    found = wrong(segment("a", "b"), segment("b", "c"), segment("c", "b"), segment("d", "a"))
    assert [d.summary for d in found] == ["circular reference: b -> c -> b"]


def test_the_shortest_way_round_is_told() -> None:
    names = [f"s{i}" for i in range(6)]
    ring = [segment(name, following) for name, following in itertools.pairwise([*names, names[0]])]
    ring[0] = segment("s0", "s1", "s3")
    ring[3] = segment("s3", "s4", "s0")
    assert [d.summary for d in wrong(*ring)] == ["circular reference: s0 -> s3 -> s0"]


def test_ten_thousand_segments_in_a_chain_of_five_thousand() -> None:
    chain = [segment("c0000"), *(segment(f"c{i:04}", f"c{i - 1:04}") for i in range(1, 5_000))]
    wide = [segment(f"w{i:04}", "c4999") for i in range(5_000)]
    everything = documents(*chain, *wide)
    started = time.process_time()
    found, diagnostics = examine(everything)
    assert time.process_time() - started < 5
    assert diagnostics == []
    assert len(found.order) == 10_000
    assert len(found.upstream(("segment", "w0000"))) == 5_000
    assert len(found.downstream(("segment", "c0000"))) == 9_999


def test_a_way_round_of_five_thousand_is_told_shortly() -> None:
    ring = [segment(f"c{i:04}", f"c{(i + 1) % 5_000:04}") for i in range(5_000)]
    (diagnostic,) = wrong(*ring)
    assert diagnostic.summary.endswith("c0010 -> c0011 -> ... 4,988 more ... -> c0000")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30))
def test_order_and_ways_round_agree_with_a_plain_search(pairs: list[tuple[int, int]]) -> None:
    uses: dict[int, set[int]] = {i: {b for a, b in pairs if a == i} for i in range(13)}
    given_documents = documents(*(segment(f"s{i}", *(f"s{b}" for b in sorted(uses[i]))) for i in uses))
    found, diagnostics = examine(given_documents)

    reached = {i: set(uses[i]) for i in uses}
    for _ in uses:
        reached = {i: reached[i].union(*(reached[j] for j in reached[i])) for i in uses}
    for i in uses:
        assert found.upstream(("segment", f"s{i}")) == {("segment", f"s{j}") for j in reached[i]}
        assert found.downstream(("segment", f"s{i}")) == {("segment", f"s{j}") for j in uses if i in reached[j]}
    round_trips = [i for i in uses if i in reached[i]]
    rings = {frozenset(j for j in round_trips if i in reached[j] and j in reached[i]) for i in round_trips}
    assert len(diagnostics) == len(rings)
    place = {key: n for n, key in enumerate(found.order)}
    assert set(place) == {("segment", f"s{i}") for i in uses if not any(j in reached[j] for j in {i} | reached[i])}
    assert all(place[link.key] < place[key] for key in place for link in found.links[key])
