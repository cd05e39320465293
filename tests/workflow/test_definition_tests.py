from __future__ import annotations

from pathlib import Path

import pytest

from segctl.diagnostics import Severity
from segctl.graph import build
from segctl.load.project import load
from segctl.logic.outcome import Outcome
from segctl.workflow.definition_tests import TestResult, run_tests

PROJECT = """
kind: project
name: shop
timezone: Europe/Paris
users: {path: users.csv, id: id}
catalogs: {product: {path: products.csv, key: sku}}
"""

BUYERS = """
kind: segment
name: red_buyers
where:
  - attribute: country
    in: [FR, BE]
  - event: purchase
    where: {property: color, is: red}
    count: {at_least: 2}
    within: 30d
exclude:
  - list: staff
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(root: Path, *files: str) -> tuple[TestResult, ...]:
    """The results of all tests in these definition files."""
    folder = root / "segments"
    folder.mkdir()
    (folder / "segctl.yaml").write_text(PROJECT)
    (folder / "staff.yaml").write_text("{kind: list, name: staff, path: staff.csv, id: id}")
    for number, text in enumerate(files):
        (folder / f"{number}.yaml").write_text(text)
    definitions = load(root)
    return run_tests(definitions, build(definitions))


TEST = """
kind: test
name: red
as_of: 2026-11-22
given:
  users:
    - {id: ada, country: FR}
    - {id: ben, country: BE}
    - {id: cleo, country: NO}
    - {id: dan, country: FR}
  lists: {staff: [dan]}
  events:
    - {user: ada, event: purchase, time: 2026-10-23 01:00, color: red} # 30 x 24 hours ago, it was summer time
    - {user: ada, event: purchase, time: 2026-11-01 10:00, color: red}
    - {user: ben, event: purchase, time: 2026-11-01, color: red}
    - {user: dan, event: purchase, time: 2026-11-01, color: red}
    - {user: dan, event: purchase, time: 2026-11-02, color: red}
expect:
  red_buyers:
    in: [ada, ben]
    out: [cleo, dan]
"""


def test_an_expectation_that_is_not_met_says_why(root: Path) -> None:
    (result,) = run(root, BUYERS, TEST)
    assert (result.passed, result.expectations, result.diagnostics) == (False, 4, ())
    assert [(w.expected.user, w.expected.member) for w in result.wrong] == [("ben", True)]
    (wrong,) = result.wrong
    assert str(wrong.expected.span) == "segments/1.yaml:20:15"
    outcome = wrong.outcome
    assert not outcome.holds
    values = [(part.holds, part.actual) for part in leaves(outcome)]
    assert values == [(True, "BE"), (False, 1), (False, None)]


def leaves(outcome: Outcome) -> list[Outcome]:
    return [leaf for part in outcome.children for leaf in leaves(part)] if outcome.children else [outcome]


def test_a_test_that_is_met_passes(root: Path) -> None:
    (result,) = run(root, BUYERS, TEST.replace("[ada, ben]", "[ada]").replace("[cleo, dan]", "[ben, cleo, dan]"))
    assert (result.passed, result.wrong) == (True, ())


def test_columns_that_are_not_given_are_missing_for_everybody(root: Path) -> None:
    segment = """
kind: segment
name: s
where:
  any:
    - {attribute: age, is_not: 5}
    - {event: purchase, sum: {of: product.price, at_least: 10}}
    - {event: visit, average: {of: seconds, at_least: 10}}
---
kind: segment
name: t
where: {not: {segment: s}}
"""
    test = """
kind: test
name: bare
as_of: 2026-11-22
given: {users: [{id: ada}]}
expect: {s: {in: [ada]}, t: {out: [ada]}}
"""
    (result,) = run(root, segment, test)
    assert (result.passed, result.diagnostics) == (True, ())


def test_extensions_are_given_or_computed_and_campaigns_are_their_audience(root: Path) -> None:
    definitions = """
kind: extension
name: reds
from: {event: purchase, where: {property: color, is: red}}
---
kind: segment
name: s
where: {extension: reds}
---
kind: campaign
name: c
audience: {include: [s], exclude: [out]}
---
kind: segment
name: out
where: {list: staff}
"""
    computed = """
kind: test
name: computed
as_of: 2026-11-22
given:
  users: [{id: ada}, {id: ben}]
  events: [{user: ada, event: purchase, time: 2026-11-01, color: red}]
expect: {reds: {in: [ada], out: [ben]}, c: {in: [ada], out: [ben]}}
"""
    fixed = """
kind: test
name: fixed
as_of: 2026-11-22
given:
  users: [{id: ada}, {id: ben}]
  events: [{user: ada, event: purchase, time: 2026-11-01, color: red}]
  extensions: {reds: [ben]}
expect: {s: {in: [ben], out: [ada]}, c: {in: [ben], out: [ada]}}
"""
    results = run(root, definitions, computed, fixed)
    assert [(result.name, result.passed, result.wrong) for result in results] == [
        ("computed", True, ()),
        ("fixed", True, ()),
    ]


def test_what_is_wrong_with_the_test_itself_fails_it(root: Path) -> None:
    test = """
kind: test
name: bad
as_of: 2026-11-22
given:
  users: [{id: ada, country: 33}, {id: ada}]
  events: [{user: adda, event: purchase, time: 2026-11-01}]
expect: {red_buyers: {out: [ada, adaa]}}
"""
    (result,) = run(root, BUYERS, test)
    assert not result.passed
    told = [(d.severity, str(d.span), d.summary, d.hint) for d in result.diagnostics]
    assert told == [
        (Severity.ERROR, "segments/1.yaml:6:40", "two users have the id `ada`", "give each user an id of its own"),
        (Severity.WARNING, "segments/1.yaml:7:19", "`adda` is none of the given users", "did you mean `ada`?"),
        (Severity.ERROR, "segments/1.yaml:8:34", "`adaa` is none of the given users", "did you mean `ada`?"),
    ]


def test_given_values_that_no_condition_fits_are_told_where_the_condition_stands(root: Path) -> None:
    test = """
kind: test
name: bad
as_of: 2026-11-22
given: {users: [{id: ada, country: 33}]}
expect: {red_buyers: {out: [ada]}}
"""
    (result,) = run(root, BUYERS, test)
    assert not result.passed
    assert [(str(d.span), d.summary) for d in result.diagnostics] == [
        ("segments/0.yaml:6:10", "`country` is an integer, and `FR` is text"),
        ("segments/0.yaml:6:14", "`country` is an integer, and `BE` is text"),
    ]


def test_a_long_chain_of_segments(root: Path) -> None:
    chain = ["{kind: segment, name: s0, where: {attribute: vip, is: true}}"]
    chain += [f"{{kind: segment, name: s{n}, where: {{not: {{segment: s{n - 1}}}}}}}" for n in range(1, 1_500)]
    test = """
kind: test
name: chain
as_of: 2026-11-22
given: {users: [{id: ada, vip: true}]}
expect: {s1499: {in: [ada]}}
"""
    (result,) = run(root, "\n---\n".join(chain), test)
    assert [w.expected.user for w in result.wrong] == ["ada"]
    depth, outcome = 0, result.wrong[0].outcome
    while outcome.children:
        depth, outcome = depth + 1, outcome.children[0]
    assert depth == 100  # fifty segments are opened, each a `not`


def test_a_column_that_nobody_reads_and_that_is_nearly_one_that_is_read_is_doubted(root: Path) -> None:
    test = TEST.replace("country: FR", "contry: FR").replace("color: red", "colour: red")
    (result,) = run(root, BUYERS, test.replace("cleo, country: NO", "cleo").replace("ben, country: BE", "ben"))
    told = [(str(d.span), d.summary, d.hint) for d in result.diagnostics if d.severity is Severity.WARNING]
    assert told == [
        ("segments/1.yaml:7:17", "no condition reads `contry`", "did you mean `country`?"),
        ("segments/1.yaml:13:60", "no condition reads `colour`", "did you mean `color`?"),
    ]
