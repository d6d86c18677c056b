"""The fourth step: the field map as a table with live values, its types checked, shared as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.crm.mapping import FieldMapping
from isdesk.crm.port import FieldInfo, Thing
from isdesk.domain.errors import BadInput
from isdesk.services import field_map
from isdesk.services.connecting import Survey
from isdesk.services.field_map import FIT_GONE, FIT_NONE, FIT_WRONG, Line
from ui.models.records import Cell, Column, RecordModel
from ui.views.connect.field_detail import Candidate, FieldDetail
from ui.views.connect.words import DIRECTIONS, FITS, THINGS, say
from ui.views.sync.words import TOUCH_FIELDS
from ui.views.sync.words import say as say_sync
from ui.widgets import Card, SegmentedTabs, button, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from ui.session import Session


class FieldsStep(QWidget):
    """Edits a `FieldMapping`; ``changed`` when it is another one."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._survey: Survey | None = None
        self._map: FieldMapping | None = None
        self._things: tuple[Thing, ...] = ()
        self._folder = str(Path.home())
        self.detail = FieldDetail()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(8)
        box.addLayout(self._head())
        self.missing = label("", "warn", wrap=True)
        box.addWidget(self.missing)
        line = QHBoxLayout()
        line.setSpacing(12)
        self.model: RecordModel[Line] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("項目の対応"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_line())
        self.table.opened.connect(lambda _: self.detail.take_keys())
        self.table.deleted.connect(lambda: self._choose(None))
        holder = Card(margins=(1, 1, 1, 1))
        holder.body.addWidget(self.table)
        line.addWidget(holder, 1)
        self.detail.chosen.connect(self._choose)
        self.detail.turned.connect(self._turn)
        self.detail.worded.connect(self._word)
        self.detail.left.connect(self.table.setFocus)
        line.addWidget(self.detail)
        box.addLayout(line, 1)

    def _head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.tabs = SegmentedTabs([""])
        self.tabs.setFixedWidth(330)
        self.tabs.changed.connect(lambda _: self._show_table(0))
        line.addWidget(self.tabs)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("項目を絞り込む"))
        self.filter.setAccessibleName(self.tr("項目を絞り込む"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(220)
        self.filter.textChanged.connect(lambda _: self._show_table(0))
        line.addWidget(self.filter)
        line.addStretch(1)
        self.load_button = button(self.tr("読み込み…"), tip=self.tr("チームの対応表(TOML)を読み込む"))
        self.save_button = button(self.tr("書き出し…"), tip=self.tr("対応表をTOMLで書き出し、チームで共有する"))
        self.reset_button = button(self.tr("標準に戻す"), "quiet")
        self.load_button.clicked.connect(self._ask_load)
        self.save_button.clicked.connect(self._ask_save)
        self.reset_button.clicked.connect(self._reset)
        for part in (self.load_button, self.save_button, self.reset_button):
            line.addWidget(part)
        return line

    def _columns(self) -> list[Column[Line]]:
        return [
            Column("ours", self.tr("isdeskの項目"), 150, lambda one: Cell(self.name(one), bold=True)),
            Column("way", self.tr("向き"), 50, self._way_cell),
            Column("theirs", self.tr("CRMの項目"), 230, self._theirs_cell, stretch=True),
            Column("sample", self.tr("実際の値"), 180, self._sample_cell, stretch=True),
            Column("fit", self.tr("型"), 132, self._fit_cell),
        ]

    def _way_cell(self, one: Line) -> Cell:
        if not one.remote:
            return Cell()
        sign, text = DIRECTIONS[one.direction]
        return Cell(sign, "accent_text", tip=say(text), said=say(text))

    def _theirs_cell(self, one: Line) -> Cell:
        if not one.remote:
            return Cell(self.tr("—"), "dim", said=self.tr("対応なし"))
        shown = " + ".join(one.labels)
        names = " + ".join(one.remote)
        return Cell(shown, sub="" if shown == names else names, tip=f"{shown}\n{names}")

    def _sample_cell(self, one: Line) -> Cell:
        return Cell(" / ".join(one.samples), "dim", tip="\n".join(one.samples))

    def _fit_cell(self, one: Line) -> Cell:
        text, tone, icon = FITS[one.fit]
        if one.fit == FIT_NONE:
            return Cell(say(text), "dim")
        return Cell(say(text), tone=tone, icon=icon)

    # ------------------------------------------------------------------ what is shown

    @property
    def mapping(self) -> FieldMapping | None:
        """Return the field map as it is chosen now."""
        return self._map

    @property
    def wrong(self) -> list[str]:
        """Return the names of the fields that cannot be read or written as they are mapped now."""
        if self._survey is None or self._map is None:
            return []
        ctx, survey, map_ = self._session.ctx, self._survey, self._map
        found = (one for t in self._things for one in field_map.lines(ctx, survey, map_, t))
        return [
            f"{say(THINGS[one.thing.value])}: {self.name(one)}" for one in found if one.fit in {FIT_WRONG, FIT_GONE}
        ]

    def show_survey(self, found: Survey) -> None:
        """Show the field map that is in force, with what the CRM said of itself."""
        self._survey = found
        self._things = field_map.things(found)
        self.filter.clear()
        self._set(found.mapping)

    def _set(self, map_: FieldMapping | None) -> None:
        self._map = map_
        self._show_table(max(self.table.currentIndex().row(), 0))
        self.changed.emit()

    def _thing(self) -> Thing:
        return self._things[min(self.tabs.current(), len(self._things) - 1)]

    def _show_table(self, row: int) -> None:
        survey, map_ = self._survey, self._map
        if survey is None or map_ is None or not self._things:
            return
        ctx = self._session.ctx
        texts = []
        for thing in self._things:
            found = field_map.lines(ctx, survey, map_, thing)
            texts.append(f"{say(THINGS[thing.value])} {sum(bool(one.remote) for one in found)}/{len(found)}")
        self.tabs.set_tabs(texts, current=min(self.tabs.current(), len(self._things) - 1))
        typed = "".join(self.filter.text().split()).casefold()
        shown = [one for one in field_map.lines(ctx, survey, map_, self._thing()) if self._fits(one, typed)]
        self.model.show_records(shown)
        self._show_missing(survey, map_)
        if shown:
            self.table.selectRow(min(row, len(shown) - 1))
        self._show_line()

    def _fits(self, one: Line, typed: str) -> bool:
        hay = "".join(f"{self.name(one)} {' '.join(one.labels)} {' '.join(one.remote)}".split()).casefold()
        return typed in hay

    def _show_missing(self, survey: Survey, map_: FieldMapping) -> None:
        lacking = field_map.unfilled(survey, map_, self._thing())
        names = "、".join(f"{one.label} ({one.code})" for one in lacking)
        text = self.tr(
            "CRMで必須なのに、isdeskから何も入らない項目: {names}。項目を対応させるか、CRMで既定値を決めてください。"
        )
        self.missing.setText(text.format(names=names))
        self.missing.setVisible(bool(lacking))

    def name(self, one: Line) -> str:
        """Return what a field of ours is called."""
        if one.thing is Thing.TOUCH:
            return say_sync(TOUCH_FIELDS[one.code]) if one.code in TOUCH_FIELDS else one.code
        from ui.field_words import FieldWords

        path = f"company.{one.code}" if one.thing is Thing.COMPANY else one.code
        return FieldWords(self._session.ctx, self._session.words).label(path)

    def _show_line(self) -> None:
        one, survey = self.current(), self._survey
        self.detail.setVisible(one is not None)
        if one is None or survey is None:
            return
        ctx = self._session.ctx
        taken = {name: self.name(line) for line in self.model.records() for name in line.remote if line != one}
        candidates = [Candidate(None)]
        for info in sorted(survey.remote.get(one.thing, ()), key=lambda told: not told.writable):
            sample = " / ".join(field_map.shown_samples(survey, one.thing, (info.code,)))
            by = self.tr("「{name}」に対応済み").format(name=taken[info.code]) if info.code in taken else ""
            candidates.append(Candidate(info, sample, by))
        self.detail.show_line(
            one, self.name(one), candidates, field_map.our_words(ctx, one), field_map.wordless(ctx, one)
        )

    def current(self) -> Line | None:
        """Return the line in front."""
        return self.model.record(self.table.currentIndex().row())

    # ------------------------------------------------------------------ verbs

    def _choose(self, info: object) -> None:
        one = self.current()
        if one is None or self._map is None:
            return
        found = info if isinstance(info, FieldInfo) else None
        ours = field_map.our_words(self._session.ctx, one)
        self._set(field_map.choose(self._map, one, found, ours))
        self._follow(one)

    def _turn(self, direction: str) -> None:
        one = self.current()
        if one is not None and self._map is not None:
            self._set(field_map.turn(self._map, one, direction))
            self._follow(one)

    def _word(self, theirs: str, ours: str) -> None:
        one = self.current()
        if one is not None and self._map is not None:
            self._set(field_map.word(self._map, one, theirs, ours))
            self._follow(one)

    def _follow(self, one: Line) -> None:
        """Keep the line in front that was changed: it may stand elsewhere now."""
        for row, line in enumerate(self.model.records()):
            if line.code == one.code:
                self.table.selectRow(row)

    def load(self, path: Path) -> bool:
        """Take a field map from a file; a sentence says what is wrong with it."""
        if self._survey is None:
            return False
        try:
            self._set(field_map.read_file(path, self._survey.kind))
        except BadInput as error:
            self._session.notices.error(error)
            return False
        self._session.notices.say(self.tr("対応表を読み込みました"))
        return True

    def save(self, path: Path) -> bool:
        """Write the field map to a file."""
        if self._map is None:
            return False
        try:
            field_map.write_file(path, self._map)
        except BadInput as error:
            self._session.notices.error(error)
            return False
        self._session.notices.say(self.tr("対応表を書き出しました: {file}").format(file=path.name))
        return True

    def _reset(self) -> None:
        if self._survey is not None:
            self._set(field_map.read_map(None, self._survey.kind))

    def _ask_load(self) -> None:
        dialog = self._dialog(self.tr("対応表を読み込む"), QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.load(Path(name)))
        dialog.open()

    def _ask_save(self) -> None:
        dialog = self._dialog(self.tr("対応表を書き出す"), QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        if self._survey is not None:
            dialog.selectFile(f"isdesk-{self._survey.kind}.toml")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        dialog = QFileDialog(self, title, self._folder, self.tr("対応表 (*.toml)"))
        dialog.setAcceptMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    # ------------------------------------------------------------------ keys

    def take_keys(self) -> None:
        """Take the keyboard."""
        self.table.setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_D and self.table.hasFocus():
            self.detail.next_way()
        elif event.key() in {Qt.Key.Key_Slash, Qt.Key.Key_F} and self.table.hasFocus():
            self.filter.setFocus()
        else:
            super().keyPressEvent(event)
