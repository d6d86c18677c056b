"""What an enrolment in a sequence files: the steps as they were agreed on then, and how they are read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Final

from isdesk.domain.changes import Value
from isdesk.domain.rules import Label, SequenceStep
from isdesk.domain.rules import Sequence as Definition
from isdesk.domain.touch import Channel

ENROL: Final = "enrol"
CHOSEN: Final = ("promise", "talk")
"""What ends a sequence only where the team wants it."""


def enrol_payload(
    definition: Definition, key: str, anchor: date, playbook: str, known: Iterable[str] = ()
) -> dict[str, Value]:
    """Return what an enrolment files: the sequence as it is now, the day of the first contact, the definitions.

    ``known`` are the touches that would have ended it and were known by then (`sequence.against`); any other one
    ends it.
    """
    steps: list[object] = [
        {
            "channel": step.channel.value,
            "days": step.days,
            "template": step.template,
            "at": step.at.strftime("%H:%M") if step.at is not None else "",
            "ja": step.label.ja if step.label is not None else "",
            "en": step.label.en if step.label is not None else "",
        }
        for step in definition.steps
    ]
    return {
        "event": ENROL, "key": key, "sequence": definition.code, "version": definition.version,
        "ja": definition.label.ja, "en": definition.label.en, "steps": steps, "stops": list[object](definition.stops),
        "automatic": definition.automatic, "gap_days": definition.gap_days, "then_days": definition.then_days,
        "anchor": anchor.isoformat(), "playbook": playbook, "known": list[object](known),
    }  # fmt: skip


def moved_payload(payload: Mapping[str, Value], began: datetime, known: Iterable[str]) -> dict[str, Value]:
    """Return what an enrolment files for the lead into which its own is merged: the same steps under the same keys, so
    that what was done stays done; ``began`` is when it was made first, ``known`` as in `enrol_payload`.
    """
    had = payload.get("known")
    both = [*(had if isinstance(had, list) else []), *known]
    return {**payload, "began": began.isoformat(), "known": list[object](dict.fromkeys(both))}


def definition_of(payload: Mapping[str, Value]) -> Definition | None:
    """Return the sequence that an enrolment carries; None where it cannot be read (a newer program wrote it)."""
    try:
        given = payload["steps"]
        steps = tuple(_step(one) for one in given if isinstance(one, dict)) if isinstance(given, list) else ()
        stops = payload.get("stops")
        found = Definition(
            str(payload["sequence"]),
            int(str(payload["version"])),
            Label(str(payload["ja"]), str(payload["en"])),
            steps,
            tuple(str(one) for one in stops) if isinstance(stops, list) else CHOSEN,
            automatic=payload.get("automatic") is not False,
            gap_days=max(int(str(payload.get("gap_days", 2))), 0),
            then_days=max(int(str(payload.get("then_days", 3))), 0),
        )
    except (KeyError, ValueError, TypeError):
        return None
    return found if steps else None


def _step(given: Mapping[str, object]) -> SequenceStep:
    clock, ja = str(given.get("at") or ""), str(given.get("ja") or "")
    return SequenceStep(
        Channel(str(given["channel"])),
        int(str(given["days"])),
        str(given.get("template") or ""),
        time.fromisoformat(clock) if clock else None,
        Label(ja, str(given.get("en") or ja)) if ja else None,
    )
