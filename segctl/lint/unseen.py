"""Texts that no row has: nearly always a misspelt one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from segctl.diagnostics import Diagnostic, did_you_mean
from segctl.disclosure import MAX_DISTINCT
from segctl.lint.compared import Comparison, comparisons
from segctl.lint.facts import Facts, TextColumn
from segctl.lint.rules import UNSEEN_VALUE
from segctl.lint.subject import Subject
from segctl.logic.bound import Scope
from segctl.logic.letters import lower_case

MOST_TOLD = 5
"""Of a condition with more texts that no row has, one finding tells their number."""

_EXAMPLES = 3
_FEW = 8
_FIX = "fix it, or give the reason beside it: `# segctl: allow unseen-value: reason`"


@dataclass(frozen=True)
class _Columns:
    """The texts of columns, as they are and in lower case; each is made once for all that is compared with them."""

    facts: Facts
    _seen: dict[tuple[tuple[TextColumn, ...], bool], frozenset[str]] = field(default_factory=dict)
    _shown: dict[tuple[TextColumn, ...], frozenset[str]] = field(default_factory=dict)

    def seen(self, columns: tuple[TextColumn, ...], *, ignore_case: bool) -> frozenset[str]:
        """All texts that any of the columns has."""
        key = (columns, ignore_case)
        if key not in self._seen:
            if ignore_case:
                self._seen[key] = frozenset(map(lower_case, self.seen(columns, ignore_case=False)))
            else:
                self._seen[key] = frozenset().union(*(self.facts.texts[column] for column in columns))
        return self._seen[key]

    def shown(self, columns: tuple[TextColumn, ...]) -> frozenset[str]:
        """Those that a message may show."""
        if columns not in self._shown:
            self._shown[columns] = frozenset().union(*(self.facts.shareable(column) for column in columns))
        return self._shown[columns]


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """Literals that none of their columns has; columns without any text, or full of different ones, are left out."""
    facts = subject.facts
    if facts is None:
        return
    known = _Columns(facts)
    campaigns = {name for kind, name in subject.graph.links if kind == "campaign"}
    for comparison in comparisons(subject, facts):
        if any(column not in facts.texts for column in comparison.columns):
            continue
        # a campaign that is defined need not have been sent yet
        defined = frozenset() if comparison.spans else campaigns
        unseen = [number for number in _unseen(comparison, known) if comparison.texts[number] not in defined]
        if len(unseen) > MOST_TOLD:
            yield _counted(comparison, unseen, known)
        else:
            yield from (_finding(comparison, number, known) for number in unseen)


def _unseen(comparison: Comparison, known: _Columns) -> Iterator[int]:
    """The numbers of the texts that no row has."""
    seen = known.seen(comparison.columns, ignore_case=comparison.ignore_case)
    if not seen:
        return
    for number, text in enumerate(comparison.texts):
        if (lower_case(text) if comparison.ignore_case else text) not in seen:
            yield number


def _finding(comparison: Comparison, number: int, known: _Columns) -> Diagnostic:
    text = comparison.texts[number]
    return UNSEEN_VALUE.found(
        f"{_nobody(comparison)} has {_quoted(text)} in {comparison.words}",
        comparison.span(number),
        detail=_what_there_is(comparison, known),
        hint=_meant(text, known.shown(comparison.columns)) or _FIX,
    )


def _counted(comparison: Comparison, unseen: Sequence[int], known: _Columns) -> Diagnostic:
    examples = ", ".join(_quoted(comparison.texts[number]) for number in unseen[:_EXAMPLES])
    return UNSEEN_VALUE.found(
        f"{_nobody(comparison)} has {len(unseen):,} of these {len(comparison.texts):,} texts in {comparison.words}",
        comparison.span(unseen[0]),
        detail=f"they are {examples} and {len(unseen) - _EXAMPLES:,} more; {_what_there_is(comparison, known)}",
        hint=_FIX,
    )


def _nobody(comparison: Comparison) -> str:
    attribute = all(column.scope is Scope.ATTRIBUTE for column in comparison.columns)
    return f"no {'user' if attribute else 'row'}"


def _quoted(text: str) -> str:
    return f"`{text}`" if text else "the empty text"


def _what_there_is(comparison: Comparison, known: _Columns) -> str:
    """The texts that many users share, and how many others there are."""
    shown = known.shown(comparison.columns)
    others = len(known.seen(comparison.columns, ignore_case=False)) - len(shown)
    of = " or ".join(f"`{column.of}`" for column in comparison.columns if column.of)
    has = f"{of} has" if of else "the users have"
    if not shown:
        why = "there are too many" if others > MAX_DISTINCT else "few users share each"
        return f"{has} {_count(others)}, not shown here because {why}"
    listed = ", ".join(_quoted(text) for text in sorted(shown)[:_FEW])
    more = f" and {len(shown) - _FEW:,} more" if len(shown) > _FEW else ""
    rest = f", and {_count(others)} that few users share" if others else ""
    return f"{has} {listed}{more}{rest}"


def _count(texts: int) -> str:
    return f"{texts:,} text{'' if texts == 1 else 's'}"


def _meant(text: str, shown: frozenset[str]) -> str:
    """A text that differs in case and spaces only, or is spelt alike."""
    plain = _plain(text)
    same = sorted(one for one in shown if _plain(one) == plain)
    if same:
        return f"did you mean {' or '.join(f'`{one}`' for one in same[:3])}?"
    return did_you_mean(text, shown)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
