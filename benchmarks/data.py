"""A large shop: users, events of ten names over two years, and a catalogue, as Parquet files.

The same size gives the same files each time.
"""

# ruff: noqa: PLR2004 - shares and places of made-up data are their own names
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
MONTHS = 24
PRODUCTS = 5_000

_DAY_US = 86_400_000_000
_SPAN_US = 730 * _DAY_US
_END_US = int(AS_OF.timestamp()) * 1_000_000 + 2 * _DAY_US
"""The data goes on for two days after as_of: these events must not be seen."""

NAMES = {
    "session_start": 0.24, "product_viewed": 0.26, "added_to_cart": 0.10, "purchase": 0.08, "refund": 0.01,
    "email_sent": 0.14, "email_opened": 0.06, "email_clicked": 0.02, "login": 0.05, "search": 0.04,
}  # fmt: skip
COUNTRIES = (
    "FR", "DE", "ES", "IT", "GB", "BE", "NL", "NO", "SE", "PL", "PT", "AT", "CH", "IE", "DK", "FI", "GR", "CZ",
)  # fmt: skip
COLORS = ("red", "blue", "green", "black", "white", "yellow", "pink", "grey", "brown", "orange", "purple", "beige")
CATEGORIES = ("shoes", "shirts", "trousers", "dresses", "jackets", "bags", "hats", "sports", "home", "garden")
DEVICES = ("ios", "android", "web")
INTERESTS = ("sport", "music", "art", "food", "travel", "books", "games", "cars", "fashion", "home")

Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Size:
    """How much is generated."""

    users: int
    events: int


def generate(folder: Path, size: Size) -> None:
    """Write the files, unless a run before has written all of them."""
    done = folder / f"complete-{size.users}-{size.events}"
    if done.exists():
        return
    (folder / "events").mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(20261101)
    pq.write_table(users(chance, size), folder / "users.parquet")
    pq.write_table(products(chance), folder / "products.parquet")
    for month, table in enumerate(months(chance, size)):
        pq.write_table(table, folder / "events" / f"{month:02}.parquet", row_group_size=1 << 18)
    done.touch()


def user_ids(numbers: npt.NDArray[np.integer]) -> pa.Array:
    """Ids of eight characters."""
    digits = np.char.zfill(numbers.astype("U7"), 7)
    return pa.array(np.char.add("u", digits))


def users(chance: np.random.Generator, size: Size) -> pa.Table:
    """Attributes of all types, with nulls."""
    n = size.users
    signup = _END_US - chance.integers(0, 2 * _SPAN_US, n)
    birthday = chance.integers(-14_000, 13_000, n).astype(np.int32)
    return pa.table({
        "user_id": user_ids(np.arange(n)),
        "country": _texts(chance, COUNTRIES, n, missing=0.02),
        "plan": _texts(chance, ("free", "basic", "plus", "pro"), n),
        "age": pa.array(chance.integers(16, 90, n), mask=chance.random(n) < 0.1),
        "score": pa.array(np.round(chance.gamma(2.0, 20.0, n), 2), mask=chance.random(n) < 0.05),
        "email_subscribed": pa.array(chance.random(n) < 0.7),
        "signup": pa.array(signup, pa.timestamp("us", "UTC")),
        "birthday": pa.array(birthday, pa.date32(), mask=chance.random(n) < 0.3),
        "address": _addresses(chance, n),
        "interests": _interests(chance, n),
    })  # fmt: skip


def _texts(chance: np.random.Generator, words: tuple[str, ...], n: int, missing: float = 0.0) -> pa.Array:
    codes = np.minimum((chance.exponential(len(words) / 3, n)).astype(np.int32), len(words) - 1)
    mask = chance.random(n) < missing if missing else None
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=mask), list(words)).cast(pa.string())


def _addresses(chance: np.random.Generator, n: int) -> pa.StructArray:
    cities = [f"city {number:03}" for number in range(300)]
    codes = pa.array(np.minimum(chance.exponential(60, n), 299).astype(np.int32))
    zips = chance.integers(10_000, 99_999, n)
    city = pa.DictionaryArray.from_arrays(codes, cities).cast(pa.string())
    return pa.StructArray.from_arrays([city, pa.array(zips)], ["city", "zip"])


def _interests(chance: np.random.Generator, n: int) -> pa.ListArray:
    lengths = chance.integers(0, 5, n)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    codes = chance.integers(0, len(INTERESTS), offsets[-1]).astype(np.int32)
    return pa.ListArray.from_arrays(offsets, pa.DictionaryArray.from_arrays(codes, INTERESTS).cast(pa.string()))


def products(chance: np.random.Generator) -> pa.Table:
    """The catalogue."""
    return pa.table(
        {
            "product_id": [f"p{number:05}" for number in range(PRODUCTS)],
            "category": _texts(chance, CATEGORIES, PRODUCTS),
            "price": np.round(chance.gamma(2.0, 25.0, PRODUCTS), 2),
        }
    )


def months(chance: np.random.Generator, size: Size) -> Iterator[pa.Table]:
    """The events, a file per month; some users do much more than others."""
    weights = np.cumsum(chance.lognormal(0.0, 1.0, size.users))
    per_month = size.events // MONTHS
    for month in range(MONTHS):
        start = _END_US - _SPAN_US + _SPAN_US * month // MONTHS
        times = np.sort(start + chance.integers(0, _SPAN_US // MONTHS, per_month))
        numbers = np.searchsorted(weights, chance.random(per_month) * weights[-1])
        yield _events(chance, numbers, times)


def _events(chance: np.random.Generator, numbers: npt.NDArray[np.integer], times: npt.NDArray[np.int64]) -> pa.Table:
    n = len(times)
    names = chance.choice(len(NAMES), n, p=list(NAMES.values())).astype(np.int32)
    bought, back, cart, viewed = (names == place for place in (3, 4, 2, 1))
    mailed = (names >= 5) & (names <= 7)
    product = np.minimum(chance.exponential(PRODUCTS / 5, n), PRODUCTS - 1).astype(np.int32)
    return pa.table({
        "user_id": user_ids(numbers),
        "event": pa.DictionaryArray.from_arrays(names, list(NAMES)).cast(pa.string()),
        "ts": pa.array(times, pa.timestamp("us", "UTC")),
        "amount": pa.array(np.round(chance.gamma(1.5, 40.0, n), 2), mask=~(bought | back)),
        "quantity": pa.array(chance.geometric(0.6, n), mask=~(bought | cart)),
        "product_id": _coded(product, [f"p{number:05}" for number in range(PRODUCTS)], bought | cart | viewed),
        "color": _coded(chance.integers(0, len(COLORS), n), COLORS, bought | cart),
        "campaign": _coded(chance.integers(0, 60, n), [f"campaign {number:02}" for number in range(60)], mailed),
        "device": _coded(chance.integers(0, 3, n), DEVICES, (names == 0) | (names == 8)),
    })  # fmt: skip


def _coded(codes: npt.NDArray[np.integer], words: tuple[str, ...] | list[str], there: Rows) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=~there), list(words)).cast(pa.string())
