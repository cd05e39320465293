from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.cli.conftest import Outcome, Shop


def test_graph_prints_trees_and_takes_names_and_selections(shop: Shop) -> None:
    shop.segment("minors", "{not: {segment: adults}}", "tags: [young]\n")
    shop.write("segments/c.yaml", "kind: campaign\nname: toys\naudience: {include: [minors]}\n")
    assert shop.run("graph") == Outcome(
        0, "campaign toys\n└─ minors\n   └─ adults\n\ntiny_shop: 3 definitions, 2 uses, nothing applied yet\n", ""
    )
    assert shop.run("graph", "minors+").out.startswith("campaign toys\n└─ minors\n\n")
    assert shop.run("graph", "-s", "tag:young").out.startswith("minors\n\n")
    assert shop.run("graph", "toyz") == Outcome(1, "", "error: there is no `toyz`\n  hint: did you mean `toys`?\n")
    done = shop.run("graph", "--select", "tag:old")
    assert (done.code, done.out) == (64, "")


def test_graph_for_machines(shop: Shop) -> None:
    shop.segment("minors", "{not: {segment: adults}}")
    said = json.loads(shop.run("graph", "--format", "json").out)
    assert said == {
        "format_version": "1.0", "project": "tiny_shop", "serial": 0,
        "nodes": [
            {"kind": "segment", "name": "adults", "status": "new"},
            {"kind": "segment", "name": "minors", "status": "new"},
        ],
        "edges": [
            {
                "from": {"kind": "segment", "name": "minors"}, "to": {"kind": "segment", "name": "adults"},
                "applied": False, "defined": True,
            }
        ],
    }  # fmt: skip
    assert shop.run("graph", "--format", "mermaid").out == (
        'flowchart LR\n  n0["adults"]\n  n1["minors"]\n  n0 --> n1\n'
    )
    assert shop.run("graph", "--format", "mermaid", "--most", "1").out == (
        'flowchart LR\n  n0["adults"]\n  rest["and 1 more: #96;segctl graph#96; shows all"]\n'
    )
    assert shop.run("graph", "--format", "dot").out.startswith("digraph segctl {\n")


def test_a_story_of_a_rename_an_archive_and_a_return(shop: Shop) -> None:
    now = ("--as-of", "2026-11-20")
    shop.segment("minors", "{not: {segment: adults}}")
    assert shop.run("apply", *now, "--auto-approve").code == 0
    (shop.folder / "segments/adults.yaml").unlink()
    done = shop.run("plan", *now)
    assert done.code == 1
    assert "error[removed-reference]: the segment `adults` was removed (applied until serial 1)" in done.err
    assert "used by minors\n" in done.err
    assert "error[missing-reference]: there is no segment named `adults`" in shop.run("validate", "--no-data").out

    shop.segment("grown", "{attribute: age, at_least: 18}", "moved: {from: adults}\n")
    shop.segment("minors", "{not: {segment: grown}}")
    done = shop.run("plan", *now, "--format", "json")
    [change] = json.loads(done.out)["changes"]
    assert (change["action"], change["reasons"], change["moved_from"], change["members"]) == (
        "update", ["moved"], "adults", None,
    )  # fmt: skip
    assert shop.run("apply", *now, "--auto-approve").out.endswith("Published serial 2.\n")
    assert shop.run("members", "grown", "--serial", "1").out == shop.run("members", "grown").out
    assert shop.run("history", "grown").out.count("  apply  ") == 2

    shop.segment("minors", "{not: {segment: grown}}", "archived: true\n")
    assert shop.run("apply", *now, "--auto-approve").code == 0
    assert "minors  archived" in shop.run("graph").out
    assert shop.run("plan", *now, "--detailed-exitcode").code == 0
    shop.segment("minors", "{not: {segment: grown}}")
    assert "+ segment minors  2 members, back; last in serial 2" in shop.run("plan", *now).out


def test_a_graph_of_what_is_not_trusted_reads_no_state(shop: Shop, tmp_path: Path) -> None:
    shop.segment("minors", "{not: {segment: adults}}")
    assert shop.run("apply", "--as-of", "2026-11-20", "--auto-approve").code == 0
    (shop.folder / "segments/adults.yaml").unlink()
    done = shop.process("--untrusted", "graph", TMPDIR=str(tmp_path))
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 1
    assert "missing-reference" in done.stderr
    assert "removed-reference" not in done.stderr
