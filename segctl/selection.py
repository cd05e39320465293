"""Which definitions are meant: `--select` and `--exclude`, read and resolved over what there is. Pure.

The same words mean the same everywhere::

    vip   segment.vip   vip_*        by name, with or without the kind, with wildcards
    tag:x   owner:x   kind:segment   by what a definition says of itself
    path:segments/loyalty            by file, folder or pattern
    state:modified   git:main        by what differs from what is applied, or from a commit
    +vip   vip+   1+vip+2            with all upstream, with all downstream, with so many steps of them
    a,b                              what is both
    a b                              what is either, as are several options
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from segctl.diagnostics import Usage, did_you_mean
from segctl.load.document import Key
from segctl.ways import reverse

METHODS = ("tag", "owner", "path", "kind", "state", "git")
"""What can stand before a colon."""

STATES = ("modified", "new", "removed", "unchanged")
"""How a definition can stand to what is applied; what is new is modified too."""

ASKED = frozenset({"state", "git"})
"""The methods that something outside of the definitions answers."""

_STEPS = re.compile(r"(?:(?P<up>\d*)\+)?(?P<core>.*?)(?:\+(?P<down>\d*))?", re.DOTALL)
_METHOD = re.compile(r"(?P<method>[a-zA-Z_]+):(?P<value>.*)", re.DOTALL)
_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Atom:
    """One thing that is asked for; `method` is empty for a name.

    `up` and `down` are how many steps of what it refers to, and of what refers to it, are meant as
    well: 0 is none, None is all. `text` is how it was written.
    """

    text: str
    method: str
    value: str
    up: int | None = 0
    down: int | None = 0


Part = tuple[Atom, ...]
"""Atoms that must all match."""


@dataclass(frozen=True)
class Selection:
    """What is asked for: any of `select` (everything, if there is none) and none of `exclude`."""

    select: tuple[Part, ...] = ()
    exclude: tuple[Part, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether nothing is narrowed."""
        return not self.select and not self.exclude

    def __str__(self) -> str:
        """One text for all ways to write the same options in another order; empty for everything."""
        sides = (("--select", self.select), ("--exclude", self.exclude))
        written = (f"{word} {_written(part)}" for word, parts in sides for part in sorted(set(parts), key=_written))
        return " ".join(written)

    def atoms(self) -> Iterator[Atom]:
        """Everything that is asked for."""
        for part in (*self.select, *self.exclude):
            yield from part


EVERYTHING = Selection()


def _written(part: Part) -> str:
    return ",".join(sorted({_quoted(atom.text) for atom in part}))


def _quoted(text: str) -> str:
    return f'"{text}"' if re.search(r"[\s,]", text) else text


@dataclass(frozen=True, slots=True)
class Item:
    """What a definition says of itself; `file` is relative to the project's folder, empty where there is none."""

    owner: str = ""
    tags: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True)
class Universe:
    """All that can be selected, and what each refers to.

    `ask` answers `state:` and `git:` (the method, then the value) by keys; it raises Usage where it cannot.
    `here` is the folder people are in, relative to the project's, empty where they are the same.
    """

    items: Mapping[Key, Item]
    uses: Mapping[Key, Collection[Key]]
    ask: Callable[[str, str], Collection[Key]]
    here: str = ""


# --- reading ----------------------------------------------------------------------------------


def parse(select: Iterable[str], exclude: Iterable[str] = ()) -> Selection:
    """Read the options as written; each may hold several parts, with spaces between.

    Raises:
        Usage: a part that says nothing, or begins with a word that is no method.
    """
    return Selection(tuple(_parts("--select", select)), tuple(_parts("--exclude", exclude)))


def _parts(option: str, texts: Iterable[str]) -> Iterator[Part]:
    for text in texts:
        words = _split(text, " \t\n", option)
        if not any(words):
            raise Usage(f"`{option}` with nothing to match", hint=f"`{option} NAME`, or leave it out")
        for word in filter(None, words):
            yield tuple(_atom(atom, word, option) for atom in _split(word, ",", option))


def _split(text: str, separators: str, option: str) -> list[str]:
    """The text between separators; inside double quotes there are none."""
    words, quoted = [""], False
    for character in text:
        quoted ^= character == '"'
        if character in separators and not quoted:
            words.append("")
        else:
            words[-1] += character
    if quoted:
        raise Usage(f"a quote in `{option} {text}` is not closed", hint="`--select 'tag:\"two words\"'`")
    return words


def _atom(text: str, word: str, option: str) -> Atom:
    shown = f"`{option} {word}`"
    text = text.replace('"', "")
    found = _STEPS.fullmatch(text)
    core = found["core"] if found else ""
    if not core:
        what = "a lone `+`" if "+" in text else "an empty part"
        raise Usage(f"{what} in {shown}", hint="`+name` takes what it refers to as well, `name+` what refers to it")
    method, value = _named(core, shown)
    up, down = (_steps(found[side] if found else None, shown) for side in ("up", "down"))
    return Atom(text, method, value, up, down)


def _named(core: str, shown: str) -> tuple[str, str]:
    """The method and its value; a name has none."""
    found = _METHOD.fullmatch(core)
    if found is None:
        return "", core
    method, value = found["method"], found["value"]
    if method not in METHODS:
        hint = did_you_mean(method, METHODS) or f"one of {', '.join(f'`{word}:`' for word in METHODS)}, or a name"
        raise Usage(f"nothing is selected by `{method}:`, in {shown}", hint=hint)
    if not value:
        raise Usage(f"nothing follows `{method}:` in {shown}", hint=f"`{method}:VALUE`, without a space")
    if method == "state" and value not in STATES:
        hint = did_you_mean(value, STATES) or f"one of {', '.join(f'`state:{word}`' for word in STATES)}"
        raise Usage(f"`{value}` is not a state of a definition, in {shown}", hint=hint)
    return method, value


def _steps(digits: str | None, shown: str) -> int | None:
    if digits is None:
        return 0
    if len(digits) > _MOST_DIGITS:
        raise Usage(f"too many steps in {shown}", hint="`+` without a number takes all")
    return int(digits) if digits else None


# --- resolving --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """What is selected, and what was excluded."""

    keys: frozenset[Key]
    excluded: frozenset[Key] = frozenset()


def resolve(selection: Selection, universe: Universe) -> Chosen:
    """The definitions that are meant.

    Raises:
        Usage: something that is asked for by name, tag, owner, path or kind is not there, or nothing is left.
    """
    resolving = _Resolving(universe, reverse(universe.uses))
    included = frozenset(universe.items)
    if selection.select:
        included = frozenset().union(*(resolving.part(part, "--select") for part in selection.select))
        if not included:
            raise _nothing(str(Selection(selection.select)), universe)
    excluded = frozenset().union(*(resolving.part(part, "--exclude") for part in selection.exclude))
    if not included - excluded and not selection.is_everything:
        raise Usage("`--exclude` leaves nothing of what is selected", hint="exclude less, or select more")
    return Chosen(included - excluded, excluded)


def _nothing(text: str, universe: Universe) -> Usage:
    few = "" if universe.items else "; there are no definitions"
    return Usage(f"`{text}` matches nothing{few}", hint="`segctl list` shows what there is, and what has changed")


@dataclass(frozen=True)
class _Resolving:
    universe: Universe
    users: Mapping[Key, Collection[Key]]

    def part(self, part: Part, option: str) -> frozenset[Key]:
        """What all atoms match."""
        each = [self._atom(atom, option) for atom in part]
        return frozenset(each[0].intersection(*each[1:]))

    def _atom(self, atom: Atom, option: str) -> frozenset[Key]:
        found = frozenset(self._matching(atom))
        if not found and atom.method not in ASKED:
            raise Usage(f"`{option} {atom.text}` matches nothing", hint=_near(atom, self.universe))
        up = _reached(found, self.universe.uses, atom.up)
        down = _reached(found, self.users, atom.down)
        return (found | up | down) & self.universe.items.keys()

    def _matching(self, atom: Atom) -> Iterable[Key]:
        if atom.method in ASKED:
            return frozenset(self.universe.ask(atom.method, atom.value)) & self.universe.items.keys()
        test = self._path(atom.value) if atom.method == "path" else _TESTS[atom.method](atom.value)
        return (key for key, item in self.universe.items.items() if test(key, item))

    def _path(self, value: str) -> Callable[[Key, Item], bool]:
        here = self.universe.here
        ways = {_normal(value), _normal(f"{here}/{value}" if here else value)}
        patterns = [re.compile(_pattern(way)) for way in sorted(ways)]
        return lambda _, item: bool(item.file) and any(pattern.fullmatch(item.file) for pattern in patterns)


def _by_name(value: str) -> Callable[[Key, Item], bool]:
    return lambda key, _: fnmatchcase(key[1], value) or ("." in value and fnmatchcase(".".join(key), value))


def _by_tag(value: str) -> Callable[[Key, Item], bool]:
    return lambda _, item: any(fnmatchcase(tag, value) for tag in item.tags)


def _by_owner(value: str) -> Callable[[Key, Item], bool]:
    return lambda _, item: bool(item.owner) and fnmatchcase(item.owner, value)


def _by_kind(value: str) -> Callable[[Key, Item], bool]:
    return lambda key, _: key[0] == value


_TESTS: Mapping[str, Callable[[str], Callable[[Key, Item], bool]]] = {
    "": _by_name, "tag": _by_tag, "owner": _by_owner, "kind": _by_kind,
}  # fmt: skip


def _normal(path: str) -> str:
    """A path without `.` and `..`, and without a slash at its end."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _pattern(path: str) -> str:
    """A regular expression for a file, or for all files below a folder; `*` stays inside a name, `**` does not."""
    if not path:
        return ".*"
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", path)
    return "".join(wild.get(piece, re.escape(piece)) for piece in pieces) + "(?:/.*)?"


def _near(atom: Atom, universe: Universe) -> str:
    """What was probably meant."""
    known = sorted(_known(atom, universe))
    head = f"{atom.method}:" if atom.method else ""
    hint = did_you_mean(atom.value, known)
    if hint:
        return hint.replace("`", f"`{head}", 1) if head and hint.count("`") == len("``") else hint
    few = [f"`{head}{value}`" for value in known]
    if atom.method and few and len(few) <= len(METHODS):
        return f"there is {', '.join(few)}"
    return "`segctl list` shows what there is"


def _known(atom: Atom, universe: Universe) -> set[str]:
    """The values that would match."""
    items = universe.items
    match atom.method:
        case "tag":
            return {tag for item in items.values() for tag in item.tags}
        case "owner":
            return {item.owner for item in items.values() if item.owner}
        case "kind":
            return {kind for kind, _ in items}
        case "path":
            files = {item.file for item in items.values() if item.file}
            return files | {file.rpartition("/")[0] for file in files}
        case _:
            return {".".join(key) for key in items} if "." in atom.value else {name for _, name in items}


def _reached(keys: Collection[Key], after: Mapping[Key, Collection[Key]], steps: int | None) -> frozenset[Key]:
    """All within so many steps, None is any number; not the keys themselves unless reached."""
    reached: set[Key] = set()
    edge: Sequence[Key] = list(keys)
    while edge and steps != 0:
        edge = sorted({target for key in edge for target in after.get(key, ())} - reached)
        reached.update(edge)
        steps = None if steps is None else steps - 1
    return frozenset(reached)
