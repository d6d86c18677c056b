"""A lead's telephone numbers: which there are, which are usable, and which to dial next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.outcome import is_dial
from isdesk.domain.rules import Outcome, Rules
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import Touch
from isdesk.domain.work_calendar import WorkCalendar

if TYPE_CHECKING:
    from isdesk.domain.planning import Given

SWITCHBOARD = "switchboard"
FIELDS = (("phone_direct", "direct"), ("phone_mobile", "mobile"), ("company.phone", SWITCHBOARD))
"""Where numbers stand, in the order in which they are dialled, and their kind (直通, 携帯, 代表電話)."""


MOBILE = ("+8170", "+8180", "+8190")
"""How the numbers of mobile telephones begin (総務省 電気通信番号計画)."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number: ``kind`` is ``direct`` | ``mobile`` | ``switchboard``; ``bad`` says why it is not usable."""

    kind: str
    e164: str
    bad: str | None = None


def bad_numbers(facts: LeadFacts) -> dict[str, object]:
    """Return the numbers marked unusable and why (``not_in_service`` | ``fax`` | ``wrong``)."""
    marked = facts.get("bad_numbers")
    return dict(marked) if isinstance(marked, dict) else {}


def numbers(facts: LeadFacts) -> tuple[Number, ...]:
    """Return all numbers of a lead in dialling order, each once."""
    marked = bad_numbers(facts)
    found: dict[str, Number] = {}
    for path, kind in FIELDS:
        value = facts.get(path)
        if isinstance(value, str) and value and value not in found:
            reason = marked.get(value)
            found[value] = Number(kind, value, None if reason is None else str(reason))
    return tuple(found.values())


def free_place(facts: LeadFacts, number: str) -> str:
    """Return the field that can take a further number of a person, empty where none is free or it stands there."""
    if any(one.e164 == number for one in numbers(facts)):
        return ""
    fitting = ("phone_mobile", "phone_direct") if number.startswith(MOBILE) else ("phone_direct",)
    return next((path for path in fitting if not facts.get(path)), "")


def usable(facts: LeadFacts) -> tuple[Number, ...]:
    """Return the numbers that may be dialled as far as the lead's own facts say."""
    return tuple(n for n in numbers(facts) if n.bad is None)


def next_number(
    facts: LeadFacts,
    history: Sequence[Touch],
    given: Given,
    outcome: Outcome,
    now: datetime,
    rules: Rules,
    calendar: WorkCalendar,
) -> str | None:
    """Return another usable number that was not yet dialled today, or None."""
    today = calendar.day_of(now)
    dialled = {t.number for t in history if is_dial(t, rules.outcomes) and calendar.day_of(t.at) == today}
    return other_number(facts, given, outcome, dialled)


def other_number(facts: LeadFacts, given: Given, outcome: Outcome, without: Collection[str | None] = ()) -> str | None:
    """Return another usable number than the dialled one and those of ``without``, or None.

    Where the outcome closes the contact, only the switchboard is left: there the successor can be asked for.
    """
    for number in usable(facts):
        switchboard = number.kind == "switchboard"
        if outcome.closes_contact and not switchboard:
            continue
        if number.e164 == given.number and not outcome.closes_contact:
            continue
        if number.e164 not in without:
            return number.e164
    return None
