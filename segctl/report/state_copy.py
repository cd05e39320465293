"""A copy of a state, as a line and as data: counts and bytes."""

from __future__ import annotations

from segctl.report.gc import size
from segctl.report.text import plural
from segctl.workflow.state_pull import Pulled


def pulled(found: Pulled, folder: str) -> str:
    """What the copy holds, and what it took."""
    if not found.last:
        return f"`{folder}`: nothing has been applied yet\n"
    serials = f"serial {found.last}" if found.first == found.last else f"serials {found.first} to {found.last}"
    deleted = f", {plural(found.deleted, 'object')} deleted" if found.deleted else ""
    objects = f"{plural(found.copied, 'object')} copied ({size(found.bytes)}), {found.present:,} present"
    return f"`{folder}` holds {serials}: {objects}{deleted}\n"


def pulled_data(found: Pulled) -> dict[str, object]:
    """For JSON."""
    return {
        "format_version": "1.0", "first": found.first, "last": found.last, "copied": found.copied,
        "bytes": found.bytes, "present": found.present, "deleted": found.deleted,
    }  # fmt: skip
