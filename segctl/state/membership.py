"""A membership as bytes: one bit per user, a campaign's variants behind them, compressed.

The digest is of the uncompressed content, so it does not depend on the compressor's version.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.index.column import Bits
from segctl.state import canonical
from segctl.state.written import Unreadable

Variants = npt.NDArray[np.int16]
"""A variant's number per user of the population; -1 is no member."""

_MAGIC = b"segctl-membership-1\n"
_HEADER = struct.Struct("<64sQQ?")  # the population's digest, users, members, are there variants
_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, eq=False)
class Membership:
    """Who of a population is in, in its order; `variants` says of a campaign's members which they get."""

    population: str
    bits: Bits
    variants: Variants | None = None

    @property
    def members(self) -> int:
        """How many are in."""
        return int(np.count_nonzero(self.bits))


@dataclass(frozen=True, slots=True)
class Packed:
    """A membership as it is stored: much smaller than its bits, so many can be held at once."""

    population: str
    digest: str
    members: int
    data: bytes = field(compare=False, repr=False)


def content(membership: Membership) -> bytes:
    """What the digest is of: header, packed bits, and the members' variants."""
    bits, variants = membership.bits, membership.variants
    parts = [
        _HEADER.pack(membership.population.encode(), len(bits), membership.members, variants is not None),
        np.packbits(bits, bitorder="little").tobytes(),
    ]
    if variants is not None:
        parts.append(variants[bits].astype("<i2").tobytes())
    return b"".join(parts)


def pack(membership: Membership) -> Packed:
    """The bytes of a membership's file, and what names it: equal ones over the same population share it."""
    plain = content(membership)
    data = _MAGIC + _LENGTH.pack(len(plain)) + pa.compress(plain, codec="zstd", asbytes=True)
    return Packed(membership.population, canonical.digest(plain), membership.members, data)


def unpack(data: bytes, digest: str) -> Membership:
    """The membership of this digest; `Unreadable` if one bit of it is another."""
    if not data.startswith(_MAGIC):
        raise Unreadable("it is not a membership of this version")
    start = len(_MAGIC) + _LENGTH.size
    try:
        (length,) = _LENGTH.unpack_from(data, len(_MAGIC))
        plain = pa.decompress(data[start:], decompressed_size=length, codec="zstd", asbytes=True)
    except (struct.error, OSError, ValueError, OverflowError, MemoryError) as error:
        raise Unreadable("it is torn") from error
    if canonical.digest(plain) != digest:
        raise Unreadable("its content does not match its digest")
    return _parse(plain)


def _parse(plain: bytes) -> Membership:
    population, users, members, has_variants = _HEADER.unpack_from(plain)
    start, stop = _HEADER.size, _HEADER.size + (users + 7) // 8
    packed = np.frombuffer(plain[start:stop], dtype=np.uint8)
    bits = np.unpackbits(packed, count=users, bitorder="little").astype(np.bool_)
    if not has_variants:
        return Membership(population.rstrip(b"\0").decode(), bits)
    variants = np.full(users, -1, dtype=np.int16)
    variants[bits] = np.frombuffer(plain[stop:], dtype="<i2", count=members)
    return Membership(population.rstrip(b"\0").decode(), bits, variants)
