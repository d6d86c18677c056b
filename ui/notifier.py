"""Reminds the person: by the system's notifications where there are some, else above the page; never during a call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget
from typing_extensions import override

from isdesk.clock import TOKYO
from isdesk.domain.reminders import CALLBACK, KINDS, MEETING, MOST, RETURNED, SLA, Picked, Reminder
from isdesk.services import reminders
from ui import words
from ui.noop import QT_TRANSLATE_NOOP
from ui.notices import Notice
from ui.theme.icons import app_icon
from ui.tips import plain_body

if TYPE_CHECKING:
    from isdesk.domain.changes import Changes
    from ui.session import Session

SHOWN_MS = 10_000
MOST_SAID = 50
"""So many of what was said last can be put off."""
SETTINGS = {"callback": "notify_callback", "sla": "notify_sla", "returned": "notify_returned", "reply": "notify_reply",
            "meeting": "notify_meeting"}  # fmt: skip
"""The setting that allows each kind."""
TEXTS: dict[str, str] = {
    "callback": QT_TRANSLATE_NOOP("reminders", "約束の時刻です {when}: {who}"),
    "callback_soon": QT_TRANSLATE_NOOP("reminders", "まもなく約束の時刻です {when}: {who}"),
    "sla": QT_TRANSLATE_NOOP("reminders", "初回対応の期限 {when}: {who}"),
    "sla_broken": QT_TRANSLATE_NOOP("reminders", "初回対応の期限 {when} を過ぎました: {who}"),
    "returned": QT_TRANSLATE_NOOP("reminders", "引き継ぎが差し戻されました: {who}"),
    "reply": QT_TRANSLATE_NOOP("reminders", "返信が届きました: {who}"),
    "meeting": QT_TRANSLATE_NOOP("reminders", "商談({when})を、お客様に確認してください: {who}"),
}
FOLDED: dict[str, str] = {
    "callback": QT_TRANSLATE_NOOP("reminders", "約束 {n}件"),
    "sla": QT_TRANSLATE_NOOP("reminders", "SLA {n}件"),
    "returned": QT_TRANSLATE_NOOP("reminders", "差し戻し {n}件"),
    "reply": QT_TRANSLATE_NOOP("reminders", "返信 {n}件"),
    "meeting": QT_TRANSLATE_NOOP("reminders", "商談の確認 {n}件"),
}


class Corner(QObject):
    """Where the system shows notifications. ``clicked`` on one of them, ``snooze`` puts the last one off."""

    clicked = Signal()
    snooze = Signal()

    def say(self, title: str, text: str) -> None:
        """Show a notification."""

    def close(self) -> None:
        """Take it away."""


class Tray(Corner):
    """The icon in the system's tray, with a menu."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._icon = QSystemTrayIcon(app_icon(), window)
        self._icon.setToolTip("isdesk")
        self._menu = QMenu(window)
        shown, later = QAction(self.tr("isdeskを開く"), self), QAction(self.tr("最後の通知を後で"), self)
        shown.triggered.connect(self.clicked)
        later.triggered.connect(self.snooze)
        self._menu.addActions([shown, later])
        self._icon.setContextMenu(self._menu)
        self._icon.messageClicked.connect(self.clicked)
        self._icon.show()

    @override
    def say(self, title: str, text: str) -> None:
        self._icon.showMessage(title, text, app_icon(), SHOWN_MS)

    @override
    def close(self) -> None:
        self._icon.hide()


def tray(window: QWidget) -> Tray | None:
    """Return the icon in the system's tray, None where the system has none."""
    return Tray(window) if QSystemTrayIcon.isSystemTrayAvailable() else None


class Notifier(QObject):
    """``opened(lead id)``: the person wants to see whom it was about; ``wanted`` the window itself."""

    opened = Signal(str)
    wanted = Signal()

    def __init__(
        self, session: Session, busy: Callable[[], bool], system: Corner | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._busy, self._tray = session, busy, system
        self._said: list[tuple[Reminder, ...]] = []
        """What a snooze may put off, as it was said: each notice by itself, in the tray all that came together."""
        self._held: list[Picked] = []
        """What was about to be said when a call began."""
        self._shown: dict[str, tuple[Reminder, ...]] = {}
        """What stands above the page, by its subject."""
        self._opens: Callable[[], object] | None = None
        """Opens whom the system's last notification was about; a click does not say on which it was."""
        session.hub.ticked.connect(self.look)
        session.hub.synced.connect(self.look)
        session.hub.changed.connect(self._changed)
        if system is not None:
            system.clicked.connect(self.open_last)
            system.snooze.connect(self.snooze)

    def _changed(self, changes: Changes) -> None:
        """A call that ended lets go of what waited for it; what was handled meanwhile need not be said any more."""
        if changes.queue:
            self.look()
            self._let_go()

    def _let_go(self) -> None:
        """Take away what holds no more: the promise was kept, or moved. Where that is taken back, it is said again."""
        ctx, keys = self._session.ctx, {one.key for every in (*self._shown.values(), *self._said) for one in every}

        def then(standing: frozenset[str]) -> None:
            for subject, every in list(self._shown.items()):
                if not any(one.key in standing for one in every):
                    self._withdraw(subject)
            handled = {one.key for every in self._said for one in every} & keys - standing
            self._said = [lot for every in self._said if (lot := tuple(o for o in every if o.key not in handled))]
            if handled:
                self._session.tasks.write(lambda: reminders.forget(ctx, handled), owner=self)

        if keys:
            self._session.tasks.read(lambda: reminders.standing(ctx, keys), then, owner=self, key="reminders")

    def _withdraw(self, subject: str) -> None:
        self._shown.pop(subject, None)
        self._session.notices.withdraw(subject)

    @property
    def busy(self) -> bool:
        """Return whether a call is on: nothing is said then."""
        return self._busy()

    def kinds(self) -> frozenset[str]:
        """Return what the settings want to be reminded of."""
        settings = self._session.settings
        if settings is None:
            return frozenset(KINDS)
        return frozenset(kind for kind in KINDS if settings.flag(SETTINGS[kind]))

    def look(self) -> None:
        """Say what is to be said now; nothing while a call is on: it is said afterwards."""
        kinds = self.kinds()
        if self._busy():
            return
        self._say_held()
        if not kinds:
            return
        ctx = self._session.ctx
        self._session.tasks.write(lambda: reminders.fresh(ctx, kinds), self._say, lambda _: None, owner=self)

    def _say_held(self) -> None:
        """Say what waited for the end of a call, unless that call handled it."""
        held, self._held = self._held, []
        ctx, keys = self._session.ctx, {one.key for picked in held for one in picked.every}

        def then(standing: frozenset[str]) -> None:
            for picked in held:
                single, folded = ([o for o in lot if o.key in standing] for lot in (picked.single, picked.folded))
                self._say(Picked(tuple(single), tuple(folded)))
            if handled := keys - standing:
                self._session.tasks.write(lambda: reminders.forget(ctx, handled), owner=self)

        def failed(_: Exception) -> None:
            self._held = [*held, *self._held]

        if held:
            self._session.tasks.read(lambda: reminders.standing(ctx, keys), then, failed, owner=self)

    def _say(self, picked: Picked) -> None:
        if not picked.every:
            return
        if self._busy():
            self._held.append(picked)
            return
        apart = [*((one,) for one in picked.single), *([picked.folded] if picked.folded else [])]
        self._said = [*self._said, *([picked.every] if self._outside() else apart)][-MOST_SAID:]
        for one in picked.single:
            self._tell((one,), self.text(one), one.kind)
        if picked.folded:
            self._tell(picked.folded, self.folded(picked.folded), "")

    def text(self, one: Reminder) -> str:
        """Return one reminder in words."""
        who = " ".join(part for part in (one.company, one.name) if part) or "—"
        when = words.clock(one.due_at) if one.due_at is not None else ""
        if one.kind == MEETING and one.due_at is not None:
            when = f"{one.due_at.astimezone(TOKYO):%m/%d} {when}"
        past = one.due_at is not None and one.due_at <= self._session.ctx.now()
        key = "sla_broken" if past and one.kind == SLA else "callback_soon" if not past and one.kind == CALLBACK else ""
        return words.translate("reminders", TEXTS[key or one.kind]).format(when=when, who=who)

    def folded(self, every: tuple[Reminder, ...]) -> str:
        """Return many in one sentence."""
        counts = {kind: sum(one.kind == kind for one in every) for kind in KINDS}
        parts = [words.translate("reminders", FOLDED[kind]).format(n=n) for kind, n in counts.items() if n]
        return self.tr("お知らせ: {what}").format(what=self.tr("・").join(parts))

    def _tell(self, every: tuple[Reminder, ...], text: str, kind: str) -> None:
        if self._tray is not None and self._outside():
            self._opens = partial(self._open, every)
            self._tray.say("isdesk", plain_body(text))
        elif kind != RETURNED:  # the window tells of handoffs by itself
            tone = "warn" if kind in {"callback", "sla"} else "plain"
            act, subject = partial(self._open, every), f"reminder:{every[0].key}" if kind else "reminders"
            self._shown[subject] = every
            more = self.tr("Ctrl+Shift+Sで後でもう一度知らせます。")
            self._session.notices.show(Notice(text, more, tone=tone, action=self.tr("開く"), act=act, subject=subject))

    def pass_on(self, news: Sequence[Notice], folded: str) -> None:
        """Say what another watch found, as reminders are said; more than a few in one sentence that holds them all.

        What somebody has to do something about stands above the page too: the system's notification goes by.
        """
        if len(news) > MOST:
            every = "\n".join(f"{one.text} {one.more}".strip() for one in news)
            tone = "warn" if any(one.tone == "warn" for one in news) else "plain"
            news = [Notice(folded, details=every, tone=tone, action=news[0].action, act=news[0].act)]
        for one in news:
            outside = self._outside()
            if self._tray is not None and outside:
                self._tray.say("isdesk", one.text)
                self._opens = partial(self._act, one)
            if not outside or one.tone == "warn":
                self._session.notices.show(one)

    def _act(self, one: Notice) -> None:
        self.wanted.emit()
        if one.act is not None:
            one.act()

    def _outside(self) -> bool:
        settings = self._session.settings
        return self._tray is not None and (settings is None or settings.flag("notify_system"))

    def _open(self, every: tuple[Reminder, ...]) -> None:
        self.wanted.emit()
        self.opened.emit(str(every[0].lead_id))

    def open_last(self) -> None:
        """Open whom the system's last notification was about; the window where there was none."""
        if self._opens is not None:
            self._opens()
        else:
            self.wanted.emit()

    def snooze(self) -> None:
        """Say the reminder that is seen again later; where none is seen, the last one that was not handled yet."""
        settings, ctx = self._session.settings, self._session.ctx
        minutes = settings.number("notify_snooze_minutes") if settings is not None else 10
        seen = self._shown.get(self._session.notices.seen())
        lots = [seen] if seen is not None else self._said[::-1]

        def op() -> tuple[Reminder, ...]:
            standing = reminders.standing(ctx, [one.key for lot in lots for one in lot])
            for lot in lots:
                if keys := [one.key for one in lot if one.key in standing]:
                    reminders.snooze(ctx, keys, minutes)
                    return lot
            return ()

        self._session.tasks.write(op, lambda lot: self._put_off(lot, minutes), owner=self)

    def _put_off(self, lot: tuple[Reminder, ...], minutes: int) -> None:
        if not lot:
            self._session.notices.say(self.tr("後で知らせるお知らせはありません"))
            return
        self._said = [one for one in self._said if one != lot]
        for subject in [subject for subject, every in self._shown.items() if set(every) & set(lot)]:
            self._withdraw(subject)
        self._session.notices.say(self.tr("{n}分後にもう一度知らせます").format(n=minutes))
