"""Calls that come in: who it is, quietly above the page, and one key that takes the call and opens the lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from isdesk.domain.changes import Changes
from isdesk.domain.phone import Phase, PhoneCall
from isdesk.domain.phone import ring_s as rang_for
from isdesk.services import open_calls, phoning
from isdesk.services.open_calls import LooseCall, OpenCall
from isdesk.services.phone_account import ASTERISK
from isdesk.services.phoning import After, Caller
from ui.notices import Notice
from ui.views.telephone.unknown import Live, UnknownCalls, as_loose, waiting_ids

if TYPE_CHECKING:
    from ui.session import Session
    from ui.telephone import DeskPhone
    from ui.views.call.controller import CallController
    from ui.views.call.page import CallPage
    from ui.views.main_window import MainWindow
    from ui.widgets import NoticeBar

RINGS = frozenset({Phase.DIALLING, Phase.RINGING})
MOST = 4
"""So many calls that came in are shown at most."""


@dataclass(slots=True)
class _Coming:
    call: PhoneCall
    at: datetime
    found: list[Caller] | None = None
    bar: NoticeBar | None = None
    taken: bool = False
    """It stands with a lead at work: the call page shows it now."""
    kept: bool = False
    """It is kept in the database from now on, or is just being written there."""
    held: bool = False
    """It waits there for its outcome or its lead."""
    after: After | None = None
    """What a call that nobody took led to, once it is written."""
    shown: tuple[object, ...] = field(default_factory=tuple)


def _urgent(one: _Coming) -> tuple[int, float]:
    """Return what F9 looks at first: who rings, then who talks, a talk of a lead that waits, and what else came."""
    call = one.call
    if call.phase is not Phase.OVER:
        return (3 if call.phase in RINGS else 2), call.began
    return (1 if call.answered is not None and one.found else 0), call.began


class IncomingCalls(QObject):
    """Never takes the keyboard: what is being typed goes on, F9 is the one key."""

    def __init__(self, window: MainWindow, session: Session, phone: DeskPhone) -> None:
        super().__init__(window)
        self._window, self._session, self._phone = window, session, phone
        self._calls: dict[str, _Coming] = {}
        self.unknown = UnknownCalls(window, session, self._loose, self._controller)
        self.unknown.took.connect(self._took)
        phone.told.connect(self._hear)
        phone.opened.connect(self._reopened)
        phone.taken_up.connect(self._taken_up)
        session.hub.changed.connect(self._look_again)
        session.commands.bind("app.incoming", self.answer)

    @property
    def waiting(self) -> list[str]:
        """Return what is said of the calls that came in and were not opened yet, oldest first."""
        return [self._words(one)[0] for one in self._calls.values() if not one.taken]

    @property
    def talking(self) -> bool:
        """Return whether somebody who called is talked with by now, though nobody opened the call."""
        calls = (one.call for one in self._calls.values() if not one.taken)
        on = (call for call in calls if call.answered is not None and call.phase is not Phase.OVER)
        return any(not call.elsewhere and not call.blind for call in on)

    # ------------------------------------------------------------------ what is told

    def _hear(self, call: PhoneCall) -> None:
        if not call.incoming:
            return
        known = self._calls.get(call.id)
        if known is None:
            if call.phase is Phase.OVER:
                return
            self._calls[call.id] = known = _Coming(call, self._session.now())
            self._forget_oldest()
            self._look_up(known)
            return
        known.call = call
        if call.elsewhere:
            self._drop(call.id)
        elif known.taken:
            if call.phase is Phase.OVER:
                self._drop(call.id)
        elif known.found is not None:
            self._news(known)

    def _look_up(self, coming: _Coming) -> None:
        ctx, number = self._session.ctx, coming.call.number

        def then(found: list[Caller]) -> None:
            coming.found = found
            if not coming.taken and not coming.call.elsewhere:
                self._news(coming)

        self._session.tasks.read(lambda: phoning.callers(ctx, number), then, owner=self)

    def _news(self, coming: _Coming) -> None:
        call = coming.call
        who = phoning.certain(coming.found or [])
        if call.phase not in {Phase.TALKING, Phase.OVER}:
            pass
        elif who is None:
            coming.kept = True
            self.unknown.keep(self._as_loose(coming), lambda: setattr(coming, "held", True), first=not coming.held)
        elif call.answered is None:
            self._missed(coming, who)
        else:
            self._hold(coming, who)
        self._show(coming)

    def _missed(self, coming: _Coming, who: Caller) -> None:
        """Write the call of a lead that nobody took."""
        ctx, call, now, at = self._session.ctx, coming.call, self._phone.now(), coming.at
        key, number, seconds = self._key(call), call.number, rang_for(call, now)

        def op() -> tuple[Changes, After]:
            made = phoning.missed(ctx, who.lead_id, number, key, seconds, at)
            return made.changes, phoning.after(ctx, who.lead_id)

        def then(made: tuple[Changes, After]) -> None:
            self._session.hub.changed.emit(made[0])
            coming.after = made[1]
            if call.id in self._calls:
                self._show(coming)

        self._session.tasks.write(op, then, self._session.notices.error, owner=self)

    def _hold(self, coming: _Coming, who: Caller) -> None:
        """Keep a talk that nobody has opened yet: it waits for its outcome, also after a restart."""
        ctx, call = self._session.ctx, coming.call
        number, at = phoning.number_of(call.number) or "", coming.at
        kept = open_calls.as_told(
            OpenCall(self._key(call), who.lead_id, number, at, incoming=True), call, self._phone.now()
        )
        first, coming.kept = not coming.kept, True

        def then(waits: bool) -> None:
            coming.held = waits
            if not waits:
                self._taken_up(kept.id)

        self._session.tasks.write(
            lambda: phoning.hold(ctx, kept, first=first), then, self._session.notices.error, owner=self
        )

    def _look_again(self) -> None:
        """Something was written: talks that have their outcome by now are asked for no more."""
        ctx = self._session.ctx
        asked = [self._key(one.call) for one in self._calls.values() if one.held and not one.taken]

        def then(waiting: set[str]) -> None:
            for key in asked:
                if key not in waiting:
                    self._taken_up(key)

        if asked:
            self._session.tasks.read(lambda: waiting_ids(ctx), then, owner=self, key="held")

    def _taken_up(self, key: str) -> None:
        """A call is at work, or has its outcome; one that is on stays known, so that its end is no news here."""
        for call_id, one in list(self._calls.items()):
            if self._key(one.call) == key and one.call.phase is Phase.OVER:
                self._drop(call_id)
            elif self._key(one.call) == key:
                one.taken = True
                self._hide(one)

    def _as_loose(self, coming: _Coming) -> LooseCall:
        return as_loose(coming.call, self._key(coming.call), coming.at, self._phone.now())

    def _loose(self) -> Live:
        """Return the calls here that have no lead."""
        every = [one for one in self._calls.values() if one.found is not None and not one.taken]
        mine = [one for one in every if phoning.certain(one.found or []) is None]
        return {self._key(one.call): (self._as_loose(one), one.call) for one in mine}

    def _took(self, key: str) -> None:
        """A call of nobody has its lead; one that is on stays known, so that its end is no news here."""
        for call_id, one in list(self._calls.items()):
            if self._key(one.call) != key:
                continue
            if one.call.phase is Phase.OVER:
                self._drop(call_id)
                continue
            rings = one.call.phase in {Phase.DIALLING, Phase.RINGING}
            one.taken = True
            self._hide(one)
            if rings:
                self._phone.accept(one.call.id)

    def _controller(self) -> CallController | None:
        page = self._page()
        return page.controller if page is not None else None

    def _key(self, call: PhoneCall) -> str:
        return phoning.key_of(self._session.ctx, call)

    def _closed(self, call_id: str) -> None:
        """The banner was put away: while the call is on that is only not looked at, then there is nothing to record."""
        coming = self._calls.get(call_id)
        if coming is None:
            return
        coming.bar = None
        if coming.call.phase is not Phase.OVER:
            return
        del self._calls[call_id]
        waited = coming.call.answered is not None or phoning.certain(coming.found or []) is None
        self.unknown.put_away(self._key(coming.call), (lambda: self._back(coming)) if waited else None)

    def _back(self, coming: _Coming) -> None:
        """A call that was put away waits again, as if its banner had not been closed."""
        coming.kept, coming.held, coming.shown = False, False, ()
        self._calls.setdefault(coming.call.id, coming)
        self._news(coming)

    def _reopened(self) -> None:
        """The telephone is another one: whether somebody still rings at the one before is never heard."""
        for key, one in list(self._calls.items()):
            if one.call.blind and one.call.answered is None and one.call.phase is not Phase.OVER:
                self._drop(key)

    # ------------------------------------------------------------------ what is shown

    def _show(self, coming: _Coming, *, again: bool = False) -> None:
        text, more, action = self._words(coming)
        if coming.shown == (text, more, action) and not again:
            return
        coming.shown = (text, more, action)
        if coming.bar is not None:
            self._window.drop_notice(coming.bar)
        call_id = coming.call.id
        tone = "warn" if coming.call.phase is Phase.OVER else "promise"
        coming.bar = self._window.show_notice(
            Notice(text, more, tone=tone, action=action, act=lambda: self._open(call_id), stays=True)
        )
        coming.bar.closed.connect(lambda: self._closed(call_id))

    def _words(self, coming: _Coming) -> tuple[str, str, str]:
        """Return the line, what more there is to say, and what F9 does."""
        call, found = coming.call, coming.found or []
        number = phoning.shown_number(call.number) or self.tr("番号非通知")
        who = found[0] if found else None
        name = " ・ ".join(p for p in (who.name, who.company, number) if p) if who else ""
        if who is None and phoning.number_of(call.number) is None and not phoning.shown_number(call.number):
            name = self.tr("番号非通知の相手")
        elif who is None:
            name = self.tr("登録のない番号 {number}").format(number=number)
        certain = phoning.certain(found) is not None
        return self._line(call).format(who=name), self._more(coming), self._action(call, who, certain=certain)

    def _line(self, call: PhoneCall) -> str:
        if call.phase is Phase.TALKING:
            return self.tr("受電中: {who}")
        if call.phase is Phase.OVER:
            return self.tr("不在着信: {who}") if call.answered is None else self.tr("受電終了: {who}")
        return self.tr("着信: {who}")

    def _more(self, coming: _Coming) -> str:
        found, parts = coming.found or [], []
        over = coming.call.phase is Phase.OVER
        missed = over and coming.call.answered is None
        if found and found[0].returns and not missed:
            parts.append(self.tr("折り返し"))
        if len(found) > 1:
            others = self.tr("、").join(one.name for one in found[1:3])
            parts.append(self.tr("同じ番号: {names}").format(names=others))
        who = phoning.certain(found)
        if missed and who is not None:
            parts += [self._led_to(coming.after)] if coming.after is not None else []
        elif over and who is not None:
            parts.append(self.tr("開いて架電結果を記録してください。"))
        elif over:
            parts.append(self.tr("リードに付けると記録に残ります。"))
        elif who is None and not found and coming.call.phase in RINGS and self._at_the_handset:
            parts.append(self.tr("電話機で受けてください。"))
        return " ・ ".join(parts)

    def _led_to(self, after: After) -> str:
        said = {
            After.PROMISED: self.tr("約束した再コールの時刻はそのままです。"),
            After.BARRED: self.tr("架電禁止のため、こちらからはかけ直しません。"),
            After.CALLED_BACK: self.tr("こちらからかけ直す再コールとしてキューに上げました。"),
        }
        return said.get(after, self.tr("不在着信として記録しました。次回アクションはそのままです。"))

    @property
    def _at_the_handset(self) -> bool:
        """Return whether calls can be taken at the telephone alone."""
        return self._phone.account.kind == ASTERISK

    def _action(self, call: PhoneCall, who: Caller | None, *, certain: bool) -> str:
        taking, attach = call.phase in RINGS, self.tr("リードに付ける F9")
        if who is not None and not taking and not certain:
            return attach
        if who is not None and self._at_the_handset:
            return self.tr("リードを開く F9")
        if who is not None:
            return self.tr("受けて開く F9") if taking else self.tr("リードを開く F9")
        if taking:
            return "" if self._at_the_handset else self.tr("受ける F9")
        return attach

    # ------------------------------------------------------------------ the key

    def answer(self) -> None:
        """Take the newest call that rings, and open its lead; where none does, what waits."""
        waiting = [one for one in self._calls.values() if not one.taken]
        if not waiting:
            self._session.notices.say(self.tr("着信はありません。"))
            return
        self._open(max(waiting, key=_urgent).call.id)

    def _open(self, call_id: str) -> None:
        coming = self._calls.get(call_id)
        if coming is None or coming.found is None:
            return
        call, rings = coming.call, coming.call.phase in RINGS
        page, over = self._page(), coming.call.phase is Phase.OVER
        missed = over and call.answered is None
        certain = phoning.certain(coming.found) is not None
        if (rings or (missed and certain)) and page is not None and page.controller.engaged:
            page.controller.say_engaged()
            self._show(coming, again=True)
            return
        if not coming.found or not (rings or certain):
            self._without_lead(coming, rings=rings)
            self._show(coming, again=True)
            return
        lead_id = coming.found[0].lead_id
        if missed:
            self._window.show_lead(lead_id)
            self._drop(call_id)
            return
        self._window.open_page("call")
        page = self._page()
        if page is None or not page.controller.take_call(lead_id, call, self._key(call) if coming.kept else ""):
            self._show(coming, again=True)
            return
        coming.taken = True
        self._hide(coming)
        if rings:
            self._phone.accept(call.id)

    def _without_lead(self, coming: _Coming, *, rings: bool) -> None:
        """Take a call of nobody, or put it to a lead where it is taken already."""
        if not rings:
            self.unknown.open(self._key(coming.call))
        elif self._at_the_handset:
            self._session.notices.say(self.tr("電話機で受けてください。"))
        else:
            self._phone.accept(coming.call.id)

    def _page(self) -> CallPage | None:
        from ui.views.call.page import CallPage

        page = self._window.page("call")
        return page if isinstance(page, CallPage) else None

    def _hide(self, coming: _Coming) -> None:
        if coming.bar is not None:
            self._window.drop_notice(coming.bar)
            coming.bar = None

    def _drop(self, call_id: str) -> None:
        gone = self._calls.pop(call_id, None)
        if gone is not None:
            self._hide(gone)

    def _forget_oldest(self) -> None:
        """Make room; a talk of a lead stays until somebody records it or puts it away."""
        calls = self._calls.items()
        over = [
            k for k, one in calls if one.call.phase is Phase.OVER and not (one.call.answered is not None and one.found)
        ]
        gone = over[: max(0, len(self._calls) - MOST)]
        for key in gone:
            self._drop(key)
        if gone:
            self.unknown.look()
