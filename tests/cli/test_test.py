"""`segctl test --generate` and `--mutate` on the command line."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Shop

FILE = "segments/tests/adults_edges.yaml"


def generate(shop: Shop, *more: str) -> None:
    outcome = shop.run("test", "--generate", "adults", "--no-data", "-o", str(shop.folder / FILE), *more)
    assert outcome.code == 0, outcome.err


def test_a_generated_test_passes_at_once(shop: Shop) -> None:
    generate(shop)
    outcome = shop.run("test", "adults")
    assert (outcome.code, outcome.out.splitlines()[-1]) == (0, "1 test passed, 0 failed")


def test_the_types_of_the_data_count_where_there_is_data(shop: Shop) -> None:
    outcome = shop.run("test", "--generate", "adults", "--as-of", "2026-11-22")
    assert outcome.code == 0
    assert 'as_of: "2026-11-22 00:00"' in outcome.out
    assert "age: 18" in outcome.out


def test_a_file_that_is_there_is_only_replaced_by_force(shop: Shop) -> None:
    shop.write(FILE, "kind: test\n")
    outcome = shop.run("test", "--generate", "adults", "--no-data", "-o", str(shop.folder / FILE), "--force")
    assert outcome.code == 1  # the file is none that can be read
    shop.write(FILE, "# mine\n")
    outcome = shop.run("test", "--generate", "adults", "--no-data", "-o", str(shop.folder / FILE))
    assert (outcome.code, "already exists" in outcome.err) == (1, True)
    assert (shop.folder / FILE).read_text() == "# mine\n"
    generate(shop, "--force")
    assert "kind: test" in (shop.folder / FILE).read_text()


def test_a_definition_that_is_not_there_is_told_with_what_was_meant(shop: Shop) -> None:
    outcome = shop.run("test", "--generate", "adult")
    assert outcome.code == 1
    assert "adults" in outcome.err


def test_of_a_list_no_test_is_written(shop: Shop) -> None:
    shop.write("segments/staff.yaml", "kind: list\nname: staff\npath: staff.csv\nid: id\n")
    outcome = shop.run("test", "--generate", "staff", "--no-data")
    assert (outcome.code, "`staff` is a list, and a test expects members" in outcome.err) == (1, True)


def test_what_nobody_would_notice_is_listed_and_scored(shop: Shop) -> None:
    shop.write(
        "segments/t.yaml",
        "kind: test\nname: t\nas_of: 2026-11-22\ngiven: {users: [{id: ann, age: 18}]}\nexpect: {adults: {in: [ann]}}\n",
    )
    outcome = shop.run("test", "--mutate")
    assert outcome.code == 0
    assert "adults.yaml:3:35: `at_least: 18` could be 17, and no test would notice\n" in outcome.out
    assert outcome.out.splitlines()[-1] == "2 of 4 changes noticed: 50%"


def test_a_score_below_the_least_fails(shop: Shop) -> None:
    outcome = shop.run("test", "--mutate", "--min-score", "80%", "--format", "json")
    found = json.loads(outcome.out)
    assert (outcome.code, found["score"], found["untested"]) == (1, 0.0, [{"kind": "segment", "name": "adults"}])
    assert "0% of the changes are noticed, fewer than 80%" in outcome.err
    generate(shop)
    assert shop.run("test", "--mutate", "--min-score", "80%").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--generate", "adults", "--mutate"), ("--generate", "adults", "adults"), ("-o", "x.yaml"), ("--force",),
        ("--as-of", "2026-01-01"), ("--min-score", "80%"), ("--mutate", "--min-score", "eighty"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_a_usage_error(shop: Shop, arguments: tuple[str, ...]) -> None:
    assert shop.run("test", *arguments).code == 64
