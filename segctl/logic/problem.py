"""What is wrong with a test on a column, before it has a place in a file."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.logic.bound import Column
from segctl.logic.types import ListOf, Opaque, Scalar, Struct, Type

_NOUNS = {
    Scalar.BOOL: "a boolean",
    Scalar.INT: "an integer",
    Scalar.FLOAT: "a number",
    Scalar.STRING: "text",
    Scalar.DATE: "a date",
    Scalar.TIME: "a time",
}
_PLURALS = {
    Scalar.BOOL: "booleans",
    Scalar.INT: "integers",
    Scalar.FLOAT: "numbers",
    Scalar.STRING: "texts",
    Scalar.DATE: "dates",
    Scalar.TIME: "times",
}
_NUMBER_OPERATORS = "`is`, `in`, `more_than`, `at_least`, `less_than`, `at_most`, `between`, `exists`"
_TIME_OPERATORS = (
    "`is`, `in`, `before`, `after`, `on`, `between`, `at_least`, `at_most`, `within_last`, `older_than`, "
    "`within_next`, `later_than`, `anniversary`, `exists`"
)
_OPERATORS = {
    Scalar.BOOL: "`is`, `is_not`, `exists`",
    Scalar.INT: _NUMBER_OPERATORS,
    Scalar.FLOAT: _NUMBER_OPERATORS,
    Scalar.STRING: "`is`, `in`, `contains`, `starts_with`, `ends_with`, `matches`, `version`, `exists`, `blank`",
    Scalar.DATE: _TIME_OPERATORS,
    Scalar.TIME: _TIME_OPERATORS,
}
_NESTED_OPERATORS = "`any_element`, `length`, `exists`, `blank`"
_LIST_OPERATORS = "`includes_any`, `includes_all`, `includes_none`, `any_element`, `length`, `exists`, `blank`"


@dataclass(frozen=True, slots=True)
class Problem:
    """What, why and how to fix it; `literal` is the number of the literal that is wrong, if one is."""

    code: str
    summary: str
    detail: str = ""
    hint: str = ""
    literal: int | None = None


def type_words(kind: Type) -> str:
    """A type as a noun with its article: `an integer`, `a list of texts`."""
    if isinstance(kind, Scalar):
        return _NOUNS[kind]
    if isinstance(kind, ListOf):
        return f"a list of {_plural(kind.element)}"
    if isinstance(kind, Struct):
        return "a struct"
    return f"{'an' if kind.name[:1] in set('aeiou') else 'a'} {kind.name}"


def _plural(kind: Type) -> str:
    match kind:
        case Scalar():
            return _PLURALS[kind]
        case ListOf():
            return "lists"
        case Struct():
            return "structs"
    return f"{kind.name}s"


def operators_for(kind: Type) -> str:
    """The operators that fit a type, for a hint."""
    if isinstance(kind, Scalar):
        return _OPERATORS[kind]
    if isinstance(kind, ListOf):
        return _LIST_OPERATORS if isinstance(kind.element, Scalar) else _NESTED_OPERATORS
    return "`exists`"


def dotted(path: tuple[str, ...]) -> str:
    """A path as people write it: a list of its parts where a part holds a dot."""
    return f"[{', '.join(path)}]" if any("." in part for part in path) else ".".join(path)


def column_words(column: Column) -> str:
    """The name of a column as it is written in a condition."""
    path = column.path if column.catalog is None else (column.catalog, *column.path)
    if not path:
        return "the element"
    return f"`{dotted(path)}`"


def wrong_operator(column: Column, operator: str) -> Problem:
    """The operator does not go with the column's type."""
    fitting = f"on {type_words(column.type)} you can use {operators_for(column.type)}"
    if column.type == Opaque("struct"):
        fitting += (
            "; its fields are reached by a dotted path" if column.path else "; name one of its fields: `attribute`"
        )
    return Problem(
        "operator-type", f"`{operator}` does not fit {column_words(column)}, which is {type_words(column.type)}",
        hint=fitting,
    )  # fmt: skip
