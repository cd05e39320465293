"""How a scalar is written: as it was, without quotes that say nothing."""

from __future__ import annotations

import re

from segctl.layout.tokens import Source, Token
from segctl.load.scalar import Unusable, plain_value

_BARE = re.compile(r"[A-Za-z_][\w./@%-]*( [\w./@%-]+)*", re.ASCII)
_OLD_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What readers of YAML 1.1 do not take for a text."""

_OLD_NUMBER = re.compile(r"[-+.]?[0-9].*|[-+]?\.(inf|nan)", re.IGNORECASE)


def written(source: Source, token: Token) -> str:
    """A scalar on one line: quotes go where the text means itself without them, in YAML 1.1 as well."""
    raw = source.raw(token)
    if token.kind != "Scalar" or token.style not in ("'", '"') or "\n" in raw:
        return raw
    if _BARE.fullmatch(token.value) and token.value.lower() not in _OLD_WORDS and _is_itself(token.value):
        return token.value
    plain = raw[1:-1].replace("''", "'")
    return f'"{plain}"' if token.style == "'" and not re.search(r'["\\]', plain) and plain.isprintable() else raw


def _is_itself(text: str) -> bool:
    try:
        return plain_value(text) == text and not _OLD_NUMBER.fullmatch(text)
    except Unusable:
        return False


def several_lines(source: Source, token: Token, indent: int) -> list[str]:
    """A scalar over several lines that is folded: the first as it is, the others indented so far."""
    first, *rest = source.raw(token).split("\n")
    if token.style == '"':  # a backslash may keep the space at an end
        return [first, *(" " * indent + line.lstrip(" \t") if line.strip() else "" for line in rest)]
    return [first.rstrip(), *(" " * indent + line.strip() if line.strip() else "" for line in rest)]


def block_text(source: Source, token: Token, outer: int, indent: int) -> list[str]:
    """A text after `|` or `>`: its lines indented anew.

    `outer` is the column of the key or dash that it belonged to, `indent` the column of that now.
    """
    header, _, body = source.raw(token).partition("\n")
    if token.value and not token.value.endswith("\n"):  # where the file ends without a line's end
        header = re.sub(r"^[|>]([0-9]?)[+-]?([0-9]?)", rf"{header[0]}\1\2-", header)
    indicators = header.split("#")[0]
    digit = re.search(r"[1-9]", indicators)
    lines = body.split("\n")
    was = outer + int(digit[0]) if digit else _indentation(lines)
    if "+" in indicators:
        lines = lines[:-1] if lines[-1:] == [""] else lines
    else:
        while lines and not lines[-1].strip(" ") and len(lines[-1]) <= was:
            lines.pop()
    now = indent + (int(digit[0]) if digit else 2)
    return [header.rstrip(), *(" " * now + line[was:] if line[was:] else "" for line in lines)]


def _indentation(lines: list[str]) -> int:
    full = next((line for line in lines if line.strip(" ")), "")
    return len(full) - len(full.lstrip(" "))
