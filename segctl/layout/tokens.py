"""YAML text to tokens, and to the comments that the parser leaves out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from segctl.load.parse import LOADER

_COMMENT = re.compile(r"(?:^|(?<=[\s,\[\]{}]))#[^\n]*", re.MULTILINE)


class Unformattable(Exception):
    """Something that the layout does not know; `index` is where it stands in the text."""

    def __init__(self, what: str, index: int) -> None:
        super().__init__(what)
        self.what, self.index = what, index


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the YAML scanner; `kind` is PyYAML's name of it, `style` a scalar's quote or block character."""

    kind: str
    start: int
    end: int
    style: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; `alone` if nothing else stands on its line, `blank` if the line above is empty."""

    at: int
    text: str
    column: int
    alone: bool
    blank: bool


@dataclass(frozen=True)
class Source:
    """A text with its tokens and comments, in order."""

    text: str
    tokens: tuple[Token, ...]
    comments: tuple[Comment, ...]

    def raw(self, token: Token) -> str:
        """How a token is written."""
        return self.text[token.start : token.end]

    def column(self, index: int) -> int:
        """How many characters stand before it on its line."""
        return index - self.text.rfind("\n", 0, index) - 1

    def is_below_blank(self, index: int) -> bool:
        """Whether the line above is empty."""
        begin = self.text.rfind("\n", 0, index)
        return begin >= 0 and not self.text[self.text.rfind("\n", 0, begin) + 1 : begin].strip()


def scan(text: str) -> Source:
    """Tokens and comments of a text whose lines end with a line feed.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    tokens = tuple(_tokens(text))
    bare = Source(text, tokens, ())
    comments: list[Comment] = []
    at = 0
    for token in tokens:
        if token.end > token.start:
            comments += _comments(bare, at, token.start)
            at = max(at, token.end)
    return Source(text, tokens, (*comments, *_comments(bare, at, len(text))))


def _tokens(text: str) -> list[Token]:
    scanner: Any = LOADER(text)
    found = []
    try:
        while scanner.check_token():
            token = scanner.get_token()
            kind = type(token).__name__.removesuffix("Token")
            start, end = token.start_mark.index, token.end_mark.index
            style = (token.style or "") if kind == "Scalar" else ""
            found.append(Token(kind, start, end, style, token.value if kind == "Scalar" else ""))
    finally:
        scanner.dispose()
    return found


def _comments(source: Source, start: int, end: int) -> list[Comment]:
    """The comments between two tokens."""
    found = []
    for match in _COMMENT.finditer(source.text, start, end):
        at = match.start()
        column = source.column(at)
        alone = not source.text[at - column : at].strip()
        found.append(Comment(at, match[0].rstrip(), column, alone, alone and source.is_below_blank(at)))
    return found
