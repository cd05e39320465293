"""Definitions of an author who is not trusted: which state they are held against, and what of the data is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from segctl.diagnostics import Diagnostic, InvalidInput, Usage
from segctl.load.access import Access
from segctl.state.local import LocalStore
from segctl.state.state import State

_STATE = "state"
_OF_DEFINITIONS = frozenset({"outside", "missing-file", "folder-not-file", "unknown-format", "missing-column"})
"""What is wrong with data and told as it is: it says no more than the definitions do."""

_OF_FILES = frozenset({
    "bad-json", "bad-property", "conflicting-types", "duplicate-column", "empty-file", "not-utf8", "ragged-rows",
    "unreadable-file",
})  # fmt: skip
"""What is wrong with files, in words that may hold what stands in them."""


def state(access: Access) -> State:
    """The state that was named on the command line; else one that holds nothing, of nobody.

    Raises:
        Usage: called for an author who is trusted, whose project says where its state is.
    """
    if access.scratch is None:
        raise Usage("the state of a trusted project is where the project says")
    return State(LocalStore(access.state or access.scratch / _STATE))


@contextmanager
def reticent(access: Access) -> Iterator[None]:
    """Errors about the data say where, and what is asked of them, but not what they hold.

    Raises:
        InvalidInput: what was raised inside, of data; with less in it where the author is not trusted.
    """
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(told(error.diagnostics, access), of_data=True) from None


def told(diagnostics: Iterable[Diagnostic], access: Access) -> tuple[Diagnostic, ...]:
    """What may be told of data: no values, no names of columns and events that the author has not written."""
    return tuple(_told(diagnostic) if access.confined else diagnostic for diagnostic in diagnostics)


def _told(diagnostic: Diagnostic) -> Diagnostic:
    if diagnostic.code in _OF_DEFINITIONS:
        return replace(diagnostic, detail="", hint=diagnostic.hint if diagnostic.code == "outside" else "")
    summary = "the data cannot be read as this says" if diagnostic.code in _OF_FILES else diagnostic.summary
    return replace(diagnostic, summary=summary, detail="", hint="run without `--untrusted` to see the details")
