"""What a record says of the data, and of what is held, as plain JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from segctl.index.summary import EventSummary, Summary, TableSummary
from segctl.state import instants
from segctl.state.record import HeldBack

Json = Mapping[str, Any]


def held_json(held: HeldBack) -> Json:
    """Why a resource is held."""
    return {
        "since": instants.to_text(held.since_us),
        "reasons": [{"rule": rule, "message": message} for rule, message in held.reasons],
        "through": [".".join(key) for key in held.through],
    }


def held_from(written: Json) -> HeldBack:
    """What `held_json` was given."""
    reasons = tuple((one["rule"], one["message"]) for one in written["reasons"])
    through = tuple((kind, name) for kind, _, name in (key.partition(".") for key in written["through"]))
    return HeldBack(instants.from_text(written["since"]), reasons, through)


def evaluated_json(evaluated: Mapping[int, Summary]) -> Json:
    """What the data held, by serial."""
    return {str(serial): _summary_json(one) for serial, one in sorted(evaluated.items())}


def evaluated_from(written: Json) -> dict[int, Summary]:
    """What `evaluated_json` was given."""
    return {int(serial): _summary(one) for serial, one in written.items()}


def _summary_json(summary: Summary) -> Json:
    return {
        "as_of": instants.to_text(summary.as_of_us),
        "users": summary.users,
        "events": {name: _event_json(event) for name, event in summary.events.items()},
        "streams": {key: _event_json(event) for key, event in summary.streams.items()},
        "tables": {key: asdict(table) | {"names": list(table.names)} for key, table in summary.tables.items()},
    }


def _summary(written: Json) -> Summary:
    return Summary(
        instants.from_text(written["as_of"]),
        written["users"],
        {name: _event(one) for name, one in written["events"].items()},
        {key: _event(one) for key, one in written["streams"].items()},
        {key: TableSummary(one["rows"], one["files"], tuple(one["names"])) for key, one in written["tables"].items()},
    )


def _event_json(event: EventSummary) -> Json:
    first, last = instants.to_text(event.first_us), instants.to_text(event.last_us)
    days, tables = list(event.days), list(event.tables)
    return {"rows": event.rows, "first": first, "last": last, "days": days, "tables": tables}


def _event(written: Json) -> EventSummary:
    first, last = instants.from_text(written["first"]), instants.from_text(written["last"])
    return EventSummary(written["rows"], first, last, tuple(written["days"]), tuple(written["tables"]))
