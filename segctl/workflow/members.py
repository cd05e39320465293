"""`segctl members`: the ids of a snapshot, or of those who entered or exited with it; `live_members` has `--live`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from segctl.diagnostics import SegctlError, Usage
from segctl.load.document import Key, unchecked
from segctl.plan.variant_choice import MESSAGED, VariantChoice
from segctl.selection import EVERYTHING, Selection
from segctl.state.record import Definition, Record
from segctl.state.state import State
from segctl.workflow.levels import PREBUILT
from segctl.workflow.member_lists import Alignment, MemberList, MemberLists, Selected
from segctl.workflow.naming import find, trait_without_members
from segctl.workflow.opened import opened_state
from segctl.workflow.published import Published
from segctl.workflow.selection import chosen_applied
from segctl.workflow.serials import Serial, at_serial

Direction = Literal["entered", "exited"]
Named = tuple[str, Key]
"""A resource, and what its list is called."""


@dataclass(frozen=True)
class Asked:
    """Whose members are asked for, by name or by a selection, and which of them: as of which serial, in which variants.

    With a `direction` only those who entered or exited.
    """

    names: tuple[str, ...] = ()
    selection: Selection = EVERYTHING
    serial: int | None = None
    direction: Direction | None = None
    variants: VariantChoice = MESSAGED

    def named(
        self, meant: Callable[[str], Key], selected: Callable[[], Collection[Key]], known: Collection[Key]
    ) -> Iterator[Named]:
        """What is asked for; of a selection what has members (is `known`), by its name if only one thing has it.

        Raises:
            Usage: the selection has nothing with members.
        """
        if self.names:
            yield from ((name, meant(name)) for name in self.names)
            return
        found = sorted(key for key in selected() if key in known)
        if not found:
            raise Usage(
                f"`{self.selection}` matches nothing that has members", hint="`segctl list` shows what there is"
            )
        names = [name for _, name in known]
        yield from ((name if names.count(name) == 1 else f"{kind}.{name}", (kind, name)) for kind, name in found)


def members(start: Path, asked: Asked) -> tuple[MemberList, ...]:
    """The published members as of the last serial or of an earlier one, or those who moved with it.

    Who entered and exited is told against the serial before, over all users of both.

    Raises:
        SegctlError: nothing is applied, there is no such serial, nothing of that name in it, or no such variant.
        Usage: the selection matches nothing that has members.
        Stale: the state is damaged.
    """
    _, state, _ = opened_state(start)
    then = at_serial(state, asked.serial)
    if asked.direction is not None:
        return _moved(state, then, asked, asked.direction)
    published = Published(state, then.record)
    lists = MemberLists(asked.variants)
    for name, key in _named(asked, then, then.record.snapshots, then.record.definitions):
        asked.variants.check(key, [published.variants(key)])
        as_of_us = then.record.snapshots[key].as_of_us
        lists.add(name, key, as_of_us, published.selected(key).only(asked.variants))
    return lists.lists()


def _moved(state: State, then: Serial, asked: Asked, direction: Direction) -> tuple[MemberList, ...]:
    record = then.record
    older = before(state, record)
    was = {record.name_at(key, record.serial - 1): key for key in record.former}
    left = {key for key in (older.snapshots if older else ()) if was.get(key, key) == key}
    now, earlier = Published(state, record), Published(state, older)
    definitions = {**(older.definitions if older else {}), **record.definitions}
    lists, alignment = MemberLists(asked.variants), Alignment()
    for name, key in _named(asked, then, {*record.snapshots, *left}, definitions):
        former = record.name_at(key, record.serial - 1)
        asked.variants.check(key, [now.variants(key), earlier.variants(former)])
        sides = now.selected(key), earlier.selected(former)
        lists.add(name, key, record.as_of_us, moved(sides, asked.variants, direction, alignment))
    return lists.lists()


def moved(
    sides: tuple[Selected, Selected], choice: VariantChoice, direction: Direction, alignment: Alignment
) -> Selected:
    """Who entered the variants that are asked for, or exited them: `sides` are now and before."""
    now, earlier = (side.only(choice) for side in sides)
    return alignment.without(now, earlier) if direction == "entered" else alignment.without(earlier, now)


def _named(asked: Asked, then: Serial, known: Collection[Key], definitions: Mapping[Key, Definition]) -> list[Named]:
    aside = _aside(then)

    def selected() -> Collection[Key]:
        documents = {key: unchecked(key, one.data) for key, one in definitions.items()}
        return chosen_applied(documents, asked.selection, "members").keys

    return list(asked.named(lambda name: find(then.called(name), known, aside), selected, known))


def before(state: State, record: Record) -> Record | None:
    """The serial before, None before the first one.

    Raises:
        SegctlError: it is not kept any more.
    """
    head, serial = state.head(), record.serial
    if head is not None and 1 < serial == head.kept:
        raise SegctlError(
            f"who entered and exited at serial {serial} is not known: serial {serial - 1} is not kept any more",
            hint=f"`segctl history --serial {serial}` has the counts",
        )
    return state.record(serial - 1) if serial > 1 else None


def _aside(then: Serial) -> dict[Key, SegctlError]:
    """What is known by name, and has no published members."""
    return {
        **{("trait", name): trait_without_members(name) for name in then.record.columns},
        **{key: not_published(key) for key in PREBUILT},
        **then.absent(),
    }


def not_published(level: Key) -> SegctlError:
    """What to say where published members of a level of engagement are asked for."""
    name = ".".join(level)
    return SegctlError(f"`{name}` is evaluated where it is used, not published", hint=f"`segctl members --live {name}`")
