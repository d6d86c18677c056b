"""The page 引き継ぎ: every handoff by its state, what FS gets, and the steps that each side may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk.domain.ids import LeadId
from isdesk.services.views import HandoffView
from ui.pages import Page
from ui.theme import tokens
from ui.theme.paint import chip, line_text
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.kit import Text, sized
from ui.views.call.paper import print_paper, save_pdf
from ui.views.handoff_detail import HandoffDetail
from ui.views.side.timeline_words import handoff_state
from ui.widgets.empty import EmptyState
from ui.widgets.tabs import SegmentedTabs

if TYPE_CHECKING:
    from ui.session import Session

_Index = QModelIndex | QPersistentModelIndex
_ROW = 60
_LIST_WIDTH = 380
GROUPS: tuple[tuple[str, ...], ...] = (
    ("returned", "draft", "submitted", "accepted"),
    ("returned",),
    ("draft",),
    ("submitted",),
    ("accepted",),
    ("recycled", "withdrawn"),
)
"""What each tab of the list shows."""
TONES = {"returned": "bad", "submitted": "promise", "accepted": "good"}


@dataclass(frozen=True, slots=True)
class HandoffLine:
    """One line of the list, worded."""

    lead_id: LeadId
    name: str
    company: str
    state: str
    tone: str
    note: str


def line_of(view: HandoffView, today: date, fs_name: str, reason: str) -> HandoffLine:
    """Return a handoff as it stands in the list."""
    parts = [f"FS {fs_name}"] if fs_name else []
    if view.state == "returned" and reason:
        parts.insert(0, reason)
    if view.state == "submitted" and view.decide_by:
        parts.append(HandoffPage.decide_words(view.decide_by, today))
    if view.state == "draft" and view.missing:
        parts.append(HandoffPage.missing_words(len(view.missing)))
    if view.meeting_at:
        parts.append(phrases.moment_text(view.meeting_at, today))
    name = view.lead_name or view.company
    return HandoffLine(
        view.lead_id, name, view.company, handoff_state(view.state), TONES.get(view.state, "plain"), " ・ ".join(parts)
    )


class HandoffModel(QAbstractListModel):
    """The handoffs of the tab in front."""

    LINE = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[HandoffLine] = []

    def show_lines(self, lines: list[HandoffLine]) -> None:
        """Show other lines."""
        if lines != self._lines:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()

    def row_of(self, lead_id: LeadId | None) -> int:
        """Return where a lead stands; -1 where it does not."""
        return next((n for n, line in enumerate(self._lines) if line.lead_id == lead_id), -1)

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == self.LINE:
            return line
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{line.name} {line.company} {line.state} {line.note}"
        return None


class _Delegate(QStyledItemDelegate):
    """Paints a handoff: name, company and state above, what is to be done below."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(240, _ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line = index.data(HandoffModel.LINE)
        if not isinstance(line, HandoffLine):
            return
        look, box, font = tokens(), QRect(option.rect), option.font
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(look.selected))
            painter.fillRect(box.left(), box.top(), 3, box.height(), QColor(look.accent))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(look.line))
        inner = box.adjusted(16, 9, -14, -8)
        tiny = sized(font, Size.TINY)
        width = QFontMetrics(tiny).horizontalAdvance(line.state) + 12
        badge = QRect(inner.right() - width, inner.top() + 1, width, 18)
        painter.setFont(tiny)
        chip(painter, badge, line.state, *look.tone(line.tone))
        room = QRect(inner.left(), inner.top(), badge.left() - inner.left() - 8, 20)
        took = line_text(painter, room, line.name, sized(font, Size.BODY, bold=True), look.text)
        rest = room.adjusted(took + 8, 0, 0, 0)
        if rest.width() > 24 and line.company != line.name:
            line_text(painter, rest, line.company, sized(font, Size.BODY), look.dim)
        low = QRect(inner.left(), inner.top() + 23, inner.width(), 18)
        line_text(painter, low, line.note, sized(font, Size.SMALL), look.dim)
        painter.restore()


class HandoffPage(Page):
    """List at the left, the chosen handoff at the right. FS decide and report; reps submit, withdraw, recycle."""

    shown = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._views: list[HandoffView] = []
        self._here: LeadId | None = None
        self.tabs = SegmentedTabs([], "steps")
        self.model = HandoffModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("引き継ぎ"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.detail = HandoffDetail()
        self._empty = EmptyState(
            "handoff",
            self.tr("引き継ぎはまだありません"),
            self.tr("架電でアポを獲得すると、ここに下書きができます。"),
        )
        self._empty.add_button(self.tr("架電へ"), "primary").clicked.connect(lambda: session.commands.run("page.call"))
        self._lay_out()
        self.tabs.changed.connect(lambda _: self._show_list())
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.activated.connect(self._to_call)
        self._connect_detail()
        session.hub.changed.connect(self._changed)

    def _lay_out(self) -> None:
        left = QWidget()
        left.setFixedWidth(_LIST_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 12, 1, 0)
        column.setSpacing(8)
        head = Text(self.tr("引き継ぎ"), bold=True, size=Size.HEAD)
        head.setContentsMargins(16, 0, 16, 0)
        column.addWidget(head)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(12, 0, 12, 4)
        tabs.addWidget(self.tabs)
        column.addLayout(tabs)
        column.addWidget(self.list, 1)
        right = QWidget()
        self._stack = QStackedLayout(right)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.detail)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(left)
        line.addWidget(right, 1)

    def _connect_detail(self) -> None:
        detail = self.detail
        detail.submit.connect(self._submit)
        detail.step.connect(self._step)
        detail.feedback.connect(self._feedback)
        detail.open_call.connect(self._open_call)
        detail.copy.connect(self._copy)
        detail.pdf.connect(self._pdf)
        detail.paper.connect(self._print)

    @staticmethod
    def decide_words(by: datetime, today: date) -> str:
        """Return until when FS shall decide."""
        from PySide6.QtCore import QCoreApplication

        return QCoreApplication.translate("handoff", "判断期限 {when}").format(when=phrases.moment_text(by, today))

    @staticmethod
    def missing_words(count: int) -> str:
        """Return how many items lack."""
        from PySide6.QtCore import QCoreApplication

        return QCoreApplication.translate("handoff", "足りないもの {n}").format(n=count)

    # ------------------------------------------------------------------ what is shown

    @override
    def arrive(self) -> None:
        self.load()
        self.list.setFocus()

    def load(self) -> None:
        """Read all handoffs."""
        from isdesk.services import handoffs

        ctx = self._session.ctx
        mine = ctx.me.id if ctx.me.role == "fs" else None
        self._session.tasks.read(lambda: handoffs.listing(ctx, fs_id=mine), self._listed, owner=self, key="handoffs")

    def _changed(self, changes: object) -> None:
        if self.isVisible() and (getattr(changes, "leads", None) or getattr(changes, "all_leads", False)):
            self.load()

    def _listed(self, views: list[HandoffView]) -> None:
        self._views = views
        names = (
            self.tr("すべて"),
            self.tr("要対応"),
            self.tr("下書き"),
            self.tr("待ち"),
            self.tr("受理"),
            self.tr("終了"),
        )
        counts = [sum(view.state in group for view in views) for group in GROUPS]
        words = [
            f"{name} {count}" if count and n else name
            for n, (name, count) in enumerate(zip(names, counts, strict=True))
        ]
        self.tabs.set_tabs(words, current=self.tabs.current())
        self.badge.emit(counts[1] if self._session.ctx.me.role != "fs" else counts[3])
        self._show_list()

    def _show_list(self) -> None:
        ctx = self._session.ctx
        today = phrases.tokyo(ctx.now()).date()
        reasons = {r.code: r.label.in_(ctx.lang) for r in ctx.rules.reasons}
        group = GROUPS[self.tabs.current()]
        lines = [
            line_of(view, today, ctx.name_of(view.fs_id), reasons.get(view.reason or "", view.reason or ""))
            for view in self._views
            if view.state in group
        ]
        self.model.show_lines(lines)
        row = self.model.row_of(self._here)
        if not lines:
            self._here = None
            self._stack.setCurrentIndex(0)
        else:
            self.list.setCurrentIndex(self.model.index(max(row, 0)))
            self._read_detail()

    def _chosen(self, index: QModelIndex) -> None:
        line = index.data(HandoffModel.LINE)
        if isinstance(line, HandoffLine) and line.lead_id != self._here:
            self._here = line.lead_id
            self.detail.restart()
            self._read_detail()

    def _read_detail(self) -> None:
        from isdesk.services import handoffs

        ctx, lead_id = self._session.ctx, self._here
        if lead_id is None:
            return
        self._session.tasks.read(
            lambda: handoffs.view(ctx, lead_id),
            self._show_detail,
            self._session.notices.error,
            owner=self,
            key="handoff",
        )

    def _show_detail(self, view: HandoffView) -> None:
        if view.lead_id == self._here:
            self.detail.show_view(view, self._session.ctx)
            self._stack.setCurrentIndex(1)
            self.shown.emit(view.lead_id)

    @override
    def show_lead(self, lead_id: LeadId) -> bool:
        self._here = lead_id
        self.tabs.set_current(0)
        self.load()
        return True

    def _open_call(self) -> None:
        if self._here is not None:
            self.asked_lead.emit(self._here)

    def _to_call(self, index: QModelIndex) -> None:
        line = index.data(HandoffModel.LINE)
        if isinstance(line, HandoffLine):
            self.asked_lead.emit(line.lead_id)

    # ------------------------------------------------------------------ steps

    def _submit(self) -> None:
        from isdesk.services import handoffs

        ctx, lead_id = self._session.ctx, self._here
        if lead_id is not None:
            self._write(lambda: handoffs.submit(ctx, lead_id), self.tr("引き渡しました(取り消し Ctrl+Z)"))

    def _step(self, action: str, reason: str) -> None:
        from isdesk.services import handoffs

        ctx, lead_id = self._session.ctx, self._here
        if lead_id is None:
            return
        steps = {
            "accept": (lambda: handoffs.accept(ctx, lead_id), self.tr("受理しました(取り消し Ctrl+Z)")),
            "return": (lambda: handoffs.return_(ctx, lead_id, reason), self.tr("差し戻しました(取り消し Ctrl+Z)")),
            "recycle": (lambda: handoffs.recycle(ctx, lead_id, reason), self.tr("リサイクルしました(取り消し Ctrl+Z)")),
            "withdraw": (lambda: handoffs.withdraw(ctx, lead_id, reason), self.tr("取り下げました(取り消し Ctrl+Z)")),
        }
        op, words = steps[action]
        self._write(op, words)

    def _feedback(self, result: str, amount: object, factor: str, note: str, reasked: Sequence[str]) -> None:
        from isdesk.services import handoffs

        ctx, lead_id = self._session.ctx, self._here
        if lead_id is None:
            return
        yen = amount if isinstance(amount, int) else None
        self._write(
            lambda: handoffs.feedback(
                ctx, lead_id, result, amount=yen, factor=factor or None, note=note, reasked=tuple(reasked)
            ),
            self.tr("フィードバックを記録しました(取り消し Ctrl+Z)"),
        )

    def _write(self, op: object, words: str) -> None:
        if not callable(op):
            return
        notices = self._session.notices

        def done(_: object) -> None:
            notices.say(words)
            self.detail.restart()
            self.load()

        self._session.tasks.write(op, done, notices.error, owner=self)

    # ------------------------------------------------------------------ paper

    def memo_html(self, lead_id: LeadId) -> str:
        """Return the memo for paper."""
        from isdesk.services import handoffs

        return handoffs.memo(self._session.ctx, lead_id, "html")

    def _copy(self) -> None:
        from ui.dialler import ForgetfulClipboard

        ForgetfulClipboard(self).copy(self.detail.memo)
        self._session.notices.say(self.tr("引き継ぎメモをコピーしました。60秒後に消えます。"))

    def _pdf(self) -> None:
        if self._here is not None:
            save_pdf(self, self, self._session.tasks, self._session.notices, self._here, self.detail.name)

    def _print(self) -> None:
        if self._here is not None:
            print_paper(self, self, self._session.tasks, self._session.notices, self._here, self.detail.name)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.fillRect(self.rect(), QColor(look.ground))
        painter.fillRect(0, 0, _LIST_WIDTH, self.height(), QColor(look.panel))
        painter.fillRect(_LIST_WIDTH - 1, 0, 1, self.height(), QColor(look.line))


def make(session: Session) -> Page:
    """Make the page."""
    return HandoffPage(session)
