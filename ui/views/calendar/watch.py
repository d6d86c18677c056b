"""Keeps meetings and calendars in step while other pages are in front, and tells what has to be told about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from isdesk import messages
from isdesk.domain.changes import Changes
from isdesk.services import invitations, meeting_news
from isdesk.services.carrying import Round
from isdesk.services.invitations import Kept
from isdesk.services.meeting_news import MeetingNews
from ui.notices import Notice
from ui.views.calendar.invite import by_mail
from ui.views.call import phrases

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from ui.notifier import Notifier
    from ui.session import Session

REST = timedelta(minutes=5)
"""A calendar that was read so recently is not read again: a sync comes every other minute."""
_BROKEN_THERE = "calendar_event_wrong"
_MENDABLE = frozenset(
    {
        "calendar_sign_in", "calendar_forbidden", "calendar_missing", "calendar_elsewhere", "calendar_no_etag",
        _BROKEN_THERE,
    }
)  # fmt: skip
"""Problems that somebody has to do something about; being offline is none."""


class MeetingWatch(QObject):
    """``opened(lead id)``: a lead that was told of; ``settings_wanted``: the account needs somebody.

    News go the way of reminders (``notifier``): nothing during a call, many in one sentence, outside where there is a
    tray. Without one they stand above the page.
    """

    opened = Signal(str)
    settings_wanted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None, notifier: Notifier | None = None) -> None:
        super().__init__(parent)
        self._session, self._notifier = session, notifier
        self._told = self._trouble = ""
        self._unmade: set[LeadId] = set()
        session.hub.changed.connect(self._changed)
        session.hub.synced.connect(self.look)
        session.hub.ticked.connect(self._beat)

    def _changed(self, changes: Changes) -> None:
        if changes.meetings:
            self.invite()
            self.carry()
        if changes.queue:
            self.tell()  # a call that ended lets go of what waited for it

    @property
    def _busy(self) -> bool:
        return self._notifier is not None and self._notifier.busy

    def _beat(self) -> None:
        self.tell()

    def look(self) -> None:
        """Bring what waits to the calendars, hear what is taken there, and tell the news."""
        self.invite()
        self.carry()
        self.tell()

    def tell(self) -> None:
        """Tell what was not told yet; nothing during a call: it is told afterwards."""
        ctx = self._session.ctx
        if not self._busy:
            self._session.tasks.read(lambda: meeting_news.waiting(ctx), self._fetch, owner=self, key="meeting-news")

    def _fetch(self, waiting: bool) -> None:
        ctx = self._session.ctx
        if waiting and not self._busy:
            self._session.tasks.write(lambda: meeting_news.news(ctx), self._show, owner=self)

    def invite(self) -> None:
        """Keep the invitations in the outbox in step with the meetings."""
        if by_mail(self._session):
            ctx = self._session.ctx
            self._session.tasks.write(lambda: invitations.keep_up(ctx), self._kept_up, self._not_kept_up, owner=self)

    def _kept_up(self, kept: Kept) -> None:
        """Tell whose invitation cannot be made, once for each."""
        fresh = [lead for lead in kept.failed if lead not in self._unmade]
        self._unmade, self._trouble = set(kept.failed), ""
        if fresh:
            text = self.tr("招待を作れなかった商談が {n}件あります。").format(n=len(fresh))
            more = self.tr(
                "商談は記録済みで、ほかの招待は送られます。FSとリードの名前・メールアドレスを直してください。"
            )
            act = partial(self.opened.emit, str(fresh[0]))
            self._session.notices.show(Notice(text, more, tone="warn", action=self.tr("開く"), act=act))

    def _not_kept_up(self, error: Exception) -> None:
        """Tell what keeps all invitations from being made, once until it changes: it comes back every other minute."""
        if repr(error) != self._trouble:
            self._trouble = repr(error)
            self._session.notices.error(error)

    def carry(self) -> None:
        """Do a round with the calendars, where there is an account."""
        desk = self._session.desk
        if desk is not None:
            account = desk.calendar
            self._session.tasks.fetch(
                lambda: account.carry(REST), self._carried, self._session.notices.error, owner=self
            )

    def _carried(self, done: Round) -> None:
        error = done.error if done.error in _MENDABLE else ""
        if error and error != self._told and not self._busy:
            said = messages.sentence(error, {}, self._session.lang)
            notice = Notice(said.what, f"{said.kept} {said.do}".strip(), tone="warn")
            if error != _BROKEN_THERE:  # that one is mended in the calendar, not here
                notice = replace(notice, action=self.tr("設定を開く"), act=self.settings_wanted.emit)
            self._session.notices.show(notice)
        if not self._busy:
            self._told = error
        if done.written or done.error:
            self.tell()

    def _show(self, news: list[MeetingNews]) -> None:
        found = [self._notice(one) for one in news]
        folded = self.tr("商談のお知らせ {n}件").format(n=len(found))
        if self._notifier is not None:
            self._notifier.pass_on(found, folded)
            return
        for one in found:
            self._session.notices.show(one)

    def _notice(self, one: MeetingNews) -> Notice:
        text, more = self.words(one)
        tone = "good" if one.what == "booked" else "plain" if one.what == "moved" else "warn"
        return Notice(text, more, tone=tone, action=self.tr("開く"), act=partial(self.opened.emit, str(one.lead_id)))

    def words(self, one: MeetingNews) -> tuple[str, str]:
        """Return news in words, and what to do about it."""
        today = phrases.tokyo(self._session.now()).date()

        def when(at: datetime | None) -> str:
            return phrases.moment_text(at, today) if at is not None else ""

        said = {
            "clash": self.tr("{when} は {who} さんの商談が先に入っていました: {lead}"),
            "double": self.tr("{lead} に {who} さんもあとから商談を入れました。{other} が残り、{when} は取り消しです"),
            "taken": self.tr("{when} は FS の予定表で埋まっていました: {lead}"),
            "moved_there": self.tr("FSが予定表で商談を動かしています({other}): {lead}"),
            "gone_there": self.tr("FSの予定表で商談が消されています: {lead} {when}"),
            "elsewhere": self.tr("CRMの商談日時が {other} に変わっています(ここでは {when}): {lead}")
            if one.other_at is not None
            else self.tr("CRMの商談日時が消えています(ここでは {when}): {lead}"),
            "booked": self.tr("{who} さんが商談を入れました: {lead} {when}"),
            "moved": self.tr("{who} さんが商談を変えました: {lead} {when}"),
            "canceled": self.tr("{who} さんが商談を取り消しました: {lead} {when}"),
        }[one.what]
        text = said.format(when=when(one.at), who=one.who, lead=one.lead, other=when(one.other_at))
        more = ""
        if one.what == "gone_there":
            more = self.tr("FSに確かめ、「アポ日程変更」か「アポ取消」で記録してください。")
        elif one.times:
            times = self.tr("、").join(when(at) for at in one.times)
            more = self.tr("空いている時間: {times}。「アポ日程変更」で動かしてください。").format(times=times)
        elif one.what in {"clash", "taken", "moved_there"}:
            more = self.tr("お客様と日程を決め直し、「アポ日程変更」で記録してください。")
        elif one.what == "double":
            more = self.tr("お客様に確かめ、違うときは「アポ日程変更」で記録してください。")
        elif one.what == "elsewhere":
            more = self.tr("正しい日時を「アポ日程変更」か「アポ取消」で記録すると、予定表と案内も直ります。")
        return text, more
