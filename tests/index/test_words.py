from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.index.known import KnownUsers
from segctl.index.words import LONGEST, Table, words_of

SHORT = st.text(max_size=20).filter(lambda text: len(text.encode()) <= LONGEST)
NEAR = st.integers(0, 50).map(lambda number: f"user{number:05}")
TEXTS = st.lists(st.one_of(SHORT, NEAR, st.sampled_from(["", "a", "a\0", "\0", "é", "aaaaaaaa", "aaaaaaaaa"])))


def spelled(texts: list[str | None]) -> pa.StringArray:
    return pa.array(texts, pa.string())


@given(known=TEXTS, more=TEXTS, asked=TEXTS)
def test_texts_are_found_by_the_number_with_which_they_came(
    known: list[str], more: list[str], asked: list[str]
) -> None:
    distinct = list(dict.fromkeys(known))
    later = [text for text in dict.fromkeys(more) if text not in distinct]
    table = Table()
    for texts in (distinct, later):
        words = words_of(spelled(list(texts)))
        assert words is not None
        table.add(words)
    everyone = {text: number for number, text in enumerate([*distinct, *later])}
    rows: list[str | None] = [*asked, None, *known]
    words = words_of(spelled(rows))
    assert words is not None
    assert table.find(words).tolist() == [-1 if text is None else everyone.get(text, -1) for text in rows]


def test_a_slice_of_texts_is_spelled_as_it_stands() -> None:
    words = words_of(spelled(["xx", "ab", None, "abcdefghij", "yy"]).slice(1, 3))
    table = Table()
    known = words_of(spelled(["abcdefghij", "ab"]))
    assert words is not None
    assert known is not None
    table.add(known)
    assert table.find(words).tolist() == [1, -1, 0]


def test_a_longer_text_is_not_for_the_table() -> None:
    assert words_of(spelled(["x" * LONGEST])) is not None
    assert words_of(spelled(["x" * (LONGEST + 1)])) is None


@pytest.mark.parametrize("longest", [8, LONGEST + 1])
def test_rows_are_placed_whether_their_ids_are_short_or_long(longest: int) -> None:
    ids = [f"{number}".zfill(longest) for number in range(2_000)]
    known = KnownUsers(4)
    known.number(spelled(list(ids[:500])))
    rows = spelled([*ids[400:600], None, *ids[::-1]])
    words = words_of(rows)
    if words is None:
        assert known.place_rows([rows], []) is None or longest <= LONGEST
        return
    places = known.place_rows([rows], [words])
    assert places is not None
    again = known.place_rows([rows], [words])
    assert again is not None
    assert places.tolist() == again.tolist()
    by_id = {rows[at].as_py(): place for at, place in enumerate(places.tolist())}
    assert by_id.pop(None) == -1
    assert sorted(by_id.values()) == list(range(2_000))
    assert [by_id[one] for one in ids[:500]] == list(range(500))
