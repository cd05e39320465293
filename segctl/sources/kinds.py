"""What texts could be read as: every value of a CSV column has a say, never a sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from segctl.logic.types import Scalar
from segctl.sources.shape import ANYTHING
from segctl.sources.times import are_times, split_infinity

Kinds = frozenset[Scalar]

_INTEGER = r"^-?(0|[1-9]\d{0,18})$"
_NUMBER = (
    r"^([+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
    r"|-?[nN][aA][nN]|[+-]?[iI][nN][fF]([iI][nN][iI][tT][yY])?)$"
)
_WHOLE = r"^[+-]?\d+$"
"""A leading zero makes a text (a postal code, an article number), and so does a whole number beyond 64 bits."""

_DATE = r"^\d{4}-\d{2}-\d{2}$"
_FEW = 16
TEXT_TIMES: Kinds = frozenset({Scalar.DATE, Scalar.TIME})
"""What a JSON string may be read as."""


def kinds_of(texts: pa.StringArray, possible: Kinds = ANYTHING) -> Kinds:
    """Those of the possible kinds that all texts can be read as; nulls have no say."""
    values = pc.unique(texts).drop_null()
    if not possible or not len(values):
        return possible
    for part in (values.slice(0, _FEW), values.slice(_FEW)):  # most kinds fall at the first few values
        for kind, reads in _TESTS.items():
            if kind in possible and len(part) and not reads(part):
                possible -= {kind}
    return possible


def _all_match(texts: pa.StringArray, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, pattern)).as_py())


def _booleans(texts: pa.StringArray) -> bool:
    return _all_match(texts, "^(?i:true|false)$")


def _integers(texts: pa.StringArray) -> bool:
    return _all_match(texts, _INTEGER) and _casts(texts, pa.int64())


def _numbers(texts: pa.StringArray) -> bool:
    if not _all_match(texts, _NUMBER):
        return False
    whole = texts.filter(pc.match_substring_regex(texts, _WHOLE))
    return _casts(pc.utf8_ltrim(whole, characters="+"), pa.int64())


def _dates(texts: pa.StringArray) -> bool:
    texts = split_infinity(texts)[0].drop_null()
    return _all_match(texts, _DATE) and _casts(texts, pa.date32())


def _times(texts: pa.StringArray) -> bool:
    return are_times(texts)


def _casts(texts: pa.StringArray, kind: pa.DataType) -> bool:
    try:
        texts.cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


_TESTS: Mapping[Scalar, Callable[[pa.StringArray], bool]] = {
    Scalar.BOOL: _booleans,
    Scalar.INT: _integers,
    Scalar.FLOAT: _numbers,
    Scalar.DATE: _dates,
    Scalar.TIME: _times,
}
