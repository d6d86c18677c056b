"""Reads what steers calls out of a playbook: outcomes, retry ladders, slots, caps, windows, business time, SLA."""

from __future__ import annotations

from datetime import date

from isdesk.domain.fields import LEAD_FIELDS
from isdesk.domain.phone import End
from isdesk.domain.rules import (
    BusinessTime,
    Caps,
    Follow,
    Outcome,
    RetryPolicy,
    Sla,
    Slot,
    Step,
    Windows,
)
from isdesk.domain.touch import TOUCH_CHANNELS, ActionKind, Channel, Direction, Reached
from isdesk.playbook.reader import Table

_MAILS = ("mail_today", "mail_days")
FOLLOW_KEYS: dict[str, tuple[str, ...]] = {
    "policy": ("policy", *_MAILS),
    "callback": ("minutes", *_MAILS),
    "plan": ("step", *_MAILS),
    "wake": ("field", "days_before", "min_days", "else_days", *_MAILS),
    "close": _MAILS,
    "handoff": (),
    "number": ("step", "policy"),
    "stay": (),
    "merge": (),
}
"""What each kind of follow-up may say beside ``kind`` and ``action``."""

_ACTIONS = tuple(a.value for a in ActionKind)
_ACTION_OF = {
    "callback": ActionKind.CALLBACK_EXACT,
    "wake": ActionKind.NURTURE,
    "handoff": ActionKind.HANDOFF,
    "number": ActionKind.RESEARCH_NUMBER,
    "merge": ActionKind.MERGE,
}
_CHANNELS = (Channel.PHONE.value, *(channel.value for channel in TOUCH_CHANNELS))
_WAITS = ("minutes", "business_minutes", "bd", "days")
CALL_ENDS = frozenset(End)
"""The ends of a telephone call that an outcome may be proposed on."""
_SLOTS = ("any", "other_half", "other_slot", "same_time")
_REQUIRES = frozenset({"callback_at", "meeting_at", "fs_id", "reason", "adoption_at", "competitor", "note"})
REQUIRABLE = _REQUIRES | frozenset(LEAD_FIELDS)
"""What an outcome may ask for before it is recorded."""


def step(table: Table) -> Step:
    """Read one step: exactly one wait, the part of the day, the action."""
    given = [w for w in _WAITS if w in table]
    if len(given) != 1:
        table.problems.add("playbook_one_wait", table.path, known=", ".join(_WAITS))
    waits = {w: table.maybe_whole(w, most=100_000) for w in _WAITS}
    out = Step(
        **waits,
        slot=table.one_of("slot", _SLOTS, "any"),
        action=table.one_of("action", _ACTIONS, ActionKind.RETRY.value),
        mail=table.flag("mail"),
    )
    table.done()
    return out


def policies(top: Table) -> dict[str, RetryPolicy]:
    """Read the retry ladders (再架電ルール)."""
    out: dict[str, RetryPolicy] = {}
    for code, t in top.entries("policy"):
        rungs = tuple(step(Table(s, t.at("steps", i), t.problems)) for i, s in enumerate(t.items("steps")))
        if not rungs:
            t.problems.add("playbook_empty", t.at("steps"))
        out[code] = RetryPolicy(
            code,
            rungs,
            then=t.maybe("then"),
            exhausted_days=t.maybe_whole("exhausted_days", least=1, most=3650),
            mail_days=t.ints("mail_days", most=365),
        )
        if "then" not in t and "exhausted_days" not in t:
            t.problems.add("playbook_ladder_end", t.path)
        t.raw("ja"), t.raw("en")
        t.done()
    return out


def _follow(t: Table) -> Follow:
    kind = t.one_of("kind", FOLLOW_KEYS)
    allowed = FOLLOW_KEYS.get(kind, ())
    for key in t.codes():
        if key not in ("kind", "action", *allowed) and any(key in keys for keys in FOLLOW_KEYS.values()):
            t.raw(key)
            t.problems.add("playbook_not_for_kind", t.at(key), kind=kind)
    for key in {"policy": ("policy",), "plan": ("step",), "wake": ("else_days",)}.get(kind, ()):
        if key not in t:
            t.problems.add("playbook_missing_key", t.at(key))
    rung = step(t.table("step")) if "step" in t else None
    base = _ACTION_OF.get(kind, ActionKind.RETRY).value
    out = Follow(
        kind,
        policy=t.maybe("policy"),
        step=rung,
        action=t.one_of("action", _ACTIONS, rung.action if rung and kind == "plan" else base),
        minutes=t.whole("minutes", 0, most=1440),
        field=t.maybe("field"),
        days_before=t.whole("days_before", 0, most=3650),
        min_days=t.whole("min_days", 0, most=3650),
        else_days=t.maybe_whole("else_days", least=1, most=3650),
        mail_today=t.flag("mail_today"),
        mail_days=t.ints("mail_days", most=365),
    )
    t.done()
    return out


def outcomes(top: Table, groups: tuple[str, ...]) -> dict[str, Outcome]:
    """Read the catalogue of outcomes (架電結果), inactive ones too: a code is never deleted."""
    out: dict[str, Outcome] = {}
    for code, t in top.entries("outcome", inactive=True):
        out[code] = Outcome(
            code,
            t.label(),
            group=t.one_of("group", groups),
            answered=t.flag("answered"),
            dm_reached=t.flag("dm_reached"),
            meeting_set=t.flag("meeting_set"),
            follow=_follow(t.table("follow")) if "follow" in t else _no_follow(t),
            counts_as_dial=t.flag("counts_as_dial", default=True),
            dm_override=t.flag("dm_override"),
            default_reached=Reached(t.one_of("default_reached", tuple(Reached), Reached.NONE)),
            terminal=t.flag("terminal"),
            terminal_if_no_number=t.flag("terminal_if_no_number"),
            dnc=t.flag("dnc"),
            dnc_company=t.flag("dnc_company"),
            alert_team_lead=t.flag("alert_team_lead"),
            number_flag=t.one_of("number_flag", ("not_in_service", "fax", "wrong"), "") or None,
            closes_company=t.flag("closes_company"),
            closes_contact=t.flag("closes_contact"),
            requires=t.texts("requires", REQUIRABLE),
            advance=t.maybe("advance"),
            cap=t.maybe_whole("cap", least=1, most=100),
            cooldown_days=t.whole("cooldown_days", 0, most=3650),
            repeat_cooldown_days=t.maybe_whole("repeat_cooldown_days", most=3650),
            company_cooldown_days=t.whole("company_cooldown_days", 0, most=3650),
            intent_bonus=t.whole("intent_bonus", 0, least=-100, most=100),
            counts_meeting=t.flag("counts_meeting", default=True),
            cancels_meeting=t.flag("cancels_meeting"),
            after_meeting=t.flag("after_meeting"),
            promised=t.flag("promised"),
            sent=t.flag("sent", default=True),
            hotkey=t.one_of("hotkey", tuple("0123456789"), "") or None,
            auto_advance=t.flag("auto_advance", default=True),
            tone=t.one_of("tone", ("plain", "good", "stop"), "plain"),
            active=t.flag("active", default=True),
            crm_bucket=t.text("crm_bucket", ""),
            proposed_on=t.texts("proposed_on", CALL_ENDS),
            kana=t.text("kana", ""),
            channels=t.texts("channels", _CHANNELS) if "channels" in t else (Channel.PHONE.value,),
            direction=Direction(t.one_of("direction", tuple(Direction), Direction.OUT)),
        )
        t.done()
    return out


def _no_follow(t: Table) -> Follow:
    t.problems.add("playbook_missing_key", t.at("follow"))
    return Follow("stay")


def slots(top: Table) -> tuple[Slot, ...]:
    """Read the parts of the business day between which attempts rotate."""
    out: list[Slot] = []
    for code, t in top.entries("slot"):
        span = t.span("time")
        if span and out and span[0] < out[-1].end:
            t.problems.add("playbook_not_ordered", t.at("time"), value=t.text("time"))
        if span:
            out.append(Slot(code, *span))
        t.done()
    return tuple(out)


def caps(top: Table) -> Caps:
    """Read how often may be dialled."""
    t, d = top.table("caps"), Caps()
    out = Caps(
        minutes_between=t.whole("minutes_between", d.minutes_between, most=1440),
        per_number_day=t.whole("per_number_day", d.per_number_day, least=1, most=50),
        per_company_day=t.whole("per_company_day", d.per_company_day, least=1, most=100),
        per_contact_cycle=t.whole("per_contact_cycle", d.per_contact_cycle, least=1, most=100),
        company_rests_after_dial=t.flag("company_rests_after_dial", default=d.company_rests_after_dial),
    )
    t.done()
    return out


def windows(top: Table) -> Windows:
    """Read the calling windows; soft and best ones lie inside the hard one."""
    t, d = top.table("windows"), Windows()
    out = Windows(
        hard=(t.span("hard") if "hard" in t else None) or d.hard,
        soft=t.spans("soft") or d.soft,
        best=t.spans("best") or d.best,
        warn=tuple(_yearly(t, "warn")) if "warn" in t else d.warn,
    )
    for key, spans in (("soft", out.soft), ("best", out.best)):
        for i, (start, end) in enumerate(spans):
            if start < out.hard[0] or end > out.hard[1]:
                t.problems.add("playbook_outside_hard", t.at(key, i) if key in t else t.at("hard"))
    t.done()
    return out


def _yearly(t: Table, key: str) -> list[tuple[int, int, int, int]]:
    """Read spans of days of every year, ``"08-13/08-16"``; the second may lie in the next year."""
    out: list[tuple[int, int, int, int]] = []
    for i, text in enumerate(t.texts(key)):
        try:
            first, last = (date.fromisoformat(f"2024-{part.strip()}") for part in text.split("/"))
        except ValueError:
            t.problems.add("playbook_not_day_span", t.at(key, i), value=repr(text))
            continue
        out.append((first.month, first.day, last.month, last.day))
    return out


def business(top: Table) -> tuple[BusinessTime, tuple[tuple[int, int, int, int], ...], tuple[date, ...], bool]:
    """Read business hours. Also return the yearly closed spans, the days that are open all the same, and whether
    public holidays close: `isdesk.playbook.closing` makes days of them.
    """
    t, d = top.table("business"), BusinessTime()
    days = t.ints("weekdays", most=6) if "weekdays" in t else d.weekdays
    hours = t.spans("hours") or d.hours
    time = BusinessTime(hours, days or d.weekdays, frozenset(t.dates("closed_days")))
    yearly = tuple(_yearly(t, "closed_yearly"))
    out = time, yearly, t.dates("open_days"), t.flag("public_holidays", default=True)
    t.done()
    return out


def sla(top: Table) -> Sla:
    """Read the speed agreed between the departments."""
    t, d = top.table("sla"), Sla()
    out = Sla(
        first_response_hours=t.number("first_response_hours", d.first_response_hours, least=0.05, most=1000),
        inbound_first_response_hours=t.number(
            "inbound_first_response_hours", d.inbound_first_response_hours, least=0.05, most=1000
        ),
        fs_decision_hours=t.number("fs_decision_hours", d.fs_decision_hours, least=0.05, most=1000),
        feedback_days=t.whole("feedback_days", d.feedback_days, least=0, most=60),
        at_risk_minutes=t.whole("at_risk_minutes", d.at_risk_minutes, most=6000),
    )
    t.done()
    return out
