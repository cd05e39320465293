"""A definition as an English sentence, for people who did not write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from segctl.logic import nodes
from segctl.logic.event_phrases import (
    engagement_phrase,
    event_phrase,
    expression_words,
    rfm_phrase,
    sequence_phrase,
)
from segctl.logic.naming import listed, path_words, spoken
from segctl.logic.nodes import (
    All,
    Any,
    AnyElement,
    Bucket,
    Engagement,
    EventMissing,
    EventTest,
    Everyone,
    Expression,
    Faulty,
    MeasureKind,
    Node,
    Not,
    OneOf,
    Path,
    Place,
    Present,
    Reference,
    Rfm,
    Share,
    Somewhere,
    TraitValue,
    Value,
    ValueTest,
    VersionRange,
)
from segctl.logic.phrase import BE, HAVE, Phrase, of_people
from segctl.logic.phrases import place_phrase, value_phrase
from segctl.logic.row_phrases import element_words

_GROUPS = {
    "segment": "in the segment {}",
    "extension": "in the extension {}",
    "list": "on the list {}",
    "campaign": "in the audience of the campaign {}",
}


def describe(node: Node) -> str:
    """The sentence, without a full stop: `People whose country is France and who have made a purchase`."""
    match node:
        case Everyone():
            return "Everyone"
        case Not(Everyone()):
            return "Nobody"
        case _:
            return _sentence(list(_flat([node])))


def describe_trait(expression: Expression) -> str:
    """What a trait is, without a full stop: ``The sum of `amount` over purchases``."""
    return f"The {expression_words(expression)}"


def clause(node: Node) -> str:
    """What is said of people: `whose country is France`, `who have made a purchase`, joined by and, or."""
    match node:
        case All(of):
            return _together(list(_flat(of)), "and")
        case Any(of):
            return _or_missing(of) or _together(list(_flat_choices(of)), "or")
        case Not(All() | Any() as of):
            return clause(_turned(of))
        case Not(Not(of)):
            return clause(of)
        case _:
            return phrase(node).clause


def phrase(node: Node) -> Phrase:
    """A single condition, or its opposite, in the parts of its sentence; `all` and `any` have none."""
    match node:
        case Not(Not(of)):
            return phrase(of)
        case Not(of):
            return _one(of, holds=False)
        case _:
            return _one(node, holds=True)


def _sentence(parts: Sequence[Node]) -> str:
    """Who is in, and then who never is."""
    out = [part for node in parts if isinstance(node, Not) and _is_exclusion(node) for part in _choices(node.of)]
    kept = [node for node in parts if not _is_exclusion(node)]
    if not kept:
        return f"Everyone but those {_together(out, 'or')}"
    only = kept[0] if len(kept) == 1 and not out else None
    who = f"People {clause(only) if only is not None else _joined([_inner(node) for node in kept], 'and')}"
    return f"{who}; never those {_together(out, 'or')}" if out else who


def _is_exclusion(node: Node) -> bool:
    return isinstance(node, Not) and isinstance(node.of, All | Any | Reference)


def _choices(node: Node) -> Sequence[Node]:
    return node.of if isinstance(node, Any) and not _or_missing(node.of) else (node,)


def _together(parts: Sequence[Node], word: str) -> str:
    """Several conditions in a row; members of several groups of one kind are told at once."""
    return _joined([_inner(part) for part in parts], word) if not _of_one_kind(parts) else _members(parts, word)


def _of_one_kind(parts: Sequence[Node]) -> bool:
    kinds = {part.kind if isinstance(part, Reference) else "" for part in parts}
    return len(parts) > 1 and len(kinds) == 1 and kinds <= _GROUPS.keys()


def _members(parts: Sequence[Node], word: str) -> str:
    references = [part for part in parts if isinstance(part, Reference)]
    group = _GROUPS[references[0].kind].format("").strip()
    several = f"{'one of ' if word == 'or' else 'all of '}{group.partition(' ')[2]}s"
    return f"who are {group.partition(' ')[0]} {several} {listed([part.name for part in references], word)}"


def _joined(parts: Sequence[str], word: str) -> str:
    """Clauses in a row; a comma before the last where there are several, or where one is long."""
    if len(parts) == 2 and not any("," in part for part in parts):  # noqa: PLR2004 two need no comma
        return f" {word} ".join(parts)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, {word} {parts[-1]}"


def _inner(node: Node) -> str:
    """The same inside a longer sentence: a choice begins with `either`, and what is nested stands in brackets."""
    if isinstance(node, Not) and isinstance(node.of, All | Any):
        node = _turned(node.of)
    if isinstance(node, nodes.Sequence):
        return f"who have ({phrase(node).predicate.rest})"
    if not isinstance(node, All | Any) or _of_one_kind(node.of) or _or_missing(node.of):
        return clause(node)
    if len(node.of) == 1:
        return _inner(node.of[0])
    parts, choice = [_inner(part) for part in node.of], isinstance(node, Any)
    for begin in ("who are ", "who have "):
        if all(part.startswith(begin) and "," not in part for part in parts):
            rest = listed([part.removeprefix(begin) for part in parts], "or" if choice else "and")
            both = "both " if len(parts) == 2 else ""  # noqa: PLR2004 both are two
            return f"{begin}{'either ' if choice else both}{rest}"
    return f"(either {_joined(parts, 'or')})" if choice else f"({_joined(parts, 'and')})"


def _turned(node: All | Any) -> Node:
    """The opposite, said of the parts: not (a or b) is not a and not b."""
    parts = tuple(part.of if isinstance(part, Not) else Not(part) for part in node.of)
    return Any(parts) if isinstance(node, All) else All(parts)


def _flat(of: Iterable[Node]) -> Iterator[Node]:
    """The parts, and the parts of those that are themselves `all`."""
    for node in of:
        if isinstance(node, All):
            yield from _flat(node.of)
        else:
            yield node


def _flat_choices(of: Iterable[Node]) -> Iterator[Node]:
    """The same of `any`, also where one is said as the opposite of `all`."""
    for node in of:
        choice = _turned(node.of) if isinstance(node, Not) and isinstance(node.of, All) else node
        if isinstance(choice, Any) and not _or_missing(choice.of):
            yield from _flat_choices(choice.of)
        else:
            yield choice


# --- one condition --------------------------------------------------------------------------------------


def _or_missing(of: Sequence[Node]) -> str:
    """What `or_missing` was lowered to, in its own words; an empty text if it is not that."""
    match of:
        case [Value() | Place() | TraitValue() | Not(Value() | TraitValue() | Place()) as said, Not(missing)]:
            test = said.of if isinstance(said, Not) else said
            return f"{clause(said)} or is missing" if missing == _there(test) else ""
        case [EventTest() | Not(EventTest()) as said, EventMissing(rows, measure) as missing]:
            test = said.of if isinstance(said, Not) else said
            if not isinstance(test, EventTest) or (test.rows, test.measure) != (rows, measure):
                return ""
            never = measure.kind in (MeasureKind.FIRST, MeasureKind.LAST)
            return f"{clause(said)} or {clause(missing) if never else 'is missing'}"
        case _:
            return ""


def _there(node: Node) -> Node | None:
    """That there is a value to test."""
    match node:
        case Value(path, test):
            return Value(path, VersionRange() if isinstance(test, VersionRange) else Present())
        case TraitValue(name, test):
            return TraitValue(name, VersionRange() if isinstance(test, VersionRange) else Present())
        case Place(lat, lon):
            return Place(lat, lon, Somewhere())
        case _:
            return None


def _one(node: Node, *, holds: bool) -> Phrase:  # noqa: PLR0911 one for each kind of condition
    """A single condition, or its opposite."""
    match node:
        case Value(path, test):
            return _valued(path_words(path), path, test, holds=holds)
        case TraitValue(name, test):
            return _valued(spoken(name), (name,), test, holds=holds)
        case Place(lat, lon, test):
            return place_phrase(lat, lon, test, holds=holds)
        case EventTest() | EventMissing():
            return event_phrase(node, holds=holds)
        case nodes.Sequence():
            return sequence_phrase(node, holds=holds)
        case Engagement():
            return engagement_phrase(node, holds=holds)
        case Rfm():
            return rfm_phrase(node, holds=holds)
        case _:
            return of_people(BE, _group(node), "" if holds else "not")


def _group(node: Node) -> str:
    """A group of people that one is in or not."""
    match node:
        case Reference(kind, name):
            return _GROUPS.get(kind, f"in the {kind} {{}}").format(name)
        case Bucket(low, high):
            return f"in the random {_percent(high + 1 - low)} of people (buckets {low:,} to {high:,})"
        case Share(campaign, low, high):
            return f"in the random {_percent(high - low)} of the campaign {campaign} (buckets {low:,} to {high - 1:,})"
        case Faulty(_, summary):
            return f"nobody, as {summary}"
        case Everyone():
            return "anyone"
        case _:
            raise TypeError(f"{type(node).__name__} has no phrase")


def _percent(buckets: int) -> str:
    return f"{buckets / 100:g}%"


def _valued(subject: str, path: Path, test: ValueTest, *, holds: bool) -> Phrase:
    if isinstance(test, AnyElement):
        return of_people(HAVE, f"{'an' if holds else 'no'} entry in {subject} {element_words(test.where)}")
    marked = _marked(subject, test)
    if marked:
        return of_people(BE, marked, "" if holds else "not")
    return value_phrase(subject, path, test, holds=holds)


def _marked(subject: str, test: ValueTest) -> str:
    """A yes or no: `marked as vip`, `marked as not vip`."""
    if not isinstance(test, OneOf) or len(test.values) != 1 or not isinstance(test.values[0], bool):
        return ""
    return f"marked as {'' if test.values[0] else 'not '}{subject.removeprefix('is ')}"
