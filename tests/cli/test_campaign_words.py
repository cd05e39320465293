"""explain, user and show of a campaign: the variant a user gets, and what the campaign says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xxhash
from jsonschema import Draft7Validator

from tests.cli.conftest import ROOT, Shop

DAY = ("--as-of", "2026-11-22")
SCHEMA = json.loads((ROOT / "schema" / "explain.schema.json").read_text())
ADULTS = ("ada", "cid", "dora", "eve", "finn", "gus", "hal", "jon")
CAMPAIGN = """
kind: campaign
name: back
audience: {include: [adults]}
variants: [{name: a, percent: 47.5}, {name: quiet, percent: 52.5, control: true}]
schedule: {at: "2026-12-01 09:00"}
reeligible_after: 60d
conversions: [{event: purchase, within: 7d}, {event: session_start, within: 1h}]
"""


@pytest.fixture
def back(shop: Shop) -> Shop:
    shop.write("segments/back.yaml", CAMPAIGN)
    return shop


def variant(user: str) -> str:
    return "a" if xxhash.xxh3_64_intdigest(f"back:{user}".encode()) % 10_000 < 4_750 else "quiet"


@pytest.mark.parametrize("user", ADULTS)
def test_explain_says_the_variant_of_a_member(back: Shop, user: str) -> None:
    done = back.run("-q", "explain", "back", "--user", user, *DAY)
    lines = done.out.splitlines()
    assert lines[0] == f"IN: {user} is in campaign back, as of 2026-11-22 00:00 Europe/Paris"
    assert lines[1] == ("  variant a" if variant(user) == "a" else "  variant quiet, control group: no message")
    told = json.loads(back.run("-q", "explain", "back", "--user", user, *DAY, "--format", "json").out)
    assert (told["variant"], told["control"]) == (variant(user), variant(user) == "quiet")
    assert list(Draft7Validator(SCHEMA).iter_errors(told)) == []


def test_explain_says_no_variant_where_there_is_none(back: Shop) -> None:
    back.write("segments/plain.yaml", "kind: campaign\nname: plain\naudience: {include: [adults]}\n")
    for name, user in (("back", "ben"), ("plain", "ada"), ("adults", "ada")):
        assert "variant" not in back.run("-q", "explain", name, "--user", user, *DAY).out
        assert "variant" not in json.loads(
            back.run("-q", "explain", name, "--user", user, *DAY, "--format", "json").out
        )


def test_user_says_who_is_in_a_control_group(back: Shop) -> None:
    assert {variant("ada"), variant("cid"), variant("dora"), variant("eve")} == {"a", "quiet"}
    for user in ("ada", "cid", "dora", "eve"):
        line = next(line for line in back.run("-q", "user", user, *DAY).out.splitlines() if " back " in line)
        assert ("in, variant quiet, control group: no message" in line) is (variant(user) == "quiet")
        rows = json.loads(back.run("-q", "user", user, *DAY, "--format", "json").out)["memberships"]
        (row,) = (row for row in rows if row["name"] == "back")
        assert (row["variant"], row["control"]) == (variant(user), variant(user) == "quiet")


def facts(shop: Shop) -> dict[str, str]:
    pairs = (
        line.split(":", 1)
        for line in shop.run("show", "back").out.splitlines()
        if line.startswith("  ") and ":" in line
    )
    return {label.strip(): value.strip() for label, value in pairs}


def test_show_says_what_a_campaign_says(back: Shop) -> None:
    shown = facts(back)
    assert shown["variants"] == "a 47.5 %, quiet 52.5 % (control group: no message)"
    assert shown["schedule"] == "at 2026-12-01 09:00 (no effect yet)"
    assert shown["re-eligible"] == "after 60d (no effect yet)"
    assert shown["conversions"] == "purchase within 7d, session_start within 1h"
    assert shown["published"] == "not yet"


def test_show_counts_who_is_messaged_by_what_is_applied(back: Shop) -> None:
    assert back.run("apply", "--auto-approve", *DAY).code == 0
    quiet = sum(variant(user) == "quiet" for user in ADULTS)
    counted = f"{8 - quiet} to be messaged: a {8 - quiet}; {quiet} in the control group: quiet {quiet}"
    published = f"8 members as of 2026-11-22 00:00 Europe/Paris, serial 1; {counted}"
    assert facts(back)["published"] == published
    back.write("segments/back.yaml", CAMPAIGN.replace(", control: true", ""))
    assert facts(back)["published"] == published
    Path(back.folder / "segments/back.yaml").unlink()
    assert facts(back)["published"] == published
