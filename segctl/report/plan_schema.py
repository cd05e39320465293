"""The JSON Schema of a plan, for those who read plans by machine; published as schema/plan.schema.json.

It is open: readers leave out keys that they do not know, and take an unknown reason or rule as
unspecified. A change that is not additive raises the major version.
"""

from __future__ import annotations

from typing import Any

from segctl.report.plan_json import FORMAT_VERSION

Json = dict[str, Any]


def _object(description: str, required: Json, /, **optional: Json) -> Json:
    return {
        "type": "object",
        "description": description,
        "required": list(required),
        "properties": {**required, **optional},
    }


def _text(description: str, **more: Any) -> Json:
    return {"type": "string", "description": description, **more}


def _count(description: str) -> Json:
    return {"type": "integer", "minimum": 0, "description": description}


def _list(description: str, items: Json) -> Json:
    return {"type": "array", "description": description, "items": items}


def _ref(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


_MOVEMENT = _object(
    "How many users enter and exit.",
    {"entered": _count("Users who become members."), "exited": _count("Users who are no longer members.")},
)

_VARIANT = _object(
    "The members of one variant of a campaign.",
    {"name": _text("The variant."), "before": _count("Members before."), "after": _count("Members after.")},
)

_MEMBERS = _object(
    "The effect on a membership. Every user who moves is counted once: by data if the old definition on "
    "today's data moves the user as well, else by definition; both parts add up to `entered` and `exited`.",
    {
        "before": _count("Members of the published snapshot."),
        "after": _count("Members that would be published."),
        "entered": _count("Users who enter."),
        "exited": _count("Users who exit, those who left the population included."),
        "by_definition": _ref("movement"),
        "by_data": _ref("movement"),
    },
    reassigned=_count("Of a campaign: members who stay and get another variant."),
    variants=_list("Of a campaign: its variants.", _ref("variant")),
)

_DISTRIBUTION = _object(
    "How the values of a trait are spread.",
    {
        "type": _text("The type of the values.", examples=["int64", "double", "timestamp[us, tz=UTC]"]),
        "users": _count("Users who have a value."),
        "distinct": _count("Different values."),
        "quantiles": {
            "type": "object",
            "description": "Values by percent, nearest rank; of dates days, of times microseconds since 1970, UTC. "
            "Empty for texts, booleans and lists.",
            "additionalProperties": {"type": "number"},
        },
    },
)

_VALUES = _object(
    "The effect on a trait. Every user whose value differs is counted once: by data if the old definition on "
    "today's data gives another value than the published one, else by definition.",
    {
        "before": {
            "description": "What is published; null for a new trait.",
            "anyOf": [{"type": "null"}, _ref("distribution")],
        },
        "after": {
            "description": "What would be published; null for one that is removed.",
            "anyOf": [{"type": "null"}, _ref("distribution")],
        },
        "changed": _count("Users whose value differs."),
        "by_definition": _count("Of these, by the definition."),
        "by_data": _count("Of these, by the data."),
    },
)

_GUARD = _object(
    "A guard that is not met.",
    {
        "rule": _text("The rule; `--allow RULE[:NAME]` overrides it.", examples=["max_exit"]),
        "message": _text("What is too large, the key that sets the limit, the flag that allows it."),
        "blocking": {"type": "boolean", "description": "It refuses the apply."},
    },
    allowed={"type": "boolean", "description": "A flag overrides it."},
    kind=_text("The kind of the resource that it is about; absent where it is about the whole plan."),
    name=_text("The name of the resource that it is about."),
    overridable={"type": "boolean", "description": "False where no flag lets it pass; else absent."},
    severity=_text("How bad it is; whether it refuses the apply is another matter.", enum=["error", "warning"]),
)

_FIELD = _object(
    "A field of the definition that differs; null is absent.",
    {
        "path": _text("Its path.", examples=["where[0].at_least"]),
        "before": {"description": "The value that is applied."},
        "after": {"description": "The value on disk."},
    },
)

_RESOURCE = {"kind": _text("The kind."), "name": _text("The name.")}

_USES = _object("A resource that this one refers to itself.", _RESOURCE)

_USED_BY = _object(
    "A resource that uses this one.",
    {
        **_RESOURCE,
        "direct": {"type": "boolean", "description": "It refers to this one itself, not through others alone."},
        "applied": {"type": "boolean", "description": "It does so as it is applied."},
        "defined": {"type": "boolean", "description": "It does so as it is defined on disk."},
    },
)

_SIDES = ("before", "after")

_REASON = _object(
    "Why it is held.",
    {"rule": _text("The rule that refuses it.", examples=["max_exit"]), "message": _text("What it found.")},
)

_HELD = _object(
    "A resource that is kept at what is published.",
    {
        **_RESOURCE,
        "since": _text("The as_of of the first refresh that held it, UTC.", format="date-time"),
        "reasons": _list("The findings that refuse it; empty where it is held through others alone.", _REASON),
        "through": _list("The held resources that it depends on.", _ref("uses")),
    },
    mixed=_list("What the plan publishes out of its held membership and today's data.", _ref("uses")),
    members=_ref("members"),
)

_REFRESH = _object(
    "What is published is of an earlier instant: what a refresh would do now.",
    {
        "published_as_of": _text("The instant of what is published, UTC.", format="date-time"),
        "evaluated": {"type": "boolean", "description": "The data were evaluated for this."},
        "would_move": {"type": ["integer", "null"], "description": "Resources that would move; null if not evaluated."},
        "would_hold": {"type": ["integer", "null"], "description": "Resources that would be held."},
    },
    because=_text("Why it was not evaluated."),
)

_CHANGE = _object(
    "What happens to one resource.",
    {
        "kind": _text("The kind.", examples=["segment"]),
        "name": _text("The name; with the kind it is the identity."),
        "action": _text("What happens.", enum=["create", "update", "delete"]),
        "reasons": _list(
            "Why it is updated: its logic, metadata, what it depends on, its data, a new name (moved); why it is "
            "deleted: archived in its file. An unknown one is unspecified.",
            {"type": "string", "examples": ["logic", "metadata", "depends", "data", "moved", "archived"]},
        ),
        "diff": _list("The fields that differ.", _ref("field")),
        "members": {
            "description": "The effect on its membership; null where that is not touched.",
            "anyOf": [{"type": "null"}, _ref("members")],
        },
        "guards": _list("The guards that its effect does not meet.", _ref("guard")),
    },
    words={
        "type": "object",
        "description": "What the definition says, in words, before and after; null where it is not there. Absent of "
        "changes that lie outside of the definition.",
        "required": ["before", "after"],
        "properties": {side: {"type": ["string", "null"], "description": f"The sentence {side}."} for side in _SIDES},
    },
    description=_text("What it is for, as the definition says; of what is deleted as it said."),
    owner=_text("Whose it is, as the definition says; of what is deleted as it said."),
    values=_ref("values"),
    moved_from=_text("Of a rename: the name that it is applied by."),
    last_serial=_count("Of what is created and was there before: the last serial that had it."),
    uses=_list("What it refers to itself; of what is deleted what it referred to.", _ref("uses")),
    used_by=_list("Of what is deleted or renamed: what uses it, itself or through others.", _ref("used_by")),
    relation=_text(
        "How a new definition lies to the old one, for all users that there could be: `same`, `narrower`, `wider` and "
        "`apart` are proved; `neither` is shown by users of today; take one that you do not know as `unknown`.",
        examples=["same", "narrower", "wider", "apart", "neither", "unknown"],
    ),
    always={
        "type": ["boolean", "null"],
        "description": "Proved: true where every user is in it, false where nobody can be; null where neither is.",
    },
    backtest=_object(
        "Sizes at past instants: events as they were then, users' attributes and lists as they are today.",
        {
            "instants": _list("The instants, UTC.", _text("An instant.", format="date-time")),
            "before": {
                "description": "The sizes of the old definition; null where there is none.",
                "anyOf": [{"type": "null"}, _list("Sizes.", _count("Members."))],
            },
            "after": _list("The sizes of the new definition.", _count("Members.")),
        },
    ),
)

PLAN_SCHEMA: Json = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": f"segctl plan, format {FORMAT_VERSION}",
    **_object(
        "What `segctl plan --format json` prints. Counts only: no member is ever named.",
        {
            "format_version": _text("Minor versions only add.", pattern=r"^1\.\d+$"),
            "project": _text("The project."),
            "serial": _count("The serial of the state that the plan starts from; 0 before the first apply."),
            "as_of": _text("The instant of evaluation, UTC.", format="date-time"),
            "digest": _text("A digest of all that the plan is bound to and would do.", pattern="^[0-9a-f]{64}$"),
            "changes": _list("What would change, sorted by kind and name.", _ref("change")),
            "summary": _object(
                "How many resources of each action.",
                {name: _count("Resources.") for name in ("create", "update", "delete", "unchanged")},
            ),
        },
        operation=_text("`apply`, `refresh` or `rollback`.", enum=["apply", "refresh", "rollback"]),
        restores=_count("Of a rollback: the older serial that comes back."),
        lineage={"type": ["string", "null"], "description": "Which state; null before the first apply."},
        definitions=_text("A digest of the definitions."),
        selection=_text("What of the definitions it was narrowed to; absent for all."),
        data=_text("A digest of the data that were evaluated; empty if none were."),
        guards=_list("The guards that the plan as a whole does not meet.", _ref("guard")),
        held=_list("What is held at what is published once this has been done.", _ref("held")),
        refresh=_ref("refresh"),
    ),
    "definitions": {
        "change": _CHANGE,
        "distribution": _DISTRIBUTION,
        "field": _FIELD,
        "guard": _GUARD,
        "held": _HELD,
        "members": _MEMBERS,
        "movement": _MOVEMENT,
        "refresh": _REFRESH,
        "used_by": _USED_BY,
        "uses": _USES,
        "values": _VALUES,
        "variant": _VARIANT,
    },
}
"""Draft 7, as editors and validators of every language read it."""
