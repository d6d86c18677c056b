"""The form of a new lead: a few fields in the page itself, checked as one goes, with a look for those already here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.changes import Value
from isdesk.domain.errors import IsdeskError
from isdesk.domain.ids import LeadId
from isdesk.services.context import Context
from isdesk.services.values import checked, field_of
from isdesk.services.views import Found
from ui.tasks import Tasks
from ui.widgets import Card, ElidedLabel, KeyCap, button, label

FIELDS = (
    "name", "name_kana", "company.name", "department", "title", "email", "phone_direct", "phone_mobile",
    "company.phone",
)  # fmt: skip
_LOOKED_UP = ("email", "phone_direct", "phone_mobile", "name")
_COLUMNS = 3


class NewLead(Card):
    """Gives ``saved(fields)`` when all is right, ``closed`` on Escape, ``opened(lead)`` for one already here."""

    saved = Signal(dict)
    closed = Signal()
    opened = Signal(str)

    def __init__(self, ctx: Context, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(20, 14, 20, 16))
        self._ctx, self._tasks = ctx, tasks
        self.fields: dict[str, QLineEdit] = {}
        self._problems: dict[str, ElidedLabel] = {}
        self.source = QComboBox()
        self.body.setSpacing(10)
        self._head()
        self.body.addLayout(self._form())
        self.body.addLayout(self._foot())

    def _head(self) -> None:
        line = QHBoxLayout()
        line.addWidget(label(self.tr("新しいリード"), "head"))
        line.addSpacing(8)
        line.addWidget(label(self.tr("氏名か会社のどちらかが必要です。担当はあなたになります。"), "small"))
        line.addStretch(1)
        self.body.addLayout(line)

    def _form(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        english = self._ctx.lang == "en"
        for place, path in enumerate(FIELDS):
            spec = field_of(self._ctx, path)
            text = spec.en if english else spec.ja
            made = QLineEdit()
            made.setAccessibleName(text)
            made.editingFinished.connect(self._checker(path))
            made.textEdited.connect(self._cleaner(path))
            made.returnPressed.connect(self.save)
            problem = ElidedLabel("", "bad")
            problem.setStyleSheet("font-size: 12px;")
            problem.hide()
            self.fields[path], self._problems[path] = made, problem
            grid.addLayout(_labelled(text, made, problem), place // _COLUMNS, place % _COLUMNS)
        self.source.addItem(self.tr("選ばない"), "")
        for code, source in self._ctx.rules.sources.items():
            self.source.addItem(source.label.in_(self._ctx.lang), code)
        spec = field_of(self._ctx, "lead_source")
        self.source.setAccessibleName(spec.en if english else spec.ja)
        row = len(FIELDS) // _COLUMNS
        grid.addLayout(_labelled(spec.en if english else spec.ja, self.source), row, 0)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        self.like = button("", "link")
        self.like.hide()
        self._like_id: LeadId | None = None
        self.like.clicked.connect(lambda: self.opened.emit(self._like_id) if self._like_id else None)
        grid.addWidget(self.like, row, 1, 1, 2, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        return grid

    def _foot(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.problem = label("", "bad")
        line.addWidget(self.problem, 1)
        shut = button(self.tr("やめる"), "quiet")
        shut.clicked.connect(self.closed)
        line.addWidget(shut)
        line.addWidget(KeyCap("Esc"))
        self.save_button = button(self.tr("追加"), "primary")
        self.save_button.clicked.connect(self.save)
        line.addWidget(self.save_button)
        line.addWidget(KeyCap("Enter"))
        return line

    # ------------------------------------------------------------------ filling in

    def start(self) -> None:
        """Begin with an empty form."""
        for path, made in self.fields.items():
            made.clear()
            self._mark(path, "")
        self.source.setCurrentIndex(0)
        self.problem.setText("")
        self._like(None, [])
        self.fields["name"].setFocus()

    def _checker(self, path: str) -> Callable[[], object]:
        return lambda: self._check(path)

    def _cleaner(self, path: str) -> Callable[[str], None]:
        return lambda _: self._mark(path, "")

    def _check(self, path: str) -> bool:
        """Say what is wrong with a field; a right one is looked up among those already here."""
        from isdesk import messages

        text = self.fields[path].text().strip()
        try:
            checked(self._ctx, path, text)
        except IsdeskError as error:
            self._mark(path, messages.say(error, self._ctx.lang).what)
            return False
        self._mark(path, "")
        if text and path in _LOOKED_UP:
            self._look_up(path, text)
        return True

    def _look_up(self, path: str, text: str) -> None:
        from isdesk.services import search

        ctx = self._ctx
        company = self.fields["company.name"].text().strip()
        wanted = f"{text} {company}" if path == "name" else text
        if path == "name" and not company:
            return
        self._tasks.read(
            lambda: search.find(ctx, wanted, 2), lambda found: self._like(path, found), owner=self, key="new-lead"
        )

    def _like(self, path: str | None, found: list[Found]) -> None:
        self._like_id = found[0].lead_id if found else None
        self.like.setVisible(bool(found) and path is not None)
        if found:
            one = found[0]
            who = " ・ ".join(part for part in (one.name, one.company, one.owner) if part)
            self.like.setText(self.tr("すでに登録されています: {who} — 開く").format(who=who))

    def _mark(self, path: str, problem: str) -> None:
        made, words = self.fields[path], self._problems[path]
        words.set_text(problem)
        words.setVisible(bool(problem))
        if (made.property("state") == "bad") != bool(problem):
            made.setProperty("state", "bad" if problem else "")
            made.style().unpolish(made)
            made.style().polish(made)

    def values(self) -> dict[str, Value]:
        """Return what was filled in."""
        found: dict[str, Value] = {path: made.text().strip() for path, made in self.fields.items()}
        found["lead_source"] = str(self.source.currentData() or "")
        return {path: value for path, value in found.items() if value}

    def save(self) -> None:
        """Give what was filled in, where all of it is right."""
        wrong = [path for path in self.fields if not self._check(path)]
        if wrong:
            self.fields[wrong[0]].setFocus()
            return
        given = self.values()
        if "name" not in given and "company.name" not in given:
            self._mark("name", self.tr("氏名か会社名を入力してください"))
            self.fields["name"].setFocus()
            return
        self.saved.emit(given)

    def refuse(self, error: Exception) -> None:
        """Say why it could not be saved; what was typed stays."""
        from isdesk import messages

        if isinstance(error, IsdeskError):
            self.problem.setText(messages.say(error, self._ctx.lang).line)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _labelled(text: str, *parts: QWidget) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setSpacing(2)
    box.addWidget(label(text, "small"))
    for part in parts:
        box.addWidget(part)
    box.addStretch(1)
    return box
