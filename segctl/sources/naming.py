"""What to say of a column that a file does not have."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.diagnostics import did_you_mean
from segctl.disclosure import are_names

_MANY = 12
_OTHER_COMMAS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def columns_hint(column: str, names: Sequence[str]) -> str:
    """The column that was meant, or those that there are; not the values of a first row that is no header."""
    return _commas_hint(names) or _near(column, names)


def _near(column: str, names: Sequence[str]) -> str:
    if not names:
        return "the file has no columns"
    if not are_names(names):
        return "its first row may hold values instead of names, and is not shown: write the names of the columns there"
    meant = did_you_mean(column, names)
    if not meant and len(names) == 1:  # a list of ids without a header looks like this
        return f"write `{column}` in its first row, or name its one column here"
    listed = ", ".join(f"`{name}`" for name in names[:_MANY])
    return meant or f"there is {listed}{', …' if len(names) > _MANY else ''}"


def _commas_hint(names: Sequence[str]) -> str:
    if len(names) == 1:
        for comma, word in _OTHER_COMMAS.items():
            if comma in names[0]:
                return f"the file is separated by {word}; write it with commas"
    return ""
