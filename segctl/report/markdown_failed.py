"""A plan that could not be made, as a comment: which error, in which file, on which line; never a value of data."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.diagnostics import Diagnostic, InvalidInput, SegctlError, Usage
from segctl.plan.discretion import without_names
from segctl.report.markdown_text import code, prose
from segctl.report.text import count, plural

_MOST = 20
_LONGEST = 400


def failed(error: SegctlError) -> str:
    """The comment. Messages about definitions are shown; those that may quote data stay in the log."""
    if isinstance(error, InvalidInput):
        return "".join(["### No plan\n\n", *_invalid(error)])
    if isinstance(error, Usage):
        hint = f" ({prose(error.hint, _LONGEST)})" if error.hint else ""
        return f"### No plan\n\n`usage`: {prose(str(error), _LONGEST)}{hint}\n"
    reason = type(error).__name__.lower() if type(error) is not SegctlError else "failed"
    what, mend = error.exit_code.meaning, error.exit_code.mend
    return f"### No plan\n\n{code(reason)} (exit code {int(error.exit_code)}): {prose(what)} {prose(mend)}\n"


def _invalid(error: InvalidInput) -> Iterator[str]:
    errors = [found for found in error.diagnostics if found.is_error]
    yield f"**{plural(len(errors), 'error')}:**\n\n"
    yield from (_line(found, shown=not error.of_data) for found in errors[:_MOST])
    if len(errors) > _MOST:
        yield f"- and {count(len(errors) - _MOST)} more\n"
    if error.of_data:
        yield "\nThe messages may quote data, and are only in the log.\n"


def _line(found: Diagnostic, *, shown: bool) -> str:
    where = f" at {code(str(found.span))}" if found.span else ""
    hint = f" ({_message(found.hint)})" if found.hint else ""
    return f"- {code(found.code)}{where}{f': {_message(found.summary)}{hint}' if shown else ''}\n"


def _message(text: str) -> str:
    return prose(without_names(text), _LONGEST)
