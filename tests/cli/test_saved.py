"""Saved plans on the real command line: applied once, exactly as shown, or refused with what has moved."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from segctl.plan.saved import as_data, read
from segctl.report.json import dumps
from tests.cli.conftest import Outcome, Shop

DAY = ("--as-of", "2026-11-22")
ADULTS = ["ada", "cid", "dora", "eve", "finn", "gus", "hal", "jon"]
Edit = Callable[[Shop], None]


def apply(shop: Shop, *more: str) -> Outcome:
    done = shop.run("apply", "--auto-approve", *DAY, *more)
    assert done.code == 0, done.err
    return done


def save(shop: Shop, *more: str, name: str = "p.json") -> Outcome:
    done = shop.run("plan", *DAY, "--out", name, *more)
    assert done.code == 0, done.err
    return done


def ids(shop: Shop, name: str = "adults") -> list[str]:
    done = shop.run("members", name)
    assert done.code == 0, done.err
    return done.out.split()


def refused(shop: Shop, *more: str, name: str = "p.json") -> str:
    """What a stale plan says; nothing at all was written."""
    before = state(shop)
    done = shop.run("apply", name, *more)
    assert (done.code, done.out) == (4, ""), done
    assert state(shop) == before
    assert "hint: `segctl plan --out FILE` plans again" in done.err
    return done.err


def state(shop: Shop) -> dict[str, bytes]:
    """Every file of the state; the index beside it, and what only locks, are none of it."""
    root = shop.folder / ".segctl"
    files = (path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))
    files = (path for path in files if "index" not in path.relative_to(root).parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def raise_age(shop: Shop) -> None:
    shop.segment("adults", "{attribute: age, at_least: 40}")


# --- once, and exactly as it was shown ----------------------------------------------------------------


def test_a_saved_plan_is_applied_as_it_was_shown_and_once(shop: Shop) -> None:
    said = save(shop)
    assert said.err.endswith("Saved in p.json. Publish exactly this: segctl apply p.json\n")
    assert "Publish exactly" not in said.out
    done = shop.run("apply", "p.json")
    assert (done.code, done.out) == (0, said.out + "Published serial 1.\n")
    assert ids(shop) == ADULTS
    assert re.search(
        r"error: `p.json` was applied already, as serial 1 \(apply by \S+@\S+, 20\S+Z\); a plan applies once\n",
        refused(shop),
    )


def test_it_is_applied_once_also_when_others_came_after(shop: Shop) -> None:
    save(shop)
    assert shop.run("apply", "p.json").code == 0
    for age in range(20, 28):
        shop.segment("adults", f"{{attribute: age, at_least: {age}}}")
        apply(shop)
    assert "`p.json` was applied already, as serial 1 " in refused(shop)


def test_it_is_evaluated_as_of_the_instant_of_the_plan(shop: Shop) -> None:
    shop.segment("fresh", "{event: purchase, within: 30d}")
    save(shop)
    assert shop.run("apply", "p.json").code == 0
    said = json.loads(shop.run("history", "--format", "json").out)
    assert said["records"][0]["as_of"] == "2026-11-21T23:00:00Z"
    assert ids(shop, "fresh") == shop.run("-q", "members", "fresh", "--live", *DAY).out.split()


def test_nobody_is_asked(shop: Shop) -> None:
    save(shop)
    assert shop.process("apply", "p.json").returncode == 0


def test_a_plan_without_changes_has_nothing_to_do(shop: Shop) -> None:
    apply(shop)
    assert "there is nothing to publish" in save(shop).err
    done = shop.run("apply", "p.json")
    assert done.code == 0
    assert "Published" not in done.out
    assert json.loads(shop.run("apply", "p.json", "--format", "json").out)["published"] is None


def test_as_json_it_is_one_document_with_the_serial(shop: Shop) -> None:
    planned = json.loads(shop.run("plan", *DAY, "--out", "p.json", "--format", "json").out)
    said = json.loads(shop.run("apply", "p.json", "--format", "json").out)
    assert said["published"] == 1
    assert {key: said[key] for key in planned} == planned


def test_everything_that_can_be_planned_can_be_saved(shop: Shop) -> None:
    shop.write("data/beta.csv", "id\nada\nben\nnobody\n")
    shop.write("segments/beta.yaml", "kind: list\nname: beta\npath: data/beta.csv\nid: id\n")
    shop.write("segments/worth.yaml", "kind: trait\nname: worth\nvalue: {event: purchase, sum: {of: amount}}\n")
    shop.write("segments/when.yaml", "kind: trait\nname: last_seen\nvalue: {event: purchase, last: true}\n")
    shop.write(
        "segments/back.yaml",
        "kind: campaign\nname: back\naudience: {include: [adults, old]}\n"
        "variants: [{name: a, percent: 50}, {name: control, percent: 50, control: true}]\n",
    )
    shop.segment("old", "{attribute: age, at_least: 60}")
    shop.segment("gone", "{event: purchase_that_never_was}")
    save(shop)
    assert shop.run("apply", "p.json").code == 0
    (shop.folder / "segments/gone.yaml").unlink()
    shop.write("segments/worth.yaml", "kind: trait\nname: worth\nvalue: {event: purchase, average: {of: amount}}\n")
    raise_age(shop)
    with (shop.folder / "data/users.csv").open("a") as file:
        file.write("kim,FR,true,70,2026-11-21\n")
    said = save(shop)
    shown = shop.run("show", "p.json")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.partition("\n\n")[2] == said.out
    done = shop.run("apply", "p.json")
    assert (done.code, done.out) == (0, said.out + "Published serial 2.\n")
    for field in ("- segment gone", "~ trait worth", "~ campaign back", "variants: "):
        assert field in said.out


# --- what has moved is said ---------------------------------------------------------------------------


def test_a_serial_that_moved_is_told_with_who_moved_it(shop: Shop) -> None:
    apply(shop)
    raise_age(shop)
    save(shop)
    shop.segment("adults", "{attribute: age, at_least: 30}")
    assert shop.process("apply", "--auto-approve", *DAY, SEGCTL_WHO="bob").returncode == 0
    assert shop.process("refresh", "--as-of", "2026-11-23", SEGCTL_WHO="cron").returncode == 0
    raise_age(shop)
    assert re.search(
        r"error: `p.json` is stale, and nothing was changed\n"
        r"  serial: it was made against serial 1, and the state is at serial 3: "
        r"serial 2 \(apply by bob@\S+, 20\S+Z\); serial 3 \(refresh by cron@\S+, 20\S+Z\)\n",
        refused(shop),
    )


def test_definitions_that_moved_are_named(shop: Shop) -> None:
    shop.segment("old", "{attribute: age, at_least: 60}")
    save(shop)
    raise_age(shop)
    (shop.folder / "segments/old.yaml").unlink()
    shop.segment("young", "{attribute: age, less_than: 30}")
    assert "  definitions: segment.adults has changed, segment.old is gone, segment.young is new\n" in refused(shop)


def test_settings_of_the_project_are_definitions(shop: Shop) -> None:
    save(shop)
    file = shop.folder / "segments/segctl.yaml"
    file.write_text(f"{file.read_text()}engagement: {{lookback: 30d}}\n")
    assert "  definitions: project has changed\n" in refused(shop)


def test_policies_are_definitions(shop: Shop) -> None:
    shop.write(
        "segments/small.yaml",
        "kind: policy\nname: small\nseverity: warning\nblocking: false\nmembers: {at_most: 100}\n",
    )
    save(shop)
    shop.write(
        "segments/small.yaml", "kind: policy\nname: small\nseverity: warning\nblocking: false\nmembers: {at_most: 50}\n"
    )
    assert "  definitions: policy.small has changed\n" in refused(shop)


def test_a_comment_moves_nothing(shop: Shop) -> None:
    save(shop)
    file = shop.folder / "segments/adults.yaml"
    file.write_text(f"# said otherwise\n{file.read_text()}")
    file.rename(shop.folder / "segments/elsewhere.yaml")
    assert shop.run("apply", "p.json").code == 0


def test_data_that_moved_is_named(shop: Shop) -> None:
    save(shop)
    with (shop.folder / "data/orders.csv").open("a") as file:
        file.write("dora,2026-11-23 09:00:00,5,red\n")
    assert "  data: events[0] has changed\n" in refused(shop)


def test_a_file_of_ids_is_data_too(shop: Shop) -> None:
    shop.write("data/beta.csv", "id\nada\nben\n")
    shop.write("segments/beta.yaml", "kind: list\nname: beta\npath: data/beta.csv\nid: id\n")
    save(shop)
    shop.write("data/beta.csv", "id\nada\n")
    said = refused(shop)
    assert "  effect: list beta would have 1 member, not 2 (files of ids are data too; " in said
    shop.write("data/beta.csv", "id\nada\ncid\n")
    assert "  effect: list beta would not be what was planned" in refused(shop)
    assert "cid" not in refused(shop)


def test_everything_that_moved_is_told_at_once(shop: Shop) -> None:
    apply(shop)
    raise_age(shop)
    save(shop)
    shop.segment("adults", "{attribute: age, at_least: 41}")
    apply(shop)
    with (shop.folder / "data/users.csv").open("a") as file:
        file.write("kim,FR,true,70,2026-11-21\n")
    shop.segment("adults", "{attribute: age, at_least: 42}")
    said = refused(shop)
    assert [line.partition(":")[0].strip() for line in said.splitlines()[1:-1]] == ["serial", "definitions", "data"]


def test_another_state_is_refused_before_it_gets_a_name(shop: Shop, tmp_path: Path) -> None:
    save(shop)
    other = replace(shop, folder=tmp_path / "other")
    shutil.copytree(shop.folder, other.folder, ignore=shutil.ignore_patterns(".segctl"))
    assert "  lineage: it was made for a state that is not this one: nothing was ever written here\n" in refused(other)
    assert not (other.folder / ".segctl").exists()
    save(other, name="own.json")
    assert re.search(
        r"  lineage: it was made for another state \(lineage \w{12}, here it is \w{12}\)\n", refused(other)
    )


def test_another_state_at_the_same_serial_is_refused(shop: Shop, tmp_path: Path) -> None:
    other = replace(shop, folder=tmp_path / "other")
    shutil.copytree(shop.folder, other.folder)
    apply(shop)
    apply(other)
    raise_age(shop)
    raise_age(other)
    save(shop, name="../other/p.json")
    assert "  lineage: it was made for another state " in refused(other)


def test_another_project_over_the_same_state_is_refused(shop: Shop) -> None:
    apply(shop)
    raise_age(shop)
    save(shop)
    file = shop.folder / "segments/segctl.yaml"
    file.write_text(file.read_text().replace("tiny_shop", "huge_shop"))
    assert "  project: it was made for `tiny_shop`, and this is `huge_shop`\n" in refused(shop)


def test_a_state_put_back_from_a_backup_is_told(shop: Shop, tmp_path: Path) -> None:
    apply(shop)
    shutil.copytree(shop.folder / ".segctl", tmp_path / "backup")
    raise_age(shop)
    apply(shop)
    shop.segment("adults", "{attribute: age, at_least: 50}")
    save(shop)
    shutil.rmtree(shop.folder / ".segctl")
    shutil.copytree(tmp_path / "backup", shop.folder / ".segctl")
    assert "and the state is at serial 1: an older state was put back\n" in refused(shop)


# --- guards -------------------------------------------------------------------------------------------


def test_a_guard_refuses_a_saved_plan_with_3(shop: Shop) -> None:
    shop.segment("adults", "{attribute: age, at_least: 18}", "guards: {max_exit: 10%}\n")
    apply(shop)
    shop.segment("adults", "{attribute: age, at_least: 40}", "guards: {max_exit: 10%}\n")
    assert save(shop).err.endswith("Saved in p.json; an apply would be refused.\n")
    assert "Publish exactly" not in shop.run("plan", *DAY).out
    done = shop.run("apply", "p.json")
    assert (done.code, ids(shop)) == (3, ADULTS)
    no = shop.run("apply", "p.json", "--allow", "max_exit", "--reason", "agreed")
    assert no.code == 64
    assert "error: `--allow` cannot be changed when a saved plan is applied\n" in no.err
    save(shop, "--allow", "max_exit:adults")
    assert shop.run("apply", "p.json").err.startswith("error: `--allow` needs a reason\n")
    assert shop.run("apply", "p.json", "--reason", "agreed with crm").code == 0
    assert len(ids(shop)) < len(ADULTS)


def test_the_reason_may_stand_in_the_plan(shop: Shop) -> None:
    shop.segment("adults", "{attribute: age, at_least: 18}", "guards: {max_exit: 10%}\n")
    apply(shop)
    shop.segment("adults", "{attribute: age, at_least: 40}", "guards: {max_exit: 10%}\n")
    save(shop, "--allow", "max_exit:adults", "--reason", "agreed with crm")
    said = json.loads(shop.run("apply", "p.json", "--format", "json").out)
    assert said["overrides"] == [{"rule": "max_exit", "name": "adults", "reason": "agreed with crm"}]


# --- options that the plan has answered ---------------------------------------------------------------


@pytest.mark.parametrize("option", [("--as-of", "2026-11-23"), ("--select", "adults"), ("--exclude", "adults"),
                                    ("--allow", "max_exit")])  # fmt: skip
def test_what_the_plan_says_cannot_be_said_otherwise(shop: Shop, option: tuple[str, str]) -> None:
    save(shop)
    done = shop.run("apply", "p.json", *option)
    assert (done.code, done.out) == (64, "")
    assert done.err.startswith(f"error: `{option[0]}` cannot be changed when a saved plan is applied\n")


def test_what_the_plan_says_may_be_said_again(shop: Shop) -> None:
    save(shop, "--select", "adults")
    assert shop.run("apply", "p.json", *DAY, "--select", "adults").code == 0


def test_a_selection_is_kept(shop: Shop) -> None:
    shop.segment("old", "{attribute: age, at_least: 60}")
    save(shop, "--select", "old")
    raise_age(shop)  # outside of what was selected
    assert shop.run("apply", "p.json").code == 0
    assert shop.run("members", "adults").code == 1
    assert shop.run("members", "old").code == 0


def test_a_selection_that_matches_nothing_any_more_is_stale(shop: Shop) -> None:
    shop.segment("old", "{attribute: age, at_least: 60}", "tags: [loyalty]\n")
    save(shop, "--select", "tag:loyalty")
    shop.segment("old", "{attribute: age, at_least: 60}")
    assert "  plan: there is none as of now: " in refused(shop)


def test_a_selection_that_comes_to_something_else_is_told(shop: Shop) -> None:
    shop.segment("old", "{attribute: age, at_least: 60}", "tags: [loyalty]\n")
    shop.segment("young", "{attribute: age, less_than: 30}", "tags: [loyalty]\n")
    save(shop, "--select", "tag:loyalty")
    shop.segment("young", "{attribute: age, less_than: 30}")
    shop.segment("adults", "{attribute: age, at_least: 40}", "tags: [loyalty]\n")
    said = refused(shop)
    assert "  selection: segment.adults is new, segment.young is gone\n" in said
    assert "  definitions: segment.adults is new, segment.young is gone\n" in said


def test_a_selection_that_comes_to_the_same_by_other_files_is_the_same(shop: Shop) -> None:
    shop.segment("old", "{attribute: age, at_least: 60}")
    apply(shop)
    shop.segment("old", "{attribute: age, at_least: 61}")
    save(shop, "--select", "path:segments/*.yaml")
    (shop.folder / "segments/more").mkdir()
    (shop.folder / "segments/adults.yaml").rename(shop.folder / "segments/more/adults.yaml")
    assert shop.run("apply", "p.json").code == 0


def test_a_guard_that_speaks_up_only_now_is_told_with_what_moved(shop: Shop) -> None:
    shop.segment("adults", "{attribute: age, at_least: 18}", "guards: {min_members: 8}\n")
    save(shop)
    path = shop.folder / "data/users.csv"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "ada," not in line))
    said = refused(shop)
    assert "  data: users has changed\n" in said
    assert "  guards: `min_members` on segment adults would refuse it now\n" in said


def test_definitions_that_are_wrong_now_are_told_as_such(shop: Shop) -> None:
    save(shop)
    shop.segment("adults", "{attribute: aeg, at_least: 18}")
    done = shop.run("apply", "p.json")
    assert (done.code, "`aeg`" in done.err) == (1, True)


# --- files that are none ------------------------------------------------------------------------------


def altered(shop: Shop, edit: Callable[[dict[str, Any]], None], *, sealed: bool = False) -> None:
    """Change the file; sealed: as another segctl would have written it."""
    file = json.loads((shop.folder / "p.json").read_text())
    edit(file)
    if sealed:
        from segctl.plan import saved

        body = {key: file[key] for key in file if key not in {"format_version", "kind", "digest"}}
        file["digest"] = saved._digest(json.loads(json.dumps(body)))
    (shop.folder / "p.json").write_text(json.dumps(file))


def test_an_altered_plan_is_refused_by_name(shop: Shop) -> None:
    save(shop)
    altered(shop, lambda file: file["binding"].update(serial=7))
    for verb in ("apply", "show"):
        done = shop.run(verb, "p.json")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("error: `p.json` cannot be used: it was altered after it was saved: ")


def test_its_layout_may_be_another(shop: Shop) -> None:
    save(shop)
    altered(shop, lambda _: None)
    assert shop.run("apply", "p.json").code == 0


def test_a_plan_of_other_fingerprints_is_refused(shop: Shop) -> None:
    save(shop)

    def older(file: dict[str, Any]) -> None:
        file["binding"]["fingerprints"] = "0.9"
        file["made"]["segctl"] = "0.0.1"

    altered(shop, older, sealed=True)
    assert "  definitions: they cannot be compared, for segctl 0.0.1 made the plan\n" in refused(shop)


def test_a_plan_of_another_segctl_that_comes_to_the_same_is_right(shop: Shop) -> None:
    save(shop)
    altered(shop, lambda file: file["made"].update(segctl="9.9.9"), sealed=True)
    assert shop.run("apply", "p.json").code == 0


def test_a_plan_of_another_segctl_that_comes_to_something_else_is_refused(shop: Shop) -> None:
    save(shop)

    def other(file: dict[str, Any]) -> None:
        file["made"]["segctl"] = "9.9.9"
        file["model"]["changes"][0]["membership"] = "0" * 64
        file["model"]["digest"] = "0" * 64

    altered(shop, other, sealed=True)
    assert (
        "  effect: segment adults would not be what was planned "
        "(files of ids are data too; segctl 9.9.9 made the plan)\n"
    ) in refused(shop)


def test_a_newer_format_is_refused(shop: Shop) -> None:
    save(shop)
    altered(shop, lambda file: file.update(format_version="2.0"))
    done = shop.run("apply", "p.json")
    assert done.code == 1
    assert done.err.startswith("error: `p.json` cannot be used: it is of format 2.0, and this segctl knows 1.1\n")


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", '"x"', "{}", '{"kind": "saved_plan"}', "\x00\xff",
        '{"kind": "saved_plan", "format_version": "1.0", "digest": "", "made": 3}',
    ],
)  # fmt: skip
def test_what_is_no_plan_is_told_in_one_line(shop: Shop, content: str) -> None:
    (shop.folder / "p.json").write_bytes(content.encode("latin-1"))
    done = shop.run("apply", "p.json")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: `p.json` cannot be used: ")


def test_a_plan_that_is_not_there(shop: Shop) -> None:
    done = shop.run("apply", "p.json")
    assert (done.code, done.err) == (
        1,
        "error: cannot read the plan `p.json`: No such file or directory\n  hint: `segctl plan --out FILE` makes one\n",
    )


def test_a_state_that_cannot_be_named_is_told(shop: Shop) -> None:
    (shop.folder / ".segctl").write_text("no folder")
    done = shop.run("plan", *DAY, "--out", "p.json")
    assert done.code == 1
    assert done.err.startswith("error: a saved plan is bound to one state, and this one has no name yet: cannot write ")
    assert not (shop.folder / "p.json").exists()


def test_a_place_that_cannot_be_written_is_told(shop: Shop) -> None:
    done = shop.run("plan", *DAY, "--out", "no/such/p.json")
    assert done.code == 1
    assert "no/such" in done.err
    assert "Traceback" not in done.err


# --- show ---------------------------------------------------------------------------------------------


def test_show_is_the_plan_and_who_made_it(shop: Shop) -> None:
    said = save(shop)
    shown = shop.run("show", "p.json")
    head, _, rest = shown.out.partition("\n\n")
    assert re.fullmatch(r"p\.json: saved by \S+@\S+, 20[-\d]+ [\d:]+ Europe/Paris(, .*)?, segctl \S+", head)
    assert rest == said.out
    printed = json.loads(shop.run("plan", *DAY, "--format", "json").out)
    data = json.loads(shop.run("show", "p.json", "--format", "json").out)
    assert {key: data[key] for key in printed} == printed
    assert data["stale"] == []


def test_show_warns_of_a_stale_plan_and_shows_it(shop: Shop) -> None:
    save(shop)
    apply(shop)
    done = shop.run("show", "p.json")
    assert done.code == 0
    assert done.err.startswith("warning: `p.json` is stale, an apply would refuse it\n  ")
    assert json.loads(shop.run("show", "p.json", "--format", "json").out)["stale"]


def test_show_makes_a_comment_for_a_pull_request(shop: Shop) -> None:
    save(shop)
    fresh = shop.run("show", "p.json", "--format", "markdown")
    assert (fresh.code, fresh.out) == (0, shop.run("plan", *DAY, "--format", "markdown").out)
    apply(shop)
    assert "This plan is stale, an apply would refuse it" in shop.run("show", "p.json", "--format", "markdown").out
    assert shop.run("show", "adults", "--format", "markdown").code == 64


def test_show_needs_no_project(shop: Shop, tmp_path: Path) -> None:
    said = save(shop)
    alone = replace(shop, folder=tmp_path / "alone")
    alone.folder.mkdir()
    shutil.copy(shop.folder / "p.json", alone.folder)
    done = alone.run("show", "p.json")
    assert (done.code, done.out.partition("\n\n")[2]) == (0, said.out)
    assert done.err.startswith("note: whether `p.json` is stale is not known here: ")


def test_a_file_called_like_a_definition_has_to_be_written_as_a_path(shop: Shop) -> None:
    save(shop, name="adults")
    done = shop.run("show", "adults")
    assert done.code == 64
    assert "hint: write `./adults` for the plan, `KIND.adults` for the definition" in done.err
    assert shop.run("show", "./adults").out.startswith("./adults: saved by ")
    assert shop.run("show", "segment.adults").out.startswith("segment adults ")
    (shop.folder / "adults").write_text("something else")
    assert shop.run("show", "adults").out.startswith("segment adults ")


# --- by digest ----------------------------------------------------------------------------------------


def digest(shop: Shop) -> tuple[str, str]:
    """The instant and the digest that a plan shows."""
    found = re.search(r"segctl -C \S+ apply --as-of (\S+) --digest (\w{12})\n", shop.run("plan", *DAY).out)
    assert found
    return found[1], found[2]


def test_a_digest_applies_the_plan_that_was_shown(shop: Shop) -> None:
    as_of, shown = digest(shop)
    assert shop.process("apply", "--as-of", as_of, "--digest", shown).returncode == 0
    assert ids(shop) == ADULTS
    raise_age(shop)
    as_of, shown = digest(shop)
    whole = json.loads(shop.run("plan", *DAY, "--format", "json").out)["digest"]
    assert whole.startswith(shown)
    assert shop.run("apply", "--as-of", as_of, "--digest", whole.upper()).code == 0


def test_a_digest_of_a_state_that_got_its_name_since_is_right(shop: Shop) -> None:
    as_of, shown = digest(shop)
    save(shop)
    assert digest(shop)[1] != shown
    assert shop.run("apply", "--as-of", as_of, "--digest", shown).code == 0


def test_another_plan_than_that_of_the_digest_is_4(shop: Shop) -> None:
    as_of, shown = digest(shop)
    raise_age(shop)
    done = shop.run("apply", "--as-of", as_of, "--digest", shown)
    assert (done.code, done.out) == (4, "")
    now = digest(shop)[1]
    assert f"the plan is not the one of `--digest {shown}`: its digest is {now} now; nothing was changed\n" in done.err
    assert shop.run("apply", "--as-of", as_of, "--digest", now).code == 0


def test_without_the_instant_the_message_helps(shop: Shop) -> None:
    _, shown = digest(shop)
    done = shop.run("apply", "--digest", shown)
    assert done.code == 4
    assert "pass the `--as-of` that `segctl plan` shows beside the digest" in done.err


@pytest.mark.parametrize("written", ["3f9a", "3f9ac2d17b6g", "", "3f9ac2d17b6"])
def test_a_digest_has_twelve_hex_digits(shop: Shop, written: str) -> None:
    done = shop.run("apply", "--digest", written)
    assert done.code == 64
    assert "a digest is at least 12 hex digits" in done.err


def test_a_digest_and_a_file_are_too_much(shop: Shop) -> None:
    save(shop)
    assert shop.run("apply", "p.json", "--digest", "3f9ac2d17b60").code == 64


# --- what it holds ------------------------------------------------------------------------------------


def test_no_id_stands_in_a_saved_plan(shop: Shop) -> None:
    shop.segment("rich", "{event: purchase, sum: {of: amount, more_than: 10}}")
    save(shop)
    text = (shop.folder / "p.json").read_text()
    users = [line.partition(",")[0] for line in (shop.folder / "data/users.csv").read_text().splitlines()[1:]]
    assert len(users) == 10
    assert not [user for user in users if f'"{user}"' in text]


def test_what_is_read_is_what_was_written(shop: Shop) -> None:
    shop.write("segments/worth.yaml", "kind: trait\nname: worth\nvalue: {event: purchase, sum: {of: amount}}\n")
    shop.segment("half", "{attribute: age, more_than: 20.50}")
    save(shop)
    data = (shop.folder / "p.json").read_bytes()
    assert dumps(as_data(read(data))).encode() == data


def test_grants_from_a_file_are_carried_by_the_plan_and_kept_by_the_record(shop: Shop) -> None:
    shop.segment("adults", "{attribute: age, at_least: 18}", "guards: {max_exit: 10%}\n")
    apply(shop)
    shop.segment("adults", "{attribute: age, at_least: 40}", "guards: {max_exit: 10%}\n")
    grant = {"allow": "max_exit:adults", "reason": "agreed with crm", "by": "ada", "source": "https://ci.example/7"}
    shop.write("allow.json", json.dumps([grant, {"allow": "max_removed", "reason": "in case"}]))
    done = shop.run("plan", "--as-of", "2026-11-22", "--out", "p.json", "--allow-from", "allow.json")
    assert (done.code, "`--allow max_removed` had no effect" in done.err) == (0, True), done.err
    shown = shop.run("show", "p.json")
    assert "  allowed max_exit:adults by ada: agreed with crm\n" in shown.out
    said = json.loads(shop.run("apply", "p.json", "--format", "json").out)
    kept = {
        "rule": "max_exit",
        "name": "adults",
        "reason": "agreed with crm",
        "by": "ada",
        "source": "https://ci.example/7",
    }
    assert said["overrides"] == [kept]
    told = "max_exit:adults: agreed with crm (allowed by ada, https://ci.example/7)\n"
    assert told in shop.run("history").out


def test_grants_cannot_be_added_when_a_saved_plan_is_applied(shop: Shop) -> None:
    save(shop)
    shop.write("allow.json", json.dumps([{"allow": "max_exit", "reason": "late"}]))
    done = shop.run("apply", "p.json", "--allow-from", "allow.json")
    assert (done.code, "`--allow-from` cannot be changed" in done.err) == (64, True)
    missing = shop.run("plan", "--allow-from", "nothing.json")
    assert (missing.code, missing.err) == (1, "error: cannot read `nothing.json`: No such file or directory\n")
