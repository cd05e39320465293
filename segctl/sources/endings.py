"""Which format a file is of: its ending says."""

from __future__ import annotations

from segctl.sources.format import Format

ENDINGS = ".parquet, .csv, .csv.gz, .arrow, .jsonl, .jsonl.gz"


def format_of(name: str) -> Format | None:
    """The format of a file by its ending; None if there is none."""
    from segctl.sources.delimited import Csv
    from segctl.sources.ipc import Ipc
    from segctl.sources.jsonlines import JsonLines
    from segctl.sources.parquet import Parquet

    formats: dict[str, type[Format]] = {
        ".parquet": Parquet, ".csv": Csv, ".csv.gz": Csv, ".arrow": Ipc, ".jsonl": JsonLines, ".jsonl.gz": JsonLines,
    }  # fmt: skip
    return next((made() for ending, made in formats.items() if name.lower().endswith(ending)), None)
