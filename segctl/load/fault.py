"""An error of a model as data, and the words that all sentences share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from segctl.diagnostics import did_you_mean

MEANT: Mapping[str, Sequence[str]] = {
    "and": ["all"], "all_of": ["all"], "or": ["any"], "any_of": ["any", "in"], "none_of": ["not_in"],
    "equals": ["is", "exactly"], "equal": ["is", "exactly"], "eq": ["is", "exactly"], "is": ["exactly"],
    "not_equals": ["is_not"], "ne": ["is_not"], "one_of": ["in"],
    "gt": ["more_than"], "greater_than": ["more_than"], "above": ["more_than"], "over": ["more_than"],
    "gte": ["at_least"], "minimum": ["at_least"], "lt": ["less_than"], "below": ["less_than"],
    "lte": ["at_most"], "maximum": ["at_most"], "like": ["contains"], "regex": ["matches"],
    "is_null": ["exists"], "is_set": ["exists"], "is_empty": ["blank"], "start": ["since"], "end": ["until"],
    "condition": ["where"], "conditions": ["where"], "filter": ["where"], "filters": ["where"], "rules": ["where"],
    "tz": ["timezone"], "avg": ["average"], "mean": ["average"], "total": ["sum"], "unique": ["distinct"],
    "max_leave": ["max_exit"], "max_join": ["max_enter"],
    "column": ["attribute", "property"], "field": ["attribute", "property"], "user": ["attribute"],
}  # fmt: skip
"""Words of other languages, and what they are called here."""


@dataclass(frozen=True)
class Fault:
    """One error of a model: its code, the value, the model that was reading, and what else is known.

    `key` is the last key of the place where the fault is.
    """

    code: str
    value: Any
    model: type[BaseModel] | None
    key: str
    message: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Sentence:
    """What is wrong and how to fix it; `at` leads from the fault's place to the culprit."""

    code: str
    summary: str
    hint: str = ""
    at: Sequence[str | int] = ()


def not_yet(word: str) -> str:
    """The summary for a word of the language that this version does not evaluate."""
    return f"`{word}` is part of the language, but this version cannot evaluate it yet"


def suggestion(word: str, known: Sequence[str]) -> str:
    """Which of the known words was meant, as a hint; empty if none is near."""
    meant = next((w for w in MEANT.get(word.lower(), ()) if w in known), None)
    return f"did you mean `{meant}`?" if meant else did_you_mean(word, known)


def as_written(scalar: object) -> str:
    """A scalar as it stands in a file, without quotes."""
    return str(scalar).lower() if isinstance(scalar, bool) else str(scalar)
