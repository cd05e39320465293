from __future__ import annotations

from decimal import Decimal

from segctl.plan.plan import (
    Action,
    Basis,
    Change,
    FieldChange,
    GuardFinding,
    Members,
    Movement,
    Plan,
    Reason,
    VariantMembers,
)
from segctl.report.plan import plan
from segctl.report.text import render

BASIS = Basis("shop", "f00", 3, 1_795_302_000_000_000, "d", "e")
FIRST = Basis("shop", None, 0, 1_795_302_000_000_000, "d", "e")


def text(planned: Plan) -> str:
    return render(plan(planned, "Europe/Paris"), width=100_000, colour=False)


def test_no_changes_are_one_line_that_counts_what_is_hidden() -> None:
    assert text(Plan("apply", BASIS, (), 2498)) == (
        "shop, as of 2026-11-22 00:00 Europe/Paris, against serial 3\nNo changes; 2,498 definitions unchanged.\n"
    )


def test_creations_stand_in_columns() -> None:
    members = Members(0, 1234567, by_definition=Movement(1234567, 0))
    one = Members(0, 1, by_definition=Movement(1, 0))
    created = (
        Change(("segment", "everybody"), Action.CREATE, members=members),
        Change(("segment", "vip"), Action.CREATE, members=one),
        Change(("test", "vip"), Action.CREATE),
    )
    assert text(Plan("apply", FIRST, created, 0)) == (
        "shop, as of 2026-11-22 00:00 Europe/Paris, nothing is applied yet\n\n"
        "  + segment everybody  1,234,567 members\n"
        "  + segment vip                1 member\n"
        "  + test vip\n\n"
        "Plan: 3 to create, 0 to update, 0 to delete, 0 unchanged.\n"
    )


def test_an_update_says_what_changed_in_words_and_splits_the_movement() -> None:
    change = Change(
        ("segment", "vip"),
        Action.UPDATE,
        (Reason.LOGIC, Reason.DEPENDS),
        (
            FieldChange("where[0].at_least", 18, Decimal("21.5")),
            FieldChange("where[1]", None, {"attribute": "country", "in": ["FR", "NO"]}),
            FieldChange("exclude", [{"segment": "gone"}], None),
            FieldChange("where[2].within", "30d", "60d"),
        ),
        Members(1000, 1020, Movement(24, 4), Movement(1, 1)),
    )
    assert text(Plan("apply", BASIS, (change,), 498)) == (
        "shop, as of 2026-11-22 00:00 Europe/Paris, against serial 3\n\n"
        "  ~ segment vip  its meaning changes, what it refers to changes\n"
        "      where[0].at_least: 18 → 21.5\n"
        '      where[1]: {attribute: country, in: [FR, "NO"]}  (new)\n'
        "      exclude: [{segment: gone}]  (removed)\n"
        "      where[2].within: 30d → 60d\n"
        "      members: 1,000 → 1,020  +25 entered  -5 exited\n"
        "        by definition:  +24 entered  -4 exited\n"
        "        by data:  +1 entered  -1 exited\n\n"
        "Plan: 0 to create, 1 to update, 0 to delete, 498 unchanged.\n"
    )


def test_guards_say_whether_they_would_refuse() -> None:
    stop = GuardFinding("max_exit", ("segment", "vip"), "90 % of 1,000 members would leave, more than 30 %")
    passed = GuardFinding("min_members", ("segment", "vip"), "100 members, fewer than 200", allowed=True)
    change = Change(
        ("segment", "vip"), Action.UPDATE, (Reason.DATA,), (), Members(1000, 100, Movement(), Movement(0, 900)),
        (stop, passed),
    )  # fmt: skip
    whole = GuardFinding("empty_definitions", None, "no definitions are left")
    assert text(Plan("refresh", BASIS, (change,), 0, (whole,))).splitlines()[2:] == [
        "  ~ segment vip  its data has changed",
        "      members: 1,000 → 100  -900 exited",
        "        by data:  -900 exited",
        "      ✗ max_exit: 90 % of 1,000 members would leave, more than 30 %",
        "      ! min_members: 100 members, fewer than 200 (allowed)",
        "",
        "✗ empty_definitions: no definitions are left",
        "Plan: 0 to create, 1 to update, 0 to delete, 0 unchanged.",
        "2 guards would refuse this.",
    ]


def test_a_deletion_says_how_many_it_is_about() -> None:
    change = Change(("list", "old"), Action.DELETE, members=Members(12, 0, Movement(0, 12)))
    assert "  - list old  12 members, removed (members kept in the history)\n" in text(
        Plan("apply", BASIS, (change,), 0)
    )


def test_variants_show_their_members_and_who_changes() -> None:
    members = Members(
        100, 110, Movement(10, 0), Movement(), reassigned=5,
        variants=(VariantMembers("a", 50, 60), VariantMembers("b", 0, 50), VariantMembers("c", 7, 7)),
    )  # fmt: skip
    change = Change(("campaign", "back"), Action.UPDATE, (Reason.LOGIC,), (), members)
    assert "      variants: a 50 → 60, b 50, c 7  5 members to another variant\n" in text(
        Plan("apply", BASIS, (change,), 0)
    )


def test_a_value_that_is_too_long_says_how_much_is_not_shown() -> None:
    change = Change(
        ("segment", "vip"), Action.UPDATE, (Reason.LOGIC,), (FieldChange("where.in", ["FR"], ["FR"] * 1000),)
    )
    [line] = [line for line in text(Plan("apply", BASIS, (change,), 0)).splitlines() if "where.in" in line]
    assert line.endswith("… (3,760 more characters)")


def test_brackets_are_text_and_colours_are_only_for_terminals() -> None:
    change = Change(("segment", "vip"), Action.UPDATE, (Reason.LOGIC,), (FieldChange("x[red]", "[bold]a", "b"),))
    planned = plan(Plan("apply", BASIS, (change,), 0), "UTC")
    assert '      x[red]: "[bold]a" → b\n' in render(planned, width=80, colour=False)
    assert "\x1b[31m" in render(planned, width=80, colour=True)
