"""Facts and derived states to rows and back, for the statements of the hot path."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from isdesk.domain.changes import Change, Entry, Obj, Value, Verb
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import Transition
from isdesk.domain.ids import CompanyId, DeviceId, DialId, HandoffId, JournalId, LeadId, MemberId, TouchId, TransitionId
from isdesk.domain.state import Chip, LeadState, NextAction, Placement, Scores
from isdesk.domain.suppression import Suppression
from isdesk.domain.touch import ActionKind, Channel, Direction, Plan, Reached, Touch
from isdesk.store.values import dumps, instant, instant_or_none, loads, loads_any, micros, micros_or_none

Columns = Sequence[Any]

TOUCH_COLUMNS = (
    "id, lead_id, company_id, member_id, device_id, device_seq, at, journal_id, channel, direction, outcome, signal, "
    "reached, note, number, dial_id, ring_s, talk_s, reason, script, objections, playbook, plan, cooldown_until, "
    "company_cooldown_until, corrects, void, skew_ms"
)
TRANSITION_COLUMNS = (
    "id, handoff_id, lead_id, member_id, device_id, device_seq, at, journal_id, action, to_fs, reason, payload, "
    "corrects, void"
)
FILING_COLUMNS = "id, kind, subject, lead_id, member_id, device_id, device_seq, journal_id, at, payload, corrects, void"
SUPPRESSION_COLUMNS = "id, kind, hmac, scope, reason, at, member_id, journal_id, evidence, lifts, source"
ENTRY_COLUMNS = "id, verb, at, member_id, device_id, device_seq, playbook, undoes, lead_id, summary"
CHANGE_COLUMNS = "journal_id, obj, obj_id, before, after, created"
STATE_COLUMNS = (
    "open, stage, attempts, action, action_due_at, action_why, action_touch, last_touch_at, last_outcome, sla_due_at, "
    "sla_risk_at, handoff_id, handoff_state, returned_reason, dnc, cooldown_until, company_cooldown_until, inbound, "
    "fit, intent, timing, priority, scored_on, hot_signal, hot_at"
)
PLACEMENT_COLUMNS = "tier, k0, k1, k2, k3, held, listed, due_at, until, chips"


def marks(columns: str) -> str:
    """Return as many ``?`` as there are columns."""
    return ", ".join("?" for _ in columns.split(","))


def setters(columns: str) -> str:
    """Return ``a = ?, b = ?`` for the columns."""
    return ", ".join(f"{name.strip()} = ?" for name in columns.split(","))


def plan_to_json(plan: Plan) -> str:
    """Return a plan as JSON; instants as microseconds, so that nothing is lost."""
    out: dict[str, object] = {"action": plan.action, "why": plan.why}
    if plan.due_at is not None:
        out["due_at"] = micros(plan.due_at)
    if plan.moved:
        out["moved"] = True
    if plan.mails:
        out["mails"] = [micros(m) for m in plan.mails]
    return dumps(out)


def plan_from_json(text: str) -> Plan:
    """Return the plan that `plan_to_json` wrote."""
    d: dict[str, Any] = loads(text)
    action = d["action"]
    return Plan(
        None if action is None else ActionKind(action),
        instant_or_none(d.get("due_at")),
        d["why"],
        d.get("moved", False),
        tuple(instant(m) for m in d.get("mails", ())),
    )


def touch_to_row(t: Touch) -> tuple[Any, ...]:
    """Return a touch in the order of TOUCH_COLUMNS."""
    return (
        t.id,
        t.lead_id,
        t.company_id,
        t.member_id,
        t.device_id,
        t.device_seq,
        micros(t.at),
        t.journal_id,
        t.channel.value,
        t.direction.value,
        t.outcome,
        t.signal,
        None if t.reached is None else t.reached.value,
        t.note,
        t.number,
        t.dial_id,
        t.ring_s,
        t.talk_s,
        t.reason,
        t.script,
        dumps(list(t.objections)) if t.objections else None,
        t.playbook,
        None if t.plan is None else plan_to_json(t.plan),
        micros_or_none(t.cooldown_until),
        micros_or_none(t.company_cooldown_until),
        t.corrects,
        int(t.void),
        t.skew_ms,
    )


@lru_cache(maxsize=2048)
def touch_from_row(r: Columns) -> Touch:
    """Return the touch of a row (a tuple) in the order of TOUCH_COLUMNS.

    Touches are written once, so the ones at hand are kept as they are; `forget` lets go of them.
    """
    return Touch(
        id=TouchId(r[0]),
        lead_id=LeadId(r[1]),
        company_id=None if r[2] is None else CompanyId(r[2]),
        member_id=MemberId(r[3]),
        device_id=DeviceId(r[4]),
        device_seq=r[5],
        at=instant(r[6]),
        journal_id=None if r[7] is None else JournalId(r[7]),
        channel=Channel(r[8]),
        direction=Direction(r[9]),
        outcome=r[10],
        signal=r[11],
        reached=None if r[12] is None else Reached(r[12]),
        note=r[13],
        number=r[14],
        dial_id=None if r[15] is None else DialId(r[15]),
        ring_s=r[16],
        talk_s=r[17],
        reason=r[18],
        script=r[19],
        objections=() if r[20] is None else tuple(cast("list[str]", loads_any(r[20]))),
        playbook=r[21],
        plan=None if r[22] is None else plan_from_json(r[22]),
        cooldown_until=instant_or_none(r[23]),
        company_cooldown_until=instant_or_none(r[24]),
        corrects=None if r[25] is None else TouchId(r[25]),
        void=bool(r[26]),
        skew_ms=r[27],
    )


def forget() -> None:
    """Let go of the touches that were kept: when a database is closed or locked, nothing of it stays in memory."""
    touch_from_row.cache_clear()


def transition_to_row(t: Transition) -> tuple[Any, ...]:
    """Return a step of a handoff in the order of TRANSITION_COLUMNS."""
    return (
        t.id,
        t.handoff_id,
        t.lead_id,
        t.member_id,
        t.device_id,
        t.device_seq,
        micros(t.at),
        t.journal_id,
        t.action,
        t.to_fs,
        t.reason,
        dumps(t.payload),
        t.corrects,
        int(t.void),
    )


def transition_from_row(r: Columns) -> Transition:
    """Return the step of a row in the order of TRANSITION_COLUMNS."""
    return Transition(
        id=TransitionId(r[0]),
        handoff_id=HandoffId(r[1]),
        lead_id=LeadId(r[2]),
        member_id=MemberId(r[3]),
        device_id=DeviceId(r[4]),
        device_seq=r[5],
        at=instant(r[6]),
        journal_id=None if r[7] is None else JournalId(r[7]),
        action=r[8],
        to_fs=None if r[9] is None else MemberId(r[9]),
        reason=r[10],
        payload=loads(r[11]),
        corrects=None if r[12] is None else TransitionId(r[12]),
        void=bool(r[13]),
    )


def filing_to_row(f: Filing) -> tuple[Any, ...]:
    """Return a filing in the order of FILING_COLUMNS."""
    return (
        f.id, f.kind, f.subject, f.lead_id, f.member_id, f.device_id, f.device_seq, f.journal_id, micros(f.at),
        dumps(f.payload), f.corrects, int(f.void),
    )  # fmt: skip


def filing_from_row(r: Columns) -> Filing:
    """Return the filing of a row in the order of FILING_COLUMNS."""
    return Filing(
        id=r[0],
        kind=r[1],
        subject=r[2],
        lead_id=None if r[3] is None else LeadId(r[3]),
        member_id=MemberId(r[4]),
        device_id=DeviceId(r[5]),
        device_seq=r[6],
        journal_id=None if r[7] is None else JournalId(r[7]),
        at=instant(r[8]),
        payload=loads(r[9]),
        corrects=r[10],
        void=bool(r[11]),
    )


def suppression_to_row(s: Suppression) -> tuple[Any, ...]:
    """Return an event in the order of SUPPRESSION_COLUMNS."""
    at = micros(s.at)
    return (s.id, s.kind, s.hmac, s.scope, s.reason, at, s.member_id, s.journal_id, s.evidence, s.lifts, s.source)


def suppression_from_row(r: Columns) -> Suppression:
    """Return the event of a row in the order of SUPPRESSION_COLUMNS."""
    return Suppression(
        id=r[0],
        kind=r[1],
        hmac=r[2],
        scope=r[3],
        reason=r[4],
        at=instant(r[5]),
        member_id=MemberId(r[6]),
        journal_id=None if r[7] is None else JournalId(r[7]),
        evidence=r[8],
        lifts=r[9],
        source=r[10],
    )


def entry_to_row(e: Entry) -> tuple[Any, ...]:
    """Return the head of an entry in the order of ENTRY_COLUMNS."""
    return (
        e.id,
        e.verb.value,
        micros(e.at),
        e.member_id,
        e.device_id,
        e.device_seq,
        e.playbook,
        e.undoes,
        e.lead_id,
        dumps(e.summary),
    )


def entry_from_row(r: Columns) -> Entry:
    """Return the head of a row in the order of ENTRY_COLUMNS."""
    return Entry(
        id=JournalId(r[0]),
        verb=Verb(r[1]),
        at=instant(r[2]),
        member_id=MemberId(r[3]),
        device_id=DeviceId(r[4]),
        device_seq=r[5],
        playbook=r[6],
        undoes=None if r[7] is None else JournalId(r[7]),
        lead_id=None if r[8] is None else LeadId(r[8]),
        summary=loads(r[9]),
    )


def change_to_row(journal_id: str, c: Change) -> tuple[Any, ...]:
    """Return a change in the order of CHANGE_COLUMNS; that nothing was there before a creation is not spelled out."""
    before = "{}" if c.created and not any(c.before.values()) else dumps(c.before)
    return (journal_id, c.obj.value, c.id, before, dumps(c.after), int(c.created))


def change_from_row(r: Columns) -> Change:
    """Return the change of a row in the order of CHANGE_COLUMNS."""
    before, after, created = loads(r[3]), loads(r[4]), bool(r[5])
    return Change(Obj(r[1]), r[2], before or dict.fromkeys(after) if created else before, after, created)


def state_to_row(s: LeadState) -> tuple[Any, ...]:
    """Return a state in the order of STATE_COLUMNS; the parts of its scores are not kept."""
    action = s.next_action
    scores = s.scores
    return (
        int(s.open),
        s.stage,
        s.attempts,
        None if action is None else action.kind.value,
        None if action is None else micros(action.due_at),
        "" if action is None else action.why,
        None if action is None else action.touch_id,
        micros_or_none(s.last_touch_at),
        s.last_outcome,
        micros_or_none(s.sla_due_at),
        micros_or_none(s.sla_risk_at),
        s.handoff_id,
        s.handoff_state,
        s.returned_reason,
        int(s.dnc),
        micros_or_none(s.cooldown_until),
        micros_or_none(s.company_cooldown_until),
        int(s.inbound),
        scores.fit,
        scores.intent,
        scores.timing,
        scores.priority,
        s.scored_on,
        s.hot_signal,
        micros_or_none(s.hot_at),
    )


def state_from_row(r: Columns) -> LeadState:
    """Return the state of a row in the order of STATE_COLUMNS, its scores without parts."""
    touch = None if r[6] is None else TouchId(r[6])
    return LeadState(
        open=bool(r[0]),
        stage=r[1],
        attempts=r[2],
        next_action=None if r[3] is None else NextAction(ActionKind(r[3]), instant(r[4]), r[5], touch),
        last_touch_at=instant_or_none(r[7]),
        last_outcome=r[8],
        sla_due_at=instant_or_none(r[9]),
        sla_risk_at=instant_or_none(r[10]),
        handoff_id=None if r[11] is None else HandoffId(r[11]),
        handoff_state=r[12],
        returned_reason=r[13],
        dnc=bool(r[14]),
        cooldown_until=instant_or_none(r[15]),
        company_cooldown_until=instant_or_none(r[16]),
        inbound=bool(r[17]),
        scores=Scores(r[18], r[19], r[20], r[21]),
        scored_on=r[22],
        hot_signal=r[23],
        hot_at=instant_or_none(r[24]),
    )


def placement_to_row(p: Placement) -> tuple[Any, ...]:
    """Return a placement in the order of PLACEMENT_COLUMNS."""
    k0, k1, k2, k3, _ = p.key
    chips = dumps([[c.code, c.tone, [list(pair) for pair in c.params]] for c in p.chips]) if p.chips else None
    due, until = micros_or_none(p.due_at), micros_or_none(p.until)
    return (p.tier, k0, k1, k2, k3, p.held, int(p.listed), due, until, chips)


_SHARED = 10_000


class StandWriter:
    """Writes states with their placements as rows; those that leads share are written once.

    Of a placement's key all but its last, the lead's id, is read: leads that are alike may share one.
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int], tuple[LeadState, Placement, tuple[Any, ...]]] = {}

    def row(self, state: LeadState, place: Placement) -> tuple[Any, ...]:
        """Return both in the order of STATE_COLUMNS and PLACEMENT_COLUMNS."""
        key = (id(state), id(place))
        known = self._rows.get(key)
        if known is None:  # both are kept, so that no other one gets their id()
            known = (state, place, (*state_to_row(state), *placement_to_row(place)))
            if len(self._rows) < _SHARED:
                self._rows[key] = known
        return known[2]


def placement_from_row(lead_id: str, r: Columns) -> Placement:
    """Return the placement of a row in the order of PLACEMENT_COLUMNS."""
    return Placement(
        tier=r[0],
        key=(r[1], r[2], r[3], r[4], lead_id),
        held=r[5],
        listed=bool(r[6]),
        due_at=instant_or_none(r[7]),
        chips=chips_from_json(r[9]),
        until=instant_or_none(r[8]),
    )


def chips_from_json(text: str | None) -> tuple[Chip, ...]:
    """Return the chips of a row."""
    if text is None:
        return ()
    chips = cast("list[tuple[str, str, list[tuple[str, str]]]]", loads_any(text))
    return tuple(Chip(code, tone, tuple((k, v) for k, v in params)) for code, tone, params in chips)


def fields(text: str | None) -> dict[str, Value] | None:
    """Return the facts of a column that may be NULL."""
    return None if text is None else loads(text)
