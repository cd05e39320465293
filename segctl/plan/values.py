"""What happens to the values of a trait: how they are spread before and after, and whose change, and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segctl.index.column import Bits

SHARES = (0, 25, 50, 75, 95, 100)
"""The quantiles that are told, in percent: from the least to the greatest value."""

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Distribution:
    """How values are spread: the users who have one, how many different ones, quantiles by nearest rank.

    Quantiles are for `SHARES`; only numbers, dates (days) and times (UTC microseconds) have some.
    `type` is Arrow's name of the type.
    """

    type: str
    users: int
    distinct: int
    quantiles: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """The effect on the values of a trait, over today's users.

    Every user whose value differs is counted once: `by_data` if the old definition on today's data
    gives another value than the published one, else `by_definition`. A value that comes or goes differs.
    `before` is None for a new trait, `after` for one that is removed.
    """

    before: Distribution | None
    after: Distribution | None
    by_definition: int = 0
    by_data: int = 0

    @property
    def changed(self) -> int:
        """How many users' values differ."""
        return self.by_definition + self.by_data


def distribution(values: pa.Array) -> Distribution:
    """How the values of a column are spread."""
    present = values.drop_null()
    return Distribution(str(values.type), len(present), _different(present), _quantiles(present))


def _different(present: pa.Array) -> int:
    """How many different values there are."""
    if pa.types.is_null(present.type):
        return 0
    if pa.types.is_list(present.type):
        return len({tuple(one) for one in plain_list(present)})
    return int(pc.count_distinct(present).as_py())


def plain_list(values: pa.Array) -> list[Any]:
    """The values as Python holds them; dates and times as days and UTC microseconds, whatever their year."""
    if pa.types.is_list(values.type):
        lists = values.cast(pa.list_(_plain_type(values.type.value_type)))
        return list(lists.to_pylist())
    return list(values.cast(_plain_type(values.type)).to_pylist())


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_date(kind):
        return pa.int32()
    return pa.int64() if pa.types.is_timestamp(kind) else kind


def _quantiles(present: pa.Array) -> tuple[Number, ...]:
    kind = present.type
    if not len(present) or not (
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_date(kind) or pa.types.is_timestamp(kind)
    ):
        return ()
    ordered = np.sort(_finite(_numbers(present)))
    if not len(ordered):
        return ()
    places = [max(0, -(-len(ordered) * share // 100) - 1) for share in SHARES]
    return tuple(_exact(ordered[place]) for place in places)


def _numbers(present: pa.Array) -> npt.NDArray[np.generic]:
    return np.asarray(present.cast(_plain_type(present.type)))


def _finite(numbers: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Without infinities, which no JSON can say: the property that is taken over as it is may hold them."""
    return numbers[np.isfinite(numbers)] if numbers.dtype.kind == "f" else numbers


def _exact(number: np.generic) -> Number:
    value = number.item()
    return Decimal(repr(value)) if isinstance(value, float) else int(value)


def created(new: pa.Array) -> Values:
    """Everybody with a value gets it by definition."""
    spread = distribution(new)
    return Values(None, spread, by_definition=spread.users)


def moved(stored: pa.Array, before: Distribution, old: pa.Array | None, new: pa.Array) -> Values:
    """From the published values to today's; all columns are over today's users.

    `before` is how the published values were spread, over the users of then. `old` is the old definition
    on today's data; None if it cannot be evaluated any more, and then it counts as what was published.
    """
    differs = different(stored, new)
    by_data = np.zeros(len(differs), dtype=np.bool_) if old is None else differs & different(stored, old)
    counts = int(np.count_nonzero(differs)), int(np.count_nonzero(by_data))
    return Values(before, distribution(new), by_definition=counts[0] - counts[1], by_data=counts[1])


def different(one: pa.Array, other: pa.Array) -> Bits:
    """Where two columns do not hold the same, a missing value being the same as a missing value."""
    if one.type != other.type:
        there: Bits = np.asarray(pc.or_(one.is_valid(), other.is_valid()))
        return there
    missing: tuple[Bits, Bits] = np.asarray(one.is_null()), np.asarray(other.is_null())
    if pa.types.is_list(one.type):
        pairs = zip(plain_list(one), plain_list(other), strict=True)
        return np.fromiter((left != right for left, right in pairs), dtype=np.bool_, count=len(one))
    equal: Bits = np.asarray(pc.fill_null(pc.equal(one, other), False))
    return ~(equal | (missing[0] & missing[1]))
