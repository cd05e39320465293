"""How a new definition lies to the old one, and whether it holds always or never: proved, or said to be unknown.

Proofs are about all users that there could be, so they hold tomorrow too. Users of today are asked first:
one of them is enough to show that something is not so, and saves looking for a proof.
"""

from __future__ import annotations

from dataclasses import dataclass

from segctl.logic import prove
from segctl.logic.algebra import all_of
from segctl.logic.bound import Node
from segctl.plan.plan import Relation

_LEAST = 200
_MOST_OF_ALL = 100_000


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether some user of today meets the new definition alone, the old one alone, both, or none of them."""

    new: bool = False
    old: bool = False
    both: bool = False
    none: bool = False


SEEN_NOBODY = Seen()


def budget(changes: int) -> int:
    """How many conditions a proof may look at where so many definitions change: of very many less is proved."""
    return max(_LEAST, min(prove.BUDGET, _MOST_OF_ALL // max(changes, 1)))


def related(old: Node, new: Node, seen: Seen = SEEN_NOBODY, looks: int = prove.BUDGET) -> Relation:
    """How the new definition lies to the old one, as far as that is certain."""
    narrower = not seen.new and prove.implied(new, old, looks)
    wider = not seen.old and prove.implied(old, new, looks)
    if narrower or wider:
        return Relation.SAME if narrower and wider else Relation.NARROWER if narrower else Relation.WIDER
    if not seen.both and prove.contradiction(all_of((old, new)), looks):
        return Relation.APART
    return Relation.NEITHER if seen.new and seen.old else Relation.UNKNOWN


def always(node: Node, seen: Seen = SEEN_NOBODY, looks: int = prove.BUDGET) -> bool | None:
    """True if certainly every user meets it, False if certainly none, None where neither is certain."""
    if not (seen.old or seen.none) and prove.tautology(node, looks):
        return True
    return False if not (seen.new or seen.both) and prove.contradiction(node, looks) else None
