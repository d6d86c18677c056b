"""What is typed at a meeting: a decision with its definition and who agreed, an action item, who was there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk.domain.alignment import Action, Decision
from isdesk.domain.member import Member
from ui.widgets import Card, KeyCap, button, label
from ui.widgets.flow import FlowLayout

DUE = timedelta(days=7)
"""An action item is due so long after today unless somebody says otherwise."""


class PeoplePicker(QWidget):
    """People to choose, each a button that stays down."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._flow = FlowLayout(self, gap=4)
        self.buttons: dict[str, QPushButton] = {}

    def show_people(self, people: Sequence[Member], chosen: Sequence[str]) -> None:
        """Show people; ``chosen`` are down."""
        self._flow.clear()
        self.buttons = {}
        for one in people:
            made = button(one.name, "choice")
            made.setChecked(one.id in chosen)
            self._flow.addWidget(made)
            self.buttons[one.id] = made
        self.updateGeometry()

    def chosen(self) -> list[str]:
        """Return the ids of those who are chosen."""
        return [key for key, made in self.buttons.items() if made.isChecked()]


class _Form(Card):
    """A small form in the panel: Enter saves, Escape leaves. ``item``: what is worded anew, empty for a new one."""

    saved = Signal()
    left = Signal()

    def __init__(self, title: str, save: str) -> None:
        super().__init__(margins=(14, 10, 14, 10))
        self.item = ""
        self.body.setSpacing(7)
        self.title = label(title, "section")
        self.body.addWidget(self.title)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(7)
        self.body.addLayout(self.rows)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        self.back_button = button(self.tr("やめる"), "quiet")
        self.save_button = button(save, "primary")
        for part, key in ((self.back_button, "Esc"), (self.save_button, "Enter")):
            line.addWidget(part)
            line.addWidget(KeyCap(key))
        self.body.addLayout(line)
        self.back_button.clicked.connect(self.left)
        self.save_button.clicked.connect(self.save)

    def save(self) -> None:
        """Tell that it is to be saved, where there is something to save."""
        if self.save_button.isEnabled():
            self.saved.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.save()
        else:
            super().keyPressEvent(event)


def _field(name: str, hint: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


class DecisionForm(_Form):
    """A decision: its words, the definition that it changes, the cases it is about, who agreed."""

    def __init__(self) -> None:
        super().__init__(self.tr("決定"), self.tr("決定を記録"))
        self.cases: tuple[str, ...] = ()
        self.text = _field(self.tr("決定の内容"), self.tr("例: 反響の初回対応を2時間以内にする"))
        self.key = QComboBox()
        self.key.setEditable(True)
        self.key.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.key.setAccessibleName(self.tr("変える定義"))
        line = _field(self.tr("変える定義"), self.tr("変える定義(なければ空のまま)"))
        line.setProperty("kind", "bare")
        self.key.setLineEdit(line)
        self.people = PeoplePicker(self.tr("合意した人"))
        self.about = label("", "small")
        self.rows.addWidget(self.text)
        self.rows.addWidget(self.key)
        self.rows.addWidget(self.about)
        self.rows.addWidget(label(self.tr("合意した人"), "small"))
        self.rows.addWidget(self.people)
        self.text.textChanged.connect(lambda text: self.save_button.setEnabled(bool(text.strip())))

    def start(
        self,
        keys: Sequence[str],
        people: Sequence[Member],
        *,
        key: str = "",
        cases: Sequence[str] = (),
        agreed: Sequence[str] = (),
        known: Decision | None = None,
    ) -> None:
        """Begin with a new decision, or with one that is ``known``."""
        self.item = known.id if known is not None else ""
        self.cases = known.cases if known is not None else tuple(cases)
        self.key.clear()
        self.key.addItems(["", *keys])
        completer = QCompleter(list(keys), self.key)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.key.setCompleter(completer)
        self.key.setEditText(known.key if known is not None else key)
        self.text.setText(known.text if known is not None else "")
        self.save_button.setEnabled(bool(self.text.text().strip()))
        self.people.show_people(people, known.agreed if known is not None else agreed)
        count = len(self.cases)
        self.about.setText(self.tr("外れた案件 {n}件について").format(n=count))
        self.about.setVisible(count > 0)
        self.text.setFocus()


class ActionForm(_Form):
    """An action item: what, who, until when."""

    def __init__(self) -> None:
        super().__init__(self.tr("宿題"), self.tr("宿題を記録"))
        self.text = _field(self.tr("宿題の内容"), self.tr("例: 検証質問の2つ目を言い換える"))
        self.owner = QComboBox()
        self.owner.setAccessibleName(self.tr("担当"))
        self.due = QDateEdit()
        self.due.setCalendarPopup(True)
        self.due.setDisplayFormat("yyyy/MM/dd")
        self.due.setAccessibleName(self.tr("期限"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.owner, 1)
        line.addWidget(label(self.tr("期限"), "small"))
        line.addWidget(self.due)
        self.rows.addWidget(self.text)
        self.rows.addLayout(line)
        self.text.textChanged.connect(lambda text: self.save_button.setEnabled(bool(text.strip())))

    def start(self, people: Sequence[Member], me: str, today: date, known: Action | None = None) -> None:
        """Begin with a new action item, or with one that is ``known``."""
        self.item = known.id if known is not None else ""
        self.owner.clear()
        for one in people:
            self.owner.addItem(one.name, one.id)
        self.owner.setCurrentIndex(max(0, self.owner.findData(known.owner if known is not None else me)))
        due = known.due if known is not None and known.due is not None else today + DUE
        self.due.setDate(QDate(due.year, due.month, due.day))
        self.text.setText(known.text if known is not None else "")
        self.save_button.setEnabled(bool(self.text.text().strip()))
        self.text.setFocus()

    def day(self) -> date:
        """Return until when."""
        return date.fromisoformat(self.due.date().toString(Qt.DateFormat.ISODate))


class CloseForm(_Form):
    """Who was there, before the minutes are fixed."""

    def __init__(self) -> None:
        super().__init__(self.tr("記録を確定"), self.tr("記録を確定"))
        calm = self.tr("数字・外れた案件・ずれを、いまの値で記録に固定します。あとで確定を解くこともできます。")
        self.rows.addWidget(label(calm, "small", wrap=True))
        self.rows.addWidget(label(self.tr("出席者"), "small"))
        self.people = PeoplePicker(self.tr("出席者"))
        self.rows.addWidget(self.people)

    def start(self, people: Sequence[Member], me: str) -> None:
        """Begin; who agreed to something was there."""
        self.people.show_people(people, [me])
        self.save_button.setFocus()
