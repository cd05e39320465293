"""Which users a generated test has; who of them is in is said by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from segctl.logic.times import written_us
from segctl.progress import Silent
from segctl.workflow.generating import Wish, generated
from segctl.workflow.testing import test as run_tests
from tests.edges.conftest import Write

NOW = written_us("2026-11-22", "Europe/Paris")


def users(write: Write, *definitions: str, name: str = "s") -> dict[str, bool]:
    """The users by the words of their comments, and whether they are in; the written test passes."""
    root = write(*definitions)
    text = generated(root, name, Wish(NOW, data=False), Silent()).text
    (root / "segments" / "generated.yaml").write_text(text)
    (result,) = run_tests(root, ()).results
    assert result.passed, result.diagnostics
    said = re.sub(r"\n    # (?!in:|out:)", " ", text)
    lines = re.findall(r"^    # (in|out): (.*)$", said, re.MULTILINE)
    return {words: member == "in" for member, line in lines for words in line.split("; ")}


def segment(where: str, more: str = "") -> str:
    return f"kind: segment\nname: s\nwhere: {where}\n{more}"


def test_a_count_is_exact_or_one_less_and_its_window_has_four_edges(write: Write) -> None:
    found = users(write, segment("{event: purchase, count: {at_least: 2}, within: 30d}"))
    assert found == {
        "purchase: exactly 2": True,
        "purchase: one less": False,
        "purchase: none": False,
        "nothing known": False,
        "purchase: first microsecond": True,
        "purchase: a microsecond too early": False,
        "purchase: long before": False,
        "purchase: last microsecond before as_of": True,
        "purchase: at as_of": False,
    }


def test_the_first_microsecond_of_a_window_is_told_across_a_change_of_clocks(write: Write) -> None:
    root = write(segment("{event: purchase, within: 30d}"))
    text = generated(root, "s", Wish(NOW, data=False), Silent()).text
    assert 'as_of: "2026-11-22 12:00"' in text
    assert 'event: purchase, time: "2026-10-23 13:00"' in text  # 30 x 24 hours ago it was summer time
    assert 'event: purchase, time: "2026-10-23 12:59:59.999999"' in text


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("{attribute: age, at_least: 18}", {"age: exactly 18": True, "age: 17, just below": False}),
        ("{attribute: age, more_than: 18}", {"age: exactly 19": True, "age: 18, just below": False}),
        (
            "{attribute: country, in: [FR, BE]}",
            {"country: FR": True, "country: BE": True, "country: be, in other letters": False,
             "country: another value": False, "country: missing": False},
        ),
        ("{attribute: country, is: FR, ignore_case: true}", {"country: FR, in other letters": True}),
        ("{attribute: country, is: FR, or_missing: true}", {"country: missing": True}),
        (
            "{attribute: name, starts_with: An}",
            {"name: starts with An": True, "name: ends with An": False, "name: empty": False},
        ),
        (
            "{attribute: tags, includes_all: [a, b]}",
            {"tags: all of them": True, "tags: only a": False, "tags: only b": False, "tags: no elements": False},
        ),
        (
            "{attribute: signup, within_last: 7d}",
            {"signup: first microsecond": True, "signup: a microsecond too early": False,
             "signup: last microsecond": True, "signup: a microsecond too late": False, "signup: missing": False},
        ),
        (
            "{attribute: signup, on: 2026-03-29}",
            {"signup: first microsecond": True, "signup: a microsecond too late": False},
        ),
        (
            "{event: purchase, sum: {of: amount, more_than: 100}}",
            {"purchase: sum of amount 100, exactly, of two": False,
             "purchase: sum of amount 100.01, just in, of two": True, "purchase: without amount": False},
        ),
        (
            "{event: purchase, days: {at_least: 3}}",
            {"purchase: exactly 3 days": True, "purchase: 3 on 2 days": False, "purchase: one less days": False},
        ),
        (
            "{event: purchase, where: {property: product.color, is: red}}",
            {"purchase: product.color another value": False, "purchase: product.color missing": False},
        ),
        ("{attribute: email, matches: '@gmail[.]com$'}",
         {"email: like @gmail[.]com$": True, "email: like @gmail[.]com$, with more around it": False}),
        ("{attribute: app, version: {at_least: '2.14'}}",
         {"app: version 2.14": True, "app: version 2.14.1, the next patch": True,
          "app: version 2.13.999, just below": False, "app: version 2.14-beta, before its release": False,
          "app: no version": False}),
        ("{attribute: tags, length: {at_least: 2}}", {"tags: 2 elements": True, "tags: 1 element": False}),
        ("{attribute: born, anniversary: {between: [12-20, 01-05]}}",
         {"born: first day of the year's": True, "born: the day before": False,
          "born: last day of the year's": True, "born: the day after": False}),
        ("{attribute: home, near: {lat: 48.85, lon: 2.35, radius: 5km}}",
         {"home: 1 m inside": True, "home: 1 m outside": False, "home: missing": False}),
        ("{attribute: home, inside: {polygon: [[2, 48], [3, 48], [3, 49], [2, 49]]}}",
         {"home: inside": True, "home: at a corner": True, "home: just outside": False}),
        ("{attribute: accounts, any_element: {all: [{attribute: type, is: ira}, {attribute: sum, more_than: 10}]}}",
         {"accounts: two elements that only together do": False, "accounts: no elements": False,
          "accounts: element sum 10, just below": False}),
        ("{sequence: [{event: cart}, {event: buy, after_previous: {within: 1d}}], within: 30d}",
         {"sequence: all steps": True, "sequence: steps in reverse": False,
          "sequence: buy exactly the longest after the step before": True,
          "sequence: buy a microsecond more than the longest after the step before": False,
          "sequence: first step at first microsecond": True, "sequence: first step at a microsecond too early": False}),
        ("{sequence: [{event: cart}, {no: buy, after_previous: {within: 1d}}]}",
         {"sequence: buy at its limit": False, "sequence: buy a microsecond after its limit": True,
          "sequence: buy at the step before": False, "sequence: time is over as of now": False,
          "sequence: time is over a microsecond before": True}),
        ("{sequence: [{event: cart}, {no: buy, after_previous: {within: 1h}}, {event: buy}]}",
         {"sequence: all steps": True, "sequence: buy, step 2, at the limit of what forbids it": False,
          "sequence: buy, step 2, a microsecond after what forbids it": True, "sequence: buy at the step before": False,
          "sequence: buy at its limit": False, "sequence: buy a microsecond after its limit": True}),
        ("{sequence: [{event: cart}, {no: buy}, {event: buy}]}",
         {"sequence: all steps": True, "sequence: buy a minute after": True, "sequence: buy at the next step": False,
          "sequence: buy a microsecond after the next step": True}),
        (("{sequence: [{event: cart}, {no: buy, after_previous: {within: 1h}}, "
          "{event: cart, after_previous: {within: 59min}}, {event: buy, after_previous: {within: 2min}}]}"),
         {"sequence: all steps": True, "sequence: without cart, step 2": False}),
        ("{event: purchase, first: {anniversary: {on: 02-29}}}",
         {"purchase: first at first day of the year's": True, "purchase: first at the day before": False,
          "purchase: first at first day of the year's, its last microsecond": True,
          "purchase: first at the day after": True, "purchase: none": False}),
        ("{event: purchase, last: {is_not: 2026-01-15}}",
         {"purchase: last at first microsecond": False, "purchase: last at a microsecond too early": True,
          "purchase: last at last microsecond": False, "purchase: last at a microsecond too late": True,
          "purchase: none": True}),
        ("{event: purchase, median: {of: amount, at_least: 20}}",
         {"purchase: median of amount 20, exactly": True, "purchase: median of amount 19.99, just out": False}),
        ("{event: purchase, periods: {every: 7d, at_least: 3}, within: 28d}",
         {"purchase: exactly 3 periods": True, "purchase: one less periods": False}),
        ("{event: [purchase, refund]}", {"refund: counts as well": True}),
        ("{bucket: {from: 0, to: 4999}}", {"bucket: 4999 last": True, "bucket: 5000 just above": False}),
    ],
)  # fmt: skip
def test_every_operator_has_its_edges(write: Write, where: str, expected: dict[str, bool]) -> None:
    found = users(write, segment(where))
    assert {words: found.get(words) for words in expected} == expected


def test_a_condition_decides_since_everything_around_it_is_so(write: Write) -> None:
    found = users(
        write,
        segment("[{attribute: age, at_least: 18}, {any: [{list: vips}, {event: purchase}]}]"),
        "kind: list\nname: vips\npath: vips.csv\nid: id\n",
    )
    assert (found["age: 17, just below"], found["vips: in list"], found["vips: not in list"]) == (False, True, False)


def test_segments_are_looked_into_and_extensions_are_given(write: Write) -> None:
    found = users(
        write,
        segment("{segment: adults}", "exclude: [{extension: abusers}]"),
        "kind: segment\nname: adults\nwhere: {attribute: age, at_least: 18}\n",
        "kind: extension\nname: abusers\nfrom: {event: refund, count: {at_least: 3}}\n",
    )
    assert found["age: 17, just below"] is False
    assert found["abusers: in extension"] is False
    assert not any("refund" in words for words in found)


def test_of_a_campaign_the_audience_has_edges(write: Write) -> None:
    found = users(
        write,
        "kind: campaign\nname: offer\naudience: {include: [adults], where: {attribute: country, is: FR}}\n",
        "kind: segment\nname: adults\nwhere: {attribute: age, at_least: 18}\n",
        name="offer",
    )
    assert (found["age: 17, just below"], found["country: another value"]) == (False, False)


def test_of_an_engagement_level_the_share_and_the_look_back_have_edges(write: Write) -> None:
    root = write(segment("{engagement: most}"))
    project = root / "segments" / "segctl.yaml"
    project.write_text(
        project.read_text() + "messages:\n  email: {sent: sent, opened: opened, clicked: clicked}\n"
        "  properties: {message: id, campaign: campaign}\nengagement: {lookback: 90d, most: 50%, somewhat: 20%}\n"
    )
    text = generated(root, "s", Wish(NOW, data=False), Silent()).text
    assert "# in: engagement: 1 of 2 e-mails answered" in text
    assert "# out: engagement: 0 of 2 e-mails answered" in text
    assert "# in: engagement: sent exactly 24 hours before" in text
    assert "# out: engagement: sent a microsecond later than 24 hours before" in text


def test_where_other_conditions_stand_in_the_way_the_file_says_so(write: Write) -> None:
    root = write(segment("[{attribute: age, at_least: 18}, {attribute: age, at_least: 21}]"))
    text = generated(root, "s", Wish(NOW, data=False), Silent()).text
    assert "because of other conditions" in text


def test_what_takes_too_many_rows_is_said(write: Write) -> None:
    root = write(segment("{event: purchase, count: {at_least: 1000}}"))
    text = generated(root, "s", Wish(NOW, data=False), Silent()).text
    assert "# There are no users at the edges of purchase: they take more than 400 rows each." in text
    assert "# No user was found who is in: check whether any user can be." in text


def test_a_name_that_a_test_has_is_not_taken_again(write: Write) -> None:
    other = "kind: test\nname: s_edges\nas_of: 2026-11-22\ngiven: {users: [{id: a}]}\nexpect: {s: {out: [a]}}\n"
    root = write(segment("{attribute: age, at_least: 18}"), other)
    assert generated(root, "s", Wish(NOW, data=False), Silent()).name == "s_edges_2"


def test_windows_in_the_future_are_over_as_of_the_test(write: Write) -> None:
    root = write(segment("{event: purchase, between: [2030-01-01, 2030-01-31]}"))
    text = generated(root, "s", Wish(NOW, data=False), Silent()).text
    assert 'as_of: "2030-02-02 12:00"' in text


def test_the_test_stands_as_of_the_instant_that_is_asked_for(write: Write, tmp_path: Path) -> None:
    write(segment("{event: purchase, within: 1d}"))
    text = generated(tmp_path, "s", Wish(NOW, "2026-03-29 12:00", data=False), Silent()).text
    assert 'as_of: "2026-03-29 12:00"' in text
    assert 'time: "2026-03-28 11:00"' in text  # the day of 23 hours
