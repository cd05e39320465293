"""Traits as SQL: computed values of the user, null where they are missing."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segctl.logic.types import ListOf, Opaque, Scalar, Type
from tests.sql.events import Events, parts_of
from tests.sql.uncovered import Uncovered
from tests.sql.values import Expression, name

WINDOW = frozenset({"event", "where", "within", "between", "since", "until"})
_NUMBERS = (Scalar.INT, Scalar.FLOAT)
_SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_SQL_TYPES = {Scalar.INT: "BIGINT", Scalar.FLOAT: "DOUBLE"}


@dataclass
class Traits:
    """The traits that plain SQL covers, by name, as values of `u`; those that it does not are not in it."""

    events: Events
    found: dict[str, Expression] = field(default_factory=dict)

    def add(self, data: Mapping[str, Any]) -> None:
        """One more trait, after those that it is computed from.

        Raises:
            Uncovered: it cannot be said.
        """
        if "formula" in data:
            tree = ast.parse(data["formula"], mode="eval").body
            self.found[data["name"]] = Expression(self._arithmetic(tree), Scalar.FLOAT)
        else:
            self.found[data["name"]] = self._measured(data["value"])

    def column(self, trait: str) -> Expression:
        """The trait as a column of the table of traits."""
        if trait not in self.found:
            raise Uncovered("a trait that is not covered")
        kind = self.found[trait].kind
        return Expression("NULL", None) if kind is None else Expression(f"t.{name(trait)}", kind)

    def table(self) -> str:
        """The query of the table of all traits."""
        columns = "".join(f", {one.sql} AS {name(trait)}" for trait, one in self.found.items())
        return f"SELECT u.id AS id{columns} FROM users u"

    # --- formulas --------------------------------------------------------------------------------------

    def _arithmetic(self, part: ast.expr) -> str:
        """Doubles; missing where a part is, and where the result is no finite number."""
        match part:
            case ast.Constant(value=value):
                return f"CAST({value!r} AS DOUBLE)"
            case ast.Name(id=trait):
                if trait not in self.found:
                    raise Uncovered("a trait that is not covered")
                return f"CAST({self.found[trait].sql} AS DOUBLE)"
            case ast.BinOp(left=left, op=sign, right=right):
                result = f"({self._arithmetic(left)} {_SIGNS[type(sign)]} {self._arithmetic(right)})"
                return f"(SELECT CASE WHEN isfinite(x) THEN x + 0 END FROM (SELECT {result} AS x))"
        raise Uncovered("a formula")

    # --- measures --------------------------------------------------------------------------------------

    def _measured(self, value: Mapping[str, Any]) -> Expression:
        (key,) = [key for key in value if key not in WINDOW]
        of = None if value[key] is True else value[key]["of"]
        kind = None if of is None else self.kind_of(value["event"], of)
        if of is not None and kind is None:
            return Expression("0", Scalar.INT) if key == "distinct" else Expression("NULL", None)
        rows = self.events.rows(value, key, of)
        sql, found = _aggregate(key, kind, self.events.operators.clock.day_of("r.at"))
        return Expression(f"(SELECT {sql} FROM ({rows}) r WHERE r.user_id = u.id)", found)

    def kind_of(self, event: Any, of: Any) -> Type | None:
        """The type of a property in all these events; integers and floats together are floats."""
        kinds = {self.events.value(one, parts_of(of)).kind for one in self.events.names(event)} - {None}
        kinds = {kind for kind in kinds if not isinstance(kind, Opaque)}
        if kinds == set(_NUMBERS):
            return Scalar.FLOAT
        return kinds.pop() if len(kinds) == 1 else None


def _aggregate(key: str, kind: Type | None, day: str) -> tuple[str, Type | None]:
    """An aggregate over rows `r`, and its type."""
    whole = {"count": "count(*)", "days": f"count(DISTINCT {day})", "distinct": "count(DISTINCT r.v)"}
    if key in whole:
        return whole[key], Scalar.INT
    if key in {"first", "last"}:
        return ("min(r.at)" if key == "first" else "max(r.at)"), Scalar.TIME
    if key in {"sum", "average", "median"}:
        return _exact(key, kind)
    found, there = _typed("r.v", kind), "FILTER (r.v IS NOT NULL)"
    match key:
        case "min" | "max":
            return f"{key}({found})", kind
        case "first_value":
            return f"first({found} ORDER BY r.at, r.v) {there}", kind
        case "last_value":
            return f"last({found} ORDER BY r.at, r.v) {there}", kind
        case "most_frequent":
            entries = f"map_entries(histogram({found}) {there})"
            counted = f"list_transform({entries}, lambda e: row(-CAST(e.value AS BIGINT), e.key))"
            return f"list_sort({counted})[1][2]", kind
    if not isinstance(kind, Scalar):
        raise Uncovered("a list of no scalars")
    return f"list(DISTINCT {found} ORDER BY {found}) {there}", ListOf(kind)


def _typed(value: str, kind: Type | None) -> str:
    return f"CAST({value} AS {_SQL_TYPES[kind]})" if isinstance(kind, Scalar) and kind in _SQL_TYPES else value


def _exact(key: str, kind: Type | None) -> tuple[str, Type]:
    """Of whole millionths."""
    if key == "sum":
        total = "coalesce(sum(r.v), 0)"
        if kind is Scalar.INT:
            return f"CAST({total} // 1000000 AS BIGINT)", kind
        return f"CAST(CAST({total} AS VARCHAR) || 'e-6' AS DOUBLE)", Scalar.FLOAT
    middle = "list_sort(list(r.v) FILTER (r.v IS NOT NULL))"
    two = f"({middle}[(count(r.v) + 1) // 2] + {middle}[count(r.v) // 2 + 1])"
    top, bottom = ("sum(r.v)", "count(r.v)") if key == "average" else (two, "2")
    ratio = f"CAST({top} AS DOUBLE) / CAST({bottom} * 1000000 AS DOUBLE)"
    return f"CASE WHEN count(r.v) > 0 THEN {ratio} END", Scalar.FLOAT
