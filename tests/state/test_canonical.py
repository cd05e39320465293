from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.state import canonical, instants

SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


@given(VALUES)
def test_what_is_encoded_decodes_to_the_same(value: Any) -> None:
    assert canonical.decode(canonical.encode(value)) == value
    assert canonical.encode(canonical.decode(canonical.encode(value))) == canonical.encode(value)


def test_a_whole_fraction_stays_a_fraction() -> None:
    assert isinstance(canonical.decode(canonical.encode(Decimal(45))), Decimal)


def test_keys_are_sorted_and_fractions_stay_as_written() -> None:
    value = {"b": Decimal("0.10"), "a": [Decimal("1E+3"), 7, True, None, "é\n"]}
    assert canonical.encode(value) == '{"a":[1E+3,7,true,null,"é\\n"],"b":0.10}'.encode()


@pytest.mark.parametrize("value", [0.1, {1: 2}, Decimal("NaN"), b"x", object()])
def test_what_has_no_canonical_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.encode(value)


def test_constants_that_are_no_json_are_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        canonical.decode(b"[NaN]")


@given(st.integers(-2_000_000_000_000_000, 7_000_000_000_000_000))
def test_an_instant_survives_being_written(us: int) -> None:
    assert instants.from_text(instants.to_text(us)) == us


def test_an_instant_reads_as_people_write_it() -> None:
    assert instants.to_text(0) == "1970-01-01T00:00:00Z"
    assert instants.to_text(1_500_000) == "1970-01-01T00:00:01.500000Z"
