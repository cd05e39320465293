"""The other side: one DuckDB query per segment. `python -m benchmarks.theirs FOLDER OUT THREADS`."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks.data import AS_OF
from benchmarks.segments import segments
from benchmarks.side import finish
from benchmarks.sql import Compiler


def main(folder: Path, out: Path, threads: int) -> None:
    """Run the queries over the Parquet files, one after the other, each with all threads."""
    database = duckdb.connect()
    database.execute(f"SET threads = {threads}")
    for view, files in (("users", "users.parquet"), ("events", "events/*.parquet"), ("products", "products.parquet")):
        database.execute(f"CREATE VIEW {view} AS SELECT * FROM read_parquet('{folder / files}')")
    compiler = Compiler(segments(), f"TIMESTAMPTZ '{AS_OF.isoformat()}'")
    members = {}
    for name in compiler.segments:
        members[name] = database.sql(compiler.query(name)).to_arrow_table().column("user_id").combine_chunks()
    finish(members, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
