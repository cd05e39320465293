"""`segctl members`: who of a campaign is handed out, selections, folders, and today against what is published.

Variants are worked out here from the ids' hashes (law 11), never taken from segctl.
"""

from __future__ import annotations

import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xxhash

from tests.cli.conftest import Shop

ADULTS = ["ada", "cid", "dora", "eve", "finn", "gus", "hal", "jon"]
DAY = ("--as-of", "2026-11-22")
CAMPAIGN = """
kind: campaign
name: back
owner: growth
tags: [winter]
audience: {include: [adults]}
variants: [{name: a, percent: 30}, {name: b, percent: 30}, {name: quiet, percent: 40, control: true}]
"""


def bucket(user: str, campaign: str = "back") -> int:
    return xxhash.xxh3_64_intdigest(f"{campaign}:{user}".encode()) % 10_000


def variant(user: str) -> str:
    return "a" if bucket(user) < 3_000 else "b" if bucket(user) < 6_000 else "quiet"


QUIET = [user for user in ADULTS if variant(user) == "quiet"]
MESSAGED = [user for user in ADULTS if variant(user) != "quiet"]
A = [user for user in ADULTS if variant(user) == "a"]


@pytest.fixture
def back(shop: Shop) -> Shop:
    """Adults and a campaign to them, applied."""
    shop.segment("adults", "{attribute: age, at_least: 18}", "tags: [winter]\n")
    shop.segment("french", "{attribute: country, is: FR}")
    shop.write("segments/back.yaml", CAMPAIGN)
    apply(shop)
    return shop


def apply(shop: Shop) -> None:
    done = shop.run("apply", "--auto-approve", "--allow", "reassigned", "--reason", "a test", *DAY)
    assert done.code == 0, done.err


def lines(shop: Shop, *arguments: str) -> list[str]:
    done = shop.run("-q", "members", *arguments)
    assert (done.code, done.err) == (0, "")
    return done.out.splitlines()


def ids_in(shop: Shop, form: str, *arguments: str) -> dict[str, str]:
    """Ids and variants in a format that has both."""
    done = shop.run("-q", "members", *arguments, "--format", form, "-o", f"out.{form}")
    assert (done.code, done.out, done.err) == (0, "", "")
    file = shop.folder / f"out.{form}"
    match form:
        case "csv":
            header, *rows = (line.split(",") for line in file.read_text().splitlines())
            assert header == ["name", "id", "variant"]
            return {user: given for _, user, given in rows}
        case "parquet":
            table = pq.read_table(file)
        case _:
            table = pa.ipc.open_file(file).read_all()
    return dict(zip(table["id"].to_pylist(), table["variant"].to_pylist(), strict=True))


def test_the_groups_of_the_tests_are_not_empty() -> None:
    assert A
    assert QUIET
    assert len(MESSAGED) > len(A)


WAYS = [(), ("--serial", "1"), ("--live", *DAY), ("--entered",), ("--entered", "--serial", "1")]


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_a_control_group_is_in_no_format_unless_it_is_asked_for(back: Shop, way: tuple[str, ...]) -> None:
    assert lines(back, "back", *way) == MESSAGED
    assert json.loads("".join(lines(back, "back", *way, "--format", "json"))) == {"back": MESSAGED}
    for form in ("csv", "parquet", "arrow"):
        assert ids_in(back, form, "back", *way) == {user: variant(user) for user in MESSAGED}
    assert lines(back, "back", *way, "-o", "out/") == []
    assert (back.folder / "out/back.txt").read_text().splitlines() == MESSAGED


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_variants_are_given_where_they_are_asked_for(back: Shop, way: tuple[str, ...]) -> None:
    assert lines(back, "back", *way, "--variant", "a") == A
    assert lines(back, "back", *way, "--variant", "quiet") == QUIET
    assert lines(back, "back", *way, "--variant", "control") == QUIET
    assert lines(back, "back", *way, "--all-variants") == [f"{user}\t{variant(user)}" for user in ADULTS]
    some = lines(back, "back", *way, "--variant", "a", "--variant", "quiet")
    assert some == [f"{user}\t{variant(user)}" for user in ADULTS if variant(user) != "b"]
    for form in ("csv", "parquet", "arrow"):
        assert ids_in(back, form, "back", *way, "--all-variants") == {user: variant(user) for user in ADULTS}
        assert ids_in(back, form, "back", *way, "--variant", "control") == dict.fromkeys(QUIET, "quiet")
    found = json.loads("".join(lines(back, "back", "adults", *way, "--all-variants", "--format", "json")))
    b = [user for user in ADULTS if variant(user) == "b"]
    assert found == {"back": {"a": A, "b": b, "quiet": QUIET}, "adults": ADULTS}
    found = json.loads("".join(lines(back, "back", *way, "--variant", "control", "--format", "json")))
    assert found == {"back": {"quiet": QUIET}}


def test_what_is_left_out_is_told(back: Shop) -> None:
    told = f"back: {len(QUIET)} in the control group left out (`--variant control` lists them)\n"
    assert back.run("members", "back").err == told
    assert back.run("members", "back", "--all-variants").err == ""
    assert back.run("members", "back", "--format", "json", "-o", "o.json").err == (
        f"{told}o.json: {len(MESSAGED)} written\n"
    )


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_an_unknown_variant_is_told_with_a_near_one(back: Shop, way: tuple[str, ...]) -> None:
    back.write("segments/plain.yaml", "kind: campaign\nname: plain\naudience: {include: [adults]}\n")
    apply(back)
    way = ("--entered", "--serial", "2") if way == ("--entered",) else way

    def said(*arguments: str) -> str:
        done = back.run("-q", "members", *arguments, *way)
        assert (done.code, done.out) == (1, "")
        return done.err

    there_is_none = "error: the campaign `back` has no variant "
    assert said("back", "--variant", "quite") == f"{there_is_none}`quite`\n  hint: did you mean `quiet`?\n"
    assert (
        said("back", "--variant", "zzz")
        == f"{there_is_none}`zzz`\n  hint: its variants are `a`, `b`, `quiet` (control)\n"
    )
    assert said("back", "--variant", "a", "--variant", "contrl").endswith("hint: did you mean `control`?\n")
    assert said("adults", "--variant", "a") == (
        "error: `adults` is a segment, and only campaigns have variants\n  hint: leave out `--variant a`\n"
    )
    if "1" not in way:
        assert said("plain", "--variant", "a").startswith("error: `plain` has no variants\n")


def test_a_variant_named_control_is_that_one_alone(back: Shop) -> None:
    controls = "{name: control, percent: 50, control: true}, {name: other, percent: 20, control: true}"
    variants = f"variants: [{controls}, {{name: a, percent: 30}}]\n"
    back.write("segments/back.yaml", CAMPAIGN.partition("variants:")[0] + variants)
    apply(back)
    assert lines(back, "back", "--variant", "control") == [user for user in ADULTS if bucket(user) < 5_000]
    assert lines(back, "back") == [user for user in ADULTS if bucket(user) >= 7_000]


def test_control_is_no_variant_of_a_campaign_without_one(back: Shop) -> None:
    back.write("segments/back.yaml", CAMPAIGN.replace(", control: true", ""))
    apply(back)
    done = back.run("members", "back", "--variant", "control")
    assert done.code == 1
    assert done.err.endswith("  hint: none of its variants is marked `control: true`\n")
    assert lines(back, "back") == ADULTS


def test_who_changes_into_the_control_group_exits_from_those_who_are_messaged(back: Shop) -> None:
    """The shares move: `a` is now 60 %, and `quiet` is before it."""
    variants = "[{name: quiet, percent: 40, control: true}, {name: a, percent: 60}]"
    back.write("segments/back.yaml", CAMPAIGN.partition("variants:")[0] + f"variants: {variants}\n")
    now = {user: "quiet" if bucket(user) < 4_000 else "a" for user in ADULTS}
    messaged = [user for user in ADULTS if now[user] == "a"]
    entered = [user for user in messaged if user not in MESSAGED]
    exited = [user for user in MESSAGED if user not in messaged]
    assert entered
    assert exited
    for way in (("--live", *DAY), ()):
        if not way:
            apply(back)
        assert lines(back, "back", *way, "--entered") == entered
        assert lines(back, "back", *way, "--exited") == exited
        assert ids_in(back, "csv", "back", *way, "--entered") == dict.fromkeys(entered, "a")
        assert ids_in(back, "csv", "back", *way, "--exited") == {user: variant(user) for user in exited}
        assert lines(back, "back", *way, "--entered", "--all-variants") == []
        assert lines(back, "back", *way, "--entered", "--variant", "a") == [u for u in messaged if u not in A]
        assert lines(back, "back", *way, "--exited", "--variant", "b") == [u for u in ADULTS if variant(u) == "b"]


# --- selections and folders -------------------------------------------------------------------------------


def test_a_selection_takes_the_words_of_plan(back: Shop) -> None:
    def names(*arguments: str) -> list[str]:
        done = back.run("-q", "members", *arguments, "--format", "json")
        assert (done.code, done.err) == (0, ""), done.err
        return list(json.loads(done.out))

    for way in ((), ("--live", *DAY)):
        assert names("--select", "tag:winter", *way) == ["back", "adults"]
        assert names("--select", "+back", *way) == ["back", "adults"]
        assert names("--select", "kind:segment", "--exclude", "french", *way) == ["adults"]
        assert names("--exclude", "tag:winter", *way) == ["french"]
        assert names("-s", "owner:growth", "-s", "fr*", *way) == ["back", "french"]
    assert names("--select", "path:segments/adults.yaml", "--live", *DAY) == ["adults"]
    back.segment("french", "{attribute: country, in: [FR, BE]}")
    assert names("--select", "state:modified", "--live", *DAY) == ["french"]


def test_a_selection_without_members_is_refused(back: Shop) -> None:
    back.write("segments/t.yaml", "kind: trait\nname: orders\nvalue: {event: purchase, count: true}\n")
    for arguments in (("--select", "nothing"), ("--select", "orders", "--live", *DAY), ("--select", "path:segments")):
        done = back.run("-q", "members", *arguments, "--format", "csv")
        assert (done.code, done.out) == (64, ""), arguments
        assert done.err.startswith("error: "), arguments
    done = back.run("-q", "members", "--select", "orders", "--live", *DAY, "--format", "csv")
    assert done.err.startswith("error: `--select orders` matches nothing that has members\n")


def test_one_name_of_two_kinds_is_written_with_its_kind(back: Shop) -> None:
    back.write("segments/e.yaml", "kind: extension\nname: french\nfrom: {event: purchase}\n")
    apply(back)
    done = back.run("-q", "members", "--select", "french", "--format", "json")
    assert list(json.loads(done.out)) == ["extension.french", "segment.french"]


FILES = {"lines": "txt", "csv": "csv", "json": "json", "parquet": "parquet", "arrow": "arrow"}


@pytest.mark.parametrize(("form", "ending"), FILES.items())
def test_a_folder_has_a_file_for_each_list(back: Shop, form: str, ending: str) -> None:
    done = back.run("members", "adults", "french", "back", "--format", form, "-o", "new/folder/")
    assert done.code == 0
    assert done.err.endswith(f"new/folder: 3 files, {len(ADULTS) + 5 + len(MESSAGED)} written\n")
    folder = back.folder / "new/folder"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{name}.{ending}" for name in ("adults", "back", "french")
    ]
    whole = back.run("-q", "members", "back", "--format", form, "-o", "one")
    assert whole.code == 0
    assert (folder / f"back.{ending}").read_bytes() == (back.folder / "one").read_bytes()


def test_a_folder_that_is_there_needs_no_slash_and_keeps_what_else_it_has(back: Shop) -> None:
    folder = back.folder / "out"
    folder.mkdir()
    (folder / "removed_long_ago.txt").write_text("zoe\n")
    (folder / "french.txt").write_text("zoe\n")
    (folder / "french.txt").chmod(0o600)
    assert back.run("-q", "members", "--select", "french", "-o", "out").code == 0
    assert (folder / "french.txt").read_text().split() == ["ada", "dora", "eve", "hal", "jon"]
    assert (folder / "french.txt").stat().st_mode & 0o777 == 0o600
    assert (folder / "removed_long_ago.txt").read_text() == "zoe\n"


def test_nothing_is_replaced_if_one_file_cannot_be_written(back: Shop) -> None:
    folder = back.folder / "out"
    (folder / "french.txt").mkdir(parents=True)  # where a file has to go
    (folder / "adults.txt").write_text("zoe\n")
    done = back.run("members", "adults", "french", "-o", "out")
    assert done.code == 1
    assert "french.txt cannot be written: is a directory" in done.err
    assert sorted(path.name for path in folder.iterdir()) == ["adults.txt", "french.txt"]
    assert (folder / "adults.txt").read_text() == "zoe\n"


# --- today against what is published ----------------------------------------------------------------------


def test_live_tells_who_would_enter_and_exit(back: Shop) -> None:
    users = (back.folder / "data/users.csv").read_text()
    users = "\n".join(line for line in users.splitlines() if not line.startswith("jon,")).replace(",17,", ",18,")
    (back.folder / "data/users.csv").write_text(users + "\nzoe,FR,true,40,2026-01-01\n")
    back.segment("new", "{attribute: country, is: BE}")
    today = ("--live", *DAY)
    assert lines(back, "adults", *today, "--entered") == ["ben", "zoe"]
    assert lines(back, "adults", *today, "--exited") == ["jon"]
    assert lines(back, "new", *today, "--entered") == ["ben", "gus"]
    assert lines(back, "new", *today, "--exited") == []
    assert back.run("refresh", *DAY).code == 0
    assert lines(back, "adults", *today, "--entered") == []
    assert lines(back, "adults", *today, "--entered", "--serial", "1") == ["ben", "zoe"]
    assert lines(back, "adults", *today, "--exited", "--serial", "1") == ["jon"]


def test_live_finds_what_was_published_under_the_name_of_then(back: Shop) -> None:
    back.write(
        "segments/french.yaml",
        "kind: segment\nname: gallic\nmoved: {from: french}\nwhere: {attribute: age, at_least: 50}\n",
    )
    today = ("--live", *DAY)
    for _ in range(2):
        assert lines(back, "gallic", *today, "--serial", "1", "--exited") == ["ada", "eve", "hal"]
        assert lines(back, "gallic", *today, "--serial", "1", "--entered") == []
        apply(back)
    assert lines(back, "gallic", *today, "--exited") == []


def test_live_movement_needs_something_published(shop: Shop, back: Shop) -> None:
    done = back.run("-q", "members", "engagement.most", "--live", *DAY, "--entered")
    assert done.code == 1
    assert done.err.startswith("error: `engagement.most` is evaluated where it is used, not published\n")
    shutil.rmtree(shop.folder / ".segctl")
    done = shop.run("-q", "members", "adults", "--live", *DAY, "--entered")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: nothing has been applied yet\n")
