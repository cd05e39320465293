"""The JSON Schema of an explanation, for those who read it by machine; published as schema/explain.schema.json.

It is open: readers leave out keys that they do not know. A change that is not additive raises the major
version.
"""

from __future__ import annotations

from typing import Any

from segctl.report.explain_json import FORMAT_VERSION

Json = dict[str, Any]


def _object(description: str, required: Json, **optional: Json) -> Json:
    properties = {**required, **optional}
    return {"type": "object", "description": description, "required": list(required), "properties": properties}


def _text(description: str, **more: Any) -> Json:
    return {"type": "string", "description": description, **more}


def _flag(description: str) -> Json:
    return {"type": "boolean", "description": description}


def _count(description: str) -> Json:
    return {"type": "integer", "minimum": 0, "description": description}


def _list(description: str, items: Json) -> Json:
    return {"type": "array", "description": description, "items": items}


def _nullable(description: str, of: Json) -> Json:
    return {"description": description, "anyOf": [{"type": "null"}, of]}


_INSTANT = _text("An instant, UTC.", format="date-time")
_PLACE = _nullable(
    "Where the condition is defined; null if it is composed of others.",
    _text("file:line:column.", examples=["segments/vip.yaml:7:12"]),
)

_CONDITION = _object(
    "A condition evaluated for this user, with its parts.",
    {
        "says": _text("The condition in words; for a group, how its parts are combined."),
        "place": _PLACE,
        "holds": _flag("Whether it is true for the user."),
        "children": _list(
            "The parts; for a reference, the referenced condition. `holds` follows, unless `published` is set.",
            {"$ref": "#/definitions/condition"},
        ),
    },
    asked=_text("What the value, or the measured value, must meet.", examples=["at least 2"]),
    actual={"description": "The user's value, or the measured value; null if missing."},
    begins={"description": "For a rank: the last value that is included."},
    rows={"$ref": "#/definitions/rows"},
    published={
        **_INSTANT,
        "description": "The published membership of this instant is used; the child shows what it would be now.",
    },
)

_ROWS = _object(
    "The events that a condition reads.",
    {
        "total": _count("Events of these names before as_of."),
        "matching": _count("Of these, those that pass `where`."),
        "counted": _count("Of these, those in the window."),
        "later": _count("Events of these names at or after as_of; they are not read."),
        "first": _nullable("The time of the first matching event.", _INSTANT),
        "last": _nullable("The time of the last matching event.", _INSTANT),
    },
)

_CHANGE = _object(
    "A condition whose result would have to change.",
    {
        "says": _text("What must become true, in words.", examples=["1 more purchase in the last 30 days"]),
        "condition": _text("The condition."),
        "place": _PLACE,
        "becomes": _flag("The result that it must have."),
    },
)

EXPLAIN_SCHEMA: Json = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": f"segctl explain, format {FORMAT_VERSION}",
    **_object(
        "What `segctl explain --format json` prints: why one user is a member or not.",
        {
            "format_version": _text("Minor versions only add.", pattern=r"^1\.\d+$"),
            "kind": _text("The kind of the definition.", examples=["segment"]),
            "name": _text("The name of the definition."),
            "user": _text("The user's id."),
            "as_of": {**_INSTANT, "description": "The instant of evaluation, UTC."},
            "holds": _flag("Whether the user is a member."),
            "headline": _text("The result in one line."),
            "because": _list("The first few decisive conditions, in words.", {"type": "string"}),
            "tree": {"$ref": "#/definitions/condition"},
            "smallest_change": _nullable(
                "The smallest set of conditions that would change the result; null if there is none.",
                _object(
                    "A set of changes.",
                    {
                        "least": _flag("True if no smaller set changes the result."),
                        "conditions": _list(
                            "The conditions; all of them must change.", {"$ref": "#/definitions/change"}
                        ),
                    },
                ),
            ),
            "flips_at": _nullable(
                "When the result changes by time alone, with the same data; null if not within ten years.",
                _INSTANT,
            ),
            "flip_known": _flag("False if the user has too many events to compute this."),
        },
        variant=_text("For a member of a campaign with variants: the variant of the user."),
        control=_flag("For the same member: whether the variant is a control group, whose users get no message."),
    ),
    "definitions": {"change": _CHANGE, "condition": _CONDITION, "rows": _ROWS},
}
"""Draft 7, as editors and validators of every language read it."""
