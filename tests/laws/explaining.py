"""Random (definition, user) pairs over files and a real index: explain against engine and interpreter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from segctl.graph import build
from segctl.index.column import Bits
from segctl.load.document import Key
from segctl.logic import nodes
from segctl.logic.bound import RankTest, RfmTest
from segctl.logic.change import smallest_change
from segctl.logic.circuit import circuit
from segctl.logic.flips import next_flip
from segctl.logic.interpret import holds
from segctl.logic.needs import distinct
from segctl.logic.outcome import Outcome
from segctl.logic.trace import Tracer
from segctl.progress import Silent
from segctl.report.explain import tree
from segctl.report.explain_json import as_data
from segctl.report.json import dumps
from segctl.report.text import render
from segctl.state.local import LocalStore
from segctl.state.state import State
from segctl.workflow.explain import Explained
from segctl.workflow.opened import Opened
from segctl.workflow.opening import Opening
from tests.language import document, random_library
from tests.laws.agreement import World, open_world
from tests.strategies import random_case

RED_SHOES = {"kind": "extension", "name": "red_shoes", "from": {"event": "purchase", "count": {"at_least": 2}}}


@dataclass(frozen=True)
class Told:
    """How many pairs were looked at, how many of them turn round by time alone, and what is wrong."""

    pairs: int
    flips: int
    wrong: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Published(Opening):
    """An opening where the extensions of the case are published."""

    given: Mapping[Key, Bits]

    @property
    def extensions(self) -> Mapping[Key, Bits]:
        return self.given

    @property
    def published(self) -> Mapping[Key, int]:
        return dict.fromkeys(self.given, 0)


def explained(seed: int, folder: Path, definitions: int = 40) -> Told:
    """Every definition of a random library over every user of a random world on disk."""
    rng = Random(seed)  # noqa: S311 - not for secrets
    world = open_world(random_case(rng, users=rng.choice([8, 12, 14])), folder, rng)
    written = random_library(rng, world.case, definitions)
    documents = {(data["kind"], data["name"]): document(data) for data in written}
    members = world.members(documents)
    opening = _opening(world, {**documents, ("extension", "red_shoes"): document(RED_SHOES)}, folder)
    keys = [key for key in documents if key[0] != "trait"]
    asked = opening.asked([opening.logic(key) for key in keys])
    flips, wrong = 0, list[str]()
    for user in world.case.users:
        tracer = opening.tracer(asked, user.id, Silent())
        for key in keys:
            checking = _Checking(opening, tracer, key)
            told = [f"seed {seed}, {key[1]}, {user.id}: {what}" for what in checking.wrong(user.id in members[key])]
            wrong += told
            flips += checking.flips_us is not None
    return Told(len(keys) * len(world.case.users), flips, tuple(wrong))


def _opening(world: World, documents: Mapping[Key, object], folder: Path) -> Opening:
    everything = {**world.definitions.documents, **documents}
    whole = replace(world.definitions, documents=everything)  # type: ignore[arg-type] # they are documents
    given = {key: bits for key, bits in world.library({}).given.items() if key[0] == "extension"}
    return Published(Opened(whole, build(whole), {}, State(LocalStore(folder / "state")), ()), world.data, given)


class _Checking:
    """One definition for one user."""

    def __init__(self, opening: Opening, tracer: Tracer, key: Key) -> None:
        self.tracer, self.key, self.opening = tracer, key, opening
        node = opening.logic(key)
        self.outcome = tracer.trace(node)
        self.bound = opening.binder().bind(node)
        self.flip = next_flip(self.bound, tracer.user, tracer.world)
        self.flips_us = self.flip.us

    def wrong(self, member: bool) -> Iterator[str]:  # noqa: FBT001 the value is the point
        """Everything that does not agree."""
        if self.outcome.holds is not member:
            yield f"explain says {self.outcome.holds}, the engine {member}"
        yield from _inconsistent(self.outcome)
        yield from self._leaves()
        yield from self._smallest()
        yield from self._flips()
        yield from self._told()

    def _leaves(self) -> Iterator[str]:
        """Every condition, alone, is what the interpreter says."""
        for one in self.outcome.walk():
            if not isinstance(one.node, nodes.All | nodes.Any | nodes.Not):
                alone = holds(self.opening.binder().bind(one.node), self.tracer.user, self.tracer.world)
                if alone is not one.holds:
                    yield f"{one.node} is {alone}, and {one.holds} in the tree"

    def _smallest(self) -> Iterator[str]:
        """The change turns the tree round, and no condition of it can be left out."""
        found = smallest_change(self.outcome)
        if found is None:
            return
        wired = circuit(self.outcome, wanted=not self.outcome.holds)
        chosen = [wired.leaves.index(change.outcome) for change in found.changes]
        for left_out in (None, *chosen):
            values = [leaf.holds is not (n in chosen and n != left_out) for n, leaf in enumerate(wired.leaves)]
            if wired.holds(values) is not (left_out is None):
                yield f"the change {found} without {left_out}"

    def _flips(self) -> Iterator[str]:
        """At the flip it is otherwise, and right before it is not."""
        if any(isinstance(node, RankTest | RfmTest) for node in distinct([self.bound])):
            return  # ranks stay as they are, though the user's own value may not
        for at, expected in ((self.flips_us, not self.outcome.holds), ((self.flips_us or 1) - 1, self.outcome.holds)):
            if self.flips_us is not None and at is not None:
                later = replace(self.tracer.world, as_of_us=at)
                if holds(self.bound, self.tracer.user, later) is not expected:
                    yield f"the flip at {self.flips_us}, looked at {at}"

    def _told(self) -> Iterator[str]:
        """It can be written, for people and for machines."""
        whole = Explained(
            self.key, self.tracer.user.id, self.tracer.world.as_of_us, self.opening.project.zone, self.outcome,
            smallest_change(self.outcome), self.flip,
        )  # fmt: skip
        text = render(tree(whole), width=80, colour=False)
        if any(len(line) > 80 and " " in line.strip() for line in text.splitlines()):
            yield "a line is too long"
        dumps(as_data(whole))


def _inconsistent(outcome: Outcome) -> Iterator[str]:
    """Conditions whose outcome does not follow from what is below them."""
    for one in outcome.walk():
        parts = [child.holds for child in one.children]
        match one.node:
            case nodes.All():
                follows = all(parts)
            case nodes.Any():
                follows = any(parts)
            case nodes.Not():
                follows = not parts[0]
            case _:
                follows = parts[0] if one.decided else one.holds
        if follows is not one.holds:
            yield f"{one.node} is {one.holds}, and its parts are {parts}"
