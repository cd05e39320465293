"""Names as they stand on a command line: `vip`, or `segment.vip` where several kinds have one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from segctl.diagnostics import SegctlError, did_you_mean
from segctl.load.document import Key
from segctl.state.record import Record

_NONE: Mapping[Key, SegctlError] = MappingProxyType({})


def find(name: str, keys: Iterable[Key], aside: Mapping[Key, SegctlError] = _NONE) -> Key:
    """The one resource that is meant; `aside` is what else has a name, and what to say of it.

    Raises:
        SegctlError: there is none, or more than one.
    """
    known = sorted(keys)
    meant = _meant(name, known)
    if len(meant) == 1:
        return meant[0]
    if meant:
        choices = " or ".join(f"`{'.'.join(key)}`" for key in meant)
        raise SegctlError(f"`{name}` is the name of {len(meant)} definitions", hint=f"write {choices}")
    for key in _meant(name, aside):
        raise aside[key]
    hint = did_you_mean(name.rpartition(".")[2], (key[1] for key in known))
    raise SegctlError(f"there is no `{name}`", hint=hint or "`segctl list` shows what there is")


def absent(record: Record, kept: int = 1) -> dict[Key, SegctlError]:
    """What to say of names that a record has no more: what was removed, and what has another name since.

    Serials from `kept` on are kept.
    """
    removed = {key: _removed(*key, serial, kept) for key, serial in record.archived.items()}
    return {**removed, **{old: _renamed(*old, new[1], last) for old, new, last in record.renames()}}


def _removed(kind: str, name: str, serial: int, kept: int) -> SegctlError:
    command = "traits" if kind == "trait" else "members"
    what = "values" if kind == "trait" else "members"
    there, gone = f"`segctl {command} {name} --serial {serial}`", f"its {what} are not kept any more"
    return SegctlError(f"the {kind} `{name}` was removed after serial {serial}", hint=there if serial >= kept else gone)


def _renamed(kind: str, old: str, name: str, last: int) -> SegctlError:
    command = "traits" if kind == "trait" else "members"
    message = f"the {kind} `{old}` is `{name}` since serial {last + 1}"
    return SegctlError(message, hint=f"`segctl {command} {name}`; `--serial` finds older ones by either name")


def called_then(name: str, current: Record | None, then: Record) -> str:
    """What is called this now, by what it was called at an older serial; a name that was there then is itself."""
    if current is None or _meant(name, then.definitions):
        return name
    keys = (current.name_at(key, then.serial) for key in _meant(name, current.former))
    return next((".".join(key) for key in keys if key in then.definitions), name)


def trait_without_members(name: str) -> SegctlError:
    """What to say where members of a trait are asked for."""
    return SegctlError(f"`{name}` is a trait, which has values and no members", hint=f"`segctl traits {name}`")


def find_evaluated(name: str, keys: Iterable[Key]) -> Key:
    """The one resource that is meant among those that users can be in, or have a value of: no policy.

    Raises:
        SegctlError: there is none, or more than one.
    """
    every = tuple(keys)
    policies = {key: policy_without_members(key[1]) for key in every if key[0] == "policy"}
    return find(name, (key for key in every if key not in policies), policies)


def policy_without_members(name: str) -> SegctlError:
    """What to say where members of a policy are asked for."""
    return SegctlError(f"`{name}` is a policy, which has no members", hint=f"`segctl show {name}` says what it asks")


def _meant(name: str, keys: Iterable[Key]) -> list[Key]:
    return [key for key in keys if name in {key[1], ".".join(key)}]
