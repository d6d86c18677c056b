"""The second step: address and key of the CRM that was chosen, beside what its administrator does once."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from isdesk.services.connecting import FORMS, Form
from ui.theme.tokens import Size
from ui.views.connect.words import ASKS, CRMS, FOLDER, say
from ui.widgets import Card, KeyCap, NoticeBar, button, label
from ui.widgets.bits import Pill


@dataclass(frozen=True, slots=True)
class Wanted:
    """A connection as it was filled in."""

    kind: str
    url: str
    user: str = ""
    secret: str = field(default="", repr=False)
    options: dict[str, str] = field(default_factory=dict)


class SignInStep(QWidget):
    """``asked`` when the form is to be tried, ``browser`` when the person wants to sign in there."""

    asked = Signal()
    browser = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = Form("", ())
        self._embedded_url = ""
        self.fields: dict[str, QLineEdit] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 8, 0, 0)
        line.setSpacing(12)
        self._card = Card(margins=(20, 16, 20, 18))
        self._card.body.setSpacing(10)
        self._help = Card(margins=(20, 16, 20, 18))
        self._help.body.setSpacing(10)
        for part, wide in ((self._card, 3), (self._help, 2)):
            column = QVBoxLayout()
            column.addWidget(part)
            column.addStretch(1)
            line.addLayout(column, wide)
        self._problem = QVBoxLayout()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        self.title = label("", "head")
        self._card.body.addWidget(self.title)
        self._card.body.addLayout(self._problem)
        self._card.body.addLayout(self._rows)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(10)
        self._help.body.addWidget(label(self.tr("はじめに一度だけ"), "section"))
        self._help.body.addLayout(self._steps)

    # ------------------------------------------------------------------ the form of a CRM

    def show_form(self, kind: str, known: Wanted | None, embedded_url: str) -> None:
        """Ask for what a CRM needs; ``known`` is the connection in force, whose key need not be typed again."""
        self._form = FORMS[kind]
        self._embedded_url = embedded_url
        self.clear_problem()
        _clear(self._rows)
        _clear(self._steps)
        crm = next(one for one in CRMS if one.kind == kind)
        self.title.setText(self.tr("{crm}にサインイン").format(crm=say(crm.title)))
        self.fields = {}
        if kind == "sqlhub":
            self._rows.addWidget(self._place(known))
        self._rows.addWidget(self._fields(kind, known))
        if self._form.browser:
            self._rows.addWidget(self._browser())
        note = self.tr("キーとパスワードは封印してこの端末にだけ保存し、設定ファイルやログには残しません。")
        self._rows.addWidget(label(note, "small", wrap=True))
        for number, text in enumerate(crm.help, 1):
            self._steps.addWidget(_numbered(number, say(text).replace("{callback}", self._form.callback)))
        if kind == "sqlhub":
            self._show_place()

    def _fields(self, kind: str, known: Wanted | None) -> QWidget:
        holder = QWidget()
        form = QFormLayout(holder)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for ask in self._form.asks:
            text, example = ASKS[f"{kind}.{ask.code}"]
            part = QLineEdit()
            part.setMinimumHeight(30)
            part.setPlaceholderText(say(example))
            part.setAccessibleName(say(text))
            part.returnPressed.connect(self.asked)
            part.textEdited.connect(lambda _text, one=part: _mark(one, bad=False))
            if ask.hidden:
                part.setEchoMode(QLineEdit.EchoMode.Password)
                if known is not None:
                    part.setPlaceholderText(self.tr("保存済み(変えるときだけ入力)"))
            elif known is not None:
                part.setText({"url": known.url, "user": known.user}.get(ask.code, known.options.get(ask.code, "")))
            name = label(say(text))
            name.setBuddy(part)
            self.fields[ask.code] = part
            form.addRow(name, self._with_chooser(part) if kind == FOLDER else part)
        return holder

    def _with_chooser(self, part: QLineEdit) -> QWidget:
        """Return a field for a folder with the button that lets one be chosen."""
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(part, 1)
        choose = button(self.tr("選ぶ…"))
        choose.clicked.connect(lambda: self._choose_folder(part))
        line.addWidget(choose)
        return holder

    def _choose_folder(self, part: QLineEdit) -> None:
        dialog = QFileDialog(self, self.tr("フォルダーを選ぶ"), part.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(part.setText)
        dialog.open()

    def _browser(self) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 2, 0, 2)
        self.browser_button = button(self.tr("ブラウザーでサインイン"), "primary")
        self.browser_button.clicked.connect(self.browser)
        line.addWidget(self.browser_button)
        line.addWidget(KeyCap("Ctrl B"))
        self.browser_state = Pill("")
        self.browser_state.hide()
        line.addWidget(self.browser_state)
        line.addStretch(1)
        return holder

    def _place(self, known: Wanted | None) -> QWidget:
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.embedded = QRadioButton(self.tr("この端末だけで使う(内蔵ハブ・SQLite)"))
        self.team = QRadioButton(self.tr("チームのハブに接続する(PostgreSQL)"))
        group = QButtonGroup(holder)
        for part in (self.team, self.embedded):
            group.addButton(part)
            box.addWidget(part)
        team = known is None or not known.url.startswith("sqlite")
        (self.team if team else self.embedded).setChecked(True)
        self.team.toggled.connect(self._show_place)
        return holder

    def _show_place(self) -> None:
        team = self.team.isChecked()
        for code, part in self.fields.items():
            part.setEnabled(team or code == "secret")
        self.fields["secret"].setPlaceholderText("" if team else self.tr("パスフレーズ(必要な端末だけ)"))
        if not team:
            self.fields["url"].clear()

    # ------------------------------------------------------------------ what was filled in

    def wanted(self) -> Wanted | None:
        """Return what was filled in; None where something lacks: it is marked and takes the keyboard."""
        self.clear_problem()
        given = {code: part.text().strip() for code, part in self.fields.items()}
        if self._form.kind == "sqlhub" and self.embedded.isChecked():
            return Wanted("sqlhub", self._embedded_url, "", given["secret"])
        for ask in self._form.asks:
            part = self.fields[ask.code]
            kept = ask.hidden and part.placeholderText() == self.tr("保存済み(変えるときだけ入力)")
            if ask.needed and not given[ask.code] and not kept:
                text = self.tr("{what}を入力してください。").format(what=part.accessibleName())
                self.say_problem(text, self.tr("何も送っていません。"))
                _mark(part, bad=True)
                part.setFocus()
                return None
        options = {code: text for code, text in given.items() if code not in {"url", "user", "secret"} and text}
        return Wanted(self._form.kind, given.get("url", ""), given.get("user", ""), given.get("secret", ""), options)

    def need_secret(self) -> None:
        """Ask for the key anew: the one that is kept is not accepted any more."""
        for ask in self._form.asks:
            if ask.hidden:
                self.fields[ask.code].setPlaceholderText("")
                self.fields[ask.code].setFocus()

    @property
    def by_browser(self) -> bool:
        """Return whether one signs in to this CRM with the browser."""
        return self._form.browser

    def forget_secret(self) -> None:
        """Clear the key: it is in the vault now."""
        if "secret" in self.fields:
            self.fields["secret"].clear()

    def say_browser(self, text: str, tone: str = "plain") -> None:
        """Say how far signing in by the browser is."""
        if self._form.browser:
            self.browser_state.set_text(text)
            self.browser_state.set_tone(tone)
            self.browser_state.setVisible(bool(text))

    def say_problem(self, what: str, more: str = "") -> None:
        """Say what is wrong, right where it was typed."""
        self.clear_problem()
        bar = NoticeBar(what, tone="bad", more=more)
        bar.closed.connect(self.clear_problem)
        self._problem.addWidget(bar)

    def clear_problem(self) -> None:
        """Take the sentence away."""
        _clear(self._problem)

    def take_keys(self) -> None:
        """Give the keyboard to the first field that is empty."""
        parts = [part for part in self.fields.values() if part.isEnabled()]
        if parts:
            next((part for part in parts if not part.text()), parts[0]).setFocus()


def _numbered(number: int, text: str) -> QWidget:
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(10)
    mark = Pill(str(number), "accent")
    line.addWidget(mark, alignment=Qt.AlignmentFlag.AlignTop)
    said = label(text, wrap=True)
    said.setStyleSheet(f"font-size: {Size.BODY}px;")
    said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    line.addWidget(said, 1)
    return made


def _mark(part: QLineEdit, *, bad: bool) -> None:
    part.setProperty("state", "bad" if bad else "")
    part.style().unpolish(part)
    part.style().polish(part)


def _clear(box: QVBoxLayout) -> None:
    while (taken := box.takeAt(0)) is not None:
        widget = taken.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
