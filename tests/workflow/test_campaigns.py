"""What a user did with messages of campaigns, from files to members; who is in is counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import xxhash

from segctl.diagnostics import InvalidInput
from segctl.graph import build
from segctl.load.project import load
from segctl.plan.variant_choice import VariantChoice
from segctl.progress import Silent
from segctl.workflow.definition_tests import run_tests
from segctl.workflow.live_members import live
from segctl.workflow.members import Asked
from segctl.workflow.plan import plan
from segctl.workflow.request import Request
from tests.workflow.small_shop import EVENTS, PROJECT, write

AS_OF = "2026-11-20"
EVERY = VariantChoice(every=True)


def members(root: Path, where: str) -> str:
    """The first letters of the members of a segment of this condition."""
    write(root, f"{{kind: segment, name: it, where: {where}}}")
    (roll,) = live(root, Asked(("it",)), Request(0, AS_OF), Silent()).lists
    return "".join(one[0] for one in roll.ids.to_pylist())


CASES = [
    ("{campaign: spring, did: received}", "abc"),
    ("{campaign: spring, did: received, channel: email}", "ab"),
    ("{campaign: spring, did: received, channel: push}", "c"),
    ("{campaign: spring, did: received, variant: control}", "b"),
    ("{campaign: {tag: seasonal}, did: received}", "abc"),
    ("{campaign: {tag: nothing_has_it}, did: received}", ""),
    ('{campaign: "*", did: received, within: 10d}', "abc"),
    ('{campaign: "*", did: received, within: 9d}', "c"),
    ("{campaign: [spring, autumn], did: opened}", "a"),
    ("{campaign: autumn, did: clicked}", "b"),
    ("{campaign: autumn, did: unsubscribed}", "c"),
    ("{campaign: not_defined_here, did: opened}", ""),
    ("{campaign: spring, did: converted}", "ac"),  # bob bought a second too late
    ("{campaign: spring, did: converted, channel: email}", "a"),
    ("{campaign: spring, did: converted, within: 10d}", "ac"),
    ("{campaign: spring, did: converted, within: 9d}", "a"),
    ("{not: {campaign: spring, did: converted}}", "bd"),
    ("{event: '*', within: 30d}", "abc"),
    ("{event: '*', count: {at_least: 2}}", ""),
    ("{event: ['purchase', 'mail_sent', visit], count: {at_least: 2}}", "abc"),
]


@pytest.mark.parametrize(("where", "expected"), CASES, ids=[case[0] for case in CASES])
def test_who_did_what(tmp_path: Path, where: str, expected: str) -> None:
    assert members(tmp_path, where) == expected


def test_the_control_group_is_of_the_audience_by_the_hash_of_the_variant(tmp_path: Path) -> None:
    french = [
        one for one in ("ann", "bob", "dan") if xxhash.xxh3_64_intdigest(f"spring:{one}".encode()) % 10_000 >= 5_000
    ]
    assert members(tmp_path, "{campaign: spring, did: in_control}") == "".join(one[0] for one in french)
    write(tmp_path)
    (roll,) = live(tmp_path, Asked(("spring",), variants=EVERY), Request(0, AS_OF), Silent()).lists
    assert roll.variants is not None
    given = dict(zip(roll.ids.to_pylist(), roll.variants.to_pylist(), strict=True))
    assert french == [one for one, variant in given.items() if variant == "control"]
    (messaged,) = live(tmp_path, Asked(("spring",)), Request(0, AS_OF), Silent()).lists
    assert messaged.ids.to_pylist() == [one for one in given if one not in french]
    assert messaged.control == len(french)


TEST = """
kind: segment
name: converted
where: {campaign: spring, did: converted}
---
kind: segment
name: held_out
where: {campaign: spring, did: in_control}
---
kind: segment
name: least
where: {engagement: least}
---
kind: test
name: messages
as_of: 2026-11-20
given:
  users: [{id: ann, country: FR}, {id: bob, country: BE}]
  events:
    - {user: ann, event: mail_sent, time: 2026-11-10 09:00, campaign: spring, message: m1}
    - {user: ann, event: purchase, time: 2026-11-12 09:00}
    - {user: bob, event: mail_sent, time: 2026-11-10 09:00, campaign: autumn, message: m1}
    - {user: bob, event: purchase, time: 2026-11-10 09:00}
    - {user: bob, event: mail_opened, time: 2026-11-10 09:00, message: m1}
expect:
  converted: {in: [ann], out: [bob]}
  held_out: {out: [bob]}
  least: {in: [ann], out: [bob]}
"""


def test_definition_tests_know_messages_and_campaigns(tmp_path: Path) -> None:
    definitions = load(write(tmp_path, TEST))
    (result,) = run_tests(definitions, build(definitions))
    assert (result.passed, result.expectations, result.diagnostics) == (True, 5, ())


def test_a_plan_of_such_segments_follows_the_campaign(tmp_path: Path) -> None:
    write(tmp_path, "{kind: segment, name: converted, where: {campaign: spring, did: converted}}")
    prepared = plan(tmp_path, Request(0, AS_OF), Silent())
    (change,) = [one for one in prepared.plan.changes if one.key == ("segment", "converted")]
    assert change.members is not None
    assert change.members.after == 2


@pytest.mark.parametrize(
    ("where", "missing", "said"),
    [
        ("{campaign: spring, did: opened}", "messages", "the project names no messages"),
        ("{campaign: spring, did: clicked, channel: push}", "", "names no event `clicked` of `push`"),
        ("{campaign: spring, did: opened}", "  properties", "it is not known which campaign a message is of"),
        ("{engagement: most}", "messages", "the project names no e-mails"),
        ("{engagement: most}", "  properties", "it is not known which e-mail was opened"),
        ("{campaign: autumn, did: converted}", "", "the campaign `autumn` does not say what a conversion is"),
        ("{campaign: autumn, did: in_control}", "", "the campaign `autumn` has no control group"),
    ],
)
def test_what_the_project_does_not_say_is_told_at_the_condition(
    tmp_path: Path, where: str, missing: str, said: str
) -> None:
    kept = []
    for line in PROJECT.splitlines():
        inside = missing == "messages" and line.startswith("  ") and not line.startswith("  - ")
        if not (missing and (line.startswith(missing) or inside)):
            kept.append(line)
    write(tmp_path, f"{{kind: segment, name: it, where: {where}}}", "\n".join(kept))
    with pytest.raises(InvalidInput) as raised:
        live(tmp_path, Asked(("it",)), Request(0, AS_OF), Silent())
    (found,) = raised.value.diagnostics
    assert said in found.summary
    assert found.hint
    assert found.span is not None
    assert found.span.column == where.index(":") + len("{kind: segment, name: it, where: ") + 3


def test_ids_of_messages_that_are_no_ids_are_told(tmp_path: Path) -> None:
    wrong = EVENTS.replace("m1", "true").replace("m2", "true").replace("m3", "false")
    wrong = wrong.replace("m4", "true").replace("m5", "true")
    write(tmp_path, "{kind: segment, name: it, where: {engagement: most}}", events=wrong)
    with pytest.raises(InvalidInput) as raised:
        live(tmp_path, Asked(("it",)), Request(0, AS_OF), Silent())
    assert {found.code for found in raised.value.diagnostics} == {"message-id"}
