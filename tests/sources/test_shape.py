from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.logic.types import NOTHING, ListOf, Opaque, Scalar, Struct, Type
from segctl.sources.shape import (
    Conflict,
    ListShape,
    Shape,
    StructShape,
    Texts,
    from_json,
    join,
    join_all,
    of_type,
    resolve,
    to_json,
)

TEXTS = [
    Texts(frozenset(kinds))
    for kinds in (
        [],
        [Scalar.BOOL],
        [Scalar.INT, Scalar.FLOAT],
        [Scalar.FLOAT],
        [Scalar.DATE, Scalar.TIME],
        [Scalar.TIME],
    )
]
LEAVES: list[Shape] = [*Scalar, *TEXTS, NOTHING, Opaque("binary")]
SHAPES: st.SearchStrategy[Shape] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: (
        st.builds(ListShape, inner) | st.builds(StructShape, st.dictionaries(st.sampled_from("abc"), inner, max_size=3))
    ),
    max_leaves=4,
)


def joined(*shapes: Shape) -> Shape | None:
    try:
        return join_all(shapes)
    except Conflict:
        return None


def test_the_order_of_files_never_matters() -> None:
    for three in itertools.product(LEAVES, repeat=3):
        assert len({joined(*order) for order in itertools.permutations(three)}) == 1, three


@given(SHAPES, SHAPES)
def test_joining_is_the_same_from_both_sides(one: Shape, other: Shape) -> None:
    assert joined(one, other) == joined(other, one)
    assert joined(one, one) == one


@given(SHAPES)
def test_json_holds_a_shape(shape: Shape) -> None:
    assert from_json(json.loads(json.dumps(to_json(shape)))) == shape


@given(SHAPES)
def test_the_shape_of_a_type_resolves_to_it(shape: Shape) -> None:
    kind = resolve(shape)
    assert resolve(of_type(kind)) == kind


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ([Scalar.INT, Scalar.FLOAT], Scalar.FLOAT),
        ([Scalar.DATE, Scalar.TIME], Scalar.TIME),
        ([TEXTS[2], Scalar.STRING], Scalar.STRING),
        ([TEXTS[2], Scalar.FLOAT], Scalar.FLOAT),
        ([TEXTS[2], TEXTS[3]], Scalar.FLOAT),
        ([TEXTS[2], TEXTS[1]], Scalar.STRING),
        ([NOTHING, NOTHING], NOTHING),
        ([ListShape(NOTHING)], ListOf(Scalar.STRING)),
        ([ListShape(Scalar.INT), ListShape(Scalar.FLOAT)], ListOf(Scalar.FLOAT)),
        ([ListShape(StructShape({"a": Scalar.INT}))], ListOf(Struct({"a": Scalar.INT}))),
        ([StructShape({"a": Scalar.INT}), StructShape({"b": TEXTS[4]})], Struct({"a": Scalar.INT, "b": Scalar.DATE})),
        ([StructShape({})], Opaque("struct without fields")),
    ],
)
def test_types(shapes: list[Shape], expected: Type) -> None:
    assert resolve(join_all(shapes)) == expected


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (Scalar.INT, Scalar.STRING, "integer and text"),
        (Scalar.BOOL, TEXTS[2], "boolean and integer"),
        (ListShape(Scalar.INT), Scalar.INT, "list of integers and integer"),
        (StructShape({"a": Scalar.INT}), Scalar.TIME, "struct and time"),
    ],
)
def test_a_conflict_names_both(one: Shape, other: Shape, words: str) -> None:
    with pytest.raises(Conflict) as raised:
        join(one, other)
    assert sorted(str(raised.value).split(" and ")) == sorted(words.split(" and "))
