"""Tests on texts, run once on a column's dictionary and never on its rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.engine.versions import in_versions
from segctl.index.column import Bits
from segctl.logic.bound import Equals, Matches, Text, Versions
from segctl.logic.letters import lower_case
from segctl.logic.nodes import TextKind

TextTest = Equals | Text | Matches | Versions


def matching(dictionary: pa.Array, test: TextTest) -> Bits:
    """Which of the dictionary's texts pass."""
    match test:
        case Matches():
            return _found(dictionary, test)
        case Versions():
            return in_versions(dictionary, test)
        case _:
            return _searched(dictionary, test)


def _found(texts: pa.Array, test: Matches) -> Bits:
    """In which texts a pattern is found, by the same RE2."""
    passed = np.zeros(len(texts), dtype=np.bool_)
    for pattern in test.patterns:
        passed |= _bits(pc.match_substring_regex(texts, pattern, ignore_case=test.ignore_case))
    return passed


def _searched(dictionary: pa.Array, test: Equals | Text) -> Bits:
    texts = folded(dictionary) if test.ignore_case else dictionary
    wanted = test.values if isinstance(test, Equals) else test.texts
    if test.ignore_case:
        wanted = tuple(lower_case(str(text)) for text in wanted)
    if isinstance(test, Equals):
        return _bits(pc.is_in(texts, value_set=pa.array(wanted, type=texts.type)))
    passed = np.zeros(len(texts), dtype=np.bool_)
    for text in wanted:
        passed |= _bits(_search(texts, test.kind, str(text)))
    return passed


def _search(texts: pa.Array, kind: TextKind, text: str) -> pa.Array:
    match kind:
        case TextKind.CONTAINS:
            return pc.match_substring(texts, text)
        case TextKind.STARTS:
            return pc.starts_with(texts, text)
        case TextKind.ENDS:
            return pc.ends_with(texts, text)


def folded(texts: pa.Array) -> pa.Array:
    """All texts in lower case; Arrow's own lower-casing of other than ASCII follows another Unicode version."""
    lower = pc.ascii_lower(texts)
    foreign = np.flatnonzero(~_bits(pc.string_is_ascii(texts)))
    if not len(foreign):
        return lower
    changed = [lower_case(text) for text in texts.take(pa.array(foreign)).to_pylist()]
    mask = np.zeros(len(texts), dtype=np.bool_)
    mask[foreign] = True
    return pc.replace_with_mask(lower, pa.array(mask), pa.array(changed, type=texts.type))


def _bits(booleans: pa.Array) -> Bits:
    bits: Bits = booleans.to_numpy(zero_copy_only=False).astype(np.bool_)
    return bits
