"""What the doctor has found, as lines and as data."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.report.text import plural
from segctl.state.examine import Finding, Level
from segctl.workflow.doctor import Diagnosed

_MOST = 8
"""So many resources or serials are named one by one."""


def diagnosis(found: Diagnosed) -> str:
    """What is damaged first, with every way to mend it; what is left over on one line for all."""
    parts = [f"made anew: {name}" for name in found.mended]
    parts += [_damage(finding, ways) for finding, ways in found.findings if finding.level is Level.DAMAGED]
    parts += [f"note: {one.name}: {one.what}" for one, _ in found.findings if one.level is Level.NOTE]
    left = [one for one, _ in found.findings if one.level is Level.LEFT_OVER]
    if left:
        parts.append(f"left over: {plural(len(left), 'object')} that nothing refers to; `segctl gc` deletes them")
    return "\n".join([*parts, _verdict(found)]) + "\n"


def _verdict(found: Diagnosed) -> str:
    examined = found.examined
    damaged = sum(one.level is Level.DAMAGED for one, _ in found.findings)
    if damaged:
        whole = examined.whole
        rest = f"; whole: {_serials(whole)}" if whole else ""
        return f"the state is damaged: {plural(damaged, 'object')} of {examined.objects:,}{rest}"
    if examined.head is None or not examined.head.serial:
        return "the state is whole: nothing has been applied yet"
    return f"the state is whole: serial {examined.head.serial}, {plural(examined.objects, 'object')} checked"


def _damage(finding: Finding, ways: Sequence[str]) -> str:
    lines = [f"damaged: {finding.name}: {finding.what}"]
    if finding.serials:
        lines.append(f"  affects {affected(finding)}")
    lines += [f"  mend: {way}" if not place else f"     or {way}" for place, way in enumerate(ways)]
    return "\n".join(lines)


def affected(finding: Finding) -> str:
    """Which serials need an object, and which resources in them."""
    return f"{_serials(finding.serials)}{_resources(finding)}"


def _serials(serials: Sequence[int]) -> str:
    """`serial 7`, `serials 3 to 7, 9`."""
    runs: list[list[int]] = []
    for serial in sorted(serials):
        if runs and runs[-1][-1] + 1 == serial:
            runs[-1][1:] = [serial]
        else:
            runs.append([serial])
    text = ", ".join(" to ".join(map(str, run)) for run in runs)
    return f"serial{'' if len(serials) == 1 else 's'} {text}"


def _resources(finding: Finding) -> str:
    names = [" ".join(key) for key in finding.resources]
    if not names:
        return ""
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f": {', '.join(names[:_MOST])}{more}"


def diagnosis_data(found: Diagnosed) -> dict[str, object]:
    """For JSON."""
    head = found.examined.head
    return {
        "format_version": "1.0", "whole": found.is_whole, "serial": head.serial if head else 0,
        "objects": found.examined.objects, "repaired": list(found.mended),
        "findings": [
            {
                "level": str(one.level).replace(" ", "_"), "object": one.name, "what": one.what,
                "serials": list(one.serials), "resources": [".".join(key) for key in one.resources],
                "mend": list(ways),
            }
            for one, ways in found.findings
        ],
    }  # fmt: skip
