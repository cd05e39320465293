"""What tests make of changed definitions: what nobody would notice, and how much is noticed."""

from __future__ import annotations

from rich.text import Text

from segctl.report.text import plural
from segctl.workflow.mutating import Mutated, Survivor


def mutated(found: Mutated) -> Text:
    """Every change that no test notices, the definitions without tests, and the score."""
    text = Text()
    for name in found.failing:
        text.append(f"test {name} fails as it is, and can notice nothing\n", style="yellow")
    for survivor in found.survivors:
        if survivor.key not in found.untested:
            text.append_text(_line(survivor))
    for key in found.untested:
        kind, name = key
        changes = found.mutants.get(key, 0)
        unnoticed = f": no test would notice {plural(changes, 'change')}" if changes else ""
        text.append(f"no test expects anything of {kind} {name}{unnoticed}\n", style="yellow")
    total, noticed = sum(found.mutants.values()), sum(found.noticed.values())
    text.append(f"{noticed:,} of {plural(total, 'change')} noticed: {percent(found)}\n", style="bold")
    return text


def percent(found: Mutated) -> str:
    """The score, rounded down: only what is whole is `100 %`."""
    return f"{int(found.score * 1000) / 10:g}%"


def _line(survivor: Survivor) -> Text:
    text = Text()
    if survivor.span:
        text.append(f"{survivor.span}: ", style="bold")
    return text.append(f"{survivor.mutation.words}, and no test would notice\n")


def mutated_data(found: Mutated) -> dict[str, object]:
    """The same for JSON."""
    return {
        "format_version": "1.0",
        "score": round(found.score, 4),
        "mutants": sum(found.mutants.values()),
        "noticed": sum(found.noticed.values()),
        "survivors": [_survivor_data(survivor) for survivor in found.survivors],
        "untested": [{"kind": kind, "name": name} for kind, name in found.untested],
        "failing": list(found.failing),
    }


def _survivor_data(survivor: Survivor) -> dict[str, object]:
    span = survivor.span
    place = {} if span is None else {"file": span.file, "line": span.line, "column": span.column}
    kind, name = survivor.key
    return {"kind": kind, "name": name, **place, "change": survivor.mutation.words}
