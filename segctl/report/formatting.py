"""What `segctl fmt` did, or would do."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from segctl.report.problems import problem_data
from segctl.report.text import plural
from segctl.workflow.formatting import Laid


def differences(found: Sequence[Laid]) -> str:
    """Unified diffs of the files that would change."""
    return "".join(_difference(one) for one in found if one.changes)


def _difference(one: Laid) -> str:
    before, after = (text.splitlines(keepends=True) for text in (one.before, one.after))
    lines = difflib.unified_diff(before, after, one.file, one.file)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def changed(found: Sequence[Laid], verb: str) -> str:
    """`formatted segments/vip.yaml`, for each file that changes."""
    return "".join(f"{verb} {one.file}\n" for one in found if one.changes)


def tally(found: Sequence[Laid], verb: str) -> str:
    """`1 file formatted, 91 files as they should be`."""
    changes = sum(one.changes for one in found)
    wrong = sum(bool(one.diagnostics) for one in found)
    parts = [f"{plural(changes, 'file')} {verb}"] if changes else []
    parts += [f"{plural(wrong, 'file')} left alone"] if wrong else []
    right = len(found) - changes - wrong
    return ", ".join([*parts, f"{plural(right, 'file')} already formatted"] if right or not parts else parts)


def formatting_data(found: Sequence[Laid], *, written: bool) -> dict[str, object]:
    """The same for JSON."""
    return {
        "format_version": "1.0",
        "written": written,
        "changed": [one.file for one in found if one.changes],
        "unchanged": sum(not one.changes and not one.diagnostics for one in found),
        "diagnostics": [problem_data(diagnostic) for one in found for diagnostic in one.diagnostics],
    }
