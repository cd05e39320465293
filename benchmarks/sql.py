"""The same segments in DuckDB's SQL, by a small compiler that shares nothing with segctl."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Condition = Mapping[str, Any]

_UNITS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "w": "week"}
_COMPARISONS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<", "exactly": "=",
                "after": ">", "before": "<"}  # fmt: skip
_AGGREGATES = {"sum": "sum", "average": "avg", "min": "min", "max": "max", "distinct": "count(DISTINCT {})"}


@dataclass(frozen=True)
class Compiler:
    """Conditions to SQL over the views `users`, `events` and `products`, as plain as one would write it.

    What is NULL counts as false; this needs saying only below a NOT.
    """

    segments: Mapping[str, Condition]
    as_of: str

    def query(self, name: str) -> str:
        """One query: the ids of the members of a segment."""
        return f"SELECT user_id FROM users WHERE {self.condition(self.segments[name])}"

    def condition(self, condition: Condition) -> str:
        """A condition on users."""
        if "all" in condition:
            return "(" + " AND ".join(map(self.condition, condition["all"])) + ")"
        if "any" in condition:
            return "(" + " OR ".join(map(self.condition, condition["any"])) + ")"
        if "not" in condition:
            return f"(NOT coalesce({self.condition(condition['not'])}, false))"
        if "segment" in condition:
            return self.condition(self.segments[condition["segment"]])
        if "attribute" in condition:
            return self.value(condition["attribute"], condition)
        return self.event(condition)

    def value(self, column: str, test: Condition) -> str:
        """A test on a column."""
        (operator, than), *_ = [(key, than) for key, than in test.items() if key not in {"attribute", "property"}]
        return self._positive(column, operator, than) or self._negative(column, operator, than)

    def _negative(self, column: str, operator: str, than: Any) -> str:
        positive = {"is_not": "is", "not_in": "in"}[operator]
        return f"NOT coalesce({self._positive(column, positive, than)}, false)"

    def _positive(self, column: str, operator: str, than: Any) -> str:
        known = {
            "is": lambda: f"{column} = {literal(than)}",
            "in": lambda: f"{column} IN ({', '.join(map(literal, than))})",
            "between": lambda: f"{column} BETWEEN {literal(than[0])} AND {literal(than[1])}",
            "exists": lambda: f"{column} IS {'NOT NULL' if than else 'NULL'}",
            "starts_with": lambda: any_of(f"starts_with({column}, {literal(text)})" for text in texts(than)),
            "includes_any": lambda: f"list_has_any({column}, [{', '.join(map(literal, than))}])",
            "includes_all": lambda: f"list_has_all({column}, [{', '.join(map(literal, than))}])",
            "within_last": lambda: f"({column} >= {self.ago(than)} AND {column} < {self.as_of})",
            "older_than": lambda: f"{column} < {self.ago(than)}",
        }
        if operator in known:
            return known[operator]()
        return f"{column} {_COMPARISONS[operator]} {literal(than)}" if operator in _COMPARISONS else ""

    def ago(self, duration: str) -> str:
        """An instant a duration before as_of."""
        number, unit = re.fullmatch(r"(\d+)(\w+)", duration).groups()  # type: ignore[union-attr]
        return f"({self.as_of} - INTERVAL {number} {_UNITS[unit]})"

    def event(self, condition: Condition) -> str:
        """A condition on events: those in one grouped subquery, or those not in it where none would do as well."""
        wheres = [self.names(condition["event"]), *self.window(condition)]
        source = "events"
        if "where" in condition:
            source += " LEFT JOIN products USING (product_id)" if "product." in str(condition["where"]) else ""
            wheres.append(self.row(condition["where"]))
        aggregate, (operator, than) = self.measure(condition)
        compared = self._positive(aggregate, operator, than)
        grouped = f"SELECT user_id FROM {source} WHERE {' AND '.join(filter(None, wheres))} GROUP BY user_id HAVING "
        if (operator, than) == ("exactly", 0) or operator == "at_most":
            return f"(user_id NOT IN ({grouped} NOT ({compared})))"
        return f"(user_id IN ({grouped} {compared}))"

    def names(self, names: str | list[str]) -> str:
        """Which events."""
        if isinstance(names, str):
            return "" if names == "*" else f"event = {literal(names)}"
        return f"event IN ({', '.join(map(literal, names))})"

    def window(self, condition: Condition) -> list[str]:
        """When."""
        if "within" in condition:
            return [f"ts >= {self.ago(condition['within'])}", f"ts < {self.as_of}"]
        if "between" not in condition:
            return [f"ts < {self.as_of}"]
        low, high = condition["between"]
        if "-" in low:
            return [f"ts >= TIMESTAMPTZ '{low} 00:00:00Z'", f"ts < TIMESTAMPTZ '{high} 00:00:00Z' + INTERVAL 1 day"]
        return [f"ts >= {self.ago(low)}", f"ts < {self.ago(high)}"]

    def measure(self, condition: Condition) -> tuple[str, tuple[str, Any]]:
        """The aggregate and what it is compared with."""
        for name, function in _AGGREGATES.items():
            if name in condition:
                of = condition[name]["of"]
                aggregate = function.format(of) if "{" in function else f"{function}({of})"
                return aggregate, comparison(condition[name])
        if "days" in condition:
            return "count(DISTINCT epoch_us(ts) // 86400000000)", comparison(condition["days"])
        for name, function in (("first", "min(ts)"), ("last", "max(ts)")):
            if name in condition:
                return function, comparison(condition[name])
        return "count(*)", comparison(condition.get("count", {"at_least": 1}))

    def row(self, where: Condition | list[Condition]) -> str:
        """A condition on an event's row."""
        if isinstance(where, list):
            return self.row({"all": where})
        if "all" in where:
            return "(" + " AND ".join(map(self.row, where["all"])) + ")"
        if "any" in where:
            return "(" + " OR ".join(map(self.row, where["any"])) + ")"
        if "not" in where:
            return f"(NOT coalesce({self.row(where['not'])}, false))"
        return self.value(where["property"].removeprefix("product."), where)


def comparison(measure: Condition) -> tuple[str, Any]:
    """The one comparison of a measure."""
    ((operator, than),) = ((key, than) for key, than in measure.items() if key != "of")
    return operator, than


def literal(value: Any) -> str:
    """A literal; all texts here are free of quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)


def texts(value: str | list[str]) -> list[str]:
    """A text or texts as a list."""
    return [value] if isinstance(value, str) else value


def any_of(conditions: Any) -> str:
    """One of them."""
    return "(" + " OR ".join(conditions) + ")"
