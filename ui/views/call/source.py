"""What the call page asks of the house: one call each, off the main thread; the desk's own, or a test's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.phone import PhoneCall
from isdesk.domain.touch import Channel
from isdesk.services.booking import Slots
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.open_calls import OpenCall
from isdesk.services.team_views import View
from isdesk.services.views import Preview, Recorded, Written
from ui.views.call.scene import Scene


class CallSource(Protocol):
    """Reads scenes and carries out the verbs of a call."""

    def scene(self, lead_id: LeadId, given: RecordInput | None = None, script: str = "") -> Scene:
        """Return a lead with everything that is shown of it; ``given`` is what is known of the call already, ``script``
        the one in which one is already.
        """
        ...

    def next_lead(self, exclude: Iterable[LeadId]) -> LeadId | None:
        """Return the lead that the queue offers."""
        ...

    def previews(self, lead_id: LeadId, channel: Channel) -> dict[str, Preview]:
        """Return what each outcome of a channel would do now."""
        ...

    def record(self, lead_id: LeadId, code: str, given: RecordInput, live: Sequence[PhoneCall] = ()) -> Recorded:
        """Record how a call ended; ``live`` are the calls that came in, as the telephone told of them."""
        ...

    def edit(self, lead_id: LeadId, fields: Mapping[str, Value]) -> Written:
        """Change fields of the lead or its company."""
        ...

    def slots(self, lead_id: LeadId) -> Slots:
        """Return when the people of FS are free for a meeting with the lead."""
        ...

    def save_draft(self, lead_id: LeadId, text: str) -> datetime:
        """Keep the memo as typed; return when it was kept."""
        ...

    def begin_dial(self, lead_id: LeadId, number: str, call: str) -> Written:
        """Hold the lead for this desk, if it may be dialled; keep the call until it has its outcome."""
        ...

    def note_call(self, kept: OpenCall) -> None:
        """Keep how far a call has come."""
        ...

    def take_call(self, lead_id: LeadId, coming: PhoneCall, call: str, instead: str) -> OpenCall:
        """Put a call that came in to a lead, until it has its outcome; ``instead`` is how it was held until now."""
        ...

    def miss_call(self, kept: OpenCall) -> Written:
        """Write that a lead called and nobody took it."""
        ...

    def let_go(self, call: str) -> None:
        """Do not ask for the outcome of a call any more."""
        ...

    def unfinished(self) -> OpenCall | None:
        """Return the call that never got its outcome."""
        ...

    def submit(self, lead_id: LeadId, fs_id: MemberId | None) -> Written:
        """Hand the lead over to Field Sales."""
        ...

    def withdraw(self, lead_id: LeadId) -> Written:
        """Take an own handoff back."""
        ...

    def memo_text(self, lead_id: LeadId) -> str:
        """Return the handoff memo as FS gets it."""
        ...

    def memo_html(self, lead_id: LeadId) -> str:
        """Return the handoff memo for paper."""
        ...

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        ...

    def name_of(self, member_id: str) -> str:
        """Return a person's name, empty for somebody unknown."""
        ...


class DeskSource:
    """The open profile."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self.view: View | None = None
        """The saved view that is worked as the queue; None: today's queue."""

    def scene(self, lead_id: LeadId, given: RecordInput | None = None, script: str = "") -> Scene:
        """Return a lead with everything that is shown of it; ``given`` is what is known of the call already, ``script``
        the one in which one is already.

        Raises NotFound.
        """
        from isdesk.services import calls, handoffs, leads, queue, scripts

        ctx = self._ctx
        return Scene(
            view=leads.view(ctx, lead_id),
            rules=ctx.rules,
            calendar=ctx.calendar,
            now=ctx.now(),
            me=ctx.me,
            previews=calls.previews(ctx, lead_id, given),
            script=scripts.rendered(ctx, lead_id, begun=script),
            handoff=handoffs.view(ctx, lead_id, with_memo=False),
            window=queue.window(ctx),
            members=ctx.members,
            lang=ctx.lang,
        )

    def next_lead(self, exclude: Iterable[LeadId]) -> LeadId | None:
        """Return the lead that the queue offers."""
        from isdesk.services import queue, view_queue

        view = self.view
        return queue.next_lead(self._ctx, exclude) if view is None else view_queue.next_lead(self._ctx, view, exclude)

    def previews(self, lead_id: LeadId, channel: Channel) -> dict[str, Preview]:
        """Return what each outcome of a channel would do now. Raises NotFound."""
        from isdesk.services import calls

        return calls.previews(self._ctx, lead_id, RecordInput(channel=channel))

    def record(self, lead_id: LeadId, code: str, given: RecordInput, live: Sequence[PhoneCall] = ()) -> Recorded:
        """Record how a call ended; ``live`` are the calls that came in, as the telephone told of them."""
        from isdesk.services import calls, phoning

        recorded = calls.record(self._ctx, lead_id, code, phoning.by_hand(self._ctx, lead_id, given, live))
        return recorded if self.view is None else replace(recorded, next_lead=self.next_lead([lead_id]))

    def edit(self, lead_id: LeadId, fields: Mapping[str, Value]) -> Written:
        """Change fields of the lead or its company."""
        from isdesk.services import leads

        return leads.edit(self._ctx, lead_id, fields)

    def slots(self, lead_id: LeadId) -> Slots:
        """Return when the people of FS are free for a meeting with the lead."""
        from isdesk.services import booking

        return booking.slots(self._ctx, lead_id)

    def save_draft(self, lead_id: LeadId, text: str) -> datetime:
        """Keep the memo as typed; return when it was kept."""
        from isdesk.services import leads

        return leads.save_draft(self._ctx, lead_id, text)

    def begin_dial(self, lead_id: LeadId, number: str, call: str) -> Written:
        """Hold the lead for this desk, if it may be dialled; keep the call until it has its outcome."""
        from isdesk.services import calls

        return calls.begin_dial(self._ctx, lead_id, number, call)

    def note_call(self, kept: OpenCall) -> None:
        """Keep how far a call has come."""
        from isdesk.services import phoning

        phoning.note(self._ctx, kept)

    def take_call(self, lead_id: LeadId, coming: PhoneCall, call: str, instead: str) -> OpenCall:
        """Put a call that came in to a lead, until it has its outcome; ``instead`` is how it was held until now."""
        from isdesk.services import phoning

        began = self._ctx.now() - timedelta(seconds=max(0.0, self._ctx.clock.monotonic() - coming.began))
        return phoning.take(self._ctx, lead_id, coming.number, call, instead, began)

    def miss_call(self, kept: OpenCall) -> Written:
        """Write that a lead called and nobody took it."""
        from isdesk.services import phoning

        return phoning.missed(self._ctx, kept.lead_id, kept.number, kept.id, kept.ring_s, kept.at)

    def let_go(self, call: str) -> None:
        """Do not ask for the outcome of a call any more."""
        from isdesk.services import phoning

        phoning.leave(self._ctx, call)

    def unfinished(self) -> OpenCall | None:
        """Return the call that never got its outcome."""
        from isdesk.services import phoning

        return phoning.unfinished(self._ctx)

    def submit(self, lead_id: LeadId, fs_id: MemberId | None) -> Written:
        """Hand the lead over to Field Sales."""
        from isdesk.services import handoffs

        return handoffs.submit(self._ctx, lead_id, fs_id)

    def withdraw(self, lead_id: LeadId) -> Written:
        """Take an own handoff back."""
        from isdesk.services import handoffs

        return handoffs.withdraw(self._ctx, lead_id)

    def memo_text(self, lead_id: LeadId) -> str:
        """Return the handoff memo as FS gets it."""
        from isdesk.services import handoffs

        return handoffs.memo(self._ctx, lead_id)

    def memo_html(self, lead_id: LeadId) -> str:
        """Return the handoff memo for paper."""
        from isdesk.services import handoffs

        return handoffs.memo(self._ctx, lead_id, "html")

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return self._ctx.now()

    def name_of(self, member_id: str) -> str:
        """Return a person's name, empty for somebody unknown."""
        return self._ctx.name_of(member_id)
