"""One lead: everything the desk shows of it, and the verbs that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain import stage as stage_rules
from isdesk.domain.booking import KIND as MEETING
from isdesk.domain.changes import Change, Changes, Entry, Obj, Value, Verb
from isdesk.domain.cover import keeper
from isdesk.domain.deriving import derive
from isdesk.domain.errors import BadInput, Incomplete, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import checklist
from isdesk.domain.ids import CompanyId, LeadId, MemberId
from isdesk.domain.numbers import SWITCHBOARD, numbers
from isdesk.domain.raci import Duty, duty
from isdesk.domain.roles import Right
from isdesk.domain.sequence import running
from isdesk.domain.sla import starts_clock
from isdesk.domain.state import LeadFacts
from isdesk.domain.suppression import Suppression, digest
from isdesk.playbook.scripts import choose
from isdesk.services import barring, booking, consenting, cover, enrolments, projection
from isdesk.services.calls import dial_rule
from isdesk.services.context import Context
from isdesk.services.entries import changed, head, need
from isdesk.services.handoffs import shown_lines
from isdesk.services.timeline import timeline
from isdesk.services.values import checked
from isdesk.services.views import LeadView, Phone, Written
from isdesk.store import board, identity, journal, leads

if TYPE_CHECKING:
    from isdesk.domain.state import LeadState
    from isdesk.store import Tx

TIMELINE_LENGTH = 200
SIBLINGS = 20


def view(ctx: Context, lead_id: LeadId) -> LeadView:
    """Return everything the call workspace and the side panel show of a lead.

    Raises NotFound.
    """
    now = ctx.now()
    with ctx.store.read() as tx:
        facts = need(tx, lead_id)
        return _view(ctx, tx, facts, now)


def _view(ctx: Context, tx: Tx, facts: LeadFacts, now: datetime) -> LeadView:
    from isdesk.files.phones import shown
    from isdesk.services.queue import rows_of

    touches, steps = leads.touches(tx, facts.id), leads.transitions(tx, facts.id)
    today = now.astimezone(TOKYO).date()
    day = projection.dial_days(ctx, tx, [facts.id], now)[facts.id]
    barred = facts.id in projection.suppressed(ctx, tx, [facts])
    filed = projection.sequences(tx, [facts.id]).get(facts.id, ())
    state, placement = projection.stand(ctx, facts, touches, steps, day, now, barred=barred, filed=filed)
    fresh = leads.fields_changed_since(tx, facts.id, ctx.calendar.start_of_day(today))
    lines = checklist(facts, touches, state.scores, ctx.rules, today, fresh_fields=fresh, lang=ctx.lang)
    draft = leads.draft(tx, facts.id)
    siblings = [one for one in leads.company_leads(tx, facts.company_id) if one != facts.id] if facts.company_id else []
    return LeadView(
        id=facts.id,
        fields=facts.fields,
        company_id=facts.company_id,
        company=facts.company or {},
        state=state,
        placement=placement,
        phones=tuple(Phone(n.kind, n.e164, shown(n.e164), n.bad) for n in numbers(facts)),
        script=choose(ctx.rules.scripts, facts),
        checklist=shown_lines(lines),
        timeline=timeline(ctx, tx, facts, touches, steps, limit=TIMELINE_LENGTH),
        siblings=tuple(rows_of(ctx, board.rows(tx, siblings[:SIBLINGS]))),
        owner=ctx.name_of(facts.owner_id),
        draft_note=draft[0] if draft else "",
        draft_at=draft[1] if draft else None,
        may_dial=dial_rule(ctx, state, facts, day, now),
        fresh_fields=fresh,
        duty=_duty(ctx, tx, facts, state),
        sequence=running(enrolments.of_lead(ctx, tx, facts.id)) if filed else None,
    )


def _duty(ctx: Context, tx: Tx, facts: LeadFacts, state: LeadState) -> Duty | None:
    who = keeper(cover.holding(ctx, tx), facts.owner_id, facts.company_id or facts.id)
    fs = facts.get("fs_id")
    return duty(
        ctx.rules.raci,
        state,
        keeper=who,
        fs=MemberId(fs) if isinstance(fs, str) and fs else None,
        members=ctx.members.values(),
    )


def edit(ctx: Context, lead_id: LeadId, fields: Mapping[str, Value]) -> Written:
    """Change fields of a lead, or of its company as ``company.x``; None or an empty text clears.

    Values are checked and brought into their normal form (numbers to E.164, dates to ISO). Where nothing differs,
    nothing is written. Raises NotFound, BadInput (``field_unknown``, ``value_bad``), Incomplete (a stage's criteria),
    Refused (``lift_needs_approval``, ``stage_needs_approval``).
    """
    plain = {path: checked(ctx, path, value) for path, value in fields.items()}
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        if "stage" in plain:
            _gate(ctx, tx, facts.with_fields(plain), facts, str(plain["stage"]))
        changes = _split(ctx, facts, plain)
        if not changes:
            return Written(Changes())
        if not ctx.alone and any(lifts(facts, path, value) for path, value in plain.items()):
            raise Refused("lift_needs_approval")
        entry = head(
            ctx,
            tx,
            Verb.EDIT,
            lead_id=lead_id,
            summary={"lead": str(facts.get("name") or ""), "fields": list(plain)},
        )
        known = {Obj.LEAD: facts.fields, Obj.COMPANY: facts.company or {}}
        bars = barring.bars(ctx, entry, ((one, {**known[one.obj], **one.after}) for one in changes), "rep")
        if any(lifts(facts, path, plain[path]) for path in plain.keys() & {"dnc"}):
            bars += barring.lifts_calls(ctx, tx, facts, entry, reason="lifted")
        if any(lifts(facts, path, plain[path]) for path in plain.keys() & {"email_opt_out"}):
            bars += barring.lifts_mail(ctx, tx, facts, entry, reason="lifted")
        filings = list(booking.said(ctx, tx, entry, facts, plain))
        if any(one.after.get("email_opt_out") is True for one in changes):
            filings += consenting.ended(ctx, tx, facts, entry)
        return _commit(ctx, tx, entry, [lead_id], changes, bars, filings)


def lifts(facts: LeadFacts, path: str, value: Value) -> bool:
    """Return whether an edit takes a do-not-call or an opt-out away."""
    return path in {"dnc", "company.dnc", "email_opt_out"} and not value and bool(facts.get(path))


def _gate(ctx: Context, tx: Tx, after: LeadFacts, before: LeadFacts, stage: str) -> None:
    """Refuse a stage whose entry criteria do not hold, with the list of what is missing (DOMAIN 2)."""
    if stage not in ctx.rules.stages:
        raise BadInput("stage_unknown", stage=stage, known=", ".join(ctx.rules.stages))
    if ctx.rules.stages[stage].needs_approval and not ctx.may(Right.APPROVE):
        raise Refused("stage_needs_approval", stage=ctx.rules.stages[stage].label.in_(ctx.lang))
    touches, steps = leads.touches(tx, before.id), leads.transitions(tx, before.id)
    state = derive(after, touches, steps, rules=ctx.rules, calendar=ctx.calendar, now=ctx.now(), suppressed=False)
    lacking = stage_rules.missing_criteria(stage, after, state, touches, ctx.rules)
    if lacking:
        raise Incomplete(
            "stage_gate",
            tuple(stage_rules.criterion_code(one) for one in lacking),
            stage=ctx.rules.stages[stage].label.in_(ctx.lang),
            items="、".join(one.label.in_(ctx.lang) for one in lacking),
        )


def _split(ctx: Context, facts: LeadFacts, plain: Mapping[str, Value]) -> tuple[Change, ...]:
    own = {path: value for path, value in plain.items() if not path.startswith("company.")}
    company = {path[8:]: value for path, value in plain.items() if path.startswith("company.")}
    found = [changed(facts.fields, own, Obj.LEAD, facts.id)]
    if company:
        found.extend(_company_changes(ctx, facts, company))
    return tuple(change for change in found if change is not None)


def _company_changes(ctx: Context, facts: LeadFacts, fields: Mapping[str, Value]) -> list[Change | None]:
    if facts.company_id is not None:
        return [changed(facts.company or {}, fields, Obj.COMPANY, facts.company_id)]
    kept: dict[str, Value] = {code: value for code, value in fields.items() if value not in (None, "")}
    if not kept:
        return []
    fresh = CompanyId(ctx.ids.new())
    return [
        Change(Obj.COMPANY, fresh, dict.fromkeys(kept), kept, created=True),
        Change(Obj.LEAD, facts.id, {"company_id": None}, {"company_id": fresh}),
    ]


def create(ctx: Context, fields: Mapping[str, Value]) -> tuple[LeadId, Written]:
    """Make a lead, with its company where ``company.x`` is given (an existing one of that name is used).

    Raises BadInput.
    """
    plain = {path: checked(ctx, path, value) for path, value in fields.items()}
    known = {path: value for path, value in plain.items() if value is not None}
    own: dict[str, Value] = {path: value for path, value in known.items() if not path.startswith("company.")}
    company: dict[str, Value] = {path[8:]: v for path, v in known.items() if path.startswith("company.")}
    if not own.get("name") and not company.get("name"):
        raise BadInput("lead_without_name")
    lead_id = LeadId(ctx.ids.new())
    now = ctx.now()
    with ctx.store.write() as tx:
        changes: list[Change] = []
        if company:
            company_id, change = _company_for(ctx, tx, company)
            own["company_id"] = company_id
            changes.extend([change] if change else [])
        own = {
            "stage": stage_rules.first_stage(ctx.rules),
            "owner_id": ctx.me.id,
            **({"received_at": now.isoformat()} if starts_clock(own.get("lead_source"), ctx.rules) else {}),
            **own,
        }
        changes.append(Change(Obj.LEAD, lead_id, dict.fromkeys(own), own, created=True))
        entry = head(ctx, tx, Verb.CREATE, lead_id=lead_id, summary={"lead": str(own.get("name") or "")})
        bars = barring.bars(ctx, entry, ((one, one.after) for one in changes), "rep")
        written = _commit(ctx, tx, entry, [lead_id], tuple(changes), bars)
    return lead_id, written


def _company_for(ctx: Context, tx: Tx, fields: Mapping[str, Value]) -> tuple[CompanyId, Change | None]:
    name = str(fields.get("name") or "")
    known = next(iter(identity.companies_by_name(tx, [name]).get(name, ())), None) if name else None
    if known is not None:
        stored = leads.fields_of(tx, Obj.COMPANY, known) or {}
        fill = {code: value for code, value in fields.items() if code not in stored}
        return known, changed(stored, fill, Obj.COMPANY, known)
    fresh = CompanyId(ctx.ids.new())
    return fresh, Change(Obj.COMPANY, fresh, dict.fromkeys(fields), dict(fields), created=True)


def assign(ctx: Context, ids: Sequence[LeadId], member_id: MemberId) -> Written:
    """Give leads to another rep; promised callbacks and clocks move along because they hang on the lead.

    Raises NotFound (lead or member), Refused (``not_allowed``: leads of others are for the team lead).
    """
    ctx.member(member_id)
    with ctx.store.read() as tx:
        own = all(need(tx, one).owner_id in {None, ctx.me.id} for one in ids)
    ctx.require(*((Right.GIVE_AWAY, Right.REASSIGN) if own else (Right.REASSIGN,)))
    return _many(ctx, Verb.ASSIGN, ids, {"owner_id": member_id})


def snooze(ctx: Context, lead_id: LeadId, until: datetime, reason: str) -> Written:
    """Take a lead out of the queue until an instant (後で), with a reason of the playbook.

    Raises NotFound, BadInput (``reason_needed``, ``time_past``).
    """
    if until <= ctx.now():
        raise BadInput("time_past")
    return _many(ctx, Verb.SNOOZE, [lead_id], {"snoozed_until": until.isoformat()}, reason=reason)


def skip(ctx: Context, lead_id: LeadId, reason: str) -> Written:
    """Pass a lead over for an hour (スキップ), with a reason of the playbook.

    Raises NotFound, BadInput (``reason_needed``).
    """
    until = ctx.now() + timedelta(hours=1)
    return _many(ctx, Verb.SKIP, [lead_id], {"snoozed_until": until.isoformat()}, reason=reason)


def pin(ctx: Context, lead_id: LeadId, on: bool, reason: str = "important") -> Written:
    """Keep a lead at the top of the queue (固定), or no longer.

    Raises NotFound.
    """
    return _many(ctx, Verb.PIN, [lead_id], {"pinned": True if on else None}, reason=reason)


def set_do_not_call(ctx: Context, lead_id: LeadId, *, company: bool = False, evidence: str = "") -> Written:
    """Forbid further calls to a person (or the whole company) at once, without a call (DOMAIN 15).

    A person's refusal covers their own numbers; the switchboard is that of all colleagues and goes with the company.

    Raises NotFound.
    """
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        wanted: dict[str, Value] = {"dnc": True}
        if company and facts.company_id is not None:
            wanted["company.dnc"] = True
        changes = _split(ctx, facts, wanted)
        entry = head(ctx, tx, Verb.DO_NOT_CALL, lead_id=lead_id, summary={"lead": str(facts.get("name") or "")})
        marks: list[tuple[str, str]] = [("lead", str(facts.id))]
        marks += [("number", n.e164) for n in numbers(facts) if company or n.kind != SWITCHBOARD]
        if company and facts.company_id is not None:
            marks.append(("company", facts.company_id))
        stops = tuple(
            Suppression(
                id=ctx.ids.new(),
                kind=kind,
                hmac=digest(ctx.suppression_key, kind, value),
                at=entry.at,
                member_id=ctx.me.id,
                scope="call",
                reason="do_not_call",
                journal_id=entry.id,
                evidence=evidence or None,
            )
            for kind, value in marks
        )
        return _commit(ctx, tx, entry, [lead_id], changes, stops)


def save_draft(ctx: Context, lead_id: LeadId, text: str) -> datetime:
    """Keep the memo as typed (not yet part of a call); an empty one is dropped. Returns when it was kept."""
    now = ctx.now()
    with ctx.store.write() as tx:
        if text:
            leads.put_draft(tx, lead_id, text, now)
        else:
            leads.put_draft(tx, lead_id, "", now)
    return now


def _many(ctx: Context, verb: Verb, ids: Sequence[LeadId], fields: Mapping[str, Value], *, reason: str = "") -> Written:
    if verb in {Verb.SNOOZE, Verb.SKIP} and not reason.strip():
        raise BadInput("reason_needed")
    with ctx.store.write() as tx:
        found = {one: need(tx, one) for one in ids}
        changes = tuple(
            change
            for one, facts in found.items()
            if (change := changed(facts.fields, fields, Obj.LEAD, one)) is not None
        )
        if not changes:
            return Written(Changes())
        summary: dict[str, Value] = {"count": len(changes)}
        if len(found) == 1:
            summary["lead"] = str(next(iter(found.values())).get("name") or "")
        if reason:
            summary["reason"] = reason
        entry = head(ctx, tx, verb, lead_id=ids[0] if len(ids) == 1 else None, summary=summary)
        return _commit(ctx, tx, entry, list(ids), changes)


def _commit(
    ctx: Context,
    tx: Tx,
    entry: Entry,
    ids: Sequence[LeadId],
    changes: Sequence[Change],
    suppressions: Sequence[Suppression] = (),
    filings: Sequence[Filing] = (),
) -> Written:
    touched = journal.append(tx, entry, changes=changes, suppressions=suppressions, filings=filings)
    around = list(dict.fromkeys([*ids, *touched]))
    if suppressions:
        around = list(dict.fromkeys([*around, *projection.around(tx, leads.many(tx, ids).values())]))
    projection.refresh(ctx, tx, around)
    companies = frozenset(CompanyId(change.id) for change in changes if change.obj is Obj.COMPANY)
    return Written(
        Changes(
            leads=frozenset(around),
            companies=companies,
            queue=True,
            outbox=True,
            undo=True,
            meetings=any(one.kind == MEETING for one in filings),
        ),
        entry.id,
    )
