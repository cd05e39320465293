"""The instant of an evaluation, from the command line."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from segctl.diagnostics import Usage
from segctl.logic.times import written_us


def instant(text: str | None, zone: str, now_us: int) -> int:
    """What was written, read in the project's zone; now if nothing was.

    Raises:
        Usage: neither a date nor an instant.
    """
    if text is None:
        return now_us
    try:
        return written_us(text, zone)
    except PydanticCustomError as error:
        raise Usage(f"invalid `--as-of`: {error.message()}", hint=str((error.context or {}).get("hint", ""))) from error
