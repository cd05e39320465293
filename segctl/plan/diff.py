"""Two definitions as written, field by field, with lists aligned.

In most lists the order says nothing. So equal elements are matched first, wherever they stand,
then those about the same thing (`attribute: country`), then those of the same form; what is left
over was added or removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from segctl.plan.plan import FieldChange
from segctl.state import canonical

_HEADS = (
    "attribute", "property", "trait", "event", "sequence", "segment", "extension", "list", "campaign",
    "engagement", "prediction", "bucket", "everyone", "not", "all", "any", "name",
)  # fmt: skip
_ORDERED = frozenset({"between", "attribute", "property", "of", "on", "sequence", "polygon"})
_VARIANTS = "variants"
_MANY = 100  # comparing each with each is quadratic

Pair = tuple[int | None, int | None]


def diff(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[FieldChange, ...]:
    """The fields that differ. Paths count by `after`, those of removed list elements by `before`."""
    return tuple(_mapping("", before, after))


def form(value: object, key: str = "") -> bytes:
    """A text that two values share if nothing but the order of keys and of unordered lists differs."""
    return canonical.encode(_sorted(value, key))


def _sorted(value: object, key: str) -> object:
    if isinstance(value, Mapping):
        return {name: _sorted(inner, name) for name, inner in value.items()}
    if not isinstance(value, list | tuple):
        return value
    inner = [_sorted(element, "") for element in value]
    return inner if key in _ORDERED or key == _VARIANTS else sorted(inner, key=canonical.encode)


def _walk(path: str, key: str, before: object, after: object) -> Iterator[FieldChange]:
    if form(before, key) == form(after, key):
        return
    if key == "where":
        before, after = _as_list(before), _as_list(after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _mapping(path, before, after)
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple) and key not in _ORDERED:
        yield from _list(path, before, after)
        if key == _VARIANTS:
            yield from _order(path, before, after)
    else:
        yield FieldChange(path, before, after)


def _as_list(where: object) -> object:
    """`where: x` and `where: {all: [x]}` are `where: [x]`."""
    if not isinstance(where, Mapping):
        return where
    return where["all"] if set(where) == {"all"} else [where]


def _mapping(path: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[FieldChange]:
    for key in [*before, *(key for key in after if key not in before)]:
        yield from _walk(f"{path}.{key}" if path else key, key, before.get(key), after.get(key))


def _list(path: str, before: Sequence[object], after: Sequence[object]) -> Iterator[FieldChange]:
    for old, new in sorted(_align(before, after), key=_place):
        was = None if old is None else before[old]
        now = None if new is None else after[new]
        yield from _walk(f"{path}[{old if new is None else new}]", "", was, now)


def _place(pair: Pair) -> tuple[int, int]:
    old, new = pair
    return (old or 0, 0) if new is None else (new, 1)


def _order(path: str, before: Sequence[object], after: Sequence[object]) -> Iterator[FieldChange]:
    """The order of variants decides who gets which, so it is told where they are the same ones."""
    was, now = _names(before), _names(after)
    if was != now and sorted(was) == sorted(now):
        yield FieldChange(path, was, now)


def _names(variants: Sequence[object]) -> list[str]:
    return [str(v["name"]) for v in variants if isinstance(v, Mapping) and "name" in v]


def _align(before: Sequence[object], after: Sequence[object]) -> Iterator[Pair]:
    """Which element became which; None for what was added or removed."""
    olds, news = dict(enumerate(before)), dict(enumerate(after))
    for signature in (form, _subject, _kind):
        for old, new in _matches(olds, news, signature):
            del olds[old], news[new]
            yield old, new
    yield from ((old, None) for old in olds)
    yield from ((None, new) for new in news)


def _matches(
    olds: dict[int, object], news: dict[int, object], signature: Callable[[object], Hashable]
) -> list[tuple[int, int]]:
    """Pairs of the same signature, the most alike ones; a signature of None matches nothing."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for old in reversed(olds):
        groups[signature(olds[old])].append(old)
    matches = []
    for new, element in news.items():
        sign = signature(element)
        if sign is not None and groups.get(sign):
            group = groups[sign]
            matches.append((group.pop(_closest([olds[old] for old in group], element)), new))
    return matches


def _closest(group: Sequence[object], element: object) -> int:
    """The place of the one most like the element; the last one of equals, and of very many."""
    last = len(group) - 1
    if not isinstance(element, Mapping) or not 0 < last < _MANY:
        return last
    return max(range(len(group)), key=lambda place: (_likeness(group[place], element), place))


def _likeness(before: object, after: object) -> int:
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return 0
    return sum(1 + (form(before[key]) == form(after[key])) for key in before if key in after)


def _head(element: Mapping[str, object]) -> str | None:
    return next((key for key in _HEADS if key in element), None)


def _subject(element: object) -> Hashable:
    if not isinstance(element, Mapping):
        return None
    head = _head(element)
    return None if head is None else (head, form(element[head], head))


def _kind(element: object) -> Hashable:
    if isinstance(element, Mapping):
        return _head(element) or "mapping"
    return "list" if isinstance(element, list | tuple) else "scalar"
