from __future__ import annotations

import json
import subprocess

import pytest
from jsonschema import Draft7Validator

from tests.cli.conftest import Shop
from tests.report.sarif_schema import SARIF

TEST = """\
kind: test
name: {0}_edges
as_of: 2026-01-01
given:
  users: [{{id: a, country: FR}}]
expect: {{{0}: {{{1}: [a]}}}}
"""


@pytest.fixture
def french(shop: Shop) -> Shop:
    shop.segment("french", "{attribute: country, is: FR}", "tags: [region]\nowner: crm\n")
    shop.segment("abroad", "{not: {segment: french}}", "tags: [region]\n")
    shop.write("segments/tests/french.yaml", TEST.format("french", "in"))
    shop.write("segments/tests/abroad.yaml", TEST.format("abroad", "in"))
    return shop


def names(out: str) -> list[str]:
    return [item["name"] for item in json.loads(out)["definitions"]]


def test_list(french: Shop) -> None:
    found = french.run("list", "--select", "tag:region", "--exclude", "owner:crm", "--format", "json")
    assert names(found.out) == ["abroad"]
    assert names(french.run("list", "-s", "french+", "--format", "json").out) == ["abroad", "french"]


def test_test_runs_what_is_about_the_selected(french: Shop) -> None:
    assert french.run("test", "-s", "french").code == 0
    assert french.run("test").code == 1
    done = french.run("test", "--select", "french+", "--format", "json")
    assert [test["name"] for test in json.loads(done.out)["tests"]] == ["abroad_edges", "french_edges"]
    assert french.run("test", "--mutate", "-s", "french").code == 64


def test_test_annotates(french: Shop) -> None:
    done = french.run("test", "--format", "github")
    assert done.code == 1
    assert done.out == (
        "::error title=segctl test-failed,file=segments/tests/abroad.yaml,line=6,col=24::"
        "`a` should be in segment abroad, and is out%0Ain the test `abroad_edges`%0A"
        "hint: `segctl test abroad_edges` shows the result of every condition for the user\n"
    )


def test_validate_tells_of_the_selected_alone(french: Shop) -> None:
    french.segment("odd", "{attribute: country, is: fr}")
    french.segment("wrong", "{atribute: country}")
    assert french.run("validate", "-s", "french", "abroad").code == 64
    assert french.run("validate", "-s", "french abroad").code == 0
    assert "unseen-value" in french.run("validate", "-s", "odd").out
    done = french.run("validate", "--exclude", "odd")
    assert (done.code, done.out.count("error["), done.out.count("warning[")) == (1, 1, 0)
    french.write("segments/unreadable.yaml", "kind: [\n")
    assert french.run("validate", "-s", "french").code == 1  # nobody knows what the file would define


def test_validate_writes_sarif(french: Shop) -> None:
    french.segment("wrong", "{atribute: country}")
    subprocess.run(["git", "init", "-q", str(french.folder.parent)], check=True)
    done = french.run("validate", "--format", "sarif")
    written = json.loads(done.out)
    Draft7Validator(SARIF).validate(written)
    (result,) = written["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"{french.folder.name}/segments/wrong.yaml"
    assert done.code == 1
    allowed = "# segctl: allow unseen-value: soon\nwhere: {attribute: country, is: fr}\n"
    french.write("segments/wrong.yaml", "kind: segment\nname: wrong\n" + allowed)
    assert json.loads(french.run("validate", "--format", "sarif").out)["runs"][0]["results"] == []


def test_plan_and_apply(french: Shop) -> None:
    plan = json.loads(french.run("plan", "--select", "french", "--format", "json").out)
    assert [change["name"] for change in plan["changes"]] == ["french"]
    missing = french.run("plan", "--select", "abroad")
    assert missing.code == 1
    assert "hint: take what it uses as well: `--select +abroad`" in missing.err
    nothing = french.run("plan", "--select", "frensh")
    assert (nothing.code, nothing.err) == (
        64, "error: `--select frensh` matches nothing\n  hint: did you mean `french`?\n",
    )  # fmt: skip
    assert french.run("apply", "--auto-approve", "--select", "+abroad").code == 0
    assert french.run("members", "abroad").code == 0
    assert french.run("refresh", "--select", "abroad").code == 0


def test_names_tags_and_states_complete(french: Shop) -> None:
    def completed(*words: str) -> list[str]:
        line = f"segctl -C {french.folder} {' '.join(words)}"
        done = french.process(
            *words[:-1], _SEGCTL_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(line.split()) - 1)
        )
        return [text.partition(",")[2] for text in done.stdout.splitlines()]

    assert completed("plan", "--select", "fr") == ["french", "french_edges"]
    assert completed("plan", "--select", "+frenc") == ["+french", "+french_edges"]
    assert completed("list", "-s", "abroad,tag:") == ["abroad,tag:region"]
    assert completed("plan", "--exclude", "state:m") == ["state:modified"]
