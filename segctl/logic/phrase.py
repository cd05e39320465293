"""What is said of people or of a value, in the parts that every form of the sentence is made of.

A form is never made by rewriting another one: literals and names that a user wrote may read like words of a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb in the third person; an auxiliary takes `not` behind it, all others `does not` before them."""

    base: str
    one: str
    many: str
    past: str
    auxiliary: bool = False

    def said(self, no: str, *, many: bool = False, past: bool = False) -> str:
        """`is`, `are not`, `does not contain`, `have never`; `no` is `not`, `never` or nothing."""
        form = self.past if past else self.many if many else self.one
        if not no:
            return form
        if self.auxiliary:
            return f"{form} {no}"
        return f"{'did' if past else 'do' if many else 'does'} {no} {self.base}"


BE = Verb("be", "is", "are", "was", auxiliary=True)
WERE = Verb("be", "were", "were", "were", auxiliary=True)
HAVE = Verb("have", "have", "have", "had", auxiliary=True)


def regular(base: str, one: str = "") -> Verb:
    """A verb such as `contain`."""
    return Verb(base, one or f"{base}s", base, f"{base}ed")


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb, whether it is denied, and what follows it."""

    verb: Verb
    rest: str
    no: str = ""

    def said(self, *, many: bool = False, past: bool = False) -> str:
        """`is not France`, `contain x`."""
        return f"{self.verb.said(self.no, many=many, past=past)} {self.rest}"


def predicate(verb: Verb, rest: str, *, holds: bool) -> Predicate:
    """The same or its opposite."""
    return Predicate(verb, rest, "" if holds else "not")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A predicate with its subject, as a clause on people and by itself; `alone` is empty if people are the subject."""

    people: str
    alone: str
    predicate: Predicate
    many: bool = False
    past: bool = False

    @property
    def clause(self) -> str:
        """`whose country is France`, `who have not made a purchase`."""
        return f"{self.people} {self.predicate.said(many=self.many, past=self.past)}"

    @property
    def itself(self) -> str:
        """`country is France`, `not made a purchase`, `in the segment vip`."""
        if self.alone:
            return f"{self.alone} {self.predicate.said(many=self.many, past=self.past)}"
        return f"{self.predicate.no} {self.predicate.rest}".lstrip()

    @property
    def must(self) -> str:
        """`country must not be France`, `must have made a purchase`."""
        words = [self.alone, "must", "not" if self.predicate.no else "", self.predicate.verb.base, self.predicate.rest]
        return " ".join(word for word in words if word)


def of_value(subject: str, said: Predicate, *, many: bool = False) -> Phrase:
    """What is said of something that people have."""
    return Phrase(f"whose {subject}", subject, said, many=many)


def of_people(verb: Verb, rest: str, no: str = "") -> Phrase:
    """What is said of people themselves."""
    return Phrase("who", "", Predicate(verb, rest, no), many=True)
