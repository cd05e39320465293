"""What `segctl forget` does, says, and leaves as it is, on the command line."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from segctl.diagnostics import ExitCode, Stale
from segctl.load.files import FOLDER
from segctl.state.names import FOLDERS, record_name
from segctl.state.search import SEARCHED
from tests.apply.conftest import Command
from tests.apply.shop import ADULTS, BETA, BUYERS, LOYAL, Shop, segment
from tests.forget.bytes import files_with
from tests.forget.worlds import state_of

CANARY, OTHER = "canary-5e1f", "second.canary@example.com"
TRAITS: list[dict[str, Any]] = [
    {"kind": "trait", "name": "orders", "value": {"event": "purchase", "count": True}},
    {"kind": "trait", "name": "friend", "value": {"event": "invite", "last_value": {"of": "friend"}}},
    {"kind": "trait", "name": "friends", "value": {"event": "invite", "unique_list": {"of": "friend"}}},
]
CAMPAIGN: dict[str, Any] = {
    "kind": "campaign", "name": "mail", "audience": {"include": ["adults"]},
    "variants": [{"name": "v1", "percent": 50}, {"name": "v2", "percent": 50}],
}  # fmt: skip
AUTO = ("--auto-approve", "--reason", "request 118")


@pytest.fixture
def planted(shop: Shop, segctl: Command) -> Shop:
    """Three serials, with two canaries as users, as members of everything, and as values of another user's traits."""
    data(shop, CANARY, OTHER)
    shop.define(ADULTS, BUYERS, LOYAL, BETA, CAMPAIGN, *TRAITS)
    shop.apply()
    shop.define(segment("adults", {"attribute": "age", "at_least": 25}), BUYERS, LOYAL, BETA, CAMPAIGN, *TRAITS)
    shop.apply()
    shop.refresh("2026-01-12T00:00:00Z", everything=True)
    assert CANARY in segctl("members", "adults").out
    assert files_with(shop.root / ".segctl", CANARY)
    return shop


def data(shop: Shop, *canaries: str) -> None:
    """The data of the shop, with these users too; b has invited the first one of them."""
    shop.users("a,10", "b,20", "c,30", "d,40", *(f"{canary},50" for canary in canaries))
    bought = ["b,purchase,,3", "c,purchase,,4", *(f"{canary},purchase,,{day}" for canary in canaries for day in (5, 6))]
    invited = [f"b,invite,{canary},7" for canary in [*canaries, "d"][:1]] + ["b,invite,c,6", "c,invite,a,2"]
    lines = [",".join([*row.split(",")[:3], f"2026-01-0{row.split(',')[3]}T00:00:00Z"]) for row in bought + invited]
    (shop.root / "data/events-1.csv").write_text("\n".join(["user,event,friend,time", *lines]) + "\n")
    shop.ids("beta.csv", "a", "b", *canaries)


def clean(shop: Shop) -> None:
    """The owner of the data has deleted the canaries there."""
    data(shop)


def state_files(shop: Shop) -> dict[str, bytes]:
    root = shop.root / ".segctl"
    files = (path for path in root.rglob("*") if path.is_file() and "index" not in path.relative_to(root).parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in files if not path.name.startswith(".")}


def test_no_byte_of_state_and_index_holds_the_id_and_nothing_says_it(planted: Shop, segctl: Command) -> None:
    clean(planted)
    said = segctl("forget", "--user", CANARY, "--user", OTHER, *AUTO)
    assert said.code == 0, said.err
    assert files_with(planted.root / ".segctl", CANARY, OTHER) == []
    assert CANARY not in said.out + said.err
    assert OTHER not in said.out + said.err
    assert said.out.startswith("found 2 of 2 ids in serials 1 to 3\n")
    assert "erased 2 users from serials 1 to 3\n" in said.out
    assert said.out.endswith("objects of the state searched\n")
    assert said.err == ""
    after = segctl("doctor", "--absent", CANARY, "--absent", OTHER)
    assert (after.code, CANARY in after.out + after.err) == (0, False)
    assert segctl("doctor").out.startswith("the state is intact: serial 3, ")


def test_values_of_other_users_that_are_the_id_go_too_unless_they_are_to_stay(planted: Shop, segctl: Command) -> None:
    before = traits(planted.root)
    assert (before["b"]["friend"], before["b"]["friends"]) == (CANARY, ["c", CANARY])
    clean(planted)
    copy = planted.root.parent / "copy"
    shutil.copytree(planted.root, copy)
    said = segctl("forget", "--user", CANARY, *AUTO)
    assert "removes: 1 value of trait friend (other users', equal to one of the ids)\n" in said.out
    after = traits(planted.root)
    assert (after["b"]["friend"], after["b"]["friends"], after["b"]["orders"]) == (None, ["c"], 1)
    assert CANARY not in after
    record = planted.records()[0]
    assert (record.columns["friend"].users, record.columns["friends"].users) == (1, 2)
    assert record.columns["orders"].users == len(after)
    kept = segctl("-C", str(copy), "forget", "--user", CANARY, "--keep-values", *AUTO)
    assert "keeps: 1 value of trait friend (" in kept.out
    assert (kept.code, "values of trait `friend`" in kept.out) == (1, True)


def traits(root: Path) -> dict[str, Any]:
    """The published values by user."""
    state = state_of(root)
    record = state.current()
    assert record is not None
    assert record.traits is not None
    table = state.traits(record.traits.table)
    columns = {name: column.to_pylist() for name, column in table.columns.items()}
    return {user: {name: columns[name][row] for name in columns} for row, user in enumerate(table.ids.to_pylist())}


def test_the_tombstone_has_date_reason_count_and_who_and_no_trace_of_the_id(planted: Shop, segctl: Command) -> None:
    clean(planted)
    assert segctl("forget", "--user", CANARY, "--user", OTHER, "--user", "nobody", *AUTO).code == 0
    (path,) = (planted.root / ".segctl/erasures").iterdir()
    (tombstone,) = json.loads(path.read_text())
    assert (tombstone["users"], tombstone["reason"], tombstone["serial"]) == (2, "request 118", 3)
    assert set(tombstone) == {"erased", "users", "serial", "reason", "who", "host", "commit", "run"}
    shown = segctl("history").out.splitlines()[-1]
    assert shown.startswith("erased 2 users from all serials up to 3, ")
    assert shown.endswith(": request 118")
    (entry,) = json.loads(segctl("history", "--format", "json").out)["erasures"]
    assert entry == tombstone
    assert segctl("gc", "--keep", "1").code == 0
    assert segctl("history").out.splitlines()[-1].startswith("kept from serial 3 on")
    assert state_of(planted.root).erasures()[0].users == 2


def test_no_digest_of_the_old_members_is_left(planted: Shop, segctl: Command) -> None:
    old = list(planted.records())
    digests = {
        *(record.population for record in old), *(record.data for record in old), *(str(record.plan) for record in old),
        *(snapshot.membership for record in old for snapshot in record.snapshots.values()),
    }  # fmt: skip
    clean(planted)
    assert segctl("forget", "--user", CANARY, *AUTO).code == 0
    left = b"".join(state_files(planted).values()).decode("latin-1") + " ".join(state_files(planted))
    assert [digest for digest in sorted(digests) if digest in left] == []
    data_digests = [record.data for record in planted.records()]
    assert [data_digests.count(one) for one in data_digests] == [[r.data for r in old].count(r.data) for r in old]


def test_everything_goes_on_on_rewritten_serials(planted: Shop, segctl: Command) -> None:
    clean(planted)
    assert segctl("forget", "--user", CANARY, "--user", OTHER, *AUTO).code == 0
    assert planted.members("adults", 1) == "bcd"
    assert planted.members("adults") == "cd"
    assert planted.moved("adults", 2) == ("", "b")
    entry = next(e for e in json.loads(segctl("history", "--format", "json").out)["records"] if e["serial"] == 2)
    change = next(one for one in entry["changes"] if one["name"] == "adults")
    assert (change["entered"], change["exited"]) == (0, 1)
    assert "-1" in segctl("diff", "1", "2").out
    assert segctl("drift").code == 0
    assert planted.plan().is_empty
    planted.refresh("2026-01-13T00:00:00Z", everything=True)
    assert (planted.serial(), planted.members("adults")) == (4, "cd")
    assert (planted.root / ".segctl" / record_name(4, 1)).exists()
    said = segctl("rollback", "1", "--auto-approve", "--allow", "earlier_as_of", "--reason", "back")
    assert said.code == 0, said.err
    assert planted.members("adults") == "bcd"
    assert segctl("gc", "--keep", "2").code == 0
    assert segctl("doctor").out.startswith("the state is intact: serial 5, ")
    assert "left over" not in segctl("doctor").out
    assert files_with(planted.root / ".segctl", CANARY, OTHER) == []


def test_a_saved_plan_from_before_is_stale_and_says_why(planted: Shop, segctl: Command) -> None:
    clean(planted)
    planted.define(segment("adults", {"attribute": "age", "at_least": 26}), BUYERS, LOYAL, BETA, CAMPAIGN, *TRAITS)
    assert segctl("plan", "--as-of", "2026-01-12", "--out", "p.json").code == 0
    assert segctl("forget", "--user", CANARY, *AUTO).code == 0
    said = segctl("apply", "p.json", "--auto-approve")
    assert said.code == ExitCode.STALE
    assert "`p.json` is stale, and nothing was changed\n  erasures: users were erased from the state since" in said.err
    assert "erasures: users were erased" in segctl("show", "p.json").err
    assert segctl("plan", "--as-of", "2026-01-12", "--out", "p.json").code == 0
    said = segctl("apply", "p.json", "--auto-approve")
    assert (said.code, planted.serial()) == (0, 4), said.err


def test_where_the_id_still_stands_is_named_and_not_altered(planted: Shop, segctl: Command) -> None:
    test = {"kind": "test", "name": "t", "segment": "adults", "users": [{"id": CANARY, "age": 50}], "members": [CANARY]}
    path = planted.root / FOLDER / "tests.yaml"
    path.write_text(f"# {OTHER} asked about this\n{json.dumps(test)}\n")
    before = {one: one.read_bytes() for one in planted.root.rglob("*") if one.is_file() and ".segctl" not in one.parts}
    said = segctl("forget", "--user", CANARY, "--user", OTHER, *AUTO)
    assert said.code == 0, said.err
    assert "the next refresh or apply publishes them again:\n" in said.err
    assert "  data/users.csv: 2 rows\n" in said.err
    assert "  data/events-1.csv: 4 rows\n" in said.err
    assert "  data/beta.csv:4\n  data/beta.csv:5\n" in said.err
    assert "  segments/tests.yaml:1\n  segments/tests.yaml:2\n" in said.err
    assert CANARY not in said.out + said.err
    assert {path: path.read_bytes() for path in before} == before
    found = json.loads(segctl("forget", "--user", CANARY, "--dry-run", "--format", "json").out)
    assert [(one["kind"], one["rows"]) for one in found["remaining"]][:2] == [("users", 1), ("events", 2)]


def test_an_id_in_the_data_comes_back_with_the_next_refresh_as_was_said(planted: Shop, segctl: Command) -> None:
    assert segctl("forget", "--user", CANARY, *AUTO).code == 0
    assert CANARY not in segctl("members", "adults").out
    planted.refresh("2026-01-13T00:00:00Z", everything=True)
    assert CANARY in segctl("members", "adults").out


def test_an_id_in_an_applied_definition_is_told_with_its_serials(planted: Shop, segctl: Command) -> None:
    named = segment("named", {"attribute": "id", "in": [CANARY, "a"]})
    planted.define(ADULTS, BUYERS, LOYAL, BETA, CAMPAIGN, *TRAITS, named)
    planted.apply("2026-01-12T00:00:00Z", "max_enter")
    planted.define(ADULTS, BUYERS, LOYAL, BETA, CAMPAIGN, *TRAITS)
    planted.apply("2026-01-12T00:00:00Z", "max_exit")
    clean(planted)
    said = segctl("forget", "--user", CANARY, *AUTO)
    assert "definitions as they were applied name the ids" in said.err
    assert "  segment named: serial 4\n" in said.err
    assert said.code == 0  # the users are erased; definitions are for their owner
    assert segctl("doctor", "--absent", CANARY).code == 1
    assert segctl("gc", "--keep", "1").code == 0
    assert segctl("doctor", "--absent", CANARY).code == 0


def test_reasons_that_name_the_id_are_refused_or_cleaned(planted: Shop, segctl: Command) -> None:
    said = segctl("forget", "--user", CANARY, "--auto-approve", "--reason", f"{CANARY} asked")
    assert (said.code, CANARY in said.err) == (ExitCode.USAGE, False)
    planted.define(segment("adults", {"attribute": "age", "at_least": 45}), BUYERS, LOYAL, BETA, CAMPAIGN, *TRAITS)
    arguments = ("--auto-approve", "--allow", "max_exit", "--reason", f"so wants {CANARY}.", "--as-of", "2026-01-12")
    assert segctl("apply", *arguments).code == 0
    clean(planted)
    assert segctl("forget", "--user", CANARY, *AUTO).code == 0
    assert files_with(planted.root / ".segctl", CANARY) == []


def test_a_dry_run_says_the_same_and_changes_nothing(planted: Shop, segctl: Command) -> None:
    before = state_files(planted)
    would = json.loads(segctl("forget", "--user", CANARY, "--dry-run", "--format", "json").out)
    assert state_files(planted) == before
    done = json.loads(segctl("forget", "--user", CANARY, *AUTO, "--format", "json").out)
    same = ("ids", "found", "serials", "rewritten", "values", "remaining")
    assert {name: would[name] for name in same} == {name: done[name] for name in same}
    assert (would["dry_run"], would["erased"], would["absent"]) == (True, False, None)
    assert (done["dry_run"], done["erased"], done["absent"]["absent"]) == (False, True, True)
    assert (done["found"], done["serials"], done["rewritten"]["records"]) == (1, [1, 2, 3], 3)


def test_it_asks_and_no_changes_nothing(planted: Shop, segctl: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state_files(planted)
    assert segctl("forget", "--user", CANARY).code == ExitCode.USAGE
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    said = segctl("forget", "--user", CANARY)
    assert said.code == ExitCode.FAILED
    assert "Erase this? It cannot be undone." in said.err
    assert {name: one for name, one in state_files(planted).items() if name != "lock.json"} == before


def test_ids_come_from_a_file(planted: Shop, segctl: Command) -> None:
    clean(planted)
    path = planted.root / "ids.txt"
    path.write_bytes(f"\ufeff{CANARY}\r\n\r\n{OTHER}\n".encode())
    assert segctl("forget", "--file", "ids.txt", "--user", "a", *AUTO).code == ExitCode.USAGE
    assert segctl("forget", *AUTO).code == ExitCode.USAGE
    assert segctl("forget", "--file", "none.txt", *AUTO).err.startswith("error: cannot read `none.txt`")
    assert "found 2 of 2 ids" in segctl("forget", "--file", "ids.txt", *AUTO).out
    path.unlink()
    assert files_with(planted.root / ".segctl", CANARY, OTHER) == []


def test_whoever_is_nowhere_is_not_erased_and_leaves_no_tombstone(planted: Shop, segctl: Command) -> None:
    before = state_files(planted)
    said = segctl("forget", "--user", "nobody", *AUTO)
    assert (said.code, said.out.splitlines()[0]) == (0, "no serial holds the id")
    assert state_files(planted) == before
    assert (planted.root / ".segctl/index/manifest.json").exists()


def test_left_overs_go_and_what_nobody_wrote_is_told(planted: Shop, segctl: Command) -> None:
    clean(planted)
    root = planted.root / ".segctl"
    (root / "populations/.tmp-1").write_text(CANARY)
    (root / "notes.txt").write_text(f"ask {CANARY}")
    said = segctl("forget", "--user", CANARY, *AUTO)
    assert said.code == 1
    assert "found: notes.txt: the bytes of a file\n" in said.out
    assert files_with(root, CANARY) == ["notes.txt"]


def test_an_old_state_on_this_machine_is_told(planted: Shop, segctl: Command) -> None:
    shutil.copytree(planted.root / ".segctl", planted.root / "elsewhere")
    planted.define(ADULTS, BUYERS, LOYAL, BETA, CAMPAIGN, *TRAITS, state="elsewhere")
    said = segctl("forget", "--user", CANARY, *AUTO)
    assert said.code == 0
    assert ".segctl` holds an older state that this project does not use: delete it" in said.err
    assert files_with(planted.root / "elsewhere", CANARY) == []


def test_a_damaged_state_is_left_alone(planted: Shop, segctl: Command) -> None:
    path = next((planted.root / ".segctl/memberships").iterdir())
    path.write_bytes(path.read_bytes()[:-3])
    before = state_files(planted)
    said = segctl("forget", "--user", CANARY, *AUTO)
    assert said.code == ExitCode.STALE
    assert "the state is damaged" in said.err
    after = state_files(planted)
    assert {name: after[name] for name in before} == before


def test_a_reader_that_began_before_is_told_to_run_again(planted: Shop, segctl: Command) -> None:
    state = state_of(planted.root)
    head, record = state.head(), state.current()
    assert head is not None
    assert record is not None
    clean(planted)
    assert segctl("forget", "--user", CANARY, *AUTO).code == 0
    with pytest.raises(Stale, match="was replaced by `segctl forget` while this ran") as told:
        state.population(record.population)
    assert told.value.hint == "run the command again"
    with pytest.raises(Stale, match="was replaced by `segctl forget`"):
        state.record_of(head)


def test_an_older_segctl_refuses_a_rewritten_state_by_name(planted: Shop, segctl: Command) -> None:
    assert json.loads((planted.root / ".segctl/head.json").read_text())["format_version"] == 1
    assert segctl("forget", "--user", CANARY, *AUTO).code == 0
    assert json.loads((planted.root / ".segctl/head.json").read_text())["format_version"] == 2


@pytest.mark.usefixtures("planted")
def test_the_log_names_nobody(segctl: Command) -> None:
    said = segctl("--log-format", "json", "forget", "--user", CANARY, *AUTO)
    assert said.code == 0, said.err
    assert CANARY not in said.err
    assert all(json.loads(line) for line in said.err.splitlines())


def test_where_nothing_is_applied_nothing_is_made(shop: Shop, segctl: Command) -> None:
    shop.define(ADULTS)
    said = segctl("forget", "--user", "a", *AUTO)
    assert (said.code, said.out.splitlines()[0]) == (0, "no serial holds the id")
    assert not (shop.root / ".segctl/head.json").exists()


def test_every_folder_of_a_state_is_searched() -> None:
    assert set(SEARCHED) == set(FOLDERS)


def test_damage_of_the_list_of_erasures_is_found(planted: Shop, segctl: Command) -> None:
    assert segctl("forget", "--user", CANARY, *AUTO).code == 0
    (path,) = (planted.root / ".segctl/erasures").iterdir()
    path.write_bytes(path.read_bytes().replace(b"118", b"119"))
    said = segctl("doctor")
    assert said.code == ExitCode.STALE
    assert f"damaged: erasures/{path.name}: its content does not match its digest\n" in said.out
    assert Path(path).exists()
