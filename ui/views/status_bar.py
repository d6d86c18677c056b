"""The bar at the bottom: connection, what waits, last sync, last backup, and the definitions in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget
from typing_extensions import override

from isdesk import messages
from isdesk.clock import TOKYO
from isdesk.domain.mail_pause import Way
from isdesk.services import pausing
from isdesk.services.pausing import Paused
from isdesk.services.views import SyncStatus
from ui import words
from ui.theme import paint, tokens
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.widgets import button

_DOTS = {"online": "good", "syncing": "accent", "offline": "warn", "paused": "bad", "none": "faint"}
_WAITS = frozenset({"crm_quota", "crm_breaker"})
SKEW_MS = 120_000
"""A clock that is wrong by more is told."""


class Dot(QWidget):
    """A small disc; its meaning stands beside it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shade = "faint"
        self.setFixedSize(10, 10)

    def set_shade(self, shade: str) -> None:
        """Change its colour (a token's name)."""
        self._shade = shade
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.dot(painter, QPointF(5, 5), 4, str(getattr(tokens(), self._shade)))
        painter.end()


class StatusBar(QWidget):
    """Calm facts; clicking the connection or what waits opens the sync page, one on paused mail the outbox."""

    opened = Signal(str)
    mail_wanted = Signal()

    def __init__(self, now: Callable[[], datetime], lang: str = "ja", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now, self._lang = now, lang
        self.setFixedHeight(Size.STATUS)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 1, 16, 0)
        line.setSpacing(18)
        self.dot = Dot()
        self.state = self._part("sync")
        joined = QHBoxLayout()
        joined.setSpacing(6)
        joined.addWidget(self.dot)
        joined.addWidget(self.state)
        line.addLayout(joined)
        self.waiting = self._part("sync")
        self.attention = self._part("sync")
        self.attention.setProperty("role", "warn")
        self.skew = self._part("sync")
        self.skew.setProperty("role", "warn")
        self.mail = self._part("")
        self.mail.setProperty("role", "warn")
        self.mail.clicked.disconnect()
        self.mail.clicked.connect(self.mail_wanted)
        self.last = self._text()
        self.backup = self._text()
        self.window_note = self._text()
        for part in (self.waiting, self.attention, self.mail, self.skew, self.last, self.backup, self.window_note):
            line.addWidget(part)
        line.addStretch(1)
        self.playbook = self._part("definitions")
        line.addWidget(self.playbook)
        self.show_sync(None)
        self.show_mail_pause(())
        self.show_backup(None)
        self.show_playbook("")
        self.say_window("")

    def _text(self) -> QLabel:
        made = QLabel()
        made.setProperty("role", "dim")
        made.setFont(figures(Size.SMALL))
        return made

    def _part(self, page: str) -> QPushButton:
        made = button("", "quiet")
        made.setStyleSheet(
            f"QPushButton {{ padding: 0 4px; margin: 0 -4px; font-size: {Size.SMALL}px; border-radius: 4px; }}"
        )
        made.clicked.connect(lambda: self.opened.emit(page))
        return made

    def show_sync(self, status: SyncStatus | None) -> None:
        """Show how it stands with the hub."""
        waits = status is not None and status.state == "online" and status.error in _WAITS
        self.dot.set_shade("warn" if waits else _DOTS.get(status.state if status else "none", "faint"))
        self.state.setText(self._state_words(status))
        said = messages.sentence(status.error, {}, self._lang).line if status and status.error else ""
        self.state.setToolTip(said or self.tr("同期の状態を開く"))
        self._show_skew(status.skew_ms if status else 0)
        waiting = status.waiting if status else 0
        self.waiting.setVisible(bool(waiting))
        self.waiting.setText(self.tr("送信待ち {n}件").format(n=waiting))
        care = (status.attention + status.conflicts) if status else 0
        self.attention.setVisible(bool(care))
        self.attention.setText(self.tr("要対応 {n}件").format(n=care))
        self.last.setVisible(bool(status and status.last_sync))
        if status and status.last_sync:
            self.last.setText(self.tr("最終同期 {at}").format(at=self._when(status.last_sync)))

    def _state_words(self, status: SyncStatus | None) -> str:
        if status is None or status.state == "none":
            return self.tr("接続なし(この端末に保存)")
        if status.state == "syncing":
            return self.tr("同期中")
        if status.state == "paused":
            return self.tr("サインインが必要です(F7)")
        if status.error == "crm_quota":
            return self.tr("CRMの利用回数の上限で待機中")
        if status.error == "crm_breaker":
            return self.tr("CRMの不調で待機中")
        if status.error == "captive_portal":
            return self.tr("ネットワークへのサインインが必要です")
        if status.state == "online":
            return self.tr("オンライン")
        if status.since is None:
            return self.tr("オフライン")
        return self.tr("オフライン {at} から").format(at=self._when(status.since))

    def _show_skew(self, skew_ms: int) -> None:
        """Say that this machine's clock is wrong where it is by two minutes or more (SYNC E9)."""
        minutes = round(abs(skew_ms) / 60_000)
        self.skew.setVisible(abs(skew_ms) > SKEW_MS)
        late, fast = self.tr("時計が{n}分遅れています"), self.tr("時計が{n}分進んでいます")
        self.skew.setText((late if skew_ms > 0 else fast).format(n=minutes))
        self.skew.setToolTip(self.tr("端末の日付と時刻の設定を直してください。記録の時刻は補正して送ります。"))

    def show_mail_pause(self, standing: tuple[Paused, ...]) -> None:
        """Show that the server refuses the mail account; a click opens the outbox."""
        self.mail.setVisible(bool(standing))
        waits = sum(one.waiting + one.asked for one in standing)
        out = any(one.pause.way is Way.OUT for one in standing)
        said = self.tr("メール送信停止中 {n}通").format(n=waits) if out else self.tr("メール受信停止中")
        self.mail.setText(said)
        self.mail.setToolTip("\n".join(pausing.told(one, self._lang).line for one in standing))

    def show_backup(self, at: datetime | None) -> None:
        """Show when the last backup was made."""
        self.backup.setText(
            self.tr("バックアップ {at}").format(at=self._when(at)) if at else self.tr("バックアップはまだありません")
        )

    def show_playbook(self, text: str) -> None:
        """Show which definitions are in force."""
        self.playbook.setVisible(bool(text))
        self.playbook.setText(self.tr("定義 {name}").format(name=text))
        self.playbook.setToolTip(self.tr("定義ドキュメントを開く"))

    def say_window(self, text: str) -> None:
        """Say why few may be called now (holiday, night); empty: nothing to say."""
        self.window_note.setVisible(bool(text))
        self.window_note.setText(text)

    def _when(self, at: datetime) -> str:
        here, today = at.astimezone(TOKYO), self._now().astimezone(TOKYO).date()
        return words.clock(at) if here.date() == today else f"{here.month}/{here.day} {words.clock(at)}"

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().panel))
        painter.fillRect(0, 0, self.width(), 1, QColor(tokens().line))
        painter.end()
