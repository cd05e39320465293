"""What is certain of a definition in words, and its past sizes as bars."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft7Validator

from segctl.plan.plan import Action, Backtest, Basis, Change, Members, Plan, Proved, Reason, Relation
from segctl.report.json import dumps
from segctl.report.plan import plan
from segctl.report.plan_json import as_data
from segctl.report.plan_proved import RELATIONS, sparkline
from segctl.report.plan_schema import PLAN_SCHEMA

BASIS = Basis("shop", "line", 3, 1_768_046_400_000_000, "defs", "data")
DAY_US = 86_400_000_000
PAST = Backtest((BASIS.as_of_us - DAY_US, BASIS.as_of_us), (100, 50), (0, 1_000))


def change(proved: Proved | None, past: Backtest | None = None, action: Action = Action.UPDATE) -> Change:
    return Change(("segment", "vip"), action, (Reason.LOGIC,), (), Members(50, 1_000), proved=proved, backtest=past)


def lines(what: Change) -> list[str]:
    return plan(Plan("apply", BASIS, (what,), 0), "Europe/Paris").plain.splitlines()[3:-2]


def test_every_relation_has_its_words() -> None:
    assert set(RELATIONS) == set(Relation)
    for relation, words in RELATIONS.items():
        assert f"      {words}" in lines(change(Proved(relation)))


@pytest.mark.parametrize(
    ("always", "said"),
    [
        (True, ["      always true: every user is in it"]),
        (False, ["      never true: nobody can be in it"]),
        (None, []),
    ],
)
def test_always_and_never_are_said_of_what_is_new_too(
    always: bool | None,  # noqa: FBT001
    said: list[str],
) -> None:
    assert lines(change(Proved(None, always), action=Action.CREATE)) == said


def test_old_and_new_sizes_are_drawn_on_one_scale() -> None:
    assert lines(change(None, PAST))[-3:] == [
        "      since 2026-01-09:", "        old ▂▁  100 → 50", "        new ▁█  0 → 1,000"
    ]  # fmt: skip
    alone = change(None, Backtest(PAST.instants_us, None, (0, 0)), Action.CREATE)
    assert lines(alone) == ["      since 2026-01-09:", "        new ▁▁  0 → 0"]


def test_the_highest_bar_is_the_top() -> None:
    assert sparkline(tuple(range(8)), 7) == "▁▂▃▄▅▆▇█"
    assert sparkline((10**18, 0), 10**18) == "█▁"


def test_json_says_what_there_is_and_fits_the_schema() -> None:
    told = Plan("apply", BASIS, (change(Proved(Relation.WIDER, always=True), PAST), change(None)), 0, digest="d" * 64)
    data = json.loads(dumps(as_data(told)))
    assert list(Draft7Validator(PLAN_SCHEMA).iter_errors(data)) == []
    first, second = data["changes"]
    assert (first["relation"], first["always"], first["backtest"]["before"]) == ("wider", True, [100, 50])
    assert first["backtest"]["instants"] == ["2026-01-09T12:00:00Z", "2026-01-10T12:00:00Z"]
    assert not {"relation", "always", "backtest"} & set(second)
