from __future__ import annotations

import re
import time
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from segctl.plan.grants import Grant
from segctl.plan.plan import (
    Action,
    Backtest,
    Basis,
    Change,
    FieldChange,
    GuardFinding,
    Members,
    Movement,
    Plan,
    Proved,
    Reason,
    Relation,
)
from segctl.plan.plan import VariantMembers as Variant
from segctl.plan.values import Distribution, Values
from segctl.report.markdown import LIMIT, Beside, markdown
from segctl.report.markdown_text import code, html, prose

BASIS = Basis("shop", "f00", 3, 1_795_302_000_000_000, "d", "e")
ZONE = "Europe/Paris"

HOSTILE = (
    "@octocat", "@org/team", "![x](https://evil.example/p.png)", "[x](javascript:alert)", "<img src=x onerror=a>",
    "<script>alert(1)</script>", "</details></summary>", "`code`", "a|b", "a\n\n# heading", "```\nmermaid",
    "<!-- x -->", "https://evil.example", "www.evil.example", "a@b.example", "#123", "GH-12", "owner/repo#9",
    "!77", "\u202egnp.exe",
    "\u200b\u2066x\u2069", "\x1b[31mred", "\x00", "a\u0301\u0301\u0301\u0301\u0301", "&lt;b&gt;", "\\`x", "$x$",
    ":tada:", "**bold**", "~~gone~~", "::error::x", "\r\n| a | b |\n", "]]>", "%%{init: {}}%%",
    '"];click n0 "javascript:x"',
)  # fmt: skip


def plan(*changes: Change, **more: object) -> Plan:
    return Plan("apply", BASIS, changes, 498, digest="ab12", **more)  # type: ignore[arg-type]


def moving(name: str, entered: int = 24, exited: int = 4, *diff: FieldChange, **more: object) -> Change:
    members = Members(1000, 1000 + entered - exited, Movement(entered, exited))
    return Change(("segment", name), Action.UPDATE, (Reason.LOGIC,), diff, members, **more)  # type: ignore[arg-type]


def test_the_first_lines_say_what_as_of_when_against_what_and_the_digest() -> None:
    change = Change(
        ("segment", "vip"), Action.UPDATE, (Reason.LOGIC,), (FieldChange("where[0].at_least", 18, Decimal("21.5")),),
        Members(1000, 1020, Movement(24, 4), Movement(1, 1)),
    )  # fmt: skip
    assert markdown(plan(change), ZONE) == (
        "### Plan of `shop`\n\n"
        "**0 to create, 1 to update, 0 to delete**, 498 unchanged.  \n"
        "As of 2026-11-22 00:00 Europe/Paris, against serial 3, digest `ab12`\n\n"
        "| | change | members | entered, exited | by definition | by data | guards |\n"
        "| --- | --- | ---: | ---: | ---: | ---: | --- |\n"
        "| update | segment `vip` | 1,000 → 1,020 | +25 -5 | +24 -4 | +1 -1 |  |\n"
        "\n"
        "<details><summary>update <code>segment</code> <code>vip</code>: 1,000 → 1,020 members</summary>\n\n"
        "Its meaning changes.\n"
        "- `where[0].at_least`: `18` → `21.5`\n"
        "\n</details>\n\n"
    )


def test_no_changes_need_no_table() -> None:
    text = markdown(plan(), ZONE)
    assert "**No changes**; 498 definitions unchanged." in text
    assert "|" not in text


def test_refusals_stand_on_top() -> None:
    stop = GuardFinding("max_exit", ("segment", "vip"), "90 % of 1,000 members would leave, more than 30 %")
    let = GuardFinding("min_members", ("segment", "all"), "100 members, fewer than 200", allowed=True)
    text = markdown(plan(moving("all", 9, 0, guards=(let,)), moving("vip", 1, 1, guards=(stop,))), ZONE)
    assert text.index("1 guard would refuse this") < text.index("| change |")
    assert text.index("`vip`") < text.index("`all`"), "what is refused comes first"
    assert "**`max_exit`** refuses" in text
    assert "(allowed)" in text


def test_a_policy_is_told_in_the_words_of_the_plan() -> None:
    stop = GuardFinding("consent", ("segment", "vip"), "segment `vip` may hold others")
    other = GuardFinding("consent", ("segment", "all"), "segment `all` may hold others")
    policy = Change(("policy", "consent"), Action.UPDATE, (Reason.METADATA,))
    changes = moving("vip", 1, 1, guards=(stop,)), moving("all", 1, 1, guards=(other,))
    text = markdown(plan(*changes, policy), ZONE)
    assert "**1 policy would refuse this:**" in text, "one, whatever number it finds"
    assert "Its settings change.\n" in text


def test_what_is_proved_and_the_sizes_in_the_past_are_told() -> None:
    day = 86_400_000_000
    past = Backtest((BASIS.as_of_us - day, BASIS.as_of_us), (1200, 1300), (900, 1000))
    text = markdown(plan(moving("vip", proved=Proved(Relation.NARROWER), backtest=past)), ZONE)
    assert "- narrower: each of its members matches the old definition\n" in text
    assert "| 2026-11-21 00:00 Europe/Paris | 1,200 | 900 |\n" in text


def test_variants_and_values_of_traits_are_folded_tables() -> None:
    members = Members(10, 12, Movement(2, 0), reassigned=3, variants=(Variant("a", 5, 6), Variant("b|c", 5, 6)))
    spreads = Distribution("int64", 5, 5, (1, 2, 3, 4, 5, 6)), Distribution("double", 5, 5, (1, 2, 3, 4, 5, 7))
    text = markdown(
        plan(
            Change(("campaign", "win"), Action.UPDATE, members=members),
            Change(("trait", "spent"), Action.UPDATE, values=Values(*spreads, by_definition=4)),
        ),
        ZONE,
    )
    assert "| `a` | 5 | 6 |" in text
    assert "3 members to another variant." in text
    assert "| after | 1 | 2 | 3 | 4 | 5 | 7 |" in text
    assert "- type: `int64` → `double`" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_definitions_mean_nothing(text: str) -> None:
    for shown in (code(text), html(text), prose(text)):
        outside = re.sub(r"`[^`]*`", "", shown)
        assert "\n" not in shown
        assert "|" not in shown
        assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", shown)
        assert not set("@<>[]!*~\\|`#") & set(re.sub(r"</?code>|&#\d+;", "", outside))
        assert not re.search(r"&(?!#\d+;)", outside)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_definition_breaks_out_of_nothing(text: str) -> None:
    finding = GuardFinding("policy", ("segment", text), text, allowed=True)
    changes = (
        Change(
            ("segment", text), Action.UPDATE, (Reason.LOGIC,),
            (FieldChange(f"where[{text}]", text, {text: text}), FieldChange("description", None, text)),
            Members(1, 2, Movement(1, 0), variants=(Variant(text, 1, 2),)), (finding,),
        ),
        Change(("segment", "user"), Action.UPDATE, members=Members(1, 2, Movement(1, 0))),
    )  # fmt: skip
    shown = markdown(plan(*changes, guards=(finding,)), ZONE, Beside([(("segment", "user"), ("segment", text))]))
    tags = _Tags()
    tags.feed(re.sub(r"`[^`\n]*`", "", shown))
    assert set(tags.seen) <= {"details", "summary", "code"}
    assert not tags.open
    cells = [line for line in re.sub(r"`[^`\n]*`", "", shown).splitlines() if line.startswith("| ")]
    assert {line.count("|") for line in cells} <= {8, 4}
    assert shown.count("```") == 2
    assert shown.count("\n#") == 0


class _Tags(HTMLParser):
    """Which tags there are, and which are left open."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.seen.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def test_long_lists_of_values_and_what_could_be_ids_are_counted_never_shown() -> None:
    few = [FieldChange(f"where[0].in[{n}]", None, name) for n, name in enumerate(["FR", "DE"])]
    many = [FieldChange(f"where[1].in[{n}]", None, f"c{n}") for n in range(5)]
    ids = [FieldChange("where[2].not_in[0]", "u-100457", None), FieldChange("where[2].not_in[1]", None, 100458)]
    new = FieldChange("where[3]", None, {"attribute": "email", "is": "ada@example.org"})
    mail = FieldChange("description", "ask", "ask bob@example.org")
    owner = FieldChange("owner", "growth", "growth@acme.example")
    text = markdown(plan(moving("vip", 1, 1, *few, *many, *ids, new, mail, owner)), ZONE)
    assert "- `where[0].in[0]`: `FR` (new)" in text
    assert "- `where[1].in`: 5 values added" in text
    assert "- `where[2].not_in`: 1 value added, 1 value removed" in text
    assert "growth@acme.example" in text
    for secret in ("c3", "100457", "100458", "ada", "bob"):
        assert secret not in text


def test_new_conditions_hide_long_lists_too() -> None:
    diff = FieldChange("where[0]", None, {"any": [{"attribute": "id", "in": ["x1", "x2", "x3", "x4"]}]})
    assert "x3" not in markdown(plan(moving("vip", 1, 1, diff)), ZONE)


@pytest.mark.parametrize(
    ("changes", "lines"),
    [(1, 0), (1, 3), (1, 300), (24, 3), (25, 3), (26, 3), (26, 300), (500, 0), (500, 3), (2000, 0)],
)
def test_it_is_never_too_long_and_says_what_is_missing(changes: int, lines: int) -> None:
    diff = [FieldChange(f"where[{n}].at_least", n, "x" * 200) for n in range(lines)]
    found = tuple(moving(f"segment_{n:04}", n, 0, *diff) for n in range(changes))
    text = markdown(plan(*found), ZONE)
    assert len(text) <= LIMIT <= 60_000
    missing = re.search(r"\*\*([\d,]+) more rows?\*\* are not shown", text)
    rows = len(re.findall(r"^\| update ", text, re.MULTILINE))
    assert rows + (int(missing[1].replace(",", "")) if missing else 0) == changes
    parts = text.count("<summary>update")
    gone = re.search(r"details of ([\d,]+) more changes? are not shown", text)
    assert parts + (int(gone[1].replace(",", "")) if gone else 0) == changes
    assert text.count("<details>") == text.count("</details>")
    if len(text) < LIMIT * 0.5 and lines < 300:
        assert "not shown here" not in text
        assert "more line" not in text


def test_the_longest_part_is_cut_first() -> None:
    long = [FieldChange(f"where[{n}].at_least", n, "x" * 200) for n in range(500)]
    text = markdown(plan(moving("long", 9, 9, *long), *(moving(f"s{n}", 1, 1, *long[:3]) for n in range(30))), ZONE)
    assert len(text) <= LIMIT
    assert len(re.findall("more lines: `segctl plan` shows all", text)) == 1
    assert text.count("<summary>update") == 31


def test_a_text_that_is_cut_costs_what_is_shown_of_it() -> None:
    began = time.process_time()
    assert code("a\u0301\u0301\u0301" * 1_000_000, 5).startswith("<code>a\u0301\u0301")
    assert prose("x" * 4_000_000, 5) == "xxxxx … &#40;3&#44;999&#44;995 more characters&#41;"
    assert time.process_time() - began < 0.5


def test_hostile_names_of_any_length_stay_within_the_limit() -> None:
    name = "\U0001f600@|`<" * 3000
    found = [moving(f"{name}{n}", 1, 1, FieldChange(name, name, {name: [name]})) for n in range(300)]
    stop = [GuardFinding("max_exit", ("segment", name), name) for _ in range(300)]
    shown = markdown(plan(*found, guards=tuple(stop)), ZONE, Beside([(one.key, found[0].key) for one in found]))
    assert len(shown) <= LIMIT


def test_what_is_touched_is_drawn_with_what_uses_it() -> None:
    uses = [(("campaign", "win"), ("segment", "vip")), (("campaign", "other"), ("segment", "alone"))]
    text = markdown(plan(moving("vip")), ZONE, Beside(uses))
    assert "```mermaid\nflowchart LR\n" in text
    assert "campaign win" in text
    assert "other" not in text


def test_what_is_no_part_of_the_plan_is_a_note() -> None:
    assert "> planned against nothing\n" in markdown(plan(), ZONE, Beside(notes=["planned against nothing"]))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_invisible_is_put_into_what_is_shown(text: str) -> None:
    for shown in (code(text), html(text), prose(text), prose(f"pass `{text}` twice")):
        assert not re.search(r"[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]", shown)


def test_a_command_in_a_message_can_be_copied_as_it_stands() -> None:
    message = 'segment `vip` would lose 3 of 5 members (60.0 %); pass `--allow max_exit:vip --reason "..."`'
    shown = prose(message)
    assert '`--allow max_exit:vip --reason "..."`' in shown
    assert shown.startswith("segment `vip` would lose 3 of 5 members &#40;60&#46;0 &#37;&#41;")


def test_addresses_and_mentions_are_code_wherever_they_stand() -> None:
    assert prose("ask @octocat or a@b.example") == "ask `@octocat` or `a@b.example`"
    assert prose("`a`@octocat") == "`a`<code>&#64;octocat</code>"
    assert "</code>&#64;<code>" in code("a@b.example|"), "between tags Markdown would find an address"


def test_what_is_allowed_is_told_with_who_and_why_and_whether_it_is_needed() -> None:
    stop = GuardFinding("max_exit", ("segment", "vip"), "too many leave", allowed=True)
    grants = (
        Grant("max_exit:vip", "the sale is over, @all", "ada", "https://github.example/acme/shop/pull/7"),
        Grant("max_enter", "just in case"),
    )
    planned = plan(moving("vip", guards=(stop,)), allowances=frozenset(grant.allowance for grant in grants))
    shown = markdown(planned, ZONE, Beside(granted=grants))
    assert "**Allowed:**\n\n- `max_exit:vip` by `ada`: the sale is over&#44; `@all`\n" in shown
    assert "- `max_enter`: just in case (not needed: it lets nothing pass)\n" in shown
