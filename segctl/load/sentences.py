"""What an error of a model means, in words of the language: no word of pydantic reaches a user."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from segctl.diagnostics import did_you_mean
from segctl.model.condition import (
    HEADS,
    PLANNED_FORMS,
    PLANNED_MEASURES,
    ROW_HEADS,
    BucketRange,
    EventCondition,
    Measured,
)
from segctl.model.layout import describe_key, keys_of
from segctl.model.operators import PLANNED_OPERATORS, Comparison, TimeOperators, ValueOperators
from segctl.model.project import UsersSource
from segctl.model.resources import Audience
from segctl.model.values import KEY
from segctl.model.wording import choices, found, quoted

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

KNOWN_HERE = "known here: "
"""What the hint of an unknown key that is like none begins with."""

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
    head = next((key for key in ("attribute", "property") if key in known), None)
    if head is not None and word in ("attribute", "property", *HEADS):
        return Sentence("many-heads", f"`{head}` and `{word}` in one condition", _ONE_HEAD, at=(KEY,))
    hint = suggestion(word, known)
    if not hint and 0 < len(known) <= _MOST_KEYS:
        hint = f"{KNOWN_HERE}{choices(known, 'and')}"
    return Sentence("unknown-key", f"unknown key {quoted(word)}", hint, at=(KEY,))


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
    value = fault.value
    hint = "write `{value: purchase}` if all rows are of one name, or `{column: event}` if a column holds it"
    if not isinstance(value, Mapping):
        return Sentence("wrong-type", f"expected where the events' name comes from, found {found(value)}", hint)
    if "value" in value and "column" in value:
        return Sentence("many-heads", "`value` and `column` for one name", hint, at=("column", KEY))
    return Sentence("missing-key", "neither `value` nor `column`", hint)


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
        return Sentence("many-heads", f"{choices(written, 'and')} in one condition", _ONE_HEAD, at=(written[1], KEY))
    return _no_head(value, what, heads, example.split(":", maxsplit=1)[0])


_ONE_HEAD = "keep one; two conditions are two items of a list, or stand under `all` or `any`"


def _no_head(value: Mapping[str, Any], what: str, heads: Sequence[str], subject: str) -> Sentence:
    """What a mapping without any head may have been meant to be; `subject` is the head of a value's test."""
    if "property" in value:
        hint = "write `attribute` for what is known of the user; properties stand in the `where` of an `event`"
        return Sentence("bad-condition", "`property` without an event", hint, at=("property", KEY))
    if value and set(value) <= set(keys_of(ValueOperators)):
        return Sentence("bad-condition", f"{choices(value, 'and')} of what?", f"add `{subject}`, and its name")
    near = next((key for key in value if suggestion(key, heads)), None)
    if near is not None:
        return Sentence(
            "bad-condition", f"no condition begins with {quoted(near)}", suggestion(near, heads), at=(near, KEY)
        )
    if len(value) != 1:
        return Sentence("bad-condition", f"{what} that does not say what it is about", f"add one of {choices(heads)}")
    ((key, item),) = value.items()
    hint = f"begin with one of {choices(heads)}"
    if isinstance(item, str | int | Decimal):
        hint = f"write {quoted(f'{{{subject}: {key}, is: {_written(item)}}}')}, or {hint}"
    return Sentence("bad-condition", f"no condition begins with {quoted(key)}", hint, at=(key, KEY))


def _written(scalar: object) -> str:
    return str(scalar).lower() if isinstance(scalar, bool) else str(scalar)


# --- types and sizes --------------------------------------------------------------------------


def _shape(fault: Fault) -> Sentence:
    return Sentence("wrong-type", f"expected {fault.message}, found {found(fault.value)}", _quotes(fault.value))


def _quotes(value: object) -> str:
    """The hint for a number or boolean that should be a text."""
    return f'put it in quotes: `"{_written(value)}"`' if isinstance(value, int | Decimal) else ""


def _text(fault: Fault) -> Sentence:
    return Sentence("wrong-type", f"expected a text, found {found(fault.value)}", _quotes(fault.value))


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
    elif fault.key == "between":
        hint = "write it as `[from, to]`"
    else:
        hint = (
            f"write {quoted(f'[{fault.value}]')}" if isinstance(fault.value, str) and fault.value.isidentifier() else ""
        )
    return Sentence("wrong-type", f"expected a list, found {found(fault.value)}", hint)


_EXAMPLES: Mapping[type[BaseModel], str] = {
    Comparison: "{at_least: 2}",
    Measured: "{of: amount, at_least: 100}",
    TimeOperators: "{within_last: 30d}",
    BucketRange: "{from: 0, to: 4999}",
    Audience: "{include: [loyal_buyers]}",
    UsersSource: "{path: data/users.parquet, id: user_id}",
}


def _mapping(fault: Fault) -> Sentence:
    example = next((text for model, text in _EXAMPLES.items() if fault.model is model), "")
    hint = f"write for example `{example}`" if example else "write `name: value`"
    if fault.model is not None and not example:
        hint = f"it has the keys {choices(keys_of(fault.model), 'and')}"
    return Sentence("wrong-type", f"expected a mapping, found {found(fault.value)}", hint)


def _choice(fault: Fault) -> Sentence:
    words = [word for word in str(fault.context.get("expected", "")).split("'") if word.strip(", ") not in ("", "or")]
    hint = did_you_mean(fault.value, words) if isinstance(fault.value, str) else ""
    return Sentence("wrong-type", f"expected {choices(words)}, found {found(fault.value)}", hint)


def _too_small(fault: Fault) -> Sentence:
    return Sentence("out-of-range", f"`{fault.value}` is too small", f"write at least `{fault.context['ge']}`")


def _too_large(fault: Fault) -> Sentence:
    return Sentence("out-of-range", f"`{fault.value}` is too large", f"write at most `{fault.context['le']}`")


def _too_few(fault: Fault) -> Sentence:
    if not fault.value:
        what = "mapping" if isinstance(fault.value, Mapping) else "list"
        hint = "write at least one item, or remove the key"
        return Sentence(f"empty-{what}", f"an empty {what} says nothing", hint)
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
