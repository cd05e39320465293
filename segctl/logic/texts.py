"""Whether any text can meet several tests at once; where it is not sure, it says yes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from segctl.logic.bound_tests import Equals, Matches, Test, Text, Versions
from segctl.logic.keyed import Condition
from segctl.logic.letters import lower_case
from segctl.logic.passing import passes
from segctl.logic.value_tests import TextKind

Known = tuple[Test, bool]


def some_text(known: Iterable[tuple[Test | Condition, bool]]) -> bool:
    """False only if no text passes the tests that hold and fails those that do not."""
    every = [(test, holds) for test, holds in known if isinstance(test, Equals | Text | Matches | Versions)]
    if any(not holds and _all_texts(test) for test, holds in every):
        return False
    exact = [test for test, holds in every if holds and isinstance(test, Equals)]
    if any(not test.ignore_case for test in exact):
        return any(_meets(text, every) for text in _common([test for test in exact if not test.ignore_case]))
    if exact:
        lowered = list(_lowered(every))
        return any(lower_case(text) != text or _meets(text, lowered) for text in _common(exact))
    return not _exclude_each_other(every)


def _all_texts(test: Test) -> bool:
    """Whether every text passes: each contains the empty one."""
    return isinstance(test, Text) and "" in test.texts


def _common(tests: Sequence[Equals]) -> set[str]:
    """The texts that all of the tests name."""
    named = [{value for value in test.values if isinstance(value, str)} for test in tests]
    return set.intersection(*named)


def _meets(text: str, known: Iterable[Known]) -> bool:
    return all(passes(test, text, 0) == holds for test, holds in known)


def _lowered(known: Iterable[Known]) -> Iterator[Known]:
    """What must be true of the text in lower case."""
    for test, holds in known:
        if isinstance(test, Equals | Text) and test.ignore_case:
            yield test, holds
        elif holds and isinstance(test, Text):
            yield Text(test.kind, tuple(map(lower_case, test.texts)), ignore_case=True), True


def _exclude_each_other(known: Sequence[Known]) -> bool:
    """Whether two tests on parts of the text cannot go together."""
    held = [test for test, holds in known if holds and isinstance(test, Text)]
    failed = [test for test, holds in known if not holds and isinstance(test, Text)]
    if any(_implies(test, other) for test in held for other in failed):
        return True
    return any(_apart(one, other) for one, other in combinations(held, 2))


def _implies(test: Text, other: Text) -> bool:
    """Whether every text that passes the one passes the other."""
    if test.ignore_case and not other.ignore_case:
        return False
    parts = map(lower_case, test.texts) if other.ignore_case else test.texts
    return all(any(_holds_part(test.kind, part, other.kind, own) for own in other.texts) for part in parts)


def _holds_part(kind: TextKind, part: str, other: TextKind, own: str) -> bool:
    """Whether what contains (begins or ends with) the part also contains (begins or ends with) the other's own."""
    match other:
        case TextKind.CONTAINS:
            return own in part
        case TextKind.STARTS:
            return kind is TextKind.STARTS and part.startswith(own)
        case TextKind.ENDS:
            return kind is TextKind.ENDS and part.endswith(own)


def _apart(one: Text, other: Text) -> bool:
    """Whether no text begins, or ends, in both ways."""
    if one.kind is not other.kind or one.kind is TextKind.CONTAINS:
        return False
    ends = one.kind is TextKind.ENDS
    pairs = ((lower_case(a), lower_case(b)) for a in one.texts for b in other.texts)
    return not any(a.endswith(b) or b.endswith(a) if ends else a.startswith(b) or b.startswith(a) for a, b in pairs)
