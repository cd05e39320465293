"""Tests, windows and measures in English words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from segctl.logic import times
from segctl.logic.nodes import (
    Ago,
    Blank,
    Includes,
    Literal,
    Measure,
    MeasureKind,
    Midnight,
    Moment,
    Names,
    OneOf,
    Path,
    Present,
    Range,
    Rows,
    TextKind,
    TextMatch,
    TimeTest,
    ValueTest,
    Window,
    Written,
)
from segctl.logic.problem import dotted

_PLAIN = re.compile(r"[^\W_][\w.:+@%/-]*|-?[0-9][0-9.]*")
_UNITS = {"d": "day", "h": "hour", "min": "minute", "s": "second"}
_TEXTS = {
    TextKind.CONTAINS: ("contains", "does not contain"),
    TextKind.STARTS: ("starts with", "does not start with"),
    TextKind.ENDS: ("ends with", "does not end with"),
}
_ANY_CASE = " in upper or lower case"
_OF = {
    MeasureKind.SUM: "sum of {}",
    MeasureKind.AVERAGE: "average {}",
    MeasureKind.MIN: "smallest {}",
    MeasureKind.MAX: "largest {}",
}


def listed(words: Sequence[str], last: str) -> str:
    """`a, b or c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def literal_words(value: Literal) -> str:
    """A literal, quoted where it would be misread."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if not isinstance(value, str) or _PLAIN.fullmatch(text) or _is_written(text) else f'"{text}"'


def _is_written(text: str) -> bool:
    return times.canonical(text) != text or re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None


def duration_words(length: int) -> str:
    """`30 days`, `1 hour`."""
    text = times.duration_text(length)
    number, unit = re.fullmatch(r"([0-9]+)([a-z]+)", text).groups()  # type: ignore[union-attr] # its own form
    return f"{int(number):,} {_UNITS[unit]}{'' if number == '1' else 's'}"


# --- one value ----------------------------------------------------------------------------------------


def column_phrase(path: Path, test: ValueTest, *, holds: bool) -> str:
    """`country is FR or BE`, `age is not more than 18`."""
    return f"{dotted(path)} {test_words(test, holds=holds)}"


def test_words(test: ValueTest, *, holds: bool) -> str:
    """What is said of a value, or its opposite."""
    match test:
        case Present():
            return "is known" if holds else "is missing"
        case TextMatch(kind, texts, ignore_case):
            verb = _TEXTS[kind][0 if holds else 1]
            return f"{verb} {_literals(texts, 'or', ignore_case=ignore_case)}"
        case Includes(every, values, ignore_case):
            verb = "includes" if holds else "does not include"
            return f"{verb} {_literals(values, 'and' if every else 'or', ignore_case=ignore_case)}"
        case _:
            return f"{'is' if holds else 'is not'} {_being(test)}"


def _being(test: OneOf | Blank | Range | TimeTest) -> str:
    match test:
        case Blank():
            return "blank"
        case OneOf(values, ignore_case):
            return _literals(values, "or", ignore_case=ignore_case)
        case Range():
            return range_words(test)
        case TimeTest():
            return moment_words(test)


def _literals(values: Sequence[Literal], last: str, *, ignore_case: bool) -> str:
    return f"{listed([literal_words(value) for value in values], last)}{_ANY_CASE if ignore_case else ''}"


def range_words(test: Range) -> str:
    """`at least 2`, `between 1 and 5`, `exactly 3`."""
    if test.low is not None and test.high is not None:
        low, high = literal_words(test.low), literal_words(test.high)
        return f"exactly {low}" if test.low == test.high else f"between {low} and {high}"
    if test.low is not None:
        return f"{'more than' if test.low_open else 'at least'} {literal_words(test.low)}"
    return f"{'less than' if test.high_open else 'at most'} {literal_words(test.high or 0)}"


def moment_words(test: TimeTest) -> str:
    """`before 2026-01-31`, `in the last 30 days`."""
    if isinstance(test.than, str):
        return f"{test.moment.value} {test.than}"
    length = duration_words(test.than)
    return {
        Moment.WITHIN_LAST: f"in the last {length}",
        Moment.OLDER_THAN: f"more than {length} ago",
        Moment.WITHIN_NEXT: f"in the next {length}",
        Moment.LATER_THAN: f"{length} or more from now",
    }[test.moment]


# --- events ----------------------------------------------------------------------------------------------


def names_words(names: Names) -> str:
    """`purchase or refund`, `anything`."""
    if names.prefix is None:
        return listed(names.exact, "or")
    return f"any event that starts with {names.prefix}" if names.prefix else "anything"


def window_words(window: Window) -> str:
    """` in the last 30 days`, or nothing; it begins with a space."""
    match window.start, window.end:
        case None, None:
            return ""
        case Ago(us), None:
            return f" in the last {duration_words(us)}"
        case Ago(longer), Ago(shorter) if longer % times.DAY_US == shorter % times.DAY_US == 0:
            return f" from {longer // times.DAY_US} to {duration_words(shorter)} ago"
        case start, end:
            since = f" {'since' if end is None else 'from'} {_limit(start)}" if start else ""
            return since + (f" {'to' if start else 'until'} {_limit(end)}" if end else "")


def _limit(limit: Ago | Midnight | Written | None) -> str:
    match limit:
        case Ago(us):
            return f"{duration_words(us)} ago"
        case Midnight(days):
            return "midnight" if not days else f"midnight {days:,} day{'' if days == 1 else 's'} ago"
        case Written(text):
            return text
        case _:
            return ""


def measure_words(rows: Rows, measure: Measure, test: Range | TimeTest | None, where: str, *, holds: bool) -> str:
    """What is said of users by their events; without a test, that there is something to measure."""
    name, window = names_words(rows.names), window_words(rows.window)
    did = "did" if holds else "did not do"
    if isinstance(test, Range) and measure.kind in _AMOUNTS:
        if measure.kind is MeasureKind.COUNT:
            did, amount = _times(test, holds=holds)
        else:
            amount = f" {_AMOUNTS[measure.kind].format(range_words(test), _of(measure))}"
        return f"who {did} {name}{amount}{window}{f' where {where}' if where else ''}"
    events = f"{name}{window}{f' (where {where})' if where else ''}"
    if measure.kind in _OF:
        return f"whose {_OF[measure.kind].format(_of(measure))} over {events} {_is(test, holds=holds)}"
    return f"whose {measure.kind.value} {events} {_was(test, holds=holds)}"


_AMOUNTS = {
    MeasureKind.COUNT: "",
    MeasureKind.DAYS: "on {} different days",
    MeasureKind.DISTINCT: "with {} different {}",
}


def _of(measure: Measure) -> str:
    return dotted(measure.of or ())


def _times(test: Range, *, holds: bool) -> tuple[str, str]:
    """The verb and how often: `did` at least once is just `did`."""
    once = test == Range(low=1)
    if once or test in (Range(low=0, high=0), Range(high=0)):
        return "did" if once is holds else "did not do", ""
    several = "time" if 1 in (test.high, test.low) and test.low in (None, 1) else "times"
    return "did" if holds else "did not do", f" {range_words(test)} {several}"


def _is(test: Range | TimeTest | None, *, holds: bool) -> str:
    if test is None:
        return "is known" if holds else "is missing"
    return test_words(test, holds=holds)


def _was(test: Range | TimeTest | None, *, holds: bool) -> str:
    if test is None:
        return "happened" if holds else "never happened"
    return test_words(test, holds=holds).replace("is", "was", 1)
