from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from segctl.diagnostics import Stale
from segctl.state import traits, written
from segctl.state.local import LocalStore
from segctl.state.names import traits_name
from segctl.state.record import Trait, Traits
from segctl.state.state import State
from segctl.state.traits import TraitTable
from segctl.state.written import Unreadable
from tests.state.builders import record

IDS = pa.array(["a", "b", "007"])
COLUMNS = {
    "orders": pa.array([1, None, 3]),
    "spent": pa.array([0.1, 2.5, None]),
    "colour": pa.array(["red", None, ""]),
    "vip": pa.array([True, None, False]),
    "last": pa.array([datetime(2026, 1, 1, tzinfo=UTC), None, None], pa.timestamp("us", tz="UTC")),
    "colours": pa.array([["red"], None, ["blue", "red"]]),
    "nothing": pa.nulls(3),
}


def test_a_table_of_every_type_survives_being_written() -> None:
    packed = traits.pack(TraitTable("people", IDS, COLUMNS))
    found = traits.unpack(packed.data, packed.digest)
    assert found.population == "people"
    assert found.ids.equals(IDS)
    assert {name: column.to_pylist() for name, column in found.columns.items()} == {
        name: column.to_pylist() for name, column in COLUMNS.items()
    }
    assert {name: column.type for name, column in found.columns.items()} == {n: c.type for n, c in COLUMNS.items()}


def test_the_same_values_have_the_same_digest_and_others_another() -> None:
    one, same = (traits.pack(TraitTable("p", IDS, COLUMNS)) for _ in range(2))
    other = traits.pack(TraitTable("p", IDS, {**COLUMNS, "orders": pa.array([1, None, 4])}))
    assert one == same
    assert one.digest != other.digest


def test_a_table_without_users_is_a_table() -> None:
    empty = TraitTable("p", pa.array([], pa.string()), {"orders": pa.array([], pa.int64())})
    packed = traits.pack(empty)
    assert traits.unpack(packed.data, packed.digest).columns["orders"].type == pa.int64()


def test_one_other_byte_is_found() -> None:
    packed = traits.pack(TraitTable("p", IDS, COLUMNS))
    for place in range(0, len(packed.data), 97):
        torn = bytearray(packed.data)
        torn[place] ^= 1
        with pytest.raises(Unreadable):
            traits.unpack(bytes(torn), packed.digest)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    state = State(LocalStore(tmp_path))
    packed = traits.pack(TraitTable("p", IDS, COLUMNS))
    state.put_traits(packed)
    assert state.traits(packed.digest).ids.equals(IDS)
    (tmp_path / traits_name(packed.digest)).write_bytes(b"PAR1")
    with pytest.raises(Stale, match=packed.digest):
        state.traits(packed.digest)


def test_a_record_keeps_its_traits_and_one_without_reads_as_before() -> None:
    with_traits = replace(record(1), traits=Traits("table", "people", {"orders": Trait(1, 5_000_000, 7, 3)}))
    for made in (with_traits, record(1)):
        data, digest = written.write_record(made)
        assert written.read_record(data) == (made, digest)
    assert b"traits" not in written.write_record(record(1))[0]
