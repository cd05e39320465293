"""A selection where definitions may be wrong: for commands that look at the files, and at the state only if asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence

from segctl.diagnostics import Diagnostic, SegctlError, Span
from segctl.load.document import Key, Placed
from segctl.load.project import Survey
from segctl.selection import Chosen, Selection
from segctl.state.record import Definition
from segctl.workflow.compared import of_this_version
from segctl.workflow.opened import state_at
from segctl.workflow.selection import chosen_of


def sought(surveyed: Survey, selection: Selection) -> Chosen:
    """What is meant among everything that can be read of a project; the state is read only for `state:`.

    Raises:
        Usage: the selection matches nothing.
        SegctlError: the state is needed, and nobody can say where it is.
    """
    asks = any(atom.method == "state" for atom in selection.atoms())
    return chosen_of(surveyed, _applied(surveyed) if asks else {}, selection)


def _applied(surveyed: Survey) -> Mapping[Key, Definition]:
    if surveyed.project is None:
        raise SegctlError("`state:` needs a state, and the project's file does not say where it is")
    record = state_at(surveyed.root, surveyed.project, surveyed.access).current()
    return {} if record is None else of_this_version(surveyed.root, record).definitions


def about(diagnostics: Iterable[Diagnostic], surveyed: Survey, keys: Collection[Key] | None) -> tuple[Diagnostic, ...]:
    """Those that are not about definitions which are not selected; with None, all."""
    if keys is None:
        return tuple(diagnostics)
    places = _places({**surveyed.drafts, **surveyed.documents})
    return tuple(one for one in diagnostics if (key := _definition_at(one.span, places)) is None or key in keys)


Places = Mapping[str, Sequence[tuple[int, Key]]]


def _places(documents: Mapping[Key, Placed]) -> Places:
    """By file, the lines on which definitions begin, in order."""
    found: dict[str, list[tuple[int, Key]]] = {}
    for key, document in documents.items():
        span = document.span()
        if span is not None:
            found.setdefault(span.file, []).append((span.line, key))
    return {file: sorted(begins) for file, begins in found.items()}


def _definition_at(span: Span | None, places: Places) -> Key | None:
    """The definition that a place lies in; None where it is about a whole file, or none of them."""
    begins = places.get(span.file, ()) if span and span.line else ()
    number = bisect_right([line for line, _ in begins], span.line) if span else 0
    return begins[number - 1][1] if number else None
