"""The call at work as the telephone tells it: shown, kept as it goes on, and its outcome proposed when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from isdesk import messages
from isdesk.channels.telephony import DIALLED, Dialler, DialNumber
from isdesk.domain import phone
from isdesk.domain.ids import LeadId
from isdesk.domain.phone import End, Phase, PhoneCall
from isdesk.domain.touch import Reached
from isdesk.services import calls, open_calls, phoning
from isdesk.services.calls import RecordInput
from isdesk.services.open_calls import OpenCall
from ui.notices import Notice, Notices
from ui.tasks import Tasks
from ui.views.call.call_timer import CallTimer
from ui.views.call.keeper import Keeper
from ui.views.call.source import CallSource
from ui.views.call.workspace import CallWorkspace

T = TypeVar("T")
MOST_COMING = 8
"""So many calls that came in and are over are remembered."""


class OnCall(QObject):
    """Holds the call whose outcome is still to be given; without a telephone that tells, only that there is one.

    ``missed(OpenCall)``: they rang off before anybody took it.
    """

    missed = Signal(object)
    caught_up = Signal()
    """A call of before has its outcome: there may be another one."""
    taken_up = Signal(str)
    """A call that came in is at work now, by the id under which it was kept until then."""

    def __init__(
        self,
        source: CallSource,
        tasks: Tasks,
        notices: Notices,
        work: CallWorkspace,
        timer: CallTimer,
        dialler: Dialler,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source, self._tasks, self._notices = source, tasks, notices
        self._work, self._timer, self._dialler = work, timer, dialler
        self.now: Callable[[], float] = float
        """The telephone's clock."""
        self.key: Callable[[PhoneCall], str] = lambda call: call.id
        """Under which id a call that came in is kept."""
        self.kept: OpenCall | None = None
        self.call: PhoneCall | None = None
        self._past: set[str] = set()
        self._coming: dict[str, PhoneCall] = {}
        self._awaited = self._ending = self._resumed = self._owes = False
        self._begins: LeadId | None = None
        self._left = ""
        timer.ticked.connect(self._tick)
        timer.stopped.connect(self._stopped)

    # ------------------------------------------------------------------ how it stands

    @property
    def begins(self) -> bool:
        """Return whether a call is being begun: it is written first, then dialled or taken."""
        return self._begins is not None

    @property
    def lead_id(self) -> LeadId | None:
        """Return whom the call is with, also the one that is being begun; None where there is none."""
        return self._begins or (self.kept.lead_id if self.kept is not None else None)

    def with_lead(self, lead_id: LeadId) -> bool:
        """Return whether the call that is on is with a lead: its outcome is that lead's and nobody else's."""
        return self._begins is None and (self.kept is None or self.kept.lead_id == lead_id)

    @property
    def talking(self) -> bool:
        """Return whether somebody is on the line now, as far as the telephone tells."""
        return self.call is not None and self.call.phase is Phase.TALKING and not self.call.blind

    @property
    def _on_line(self) -> bool:
        """Return whether the call at work is at the telephone still: only then there is something of its to end."""
        return self._awaited or (self.call is not None and self.call.phase is not Phase.OVER)

    @property
    def talked(self) -> bool:
        """Return whether somebody answered, as far as the telephone told."""
        return self.kept is not None and self.kept.answered

    @property
    def ringing_in(self) -> bool:
        """Return whether the call at work came in and rings."""
        return self.kept is not None and self.kept.incoming and not self.kept.answered

    @property
    def was_no_cancel(self) -> bool:
        """Return whether the telephone told that it was a call: it cannot be taken back any more."""
        end = self.kept.end if self.kept is not None else None
        return self.talked or end in {End.NO_ANSWER, End.BUSY, End.FAILED}

    def basis(self, lead_id: LeadId, reached: Reached | None) -> RecordInput:
        """Return what is known of the call with a lead before its outcome: what each key would do depends on it."""
        said = RecordInput(reached=reached)
        if self.kept is None or self.kept.lead_id != lead_id:
            return said
        unknown = None if self._resumed else self._timer.seconds
        return calls.with_call(replace(said, talk_s=unknown), self._as_of_now(self.kept))

    def given(self, said: RecordInput) -> RecordInput:
        """Return what the rep gave with what the telephone knows of the call."""
        if self.kept is None:
            return said
        self.kept = kept = self._as_of_now(self.kept)
        given = calls.with_call(said, kept)
        return replace(given, ring_s=kept.ring_s, talk_s=kept.talk_s) if self._resumed else given

    def _as_of_now(self, kept: OpenCall) -> OpenCall:
        return kept if self.call is None else open_calls.as_told(kept, self.call, self.now())

    @property
    def coming(self) -> list[PhoneCall]:
        """Return the calls that came in, as the telephone told of them last."""
        return list(self._coming.values())

    def live(self, key: str) -> PhoneCall | None:
        """Return the call that is kept under an id where it is on still."""
        return next((c for c in self._coming.values() if c.phase is not Phase.OVER and self.key(c) == key), None)

    def talks_beside(self) -> bool:
        """Return whether a talk that came in is on beside the call page, and say so: nobody is dialled into it."""
        found = any(c.phase is Phase.TALKING and not c.blind for c in self._coming.values())
        if found:
            self._notices.say(self.tr("受電中です。F9 で開くか、終わってからかけてください。"))
        return found

    # ------------------------------------------------------------------ begin and end

    def new_id(self) -> str:
        """Return an id for a call that begins."""
        return uuid4().hex

    def begin(self, lead_id: LeadId, op: Callable[[], T], then: Callable[[T], object]) -> None:
        """Write that a call with a lead begins, then go on with it: from now on there is one, and no second."""
        self._begins = lead_id

        def begun(made: T) -> None:
            self._begins = None
            then(made)

        def failed(error: Exception) -> None:
            self._begins = None
            self._notices.error(error)
            self._catch_up(self._owes)

        self._tasks.write(op, begun, failed, owner=self)

    def dial(self, call: str, lead_id: LeadId, number: DialNumber) -> bool:
        """The lead is held and the call kept: dial. Returns False where no telephone takes it."""
        self.kept = OpenCall(call, lead_id, number.digits, self._source.now())
        self.call, self._ending, self._awaited = None, False, self._dialler.tells
        self._timer.start()
        took = self._dialler.dial(number)
        self._awaited = self._awaited and took
        return took

    def take(self, kept: OpenCall, call: PhoneCall) -> None:
        """Put a call that came in to the lead at work; it may have gone on meanwhile."""
        call = self._coming.get(call.id, call)
        self.kept, self._ending = kept, False
        self.call = None
        self._timer.start(self._seconds(call))
        self._hear(call)

    def resume(self, kept: OpenCall) -> None:
        """Go on with a call that never got its outcome: it is over, and what was known of it stands.

        Where its end was never heard nobody knows how long it took: what was known half way is no time of it.
        """
        kept = open_calls.without_half(kept)
        self.kept, self.call, self._ending, self._resumed = kept, None, False, True
        self.taken_up.emit(kept.id)
        self._timer.start(kept.talk_s or kept.ring_s or 0)
        self._timer.hold()
        self._over()

    def hang_up(self) -> None:
        """End the call. What the telephone does not end, or is asked a second time, is over here."""
        if self.begins:
            return
        if not self._timer.running:
            if self._dialler.tells:
                self._dialler.hang_up()
            return
        if self._orphan and self.call is not None:
            self._hear(phone.ended(self.call, self.now()))
            return
        if self.call is None or self._ending or self.call.phase is Phase.OVER:
            self._timer.hold()
            self._work.header.show_over(self._timer.seconds)
        if self._dialler.tells and self._on_line:
            self._ending = True
            self._dialler.hang_up(self.call.id if self.call is not None else DIALLED)

    def finish(self) -> None:
        """The outcome was given: the telephone is put down where it was not yet."""
        on_line = (self.call.id if self.call is not None else DIALLED) if self._on_line else ""
        self.call = self.kept = None
        again = self._resumed or self._owes
        self._awaited = self._resumed = False
        if on_line:
            self._dialler.hang_up(on_line)
        self._work.bar.propose("")
        self._timer.stop()
        self._catch_up(again)

    def _catch_up(self, again: bool) -> None:
        self._owes = False
        if again:
            self.caught_up.emit()

    def put_off(self) -> None:
        """A talk waits for its outcome and nothing in sight says so: it is asked for when the call at work has its."""
        self._owes = True

    def follow(self, keeper: Keeper, moved: Callable[[LeadId], object], left: Callable[[], object]) -> bool:
        """The lead at work is not there any more; return whether that is the call's business.

        Where its lead was merged into another one, the call goes on with that one (``moved``), and so does what was
        typed; where it is gone, the call may be let go (then ``left``).
        """
        mine, source = self.kept, self._source
        if mine is None or not self._timer.running:
            return False

        def let_go() -> None:
            if self.kept is not None and self.kept.id == mine.id:
                self.let_go()
                left()

        def found(kept: OpenCall | None) -> None:
            if self.kept is None or self.kept.id != mine.id:
                return
            if kept is not None and kept.id == mine.id:
                old, new, text = self.kept.lead_id, kept.lead_id, self._work.memo.value()
                self.kept = replace(self.kept, lead_id=new)
                self._work.set_caller(new if self.kept.incoming else "")
                keeper.take_memo(old)
                if text.strip():
                    self._tasks.write(lambda: source.save_draft(new, text), lambda _: moved(new), owner=self)
                else:
                    moved(new)
                return
            text = self.tr("通話中のリードが削除されたため、架電結果を記録できません。")
            more = self.tr("通話が終わったら、記録せずに次へ進めます。")
            self._notices.show(Notice(text, more, action=self.tr("記録せずに次へ"), act=let_go))

        self._tasks.read(source.unfinished, found, self._notices.error, owner=self, key="moved")
        return True

    def let_go(self) -> None:
        """Nothing is to be recorded of the call: it is kept no more, and the telephone is put down."""
        kept, source, self._resumed = self.kept, self._source, False
        if kept is not None:
            self._tasks.write(lambda: source.let_go(kept.id), None, self._notices.error, owner=self)
        self.finish()

    # ------------------------------------------------------------------ what is told

    def hear(self, call: PhoneCall) -> None:
        """A call changed; that of the lead at work is followed."""
        if call.incoming:
            self._coming[call.id] = call
            gone = [key for key, one in self._coming.items() if one.phase is Phase.OVER or one.elsewhere]
            for key in gone[:-MOST_COMING]:
                del self._coming[key]
        if self._awaited and not call.incoming and call.id not in self._past:
            self._awaited = False
            self.call = call
            self._past.add(call.id)
            self._hear(call, first=True)
        elif self.call is not None and call.id == self.call.id:
            self._hear(call)
        else:
            self._past.add(call.id)

    def forget_past(self) -> None:
        """The telephone is another one: its calls are counted anew, and the end of one that is on is never heard."""
        self._past.clear()
        self._coming.clear()
        if self.call is not None and self.call.phase is not Phase.OVER:
            self._left = self.call.id
            self._hear(phone.lost(self.call))

    @property
    def _orphan(self) -> bool:
        """Return whether the call at work is one of a telephone that was let go of."""
        return self.call is not None and self.call.id == self._left

    def _hear(self, call: PhoneCall, *, first: bool = False) -> None:
        before, self.call = self.call, call
        if self.kept is None:
            return
        self.kept = kept = open_calls.as_told(self.kept, call, self.now())
        if call.blind and not (before is not None and before.blind):
            self._warn("telephone_lost")
        phase = None if before is None or first else before.phase
        if call.phase is phase and not call.blind:
            return
        if call.phase is Phase.TALKING and phase is not Phase.TALKING:
            self._timer.start(self._seconds(call))
        if call.elsewhere:
            self.let_go()
            self._notices.say(self.tr("ほかの人がこの電話を受けました。"))
            return
        if call.phase is Phase.OVER and kept.incoming and not kept.answered:
            self.finish()
            self.missed.emit(kept)
            return
        if call.phase is Phase.OVER:
            self._timer.hold()
            self._over()
            if call.unsure:
                self._warn("telephone_unsure")
        else:
            self._tick(self._timer.seconds)
        source = self._source
        self._tasks.write(lambda: source.note_call(kept), None, self._notices.error, owner=self)

    def _seconds(self, call: PhoneCall) -> int:
        return max(0, int(self.now() - (call.answered if call.answered is not None else call.began)))

    def _warn(self, code: str) -> None:
        said = messages.sentence(code, {}, self._notices.lang)
        self._notices.show(Notice(said.what, f"{said.kept} {said.do}", tone="warn"))

    def _tick(self, seconds: int) -> None:
        call = self.call
        waits = Phase.DIALLING if self._awaited else None
        phase = call.phase if call is not None else waits
        blind, incoming = call is not None and call.blind, call is not None and call.incoming
        self._work.header.show_call(seconds, phase, blind=blind, incoming=incoming)
        self._work.set_caller(self.kept.lead_id if self.kept is not None and self.kept.incoming else "")

    def _stopped(self) -> None:
        self._work.header.show_call(None)
        self._work.set_caller("")

    def _over(self) -> None:
        kept, scene = self.kept, self._work.scene
        if kept is None:
            return
        seconds = kept.talk_s if kept.answered else kept.ring_s
        unknown = None if self._resumed else self._timer.seconds
        self._work.header.show_over(unknown if seconds is None else seconds, kept.end)
        if scene is not None and kept.lead_id == scene.id:
            self.propose()

    def propose(self) -> None:
        """Mark the one outcome that fits how the call ended; where several do, the rep says which."""
        kept, scene = self.kept, self._work.scene
        if kept is None or scene is None or kept.lead_id != scene.id:
            return
        fitting = phoning.proposed(kept.end, scene.rules.outcomes, incoming=kept.incoming)
        self._work.bar.propose(fitting[0] if len(fitting) == 1 else "")
