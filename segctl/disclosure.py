"""Which values of the data a message may show: one rule for every place that shows some.

Messages end in logs, annotations and comments. A value that few users share may tell who they are, so it is
not shown there: neither as a suggestion nor as an example. Its shape may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MIN_BEARERS = 20
"""A value is shown if so many users have it (of a catalogue: so many rows)."""

MAX_DISTINCT = 1_000
"""Of a column with more different values none is shown: names and the like repeat, too."""

_LONGEST = 24
_MOST_DIGITS = 5
_CALENDAR = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ T][\d:.,+Zz -]*)?")
_LIKE_DATA = re.compile(r"[\d\s.,:/+-]+|.*@.*|.*\d{3}.*", re.DOTALL)
_DIGIT, _UPPER, _LOWER = "9", "A", "a"


def shareable(bearers: Mapping[str, int]) -> frozenset[str]:
    """The values of a column that may be shown; `bearers` says how many users have each of its values."""
    if len(bearers) > MAX_DISTINCT:
        return frozenset()
    return frozenset(value for value, count in bearers.items() if count >= MIN_BEARERS and "@" not in value)


def shape(text: str) -> str:
    """The text with its digits and letters hidden: `ann@home.test` is `aaa@aaaa.aaaa`."""
    return "".join(_hidden(letter) for letter in text)


def example(text: str) -> str:
    """A value that does not fit its column, as an example: in full if it names nobody, else its shape.

    Shown are dates and times, and single short words and numbers, such as `n/a` or `31/02/2025`; not what has
    an `@`, several words, or as many digits as a telephone or account number.
    """
    if _CALENDAR.fullmatch(text):
        return text
    digits = sum(letter.isdigit() for letter in text)
    harmless = len(text) <= _LONGEST and digits <= _MOST_DIGITS and "@" not in text and not re.search(r"\s", text)
    return text if harmless else shape(text)


def are_names(columns: Iterable[str]) -> bool:
    """Whether columns have names, rather than the values of a first row: those may not be shown."""
    return not any(_LIKE_DATA.fullmatch(name) for name in columns)


def _hidden(letter: str) -> str:
    if letter.isdigit():
        return _DIGIT
    if letter.isalpha():
        return _UPPER if letter.isupper() else _LOWER
    return letter
