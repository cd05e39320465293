"""Guards that were overridden, as a line and as data: which rule, why, and who allowed it."""

from __future__ import annotations

from segctl.state.record import Override


def override(found: Override) -> str:
    """`max_exit:vip: the sale is over (allowed by ada, https://...)`."""
    rule = found.rule if found.name is None else f"{found.rule}:{found.name}"
    given = ", ".join(text for text in (found.by, found.source) if text)
    return f"{rule}: {found.reason}{f' (allowed by {given})' if given else ''}"


def override_data(found: Override) -> dict[str, object]:
    """For JSON; who allowed it stands there only where that is known."""
    given = {"by": found.by, "source": found.source}
    texts = {name: text for name, text in given.items() if text}
    return {"rule": found.rule, "name": found.name, "reason": found.reason, **texts}
