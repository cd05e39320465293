"""Memberships to lists of ids in the order of their text: the users of a population are sorted once for all lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.index.column import Bits, Ints
from segctl.index.population import Population
from segctl.index.text_order import text_order
from segctl.load.document import Key
from segctl.plan.variant_choice import NO_VARIANTS, VariantChoice, VariantNames
from segctl.state.membership import Variants

_Plane = npt.NDArray[np.uint8]
_PER_PLANE = 8


@dataclass(frozen=True, eq=False)
class Selected:
    """Some of a population, as a bit per user; of a campaign with the number of each one's variant, -1 for none.

    `control` members were left out because they get no message.
    """

    population: Population
    bits: Bits
    variants: Variants | None = None
    names: VariantNames = NO_VARIANTS
    control: int = 0

    @classmethod
    def nobody(cls, population: Population) -> Selected:
        """Nobody of these users."""
        return cls(population, np.zeros(len(population), dtype=np.bool_))

    def only(self, choice: VariantChoice) -> Selected:
        """Those in the variants that are asked for."""
        if self.variants is None:
            return Selected.nobody(self.population) if choice.names else self
        kept = choice.kept(self.names)
        wanted = np.array([*(name in kept for name in self.names.names), False])  # -1 is the last one
        bits = self.bits & wanted[self.variants]
        left_out = 0 if choice.is_explicit else int(np.count_nonzero(self.bits)) - int(np.count_nonzero(bits))
        return replace(self, bits=bits, control=left_out)


class Alignment:
    """Lays memberships over other populations; each pair of populations is compared once."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], Ints] = {}

    def without(self, those: Selected, others: Selected) -> Selected:
        """Those who are not among the others, by id; nobody is left out for being in a control group."""
        return replace(those, bits=those.bits & ~self._carried(others, those.population), control=0)

    def _carried(self, selected: Selected, onto: Population) -> Bits:
        if selected.population.digest == onto.digest:
            return selected.bits
        places = self._place(selected.population, onto)
        known = places >= 0
        carried = np.zeros(len(onto), dtype=np.bool_)
        carried[known] = selected.bits[places[known]]
        return carried

    def _place(self, old: Population, new: Population) -> Ints:
        pair = old.digest, new.digest
        if pair not in self._places:
            self._places[pair] = old.index_of(new.ids)
        return self._places[pair]


# --- ids in the order of their text -----------------------------------------------------------------------


@dataclass(eq=False)
class _Users:
    """The users of a population; eight memberships share a byte of each user (a plane).

    Planes are over the population until `sort`, then over those users who are in any membership, by id.
    """

    population: Population
    planes: list[_Plane] = field(default_factory=list)
    memberships: int = 0
    ids: pa.StringArray = field(default_factory=lambda: pa.array([], pa.string()))
    order: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def add(self, bits: Bits) -> int:
        """The number of a membership that is added."""
        number = self.memberships
        if number % _PER_PLANE == 0:
            self.planes.append(np.zeros(len(self.population), dtype=np.uint8))
        self.planes[-1] |= bits.view(np.uint8) << np.uint8(number % _PER_PLANE)
        self.memberships += 1
        return number

    def sort(self) -> None:
        """Sort those who are in any membership by their ids."""
        anywhere = np.zeros(len(self.population), dtype=np.uint8)
        for plane in self.planes:
            anywhere |= plane
        found = np.flatnonzero(anywhere)
        ids = self.population.ids.take(pa.array(found))
        order = text_order(ids)
        self.ids, self.order = ids.take(pa.array(order)), found[order]
        for number, plane in enumerate(self.planes):
            self.planes[number] = plane[self.order]

    def places(self, number: int) -> npt.NDArray[np.int32]:
        """Where the members of a membership stand among the sorted ids."""
        plane, bit = divmod(number, _PER_PLANE)
        return np.flatnonzero((self.planes[plane] & np.uint8(1 << bit)) != 0).astype(np.int32)


@dataclass(frozen=True, eq=False)
class MemberList:
    """The members of one resource, sorted by id, `count` of them; `control` more were left out.

    `name` is as it was asked for. Ids and variants are made when they are asked for.
    """

    name: str
    key: Key
    as_of_us: int
    count: int
    control: int
    _users: _Users
    _number: int
    _kept: tuple[str, ...] = ()
    _variants: Variants | None = None

    @property
    def ids(self) -> pa.StringArray:
        """The ids."""
        return self.among.take(pa.array(self.places))

    @property
    def among(self) -> pa.StringArray:
        """The ids of everybody who is in any list of the population, sorted."""
        return self._users.ids

    @property
    def places(self) -> npt.NDArray[np.int32]:
        """Where the members are among them."""
        return self._users.places(self._number)

    @property
    def has_variants(self) -> bool:
        """Whether it is of a campaign with variants."""
        return self._variants is not None

    @property
    def variants(self) -> pa.DictionaryArray | None:
        """The variant of each member; the dictionary has those that were asked for. None if there are no variants."""
        if self._variants is None:
            return None
        users = self._users.order[self.places]
        members = np.zeros(len(self._users.population), dtype=np.bool_)
        members[users] = True
        numbers = self._variants[np.cumsum(members)[users] - 1]
        return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), pa.array(self._kept, pa.string()))


class MemberLists:
    """Collects memberships, and makes lists of them."""

    def __init__(self, choice: VariantChoice) -> None:
        self._choice = choice
        self._users: dict[str, _Users] = {}
        self._lists: list[MemberList] = []

    def add(self, name: str, key: Key, as_of_us: int, selected: Selected) -> None:
        """One more list, of those who are selected."""
        users = self._users.setdefault(selected.population.digest, _Users(selected.population))
        kept, variants = self._numbered(selected)
        count = int(np.count_nonzero(selected.bits))
        number = users.add(selected.bits)
        self._lists.append(MemberList(name, key, as_of_us, count, selected.control, users, number, kept, variants))

    def lists(self) -> tuple[MemberList, ...]:
        """All of them, in the order in which they were added; nothing can be added any more."""
        for users in self._users.values():
            users.sort()
        return tuple(self._lists)

    def _numbered(self, selected: Selected) -> tuple[tuple[str, ...], Variants | None]:
        """The variants that are asked for, and the number of each member's among them, in the population's order."""
        if selected.variants is None:
            return (), None
        names = selected.names.names
        kept = tuple(name for name in names if name in self._choice.kept(selected.names))
        return kept, _renumbered(names, kept)[selected.variants[selected.bits]]


def _renumbered(names: Sequence[str], kept: Iterable[str]) -> Variants:
    """From a number among the names to one among those that are kept."""
    numbers = {name: number for number, name in enumerate(kept)}
    return np.array([numbers.get(name, -1) for name in names], dtype=np.int16)
