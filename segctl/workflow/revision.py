"""The definitions of a commit, read out of git's own storage; the work tree is neither read nor touched."""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from segctl.diagnostics import SegctlError, Usage, did_you_mean
from segctl.load.files import FOLDER, POLICIES, PROJECT_FILE, Source
from segctl.load.project import Survey, survey_of
from segctl.state.origin import HARMLESS

_SUFFIXES = (".yaml", ".yml")
_FOLDERS = (FOLDER, POLICIES)
_LINK = "120000"
_FORK = "..."
_LONGEST_WAIT = 60
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What git tells its hooks, by paths that begin elsewhere: the repository is the one that the project lies in."""


def at_revision(root: Path, reference: str) -> Survey:
    """What the definitions were at a branch, tag or commit; `main...` is where this branch left `main`.

    Raises:
        Usage: there is no such commit.
        SegctlError: this is no git repository, or git is not there.
    """
    commit = _commit(root, reference)
    tree = _Tree(root, {entry.path: entry for entry in _entries(root, commit)})
    names = sorted(path for path in tree.entries if _holds_definitions(path))
    files = {path: entry.blob for path in names if (entry := tree.resolved(path))}
    contents = _contents(root, sorted(set(files.values())))
    sources = (Source(root / path, f"{reference}:{path}", contents[blob]) for path, blob in files.items())
    return survey_of(root, sources, f"{reference}:{FOLDER}/{PROJECT_FILE}")


def _holds_definitions(path: str) -> bool:
    inside = path.partition("/")[0] in _FOLDERS
    return inside and path.endswith(_SUFFIXES) and not any(part.startswith(".") for part in path.split("/"))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a commit, by its path from the project's folder."""

    path: str
    mode: str
    blob: str


@dataclass(frozen=True)
class _Tree:
    root: Path
    entries: Mapping[str, _Entry]

    def resolved(self, path: str, steps: int = 10) -> _Entry | None:
        """The file behind a link; None where it leads nowhere."""
        entry = self.entries.get(path)
        if entry is None or entry.mode != _LINK:
            return entry
        target = _contents(self.root, [entry.blob])[entry.blob].decode("utf-8", "replace")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        return self.resolved(path, steps - 1) if steps else None


def _commit(root: Path, reference: str) -> str:
    if not _git(root, "rev-parse", "--git-dir").stdout:
        raise SegctlError(
            f"`git:{reference}` needs a git repository, and {root} is in none", hint="select by name, or by `state:`"
        )
    wanted = reference.removesuffix(_FORK)
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{wanted}^{{commit}}").stdout
    if not found:
        branches = _git(root, "for-each-ref", "--format=%(refname:short)").stdout.decode("utf-8", "replace").split()
        raise Usage(
            f"`git:{reference}`: there is no commit `{wanted}` in this clone", hint=_elsewhere(wanted, branches)
        )
    if reference.endswith(_FORK):
        found = _git(root, "merge-base", found.decode().strip(), "HEAD").stdout
        if not found:
            hint = "fetch the whole history: `git fetch --unshallow`"
            raise Usage(f"`git:{reference}`: `{wanted}` and this branch have no commit in common here", hint=hint)
    return found.decode().strip()


def _elsewhere(wanted: str, branches: Sequence[str]) -> str:
    """Where a commit may be that is not in this clone under this name."""
    remote = [branch for branch in branches if branch.endswith(f"/{wanted}")]
    near = f"did you mean `{remote[0]}`?" if remote else did_you_mean(wanted, branches)
    if near:
        return near
    if re.fullmatch(r"[0-9a-f]{40}", wanted):
        return f"fetch it first: `git fetch origin {wanted}`"
    if re.fullmatch(r"(?![0-9a-f]{7,39}$)\w[\w./-]*", wanted):  # a plain name; under it, so that it is found here by it
        return f"fetch it first: `git fetch origin {wanted}:{wanted}`"
    return "`git log` shows the commits of this clone; `git fetch --unshallow` fetches all of a shallow one"


def _entries(root: Path, commit: str) -> Iterator[_Entry]:
    """All files of the project at a commit."""
    listed = _done(_git(root, "ls-tree", "-r", "-z", commit, "--", "."))
    for line in filter(None, listed.split(b"\0")):
        head, _, path = line.partition(b"\t")
        mode, kind, blob = head.decode().split()
        if kind == "blob":
            yield _Entry(path.decode("utf-8", "surrogateescape"), mode, blob)


def _contents(root: Path, blobs: Sequence[str]) -> dict[str, bytes]:
    """The bytes of objects, in one call."""
    if not blobs:
        return {}
    answer = _done(_git(root, "cat-file", "--batch", given="\n".join(blobs).encode() + b"\n"))
    found: dict[str, bytes] = {}
    at = 0
    for blob in blobs:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split()[2])
        found[blob] = answer[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def _done(answer: subprocess.CompletedProcess[bytes]) -> bytes:
    if answer.returncode:
        cause = answer.stderr.decode("utf-8", "replace").strip().splitlines()
        raise SegctlError(f"git failed: {cause[0] if cause else 'without saying why'}")
    return answer.stdout


def _git(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """One call that writes nothing and asks nobody."""
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    around = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    try:
        return subprocess.run(  # noqa: S603 no shell
            ["git", *HARMLESS, "-C", str(root), *arguments],  # noqa: S607 the user's own git
            input=given, capture_output=True, check=False, timeout=_LONGEST_WAIT, env={**around, **quiet},
        )  # fmt: skip
    except FileNotFoundError:
        raise SegctlError("`git:` needs git, which is not on the PATH") from None
    except (OSError, subprocess.TimeoutExpired) as cause:
        raise SegctlError(f"git does not answer: {cause}") from cause
