"""What is wrong with an object of the state: whom it affects, and the data of it."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.state.examine import Finding

_MOST = 8
"""So many resources are named one by one."""


def affected(finding: Finding) -> str:
    """Which serials need an object, and which resources in them."""
    return f"{serials(finding.serials)}{_resources(finding)}"


def serials(numbers: Sequence[int]) -> str:
    """`serial 7`, `serials 3 to 7, 9`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] + 1 == number:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    text = ", ".join(" to ".join(map(str, run)) for run in runs)
    return f"serial{'' if len(numbers) == 1 else 's'} {text}"


def _resources(finding: Finding) -> str:
    names = [" ".join(key) for key in finding.resources]
    if not names:
        return ""
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f": {', '.join(names[:_MOST])}{more}"


def finding_data(finding: Finding) -> dict[str, object]:
    """For JSON."""
    resources = [".".join(key) for key in finding.resources]
    return {"object": finding.name, "what": finding.what, "serials": list(finding.serials), "resources": resources}
