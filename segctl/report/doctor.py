"""What the doctor has found, as lines and as data."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.report.findings import affected, finding_data, serials
from segctl.report.text import plural
from segctl.state.examine import Finding, Level
from segctl.state.instants import to_text
from segctl.state.rebuild import Rebuilt
from segctl.workflow.doctor import Diagnosed


def diagnosis(found: Diagnosed) -> str:
    """What is damaged first, with every way to mend it; what is left over on one line for all."""
    parts = [f"rebuilt: {name}" for name in found.mended]
    parts += _rebuilt(found.rebuilt) if found.rebuilt else []
    parts += [_damage(finding, ways) for finding, ways in found.findings if finding.level is Level.DAMAGED]
    parts += [f"note: {one.name}: {one.what}" for one, _ in found.findings if one.level is Level.NOTE]
    left = [one for one, _ in found.findings if one.level is Level.LEFT_OVER]
    if left:
        parts.append(f"left over: {plural(len(left), 'object')} that nothing refers to; `segctl gc` deletes them")
    return "\n".join([*parts, _verdict(found)]) + "\n"


def _rebuilt(rebuilt: Rebuilt) -> list[str]:
    """Which record holds, and what to do if it should not: a killed command may have left it behind."""
    record, head = rebuilt.record, rebuilt.head
    written = f"{record.operation} of {to_text(record.created_us)}"
    lines = [f"  it leads to serial {head.serial} again, the newest record: {written}"]
    if head.serial > head.kept:
        undo = f"`segctl rollback {head.serial - 1}`"
        lines.append(f"  if that command was stopped before it published, {undo} undoes it")
    return lines


def _verdict(found: Diagnosed) -> str:
    examined = found.examined
    damaged = sum(one.level is Level.DAMAGED for one, _ in found.findings)
    if damaged:
        whole = examined.whole
        rest = f"; intact: {serials(whole)}" if whole else ""
        return f"the state is damaged: {plural(damaged, 'object')} of {examined.objects:,}{rest}"
    if examined.head is None or not examined.head.serial:
        return "the state is intact: nothing has been applied yet"
    return f"the state is intact: serial {examined.head.serial}, {plural(examined.objects, 'object')} checked"


def _damage(finding: Finding, ways: Sequence[str]) -> str:
    lines = [f"damaged: {finding.name}: {finding.what}"]
    if finding.serials:
        lines.append(f"  affects {affected(finding)}")
    lines += [f"  fix: {way}" if not place else f"     or {way}" for place, way in enumerate(ways)]
    return "\n".join(lines)


def diagnosis_data(found: Diagnosed) -> dict[str, object]:
    """For JSON."""
    head = found.examined.head
    return {
        "format_version": "1.0", "whole": found.is_whole, "serial": head.serial if head else 0,
        "objects": found.examined.objects, "repaired": list(found.mended),
        **({"head": {"serial": found.rebuilt.head.serial}} if found.rebuilt else {}),
        "findings": [
            {"level": str(one.level).replace(" ", "_"), **finding_data(one), "mend": list(ways)}
            for one, ways in found.findings
        ],
    }  # fmt: skip
