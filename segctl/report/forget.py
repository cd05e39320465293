"""An erasure, before and after, as lines and as data: counts and places, never an id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segctl.report.findings import serials
from segctl.report.text import plural
from segctl.workflow.forget import Absence, Forgotten, Preview
from segctl.workflow.remaining import Kind, Remaining

_MOST = 10


def seen(preview: Preview) -> str:
    """What an erasure would rewrite."""
    found, asked = preview.found, len(preview.wanted.sought)
    if found.is_empty:
        return f"no serial holds {_which(asked)}\n"
    lines = [f"found {len(found.users):,} of {plural(asked, 'id')}{_where(preview)}"]
    lines += [f"  rewrites: {', '.join(_rewrites(preview))}"]
    for column, values in found.values.items():
        verb = "keeps" if preview.wanted.keep_values else "removes"
        lines.append(f"  {verb}: {plural(values, 'value')} of trait {column} (other users', equal to one of the ids)")
    return "\n".join(lines) + "\n"


def _where(preview: Preview) -> str:
    found = preview.found.serials
    return f" in {serials(found)}" if found else ""


def _which(asked: int) -> str:
    return "the id" if asked == 1 else "any of the ids"


def _rewrites(preview: Preview) -> Iterator[str]:
    found = preview.found
    yield plural(len(found.chain.digests), "record")
    yield plural(len(found.cuts), "population")
    yield plural(len(found.memberships), "membership")
    yield plural(len(found.tables), "table of traits", "tables of traits")


def warnings(preview: Preview) -> str:
    """Where the ids stand besides, and what to do there; empty where they stand nowhere."""
    parts = [
        *_still([one for one in preview.remaining if one.comes_back]),
        *_in_definitions([one for one in preview.remaining if one.kind is Kind.DEFINITION], preview),
        *_beside(preview),
    ]
    return "".join(f"{line}\n" for line in parts)


def _still(places: Sequence[Remaining]) -> Iterator[str]:
    if places:
        yield "warning: the ids are still in the data; the next refresh or apply publishes them again:"
        yield from _listed(places)
        yield "  hint: delete the rows there first, then run `segctl forget` again"


def _in_definitions(places: Sequence[Remaining], preview: Preview) -> Iterator[str]:
    if places:
        yield "warning: definitions name the ids; they are not altered:"
        yield from _listed(places)
        yield "  hint: change them, and remember that git keeps what they were"
    named = preview.found.chain.named
    if named:
        yield "warning: definitions as they were applied name the ids; records keep them as they were:"
        yield from (f"  {' '.join(key)}: {serials(numbers)}" for key, numbers in sorted(named.items()))
        yield "  hint: change and apply them, then `segctl gc --keep N` forgets the older serials"


def _beside(preview: Preview) -> Iterator[str]:
    plans = [one for one in preview.remaining if one.kind is Kind.SAVED_PLAN]
    if plans:
        yield "warning: saved plans name the ids in definitions; they are stale after an erasure, delete them:"
        yield from _listed(plans)
    unread = [one for one in preview.remaining if one.kind is Kind.UNREADABLE]
    if unread:
        yield "warning: not searched:"
        yield from (f"  {one.place}: {one.detail}" for one in unread[:_MOST])
        yield from _more(unread)
    if preview.bucket and not preview.found.is_empty:
        yield f"warning: if `{preview.bucket}` keeps versions of objects, or undeletes them, those hold the ids on;"
        yield "  segctl cannot delete them"
        yield "  hint: let a lifecycle rule expire noncurrent versions, or delete them with the tools of the store"
    if preview.local_state is not None:
        yield f"warning: `{preview.local_state}` holds an older state that this project does not use: delete it"


def _listed(places: Sequence[Remaining]) -> Iterator[str]:
    for one in places[:_MOST]:
        rows = f": {plural(one.rows, 'row')}" if one.rows else ""
        yield f"  {one.place}{rows}"
    yield from _more(places)


def _more(places: Sequence[Remaining]) -> Iterator[str]:
    if len(places) > _MOST:
        yield f"  and {len(places) - _MOST:,} more"


def done(found: Forgotten) -> str:
    """What was done, and the proof."""
    lines = []
    if found.erased:
        users = plural(len(found.preview.found.users), "user")
        lines.append(f"erased {users}{_from(found.preview)}")
    if found.deleted:
        lines.append(f"deleted {plural(found.deleted, 'object')} that nothing refers to any more")
    if found.removed:
        lines.append("deleted the index of this machine; the next command rebuilds it")
    if found.absence is not None:
        lines.append(absent(found.absence).rstrip("\n"))
    return "\n".join(lines) + "\n" if lines else ""


def _from(preview: Preview) -> str:
    found = preview.found.serials
    return f" from {serials(found)}" if found else ""


def absent(found: Absence) -> str:
    """Whether nothing holds the ids, else what does."""
    lines = [f"found: {one.name}: {one.what}{_named(one.definitions)}" for one in found.occurrences]
    lines += [f"found: {file}: a file of the index" for file in found.files]
    if found.is_proved:
        return f"the ids are absent: {plural(found.objects, 'object')} of the state searched\n"
    objects = len({one.name for one in found.occurrences}) + len(found.files)
    return "\n".join([*lines, f"the ids are not absent: {plural(objects, 'object')} of {found.objects:,}"]) + "\n"


def _named(definitions: Sequence[tuple[str, str]]) -> str:
    return f" ({', '.join(' '.join(key) for key in definitions)})" if definitions else ""


def forgotten_data(found: Forgotten, *, dry_run: bool) -> dict[str, object]:
    """For JSON."""
    seen_ = found.preview
    survey = seen_.found
    return {
        "format_version": "1.0", "dry_run": dry_run, "erased": found.erased, "ids": len(seen_.wanted.sought),
        "found": len(survey.users), "serials": list(survey.serials),
        "rewritten": {
            "records": 0 if survey.is_empty else len(survey.chain.digests), "populations": len(survey.cuts),
            "memberships": len(survey.memberships), "traits": len(survey.tables),
        },
        "values": dict(survey.values), "values_kept": seen_.wanted.keep_values, "deleted": found.deleted,
        "remaining": [
            {"kind": str(one.kind).replace(" ", "_"), "place": one.place, "rows": one.rows, "detail": one.detail}
            for one in seen_.remaining
        ],
        "definitions_applied": {".".join(key): list(numbers) for key, numbers in sorted(survey.chain.named.items())},
        "index_deleted": bool(found.removed),
        "absent": None if found.absence is None else absence_data(found.absence),
    }  # fmt: skip


def absence_data(found: Absence) -> dict[str, object]:
    """For JSON."""
    return {
        "format_version": "1.0", "absent": found.is_proved, "objects": found.objects,
        "found": [
            {"object": one.name, "what": one.what, "definitions": [".".join(key) for key in one.definitions]}
            for one in found.occurrences
        ],
        "index": [str(file) for file in found.files],
    }  # fmt: skip
