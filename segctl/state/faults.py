"""Whether an object is there, and every bit of it is what its name says."""

from __future__ import annotations

from functools import partial

from segctl.diagnostics import Stale
from segctl.state import erasures, membership, people, traits
from segctl.state.names import ERASURES, MEMBERSHIPS, POPULATIONS, TRAITS
from segctl.state.state import Damage, State


def check(name: str, data: bytes) -> None:
    """Read these bytes as the population, the membership, the table of traits or the erasures that the name says.

    Raises:
        Unreadable: one bit of them is another.
    """
    folder, _, rest = name.partition("/")
    digest = rest.partition(".")[0]
    if folder == POPULATIONS:
        people.read(data, digest)
    elif folder == MEMBERSHIPS:
        membership.unpack(data, digest)
    elif folder == TRAITS:
        traits.unpack(data, digest)
    elif folder == ERASURES:
        erasures.read(data, digest)


def fault(state: State, name: str) -> str | None:
    """What is wrong with a population, a membership or a table of traits, with the place of it; None if nothing is.

    Raises:
        SegctlError: the store cannot be read.
    """
    try:
        state.checked(name, partial(check, name))
    except Damage as error:
        return error.what
    except Stale as error:
        return str(error)
    return None
