"""history, diff, rollback and drift on the command line: what is said, on which stream, and the exit codes."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Outcome, Shop
from tests.held import hold_elsewhere

DAY = ("--as-of", "2026-11-20")


def grown(shop: Shop, age: int, more: str = "") -> Outcome:
    shop.segment("adults", f"{{attribute: age, at_least: {age}}}", more)
    done = shop.run("-q", "apply", "--auto-approve", *DAY, "--allow", "max_exit", "--reason", "a test")
    assert done.code == 0, done.err
    return done


@pytest.fixture
def past(shop: Shop) -> Shop:
    """adults: 8 of 18 and more, then 5 of 30 and more."""
    grown(shop, 18)
    grown(shop, 30)
    return shop


def serials(shop: Shop) -> list[int]:
    return [record["serial"] for record in json.loads(shop.run("history", "--format", "json").out)["records"]]


def test_going_back_is_shown_done_and_told(past: Shop) -> None:
    assert past.run("rollback", "1", "--auto-approve") == Outcome(
        0,
        "tiny_shop, back to serial 1, as of 2026-11-20 00:00 Europe/Paris, against serial 2\n\n"
        "  ~ segment adults  its meaning changes\n"
        "      where[0].at_least: 30 → 18\n"
        "      members: 5 → 8  +3 entered\n"
        "        by definition:  +3 entered\n\n"
        "Plan: 0 to create, 1 to update, 0 to delete, 0 unchanged.\n"
        "Published serial 3.\n",
        "note: 1 definition on disk differs from what is applied now: the next apply would bring that back\n"
        "  hint: revert that in git, and `segctl plan` says that nothing is left to do\n",
    )
    assert past.run("members", "adults", "--entered").out.split() == ["eve", "finn", "hal"]
    past.segment("adults", "{attribute: age, at_least: 18}")
    done = past.run("rollback", "1", "--auto-approve")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Nothing to bring back: serial 3 holds what serial 1 held.")
    assert serials(past) == [3, 2, 1]


def test_a_dry_run_shows_the_same_and_does_nothing(past: Shop) -> None:
    done = past.run("rollback", "1", "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert "members: 5 → 8  +3 entered" in done.out
    assert done.out.endswith("Plan: 0 to create, 1 to update, 0 to delete, 0 unchanged.\n")
    plan = json.loads(past.run("rollback", "1", "--dry-run", "--format", "json").out)
    assert (plan["operation"], plan["restores"], plan["serial"]) == ("rollback", 1, 2)
    assert serials(past) == [2, 1]


def test_going_back_in_json(past: Shop) -> None:
    done = past.run("-q", "rollback", "1", "--auto-approve", "--format", "json")
    plan = json.loads(done.out)
    assert (done.code, plan["published"], plan["restores"], plan["overrides"]) == (0, 3, 1, [])


def test_going_back_where_nobody_can_be_asked(past: Shop) -> None:
    done = past.process("rollback", "1")
    assert (done.returncode, done.stdout) == (64, "")
    assert "standard input is not a terminal" in done.stderr
    assert serials(past) == [2, 1]


def test_a_guard_stops_the_way_back(shop: Shop) -> None:
    grown(shop, 30, "guards: {max_enter: 10%, max_exit: 10%}\n")
    grown(shop, 18, "guards: {max_enter: 90%, max_exit: 10%}\n")
    done = shop.run("rollback", "1", "--auto-approve")
    assert (done.code, "refused: segment `adults` would lose 3 of 8 members" in done.err) == (3, True)
    done = shop.run("rollback", "1", "--auto-approve", "--allow", "max_exit:adults")
    assert (done.code, "`--allow` needs a reason" in done.err) == (64, True)
    done = shop.run("rollback", "1", "--auto-approve", "--allow", "max_exit:adults", "--reason", "it was a mistake")
    assert done.code == 0
    assert "serial 3 overrode max_exit:adults: it was a mistake" in shop.run("history").out


def test_a_serial_is_a_number(past: Shop) -> None:
    done = past.run("rollback", "x", "--auto-approve")
    assert (done.code, done.out) == (64, "")
    assert done.err.startswith("error: ")


@pytest.mark.parametrize("serial", ["0", "9"])
@pytest.mark.parametrize(
    "options",
    [[], ["--auto-approve"], ["--dry-run"], ["--allow", "max_exit", "--auto-approve"], ["--lock-timeout", "0"]],
)
def test_that_there_is_no_such_serial_is_said_before_anything_else(past: Shop, serial: str, options: list[str]) -> None:
    """Before who can answer, before reasons, before the lock that somebody holds."""
    hold_elsewhere(past.folder / ".segctl")
    done = past.process("rollback", serial, *options)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: there is no serial {serial}: the serials are 1 to 2\n"


def test_serials_that_are_not_kept_are_no_part_of_the_range(past: Shop) -> None:
    grown(past, 40)
    assert past.run("gc", "--keep", "2").code == 0
    assert past.process("rollback", "9").stderr == "error: there is no serial 9: the serials are 2 to 3\n"
    said = past.process("rollback", "1").stderr
    assert said == "error: serial 1 is not kept any more: `segctl gc` kept those from 2 on, to 3\n"


def test_one_serial_goes_with_nothing_else(past: Shop) -> None:
    assert past.run("history", "--serial", "1", "--limit", "2").code == 64
    assert past.run("history", "adults", "--serial", "1").code == 64
    assert past.run("history", "--serial", "2").out.startswith("serial 2  apply\n")
    assert past.run("history", "--limit", "1").out.count("\n") == 2
    assert past.run("history", "adluts").err.endswith("hint: did you mean `adults`?\n")


def test_the_run_of_a_ci_stands_in_the_history(past: Shop) -> None:
    past.segment("adults", "{attribute: age, at_least: 40}")
    done = past.process("apply", "--auto-approve", *DAY, SEGCTL_RUN_URL="https://ci.example/7", PATH="")
    assert done.returncode == 0, done.stderr
    (record, *_) = json.loads(past.run("history", "--format", "json").out)["records"]
    assert record["run"] == "https://ci.example/7"
    assert "https://ci.example/7" in past.run("history", "--serial", "3").out


def test_two_serials(past: Shop) -> None:
    done = past.run("diff", "1")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("tiny_shop, from serial 1 to serial 2\n")
    assert "members: 8 → 5  -3 exited" in done.out
    data = json.loads(past.run("diff", "2", "1", "--format", "json").out)
    assert data["changes"][0]["members"]["entered"] == 3
    assert past.run("diff", "1", "7").code == 1


def test_drift_says_which_kind_and_exits_2_only_if_asked(past: Shop) -> None:
    day = ("drift", *DAY)
    assert past.run(*day, "--detailed-exitcode").code == 0
    grown(past, 30, "drift: {band: 10%}\n")
    assert past.run(*day, "--detailed-exitcode").code == 0
    users = past.folder / "data" / "users.csv"
    users.write_text("".join(line for line in users.read_text().splitlines(keepends=True) if "dora" not in line))
    assert past.run(*day).code == 0
    done = past.run(*day, "--detailed-exitcode")
    assert done.code == 2
    assert "  ! segment adults  5 → 4  -1 exited; 20.0 % of its members; its band is 10%\n" in done.out
    assert past.run("drift", "--no-data", "--detailed-exitcode").code == 0
    (past.folder / ".segctl" / "memberships" / "x").write_text("")
    done = past.run("drift", "--no-data", "--detailed-exitcode", "--format", "json")
    said = json.loads(done.out)
    assert (done.code, said["drifted"], said["evaluated"]) == (2, True, False)
    assert [one["object"] for one in said["tampered"]] == ["memberships/x"]


def test_nobody_is_named(past: Shop) -> None:
    past.run("rollback", "1", "--auto-approve")
    users = [line.split(",")[0] for line in (past.folder / "data/users.csv").read_text().splitlines()[1:]]
    for command in (("history", "--serial", "3"), ("diff", "1", "2"), ("drift", *DAY), ("rollback", "2", "--dry-run")):
        for form in ("human", "json"):
            done = past.run(*command, "--format", form)
            words = set(done.out.replace('"', " ").replace("@", " ").split())
            assert not words & set(users), command
