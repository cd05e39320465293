"""Letters without their case, for `ignore_case`."""

from __future__ import annotations


def lower_case(text: str) -> str:
    """The text in lower case, character by character (law 4).

    `str.lower` looks at neighbours (a Greek sigma at a word's end), so that a part of a text and the
    part of its lower case could differ; this never does.
    """
    return text.lower() if text.isascii() else "".join(character.lower() for character in text)
