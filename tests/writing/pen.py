"""What all writers of random definitions share: the world they write about, paths, literals, comparisons."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from segctl.logic import times
from segctl.logic.types import Scalar, Struct, Type
from segctl.model.values import duration_us
from tests.strategies import AMOUNTS, QUANTITIES, Case

T = TypeVar("T")
Data = dict[str, Any]
Path = tuple[str, ...]
Paths = Sequence[tuple[Path, Type]]

DURATIONS = ("1h", "12h", "36h", "1d", "2d", "7d", "1w", "14d", "30d", "60d", "90min", "45s")
WHOLE_DAYS = ("1d", "2d", "7d", "1w", "14d", "30d", "60d")
MONTH_DAYS = ("02-28", "02-29", "03-01", "12-31", "01-01", "12-24", "01-05", "07-14", "11-22", "12-30", "10-26")
INSTANT_OPERATORS = (
    "before", "after", "on", "between", "between", "within_last", "within_last", "older_than", "older_than",
    "within_next", "later_than", "is", "is_not", "in", "not_in", "more_than", "at_least", "less_than", "at_most",
    "exists", "blank", "anniversary", "anniversary", "anniversary",
)  # fmt: skip
"""Those that tell more users apart are more frequent."""
THRESHOLDS: Sequence[int | Decimal] = (
    0, 1, 2, 3, -5, 100, 10**6, 10**9, Decimal("0.1"), Decimal("0.2"), Decimal("0.3"), Decimal("0.4"), Decimal("0.6"),
    Decimal("19.99"), Decimal("39.98"), Decimal("0.000001"), Decimal("0.000002"), Decimal("0.333333"), Decimal("1.5"),
    Decimal("0.15"), Decimal("-0.000002"),
)  # fmt: skip
COUNTS: Sequence[int | Decimal] = (0, 1, 1, 2, 2, 3, 4, Decimal("1.5"))
_SMALL = frozenset({"amount", "price", "quantity", "seconds", "stock", "size"})


class Pen:
    """A source of choices, and the world that is written about."""

    def __init__(self, rng: Random, case: Case) -> None:
        self.rng = rng
        self.case = case
        self.paths: dict[str, Paths] = {}
        """What can be read of the events by their names, once it has been looked up."""

    def chance(self, share: float) -> bool:
        """True in this share of the cases."""
        return self.rng.random() < share

    def one(self, choices: Sequence[T]) -> T:
        """Any of them."""
        return self.rng.choice(choices)

    def path(self, path: Path) -> Any:
        """A path, dotted or as a list of its parts."""
        if any("." in part for part in path) or self.chance(0.2):
            return list(path)
        return ".".join(path)

    # --- literals ------------------------------------------------------------------------------------

    def literal(self, path: Path, kind: Scalar) -> Any:
        """A literal of the column's type, mostly one of its values."""
        match kind:
            case Scalar.DATE:
                return date_text(self.day())
            case Scalar.TIME:
                return self.time()
            case Scalar.INT | Scalar.FLOAT:
                return self.number(path, kind)
            case _:
                return self.one(self.case.pools[kind])

    def day(self) -> int:
        """A day of the world."""
        day = self.one(self.case.pools[Scalar.DATE])
        assert isinstance(day, int)
        return day

    def time(self) -> str:
        """A date or an instant of the world, with or without an offset."""
        if self.chance(0.4):
            return date_text(self.day())
        instant = self.one(self.case.pools[Scalar.TIME])
        assert isinstance(instant, int)
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
        if self.chance(0.5):
            return moment.replace(tzinfo=None).isoformat(sep=self.one(" T")) + "Z"
        return moment.astimezone(ZoneInfo(self.case.schema.zone)).replace(tzinfo=None).isoformat(sep=" ")

    def number(self, path: Path, kind: Scalar) -> int | Decimal:
        """A number of the world, or right beside one."""
        if path and path[-1] in _SMALL:
            pool: Sequence[object] = AMOUNTS if kind is Scalar.FLOAT else QUANTITIES
        else:
            pool = self.case.pools[kind]
        value = self.one(pool)
        assert isinstance(value, int | float)
        if isinstance(value, float) and math.isinf(value):
            huge: list[int | Decimal] = [10**400, -(10**400), Decimal("1E+999"), 2**63]
            return self.one(huge)
        written = value if isinstance(value, int) else Decimal(repr(value))
        nudges: list[int | Decimal] = [0, 0, 0, 0, 1, -1, Decimal("0.5"), Decimal("0.000001")]
        nudge = self.one(nudges)
        number = written + nudge if nudge else written
        return int(number) if number == int(number) and self.chance(0.5) else number

    # --- times -----------------------------------------------------------------------------------------

    def written_pair(self, *, dates_only: bool) -> list[str]:
        """Two dates or instants that hold some time between them."""
        low, high = sorted(self.rng.sample(sorted(set(self.case.pools[Scalar.DATE])), 2))  # type: ignore[type-var]
        assert isinstance(low, int)
        assert isinstance(high, int)
        if dates_only or self.chance(0.5):
            return [date_text(low), date_text(high)]
        pair = [self._instant_on(low), self._instant_on(high)]
        # where a local day was skipped, two instants that are written differently can be one
        return pair if self._us(pair[0]) < self._us(pair[1]) else [date_text(low), date_text(high)]

    def _us(self, text: str) -> int:
        return times.written_us(text, self.case.schema.zone)

    def _instant_on(self, day: int) -> str:
        clock = self.one(["00:00", "00:00:30", "09:00", "02:30", "23:59:59.999999"])
        return f"{date_text(day)} {clock}"

    def instant_test(self) -> Data:
        """An operator on the first or last time."""
        key = self.one(INSTANT_OPERATORS)
        operands: Mapping[str, Callable[[], Any]] = {
            "anniversary": self.anniversary,
            "between": lambda: self.written_pair(dates_only=False),
            "in": lambda: [self.time() for _ in range(self.one([1, 2, 3]))],
            "not_in": lambda: [self.time() for _ in range(self.one([1, 2, 3]))],
            "on": lambda: date_text(self.day()),
            **dict.fromkeys(("exists", "blank"), lambda: self.chance(0.5)),
            **dict.fromkeys(("within_last", "older_than", "within_next", "later_than"), lambda: self.one(DURATIONS)),
        }
        written = {key: operands.get(key, self.time)()}
        return {**written, "or_missing": True} if self.chance(0.2) else written

    def anniversary(self) -> Data:
        """A day of the year, and where it must lie."""
        key = self.one(["within_next", "within_last", "on", "between"])
        if key.startswith("within"):
            return {key: self.one([*WHOLE_DAYS, "365d", "366d", "400d"])}
        days = [*MONTH_DAYS, date_text(self.day())[5:], date_text(self.day())[5:]]
        return {key: self.one(days) if key == "on" else [self.one(days), self.one(days)]}

    def window(self) -> Data:
        """Any window, or none."""
        lengths = ("60d", "30d", "14d", "7d", "36h", "1d", "45s")
        shorter, longer = sorted(self.rng.sample(lengths, 2), key=duration_us)
        forms: list[Data] = [
            {},
            {},
            {"within": self.one(DURATIONS)},
            {"within": {"days_before_today": self.one([0, 1, 3, 7, 30])}},
            {"between": [longer, shorter]},
            {"between": self.written_pair(dates_only=False)},
            {"since": self.one([self.time(), longer])},
            {"until": self.one([self.time(), shorter])},
            {"since": longer, "until": self.time()},
        ]
        return self.one(forms)

    # --- comparisons -----------------------------------------------------------------------------------

    def comparison(self, thresholds: Sequence[int | Decimal]) -> Data:
        """A comparison of a computed number."""
        key = self.one(["at_least", "at_least", "at_most", "exactly", "more_than", "less_than", "between"])
        pair = sorted([self.one(thresholds), self.one(thresholds)])
        written: Data = {key: pair if key == "between" else pair[0]}
        return {**written, "or_missing": True} if self.chance(0.15) else written


def date_text(day: int) -> str:
    """A day as it is written."""
    return (datetime(1970, 1, 1) + timedelta(days=day)).date().isoformat()  # noqa: DTZ001 a date has no zone


def leaves(types: Mapping[str, Type], above: Path = ()) -> Iterator[tuple[Path, Type]]:
    """Every path with its type, structs included."""
    for name, kind in types.items():
        yield (*above, name), kind
        if isinstance(kind, Struct):
            yield from leaves(kind.fields, (*above, name))
