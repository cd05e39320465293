"""Where made-up users stand: the instant, the schema, catalogues that grow, and the truth of a condition there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from segctl.edges.cells import Cells, Membership, Spot, Whole, fields, rows_of, spot, value_at, with_cell
from segctl.edges.measuring import RANK_WINS, Measuring, parts
from segctl.edges.plain import plain
from segctl.edges.values import GREATEST
from segctl.logic import bound, times
from segctl.logic.bound import Column, Node, Rows
from segctl.logic.interpret import Catalog, Row, User, World, computed, holds, measured
from segctl.logic.interpret_places import place_passes
from segctl.logic.interpret_values import OF_ROWS
from segctl.logic.keys import id_text
from segctl.logic.passing import passes
from segctl.logic.types import Scalar, Schema, Struct, Type

Goal = tuple[Node, bool]
"""A condition, and whether it is to hold."""

RESERVED_USER = frozenset({"id"})
RESERVED_ROW = frozenset({"user", "event", "time"})
"""What the rows of a test use for themselves: no attribute or property of that name can be given."""


@dataclass(frozen=True)
class Stage:
    """Evaluates conditions on cells, in the words of one schema; `books` has the catalogues' rows by their keys."""

    schema: Schema
    as_of_us: int
    books: Mapping[str, dict[str, Mapping[str, object]]] = field(default_factory=dict)
    _known: dict[tuple[str, tuple[int, ...]], tuple[object, bool]] = field(default_factory=dict, repr=False)

    @cached_property
    def world(self) -> World:
        """The world without memberships."""
        catalogs = self.schema.catalogs
        return World(self.as_of_us, {name: Catalog(catalogs[name].on, rows) for name, rows in self.books.items()})

    def true(self, node: Node, cells: Cells) -> bool:
        """Whether a condition without `All`, `Any` and `Not` holds, of cells of a user, a row or an element.

        Ranks are over all users: whoever has the value that is to win is held to be in.
        """
        match node:
            case bound.ValueTest() | bound.PlaceTest() | bound.ElementTest(Column()):
                return self._of_values(node, cells)
            case bound.Given(kind, name):
                return bool(cells.get(Membership(kind, name)))
            case bound.Share():
                return bool(cells.get(shared(node)))
            case bound.Bucket(low, high):
                bucket = cells.get(Whole.BUCKET)
                return isinstance(bucket, int) and low <= bucket <= high
            case bound.RankTest():
                return self._ranks(node, cells)
            case _:
                return not isinstance(node, bound.RfmTest) and self._of_rows(node, cells)

    def _of_values(self, node: bound.ValueTest | bound.PlaceTest | bound.ElementTest, cells: Cells) -> bool:
        match node:
            case bound.ValueTest(column, test):
                return passes(test, value_at(cells, spot(column)), self.as_of_us)
            case bound.PlaceTest(lat, lon, place):
                return place_passes(place, value_at(cells, spot(lat)), value_at(cells, spot(lon)))
            case _:
                catalog = spot(node.column).catalog if isinstance(node.column, Column) else None
                return holds(node, User("", fields(cells, catalog)), self.world)

    def _ranks(self, node: bound.RankTest, cells: Cells) -> bool:
        if isinstance(node.of, Column):
            return value_at(cells, spot(node.of)) == rank_values(node, node.of)[0]
        value = computed(node.of, User("", {}, rows_of(cells)), self.world)
        return isinstance(value, int | float) and (value >= RANK_WINS if node.top else value <= RANK_WINS)

    def _of_rows(self, node: Node, cells: Cells) -> bool:
        """The truth of a condition on rows alone, which is asked for the same rows again and again."""
        rows = rows_of(cells)
        key = (node.key, tuple(sorted(map(id, rows))))
        known = self._known.get(key)
        if known is None:  # the rows are kept, so that no other row gets the identity of one
            known = self._known[key] = (rows, holds(node, User("", {}, rows), self.world))
        return known[1]

    def whole(self, node: Node, cells: Cells) -> bool:
        """Whether any condition holds."""
        match node:
            case bound.All(of):
                return all(self.whole(part, cells) for part in of)
            case bound.Any(of):
                return any(self.whole(part, cells) for part in of)
            case bound.Not(of):
                return not self.whole(of, cells)
            case _:
                return self.true(node, cells)

    def measure(self, leaf: Measuring, cells: Cells) -> object:
        """What is measured of the rows that count."""
        user = User("", {}, rows_of(cells))
        if leaf.measure.kind in OF_ROWS:
            return computed(bound.Computed(bound.Measured(leaf.rows, leaf.measure), Scalar.STRING), user, self.world)
        return measured(leaf.rows, leaf.measure, user, self.world)

    def limits(self, rows: Rows) -> tuple[int | None, int]:
        """The window as instants; as_of ends every one."""
        start = None if rows.start is None else times.instant_of(rows.start, self.as_of_us)
        end = None if rows.end is None else times.instant_of(rows.end, self.as_of_us)
        return start, self.as_of_us if end is None else min(end, self.as_of_us)

    def row(self, name: str, instant: int, cells: Cells) -> Row | None:
        """A row of these cells; None if its catalogue row is already another, or the event has no such properties."""
        for catalog in sorted({c.catalog or "" for c in cells if isinstance(c, Spot)} & self.books.keys()):
            keyed = self._keyed(catalog, cells, name)
            if keyed is None:
                return None
            cells = keyed
        properties = fitted(fields(cells), Struct(self.schema.events.get(name, {})))
        return Row(name, instant, properties) if isinstance(properties, dict) else None

    def _keyed(self, catalog: str, cells: Cells, event: str) -> Cells | None:
        """The cells with the key of a catalogue row that has these fields."""
        book, wanted = self.books[catalog], fields(cells, catalog)
        on = Spot(self.schema.catalogs[catalog].on)
        kind = type_at(self.schema.events.get(event, {}), on.path)
        if kind is None:
            return None
        written = id_text(value_at(cells, on))
        if written is not None:
            return cells if book.setdefault(written, wanted) == wanted else None
        if on in cells:
            return None if wanted else cells
        number = next(n for n in range(len(book) + 1) if book.get(id_text(_key(kind, n)) or "", wanted) == wanted)
        book.setdefault(id_text(_key(kind, number)) or "", wanted)
        return with_cell(cells, on, _key(kind, number))


def type_at(types: Mapping[str, Type], path: tuple[str, ...]) -> Type | None:
    """The type at a path; None if there is nothing."""
    kind = types.get(path[0])
    if len(path) == 1 or kind is None:
        return kind
    return type_at(kind.fields, path[1:]) if isinstance(kind, Struct) else None


def fitted(value: object, kind: Type) -> object:
    """The value as one of this type; None if it is none, or holds one that is none."""
    match kind, value:
        case Struct(types), dict():
            parts = {name: fitted(part, types[name]) for name, part in value.items() if name in types}
            return None if len(parts) < len(value) or None in parts.values() else parts
        case Scalar.INT, float():
            return int(value) if value.is_integer() and abs(value) < GREATEST else None
        case Scalar.FLOAT, int():
            return float(value)
        case _:
            return value


def _key(kind: Type, number: int) -> object:
    return plain(kind, number) if kind in {Scalar.INT, Scalar.FLOAT} else f"item{number + 1}"


def shared(node: bound.Share) -> Membership:
    """The cell that says whether a user's hash is of a variant."""
    return Membership("variant", f"{node.campaign} {node.low} {node.high}")


def rank_values(node: bound.RankTest, column: Column) -> tuple[object, object]:
    """A value that wins, and one that loses against it."""
    low, high = plain(column.type, 0), plain(column.type, 9)
    return (high, low) if node.top else (low, high)


def leaves(node: Node) -> Iterator[Node]:
    """All conditions that are none of `All`, `Any` and `Not`."""
    match node:
        case bound.All(of) | bound.Any(of):
            for part in of:
                yield from leaves(part)
        case bound.Not(of):
            yield from leaves(of)
        case _:
            yield node


def everything(node: Node) -> Iterator[Node]:
    """All leaves, those on rows and on elements as well."""
    for leaf in leaves(node):
        yield leaf
        match leaf:
            case bound.ElementTest(where=where):
                yield from everything(where)
            case bound.Sequence(steps):
                for step in steps:
                    yield from everything(step.rows.where)
            case bound.EngagementTest(sent=sent, responses=responses):
                yield from everything(sent.where)
                yield from everything(responses.where)
            case _:
                for part in parts(leaf):
                    yield from everything(part.rows.where)


def boundaries(stage: Stage, of: Iterable[Node]) -> list[int]:
    """All instants at which a window of these conditions begins or ends, and as_of."""
    found = {stage.as_of_us}
    for leaf in of:
        for part in parts(leaf):
            found |= {at for at in stage.limits(part.rows) if at is not None}
            if isinstance(part.test, bound.During):
                found |= {
                    times.instant_of(at, stage.as_of_us) for at in (part.test.start, part.test.end) if at is not None
                }
        if isinstance(leaf, bound.Sequence):
            found |= {at for at in stage.limits(leaf.steps[0].rows) if at is not None}
    return sorted(found)


@dataclass(frozen=True)
class Leaf:
    """A condition, and what must be so around it for it to decide."""

    node: Node
    around: tuple[Goal, ...]


def placed(node: Node, around: tuple[Goal, ...] = ()) -> Iterator[Leaf]:
    """All leaves with what is around them."""
    match node:
        case bound.All(of) | bound.Any(of):
            neutral = isinstance(node, bound.All)
            for number, part in enumerate(of):
                others = tuple((other, neutral) for n, other in enumerate(of) if n != number)
                yield from placed(part, (*around, *others))
        case bound.Not(of):
            yield from placed(of, around)
        case _:
            yield Leaf(node, around)
