from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace

import pytest

from segctl.diagnostics import ExitCode, InvalidInput, Refused, SegctlError
from segctl.plan.plan import Action, FieldChange
from segctl.state.record import Head
from segctl.workflow.opened import opened_state
from segctl.workflow.prepared import Prepared
from segctl.workflow.request import Unasked
from tests.apply.shop import ADULTS, BETA, BUYERS, LOYAL, Shop, change, numbers, reasons, segment


def test_what_is_defined_is_published_and_then_nothing_is_left_to_do(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS, LOYAL)
    planned = shop.plan()
    assert shop.serial() == 0
    assert reasons(planned) == {"adults": ["create"], "buyers": ["create"], "loyal": ["create"]}
    assert numbers(planned, "adults") == (0, 5, (5, 0), (0, 0))

    assert shop.apply().serial == 1
    assert [shop.members(name) for name in ("adults", "buyers", "loyal")] == ["bcdef", "abc", "bc"]
    assert shop.plan().is_empty
    assert shop.plan().unchanged == 3
    assert shop.apply().serial is None
    assert shop.serial() == 1


def test_a_movement_is_split_into_definition_and_data(shop: Shop) -> None:
    shop.define(segment("some", {"attribute": "age", "between": [20, 40]}))
    shop.apply()
    assert shop.members("some") == "bcd"
    # today a is 25 and b is 15: the old definition would move them. From 20 to 40 becomes 30 to 60: c, d stay,
    # a would have entered by data but does not; e and f enter by definition; b exits by data.
    shop.users("a,25", "b,15", "c,30", "d,40", "e,50", "f,60")
    shop.define(segment("some", {"attribute": "age", "between": [30, 60]}))
    planned = shop.plan()
    assert numbers(planned, "some") == (3, 4, (2, 0), (0, 1))
    assert change(planned, "some").diff == (FieldChange("where[0].between", [20, 40], [30, 60]),)
    # from 25 on: a enters by data too
    shop.define(segment("some", {"attribute": "age", "between": [25, 60]}))
    assert numbers(shop.plan(), "some") == (3, 5, (2, 0), (1, 1))
    assert shop.apply().serial == 2
    assert shop.members("some") == "acdef"
    assert shop.moved("some") == ("aef", "b")
    assert shop.members("some", 1) == "bcd"
    assert shop.moved("some", 1) == ("bcd", "")


def test_a_snapshot_stays_until_its_definition_changes(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shop.users("a,99", "b,20", "c,30", "d,40", "e,50", "f,60")
    shop.define(ADULTS, segment("buyers", {"event": "purchase", "within": "6d"}))
    planned = shop.plan()
    assert reasons(planned) == {"buyers": ["logic"]}
    assert numbers(planned, "buyers") == (3, 1, (0, 2), (0, 0))
    shop.apply()
    assert shop.members("adults") == "bcdef"
    first, second = shop.records()[::-1]
    assert first.snapshots["segment", "adults"] == second.snapshots["segment", "adults"]
    assert (second.snapshots["segment", "buyers"].serial, second.snapshots["segment", "buyers"].exited) == (2, 2)


def test_metadata_alone_need_no_data(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shutil.rmtree(shop.root / "data")
    shutil.rmtree(shop.root / ".segctl/index")
    shop.define(ADULTS | {"owner": "crm"})
    found = change(shop.plan(), "adults")
    assert (found.reasons, found.members) == (("metadata",), None)
    assert found.diff == (FieldChange("owner", None, "crm"),)
    assert shop.apply("2026-01-11T12:00:00Z").serial == 2
    first, second = shop.records()[::-1]
    assert (second.as_of_us, second.data, second.snapshots) == (first.as_of_us, first.data, first.snapshots)
    assert second.definitions["segment", "adults"].data["owner"] == "crm"


def test_what_is_only_written_or_filed_otherwise_is_no_change(shop: Shop) -> None:
    shop.define(segment("some", {"attribute": "age", "at_least": 18}, {"event": "purchase"}, tags=["x", "y"]), ADULTS)
    shop.apply()
    folder = shop.root / "segments"
    (folder / "all.yaml").unlink()
    (folder / "deep").mkdir()
    (folder / "deep" / "adults.yaml").write_text(
        "# moved\nwhere:\n  attribute: 'age'\n  at_least: 18\nname: adults\nkind: segment\n"
    )
    (folder / "deep" / "some.yaml").write_text(
        "kind: segment\nname: some\ntags: [y, x]\nwhere:\n  all:\n  - event: purchase\n"
        "  - not: {not: {attribute: age, at_least: 18}}\n"
    )
    planned = shop.plan()
    assert planned.is_empty
    assert (planned.unchanged, planned.changes) == (2, ())
    assert shop.apply().serial is None


def test_what_depends_on_a_change_moves_with_it(shop: Shop) -> None:
    outer = segment("outer", {"segment": "adults"}, {"event": "purchase"})
    shop.define(ADULTS, outer)
    shop.apply()
    shop.define(segment("adults", {"attribute": "age", "at_least": 30}), outer)
    planned = shop.plan()
    assert reasons(planned) == {"adults": ["logic"], "outer": ["depends"]}
    assert change(planned, "outer").diff == ()
    assert numbers(planned, "outer") == (2, 1, (0, 1), (0, 0))
    shop.apply()
    assert shop.members("outer") == "c"


def test_what_is_removed_is_archived_and_can_come_back(shop: Shop) -> None:
    shop.define(ADULTS, BUYERS)
    shop.apply()
    shutil.rmtree(shop.root / "data")
    shop.define(ADULTS)
    planned = shop.plan()
    assert change(planned, "buyers").action is Action.DELETE
    assert numbers(planned, "buyers") == (3, 0, (0, 3), (0, 0))
    assert shop.apply().serial == 2
    with pytest.raises(SegctlError, match="the segment `buyers` was removed after serial 1"):
        shop.members("buyers")
    assert shop.members("buyers", 1) == "abc"
    assert shop.moved("buyers") == ("", "abc")
    assert shop.records()[0].archived == {("segment", "buyers"): 1}

    shop.users("a,1")
    shop.events("a,purchase,2")
    shop.define(ADULTS, BUYERS)
    shop.apply()
    assert shop.records()[0].archived == {}
    assert shop.members("buyers") == "a"


def test_what_others_use_cannot_be_removed(shop: Shop) -> None:
    outer = segment("outer", {"segment": "adults"})
    shop.define(ADULTS, outer)
    shop.apply()
    shop.define(outer)
    with pytest.raises(SegctlError) as caught:
        shop.plan()
    assert caught.value.exit_code == ExitCode.FAILED


def test_protection_outlives_the_file_and_is_cleared_by_an_apply(shop: Shop) -> None:
    shop.define(ADULTS | {"protect": True}, BUYERS)
    shop.apply()
    shop.define(BUYERS)
    with pytest.raises(Refused, match="segment `adults` is protected"):
        shop.apply()
    shop.define(ADULTS, BUYERS)
    assert change(shop.plan(), "adults").diff == (FieldChange("protect", True, None),)
    shop.apply()
    shop.define(BUYERS)
    assert shop.apply().serial == 3


def test_guards_refuse_all_at_once_and_flags_let_pass(shop: Shop) -> None:
    guards = {"guards": {"max_exit": "10%", "min_members": 2}}
    shop.define(ADULTS | guards, BUYERS)
    shop.apply()
    shop.define(segment("adults", {"attribute": "age", "at_least": 60}, **guards), BUYERS)
    with pytest.raises(Refused) as caught:
        shop.apply()
    assert caught.value.exit_code == ExitCode.REFUSED
    assert [reason.split(";")[0] for reason in caught.value.reasons] == [
        "segment `adults` would lose 4 of 5 members (80.0 %)",
        "segment `adults` would have 1 members",
    ]
    with pytest.raises(Refused) as caught:
        shop.apply("2026-01-10T12:00:00Z", "max_exit:adults")
    assert len(caught.value.reasons) == 1
    assert shop.serial() == 1
    assert shop.members("adults") == "bcdef"
    assert shop.apply("2026-01-10T12:00:00Z", "max_exit:adults", "min_members").serial == 2
    assert shop.members("adults") == "f"


def test_metadata_may_be_applied_at_an_earlier_instant_for_nothing_is_evaluated(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply("2026-01-10")
    shop.define(ADULTS | {"owner": "crm"})
    assert shop.apply("2026-01-09").serial == 2


def test_an_update_of_segctl_is_no_change_of_a_definition(shop: Shop) -> None:
    shop.define(ADULTS, segment("outer", {"segment": "adults"}))
    shop.apply()
    _, state, _ = opened_state(shop.root)
    head = state.head()
    assert head is not None
    record = state.record_of(head)
    older = {key: replace(d, own="?", deep="?", metadata="?") for key, d in record.definitions.items()}
    digest = state.put_record(replace(record, serial=2, definitions=older, fingerprints="0.1", previous=head.record))
    state.move_head(head, Head(head.lineage, 2, digest))
    assert shop.plan().is_empty
    shop.define(ADULTS | {"owner": "crm"}, segment("outer", {"segment": "adults"}))
    assert reasons(shop.plan()) == {"adults": ["metadata"]}


def test_removing_everything_is_refused(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define()
    with pytest.raises(Refused, match="--allow empty_definitions"):
        shop.apply()
    assert shop.apply("2026-01-10T12:00:00Z", "empty_definitions").serial == 2


def test_an_empty_project_has_nothing_to_do(shop: Shop) -> None:
    shop.define()
    assert shop.apply().serial is None
    assert shop.serial() == 0


def test_an_earlier_instant_is_refused(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply("2026-01-10T12:00:00Z")
    shop.define(ADULTS, BUYERS)
    with pytest.raises(Refused, match="as_of 2026-01-10T11:00:00Z lies before 2026-01-10T12:00:00Z"):
        shop.apply("2026-01-10T11:00:00Z")
    assert shop.apply("2026-01-10T11:00:00Z", "earlier_as_of").serial == 2


def test_a_changed_list_file_is_no_change_of_a_definition(shop: Shop) -> None:
    shop.ids("beta.csv", "a", "b", "zzz")
    shop.define(BETA, segment("testers", {"list": "beta"}))
    assert shop.prepared().unknown == {("list", "beta"): 1}
    shop.apply()
    assert shop.members("beta") == "ab"
    shop.ids("beta.csv", "a", "c")
    assert shop.plan().is_empty
    # a segment that changes sees the list as it is today
    shop.define(BETA, segment("testers", {"list": "beta"}, {"attribute": "age", "at_least": 5}))
    assert numbers(shop.plan(), "testers") == (2, 2, (0, 0), (1, 1))


def test_a_list_that_was_moved_is_compared_with_what_was_published(shop: Shop) -> None:
    shop.ids("beta.csv", "a", "b")
    shop.define(BETA, segment("testers", {"list": "beta"}))
    shop.apply()
    (shop.root / "data/beta.csv").unlink()
    shop.ids("new.csv", "b", "c")
    shop.define(BETA | {"path": "data/new.csv"}, segment("testers", {"list": "beta"}))
    planned = shop.plan()
    assert reasons(planned) == {"beta": ["logic"], "testers": ["depends"]}
    assert numbers(planned, "beta") == (2, 2, (1, 1), (0, 0))
    assert numbers(planned, "testers") == (2, 2, (1, 1), (0, 0))


def test_an_extension_that_has_not_changed_stands_as_it_was_published(shop: Shop) -> None:
    fans = segment("fans", {"extension": "loyal"})
    shop.define(LOYAL, fans)
    shop.apply()
    shop.events("a,purchase,8")
    shop.define(LOYAL, segment("fans", {"extension": "loyal"}, {"attribute": "age", "at_most": 20}))
    planned = shop.plan("2026-01-20T12:00:00Z")
    assert reasons(planned) == {"fans": ["logic"]}
    assert numbers(planned, "fans") == (2, 1, (0, 1), (0, 0))
    shop.apply("2026-01-20T12:00:00Z")
    assert shop.members("fans") == "b"


def test_an_extension_that_changes_is_computed_at_once(shop: Shop) -> None:
    fans = segment("fans", {"extension": "loyal"})
    shop.define(LOYAL, fans)
    shop.apply()
    assert shop.members("loyal") == "bc"
    shop.events("a,purchase,8", "d,purchase,8", "d,purchase,8", "d,purchase,8")
    shop.define(LOYAL | {"from": {"event": "purchase", "count": {"at_least": 3}}}, fans)
    planned = shop.plan()
    # today twice: a, b, c, d; thrice: c, d. d enters by data, b exits by definition.
    assert numbers(planned, "loyal") == (2, 2, (0, 1), (1, 0))
    assert numbers(planned, "fans") == (2, 2, (0, 1), (1, 0))
    shop.apply()
    assert (shop.members("loyal"), shop.members("fans")) == ("cd", "cd")


def test_who_left_the_population_exits_by_data(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.users("a,10", "c,30", "d,40", "g,70")
    shop.define(segment("adults", {"attribute": "age", "at_least": 35}))
    planned = shop.plan()
    # published b, c, d, e, f; b, e and f are gone; today adults are c, d, g, by the new definition d, g
    assert numbers(planned, "adults") == (5, 2, (0, 1), (1, 3))
    shop.apply()
    assert shop.members("adults") == "dg"
    assert shop.moved("adults") == ("g", "bcef")


def test_an_old_definition_that_fits_no_more_counts_as_what_was_published(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.users("a,1", "b,2", columns="id,years")
    shop.define(segment("adults", {"attribute": "years", "at_least": 2}))
    assert numbers(shop.plan(), "adults") == (5, 1, (0, 0), (0, 4))


def test_another_time_zone_is_told_and_moves_by_definition(shop: Shop) -> None:
    # 5 January 00:00 UTC is still the 4th in New York
    early = segment("early", {"event": "purchase", "until": "2026-01-04"})
    shop.define(early)
    shop.apply()
    assert shop.members("early") == "ab"
    shop.define(early, timezone="America/New_York")
    planned = shop.plan()
    assert reasons(planned) == {"shop": ["logic"], "early": ["depends"]}
    assert numbers(planned, "early") == (2, 3, (1, 0), (0, 0))
    shop.apply()
    assert shop.members("early") == "abc"
    assert shop.plan().is_empty


def test_a_source_that_only_moved_moves_nobody(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    (shop.root / "data/users.csv").rename(shop.root / "data/people.csv")
    shop.define(ADULTS, users={"path": "data/people.csv", "id": "id"})
    planned = shop.plan()
    assert reasons(planned) == {"shop": ["data"]}
    assert planned.unchanged == 1
    assert shop.apply().serial == 2
    assert shop.records()[0].project["users"] == {"path": "data/people.csv", "id": "id"}


def test_a_source_that_says_something_else_is_planned_with_whom_it_moves(shop: Shop) -> None:
    # other people's ages: only a, d, e and f are of age now
    shop.define(ADULTS, BUYERS)
    shop.apply()
    assert shop.members("adults") == "bcdef"
    (shop.root / "data/people.csv").write_text("id,age\na,20\nb,10\nc,10\nd,40\ne,50\nf,60\n")
    shop.define(ADULTS, BUYERS, users={"path": "data/people.csv", "id": "id"})
    planned = shop.plan()
    assert reasons(planned) == {"shop": ["data"], "adults": ["data"]}
    assert numbers(planned, "adults") == (5, 4, (0, 0), (1, 2))
    shop.apply()
    assert shop.members("adults") == "adef"
    assert shop.plan().is_empty


def test_a_source_without_files_is_refused_before_anything_is_published(shop: Shop) -> None:
    shop.define(ADULTS)
    shop.apply()
    shop.define(ADULTS, users={"path": "data/nobody*.csv", "id": "id"})
    with pytest.raises(InvalidInput):
        shop.apply()
    assert shop.serial() == 1


@dataclass(frozen=True)
class Watching(Unasked):
    """Says no, and remembers what it was shown."""

    shown: list[Prepared] = field(default_factory=list)

    def show(self, prepared: Prepared) -> None:
        self.shown.append(prepared)

    def confirm(self, prepared: Prepared) -> bool:
        assert self.shown == [prepared]
        return False


def test_nothing_is_done_if_somebody_says_no(shop: Shop) -> None:
    shop.define(ADULTS)
    outcome = shop.apply(review=Watching())
    assert (outcome.serial, outcome.declined, shop.serial()) == (None, True, 0)
    assert not (shop.root / ".segctl/lock.json").exists()


def test_the_digest_is_the_same_for_the_same_and_another_for_other_data(shop: Shop) -> None:
    shop.define(ADULTS)
    first = shop.plan()
    assert shop.plan() == first
    shop.users("a,10", "b,20")
    assert shop.plan().digest != first.digest
