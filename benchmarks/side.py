"""What both sides of the comparison hand back: time, memory, and digests of the members."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

STARTED = "SEGCTL_BENCH_STARTED"
"""Environment: when the process was started, so that its own start counts too."""


def elapsed() -> float:
    """Seconds since this process was started."""
    return time.time() - float(os.environ[STARTED])


def peak_mb() -> float:
    """The most memory this process held, and its largest child beside it."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(who).ru_maxrss for who in both) / 1024


def cpu_seconds() -> float:
    """What this process and its children have worked, on all cores together."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)


def finish(members: Mapping[str, pa.Array], out: Path, **figures: float) -> None:
    """Stop the clock, then write figures and digests."""
    figures = {"seconds": elapsed(), "cpu": cpu_seconds(), "peak_mb": peak_mb(), **figures}
    digests = {name: [len(ids), digest(ids)] for name, ids in members.items()}
    out.write_text(json.dumps({"figures": figures, "members": digests}))
    sys.stdout.flush()


def digest(ids: pa.Array) -> str:
    """The same for the same ids in any order."""
    ordered = ids.take(pc.sort_indices(ids))
    return hashlib.blake2b("\n".join(ordered.to_pylist()).encode(), digest_size=16).hexdigest()
