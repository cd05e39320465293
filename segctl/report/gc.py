"""What was collected, as lines and as data: counts and bytes."""

from __future__ import annotations

from segctl.report.text import plural
from segctl.workflow.gc import Collected, Tally

_KINDS = {
    "memberships": "membership", "populations": "population", "records": "record", "traits": "table of traits",
    "erasures": "list of erasures",
    "unfinished": "unfinished file",
}  # fmt: skip
_MANY = {"traits": "tables of traits", "erasures": "lists of erasures"}
_STEP = 1024


def collected(found: Collected) -> str:
    """One line each for what goes, and one for what stays."""
    verb = "would delete" if found.dry_run else "deleted"
    lines = [f"{verb} {_tally(kind, tally)}" for kind, tally in found.deleted.items()]
    return "\n".join([*(lines or ["nothing to collect"]), _kept(found)]) + "\n"


def _kept(found: Collected) -> str:
    if not found.last:
        return "nothing has been applied yet"
    serials = f"serial {found.last}" if found.first == found.last else f"serials {found.first} to {found.last}"
    return f"kept {serials}: {plural(found.kept.objects, 'object')}, {size(found.kept.bytes)}"


def _tally(kind: str, tally: Tally) -> str:
    return f"{plural(tally.objects, _KINDS[kind], _MANY.get(kind, ''))}, {size(tally.bytes)}"


def size(number: int) -> str:
    """`512 B`, `3.4 MiB`."""
    value = float(number)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < _STEP:
            return f"{number:,} B" if unit == "B" else f"{value:,.1f} {unit}"
        value /= _STEP
    return f"{value:,.1f} TiB"


def collected_data(found: Collected) -> dict[str, object]:
    """For JSON."""
    return {
        "format_version": "1.0", "dry_run": found.dry_run, "first": found.first, "last": found.last,
        "deleted": {kind: _tally_data(tally) for kind, tally in found.deleted.items()}, "kept": _tally_data(found.kept),
    }  # fmt: skip


def _tally_data(tally: Tally) -> dict[str, int]:
    """A tally for JSON."""
    return {"objects": tally.objects, "bytes": tally.bytes}
