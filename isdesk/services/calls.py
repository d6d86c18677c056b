"""Calling: what each key would do, the dial itself, and recording how it ended (DOMAIN 5.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain import booking as rules_of_booking
from isdesk.domain import queue as queue_rules
from isdesk.domain import stage as stage_rules
from isdesk.domain.changes import Change, Changes, Obj, Value, Verb
from isdesk.domain.deriving import derive
from isdesk.domain.errors import BadInput, Incomplete, NotFound, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import State, checklist, fold, missing
from isdesk.domain.ids import CompanyId, DialId, HandoffId, LeadId, MemberId, TouchId
from isdesk.domain.numbers import numbers, usable
from isdesk.domain.outcome import refused
from isdesk.domain.planning import Given, Outcomed, plan_next
from isdesk.domain.rules import Outcome
from isdesk.domain.score import score
from isdesk.domain.sequence import said as said_of
from isdesk.domain.sla import instant
from isdesk.domain.state import DialDay, LeadFacts, LeadState
from isdesk.domain.suppression import Suppression, digest
from isdesk.domain.touch import SCRIPT_PATH, Channel, Direction, Plan, Reached, Touch, stands_at
from isdesk.services import booking, cover, handing, open_calls, projection
from isdesk.services.context import Context
from isdesk.services.entries import changed, head, need
from isdesk.services.slots import learned
from isdesk.services.values import checked
from isdesk.services.views import Preview, Recorded, Written
from isdesk.store import board, connections, journal, leads

if TYPE_CHECKING:
    from isdesk.domain.changes import Entry
    from isdesk.domain.handoff import Transition
    from isdesk.services.open_calls import OpenCall
    from isdesk.store import Tx

AHEAD = timedelta(minutes=2)
"""How far a call may lie ahead of this clock (another machine timed it): a call that has yet to come did not end."""

LEASE_MINUTES = 30
"""How long a lead at work is held for the one who works on it, unless an outcome ends it sooner."""


@dataclass(frozen=True, slots=True)
class RecordInput:
    """What the rep gives beside the outcome's key. Durations in seconds; instants aware; ``number`` is E.164.

    ``at`` is when the call began (default: now). ``fields``/``company_fields`` are answers heard in it.
    ``company_scope``: the do-not-call is meant for the whole company. ``same_call`` is the touch of another contact
    that was reached in the same physical call (put through from the switchboard): the two are one dial.
    ``knowingly``: the meeting's time is taken as far as is known, and the rep wants it all the same.
    """

    note: str = ""
    callback_at: datetime | None = None
    meeting_at: datetime | None = None
    meeting_place: str | None = None
    fs_id: MemberId | None = None
    reached: Reached | None = None
    reason: str | None = None
    at: datetime | None = None
    number: str | None = None
    ring_s: int | None = None
    talk_s: int | None = None
    adoption_at: date | None = None
    competitor: str | None = None
    company_scope: bool = False
    direction: Direction = Direction.OUT
    channel: Channel = Channel.PHONE
    objections: tuple[str, ...] = ()
    script: str | None = None
    path: tuple[str, ...] = ()
    """The phases that were shown, each with the branch that was taken there (``verify:later``)."""
    same_call: TouchId | None = None
    call: str | None = None
    """The open call (`open_calls`) whose outcome this is: it takes one and no more."""
    anew: TouchId | None = None
    """The touch that was taken back, whose call gets this outcome in its stead; found where the outcome is by hand."""
    dial_id: DialId | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    company_fields: Mapping[str, Value] = field(default_factory=dict)
    knowingly: bool = False


@dataclass(frozen=True, slots=True)
class _Call:
    """One call about to be judged: the lead as known, what was given, what the rules make of it."""

    outcome: Outcome
    facts: LeadFacts
    history: Sequence[Touch]
    steps: Sequence[Transition]
    at: datetime
    given: Given
    out: Outcomed
    filed: Sequence[Filing] = ()
    """What was filed about the lead's sequences."""
    refused: str | None = None
    """Why the contact cannot end so now."""


def outcome_of(ctx: Context, code: str, channel: Channel = Channel.PHONE) -> Outcome:
    """Return an active outcome of the catalogue by its code or hotkey.

    Raises BadInput where there is none (``outcome_unknown``), or a contact over ``channel`` cannot end so
    (``outcome_not_for_channel``).
    """
    found = ctx.rules.outcomes.get(code) or ctx.rules.by_hotkey().get(code)
    if found is None or not found.active:
        raise BadInput("outcome_unknown", outcome=code)
    if not found.on(channel):
        raise BadInput("outcome_not_for_channel", outcome=found.label.in_(ctx.lang), channel=channel.value)
    return found


def previews(ctx: Context, lead_id: LeadId, given: RecordInput | None = None) -> dict[str, Preview]:
    """Return, for every active outcome, what its key would do now; equal to what `record` then saves.

    Raises NotFound.
    """
    with ctx.store.read() as tx:
        wanted = _of_waiting(ctx, tx, lead_id, given or RecordInput())
        facts = need(tx, lead_id)
        history = leads.touches(tx, lead_id)
        steps = leads.transitions(tx, lead_id)
        filed, meeting_at = _filed(tx, lead_id), _meeting_at(tx, facts)
    return {
        outcome.code: _preview(ctx, _judge(ctx, outcome, facts, history, steps, wanted, filed, meeting_at))
        for outcome in ctx.rules.outcomes_on(wanted.channel)
    }


def with_call(given: RecordInput, kept: OpenCall) -> RecordInput:
    """Return what the rep gave with what is known of the call: its begin, number and times, and who called whom."""
    return replace(
        given,
        call=kept.id,
        at=kept.at,
        number=given.number or kept.number or None,
        ring_s=kept.ring_s if kept.told else given.ring_s,
        talk_s=kept.talk_s if kept.told else given.talk_s,
        direction=Direction.IN if kept.incoming else given.direction,
    )


def _of_waiting(ctx: Context, tx: Tx, lead_id: LeadId, said: RecordInput) -> RecordInput:
    """Return an outcome that was given by hand as that of the talk the lead called in for, where one waits for it."""
    if said.call is not None or said.channel is not Channel.PHONE or said.at is not None or said.same_call is not None:
        return said
    kept = open_calls.came_in(tx, lead_id)
    if kept is None:
        return _anew(said, open_calls.given_back(tx, lead_id, ctx.device_id, ctx.now()))
    return with_call(said, replace(open_calls.without_half(kept), at=min(kept.at, ctx.now())))


def _anew(said: RecordInput, back: Touch | None) -> RecordInput:
    """Return an outcome given by hand as that of the call whose outcome was taken back, unless it tells of another."""
    apart = (said.dial_id, said.ring_s, said.talk_s)
    if back is None or said.direction not in {Direction.OUT, back.direction} or apart != (None, None, None):
        return said
    return replace(
        said, anew=back.id, at=back.at, number=said.number or back.number, ring_s=back.ring_s, talk_s=back.talk_s,
        direction=back.direction, dial_id=back.dial_id,
    )  # fmt: skip


def preview(ctx: Context, lead_id: LeadId, code: str, given: RecordInput | None = None) -> Preview:
    """Return what one outcome would do with what is given so far.

    Raises NotFound, BadInput.
    """
    with ctx.store.read() as tx:
        call = _read(ctx, tx, lead_id, code, _of_waiting(ctx, tx, lead_id, given or RecordInput()))
    return _preview(ctx, call)


def record(ctx: Context, lead_id: LeadId, code: str, given: RecordInput | None = None) -> Recorded:
    """Record how a call ended: the touch, the answers, the next step by rule, the stage; one journal entry.

    Raises NotFound (lead, FS person, ``call_not_found``), BadInput (unknown outcome, ``field_unknown``, ``value_bad``,
    ``time_ahead``, ``time_past``), Incomplete (``outcome_needs``) where the outcome asks for more, and Refused
    (``call_recorded``) where the call has its outcome already, ``call_of_another`` where it is with another lead,
    ``meeting_none`` and ``meeting_to_come`` where the outcome is about a meeting that is not there or has yet to begin.
    """
    said = _checked(ctx, given or RecordInput())
    with ctx.store.write() as tx:
        said = _of_waiting(ctx, tx, lead_id, said)
        call = _read(ctx, tx, lead_id, code, said)
        if call.refused is not None:
            raise Refused(call.refused)
        if call.out.needs:
            raise Incomplete("outcome_needs", call.out.needs, outcome=call.outcome.label.in_(ctx.lang))
        if said.channel is Channel.PHONE:
            open_calls.recorded(tx, lead_id, said.call)
        recorded = _write(ctx, tx, call, said)
        upcoming = next(iter(board.first(tx, cover.shares(ctx, tx))), None)
    return replace(recorded, next_lead=upcoming)


def _checked(ctx: Context, said: RecordInput) -> RecordInput:
    """Return what was given with its answers in the form in which they are stored; refuse times that cannot be."""
    now = ctx.now()
    if said.call is not None and said.at is not None:
        said = replace(said, at=min(said.at, now))  # the clock of this machine may have been put back
    if said.at is not None and said.at > now + AHEAD:
        raise BadInput("time_ahead")
    over = _over(ctx, said) if said.call is None else now  # what waited for its outcome promises nothing that is past
    if any(at is not None and at <= over for at in (said.callback_at, said.meeting_at)):
        raise BadInput("time_past")
    if said.fs_id is not None:
        ctx.member(said.fs_id)
    if said.same_call is not None:
        said = _joined(ctx, said, said.same_call)
    if not said.fields and not said.company_fields:
        return said
    return replace(
        said,
        fields={code: checked(ctx, code, value) for code, value in said.fields.items()},
        company_fields={code: checked(ctx, f"company.{code}", v) for code, v in said.company_fields.items()},
    )


def _over(ctx: Context, said: RecordInput) -> datetime:
    """Return when a call was over, as far as is known: what comes next is counted from there, caps from its begin."""
    now = ctx.now()
    if said.at is None:
        return now
    return max(said.at, min(now, said.at + timedelta(seconds=(said.ring_s or 0) + (said.talk_s or 0))))


def _joined(ctx: Context, said: RecordInput, touch_id: TouchId) -> RecordInput:
    """Return what was given, joined to the dial of a call that was recorded on another contact."""
    with ctx.store.read() as tx:
        first = leads.touch(tx, touch_id)
    if first is None or first.void or first.channel is not Channel.PHONE:
        raise NotFound("call_not_found", touch=touch_id)
    dial = first.dial_id or DialId(first.id)
    return replace(said, dial_id=dial, number=said.number or first.number, direction=first.direction)


def _read(ctx: Context, tx: Tx, lead_id: LeadId, code: str, said: RecordInput) -> _Call:
    outcome = outcome_of(ctx, code, said.channel)
    history, steps = leads.touches(tx, lead_id), leads.transitions(tx, lead_id)
    facts = need(tx, lead_id)
    return _judge(ctx, outcome, facts, history, steps, said, _filed(tx, lead_id), _meeting_at(tx, facts))


def _meeting_at(tx: Tx, facts: LeadFacts) -> datetime | None:
    """Return when a lead's meeting is, also where only the CRM or only isdesk knows of it; None where it has none."""
    field = instant(facts.get("meeting_at"))
    if field is not None:
        return field
    stands = rules_of_booking.of_lead(booking.of_lead(tx, facts.id), facts.id)
    return stands.at if stands is not None and not stands.canceled else None


def _filed(tx: Tx, lead_id: LeadId) -> Sequence[Filing]:
    return projection.sequences(tx, [lead_id]).get(lead_id, ())


def _judge(
    ctx: Context,
    outcome: Outcome,
    facts: LeadFacts,
    history: Sequence[Touch],
    steps: Sequence[Transition],
    said: RecordInput,
    filed: Sequence[Filing],
    meeting_at: datetime | None,
) -> _Call:
    over = _over(ctx, said)
    late = said.call is not None or said.anew is not None
    at = stands_at(history, said.at or over, over, ctx.now() if late else over)
    number = said.number or (_default_number(facts) if said.channel is Channel.PHONE else None)
    given = Given(
        callback_at=said.callback_at,
        meeting_at=said.meeting_at,
        fs_id=said.fs_id,
        reason=said.reason,
        reached=said.reached,
        number=number,
        note=said.note,
        ring_s=said.ring_s,
        talk_s=said.talk_s,
        adoption_at=said.adoption_at,
        competitor=said.competitor,
        direction=outcome.direction if said.channel is not Channel.PHONE else said.direction,
        channel=said.channel,
        company_scope=said.company_scope,
        fields=said.fields,
    )
    out = plan_next(
        outcome, facts, history,
        now=over, rules=ctx.rules, calendar=ctx.calendar, given=given, learned=learned(ctx, facts),
    )  # fmt: skip
    return _Call(outcome, facts, history, steps, at, given, out, filed, refused(outcome, meeting_at, at))


def _default_number(facts: LeadFacts) -> str | None:
    found = usable(facts) or numbers(facts)
    return found[0].e164 if found else None


def _after(call: _Call, said: RecordInput) -> LeadFacts:
    """Return the lead as it will be once this call is saved."""
    fields = {**call.facts.fields, **said.fields, **call.out.lead_fields}
    company = {**(call.facts.company or {}), **said.company_fields, **call.out.company_fields}
    return LeadFacts(
        call.facts.id,
        {k: v for k, v in fields.items() if v is not None},
        call.facts.company_id,
        {k: v for k, v in company.items() if v is not None},
    )


def _stage(ctx: Context, call: _Call, after: LeadFacts) -> tuple[str, tuple[str, ...]]:
    """Return the stage after the call, and what is missing where the outcome asks for one it may not enter yet."""
    here = stage_rules.stage_of(call.facts, ctx.rules)
    if _calls_off(call):
        return "mql", ()
    wanted = stage_rules.advance(here, call.out.advance, ctx.rules)
    if wanted is None:
        return here, ()
    touches = [*call.history, _sketch(ctx, call)]
    state = derive(after, touches, call.steps, rules=ctx.rules, calendar=ctx.calendar, now=call.at, suppressed=False)
    lacking = stage_rules.missing_for(wanted, after, state, touches, ctx.rules)
    return (here, lacking) if lacking else (wanted, ())


def _plan_shown(ctx: Context, call: _Call, after: LeadFacts) -> Plan:
    """Return what comes next: the outcome's own plan, unless the lead's sequence goes on with its next step."""
    if not call.filed or call.out.plan.action is None:
        return call.out.plan
    touches = [*call.history, _sketch(ctx, call)]
    state = derive(after, touches, call.steps, rules=ctx.rules, calendar=ctx.calendar, now=call.at, filings=call.filed)
    action = state.next_action
    if action is None or said_of(action.why) is None:
        return call.out.plan
    return Plan(action.kind, action.due_at, action.why)


def _sketch(ctx: Context, call: _Call) -> Touch:
    """The touch as the stage's gate sees it, before it has an id."""
    return Touch(
        id=TouchId(""),
        lead_id=call.facts.id,
        company_id=call.facts.company_id,
        member_id=ctx.me.id,
        device_id=ctx.device_id,
        device_seq=0,
        at=call.at,
        outcome=call.outcome.code,
        reached=call.given.reached,
        direction=call.given.direction,
        channel=call.given.channel,
        plan=call.out.plan,
    )


def _preview(ctx: Context, call: _Call) -> Preview:
    after = _after(call, RecordInput(fields=call.given.fields))
    stage, lacking = _stage(ctx, call, after)
    open_items = 0
    if call.outcome.meeting_set:
        scores = score(after, call.history, rules=ctx.rules, now=call.at)
        today = call.at.astimezone(TOKYO).date()
        open_items = len(missing(checklist(after, call.history, scores, ctx.rules, today)))
    return Preview(
        outcome=call.outcome.code,
        plan=_plan_shown(ctx, call, after),
        stage=stage,
        stage_missing=lacking,
        needs=call.out.needs,
        attempt=call.out.attempt,
        cap=call.out.cap,
        missing=open_items,
        cooldown_until=call.out.cooldown_until or call.out.company_cooldown_until,
        closes=call.out.closes,
        dnc=call.out.dnc,
        refused=call.refused,
    )


def _write(ctx: Context, tx: Tx, call: _Call, said: RecordInput) -> Recorded:
    facts, out = call.facts, call.out
    touch_id = TouchId(ctx.ids.new())
    after = _after(call, said)
    stage, lacking = _stage(ctx, call, after)
    lead_fields: dict[str, Value] = {**said.fields, **out.lead_fields}
    if said.meeting_place is not None:
        lead_fields["meeting_place"] = said.meeting_place
    if stage != stage_rules.stage_of(facts, ctx.rules):
        lead_fields["stage"] = stage
    entry = head(
        ctx,
        tx,
        Verb.RECORD,
        lead_id=facts.id,
        summary={"outcome": call.outcome.code, "lead": str(facts.get("name") or "")},
    )
    touch = Touch(
        id=touch_id,
        lead_id=facts.id,
        company_id=facts.company_id,
        member_id=ctx.me.id,
        device_id=ctx.device_id,
        device_seq=entry.device_seq,
        at=call.at,
        journal_id=entry.id,
        channel=said.channel,
        direction=call.given.direction,
        outcome=call.outcome.code,
        reached=said.reached or call.outcome.default_reached,
        note=said.note,
        number=call.given.number,
        dial_id=said.dial_id or _own_dial(call, touch_id),
        ring_s=said.ring_s,
        talk_s=said.talk_s,
        reason=said.reason,
        script=said.script,
        objections=said.objections,
        playbook=ctx.rules.version,
        plan=out.plan,
        cooldown_until=out.cooldown_until,
        company_cooldown_until=out.company_cooldown_until,
        skew_ms=connections.skew(tx),
    )
    steps, back = _taken_back(ctx, tx, call, entry)
    changes = _changes(facts, lead_fields, {**said.company_fields, **out.company_fields})
    anew = call.outcome.meeting_set and call.outcome.counts_meeting
    agreed = booking.said(
        ctx, tx, entry, facts, {**lead_fields, **_agreed(call, said)}, anew=anew, knowingly=said.knowingly
    )
    journal.append(
        tx,
        entry,
        touches=(touch,),
        changes=changes,
        transitions=steps,
        suppressions=_suppressions(ctx, call, touch),
        filings=[*agreed, *back, *_path(ctx, tx, touch, said.path)],
    )
    leads.put_draft(tx, facts.id, "", entry.at)
    near = projection.around(tx, [facts])
    projection.refresh(ctx, tx, [facts.id, *near])
    return Recorded(
        changes=Changes(
            leads=frozenset({facts.id, *near}),
            handoffs=frozenset(step.handoff_id for step in steps),
            companies=frozenset({facts.company_id} if facts.company_id else ()),
            queue=True,
            outbox=True,
            undo=True,
            approvals=bool(back),
            meetings=bool(agreed),
        ),
        journal_id=entry.id,
        touch_id=touch_id,
        plan=_plan_shown(ctx, call, after),
        stage=stage,
        stage_missing=lacking,
        handoff_id=_handoff_id(call),
    )


def _agreed(call: _Call, said: RecordInput) -> dict[str, Value]:
    """Return what is agreed about a meeting, also where the lead's fields say so already: a CRM may have moved them."""
    agreed: dict[str, Value] = {}
    if call.outcome.cancels_meeting:
        agreed["meeting_at"] = None
    elif said.meeting_at is not None:
        agreed["meeting_at"] = said.meeting_at.isoformat()
    if said.fs_id is not None:
        agreed["fs_id"] = said.fs_id
    return agreed


def _taken_back(ctx: Context, tx: Tx, call: _Call, entry: Entry) -> tuple[tuple[Transition, ...], tuple[Filing, ...]]:
    if not call.outcome.cancels_meeting:
        return (), ()
    return handing.called_off(ctx, tx, call.facts.id, fold(call.steps), entry, call.outcome.code)


def _calls_off(call: _Call) -> bool:
    return call.outcome.cancels_meeting and fold(call.steps).state is State.SUBMITTED


def _path(ctx: Context, tx: Tx, touch: Touch, path: tuple[str, ...]) -> list[Filing]:
    """Return the way that the talk took through its script, filed about the touch; nothing without a script."""
    if not path or touch.script is None:
        return []
    seq = journal.next_seq(tx, ctx.device_id)
    told: dict[str, Value] = {"script": touch.script, "path": list[object](path)}
    return [
        Filing(
            ctx.ids.new(), SCRIPT_PATH, touch.id, ctx.me.id, ctx.device_id, seq, touch.at, touch.lead_id, told,
            touch.journal_id,
        )
    ]  # fmt: skip


def _own_dial(call: _Call, touch_id: TouchId) -> DialId | None:
    """Return the id of the dial that the touch is itself; None where it is none."""
    ours = call.given.channel is Channel.PHONE and call.given.direction is Direction.OUT
    return DialId(touch_id) if ours and call.outcome.counts_as_dial else None


def _handoff_id(call: _Call) -> HandoffId | None:
    return fold(call.steps).id


def _changes(facts: LeadFacts, lead: Mapping[str, Value], company: Mapping[str, Value]) -> tuple[Change, ...]:
    found = [changed(facts.fields, lead, Obj.LEAD, facts.id)]
    if facts.company_id is not None:
        found.append(changed(facts.company or {}, company, Obj.COMPANY, CompanyId(facts.company_id)))
    return tuple(change for change in found if change is not None)


def _suppressions(ctx: Context, call: _Call, touch: Touch) -> tuple[Suppression, ...]:
    return tuple(
        Suppression(
            id=ctx.ids.new(),
            kind=kind,
            hmac=digest(ctx.suppression_key, kind, value),
            at=call.at,
            member_id=ctx.me.id,
            scope="all",
            reason=call.outcome.code,
            journal_id=touch.journal_id,
            evidence=touch.id,
        )
        for kind, value in call.out.suppress
    )


def may_dial(ctx: Context, lead_id: LeadId, number: str | None = None) -> str | None:
    """Return None where the lead may be dialled now, else the code of what forbids it (hold reasons of `Placement`).

    Asked again at dial time: do-not-call, cooldown, caps, the calling window, another rep's hold (DOMAIN 15).
    Raises NotFound.
    """
    with ctx.store.read() as tx:
        return forbids(ctx, tx, need(tx, lead_id), ctx.now(), number)


def forbids(ctx: Context, tx: Tx, facts: LeadFacts, now: datetime, number: str | None = None) -> str | None:
    """Return what forbids dialling a lead that was read already; None where nothing does."""
    touches, steps = leads.touches(tx, facts.id), leads.transitions(tx, facts.id)
    day = projection.dial_days(ctx, tx, [facts.id], now)[facts.id]
    barred = facts.id in projection.suppressed(ctx, tx, [facts])
    filed = projection.sequences(tx, [facts.id]).get(facts.id, ())
    state, _ = projection.stand(ctx, facts, touches, steps, day, now, barred=barred, filed=filed)
    return dial_rule(ctx, state, facts, day, now, number)


def dial_rule(
    ctx: Context, state: LeadState, facts: LeadFacts, day: DialDay, now: datetime, number: str | None = None
) -> str | None:
    """Return what the rules say against dialling a lead whose state is known; None where nothing does."""
    able = usable(facts)
    return queue_rules.may_dial(
        state,
        facts,
        day,
        rules=ctx.rules,
        calendar=ctx.calendar,
        now=now,
        device_id=ctx.device_id,
        has_number=any(number in (None, one.e164) for one in able),
    )


def begin_dial(ctx: Context, lead_id: LeadId, number: str, call: str | None = None) -> Written:
    """Hold the lead for this desk while it is being called, so that no other device offers it.

    ``call`` is an id of the caller's own: the call is kept under it until its outcome is recorded.
    Raises NotFound, and Refused: ``may_not_dial`` where the rules forbid the call, ``call_open`` while another one of
    this desk waits for its outcome.
    """
    now = ctx.now()
    lease: Value = {
        "member": ctx.me.id,
        "device": ctx.device_id,
        "until": (now + timedelta(minutes=LEASE_MINUTES)).isoformat(),
    }
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        barred = forbids(ctx, tx, facts, now, number)
        if barred is not None:
            raise Refused("may_not_dial", why=barred)
        if call is not None:
            open_calls.begin(tx, open_calls.OpenCall(call, lead_id, number, now))
        return _lease(ctx, tx, facts, lease)


def end_dial(ctx: Context, lead_id: LeadId) -> Written:
    """Let go of a lead that was held for a call that came to nothing.

    Raises NotFound.
    """
    with ctx.store.write() as tx:
        open_calls.clear(tx, lead_id)
        return _lease(ctx, tx, need(tx, lead_id), None)


def _lease(ctx: Context, tx: Tx, facts: LeadFacts, lease: Value) -> Written:
    change = changed(facts.fields, {"lease": lease}, Obj.LEAD, facts.id)
    if change is None:
        return Written(Changes())
    entry = head(ctx, tx, Verb.LEASE, lead_id=facts.id)
    journal.append(tx, entry, changes=(change,))
    projection.refresh(ctx, tx, [facts.id])
    return Written(Changes(leads=frozenset({facts.id}), queue=True, outbox=True), entry.id)
