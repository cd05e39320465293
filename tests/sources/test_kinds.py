"""What texts are read as, value by value."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.logic.types import Scalar
from segctl.sources.kinds import kinds_of
from segctl.sources.shape import Texts, join, resolve

CASES: dict[str, list[str]] = {
    "boolean": ["true", "False", "TRUE"],
    "integer": ["0", "-0", "5", "-17", "9223372036854775807", "-9223372036854775808"],
    "number": ["5.0", ".5", "5.", "-1e-3", "1E5", "+5", "nan", "NaN", "inf", "-Infinity", "17850.0", "0.10"],
    "date": ["2026-01-31", "0001-01-01"],
    "time": ["2026-01-31 09:00:00", "2026-01-31T09:00Z", "2026-01-31T09:00:00.123456789+02:00"],
    "text": [
        "007", "00", "-01", "1_000", "1,5", "0x10", "9223372036854775808", "12345678901234567890", " 5", "5 ", "",
        "yes", "NA", "null", "2026-02-30", "31/01/2026", "1e", "--5", "\u0661", "5a", "00.5",
    ],
}  # fmt: skip
VALUES = [(text, kind) for kind, texts in CASES.items() for text in texts]
WIDER = {("integer", "number"): "number", ("date", "time"): "time"}


@pytest.mark.parametrize(("text", "kind"), VALUES)
def test_one_value(text: str, kind: str) -> None:
    assert resolve(Texts(kinds_of(pa.array([text, None])))) == Scalar(kind)


@given(st.lists(st.sampled_from(VALUES), min_size=1, max_size=40), st.integers(0, 40))
def test_a_column_is_what_all_its_values_are_wherever_it_is_cut(values: list[tuple[str, str]], cut: int) -> None:
    texts = [text for text, _ in values]
    kinds = sorted({kind for _, kind in values})
    expected = kinds[0] if len(kinds) == 1 else WIDER.get((kinds[0], kinds[1]), "text") if len(kinds) == 2 else "text"
    whole = Texts(kinds_of(pa.array(texts)))
    assert resolve(whole) == Scalar(expected)
    halves = [Texts(kinds_of(pa.array(part, pa.string()))) for part in (texts[:cut], texts[cut:])]
    assert join(*halves) == whole
    one_after_the_other = kinds_of(pa.array(texts[cut:], pa.string()), kinds_of(pa.array(texts[:cut], pa.string())))
    assert Texts(one_after_the_other) == whole
