"""Runs segctl with an ear on what Python opens, connects to or starts: command lines in, what came of them out."""

from __future__ import annotations

import io
import json
import os
import sys

_EARS = ("open", "os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.remove", "socket.", "subprocess.", "os.exec",
         "os.system", "os.posix_spawn", "os.fork", "urllib.", "ftplib.", "http.", "os.putenv", "ctypes.dlopen",
         "shutil.rmtree", "os.symlink", "os.link", "os.chmod", "os.truncate")  # fmt: skip
_heard: list[list[str]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_EARS):
        what = arguments[0] if arguments else ""
        path = os.fsdecode(what) if isinstance(what, str | bytes | os.PathLike) else str(what)
        _heard.append([event, path])


def _run(arguments: list[str]) -> dict[str, object]:
    _heard.clear()
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    sys.stdout, sys.stderr = streams
    try:
        code = main(arguments)
    finally:
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    texts = []
    for stream in streams:
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return {"code": int(code), "out": texts[0], "err": texts[1], "events": list(_heard)}


from segctl.cli.main import main  # noqa: E402 what is heard begins after what is loaded

sys.addaudithook(_hear)
json.dump([_run(arguments) for arguments in json.load(sys.stdin)], sys.stdout)
