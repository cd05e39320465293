"""Event names of the data that are near to a name: in spelling, or in words, whatever their order and case."""

from __future__ import annotations

import difflib
import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from segctl.disclosure import are_names

NEAREST = 3
_LISTED = 8
_LONGEST = 200
_MOST_SPELT = 2_000
"""Among more names none is looked for that is only spelt alike."""

_ALIKE, _TYPO = 0.6, 0.85
_ENOUGH = 0.3
"""The least share of a name's words that makes another one near."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_ENDINGS = ("ed", "es", "s")
_SHORTEST = 3


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three names, the nearest first; one alone if it has the same words. Names that look like values are not."""
    if len(name) > _LONGEST:
        return ()
    return _nearest(name, _names(frozenset(known)))


def meant(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest names; where none is near, the first ones that there are."""
    names = frozenset(known)
    near = nearest(name, names)
    if near:
        return f"did you mean {' or '.join(f'`{one}`' for one in near)}?"
    some = [one for one in sorted(names)[:_LISTED] if are_names((one,))]
    return f"there is {', '.join(f'`{one}`' for one in some)}{', …' if len(names) > len(some) else ''}" if some else ""


def all_names(known: Collection[str]) -> str:
    """How many names there are, and how to see them."""
    names = f"{len(known):,} event name{'' if len(known) == 1 else 's'}"
    return f"the data has {names}: see `segctl list --events`" if known else "the data has no events"


@dataclass(frozen=True, eq=False)
class _Names:
    """Names by their words. `weights`: a word that many names have tells little."""

    words: Mapping[str, tuple[str, ...]]
    having: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]


@lru_cache(maxsize=4)
def _names(known: frozenset[str]) -> _Names:
    words = {name: _words(name) for name in sorted(known) if len(name) <= _LONGEST and are_names((name,))}
    having: dict[str, list[str]] = defaultdict(list)
    for name, parts in words.items():
        for word in dict.fromkeys(parts):
            having[word].append(name)
    weights = {word: math.log(1 + len(words) / len(names)) for word, names in having.items()}
    return _Names(words, {word: tuple(names) for word, names in having.items()}, weights)


@lru_cache(maxsize=1024)
def _nearest(name: str, names: _Names) -> tuple[str, ...]:
    words = _words(name)
    same = tuple(other for other, parts in names.words.items() if sorted(parts) == sorted(words))
    if same:
        return same[:NEAREST]
    spelt = _spelt(name, names)
    return tuple(dict.fromkeys([*spelt, *_sharing(words, names)]))[: 1 if _is_typo(name, spelt) else NEAREST]


def _spelt(name: str, names: _Names) -> list[str]:
    """Those that are spelt alike, case and separators aside."""
    plain: dict[str, list[str]] = defaultdict(list)
    for other in names.words if len(names.words) <= _MOST_SPELT else ():
        plain[_plain(other)].append(other)
    close = difflib.get_close_matches(_plain(name), sorted(plain), n=NEAREST, cutoff=_ALIKE)
    return [other for one in close for other in plain[one]]


def _is_typo(name: str, spelt: list[str]) -> bool:
    return bool(spelt) and difflib.SequenceMatcher(None, _plain(name), _plain(spelt[0])).ratio() >= _TYPO


def _sharing(words: tuple[str, ...], names: _Names) -> list[str]:
    """Those that share enough words, those with the most telling ones first."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(set(words)):
        for name in names.having.get(word, ()):
            found[name].append(word)
    enough = [name for name, shared in found.items() if len(shared) >= _ENOUGH * len(set(words))]
    return sorted(enough, key=lambda name: (-sum(map(names.weights.__getitem__, found[name])), len(name), name))


def _words(name: str) -> tuple[str, ...]:
    return tuple(_stem(word.casefold()) for word in _WORDS.findall(name))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending)
    return word


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
