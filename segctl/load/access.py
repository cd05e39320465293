"""Which files definitions may point to: any, or for an author who is not trusted those below named folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Access:
    """What `segctl --untrusted` allows; without a `scratch` folder the author is trusted, and allowed anything.

    A file may be read if it lies, all links followed, below the project's folder or one of `roots` (resolved),
    and there below no hidden folder: `.git` holds tokens. The index is made anew in `scratch`, and no state is
    read but that in the folder `state`: those of the project may be as its author likes them to be.
    """

    roots: tuple[Path, ...] = ()
    scratch: Path | None = None
    state: Path | None = None

    @property
    def confined(self) -> bool:
        """Whether the author is not trusted."""
        return self.scratch is not None

    def real(self, path: Path, root: Path) -> Path | None:
        """The path with its links followed, None if it may not be read; `root` is the project's folder."""
        if not self.confined:
            return path
        try:
            real, folders = path.resolve(), (root.resolve(), *self.roots)
        except (OSError, RuntimeError, ValueError):  # a link to itself, a name that is none
            return None
        below = (real.relative_to(folder) for folder in folders if real.is_relative_to(folder))
        return real if any(not any(part.startswith(".") for part in inner.parts) for inner in below) else None


ANYWHERE = Access()
"""A trusted author's."""
