"""What an error of a model means, in words of the language: no word of pydantic reaches a user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from pydantic import BaseModel

from segctl.diagnostics import did_you_mean
from segctl.load.conditions import (
    ONE_HEAD,
    condition,
    element_condition,
    event_name,
    property_condition,
    step,
)
from segctl.load.fault import Fault, Sentence, as_written, suggestion
from segctl.model.condition import HEADS, BucketRange
from segctl.model.elements import ElementValue
from segctl.model.events import Measured
from segctl.model.layout import describe_key, keys_of
from segctl.model.operators import Comparison, TimeOperators
from segctl.model.project import UsersSource
from segctl.model.recurring import Anniversary
from segctl.model.resources import Audience
from segctl.model.sequences import AfterPrevious, NotAfterPrevious
from segctl.model.traits import Of, Plain
from segctl.model.values import KEY
from segctl.model.versions import VersionOperators
from segctl.model.wording import choices, found, quoted

KNOWN_HERE = "known here: "
"""What the hint of an unknown key that is like none begins with."""

_MOST_KEYS = 30


def sentence(fault: Fault) -> Sentence:
    """The sentence of a fault."""
    if "summary" in fault.context:
        context = fault.context
        return Sentence(fault.code, context["summary"], context["hint"], context["at"])
    speak = SENTENCES.get(fault.code)
    return speak(fault) if speak else Sentence("bad-value", f"{found(fault.value)} cannot be used here")


# --- keys -------------------------------------------------------------------------------------


def _missing(fault: Fault) -> Sentence:
    about = describe_key(fault.model, fault.key) if fault.model else ""
    hint = f"add `{fault.key}`: {about[:1].lower()}{about[1:].rstrip('.')}" if about else f"add `{fault.key}`"
    return Sentence("missing-key", f"`{fault.key}` is missing", hint)


def _unknown(fault: Fault) -> Sentence:
    word = fault.key
    known = keys_of(fault.model) if fault.model else ()
    head = next((key for key in ("attribute", "property") if key in known), None)
    if head is not None and word in ("attribute", "property", *HEADS):
        return Sentence("many-heads", f"`{head}` and `{word}` in one condition", ONE_HEAD, at=(KEY,))
    hint = suggestion(word, known) or _elsewhere(word, fault.model)
    if not hint and 0 < len(known) <= _MOST_KEYS:
        hint = f"{KNOWN_HERE}{choices(known, 'and')}"
    return Sentence("unknown-key", f"unknown key {quoted(word)}", hint, at=(KEY,))


def _elsewhere(word: str, model: type[BaseModel] | None) -> str:
    """Where a word belongs that is right in another place."""
    if model is Plain:
        return "a trait is a value; compare it where it is used: `trait: name, at_least: 2`"
    if word in ("top", "bottom"):
        return "a rank is among users: it belongs to an `attribute` or a `trait`"
    return ""


# --- types and sizes --------------------------------------------------------------------------


def _shape(fault: Fault) -> Sentence:
    return Sentence("wrong-type", f"expected {fault.message}, found {found(fault.value)}", _quotes(fault.value))


def _quotes(value: object) -> str:
    """The hint for a number or boolean that should be a text."""
    return f'put it in quotes: `"{as_written(value)}"`' if isinstance(value, int | Decimal) else ""


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
    ElementValue: "{more_than: 10}",
    Of: "{of: amount}",
    AfterPrevious: "{within: 1d}",
    NotAfterPrevious: "{within: 24h}",
    VersionOperators: '{at_least: "2.14"}',
    Anniversary: "{within_next: 7d}",
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
        return Sentence(f"empty-{what}", f"an empty {what} has no effect", hint)
    return _wrong_count(fault, fault.context["min_length"])


def _too_many(fault: Fault) -> Sentence:
    return _wrong_count(fault, fault.context["max_length"])


def _wrong_count(fault: Fault, expected: int) -> Sentence:
    return Sentence("wrong-count", f"expected {expected} values, found {len(fault.value)}", "write it as `[from, to]`")


def _empty_text(_: Fault) -> Sentence:
    return Sentence("empty-text", "an empty text has no effect", "write a text, or remove the key")


SENTENCES: Mapping[str, Callable[[Fault], Sentence]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "bad-condition": condition,
    "bad-property-condition": property_condition,
    "bad-element-condition": element_condition,
    "bad-step": step,
    "bad-event-name": event_name,
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
