"""A plan that could not be made, as a comment."""

from __future__ import annotations

import pytest

from segctl.diagnostics import Diagnostic, InvalidInput, Locked, Severity, Span, Stale, Usage
from segctl.report.markdown_failed import failed

BAD = Diagnostic("unknown-key", "unknown key `wher`", Span("segments/a.yaml", 3, 5), hint="did you mean `where`?")


def test_an_error_in_a_definition_is_told_with_its_place_and_its_message() -> None:
    mild = Diagnostic("odd", "a warning", severity=Severity.WARNING)
    assert failed(InvalidInput([BAD, mild])) == (
        "### No plan\n\n**1 error:**\n\n"
        "- `unknown-key` at `segments/a.yaml:3:5`: unknown key `wher` (did you mean `where`&#63;)\n"
    )


def test_what_was_found_in_data_is_told_without_its_message() -> None:
    found = Diagnostic("duplicate-id", "`u17` stands twice", Span("segments/segctl.yaml", 4, 3), "rows: u17", "u17?")
    shown = failed(InvalidInput([found], of_data=True))
    assert "- `duplicate-id` at `segments/segctl.yaml:4:3`\n" in shown
    assert "u17" not in shown


@pytest.mark.parametrize("value", ["ada@shop.example", "10023455", "8f14e45fceea167a"])
def test_what_could_name_somebody_is_hidden_in_messages_too(value: str) -> None:
    shown = failed(InvalidInput([Diagnostic("twice", f"`{value}` stands twice", hint=f"remove '{value}'")]))
    assert value not in shown
    assert "`(hidden: could identify a person)` stands twice" in shown


def test_many_errors_are_counted() -> None:
    shown = failed(InvalidInput([BAD] * 50))
    assert (shown.count("unknown-key"), "- and 30 more\n" in shown) == (20, True)


def test_other_failures_are_told_by_their_kind_alone() -> None:
    assert "`usage`: no such guard `@all`" in failed(Usage("no such guard `@all`"))
    for error, kind in ((Locked("held by ada@host"), "locked"), (Stale("/srv/secret is damaged"), "stale")):
        shown = failed(error)
        assert f"`{kind}` (exit code {int(error.exit_code)}): " in shown
        assert "host" not in shown
        assert "secret" not in shown
