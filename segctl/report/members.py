"""Members as files: lines, CSV, JSON, Parquet, Arrow. The one place where ids come out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import BinaryIO, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segctl.plan.variant_choice import MESSAGED, VariantChoice
from segctl.report.files import arrow_file, parquet_file, write_rows
from segctl.report.text import count

Places = npt.NDArray[np.int32]

ENDINGS = {"lines": "txt", "csv": "csv", "json": "json", "parquet": "parquet", "arrow": "arrow"}
"""What the file of each format is called, where each list is written to one of its own."""

_CODED = pa.dictionary(pa.int32(), pa.string())
_REPEATED = 2
"""From so many rows for each id on, ids are written once and referred to."""
_ROWS_PER_ID = 32
_FEWEST_ROWS, _MOST_ROWS = 1 << 20, 1 << 25
"""Of a row group, if there are so many: the most are about 100 MB."""


class MemberList(Protocol):
    """The members of one resource, sorted by id. Ids, places and variants may be made anew at every look."""

    @property
    def name(self) -> str:
        """As it was asked for."""

    @property
    def count(self) -> int:
        """How many members."""

    @property
    def control(self) -> int:
        """How many more were left out, because they get no message."""

    @property
    def ids(self) -> pa.StringArray:
        """The members."""

    @property
    def among(self) -> pa.StringArray:
        """Sorted ids, those of the members among them; several lists may share these."""

    @property
    def places(self) -> Places:
        """Where the members are among them."""

    @property
    def has_variants(self) -> bool:
        """Whether it is of a campaign with variants."""

    @property
    def variants(self) -> pa.DictionaryArray | None:
        """The variant of each member; the dictionary has all that were asked for."""


def write(lists: Sequence[MemberList], form: str, file: BinaryIO, choice: VariantChoice = MESSAGED) -> None:
    """Write the members in a format, list by list; `lines` only names ids, so it wants one list.

    Where a choice of variants may list members of a control group, JSON has them by variant, and where it may list
    them beside others, lines have the variant behind the id.
    """
    match form:
        case "lines":
            for one in lists:
                _write_lines(one, file, labelled=choice.is_mixed)
        case "csv":
            _write_csv(lists, file)
        case "json":
            _write_json(lists, file, by_variant=choice.is_explicit)
        case "parquet":
            _write_parquet(lists, file)
        case _:
            _write_arrow(lists, file)


def left_out(lists: Sequence[MemberList]) -> str:
    """What to say of control groups that are not listed; nothing if there are none."""
    return "".join(
        f"{one.name}: {count(one.control)} in the control group left out (`--variant control` lists them)\n"
        for one in lists
        if one.control
    )


def _texts(values: pa.DictionaryArray) -> pa.StringArray:
    return values.dictionary_decode()


# --- texts ------------------------------------------------------------------------------------------------


def _write_lines(one: MemberList, file: BinaryIO, *, labelled: bool) -> None:
    if not one.count:
        return
    lines = one.ids.to_pylist()
    variants = one.variants if labelled else None
    if variants is not None:
        lines = [f"{user}\t{variant}" for user, variant in zip(lines, _texts(variants).to_pylist(), strict=True)]
    file.write(("\n".join(lines) + "\n").encode())


def _write_csv(lists: Sequence[MemberList], file: BinaryIO) -> None:
    with_variants = _have_variants(lists)
    header = ["name", "id", "variant"] if with_variants else ["name", "id"]
    write_rows(chain([header], chain.from_iterable(_rows(one, with_variants=with_variants) for one in lists)), file)


def _rows(one: MemberList, *, with_variants: bool) -> Iterator[Sequence[str | None]]:
    ids, variants = one.ids.to_pylist(), one.variants
    if not with_variants:
        yield from ((one.name, user) for user in ids)
        return
    labels = [None] * len(ids) if variants is None else _texts(variants).to_pylist()
    yield from ((one.name, user, variant) for user, variant in zip(ids, labels, strict=True))


def _write_json(lists: Sequence[MemberList], file: BinaryIO, *, by_variant: bool) -> None:
    """`{"name": ["id", ...]}`, by variant `{"name": {"variant": ["id", ...]}}`, in the layout of all our JSON."""
    separator = "{"
    for one in lists:
        content = _by_variant(one) if by_variant and one.has_variants else _array(one.ids, "  ")
        file.write(f"{separator}\n  {_quoted(one.name)}: {content}".encode())
        separator = ","
    file.write(b"\n}\n" if lists else b"{}\n")


def _by_variant(one: MemberList) -> str:
    ids, variants = one.ids, one.variants
    if variants is None:
        raise TypeError(f"{one.name} has no variants")
    numbers = variants.indices.to_numpy()
    groups = (
        f"\n    {_quoted(name)}: {_array(ids.filter(pa.array(numbers == number)), '    ')}"
        for number, name in enumerate(variants.dictionary.to_pylist())
    )
    return f"{{{','.join(groups)}\n  }}"


def _array(texts: pa.StringArray, indent: str) -> str:
    if not len(texts):
        return "[]"
    line = f"\n{indent}  "
    items = json.dumps(texts.to_pylist(), ensure_ascii=False, separators=(f",{line}", ": "))
    return f"[{line}{items[1:-1]}\n{indent}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# --- tables -----------------------------------------------------------------------------------------------


def _have_variants(lists: Sequence[MemberList]) -> bool:
    return any(one.has_variants for one in lists)


def _write_arrow(lists: Sequence[MemberList], file: BinaryIO) -> None:
    """Ids and variants as plain texts, a batch for each list."""
    fields = [("name", _CODED), ("id", pa.string()), *([("variant", pa.string())] if _have_variants(lists) else [])]
    schema, names = pa.schema(fields), pa.array([one.name for one in lists], pa.string())
    with arrow_file(schema, file) as writer:
        for number, one in enumerate(lists):
            columns = [_coded(np.full(one.count, number, dtype=np.int32), names), one.ids]
            if len(fields) > len(columns):
                columns.append(pa.nulls(one.count, pa.string()) if one.variants is None else _texts(one.variants))
            writer.write_batch(pa.record_batch(columns, schema=schema))


def _write_parquet(lists: Sequence[MemberList], file: BinaryIO) -> None:
    """All columns are texts.

    Where lists share their ids, a row group has them once, as its dictionary, and of each list only the places. So
    row groups are large: a dictionary costs as much as dozens of rows for each of its ids.
    """
    shared = {id(one.among): one.among for one in lists}
    repeated = sum(one.count for one in lists) > _REPEATED * sum(map(len, shared.values()))
    names = pa.array([one.name for one in lists], pa.string())
    columns = [("name", _CODED), ("id", _CODED if repeated else pa.string())]
    fields = [pa.field(name, of, nullable=False) for name, of in columns]  # a quarter of the time less
    schema = pa.schema([*fields, pa.field("variant", _CODED)] if _have_variants(lists) else fields)
    with parquet_file(schema, file, dictionaries=schema.names if repeated else ["name", "variant"]) as writer:
        for group in _groups(lists):
            writer.write_table(_table(group, names, schema), row_group_size=_MOST_ROWS)


def _groups(lists: Sequence[MemberList]) -> Iterator[list[tuple[int, MemberList]]]:
    """Numbered lists that go into one row group: those in a row that share their ids, up to a number of rows."""
    group: list[tuple[int, MemberList]] = []
    rows = 0
    for number, one in enumerate(lists):
        most = min(max(len(one.among) * _ROWS_PER_ID, _FEWEST_ROWS), _MOST_ROWS)
        if group and (group[-1][1].among is not one.among or rows + one.count > most):
            yield group
            group, rows = [], 0
        group.append((number, one))
        rows += one.count
    if group:
        yield group


def _table(group: Sequence[tuple[int, MemberList]], names: pa.StringArray, schema: pa.Schema) -> pa.Table:
    lists = [one for _, one in group]
    columns = [
        pa.chunked_array([_coded(np.full(one.count, number, dtype=np.int32), names) for number, one in group], _CODED),
        _ids(lists) if schema.field("id").type == _CODED else pa.chunked_array([one.ids for one in lists]),
    ]
    columns += [_variants(lists)] if "variant" in schema.names else []
    return pa.Table.from_arrays(columns, schema=schema)


def _ids(lists: Sequence[MemberList]) -> pa.ChunkedArray:
    """The ids of lists that share a dictionary; what few rows refer to is a dictionary of its own."""
    among, places = lists[0].among, [one.places for one in lists]
    if sum(map(len, places)) < _REPEATED * len(among):
        used, joined = np.unique(np.concatenate(places), return_inverse=True)
        among, places = among.take(pa.array(used)), [joined.astype(np.int32)]
    return pa.chunked_array([_coded(one, among) for one in places], _CODED)


def _variants(lists: Sequence[MemberList]) -> pa.ChunkedArray:
    columns = [(one.variants, one.count) for one in lists]
    chunks = [pa.nulls(count, _CODED) if variants is None else variants for variants, count in columns]
    return pa.chunked_array(chunks, _CODED).unify_dictionaries()


def _coded(places: Places, among: pa.StringArray) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places), among, safe=False)
