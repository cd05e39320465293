"""The arithmetic of computed properties: `UnitPrice * Quantity`, parsed into small nodes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or a field of a struct column."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; whole ones are integers."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Operation:
    """One of + - * / on two values."""

    sign: str
    left: Expression
    right: Expression


Expression = Column | Number | Operation

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*(?:\.\w+)*)"
    r'|"(?P<quoted>(?:[^"]|"")+)"|`(?P<ticked>[^`]+)`|\'(?P<single>[^\']+)\''
    r"|(?P<sign>[-+*/()]))"
)
_DEEPEST = 100
_LONGEST = 400
_DIGITS = 18


class BadExpression(Exception):
    """Not arithmetic over columns; the message says what is wrong."""


def parse(text: str, columns: Collection[str]) -> Expression:
    """The expression; a text that is the name of a column is that column, whatever it holds.

    Raises:
        BadExpression: it is neither.
    """
    if text in columns:
        return Column((text,))
    return _Parser(text, columns).whole()


def columns_of(expression: Expression) -> Iterator[Column]:
    """The columns that it reads, in the order of the text, with repetition."""
    match expression:
        case Column():
            yield expression
        case Operation(_, left, right):
            yield from columns_of(left)
            yield from columns_of(right)


class _Parser:
    """Recursive descent: sums of products of factors."""

    def __init__(self, text: str, columns: Collection[str]) -> None:
        self._columns = columns
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Expression:
        if len(self._tokens) > _LONGEST:
            raise BadExpression(f"it is too long: more than {_LONGEST} names, numbers and signs")
        expression = self._sum()
        if self._next < len(self._tokens):
            raise BadExpression(f"`{self._tokens[self._next][1]}` is not expected there")
        return expression

    def _sum(self) -> Expression:
        left = self._product()
        while (sign := self._sign("+-")) is not None:
            left = Operation(sign, left, self._product())
        return left

    def _product(self) -> Expression:
        left = self._factor()
        while (sign := self._sign("*/")) is not None:
            left = Operation(sign, left, self._factor())
        return left

    def _factor(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadExpression("it is nested too deeply")
        factor = self._signed_or_plain()
        self._depth -= 1
        return factor

    def _signed_or_plain(self) -> Expression:
        if self._sign("-") is not None:
            return Operation("-", Number(0), self._factor())
        if self._sign("+") is not None:
            return self._factor()
        if self._sign("(") is not None:
            inner = self._sum()
            if self._sign(")") is None:
                raise BadExpression("a `)` is missing")
            return inner
        return self._leaf()

    def _leaf(self) -> Expression:
        if self._next == len(self._tokens):
            raise BadExpression("it ends where a column or a number should be")
        kind, text = self._tokens[self._next]
        if kind == "sign":
            raise BadExpression(f"`{text}` is not expected there")
        self._next += 1
        if kind == "number":
            return Number(int(text) if text.isdigit() and len(text) <= _DIGITS else float(text))
        return Column((text,) if kind != "name" or text in self._columns else tuple(text.split(".")))

    def _sign(self, wanted: str) -> str | None:
        if self._next < len(self._tokens):
            kind, text = self._tokens[self._next]
            if kind == "sign" and text in wanted:
                self._next += 1
                return text
        return None


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise BadExpression(f"`{text[at:].strip()[0]}` is not expected there")
        at = found.end()
        value = found[found.lastgroup]
        yield found.lastgroup, value.replace('""', '"') if found.lastgroup == "quoted" else value
