"""Documents to lines, in the one layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segctl.layout.flow import Line, flow_lines
from segctl.layout.order import ordered
from segctl.layout.scalars import block_text, several_lines, written
from segctl.layout.tokens import Comment, Source
from segctl.layout.tree import Block, Document, Entry, Flow, Scalar

_STEP = 2


def write(source: Source, documents: Sequence[Document]) -> str:
    """The text of all documents; empty if there is nothing in them."""
    writer = _Writer(source)
    kept = [one for one in documents if len(documents) == 1 or not _is_nothing(one)]
    for number, document in enumerate(kept):
        if number:
            writer.lines.append(Line("---", document.mark))
        elif document.mark is not None:
            document.root.lead.insert(0, document.mark)
        writer.document(document)
    return _text(writer.lines)


def _is_nothing(document: Document) -> bool:
    root = document.root
    empty = isinstance(root.value, Scalar) and root.value.token is None and not root.properties
    return empty and not root.lead and not document.tail and document.mark is None


class _Writer:
    """Appends lines; `full` is a line after which a blank one would be data."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines: list[Line] = []
        self.full = -1

    def document(self, document: Document) -> None:
        """One document: what stands above it, its root, what stands after it."""
        root = document.root
        begin = len(self.lines)
        self._comments(root.lead, 0, begin)
        if isinstance(root.value, Block) and not root.properties:
            block = ordered(root.value)
            if root.lead and (root.blank or block.entries[0].blank):
                self._blank(begin)
            self._block(block, 0, len(self.lines))
        else:
            if root.lead and root.blank:
                self._blank(begin)
            self._value(root, "", -_STEP)
        self._comments(document.tail, 0, begin)

    def _blank(self, begin: int) -> None:
        """At most one empty line, none at the beginning of a block and none after a text that would take it."""
        last = len(self.lines)
        if last > begin and last != self.full and (self.lines[-1].text or self.lines[-1].comment):
            self.lines.append(Line(""))

    def _comments(self, comments: Iterable[Comment], indent: int, begin: int) -> None:
        for comment in comments:
            if comment.blank:
                self._blank(begin)
            self.lines.append(Line(" " * indent + comment.text))

    def _block(self, block: Block, indent: int, begin: int) -> None:
        for entry in block.entries:
            self._comments(entry.lead, indent, begin)
            if entry.blank:
                self._blank(begin)
            key = "-" if entry.key is None else f"{written(self.source, entry.key)}:"
            self._value(entry, " " * indent + key, indent)
        self._comments(block.tail, indent, begin)

    def _value(self, entry: Entry, prefix: str, indent: int) -> None:
        """The line that begins with a key or dash, and all that hangs below it."""
        prefix = " ".join([*([prefix] if prefix else []), *map(self.source.raw, entry.properties)])
        inner = indent + _STEP
        if isinstance(entry.value, Block):
            self._below(entry, entry.value, prefix, inner)
        elif entry.between or (entry.head and _is_written(entry.value)) or self._stays_below(entry):
            self._line(prefix, entry.head)
            self._comments(entry.between, inner, len(self.lines))
            self._inline(entry, " " * max(inner, 0), entry.column, indent, lower=True)
        else:
            gap = " " if prefix and _is_written(entry.value) else ""
            self._inline(entry, prefix + gap, entry.column, indent)

    def _stays_below(self, entry: Entry) -> bool:
        """Whether a value in brackets over several lines begins on a line of its own, below its key."""
        value = entry.value
        if not (isinstance(value, Flow) and entry.below and entry.key):
            return False
        return "\n" in self.source.text[value.tokens[0].start : value.tokens[-1].end]

    def _below(self, entry: Entry, block: Block, prefix: str, inner: int) -> None:
        first = block.entries[0]
        compact = entry.key is None and prefix.strip() == "-" and not entry.head and not first.lead
        if compact:
            first.blank = False
            at = len(self.lines)
            self._block(block, inner, at)
            self.lines[at].text = f"{prefix} {self.lines[at].text.lstrip(' ')}"
            return
        if prefix or entry.head:
            self._line(prefix, entry.head)
        self._block(block, max(inner, 0), len(self.lines))

    def _inline(self, entry: Entry, prefix: str, outer: int, indent: int, *, lower: bool = False) -> None:
        """A value that begins on the line of its prefix; `outer` is where its key stood, `indent` where it stands."""
        value = entry.value
        if isinstance(value, Flow):
            lines = flow_lines(self.source, value, max(indent + (_STEP if lower else 0), 0))
            lines[0].text = prefix + lines[0].text
            lines[-1].comment = lines[-1].comment or entry.trail
            self.lines += lines
            return
        token = value.token if isinstance(value, Scalar) else None
        if token is None:
            if prefix or entry.head:
                self._line(prefix, entry.head)
            return
        if token.style in ("|", ">") and token.kind == "Scalar":
            texts = block_text(self.source, token, outer if entry.key or indent >= 0 else -1, indent)
            self.lines += [Line((prefix if not n else "") + text) for n, text in enumerate(texts)]
            self.full = len(self.lines) if "+" in texts[0].split("#")[0] else self.full
        elif "\n" in self.source.raw(token):
            texts = several_lines(self.source, token, max(indent + _STEP, 0))
            self.lines += [Line((prefix if not n else "") + text) for n, text in enumerate(texts)]
            self.lines[-1].comment = entry.trail
        else:
            self._line(prefix + written(self.source, token), entry.trail)

    def _line(self, text: str, comment: Comment | None) -> None:
        self.lines.append(Line(text, comment))


def _is_written(value: Scalar | Flow | Block) -> bool:
    return not isinstance(value, Scalar) or value.token is not None


def _text(lines: Sequence[Line]) -> str:
    """All lines; comments that stood below each other in one column stay so."""
    widths = [len(line.text) for line in lines]
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or _column(lines[end]) is None or _column(lines[end]) != _column(lines[start]):
            if _column(lines[start]) is not None:
                widths[start:end] = [max(widths[start:end])] * (end - start)
            start = end
    text = "\n".join(_joined(line, width) for line, width in zip(lines, widths, strict=True))
    return f"{text}\n" if text else ""


def _joined(line: Line, width: int) -> str:
    if line.comment is None:
        return line.text
    return f"{line.text.ljust(width)} {line.comment.text}" if line.text else line.comment.text


def _column(line: Line) -> int | None:
    return None if line.comment is None or not line.text else line.comment.column
