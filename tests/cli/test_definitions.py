"""init, validate, schema, list, show: what needs no data to be evaluated."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Outcome, Shop

Call = Callable[[list[str]], Outcome]
BROKEN = "kind: segment\nname: broken\nwher: {attribute: age, at_least: 18}\n"


def test_validate_counts_what_is_valid(shop: Shop) -> None:
    shop.segment("minors", "{not: {segment: adults}}")
    assert shop.run("validate", "--no-data") == Outcome(0, "", "2 definitions (2 segments): valid\n")
    assert shop.run("-q", "validate") == Outcome(0, "", "")


def test_validate_tells_everything_at_once_with_places_lines_and_hints(shop: Shop) -> None:
    shop.write("segments/broken.yaml", BROKEN)
    shop.segment("lost", "{segment: adutls}")
    done = shop.run("validate")
    assert (done.code, done.err) == (1, "")
    assert "segments/broken.yaml:3:1: error[unknown-key]: " in done.out
    assert "    3 | wher: {attribute: age, at_least: 18}\n      | ^\n" in done.out
    assert "segments/lost.yaml:3:18: error[missing-reference]: there is no segment named `adutls`\n" in done.out
    assert "    hint: did you mean `adults`?\n" in done.out
    assert done.out.endswith("2 errors found\n")


def test_validate_checks_against_the_data(shop: Shop) -> None:
    shop.segment("typo", "{attribute: agge, at_least: 18}")
    shop.segment("misfit", "{attribute: age, at_least: 2026-01-01}")
    assert shop.run("validate", "--no-data").code == 0
    done = shop.run("validate")
    assert (done.code, done.err) == (1, "")
    assert "segments/typo.yaml:3:" in done.out
    assert "did you mean `age`?" in done.out
    assert "segments/misfit.yaml:3:" in done.out
    assert done.out.endswith("2 errors found\n")


def test_an_event_that_never_happened_is_a_warning(shop: Shop) -> None:
    shop.segment("returners", "{event: returned}")
    done = shop.run("validate")
    assert done.code == 0
    assert "segments/returners.yaml:3:" in done.out
    assert "warning" in done.out
    assert done.out.endswith("1 warning found\n")


def test_validate_as_json(shop: Shop) -> None:
    shop.write("segments/broken.yaml", BROKEN)
    done = shop.run("validate", "--format", "json")
    said = json.loads(done.out)
    assert (done.code, said["valid"], said["errors"]) == (1, False, 1)
    assert [d["code"] for d in said["diagnostics"]] == ["unknown-key"]
    assert said["diagnostics"][0]["file"] == "segments/broken.yaml"
    (shop.folder / "segments/broken.yaml").unlink()
    done = shop.run("-q", "validate", "--format", "json")
    assert json.loads(done.out) == {
        "format_version": "1.1", "valid": True, "errors": 0, "warnings": 0, "diagnostics": [], "allowed": [],
    }  # fmt: skip


def test_warnings_fail_only_where_that_is_asked_for_and_stand_after_the_errors(shop: Shop) -> None:
    shop.segment("a_nobody", "{all: [{attribute: age, at_least: 10}, {attribute: age, less_than: 5}]}")
    assert shop.run("validate").code == 0
    assert shop.run("validate", "--strict").code == 1
    assert shop.run("validate", "--strict", "--no-data").code == 0
    shop.segment("typo", "{attribute: agge, at_least: 18}")
    told = shop.run("validate").out
    assert told.index("error[unknown-attribute]") < told.index("warning[nobody-possible]")
    assert told.endswith("1 error and 1 warning found\n")


def test_a_comment_allows_a_warning_and_json_says_which(shop: Shop) -> None:
    shop.segment("returners", "{event: returned} # segctl: allow unknown-event: from June")
    done = shop.run("validate", "--strict")
    assert (done.code, done.out) == (0, "")
    assert done.err == "2 definitions (2 segments): valid, 1 warning allowed\n"
    [allowed] = json.loads(shop.run("-q", "validate", "--format", "json").out)["allowed"]
    assert (allowed["code"], allowed["line"]) == ("unknown-event", 3)


def test_definitions_that_are_right_are_held_against_the_data_where_others_are_wrong(shop: Shop) -> None:
    shop.write("segments/broken.yaml", BROKEN)
    shop.segment("typo", "{attribute: agge, at_least: 18}")
    shop.segment("leans", "{segment: broken}")
    shop.segment("leans_too", "{all: [{segment: leans}, {segment: adults}]}")
    said = json.loads(shop.run("validate", "--format", "json").out)
    assert [d["code"] for d in said["diagnostics"]] == ["unknown-key", "unknown-attribute"]


def test_validate_for_github(shop: Shop) -> None:
    shop.write("segments/broken.yaml", BROKEN)
    done = shop.run("validate", "--format", "github")
    assert done.code == 1
    assert "::error title=segctl unknown-key,file=segments/broken.yaml,line=3,col=1::" in done.out


def test_outside_of_a_project_the_way_in_is_told(call: Call, tmp_path: Path) -> None:
    done = call(["-C", str(tmp_path), "list"])
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: no project here: ")
    assert "segctl init" in done.err


def test_a_project_is_found_from_a_folder_inside_it(shop: Shop) -> None:
    assert shop.call(["-C", str(shop.folder / "segments"), "validate", "--no-data"]).code == 0


def test_list_before_the_first_apply(shop: Shop) -> None:
    shop.segment("minors", "{not: {segment: adults}}", "owner: growth\ndescription: Too young to be written to\n")
    assert shop.run("list").out == (
        "kind     name    members  as of  status  owner   description\n"
        "segment  adults                  new\n"
        "segment  minors                  new     growth  Too young to be written to\n"
        "\n"
        "tiny_shop: 2 definitions, nothing applied yet\n"
    )


def test_the_events_of_the_data(shop: Shop) -> None:
    """Fourteen purchases, counted in the file."""
    said = shop.run("list", "--events")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0].split() == ["event", "rows", "first", "last"]
    assert said.out.splitlines()[1].split()[:2] == ["purchase", "14"]
    assert said.out.splitlines()[-1] == "tiny_shop: 1 event name"
    found = json.loads(shop.run("list", "--events", "--format", "json").out)
    assert [(one["name"], one["rows"]) for one in found["events"]] == [("purchase", 14)]
    assert shop.run("list", "--events", "--select", "adults").code == 64
    assert shop.run("--untrusted", "list", "--events").code == 64


def test_list_as_json(shop: Shop) -> None:
    said = json.loads(shop.run("list", "--format", "json").out)
    assert said == {
        "format_version": "1.0",
        "project": "tiny_shop",
        "serial": 0,
        "definitions": [{"kind": "segment", "name": "adults", "status": "new"}],
    }


def test_show_says_what_it_means_what_it_uses_and_what_uses_it(shop: Shop) -> None:
    shop.segment("minors", "{not: {segment: adults}}", "owner: growth\n")
    done = shop.run("show", "minors")
    assert done.code == 0
    assert done.out.startswith("segment minors  new\n")
    assert (
        "  owner:        growth\n  file:         segments/minors.yaml:1\n  uses:         segment adults\n" in done.out
    )
    assert "used by:      segment minors\n" in shop.run("show", "adults").out
    said = json.loads(shop.run("show", "adults", "--format", "json").out)
    assert said["used_by"] == [{"kind": "segment", "name": "minors"}]
    assert said["definition"] == {
        "kind": "segment", "name": "adults", "where": {"attribute": "age", "at_least": 18},
    }  # fmt: skip
    assert "age" in said["sentence"]


def test_show_of_an_unknown_name_says_what_was_meant(shop: Shop) -> None:
    assert shop.run("show", "adutls") == Outcome(1, "", "error: there is no `adutls`\n  hint: did you mean `adults`?\n")


def test_a_name_of_two_kinds_needs_its_kind(shop: Shop) -> None:
    shop.write("segments/c.yaml", "kind: campaign\nname: adults\naudience: {include: [adults]}\n")
    done = shop.run("show", "adults")
    assert (done.code, done.err) == (
        1,
        "error: `adults` is the name of 2 definitions\n  hint: write `campaign.adults` or `segment.adults`\n",
    )
    assert shop.run("show", "campaign.adults").out.startswith("campaign adults  new\n")


def test_init_writes_a_project_that_is_valid_as_it_is(call: Call, tmp_path: Path) -> None:
    done = call(["init", str(tmp_path / "new")])
    assert done.code == 0
    assert (tmp_path / "new/schema/segment.schema.json").exists()
    assert (tmp_path / "new/.gitignore").read_text() == "/data/\n/.segctl/\n"
    assert call(["-C", str(tmp_path / "new"), "validate"]) == Outcome(
        0, "", "2 definitions (1 segment, 1 test): valid\n"
    )


def test_init_writes_over_nothing(call: Call, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/users.csv").write_text("mine")
    done = call(["init", str(tmp_path)])
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"error: {tmp_path}/data/users.csv exists already\n")
    assert (tmp_path / "data/users.csv").read_text() == "mine"
    assert not (tmp_path / "segments").exists()


def test_schema_writes_what_check_then_accepts(call: Call, tmp_path: Path) -> None:
    folder = str(tmp_path / "schema")
    missing = call(["schema", "--check", folder])
    assert missing.code == 1
    assert f"error: {folder}/segment.schema.json differs from the models\n" in missing.err
    assert call(["schema", folder]).code == 0
    assert call(["schema", "--check", folder]) == Outcome(0, "", "")
    assert call(["schema", folder]) == Outcome(0, "", "nothing has changed\n")


def test_colours_are_written_where_they_are_asked_for(shop: Shop) -> None:
    assert "\x1b[" in shop.run("--color", "always", "list").out
    assert "\x1b[" not in shop.run("list").out
