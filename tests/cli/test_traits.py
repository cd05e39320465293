"""`segctl traits` on the tiny project, whose values are known by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Shop

DAY = ("--as-of", "2026-11-22")
TRAITS = """kind: trait
name: orders
value: {event: purchase, count: true}
---
kind: trait
name: colours
value: {event: purchase, unique_list: {of: color}}
"""
ORDERS = {"ada": 3, "ben": 2, "cid": 2, "dora": 1, "eve": 1, "finn": 2, "gus": 0, "hal": 2, "ida": 0, "jon": 0}


@pytest.fixture
def traits(shop: Shop) -> Shop:
    """The tiny project with two traits, applied."""
    shop.write("segments/traits.yaml", TRAITS)
    assert shop.run("apply", "--auto-approve", *DAY).code == 0
    return shop


def test_numbers_have_quantiles_and_all_else_its_most_frequent_values(traits: Shop) -> None:
    done = traits.run("traits")
    assert done.code == 0
    numbers, others = done.out.split("\n\n")[:2]
    assert numbers.splitlines()[1].split()[:4] == ["orders", "10", "100.0", "%"]
    assert others.splitlines()[1].startswith("colours")
    assert "10 users, as of 2026-11-22 00:00 Europe/Paris, serial 1" in done.out


def test_the_table_of_values_has_a_row_for_each_user_sorted_by_id(traits: Shop) -> None:
    done = traits.run("traits", "orders", "--format", "csv")
    lines = done.out.splitlines()
    assert lines[0] == "user_id,orders"
    assert [line.split(",")[0] for line in lines[1:]] == sorted(ORDERS)


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_the_values_go_into_a_file(traits: Shop, tmp_path: Path, form: str) -> None:
    file = tmp_path / "values"
    assert traits.run("traits", "--format", form, "-o", str(file)).code == 0
    table = pq.read_table(file) if form == "parquet" else pa.ipc.open_file(file).read_all()
    assert table.column_names == ["user_id", "colours", "orders"]
    assert dict(zip(table["user_id"].to_pylist(), table["orders"].to_pylist(), strict=True)) == ORDERS


def test_json_has_the_distributions_and_what_the_traits_mean(traits: Shop) -> None:
    found = json.loads(traits.run("traits", "--format", "json").out)
    assert (found["serial"], found["users"]) == (1, 10)
    orders = next(one for one in found["traits"] if one["name"] == "orders")
    assert (orders["users"], orders["distinct"]) == (10, len(set(ORDERS.values())))
    assert orders["quantiles"] == {"0": 0, "25": 0, "50": 1, "75": 2, "95": 3, "100": 3}


def test_live_values_need_no_state(shop: Shop) -> None:
    shop.write("segments/traits.yaml", TRAITS)
    assert shop.run("traits").code == 1
    live = shop.run("traits", "orders", "--live", *DAY, "--format", "json")
    assert json.loads(live.out)["serial"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--live", "--serial", "1"], "`--live` reads no state"),
        (["--format", "json", "-o", "x"], "is not for a file"),
        (["--as-of", "2026-11-22"], "`--as-of` needs `--live`"),
    ],
)
def test_what_makes_no_sense_is_refused(traits: Shop, arguments: list[str], said: str) -> None:
    done = traits.run("traits", *arguments)
    assert (done.code, said in done.err) == (64, True)


def test_an_unknown_trait_is_told_with_what_was_meant(traits: Shop) -> None:
    done = traits.run("traits", "order")
    assert done.code == 1
    assert "did you mean `orders`?" in done.err


def test_what_is_no_trait_and_what_has_no_members_says_where_to_look(traits: Shop) -> None:
    def said(*command: str) -> str:
        done = traits.run(*command)
        assert (done.code, done.out) == (1, "")
        return done.err

    has_values = "error: `orders` is a trait, which has values and no members\n  hint: `segctl traits orders`\n"
    assert said("members", "orders") == said("members", "orders", "--live") == has_values
    assert said("members", "engagement.most").endswith("  hint: `segctl members --live engagement.most`\n")
    assert said("members", "--live", "engagement.mots").endswith("  hint: did you mean `engagement.most`?\n")
    members = "error: `adults` is a segment, not a trait\n  hint: `segctl members adults`\n"
    assert said("traits", "adults") == said("traits", "adults", "--live") == members


def test_a_trait_that_was_removed_names_the_serial_that_had_it(traits: Shop) -> None:
    traits.write("segments/traits.yaml", TRAITS.partition("---\n")[2])
    assert traits.run("apply", "--auto-approve", *DAY).code == 0
    removed = "error: the trait `orders` was removed after serial 1\n  hint: `segctl traits orders --serial 1`\n"
    assert traits.run("traits", "orders").err == traits.run("members", "orders").err == removed
    assert traits.run("traits", "orders", "--serial", "1").code == 0


def test_a_trait_that_is_named_twice_is_a_mistake(traits: Shop) -> None:
    assert traits.run("traits", "orders", "orders").code == 64


def test_formulas_that_use_a_trait_twice_over_many_levels_take_no_longer_for_it(shop: Shop) -> None:
    doubled = "".join(f"---\nkind: trait\nname: t{n}\nformula: t{n - 1} + t{n - 1}\n" for n in range(1, 60))
    shop.write("segments/traits.yaml", f"kind: trait\nname: t0\nvalue: {{event: purchase, count: true}}\n{doubled}")
    shop.segment("buyers", "{trait: t59, more_than: 0}")
    assert shop.run("explain", "buyers", "--user", "ada", *DAY).out.startswith("IN: ada is in segment buyers")
    assert "in: [purchase_one" in shop.run("test", "--generate", "buyers", *DAY).out


DATED = """kind: project
name: stays
timezone: Europe/Paris
users: {path: guests.csv, id: id}
events: [{path: stays.csv, user: guest, time: at, name: {value: stay}}]
"""
NIGHTS = """kind: trait
name: nights
value: {event: stay, unique_list: {of: night}}
---
kind: trait
name: wakings
value: {event: stay, unique_list: {of: woken}}
"""


@pytest.fixture
def stays(shop: Shop) -> Shop:
    """A project whose traits are lists of dates and of instants."""
    for file in (shop.folder / "segments").rglob("*.yaml"):
        file.unlink()
    shop.write("segments/segctl.yaml", DATED)
    shop.write("segments/nights.yaml", NIGHTS)
    shop.write("guests.csv", "id\nann\nbob\n")
    rows = ("2026-05-02,2026-05-03T07:00:00Z", "2026-05-01,2026-05-03T07:00:00Z")
    shop.write(
        "stays.csv",
        "guest,at,night,woken\n" + "".join(f"ann,2026-05-01 10:00:00,{properties}\n" for properties in rows),
    )
    return shop


def test_lists_are_on_one_line_of_the_table(stays: Shop) -> None:
    done = stays.run("traits", "--live", "--format", "csv", *DAY)
    assert done.out.splitlines() == [
        "user_id,nights,wakings",
        'ann,"[""2026-05-01"", ""2026-05-02""]","[""2026-05-03T07:00:00Z""]"',
        "bob,,",
    ]


def test_dates_and_instants_in_lists_are_texts_in_json(stays: Shop) -> None:
    found = json.loads(stays.run("traits", "--live", "--format", "json", *DAY).out)
    assert [trait["frequent"] for trait in found["traits"]] == [
        [{"value": "2026-05-01", "users": 1}, {"value": "2026-05-02", "users": 1}],
        [{"value": "2026-05-03T07:00:00Z", "users": 1}],
    ]
