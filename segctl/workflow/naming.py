"""Names as they stand on a command line: `vip`, or `segment.vip` where several kinds have one."""

from __future__ import annotations

from collections.abc import Iterable

from segctl.diagnostics import SegctlError, did_you_mean
from segctl.load.document import Key


def find(name: str, keys: Iterable[Key]) -> Key:
    """The one resource that is meant.

    Raises:
        SegctlError: there is none, or more than one.
    """
    known = sorted(keys)
    meant = [key for key in known if name in {key[1], ".".join(key)}]
    if len(meant) == 1:
        return meant[0]
    if meant:
        choices = " or ".join(f"`{'.'.join(key)}`" for key in meant)
        raise SegctlError(f"`{name}` is the name of {len(meant)} definitions", hint=f"write {choices}")
    hint = did_you_mean(name.rpartition(".")[2], (key[1] for key in known))
    raise SegctlError(f"there is no `{name}`", hint=hint or "`segctl list` shows what there is")
