"""What `--allow-from` reads."""

from __future__ import annotations

import json

import pytest

from segctl.diagnostics import Usage
from segctl.plan.grants import Grant, parse_grants

VIP = {"allow": "max_exit:vip", "reason": "the sale is over"}


def test_a_list_of_grants() -> None:
    given = [VIP, VIP | {"by": "ada", "source": "https://github.example/pull/7"}, VIP]
    assert parse_grants(json.dumps(given), "f.json") == (
        Grant("max_exit:vip", "the sale is over"),
        Grant("max_exit:vip", "the sale is over", "ada", "https://github.example/pull/7"),
    )
    assert parse_grants("[]", "f.json") == ()
    assert parse_grants(json.dumps([VIP | {"reason": "two\n  lines"}]), "f.json")[0].reason == "two lines"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("{}", "it is not a list of at most 100 objects"),
        (json.dumps([VIP] * 101), "it is not a list of at most 100 objects"),
        ("[1]", "item 1 is not an object with only the keys allow, reason, by, source"),
        (json.dumps([VIP, VIP | {"who": "x"}]), "item 2 is not an object with only the keys"),
        (json.dumps([{"allow": "max_exit"}]), "item 1 has no `reason`"),
        (json.dumps([VIP | {"reason": " \n"}]), "item 1 has no `reason`"),
        (json.dumps([VIP | {"allow": 7}]), "item 1 has no `allow`"),
        (json.dumps([VIP | {"by": None}]), "`by` is not a text"),
        (json.dumps([VIP | {"reason": "x\u200by"}]), "`reason` is not a text of at most 1000 visible characters"),
        (json.dumps([VIP | {"reason": "x" * 1001}]), "`reason` is not a text"),
        (json.dumps([VIP | {"allow": "protect:vip"}]), "`protect` cannot be allowed by a flag"),
    ],
)
def test_what_is_wrong_is_told(text: str, why: str) -> None:
    with pytest.raises(Usage) as raised:
        parse_grants(text, "f.json")
    assert why in str(raised.value)
