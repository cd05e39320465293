"""Columns and streams of events before they are files: flat numpy arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.example.seasons import Ints

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Texts:
    """A text per row, as a number into `labels`; -1 is none. Streams share the labels of a column."""

    codes: Codes
    labels: pa.Array

    def take(self, rows: npt.NDArray[np.generic]) -> Texts:
        """The texts of these rows."""
        return Texts(self.codes[rows], self.labels)


@dataclass(frozen=True)
class Numbers:
    """A number per row: whole (int64), or euros as cents where `cents`."""

    values: Ints
    cents: bool = False


Column = Texts | Numbers


@dataclass(frozen=True)
class Stream:
    """Events of one name: the number of the user (-1 nobody known), the instant, the properties."""

    name: str
    users: Codes
    times: Ints
    properties: Mapping[str, Column]


def texts(codes: npt.NDArray[np.generic], labels: Sequence[str] | pa.Array) -> Texts:
    """A column of texts."""
    array = labels if isinstance(labels, pa.Array) else pa.array(list(labels), pa.string())
    return Texts(codes.astype(np.int32), array)


def serials(prefix: str, count: int, width: int) -> pa.Array:
    """The texts `prefix` + 1, 2, ... up to count, padded with zeros to the width."""
    import pyarrow.compute as pc

    digits = pc.utf8_lpad(pa.array(np.arange(1, count + 1)).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def rank_of(order: Ints) -> Codes:
    """The place of each row when sorted by `order`, an argsort."""
    places = np.empty(len(order), np.int32)
    places[order] = np.arange(len(order), dtype=np.int32)
    return places


def choose(rng: np.random.Generator, weights: Sequence[float] | npt.NDArray[np.float64], size: int) -> Ints:
    """That many draws of a number below len(weights), by weight."""
    cumulated = np.cumsum(np.asarray(weights, float))
    found: Ints = np.searchsorted(cumulated, rng.random(size) * cumulated[-1], "right")
    return np.minimum(found, len(cumulated) - 1)
