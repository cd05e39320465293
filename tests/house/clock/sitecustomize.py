"""The clock and the machine of the pages: the same on every run. Python loads this where PYTHONPATH names the folder.

Every process is a minute later than the one before; the file that `PAGE_CLOCK` names counts them.
"""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

BEGIN = 1_795_338_000  # 2026-11-22 09:00 UTC

if "PAGE_CLOCK" in os.environ:
    _file = Path(os.environ["PAGE_CLOCK"])
    _count = int(_file.read_text(encoding="utf-8")) + 1 if _file.exists() else 1
    _file.write_text(str(_count), encoding="utf-8")

    def _time() -> float:
        return BEGIN + 60 * _count

    def _host() -> str:
        return "laptop"

    time.time = _time
    socket.gethostname = _host
