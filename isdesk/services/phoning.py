"""The telephone of a desk: one line, whose call it is, what it came to, and who is calling in (DOMAIN 5.1, 14).

The telephone tells how a call went and how long it took; what it was worth is for the rep to say. Nothing here becomes
a touch by itself but a call of a known lead that nobody took: they called us, and that is a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from isdesk.domain import normalise, phone
from isdesk.domain.changes import Changes, Verb
from isdesk.domain.errors import Refused
from isdesk.domain.ids import LeadId, TouchId
from isdesk.domain.numbers import numbers
from isdesk.domain.phone import End, Limits, PhoneCall
from isdesk.domain.planning import STAY
from isdesk.domain.rules import Outcome
from isdesk.domain.touch import ActionKind, Channel, Direction, Plan, Touch, effective, stands_at
from isdesk.domain.windows import fit_soft
from isdesk.files.phones import shown, to_e164
from isdesk.services import merging, open_calls, phone_account, projection
from isdesk.services.calls import RecordInput, forbids, with_call
from isdesk.services.entries import head, need
from isdesk.services.open_calls import OpenCall
from isdesk.services.views import Written
from isdesk.store import connections, identity, journal, leads

if TYPE_CHECKING:
    from isdesk.channels.line import Line
    from isdesk.channels.telephony import DialNumber, Tell
    from isdesk.domain.changes import Entry
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx
    from isdesk.vault import Secrets

_SPACE = UUID("6a0f2f1e-3c1b-5f4e-9a55-0d6f3a5b7c21")
_AWAITED = frozenset({ActionKind.RETRY, ActionKind.CALLBACK_EXACT, ActionKind.CALLBACK_LOOSE})
MOST_CALLERS = 20


@dataclass(frozen=True, slots=True)
class Caller:
    """A lead that may be the one who calls. ``returns``: we tried to reach them, so this is a 折り返し.

    ``promised``: a call at an exact time was agreed and is still to come.
    """

    lead_id: LeadId
    name: str
    company: str
    mine: bool
    returns: bool
    last_at: datetime | None = None
    promised: bool = False


class Telephone:
    """The line of this desk. News come on its own thread, to whoever opened it; every verb returns at once."""

    def __init__(self, ctx: Context, secrets: Callable[[], Secrets]) -> None:
        self._ctx, self._secrets = ctx, secrets
        self._line: Line | None = None
        self._one = Lock()

    @property
    def tells(self) -> bool:
        """Return whether there is a telephone that tells what becomes of its calls."""
        return self._line is not None

    @property
    def up(self) -> bool:
        """Return whether it is there now."""
        return self._line is not None and self._line.up

    def now(self) -> float:
        """Return the telephone's clock, in seconds: that of the instants of its calls."""
        return self._ctx.clock.monotonic()

    def open(self, tell: Tell, limits: Limits | None = None) -> bool:
        """Use the telephone that the account names; return whether it tells. Raises BadInput, VaultError."""
        with self._one:
            self._let_go()
            account = phone_account.account(self._ctx)
            if account.tells:
                self._line = phone_account.open_line(account, self._secrets(), tell, self.now, limits)
            return self._line is not None

    def dial(self, number: DialNumber) -> bool:
        """Start a call; return False where the telephone is not there."""
        return self._line is not None and self._line.dial(number)

    def hang_up(self, call: str = "") -> None:
        """End a call by the telephone's id of it, or refuse it while it rings; without an id the one that is on."""
        if self._line is not None:
            self._line.hang_up(call)

    def accept(self, call: str = "") -> None:
        """Take a call that comes in by the telephone's id of it; without one the newest."""
        if self._line is not None:
            self._line.accept(call)

    def close(self) -> None:
        """Let go of the telephone; calls that are on go on there."""
        with self._one:
            self._let_go()

    def _let_go(self) -> None:
        made, self._line = self._line, None
        if made is not None:
            made.close()


# --------------------------------------------------------------------------------------------------- the call at work


def proposed(end: End | None, outcomes: Mapping[str, Outcome], *, incoming: bool = False) -> tuple[str, ...]:
    """Return the outcomes that fit how a call ended; one that is alone is proposed.

    A call that came in and was not taken fits none: the outcomes of no answer speak of our own dials.
    """
    return () if incoming and end is not End.ANSWERED else phone.proposed(end, outcomes)


def by_hand(ctx: Context, lead_id: LeadId, given: RecordInput, live: Sequence[PhoneCall]) -> RecordInput:
    """Return an outcome that was given without a call with that of a talk that the lead called in for and that is on.

    ``live``: the calls that came in, as the telephone told of them last. What is over is known to `calls.record`.
    """
    if given.call is not None or given.channel is not Channel.PHONE or given.at is not None:
        return given
    with ctx.store.read() as tx:
        kept = open_calls.came_in(tx, lead_id)
    told = next((one for one in live if kept is not None and key_of(ctx, one) == kept.id), None)
    if kept is None or told is None:
        return given
    return with_call(given, open_calls.as_told(kept, told, ctx.clock.monotonic()))


def key_of(ctx: Context, call: PhoneCall) -> str:
    """Return the id under which a call that came in is kept here."""
    return f"{ctx.device_id} {call.id} {call.began}"


def note(ctx: Context, kept: OpenCall) -> None:
    """Keep how far a call has come, while it has no outcome; one that has is left alone."""
    with ctx.store.write() as tx:
        known = open_calls.read(tx)
        if known is not None and known.id == kept.id:
            open_calls.put(tx, kept)


def unfinished(ctx: Context) -> OpenCall | None:
    """Return the call of this desk that never got its outcome, None where there is none; of a lead that was merged
    into another one, with that one.
    """
    with ctx.store.read() as tx:
        for known in open_calls.waiting(tx):
            lead_id = merging.stands_as(tx, known.lead_id)
            if lead_id is not None:
                return replace(known, lead_id=lead_id)
    return None


# ------------------------------------------------------------------------------------------------- calls that come in


def number_of(told: str) -> str | None:
    """Return a caller's number as E.164 as a telephone tells it; None where it is withheld or no public number."""
    return to_e164(normalise.text(told)) if any(c.isdigit() for c in told) else None


def shown_number(told: str) -> str:
    """Return a caller's number as it is read; empty where it is withheld."""
    number = number_of(told)
    return shown(number) if number is not None else told if any(c.isdigit() for c in told) else ""


def callers(ctx: Context, told: str) -> list[Caller]:
    """Return the leads that a call may be from, the likeliest first; none for a number that nobody here has.

    Those whom we tried to reach come first, then own ones, then those with the latest contact. A number marked as
    wrong is nobody's.
    """
    number = number_of(told)
    if number is None:
        return []
    with ctx.store.read() as tx:
        found = _having(tx, number)
        facts = leads.many(tx, found)
        states = leads.states(tx, found)
    out = []
    for lead_id in found:
        one, known = facts.get(lead_id), states.get(lead_id)
        if one is None or one.get("deleted") or not any(n.e164 == number and n.bad is None for n in numbers(one)):
            continue
        state = known[0] if known is not None else None
        waits = state.next_action if state is not None else None
        tried = state is not None and state.last_touch_at is not None
        returns = tried and waits is not None and waits.kind in _AWAITED
        out.append(
            Caller(
                lead_id,
                str(one.get("name") or ""),
                str(one.get("company.name") or ""),
                one.owner_id == ctx.me.id,
                returns,
                state.last_touch_at if state is not None else None,
                waits is not None and waits.kind is ActionKind.CALLBACK_EXACT and waits.due_at > ctx.now(),
            )
        )
    return sorted(out, key=_likely)[:MOST_CALLERS]


def certain(found: Sequence[Caller]) -> Caller | None:
    """Return who of several it must be: the only one, or the only one whom we tried to reach; None where it is open."""
    awaited = [one for one in found if one.returns]
    return found[0] if len(found) == 1 else awaited[0] if len(awaited) == 1 else None


def _likely(one: Caller) -> tuple[bool, bool, float, str]:
    return not one.returns, not one.mine, -(one.last_at.timestamp() if one.last_at else 0.0), one.lead_id


def _having(tx: Tx, number: str) -> list[LeadId]:
    own = [one for ids in identity.leads_by_phone(tx, [number]).values() for one in ids]
    firms = [one for ids in identity.companies_by_phone(tx, [number]).values() for one in ids]
    return list(dict.fromkeys([*own, *leads.of_companies(tx, firms)]))


def take(
    ctx: Context, lead_id: LeadId, told: str, call: str, instead: str = "", at: datetime | None = None
) -> OpenCall:
    """Put a call that came in to a lead: it waits for its outcome from now on; another one at work waits beside it.

    ``instead``: the id under which the talk was kept until now; ``at``: when the call began (default: now).
    Raises NotFound, and Refused (``call_recorded``) where the talk is kept no more: it has its outcome.
    """
    kept = OpenCall(call, lead_id, number_of(told) or "", at or ctx.now(), incoming=True)
    with ctx.store.write() as tx:
        need(tx, lead_id)
        known = open_calls.read(tx)
        if instead:
            held = next((one for one in open_calls.held(tx) if one.id == instead), None)
            if held is None and not any(one.id == instead for one in open_calls.loose(tx)):
                raise Refused("call_recorded")
            kept = replace(held, id=call, lead_id=lead_id) if held is not None else kept
            open_calls.forget(tx, instead)
        if known is not None and known.id != call:
            open_calls.hold(tx, known)
        open_calls.put(tx, kept)
    return kept


def hold(ctx: Context, kept: OpenCall, *, first: bool = True) -> bool:
    """Keep a call that came in and was talked, until somebody records it; the call at work stays as it is.

    Told again (not ``first``) it is kept only while it waits still; return whether it does.
    """
    with ctx.store.write() as tx:
        waits = first or any(one.id == kept.id for one in open_calls.held(tx))
        if waits:
            open_calls.hold(tx, kept)
    return waits


def held_ids(ctx: Context) -> set[str]:
    """Return the ids of the talks that wait beside the call at work."""
    with ctx.store.read() as tx:
        return {one.id for one in open_calls.held(tx)}


def let_go(ctx: Context, call: str) -> None:
    """Do not ask for the outcome of a call any more: whoever talked says that there is nothing to record."""
    with ctx.store.write() as tx:
        open_calls.forget(tx, call)


def leave(ctx: Context, call: str) -> None:
    """Go on without recording the call at work; a talk that came in and whose lead is gone waits for another lead."""
    with ctx.store.write() as tx:
        left = next((one for one in open_calls.left_alone(tx) if one.id == call), None)
        open_calls.forget(tx, call)
        if left is not None:
            open_calls.hold(tx, left)


def missed(
    ctx: Context, lead_id: LeadId, told: str, call: str, ring_s: int | None = None, at: datetime | None = None
) -> Written:
    """Write that a lead called and nobody took it: 受電 without an outcome, which brings the lead up to be called back.

    A call that was promised for an exact time and is still to come stays at that time.
    ``call`` is an id of the call: told twice, it is written once; ``at``: when they called (default: now).
    Raises NotFound.
    """
    touch_id = missed_id(ctx, call)
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        open_calls.forget(tx, call)
        if leads.touch(tx, touch_id) is not None:
            return Written(Changes())
        entry = head(ctx, tx, Verb.CALL_IN, lead_id=lead_id, summary={"lead": str(facts.get("name") or "")})
        return write_missed(ctx, tx, entry, facts, Missed(touch_id, number_of(told), at or entry.at, ring_s))


class After(StrEnum):
    """What comes next of a lead whose call nobody took."""

    CALLED_BACK = "called_back"
    PROMISED = "promised"
    BARRED = "barred"
    OTHER = "other"


def after(ctx: Context, lead_id: LeadId) -> After:
    """Return what comes next of a lead whose call nobody took just now. Raises NotFound."""
    now = ctx.now()
    with ctx.store.read() as tx:
        facts = need(tx, lead_id)
        known = leads.states(tx, [lead_id]).get(lead_id)
        barred = forbids(ctx, tx, facts, now)
    waits = known[0].next_action if known is not None else None
    if barred == "dnc":
        return After.BARRED
    if waits is not None and waits.kind is ActionKind.CALLBACK_EXACT:
        return After.PROMISED
    return After.CALLED_BACK if waits is not None and waits.kind is ActionKind.CALLBACK_LOOSE else After.OTHER


@dataclass(frozen=True, slots=True)
class Missed:
    """A call that nobody took. ``at``: when they called. Without ``call_back`` what was planned stays as it is."""

    touch_id: TouchId
    number: str | None
    at: datetime
    ring_s: int | None = None
    call_back: bool = True


def missed_id(ctx: Context, call: str) -> TouchId:
    """Return the id of the touch that a call becomes which nobody took."""
    return TouchId(str(uuid5(_SPACE, f"{ctx.device_id} {call}")))


def write_missed(ctx: Context, tx: Tx, entry: Entry, facts: LeadFacts, call: Missed) -> Written:
    """Write a call that nobody took under an entry of its verb; it brings the lead up past what was written since."""
    history = leads.touches(tx, facts.id)
    touch = Touch(
        id=call.touch_id,
        lead_id=facts.id,
        company_id=facts.company_id,
        member_id=ctx.me.id,
        device_id=ctx.device_id,
        device_seq=entry.device_seq,
        at=stands_at(history, call.at, call.at, entry.at),
        journal_id=entry.id,
        channel=Channel.PHONE,
        direction=Direction.IN,
        number=call.number,
        ring_s=call.ring_s,
        playbook=ctx.rules.version,
        plan=_next(ctx, history, entry.at, call_back=call.call_back),
        skew_ms=connections.skew(tx),
    )
    journal.append(tx, entry, touches=(touch,))
    near = projection.around(tx, [facts])
    projection.refresh(ctx, tx, [facts.id, *near])
    return Written(Changes(leads=frozenset({facts.id, *near}), queue=True, outbox=True), entry.id)


def _next(ctx: Context, history: list[Touch], now: datetime, *, call_back: bool) -> Plan:
    """Return what comes next after a call that nobody took: they are called back, or what was planned stays."""
    soon, last = fit_soft(now, ctx.rules, ctx.calendar), _last_plan(history)
    if not call_back:
        return replace(last, why=STAY, mails=()) if last is not None else Plan(ActionKind.FIRST_CALL, soon, STAY)
    if last is not None and last.action is ActionKind.CALLBACK_EXACT and last.due_at is not None and last.due_at > now:
        return replace(last, why=STAY, mails=())
    return Plan(ActionKind.CALLBACK_LOOSE, soon, "inbound")


def _last_plan(history: list[Touch]) -> Plan | None:
    plans = [t.plan for t in effective(history) if t.plan is not None and t.plan.why != STAY]
    return plans[-1] if plans else None
