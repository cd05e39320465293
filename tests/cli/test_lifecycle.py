"""plan, apply, refresh, members, explain, history: the main job, on ten users whose answers are by hand."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import ROOT, Outcome, Shop
from tests.patience import PATIENCE_S, until

DAY = ("--as-of", "2026-11-22")
RED = """kind: segment
name: red
where:
  - {attribute: email_subscribed, is: true}
  - event: purchase
    where: {property: color, is: red}
    count: {at_least: 2}
    within: 730d
"""
ADULTS = ["ada", "cid", "dora", "eve", "finn", "gus", "hal", "jon"]
TWICE_RED = ["ada", "ben", "finn"]
ONCE_RED = ["ada", "ben", "dora", "finn", "hal"]
UNSEEN = "note: 1 event at or after as_of is not seen\n"


@pytest.fixture
def red(shop: Shop) -> Shop:
    """The tiny project with a second segment over the purchases."""
    shop.write("segments/red.yaml", RED)
    return shop


def ids(done: Outcome) -> list[str]:
    assert done.code == 0, done.err
    return done.out.split()


def planned(shop: Shop) -> Outcome:
    """A plan without its last line, whose digest is of this state alone."""
    done = shop.run("plan", *DAY)
    shown, _, publish = done.out.partition("Publish exactly this: ")
    assert re.fullmatch(r"segctl -C \S+ apply --as-of 2026-11-21T23:00:00Z --digest [0-9a-f]{12}\n", publish)
    return Outcome(done.code, shown, done.err)


def apply(shop: Shop, *more: str) -> Outcome:
    done = shop.run("apply", "--auto-approve", *DAY, *more)
    assert done.code == 0, done.err
    return done


def loosen(shop: Shop) -> None:
    shop.write("segments/red.yaml", RED.replace("at_least: 2", "at_least: 1"))


def test_the_first_plan(red: Shop) -> None:
    assert planned(red) == Outcome(
        0,
        "tiny_shop, as of 2026-11-22 00:00 Europe/Paris, nothing is applied yet\n\n"
        "  + segment adults  8 members\n"
        "      means: People whose age is at least 18\n"
        "  + segment red     3 members\n"
        "      means: People who are marked as email subscribed and who have made a purchase with color red at least "
        "twice in the last 730 days\n\n"
        "Plan: 2 to create, 0 to update, 0 to delete, 0 unchanged.\n",
        UNSEEN,
    )
    assert red.run("history").out == "nothing has been applied yet\n"


def test_apply_publishes_what_was_planned(red: Shop) -> None:
    done = apply(red)
    assert done.out.endswith("Plan: 2 to create, 0 to update, 0 to delete, 0 unchanged.\nPublished serial 1.\n")
    assert ids(red.run("members", "adults")) == ADULTS
    assert ids(red.run("members", "red")) == TWICE_RED
    assert red.run("list").out.splitlines()[1:3] == [
        "segment  adults        8  2026-11-22 00:00  applied",
        "segment  red           3  2026-11-22 00:00  applied",
    ]


def test_a_changed_line_shows_who_enters_and_why(red: Shop) -> None:
    apply(red)
    loosen(red)
    assert planned(red) == Outcome(
        0,
        "tiny_shop, as of 2026-11-22 00:00 Europe/Paris, against serial 1\n\n"
        "  ~ segment red  its meaning changes\n"
        "      where[1].count.at_least: 2 → 1\n"
        "      before: People who are marked as email subscribed and who have made a purchase with color red at least "
        "twice in the last 730 days\n"
        "      after: People who are marked as email subscribed and who have made a purchase with color red in the "
        "last 730 days\n"
        "      wider: each member of the old definition matches it\n"
        "      members: 3 → 5  +2 entered\n"
        "        by definition:  +2 entered\n\n"
        "Plan: 0 to create, 1 to update, 0 to delete, 1 unchanged.\n",
        UNSEEN,
    )
    apply(red)
    assert ids(red.run("members", "red")) == ONCE_RED
    assert ids(red.run("members", "red", "--entered")) == ["dora", "hal"]
    assert ids(red.run("members", "red", "--exited")) == []
    assert ids(red.run("members", "red", "--serial", "1")) == TWICE_RED
    assert ids(red.run("members", "red", "--serial", "1", "--entered")) == TWICE_RED


def test_nothing_to_do_is_nothing_done(red: Shop) -> None:
    apply(red)
    text = (red.folder / "segments/red.yaml").read_text()
    (red.folder / "segments/red.yaml").unlink()
    red.write("segments/moved/elsewhere.yaml", "# the same\n" + text.replace("is: red", 'is: "red"'))
    done = red.run("plan", *DAY, "--detailed-exitcode")
    assert done == Outcome(
        0,
        "tiny_shop, as of 2026-11-22 00:00 Europe/Paris, against serial 1\nNo changes; 2 definitions unchanged.\n",
        "",
    )
    assert "Published" not in apply(red).out


def test_detailed_exitcode_is_2_where_there_are_changes(red: Shop) -> None:
    assert red.run("plan", *DAY, "--detailed-exitcode").code == 2
    assert red.run("plan", *DAY).code == 0


def test_a_plan_as_json_splits_the_movement(red: Shop) -> None:
    apply(red)
    loosen(red)
    red.write("data/more.csv", "")
    with (red.folder / "data/users.csv").open("a") as file:
        file.write("kim,FR,true,40,2026-11-21\n")
    with (red.folder / "data/orders.csv").open("a") as file:
        file.write("kim,2026-11-21 12:00:00,5,red\nkim,2026-11-21 13:00:00,5,red\n")
    done = red.run("plan", *DAY, "--format", "json")
    said = json.loads(done.out)
    assert done.code == 0
    assert (said["format_version"], said["project"], said["serial"]) == ("1.3", "tiny_shop", 1)
    assert said["as_of"] == "2026-11-21T23:00:00Z"
    assert said["summary"] == {"create": 0, "update": 1, "delete": 0, "unchanged": 1}
    [change] = said["changes"]
    assert (change["kind"], change["name"], change["action"], change["reasons"]) == (
        "segment", "red", "update", ["logic"],
    )  # fmt: skip
    assert change["diff"] == [{"path": "where[1].count.at_least", "before": 2, "after": 1}]
    assert change["members"] == {
        "before": 3, "after": 6, "entered": 3, "exited": 0,
        "by_definition": {"entered": 2, "exited": 0}, "by_data": {"entered": 1, "exited": 0},
    }  # fmt: skip


def test_refresh_publishes_the_applied_definitions_on_new_data(red: Shop) -> None:
    apply(red)
    loosen(red)
    with (red.folder / "data/orders.csv").open("a") as file:
        file.write("dora,2026-11-23 09:00:00,5,red\n")
    done = red.run("refresh", "--as-of", "2026-11-24")
    assert done.code == 0
    assert "  ~ segment red  its data has changed\n      members: 3 → 4  +1 entered\n" in done.out
    assert done.out.endswith("Published serial 2.\n")
    assert ids(red.run("members", "red")) == sorted([*TWICE_RED, "dora"])
    assert ids(red.run("members", "red", "--entered")) == ["dora"]


def test_members_live_reads_no_state(red: Shop) -> None:
    assert ids(red.run("-q", "members", "red", "--live", *DAY)) == TWICE_RED
    assert not (red.folder / ".segctl/records").exists()
    loosen(red)
    assert ids(red.run("-q", "members", "red", "--live", *DAY)) == ONCE_RED
    done = red.run("members", "red", "adults", "--live", *DAY, "--format", "json")
    assert json.loads(done.out) == {"red": ONCE_RED, "adults": ADULTS}
    assert done.err == UNSEEN


def test_members_to_files(red: Shop) -> None:
    apply(red)
    file = red.folder / "out.parquet"
    done = red.run("members", "red", "adults", "--format", "parquet", "-o", "out.parquet")
    assert done == Outcome(0, "", "out.parquet: 11 written\n")
    assert pq.read_table(file).column("id").to_pylist() == TWICE_RED + ADULTS
    red.run("members", "red", "--format", "arrow", "--output", "out.arrow")
    assert pa.ipc.open_file(red.folder / "out.arrow").read_all().column("id").to_pylist() == TWICE_RED
    assert red.run("members", "red", "--format", "csv").out == "name,id\nred,ada\nred,ben\nred,finn\n"
    assert sorted(path.name for path in red.folder.glob("*out*")) == ["out.arrow", "out.parquet"]


def test_a_campaign_says_each_members_variant(red: Shop) -> None:
    variants = "[{name: a, percent: 50}, {name: control, percent: 50, control: true}]"
    red.write("segments/c.yaml", f"kind: campaign\nname: back\naudience: {{include: [adults]}}\nvariants: {variants}\n")
    apply(red)
    done = red.run("members", "back", "--format", "csv", "--all-variants")
    rows = [line.split(",") for line in done.out.splitlines()[1:]]
    assert [row[1] for row in rows] == ADULTS
    assert {row[2] for row in rows} == {"a", "control"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("members", "red", "adults"), "error: plain lines cannot show which id is in which membership\n"),
        (("members", "--format", "csv"), "error: no name is given\n"),
        (("members", "red", "--select", "adults"), "error: names and `--select` cannot be combined\n"),
        (("members", "--select", "red"), "error: plain lines cannot show which id is in which membership\n"),
        (
            ("members", "red", "--variant", "a", "--all-variants"),
            "error: `--variant` and `--all-variants` cannot be combined",
        ),
        (("members", "red", "--live", "--serial", "1"), "error: `--live` reads no snapshot"),
        (("members", "red", *DAY), "error: `--as-of` needs `--live`"),
        (("members", "red", "red", "--format", "csv"), "error: a name is given twice\n"),
        (("plan", "--as-of", "yesterday"), "error: invalid `--as-of`:"),
        (("plan", "--allow", "max_exits"), "error: `--allow max_exits`: there is no guard or policy `max_exits`\n"),
        (("apply",), "error: `segctl apply` asks before it publishes, and standard input is not a terminal\n"),
    ],
)
def test_a_line_that_makes_no_sense_is_64_and_does_nothing(red: Shop, line: tuple[str, ...], said: str) -> None:
    done = red.run(*line)
    assert (done.code, done.out) == (64, "")
    assert done.err.startswith(said)
    assert not (red.folder / ".segctl/records").exists()


def test_members_before_the_first_apply(red: Shop) -> None:
    done = red.run("members", "red")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: nothing has been applied yet\n  hint: ")


def test_explain_shows_the_users_own_values(red: Shop) -> None:
    done = red.run("explain", "red", "--user", "dora", *DAY)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "OUT: dora is not in segment red, as of 2026-11-22 00:00 Europe/Paris"
    assert lines[1].startswith("  because ")
    assert lines[3] == "  ✗ all of these"
    assert lines[4].startswith("    ✓ ")
    assert lines[4].endswith(": true")
    assert lines[5].startswith("    ✗ ")
    assert ": 1 of 2 needed; last 2026-02-14, 281 days ago; " in lines[5]
    assert lines[7].startswith("  smallest change: 1 more purchase ")
    assert lines[8] == "  by time alone: no change within 10 years"
    assert red.run("explain", "red", "--user", "ben", *DAY).out.startswith("IN: ben is in segment red, ")


def test_explain_agrees_with_the_members_for_everybody(red: Shop) -> None:
    red.segment("either", "{any: [{segment: red}, {not: {segment: adults}}]}")
    for name in ("red", "adults", "either"):
        members = set(ids(red.run("-q", "members", name, "--live", *DAY)))
        for user in [*ADULTS, "ben", "ida"]:
            said = json.loads(red.run("explain", name, "--user", user, *DAY, "--format", "json").out)
            assert said["holds"] is (user in members), (name, user)


def test_explain_of_nobody(red: Shop) -> None:
    done = red.run("explain", "red", "--user", "zoe")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: there is no user `zoe` in the population\n")


def test_history_counts_and_names_nobody(red: Shop) -> None:
    apply(red)
    loosen(red)
    apply(red)
    lines = red.run("history").out.splitlines()
    assert lines[0].split() == ["serial", "when", "what", "as", "of", "by", "commit", "changes", "entered", "exited"]
    assert [(line.split()[0], line.split()[-3:]) for line in lines[1:]] == [
        ("2", ["~1", "2", "0"]),
        ("1", ["+2", "11", "0"]),
    ]
    said = json.loads(red.run("history", "--format", "json").out)
    assert [r["serial"] for r in said["records"]] == [2, 1]
    [change] = said["records"][0]["changes"]
    assert (change["name"], change["action"], change["snapshot"]["entered"]) == ("red", "update", 2)


def test_a_guard_refuses_and_says_how_to_allow_it(red: Shop) -> None:
    red.write("segments/red.yaml", RED + "guards: {max_exit: 10%}\n")
    apply(red)
    red.write("segments/red.yaml", RED.replace("at_least: 2", "at_least: 3") + "guards: {max_exit: 10%}\n")
    refusing = red.run("plan", *DAY)
    assert refusing.code == 0
    assert "✗ max_exit: " in refusing.out
    assert refusing.out.endswith("1 guard would refuse this.\n")
    done = red.run("apply", "--auto-approve", *DAY)
    assert done.code == 3
    assert "refused: " in done.err
    assert "--allow max_exit:red" in done.err
    assert ids(red.run("members", "red")) == TWICE_RED
    apply(red, "--allow", "max_exit:red", "--reason", "lapsed")
    assert ids(red.run("members", "red")) == []


def test_as_of_comes_from_the_environment_too(red: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGCTL_AS_OF", "2024-10-01 12:00")
    assert "as of 2024-10-01 12:00 Europe/Paris" in red.run("plan").out
    monkeypatch.setenv("SEGCTL_FORMAT", "json")
    assert json.loads(red.run("plan").out)["as_of"] == "2024-10-01T10:00:00Z"


def test_bad_data_is_told_without_a_traceback_and_nothing_is_published(red: Shop) -> None:
    with (red.folder / "data/users.csv").open("a") as file:
        file.write("ada,FR,true,36,2024-02-29\n")
    done = red.run("apply", "--auto-approve", *DAY)
    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err
    assert "line 2, line 12" in done.err
    assert "ada" not in done.err
    assert "data/users.csv" in done.err
    assert not (red.folder / ".segctl/records").exists()


@pytest.mark.parametrize(("answer", "code", "said"), [("y", 0, "Published serial 1.\n"), ("n", 1, "0 unchanged.\n")])
def test_somebody_at_a_terminal_is_asked(red: Shop, answer: str, code: int, said: str) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "segctl", "-C", str(red.folder), "apply", *DAY],
        env={"PYTHONPATH": str(ROOT)}, stdin=theirs, capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert done.returncode == code
    assert done.stdout.endswith(said)
    assert "Publish this? [y/N]: " in done.stderr
    assert (red.folder / ".segctl/records").exists() is (answer == "y")


def test_results_are_utf_8_whatever_the_locale(red: Shop) -> None:
    apply(red)
    loosen(red)
    assert "2 → 1" in red.process("plan", *DAY, PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0").stdout


def test_apply_as_json_is_one_document(red: Shop) -> None:
    said = json.loads(apply(red, "--format", "json").out)
    assert (said["published"], said["summary"]["create"]) == (1, 2)
    assert json.loads(apply(red, "--format", "json").out)["published"] is None


def test_results_and_talk_keep_to_their_streams(red: Shop) -> None:
    done = red.process("plan", *DAY, "--format", "json")
    assert json.loads(done.stdout)["project"] == "tiny_shop"
    assert done.stderr == UNSEEN
    assert red.process("-q", "plan", *DAY).stderr == ""


def test_a_reader_that_goes_away_is_no_error(red: Shop) -> None:
    line = f"set -o pipefail; {sys.executable} -m segctl -q members adults --live {' '.join(DAY)} | head -n 1"
    done = subprocess.run(
        ["bash", "-c", line], cwd=red.folder, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "ada\n", "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_ends_in_order(red: Shop, number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "segctl", "-C", str(red.folder), "apply", "--auto-approve", *DAY],
        env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as started:  # fmt: skip
        lock = red.folder / ".segctl/lock.json"
        until(lambda: lock.exists() or started.poll() is not None, "the lock")
        started.send_signal(number)
        _, err = started.communicate(timeout=PATIENCE_S)
    assert started.returncode in {code, 0}
    assert "Traceback" not in err
    assert not lock.exists()
    assert apply(red).code == 0


def test_settings_of_the_project_that_change_are_called_settings(shop: Shop) -> None:
    assert shop.run("apply", "--auto-approve", *DAY).code == 0
    file = shop.folder / "segments" / "segctl.yaml"
    file.write_text(f"{file.read_text()}engagement: {{lookback: 30d}}\n")
    plan = shop.run("plan", *DAY).out
    assert "~ project tiny_shop  its settings change\n      engagement: {lookback: 30d}  (new)\n" in plan
