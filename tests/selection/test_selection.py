from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.diagnostics import Usage
from segctl.load.document import Key
from segctl.selection import Item, Universe, parse, resolve

NAMES = {
    "staff": ("list", Item("people", (), "segments/lists/staff.yaml")),
    "buyers": ("segment", Item("growth", ("core", "loyalty"), "segments/loyalty/buyers.yaml")),
    "vip_gold": ("segment", Item("growth", ("loyalty",), "segments/loyalty/vip/gold.yaml")),
    "vip_red": ("segment", Item("", ("loyalty", "two words"), "segments/loyalty/vip/red.yaml")),
    "offer": ("campaign", Item("crm", (), "segments/campaigns/offer.yaml")),
    "spend": ("trait", Item("growth", (), "segments/traits/money.yaml")),
    "gone": ("segment", Item("growth", ("old",))),
}
USES = {"buyers": ["staff", "spend"], "vip_gold": ["buyers"], "vip_red": ["buyers"], "offer": ["vip_gold", "gone"]}


def key(name: str) -> Key:
    return NAMES[name][0], name


def ask(method: str, value: str) -> Collection[Key]:
    answers = {("state", "modified"): ["buyers", "vip_red"], ("state", "removed"): ["gone"], ("git", "main"): ["offer"]}
    return [key(name) for name in answers.get((method, value), ())]


def universe(here: str = "") -> Universe:
    uses = {key(name): [key(target) for target in targets] for name, targets in USES.items()}
    return Universe({key(name): item for name, (_, item) in NAMES.items()}, uses, ask, here)


def select(*select: str, exclude: tuple[str, ...] = (), here: str = "") -> str:
    chosen = resolve(parse(select, exclude), universe(here)).keys
    return " ".join(name for name in NAMES if key(name) in chosen)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("buyers", "buyers"),
        ("segment.buyers", "buyers"),
        ("vip_*", "vip_gold vip_red"),
        ("segment.*", "buyers vip_gold vip_red gone"),
        ("*", "staff buyers vip_gold vip_red offer spend gone"),
        ("kind:list", "staff"),
        ("owner:growth", "buyers vip_gold spend gone"),
        ("tag:loyalty", "buyers vip_gold vip_red"),
        ("tag:l*", "buyers vip_gold vip_red"),
        ('tag:"two words"', "vip_red"),
        ("path:segments/loyalty", "buyers vip_gold vip_red"),
        ("path:segments/loyalty/", "buyers vip_gold vip_red"),
        ("path:./segments/loyalty/vip/gold.yaml", "vip_gold"),
        ("path:segments/*/*.yaml", "staff buyers offer spend"),
        ("path:**/gold.yaml", "vip_gold"),
        ("path:segments/**/vip", "vip_gold vip_red"),
        ("state:modified", "buyers vip_red"),
        ("git:main", "offer"),
        ("+buyers", "staff buyers spend"),
        ("buyers+", "buyers vip_gold vip_red offer"),
        ("1+vip_gold", "buyers vip_gold"),
        ("staff+1", "staff buyers"),
        ("0+vip_gold", "vip_gold"),
        ("1+vip_gold+1", "buyers vip_gold offer"),
        ("+offer+", "staff buyers vip_gold offer spend gone"),
        ("tag:loyalty,owner:growth", "buyers vip_gold"),
        ("+vip_red,+vip_gold", "staff buyers spend"),
        ("tag:loyalty,state:modified", "buyers vip_red"),
        ("staff spend", "staff spend"),
        ("  staff   vip_*,owner:growth ", "staff vip_gold"),
        ("state:modified+", "buyers vip_gold vip_red offer"),
        ("gone+", "offer gone"),
    ],
)
def test_what_a_selection_means(wanted: str, found: str) -> None:
    assert select(wanted) == found


def test_several_options_are_joined_and_excluded_ones_taken_away() -> None:
    assert select("staff", "spend") == "staff spend"
    assert select("tag:loyalty", exclude=("vip_red",)) == "buyers vip_gold"
    assert select(exclude=("buyers+", "gone")) == "staff spend"
    assert select("+offer", exclude=("+buyers",)) == "vip_gold offer gone"


def test_a_path_may_begin_where_people_are() -> None:
    assert select("path:vip", here="segments/loyalty") == "vip_gold vip_red"
    assert select("path:../lists", here="segments/loyalty") == "staff"
    assert select("path:segments/lists", here="segments/loyalty") == "staff"


@pytest.mark.parametrize(
    ("wanted", "said", "hint"),
    [
        ("buyrs", "`--select buyrs` matches nothing", "did you mean `buyers`?"),
        ("segment.buyrs", "`--select segment.buyrs` matches nothing", "did you mean `segment.buyers`?"),
        ("list.buyers", "`--select list.buyers` matches nothing", "`segment.buyers`"),
        ("tag:loylty", "`--select tag:loylty` matches nothing", "did you mean `tag:loyalty`?"),
        ("owner:grwth", "matches nothing", "did you mean `owner:growth`?"),
        ("kind:segmnt", "matches nothing", "did you mean `kind:segment`?"),
        ("path:segments/loyalti", "matches nothing", "`path:segments/loyalty`"),
        ("buyers tag:none", "`--select tag:none` matches nothing", "`tag:core`"),
        ("tagg:x", "nothing is selected by `tagg:`", "did you mean `tag`"),
        ("state:modifed", "`modifed` is not a state", "did you mean `modified`?"),
        ("state:new", "`--select state:new` matches nothing", "segctl list"),
        ("tag:old,kind:list", "matches nothing", "segctl list"),
        ("+", "a lone `+`", "`+name`"),
        ("buyers +", "a lone `+`", "`+name`"),
        ("2+", "a lone `+`", "`+name`"),
        ("buyers,", "an empty part in `--select buyers,`", ""),
        (",", "an empty part", ""),
        ("", "`--select` with nothing to match", ""),
        (" ", "`--select` with nothing to match", ""),
        ("tag:", "nothing follows `tag:`", "without a space"),
        ("tag: x", "nothing follows `tag:`", "without a space"),
        ('tag:"x', "is not closed", ""),
        ("1234567+buyers", "too many steps", ""),
    ],
)
def test_what_makes_no_sense_or_matches_nothing_is_told(wanted: str, said: str, hint: str) -> None:
    with pytest.raises(Usage) as raised:
        select(wanted)
    assert said in str(raised.value)
    assert hint in raised.value.hint


def test_an_exclusion_that_matches_nothing_or_leaves_nothing_is_told() -> None:
    with pytest.raises(Usage, match="`--exclude buyrs` matches nothing"):
        select(exclude=("buyrs",))
    with pytest.raises(Usage, match="leaves nothing"):
        select("buyers", exclude=("owner:growth",))


def test_one_text_for_all_ways_to_write_a_selection() -> None:
    assert str(parse(["b a", "c,d"], ["f,e"])) == str(parse(["d,c", "a", "b", "a"], ["e,f"]))
    assert str(parse(["b a"], ["c"])) == "--select a --select b --exclude c"
    assert str(parse([])) == ""
    assert str(parse(['tag:"two words"'])) == '--select "tag:two words"'


# --- any graph, against sets ------------------------------------------------------------------

LETTERS = "abcdef"
EDGES = st.sets(st.tuples(st.sampled_from(LETTERS), st.sampled_from(LETTERS)).filter(lambda edge: edge[0] < edge[1]))
STEPS = st.sampled_from(["", "+", "0+", "1+", "2+"])
ATOMS = st.tuples(STEPS, st.sampled_from([*LETTERS, "*"]), STEPS)
PARTS = st.lists(st.lists(ATOMS, min_size=1, max_size=3), min_size=1, max_size=3)


def walk(names: set[str], edges: set[tuple[str, str]], steps: str) -> set[str]:
    """Along edges, so many steps."""
    number = {"": 0, "+": len(LETTERS)}.get(steps)
    for _ in range(int(steps[0]) if number is None else number):
        names = names | {b for a, b in edges if a in names}
    return names


def meant(parts: list[list[tuple[str, str, str]]], edges: set[tuple[str, str]]) -> set[str]:
    found: set[str] = set()
    for part in parts:
        each = []
        for up, name, down in part:
            start = set(LETTERS) if name == "*" else {name}
            each.append(walk(start, edges, up) | walk(start, {(b, a) for a, b in edges}, down))
        found |= set.intersection(*each)
    return found


@given(edges=EDGES, parts=PARTS, without=PARTS)
def test_any_selection_of_any_graph(
    edges: set[tuple[str, str]], parts: list[list[tuple[str, str, str]]], without: list[list[tuple[str, str, str]]]
) -> None:
    uses = {("segment", name): [("segment", b) for a, b in sorted(edges) if a == name] for name in LETTERS}
    every = Universe({("segment", name): Item() for name in LETTERS}, uses, lambda _, __: ())

    def written(parts: list[list[tuple[str, str, str]]]) -> list[str]:
        return [",".join(f"{up}{name}{down[::-1]}" for up, name, down in part) for part in parts]

    expected = meant(parts, edges) - meant(without, edges)
    if not expected:
        with pytest.raises(Usage):
            resolve(parse(written(parts), written(without)), every)
        return
    assert {name for _, name in resolve(parse(written(parts), written(without)), every).keys} == expected
