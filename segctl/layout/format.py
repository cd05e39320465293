"""A text in the one layout, held against the text it came from before anybody gets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from segctl.diagnostics import Diagnostic, Span
from segctl.layout.tokens import Source, Unformattable, scan
from segctl.layout.tree import documents
from segctl.layout.write import write
from segctl.load.document import to_json
from segctl.load.parse import Parsed, parse
from segctl.load.text import place

_ODD_BREAKS = ("\x85", "\u2028", "\u2029")


@dataclass(frozen=True)
class Formatted:
    """A text in the one layout; with `diagnostics` it is the text as it was, which is left alone."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()


def formatted(text: str, file: str) -> Formatted:
    """Lay a file's text out anew; never raises for what a user wrote.

    Lines end as the first one does. Data and comments are read again out of the new text: where one is missing
    or another one, the file is left alone and a diagnostic says so.
    """
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    before = parse(lines, file)
    errors = tuple(one for one in before.diagnostics if one.is_error)
    if errors:
        return Formatted(text, errors)
    odd = min((lines.find(character) for character in _ODD_BREAKS if character in lines), default=-1)
    if odd >= 0:
        return _left(text, lines, file, Unformattable("a line break that only YAML 1.1 knows", odd))
    try:
        source = scan(lines)
        new = write(source, documents(source))
        _compare(source, before, new, file)
    except Unformattable as why:
        return _left(text, lines, file, why)
    return Formatted(new.replace("\n", "\r\n") if _first_break(text) == "\r\n" else new)


def _first_break(text: str) -> str:
    end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def _left(text: str, lines: str, file: str, why: Unformattable) -> Formatted:
    hint = "write it another way, or leave the file out of what is formatted"
    summary = f"the layout cannot keep this as it is: {why.what}"
    return Formatted(text, (Diagnostic("cannot-format", summary, Span(file, *place(lines, why.index)), hint=hint),))


def _compare(source: Source, before: Parsed, new: str, file: str) -> None:
    """Hold the new text against the old one.

    Raises:
        Unformattable: something is missing, or another one.
    """
    after = parse(new, file)
    if after.diagnostics or _data(after) != _data(before):
        raise Unformattable("its values would be others", 0)
    again = scan(new)
    was, now = ([comment.text for comment in one.comments] for one in (source, again))
    if was != now and Counter(was) != Counter(now):
        raise Unformattable("a comment would be lost", 0)
    if write(again, documents(again)) != new:
        raise Unformattable("it would be laid out differently the next time", 0)


def _data(parsed: Parsed) -> Sequence[str]:
    """All values of all documents; the order of a definition's own keys is no part of them."""
    every = (node.data for node in parsed.documents)
    return [to_json(dict(sorted(data.items())) if isinstance(data, dict) else data) for data in every]
