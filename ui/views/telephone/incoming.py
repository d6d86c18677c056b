"""Calls that come in: who it is, quietly above the page, and one key that takes the call and opens the lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from isdesk.domain.changes import Changes
from isdesk.domain.phone import Phase, PhoneCall, talk_s
from isdesk.domain.phone import ring_s as rang_for
from isdesk.services import open_calls, phoning
from isdesk.services.open_calls import LooseCall, OpenCall
from isdesk.services.phoning import Caller
from ui.notices import Notice
from ui.views.telephone.unknown import Live, UnknownCalls

if TYPE_CHECKING:
    from ui.session import Session
    from ui.telephone import DeskPhone
    from ui.views.call.controller import CallController
    from ui.views.call.page import CallPage
    from ui.views.main_window import MainWindow
    from ui.widgets import NoticeBar

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
    shown: tuple[object, ...] = field(default_factory=tuple)


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
        session.commands.bind("app.incoming", self.answer)

    @property
    def waiting(self) -> list[str]:
        """Return what is said of the calls that came in and were not opened yet, oldest first."""
        return [self._words(one)[0] for one in self._calls.values() if not one.taken]

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
        if not coming.found:
            if call.phase in {Phase.TALKING, Phase.OVER}:
                self.unknown.keep(self._unknown(coming))
        elif call.phase is Phase.OVER and call.answered is None:
            self._missed(coming)
        elif call.phase is Phase.OVER:
            self._hold(coming)
        self._show(coming)

    def _missed(self, coming: _Coming) -> None:
        """Write the call of a lead that nobody took; who it was must be beyond doubt."""
        who = phoning.certain(coming.found or [])
        if who is None:
            return
        ctx, call, now = self._session.ctx, coming.call, self._phone.now()
        key, number, seconds = self._key(call), call.number, rang_for(call, now)

        def op() -> Changes:
            return phoning.missed(ctx, who.lead_id, number, key, seconds).changes

        self._session.tasks.write(op, None, self._session.notices.error, owner=self)

    def _hold(self, coming: _Coming) -> None:
        """Keep a talk that nobody has opened yet: it waits for its outcome, also after a restart."""
        who = phoning.certain(coming.found or [])
        if who is None:
            return
        ctx, call = self._session.ctx, coming.call
        number, at = phoning.number_of(call.number) or "", coming.at
        kept = open_calls.as_told(
            OpenCall(self._key(call), who.lead_id, number, at, incoming=True), call, self._phone.now()
        )
        self._session.tasks.write(lambda: phoning.hold(ctx, kept), None, self._session.notices.error, owner=self)

    def _unknown(self, coming: _Coming) -> LooseCall:
        """Return a call from nobody we know as it is kept."""
        call, now = coming.call, self._phone.now()
        over = call.phase is Phase.OVER
        answered, rang = call.answered is not None, rang_for(call, now)
        talked = talk_s(call, now) if over else None
        told = call.number if phoning.shown_number(call.number) else ""
        return LooseCall(self._key(call), told, coming.at, answered, rang, talked, over)

    def _loose(self) -> Live:
        """Return the calls here that have no lead."""
        mine = [one for one in self._calls.values() if one.found == [] and not one.taken]
        return {self._key(one.call): (self._unknown(one), one.call) for one in mine}

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
        return f"{self._session.ctx.device_id} {call.id} {call.began}"

    def _closed(self, call_id: str) -> None:
        """The banner was put away: there is nothing to record."""
        gone = self._calls.pop(call_id, None)
        if gone is not None:
            ctx, key = self._session.ctx, self._key(gone.call)
            self._session.tasks.write(lambda: phoning.let_go(ctx, key), None, self._session.notices.error, owner=self)

    def _reopened(self) -> None:
        """The telephone is another one: whether somebody still rings at the one before is never heard."""
        for key, one in list(self._calls.items()):
            if one.call.blind and one.call.answered is None and one.call.phase is not Phase.OVER:
                self._drop(key)

    # ------------------------------------------------------------------ what is shown

    def _show(self, coming: _Coming) -> None:
        text, more, action = self._words(coming)
        if coming.shown == (text, more, action):
            return
        coming.shown = (text, more, action)
        if coming.bar is not None:
            self._window.drop_notice(coming.bar)
        call_id = coming.call.id
        tone = "warn" if coming.call.phase is Phase.OVER else "promise"
        coming.bar = self._window.show_notice(
            Notice(text, more, tone=tone, action=action, act=lambda: self._open(call_id))
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
        return self._line(call).format(who=name), self._more(coming), self._action(call, who)

    def _line(self, call: PhoneCall) -> str:
        if call.phase is Phase.TALKING:
            return self.tr("受電中: {who}")
        if call.phase is Phase.OVER:
            return self.tr("不在着信: {who}") if call.answered is None else self.tr("受電終了: {who}")
        return self.tr("着信: {who}")

    def _more(self, coming: _Coming) -> str:
        found, parts = coming.found or [], []
        missed = coming.call.phase is Phase.OVER and coming.call.answered is None
        if found and found[0].returns and not missed:
            parts.append(self.tr("折り返し"))
        if len(found) > 1:
            others = self.tr("、").join(one.name for one in found[1:3])
            parts.append(self.tr("同じ番号: {names}").format(names=others))
        who = phoning.certain(found)
        if missed and who is not None and who.promised:
            parts.append(self.tr("約束した再コールの時刻はそのままです。"))
        elif missed and who is not None:
            parts.append(self.tr("こちらからかけ直す再コールとしてキューに上げました。"))
        elif coming.call.phase is Phase.OVER and not missed and found:
            parts.append(self.tr("開いて架電結果を記録してください。"))
        elif coming.call.phase is Phase.OVER and not found:
            parts.append(self.tr("リードに付けると記録に残ります。"))
        return " ・ ".join(parts)

    def _action(self, call: PhoneCall, who: Caller | None) -> str:
        taking = call.phase in {Phase.DIALLING, Phase.RINGING}
        if who is not None:
            return self.tr("受けて開く F9") if taking else self.tr("リードを開く F9")
        return self.tr("受ける F9") if taking else self.tr("リードに付ける F9")

    # ------------------------------------------------------------------ the key

    def answer(self) -> None:
        """Take the newest call that came in, and open its lead."""
        waiting = [key for key, one in self._calls.items() if not one.taken]
        if not waiting:
            self._session.notices.say(self.tr("着信はありません。"))
            return
        self._open(waiting[-1])

    def _open(self, call_id: str) -> None:
        coming = self._calls.get(call_id)
        if coming is None or coming.found is None:
            return
        call, rings = coming.call, coming.call.phase in {Phase.DIALLING, Phase.RINGING}
        page = self._page()
        if rings and page is not None and page.controller.engaged:
            self._session.notices.say(self.tr("通話中です。架電結果を選ぶと次へ進めます。"))
            coming.shown = ()
            self._show(coming)
            return
        if not coming.found:
            if rings:
                self._phone.accept(call.id)
            else:
                self.unknown.open(self._key(call))
            coming.shown = ()
            self._show(coming)
            return
        lead_id = coming.found[0].lead_id
        if call.phase is Phase.OVER and call.answered is None:
            self._window.show_lead(lead_id)
            self._drop(call_id)
            return
        self._window.open_page("call")
        page = self._page()
        if page is None or not page.controller.take_call(lead_id, call, self._key(call)):
            coming.shown = ()
            self._show(coming)
            return
        coming.taken = True
        self._hide(coming)
        if rings:
            self._phone.accept(call.id)

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
        for key in over[: max(0, len(self._calls) - MOST)]:
            self._drop(key)
