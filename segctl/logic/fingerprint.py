"""Our own text form of logic, and a hash of it (law 12).

The form says everything a node says but where it was written, and no two different nodes share one.
It is stable for ever: a change of meaning or of form is a new `FORMAT`.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from functools import singledispatch

from segctl.logic import exact
from segctl.logic.nodes import (
    Ago,
    All,
    Any,
    Blank,
    Bucket,
    EventMissing,
    EventTest,
    Everyone,
    Includes,
    Literal,
    Measure,
    Midnight,
    Names,
    Node,
    Not,
    OneOf,
    Present,
    Range,
    Reference,
    Rows,
    TextMatch,
    TimeTest,
    Value,
    Window,
    Written,
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


@singledispatch
def expression(part: object) -> str:
    """A node, or a part of one, as text; `None` is `-`."""
    raise TypeError(f"no text form for {type(part).__name__}")


def _form(name: str, *parts: object) -> str:
    return f"({' '.join((name, *map(expression, parts)))})"


@expression.register
def _(part: None) -> str:  # noqa: ARG001 the type says it
    return "-"


@expression.register
def _(part: bool) -> str:  # noqa: FBT001 dispatched on its type
    return "true" if part else "false"


@expression.register(int)
@expression.register(Decimal)
def _(part: int | Decimal) -> str:
    negative, digits, exponent = exact.parts(part)
    return f"{'-' if negative else ''}{digits}e{exponent}"


@expression.register
def _(part: str) -> str:
    return json.dumps(part)


@expression.register
def _(part: tuple) -> str:  # type: ignore[type-arg] # singledispatch takes the bare class
    return f"[{' '.join(map(expression, part))}]"


@expression.register
def _(part: Everyone) -> str:  # noqa: ARG001 the type says it
    return "everyone"


@expression.register
def _(part: All) -> str:
    return _form("all", *part.of)


@expression.register
def _(part: Any) -> str:
    return _form("any", *part.of)


@expression.register
def _(part: Not) -> str:
    return _form("not", part.of)


@expression.register
def _(part: Value) -> str:
    return _form("value", part.path, part.test)


@expression.register
def _(part: EventTest) -> str:
    return _form("event", part.rows, part.measure, part.test)


@expression.register
def _(part: EventMissing) -> str:
    return _form("event_missing", part.rows, part.measure)


@expression.register
def _(part: Reference) -> str:
    return _form("in", part.kind, part.name)


@expression.register
def _(part: Bucket) -> str:
    return _form("bucket", part.low, part.high)


@expression.register
def _(part: OneOf) -> str:
    return _form("one_of", part.values, part.ignore_case)


@expression.register
def _(part: Range) -> str:
    return _form("range", part.low, part.high, part.low_open, part.high_open)


@expression.register
def _(part: TextMatch) -> str:
    return _form("text", part.kind.value, part.texts, part.ignore_case)


@expression.register
def _(part: Present) -> str:  # noqa: ARG001 the type says it
    return "present"


@expression.register
def _(part: Blank) -> str:  # noqa: ARG001 the type says it
    return "blank"


@expression.register
def _(part: Includes) -> str:
    return _form("includes", part.every, part.values, part.ignore_case)


@expression.register
def _(part: TimeTest) -> str:
    return _form("time", part.moment.value, part.than)


@expression.register
def _(part: Rows) -> str:
    return _form("rows", part.names, part.where, part.window)


@expression.register
def _(part: Names) -> str:
    return _form("names", part.exact, part.prefix)


@expression.register
def _(part: Measure) -> str:
    return _form("measure", part.kind.value, part.of)


@expression.register
def _(part: Window) -> str:
    return _form("window", part.start, part.end)


@expression.register
def _(part: Ago) -> str:
    return _form("ago", part.us)


@expression.register
def _(part: Midnight) -> str:
    return _form("midnight", part.days_before)


@expression.register
def _(part: Written) -> str:
    return _form("written", part.text)


def literal_key(value: Literal) -> str:
    """What tells literals apart, and orders them: `1` and `1.0` are one, `1`, `true` and `"1"` are three."""
    return expression(value)
