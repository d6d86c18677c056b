"""Reads the team's sequences (シーケンス, DOMAIN 10)."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

from isdesk.domain.rules import Label, Sequence, SequenceStep
from isdesk.domain.sequence import CHANNELS
from isdesk.domain.sequence_filing import CHOSEN
from isdesk.domain.touch import Channel
from isdesk.playbook.reader import Table

DAYS: Final = (3, 7, 14)
"""The business days of the first steps where none are given (DOMAIN 10)."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def sequences(top: Table) -> dict[str, Sequence]:
    """Read ``[sequence.x]`` in the order of the file."""
    return {code: _sequence(code, t) for code, t in top.entries("sequence")}


def _sequence(code: str, t: Table) -> Sequence:
    steps = tuple(_step(i, Table(one, t.at("steps", i), t.problems)) for i, one in enumerate(t.items("steps")))
    if not steps:
        t.problems.add("playbook_empty", t.at("steps"))
    out = Sequence(
        code,
        t.whole("version", 1, least=1),
        t.label(),
        steps,
        stops=t.texts("stops", CHOSEN) if "stops" in t else CHOSEN,
        automatic=t.flag("automatic", default=True),
        gap_days=t.whole("gap_days", 2, least=1, most=30),
        then_days=t.whole("then_days", 3, least=1, most=365),
    )
    t.done()
    return out


def _step(index: int, t: Table) -> SequenceStep:
    channel = Channel(t.one_of("channel", tuple(one.value for one in CHANNELS)) or Channel.MAIL.value)
    if channel is Channel.MAIL:
        template = t.text("template")
    else:
        template = ""
        if "template" in t:
            t.raw("template")
            t.problems.add("playbook_not_for_kind", t.at("template"), kind=channel.value)
    out = SequenceStep(
        channel,
        t.whole("days", DAYS[index] if index < len(DAYS) else None, most=365),
        template,
        _clock(t),
        Label(t.text("ja"), t.text("en", t.text("ja"))) if "ja" in t else None,
    )
    t.done()
    return out


def _clock(t: Table) -> time | None:
    said = t.maybe("time")
    if said is None:
        return None
    found = _CLOCK.fullmatch(said.strip())
    if found is None:
        t.wrong("time", "time")
        return None
    return time(int(found[1]), int(found[2]))
