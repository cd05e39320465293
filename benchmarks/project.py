"""The project of the benchmark: its definition files around the generated data."""

from __future__ import annotations

from pathlib import Path

import yaml

from benchmarks.segments import segments

PROJECT = {
    "kind": "project",
    "name": "bench",
    "timezone": "UTC",
    "users": {"path": "users.parquet", "id": "user_id"},
    "events": [{"path": "events/*.parquet", "user": "user_id", "time": "ts", "name": {"column": "event"}}],
    "catalogs": {"product": {"path": "products.parquet", "key": "product_id"}},
}


def write_project(folder: Path) -> None:
    """Write `segctl.yaml` and a file for each segment."""
    (folder / "segments").mkdir(exist_ok=True)
    (folder / "segments" / "segctl.yaml").write_text(yaml.safe_dump(PROJECT, sort_keys=False))
    for name, where in segments().items():
        document = {"kind": "segment", "name": name, "where": where}
        (folder / "segments" / f"{name}.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
