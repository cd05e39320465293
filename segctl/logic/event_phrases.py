"""What people did, in English words: how often, how much, when, and in which order."""

from __future__ import annotations

from decimal import Decimal

from segctl.logic import times
from segctl.logic.naming import done_words, listed, on_one_line, one_words, path_words, several_words, spoken
from segctl.logic.nodes import (
    Ago,
    Arithmetic,
    Engagement,
    EventMissing,
    EventTest,
    Expression,
    Measure,
    Measured,
    MeasureKind,
    MeasureTest,
    Midnight,
    Number,
    Present,
    Range,
    Rfm,
    Rows,
    Sequence,
    Step,
    TraitOf,
    Window,
    Written,
    YearlyBetween,
    YearlyWithin,
)
from segctl.logic.phrase import BE, HAVE, WERE, Phrase, Verb, of_people, of_value, predicate
from segctl.logic.phrases import (
    count_words,
    duration_words,
    last_words,
    literal_words,
    range_words,
    tested,
    yearly_words,
)
from segctl.logic.problem import dotted
from segctl.logic.row_phrases import with_words
from segctl.model.rfm import GROUPS

_OVER = {
    MeasureKind.SUM: "sum",
    MeasureKind.AVERAGE: "average",
    MeasureKind.MIN: "minimum",
    MeasureKind.MAX: "maximum",
    MeasureKind.MEDIAN: "median",
}
_OF = {
    MeasureKind.FIRST_VALUE: "first {}",
    MeasureKind.LAST_VALUE: "last {}",
    MeasureKind.MOST_FREQUENT: "most frequent {}",
    MeasureKind.UNIQUE_LIST: "list of each {}",
    MeasureKind.DISTINCT: "number of different values of {}",
}
_INSTANTS = frozenset({MeasureKind.FIRST, MeasureKind.LAST})
_TIMES = {1: "once", 2: "twice"}
_FALL = Verb("fall", "falls", "fall", "fell")
_HIGHEST = 100


# --- windows ----------------------------------------------------------------------------------------------


def window_words(window: Window) -> str:
    """` in the last 30 days`, or nothing; it begins with a blank."""
    match window.start, window.end:
        case None, None:
            return ""
        case Ago(us), None:
            return f" in {last_words(us)}"
        case Ago(longer), Ago(shorter) if longer % times.DAY_US == shorter % times.DAY_US == 0:
            return f" from {longer // times.DAY_US} to {duration_words(shorter)} ago"
        case start, end:
            since = f" {'since' if end is None else 'from'} {_limit(start)}" if start else ""
            return since + (f" {'to' if start else 'until'} {_limit(end)}" if end else "")


def _limit(limit: Ago | Midnight | Written | None) -> str:
    match limit:
        case Ago(us):
            return f"{duration_words(us)} ago"
        case Midnight(days):
            return "midnight" if not days else f"midnight {count_words(days, 'day')} ago"
        case Written(text):
            return text
        case _:
            return ""


# --- measures ----------------------------------------------------------------------------------------------


def event_phrase(node: EventTest | EventMissing, *, holds: bool) -> Phrase:
    """`who have made a purchase at least twice in the last 30 days`, or its opposite."""
    rows, measure = node.rows, node.measure
    test = node.test if isinstance(node, EventTest) else None
    if isinstance(test, Range) and measure.kind is MeasureKind.COUNT:
        return _counted(rows, test, holds=holds)
    if isinstance(test, Range) and measure.kind in _ADVERBS:
        often = f"{_did(rows)}{_adverb(measure, test)}{window_words(rows.window)}"
        return of_people(HAVE, often, "" if holds else "not")
    if measure.kind in _INSTANTS:
        return _instant(rows, measure.kind, test, holds=holds)
    said = tested(Present(), holds=not holds) if test is None else tested(test, holds=holds)
    return of_value(measured_words(rows, measure), said)


def _did(rows: Rows) -> str:
    return f"{done_words(rows.names)}{with_words(rows.where)}"


def _counted(rows: Rows, test: Range, *, holds: bool) -> Phrase:
    """How often; the opposite of `at least twice` is `at most once`."""
    wanted = test if holds else _opposite(test)
    low, high = _whole(wanted) if wanted else (0, 0)
    window = window_words(rows.window)
    if high == 0 and not low:
        return of_people(HAVE, f"{_did(rows)}{window}", "not" if window else "never")
    if wanted is None:
        return of_people(HAVE, f"{_did(rows)} {_often(test)}{window}", "not")
    if low == 1 and high is None:
        return of_people(HAVE, f"{_did(rows)}{window}")
    return of_people(HAVE, f"{_did(rows)} {_often(wanted)}{window}")


def _whole(test: Range) -> tuple[int | None, int | None]:
    """From how many to how many, both included; None without a limit, and where it is no whole number."""
    low = test.low + test.low_open if isinstance(test.low, int) else None
    high = test.high - test.high_open if isinstance(test.high, int) else None
    return low, high


def _opposite(test: Range) -> Range | None:
    """The other counts, where they are one range."""
    low, high = _whole(test)
    if test.high is None and low is not None:
        return Range(high=low - 1)
    if test.low is None and high is not None:
        return Range(low=high + 1)
    if (low, high) == (0, 0):
        return Range(low=1)
    return None


def _often(test: Range) -> str:
    """`at least twice`, `between 2 and 5 times`."""
    if test.low is not None and test.high is not None and test.low != test.high:
        return f"{range_words(test)} times"
    number = test.low if test.low is not None else test.high
    words = range_words(test)
    if isinstance(number, int) and number in _TIMES:
        return f"{words.removesuffix(f' {number}')} {_TIMES[number]}"
    return f"{words} times"


_ADVERBS = frozenset({MeasureKind.DAYS, MeasureKind.DISTINCT, MeasureKind.PERIODS})


def _adverb(measure: Measure, test: Range) -> str:
    words, many = range_words(test), "" if 1 in (test.low, test.high) and test.low in (None, 1, test.high) else "s"
    if measure.kind is MeasureKind.DAYS:
        return f" on {words} different day{many}"
    if measure.kind is MeasureKind.DISTINCT:
        return f" with {words} different value{many} of {path_words(measure.of or ())}"
    each = measure.each or 1
    often = "" if each == 1 else f" {_often(Range(low=each))}"
    return f"{often} in {words} period{many} of {duration_words(measure.every_us or 0)}"


def _instant(rows: Rows, kind: MeasureKind, test: MeasureTest | None, *, holds: bool) -> Phrase:
    """When it was for the first or the last time."""
    if test is None:
        return _counted(rows, Range(low=1), holds=not holds)
    events = f"{several_words(rows.names)}{with_words(rows.where)}{window_words(rows.window)}"
    which = f"the {kind.value} of"
    if isinstance(test, YearlyWithin | YearlyBetween):
        which, falls = f"the anniversary of {which}", predicate(_FALL, yearly_words(test), holds=holds)
        return Phrase(f"{which} whose {events}", f"{which} the {events}", falls)
    return Phrase(f"{which} whose {events}", f"{which} the {events}", tested(test, holds=holds), past=True)


def measured_words(rows: Rows, measure: Measure) -> str:
    """What is measured, as a thing: ``sum of `amount` over purchases in the last 30 days``."""
    window, where = window_words(rows.window), with_words(rows.where)
    events = f"{several_words(rows.names)}{where}{window}"
    match measure.kind:
        case MeasureKind.COUNT:
            return f"number of {events}"
        case MeasureKind.DAYS:
            return f"number of days with {events}"
        case MeasureKind.PERIODS:
            return f"number of periods of {duration_words(measure.every_us or 0)} with {events}"
        case MeasureKind.FIRST | MeasureKind.LAST as kind:
            return f"time of the {kind.value} of the {events}"
        case kind if kind in _OVER:
            return f"{_OVER[kind]} of `{on_one_line(dotted(measure.of or ()))}` over {events}"
        case kind:
            return f"{_OF[kind].format(path_words(measure.of or ()))} of {events}"


def more_words(rows: Rows, number: int) -> str:
    """So many more of them: `1 more purchase in the last 30 days`."""
    events = several_words(rows.names) if number > 1 else one_words(rows.names)
    return f"{number:,} more {events}{with_words(rows.where)}{window_words(rows.window)}"


# --- traits ---------------------------------------------------------------------------------------------------


def expression_words(part: Expression) -> str:
    """What a trait is: ``sum of `amount` over purchases``, `lifetime value divided by orders`."""
    match part:
        case Measured(rows, measure):
            return measured_words(rows, measure)
        case Number(value):
            return literal_words(value)
        case TraitOf(name):
            return spoken(name)
        case Arithmetic("-", Number(0), right):
            return f"minus {_operand(right)}"
        case Arithmetic(sign, left, right):
            return f"{_operand(left)} {_SIGNS[sign]} {_operand(right)}"


_SIGNS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}


def _operand(part: Expression) -> str:
    match part:
        case Arithmetic("-", Number(0), Number()):
            return expression_words(part)
        case Arithmetic():
            return f"({expression_words(part)})"
        case _:
            return expression_words(part)


# --- sequences, engagement, scores ------------------------------------------------------------------------------


def sequence_phrase(node: Sequence, *, holds: bool) -> Phrase:
    """`who have put something into the basket and then not made a purchase within 24 hours`."""
    first, *later = node.steps
    chain = "".join(f", then {_step(step)}" for step in later)
    window = window_words(first.rows.window)
    whole = f", all within {duration_words(node.complete_within_us)}" if node.complete_within_us is not None else ""
    said = f"{'first ' if later else ''}{_did(first.rows)}{window}{chain}{whole}"
    return of_people(HAVE, said) if holds else of_people(HAVE, f"({said})" if later else said, "not")


def _step(step: Step) -> str:
    words = f"{'not ' if step.absent else ''}{_did(step.rows)}{window_words(step.rows.window)}"
    if step.more_than_us is not None:
        words += " later" if not step.more_than_us else f" more than {duration_words(step.more_than_us)} later"
    if step.within_us is not None:
        words += f"{'' if step.more_than_us is None else ' and'} within {duration_words(step.within_us)}"
    return words


def engagement_phrase(node: Engagement, *, holds: bool) -> Phrase:
    """`who opened or clicked at least 50% of the e-mails of the 90 days before Monday`."""
    monday = "last week's Monday" if node.previous else "this week's Monday"
    when = f"the {duration_words(node.lookback_us)} before {monday}"
    if node.none:
        return of_people(WERE, f"sent {'no' if holds else 'an'} e-mail in {when}")
    low = "" if node.low is None else f"at least {_percent(node.low)}"
    high = "" if node.high is None else f"less than {_percent(node.high)}"
    share = " and ".join(part for part in (low, high) if part)
    return of_people(HAVE, f"opened or clicked {share} of the e-mails of {when}", "" if holds else "not")


def _percent(share: Decimal) -> str:
    text = f"{share * _HIGHEST:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def rfm_phrase(node: Rfm, *, holds: bool) -> Phrase:
    """`who are champions or loyal users by recency, frequency and money of purchases`."""
    of = f"{several_words(node.rows.names)}{with_words(node.rows.where)}{window_words(node.rows.window)}"
    groups = _groups(frozenset(node.scores))
    if groups:
        said = f"among the {listed([spoken(name) for name in groups], 'or')}"
    else:
        said = f"in {len(node.scores)} of the 64 groups"
    by = f"{said} by recency, frequency and {path_words(node.of)} of {of}"
    return of_people(BE, by, "" if holds else "not")


def _groups(scores: frozenset[tuple[int, int, int]]) -> list[str]:
    """The groups that these scores are; none if they are not whole groups."""
    members: dict[str, set[tuple[int, int, int]]] = {name: set() for name in GROUPS}
    for triple in ((r, f, m) for r in range(4) for f in range(4) for m in range(4)):
        ranges = ((n, among) for n, among in GROUPS.items() if all(s in a for s, a in zip(triple, among, strict=True)))
        name = next(ranges, (None, None))[0]
        if name is not None:
            members[name].add(triple)
    whole = [name for name, triples in members.items() if triples and triples <= scores]
    return whole if frozenset().union(*(members[name] for name in whole)) == scores else []
