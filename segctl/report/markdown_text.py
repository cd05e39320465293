"""Words of definitions in Markdown: shown as they are, whatever they may mean to Markdown, HTML or GitHub.

What is shown can be copied: nothing invisible is put into it. What a platform would make a link or a
mention of stands in a code span, where no platform looks for any.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 240
"""Characters of a definition's text; of a longer one the rest is counted."""

_SPECIAL = re.compile("[\x00-\x1f!-/:-@\\[-`{-\x7f]")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, changes of direction, what has no width, what no font has: all that could show another text than it is."""

_MARKS = frozenset({"Mn", "Mc", "Me"})
_MOST_MARKS = 2
_ACTIVE = re.compile(r"@|#(?=\w)|!(?=\d)|(?i:\bgh-(?=\d)|:(?=//)|\bwww\.|\bmailto:|\bxmpp:)|(?<=[^\W\d])\.(?=[^\W\d])")
"""What GitHub and GitLab make links and mentions of, even where its characters are written as numbers."""

_ADDRESS = re.compile(r"(?<=[\w.+-])@(?=\w)")
_PIECES = re.compile(r"`([^`]+)`|\s+|[^\s`]+|`")
"""A quoted part, blanks, a word, or a backtick that closes nothing."""


def visible(text: str) -> str:
    """On one line; characters that nobody would see are written as their number, towers of accents too."""
    if text.isascii() and text.isprintable():
        return text
    letters, marks = [], 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in _MARKS else 0
        hidden = category in _HIDDEN or marks > _MOST_MARKS or (category == "Zs" and letter != " ")
        letters.append(f"\\u{{{ord(letter):x}}}" if hidden else letter)
    return "".join(letters)


def short(text: str, longest: int = LONGEST) -> str:
    """The visible text; one that is cut says how much is missing, and costs no more than what is shown of it."""
    shown = visible(text[:longest])
    missing = len(shown[longest:]) + len(text[longest:])
    return f"{shown[:longest]} … ({missing:,} more characters)" if missing else shown


def code(text: str, longest: int = LONGEST) -> str:
    """As code, where Markdown is read: nothing in it is a link, a mention, HTML or the border of a cell."""
    shown = short(text, longest)
    if "`" in shown or "|" in shown or "\\" in shown or shown != shown.strip() or not shown:
        return _tagged(shown)
    return f"`{shown}`"


def _tagged(shown: str) -> str:
    """Code by HTML's tag: an address in it is cut at its `@`, which Markdown would look for between tags too."""
    return f"<code>{'</code>&#64;<code>'.join(map(entities, _ADDRESS.split(shown)))}</code>"


def html(text: str, longest: int = LONGEST) -> str:
    """As code, where HTML is read: in the line of a folded part."""
    return f"<code>{entities(short(text, longest))}</code>"


def prose(text: str, longest: int = LONGEST) -> str:
    """As text: what stands in backticks, and what platforms make links and mentions of, is code."""
    shown = ""
    for piece in _PIECES.finditer(short(text, longest)):
        quoted = piece[1] is not None
        if quoted or _ACTIVE.search(piece[0]):
            inner = piece[1] if quoted else piece[0]
            shown += _tagged(inner) if shown.endswith("`") else code(inner, longest)
        else:
            shown += entities(piece[0])
    return shown


def entities(text: str) -> str:
    """Every character but letters, digits and blanks of ASCII as its number; other scripts stay as they are."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)
