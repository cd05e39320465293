from __future__ import annotations

import io
import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segctl.plan.variant_choice import MESSAGED, VariantChoice
from segctl.report.members import left_out, write

EVERY = VariantChoice(every=True)
IDS = pa.array(["a,b", "c", "d", "é"], pa.string())


@dataclass(frozen=True)
class Members:
    name: str
    among: pa.StringArray
    places: npt.NDArray[np.int32]
    variants: pa.DictionaryArray | None = None
    control: int = 0

    @property
    def ids(self) -> pa.StringArray:
        return self.among.take(pa.array(self.places))

    @property
    def count(self) -> int:
        return len(self.places)

    @property
    def has_variants(self) -> bool:
        return self.variants is not None


def some(name: str, *places: int, variants: list[int] | None = None, among: pa.StringArray = IDS) -> Members:
    names = pa.array(["a", "b", "control"], pa.string())
    given = None if variants is None else pa.DictionaryArray.from_arrays(pa.array(variants, pa.int32()), names)
    return Members(name, among, np.array(places, dtype=np.int32), given)


VIP = some("vip", 0, 1, 3)
NOBODY = some("nobody")
CAMPAIGN = some("win_back", 1, 2, variants=[2, 0])


def written(lists: list[Members], form: str, choice: VariantChoice = MESSAGED) -> bytes:
    file = io.BytesIO()
    write(lists, form, file, choice)
    return file.getvalue()


def table(lists: list[Members], form: str) -> pa.Table:
    content = pa.BufferReader(written(lists, form))
    return pq.read_table(content) if form == "parquet" else pa.ipc.open_file(content).read_all()


def test_lines() -> None:
    assert written([VIP], "lines").decode() == "a,b\nc\né\n"
    assert written([NOBODY], "lines") == b""


def test_lines_say_the_variant_where_a_control_group_may_stand_beside_others() -> None:
    assert written([CAMPAIGN], "lines").decode() == "c\nd\n"
    assert written([CAMPAIGN], "lines", VariantChoice(("control",))).decode() == "c\nd\n"
    for choice in (EVERY, VariantChoice(("a", "control"))):
        assert written([CAMPAIGN], "lines", choice).decode() == "c\tcontrol\nd\ta\n"
    assert written([VIP], "lines", EVERY).decode() == "a,b\nc\né\n"


def test_csv_quotes_what_it_must() -> None:
    assert written([VIP, NOBODY], "csv").decode() == 'name,id\nvip,"a,b"\nvip,c\nvip,é\n'
    assert written([NOBODY], "csv").decode() == "name,id\n"


def test_csv_of_a_campaign_says_the_variant() -> None:
    assert written([VIP, CAMPAIGN], "csv").decode() == (
        'name,id,variant\nvip,"a,b",\nvip,c,\nvip,é,\nwin_back,c,control\nwin_back,d,a\n'
    )


def test_json() -> None:
    text = '{\n  "vip": [\n    "a,b",\n    "c",\n    "é"\n  ],\n  "nobody": []\n}\n'
    assert written([VIP, NOBODY], "json").decode() == text
    assert json.loads(text) == {"vip": ["a,b", "c", "é"], "nobody": []}
    assert written([], "json").decode() == "{}\n"


def test_json_has_ids_by_variant_where_variants_were_asked_for() -> None:
    assert json.loads(written([CAMPAIGN], "json")) == {"win_back": ["c", "d"]}
    for choice in (EVERY, VariantChoice(("control",))):
        found = json.loads(written([VIP, CAMPAIGN], "json", choice))
        assert found == {"vip": ["a,b", "c", "é"], "win_back": {"a": ["d"], "b": [], "control": ["c"]}}


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_binary_formats_hold_the_same_table(form: str) -> None:
    read = table([VIP, NOBODY, CAMPAIGN], form)
    assert read.select(["id", "variant"]).to_pydict() == {
        "id": ["a,b", "c", "é", "c", "d"],
        "variant": [None, None, None, "control", "a"],
    }
    assert read.column("name").to_pylist() == ["vip"] * 3 + ["win_back"] * 2
    assert read.schema.field("id").type == pa.string()


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_a_table_of_nobody_has_its_columns(form: str) -> None:
    assert table([NOBODY], form).column_names == ["name", "id"]
    assert table([some("c", variants=[])], form).column_names == ["name", "id", "variant"]


def test_parquet_with_many_lists_over_several_populations() -> None:
    other = pa.array([f"u{number:04}" for number in range(1_000)], pa.string())
    chance = np.random.default_rng(1)
    lists = [VIP]
    for number in range(40):
        among = IDS if number % 7 == 6 else other
        places = np.flatnonzero(chance.random(len(among)) < 0.5)
        lists.append(some(f"s{number}", *places.tolist(), among=among))
    read = table(lists, "parquet")
    expected = [(one.name, user) for one in lists for user in one.ids.to_pylist()]
    assert list(zip(read["name"].to_pylist(), read["id"].to_pylist(), strict=True)) == expected


def test_control_groups_that_are_left_out_are_counted() -> None:
    held_back = Members("win_back", IDS, CAMPAIGN.places, CAMPAIGN.variants, control=1_200)
    told = "win_back: 1,200 in the control group left out (`--variant control` lists them)\n"
    assert left_out([VIP, held_back]) == told
