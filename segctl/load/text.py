"""Bytes of a definition file -> text, or what is wrong with them."""

from __future__ import annotations

import re

from segctl.diagnostics import Diagnostic, Span

LARGEST = 4_000_000
"""The size in bytes above which a file is refused."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def too_large(size: int, file: str) -> Diagnostic:
    """The refusal of a file of `size` bytes."""
    return Diagnostic(
        "file-too-large",
        f"the file has {size / 1e6:,.1f} MB, and a definition file may have {LARGEST / 1e6:.0f}",
        Span(file),
        hint="keep ids and data in files of their own: `kind: list` reads ids from a file",
    )


def decode(raw: bytes, file: str) -> str | Diagnostic:
    """The text of a UTF-8 file without its byte order mark, or the first thing wrong with it."""
    if raw.startswith(_WIDE):
        return Diagnostic("not-utf8", "the file is UTF-16, not UTF-8", Span(file), hint="save it as UTF-8")
    try:
        text = raw.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        return _undecodable(raw, error.start, file)
    stray = _UNPRINTABLE.search(text)
    if stray is None:
        return text
    line, column = place(text, stray.start())
    summary = f"the character U+{ord(stray[0]):04X} is not allowed in YAML"
    return Diagnostic("bad-character", summary, Span(file, line, column), hint="remove it")


def _undecodable(raw: bytes, start: int, file: str) -> Diagnostic:
    line = raw.count(b"\n", 0, start) + 1
    before = raw[raw.rfind(b"\n", 0, start) + 1 : start]
    column = len(before.decode("utf-8", "replace").removeprefix("\ufeff")) + 1
    summary = f"the byte 0x{raw[start]:02X} is not UTF-8"
    return Diagnostic("not-utf8", summary, Span(file, line, column), hint="save the file as UTF-8")


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of a character."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
