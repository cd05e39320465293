"""Where `# segctl: allow RULE: reason` is a comment, and what it is about."""

from __future__ import annotations

from segctl.load.allowances import MOST, allowances

ALLOWED = "# segctl: allow unseen-value: new from May"


def about(text: str) -> list[tuple[int, tuple[int, int]]]:
    """The line of each allowance, and the lines that it is about."""
    return [(found.span.line, found.lines) for found in allowances(text, "a.yaml")]


def test_a_comment_beside_something_is_about_its_line() -> None:
    [found] = allowances(f"kind: segment\nname: a  {ALLOWED}\n", "a.yaml")
    assert (found.rules, found.reason, found.lines) == (("unseen-value",), "new from May", (2, 2))
    assert (found.span.line, found.span.column) == (2, 10)


def test_several_rules_share_a_reason() -> None:
    [found] = allowances("a: 1 # segctl:allow one , two : why: because\n", "a.yaml")
    assert (found.rules, found.reason) == (("one", "two"), "why: because")


def test_a_comment_that_stands_alone_is_about_what_is_below() -> None:
    text = f"a: 1\nwhere:\n  {ALLOWED}\n  # and why\n\n  - attribute: x\n    in: [a,\n      b]\n  - attribute: y\n"
    assert about(text) == [(3, (6, 8))]
    assert about(f"a: 1\n{ALLOWED}\nwhere:\n- a: 1\n- b: 2\nexclude: []\n") == [(2, (3, 5))]


def test_above_a_document_it_is_about_all_of_it() -> None:
    text = f"{ALLOWED}\nkind: segment\nname: a\n---\n{ALLOWED}\nkind: segment\nname: b\nwhere: {{}}\n"
    assert about(text) == [(1, (2, 3)), (5, (6, 8))]


def test_below_everything_it_is_about_nothing_else() -> None:
    assert about(f"a: 1\n{ALLOWED}\n") == [(2, (2, 2))]


def test_inside_a_text_it_is_no_comment() -> None:
    texts = f"a: \"x {ALLOWED}\"\nb: |\n  {ALLOWED}\nc: 'x\n  {ALLOWED}'\nd: >-\n  x {ALLOWED}\n"
    text = f"{texts}{ALLOWED}\ne: x#segctl: allow y\n"
    assert about(text) == [(8, (9, 9))]


def test_what_cannot_be_read_has_no_rules() -> None:
    for comment in (
        "# segctl: alow x: y",
        "# segctl:",
        "# segctl: allow",
        "# segctl: allow : why",
        "# segctl: allowed x",
    ):
        assert [found.rules for found in allowances(f"a: 1 {comment}\n", "a.yaml")] == [()], comment


def test_a_broken_file_gives_what_can_be_read() -> None:
    assert about(f"a: [1, 2\nb: {{{ALLOWED}\n") == []
    assert about(f"a: 1 {ALLOWED}\n  b: : 2\n") == [(1, (1, 1))]


def test_of_very_many_the_first_are_taken_at_once() -> None:
    assert len(allowances(f"{ALLOWED}\n" * 50_000 + "a: 1\n", "a.yaml")) == MOST
