"""State copy: `segctl state pull` by the settings of a branch of this repository, never by those of a fork."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from checkout import unreachable
from runner import Runner, Wrong, say, wrong


def main(runner: Runner) -> int:
    """Copy; ends with segctl's own exit code."""
    why = unreachable(runner)
    if why:
        raise Wrong(f"the project in `{runner.input('project', '.')}` sets the location of the state, but {why}")
    folder = Path(runner.input("folder"))
    if not folder.is_absolute():
        raise Wrong("`folder` is not an absolute path, such as `${{ runner.temp }}/state-copy`")
    done = runner.segctl("state", "pull", str(folder))
    runner.show(done.stdout, done.stderr)
    runner.output(exit_code=str(done.returncode), folder=str(folder))
    if done.returncode:
        say("error", f"segctl state pull ended with exit code {done.returncode}")
    return done.returncode


if __name__ == "__main__":
    try:
        sys.exit(main(Runner()))
    except Wrong as error:
        sys.exit(wrong(error))
