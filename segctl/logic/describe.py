"""A condition as an English sentence, for people who did not write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from segctl.logic.nodes import All, Any, Bucket, EventMissing, EventTest, Everyone, Node, Not, Present, Reference, Value
from segctl.logic.phrases import column_phrase, measure_words

_GROUPS = {"segment": "in segment {}", "extension": "in extension {}", "list": "on the list {}"}


def describe(node: Node) -> str:
    """The sentence, without a full stop: `Users whose country is FR, and who did purchase in the last 30 days`."""
    match node:
        case Everyone():
            return "Everyone"
        case Not(Everyone()):
            return "Nobody"
        case Not(All() | Any() as of):
            return f"Everyone but those {clause(of)}"
        case _:
            return f"Users {clause(node)}"


def clause(node: Node) -> str:
    """What is said of users: `whose country is FR`, `who did purchase`, joined by and, or, but."""
    match node:
        case All(of):
            return _all(of)
        case Any(of):
            return _or_missing(of) or ", or ".join(map(_inner, of))
        case Not(Not(of)):
            return clause(of)
        case Not(All() | Any() as of):
            return f"who are not those {_inner(of)}"
        case Not(of):
            return _one(of, holds=False)
        case _:
            return _one(node, holds=True)


def _inner(node: Node) -> str:
    """The same inside a longer sentence."""
    several = isinstance(node, All | Any) and len(node.of) > 1 and not _or_missing(node.of)
    return f"({clause(node)})" if several else clause(node)


def _all(of: Sequence[Node]) -> str:
    """What must hold, and then what must not: `..., but not those ...`."""
    flat = list(_flat(of))
    out = [node.of for node in flat if isinstance(node, Not) and isinstance(node.of, All | Any | Reference)]
    kept = [node for node in flat if not (isinstance(node, Not) and isinstance(node.of, All | Any | Reference))]
    parts = [", and ".join(map(_inner, kept))] if kept else ["who are anyone"]
    return ", ".join(parts + [f"but not those {_inner(node)}" for node in out])


def _flat(of: Iterable[Node]) -> Iterator[Node]:
    """The parts, and the parts of those that are themselves `all`."""
    for node in of:
        if isinstance(node, All):
            yield from _flat(node.of)
        else:
            yield node


def _or_missing(of: Sequence[Node]) -> str:
    """What `or_missing` was lowered to, in its own words; an empty text if it is not that."""
    match of:
        case [Value(path) | Not(Value(path)) as said, Not(Value(same, Present()))] if path == same:
            return f"{clause(said)} or is missing"
        case [EventTest(rows, measure, _) as said, EventMissing() as missing] if missing == EventMissing(rows, measure):
            return f"{clause(said)} or is missing"
        case _:
            return ""


def _one(node: Node, *, holds: bool) -> str:
    """A single condition, or its opposite."""
    match node:
        case Value(path, test):
            return f"whose {column_phrase(path, test, holds=holds)}"
        case EventTest(rows, measure, test):
            return measure_words(rows, measure, test, rows_words(rows.where), holds=holds)
        case EventMissing(rows, measure):
            return measure_words(rows, measure, None, rows_words(rows.where), holds=not holds)
        case Reference(kind, name):
            return f"who are {'' if holds else 'not '}{_GROUPS.get(kind, f'in {kind} {{}}').format(name)}"
        case Bucket(low, high):
            return f"who are {'' if holds else 'not '}in the random buckets {low:,} to {high:,}"
        case _:
            return "who are anyone" if holds else "who are nobody"


def rows_words(where: Node) -> str:
    """A condition on event rows: `color is red and amount is at least 5`; an empty text for any row."""
    match where:
        case Everyone():
            return ""
        case Value(path, test):
            return column_phrase(path, test, holds=True)
        case Not(Value(path, test)):
            return column_phrase(path, test, holds=False)
        case Not(of):
            return f"not ({rows_words(of)})"
        case All(of):
            return _joined_rows(of, " and ")
        case Any(of):
            return _joined_rows(of, " or ")
        case _:
            raise TypeError(f"{type(where).__name__} is no condition on rows")


def _joined_rows(of: Iterable[Node], word: str) -> str:
    parts = [
        f"({rows_words(part)})" if isinstance(part, All | Any) and len(part.of) > 1 else rows_words(part) for part in of
    ]
    return word.join(parts)
