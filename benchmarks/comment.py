"""The comment of a large plan: `python -m benchmarks.comment --segments 500`.

A project is applied, every segment of it is changed, and the plan of that is rendered: how long the comment is, how
long it takes, and its first screen. `-o FILE` keeps the whole.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from segctl.progress import Silent
from segctl.report.markdown import LIMIT, Beside, markdown
from segctl.state.origin import Origin
from segctl.workflow.apply import apply
from segctl.workflow.plan import plan
from segctl.workflow.prepared import Prepared
from segctl.workflow.request import Request, Run, Unasked

NOW_US = 1_795_302_000_000_000
_SCREEN = 40
_USERS = 20_000


def changed(folder: Path, segments: int) -> Prepared:
    """The plan of a project in which every segment has changed."""
    (folder / "data").mkdir()
    rows = (f"u{number},{number % 97},{number % 1009}" for number in range(_USERS))
    (folder / "data" / "users.csv").write_text("\n".join(["id,age,visits", *rows]) + "\n")
    _write(folder, segments, 500)
    apply(folder, _request(), Run(Origin("bench", "here", 1), "line"), Unasked(), Silent())
    _write(folder, segments, 400)
    return plan(folder, _request(), Silent())


def _request() -> Request:
    return Request(NOW_US, "2026-11-22")


def _write(folder: Path, segments: int, least: int) -> None:
    place = folder / "segments"
    place.mkdir(exist_ok=True)
    users = {"path": "data/users.csv", "id": "id"}
    (place / "segctl.yaml").write_text(json.dumps({"kind": "project", "name": "acme_shop", "users": users}))
    for number in range(segments):
        where: list[object] = [
            {"attribute": "visits", "at_least": least + number},
            {"attribute": "age", "at_least": 18},
        ]
        if number % 5 == 4:  # noqa: PLR2004 a fifth of them use another one
            where.append({"segment": f"segment_{number - 1:04}"})
        document = {"kind": "segment", "name": f"segment_{number:04}", "owner": f"team_{least % 7}", "where": where}
        (place / f"segment_{number:04}.yaml").write_text(json.dumps(document))


def main() -> int:
    """Print what was measured, and the first screen; 1 if the comment is too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", type=int, default=500)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        prepared = changed(Path(folder), options.segments)
        planned = time.perf_counter() - started
    beside = Beside(prepared.uses)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        text = markdown(prepared.plan, prepared.zone, beside)
        times.append(time.perf_counter() - started)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    print(f"{len(prepared.plan.changes):,} changes, applied and planned in {planned:.1f} s")
    print(
        f"comment: {len(text):,} characters (at most {LIMIT:,}), rendered in {statistics.median(times) * 1000:.0f} ms"
    )
    print(f"rows: {text.count('| update |'):,}, folded details: {text.count('<summary>update'):,}\n")
    print("\n".join(text.splitlines()[:_SCREEN]))
    return int(len(text) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
