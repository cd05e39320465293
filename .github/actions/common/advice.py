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
    yield "**Refused: nothing of this would be published.** What refuses it stands below."
    if lines:
        more = f"\n\nand {len(lines) - _MOST} more of the kind." if len(lines) > _MOST else ""
        yield f"{_how(runner)}\n\n{_block(lines[:_MOST])}{more}"
    if any(not found.get("overridable", True) for found in stops):
        yield "No such line lets pass what cannot be allowed: change the definition."


def _how(runner: Runner) -> str:
    if runner.event.get("pull_request") or runner.event.get("workflow_run"):
        return (
            "If this effect is meant, somebody who may write to this repository puts these lines into the description "
            "of the pull request, with the reason in the place of REASON; the check then runs again:"
        )
    return (
        "If this effect is meant, run the workflow again with the inputs `allow` and `reason`, or merge a pull request "
        "with these lines in its description, written by somebody who may write to this repository:"
    )


def _allowing(found: dict[str, Any]) -> Iterator[str]:
    rule, name = str(found.get("rule", "")), str(found.get("name", ""))
    if found.get("overridable", True) and _NAME.fullmatch(rule) and (not name or _NAME.fullmatch(name)):
        yield f"segctl-allow: {rule}{f':{name}' if name else ''} because REASON"


def _wrong_rule(allowed: Allowances, code: int) -> Iterator[str]:
    if code == _USAGE and allowed.granted:
        yield (
            "One of the `segctl-allow` lines in the description may name a rule or a definition that there is not; "
            "correct it there."
        )


def _not_honoured(allowed: Allowances) -> Iterator[str]:
    for why in allowed.refused[:_MOST]:
        yield (
            f"**`segctl-allow` lines are not honoured:** {why}. They count only where everybody who ever wrote in the "
            "description may write to this repository. Somebody who may opens a pull request of their own, or runs "
            "the apply workflow with the inputs `allow` and `reason`."
        )


def _malformed(allowed: Allowances) -> Iterator[str]:
    if not allowed.malformed:
        return
    shown = [f"{_visible(line)}\n  {why}" for line, why in allowed.malformed[:_MOST]]
    more = f"\n\nand {len(allowed.malformed) - _MOST} more." if len(allowed.malformed) > _MOST else ""
    yield f"**Lines that were meant to allow something, and do not.** Write `{FORM}`:\n\n{_block(shown)}{more}"


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
