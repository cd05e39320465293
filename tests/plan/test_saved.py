"""A saved plan as a file: whatever a plan holds comes back as it was, and whatever is altered is refused."""

from __future__ import annotations

import enum
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.plan.plain import from_plain, to_plain
from segctl.plan.plan import Basis, Plan
from segctl.plan.saved import Binding, Maker, NoSavedPlan, Saved, as_data, looks_saved, read
from segctl.plan.staleness import content
from segctl.report.json import dumps
from segctl.state import canonical

WRITTEN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False).map(
        lambda number: Decimal(canonical.decode(canonical.encode(number)))
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
SCALARS: Mapping[Any, st.SearchStrategy[Any]] = {
    str: st.text(), int: st.integers(), bool: st.booleans(), type(None): st.none(), object: WRITTEN,
    Decimal: st.just(Decimal("20.50")),
}  # fmt: skip


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of the plan, whatever fields it gets in times to come."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in SCALARS:
        return SCALARS[kind]
    if origin in {Union, types.UnionType}:
        return st.one_of([values(one) for one in inner])
    if origin is frozenset or inner[-1:] == (...,):
        return st.lists(values(inner[0]), max_size=2).map(origin)
    if origin is tuple:
        return st.tuples(*map(values, inner))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        assert isinstance(kind, type)
        return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})
    assert issubclass(kind, enum.Enum), f"{kind}: how is it kept in a saved plan?"
    return st.sampled_from(list(kind))


@settings(max_examples=60, deadline=None)
@given(values(Plan))
def test_every_plan_comes_back_as_it_was(plan: Plan) -> None:
    data = canonical.decode(canonical.encode(to_plain(plan)))
    assert from_plain(Plan, data) == plan


PLAN = Plan("apply", Basis("shop", "line", 3, 1_795_305_600_000_000, "defs", "data"), (), 4, digest="d" * 64)
BINDING = Binding({"project": "p", "segment.vip": "a"}, {"users": "u"}, "1.1", allow=("max_exit",), reason="agreed")
SAVED = Saved(PLAN, BINDING, Maker(1_795_305_600_000_000, "ada", "laptop", "abc", None, "0.1.0"), "Europe/Paris",
              {"format_version": "1.3", "half": Decimal("20.50"), "whole": Decimal(20)})  # fmt: skip
FILE = dumps(as_data(SAVED)).encode()


def test_a_file_holds_all_of_it_and_can_be_read() -> None:
    found = read(FILE)
    assert found == replace(SAVED, printed={**SAVED.printed, "whole": Decimal("20.0")})
    file = json.loads(FILE)
    assert (file["format_version"], file["kind"], file["made"]["segctl"]) == ("1.1", "saved_plan", "0.1.0")
    assert (file["binding"]["lineage"], file["binding"]["serial"]) == ("line", 3)
    assert file["binding"]["as_of"] == "2026-11-22T00:00:00Z"
    assert file["plan"]["format_version"] == "1.3"
    assert b"20.50" in FILE


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict) and value:
        return [place for key, item in value.items() for place in _places(item, (*path, key))]
    return [path]


@pytest.mark.parametrize("place", [place for place in _places(json.loads(FILE)) if place != ("kind",)],
                         ids=lambda place: ".".join(map(str, place)))  # fmt: skip
def test_whatever_is_altered_is_refused(place: tuple[Any, ...]) -> None:
    file = json.loads(FILE)
    inner = file
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = 7 if inner[place[-1]] != 7 else 8
    with pytest.raises(NoSavedPlan):
        read(json.dumps(file).encode())
    del inner[place[-1]]
    with pytest.raises(NoSavedPlan):
        read(json.dumps(file).encode())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40) | st.integers(0, len(FILE) - 2).map(lambda cut: FILE[:cut]))
def test_no_bytes_are_a_crash(data: bytes) -> None:
    assert not looks_saved(data)
    with pytest.raises(NoSavedPlan):
        read(data)


def test_deeply_nested_nonsense_is_no_plan() -> None:
    assert not looks_saved(b"[" * 100_000)


# --- what has moved, where only another segctl can have moved it ---------------------------------------


def test_another_result_of_the_same_inputs_is_told_with_who_made_the_plan() -> None:
    [said] = content(SAVED, replace(PLAN, digest="e" * 64), BINDING, same_place=True)
    assert said.startswith("effect: it would do something else (")
    assert said.endswith("segctl 0.1.0 made the plan)")
    assert content(SAVED, PLAN, BINDING, same_place=True) == ()


def test_many_definitions_are_counted() -> None:
    now = replace(PLAN, basis=replace(PLAN.basis, definitions="others"))
    new = replace(BINDING, each={**BINDING.each, **{f"segment.s{n:02}": "x" for n in range(30)}})
    [said] = content(SAVED, now, new, same_place=False)
    assert said.startswith("definitions: segment.s00 is new, segment.s01 is new, ")
    assert said.endswith("segment.s09 is new, and 20 more")
