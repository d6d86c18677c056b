"""Calls from nobody we know, in the window: what waits for a lead is said once, and one key puts it to one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from isdesk.domain import phone
from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId
from isdesk.domain.phone import Phase, PhoneCall
from isdesk.services import attaching, phoning
from isdesk.services.attaching import Attached
from isdesk.services.open_calls import LooseCall
from ui.commands import shown_key
from ui.notices import Notice

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from ui.session import Session
    from ui.views.call.controller import CallController
    from ui.views.main_window import MainWindow
    from ui.views.telephone.attach import AttachPanel
    from ui.widgets import NoticeBar

Live = dict[str, tuple[LooseCall, PhoneCall]]


def as_loose(call: PhoneCall, key: str, at: datetime, now: float) -> LooseCall:
    """Return a call from nobody we know as it is kept: under ``key``, begun ``at``, told of until ``now`` (seconds)."""
    over = call.phase is Phase.OVER
    talked = phone.talk_s(call, now) if over else None
    told = call.number if phoning.shown_number(call.number) else ""
    return LooseCall(key, told, at, call.answered is not None, phone.ring_s(call, now), talked, over)


def waiting_ids(ctx: Context) -> set[str]:
    """Return the ids of the calls that wait for their outcome or their lead beside the call at work."""
    return phoning.held_ids(ctx) | {one.id for one in attaching.waiting(ctx)}


class UnknownCalls(QObject):
    """``live`` gives the calls that are on or just over here, by the id under which they are kept.

    ``took(id)``: a call has its lead now, or nothing is to be recorded of it.
    """

    took = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        live: Callable[[], Live],
        controller: Callable[[], CallController | None],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._live, self._controller = window, session, live, controller
        self._bar: NoticeBar | None = None
        self._said = ""
        self._panel: AttachPanel | None = None
        session.commands.bind("app.attach", self.open)
        window.asked_talk.connect(self.open)
        session.hub.changed.connect(self._changed)
        self.look()

    def _changed(self, changes: Changes) -> None:
        if changes.undo:  # what a missed call was written as may be taken back
            self.look()

    def look(self) -> None:
        """Say how many calls of before have no lead, while there are any."""
        ctx = self._session.ctx
        self._session.tasks.read(lambda: attaching.waiting(ctx), self._say_waiting, owner=self, key="unknown-waiting")

    def _say_waiting(self, found: list[LooseCall]) -> None:
        live = self._live()
        before = [one for one in found if one.id not in live]
        text = self.tr("リードに付いていない着信が{n}件あります。").format(n=len(before)) if before else ""
        stands = self._bar is not None and self._bar in self._window.notices()
        if text == self._said and stands == bool(text):
            return
        self._drop_bar()
        if before:
            more = self.tr("通話は架電結果を、不在着信はかけ直しを待っています。")
            notice = Notice(text, more, tone="warn", action=self.tr("リードに付ける Shift+F9"), act=self.open)
            self._bar, self._said = self._window.show_notice(notice), text
            self._bar.closed.connect(self._drop_bar)
            self._bar.acted.connect(self._drop_bar)

    def _drop_bar(self) -> None:
        bar, self._bar, self._said = self._bar, None, ""
        if bar is not None:
            self._window.drop_notice(bar)

    # ------------------------------------------------------------------ the panel

    @property
    def panel(self) -> AttachPanel:
        """Return the panel; it is made when it is first wanted."""
        if self._panel is None:
            from ui.views.telephone.attach import AttachPanel

            self._panel = AttachPanel(self._window, self._session)
            self._panel.chosen.connect(self._chosen)
            self._panel.made.connect(self._made)
            self._panel.gone.connect(self._gone)
            self._panel.left.connect(self.look)
        return self._panel

    def open(self, first: str = "") -> None:
        """Show the calls that have no lead; ``first`` is chosen, else the newest."""
        ctx = self._session.ctx

        def then(kept: list[LooseCall]) -> None:
            live = self._live()
            calls = [one for one in kept if one.id not in live] + [one for one, _ in live.values()]
            if not calls:
                self._session.notices.say(self.tr("リードに付いていない着信はありません。"))
                return
            self.panel.open(sorted(calls, key=lambda one: one.at), first)

        self._session.tasks.read(lambda: attaching.waiting(ctx), then, owner=self, key="unknown")

    def keep(self, call: LooseCall, then: Callable[[], object], *, first: bool) -> None:
        """Keep how far a call has come, and go on when that is written; told again, only while it waits still."""
        ctx = self._session.ctx

        def op() -> None:
            if first or any(one.id == call.id for one in attaching.waiting(ctx)):
                attaching.keep(ctx, call)

        self._session.tasks.write(op, lambda _: then(), self._session.notices.error, owner=self)

    def put_away(self, key: str, back: Callable[[], object] | None) -> None:
        """Record nothing of a call; with ``back`` it can be had back for a moment."""
        ctx = self._session.ctx
        self._session.tasks.write(lambda: phoning.let_go(ctx, key), None, self._session.notices.error, owner=self)
        if back is not None:
            text = self.tr("この着信は記録しません。")
            action = self.tr("元に戻す  {key}").format(key=shown_key("Ctrl+F10"))
            subject = f"call {key}"
            notice = Notice(text, tone="plain", action=action, act=back, subject=subject, passes=True)
            self._session.notices.show(notice)

    def _gone(self, call: LooseCall) -> None:
        ctx = self._session.ctx

        def then(_: None) -> None:
            self._done(call.id)
            self._session.hub.changed.emit(Changes(queue=True))  # an open end less of the day

        self._session.tasks.write(lambda: phoning.let_go(ctx, call.id), then, self._session.notices.error, owner=self)

    def _chosen(self, call: LooseCall, lead: str, add: bool) -> None:
        ctx, lead_id = self._session.ctx, LeadId(lead)

        def numbered() -> Changes:
            return attaching.add_number(ctx, lead_id, call.told).changes if add else Changes()

        if self._on(call):
            if self._take(call.id, lead_id) and add:
                self._session.tasks.write(numbered, None, self._session.notices.error, owner=self)
            return

        def op() -> tuple[LeadId, Attached, Changes]:
            changes = numbered()  # first, so that undo takes the call back before the number
            return lead_id, attaching.attach(ctx, call.id, lead_id), changes

        self._put(call, op)

    def _made(self, call: LooseCall, name: str, company: str) -> None:
        ctx = self._session.ctx

        def new() -> tuple[LeadId, Changes]:
            lead_id, written = attaching.new_lead(ctx, name, company, call.told)
            return lead_id, written.changes

        def op() -> tuple[LeadId, Attached, Changes]:
            lead_id, changes = new()
            return lead_id, attaching.attach(ctx, call.id, lead_id), changes

        if self._on(call):
            if not self._engaged():
                self._session.tasks.write(new, lambda made: self._new(call, *made), self._failed, owner=self)
            return
        self._put(call, op)

    def _new(self, call: LooseCall, lead_id: LeadId, changes: Changes) -> None:
        self._session.hub.changed.emit(changes)
        if self._on(call):
            self._take(call.id, lead_id)
        else:
            self._chosen(call, lead_id, False)

    # ------------------------------------------------------------------ the call

    def _on(self, call: LooseCall) -> bool:
        """Return whether a call is on still."""
        live = self._live().get(call.id)
        return live is not None and not live[0].over

    def _engaged(self) -> bool:
        """Return whether another call is at work: it comes first, and this one stays where it is."""
        controller = self._controller()
        if controller is not None and controller.engaged:
            controller.say_engaged()
            return True
        return False

    def _take(self, key: str, lead_id: LeadId) -> bool:
        """Bring a call that is on to its lead."""
        self._window.open_page("call")
        controller = self._controller()
        if controller is None or not controller.take_call(lead_id, self._live()[key][1], key):
            return False
        self._done(key)
        return True

    def _put(self, call: LooseCall, op: Callable[[], tuple[LeadId, Attached, Changes]]) -> None:
        """Put a call that is over to a lead: a talk asks for its outcome now."""
        if call.answered and self._engaged():
            self.look()
            return

        def then(made: tuple[LeadId, Attached, Changes]) -> None:
            lead_id, attached, changes = made
            self._session.hub.changed.emit(attached.written.changes)
            self._session.hub.changed.emit(changes)
            self._done(call.id)
            self._window.open_page("call")
            controller = self._controller()
            if attached.kept is not None and controller is not None:
                controller.take_up(attached.kept, self.tr("通話の架電結果を選んでください。"))
            elif attached.kept is None:
                self._window.show_lead(lead_id)
                self._session.notices.say(self.tr("不在着信として記録しました。かけ直せます。"))

        self._session.tasks.write(op, then, self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        self._session.notices.error(error)
        self.look()

    def _done(self, key: str) -> None:
        self.took.emit(key)
        self.look()
