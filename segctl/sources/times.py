"""Times as files hold them -- timestamps, dates, texts, numbers -- to UTC microseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.logic.calendar import INFINITE_US
from segctl.sources.arrays import Mask, both, is_text, numbers_of, plain, rows_where, valid_of
from segctl.sources.zones import infinite, to_utc

Ints = npt.NDArray[np.int64]

_DAY_US = 86_400_000_000
_PER_US = {"s": 1_000_000, "ms": 1000, "us": 1}
_LIMIT = 1 << 62
_ZONED = r"\d[ T]\d{2}.*?(Z|[+-]\d{2}(:?\d{2})?)$"
_NS_PER_US = 1000


@dataclass(frozen=True, eq=False)
class Instants:
    """UTC microseconds, 0 where there is none; `wrong` are values that are no time."""

    us: Ints
    valid: Mask | None
    wrong: Mask | None = None


def instants(array: pa.Array, zone: str = "UTC", unit: str | None = None) -> Instants:
    """The instants of timestamps, dates, texts, or (with a unit) numbers; `zone` for those without one."""
    array = plain(array)
    kind = array.type
    if pa.types.is_null(kind):
        return Instants(np.zeros(len(array), dtype=np.int64), np.zeros(len(array), dtype=np.bool_))
    if is_text(kind):
        return _from_numerals(array, unit) if unit else from_texts(array, zone)
    valid = valid_of(array)
    if pa.types.is_timestamp(kind):
        return _from_timestamps(array, valid, zone)
    if pa.types.is_date(kind):
        return Instants(_midnights(days_of(array), zone), valid)
    return _from_numbers(numbers_of(array), valid, unit or "us")


def days_of(array: pa.Array) -> Ints:
    """Days since 1970 of date32 or date64 values."""
    if pa.types.is_date32(array.type):
        return numbers_of(array.view(pa.int32())).astype(np.int64)
    return np.asarray(numbers_of(array.view(pa.int64())), dtype=np.int64) // 86_400_000


def _midnights(days: Ints, zone: str) -> Ints:
    """When days begin; days that no instant of 64 bits can tell are infinity."""
    most = INFINITE_US // _DAY_US
    starts = to_utc(np.clip(days, -most, most) * _DAY_US, zone)
    return np.where(np.abs(days) > most, np.sign(days) * INFINITE_US, starts)


def _from_timestamps(array: pa.Array, valid: Mask | None, zone: str) -> Instants:
    read = _from_numbers(numbers_of(array.view(pa.int64())), valid, array.type.unit)
    if array.type.tz is not None:
        return read
    return Instants(to_utc(read.us, zone), read.valid, read.wrong)


def _from_numbers(numbers: npt.NDArray[np.generic], valid: Mask | None, unit: str) -> Instants:
    if np.issubdtype(numbers.dtype, np.floating):
        return _from_floats(numbers.astype(np.float64), valid, unit)
    if unit == "ns":
        return Instants(np.asarray(numbers.astype(np.int64) // _NS_PER_US), valid)
    scale = _PER_US[unit]
    if scale == 1:
        return Instants(numbers.astype(np.int64, copy=False), valid)
    wrong = np.abs(numbers.astype(np.float64)) > _LIMIT // scale
    if not wrong.any():
        return Instants(numbers.astype(np.int64) * scale, valid)
    forever = np.where(infinite(numbers), np.sign(numbers), 0).astype(np.int64)
    us = np.where(wrong, forever * INFINITE_US, np.where(wrong, 0, numbers.astype(np.int64)) * scale)
    wrong &= forever == 0
    return Instants(us, valid, wrong if wrong.any() else None)


def _from_floats(numbers: npt.NDArray[np.float64], valid: Mask | None, unit: str) -> Instants:
    """To the nearest microsecond: a double holds no more of today's times in seconds."""
    us = numbers / _NS_PER_US if unit == "ns" else numbers * _PER_US[unit]
    missing = np.isnan(us)
    wrong = np.abs(us) > _LIMIT
    safe = np.rint(np.where(missing | wrong, 0.0, us)).astype(np.int64)
    valid = both(valid, ~missing) if missing.any() else valid
    return Instants(safe, valid, wrong if wrong.any() else None)


def _from_numerals(texts: pa.StringArray, unit: str) -> Instants:
    numeral = pc.match_substring_regex(texts, r"^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$").fill_null(True)
    wrong = ~np.asarray(numeral.to_numpy(zero_copy_only=False))
    values = pc.if_else(numeral, texts, None) if wrong.any() else texts
    try:
        numbers = values.cast(pa.int64())
    except pa.ArrowInvalid:
        numbers = values.cast(pa.float64())
    read = _from_numbers(numbers_of(numbers), valid_of(texts), unit)
    return Instants(read.us, read.valid, wrong if read.wrong is None else wrong | read.wrong)


# --- texts -------------------------------------------------------------------------------------


def from_texts(texts: pa.StringArray, zone: str) -> Instants:
    """Dates and date-times as ISO 8601 writes them, with a blank or a T, a fraction, an offset or a Z."""
    valid = valid_of(texts)
    if (naive := _cast(texts, zoned=False)) is not None:
        return Instants(to_utc(numbers_of(naive).astype(np.int64), zone), valid)
    if (aware := _cast(texts, zoned=True)) is not None:
        return Instants(numbers_of(aware).astype(np.int64), valid)
    finite, forever = split_infinity(texts)
    tidy, zoned = _tidy(finite)
    us, wrong = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.bool_)
    for rows, aware_ones in ((rows_where(~zoned), False), (rows_where(zoned), True)):
        part, bad = _each(tidy.take(pa.array(rows)), zoned=aware_ones)
        us[rows] = part if aware_ones else to_utc(part, zone)
        wrong[rows] = bad
    us = np.where(forever, forever * INFINITE_US, us)
    return Instants(us, valid, wrong if wrong.any() else None)


def split_infinity(texts: pa.StringArray) -> tuple[pa.StringArray, Ints]:
    """The texts without PostgreSQL's `infinity` and `-infinity`, and where these were: 1 and -1, else 0."""
    found = np.zeros(len(texts), dtype=np.int64)
    for sign, word in ((1, "infinity"), (-1, "-infinity")):
        found[np.asarray(pc.equal(texts, word).fill_null(False))] = sign
    return pc.if_else(pa.array(found == 0), texts, None), found


def are_times(texts: pa.StringArray) -> bool:
    """Whether all texts are dates or date-times; nulls are no hindrance."""
    if any(_cast(texts, zoned=zoned) is not None for zoned in (False, True)):
        return True
    tidy, zoned = _tidy(split_infinity(texts)[0])
    parts = ((rows_where(~zoned), False), (rows_where(zoned), True))
    return all(_cast(tidy.take(pa.array(rows)), zoned=aware) is not None for rows, aware in parts)


def _tidy(texts: pa.StringArray) -> tuple[pa.StringArray, Mask]:
    """The texts as Arrow reads them, and which carry an offset.

    More than six digits of a second are cut (a floor), a blank before the offset goes, UTC is Z.
    """
    cut = pc.replace_substring_regex(texts, r"(\.\d{6})\d+", r"\1")
    joined = pc.replace_substring_regex(cut, r" ?(Z|[+-]\d{2}:?\d{2})$", r"\1")
    tidy = pc.replace_substring_regex(joined, r" ?UTC$", "Z")
    zoned = pc.match_substring_regex(tidy, _ZONED).fill_null(False)
    return tidy, np.asarray(zoned.to_numpy(zero_copy_only=False))


def _cast(texts: pa.StringArray, *, zoned: bool) -> pa.Array | None:
    try:
        return texts.cast(pa.timestamp("us", "UTC" if zoned else None)).view(pa.int64())
    except pa.ArrowInvalid:
        return None


def _each(texts: pa.StringArray, *, zoned: bool) -> tuple[Ints, Mask]:
    """The microseconds and which texts are no time; halves what does not cast, down to single texts."""
    whole = _cast(texts, zoned=zoned)
    if whole is not None:
        return numbers_of(whole).astype(np.int64), np.zeros(len(texts), dtype=np.bool_)
    if len(texts) == 1:
        return np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.bool_)
    middle = len(texts) // 2
    (left, wrong_left), (right, wrong_right) = (
        _each(part, zoned=zoned) for part in (texts.slice(0, middle), texts.slice(middle))
    )
    return np.concatenate([left, right]), np.concatenate([wrong_left, wrong_right])
