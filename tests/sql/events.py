"""Conditions on events as SQL (laws 5 to 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from segctl.logic.types import Scalar, Schema
from tests.sql.clock import length_us, moved, timestamp
from tests.sql.numbers import Literal, compared, decimals
from tests.sql.uncovered import Uncovered
from tests.sql.values import Expression, Operators, all_of, any_of, at_path, name

AT, USER, ROW, MILLIONTHS = "event time", "event user", "event row", "millionths of "
"""Names of columns that no property has."""

_EXACT = frozenset({"sum", "average", "median"})
_COMPARISONS = frozenset({"at_least", "at_most", "exactly", "more_than", "less_than", "between"})
_MEASURES = ("count", "sum", "average", "min", "max", "median", "distinct", "days", "periods", "first", "last")
_DEFAULT = {"at_least": 1}
_MILLIONTHS, _MOST = 6, 10**12
"""Decimals of exact sums, and literals with which 128 bits hold all products."""


@dataclass(frozen=True)
class Events:
    """Compiles conditions on events over tables of one event name each."""

    schema: Schema
    operators: Operators
    active: Sequence[str] | None = None
    """What `*` means to the project; None is every event."""

    def condition(self, written: Mapping[str, Any]) -> str:
        """True or false for the user `u`."""
        keys = [key for key in _MEASURES if key in written]
        key = keys[0] if keys else "count"
        test = written.get(key, _DEFAULT)
        rows = self.rows(written, key, test.get("of"))
        passed = self._passed(key, test)
        found = f"(SELECT {passed} FROM ({rows}) r WHERE r.user_id = u.id)"
        return f"coalesce({found}, {str(bool(test.get('or_missing'))).lower()})"

    # --- measures -----------------------------------------------------------------------------------

    def _passed(self, key: str, test: Mapping[str, Any]) -> str:
        """Whether the measure of all rows passes, null where it is missing; `r.v` is the value of a row."""
        (operator,) = [k for k in test if k not in {"of", "or_missing", "every", "each"}]
        operand = test[operator]
        match key:
            case "count":
                return compared("count(*)", Scalar.INT, operator, operand)
            case "days":
                return compared(f"count(DISTINCT {self.operators.clock.day_of('r.at')})", Scalar.INT, operator, operand)
            case "periods":
                return compared(self._periods(test), Scalar.INT, operator, operand)
            case "distinct":
                return compared("count(DISTINCT r.v)", Scalar.INT, operator, operand)
            case "first" | "last":
                instant = "min(r.at)" if key == "first" else "max(r.at)"
                return self.operators.condition(test, Expression(instant, Scalar.TIME))
            case "min" | "max":
                return compared(f"{key}(r.v)", Scalar.FLOAT, operator, operand)
            case "sum":
                return _in_millionths("coalesce(sum(r.v), 0)", "1", operator, operand)
            case "average":
                return (
                    f"CASE WHEN count(r.v) > 0 THEN {_in_millionths('sum(r.v)', 'count(r.v)', operator, operand)} END"
                )
            case "median":
                return f"CASE WHEN count(r.v) > 0 THEN {_in_millionths(_TWO_IN_THE_MIDDLE, '2', operator, operand)} END"
        raise Uncovered(key)

    def _periods(self, test: Mapping[str, Any]) -> str:
        """How many periods, counted back from as_of, have enough rows."""
        now = f"epoch_us({timestamp(self.operators.clock.as_of)})"
        number = f"(({now} - epoch_us(r.at) - 1) // {length_us(test['every'])})"
        enough = f"list_filter(map_values(histogram({number})), lambda n: n >= {test.get('each', 1)})"
        return f"coalesce(len({enough}), 0)"

    # --- rows ---------------------------------------------------------------------------------------

    def rows(self, written: Mapping[str, Any], key: str, of: Any) -> str:
        """The rows that count: user_id, at, the value that is measured as v, and the row's own number as id."""
        parts = [self._of_one(event, written, key, of) for event in self.names(written["event"])]
        nothing = "SELECT NULL AS user_id, CAST(NULL AS TIMESTAMPTZ) AS at, NULL AS v, NULL AS id WHERE false"
        return " UNION ALL ".join(parts or [nothing])

    def names(self, event: Any) -> list[str]:
        """The events of the schema that are meant."""
        match event:
            case "*":
                return self.names(self.active or {"starts_with": ""})
            case {"starts_with": prefix}:
                return sorted(one for one in self.schema.events if one.startswith(prefix))
            case str():
                return [event] if event in self.schema.events else []
            case _:
                return sorted(set(event).intersection(self.schema.events))

    def _of_one(self, event: str, written: Mapping[str, Any], key: str, of: Any) -> str:
        tests = [f"e.{name(AT)} < {timestamp(self.operators.clock.as_of)}", *self._window(written)]
        if "where" in written:
            tests.append(self._where(written["where"], event))
        value = "NULL" if of is None else self._measured(event, key, parts_of(of))
        joins = "".join(self._join(event, catalog) for catalog in self.schema.catalogs)
        return (
            f"SELECT e.{name(USER)} AS user_id, e.{name(AT)} AS at, {value} AS v, e.{name(ROW)} AS id "
            f"FROM {name('event ' + event)} e{joins} WHERE {all_of(tests)}"
        )

    def _join(self, event: str, catalog: str) -> str:
        """Keys are compared as texts; a float that is whole is its digits."""
        schema = self.schema.catalogs[catalog]
        key = at_path("e", self.schema.events[event], schema.on)
        if key.kind is None:
            return ""
        text = f"CAST({key.sql} AS VARCHAR)"
        if key.kind is Scalar.FLOAT:
            text = f"CASE WHEN {key.read} = floor({key.read}) THEN CAST(CAST({key.read} AS HUGEINT) AS VARCHAR) END"
        return f" LEFT JOIN {name('catalog ' + catalog)} {name(catalog)} ON {name(catalog)}.key = {text}"

    def value(self, event: str, path: Sequence[str]) -> Expression:
        """The value at a path of a row, or of the row of a catalogue that it points to."""
        catalog = self.schema.catalogs.get(path[0]) if len(path) > 1 else None
        if catalog is None:
            return at_path("e", self.schema.events[event], path)
        if at_path("e", self.schema.events[event], catalog.on).kind is None:
            return Expression("NULL", None)
        return at_path(name(path[0]), catalog.fields, path[1:])

    def _measured(self, event: str, key: str, path: Sequence[str]) -> str:
        """The value of a row that is measured; integers of the test data are doubles without loss."""
        value = self.value(event, path)
        match value.kind:
            case None:
                return "NULL"
            case Scalar.INT if key in _EXACT:
                return f"(CAST({value.sql} AS HUGEINT) * 1000000)"
            case Scalar.FLOAT if key in _EXACT:
                row, _, column = value.sql.rpartition('."')
                if not row or "(" in row:
                    raise Uncovered("a sum inside a struct")
                return f'{row}."{MILLIONTHS}{column}'
            case Scalar.INT | Scalar.FLOAT:
                return f"(CAST({value.read} AS DOUBLE) + 0)"
            case Scalar():
                return value.sql
        raise Uncovered("a measure of this type")

    def _where(self, where: Any, event: str) -> str:
        match where:
            case list():
                return all_of(self._where(one, event) for one in where)
            case {"all": several}:
                return all_of(self._where(one, event) for one in several)
            case {"any": several}:
                return any_of(self._where(one, event) for one in several)
            case {"not": one}:
                return f"(NOT {self._where(one, event)})"
            case {"property": place} if "near" in where or "inside" in where:
                lat, lon = coordinates(place)
                return self.operators.place(where, self.value(event, lat), self.value(event, lon))
            case {"property": path}:
                return self.operators.condition(where, self.value(event, parts_of(path)))
        raise Uncovered("a property condition")

    # --- windows ------------------------------------------------------------------------------------

    def _window(self, written: Mapping[str, Any]) -> list[str]:
        at = f"e.{name(AT)}"
        match written:
            case {"within": {"days_before_today": days}}:
                clock = self.operators.clock
                return [f"{at} >= {timestamp(clock.start_of(clock.today - timedelta(days=days)))}"]
            case {"within": duration}:
                return [self._since(at, duration)]
            case {"between": [start, end]}:
                return [self._since(at, start), self._until(at, end)]
        found = [self._since(at, written["since"])] if "since" in written else []
        return found + ([self._until(at, written["until"])] if "until" in written else [])

    def _since(self, at: str, text: str) -> str:
        clock = self.operators.clock
        start = moved(clock.as_of, -length_us(text)) if _is_duration(text) else clock.stretch(text)[0]
        return f"{at} >= {timestamp(start)}"

    def _until(self, at: str, text: str) -> str:
        """A date ends with its day; an instant and a duration ago are not included."""
        clock = self.operators.clock
        if _is_duration(text):
            return f"{at} < {timestamp(moved(clock.as_of, -length_us(text)))}"
        return f"{at} < {timestamp(clock.stretch(text)[1 if len(text) == len('2026-01-31') else 0])}"


_SORTED = "list_sort(list(r.v) FILTER (r.v IS NOT NULL))"
_TWO_IN_THE_MIDDLE = f"({_SORTED}[(count(r.v) + 1) // 2] + {_SORTED}[count(r.v) // 2 + 1])"


def _in_millionths(total: str, count: str, operator: str, operand: Any) -> str:
    """`total / count` against the literal, without a division."""
    operands: list[Literal] = operand if operator == "between" else [operand]
    shift = max(_MILLIONTHS, *(decimals(one) for one in operands))
    if shift > 2 * _MILLIONTHS or any(one > _MOST or one < -_MOST for one in operands):
        raise Uncovered("a literal of many digits")
    scaled = [f"CAST({int(one * 10**shift)} AS HUGEINT) * {count}" for one in operands]
    left = f"CAST({total} AS HUGEINT) * {10 ** (shift - _MILLIONTHS)}"
    if operator == "between":
        return f"({left} >= {scaled[0]} AND {left} <= {scaled[1]})"
    sign = {"more_than": ">", "at_least": ">=", "less_than": "<", "at_most": "<=", "exactly": "="}[operator]
    return f"({left} {sign} {scaled[0]})"


def _is_duration(text: str) -> bool:
    return text[-1].isalpha() and "-" not in text


def coordinates(place: Any) -> tuple[list[str], list[str]]:
    """The paths of a place's latitude and longitude."""
    if isinstance(place, Mapping):
        return parts_of(place["lat"]), parts_of(place["lon"])
    return [*parts_of(place), "lat"], [*parts_of(place), "lon"]


def parts_of(path: Any) -> list[str]:
    """The parts of a written path."""
    return path.split(".") if isinstance(path, str) else list(path)
