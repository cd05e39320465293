"""Sequences, periods, medians and levels of engagement on a schema."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from segctl.diagnostics import Diagnostic, Severity
from segctl.logic import bound
from segctl.logic.bind import bind
from segctl.logic.bound import Column, EngagementTest, Everyone, Exactly, LocalMonday, Measure, Rows, Scope, Step
from segctl.logic.lower import lower
from segctl.logic.nodes import Ago, MeasureKind
from segctl.logic.settings import Settings
from segctl.logic.times import DAY_US
from segctl.logic.types import NOTHING, Scalar, Schema, Type
from segctl.model.project import Messages
from tests.logic.written import segment

ZONE = "Europe/Paris"
MESSAGES = Messages.model_validate({
    "email": {"sent": "sent", "opened": "opened", "clicked": "clicked"},
    "properties": {"message": "message", "campaign": "campaign"},
})  # fmt: skip
NOBODY = bound.Any(())


def schema(**ids: Type) -> Schema:
    names = {"sent": Scalar.INT, "opened": Scalar.INT, "clicked": Scalar.INT, **ids}
    messages: dict[str, dict[str, Type]] = {name: {"message": kind} for name, kind in names.items()}
    return Schema(ZONE, {}, {"view": {"page": Scalar.STRING}, "buy": {"amount": Scalar.INT}, **messages})


def bound_of(where: Any, on: Schema | None = None) -> tuple[bound.Node, Sequence[Diagnostic]]:
    return bind(lower(segment(where), Settings(messages=MESSAGES)), on or schema())


def view(start: int | None = None) -> Rows:
    return Rows(("view",), Everyone(), None if start is None else Ago(start))


BUY = Rows(("buy",), Everyone())


def test_the_window_is_that_of_the_first_step_and_limits_are_those_of_their_own() -> None:
    steps = [
        {"event": "view"},
        {"event": "buy", "after_previous": {"more_than": "0s", "within": "1d"}},
        {"no": "view", "after_previous": {"within": "2d"}},
    ]
    found, said = bound_of({"sequence": steps, "within": "7d", "complete_within": "3d"})
    assert not said
    assert found == bound.Sequence(
        (
            Step(view(7 * DAY_US)),
            Step(BUY, more_than_us=0, within_us=DAY_US),
            Step(view(), absent=True, within_us=2 * DAY_US),
        ),
        3 * DAY_US,
    )


def test_a_step_of_an_event_that_the_data_has_not_is_nobody_s() -> None:
    found, said = bound_of({"sequence": [{"event": "view"}, {"event": "buyy"}]})
    assert found == NOBODY
    assert [(one.code, one.severity, one.hint) for one in said] == [
        ("unknown-event", Severity.WARNING, "did you mean `buy`?")
    ]


def test_a_no_of_such_an_event_is_a_time_that_runs_out_or_nothing() -> None:
    timed, said = bound_of({"sequence": [{"event": "view"}, {"no": "bye", "after_previous": {"within": "1d"}}]})
    assert timed == bound.Sequence((Step(view()), Step(Rows((), Everyone()), absent=True, within_us=DAY_US)))
    assert [one.code for one in said] == ["unknown-event"]
    endless, _ = bound_of({"sequence": [{"event": "view"}, {"no": "bye"}, {"event": "buy"}]})
    assert endless == bound.Sequence((Step(view()), Step(BUY)))


def test_what_is_wrong_in_a_step_is_told() -> None:
    found, said = bound_of({"sequence": [{"event": "view"}, {"no": "buy", "where": {"property": "price", "is": 1}}]})
    assert isinstance(found, bound.Sequence)
    assert [one.code for one in said] == ["unknown-property"]


def test_periods_and_medians() -> None:
    every, said = bound_of({"event": "buy", "periods": {"every": "1d", "each": 2, "at_least": 3}, "within": "7d"})
    assert not said
    measure = Measure(MeasureKind.PERIODS, every_us=DAY_US, each=2)
    rows = Rows(("buy",), Everyone(), Ago(7 * DAY_US))
    assert every == bound.EventTest(rows, measure, Exactly(Fraction(3)))
    nothing, _ = bound_of({"event": "buy", "periods": {"every": "1d", "at_most": 3}, "within": "7d"})
    assert nothing == bound.EventTest(
        rows, Measure(MeasureKind.PERIODS, every_us=DAY_US, each=1), Exactly(None, Fraction(3))
    )
    median, _ = bound_of({"event": "buy", "median": {"of": "amount", "more_than": 2}})
    column = Column(Scope.PROPERTY, ("amount",), Scalar.INT)
    assert median == bound.EventTest(
        BUY, Measure(MeasureKind.MEDIAN, column), Exactly(Fraction(2), low_open=True)
    )  # of 2 and 3 it is 2.5


def level(kind: Type, response: Type, test: Exactly | None, *, previous: bool = False) -> EngagementTest:
    sent, responded = (
        None if one == NOTHING else Column(Scope.PROPERTY, ("message",), one) for one in (kind, response)
    )
    end = LocalMonday(1 if previous else 0, ZONE)
    responses = Rows(("clicked", "opened"), Everyone())
    return EngagementTest(Rows(("sent",), Everyone()), sent, responses, responded, end, 90 * DAY_US, test)


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("most", Exactly(Fraction(1, 2))),
        ("somewhat", Exactly(Fraction(1, 5), Fraction(1, 2), high_open=True)),
        ("least", Exactly(None, Fraction(1, 5), high_open=True)),
        ("everyone_else", None),
    ],
)
def test_levels_are_shares_between_cuts(name: str, test: Exactly | None) -> None:
    found, said = bound_of({"engagement": name, "period": "previous"})
    assert (found, said) == (level(Scalar.INT, Scalar.INT, test, previous=True), ())


def test_ids_of_messages_may_differ_in_type_but_are_ids() -> None:
    most = Exactly(Fraction(1, 2))
    found, said = bound_of({"engagement": "most"}, schema(sent=Scalar.STRING))
    assert (found, said) == (level(Scalar.STRING, Scalar.INT, most), ())
    found, said = bound_of({"engagement": "most"}, schema(opened=NOTHING, clicked=NOTHING))
    assert (found, said) == (level(Scalar.INT, NOTHING, most), ())
    found, said = bound_of({"engagement": "most"}, schema(sent=Scalar.TIME))
    assert (found, [one.code for one in said]) == (NOBODY, ["message-id"])


def test_without_any_sent_message_everybody_is_everyone_else() -> None:
    without = Schema(ZONE, {}, {"view": {}})
    assert bound_of({"engagement": "everyone_else"}, without)[0] == Everyone()
    found, said = bound_of({"engagement": "least"}, without)
    assert found == NOBODY
    assert {one.code for one in said} == {"unknown-event"}


def test_a_message_without_the_property_that_names_it_is_told() -> None:
    lacking = Schema(ZONE, {}, {"sent": {"mail": Scalar.INT}, "opened": {"message": Scalar.INT}})
    _, said = bound_of({"engagement": "most"}, lacking)
    assert "unknown-property" in {one.code for one in said}
