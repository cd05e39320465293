"""Tokens to what is laid out: documents, blocks with their entries, and the comments at each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from segctl.layout.tokens import Comment, Source, Token, Unformattable


@dataclass(slots=True)
class Scalar:
    """A scalar or an alias; None stands for a value that is not written."""

    token: Token | None


@dataclass(slots=True)
class Flow:
    """A list in `[]` or a mapping in `{}`, with the comments inside."""

    tokens: Sequence[Token]
    comments: Sequence[Comment]


@dataclass(slots=True)
class Block:
    """A mapping or a list over several lines; `tail` are comments after the last entry that are indented like it."""

    is_list: bool
    entries: list[Entry] = field(default_factory=list)
    tail: list[Comment] = field(default_factory=list)


Value = Scalar | Flow | Block


@dataclass(slots=True)
class Entry:
    """One line of a block, and what hangs below it.

    `lead` are the comments above, `head` the one right behind the key or dash where the value begins below,
    `between` those above a value that begins below, `trail` the one behind a value; `below` is whether the value
    begins on a line of its own. `column` is where a block
    stood whose key or dash this is; `blank` if the line above is empty.
    """

    key: Token | None
    column: int
    lead: list[Comment]
    blank: bool
    head: Comment | None = None
    properties: list[Token] = field(default_factory=list)
    between: list[Comment] = field(default_factory=list)
    value: Value = field(default_factory=lambda: Scalar(None))
    below: bool = False
    trail: Comment | None = None


@dataclass(slots=True)
class Document:
    """A document as one entry without key, with the comments above and after it; `mark` stands behind its `---`."""

    root: Entry
    tail: list[Comment]
    mark: Comment | None = None


def documents(source: Source) -> list[Document]:
    """All documents of a text.

    Raises:
        Unformattable: what the layout does not know, such as directives.
    """
    return _Parser(source).documents()


_OPEN = ("FlowSequenceStart", "FlowMappingStart")
_CLOSE = ("FlowSequenceEnd", "FlowMappingEnd")


class _Parser:
    """Reads tokens one after the other; a comment goes to whatever is read when it comes by."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = [token for token in source.tokens if token.kind != "StreamStart"]
        self.at = 0
        self.said = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """Read a token."""
        self.at += 1
        return self.tokens[self.at - 1]

    def beside(self) -> Comment | None:
        """The comment on the line of what was read last, if there is one before the next token."""
        comments = self.source.comments
        if self.said < len(comments) and not comments[self.said].alone and comments[self.said].at < self.token.start:
            self.said += 1
            return comments[self.said - 1]
        return None

    def above(self, until: int, column: int = 0) -> list[Comment]:
        """Comments before a place, as long as they are indented so far."""
        found = []
        comments = self.source.comments
        while self.said < len(comments) and comments[self.said].at < until:
            if comments[self.said].column < column:
                break
            found.append(comments[self.said])
            self.said += 1
        return found

    def documents(self) -> list[Document]:
        """Read everything."""
        found: list[Document] = []
        while self.token.kind != "StreamEnd":
            if self.token.kind == "Directive":
                raise Unformattable("a directive", self.token.start)
            if self.token.kind == "DocumentEnd":
                self.take()
                continue
            found.append(self._document())
        rest = self.above(len(self.source.text) + 1)
        if found:
            found[-1].tail += rest
        elif rest:
            found.append(Document(Entry(None, 0, rest, blank=False), []))
        return found

    def _document(self) -> Document:
        before: list[Comment] = []
        mark = None
        if self.token.kind == "DocumentStart":
            before = self.above(self.token.start)
            self.take()
            mark = self.beside()
        root = Entry(None, 0, before, blank=False)
        if self.token.kind not in ("DocumentStart", "DocumentEnd", "StreamEnd"):
            root.lead += self.above(self.token.start)
            root.blank = bool(root.lead) and self.source.is_below_blank(self.token.start)
            self._value(root)
        return Document(root, self.above(self.token.start), mark)

    def _value(self, entry: Entry) -> None:
        """Read the value of an entry."""
        while self.token.kind in ("Anchor", "Tag"):
            entry.properties.append(self.take())
            entry.head = entry.head or self.beside()
        match self.token.kind:
            case "BlockMappingStart" | "BlockSequenceStart":
                token = self.take()
                column = self.source.column(token.start)
                entry.value = self._block(column, is_list=token.kind == "BlockSequenceStart")
                self.take()  # the end of the block
            case "BlockEntry" if entry.key is not None:
                entry.value = self._block(self.source.column(self.token.start), is_list=True, level=True)
            case "Scalar" | "Alias":
                entry.between = self.above(self.token.start)
                entry.value = Scalar(self.take())
                entry.trail = self.beside()
            case kind if kind in _OPEN:
                entry.between = self.above(self.token.start)
                entry.below = self._is_below()
                entry.value = self._flow()
                entry.trail = self.beside()

    def _block(self, column: int, *, is_list: bool, level: bool = False) -> Block:
        """Read a block whose entries begin in a column; a list may be level with the key that it belongs to."""
        block = Block(is_list)
        starts = "BlockEntry" if is_list else "Key"
        while self.token.kind == starts:
            token = self.token
            entry = Entry(None, column, self.above(token.start), self.source.is_below_blank(token.start))
            self.take()
            if not is_list:
                self._key(entry)
            entry.head = self.beside()
            self._value(entry)
            block.entries.append(entry)
        if self.token.kind == "Value" and not is_list:
            raise Unformattable("a value without a key", self.token.start)
        block.tail = self.above(self.token.start, column + 1 if level else column)
        return block

    def _key(self, entry: Entry) -> None:
        """Read a key and its colon."""
        if self.token.kind != "Scalar" or "\n" in self.source.raw(self.token):
            raise Unformattable("a key that is not plain text", self.token.start)
        entry.key = self.take()
        if self.token.kind == "Value":
            self.take()

    def _is_below(self) -> bool:
        """Whether the next token is the first on its line."""
        start = self.token.start
        return not self.source.text[start - self.source.column(start) : start].strip()

    def _flow(self) -> Flow:
        """Read a list or mapping in brackets."""
        first, depth = self.at, 0
        while True:
            token = self.take()
            depth += (token.kind in _OPEN) - (token.kind in _CLOSE)
            if not depth:
                return Flow(self.tokens[first : self.at], self.above(token.start))
