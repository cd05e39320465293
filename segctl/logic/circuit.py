"""An outcome as a circuit: gates over leaves, where a leaf that is written twice is one.

Negations stand at the leaves only. A condition that is referred to several times is one gate, so that a
circuit is never larger than twice the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from segctl.logic import nodes
from segctl.logic.fingerprint import expression
from segctl.logic.normalise import normalise
from segctl.logic.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Literal:
    """A leaf, or its opposite."""

    leaf: int
    positive: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """True where every part is, or where one is; parts are numbers of earlier gates."""

    every: bool
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Circuit:
    """Gates in an order in which each needs only those before it; the last one is the outcome wanted.

    `leaves` are in the order in which they were written.
    """

    gates: tuple[Literal | Gate, ...]
    leaves: tuple[Outcome, ...]

    def truths(self, values: Sequence[bool]) -> list[bool]:
        """The value of every gate, for a value of every leaf."""
        found: list[bool] = []
        for gate in self.gates:
            if isinstance(gate, Literal):
                found.append(values[gate.leaf] is gate.positive)
            else:
                join: Callable[[list[bool]], bool] = all if gate.every else any
                found.append(join([found[part] for part in gate.parts]))
        return found

    def holds(self, values: Sequence[bool]) -> bool:
        """Whether the outcome is the wanted one, for a value of every leaf."""
        return self.truths(values)[-1]

    @property
    def values(self) -> list[bool]:
        """The leaves as they are."""
        return [leaf.holds for leaf in self.leaves]


def circuit(outcome: Outcome, *, wanted: bool) -> Circuit:
    """The circuit that is true where the outcome is the wanted one."""
    building = _Building({_key(one.node): one for one in outcome.walk() if _is_opened(one)})
    building.gate(outcome, wanted=wanted)
    return Circuit(tuple(building.gates), tuple(building.leaves))


def _is_opened(outcome: Outcome) -> bool:
    return isinstance(outcome.node, nodes.Reference) and outcome.decided


def _key(node: nodes.Node) -> str:
    return expression(normalise(node))


@dataclass
class _Building:
    """`opened` are the references that say what they stand for; another one of the same name stands for it too."""

    opened: dict[str, Outcome]
    gates: list[Literal | Gate] = field(default_factory=list)
    leaves: list[Outcome] = field(default_factory=list)
    numbers: dict[tuple[str, bool], int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def gate(self, outcome: Outcome, *, wanted: bool) -> int:
        """The number of the gate that is true where the outcome is as wanted."""
        match outcome.node:
            case nodes.Not() if outcome.decided:
                return self.gate(outcome.children[0], wanted=not wanted)
            case nodes.All() | nodes.Any():
                parts = tuple(self.gate(child, wanted=wanted) for child in outcome.children)
                return self._add(Gate(isinstance(outcome.node, nodes.All) is wanted, parts))
            case nodes.Reference():
                return self._reference(outcome, wanted=wanted)
            case _:
                return self._leaf(outcome, _key(outcome.node), wanted=wanted)

    def _reference(self, outcome: Outcome, *, wanted: bool) -> int:
        key = _key(outcome.node)
        opened = self.opened.get(key)
        if opened is None:
            return self._leaf(outcome, key, wanted=wanted)
        if (key, wanted) not in self.numbers:
            self.numbers[key, wanted] = self.gate(opened.children[0], wanted=wanted)
        return self.numbers[key, wanted]

    def _leaf(self, outcome: Outcome, key: str, *, wanted: bool) -> int:
        if (key, wanted) not in self.numbers:
            if key not in self.places:
                self.places[key] = len(self.leaves)
                self.leaves.append(outcome)
            self.numbers[key, wanted] = self._add(Literal(self.places[key], wanted))
        return self.numbers[key, wanted]

    def _add(self, gate: Literal | Gate) -> int:
        self.gates.append(gate)
        return len(self.gates) - 1
