"""explain and user: one user, with everything that decides; ten users whose answers are by hand."""

from __future__ import annotations

import json
import re
from typing import Any

from segctl.progress import Silent
from segctl.report.explain import tree
from segctl.report.text import render
from segctl.workflow.explain import explain
from segctl.workflow.request import Request
from tests.cli.conftest import Shop

DAY = ("--as-of", "2026-11-22")
RED = "{event: purchase, where: {property: color, is: red}, count: {at_least: 2}, within: 730d}"
CAMPAIGN = """kind: campaign
name: offer
audience: {include: [red]}
variants: [{name: a, percent: 50}, {name: b, percent: 50}]
schedule: {every: daily 09:00}
"""


def told(shop: Shop, *line: str) -> Any:
    done = shop.run("-q", *line, *DAY, "--format", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def extension(shop: Shop, where: str) -> None:
    shop.write("segments/reds.yaml", f"kind: extension\nname: reds\nrefresh: manual\nfrom: {where}\n")


def test_what_a_user_is_in_stands_first_then_profile_and_events(shop: Shop) -> None:
    shop.segment("red", RED)
    shop.segment("minors", "{not: {segment: adults}}")
    done = shop.run("user", "ada", *DAY)
    lines = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert lines[0] == "ada, as of 2026-11-22 00:00 Europe/Paris"
    assert [line.split() for line in lines[2:7]] == [
        ["in", "2", "of", "3", "definitions"], ["kind", "name", "now", "published"],
        ["segment", "adults", "in", "never", "published"], ["segment", "red", "in", "never", "published"],
        ["not", "in", "1", "segment:", "`--all`", "lists", "them"],
    ]  # fmt: skip
    assert "  country:          FR" in lines
    at = lines.index("events: 3 events")
    assert lines[at + 1].startswith("  2026-11-20 10:15, 2 days ago  purchase  color blue")
    assert len(lines) == at + 4


def test_all_shows_what_is_folded(shop: Shop) -> None:
    columns = [f"extra_{number}" for number in range(20)]
    users = shop.folder / "data" / "users.csv"
    head, *rows = users.read_text().splitlines()
    users.write_text("\n".join([",".join([head, *columns]), *(f"{row}{',x' * 20}" for row in rows)]) + "\n")
    shop.segment("red", RED)
    shop.segment("minors", "{not: {segment: adults}}")
    folded, whole = shop.run("user", "ada", *DAY).out, shop.run("user", "ada", *DAY, "--all").out
    shown = sum(f"  {line}:" in folded for line in columns)
    more = re.search(r"^  and (\d+) more: `--all`$", folded, re.MULTILINE)
    assert more is not None
    assert shown + int(more[1]) == len(columns)
    assert "minors" not in folded
    assert re.search(r"^segment +minors +out", whole, re.MULTILINE)
    assert all(f"  {column}:" in whole for column in columns)
    assert "`--all`" not in whole
    assert "and 2 more: `--events N`\n" in shop.run("user", "ada", *DAY, "--events", "1").out


def test_who_was_published_and_is_out_now_is_not_folded(shop: Shop) -> None:
    shop.segment("red", RED)
    assert shop.run("apply", *DAY, "--auto-approve").code == 0
    shop.segment("red", RED.replace("at_least: 2", "at_least: 9"))
    out = shop.run("user", "ada", *DAY).out
    assert re.search(r"^segment +red +out +in, as of 2026-11-22 00:00$", out, re.MULTILINE)


def test_recent_events_are_as_many_as_are_wanted_with_all_properties_on_request(shop: Shop) -> None:
    said = told(shop, "user", "ada", "--events", "2", "--all-properties")
    assert said["events"] == {"seen": 3, "later": 0, "recent": [
        {"event": "purchase", "time": "2026-11-20T09:15:00Z", "properties": {"amount": 35.5, "color": "blue"}},
        {"event": "purchase", "time": "2026-06-02T18:30:00Z", "properties": {"amount": 20.0, "color": "red"}},
    ]}  # fmt: skip
    assert told(shop, "user", "ida")["events"] == {"seen": 0, "later": 1, "recent": []}


def test_what_is_published_and_differs_is_told(shop: Shop) -> None:
    shop.segment("red", RED)
    shop.write("segments/offer.yaml", CAMPAIGN)
    assert shop.run("apply", *DAY, "--auto-approve").code == 0
    shop.segment("red", RED.replace("at_least: 2", "at_least: 1"))
    rows = {row["name"]: row for row in told(shop, "user", "dora")["memberships"]}
    assert (rows["red"]["holds"], rows["red"]["published"]["holds"]) == (True, False)
    assert rows["offer"]["variant"] in {"a", "b"}
    assert rows["offer"]["published"] == {"holds": False, "as_of": "2026-11-21T23:00:00Z"}
    same = {row["name"]: row for row in told(shop, "user", "ben")["memberships"]}
    assert same["offer"]["variant"] == same["offer"]["published"]["variant"]
    human = shop.run("user", "dora", *DAY).out
    assert "out, as of 2026-11-22 00:00" in human
    assert "the same" in human


def test_memberships_are_those_of_the_engine(shop: Shop) -> None:
    shop.segment("red", RED)
    shop.segment("either", "{any: [{segment: red}, {not: {segment: adults}}]}")
    for name in ("red", "adults", "either"):
        members = set(shop.run("-q", "members", name, "--live", *DAY).out.split())
        for user in ("ada", "ben", "dora", "ida"):
            found = {row["name"]: row["holds"] for row in told(shop, "user", user)["memberships"]}
            assert found[name] is (user in members)


def test_traits_are_shown(shop: Shop) -> None:
    shop.write("segments/spent.yaml", "kind: trait\nname: spent\nvalue: {event: purchase, sum: {of: amount}}\n")
    assert told(shop, "user", "ada")["traits"] == {"spent": 115.4}
    assert "  spent: 115.4" in shop.run("user", "ada", *DAY).out


def test_an_unknown_user_and_one_that_only_events_know(shop: Shop) -> None:
    done = shop.run("user", "zoe")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: there is no user `zoe` in the population\n  hint: the id as it is written in the data\n"
    orders = shop.folder / "data/orders.csv"
    orders.write_text(orders.read_text().rstrip() + "\nzoe,2026-01-01 10:00:00,1.00,red\n")
    done = shop.run("-q", "user", "zoe")
    assert (done.code, done.out) == (1, "")
    assert "there are events of that id, but it is not in the users table" in done.err


def test_explain_opens_segments_and_published_extensions(shop: Shop) -> None:
    extension(shop, RED)
    shop.segment("outer", "{any: [{segment: inner}, {attribute: age, at_least: 200}]}")
    shop.segment("inner", "[{extension: reds}, {segment: adults}]")
    assert shop.run("apply", *DAY, "--auto-approve").code == 0
    orders = shop.folder / "data/orders.csv"
    orders.write_text(orders.read_text().rstrip() + "\ndora,2026-11-21 10:00:00,1.00,red\n")
    said = told(shop, "explain", "outer", "--user", "dora")
    assert said["holds"] is False
    inner = said["tree"]["children"][0]
    reds = inner["children"][0]["children"][0]
    assert (reds["says"], reds["holds"], reds["published"]) == ("in the extension reds", False, "2026-11-21T23:00:00Z")
    assert (reds["children"][0]["holds"], reds["children"][0]["actual"]) == (True, 2)
    assert [one["says"] for one in said["smallest_change"]["conditions"]] == [
        "must be in the extension reds at its next refresh"
    ]
    human = shop.run("-q", "explain", "outer", "--user", "dora", *DAY).out
    assert "in the extension reds, as refreshed 2026-11-22 00:00; now it would be in" in human
    assert told(shop, "explain", "reds", "--user", "dora")["holds"] is True


def test_at_the_flip_the_membership_is_otherwise_and_right_before_it_is_not(shop: Shop) -> None:
    shop.segment("recent", "{event: purchase, within: 30d}")
    for user in ("ada", "eve", "ida"):
        said = told(shop, "explain", "recent", "--user", user)
        flip = said["flips_at"]
        after = set(shop.run("-q", "members", "recent", "--live", "--as-of", flip).out.split())
        assert (user in after) is not said["holds"]
    assert told(shop, "explain", "recent", "--user", "eve")["flips_at"] == "2026-12-10T16:20:00.000001Z"
    assert told(shop, "explain", "recent", "--user", "ida")["flips_at"] == "2026-11-23T10:00:00.000001Z"
    assert told(shop, "explain", "recent", "--user", "hal")["flips_at"] is None


def test_conditions_that_decide_nothing_show_what_was_found_too(shop: Shop) -> None:
    shop.segment(
        "idle", "[{event: purchase, count: {at_least: 0}}, {any: [{everyone: true}, {attribute: age, top: 2}]}]"
    )
    said = told(shop, "explain", "idle", "--user", "ada")["tree"]["children"]
    assert (said[0]["actual"], said[0]["rows"]["total"]) == (3, 3)
    top = said[1]["children"][1]
    assert (top["holds"], top["actual"]) == (False, 36)
    assert "begins" not in top  # it would be the age of one of ten users


def test_what_lacks_is_said_where_it_is_wanted(shop: Shop) -> None:
    shop.segment("few", "{not: {event: purchase, count: {at_least: 9}}}")
    shop.segment("many", "{segment: often}")
    shop.segment("often", "{event: purchase, count: {at_least: 9}}")
    assert "at most 8 times: 3; last 2026-11-20" in shop.run("explain", "few", "--user", "ada", *DAY).out
    out = shop.run("explain", "many", "--user", "ada", *DAY).out
    assert "because not in the segment often (made a purchase at most 8 times: 3 of 9 needed)" in out
    assert "smallest change: 6 more purchases\n" in out


def test_a_trait_cannot_be_explained(shop: Shop) -> None:
    shop.write("segments/spent.yaml", "kind: trait\nname: spent\nvalue: {event: purchase, sum: {of: amount}}\n")
    done = shop.run("explain", "spent", "--user", "ada")
    assert done.code == 1
    assert done.err.startswith("error: `spent` is a trait: it has no members\n  hint: `segctl user ID`")


def test_an_explanation_fits_the_terminal_and_has_colours_only_there(shop: Shop) -> None:
    shop.segment("red", RED)
    found = explain(shop.folder, "red", "dora", Request(0, "2026-11-22"), Silent())
    text = render(tree(found), width=60, colour=False)
    assert max(map(len, text.splitlines())) <= 60
    assert "\x1b" not in text
    assert "\x1b" in render(tree(found), width=60, colour=True)
    assert "\x1b" not in shop.run("explain", "red", "--user", "dora", *DAY).out


def test_show_reads_a_definition_back(shop: Shop) -> None:
    shop.segment("red", RED)
    out = shop.run("show", "red").out
    assert "People who have made a purchase with color red at least twice in the last 730 days" in out


def test_the_help_of_user_is_there(shop: Shop) -> None:
    assert "--all-properties" in shop.run("user", "--help").out
