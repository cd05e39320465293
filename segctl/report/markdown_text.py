"""Words of definitions in Markdown: shown as they are, whatever they may mean to Markdown, HTML or GitHub."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 240
"""Characters of a definition's text; of a longer one the rest is counted."""

_SPECIAL = re.compile("[\x00-\x1f!-/:-@\\[-`{-\x7f\u200b]")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, changes of direction, what has no width, what no font has: all that could show another text than it is."""

_MARKS = frozenset({"Mn", "Mc", "Me"})
_MOST_MARKS = 2
_APART = "\u200b"
_ACTIVE = re.compile(r"@|#(?=\w)|!(?=\d)|(?i:\bgh-(?=\d)|:(?=//)|\bwww\.|\bmailto:)|(?<=\w)\.(?=\w)")


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
        return f"<code>{entities(shown)}</code>"
    return f"`{shown}`"


def html(text: str, longest: int = LONGEST) -> str:
    """As code, where HTML is read: in the line of a folded part."""
    return f"<code>{entities(short(text, longest))}</code>"


def prose(text: str, longest: int = LONGEST) -> str:
    """As text: what GitHub and GitLab make links and mentions of, even of numbered characters, is taken apart."""
    parts = _ACTIVE.sub(lambda found: found[0] + _APART, short(text, longest))
    return entities(parts)


def entities(text: str) -> str:
    """Every character but letters, digits and blanks of ASCII as its number; other scripts stay as they are."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)
