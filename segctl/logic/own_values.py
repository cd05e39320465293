"""The user's own value in a condition: what was found, beside what was asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from segctl.logic import bound, nodes
from segctl.logic.bind import Binder
from segctl.logic.columns import Attributes
from segctl.logic.exact import MILLION
from segctl.logic.interpret import (
    User,
    World,
    bucket,
    computed,
    holds,
    matching,
    measured,
    rfm_scores,
    value_of,
)
from segctl.logic.interpret_messages import Message, share_of_responses
from segctl.logic.keys import id_text
from segctl.logic.measures import INSTANTS
from segctl.logic.nodes import Node
from segctl.logic.normalise import NEVER_MISSING
from segctl.logic.problem import Problem
from segctl.logic.types import NOTHING, ListOf, Scalar, Struct, Type, descend


def own_value(node: Node, binder: Binder, user: User, world: World) -> object:
    """The value, as `Outcome.actual` says; None where it is missing, and of conditions that have none."""
    return _Own(binder, user, world).value(node)


@dataclasses.dataclass(frozen=True)
class _Own:
    """One user."""

    binder: Binder
    user: User
    world: World

    def value(self, node: Node) -> object:
        match node:
            case nodes.Value(path=path):
                return self._at(path)
            case nodes.Place(lat, lon):
                return [self._at(lat), self._at(lon)]
            case nodes.TraitValue(name=name):
                of = self.binder.trait(name)
                return None if of is None else plain(computed(of, self.user, self.world), of.type)
            case nodes.EventTest() | nodes.EventMissing():
                return self._measure(node)
            case nodes.Bucket():
                return bucket(self.user.id)
            case _:
                return self._of_bound(self.binder.bind(node))

    def _of_bound(self, condition: bound.Node) -> object:
        match condition:
            case bound.Sequence():
                return self._steps(condition)
            case bound.EngagementTest():
                return self._share(condition)
            case bound.RfmTest():
                scores = rfm_scores(condition, self.user, self.world)
                return None if scores is None else list(scores)
            case _:
                return None

    def _at(self, path: nodes.Path) -> object:
        column = Attributes(self.binder.schema).column(path)
        if isinstance(column, Problem):
            return None
        kind = descend(self.binder.schema.users, path) or column.type
        return plain(value_of(column, self.user, self.world), kind)

    def _measure(self, node: nodes.EventTest | nodes.EventMissing) -> object:
        found = self.binder.measured(node)
        if found is None:
            return 0 if node.measure.kind in NEVER_MISSING else None
        value = measured(*found, self.user, self.world)
        if node.measure.kind in INSTANTS:
            return plain(value, Scalar.TIME)
        return number(value) if isinstance(value, Fraction) else value

    def _steps(self, sequence: bound.Sequence) -> int:
        """How many steps, from the first on, some chain of rows gets through."""
        lengths = range(len(sequence.steps), 0, -1)
        chains = (dataclasses.replace(sequence, steps=sequence.steps[:length]) for length in lengths)
        return next((len(chain.steps) for chain in chains if holds(chain, self.user, self.world)), 0)

    def _share(self, condition: bound.EngagementTest) -> object:
        """The share of the messages that were responded to; None if none was received."""
        sent = self._messages(condition.sent, condition.sent_id)
        responses = self._messages(condition.responses, condition.response_id)
        share = share_of_responses(condition, sent, responses, self.world.as_of_us)
        return None if share is None else number(Fraction(share))

    def _messages(self, rows: bound.Rows, ident: bound.Column | None) -> list[Message]:
        found = matching(rows, self.user, self.world)
        return [(row.time_us, None if ident is None else id_text(value_of(ident, row, self.world))) for row in found]


def number(value: Fraction) -> int | Decimal | Fraction:
    """The shortest exact form."""
    if value.denominator == 1:
        return int(value)
    return Decimal(int(value * MILLION)).scaleb(-6).normalize() if MILLION % value.denominator == 0 else value


def plain(value: object, kind: Type) -> object:
    """A physical value with what it stands for: days since 1970 as a `Date`, instants as an `At`."""
    if isinstance(value, list) and isinstance(kind, ListOf):
        return [plain(element, kind.element) for element in value]
    if isinstance(value, Mapping) and isinstance(kind, Struct):
        return {name: plain(part, kind.fields.get(name, NOTHING)) for name, part in value.items()}
    if isinstance(value, int) and kind == Scalar.DATE:
        return bound.Date(value)
    if isinstance(value, int) and kind == Scalar.TIME:
        return bound.At(value)
    return value
