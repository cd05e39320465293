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
    "Where the condition is written; null where it is made of others.",
    _text("file:line:column.", examples=["segments/vip.yaml:7:12"]),
)

_CONDITION = _object(
    "A condition for this user, with what is below it.",
    {
        "says": _text("The condition in words; of a group how its parts are joined."),
        "place": _PLACE,
        "holds": _flag("Whether it is true for the user."),
        "children": _list(
            "Its parts; of a reference what it stands for. `holds` follows from them, unless `published` is there.",
            {"$ref": "#/definitions/condition"},
        ),
    },
    asked=_text("What is asked of the value, or of what was measured.", examples=["at least 2"]),
    actual={"description": "The user's own value, or what was measured; null is missing."},
    begins={"description": "Of a rank: the last value that is in."},
    rows={"$ref": "#/definitions/rows"},
    published={**_INSTANT, "description": "It stands as published, as of this instant; the child is what it would be."},
)

_ROWS = _object(
    "The events that a condition looked at.",
    {
        "total": _count("Events of these names before as_of."),
        "matching": _count("Of these, those that pass `where`."),
        "counted": _count("Of these, those in the window."),
        "later": _count("Events of these names at or after as_of: not seen."),
        "first": _nullable("The first of the matching ones.", _INSTANT),
        "last": _nullable("The last of the matching ones.", _INSTANT),
    },
)

_CHANGE = _object(
    "A condition that would have to come out otherwise.",
    {
        "says": _text("What must become true, in words.", examples=["1 more purchase in the last 30 days"]),
        "condition": _text("The condition."),
        "place": _PLACE,
        "becomes": _flag("What it must become."),
    },
)

EXPLAIN_SCHEMA: Json = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": f"segctl explain, format {FORMAT_VERSION}",
    **_object(
        "What `segctl explain --format json` prints: why one user is in or out.",
        {
            "format_version": _text("Minor versions only add.", pattern=r"^1\.\d+$"),
            "kind": _text("The kind of the definition.", examples=["segment"]),
            "name": _text("Its name."),
            "user": _text("The user's id."),
            "as_of": {**_INSTANT, "description": "The instant of evaluation, UTC."},
            "holds": _flag("Whether the user is in."),
            "headline": _text("The verdict in a line."),
            "because": _list("The decisive conditions in words, the first few.", {"type": "string"}),
            "tree": {"$ref": "#/definitions/condition"},
            "smallest_change": _nullable(
                "The fewest conditions that would turn the outcome round; null if nothing can.",
                _object(
                    "A set of changes.",
                    {
                        "least": _flag("No smaller set does it."),
                        "conditions": _list("All of them together.", {"$ref": "#/definitions/change"}),
                    },
                ),
            ),
            "flips_at": _nullable(
                "When the outcome turns round by time alone, with the same data; null if not within ten years.",
                _INSTANT,
            ),
            "flip_known": _flag("False where the user has too many events to find out."),
        },
        variant=_text("Of a member of a campaign with variants: which one the user gets."),
        control=_flag("Of the same: whether it is a control group, so that the user gets no message."),
    ),
    "definitions": {"change": _CHANGE, "condition": _CONDITION, "rows": _ROWS},
}
"""Draft 7, as editors and validators of every language read it."""
