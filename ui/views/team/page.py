"""The page チーム: the queues of all reps side by side, what waits for an approval, who stands in, evaluated calls."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout
from typing_extensions import override

from isdesk.services import bulk
from ui.commands import Command
from ui.noop import QT_TRANSLATE_NOOP
from ui.pages import Page
from ui.views.team.coaching import Coaching
from ui.views.team.cover import CoverTab
from ui.views.team.inbox import Inbox
from ui.views.team.review import QueueReview
from ui.widgets import KeyCap, SegmentedTabs, button, label

if TYPE_CHECKING:
    from isdesk.domain.ids import MemberId
    from ui.session import Session

COMMANDS: tuple[Command, ...] = (
    Command(
        "team.tab",
        QT_TRANSLATE_NOOP("commands", "キュー・承認・通話評価・代行を切り替え"),
        "team",
        ("T",),
        "team",
        "team",
    ),
    Command("team.next", QT_TRANSLATE_NOOP("commands", "次の担当のキュー"), "team", ("]", "Alt+Right"), "team", "team"),
    Command(
        "team.previous", QT_TRANSLATE_NOOP("commands", "前の担当のキュー"), "team", ("[", "Alt+Left"), "team", "team"
    ),
    Command("team.filter", QT_TRANSLATE_NOOP("commands", "要確認の種類を切り替え"), "team", ("F",), "team", "filter"),
    Command("team.find", QT_TRANSLATE_NOOP("commands", "キューの中を探す"), "team", ("/", "Ctrl+F"), "team", "search"),
    Command("team.views", QT_TRANSLATE_NOOP("commands", "保存したビューを選ぶ"), "team", ("V",), "team", "filter"),
    Command("team.assign", QT_TRANSLATE_NOOP("commands", "選択を割り当て直す"), "team", ("A",), "team", "user"),
    Command("team.snooze", QT_TRANSLATE_NOOP("commands", "選択を保留にする"), "team", ("S",), "team", "clock"),
    Command("team.pin", QT_TRANSLATE_NOOP("commands", "選択をキューの先頭に固定"), "team", ("P",), "team", "pin"),
    Command("team.approve", QT_TRANSLATE_NOOP("commands", "依頼を承認する"), "team", ("Y",), "team", "check"),
    Command("team.reject", QT_TRANSLATE_NOOP("commands", "依頼を却下する"), "team", ("N",), "team", "close"),
    Command("team.withdraw", QT_TRANSLATE_NOOP("commands", "自分の依頼を取り下げる"), "team", ("W",), "team", "undo"),
    Command("team.open", QT_TRANSLATE_NOOP("commands", "依頼や通話のリードを開く"), "team", ("O",), "team", "phone"),
    Command("team.alignment", QT_TRANSLATE_NOOP("commands", "握り直し会議を開く"), "team", ("M",), "team", "calendar"),
    Command("team.cover", QT_TRANSLATE_NOOP("commands", "不在の代行を設定"), "team", ("X",), "team", "calendar"),
    Command("team.decided", QT_TRANSLATE_NOOP("commands", "決定済みの依頼も表示"), "team", ("D",), "team", "clock"),
    Command(
        "team.calls",
        QT_TRANSLATE_NOOP("commands", "見直し候補・評価済み・最近の通話を切り替え"),
        "team",
        ("E",),
        "team",
        "chart",
    ),
    Command(
        "team.rep_calls", QT_TRANSLATE_NOOP("commands", "担当の評価した通話を開く"), "team", ("C",), "team", "chart"
    ),
    Command("team.rubric", QT_TRANSLATE_NOOP("commands", "通話の評価に戻る"), "team", ("G",), "team", "mail"),
    Command("team.reply", QT_TRANSLATE_NOOP("commands", "評価に返信する"), "team", ("R",), "team", "mail"),
    Command(
        "team.evaluate",
        QT_TRANSLATE_NOOP("commands", "評価を保存する"),
        "team",
        ("Ctrl+Return", "Ctrl+Enter"),
        "team",
        "check",
    ),
)


class TeamPage(Page):
    """Four tabs under one title."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.tabs = SegmentedTabs([self.tr("キュー"), self.tr("承認"), self.tr("通話評価"), self.tr("代行")])
        self.tabs.setFixedWidth(460)
        self.review = QueueReview(session)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.review)
        self.inbox = Inbox(session)
        self.stack.addWidget(self.inbox)
        self.coaching = Coaching(session)
        self.stack.addWidget(self.coaching)
        self.cover = CoverTab(session)
        self.stack.addWidget(self.cover)
        head = QHBoxLayout()
        head.setContentsMargins(24, 0, 24, 0)
        head.setSpacing(16)
        head.addWidget(label(self.tr("チーム"), "title"))
        head.addWidget(self.tabs)
        head.addWidget(KeyCap("T"))
        head.addStretch(1)
        head.addWidget(self.review.hint)
        self.meeting_button = button(self.tr("握り直し会議"), tip=self.tr("週次の会議と月次レビューの資料(M)"))
        self.meeting_button.clicked.connect(self._meet)
        head.addWidget(self.meeting_button)
        head.addWidget(KeyCap("M"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 14, 0, 0)
        box.setSpacing(12)
        box.addLayout(head)
        box.addWidget(self.stack, 1)
        self.tabs.changed.connect(self._turn)
        self.review.opened.connect(self.asked_lead)
        self.inbox.opened.connect(self.asked_lead)
        self.inbox.counted.connect(self._count)
        self.coaching.opened.connect(self.asked_lead)
        self.coaching.counted.connect(self._count_news)
        self.review.asked_calls.connect(self.show_calls)
        self.cover.counted.connect(self._covering)
        self.inbox.load()

    def bind(self) -> None:
        """Answer to the page's commands."""
        commands, review = self._session.commands, self.review
        for command in COMMANDS:
            commands.declare(command)
        commands.bind("team.tab", self.next_tab)
        commands.bind("team.next", partial(self._step, 1), allowed=lambda: self._reviewing() or self._listing())
        commands.bind("team.previous", partial(self._step, -1), allowed=lambda: self._reviewing() or self._listing())
        commands.bind("team.filter", review.next_kind, allowed=self._reviewing)
        commands.bind("team.find", review.seek, allowed=self._reviewing)
        commands.bind("team.views", review.views.unfold, allowed=self._reviewing)
        for name, kind in (("assign", bulk.ASSIGN), ("snooze", bulk.SNOOZE), ("pin", bulk.PIN)):
            commands.bind(f"team.{name}", partial(review.bar.ask, kind), allowed=self._may_change)

        commands.bind("team.cover", self.ask_cover, allowed=lambda: not review.bar.asking)
        panel = self.inbox.panel
        commands.bind("team.approve", panel.say_yes, allowed=lambda: self._deciding() and panel.may_answer())
        commands.bind("team.reject", panel.say_no, allowed=lambda: self._deciding() and panel.may_answer())
        commands.bind("team.withdraw", panel.withdraw.emit, allowed=lambda: self._deciding() and panel.may_withdraw())
        commands.bind("team.open", self._open_lead, allowed=lambda: self._deciding() or self.coaching.looking)
        commands.bind("team.decided", self.inbox.toggle_decided, allowed=self._deciding)
        commands.bind("team.alignment", self._meet)

        coaching = self.coaching
        commands.bind("team.rep_calls", review.ask_calls, allowed=self._reviewing)
        commands.bind("team.calls", coaching.next_list, allowed=self._listing)
        commands.bind("team.rubric", coaching.focus_rubric, allowed=lambda: self._evaluating() and coaching.looking)
        commands.bind("team.reply", coaching.focus_reply, allowed=lambda: self._evaluating() and coaching.may_answer())
        commands.bind("team.evaluate", coaching.keep, allowed=lambda: self._evaluating() and coaching.looking)

    def _evaluating(self) -> bool:
        return self.stack.currentWidget() is self.coaching

    def _listing(self) -> bool:
        return self._evaluating() and not self.coaching.looking

    def _step(self, by: int) -> None:
        if self._evaluating():
            self.coaching.step(by)
        else:
            self.review.cards.step(by)

    def _open_lead(self) -> None:
        if self._evaluating():
            self.coaching.record.open_lead()
        else:
            self.inbox.panel.open_lead()

    def _deciding(self) -> bool:
        return self.stack.currentWidget() is self.inbox

    def _reviewing(self) -> bool:
        return self.stack.currentWidget() is self.review and not self.review.bar.asking

    def _may_change(self) -> bool:
        return self._reviewing() and self.review.may_change()

    def _meet(self) -> None:
        self._session.commands.run("page.alignment")

    def next_tab(self) -> None:
        """Go to the other tab."""
        self.tabs.set_current((self.tabs.current() + 1) % self.tabs.count())

    def _turn(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self.review.hint.setVisible(index == 0)
        self.arrive()

    @override
    def arrive(self) -> None:
        if self._deciding():
            self.inbox.arrive()
        elif self._evaluating():
            self.coaching.arrive()
        elif self.stack.currentWidget() is self.cover:
            self.cover.arrive()
        else:
            self.review.arrive()

    def _count(self, waiting: int) -> None:
        text = self.tr("承認 {n}").format(n=waiting) if waiting else self.tr("承認")
        self.tabs.set_text(1, text)

    def _count_news(self, news: int) -> None:
        self.tabs.set_text(2, self.tr("通話評価 {n}").format(n=news) if news else self.tr("通話評価"))

    def show_calls(self, rep: MemberId | None) -> None:
        """Bring the evaluated calls of a rep to the front; None: of everybody."""
        self.tabs.set_current(2)
        self.coaching.show_rep(rep)

    def _covering(self, held: int) -> None:
        self.tabs.set_text(3, self.tr("代行 {n}").format(n=held) if held else self.tr("代行"))

    def ask_cover(self) -> None:
        """Ask who stands in for the rep in front."""
        away = self.review.rep_in_front()
        self.tabs.set_current(3)
        self.cover.begin(away)

    def show_approvals(self) -> None:
        """Bring the requests to the front."""
        self.tabs.set_current(1)


def make(session: Session) -> Page:
    """Make the page."""
    page = TeamPage(session)
    page.bind()
    return page
