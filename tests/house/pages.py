"""Pages that cannot lie: what stands in them is run. Write: `python -m tests.house.pages`, compare: `--check`.

In README.md and docs/, a fenced block below one of these comments is alive:

    <!-- file: segments/vip.yaml -->   the block is written to that file of a tiny project
    <!-- run -->                       each `$ ` line is run there, and what it prints is put below it

docs/commands.md is written whole, from the commands' own help; the table below `<!-- exit codes -->`
from `ExitCode`.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TINY = Path(__file__).resolve().parent / "tiny"
CLOCK = Path(__file__).resolve().parent / "clock"
COMMANDS_PAGE = "docs/commands.md"
DIGEST = re.compile(r"(--digest |\"digest\": \")[0-9a-f]{12,64}")
"""Of a state that has a name of its own, and so on every run another one."""

DURATION = re.compile(r"(\"duration_ms\": )[0-9]+")

EXIT_CODES = re.compile(r"^<!-- exit codes -->\n(?:\|.*\n)*", re.MULTILINE)
BLOCK = re.compile(
    r"^<!-- (?P<what>file: (?P<file>\S+)|run) -->\n(?P<open>```\w*\n)(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


def environment(clock: Path | None = None) -> dict[str, str]:
    """What commands see: this Python's segctl, no colours, nothing of the caller's own settings, a clock of the page's.

    Commits of git are the same on every run.
    """
    own = ("SEGCTL_", "FORCE_COLOR", "GIT_", "GITHUB_", "CI_", "OPENLINEAGE_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(own)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    people = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _PERSON.items()}
    ticking = {"PAGE_CLOCK": str(clock), "PYTHONPATH": f"{ROOT}{os.pathsep}{CLOCK}"} if clock else {}
    return {
        **kept, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONPATH": str(ROOT),
        "USER": "ada", "LOGNAME": "ada", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        **people, **ticking,
    }  # fmt: skip


_PERSON = {"NAME": "Ada", "EMAIL": "ada@example.com", "DATE": "2026-11-22T09:00:00Z"}


def shell(command: str, folder: Path, clock: Path | None = None) -> str:
    """What a command prints, on both streams."""
    command = re.sub(r"(?<!\S)segctl(?!\S)", f"{sys.executable} -m segctl", command)
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment(clock), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return DURATION.sub(r"\g<1>12", DIGEST.sub(r"\g<1>3f9ac2d17b60", done.stdout))


def alive(page: str, folder: Path) -> str:
    """A page with its live blocks run in `folder`."""

    def replace(block: re.Match[str]) -> str:
        if block["file"]:
            target = folder / block["file"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block["body"], encoding="utf-8")
            return block[0]
        return f"<!-- run -->\n{block['open']}{''.join(_session(block['body'], folder))}```"

    return BLOCK.sub(replace, EXIT_CODES.sub(lambda _: f"<!-- exit codes -->\n{exit_codes()}", page))


def exit_codes() -> str:
    """The table of exit codes."""
    from segctl.diagnostics import ExitCode

    rows = "".join(f"| {code.value} | {code.meaning} | {code.mend} |\n" for code in ExitCode)
    return f"| code | meaning | what to do |\n| ---: | --- | --- |\n{rows}"


def _session(body: str, folder: Path) -> Iterator[str]:
    for line in body.splitlines():
        if line.startswith("$ "):
            yield f"{line}\n{shell(line[2:], folder, folder.with_suffix('.clock'))}"


def commands_page() -> str:
    """docs/commands.md."""
    from segctl.cli.commands import COMMANDS

    parts = ["# Commands\n\n<!-- Written by `make docs` from the commands' own help. -->\n"]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("", *(each for above in COMMANDS for each in (above, *_below(above)))):
            title = f"segctl {name}".strip()
            parts.append(f"\n## {title}\n\n```text\n{shell(f'{title} --help', Path(folder))}```\n")
    return "".join(parts)


def _below(name: str) -> Iterator[str]:
    """The commands below a command."""
    command = importlib.import_module(f"segctl.cli.{name}").command
    yield from (f"{name} {below}" for below in getattr(command, "commands", ()))


def live_pages() -> list[Path]:
    """Every page that is alive."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [ROOT / COMMANDS_PAGE, *(page for page in pages if _is_alive(page.read_text(encoding="utf-8")))]


def _is_alive(text: str) -> bool:
    return bool(BLOCK.search(text) or EXIT_CODES.search(text))


def expected(page: Path) -> str:
    """The text that a live page should have."""
    if page == ROOT / COMMANDS_PAGE:
        return commands_page()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "shop"
        shutil.copytree(TINY, project)
        return alive(page.read_text(encoding="utf-8"), project)


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` name those that are not what they should be."""
    texts = ((page, expected(page)) for page in live_pages())
    stale = [(page, text) for page, text in texts if not page.exists() or page.read_text("utf-8") != text]
    for page, text in stale:
        if "--check" not in arguments:
            page.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{page.relative_to(ROOT)}: {'run `make docs`' if '--check' in arguments else 'written'}\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
