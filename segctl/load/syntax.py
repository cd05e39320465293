"""What a YAML parser's complaint means, in one sentence a user can act on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import yaml

from segctl.diagnostics import Diagnostic, Span
from segctl.load.node import Place

MOST_TOLD = 100
"""The most mistakes of one file that are told: more of them have one cause, and nobody reads them."""


def more_than_told(span: Span) -> Diagnostic:
    """Said in place of all further mistakes of a file."""
    summary = f"more than {MOST_TOLD} errors in this file; the others are not shown"
    return Diagnostic("too-many-errors", summary, span, hint="fix the first ones, and try again")


@dataclass(frozen=True)
class Complaint:
    """What the parser said, where, and what it was reading since where."""

    problem: str
    context: str
    at: Place
    since: Place
    lines: Sequence[str]

    def character(self) -> str:
        """The character at the problem's place; empty at the end of a line or of the file."""
        line, column = self.at
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return text[column - 1 : column]

    def at_end(self) -> bool:
        """Whether nothing but space follows the problem's place."""
        line, column = self.at
        rest = [self.lines[line - 1][column - 1 :], *self.lines[line:]] if line <= len(self.lines) else []
        return not any(text.strip() for text in rest)

    def last(self) -> Place:
        """The end of the last line that says something."""
        line = max((i for i, text in enumerate(self.lines, 1) if text.strip()), default=1)
        return line, len(self.lines[line - 1].rstrip()) + 1 if self.lines else 1


Sentence = tuple[str, str, Place]
"""What is wrong, how to fix it, and where it is shown."""


def explain(error: yaml.YAMLError, text: str, file: str) -> Diagnostic:
    """The diagnostic of a syntax error that the parser found in the text."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Diagnostic("yaml-syntax", "this is not YAML", Span(file), detail=str(error).replace("\n", " "))
    at = (error.problem_mark.line + 1, error.problem_mark.column + 1)
    mark = error.context_mark
    since = (mark.line + 1, mark.column + 1) if mark else at
    complaint = Complaint(error.problem or "", error.context or "", at, since, text.splitlines())
    for words, sentence in _SENTENCES:
        if words in complaint.problem or words in complaint.context:
            summary, hint, (line, column) = sentence(complaint)
            return Diagnostic("yaml-syntax", summary, Span(file, line, column), hint=hint)
    return Diagnostic("yaml-syntax", "this is not YAML", Span(file, *at), detail=complaint.problem)


def _no_start(complaint: Complaint) -> Sentence:
    character = complaint.character()
    if character == "\t":
        return "a tab where YAML needs spaces", "indent with spaces", complaint.at
    return f"a text cannot begin with `{character}`", "put it in quotes", complaint.at


def _anchor(complaint: Complaint) -> Sentence:
    if "alias" in complaint.context:
        return "`*` without the name of an anchor", 'put it in quotes if it is a text: `"*"`', complaint.since
    return "`&` without a name", "put it in quotes if it is a text", complaint.since


def _colon(complaint: Complaint) -> Sentence:
    hint = "check the indentation of this line and the end of the line before; put a text that holds `: ` in quotes"
    return "a `:` where no key is allowed", hint, complaint.at


def _question(complaint: Complaint) -> Sentence:
    return "a `?` where no key is allowed", "put it in quotes if it is a text", complaint.at


def _tight_colon(complaint: Complaint) -> Sentence:
    return "a `:` without a space after it", "write `key: value`; put a text that holds a `:` in quotes", complaint.at


def _item(complaint: Complaint) -> Sentence:
    return "a list item where none is allowed", "begin the list on a line of its own", complaint.at


def _flow(opening: str, closing: str) -> Callable[[Complaint], Sentence]:
    def sentence(complaint: Complaint) -> Sentence:
        if complaint.at[0] != complaint.since[0] or complaint.at_end():
            return (
                f"this `{opening}` is not closed",
                f"end it with `{closing}`, and put `,` between its items",
                complaint.since,
            )
        return f"expected `,` or `{closing}` here", "put a text with such characters in quotes", complaint.at

    return sentence


def _quote(complaint: Complaint) -> Sentence:
    return "this quote is not closed", "end the text with the same quote", complaint.since


def _escape(complaint: Complaint) -> Sentence:
    return "an escape that YAML does not know", r"write `\\` for a backslash, or use single quotes", complaint.at


def _no_colon(complaint: Complaint) -> Sentence:
    return "a line without `: `", "write `key: value`, with a space after the colon", complaint.since


def _no_key(complaint: Complaint) -> Sentence:
    hint = "let the keys of one mapping begin in one column; nothing can follow a closed quote or bracket"
    return "this belongs to nothing: here a key of the mapping should begin", hint, complaint.at


def _no_dash(complaint: Complaint) -> Sentence:
    hint = "let the items of one list begin in one column, each with `- `"
    return "this belongs to nothing: here an item of the list should begin", hint, complaint.at


def _content(complaint: Complaint) -> Sentence:
    if complaint.at_end():
        return "the file ends where a value should be", "close every `[`, `{` and quote", complaint.last()
    return f"a value cannot begin with `{complaint.character()}`", "put it in quotes if it is a text", complaint.at


def _tag(complaint: Complaint) -> Sentence:
    return "a tag that nothing defines", "remove it, or put the text in quotes", complaint.since


def _directive(complaint: Complaint) -> Sentence:
    return "a directive that segctl does not read", "remove the line that begins with `%`", complaint.at


def _after_end(complaint: Complaint) -> Sentence:
    return "text after the end of the document", "begin another document with a line of `---`", complaint.at


def _block_text(complaint: Complaint) -> Sentence:
    hint = "begin the text on the next line, indented; put a text that begins with `|` or `>` in quotes"
    return "text on the line of `|` or `>`", hint, complaint.since


_SENTENCES: tuple[tuple[str, Callable[[Complaint], Sentence]], ...] = (
    ("cannot start any token", _no_start),
    ("tab character", _no_start),
    ("scanning an alias", _anchor),
    ("scanning an anchor", _anchor),
    ("mapping values are not allowed", _colon),
    ("mapping keys are not allowed", _question),
    ("unexpected ':'", _tight_colon),
    ("sequence entries are not allowed", _item),
    ("parsing a flow sequence", _flow("[", "]")),
    ("parsing a flow mapping", _flow("{", "}")),
    ("unexpected end of stream", _quote),
    ("document indicator", _quote),
    ("escape", _escape),
    ("hex", _escape),
    ("could not find expected ':'", _no_colon),
    ("parsing a block mapping", _no_key),
    ("parsing a block collection", _no_dash),
    ("node content", _content),
    ("directive", _directive),
    ("incompatible", _directive),
    ("document start", _after_end),
    ("scanning a block scalar", _block_text),
    ("tag", _tag),
)
