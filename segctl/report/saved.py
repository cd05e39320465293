"""A saved plan for people and for machines, and how a plan is published exactly as it was shown."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from segctl.plan.plan import Plan
from segctl.plan.saved import Maker
from segctl.report.authors import by, commit
from segctl.report.markdown import Beside, markdown
from segctl.report.plan import plan as for_people
from segctl.report.times import local
from segctl.state import instants
from segctl.workflow.expected import LEAST_DIGITS
from segctl.workflow.request import Request
from segctl.workflow.saved import Shown


def publishing(planned: Plan, request: Request, folders: Sequence[Path] = ()) -> Text:
    """The command that publishes exactly this plan; nothing where an apply would do nothing, or be refused.

    `folders` is what `-C` named, so that the command works from where the plan was made.
    """
    if planned.is_empty or _stops(planned):
        return Text()
    parts = ["segctl", *(word for folder in folders for word in ("-C", str(folder)))]
    parts += ["apply", "--as-of", instants.to_text(planned.basis.as_of_us)]
    allow = tuple(dict.fromkeys((*request.allow, *(grant.allow for grant in request.granted))))
    reason = request.reason or next((grant.reason for grant in request.granted), "...")
    for option, values in (("--select", request.select), ("--exclude", request.exclude), ("--allow", allow)):
        parts += [word for value in values for word in (option, value)]
    parts += ["--reason", reason] if allow else []
    command = shlex.join([*parts, "--digest", planned.digest[:LEAST_DIGITS]])
    return Text("Publish exactly this: ", no_wrap=True).append(command, style="bold").append("\n")


def kept(planned: Plan, path: str) -> Text:
    """Where a plan was saved, and the command that publishes it."""
    if planned.is_empty:
        return Text(f"Saved in {path}; there is nothing to publish.\n")
    if _stops(planned):
        return Text(f"Saved in {path}; an apply would be refused.\n")
    text = Text(f"Saved in {path}. Publish exactly this: ")
    return text.append(f"segctl apply {path}", style="bold").append("\n")


def _stops(planned: Plan) -> bool:
    return any(finding.stops for finding in planned.findings())


def page(shown: Shown, path: str) -> Text:
    """A saved plan: who made it, and the plan itself."""
    saved = shown.saved
    text = Text(f"{path}: {_made(saved.maker, saved.zone)}\n", style="dim")
    bound = saved.binding
    for label, values in (("--select", bound.select), ("--exclude", bound.exclude), ("--allow", bound.allow)):
        if values:
            text.append(f"  {label} {' '.join(values)}\n", style="dim")
    for grant in bound.granted:
        text.append(f"  allowed {grant.allow}{f' by {grant.by}' if grant.by else ''}: {grant.reason}\n", style="dim")
    return text.append("\n").append_text(for_people(saved.plan, saved.zone))


def _made(maker: Maker, zone: str) -> str:
    at = f", at commit {commit(maker.commit)}" if maker.commit else ""
    run = f", in {maker.run}" if maker.run else ""
    who = by(maker.who, maker.host)
    return f"saved by {who}, {local(maker.created_us, zone)}{at}{run}, segctl {maker.segctl}"


def warnings(shown: Shown, path: str) -> str:
    """What has moved since it was saved, as far as that is known without reading data."""
    if shown.unknown:
        return f"note: whether `{path}` is stale is not known here: {shown.unknown}\n"
    if not shown.moved:
        return ""
    lines = "".join(f"  {line}\n" for line in shown.moved)
    return f"warning: `{path}` is stale, an apply would refuse it\n{lines}"


def comment(shown: Shown, path: str) -> str:
    """A saved plan for a comment on a pull request; that it is stale is noted in it."""
    notes = [f"This plan is stale, an apply would refuse it: {'; '.join(shown.moved)}"] if shown.moved else []
    granted = shown.saved.binding.granted
    beside = Beside(notes=notes, granted=granted, whole=f"`segctl show {path}` shows all")
    return markdown(shown.saved.plan, shown.saved.zone, beside)


def page_data(shown: Shown) -> dict[str, object]:
    """The plan as it was printed when it was saved, and what is known of its file."""
    maker = shown.saved.maker
    return {
        **shown.saved.printed,
        "saved": {
            "at": instants.to_text(maker.created_us), "who": maker.who, "host": maker.host,
            "commit": maker.commit, "run": maker.run, "segctl": maker.segctl,
            "select": list(shown.saved.binding.select), "exclude": list(shown.saved.binding.exclude),
            "allow": list(shown.saved.binding.allow),
            "granted": [asdict(grant) for grant in shown.saved.binding.granted],
        },
        "stale": list(shown.moved),
    }  # fmt: skip
