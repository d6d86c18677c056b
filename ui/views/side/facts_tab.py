"""The tab 情報: every field of the lead and its company, each edited in place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from isdesk.domain.changes import Obj
from isdesk.domain.fields import STANDARD, Kind
from ui.theme.tokens import Size
from ui.views.call.kit import Text
from ui.views.call.scene import Scene
from ui.views.side.field_editor import FieldEditor, FieldRow
from ui.views.side.overview import clear_ground

_CONTACT = (
    "name", "name_kana", "department", "title", "email", "phone_direct", "phone_mobile", "linkedin", "x_url",
)  # fmt: skip
_COMPANY = (
    "company.name", "company.name_kana", "company.corporate_number", "company.industry", "company.employees",
    "company.prefecture", "company.address", "company.phone", "company.website",
)  # fmt: skip
_HEARD = (
    "need", "issue", "purpose", "current_method", "adoption_timing", "adoption_at", "budget", "budget_month",
    "decision_maker", "decision_route", "competitor", "contract_end", "interest_product", "temperature",
)  # fmt: skip
_HANDOFF = (
    "issue_hypothesis", "reaction_log", "is_memo", "confidence_rank", "meeting_at", "meeting_place",
    "meeting_attendees", "fs_id",
)  # fmt: skip
_LEAD = (
    "stage", "owner_id", "lead_source", "target_list", "segment", "received_at", "refusal_reason", "lost_reason",
)  # fmt: skip
_RULES = ("dnc", "company.dnc", "email_opt_out")
READ_ONLY = frozenset({"received_at", "owner_id", "lost_reason"})
"""Fields that other verbs write (assigning, importing, FS feedback)."""


class FactsTab(QScrollArea):
    """All fields in groups. Rows are made once; only their words change from lead to lead."""

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows: dict[str, FieldRow] = {}
        self._editor = FieldEditor()
        self._editor.hide()
        self._scene: Scene | None = None
        self._shown: Scene | None = None
        self._extra: tuple[str, ...] = ()
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(12, 6, 12, 16)
        self._column.setSpacing(0)
        self.setWidget(body)
        clear_ground(self)
        self._editor.committed.connect(self.edited)
        self._editor.closed.connect(self._close_editor)

    def _build(self, scene: Scene) -> None:
        groups = (
            (self.tr("担当者"), _CONTACT),
            (self.tr("企業"), _COMPANY),
            (self.tr("ヒアリング"), _HEARD),
            (self.tr("引き継ぎ"), _HANDOFF),
            (self.tr("リード"), _LEAD),
            (self.tr("連絡の制限"), _RULES),
            (self.tr("チームの項目"), _own_fields(scene)),
        )
        for title, paths in groups:
            if not paths:
                continue
            head = Text(title, ink="dim", size=Size.SMALL, bold=True)
            head.setContentsMargins(4, 12, 0, 4)
            self._column.addWidget(head)
            for path in paths:
                row = FieldRow(path, scene.field_name(path))
                row.activated.connect(self.open)
                self._rows[path] = row
                self._column.addWidget(row)
        self._column.addStretch(1)

    def set_scene(self, scene: Scene) -> None:
        """Take a lead; it is painted when the tab is in front."""
        if self._scene is None or self._scene.id != scene.id:
            self._leave_editor()
        self._scene = scene
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show the lead that was taken last."""
        scene = self._scene
        if scene is None or scene is self._shown:
            return
        if not self._rows:
            self._build(scene)
        self._shown = scene
        for path, row in self._rows.items():
            row.show_value(scene.field_name(path), scene.shown(path), fresh=path in scene.view.fresh_fields)

    def open(self, path: str) -> bool:
        """Open the editor of a field; return False where it is not edited here."""
        scene, row = self._scene, self._rows.get(path)
        if scene is None or row is None or path in READ_ONLY:
            return False
        if self._editor.isVisible():
            self._editor.commit()
        self._column.removeWidget(self._editor)
        self._column.insertWidget(self._column.indexOf(row) + 1, self._editor)
        self._editor.begin(path, scene)
        self._editor.show()
        self._editor.take_keyboard()
        self.ensureWidgetVisible(row)
        return True

    @property
    def editing(self) -> str:
        """Return the field whose editor is open; empty where none is."""
        return self._editor.path if self._editor.isVisible() else ""

    def focus_first(self) -> None:
        """Give the keyboard to the first field."""
        if self._rows:
            next(iter(self._rows.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def flush(self) -> None:
        """Hand over what is being typed."""
        if self._editor.isVisible():
            self._editor.commit()

    def say_problem(self, path: str, text: str) -> None:
        """Say at a field why its value could not be stored."""
        if self._editor.path != path or not self._editor.isVisible():
            self.open(path)
        self._editor.say_problem(text)

    def _leave_editor(self) -> None:
        self.flush()
        self._editor.hide()

    def _close_editor(self) -> None:
        path = self._editor.path
        self._editor.hide()
        if path in self._rows:
            self._rows[path].setFocus(Qt.FocusReason.OtherFocusReason)


def _own_fields(scene: Scene) -> tuple[str, ...]:
    """Return the fields that the playbook adds."""
    known = {(f.obj, f.code) for f in STANDARD}
    return tuple(
        f.code if f.obj is Obj.LEAD else f"company.{f.code}"
        for f in scene.rules.fields
        if (f.obj, f.code) not in known and f.shown and f.kind is not Kind.JSON
    )
