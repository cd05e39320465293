"""Random definitions over a case of `tests.strategies`: the whole language of this version, as YAML gives it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from segctl.load.document import Document
from segctl.logic import times
from segctl.logic.columns import Properties
from segctl.logic.problem import Problem
from segctl.logic.types import ListOf, Scalar, Struct, Type
from segctl.model.resources import KINDS
from segctl.model.values import duration_us
from tests.strategies import AMOUNTS, GIVEN, QUANTITIES, Case

Data = dict[str, Any]
Paths = Sequence[tuple[tuple[str, ...], Type]]

DURATIONS = ("1h", "12h", "36h", "1d", "2d", "7d", "1w", "14d", "30d", "60d", "90min", "45s")
WHOLE_DAYS = ("1d", "2d", "7d", "1w", "14d", "30d", "60d")
NAMES: Sequence[Any] = (
    "purchase", "purchase", "purchase", "refund", "visit", "lead_shop", "odd name é", "nothing",
    ["purchase", "refund"], ["refund", "visit", "nothing"], {"starts_with": "lead_"}, {"starts_with": "zzz"}, "*",
)  # fmt: skip
_RANGES = ("more_than", "at_least", "less_than", "at_most", "between")
_PARTS = ("", "F", "f", "r", "red", "R", "Σ", "ς", "i", "shoe", "ß")


def document(data: Mapping[str, Any]) -> Document:
    """A resource that stands in no file."""
    return Document((data["kind"], data["name"]), KINDS[data["kind"]].model_validate(data), data)


def random_definitions(rng: Random, case: Case, count: int) -> list[Data]:
    """Segments `s0`, `s1`, ...; a later one may refer to earlier ones, and all to the case's given memberships."""
    found: list[Data] = []
    for number in range(count):
        found.append({**random_definition(rng, case, [d["name"] for d in found]), "name": f"s{number}"})
    return found


def random_definition(rng: Random, case: Case, segments: Sequence[str] = ()) -> Data:
    """A segment that fits the case's schema; `segments` are those it may refer to."""
    writer = _Writer(rng, case, segments)
    data: Data = {"kind": "segment", "name": "s", "where": writer.where(rng.choice([0, 0, 1, 2, 3]))}
    if rng.random() < 0.2:
        data["exclude"] = [writer.condition(rng.choice([0, 0, 1])) for _ in range(rng.choice([1, 1, 2]))]
    return data


class _Writer:
    """Writes conditions on users and on rows."""

    def __init__(self, rng: Random, case: Case, segments: Sequence[str]) -> None:
        self.rng = rng
        self.case = case
        self.segments = segments

    def where(self, depth: int) -> Any:
        if self.rng.random() < 0.2:
            return [self.condition(depth) for _ in range(self.rng.choice([1, 2, 3]))]
        return self.condition(depth)

    def condition(self, depth: int) -> Data:
        if depth > 0 and self.rng.random() < 0.8:
            return self._nested(lambda: self.condition(depth - 1))
        return self.rng.choices([self._attribute, self.event, self._other], [5, 6, 1])[0]()

    def _nested(self, inner: Callable[[], Data]) -> Data:
        match self.rng.choice(["all", "any", "any", "not"]):
            case "not":
                return {"not": inner()}
            case key:
                return {key: [inner() for _ in range(self.rng.choice([1, 2, 2, 3]))]}

    def _other(self) -> Data:
        kind, name = self.rng.choice(GIVEN)
        choices: list[Data] = [{kind: name}, {"everyone": True}]
        low = self.rng.randrange(10_000)
        choices.append({"bucket": {"from": low, "to": self.rng.randint(low, 9_999)}})
        choices += [{"segment": self.rng.choice(self.segments)}] * 3 if self.segments else []
        return self.rng.choice(choices)

    def _attribute(self) -> Data:
        path, kind = self.rng.choice(list(leaves(self.case.schema.users)))
        return {"attribute": self._path(path), **self._operator(path, kind)}

    def _path(self, path: tuple[str, ...]) -> Any:
        if any("." in part for part in path) or self.rng.random() < 0.2:
            return list(path)
        return ".".join(path)

    # --- operators on one value --------------------------------------------------------------------

    def _operator(self, path: tuple[str, ...], kind: Type) -> Data:
        written = self._test(path, kind)
        if self.rng.random() < 0.15:
            written["or_missing"] = True
        return written

    def _test(self, path: tuple[str, ...], kind: Type) -> Data:
        if self.rng.random() < 0.12 or not isinstance(kind, Scalar | ListOf):
            return {self.rng.choice(["exists", "blank"]): self.rng.random() < 0.5}
        if isinstance(kind, ListOf):
            return self._list_test(path, kind.element)
        if self.rng.random() < 0.4 or kind is Scalar.BOOL:
            return self._cased(kind, self._equality(path, kind))
        if kind is Scalar.STRING:
            key = self.rng.choice(["contains", "not_contains", "starts_with", "ends_with"])
            parts = self.rng.sample(_PARTS, self.rng.choice([1, 1, 2]))
            return self._cased(kind, {key: parts[0] if len(parts) == 1 and self.rng.random() < 0.7 else parts})
        if kind in {Scalar.DATE, Scalar.TIME} and self.rng.random() < 0.7:
            return self._moment(kind)
        return self._range(path, kind)

    def _cased(self, kind: Scalar, written: Data) -> Data:
        return {**written, "ignore_case": True} if kind is Scalar.STRING and self.rng.random() < 0.3 else written

    def _equality(self, path: tuple[str, ...], kind: Scalar) -> Data:
        key = self.rng.choice(["is", "is_not", "in", "not_in"])
        if key in {"is", "is_not"}:
            return {key: self._literal(path, kind)}
        return {key: [self._literal(path, kind) for _ in range(self.rng.choice([1, 2, 3]))]}

    def _list_test(self, path: tuple[str, ...], element: Scalar) -> Data:
        key = self.rng.choice(["includes_any", "includes_all", "includes_none"])
        return self._cased(element, {key: [self._literal(path, element) for _ in range(self.rng.choice([1, 1, 2, 3]))]})

    def _range(self, path: tuple[str, ...], kind: Scalar) -> Data:
        key = self.rng.choice(_RANGES)
        if key != "between":
            return {key: self._literal(path, kind)}
        return {key: self._pair(path, kind)}

    def _pair(self, path: tuple[str, ...], kind: Scalar) -> list[Any]:
        if kind not in {Scalar.DATE, Scalar.TIME}:
            return sorted([self._literal(path, kind), self._literal(path, kind)])
        return self._written_pair(dates_only=kind is Scalar.DATE)

    def _written_pair(self, *, dates_only: bool) -> list[str]:
        """Two dates or instants that hold some time between them."""
        low, high = sorted(self.rng.sample(self.case.pools[Scalar.DATE], 2))  # type: ignore[type-var]
        assert isinstance(low, int)
        assert isinstance(high, int)
        if dates_only or self.rng.random() < 0.5:
            return [_date(low), _date(high)]
        pair = [self._instant_on(low), self._instant_on(high)]
        # where a local day was skipped, two instants that are written differently can be one
        return pair if self._us(pair[0]) < self._us(pair[1]) else [_date(low), _date(high)]

    def _us(self, text: str) -> int:
        return times.written_us(text, self.case.schema.zone)

    def _instant_on(self, day: int) -> str:
        clock = self.rng.choice(["00:00", "00:00:30", "09:00", "02:30", "23:59:59.999999"])
        return f"{_date(day)} {clock}"

    def _moment(self, kind: Scalar) -> Data:
        key = self.rng.choice(["before", "after", "on", "within_last", "older_than", "within_next", "later_than"])
        if key == "on":
            return {key: _date(self._day())}
        if key in {"before", "after"}:
            return {key: self._literal((), kind)}
        return {key: self.rng.choice(WHOLE_DAYS if kind is Scalar.DATE else DURATIONS)}

    def _day(self) -> int:
        day = self.rng.choice(self.case.pools[Scalar.DATE])
        assert isinstance(day, int)
        return day

    def _literal(self, path: tuple[str, ...], kind: Scalar) -> Any:
        """A literal of the column's type, mostly one of its values."""
        match kind:
            case Scalar.DATE:
                return _date(self._day())
            case Scalar.TIME:
                return self._time()
            case Scalar.INT | Scalar.FLOAT:
                return self._number(path, kind)
            case _:
                return self.rng.choice(self.case.pools[kind])

    def _time(self) -> str:
        if self.rng.random() < 0.4:
            return _date(self._day())
        instant = self.rng.choice(self.case.pools[Scalar.TIME])
        assert isinstance(instant, int)
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
        if self.rng.random() < 0.5:
            return moment.replace(tzinfo=None).isoformat(sep=self.rng.choice(" T")) + "Z"
        return moment.astimezone(ZoneInfo(self.case.schema.zone)).replace(tzinfo=None).isoformat(sep=" ")

    def _number(self, path: tuple[str, ...], kind: Scalar) -> int | Decimal:
        if path and path[-1] in {"amount", "price", "quantity", "seconds", "stock", "size"}:
            pool: Sequence[object] = AMOUNTS if kind is Scalar.FLOAT else QUANTITIES
        else:
            pool = self.case.pools[kind]
        value = self.rng.choice(pool)
        assert isinstance(value, int | float)
        if isinstance(value, float) and math.isinf(value):
            huge: list[int | Decimal] = [10**400, -(10**400), Decimal("1E+999"), 2**63]
            return self.rng.choice(huge)
        written = value if isinstance(value, int) else Decimal(repr(value))
        nudges: list[int | Decimal] = [0, 0, 0, 0, 1, -1, Decimal("0.5"), Decimal("0.000001")]
        nudge = self.rng.choice(nudges)
        number = written + nudge if nudge else written
        return int(number) if number == int(number) and self.rng.random() < 0.5 else number

    # --- events --------------------------------------------------------------------------------------

    def event(self) -> Data:
        """A condition on events."""
        names = self.rng.choice(NAMES)
        paths = self._properties(names)
        written: Data = {"event": names}
        if paths and self.rng.random() < 0.5:
            written["where"] = self._rows(paths, self.rng.choice([0, 0, 1, 2]))
        return {**written, **self._measure(paths), **self._window()}

    def _properties(self, names: Any) -> Paths:
        """What conditions on these events can read: types that agree, and the catalogue."""
        known = self.case.schema.events
        if isinstance(names, dict):
            found = tuple(name for name in known if name.startswith(names["starts_with"]))
        else:
            found = tuple(known) if names == "*" else tuple(n for n in ([names] if isinstance(names, str) else names))
        found = tuple(name for name in found if name in known)
        columns = Properties(self.case.schema, found)
        candidates = {path for name in found for path, _ in leaves(known[name])}
        candidates |= {("product", field) for field in self.case.schema.catalogs["product"].fields}
        fitting = [(path, columns.column(path)) for path in sorted(candidates)]
        return [(path, column.type) for path, column in fitting if not isinstance(column, Problem)]

    def _rows(self, paths: Paths, depth: int) -> Any:
        if depth > 0:
            return self._nested(lambda: self._row(paths))
        row = self._row(paths)
        return [row, self._row(paths)] if self.rng.random() < 0.2 else row

    def _row(self, paths: Paths) -> Data:
        path, kind = self.rng.choice(paths)
        return {"property": self._path(path), **self._operator(path, kind)}

    def _measure(self, paths: Paths) -> Data:
        numbers = [path for path, kind in paths if kind in {Scalar.INT, Scalar.FLOAT}]
        scalars = [path for path, kind in paths if isinstance(kind, Scalar)]
        keys = ["", "count", "count", "days", "first", "last"]
        keys += ["sum", "average", "min", "max"] if numbers else []
        keys += ["distinct"] if scalars else []
        match self.rng.choice(keys):
            case "":
                return {}
            case "count" | "days" as key:
                return {key: self._comparison([0, 1, 1, 2, 2, 3, 4, Decimal("1.5")])}
            case "first" | "last" as key:
                return {key: self._instant_test()}
            case "distinct":
                of = self._path(self.rng.choice(scalars))
                return {"distinct": {"of": of, **self._comparison([0, 1, 1, 2, 2, 3])}}
            case key:
                of = self._path(self.rng.choice(numbers))
                return {key: {"of": of, **self._comparison(_THRESHOLDS)}}

    def _comparison(self, thresholds: Sequence[int | Decimal]) -> Data:
        key = self.rng.choice(["at_least", "at_least", "at_most", "exactly", "more_than", "less_than", "between"])
        pair = sorted([self.rng.choice(thresholds), self.rng.choice(thresholds)])
        written: Data = {key: pair if key == "between" else pair[0]}
        return {**written, "or_missing": True} if self.rng.random() < 0.15 else written

    def _instant_test(self) -> Data:
        key = self.rng.choice(["before", "after", "on", "between", "within_last", "older_than"])
        if key == "between":
            written: Data = {key: self._written_pair(dates_only=False)}
        elif key == "on":
            written = {key: _date(self._day())}
        else:
            written = {key: self._time() if key in {"before", "after"} else self.rng.choice(DURATIONS)}
        return {**written, "or_missing": True} if self.rng.random() < 0.2 else written

    def _window(self) -> Data:
        longer, shorter = sorted(self.rng.sample(("60d", "30d", "14d", "7d", "36h", "1d", "45s"), 2), key=duration_us)[
            ::-1
        ]
        forms: list[Data] = [
            {},
            {},
            {"within": self.rng.choice(DURATIONS)},
            {"within": {"days_before_today": self.rng.choice([0, 1, 3, 7, 30])}},
            {"between": [longer, shorter]},
            {"between": self._written_pair(dates_only=False)},
            {"since": self.rng.choice([self._time(), longer])},
            {"until": self.rng.choice([self._time(), shorter])},
            {"since": longer, "until": self._time()},
        ]
        return self.rng.choice(forms)


_THRESHOLDS: Sequence[int | Decimal] = (
    0, 1, 2, 3, -5, 100, 10**6, 10**9, Decimal("0.1"), Decimal("0.2"), Decimal("0.3"), Decimal("0.4"), Decimal("0.6"),
    Decimal("19.99"), Decimal("39.98"), Decimal("0.000001"), Decimal("0.000002"), Decimal("0.333333"), Decimal("1.5"),
    Decimal("0.15"), Decimal("-0.000002"),
)  # fmt: skip


def _date(day: int) -> str:
    return (datetime(1970, 1, 1) + timedelta(days=day)).date().isoformat()  # noqa: DTZ001 a date has no zone


def leaves(types: Mapping[str, Type], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Type]]:
    """Every path with its type, structs included."""
    for name, kind in types.items():
        yield (*above, name), kind
        if isinstance(kind, Struct):
            yield from leaves(kind.fields, (*above, name))
