"""Lists and mappings in brackets: one space where one belongs, lines broken where they were."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.layout.scalars import several_lines, written
from segctl.layout.tokens import Comment, Source, Token
from segctl.layout.tree import Flow

_OPEN = ("FlowSequenceStart", "FlowMappingStart")
_CLOSE = ("FlowSequenceEnd", "FlowMappingEnd")
_STEP = 2


@dataclass(slots=True)
class Line:
    """A line of text, and the comment behind it."""

    text: str
    comment: Comment | None = None


def flow_lines(source: Source, flow: Flow, indent: int) -> list[Line]:
    """The lines of a flow collection, the first without indentation; `indent` is that of the line it stands on."""
    return _Writer(source, flow, indent).lines


class _Writer:
    """Writes token after token; `open` has for each open bracket the line on which it stands."""

    def __init__(self, source: Source, flow: Flow, indent: int) -> None:
        self.source, self.indent = source, indent
        self.lines = [Line("")]
        self.comments = list(flow.comments)
        self.open: list[int] = []
        self.tokens = [token for token in flow.tokens if token.end > token.start]
        for number, token in enumerate(self.tokens):
            if number and self._breaks(number):
                self._comments_until(token.start)
                self.lines.append(Line(" " * self._indentation(self._closing(number))))
                self._put(number, "")
            else:
                self._put(number, " " if number and self._is_apart(self.tokens[number - 1], token) else "")

    def _indentation(self, closing: int = 0) -> int:
        """Of a line that begins by closing so many brackets: brackets of one line count once."""
        return self.indent + _STEP * len(set(self.open[: len(self.open) - closing]))

    def _closing(self, number: int) -> int:
        """How many brackets are closed from a token on, before the line goes on in another way."""
        end = number
        while end < len(self.tokens) and self.tokens[end].kind in _CLOSE and (end == number or not self._breaks(end)):
            end += 1
        return end - number

    def _breaks(self, number: int) -> bool:
        """Whether a line was broken before a token."""
        before, token = self.tokens[number - 1 : number + 1]
        return "\n" in self.source.text[before.end : token.start]

    def _put(self, number: int, gap: str) -> None:
        """Write a token at the end of the last line."""
        token = self.tokens[number]
        if token.kind in _OPEN:
            self.open.append(len(self.lines))
        elif token.kind in _CLOSE:
            self.open.pop()
        elif token.kind == "FlowEntry" and self._closing(number + 1) and not self._breaks(number + 1):
            return
        raw = self.source.raw(token)
        if "\n" in raw:
            first, *rest = several_lines(self.source, token, self._indentation())
            self.lines[-1].text += gap + first
            self.lines += [Line(line) for line in rest]
        else:
            self.lines[-1].text += gap + written(self.source, token)

    def _comments_until(self, index: int) -> None:
        """Comments before a line's break: the one beside the last line, others on lines of their own."""
        while self.comments and self.comments[0].at < index:
            comment = self.comments.pop(0)
            if not comment.alone and self.lines[-1].comment is None and self.lines[-1].text.strip():
                self.lines[-1].comment = comment
                continue
            if comment.blank:
                self.lines.append(Line(""))
            self.lines.append(Line(" " * self._indentation() + comment.text))

    def _is_apart(self, before: Token, token: Token) -> bool:
        """Whether there is a space between two tokens of one line."""
        if before.kind in _OPEN or token.kind in (*_CLOSE, "FlowEntry"):
            return False
        if token.kind == "Value":
            return before.kind not in ("Scalar", *_CLOSE)
        return True
