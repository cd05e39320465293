"""Forms of the language that random definitions do not use yet, because they are not evaluated yet."""

from __future__ import annotations

WAITING = frozenset({
    "messages", "engagement",
})  # fmt: skip


def ready(form: str) -> bool:
    """Whether a form is evaluated."""
    return form not in WAITING
