"""Writes the example: the data as files, and the definitions beside them."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from segctl.diagnostics import SegctlError
from segctl.progress import Progress

if TYPE_CHECKING:
    import pyarrow as pa

    from segctl.example.columns import Stream
    from segctl.example.shop import Shop

USERS = 50_000
SEED = 1
_ZONE = "Europe/Paris"


@dataclass(frozen=True)
class Written:
    """What was written: how many users, events and products, and the files, relative to the project's folder."""

    users: int
    events: int
    products: int
    files: tuple[Path, ...]


def definitions_folder() -> Path:
    """The example's definitions: inside the installed package, or at the root of a checkout.

    Raises:
        SegctlError: they are at neither place.
    """
    here = Path(__file__).resolve()
    for folder in (here.parent / "segments", here.parents[2] / "segments"):
        if (folder / "segctl.yaml").is_file():
            return folder
    raise SegctlError("the example's definitions are missing from this installation", hint="install segctl again")


def write_example(folder: Path, *, users: int = USERS, seed: int = SEED, progress: Progress) -> Written:
    """Write the example's project into a folder: `data/`, and a copy of the definitions in `segments/`.

    The same arguments give the same bytes, with the same releases of numpy and pyarrow. `users` scales
    everything but the catalogue; the definitions' lists name users among the first 1,000.

    Raises:
        OSError: the folder cannot be written.
        SegctlError: the definitions are missing from the installation.
    """
    definitions = _copy_definitions(folder)
    written = write_data(folder / "data", users=users, seed=seed, progress=progress)
    files = (*definitions, *written.files)
    return Written(written.users, written.events, written.products, tuple(path.relative_to(folder) for path in files))


def write_data(folder: Path, *, users: int = USERS, seed: int = SEED, progress: Progress) -> Written:
    """Write only the data; the files of the answer are below `folder`."""
    import numpy as np

    from segctl.example.profiles import users_table
    from segctl.example.shop import make_shop
    from segctl.example.streams import Sessions, message_streams, shop_streams, tickets

    shop = make_shop(users, seed, progress)
    sessions = Sessions(np.random.Generator(np.random.PCG64([seed, 21])), shop)
    streams = shop_streams(np.random.Generator(np.random.PCG64([seed, 22])), shop, sessions)
    messages, questions = message_streams(shop.sent), tickets(shop)
    people = users_table(np.random.Generator(np.random.PCG64([seed, 23])), shop, sessions)
    quarters = list(_quarters())
    progress.start("writing the example shop", 2 * len(quarters) + 2)
    folder.mkdir(parents=True, exist_ok=True)
    files = [
        _parquet(people, folder / "users.parquet"),
        _csv(shop.catalogue.table, folder / "products.csv"),
        _csv(_ticket_table(shop, questions), folder / "support_tickets.csv"),
    ]
    progress.advance(2)
    files += _by_quarter(streams, shop, folder / "events", quarters, progress)
    files += _by_quarter(messages, shop, folder / "messages", quarters, progress)
    progress.finish()
    events = sum(len(stream.times) for stream in (*streams, *messages, questions))
    return Written(users, events, len(shop.catalogue.cents), tuple(files))


def _copy_definitions(folder: Path) -> list[Path]:
    source, target = definitions_folder(), folder / "segments"
    if source != target.resolve():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return sorted(path for path in target.rglob("*") if path.is_file())


def _quarters() -> Iterator[tuple[str, int, int]]:
    """The quarters of the data: name, first and last instant (excluded), UTC microseconds."""
    from segctl.example.seasons import AS_OF, FIRST_DAY

    def instant(number: int) -> int:
        start = dt.datetime(number // 4, number % 4 * 3 + 1, 1, tzinfo=dt.UTC)
        return int(start.timestamp()) * 1_000_000

    first, last = (day.year * 4 + (day.month - 1) // 3 for day in (FIRST_DAY, AS_OF))
    for number in range(first, last + 1):
        yield f"{number // 4}-q{number % 4 + 1}", instant(number), instant(number + 1)


def _by_quarter(
    streams: Sequence[Stream], shop: Shop, folder: Path, quarters: Sequence[tuple[str, int, int]], progress: Progress
) -> list[Path]:
    from segctl.example.tables import events_table

    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, start, end in quarters:
        files.append(_parquet(events_table(streams, shop.people.labels, start, end), folder / f"{name}.parquet"))
        progress.advance()
    return files


def _ticket_table(shop: Shop, questions: Stream) -> pa.Table:
    from segctl.example.tables import helpdesk_table

    return helpdesk_table(questions, shop.people.labels, _ZONE)


def _parquet(table: pa.Table, path: Path) -> Path:
    """Plain Parquet: without Arrow's own schema, so that dictionaries read back as texts everywhere."""
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd", store_schema=False)
    return path


def _csv(table: pa.Table, path: Path) -> Path:
    """CSV with quotes only where they are needed; a missing value is an empty field."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return path
