"""The order of a definition's own keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from segctl.layout.tree import Block, Entry
from segctl.load.allowances import MARK
from segctl.load.document import MODELS

_FIRST = ("kind", "name")


def ordered(block: Block) -> Block:
    """A definition with its keys in order, comments with them; anything else as it is.

    A definition with comments that allow something stays as it is: what they are about depends on the order.
    """
    names = [entry.key.value if entry.key else "" for entry in block.entries]
    kinds = [
        entry.value.token.value
        for entry, name in zip(block.entries, names, strict=True)
        if name == "kind" and hasattr(entry.value, "token") and entry.value.token
    ]
    order = _order(kinds[0]) if kinds and kinds[0] in MODELS else ()
    if set(names) - set(order) or len(set(names)) < len(names) or _allows(block.entries):
        return block
    wanted = sorted(block.entries, key=lambda entry: order.index(entry.key.value) if entry.key else 0)
    if wanted[0] is not block.entries[0]:
        wanted[0].blank = block.entries[0].blank = False
    return Block(block.is_list, wanted, block.tail)


@cache
def _order(kind: str) -> tuple[str, ...]:
    fields = [field.alias or name for name, field in MODELS[kind].model_fields.items()]
    return (*_FIRST, *(name for name in fields if name not in _FIRST))


def _allows(entries: Sequence[Entry]) -> bool:
    return any(MARK in comment.text for entry in entries for comment in entry.lead)
