from __future__ import annotations

from segctl.load.document import Key
from segctl.report.mermaid import escape, fenced, flowchart

ADULTS, OUTER, WIN, BETA = ("segment", "adults"), ("segment", "outer"), ("campaign", "win"), ("list", "beta")


def test_arrows_go_from_what_is_used_to_what_uses_it() -> None:
    marks = {OUTER: "changed", ADULTS: "applied", WIN: "new", BETA: "removed"}
    chart = flowchart(marks, [(OUTER, ADULTS), (WIN, OUTER), (OUTER, BETA), (OUTER, BETA)])
    assert chart.splitlines() == [
        "flowchart LR",
        '  n0(["campaign win"]):::new',
        '  n1[("list beta")]:::removed',
        '  n2["adults"]',
        '  n3["outer"]:::changed',
        "  n1 --> n3",
        "  n2 --> n3",
        "  n3 --> n0",
        "  classDef new fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
        "  classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328",
        "  classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:4",
    ]
    assert fenced(chart) == f"```mermaid\n{chart}```\n"


def test_names_cannot_break_out_of_their_labels() -> None:
    assert escape('a"] --> b; %% <script>`') == "a#34;#93; --#62; b#59; #37;#37; #60;script#62;#96;"
    evil = ("segment", 'x"]\n  click n0 "javascript:alert(1)"\n```')
    chart = flowchart({evil: "new"}, [])
    assert [line for line in chart.splitlines() if "click" in line] == [
        '  n0["x#34;#93;#10;  click n0 #34;javascript:alert(1)#34;#10;#96;#96;#96;"]:::new'
    ]
    assert len(chart.splitlines()) == 3


def test_of_too_many_those_with_a_mark_are_drawn_and_the_rest_is_counted() -> None:
    keys: list[Key] = [("segment", f"s{number:04}") for number in range(2_000)]
    marks = {key: "changed" if number % 100 == 50 else "applied" for number, key in enumerate(keys)}
    chart = flowchart(marks, [(keys[number], keys[0]) for number in range(1, 2_000)], most=20, rest="see the file")
    nodes = [line for line in chart.splitlines() if '["s' in line]
    assert len(nodes) == 20
    assert all(":::changed" in line for line in nodes)
    assert '  rest["and 1,980 more: see the file"]' in chart.splitlines()
    assert "-->" not in chart
