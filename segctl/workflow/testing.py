"""`segctl test`: the tests that stand beside the definitions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import SegctlError, did_you_mean
from segctl.graph import Graph
from segctl.load.access import ANYWHERE, Access
from segctl.load.document import Key
from segctl.load.project import find_root, project_of, survey
from segctl.selection import EVERYTHING, Selection
from segctl.workflow.definition_tests import TestResult, run_test
from segctl.workflow.sought import sought
from segctl.workflow.validate import validate


@dataclass(frozen=True)
class Tested:
    """The results by name, and the zone to tell instants in."""

    results: tuple[TestResult, ...]
    zone: str


def test(
    start: Path,
    names: Sequence[str],
    access: Access = ANYWHERE,  # noqa: PT028 no test of pytest
    selection: Selection = EVERYTHING,  # noqa: PT028 no test of pytest
) -> Tested:
    """Run the tests of these names, and those that expect members of definitions of these names; or all.

    With a selection only the selected tests, and those about selected definitions.

    Raises:
        InvalidInput: definitions that are wrong.
        SegctlError: a name that selects no test.
        Usage: the selection matches nothing.
    """
    definitions, graph, _ = validate(find_root(start), access)
    tests = [key for key in definitions.documents if key[0] == "test"]
    chosen = set(tests) if not names else {key for name in names for key in _selected(name, tests, graph)}
    if not selection.is_everything:
        keys = sought(survey(definitions.root, access), selection).keys
        chosen = {key for key in chosen if key in keys or _expects(key, keys, graph)}
    results = tuple(run_test(definitions.documents[key], definitions, graph) for key in sorted(chosen))
    return Tested(results, project_of(definitions.project).timezone)


def _selected(name: str, tests: Sequence[Key], graph: Graph) -> list[Key]:
    found = [key for key in tests if name in {key[1], *_expected(key, graph)}]
    if not found:
        known = {word for key in tests for word in (key[1], *_expected(key, graph))}
        hint = did_you_mean(name, known) or "write the name of a test, or of a definition that one expects members of"
        raise SegctlError(f"no test is named `{name}` or expects members of it", hint=hint)
    return found


def _expects(test: Key, keys: Collection[Key], graph: Graph) -> bool:
    return any(link.key in keys and link.path[0] == "expect" for link in graph.links.get(test, ()))


def _expected(test: Key, graph: Graph) -> set[str]:
    """The definitions that a test expects members of."""
    return {link.key[1] for link in graph.links.get(test, ()) if link.path[0] == "expect"}
