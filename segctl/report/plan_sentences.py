"""What a changed definition says, in words: its sentence before and after, what it is for, whose it is."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from segctl.plan.plan import Change, Saying, Words
from segctl.report.text import count

LONGEST = 600
"""Characters; of a longer sentence the rest is counted, not shown."""

_MARGIN = "      "


def words_lines(change: Change) -> Text:
    """The lines below a change; nothing where nothing is reworded."""
    text = Text()
    for label, said in () if change.words is None else labelled(change.words):
        text.append(f"{_MARGIN}{label}: ", style="dim").append(f"{_short(said)}\n")
    return text


def labelled(words: Words, *, public: bool = False) -> Iterator[tuple[str, str]]:
    """`before` and `after` where the sentences differ, else `means`; then description and owner.

    What everybody may read is `public`.
    """
    before, after = (None if one is None else _sentence(one, public=public) for one in (words.before, words.after))
    if words.before is None or words.after is None or before == after:
        said = after if words.after is not None else before
        if said:
            yield "means", said
    else:
        yield from ((label, said) for label, said in (("before", before), ("after", after)) if said)
    latest = words.after or words.before
    if latest is not None and latest.description:
        yield "description", " ".join(latest.description.split())
    if latest is not None and latest.owner:
        yield "owner", latest.owner


def words_data(words: Words | None) -> dict[str, object]:
    """The same for JSON: exact, and left out where nothing is told."""
    if words is None:
        return {}
    sides = (("before", words.before), ("after", words.after))
    latest = words.after or words.before
    told = {"description": latest and latest.description, "owner": latest and latest.owner}
    return {
        "words": {name: (side.sentence or None) if side else None for name, side in sides},
        **{key: value for key, value in told.items() if value},
    }


def _sentence(one: Saying, *, public: bool) -> str:
    return one.public if public else one.sentence


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({count(len(text) - LONGEST)} more characters)"
