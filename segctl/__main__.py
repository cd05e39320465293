"""`python -m segctl`."""

from __future__ import annotations

from segctl.cli.main import run

if __name__ == "__main__":
    run()
