"""One request for approval: what is asked, by whom, why, what is known of the lead, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.approvals import PEOPLE_NEEDED, Asks, Request, Status
from isdesk.services.approvals import Dossier, Item
from isdesk.services.views import LeadView
from ui import team_words, words
from ui.field_words import FieldWords
from ui.widgets import Card, Chip, EmptyState, Hairline, KeyCap, button, clear_scroll, label

if TYPE_CHECKING:
    from ui.session import Session

TONES = {Status.APPROVED: "good", Status.REJECTED: "bad", Status.OPEN: "promise"}
_PLAIN = (
    "department", "title", "lead_source", "target_list", "issue", "need", "purpose", "current_method",
    "adoption_timing", "budget", "decision_maker", "decision_route", "competitor", "temperature",
    "company.industry", "company.employees", "company.prefecture", "dnc", "email_opt_out",
)  # fmt: skip
"""The facts that are shown where they are known."""
_SHOWN_LEADS = 12


class ReasonField(QLineEdit):
    """The reason of an answer; Enter gives the answer that was begun, Escape goes back to the list."""

    done = Signal()
    left = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.done.emit()
        elif key is Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class RequestPanel(QStackedWidget):
    """``approve(reason)``, ``reject(reason)``, ``withdraw``, ``opened(lead id)``, ``left`` back to the list."""

    approve = Signal(str)
    reject = Signal(str)
    withdraw = Signal()
    opened = Signal(str)
    left = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setStyleSheet("QStackedWidget { background: transparent; }")
        self._session = session
        self._fields = FieldWords(session.ctx, session.words)
        self.item: Item | None = None
        self._rejecting = False
        self.empty = EmptyState("check", self.tr("承認待ちはありません"))
        self.what, self.state = label("", "head", wrap=True), Chip("")
        self.lead = button("", "link", tip=self.tr("リードを開く(O)"))
        self.company = label("", "dim")
        self.asked, self.reason, self.signed = label("", "dim"), label("", wrap=True), label("", "dim", wrap=True)
        self.answer = label("", "dim", wrap=True)
        self.field = ReasonField()
        self.field.setAccessibleName(self.tr("返答の理由"))
        self.prompt = label("", "dim", wrap=True)
        self.yes = button(self.tr("承認"), "primary", tip=self.tr("承認(Y)"))
        self.no = button(self.tr("却下"), "danger", tip=self.tr("却下(N)"))
        self.back = button(self.tr("取り下げ"), tip=self.tr("取り下げ(W)"))
        self.addWidget(self.empty)
        self.addWidget(self._card())
        self._connect()

    def _card(self) -> Card:
        card = Card(margins=(0, 0, 0, 0))
        area, body = clear_scroll()
        body.setContentsMargins(20, 16, 20, 12)
        body.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.what, 1)
        head.addWidget(self.state, alignment=Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        who = QHBoxLayout()
        who.setSpacing(8)
        who.addWidget(self.lead)
        who.addWidget(self.company, 1)
        body.addLayout(who)
        body.addWidget(self.asked)
        body.addWidget(label(self.tr("依頼の理由"), "section"))
        body.addWidget(self.reason)
        body.addWidget(self.signed)
        body.addWidget(self.answer)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(6)
        body.addLayout(self._facts)
        body.addStretch(1)
        card.body.setSpacing(0)
        card.body.addWidget(area, 1)
        card.body.addWidget(Hairline())
        card.body.addWidget(self._foot())
        return card

    def _foot(self) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(20, 10, 20, 12)
        box.setSpacing(8)
        box.addWidget(self.prompt)
        box.addWidget(self.field)
        line = QHBoxLayout()
        line.setSpacing(8)
        self._caps = KeyCap("Y"), KeyCap("N"), KeyCap("W")
        for part, cap in zip((self.yes, self.no, self.back), self._caps, strict=True):
            line.addWidget(part)
            line.addWidget(cap)
            line.addSpacing(6)
        line.addStretch(1)
        box.addLayout(line)
        return made

    def _connect(self) -> None:
        self.lead.clicked.connect(self.open_lead)
        self.yes.clicked.connect(self.say_yes)
        self.no.clicked.connect(self.say_no)
        self.back.clicked.connect(self.withdraw)
        self.field.done.connect(self._entered)
        self.field.left.connect(self._leave)

    # ------------------------------------------------------------------ what is shown

    def show_nothing(self) -> None:
        """Say that nothing waits."""
        self.item = None
        self.empty.say(
            self.tr("承認待ちはありません"), self.tr("依頼が届くと、ここに並びます。決定済みは D で見られます。")
        )
        self.setCurrentIndex(0)

    def show_item(self, item: Item) -> None:
        """Show a request; what is known of its lead comes by `show_dossier`."""
        same = self.item is not None and self.item.request.id == item.request.id
        request, session = item.request, self._session
        self.item = item
        self.what.setText(title(item))
        self.state.set_text(team_words.status(request.status))
        self.state.set_tone(TONES.get(request.status, "plain"))
        self.lead.setText(item.name or self.tr("氏名不明"))
        self.lead.setVisible(request.lead_id is not None)
        self.company.setText(item.company)
        when = session.words.moment(request.asked_at, session.now())
        self.asked.setText(self.tr("{who} が {when} に依頼").format(who=item.asked_by or "—", when=when))
        self.reason.setText(request.reason)
        self._say_signed(item)
        self._say_answer(request)
        self._offer(item)
        if not same:
            self.field.clear()
            self._rejecting = False
            self._clear()
        self.setCurrentIndex(1)

    def _say_signed(self, item: Item) -> None:
        needed = PEOPLE_NEEDED.get(item.request.asks, 1)
        self.signed.setVisible(needed > 1)
        names = "、".join(item.approved_by) or self.tr("まだいません")
        text = self.tr("承認 {n}/{needed}人: {names}")
        self.signed.setText(text.format(n=len(item.approved_by), needed=needed, names=names))

    def _say_answer(self, request: Request) -> None:
        self.answer.setVisible(request.status is not Status.OPEN)
        when = self._session.words.moment(request.decided_at, self._session.now()) if request.decided_at else ""
        text = self.tr("{when} に{status}").format(when=when, status=team_words.status(request.status))
        self.answer.setText(f"{text}: {request.answer}" if request.answer else text)

    def _offer(self, item: Item) -> None:
        request, me = item.request, self._session.ctx.me.id
        mine = item.mine
        own = request.status is Status.OPEN and request.asked_by == me
        for part, cap, on in zip((self.yes, self.no, self.back), self._caps, (mine, mine, own), strict=True):
            part.setVisible(on)
            cap.setVisible(on)
        self.field.setVisible(mine)
        self.prompt.setText(self._why(item, own=own))
        self.prompt.setVisible(bool(self.prompt.text()))
        self.field.setPlaceholderText(self.tr("返答の理由(却下には必要です)"))

    def _why(self, item: Item, *, own: bool) -> str:
        if own:
            return self.tr("自分の依頼は、ほかの人が承認します。")
        if item.mine or item.request.status is not Status.OPEN:
            return ""
        if self._session.ctx.me.id in item.request.approved_by:
            return self.tr("承認済みです。もう一人の承認を待っています。")
        return self.tr("承認する権限がありません。チームリーダーが返答します。")

    def show_dossier(self, request_id: str, dossier: Dossier) -> None:
        """Show what is known of the lead, or which leads it is about."""
        if self.item is None or self.item.request.id != request_id:
            return
        self._clear()
        if dossier.criteria:
            handoff = self.item.request.asks is Asks.HANDOFF
            self._section(self.tr("引き継ぎチェック") if handoff else self.tr("このステージの条件"))
            for text, met in dossier.criteria:
                self._facts.addWidget(label(f"{'✓' if met else '—'}  {text}", "good" if met else "warn", wrap=True))
        if dossier.view is not None:
            self._section(self.tr("リードの状況"))
            self._facts.addWidget(self._grid(self._known(dossier.view)))
        if dossier.leads:
            self._section(self.tr("対象のリード"))
            for name, company in dossier.leads[:_SHOWN_LEADS]:
                self._facts.addWidget(label(f"{name}  {company}".strip()))
            more = len(dossier.leads) - _SHOWN_LEADS
            if more > 0:
                self._facts.addWidget(label(self.tr("ほか{n}件").format(n=more), "dim"))

    def _known(self, view: LeadView) -> list[tuple[str, str]]:
        state, speech, now = view.state, self._session.words, self._session.now()
        outcome = self._session.ctx.rules.outcomes.get(state.last_outcome or "")
        last = speech.moment(state.last_touch_at, now) if state.last_touch_at else "—"
        if outcome is not None:
            last = f"{last} {outcome.label.in_(self._session.lang)}"
        found = [
            (self.tr("ステージ"), speech.stage(state.stage)),
            (self.tr("担当"), view.owner or words.translate("team", "担当なし")),
            (self.tr("優先度"), str(state.scores.priority)),
            (self.tr("最終接触"), last),
            (self.tr("架電回数"), self.tr("{n}回").format(n=state.attempts)),
        ]
        for path in _PLAIN:
            source = view.company if path.startswith("company.") else view.fields
            value = source.get(path.removeprefix("company."))
            if value not in (None, "", False):
                found.append((self._fields.label(path), self._fields.value(path, value)))
        return found

    def _grid(self, pairs: list[tuple[str, str]]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(pairs):
            grid.addWidget(label(name, "dim"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(value, wrap=True), row, 1)
        return made

    def _section(self, text: str) -> None:
        self._facts.addSpacing(8)
        self._facts.addWidget(label(text, "section"))

    def _clear(self) -> None:
        while self._facts.count():
            taken = self._facts.takeAt(0)
            part = taken.widget() if taken is not None else None
            if part is not None:
                part.hide()
                part.deleteLater()

    # ------------------------------------------------------------------ the answer

    def may_answer(self) -> bool:
        """Return True where the request in front may be answered here."""
        return self.currentIndex() == 1 and self.item is not None and self.item.mine

    def may_withdraw(self) -> bool:
        """Return True where the request in front is one's own and open."""
        return self.currentIndex() == 1 and not self.back.isHidden()

    def say_yes(self) -> None:
        """Approve, with the reason that stands in the field if any."""
        if self.may_answer():
            self.approve.emit(self.field.text().strip())

    def say_no(self) -> None:
        """Reject; without a reason the field is opened for one."""
        if not self.may_answer():
            return
        reason = self.field.text().strip()
        if reason:
            self.reject.emit(reason)
            return
        self._rejecting = True
        self.field.setPlaceholderText(self.tr("却下の理由を入力して Enter"))
        self.field.setFocus()

    def _entered(self) -> None:
        if self._rejecting:
            self.say_no()
        else:
            self.yes.setFocus()

    def _leave(self) -> None:
        self._rejecting = False
        self.field.setPlaceholderText(self.tr("返答の理由(却下には必要です)"))
        self.left.emit()

    def open_lead(self) -> None:
        """Look at the lead in the call page."""
        if self.item is not None and self.item.request.lead_id is not None:
            self.opened.emit(self.item.request.lead_id)


def title(item: Item) -> str:
    """Return what is asked for in one line."""
    what = team_words.asks(item.request.asks)
    if item.request.asks is Asks.CLOSE:
        return f"{what} — {words.tr('{n}件').format(n=item.wanted)}"
    return f"{what} → {item.wanted}" if item.wanted else what
