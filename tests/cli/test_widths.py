"""Every command at 80 and at 60 columns: no word and no number is broken, and no line is too long without need."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len

from segctl.cli.commands import COMMANDS
from segctl.cli.terminal import PIPE_WIDTH, Stream
from tests.cli.conftest import Outcome, Shop

Call = Callable[[list[str]], Outcome]
DAY = ("--as-of", "2026-11-22")
WIDTHS = (80, 60)
USERS = 12_345
LONG = "people_who_bought_the_autumn_collection_twice_and_came_back"
LONGEST = "a" * 100
WITHOUT_TABLES = {"init", "fmt", "schema", "completion", "version", "help", "members", "forget", "state"}
LINES: dict[str, list[list[str]]] = {
    "validate": [["validate"]],
    "test": [["test"]],
    "plan": [["plan", *DAY], ["plan", *DAY, "--backtest", "90d", "--backtest-points", "3"]],
    "apply": [["apply", *DAY, "--auto-approve"]],
    "refresh": [["refresh", "--as-of", "2026-11-23", "--all"]],
    "list": [["list"]],
    "show": [["show", LONG], ["show", LONGEST], ["show", "summed_amounts_of_everything_they_ever_bought"]],
    "graph": [["graph"]],
    "traits": [["traits", "--live", *DAY]],
    "engagement": [["engagement", *DAY]],
    "explain": [["explain", LONG, "--user", "ada", *DAY]],
    "user": [["user", "ada", *DAY], ["user", "ada", "--all", "--all-properties", *DAY]],
    "history": [["history"], ["history", LONG], ["history", "--serial", "1"]],
    "diff": [["diff", "1", "2"]],
    "rollback": [["rollback", "1", "--dry-run"]],
    "drift": [["drift", *DAY]],
    "unlock": [["unlock"]],
    "gc": [["gc", "--dry-run"]],
    "doctor": [["doctor"]],
}


def words(text: str) -> set[str]:
    """What may not be broken."""
    return set(text.split())


def unfit(text: str, width: int) -> list[str]:
    """Lines that are too long although they have a blank to be broken at; commands to copy stay whole."""
    return [
        line
        for line in text.splitlines()
        if cell_len(line) > width and max(map(cell_len, line.split())) <= width - 24 and ": segctl " not in line
    ]


@pytest.fixture
def wide_shop(shop: Shop) -> Shop:
    """Long names, many users, large amounts, long texts; a trait of times."""
    users = shop.folder / "data" / "users.csv"
    head, *rows = users.read_text().splitlines()
    blank = "," * (head.count(","))
    more = [f"x{number}{blank}" for number in range(USERS - len(rows))]
    users.write_text("\n".join([head, *rows, *more]) + "\n")
    orders = shop.folder / "data" / "orders.csv"
    orders.write_text(orders.read_text().rstrip() + "\nx1,2026-01-01 10:00:00,987654321.12,red\n")
    about = "description: Everybody who did what the name says, see https://example.com/wiki/audiences/autumn\n"
    shop.segment(LONG, "{any: [{event: purchase, count: {at_least: 2}}, {attribute: age, more_than: 30}]}", about)
    shop.segment(
        LONGEST, f"{{not: {{segment: {LONG}}}}}", f"owner: {'b' * 40}\ntags: [autumn, winter, spring, summer]\n"
    )
    trait = "kind: trait\nname: {}\nvalue: {{event: purchase, {}}}\n"
    shop.write("segments/sum.yaml", trait.format("summed_amounts_of_everything_they_ever_bought", "sum: {of: amount}"))
    shop.write("segments/last.yaml", trait.format("last_order", "last: {}").replace("last: {}", "last: true"))
    shop.write("segments/colour.yaml", trait.format("colour", "most_frequent: {of: color}"))
    control = "{name: nobody, percent: 10, control: true}"
    variants = f"variants: [{{name: a, percent: 50}}, {{name: the_other_one, percent: 40}}, {control}]\n"
    shop.write("segments/offer.yaml", f"kind: campaign\nname: offer\naudience: {{include: [{LONG}]}}\n{variants}")
    project = shop.folder / "segments" / "segctl.yaml"
    emails = "{sent: email_sent, opened: email_opened, clicked: email_clicked}"
    project.write_text(f"{project.read_text()}messages: {{email: {emails}, properties: {{message: color}}}}\n")
    return shop


def test_every_command_with_a_table_is_tried() -> None:
    assert set(LINES) | WITHOUT_TABLES == set(COMMANDS)


def test_no_output_breaks_a_word(wide_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def at(width: int, line: list[str]) -> Outcome:
        monkeypatch.setattr(Stream, "width", width)
        return wide_shop.run("-q", *line)

    tried = [line for verb in ("validate", "test", "plan", "traits", "explain") for line in LINES[verb]]
    _compare(at, tried)
    assert wide_shop.run("-q", "apply", *DAY, "--auto-approve").code == 0
    wide_shop.segment("adults", "{attribute: age, at_least: 30}")
    for file, before, after in (("sum", "amount}", "amount}, within: 300d"), ("last", "true", "true, within: 200d")):
        path = wide_shop.folder / "segments" / f"{file}.yaml"
        path.write_text(path.read_text().replace(before, after))
    _compare(at, LINES["plan"])
    assert wide_shop.run("-q", "apply", *DAY, "--auto-approve", "--allow", "max_exit", "--reason", "a trial").code == 0
    _compare(at, [line for verb, lines in LINES.items() if verb not in {"apply", "refresh", "plan"} for line in lines])
    for line in (["apply", *DAY, "--auto-approve"], LINES["refresh"][0]):
        monkeypatch.setattr(Stream, "width", 60)
        done = wide_shop.run("-q", *line)
        assert (done.code, unfit(done.out, 60)) == (0, []), done


def _compare(at: Callable[[int, list[str]], Outcome], lines: list[list[str]]) -> None:
    """A narrow terminal shows no word that a pipe does not show, and no line is longer than it must be."""
    for line in lines:
        whole = at(PIPE_WIDTH, line)
        assert whole.code in {0, 3}, (line, whole)
        assert whole.out or line[0] == "validate", line
        for width in WIDTHS:
            done = at(width, line)
            strange = words(done.out) - words(whole.out) - {"no", "room", "for:"} - {f"{w}," for w in words(whole.out)}
            assert not strange, (line, width, strange)
            assert not unfit(done.out, width), (line, width, unfit(done.out, width))


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_no_help_breaks_a_word(call: Call, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    line = [*([name] if name else []), "--help"]
    monkeypatch.setenv("COLUMNS", "200")
    whole = call(line).out
    for width in WIDTHS:
        monkeypatch.setenv("COLUMNS", str(width))
        said = call(line).out
        assert words(said) - {"\\"} <= words(whole)
        assert [text for text in said.splitlines() if len(text) > width] == []


def test_traits_keep_the_median(wide_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in WIDTHS:
        monkeypatch.setattr(Stream, "width", width)
        assert "50 %" in wide_shop.run("-q", "traits", "--live", *DAY).out.split("no room")[0]
