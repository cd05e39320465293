"""Who made something, for people: the person, the machine, the commit."""

from __future__ import annotations

_DIGITS = 10


def by(who: str, host: str) -> str:
    """`ada@laptop`."""
    return f"{who}@{host}"


def commit(text: str | None) -> str:
    """A commit's first digits, nothing for none; `+` behind it says that the folder held what was not committed."""
    if not text:
        return ""
    return text[:_DIGITS] + ("+" if text.endswith("+") else "")
