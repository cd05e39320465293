"""How a value that a user wrote is named in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

_LONGEST = 60


def quoted(text: str) -> str:
    """The text in back quotes, on one line, shortened where it is long."""
    line = "".join(c if c.isprintable() else " " for c in text[: _LONGEST + 1])
    if len(line) > _LONGEST:
        line = line[: _LONGEST - 1] + "…"
    return f"`{line}`"


def uncapitalised(sentence: str) -> str:
    """The sentence for the middle of another one."""
    return f"{sentence[:1].lower()}{sentence[1:]}"


def found(value: object) -> str:
    """A value in words: the text `x`, the number `2`, a list."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | Decimal):
        return f"the number {quoted(str(value))}"
    if isinstance(value, str):
        return f"the text {quoted(value)}" if value else "an empty text"
    what = "a mapping" if isinstance(value, Mapping) else "a list" if isinstance(value, list) else "nothing"
    return what if value or value is None else what.replace(" ", "n empty ", 1)


def choices(words: Iterable[str], last: str = "or") -> str:
    """The words in back quotes: `a`, `b` or `c`."""
    ticked = [quoted(word) for word in words]
    if len(ticked) < 2:  # noqa: PLR2004 one word needs no `or`
        return "".join(ticked)
    return f"{', '.join(ticked[:-1])} {last} {ticked[-1]}"
