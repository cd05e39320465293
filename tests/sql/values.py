"""Operators on one value as SQL that is true or false, never null (laws 2, 3, 4 and 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from segctl.logic.types import ListOf, Scalar, Struct, Type
from tests.sql import forms
from tests.sql.clock import Clock, length_us, moved, quoted, timestamp
from tests.sql.numbers import compared
from tests.sql.uncovered import Uncovered

FLAGS = frozenset({"ignore_case", "or_missing"})
_OPPOSITES = {
    "is_not": "is", "not_in": "in", "not_contains": "contains", "not_matches": "matches",
    "includes_none": "includes_any",
}  # fmt: skip
_TEXTS = {"contains": "contains", "starts_with": "starts_with", "ends_with": "suffix"}
_RANGES = frozenset({"more_than", "at_least", "less_than", "at_most", "between"})
_NUMBERS = (Scalar.INT, Scalar.FLOAT)


@dataclass(frozen=True)
class Expression:
    """A value in SQL, with its type; a type of None is that of a column that is not there."""

    sql: str
    kind: Type | None

    @property
    def present(self) -> str:
        """NaN is missing."""
        return f"({self.read} IS NOT NULL)"

    @property
    def read(self) -> str:
        """The value, null where it is missing."""
        return f"nullif({self.sql}, CAST('nan' AS DOUBLE))" if self.kind is Scalar.FLOAT else self.sql


@dataclass(frozen=True)
class Operators:
    """Compiles the operators; `clock` knows the project's calendar."""

    clock: Clock

    def condition(self, written: Mapping[str, Any], value: Expression) -> str:
        """The one operator that is written, with its flags."""
        (key,) = [key for key in written if key not in FLAGS and key not in {"attribute", "property", "trait"}]
        operand = written[key]
        test = self._test(key, operand, value, ignore_case=written.get("ignore_case", False))
        missing_too = written.get("or_missing") or (key == "length" and operand.get("or_missing"))
        if not missing_too:
            return test
        there = f"coalesce({forms.is_version(value.sql)}, false)" if key == "version" else value.present
        return f"({test} OR NOT {there})"

    def place(self, written: Mapping[str, Any], lat: Expression, lon: Expression) -> str:
        """The one operator on a place; there is none where a coordinate is missing or not on the earth."""
        test = forms.near if "near" in written else forms.inside
        there = forms.somewhere(lat.read, lon.read)
        found = f"({there} AND {test(written['near' if 'near' in written else 'inside'], lat.read, lon.read)})"
        return f"({found} OR NOT {there})" if written.get("or_missing") else found

    def _test(self, key: str, operand: Any, value: Expression, *, ignore_case: bool) -> str:
        if key in _OPPOSITES:
            return f"(NOT {self._test(_OPPOSITES[key], operand, value, ignore_case=ignore_case)})"
        if key in {"exists", "blank"}:
            test = value.present if key == "exists" else _blank(value)
            return test if operand else f"(NOT {test})"
        if key == "version" and "is_not" in operand:
            return f"(NOT {self._test(key, {'is': operand['is_not']}, value, ignore_case=False)})"
        if value.kind is None:
            return "false"
        return f"coalesce({self._positive(key, operand, value, ignore_case=ignore_case)}, false)"

    def _positive(self, key: str, operand: Any, value: Expression, *, ignore_case: bool) -> str:
        """Null or false on a missing value."""
        match value.kind:
            case ListOf(element):
                return self._on_list(key, operand, value.sql, element, ignore_case=ignore_case)
            case Scalar() as kind if key in {"is", "in"}:
                options = operand if key == "in" else [operand]
                return any_of(self._equal(value, kind, one, ignore_case=ignore_case) for one in options)
            case Scalar.STRING if key == "version":
                return forms.version(operand, value.sql)
            case Scalar.STRING if key == "matches":
                return forms.matches(operand, value.sql, ignore_case=ignore_case)
            case Scalar.DATE | Scalar.TIME if key == "anniversary":
                day = value.sql if value.kind is Scalar.DATE else self.clock.day_of(value.sql)
                return forms.anniversary(operand, day, self.clock)
            case Scalar.STRING if key in _TEXTS:
                texts = [operand] if isinstance(operand, str) else operand
                return any_of(_search(_TEXTS[key], value.sql, text, ignore_case=ignore_case) for text in texts)
            case Scalar.INT | Scalar.FLOAT as kind if key in _RANGES:
                return compared(value.read, kind, key, operand)
            case Scalar.TIME:
                return self.on_instant(key, operand, value.sql)
            case Scalar.DATE:
                return self._on_date(key, operand, value.sql)
        raise Uncovered(key)

    def _on_list(self, key: str, operand: Any, lists: str, element: Type, *, ignore_case: bool) -> str:
        one = Expression("one", element)
        if key == "length":
            return forms.length(operand, lists)
        if key == "any_element":
            return f"(len(list_filter({lists}, lambda el: {self._element(operand, element)})) > 0)"
        if not isinstance(element, Scalar):
            raise Uncovered(key)
        if key in {"includes_any", "includes_all"}:
            tests = [self._equal(one, element, literal, ignore_case=ignore_case) for literal in operand]
            found = [f"(len(list_filter({lists}, lambda one: coalesce({test}, false))) > 0)" for test in tests]
            return any_of(found) if key == "includes_any" else all_of(found)
        raise Uncovered(key)

    def _element(self, written: Mapping[str, Any], element: Type) -> str:
        """A condition on the element `el`; of a null one everything is missing."""
        match written:
            case {"all": several}:
                return all_of(self._element(one, element) for one in several)
            case {"any": several}:
                return any_of(self._element(one, element) for one in several)
            case {"not": one}:
                return f"(NOT {self._element(one, element)})"
            case {"near": _} | {"inside": _}:
                path = written.get("attribute", written.get("property", []))
                place = field_of(Expression("el", element), path.split(".") if isinstance(path, str) else path)
                return self.place(written, field_of(place, ["lat"]), field_of(place, ["lon"]))
            case {"attribute": path} | {"property": path}:
                parts = path.split(".") if isinstance(path, str) else path
                return self.condition(written, field_of(Expression("el", element), parts))
        return self.condition(written, Expression("el", element))

    def _equal(self, value: Expression, kind: Scalar, literal: Any, *, ignore_case: bool) -> str:
        match kind:
            case Scalar.STRING if ignore_case:
                return f"({lower(value.sql)} = {lower(quoted(literal))})"
            case Scalar.STRING:
                return f"({value.sql} = {quoted(literal)})"
            case Scalar.BOOL:
                return f"({value.sql} = {str(literal).lower()})"
            case Scalar.INT | Scalar.FLOAT:
                return compared(value.read, kind, "is", literal)
            case Scalar.DATE:
                return f"({value.sql} = DATE {quoted(literal)})"
            case Scalar.TIME:
                start, end = self.clock.stretch(literal)
                return f"({value.sql} >= {timestamp(start)} AND {value.sql} < {timestamp(end)})"

    # --- dates and times ------------------------------------------------------------------------

    def on_instant(self, key: str, operand: Any, instant: str) -> str:
        """An operator on an instant; a date literal is the whole local day."""
        if key in {"within_last", "older_than", "within_next", "later_than"}:
            return self._relative(key, length_us(operand), instant)
        if key == "between":
            low, high = self.clock.stretch(operand[0])[0], self.clock.stretch(operand[1])[1]
            return f"({instant} >= {timestamp(low)} AND {instant} < {timestamp(high)})"
        start, end = (timestamp(edge) for edge in self.clock.stretch(operand))
        match key:
            case "before" | "less_than":
                return f"({instant} < {start})"
            case "at_least":
                return f"({instant} >= {start})"
            case "after" | "more_than":
                return f"({instant} >= {end})"
            case "at_most":
                return f"({instant} < {end})"
            case "on":
                return f"({instant} >= {start} AND {instant} < {end})"
        raise Uncovered(key)

    def _relative(self, key: str, length: int, instant: str) -> str:
        now = self.clock.as_of
        ago, ahead = timestamp(moved(now, -length)), timestamp(moved(now, length))
        match key:
            case "within_last":
                return f"({instant} >= {ago} AND {instant} < {timestamp(now)})"
            case "older_than":
                return f"({instant} < {ago})"
            case "within_next":
                return f"({instant} >= {timestamp(now)} AND {instant} < {ahead})"
            case _:
                return f"({instant} >= {ahead})"

    def _on_date(self, key: str, operand: Any, day: str) -> str:
        """The same in local days: the last n up to today, the next n from today."""
        today = self.clock.today
        if key in {"within_last", "older_than", "within_next", "later_than"}:
            days = timedelta(microseconds=length_us(operand))
            match key:
                case "within_last":
                    return f"({day} > DATE '{today - days}' AND {day} <= DATE '{today}')"
                case "older_than":
                    return f"({day} <= DATE '{today - days}')"
                case "within_next":
                    return f"({day} >= DATE '{today}' AND {day} < DATE '{today + days}')"
                case _:
                    return f"({day} >= DATE '{today + days}')"
        if key == "between":
            return f"({day} BETWEEN DATE {quoted(operand[0])} AND DATE {quoted(operand[1])})"
        sign = {
            "before": "<",
            "less_than": "<",
            "at_least": ">=",
            "after": ">",
            "more_than": ">",
            "at_most": "<=",
            "on": "=",
        }
        if key not in sign:
            raise Uncovered(key)
        return f"({day} {sign[key]} DATE {quoted(operand)})"


def _blank(value: Expression) -> str:
    match value.kind:
        case Scalar.STRING:
            return f"(coalesce({value.sql}, '') = '')"
        case ListOf():
            return f"(coalesce(len({value.sql}), 0) = 0)"
        case Scalar() | Struct() | None:
            return f"(NOT {value.present})"
    raise Uncovered("blank")


def _search(function: str, value: str, text: str, *, ignore_case: bool) -> str:
    if ignore_case:
        return f"{function}({lower(value)}, {lower(quoted(text))})"
    return f"{function}({value}, {quoted(text)})"


def lower(text: str) -> str:
    """Character by character; DuckDB knows one letter for each, and only `İ` has two in lower case."""
    return f"lower(replace({text}, 'İ', 'i̇'))"


def any_of(conditions: Any) -> str:
    """One of them."""
    return "(" + " OR ".join(conditions) + ")"


def all_of(conditions: Any) -> str:
    """All of them."""
    return "(" + " AND ".join(conditions) + ")"


def name(*parts: str) -> str:
    """A quoted identifier."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def at_path(row: str, types: Mapping[str, Type], path: Sequence[str]) -> Expression:
    """The value at a path of a row's columns."""
    return field_of(Expression(f"{row}.{name(path[0])}", types.get(path[0])), path[1:])


def field_of(value: Expression, path: Sequence[str]) -> Expression:
    """The value at a path inside a struct."""
    sql, kind = value.sql, value.kind
    for part in path:
        kind = kind.fields.get(part) if isinstance(kind, Struct) else None
        sql = f"struct_extract({sql}, {quoted(part)})"
    return Expression("NULL", None) if kind is None else Expression(sql, kind)
