"""`python -m benchmarks.faults --rounds 100 --seed S`: three refreshes at once, and a network that fails.

Between them and an S3 server requests are refused, hang, are cut, or carried out and their answers lost,
by chance. After each round the state is read without faults: the chain of records is whole, whoever said
that it published is in it once, and whoever said that it failed is not, unless it said that it does not know.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from segctl.diagnostics import ExitCode
from tests.s3 import environ, s3_server
from tests.stores.crowd import Ended, crowd
from tests.stores.faulty import FAULTS, Fault, Proxy, proxy, sometimes
from tests.stores.shops import Shop, as_of, chain

AT_ONCE = 3
SETTINGS = {"SEGCTL_STATE_TIMEOUT": "3", "SEGCTL_LOCK_TERM": "6"}
UNKNOWN = "is not known"


def main() -> None:
    """Run the rounds, and print what became of the commands and of the requests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--share", type=float, default=0.15, help="of the requests that meet a fault")
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, s3_server() as server, proxy(server.endpoint) as between:
        settings = {**environ(between.endpoint), **SETTINGS}
        os.environ.update(settings)
        shop = Shop(Path(folder) / "shop", f"s3://{server.bucket()}/faults", settings).lay_out()
        done = shop.inside("apply", "--auto-approve", "--as-of", as_of(0))
        if done.code != ExitCode.OK:
            raise SystemExit(done.err)
        chance = random.Random(asked.seed)  # noqa: S311 faults are no secret
        ended: Counter[str] = Counter()
        for number in range(asked.rounds):
            ended += _round(shop, between, chance, share=asked.share, first=number * AT_ONCE + 1)
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{number + 1:,} of {asked.rounds:,}")
        serials = len(chain(shop.opened()))
    seconds = time.monotonic() - began
    lines = [f"seed {asked.seed}: {asked.rounds:,} rounds of {AT_ONCE} refreshes at once in {seconds:.0f} s"]
    lines += [f"  {count:>6,}  {what}" for what, count in sorted(ended.items())]
    lines += [f"{sum(between.done[fault] for fault in FAULTS):,} faults in {len(between.asked):,} requests:"]
    lines += [f"  {between.done[fault]:>6,}  {fault.value}" for fault in FAULTS]
    lines += [f"after every round the chain was whole, at the end {serials:,} serials; never two commits"]
    sys.stdout.write("\n".join(lines) + "\n")


def _round(shop: Shop, between: Proxy, chance: random.Random, *, share: float, first: int) -> Counter[str]:
    seconds = range(first, first + AT_ONCE)
    refresh = [
        "-C",
        str(shop.root),
        "refresh",
        "--lock-timeout",
        "40",
        "--allow",
        "earlier_as_of",
        "--reason",
        "any order",
    ]
    before = chain(shop.opened())
    between.decide = sometimes(chance, share)
    done = dict(zip(seconds, crowd([[*refresh, "--as-of", as_of(s)] for s in seconds], shop.environ), strict=True))
    between.decide = lambda _: Fault.NONE
    after = chain(shop.opened())
    if after[: len(before)] != before:
        raise SystemExit(f"what was published is not any more: {before}, then {after}")
    new = after[len(before) :]
    wrong = [second for second, one in done.items() if not _is_right(one, new.count(second))]
    if wrong or not set(new) <= set(seconds):
        raise SystemExit("\n".join(f"{s}: {done[s]}, published {new.count(s)} times" for s in wrong or seconds))
    return Counter(_kind(one, new.count(second)) for second, one in done.items())


def _is_right(one: Ended, published: int) -> bool:
    if one.code == ExitCode.OK:
        return published == 1
    may_have = UNKNOWN in one.err
    told = "error: " in one.err and "Traceback" not in one.err
    known = one.code in {ExitCode.FAILED, ExitCode.STALE, ExitCode.LOCKED}
    return known and told and published <= may_have


def _kind(one: Ended, published: int) -> str:
    if one.code == ExitCode.OK:
        return "published"
    unknown = f", said that it does not know; {'it was' if published else 'it was not'}" if UNKNOWN in one.err else ""
    return f"exit {one.code}, not published{unknown}" if not unknown else f"exit {one.code}{unknown} published"


if __name__ == "__main__":
    main()
