"""What an error of a model means, in words of the language: no word of pydantic reaches a user."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from segctl.diagnostics import did_you_mean
from segctl.model.condition import HEADS, PLANNED_FORMS, PLANNED_MEASURES, ROW_HEADS, EventCondition
from segctl.model.layout import describe_key, keys_of
from segctl.model.operators import PLANNED_OPERATORS, Comparison, ValueOperators
from segctl.model.values import KEY
from segctl.model.wording import choices, found

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
    "column": ["attribute", "property"], "field": ["attribute", "property"], "user": ["attribute"],
}  # fmt: skip
"""Words of other languages, and what they are called here."""

_MOST_KEYS = 30


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
    """What is wrong and how to mend it; `at` leads from the fault's place to the culprit."""

    code: str
    summary: str
    hint: str = ""
    at: Sequence[str | int] = ()


def sentence(fault: Fault) -> Sentence:
    """The sentence of a fault."""
    if "summary" in fault.context:
        context = fault.context
        return Sentence(fault.code, context["summary"], context["hint"], context["at"])
    speak = SENTENCES.get(fault.code)
    return speak(fault) if speak else Sentence("bad-value", f"{found(fault.value)} cannot be used here")


def not_yet(word: str) -> str:
    """The summary for a word of the language that this version does not evaluate."""
    return f"`{word}` is part of the language, but this version cannot evaluate it yet"


def suggestion(word: str, known: Sequence[str]) -> str:
    """Which of the known words was meant, as a hint; empty if none is near."""
    meant = next((w for w in MEANT.get(word.lower(), ()) if w in known), None)
    return f"did you mean `{meant}`?" if meant else did_you_mean(word, known)


# --- keys -------------------------------------------------------------------------------------


def _missing(fault: Fault) -> Sentence:
    about = describe_key(fault.model, fault.key) if fault.model else ""
    hint = f"add `{fault.key}`: {about[:1].lower()}{about[1:].rstrip('.')}" if about else f"add `{fault.key}`"
    return Sentence("missing-key", f"`{fault.key}` is missing", hint)


def _planned(model: type[BaseModel] | None) -> frozenset[str]:
    if model is not None and issubclass(model, ValueOperators):
        return PLANNED_OPERATORS
    return PLANNED_MEASURES if model is EventCondition else frozenset()


def _unknown(fault: Fault) -> Sentence:
    word = fault.key
    if word in _planned(fault.model):
        return Sentence("not-yet", not_yet(word), at=(KEY,))
    known = keys_of(fault.model) if fault.model else ()
    hint = suggestion(word, known)
    if not hint and 0 < len(known) <= _MOST_KEYS:
        hint = f"known here: {choices(known, 'and')}"
    return Sentence("unknown-key", f"unknown key `{word}`", hint, at=(KEY,))


# --- conditions -------------------------------------------------------------------------------


def _condition(fault: Fault) -> Sentence:
    return _by_head(fault, "a condition", tuple(HEADS), "attribute: country, is: FR")


def _property_condition(fault: Fault) -> Sentence:
    value = fault.value
    astray = next((w for w in ("attribute", "event", *HEADS) if isinstance(value, Mapping) and w in value), None)
    if astray is not None and not set(ROW_HEADS).intersection(value):
        hint = "write `property: amount` here, and what is about the user outside of the event's `where`"
        return Sentence("bad-condition", f"`{astray}` cannot stand in the `where` of an event", hint, at=(astray, KEY))
    return _by_head(fault, "a condition on a property", tuple(ROW_HEADS), "property: amount, at_least: 10")


def _event_name(fault: Fault) -> Sentence:
    return _by_head(fault, "the name of the events", ("value", "column"), "value: purchase")


def _by_head(fault: Fault, what: str, heads: Sequence[str], example: str) -> Sentence:
    value = fault.value
    if not isinstance(value, Mapping):
        hint = "join several under `all` or `any`" if isinstance(value, list) else f"write for example `{{{example}}}`"
        return Sentence("wrong-type", f"expected {what}, found {found(value)}", hint)
    written = [key for key in value if key in heads]
    planned = [key for key in value if key in PLANNED_FORMS] if "event" in heads else []
    if planned:
        return Sentence("not-yet", not_yet(planned[0]), at=(planned[0], KEY))
    if len(written) > 1:
        hint = "keep one; two conditions are two items of a list, or stand under `all` or `any`"
        return Sentence("many-heads", f"{choices(written, 'and')} in one condition", hint, at=(written[1], KEY))
    for key in value:
        hint = suggestion(key, heads)
        if hint:
            return Sentence("bad-condition", f"no condition begins with `{key}`", hint, at=(key, KEY))
    if len(value) == 1:
        ((key, item),) = value.items()
        hint = f"begin with one of {choices(heads)}"
        if isinstance(item, str | int | Decimal) and example.startswith(("attribute", "property")):
            hint = f"write `{{{example.split(':', maxsplit=1)[0]}: {key}, is: {_written(item)}}}`, or {hint}"
        return Sentence("bad-condition", f"no condition begins with `{key}`", hint, at=(key, KEY))
    return Sentence("bad-condition", f"{what} that does not say what it is about", f"add one of {choices(heads)}")


def _written(scalar: object) -> str:
    return str(scalar).lower() if isinstance(scalar, bool) else str(scalar)


# --- types and sizes --------------------------------------------------------------------------


def _shape(fault: Fault) -> Sentence:
    return Sentence("wrong-type", f"expected {fault.message}, found {found(fault.value)}")


def _text(fault: Fault) -> Sentence:
    value = fault.value
    scalar = value is not None and not isinstance(value, list | Mapping)
    hint = f'put it in quotes: `"{_written(value)}"`' if scalar else ""
    return Sentence("wrong-type", f"expected a text, found {found(value)}", hint)


def _boolean(fault: Fault) -> Sentence:
    words = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
    meant = words.get(fault.value.lower()) if isinstance(fault.value, str) else None
    hint = f"write `{meant}`" if meant else ""
    if isinstance(fault.value, str) and fault.value.lower() in ("true", "false"):
        hint = "write it without quotes"
    return Sentence("wrong-type", f"expected `true` or `false`, found {found(fault.value)}", hint)


def _whole_number(fault: Fault) -> Sentence:
    quoted_number = isinstance(fault.value, str) and fault.value.isdecimal()
    hint = "write it without quotes" if quoted_number else ""
    return Sentence("wrong-type", f"expected a whole number, found {found(fault.value)}", hint)


def _list(fault: Fault) -> Sentence:
    if isinstance(fault.value, Mapping):
        hint = "begin each item with `- `"
    else:
        hint = f"write `[{fault.value}]`" if isinstance(fault.value, str) and fault.value.isidentifier() else ""
    return Sentence("wrong-type", f"expected a list, found {found(fault.value)}", hint)


def _mapping(fault: Fault) -> Sentence:
    hint = ""
    if fault.model is not None and issubclass(fault.model, Comparison) and not isinstance(fault.value, list):
        hint = "write a comparison such as `{at_least: 2}`"
    elif fault.model is not None:
        hint = f"it has the keys {choices(keys_of(fault.model), 'and')}"
    return Sentence("wrong-type", f"expected a mapping, found {found(fault.value)}", hint)


def _choice(fault: Fault) -> Sentence:
    words = [word for word in str(fault.context.get("expected", "")).split("'") if word.strip(", ") not in ("", "or")]
    hint = did_you_mean(fault.value, words) if isinstance(fault.value, str) else ""
    return Sentence("wrong-type", f"expected {choices(words)}, found {found(fault.value)}", hint)


def _too_small(fault: Fault) -> Sentence:
    return Sentence("out-of-range", f"`{fault.value}` is too small", f"write a number from {fault.context['ge']}")


def _too_large(fault: Fault) -> Sentence:
    return Sentence("out-of-range", f"`{fault.value}` is too large", f"write a number up to {fault.context['le']}")


def _too_few(fault: Fault) -> Sentence:
    if not fault.value:
        what = "an empty mapping" if isinstance(fault.value, Mapping) else "an empty list"
        return Sentence("empty-list", f"{what} says nothing", "write at least one item, or remove the key")
    return _wrong_count(fault, fault.context["min_length"])


def _too_many(fault: Fault) -> Sentence:
    return _wrong_count(fault, fault.context["max_length"])


def _wrong_count(fault: Fault, expected: int) -> Sentence:
    return Sentence("wrong-count", f"expected {expected} values, found {len(fault.value)}", "write it as `[from, to]`")


def _empty_text(_: Fault) -> Sentence:
    return Sentence("empty-text", "an empty text says nothing", "write a text, or remove the key")


SENTENCES: Mapping[str, Callable[[Fault], Sentence]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "bad-condition": _condition,
    "bad-property-condition": _property_condition,
    "bad-event-name": _event_name,
    "wrong-type": _shape,
    "string_type": _text,
    "bool_type": _boolean,
    "int_type": _whole_number,
    "int_from_float": _whole_number,
    "list_type": _list,
    "dict_type": _mapping,
    "model_type": _mapping,
    "literal_error": _choice,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_large,
    "too_short": _too_few,
    "too_long": _too_many,
    "string_too_short": _empty_text,
}
