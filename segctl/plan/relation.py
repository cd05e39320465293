"""How a new definition lies to the old one, and whether it holds always or never: proved, or said to be unknown.

Proofs are about all users that there could be, so they hold tomorrow too. That neither is within the
other is shown by two users of today; nothing else is taken from today's users.
"""

from __future__ import annotations

from dataclasses import dataclass

from segctl.logic import prove
from segctl.logic.bound import Node
from segctl.plan.plan import Relation

_PROVED = {
    prove.Relation.SAME: Relation.SAME,
    prove.Relation.NARROWER: Relation.NARROWER,
    prove.Relation.WIDER: Relation.WIDER,
    prove.Relation.APART: Relation.APART,
    prove.Relation.UNKNOWN: Relation.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Whether some user of today meets the new definition alone, the old one alone, or both."""

    new: bool
    old: bool
    both: bool

    def speak_against(self, relation: Relation) -> bool:
        """Whether a relation cannot be right, because somebody is where nobody could be."""
        match relation:
            case Relation.SAME:
                return self.new or self.old
            case Relation.NARROWER:
                return self.new
            case Relation.WIDER:
                return self.old
            case Relation.APART:
                return self.both
            case _:
                return False


NOBODY_SEEN = Witnesses(new=False, old=False, both=False)


def related(old: Node, new: Node, seen: Witnesses = NOBODY_SEEN) -> Relation:
    """How the new definition lies to the old one, as far as that is certain."""
    relation = _PROVED[prove.relation(old, new)]
    if seen.speak_against(relation):
        return Relation.UNKNOWN
    if relation is Relation.UNKNOWN and seen.new and seen.old:
        return Relation.NEITHER
    return relation


def always(node: Node) -> bool | None:
    """True if certainly every user meets it, False if certainly none, None where neither is certain."""
    if prove.tautology(node):
        return True
    return False if prove.contradiction(node) else None
