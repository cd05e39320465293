"""Ids and other values of users never stand in what a command says, whatever is wrong with data and definitions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome

CANARY = "zelda"
"""In every id and every e-mail; its shape has none of it."""

USERS = "id,email,age,joined\n" + "".join(
    f"{CANARY}-{n:03},{CANARY}{n}@home.test,{20 + n},2026-01-{n + 1:02}\n" for n in range(25)
)
EVENTS = "user,ts,event,amount\n" + "".join(f"{CANARY}-{n:03},2026-01-02,buy,{n}\n" for n in range(25))
LIST = "id\n" + "".join(f"{CANARY}-{n:03}\n" for n in range(5))
PROJECT = """
kind: project
name: shop
users: {path: users.csv, id: id}
events: [{path: events.csv, user: user, time: ts, name: {column: event}}]
"""
SEGMENT = (
    "kind: segment\nname: s\nwhere: {attribute: age, at_least: 30}\n---\nkind: list\nname: l\npath: list.csv\nid: id\n"
)
FINE = {
    "users.csv": USERS, "events.csv": EVENTS, "list.csv": LIST,
    "segments/segctl.yaml": PROJECT, "segments/s.yaml": SEGMENT,
}  # fmt: skip
JSON_EVENTS = PROJECT.replace("events.csv", "events.jsonl")


NOBODY_S = json.dumps([f"z{n}@h.test" for n in range(30)])


def event(**more: object) -> str:
    return json.dumps({"user": f"{CANARY}-001", "ts": "2026-01-02", "event": "buy", **more}) + "\n"


def asking(where: str) -> dict[str, str]:
    return {"segments/s.yaml": SEGMENT.replace("{attribute: age, at_least: 30}", where)}


WRONG: Mapping[str, Mapping[str, str]] = {
    "an id twice": {"users.csv": USERS + f"{CANARY}-001,x,1,2026-01-01\n"},
    "a missing id": {"users.csv": USERS + f",{CANARY}@home.test,1,2026-01-01\n"},
    "a ragged row": {"users.csv": USERS + f"{CANARY}-900,{CANARY}@home.test\n"},
    "no header": {"users.csv": USERS.split("\n", 1)[1]},
    "no header, twice the same": {"users.csv": f"{CANARY}1@home.test,{CANARY}1@home.test\na,b\n"},
    "no header of a list": {"list.csv": LIST.split("\n", 1)[1]},
    "a value among numbers": {"users.csv": USERS + f"{CANARY}-900,x,{CANARY} of age,2026-01-01\n"},
    "a value among dates": {"users.csv": USERS + f"{CANARY}-900,x,1,{CANARY}@home.test\n"},
    "a bad time": {"events.csv": EVENTS + f"{CANARY}-001,{CANARY}@home.test,buy,1\n"},
    "a time of a telephone": {"events.csv": EVENTS + f"{CANARY}-001,+33 {CANARY} 639980101,buy,1\n"},
    "an id that is no integer": {
        "segments/segctl.yaml": PROJECT.replace("user: user", "user: {column: user, as: integer}")
    },
    "a line that is no JSON": {
        "segments/segctl.yaml": JSON_EVENTS, "events.jsonl": event() + event()[:-9] + "\n" + f'["{CANARY}-001"]\n',
    },
    "types that conflict in JSON": {
        "segments/segctl.yaml": JSON_EVENTS, "events.jsonl": event(note=f"{CANARY}@home.test") + event(note={"a": 1}),
    },
    "a number too large in JSON": {
        "segments/segctl.yaml": JSON_EVENTS, "events.jsonl": event(big=2**70),
    },
    "a property of text": {
        "segments/segctl.yaml": PROJECT.replace(
            "name: {column: event}}", "name: {column: event}, properties: {twice: user * 2}}"
        )
    },
    "no text": {"users.csv": USERS.replace("home", "h\udcffme")},
    "an id that nobody has": asking(f"{{attribute: id, is: {CANARY[:4]}-001}}"),
    "an e-mail that nobody has": asking("{attribute: email, is: zela1@home.test}"),
    "many e-mails that nobody has": asking(f"{{attribute: email, in: {NOBODY_S}}}"),
    "a user of events that nobody is": asking("{event: buy, where: {property: user, is: zela-001}}"),
    "a literal of another type": asking("{attribute: email, is: 7}"),
    "an event that is an id": {
        "segments/segctl.yaml": PROJECT.replace("{column: event}", "{column: user}"), **asking("{event: zelda_001}"),
    },
    "an attribute that there is not": asking("{attribute: emial, is: x}"),
}  # fmt: skip

COMMANDS = (
    "validate", "validate --format json", "validate --format github", "validate --format sarif",
    "plan --as-of 2026-02-01", "plan --as-of 2026-02-01 --format json", "plan --as-of 2026-02-01 --format markdown",
    "apply --auto-approve --as-of 2026-02-01", "list", "show s", "test", "--log-format json plan --as-of 2026-02-01",
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_no_value_of_a_user_is_said(wrong: str, tmp_path: Path, call: Callable[[list[str]], Outcome]) -> None:
    for name, text in {**FINE, **WRONG[wrong]}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    codes = set()
    for command in COMMANDS:
        said = call(["-C", str(tmp_path), *command.split()])
        codes.add(said.code)
        for line in (said.out + said.err).splitlines():
            assert CANARY not in _without_definitions(line), (command, line)
    assert codes <= {0, 1}


def _without_definitions(line: str) -> str:
    """What a definition says is no secret."""
    quoted = ('"zelda 001"', r"\"zelda 001\"", "&#34;zelda 001&#34;")
    for written in ("`zelda_001`", "{event: zelda_001}", '"zelda_001"', *quoted):
        line = line.replace(written, "")
    return line


def test_the_canaries_are_there_to_be_found(tmp_path: Path, call: Callable[[list[str]], Outcome]) -> None:
    for name, text in FINE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = call(["-C", str(tmp_path), "members", "s", "--live", "--as-of", "2026-02-01"])
    assert said.out.count(CANARY) == 15


@pytest.mark.parametrize(("top", "shown"), [(1, False), (19, False), (20, True), (31, False)])
def test_where_a_rank_begins_is_told_if_many_are_in_and_many_out(
    top: int, *, shown: bool, tmp_path: Path, call: Callable[[list[str]], Outcome]
) -> None:
    """Fifty users; the one at the end of the rank has the age that is told or not."""
    users = "id,age,email,joined\n" + "".join(f"u{n:02},{100 + n},x,2026-01-01\n" for n in range(50))
    files = {**FINE, "users.csv": users, **asking(f"{{attribute: age, top: {top}}}")}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = call(["-C", str(tmp_path), "explain", "s", "--user", "u00", "--as-of", "2026-02-01"])
    assert said.code == 0, said.err
    assert (str(150 - top) in said.out) is shown
