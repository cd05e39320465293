from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.index.text_order import text_order

ids = st.text(alphabet=st.sampled_from("ab\0é𝄞z~0"), max_size=20)


def ordered(texts: list[str], *, start: int = 0) -> list[str]:
    array = pa.array(["zz"] * start + texts, pa.string()).slice(start)
    return list(array.take(pa.array(text_order(array))).to_pylist())


@given(st.lists(ids, unique=True), st.text(alphabet="ué", max_size=12), st.integers(0, 2))
def test_ids_are_in_the_order_of_their_bytes(texts: list[str], prefix: str, start: int) -> None:
    whole = [prefix + text for text in texts]
    assert ordered(whole, start=start) == sorted(whole, key=str.encode)


@pytest.mark.parametrize(
    "texts",
    [[], [""], ["only"], ["b", ""], ["user-00000010", "user-00000009"], [f"{n:>9}x{n % 3}" for n in range(300, 0, -1)]],
)
def test_few_and_alike_ones(texts: list[str]) -> None:
    assert ordered(texts) == sorted(texts)
