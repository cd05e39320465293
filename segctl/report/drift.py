"""What `segctl drift` found, the two kinds apart: what was tampered with, and what moves beyond its band."""

from __future__ import annotations

from fractions import Fraction

from rich.text import Text

from segctl.plan.bands import Band, used_share
from segctl.plan.plan import Members
from segctl.report.findings import affected, finding_data
from segctl.report.held import all_held_data, held_lines
from segctl.report.text import count, plural
from segctl.report.times import local
from segctl.state.examine import Finding, Level
from segctl.state.instants import to_text
from segctl.workflow.drift import Drift, Moved, Moving

_MARGIN = "  "


def drift(found: Drift) -> Text:
    """What is published first, then how it would move."""
    if found.record is None and not found.tampered:
        return Text("nothing has been applied yet, so nothing can have drifted\n")
    text = _published(found).append_text(_held(found))
    if found.moving is not None:
        return text.append_text(_moving(found.moving, found.zone))
    return text.append(f"members: not checked, because {found.because}\n" if found.because else "")


def _published(found: Drift) -> Text:
    objects = plural(found.examined.objects, "object")
    serial = f"serial {found.record.serial}" if found.record else "no serial that can be read"
    text = Text(f"published: {serial}, {objects} checked, ", style="bold")
    if not found.tampered:
        return text.append("all as recorded\n")
    amiss = "1 thing is" if len(found.tampered) == 1 else f"{count(len(found.tampered))} things are"
    text.append(f"{amiss} not as recorded\n", style="red")
    for finding in found.tampered:
        text.append_text(_finding(finding))
    if any(finding.level is Level.DAMAGED for finding in found.tampered):
        return text.append(f"{_MARGIN}hint: `segctl doctor` says how to fix what is damaged\n")
    return text.append(f"{_MARGIN}hint: find out who put it there; nothing that is published needs it\n")


def _finding(finding: Finding) -> Text:
    text = Text(f"{_MARGIN}✗ ", style="bold red").append(f"{finding.name}: {finding.what}\n")
    return text.append(f"{_MARGIN}{_MARGIN}affects {affected(finding)}\n", style="dim") if finding.serials else text


def _moving(moving: Moving, zone: str) -> Text:
    now = local(moving.prepared.plan.basis.as_of_us, zone)
    text = Text(f"members: by the definitions applied, as of {now}, ", style="bold")
    anomalies = moving.anomalies
    if anomalies:
        text.append(f"{plural(len(anomalies), 'anomaly', 'anomalies')}\n", style="yellow")
    else:
        text.append("no anomaly\n")
    for moved in anomalies:
        text.append_text(_moved(moved))
    return text.append(_within(moving))


def _held(found: Drift) -> Text:
    """What is held at what is published: no drift, and nothing to overlook."""
    held = held_lines(found.record.held, found.zone) if found.record else []
    return Text("".join(f"{_MARGIN}! {line}\n" for line in held), style="yellow")


def _moved(moved: Moved) -> Text:
    members = moved.members
    text = Text(f"{_MARGIN}! ", style="bold yellow").append(f"{' '.join(moved.key)}", style="bold")
    text.append(f"  {count(members.before)} → {count(members.after)}")
    if members.entered:
        text.append(f"  +{count(members.entered)} entered", style="green")
    if members.exited:
        text.append(f"  -{count(members.exited)} exited", style="red")
    return text.append(f"; {_share(members)}{_band(moved.band)}\n")


def _share(members: Members) -> str:
    used = used_share(members)
    return "it had no members; " if used is None else f"{_percent(used)} of its members; "


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):,.1f} %"


def _band(band: Band) -> str:
    floor = f" from {plural(band.floor, 'user')} on" if band.floor > 1 else ""
    return f"its band is {band.share}{floor}"


def _within(moving: Moving) -> str:
    """What is expected is told in one line, so that nobody learns to skip what is not."""
    expected = moving.expected
    parts = []
    if moving.within:
        counted = f"{count(expected.entered)} entered, {count(expected.exited)} exited"
        whose = "its band" if len(moving.within) == 1 else "their bands"
        parts.append(f"{count(len(moving.within))} within {whose} ({counted})")
    if moving.traits:
        users = sum(users for _, users in moving.traits)
        parts.append(f"{plural(len(moving.traits), 'trait')} with {plural(users, 'new value')}")
    parts.append(f"{count(moving.still)} as published")
    return f"{_MARGIN}{'; '.join(parts)}\n"


def drift_data(found: Drift) -> dict[str, object]:
    """What was found for JSON; `tampered` and `anomalies` are the two kinds, `drifted` says whether there is any."""
    record, moving = found.record, found.moving
    return {
        "format_version": "1.1",
        "drifted": found.found,
        "serial": record.serial if record else None,
        "published_as_of": to_text(record.as_of_us) if record else None,
        "objects": found.examined.objects,
        "held": all_held_data(record.held) if record else [],
        "tampered": [finding_data(finding) for finding in found.tampered],
        "evaluated": moving is not None,
        **({"because": found.because} if found.because else {}),
        **({} if moving is None else _moving_data(moving)),
    }


def _moving_data(moving: Moving) -> dict[str, object]:
    return {
        "as_of": to_text(moving.prepared.plan.basis.as_of_us),
        "anomalies": [_moved_data(moved) for moved in moving.anomalies],
        "expected": [_moved_data(moved) for moved in moving.within],
        "traits": [{"name": name, "changed": users} for name, users in moving.traits],
        "unmoved": moving.still,
    }


def _moved_data(moved: Moved) -> dict[str, object]:
    members, (kind, name) = moved.members, moved.key
    return {
        "kind": kind, "name": name, "band": moved.band.share, "floor": moved.band.floor,
        "members": {
            "before": members.before, "after": members.after, "entered": members.entered, "exited": members.exited,
        },
    }  # fmt: skip
