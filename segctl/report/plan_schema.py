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
    "today's data also moves the user, otherwise by definition. Both parts add up to `entered` and `exited`.",
    {
        "before": _count("Members of the published snapshot."),
        "after": _count("Members that would be published."),
        "entered": _count("Users who enter."),
        "exited": _count("Users who exit, including those who left the population."),
        "by_definition": _ref("movement"),
        "by_data": _ref("movement"),
    },
    reassigned=_count("For a campaign: members who stay and get another variant."),
    variants=_list("For a campaign: its variants.", _ref("variant")),
)

_DISTRIBUTION = _object(
    "The distribution of the values of a trait.",
    {
        "type": _text("The type of the values.", examples=["int64", "double", "timestamp[us, tz=UTC]"]),
        "users": _count("Users who have a value."),
        "distinct": _count("Distinct values."),
        "quantiles": {
            "type": "object",
            "description": "Values by percent, nearest rank; dates as days, times as microseconds since 1970, UTC. "
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
            "description": "The published values; null for a new trait.",
            "anyOf": [{"type": "null"}, _ref("distribution")],
        },
        "after": {
            "description": "The values that would be published; null for a removed trait.",
            "anyOf": [{"type": "null"}, _ref("distribution")],
        },
        "changed": _count("Users whose value differs."),
        "by_definition": _count("Of these, changed by the definition."),
        "by_data": _count("Of these, changed by the data."),
    },
)

_GUARD = _object(
    "A guard that is not met.",
    {
        "rule": _text("The rule; `--allow RULE[:NAME]` overrides it.", examples=["max_exit"]),
        "message": _text("What exceeds the limit, the key that sets it, and the flag that overrides it."),
        "blocking": {"type": "boolean", "description": "True if the guard refuses the apply."},
    },
    allowed={"type": "boolean", "description": "True if a flag overrides the guard."},
    kind=_text("The kind of the resource; absent if the guard applies to the whole plan."),
    name=_text("The name of the resource."),
    overridable={"type": "boolean", "description": "False if no flag can override the guard; otherwise absent."},
    severity=_text("The severity; `blocking` says whether the guard refuses the apply.", enum=["error", "warning"]),
)

_FIELD = _object(
    "A field of the definition that differs; null is absent.",
    {
        "path": _text("The path of the field.", examples=["where[0].at_least"]),
        "before": {"description": "The applied value."},
        "after": {"description": "The value on disk."},
    },
)

_RESOURCE = {"kind": _text("The kind."), "name": _text("The name.")}

_USES = _object("A resource that this one refers to directly.", _RESOURCE)

_USED_BY = _object(
    "A resource that uses this one.",
    {
        **_RESOURCE,
        "direct": {
            "type": "boolean",
            "description": "True if it refers to this one directly, not only through other resources.",
        },
        "applied": {"type": "boolean", "description": "True if its applied definition does so."},
        "defined": {"type": "boolean", "description": "True if its definition on disk does so."},
    },
)

_SIDES = ("before", "after")

_REASON = _object(
    "The reason for the hold.",
    {"rule": _text("The rule that refuses it.", examples=["max_exit"]), "message": _text("What the rule found.")},
)

_HELD = _object(
    "A resource that stays as it is published.",
    {
        **_RESOURCE,
        "since": _text("The as_of of the first refresh that held it, UTC.", format="date-time"),
        "reasons": _list("The findings that refuse it; empty if it is held only because of others.", _REASON),
        "through": _list("The held resources that it depends on.", _ref("uses")),
    },
    mixed=_list("The resources that the plan publishes from this held membership and today's data.", _ref("uses")),
    members=_ref("members"),
)

_REFRESH = _object(
    "What a refresh would do now, because the published data are of an earlier instant.",
    {
        "published_as_of": _text("The instant of the published data, UTC.", format="date-time"),
        "evaluated": {"type": "boolean", "description": "True if the data were evaluated for this."},
        "would_move": {"type": ["integer", "null"], "description": "Resources that would move; null if not evaluated."},
        "would_hold": {"type": ["integer", "null"], "description": "Resources that would be held."},
    },
    because=_text("Why the data were not evaluated."),
)

_CHANGE = _object(
    "What happens to one resource.",
    {
        "kind": _text("The kind.", examples=["segment"]),
        "name": _text("The name; with the kind it is the identity."),
        "action": _text("What happens.", enum=["create", "update", "delete"]),
        "reasons": _list(
            "Why it is updated: its logic, metadata, dependencies, data, or a new name (moved). Why it is "
            "deleted: archived in its file. Treat an unknown reason as unspecified.",
            {"type": "string", "examples": ["logic", "metadata", "depends", "data", "moved", "archived"]},
        ),
        "diff": _list("The fields that differ.", _ref("field")),
        "members": {
            "description": "The effect on its membership; null if there is none.",
            "anyOf": [{"type": "null"}, _ref("members")],
        },
        "guards": _list("The guards that its effect does not meet.", _ref("guard")),
    },
    words={
        "type": "object",
        "description": "The definition in words, before and after; null where there is no definition. Absent for "
        "changes outside the definition.",
        "required": ["before", "after"],
        "properties": {side: {"type": ["string", "null"], "description": f"The sentence {side}."} for side in _SIDES},
    },
    description=_text("The description of the definition; for a deleted resource, the last one."),
    owner=_text("The owner of the definition; for a deleted resource, the last one."),
    values=_ref("values"),
    moved_from=_text("For a rename: the applied name."),
    last_serial=_count("For a created resource that existed before: the last serial that had it."),
    uses=_list(
        "The resources that it refers to directly; for a deleted resource, those that it referred to.", _ref("uses")
    ),
    used_by=_list("For a deleted or renamed resource: what uses it, directly or through others.", _ref("used_by")),
    relation=_text(
        "How the new definition relates to the old one, for all possible users: `same`, `narrower`, `wider` and "
        "`apart` are proved; `neither` is shown by today's users. Treat an unknown value as `unknown`.",
        examples=["same", "narrower", "wider", "apart", "neither", "unknown"],
    ),
    always={
        "type": ["boolean", "null"],
        "description": "Proved: true if every user is a member, false if no user can be; null if neither is proved.",
    },
    backtest=_object(
        "Sizes at past instants, from the events up to then, and from today's attributes and lists.",
        {
            "instants": _list("The instants, UTC.", _text("An instant.", format="date-time")),
            "before": {
                "description": "The sizes of the old definition; null if there is none.",
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
        "What `segctl plan --format json` prints. Counts only, no member ids.",
        {
            "format_version": _text("Minor versions only add.", pattern=r"^1\.\d+$"),
            "project": _text("The project."),
            "serial": _count("The serial of the state that the plan starts from; 0 before the first apply."),
            "as_of": _text("The instant of evaluation, UTC.", format="date-time"),
            "digest": _text("A digest of everything that the plan depends on and would do.", pattern="^[0-9a-f]{64}$"),
            "changes": _list("What would change, sorted by kind and name.", _ref("change")),
            "summary": _object(
                "The number of resources per action.",
                {name: _count("Resources.") for name in ("create", "update", "delete", "unchanged")},
            ),
        },
        operation=_text("`apply`, `refresh` or `rollback`.", enum=["apply", "refresh", "rollback"]),
        restores=_count("For a rollback: the older serial that is published again."),
        lineage={"type": ["string", "null"], "description": "The lineage of the state; null before the first apply."},
        definitions=_text("A digest of the definitions."),
        selection=_text("The selection of definitions; absent if all are planned."),
        data=_text("A digest of the evaluated data; empty if none were evaluated."),
        guards=_list("The guards that the plan as a whole does not meet.", _ref("guard")),
        held=_list("The resources that are held as published after this operation.", _ref("held")),
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
