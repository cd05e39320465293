"""A project on disk with messages and campaigns: four users, a few e-mails and what followed."""

from __future__ import annotations

from pathlib import Path

PROJECT = """
kind: project
name: shop
timezone: Europe/Paris
users: {path: users.csv, id: id}
events:
  - {path: events.csv, user: user, time: time, name: {column: event}}
messages:
  email: {sent: mail_sent, opened: mail_opened, clicked: mail_clicked, unsubscribed: mail_unsubscribed}
  push: {sent: push_sent}
  properties: {message: message, campaign: campaign, variant: variant}
engagement: {lookback: 30d}
active: {events: [purchase, visit]}
"""

CAMPAIGNS = """
kind: segment
name: everybody
where: {everyone: true}
---
kind: campaign
name: spring
tags: [seasonal]
audience: {include: [everybody], where: {attribute: country, is: FR}}
variants: [{name: a, percent: 50}, {name: control, percent: 50, control: true}]
conversions: [{event: purchase, within: 2d}, {event: visit, within: 1d}]
---
kind: campaign
name: autumn
audience: {include: [everybody]}
"""

USERS = "id,country\nann,FR\nbob,FR\ncat,BE\ndan,FR\n"

EVENTS = """user,event,time,message,campaign,variant
ann,mail_sent,2026-11-10T09:00:00Z,m1,spring,a
ann,mail_opened,2026-11-10T10:00:00Z,m1,spring,a
ann,purchase,2026-11-12T09:00:00Z,,,
bob,mail_sent,2026-11-10T09:00:00Z,m2,spring,control
bob,purchase,2026-11-12T09:00:01Z,,,
bob,mail_sent,2026-11-01T09:00:00Z,m3,autumn,
bob,mail_clicked,2026-11-01T10:00:00Z,m3,autumn,
cat,push_sent,2026-11-10T09:00:00Z,m4,spring,a
cat,visit,2026-11-10T09:00:00Z,,,
cat,mail_sent,2026-11-11T09:00:00Z,m5,autumn,
cat,mail_unsubscribed,2026-11-11T10:00:00Z,m5,autumn,
"""


def write(folder: Path, definitions: str = "", project: str = PROJECT, events: str = EVENTS) -> Path:
    """The project with these definitions beside its campaigns."""
    (folder / "segments").mkdir(exist_ok=True)
    (folder / "segments" / "segctl.yaml").write_text(project)
    (folder / "segments" / "campaigns.yaml").write_text(CAMPAIGNS)
    (folder / "segments" / "more.yaml").write_text(definitions or "{kind: segment, name: all, where: {everyone: true}}")
    (folder / "users.csv").write_text(USERS)
    (folder / "events.csv").write_text(events)
    return folder
