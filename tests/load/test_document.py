from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.diagnostics import InvalidInput
from segctl.load.document import from_json, restore, to_json
from segctl.load.project import load

Write = Callable[..., Path]

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | DECIMALS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(DATA)
def test_json_brings_plain_data_back_as_it_was(data: Any) -> None:
    found = from_json(to_json(data))
    assert found == data
    assert kinds(found) == kinds(data)


def kinds(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: kinds(value) for key, value in data.items()}
    return [kinds(value) for value in data] if isinstance(data, list) else type(data)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.10"), "1.10"), (Decimal(100), "100.0"), (Decimal("1E+3"), "1E+3"), (Decimal("-0.5"), "-0.5"),
        (5, "5"), (True, "true"), (None, "null"), ("ä\n", '"ä\\n"'), ({"a": [1, Decimal("0.5")]}, '{"a":[1,0.5]}'),
    ],
)  # fmt: skip
def test_json_is_written_as_json_numbers(value: object, text: str) -> None:
    assert to_json(value) == text


def test_what_is_no_plain_data_is_refused() -> None:
    with pytest.raises(TypeError):
        to_json(1.5)


def test_a_document_comes_back_out_of_the_state_without_places(write: Write) -> None:
    text = (
        "kind: segment\nname: a\nwhere:\n  - {attribute: score, at_least: 1.50}\n"
        "  - {event: purchase, sum: {of: amount, more_than: 1e3}, within: 30d}\n"
    )
    written = load(write(a=text)).documents["segment", "a"]
    back = restore(from_json(to_json(written.data)))
    assert back == written
    assert back.span(["where"]) is None
    assert back.key_span(["where"]) is None
    assert str(back.data["where"][0]["at_least"]) == "1.50"  # type: ignore[index]


@pytest.mark.parametrize(
    "data", [{}, {"kind": "segment"}, {"kind": "x", "name": "a"}, {"kind": "segment", "name": "a"}]
)
def test_data_of_another_version_is_refused_without_a_place(data: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as caught:
        restore(data)
    assert all(d.span is None for d in caught.value.diagnostics)
