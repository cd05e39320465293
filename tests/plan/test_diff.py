from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.plan.diff import diff, form
from segctl.plan.plan import FieldChange

COUNTRY = {"attribute": "country", "in": ["FR", "BE", "NO"]}
ADULT = {"attribute": "age", "at_least": 18}
YOUNG = {"attribute": "age", "at_most": 65}
BOUGHT = {"event": "purchase", "where": {"property": "color", "is": "red"}, "count": {"at_least": 2}, "within": "730d"}
FANS = {"segment": "fans"}


def one(path: str, before: object, after: object) -> tuple[FieldChange, ...]:
    return (FieldChange(path, before, after),)


CASES: dict[str, tuple[object, object, list[tuple[str, object, object]]]] = {
    "a number": ([ADULT], [ADULT | {"at_least": 21}], [("where[0].at_least", 18, 21)]),
    "a fraction": ([{"a": Decimal("0.5")}], [{"a": Decimal("0.6")}], [("where[0].a", Decimal("0.5"), Decimal("0.6"))]),
    "a reorder": ([COUNTRY, ADULT, BOUGHT], [BOUGHT, COUNTRY, ADULT], []),
    "a reorder and one change": (
        [COUNTRY, ADULT, BOUGHT], [BOUGHT, ADULT | {"at_least": 21}, COUNTRY], [("where[1].at_least", 18, 21)],
    ),
    "the more alike of two about the same": (
        [ADULT, YOUNG], [YOUNG | {"at_most": 70}, ADULT | {"at_least": 21}],
        [("where[0].at_most", 65, 70), ("where[1].at_least", 18, 21)],
    ),
    "one more": ([ADULT], [FANS, ADULT], [("where[0]", None, FANS)]),
    "one less": ([FANS, ADULT], [ADULT], [("where[0]", FANS, None)]),
    "another segment": ([ADULT, FANS], [{"segment": "buyers"}, ADULT], [("where[0].segment", "fans", "buyers")]),
    "another operator": (
        [ADULT], [{"attribute": "age", "more_than": 17}],
        [("where[0].at_least", 18, None), ("where[0].more_than", None, 17)],
    ),
    "inside an event": (
        [BOUGHT], [BOUGHT | {"where": [{"property": "color", "is": "blue"}]}],
        [("where[0].where[0].is", "red", "blue")],
    ),
    "a list of literals": (
        [COUNTRY], [COUNTRY | {"in": ["DE", "NO", "FR", "BE"]}], [("where[0].in[0]", None, "DE")],
    ),
    "a literal for another": ([COUNTRY], [COUNTRY | {"in": ["NO", "FR", "DE"]}], [("where[0].in[2]", "BE", "DE")]),
    "a pair is one value": (
        [{"attribute": "age", "between": [18, 65]}], [{"attribute": "age", "between": [65, 18]}],
        [("where[0].between", [18, 65], [65, 18])],
    ),
    "one condition for a list of it": (ADULT, [ADULT | {"at_least": 21}], [("where[0].at_least", 18, 21)]),
    "all for a list": ({"all": [ADULT, FANS]}, [FANS, ADULT | {"at_least": 21}], [("where[1].at_least", 18, 21)]),
    "a nested one": (
        [{"any": [ADULT, FANS]}, COUNTRY], [COUNTRY, {"any": [FANS, ADULT | {"at_least": 21}]}],
        [("where[1].any[1].at_least", 18, 21)],
    ),
    "equal ones": ([ADULT, ADULT, FANS], [FANS, ADULT], [("where[1]", ADULT, None)]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_what_changed_is_told(case: str) -> None:
    before, after, expected = CASES[case]
    assert diff({"where": before}, {"where": after}) == tuple(FieldChange(*change) for change in expected)


def test_fields_that_come_and_go() -> None:
    assert diff({"owner": "growth"}, {"tags": ["a"]}) == (
        FieldChange("owner", "growth", None),
        FieldChange("tags", None, ["a"]),
    )


def test_the_order_of_variants_is_told_because_it_decides() -> None:
    a, b = {"name": "a", "percent": 50}, {"name": "b", "percent": 50}
    assert diff({"variants": [a, b]}, {"variants": [b, a]}) == one("variants", ["a", "b"], ["b", "a"])
    assert diff({"variants": [a, b]}, {"variants": [a, b | {"control": True}]}) == one(
        "variants[1].control", None, True
    )


def test_many_literals_are_compared_in_a_moment() -> None:
    before = [f"c{n}" for n in range(20_000)]
    after = [f"d{n}" for n in range(20_000)]
    assert len(diff({"in": before}, {"in": after})) == 20_000


LEAVES = st.sampled_from(["country", "age", 1, 2, True, "x", Decimal("0.5")])
KEYS = st.sampled_from(["attribute", "event", "in", "at_least", "where", "any", "all", "exclude"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, min_size=1, max_size=5) | st.dictionaries(KEYS, inner, min_size=1, max_size=4),
    max_leaves=20,
)
MAPPINGS = st.dictionaries(KEYS, TREES, max_size=4)


def shuffled(value: Any, chance: random.Random, key: str = "") -> Any:
    if isinstance(value, dict):
        items = [(name, shuffled(inner, chance, name)) for name, inner in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        inner = [shuffled(element, chance) for element in value]
        if key != "attribute":
            chance.shuffle(inner)
        return inner
    return value


@given(MAPPINGS, st.randoms(use_true_random=False))
def test_a_reordered_definition_has_no_diff(value: dict[str, Any], chance: random.Random) -> None:
    other = shuffled(value, chance)
    assert diff(value, other) == ()
    assert form(value) == form(other)


@given(MAPPINGS, MAPPINGS)
def test_there_is_a_diff_exactly_if_the_forms_differ(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = diff(before, after)
    assert bool(found) == (form(before) != form(after)) or _only_wrapped(before, after)
    assert all(form(change.before) != form(change.after) for change in found)


def _only_wrapped(before: object, after: object) -> bool:
    return "where" in repr((before, after))


CONDITIONS = st.lists(
    st.fixed_dictionaries({"attribute": st.sampled_from(["a", "b", "c", "d"]), "at_least": st.integers(0, 5)}),
    min_size=1,
    max_size=6,
)


@given(CONDITIONS, st.data())
def test_a_reorder_with_one_new_number_is_one_change(conditions: list[dict[str, Any]], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(conditions) - 1))
    changed = [dict(c) for c in conditions]
    changed[place]["at_least"] = 99
    chosen = changed[place]
    after = data.draw(st.permutations(changed))
    index = next(i for i, c in enumerate(after) if c is chosen)
    found = diff({"where": conditions}, {"where": after})
    assert len(found) == 1
    assert found[0].path == f"where[{index}].at_least"
    assert found[0].after == 99


@given(MAPPINGS, MAPPINGS)
def test_the_other_way_round_tells_the_same_number(before: dict[str, Any], after: dict[str, Any]) -> None:
    there, back = diff(before, after), diff(after, before)
    assert bool(there) == bool(back)
