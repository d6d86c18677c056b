"""Sequences (シーケンス): enrolling leads, stopping, skipping a step, and carrying out the mails that are due.

What is filed travels to the whole team; mails leave from the desk that enrolled the lead (or took it over), so that two
desks of one person never send the same step. A step's mail has the step's own id, in the outbox as in the timeline.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from isdesk.domain.answers import WHY_REPLY
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.chips import hot_now
from isdesk.domain.errors import BadInput, IsdeskError, NotFound, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.ids import LeadId
from isdesk.domain.mail_pause import CONFIRMED
from isdesk.domain.outgoing import MailState
from isdesk.domain.roles import Right
from isdesk.domain.rules import Sequence as Definition
from isdesk.domain.sequence import (
    BLOCK,
    END,
    KIND,
    OTHER_OWNER,
    SKIP,
    STOP,
    TAKE,
    Enrolment,
    Standing,
    against,
    enrolment_key,
    first_contact,
    perhaps_sent,
    running,
    said,
    step_key,
)
from isdesk.domain.sequence_filing import enrol_payload, moved_payload
from isdesk.domain.sequence_letters import letters
from isdesk.domain.touch import ActionKind, Channel, effective
from isdesk.services import consents, enrolments, hearing, outgoing, projection, twice
from isdesk.services import mails as writing
from isdesk.services.entries import head
from isdesk.services.views import Written
from isdesk.store import connections, filings, identity, journal, leads, mails
from isdesk.store import sequences as stored
from isdesk.store.keys import mail_key

if TYPE_CHECKING:
    from isdesk.domain.changes import Entry
    from isdesk.domain.outgoing import OutMail
    from isdesk.domain.state import LeadFacts, LeadState, NextAction
    from isdesk.services.context import Context
    from isdesk.store import Tx

log = logging.getLogger(__name__)
BATCH: Final = 500
"""So many due steps that leave by themselves, and so many others, are looked at in one round."""
MANY: Final = 100
_BUSY: Final = frozenset(
    {
        ActionKind.HANDOFF,
        ActionKind.FIX_HANDOFF,
        ActionKind.AWAIT_FS,
        ActionKind.AWAIT_APPROVAL,
        ActionKind.MERGE,
    }
)
_ENDS: Final = {"mail_opted_out": "opt_out", "mail_do_not_call": "do_not_call", "mail_lead_gone": "gone"}
"""What the gate says that ends a sequence for good, not only the step."""
TWICE: Final = "sequence_twice"
"""What blocks a step while the same text waits for the lead otherwise, or was sent a short while ago; where it never
left after all, the step goes on by itself.
"""
SAME_TEXT: Final = "sequence_same_text"
"""What blocks a step, after that short while, until a person sends or skips it: the lead got the same text by hand."""
BY_HAND: Final = frozenset({"sequence_mail_failed", "sequence_mail_cancelled", "sequence_perhaps_sent", SAME_TEXT})
"""What leaves a mail to a person, who sends it (`confirm`) or skips the step."""
_TWICE: Final = frozenset({"mail_twice", TWICE, SAME_TEXT})


class _Put(Protocol):
    """What puts a mail into the outbox, or says that it could."""

    def __call__(self, ctx: Context, tx: Tx, facts: LeadFacts, template: str, *, key: str | None) -> object:
        """Raise what is against it."""
        ...


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of enrolling: the leads that are in it now, and the others with the code of what was against it.

    ``lacking`` (only foreseen): those of them whose advertising mails would be blocked, as no basis of mail is noted.
    """

    leads: tuple[LeadId, ...] = ()
    refused: Mapping[LeadId, str] = field(default_factory=dict)
    lacking: tuple[LeadId, ...] = ()
    written: Written = field(default_factory=lambda: Written(Changes()))

    @property
    def changes(self) -> Changes:
        """Return what it touched."""
        return self.written.changes


@dataclass(frozen=True, slots=True)
class Ran:
    """What one round came to, by number of leads. ``waiting``: due, but this desk has not heard of the team
    lately, or cannot read its mailbox.
    """

    queued: int = 0
    blocked: int = 0
    cleared: int = 0
    stopped: int = 0
    waiting: int = 0
    changes: Changes = field(default_factory=Changes)


def definition(ctx: Context, code: str) -> Definition:
    """Return a sequence of the definitions. Raises NotFound (``sequence_unknown``)."""
    found = ctx.rules.sequences.get(code)
    if found is None:
        raise NotFound("sequence_unknown", sequence=code, known=", ".join(ctx.rules.sequences))
    return found


# -------------------------------------------------------------------------------------------------------------- people


def forecast(ctx: Context, code: str, ids: Sequence[LeadId]) -> Enrolled:
    """Return what `enrol` would do; nothing is written. Raises NotFound (``sequence_unknown``)."""
    wanted = definition(ctx, code)
    with ctx.store.read() as tx:
        able, refused = _able(ctx, tx, ids)
        bare = consents.lacking_in(ctx, tx, list(able)) if _advertises(ctx, wanted) else []
    return Enrolled(tuple(able), refused, tuple(one.id for one in bare))


def _advertises(ctx: Context, wanted: Definition) -> bool:
    """Return whether a sequence has a mail that needs a basis."""
    codes = {step.template for step in wanted.steps if step.channel is Channel.MAIL}
    return any(one.advertising for one in ctx.rules.mail.templates if one.code in codes)


def enrol(ctx: Context, code: str, ids: Sequence[LeadId]) -> Enrolled:
    """Put leads into a sequence: one entry, taken back by one undo. Its mails leave from this desk.

    Leads of others, closed ones, those that must not be called or written to, those that rest or whose company does
    (cooldown), those that wait for an answer, and those in a sequence already, or whose address is, are left out and
    told. Raises NotFound (``sequence_unknown``), Refused where not one of them can be enrolled.
    """
    wanted = definition(ctx, code)
    with ctx.store.write() as tx:
        able, refused = _able(ctx, tx, ids)
        if not able:
            if not refused:
                return Enrolled()
            raise Refused(next(iter(refused.values())))
        payloads = {key: _enrolment(ctx, tx, wanted, key, before) for key, before in able.items()}
        said = _summary(tx, wanted.code, "enrol", list(able))
        entry = head(ctx, tx, Verb.SEQUENCE, lead_id=_name(able), summary=said)
        written = _file(ctx, tx, entry, payloads.items())
    return Enrolled(tuple(able), refused, written=written)


def stop(ctx: Context, ids: Sequence[LeadId], *, note: str = "") -> Written:
    """Take leads out of the sequence that runs; their steps stay in the timeline.

    Raises NotFound (``sequence_not_running``) where none of them is in one, Refused (``not_allowed``) for leads of
    others without the right to reassign them.
    """
    with ctx.store.write() as tx:
        found = _running(ctx, tx, ids)
        _own(ctx, tx, found)
        told = {key: _event(one, STOP, why="hand", note=note.strip()) for key, one in found.items()}
        entry = head(ctx, tx, Verb.SEQUENCE, lead_id=_name(told), summary=_summary(tx, "", "stop", list(told)))
        return _file(ctx, tx, entry, told.items())


def skip(ctx: Context, lead_id: LeadId, reason: str) -> Written:
    """Leave the next step of a lead out, for a reason that is told; the sequence goes on with the one after it.

    Raises NotFound (``sequence_not_running``), BadInput (``sequence_reason_missing``), Refused (``not_allowed``).
    """
    if not reason.strip():
        raise BadInput("sequence_reason_missing")
    with ctx.store.write() as tx:
        one = _running(ctx, tx, [lead_id])[lead_id]
        _own(ctx, tx, [lead_id])
        step = _next(one)
        told = _event(one, SKIP, step=step.number, reason=reason.strip())
        entry = head(ctx, tx, Verb.SEQUENCE, lead_id=lead_id, summary=_summary(tx, one.code, "skip", [lead_id]))
        return _file(ctx, tx, entry, [(lead_id, told)])


def take_over(ctx: Context, ids: Sequence[LeadId]) -> Written:
    """Have the mails of these leads' sequences leave from this desk, from the next business day on.

    For leads that changed hands, and for a desk that is not used any more. The day between lets the other desk hear of
    it, so that nothing goes out twice. Without a hub nothing is heard of that desk: what was due by then is left to a
    person. Raises NotFound (``sequence_not_running``), Refused (``sequence_other_owner``).
    """
    with ctx.store.write() as tx:
        found = _running(ctx, tx, ids)
        facts = leads.many(tx, found)
        if any(facts[key].owner_id not in (None, ctx.me.id) for key in found):
            raise Refused(OTHER_OWNER)
        told = {key: _event(one, TAKE) for key, one in found.items()}
        entry = head(ctx, tx, Verb.SEQUENCE, lead_id=_name(told), summary=_summary(tx, "", "take", list(told)))
        return _file(ctx, tx, entry, told.items())


def confirm(ctx: Context, lead_id: LeadId) -> OutMail:
    """Send the mail that is the next step now: one that waits for the rep, or one that failed or was cancelled. What a
    person sends does not wait until answers are read.

    Raises NotFound (``sequence_not_running``), Refused (``sequence_no_mail``, ``sequence_other_device``,
    ``sequence_not_due``, ``sequence_cooldown``, and what forbids the mail), BadInput, Incomplete.
    """
    with ctx.store.write() as tx:
        one = _running(ctx, tx, [lead_id])[lead_id]
        step = _next(one)
        if step.step.channel is not Channel.MAIL:
            raise Refused("sequence_no_mail")
        if step.why == OTHER_OWNER:
            raise Refused(OTHER_OWNER)
        if not _here(ctx, one):
            raise Refused("sequence_other_device")
        if step.due_at > ctx.now():
            raise Refused("sequence_not_due")
        if enrolments.resting(ctx, tx, lead_id):
            raise Refused(enrolments.RESTS)
        mail = mails.one(tx, step_key(one.key, step.number))
        if mail is not None and mail.state is MailState.UNCERTAIN:
            raise Refused("sequence_mail_uncertain")
        if mail is not None and mail.state is MailState.SENDING:
            return mail
        if mail is None or mail.state is not MailState.QUEUED:
            facts = leads.many(tx, [lead_id])[lead_id]
            mail = outgoing.put_in(ctx, tx, facts, step.step.template, key=step_key(one.key, step.number))
        by_hand = replace(mail, error=CONFIRMED)
        mails.move(tx, mail, by_hand)
        return by_hand


def of_lead(ctx: Context, lead_id: LeadId) -> tuple[Enrolment, ...]:
    """Return a lead's enrolments, the first first."""
    with ctx.store.read() as tx:
        return enrolments.of_lead(ctx, tx, lead_id)


def _able(ctx: Context, tx: Tx, ids: Sequence[LeadId]) -> tuple[dict[LeadId, tuple[Enrolment, ...]], dict[LeadId, str]]:
    """Return which leads can be enrolled, with their enrolments so far, and what is against the others."""
    facts, states = leads.many(tx, ids), leads.states(tx, ids)
    found = enrolments.of_many(ctx, tx, ids)
    able: dict[LeadId, tuple[Enrolment, ...]] = {}
    refused: dict[LeadId, str] = {}
    taken = _addresses(ctx, tx, facts.values())
    for key in dict.fromkeys(ids):
        if key not in facts or key not in states:
            refused[key] = "lead_not_found"
            continue
        why = _against(ctx, facts[key], states[key][0])
        if running(found.get(key, ())) is not None:
            why = "sequence_running"
        mail = mail_key(str(facts[key].get("email") or ""))
        if not why and mail and mail in taken:
            why = "sequence_same_address"
        if why:
            refused[key] = why
        else:
            able[key] = found.get(key, ())
            taken.add(mail)
    return able, refused


def _addresses(ctx: Context, tx: Tx, facts: Iterable[LeadFacts]) -> set[str]:
    """Return those addresses of these leads to which a sequence writes already, of whatever lead."""
    alike = identity.leads_by_mail(tx, {str(one.get("email") or "") for one in facts} - {""})
    every = enrolments.of_many(ctx, tx, {key for keys in alike.values() for key in keys})
    return {mail for mail, keys in alike.items() if any(running(every.get(key, ())) is not None for key in keys)}


def _against(ctx: Context, facts: LeadFacts, state: LeadState) -> str:
    if facts.owner_id not in (None, ctx.me.id):
        return "sequence_not_yours"
    if state.dnc:
        return "sequence_do_not_call"
    if facts.get("email_opt_out"):
        return "sequence_opted_out"
    if not state.open or (state.next_action is not None and state.next_action.kind in _BUSY):
        return "sequence_closed"
    if enrolments.rests(ctx, state):
        return "sequence_resting"
    return "sequence_waiting" if state.next_action is not None and _waits(state.next_action) else ""


def _waits(action: NextAction) -> bool:
    """Return whether the customer waits for an answer, a call back or a mail that they were promised."""
    promised = action.kind is ActionKind.MAIL and said(action.why) is None
    return promised or action.why == WHY_REPLY or action.kind is ActionKind.CALLBACK_LOOSE


def _enrolment(
    ctx: Context, tx: Tx, wanted: Definition, lead_id: LeadId, before: Iterable[Enrolment]
) -> dict[str, Value]:
    counted = effective(leads.touches(tx, lead_id))
    anchor = first_contact(wanted, counted, ctx.now(), ctx.calendar)
    key = enrolment_key(lead_id, wanted.code, sum(1 for one in before if one.code == wanted.code))
    return enrol_payload(wanted, key, anchor, ctx.rules.version, against(wanted, counted, ctx.rules))


def _running(ctx: Context, tx: Tx, ids: Sequence[LeadId]) -> dict[LeadId, Enrolment]:
    found = {key: running(every) for key, every in enrolments.of_many(ctx, tx, ids).items()}
    runs = {key: one for key, one in found.items() if one is not None}
    if not runs:
        raise NotFound("sequence_not_running")
    return runs


def _own(ctx: Context, tx: Tx, ids: Iterable[LeadId]) -> None:
    """Refuse for leads of others, but for whoever may reassign them. Raises Refused (``not_allowed``)."""
    if any(facts.owner_id not in (None, ctx.me.id) for facts in leads.many(tx, ids).values()):
        ctx.require(Right.REASSIGN)


def merged(ctx: Context, tx: Tx, entry: Entry, loser: LeadId, winner: LeadId) -> list[Filing]:
    """Return what merging two leads says about their sequences: the one that runs for the loser goes on for the winner
    with the steps that were done, where that may be enrolled and is in none; else it ends with the loser.
    """
    every = enrolments.of_many(ctx, tx, [loser, winner])
    one = running(every.get(loser, ()))
    if one is None:
        return []
    told: list[tuple[LeadId, dict[str, Value]]] = []
    facts, states = leads.many(tx, [winner])[winner], leads.states(tx, [winner])
    if running(every.get(winner, ())) is None and not _against(ctx, facts, states[winner][0]):
        first = next(f for f in filings.about(tx, KIND, loser) if f.id == one.id)
        known = against(one.definition, effective(leads.touches(tx, winner)), ctx.rules)
        told.append((winner, moved_payload(first.payload, first.at, known)))
        passed = [step for step in one.steps if step.state == "skipped"]
        told += [(winner, _event(one, SKIP, step=step.number, reason=step.why)) for step in passed]
        if one.device != ctx.device_id:
            told.append((winner, _event(one, TAKE)))
    told.append((loser, _event(one, STOP, why="gone")))
    seq = journal.next_seq(tx, ctx.device_id, len(told))
    return [
        Filing(ctx.ids.new(), KIND, key, ctx.me.id, ctx.device_id, seq + n, entry.at, key, payload, entry.id)
        for n, (key, payload) in enumerate(told)
    ]


def _next(one: Enrolment) -> Standing:
    step = one.next
    if step is None:
        raise NotFound("sequence_not_running")
    return step


def _event(one: Enrolment, event: str, **more: Value) -> dict[str, Value]:
    return {"event": event, "key": one.key, **{code: value for code, value in more.items() if value != ""}}


def _name(found: Iterable[LeadId]) -> LeadId | None:
    """Return the lead where there is only one, as an entry names it."""
    every = list(found)
    return every[0] if len(every) == 1 else None


def _summary(tx: Tx, code: str, what: str, ids: Sequence[LeadId]) -> dict[str, Value]:
    facts = leads.facts(tx, ids[0]) if len(ids) == 1 else None
    named: dict[str, Value] = {"lead": str(facts.get("name") or "")} if facts is not None else {"count": len(ids)}
    return {"sequence": code, "what": what, **named}


def _file(
    ctx: Context, tx: Tx, entry: Entry, told: Iterable[tuple[LeadId, Mapping[str, Value]]], *, undo: bool = True
) -> Written:
    """File what was said about each lead, and derive them anew."""
    items = list(told)
    seq = journal.next_seq(tx, ctx.device_id, len(items))
    made = [
        Filing(
            ctx.ids.new(), KIND, key, ctx.me.id, ctx.device_id, seq + n, entry.at, key, dict(payload), entry.id
        )
        for n, (key, payload) in enumerate(items)
    ]  # fmt: skip
    journal.append(tx, entry, filings=made)
    ids = [key for key, _ in items]
    projection.refresh(ctx, tx, ids)
    changes = Changes(
        leads=frozenset(ids), queue=True, outbox=True, undo=undo, all_leads=len(ids) > MANY, sequences=True
    )
    return Written(changes, entry.id)


# -------------------------------------------------------------------------------------------------- what goes by itself


def run(ctx: Context) -> Ran:
    """Carry out what is due by itself: put mails into the outbox, say what blocks the others, file what ended.

    Only in business hours (a step that is late leaves when they begin), and only where this desk has heard of the team
    lately and, if it has a mailbox, reads it. Calls and social touches are left to the queue. It looks beside whoever
    writes and takes the writer only for what would change; there everything is asked again, the gate too. Doing it
    again changes nothing.
    """
    now = ctx.now()
    with ctx.store.read() as tx:
        if not filings.any_of(tx, KIND):
            return Ran()
        ended = [(key, str(event["key"])) for key, event in _ended(ctx, tx, stored.ended(tx, ctx.device_id, BATCH))]
        due = stored.due(tx, ctx.device_id, now, BATCH) if ctx.calendar.is_business_time(now) else []
        mine = _mine(ctx, tx, due)
        waiting = len(mine) if mine and (enrolments.stale(ctx, tx) or hearing.now(ctx, tx).deaf) else 0
        able = [] if waiting else [key for key, event in _each(ctx, tx, mine, outgoing.ready) if event != {}]
    if not ended and not able:
        return Ran(waiting=waiting)
    with ctx.store.write() as tx:
        bare = [one for one in stored.ended(tx, ctx.device_id, BATCH) if one in ended]
        told, queued = _ended(ctx, tx, bare), 0
        for key, event in _each(ctx, tx, _mine(ctx, tx, able), outgoing.put_in):
            if event is None:
                queued += 1
            elif event:
                told.append((key, event))
        written = Written(Changes())
        if told:
            entry = head(ctx, tx, Verb.SEQUENCE_RUN, summary={"count": len(told)})
            written = _file(ctx, tx, entry, told, undo=False)
    events = [event for _, event in told]
    return Ran(
        queued=queued,
        blocked=sum(1 for one in events if one["event"] == BLOCK and one.get("why")),
        cleared=sum(1 for one in events if one["event"] == BLOCK and not one.get("why")),
        stopped=sum(1 for one in events if one["event"] == STOP),
        waiting=waiting,
        changes=written.changes | Changes(sequences=bool(queued)),
    )


def _mine(ctx: Context, tx: Tx, ids: Sequence[LeadId]) -> dict[LeadId, Enrolment]:
    """Return the enrolments whose mails leave from this desk, of these leads; none of those that showed interest just
    now: they are called, and a mail that left by itself would count as the answer to it.
    """
    now, states = ctx.now(), leads.states(tx, ids)
    cool = [key for key in ids if key in states and not hot_now(states[key][0], ctx.rules, now)]
    found = {key: running(every) for key, every in enrolments.of_many(ctx, tx, cool).items()}
    return {key: one for key, one in found.items() if one is not None and _here(ctx, one)}


def _here(ctx: Context, one: Enrolment) -> bool:
    """Return whether the mails of an enrolment leave from this desk by now."""
    return one.device == ctx.device_id and (one.taken_at is None or taken_from(ctx, one.taken_at) <= ctx.now())


def taken_from(ctx: Context, taken_at: datetime) -> datetime:
    """Return from when on the mails of a sequence that was taken over leave from the new desk."""
    day = ctx.calendar.add_business_days(ctx.calendar.day_of(taken_at), 1)
    return ctx.calendar.start_of_day(day)


def _ended(ctx: Context, tx: Tx, bare: Sequence[tuple[LeadId, str]]) -> list[tuple[LeadId, dict[str, Value]]]:
    """Return the ends to file that only the lead's present fields tell, so that they hold when those change again: one
    for each enrolment, also for one that did nothing or cannot be read.
    """
    found = enrolments.of_many(ctx, tx, [lead_id for lead_id, _ in bare])
    told: list[tuple[LeadId, dict[str, Value]]] = []
    for lead_id, key in dict.fromkeys(bare):
        one = next((one for one in found.get(lead_id, ()) if one.key == key), None)
        if one is not None and one.state == "running":
            continue
        unknown = one is not None and one.state != "finished" and one.stop is not None and one.stop.at is None
        event: dict[str, Value] = {"event": STOP if unknown else END, "key": key}
        if unknown and one is not None and one.stop is not None:
            event["why"] = one.stop.why
        told.append((lead_id, event))
    return told


def _each(
    ctx: Context, tx: Tx, mine: Mapping[LeadId, Enrolment], put: _Put
) -> list[tuple[LeadId, dict[str, Value] | None]]:
    """Return for each lead what `_carry_out` does; one that breaks is left alone and told in the log."""
    found: list[tuple[LeadId, dict[str, Value] | None]] = []
    for key, one in mine.items():
        try:
            found.append((key, _carry_out(ctx, tx, key, one, put)))
        except Exception as error:  # noqa: BLE001  no lead may keep the others from going on
            log.warning("step_broke", extra={"lead": key, "error": type(error).__name__})
    return found


def _carry_out(ctx: Context, tx: Tx, lead_id: LeadId, one: Enrolment, put: _Put) -> dict[str, Value] | None:
    """Put the mail of the next step into the outbox; return what is to be filed instead, empty where nothing is.

    None: it is in the outbox now. What is not a mail, or not due any more, is left alone. ``put`` is `outgoing.put_in`,
    or `outgoing.ready` to see what would come of it.
    """
    step = _next(one)
    if step.step.channel is not Channel.MAIL or step.due_at > ctx.now():
        return {}
    mail = mails.one(tx, step_key(one.key, step.number))
    on_its_way = mail is not None and mail.state in (MailState.QUEUED, MailState.SENDING)
    if on_its_way or _again_today(ctx, tx, lead_id, one):
        return {}
    why = OTHER_OWNER if _noted(step) == OTHER_OWNER else _state_bars(mail)
    if not why and connections.primary(tx) is None and perhaps_sent(one, step, ctx.calendar):
        why = "sequence_perhaps_sent"
    if not why and enrolments.resting(ctx, tx, lead_id):
        why = enrolments.RESTS
    if not why:
        try:
            facts = leads.many(tx, [lead_id])[lead_id]
            why = _same_text(ctx, tx, facts, one, step) if _noted(step) in _TWICE else ""
            if why:
                return {} if why == _noted(step) else _event(one, BLOCK, step=step.number, why=why)
            if one.definition.automatic:
                put(ctx, tx, facts, step.step.template, key=step_key(one.key, step.number))
                return None if not _noted(step) else _event(one, BLOCK, step=step.number)
            writing.sendable(writing.drafted(ctx, tx, facts, step.step.template))
        except IsdeskError as error:
            why = TWICE if error.code == "mail_twice" else error.code
    if why in _ENDS:
        return _event(one, STOP, why=_ENDS[why])
    return {} if why == _noted(step) else _event(one, BLOCK, step=step.number, why=why)


def _again_today(ctx: Context, tx: Tx, lead_id: LeadId, one: Enrolment) -> bool:
    """Return whether a letter of the sequence that had come back went once more today: the next step waits for a day,
    since nobody gets two of them on one.
    """
    counted, today = effective(leads.touches(tx, lead_id)), ctx.calendar.day_of(ctx.now())
    keys = one.mails()
    again = letters(counted, keys) - keys.keys()
    return any(touch.id in again and ctx.calendar.day_of(touch.at) == today for touch in counted)


def _same_text(ctx: Context, tx: Tx, facts: LeadFacts, one: Enrolment, step: Standing) -> str:
    """Return what a text that the lead got by hand says against a step, empty where it never left after all."""
    text = writing.sendable(writing.drafted(ctx, tx, facts, step.step.template))
    got = twice.got_at(tx, facts.id, text.subject, text.text, one.mails())
    if got is None:
        return ""
    return TWICE if ctx.now() - got < outgoing.TWICE else SAME_TEXT


def _noted(step: Standing) -> str:
    return step.why if step.state == "blocked" else ""


def _state_bars(mail: OutMail | None) -> str:
    """Return what the mail of a step says against writing it by itself: a person has to look at it first."""
    if mail is None or mail.state is MailState.STOPPED:
        return ""
    if mail.state is MailState.CANCELLED:
        return "sequence_mail_cancelled"
    return "sequence_mail_failed" if mail.state is MailState.FAILED else "sequence_mail_uncertain"
