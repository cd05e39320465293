"""Small changes of a definition, one at a time: of a threshold, an operator, a window, a part that is left out.

They are changes of the plain data, as a path with what is there before and after, and are read through the
model again: what it does not take, and what means the same as before, is no mutation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from segctl.diagnostics import InvalidInput
from segctl.edges.writing import flow
from segctl.load.document import Document, restore
from segctl.logic.fingerprint import encode, expression
from segctl.logic.lower import lower, lower_trait
from segctl.logic.normalise import normalise, normalise_expression
from segctl.logic.settings import Settings
from segctl.model.values import DURATION
from segctl.model.written import parse_written

Path = tuple[str | int, ...]

OTHER_KEY: Mapping[str, tuple[str, ...]] = {
    "all": ("any",), "any": ("all",),
    "is": ("is_not",), "is_not": ("is",), "in": ("not_in",), "not_in": ("in",), "exactly": ("at_least",),
    "at_least": ("more_than",), "more_than": ("at_least",), "at_most": ("less_than",), "less_than": ("at_most",),
    "contains": ("not_contains",), "not_contains": ("contains",),
    "starts_with": ("contains",), "ends_with": ("contains",),
    "matches": ("not_matches",), "not_matches": ("matches",),
    "includes_any": ("includes_all", "includes_none"), "includes_all": ("includes_any",),
    "includes_none": ("includes_any",),
    "before": ("after",), "after": ("before",),
    "within_last": ("older_than",), "older_than": ("within_last",),
    "within_next": ("later_than", "within_last"), "later_than": ("within_next",),
    "count": ("days",), "days": ("count",), "sum": ("max", "average"), "average": ("sum",),
    "min": ("max",), "max": ("min",), "median": ("average",), "first": ("last",), "last": ("first",),
    "first_value": ("last_value",), "last_value": ("first_value",), "most_frequent": ("last_value",),
    "top": ("bottom",), "bottom": ("top",),
}  # fmt: skip
"""What a key may have been meant as."""

OTHER_VALUE: Mapping[str, Mapping[object, object]] = {
    "engagement": {"most": "somewhat", "somewhat": "least", "least": "everyone_else", "everyone_else": "least"},
    "period": {"current": "previous", "previous": "current"},
    "did": {"received": "opened", "opened": "clicked", "clicked": "opened", "unsubscribed": "received",
            "converted": "received", "in_control": "received"},
}  # fmt: skip

DROPPED = frozenset({
    "within", "between", "since", "until", "complete_within", "after_previous", "where", "exclude", "holes",
    "channel", "variant",
})  # fmt: skip
"""Keys that can be left out; where that is no definition any more, the model says so."""

FLAGS = ("or_missing", "ignore_case")
_LITERALS = frozenset({
    "more_than", "at_least", "less_than", "at_most", "exactly", "between", "before", "after", "on", "since", "until",
    "within", "within_last", "older_than", "within_next", "later_than", "days_before_today", "from", "to", "top",
    "bottom", "each", "every", "complete_within", "radius",
})  # fmt: skip
_VALUED = frozenset({"attribute", "property", "trait"})
_ROOTS: Mapping[str, tuple[Path, ...]] = {
    "segment": (("where",), ("exclude",)),
    "extension": (("from",),),
    "campaign": (("audience",),),
    "trait": (("value",),),
}
_NEGATIVE = frozenset({"is_not", "not_in", "not_contains", "not_matches", "includes_none", "blank"})
_CASED = frozenset({
    "is", "is_not", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with", "matches", "not_matches",
    "includes_any", "includes_all", "includes_none",
})  # fmt: skip
_MOST_ITEMS = 20
_LONGEST = 60
_SHARE = re.compile(r"([0-9]+)(?:\.[0-9]+)?%")
_AMOUNT = re.compile(rf"([0-9]+)({DURATION.partition('(')[2].removesuffix(')')}|m|km|mi)")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True)
class Mutation:
    """One change: `before` at `path` becomes `after`; None is what is not there. `at` is where it is told."""

    path: Path
    before: Any
    after: Any
    words: str
    at: Path
    on_key: bool = False


@dataclass(frozen=True)
class Mutant:
    """A definition with one mutation."""

    mutation: Mutation
    document: Document


def mutants(document: Document, settings: Settings) -> Iterator[Mutant]:
    """All mutants of a definition that mean something else, each meaning once, in the order of the file."""
    known = {_meaning(document, settings)}
    for mutation in mutations(document):
        try:
            changed = restore(_changed(document.data, mutation.path, mutation.after))
            meaning = _meaning(changed, settings)
        except (InvalidInput, PydanticCustomError):
            continue
        if meaning not in known:
            known.add(meaning)
            yield Mutant(mutation, changed)


def _meaning(document: Document, settings: Settings) -> str:
    if document.key[0] == "trait":
        return expression(normalise_expression(lower_trait(document, settings)))
    return encode(normalise(lower(document, settings)))


def mutations(document: Document) -> Iterator[Mutation]:
    """All changes, those that make no definition as well."""
    for root in _ROOTS.get(document.key[0], ()):
        above, key = _at(document.data, root[:-1]), root[-1]
        if isinstance(above, Mapping) and key in above:
            yield from _entry(above, key, root)


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _changed(data: Any, path: Path, after: Any) -> Any:
    """The data with another value at the path; None takes it out."""
    if not path:
        return after
    part, rest = path[0], path[1:]
    if isinstance(data, list) and isinstance(part, int):
        new = _changed(data[part], rest, after)
        middle = [] if new is None and not rest else [new]
        return [*data[:part], *middle, *data[part + 1 :]]
    found = {key: value for key, value in data.items() if key != part or rest or after is not None}
    if rest or after is not None:
        found[part] = _changed(data.get(part), rest, after)
    return found


# --- one key of a mapping ---------------------------------------------------------------------------


def _entry(above: Mapping[str, Any], key: str | int, path: Path) -> Iterator[Mutation]:
    """The changes of one key and of all below it."""
    value = above[str(key)]
    for other in OTHER_KEY.get(str(key), ()):
        if other not in above:
            renamed = {other if name == key else name: held for name, held in above.items()}
            words = f"`{_short({key: value})}` could be `{_short({other: value})}`"
            yield Mutation(path[:-1], above, renamed, words, path, on_key=True)
    if key in OTHER_VALUE and isinstance(value, str) and value in OTHER_VALUE[str(key)]:
        yield _value(path, key, value, OTHER_VALUE[str(key)][value])
    if isinstance(value, bool):
        yield _value(path, key, value, not value)
    if key in DROPPED:
        yield Mutation(path, value, None, f"`{_short({key: value})}` could be left out", path, on_key=True)
    if key == "not":
        yield Mutation(path[:-1], above, value, "`not` could be left out", path, on_key=True)
    if key in ("where", "exclude") and isinstance(value, list) and len(value) > 1:
        word = "any" if key == "where" else "all"
        of: Any = {word: value} if key == "where" else [{word: value}]
        yield Mutation(path, value, of, f"`{key}` could ask for {word} instead of {_other(word)}", path, on_key=True)
    yield from _inside(value, str(key), path)


def _other(word: str) -> str:
    return "all" if word == "any" else "any"


def _value(path: Path, key: str | int, before: Any, after: Any) -> Mutation:
    words = f"`{_short({key: before})}` could be {_short(after)}"
    return Mutation(path, before, after, words, path)


def _short(value: Any) -> str:
    """Plain data as one would write it, cut where it is long."""
    text = flow(value)
    text = text[1:-1] if isinstance(value, Mapping) else text
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _inside(value: Any, key: str, path: Path) -> Iterator[Mutation]:
    match value:
        case Mapping():
            yield from _flags(value, path)
            for name in value:
                yield from _entry(value, name, (*path, name))
        case list():
            yield from _items(value, key, path)
        case _ if key in _LITERALS:
            for after in nearby(value):
                yield _value(path, key, value, after)


def _flags(above: Mapping[str, Any], path: Path) -> Iterator[Mutation]:
    """Flags that are not set and would say something: a negative operator is true of what is missing anyway."""
    for flag in FLAGS if _VALUED & above.keys() else ():
        needless = _NEGATIVE & above.keys() if flag == "or_missing" else not _has_letters(above)
        if flag not in above and not needless:
            words = f"`{_short(above)}` could have `{flag}: true`"
            yield Mutation(path, above, {**above, flag: True}, words, path)


def _has_letters(value: Any) -> bool:
    """Whether some literal of an operator on texts has a letter of two cases."""
    if isinstance(value, Mapping):
        return any(_has_letters(held) for key, held in value.items() if key in _CASED)
    if isinstance(value, list):
        return any(map(_has_letters, value))
    return isinstance(value, str) and value.swapcase() != value


def _items(values: list[Any], key: str, path: Path) -> Iterator[Mutation]:
    """Each item could be left out, and be changed itself."""
    pair = key in {"between", "polygon"}
    for number, item in enumerate(values):
        inner = (*path, number)
        if len(values) > 1 and number < _MOST_ITEMS and not pair:
            words = f"`{_short(item)}` could be left out of `{key}`"
            yield Mutation(inner, item, None, words, inner)
        if isinstance(item, Mapping | list):
            yield from _inside(item, key, inner)
        elif pair and key in _LITERALS:
            for after in nearby(item):
                words = f"`{_short({key: values})}` could have {_short(after)} for {_short(item)}"
                yield Mutation(inner, item, after, words, inner)


# --- the next values ----------------------------------------------------------------------------------


def nearby(value: Any) -> list[Any]:
    """The next meaningful values before and after a literal; none of what has no order."""
    match value:
        case bool():
            return []
        case int():
            return [value - 1, value + 1]
        case Decimal():
            exponent = value.as_tuple().exponent
            step = Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
            return [value - step, value + step]
        case str():
            return _nearby_text(value)
        case _:
            return []


def _nearby_text(text: str) -> list[Any]:
    for pattern, change in _CHANGES:
        match = pattern.fullmatch(text)
        if match:
            return [new for sign in (-1, 1) if (new := change(match, sign)) is not None]
    return _nearby_moment(text)


def _nearby_moment(text: str) -> list[Any]:
    try:
        moment = parse_written(text)
    except PydanticCustomError:
        return []
    return [moved for sign in (-1, 1) if (moved := _moved(moment, sign)) is not None]


def _moved(moment: date | datetime, sign: int) -> str | None:
    """A day or a second earlier or later; None where that cannot be written."""
    try:
        if not isinstance(moment, datetime):
            return (moment + timedelta(days=sign)).isoformat()
        return (moment + timedelta(seconds=sign)).isoformat(sep=" ").replace("+00:00", "Z")
    except OverflowError:
        return None


def _amount(match: re.Match[str], sign: int) -> str:
    return f"{int(match[1]) + sign}{match[2]}"


def _share(match: re.Match[str], sign: int) -> str:
    return f"{int(match[1]) + sign}%"


def _month_day(match: re.Match[str], sign: int) -> str:
    day = datetime(2024, int(match[1]), int(match[2])) + timedelta(days=sign)  # noqa: DTZ001 a day of a leap year
    return f"{day.month:02}-{day.day:02}"


def _version(match: re.Match[str], sign: int) -> str:
    return f"{match[1]}{int(match[2]) + sign}"


_Change = Callable[[re.Match[str], int], str | None]
_CHANGES: tuple[tuple[re.Pattern[str], _Change], ...] = (
    (_AMOUNT, _amount),
    (_SHARE, _share),
    (_MONTH_DAY, _month_day),
    (re.compile(r"(v?(?:[0-9]+\.)*)([0-9]+)"), _version),
)
