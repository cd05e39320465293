"""Our own text form of logic, and a hash of it (law 12).

The form says everything a node says but where it was written, and no two different nodes share one.
It is stable for ever: a change of meaning or of form is a new `FORMAT`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Any as AnyType

from segctl.logic import exact
from segctl.logic.nodes import (
    Ago,
    All,
    Any,
    AnyElement,
    Arithmetic,
    Blank,
    Bucket,
    Engagement,
    EventMissing,
    EventTest,
    Everyone,
    Faulty,
    Includes,
    Inside,
    Length,
    Literal,
    Measure,
    Measured,
    Midnight,
    Names,
    Near,
    Node,
    Not,
    Number,
    OneOf,
    Pattern,
    Place,
    Present,
    Range,
    Rank,
    Reference,
    Rfm,
    Rows,
    Sequence,
    Share,
    Somewhere,
    Step,
    TextMatch,
    TimeTest,
    TraitOf,
    TraitValue,
    Value,
    VersionRange,
    Window,
    Written,
    YearlyBetween,
    YearlyWithin,
)

FORMAT = 1


def fingerprint(node: Node) -> str:
    """32 hex digits of the node as it is; normalise it first for one that ignores how it was written."""
    return digest(encode(node))


def digest(text: str) -> str:
    """32 hex digits of a text."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def encode(node: Node) -> str:
    """The node as text, with the version of the form."""
    return f"segctl-logic-{FORMAT} {expression(node)}"


def expression(part: object) -> str:
    """A node, or a part of one, as text; `None` is `-`."""
    return _FORMS[type(part)](part)


def literal_key(value: Literal) -> str:
    """What tells literals apart, and orders them: `1` and `1.0` are one, `1`, `true` and `"1"` are three."""
    return expression(value)


def _form(name: str, *parts: object) -> str:
    return f"({' '.join((name, *map(expression, parts)))})"


def _number(number: int | Decimal) -> str:
    negative, digits, exponent = exact.parts(number)
    return f"{'-' if negative else ''}{digits}e{exponent}"


def _periods(measure: Measure) -> tuple[int, ...]:
    """What only a count of periods has; the form of other measures is older than they are."""
    return () if measure.every_us is None or measure.each is None else (measure.every_us, measure.each)


_FORMS: Mapping[type, Callable[[AnyType], str]] = {
    type(None): lambda _: "-",
    bool: lambda part: "true" if part else "false",
    int: _number,
    Decimal: _number,
    str: encode_basestring_ascii,
    tuple: lambda part: f"[{' '.join(map(expression, part))}]",
    # conditions
    Everyone: lambda _: "everyone",
    All: lambda part: _form("all", *part.of),
    Any: lambda part: _form("any", *part.of),
    Not: lambda part: _form("not", part.of),
    Value: lambda part: _form("value", part.path, part.test),
    EventTest: lambda part: _form("event", part.rows, part.measure, part.test),
    EventMissing: lambda part: _form("event_missing", part.rows, part.measure),
    Reference: lambda part: _form("in", part.kind, part.name),
    Bucket: lambda part: _form("bucket", part.low, part.high),
    Place: lambda part: _form("place", part.lat, part.lon, part.test),
    TraitValue: lambda part: _form("trait", part.name, part.test),
    Sequence: lambda part: _form("sequence", part.steps, part.complete_within_us),
    Step: lambda part: _form("step", part.rows, part.absent, part.more_than_us, part.within_us),
    Engagement: lambda part: _form(
        "engagement",
        part.sent,
        part.responses,
        part.message,
        part.lookback_us,
        part.previous,
        part.none,
        part.low,
        part.high,
    ),
    Rfm: lambda part: _form("rfm", part.rows, part.of, part.scores),
    Share: lambda part: _form("share", part.campaign, part.low, part.high),
    Faulty: lambda part: _form("faulty", part.code, part.summary),
    # tests
    OneOf: lambda part: _form("one_of", part.values, part.ignore_case),
    Range: lambda part: _form("range", part.low, part.high, part.low_open, part.high_open),
    TextMatch: lambda part: _form("text", part.kind.value, part.texts, part.ignore_case),
    Present: lambda _: "present",
    Blank: lambda _: "blank",
    Includes: lambda part: _form("includes", part.every, part.values, part.ignore_case),
    TimeTest: lambda part: _form("time", part.moment.value, part.than),
    Pattern: lambda part: _form("pattern", part.patterns, part.ignore_case),
    Length: lambda part: _form("length", part.test),
    AnyElement: lambda part: _form("any_element", part.where),
    YearlyWithin: lambda part: _form("yearly_within", part.days),
    YearlyBetween: lambda part: _form("yearly_between", part.low, part.high),
    VersionRange: lambda part: _form("version", part.low, part.high, part.low_open, part.high_open),
    Rank: lambda part: _form("rank", part.top, part.share, part.users),
    Somewhere: lambda _: "somewhere",
    Near: lambda part: _form("near", part.lat, part.lon, part.metres),
    Inside: lambda part: _form("inside", part.polygon, part.holes),
    # events
    Rows: lambda part: _form("rows", part.names, part.where, part.window),
    Names: lambda part: _form("names", part.exact, part.prefix),
    Measure: lambda part: _form("measure", part.kind.value, part.of, *_periods(part)),
    Window: lambda part: _form("window", part.start, part.end),
    Ago: lambda part: _form("ago", part.us),
    Midnight: lambda part: _form("midnight", part.days_before),
    Written: lambda part: _form("written", part.text),
    # values
    Measured: lambda part: _form("measured", part.rows, part.measure),
    Number: lambda part: _form("number", part.value),
    TraitOf: lambda part: _form("value_of", part.name),
    Arithmetic: lambda part: _form("arithmetic", part.sign, part.left, part.right),
}
"""One form for each type; the names in it are the form's own and stay when a class is renamed."""
