"""Local days and instants by DuckDB's own zone tables (laws 5 and 6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import duckdb

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_UNITS_US = {"s": 10**6, "min": 60 * 10**6, "h": 3_600 * 10**6, "d": 86_400 * 10**6, "w": 7 * 86_400 * 10**6}

_FOUND: dict[tuple[str, str], datetime] = {}
"""The start of a local day, or the instant of a local time, by zone and text: the same in every world."""


def length_us(duration: str) -> int:
    """Microseconds of a duration such as `30d`."""
    unit = duration.lstrip("0123456789")
    return int(duration.removesuffix(unit)) * _UNITS_US[unit]


def moved(instant: datetime, us: int) -> datetime:
    """An instant so many microseconds later."""
    return instant + us * _MICROSECOND


def timestamp(instant: datetime) -> str:
    """An instant in SQL."""
    return f"TIMESTAMPTZ '{instant.astimezone(UTC).isoformat(sep=' ')}'"


def quoted(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


class Clock:
    """The calendar of a project's zone, as of an instant."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, zone: str, as_of: datetime) -> None:
        self.connection = connection
        self.zone = zone
        self.as_of = as_of
        days = self._one(f"SELECT {self.day_of(timestamp(as_of))} - DATE '1970-01-01'")
        self.today = date(1970, 1, 1) + timedelta(days=days)

    def day_of(self, instant: str) -> str:
        """The local day of an instant, both in SQL."""
        return f"CAST(timezone({quoted(self.zone)}, {instant}) AS DATE)"

    def stretch(self, text: str) -> tuple[datetime, datetime]:
        """What a written date (its whole local day) or instant (its microsecond) stands for, [start, end)."""
        if len(text) == len("2026-01-31"):
            day = date.fromisoformat(text)
            return self.start_of(day), self.start_of(day + timedelta(days=1))
        instant = self.instant_of(text)
        return instant, instant + _MICROSECOND

    def start_of(self, day: date) -> datetime:
        """The first instant at which local time is at or past the day's midnight; zones change at full minutes."""
        key = (self.zone, day.isoformat())
        if key not in _FOUND:
            minutes = f"generate_series({_noon(day)} - INTERVAL 40 HOUR, {_noon(day)} + INTERVAL 16 HOUR, {_MINUTE})"
            start = self._one(
                f"SELECT epoch_us(min(t)) FROM (SELECT unnest({minutes}) AS t) "
                f"WHERE timezone({quoted(self.zone)}, t) >= TIMESTAMP '{day.isoformat()}'"
            )
            _FOUND[key] = moved(EPOCH, start)
        return _FOUND[key]

    def instant_of(self, text: str) -> datetime:
        """A written instant; without an offset it is local: the earlier of two, a skipped one by the offset before."""
        moment = datetime.fromisoformat(text)
        if moment.tzinfo:
            return moment
        key = (self.zone, moment.isoformat())
        if key not in _FOUND:
            _FOUND[key] = self._local(moment)
        return _FOUND[key]

    def _local(self, moment: datetime) -> datetime:
        """All offsets of the days around are tried."""
        at = f"TIMESTAMPTZ '{moment.isoformat(sep=' ')}+00'"
        hours = f"generate_series({at} - INTERVAL 48 HOUR, {at} + INTERVAL 48 HOUR, INTERVAL 1 HOUR)"
        local = f"TIMESTAMP '{moment.isoformat(sep=' ')}'"
        zone = quoted(self.zone)
        found = self._one(
            f"WITH offsets AS (SELECT t, timezone({zone}, t) - timezone('UTC', t) AS ahead "
            f"                 FROM (SELECT unnest({hours}) AS t)), "
            f"tried AS (SELECT DISTINCT {at} - ahead AS t FROM offsets) "
            f"SELECT epoch_us(coalesce((SELECT min(t) FROM tried WHERE timezone({zone}, t) = {local}), "
            f"                         {at} - (SELECT ahead FROM offsets ORDER BY t LIMIT 1)))"
        )
        return moved(EPOCH, found)

    def _one(self, query: str) -> int:
        """The one number of a query."""
        ((number,),) = self.connection.execute(query).fetchall()
        assert isinstance(number, int)
        return number


_MINUTE = "INTERVAL 1 MINUTE"


def _noon(day: date) -> str:
    return f"TIMESTAMPTZ '{day.isoformat()} 12:00:00+00'"
