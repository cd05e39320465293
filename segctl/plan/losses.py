"""What the data have lost since a membership was published: the likely causes of what a guard refuses. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from segctl.index.summary import MOST_EVENTS, EventSummary, Summary, first_day
from segctl.logic.calendar import DAY_US, date_text
from segctl.logic.times import local_day

LEAST_ROWS = 100
"""Of fewer rows or users it is no sign that some are gone."""

LEAST_A_DAY = 20
"""The rows of a day of which half cannot be gone by themselves."""

THIN_DAY = 5
"""With fewer rows, a day without any is to be expected as well."""

KEPT_SHARE = Fraction(70, 100)
"""What is left of rows, at least, in the ordinary course of things."""

WHOLE_SHARE = Fraction(90, 100)
"""What is left, at least, where the oldest rows are still there: what is more has a hole."""

_CADENCE = 28
_ORDINARY = 20
"""An event with a cadence was seen on so many of so many days."""

_OLD_US = 2 * DAY_US
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Reads:
    """The events that a definition reads, itself or through others: names, and prefixes ("" is every event).

    `max_silence_us` is how long one of them may be missing at the end of the data, None for what its cadence says.
    """

    names: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    max_silence_us: int | None = None

    def has(self, name: str) -> bool:
        """Whether rows of this name are read."""
        return name in self.names or any(name.startswith(prefix) for prefix in self.prefixes)

    @property
    def events(self) -> bool:
        """Whether any event is read."""
        return bool(self.names or self.prefixes)


@dataclass(frozen=True, slots=True)
class Loss:
    """Likely causes, the likeliest first. `certain` says that data are gone, whatever that does to anybody."""

    causes: tuple[str, ...] = ()
    certain: bool = False

    @property
    def words(self) -> str:
        """The causes in front of a message."""
        more = len(self.causes) - _MOST_TOLD
        told = [*self.causes[:_MOST_TOLD], *([f"and {more} more like that"] if more > 0 else [])]
        return "; ".join(told)


NOTHING_LOST = Loss()


def loss(then: Summary | None, now: Summary, reads: Reads, zone: str) -> Loss:
    """What of the data that a definition reads is gone since `then`; with None only what can be seen of them now."""
    certain = [] if then is None else [*_vanished(then, now, reads, zone), *_fewer(then, now, reads, zone)]
    fewer = {name for name, _ in certain}
    silent = [] if then is None else [one for one in _silent(then, now, reads, zone) if one[0] not in fewer]
    named = fewer | {name for name, _ in silent}
    old = [found for found in _old(now, reads, zone) if found[0] not in named]
    files = [] if then is None else list(_files(then, now, reads))
    users = [] if then is None else list(_users(then, now))
    causes = (*files, *users, *(text for _, text in (*certain, *silent, *old)))
    return Loss(causes, certain=bool(certain or silent or users))


def _vanished(then: Summary, now: Summary, reads: Reads, zone: str) -> Iterator[tuple[str, str]]:
    """Names that no row has any more; what is not listed for want of room may be there."""
    if len(now.events) >= MOST_EVENTS:
        return
    new = {name: event.rows for name, event in now.events.items() if name not in then.events}
    for name, event in then.events.items():
        if name in now.events or not reads.has(name) or event.rows < LEAST_ROWS:
            continue
        instead = [f"`{other}` is new" for other, rows in new.items() if rows >= event.rows / 2]
        was = "; ".join([f"there were {event.rows:,}, the last of {_day(event.last_us, zone)}", *instead[:1]])
        yield name, f"there are no `{name}` events any more ({was})"


def _fewer(then: Summary, now: Summary, reads: Reads, zone: str) -> Iterator[tuple[str, str]]:
    """Names with fewer rows than they had: by themselves, or as the whole table has lost some."""
    torn = {key for key, was in then.streams.items() if key in now.streams and _torn(then, was, now, now.streams[key])}
    for name, event in _read(now, reads):
        was = then.events.get(name)
        if was is None or event.rows >= was.rows:
            continue
        if torn.intersection(was.tables) or _torn(then, was, now, event):
            there = f"there are {event.rows:,} `{name}` events, where there were {was.rows:,}"
            yield name, f"{there}; the last `{name}` is of {_day(event.last_us, zone)}"


def _torn(then: Summary, was: EventSummary, now: Summary, event: EventSummary) -> bool:
    """Whether rows are gone in another way than the oldest go in the course of time."""
    if was.rows < LEAST_ROWS:
        return False
    within = event.first_us <= was.first_us and event.rows < WHOLE_SHARE * was.rows
    return within or event.rows < KEPT_SHARE * was.rows or bool(_lost_days(then, was, now, event))


def _lost_days(then: Summary, was: EventSummary, now: Summary, event: EventSummary) -> int:
    """Ordinary days of which more than half of the rows are gone."""
    shift = first_day(now.as_of_us) - first_day(then.as_of_us)
    days = dict(enumerate(event.days))
    return sum(
        2 * days[day - shift] < rows for day, rows in enumerate(was.days) if rows >= LEAST_A_DAY and day - shift in days
    )


def _silent(then: Summary, now: Summary, reads: Reads, zone: str) -> Iterator[tuple[str, str]]:
    """Names that have stopped since: by their cadence of then, or that of their tables, there should be some."""
    stopped = {
        key for key, was in then.streams.items() if key in now.streams and _stops(then, was, now, now.streams[key])
    }
    for name, event in _read(now, reads):
        was = then.events.get(name)
        if was is None:
            continue
        most = reads.max_silence_us
        if _stops(then, was, now, event, most) or (most is None and stopped.issuperset(was.tables)):
            yield name, f"the last `{name}` is of {_day(event.last_us, zone)}"


def _stops(then: Summary, was: EventSummary, now: Summary, event: EventSummary, most: int | None = None) -> bool:
    """Whether it has been missing for too long by now, and had not been then."""
    longest = most or _longest_silence(then, was)
    return longest is not None and now.as_of_us - event.last_us >= longest > then.as_of_us - was.last_us


def _longest_silence(then: Summary, was: EventSummary) -> int | None:
    """A day longer than what an event that happens nearly every day was ever thin; None for one that does not."""
    last = was.last_us // DAY_US - first_day(then.as_of_us)
    days = was.days[max(0, last + 1 - _CADENCE) : last + 1] if last >= 0 else ()
    thin = [rows < THIN_DAY for rows in days]
    if len(days) - sum(thin) < _ORDINARY:
        return None
    longest = max(len(list(run)) if is_thin else 0 for is_thin, run in groupby(thin))
    return (longest + 1) * DAY_US


def _old(now: Summary, reads: Reads, zone: str) -> Iterator[tuple[str, str]]:
    """Names of which there are none of late: no sign by itself, but a help where something is refused."""
    for name, event in _read(now, reads):
        if now.as_of_us - event.last_us >= _OLD_US:
            yield name, f"the last `{name}` is of {_day(event.last_us, zone)}"
    if len(now.events) < MOST_EVENTS:
        yield from ((name, f"there are no `{name}` events") for name in sorted(reads.names - set(now.events)))


def _files(then: Summary, now: Summary, reads: Reads) -> Iterator[str]:
    """Files that are gone, of tables that have fewer rows without them."""
    for key, table in then.tables.items():
        after = now.tables.get(key)
        if after is None or after.rows >= table.rows or not (after.names or not after.files):
            continue
        if key == "users" or reads.events:
            yield from _gone(sorted(set(table.names) - set(after.names)))


def _gone(names: Collection[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - 1:,} more files are" if len(names) > 1 else " is"
        yield f"`{next(iter(names))}`{more} not there any more"


def _users(then: Summary, now: Summary) -> Iterator[str]:
    if then.users >= LEAST_ROWS and now.users < KEPT_SHARE * then.users:
        yield f"there are {now.users:,} users, where there were {then.users:,}"


def _read(now: Summary, reads: Reads) -> Iterator[tuple[str, EventSummary]]:
    return ((name, event) for name, event in now.events.items() if reads.has(name))


def _day(us: int, zone: str) -> str:
    """The local day of an instant."""
    return date_text(local_day(us, zone))
