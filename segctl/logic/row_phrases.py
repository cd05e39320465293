"""Conditions on one row, or on one element of a list, in English words."""

from __future__ import annotations

from collections.abc import Iterable

from segctl.logic.naming import path_words
from segctl.logic.nodes import All, Any, AnyElement, Everyone, Node, Not, OneOf, Path, Place, Range, Value, ValueTest
from segctl.logic.phrases import place_phrase, range_words, value_phrase


def _value(path: Path, test: ValueTest, *, holds: bool, subject: str = "it") -> str:
    """`country is France or Belgium`, `accounts has an entry where type is ira`; an element is the subject itself."""
    subject = path_words(path) if path else subject
    if isinstance(test, AnyElement):
        return f"{subject} has {'an' if holds else 'no'} entry {element_words(test.where)}"
    return value_phrase(subject, path, test, holds=holds).itself


def element_words(where: Node) -> str:
    """`that is more than 10`, `where type is ira and balance is more than 5`."""
    match where:
        case Value((), test):
            return _value((), test, holds=True, subject="that")
        case Not(Value((), test)):
            return _value((), test, holds=False, subject="that")
        case _:
            return f"where {rows_words(where)}"


def rows_words(where: Node) -> str:  # noqa: PLR0911 one for each kind of condition
    """A condition on event rows: `color is red and amount is at least 5`; an empty text for any row."""
    match where:
        case Everyone():
            return ""
        case Value(path, test):
            return _value(path, test, holds=True)
        case Not(Value(path, test)):
            return _value(path, test, holds=False)
        case Place(lat, lon, test):
            return place_phrase(lat, lon, test, holds=True).itself
        case Not(Place(lat, lon, test)):
            return place_phrase(lat, lon, test, holds=False).itself
        case Not(Everyone()):
            return "nothing at all"
        case Not(of):
            return f"not ({rows_words(of)})"
        case All(of):
            return _joined(of, " and ")
        case Any(of):
            return _joined(of, " or ")
        case _:
            raise TypeError(f"{type(where).__name__} is no condition on rows")


def _joined(of: Iterable[Node], word: str) -> str:
    parts = [
        f"({rows_words(part)})" if isinstance(part, All | Any) and len(part.of) > 1 else rows_words(part) for part in of
    ]
    return word.join(parts)


def with_words(where: Node) -> str:
    """The same behind an event: ` with color red`, ` (where ...)`; it begins with a blank, and is empty for any row."""
    if isinstance(where, Everyone):
        return ""
    parts = where.of if isinstance(where, All) else (where,)
    plain = [_with(part) for part in parts]
    return f" with {' and '.join(plain)}" if all(plain) else f" (where {rows_words(where)})"


def _with(where: Node) -> str:
    """`color red`; an empty text where that cannot be said so shortly."""
    match where:
        case Value(path, OneOf(_, False) as test) if path:
            said = value_phrase(path_words(path), path, test, holds=True)
            return f"{said.alone} {said.predicate.rest}"
        case Value(path, Range() as test) if path:
            return f"{path_words(path)} {range_words(test)}"
        case _:
            return ""
