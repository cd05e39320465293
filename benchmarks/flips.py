"""`python -m benchmarks.flips`: random bits of index files are flipped, then a command reads the index.

Each case copies a sound index of the example shop, flips one bit of one file (files weighted by size, or one file
cut to nothing as after a power failure), and runs `segctl members --live` over every definition in a child process.
Right is: the same members as from the sound index, exit 0. Everything else is counted: wrong members, signals, bugs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from segctl.cli.main import main as segctl
from segctl.example.write import write_example
from segctl.progress import Silent

AS_OF = "2026-11-22"
INDEX = Path(".segctl/index")


def read_members(project: Path, names: Sequence[str]) -> tuple[int, str]:
    """Exit code of `members --live` of all names, run in this process, and the members or what was said."""
    file, err = project / "members.json", io.StringIO()
    arguments = ["-C", str(project), "members", *names, "--live", "--as-of", AS_OF, "--format", "json", "-o", str(file)]
    with contextlib.redirect_stderr(err):
        code = segctl(arguments)
    return code, file.read_text() if code == 0 else err.getvalue()


def run_case(project: Path, names: Sequence[str], expected: str) -> str:
    """What comes of reading a damaged index, in a forked child: `right`, or what is wrong."""
    child = os.fork()
    if not child:
        code, text = read_members(project, names)
        if code == 0:
            os._exit(0 if text == expected else 1)
        sys.stderr.write(text)
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    code = os.WEXITSTATUS(status)
    return {0: "right", 1: "wrong or refused"}.get(code, f"exit {code}")


def damage_one(index: Path, chance: random.Random) -> str:
    """Flip a bit of a file of the index, or empty it; what was done."""
    files = sorted(path for path in index.rglob("*") if path.is_file() and path.stat().st_size)
    path = chance.choices(files, [file.stat().st_size for file in files])[0]
    if chance.random() < 0.05:  # noqa: PLR2004 one in twenty
        path.write_bytes(b"")
        return f"{path.relative_to(index)} emptied"
    at = chance.randrange(path.stat().st_size)
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0] ^ (1 << chance.randrange(8))
        file.seek(at)
        file.write(bytes([byte]))
    return f"{path.relative_to(index)} at {at:,}"


def definitions(project: Path) -> list[str]:
    """The definitions that have members."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        segctl(["-C", str(project), "list", "--format", "json"])
    listed = json.loads(out.getvalue())["definitions"]
    return [f"{one['kind']}.{one['name']}" for one in listed if one["kind"] in {"segment", "extension", "campaign"}]


def main() -> int:
    """Flip, read, count; 1 unless every case is right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=2000)
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 reproducible, and no secret
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "shop"
        write_example(project, users=options.users, progress=Silent())
        names = definitions(project)
        code, expected = read_members(project, names)
        if code:
            raise SystemExit(expected)
        sound = Path(folder) / "sound"
        shutil.copytree(project / INDEX, sound)
        for number in range(options.flips):
            shutil.rmtree(project / INDEX)
            shutil.copytree(sound, project / INDEX)
            what = damage_one(project / INDEX, chance)
            outcome = run_case(project, names, expected)
            counts[outcome] += 1
            if outcome != "right":
                print(f"case {number}: {what}: {outcome}", flush=True)
    print(f"{options.flips:,} flips over {len(names)} definitions: {dict(counts)}")
    return 0 if counts["right"] == options.flips else 1


if __name__ == "__main__":
    raise SystemExit(main())
