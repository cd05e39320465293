"""Random definitions over a case of `tests.strategies`: the whole language of this version, as YAML gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from segctl.load.document import Document
from segctl.logic.types import Scalar, Type
from segctl.model.resources import KINDS
from segctl.model.rfm import GROUPS
from tests.strategies import GIVEN, Case
from tests.writing.messages import DEFINED, Messages
from tests.writing.pen import Data, Pen, leaves
from tests.writing.rows import Rows
from tests.writing.traits import formula, type_of
from tests.writing.values import Values, nested


def document(data: Mapping[str, Any]) -> Document:
    """A resource that stands in no file."""
    return Document((data["kind"], data["name"]), KINDS[data["kind"]].model_validate(data), data)


def random_definitions(rng: Random, case: Case, count: int) -> list[Data]:
    """Segments `s0`, `s1`, ...; a later one may refer to earlier ones, and all to the case's given memberships."""
    found: list[Data] = []
    for number in range(count):
        found.append({**random_definition(rng, case, [d["name"] for d in found]), "name": f"s{number}"})
    return found


def random_definition(rng: Random, case: Case, segments: Sequence[str] = ()) -> Data:
    """A segment that fits the case's schema, and means something without settings; `segments` it may refer to."""
    return Writer(Pen(rng, case), Around(segments=segments)).segment("s")


def random_library(rng: Random, case: Case, segments: int) -> list[Data]:
    """Traits, extensions, campaigns and so many segments, each after what it refers to; for the case's settings."""
    pen = Pen(rng, case)
    active = case.settings.get("active", {}).get("events")
    around = Around(active=active, settings=True)
    found: list[Data] = []
    for number in range(rng.choice([2, 4, 6])):
        trait = Writer(pen, around).trait(f"t{number}")
        found.append(trait)
        around = around.with_trait(trait["name"], type_of(trait, around.traits, Rows(pen, active)))
    names = ["x0", "x1"]
    found += [Writer(pen, around).extension(name) for name in names]
    around = around.plus(extensions=names)
    for number in range(segments):
        if number == 3:
            found += [Writer(pen, around).campaign(name) for name in DEFINED]
            around = around.plus(campaigns=DEFINED)
        found.append(Writer(pen, around).segment(f"s{number}"))
        around = around.plus(segments=[f"s{number}"])
    return found


@dataclass(frozen=True)
class Around:
    """What a definition may refer to; `settings` says that the project names its messages."""

    segments: Sequence[str] = ()
    extensions: Sequence[str] = ()
    campaigns: Sequence[str] = ()
    traits: Sequence[tuple[str, Type]] = ()
    active: Sequence[str] | None = None
    settings: bool = False

    def plus(
        self, segments: Sequence[str] = (), extensions: Sequence[str] = (), campaigns: Sequence[str] = ()
    ) -> Around:
        """More of them."""
        more = (*self.segments, *segments), (*self.extensions, *extensions), (*self.campaigns, *campaigns)
        return Around(*more, self.traits, self.active, self.settings)

    def with_trait(self, name: str, kind: Type) -> Around:
        """One more trait."""
        traits = (*self.traits, (name, kind))
        return Around(self.segments, self.extensions, self.campaigns, traits, self.active, self.settings)


class Writer:
    """Writes definitions of all kinds."""

    def __init__(self, pen: Pen, around: Around) -> None:
        self.pen = pen
        self.around = around
        self.values = Values(pen, ranked=True)
        self.rows = Rows(pen, around.active)
        self.messages = Messages(pen, around.campaigns)

    # --- resources -----------------------------------------------------------------------------------

    def segment(self, name: str) -> Data:
        """`where`, and sometimes `exclude`."""
        data: Data = {"kind": "segment", "name": name, "where": self.where(self.pen.one([0, 0, 1, 2, 3]))}
        if self.pen.chance(0.2):
            data["exclude"] = [self.condition(self.pen.one([0, 0, 1])) for _ in range(self.pen.one([1, 1, 2]))]
        return data

    def trait(self, name: str) -> Data:
        """A measure, or a formula of earlier ones."""
        numbers = [n for n, kind in self.around.traits if kind in (Scalar.INT, Scalar.FLOAT)]
        if numbers and self.pen.chance(0.35):
            return {"kind": "trait", "name": name, "formula": formula(self.pen, numbers)}
        return {"kind": "trait", "name": name, "value": self.rows.trait_value()}

    def extension(self, name: str) -> Data:
        """Users by their scores, or by a condition on events."""
        source = self.rows.rfm(list(GROUPS)) if self.pen.chance(0.7) else self.rows.event()
        return {"kind": "extension", "name": name, "from": source}

    def campaign(self, name: str) -> Data:
        """An audience of segments."""
        return self.messages.definition(name, self.around.segments, self.condition(0))

    # --- conditions ------------------------------------------------------------------------------------

    def where(self, depth: int) -> Any:
        """One condition, or a list of which all must hold."""
        if self.pen.chance(0.2):
            return [self.condition(depth) for _ in range(self.pen.one([1, 2, 3]))]
        return self.condition(depth)

    def condition(self, depth: int) -> Data:
        """A condition of so many levels."""
        if depth > 0 and self.pen.chance(0.8):
            return nested(self.pen, lambda: self.condition(depth - 1))
        forms: list[tuple[Callable[[], Data], int]] = [
            (self._attribute, 10), (self.event, 12), (self.rows.sequence, 4), (self._other, 2),
        ]  # fmt: skip
        forms += [(self.messages.campaign, 2), (self.messages.engagement, 1)] if self.around.settings else []
        forms += [(self._trait, 4)] if self.around.traits else []
        return self.pen.rng.choices([form for form, _ in forms], [weight for _, weight in forms])[0]()

    def event(self) -> Data:
        """A condition on events."""
        return self.rows.event()

    def _other(self) -> Data:
        kind, name = self.pen.one(GIVEN)
        choices: list[Data] = [{kind: name}, {"everyone": True}]
        low = self.pen.rng.randrange(10_000)
        choices.append({"bucket": {"from": low, "to": self.pen.rng.randint(low, 9_999)}})
        choices += [{"segment": self.pen.one(self.around.segments)}] * 3 if self.around.segments else []
        choices += [{"extension": self.pen.one(self.around.extensions)}] * 3 if self.around.extensions else []
        return self.pen.one(choices)

    def _attribute(self) -> Data:
        users = self.pen.case.schema.users
        if {"home", "work_lat", "work_lon"} <= set(users) and self.pen.chance(0.08):
            place: Any = self.pen.one(["home", {"lat": "work_lat", "lon": ["work_lon"]}])
            return {"attribute": place, **self.values.place()}
        several = [((name,), users[name]) for name in ("devices", "stays") if name in users]
        path, kind = self.pen.one(several if several and self.pen.chance(0.1) else list(leaves(users)))
        return {"attribute": self.pen.path(path), **self.values.operator(path, kind)}

    def _trait(self) -> Data:
        name, kind = self.pen.one(self.around.traits)
        return {"trait": name, **self.values.operator((), kind)}


__all__ = ["Around", "Data", "Writer", "document", "leaves", "random_definition", "random_definitions",
           "random_library"]  # fmt: skip
