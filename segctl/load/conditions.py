"""What is wrong with a condition whose form cannot be told: no head, or two, or one that is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from segctl.load.fault import Fault, Sentence, as_written, not_yet, suggestion
from segctl.model.condition import HEADS, PLANNED_FORMS
from segctl.model.elements import ELEMENT_HEADS
from segctl.model.layout import keys_of
from segctl.model.operators import ValueOperators
from segctl.model.row_condition import ROW_HEADS
from segctl.model.values import KEY
from segctl.model.wording import choices, found, quoted

ONE_HEAD = "keep one; two conditions are two items of a list, or go under `all` or `any`"


def condition(fault: Fault) -> Sentence:
    """What stands where a condition on the user should."""
    return _by_head(fault, "a condition", tuple(HEADS), "attribute: country, is: FR")


def property_condition(fault: Fault) -> Sentence:
    """What stands where a condition on a property of an event should."""
    value = fault.value
    astray = next((w for w in ("attribute", "event", *HEADS) if isinstance(value, Mapping) and w in value), None)
    if astray is not None and not set(ROW_HEADS).intersection(value):
        hint = "write `property: amount` here, and what is about the user outside of the event's `where`"
        return Sentence(
            "bad-condition", f"`{astray}` is not allowed in the `where` of an event", hint, at=(astray, KEY)
        )
    return _by_head(fault, "a condition on a property", tuple(ROW_HEADS), "property: amount, at_least: 10")


def element_condition(fault: Fault) -> Sentence:
    """What stands where a condition on one element of a list should."""
    if isinstance(fault.value, Mapping):
        written = [key for key in fault.value if key in ELEMENT_HEADS]
        return Sentence("many-heads", f"{choices(written, 'and')} in one condition", ONE_HEAD, at=(written[1], KEY))
    hint = "write `{attribute: type, is: ira}` for a field of the element, or an operator alone: `{more_than: 10}`"
    return Sentence("wrong-type", f"expected a condition on one element, found {found(fault.value)}", hint)


def step(fault: Fault) -> Sentence:
    """What stands where a step of a sequence should."""
    value = fault.value
    if not isinstance(value, Mapping):
        hint = f"write `{{event: {value}}}`" if isinstance(value, str) else "write `{event: purchase}`"
        return Sentence("wrong-type", f"expected a step, found {found(value)}", hint)
    if "event" in value and "no" in value:
        hint = "keep one; two steps are two items of the list"
        return Sentence("many-heads", "`event` and `no` in one step", hint, at=("no", KEY))
    hint = "begin with `event: ...`, or with `no: ...` for what must not happen"
    return Sentence("bad-step", "a step without an event", hint)


def event_name(fault: Fault) -> Sentence:
    """What stands where the name of a table's events should."""
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
        return Sentence("many-heads", f"{choices(written, 'and')} in one condition", ONE_HEAD, at=(written[1], KEY))
    return _no_head(value, what, heads, example.split(":", maxsplit=1)[0])


def _no_head(value: Mapping[str, Any], what: str, heads: Sequence[str], subject: str) -> Sentence:
    """What a mapping without any head may have been meant to be; `subject` is the head of a value's test."""
    if "property" in value:
        hint = "write `attribute` for a value of the user; properties belong in the `where` of an `event`"
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
        hint = f"write {quoted(f'{{{subject}: {key}, is: {as_written(item)}}}')}, or {hint}"
    return Sentence("bad-condition", f"no condition begins with {quoted(key)}", hint, at=(key, KEY))
