"""Writing a mail to a lead: template, subject, text, and in plain sight whether it may be sent.

What is typed is kept as a draft of this lead until it is sent, and offered again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk import messages
from isdesk.domain.consent import BASES
from isdesk.domain.ids import LeadId
from isdesk.domain.mail import SUBJECT_LIMIT
from isdesk.services import consenting, handing_over, mail_drafts, mails, outgoing
from isdesk.services.mail_drafts import Draft
from isdesk.services.mails import Preview
from ui import links
from ui.dialler import ForgetfulClipboard
from ui.views.day.mailto import LONGEST
from ui.views.mail.draft_bar import DraftBar
from ui.views.mail.sent_bar import SentBar
from ui.widgets import KeyCap, button, label

if TYPE_CHECKING:
    from ui.session import Session

_SIZE = (760, 660)
_LABEL = 72
KEEP_MS = 500
"""So long after the last letter a draft is kept."""


class ComposeDialog(QDialog):
    """One mail to one lead. ``posted`` when it is in the outbox, ``ledger_wanted`` to see the ledger of consent;
    ``template`` is the code of the one to begin with.
    """

    posted = Signal()
    ledger_wanted = Signal()

    def __init__(
        self, session: Session, lead_id: LeadId, name: str, parent: QWidget | None = None, template: str = ""
    ) -> None:
        super().__init__(parent)
        self._session, self._lead = session, lead_id
        self._found: Preview | None = None
        self._filling = False
        self.typed = self._fresh = self._posting = False
        self._code = template
        self.clipboard = ForgetfulClipboard(self)
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(KEEP_MS)
        self.drafts = DraftBar()
        self.setWindowTitle(self.tr("メールを書く"))
        self.resize(*_SIZE)
        self.to, self.count = label(""), label("", "small")
        self.template, self.subject, self.body = QComboBox(), QLineEdit(), QPlainTextEdit()
        self.footer, self.state = label("", "small", wrap=True), label("", wrap=True)
        self.answer = QCheckBox(self.tr("相手の依頼への返答です(広告ではありません)"))
        self._answer_line = QWidget()
        self.basis, self.source = QComboBox(), QLineEdit()
        self.note = button(self.tr("同意を記録"))
        self.send = button(self.tr("送る"), "primary")
        self.other = button(self.tr("メールソフトで開く"))
        self.ledger = button(self.tr("同意の台帳"), "quiet", tip=self.tr("このアドレスの同意の台帳を開く(Ctrl+L)"))
        for part in (self.send, self.other):
            part.setEnabled(False)  # until it was looked at as it would be sent
        self.consent, self.sent = QWidget(), SentBar()
        self._handed = ""
        self._lay_out(name)
        self._name_parts(template)
        for part in (self.send, self.other):
            part.setEnabled(False)  # until it was looked at what may be sent
        self._bind()
        self._begin(template)

    def _lay_out(self, name: str) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(self.tr("{name} へのメール").format(name=name), "head", wrap=True))
        box.addWidget(self.drafts)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, _LABEL)
        grid.setColumnStretch(1, 1)
        subject = QWidget()
        beside = QHBoxLayout(subject)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.subject, 1)
        beside.addWidget(self.count)
        parts: tuple[tuple[str, QWidget], ...] = (
            (self.tr("宛先"), self.to),
            (self.tr("ひな形"), self.template),
            (self.tr("件名"), subject),
        )
        for number, (text, part) in enumerate(parts):
            grid.addWidget(label(text, "dim"), number, 0)
            grid.addWidget(part, number, 1)
        box.addLayout(grid)
        box.addWidget(self.body, 1)
        box.addWidget(self.footer)
        asked = QHBoxLayout(self._answer_line)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.setSpacing(8)
        asked.addWidget(self.answer)
        asked.addWidget(KeyCap("Ctrl Shift A"))
        asked.addStretch(1)
        box.addWidget(self._answer_line)
        self._answer_line.hide()
        box.addWidget(self.state)
        row = QHBoxLayout(self.consent)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.basis)
        row.addWidget(self.source, 1)
        row.addWidget(self.note)
        box.addWidget(self.consent)
        self.consent.hide()
        box.addWidget(self.sent)
        box.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        back = button(self.tr("やめる"), "quiet")
        back.clicked.connect(self.reject)
        line.addWidget(self.other)
        line.addWidget(KeyCap("Ctrl O"))
        line.addWidget(self.ledger)
        line.addWidget(KeyCap("Ctrl L"))
        line.addStretch(1)
        for part, key in ((back, "Esc"), (self.send, "Ctrl Enter")):
            line.addWidget(part)
            line.addWidget(KeyCap(key))
        return line

    def _name_parts(self, template: str) -> None:
        lang = self._session.lang
        self.template.addItem(self.tr("(ひな形なし)"), "")
        for one in mails.templates(self._session.ctx):
            self.template.addItem(one.label.in_(lang), one.code)
        first = self.template.findData(template) if template else -1
        self.template.setCurrentIndex(first if first > 0 else min(1, self.template.count() - 1))
        for code, text in BASES.items():
            self.basis.addItem(text.in_(lang), code)
        self.source.setPlaceholderText(self.tr("どこで得たか(例: 展示会の名刺)"))
        for part, said in (
            (self.template, self.tr("メールのひな形")),
            (self.subject, self.tr("件名(40文字まで)")),
            (self.body, self.tr("本文")),
            (self.basis, self.tr("同意の根拠")),
            (self.source, self.tr("同意の出所")),
        ):
            part.setAccessibleName(said)
        self.send.setToolTip(self.tr("送信待ちに入れて送る(Ctrl+Enter)"))
        self.answer.setToolTip(self.tr("文を変えたメールが、頼まれたことへの返答だと記録する(Ctrl+Shift+A)"))
        self.other.setToolTip(self.tr("同じ内容をメールソフトで開く(Ctrl+O)"))
        self.body.setTabChangesFocus(True)

    def _bind(self) -> None:
        self.template.currentIndexChanged.connect(self._switch)
        self._keeping.timeout.connect(self.keep)
        self.drafts.discarded.connect(self.discard)
        self.drafts.restored.connect(self.restore)
        self.subject.textChanged.connect(self._typed)
        self.body.textChanged.connect(self._typed)
        self.answer.toggled.connect(lambda _: None if self._filling else self._check())
        self.note.clicked.connect(self.note_consent)
        self.source.returnPressed.connect(self.note_consent)
        self.send.clicked.connect(self.post)
        self.other.clicked.connect(self.hand_over)
        self.ledger.clicked.connect(self.ledger_wanted)
        self.sent.answered.connect(self._answered)
        for key, act in (("Ctrl+Return", self.post), ("Ctrl+Enter", self.post), ("Ctrl+O", self.hand_over),
                         ("Ctrl+Shift+D", self.discard), ("Ctrl+Shift+R", self.restore),
                         ("Ctrl+Shift+A", self.say_answer), ("Ctrl+L", self.ledger.click)):  # fmt: skip
            QShortcut(QKeySequence(key), self).activated.connect(act)

    # ------------------------------------------------------------------ what it says

    def _begin(self, template: str) -> None:
        """Go on with the draft of this lead; where another template is wanted, the draft is put aside."""
        ctx, lead = self._session.ctx, self._lead

        def op() -> tuple[Draft | None, Draft | None]:
            begun = mail_drafts.found(ctx, lead)
            if begun is not None and template and begun.template != template:
                mail_drafts.discard(ctx, lead)
                begun = None
            return begun, mail_drafts.discarded(ctx, lead)

        self._session.tasks.write(op, lambda found: self._began(*found), self._session.notices.error, owner=self)

    def _began(self, begun: Draft | None, aside: Draft | None) -> None:
        if begun is not None:
            self._show_draft(begun)
            self.drafts.show_draft(begun.at, older=aside is not None)
            return
        if aside is not None:
            self.drafts.show_discarded(aside.at)
        if self._found is None:
            self.load()

    def _show_draft(self, one: Draft) -> None:
        self.template.blockSignals(True)
        self.template.setCurrentIndex(max(self.template.findData(one.template), 0))
        self.template.blockSignals(False)
        self._code = str(self.template.currentData() or "")
        self._write_in(one.subject, one.body)
        self.typed = True
        self._check()
        self.body.setFocus()

    def _switch(self) -> None:
        """Another template: what was typed is put aside, from where it can be taken back."""
        if self.typed:
            self.discard()
        else:
            self.load()

    def load(self) -> None:
        """Fill the chosen template in."""
        ctx, lead, code = self._session.ctx, self._lead, str(self.template.currentData() or "")
        self._code = code
        self._session.tasks.read(
            lambda: mails.preview(ctx, lead, code), self._fill, self._session.notices.error, owner=self, key="mail"
        )

    def _fill(self, found: Preview) -> None:
        self._write_in(found.composed.subject, found.composed.body)
        self.typed = False
        self._tell(found)
        self.body.setFocus()

    def _write_in(self, subject: str, body: str) -> None:
        self._filling = True
        self.answer.setChecked(False)
        self.subject.setText(subject)
        self.body.setPlainText(body)
        self._filling = False

    def _typed(self) -> None:
        if not self._filling:
            self.typed = self._fresh = True
            self._keeping.start()
            self._check()

    # ------------------------------------------------------------------ drafts

    def keep(self) -> None:
        """Keep what was typed as this lead's draft."""
        self._keeping.stop()
        if self.typed and self._fresh:
            self._fresh = False
            ctx, lead, code = self._session.ctx, self._lead, self._code
            subject, body = self.subject.text(), self.body.toPlainText()
            self._session.tasks.write(
                lambda: mail_drafts.keep(ctx, lead, code, subject, body), None, self._session.notices.error
            )

    def discard(self) -> None:
        """Put the draft aside and begin anew with the chosen template; nothing is asked, it can be taken back."""
        if not self.typed:
            return
        self.keep()
        ctx, lead = self._session.ctx, self._lead
        self.typed = False

        def aside(one: Draft | None) -> None:
            if one is not None:
                self.drafts.show_discarded(one.at)
            self.load()

        self._session.tasks.write(
            lambda: mail_drafts.discard(ctx, lead), aside, self._session.notices.error, owner=self
        )

    def restore(self) -> None:
        """Take the discarded draft back; what is typed now is put aside in its place."""
        if self.drafts.isHidden() or self.drafts.back.isHidden():
            return
        self.keep()
        ctx, lead = self._session.ctx, self._lead

        def back(found: tuple[Draft, Draft | None]) -> None:
            self._show_draft(found[0])
            self.drafts.show_draft(found[0].at, older=found[1] is not None)

        def op() -> tuple[Draft, Draft | None]:
            return mail_drafts.restore(ctx, lead), mail_drafts.discarded(ctx, lead)

        self._session.tasks.write(op, back, self._session.notices.error, owner=self)

    @override
    def reject(self) -> None:
        """Close; what was typed is kept. While it is asked whether a mail was sent, that is left unanswered first."""
        if not self.sent.isHidden():
            self.sent.no.click()
            return
        self.keep()
        super().reject()

    def _check(self, then: Callable[[Preview], None] | None = None) -> None:
        """Look at what was typed as it would be sent, and say what is in its way (or do something else ``then``)."""
        ctx, lead, code = self._session.ctx, self._lead, str(self.template.currentData() or "")
        subject, body, answer = self.subject.text(), self.body.toPlainText(), self.answer.isChecked()
        self._session.tasks.read(
            lambda: mails.preview(ctx, lead, code, subject=subject, body=body, answer=answer),
            self._tell if then is None else then,
            self._session.notices.error,
            owner=self,
            key="mail",
        )

    def _tell(self, found: Preview) -> None:
        self._found = found
        lang, length = self._session.lang, len(found.composed.subject)
        self.to.setText(found.composed.to or self.tr("(アドレスなし)"))
        self.count.setText(f"{length}/{SUBJECT_LIMIT}")
        self.footer.setText(found.composed.footer)
        self.footer.setVisible(bool(found.composed.footer))
        codes = [*([found.forbidden] if found.forbidden else []), *found.problems]
        codes += ["mail_law_items_missing"] if found.missing_items else []
        lines = []
        for code in codes:
            said = messages.sentence(code, {"law_items": found.missing_items}, lang)
            lines.append(f"{said.what} {said.do}".strip())
        self.state.setText("\n".join(lines) or self.tr("このとおりに届きます。"))
        self.state.setProperty("role", "bad" if lines else "good")
        self.state.style().polish(self.state)
        self._answer_line.setVisible(found.changed)
        self.consent.setVisible(found.forbidden == "mail_no_consent")
        asked = not self.sent.isHidden()
        self.send.setEnabled(found.may_send and not self._posting and not asked)
        self.other.setEnabled(found.may_send and not asked)

    # ------------------------------------------------------------------ what it does

    def look_again(self) -> None:
        """Look once more whether the mail may go: something about its address may have changed."""
        self._check()

    def note_consent(self) -> None:
        """Note the basis on which this address may be written to."""
        ctx, lead = self._session.ctx, self._lead
        basis, source = str(self.basis.currentData()), self.source.text()
        self._session.tasks.write(
            lambda: consenting.consent(ctx, lead, basis, source),
            lambda _: self._check(),
            self._session.notices.error,
            owner=self,
        )

    def say_answer(self) -> None:
        """Say, or take back, that the changed text answers what the reader asked."""
        if not self._answer_line.isHidden():
            self.answer.toggle()

    def post(self) -> None:
        """Put the mail into the outbox, once."""
        if self._posting or self._found is None or not self._found.may_send or not self.sent.isHidden():
            return
        self._posting = True
        ctx, lead, code = self._session.ctx, self._lead, str(self.template.currentData() or "")
        subject, body, answer = self.subject.text(), self.body.toPlainText(), self.answer.isChecked()
        self.send.setEnabled(False)
        self._keeping.stop()
        self._session.tasks.write(
            lambda: outgoing.post(ctx, lead, code, subject=subject, body=body, answer=answer),
            lambda _: self._done(),
            self._refused,
            owner=self,
        )

    def _refused(self, error: Exception) -> None:
        self._posting = False
        self._session.notices.error(error)
        self._check()

    def _done(self) -> None:
        self._keeping.stop()
        self.typed = False
        self.posted.emit()
        self.accept()

    def hand_over(self) -> None:
        """Open the mail in the person's own mail program: as it stands now, and only where it may go now."""
        self._check(self._hand_over)

    def _hand_over(self, found: Preview) -> None:
        self._tell(found)
        if not found.may_send or not self.sent.isHidden():
            return
        link, said = mails.mailto(found.composed), ""
        if len(link) > LONGEST:
            self.clipboard.copy(found.composed.text)
            hint = self.tr("(本文をコピーしました。ここに貼り付けてください)")
            link = mails.mailto(replace(found.composed, body=hint, footer=""))
            said = self.tr("長いので本文をコピーしました。メールソフトの本文に貼り付けてください。")
        if not links.open_mail(link):
            self._session.notices.say(self.tr("このパソコンには、メールを開くソフトがありません。"))
            return
        if said:
            self._session.notices.say(said)
        ctx, lead = self._session.ctx, self._lead
        self._keeping.stop()
        self.typed = False  # it goes on in the other program
        self._session.tasks.write(lambda: mail_drafts.discard(ctx, lead), None, self._session.notices.error)
        self._handed = found.composed.subject
        self._ask_sent(asks=True)
        self.sent.ask()

    def _ask_sent(self, *, asks: bool) -> None:
        """While it is asked whether the other program sent the mail, nothing else can be done with it here."""
        for part in (self.template, self.subject, self.body, self.answer, self.other, self.send):
            part.setEnabled(not asks)

    def _answered(self, sent: bool) -> None:
        """Note a mail that was sent by the other program, or go on here."""
        ctx, lead, subject = self._session.ctx, self._lead, self._handed
        if not sent:
            self._ask_sent(asks=False)
            self._check()
            self.body.setFocus()
            return

        def noted(_: object) -> None:
            self._session.notices.say(self.tr("送ったメールを履歴に入れました(取り消し Ctrl+Z)"))
            self.accept()

        def failed(error: Exception) -> None:
            self._ask_sent(asks=False)
            self._session.notices.error(error)

        self._session.tasks.write(lambda: handing_over.sent(ctx, lead, subject), noted, failed, owner=self)
