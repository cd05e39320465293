"""What stands above a plan in its comment: what refuses it, the line that would allow it, lines that do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from allowances import FORM, Allowances
from runner import Runner

_MOST, _LONGEST = 20, 200
_USAGE = 64
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


def findings(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All guards and policies that a plan does not meet."""
    yield from plan.get("guards") or ()
    for change in plan.get("changes") or ():
        yield from change.get("guards") or ()


def advice(runner: Runner, plan: dict[str, Any], allowed: Allowances, code: int) -> str:
    """The parts that there is a reason for; empty if there is none."""
    parts = [*_refused(runner, plan), *_wrong_rule(allowed, code), *_not_honoured(allowed), *_malformed(allowed)]
    return "".join(f"{part}\n\n" for part in parts)


def _refused(runner: Runner, plan: dict[str, Any]) -> Iterator[str]:
    stops = [found for found in findings(plan) if found["blocking"]]
    if not stops:
        return
    lines = list(dict.fromkeys(line for found in stops for line in _allowing(found)))
    yield "**Refused: an apply of this plan would publish nothing.** The reasons are listed below."
    if lines:
        more = f"\n\nand {len(lines) - _MOST} more lines of this kind." if len(lines) > _MOST else ""
        yield f"{_how(runner)}\n\n{_block(lines[:_MOST])}{more}"
    if any(not found.get("overridable", True) for found in stops):
        yield "Some findings cannot be overridden by such a line: change the definition."


def _how(runner: Runner) -> str:
    if runner.event.get("pull_request") or runner.event.get("workflow_run"):
        return (
            "If this effect is intended, a user with write permission adds these lines to the description of the pull "
            "request, with the reason instead of REASON. The check then runs again:"
        )
    return (
        "If this effect is intended, run the workflow again with the inputs `allow` and `reason`, or merge a pull "
        "request with these lines in its description, written by a user with write permission:"
    )


def _allowing(found: dict[str, Any]) -> Iterator[str]:
    rule, name = str(found.get("rule", "")), str(found.get("name", ""))
    if found.get("overridable", True) and _NAME.fullmatch(rule) and (not name or _NAME.fullmatch(name)):
        yield f"segctl-allow: {rule}{f':{name}' if name else ''} because REASON"


def _wrong_rule(allowed: Allowances, code: int) -> Iterator[str]:
    if code == _USAGE and allowed.granted:
        yield (
            "One of the `segctl-allow` lines in the description may name a rule or a definition that does not exist; "
            "correct it there."
        )


def _not_honoured(allowed: Allowances) -> Iterator[str]:
    for why in allowed.refused[:_MOST]:
        yield (
            f"**`segctl-allow` lines are ignored:** {why}. They count only if everyone who wrote or edited the "
            "description has write permission. A user with write permission can open a new pull request, or run "
            "the apply workflow with the inputs `allow` and `reason`."
        )


def _malformed(allowed: Allowances) -> Iterator[str]:
    if not allowed.malformed:
        return
    shown = [f"{_visible(line)}\n  {why}" for line, why in allowed.malformed[:_MOST]]
    more = f"\n\nand {len(allowed.malformed) - _MOST} more." if len(allowed.malformed) > _MOST else ""
    yield f"**Invalid `segctl-allow` lines.** Write `{FORM}`:\n\n{_block(shown)}{more}"


def _visible(line: str) -> str:
    """A line as it can be seen, cut."""
    shown = "".join(
        letter if unicodedata.category(letter)[0] not in "CZ" or letter == " " else f"\\u{{{ord(letter):x}}}"
        for letter in line[:_LONGEST]
    )
    return shown if len(line) <= _LONGEST else f"{shown} ..."


def _block(lines: list[str]) -> str:
    """A block of code that nothing in it can end."""
    text = "\n".join(lines)
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return f"{fence}text\n{text}\n{fence}"
