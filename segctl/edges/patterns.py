"""A text in which a pattern is found, for the patterns that people write: letters, classes, groups, repeats."""

from __future__ import annotations

from dataclasses import dataclass

_REPEATS = frozenset("*+?{")
_OF_ESCAPE = {"d": "1", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "b": "", "A": "", "z": "", "B": "",
              "t": "\t", "n": "\n"}  # fmt: skip
_TRIED = "a1A -_.~"


def sample(pattern: str) -> str | None:
    """A text that the pattern was probably meant for; None if it is not understood here."""
    try:
        reader = _Reader(pattern)
        text = reader.either()
        return text if reader.at == len(pattern) else None
    except (IndexError, ValueError):
        return None


@dataclass
class _Reader:
    """Reads a pattern from left to right and writes the least that it says."""

    pattern: str
    at: int = 0

    def either(self) -> str:
        """The first of several ways."""
        first = self._sequence()
        while self._next() == "|":
            self.at += 1
            self._sequence()
        return first

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _sequence(self) -> str:
        found = ""
        while self._next() not in ("", "|", ")"):
            found += self._repeated(self._atom())
        return found

    def _atom(self) -> str:
        letter = self._next()
        self.at += 1
        match letter:
            case "^" | "$":
                return ""
            case ".":
                return "a"
            case "\\":
                return self._escaped()
            case "[":
                return self._class()
            case "(":
                return self._group()
            case _:
                return letter

    def _escaped(self) -> str:
        letter = self.pattern[self.at]
        self.at += 1
        if letter.isalnum() and letter not in _OF_ESCAPE:
            raise ValueError(letter)
        return _OF_ESCAPE.get(letter, letter)

    def _group(self) -> str:
        if self._next() == "?":
            end = self.pattern.index(":", self.at)
            if not set(self.pattern[self.at + 1 : end]) <= set("imsU-"):
                raise ValueError(self.pattern)
            self.at = end + 1
        found = self.either()
        if self._next() != ")":
            raise ValueError(self.pattern)
        self.at += 1
        return found

    def _class(self) -> str:
        """The first character of a class, or one that is in none of it."""
        negated = self._next() == "^"
        self.at += negated
        end = self.pattern.index("]", self.at + 1)
        inside, self.at = self.pattern[self.at : end], end + 1
        if not negated:
            return _OF_ESCAPE.get(inside[1], inside[1]) if inside[0] == "\\" else inside[0]
        return next(letter for letter in _TRIED if letter not in inside)

    def _repeated(self, text: str) -> str:
        """The text as often as it must be, once where it may be."""
        letter = self._next()
        if letter not in _REPEATS or not letter:
            return text
        self.at += 1
        if letter == "{":
            end = self.pattern.index("}", self.at)
            least, self.at = int(self.pattern[self.at : end].partition(",")[0]), end + 1
            text *= max(least, 1)
        self.at += self._next() == "?"
        return text
