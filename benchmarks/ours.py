"""One side: what `segctl members --live` does, in a process of its own. `python -m benchmarks.ours FOLDER OUT`."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.side import elapsed, finish


def main(folder: Path, out: Path) -> None:
    """Load the definitions, bring the index up to date, evaluate all segments, take the members' ids."""
    import numpy as np
    import pyarrow as pa

    from benchmarks.data import AS_OF
    from segctl.graph import build
    from segctl.load.project import load
    from segctl.progress import Silent
    from segctl.workflow.evaluate import Library, Target, evaluate, open_data

    imported = elapsed()
    definitions = load(folder)
    build(definitions)
    loaded = elapsed()
    data = open_data(definitions, int(AS_OF.timestamp()) * 1_000_000, Silent())
    opened = elapsed()
    library = Library(definitions.documents)
    wanted = {key: Target(library, key) for key in definitions.documents}
    found = evaluate(data, wanted, Silent())
    evaluated = elapsed()
    ids = data.population.ids
    members = {key[1]: ids.take(pa.array(np.flatnonzero(found.memberships[key]))) for key in wanted}
    finish(members, out, imported=imported, loaded=loaded, opened=opened, evaluated=evaluated)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
