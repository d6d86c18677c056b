"""The rounds of sending and reading of one window: one of each at a time, and what each came to is told once."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from isdesk.domain.changes import Changes
from isdesk.services import outgoing, pausing, receiving, sequences
from isdesk.services.outgoing import Posted
from isdesk.services.pausing import Paused
from isdesk.services.receiving import Received
from ui.views.mail import doubts

if TYPE_CHECKING:
    from ui.session import Session

log = logging.getLogger(__name__)
_ACCOUNT: Final = frozenset({"mail_sender_refused", "mail_account_missing"})
"""What only a person can mend and pauses nothing: told once also when nobody asked."""
MISSED: Final = timedelta(hours=2)
"""Answers that could not be read for so long are told of; what is shorter passes by itself."""
_Came = tuple[Received, tuple[Paused, ...]]
_Went = tuple[Posted, tuple[Paused, ...]]


class Rounds(QObject):
    """All dialogs and pages of mail share the one of their session (`of`). ``done`` with what a round came to: a
    `Posted` or a `Received`; ``paused`` with how the account stands (`Paused`, none where all is well) where that
    changed.
    """

    done = Signal(object)
    paused = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session.hub)
        self._session = session
        self._sending = self._reading = False
        self._loud = self._more = False
        self._told = ""
        self._missing: datetime | None = None
        self._missed = False
        self._standing: tuple[Paused, ...] = ()

    @classmethod
    def of(cls, session: Session) -> Rounds:
        """Return the one of a session; it lives as long as the window's signals."""
        found = session.hub.findChild(cls)
        return found if isinstance(found, cls) else cls(session)

    def send(self, *, quiet: bool) -> None:
        """Send what is due, and say what became of it; ``quiet``: being offline or having nothing to do is no news.

        While a round runs, what a person asks for follows it: it may have begun before their mail was there.
        """
        desk, ctx = self._session.desk, self._session.ctx
        if desk is None:
            return
        if self._sending:
            if not quiet:
                self._loud = self._more = True
            return
        secrets = desk.secrets
        self._sending, self._loud = True, not quiet

        def op() -> _Went:
            try:
                went = sequences.run(ctx).changes
            except Exception as error:  # noqa: BLE001  whatever broke there, what waits in the outbox leaves
                log.warning("sequences_broke", extra={"error": type(error).__name__})
                went = Changes()
            done = outgoing.send(ctx, secrets) if outgoing.waiting(ctx) else Posted()
            return replace(done, changes=done.changes | went), pausing.standing(ctx)

        self._session.tasks.fetch(op, self._sent, self._broke, owner=self)

    def read(self) -> None:
        """Read replies and bounces, and tell of them."""
        desk, ctx = self._session.desk, self._session.ctx
        if desk is None or self._reading:
            return
        secrets = desk.secrets
        self._reading = True

        def op() -> _Came:
            return receiving.receive(ctx, secrets), pausing.standing(ctx)

        self._session.tasks.fetch(op, self._came, self._unread, owner=self)

    def look(self) -> None:
        """Say how the account stands, as it was left."""
        ctx = self._session.ctx
        self._session.tasks.read(
            lambda: pausing.standing(ctx), self._stand, self._session.notices.error, owner=self, key="mail-pause"
        )

    def try_again(self) -> None:
        """The account was refused, and a person wants it tried once more: send and read."""
        ctx = self._session.ctx

        def asked(_: None) -> None:
            self.send(quiet=False)
            self.read()

        self._session.tasks.write(lambda: pausing.resume(ctx), asked, self._session.notices.error, owner=self)

    def _stand(self, standing: tuple[Paused, ...]) -> None:
        if standing != self._standing:
            self._standing = standing
            self.paused.emit(standing)

    def _sent(self, went: _Went) -> None:
        found, standing = went
        self._stand(standing)
        loud = self._loud
        self._sending = False
        if found.changes.leads or found.changes.sequences:
            self._session.hub.changed.emit(found.changes)
        self.done.emit(found)
        self._say(found, loud=loud)
        self._follow()

    def _broke(self, error: Exception) -> None:
        self._sending = False
        self._session.notices.error(error)
        self._follow()

    def _follow(self) -> None:
        if self._more:
            self._more = False
            self.send(quiet=False)

    def _say(self, found: Posted, *, loud: bool) -> None:
        trouble = self._trouble(found)
        if trouble:
            self._session.notices.say(trouble)
        if found.paused is not None and (found.error is None or found.error.code == found.paused.code):
            if loud:
                self._session.notices.say(self.tr("メールのアカウントが断られているので、送らずに残しています。"))
            return
        if found.error is not None:
            if loud or (found.error.code in _ACCOUNT and found.error.code != self._told):
                self._session.notices.error(found.error)
            self._told = found.error.code
            return
        if found.sent:
            self._told = ""
        news = self._news(found) if loud and not trouble else ""
        if news:
            self._session.notices.say(news)

    def _trouble(self, found: Posted) -> str:
        if found.uncertain:
            return self.tr("届いたかどうか分からないメールがあります。「メールの送信」で確かめてください。")
        if found.asked:
            text = self.tr("時刻を過ぎたメールが{n}通あります。送るかどうかを「メールの送信」で決めてください。")
            return text.format(n=found.asked)
        if found.failed or found.stopped:
            return self.tr("送れなかったメールがあります。「メールの送信」で理由を見られます。")
        return ""

    def _news(self, found: Posted) -> str:
        if found.busy:
            return self.tr("いま別のisdeskがメールを送っています。残りはあとで自動で送ります。")
        if found.waits_until is not None:
            return self.tr("1時間あたりの上限に達したので、残りはあとで自動で送ります。")
        if found.later:
            return self.tr("相手のサーバーが混んでいるので、あとで自動で送り直します。")
        return self.tr("メールを{n}通送りました。").format(n=found.sent) if found.sent else ""

    def _came(self, came: _Came) -> None:
        found, standing = came
        self._stand(standing)
        self._reading = False
        if found.changes.leads:
            self._session.hub.changed.emit(found.changes)
        self.done.emit(found)
        self._miss(found)
        for one in found.doubts:
            doubts.ask(self._session, one, self)
        said = []
        if found.replies and found.opt_outs:
            text = self.tr("返信が{n}件届きました。{out}件を配信停止にしました。")
            said.append(text.format(n=found.replies, out=found.opt_outs))
        elif found.opt_outs:
            said.append(self.tr("{out}件を配信停止にしました。").format(out=found.opt_outs))
        elif found.replies and not found.unreadable:  # beside what cannot be read they are in the queue all the same
            said.append(self.tr("返信が{n}件届きました。履歴に入れました。").format(n=found.replies))
        elif found.bounces:
            said.append(self.tr("届かなかったメールが{n}通あります。").format(n=found.bounces))
        if found.unreadable:
            text = self.tr("読めないメールが{n}通ありました。メールボックスにそのまま残しています。")
            said.append(text.format(n=found.unreadable))
        if said:
            self._session.notices.say(" ".join(said))

    def _miss(self, found: Received) -> None:
        """Say once that no answers could be read for hours; a pause says so itself."""
        if found.error is None or found.paused is not None:
            self._missing, self._missed = None, False
            return
        now = self._session.ctx.now()
        self._missing = self._missing or now
        if not self._missed and now - self._missing >= MISSED:
            self._missed = True
            self._session.notices.error(found.error)

    def _unread(self, error: Exception) -> None:
        self._reading = False
        self._session.notices.error(error)
