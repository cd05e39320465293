"""`segctl graph`: what uses what, on disk and as it is applied."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from segctl.diagnostics import SegctlError, Usage
from segctl.report import graph
from segctl.report.json import dumps
from segctl.report.text import render
from segctl.selection import parse
from segctl.workflow.drawing import Drawing, drawing
from tests.apply.shop import ADULTS, BUYERS, LOYAL, Shop, segment

OUTER = segment("outer", {"segment": "adults"}, {"extension": "loyal"})
REACH = segment("reach", {"segment": "outer"}, {"segment": "adults"})
WIN: dict[str, Any] = {"kind": "campaign", "name": "win", "audience": {"include": ["reach"]}}


def tree(shop: Shop, *names: str, select: Sequence[str] = ()) -> list[str]:
    drawn = drawing(shop.root, names, parse(select))
    return render(graph.trees(drawn), width=200, colour=False).splitlines()[:-2]


def edges(drawn: Drawing) -> list[tuple[str, str, bool, bool]]:
    return [(edge.user[1], edge.used[1], edge.applied, edge.defined) for edge in drawn.edges]


def test_trees_begin_with_what_nothing_uses_and_unfold_each_once(shop: Shop) -> None:
    shop.define(ADULTS, LOYAL, OUTER, REACH, WIN, BUYERS, segment("also", {"segment": "outer"}))
    assert tree(shop) == [
        "campaign win",
        "└─ reach",
        "   ├─ adults",
        "   └─ outer",
        "      ├─ extension loyal",
        "      └─ adults",
        "also",
        "└─ outer  (above)",
        "buyers",
    ]


def test_names_narrow_to_what_they_use_and_what_uses_them(shop: Shop) -> None:
    shop.define(ADULTS, LOYAL, OUTER, REACH, WIN, BUYERS)
    assert tree(shop, "outer") == [
        "campaign win", "└─ reach", "   ├─ adults", "   └─ outer", "      ├─ extension loyal", "      └─ adults",
    ]  # fmt: skip
    assert tree(shop, "+outer") == ["outer", "├─ extension loyal", "└─ adults"]
    assert tree(shop, "outer+") == ["campaign win", "└─ reach", "   └─ outer"]
    assert tree(shop, "buyers", "extension.loyal") == [
        "campaign win", "└─ reach", "   └─ outer", "      └─ extension loyal", "buyers",
    ]  # fmt: skip
    assert tree(shop, select=["kind:segment"]) == [
        "reach", "├─ adults", "└─ outer", "   └─ adults", "buyers",
    ]  # fmt: skip
    with pytest.raises(SegctlError, match="there is no `outr`"):
        tree(shop, "outr")
    with pytest.raises(Usage, match="matches nothing"):
        tree(shop, select=["tag:none"])


def test_what_differs_from_what_is_applied_is_marked(shop: Shop) -> None:
    shop.define(ADULTS, LOYAL, OUTER, REACH, WIN)
    shop.apply()
    grown = segment("grown_ups", *ADULTS["where"], moved={"from": "adults"})
    shop.define(
        grown, LOYAL | {"archived": True}, BUYERS,
        segment("reach", {"segment": "grown_ups"}, {"segment": "buyers"}), WIN,
    )  # fmt: skip
    assert tree(shop) == [
        "campaign win  changed  2",
        "└─ reach  changed  2",
        "   ├─ buyers  new",
        "   ├─ grown_ups  renamed from adults  5",
        "   └─ outer  removed  used no more  2",
        "      ├─ extension loyal  archived  used no more  2",
        "      └─ grown_ups  renamed from adults  used no more  5",
    ]
    assert tree(shop, "+loyal") == ["extension loyal  archived  2"]
    drawn = drawing(shop.root)
    assert edges(drawn) == [
        ("win", "reach", True, True),
        ("outer", "loyal", True, False),
        ("outer", "grown_ups", True, False),
        ("reach", "buyers", False, True),
        ("reach", "grown_ups", True, True),
        ("reach", "outer", True, False),
    ]
    data = json.loads(dumps(graph.as_data(drawn)))
    assert [(node["name"], node["status"]) for node in data["nodes"]] == [
        ("win", "changed"), ("loyal", "archived"), ("buyers", "new"), ("grown_ups", "renamed"), ("outer", "removed"),
        ("reach", "changed"),
    ]  # fmt: skip
    assert data["edges"][0] == {
        "from": {"kind": "campaign", "name": "win"}, "to": {"kind": "segment", "name": "reach"}, "applied": True,
        "defined": True,
    }  # fmt: skip
    shop.apply()
    assert tree(shop, "loyal") == ["extension loyal  archived"]
    with pytest.raises(SegctlError, match="the segment `outer` was removed after serial 1"):
        tree(shop, "outer")


def test_mermaid_and_dot(shop: Shop) -> None:
    shop.define(ADULTS, LOYAL, OUTER)
    shop.apply()
    shop.define(ADULTS, segment("outer", {"segment": "adults"}))
    drawn = drawing(shop.root)
    assert graph.mermaid(drawn, 60).splitlines()[:6] == [
        "flowchart LR",
        '  n0[["extension loyal"]]:::removed',
        '  n1["adults"]',
        '  n2["outer"]:::changed',
        "  n0 --> n2",
        "  n1 --> n2",
    ]
    assert '  rest["and 2 more: #96;segctl graph#96; shows all"]' in graph.mermaid(drawn, 1).splitlines()
    assert graph.dot(drawn).splitlines() == [
        "digraph segctl {",
        "  rankdir=LR;",
        "  node [fontname=sans];",
        '  "extension.loyal" [label="extension loyal", shape="component", color="#cf222e", style="dashed"];',
        '  "segment.adults" [label="adults", shape="box"];',
        '  "segment.outer" [label="outer", shape="box", color="#9a6700"];',
        '  "extension.loyal" -> "segment.outer" [style=dashed];',
        '  "segment.adults" -> "segment.outer";',
        "}",
    ]


def test_a_long_chain_is_drawn(shop: Shop) -> None:
    chain = [segment(f"s{number}", {"segment": f"s{number + 1}"}) for number in range(1_500)]
    shop.define(*chain, segment("s1500", {"everyone": True}))
    drawn = drawing(shop.root)
    assert len(render(graph.trees(drawn), width=100_000, colour=False).splitlines()) == 1_503


def test_a_project_without_definitions(shop: Shop) -> None:
    shop.define()
    assert render(graph.trees(drawing(shop.root)), width=80, colour=False) == "shop: no definitions yet\n"
