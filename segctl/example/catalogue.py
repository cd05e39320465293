"""The products: prices, colours, launches, and a popularity with a long tail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from segctl.example.assortment import CATEGORIES, MODELS, SHELVES, Shelf
from segctl.example.columns import Codes, serials
from segctl.example.seasons import DAY_US, FIRST, LAST, OPENED, Floats, Ints, day_number, day_of


@dataclass(frozen=True)
class Catalogue:
    """One row per product, ordered by category and shelf; the first of each shelf is its evergreen."""

    table: pa.Table
    labels: pa.Array
    category: Ints
    shelf: Ints
    cents: Ints
    launched: Ints
    evergreen: Ints
    popularity: Floats

    def draw(self, rng: np.random.Generator, categories: Ints, instants: Ints) -> Codes:
        """A product of each category, by popularity; before its launch the shelf's evergreen in its place."""
        summed = np.concatenate([[0.0], np.cumsum(self.popularity)])
        starts = np.searchsorted(self.category, np.arange(len(CATEGORIES)))
        low = summed[starts][categories]
        high = summed[np.append(starts[1:], len(self.category))][categories]
        found = np.searchsorted(summed, low + rng.random(len(categories)) * (high - low), "right") - 1
        product = np.clip(found, 0, len(self.category) - 1)
        early = self.launched[product] * DAY_US > instants
        drawn: Codes = np.where(early, self.evergreen[product], product).astype(np.int32)
        return drawn


def _price(rng: np.random.Generator, prices: tuple[int, int]) -> int:
    low, high = np.log(prices[0]), np.log(prices[1])
    euros = int(np.exp(np.clip(rng.normal(low + 0.42 * (high - low), 0.24 * (high - low)), low, high)))
    return euros * 100 + int(rng.choice([0, 50, 90, 95], p=[0.15, 0.15, 0.5, 0.2]))


def _product(rng: np.random.Generator, shelf: Shelf, rank: int, model: str) -> dict[str, Any]:
    brand = shelf.brands[int(rng.integers(len(shelf.brands)))]
    color = shelf.colors[int(rng.integers(len(shelf.colors)))] if shelf.colors else None
    evergreen = rank == 0 or rng.random() < 0.6  # noqa: PLR2004  (six of ten products are older than the data)
    first, last = (day_number(OPENED), FIRST - 30) if evergreen else (FIRST, LAST - 20)
    launch = day_number(OPENED) if rank == 0 else int(rng.integers(first, last))
    return {
        "name": f"{brand} {model} {shelf.noun}" + (f", {color}" if color else ""),
        "category": shelf.category, "subcategory": shelf.name, "color": color, "brand": brand,
        "price": _price(rng, shelf.prices), "launch": launch,
        "in_stock": rank == 0 or bool(rng.random() < (0.93 if launch >= FIRST else 0.86)),
        "popularity": shelf.weight / shelf.products**0.4 * float(rng.lognormal(0, 0.35)) / (rank + 1.4) ** 1.1,
    }  # fmt: skip


def _shelf_products(rng: np.random.Generator, shelf: Shelf) -> list[dict[str, Any]]:
    models = rng.permutation(len(MODELS))[: shelf.products]
    return [_product(rng, shelf, rank, MODELS[int(model)]) for rank, model in enumerate(models)]


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _table(rows: list[dict[str, Any]], labels: pa.Array) -> pa.Table:
    return pa.table({
        "product_id": labels,
        **{key: pa.array([row[key] for row in rows], pa.string())
           for key in ("name", "category", "subcategory", "color", "brand")},
        "price": pa.array([_euros(row["price"]) for row in rows]),
        "launch_date": pa.array([day_of(row["launch"]).isoformat() for row in rows]),
        "in_stock": pa.array(["true" if row["in_stock"] else "false" for row in rows]),
    })  # fmt: skip


def make_catalogue(rng: np.random.Generator) -> Catalogue:
    """The shop's products, a few hundred of them."""
    shelves = [_shelf_products(rng, shelf) for shelf in SHELVES]
    rows = [row for products in shelves for row in products]
    sizes = np.array([len(products) for products in shelves])
    starts = np.cumsum(sizes) - sizes
    labels = serials("P", len(rows), 4)
    return Catalogue(
        table=_table(rows, labels),
        labels=labels,
        category=np.array([CATEGORIES.index(row["category"]) for row in rows]),
        shelf=np.repeat(np.arange(len(SHELVES)), sizes),
        cents=np.array([row["price"] for row in rows]),
        launched=np.array([row["launch"] for row in rows]),
        evergreen=np.repeat(starts, sizes),
        popularity=np.array([row["popularity"] for row in rows]),
    )
