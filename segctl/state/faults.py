"""Whether an object is there, and every bit of it is what its name says."""

from __future__ import annotations

from segctl.diagnostics import Stale
from segctl.state.names import MEMBERSHIPS, POPULATIONS, TRAITS
from segctl.state.state import State

_DAMAGED = "the state is damaged: "


def fault(state: State, name: str) -> str | None:
    """What is wrong with a population, a membership or a table of traits, with the place of it; None if nothing is.

    Raises:
        SegctlError: the store cannot be read.
    """
    folder, _, rest = name.partition("/")
    try:
        if folder == POPULATIONS:
            state.population(rest)
        elif folder == MEMBERSHIPS:
            state.membership(rest)
        elif folder == TRAITS:
            state.traits(rest.removesuffix(".parquet"))
    except Stale as error:
        return str(error).removeprefix(_DAMAGED)
    return None
