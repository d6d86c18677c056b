"""How a file is written, and what holds for all of its leads: encoding, delimiter, sheet, source, list, owner."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from isdesk.domain.consent import BASES
from isdesk.domain.ids import MemberId
from isdesk.files.encodings import LABELS
from isdesk.services.context import Context
from isdesk.services.imports import ImportOptions, Probe
from ui import words
from ui.noop import QT_TRANSLATE_NOOP
from ui.widgets import Card, ElidedLabel, button, label
from ui.widgets.empty import IconBadge

DELIMITERS = {
    "comma": QT_TRANSLATE_NOOP("imports", "カンマ"),
    "tab": QT_TRANSLATE_NOOP("imports", "タブ"),
    "semicolon": QT_TRANSLATE_NOOP("imports", "セミコロン"),
}


class FileBar(Card):
    """The file and how it was read; another choice is told by ``reread``."""

    reread = Signal()
    other = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(16, 10, 16, 10))
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(IconBadge("definitions", 32))
        names = QVBoxLayout()
        names.setSpacing(0)
        self.name = ElidedLabel("", "head")
        self.rows = label("", "small")
        names.addWidget(self.name)
        names.addWidget(self.rows)
        line.addLayout(names, 1)
        self.encoding, self.delimiter, self.sheet = QComboBox(), QComboBox(), QComboBox()
        self._labels: dict[QComboBox, QWidget] = {}
        for combo, text in (
            (self.encoding, self.tr("文字コード")),
            (self.delimiter, self.tr("区切り")),
            (self.sheet, self.tr("シート")),
        ):
            combo.setAccessibleName(text)
            combo.setMinimumWidth(120)
            combo.activated.connect(lambda _: self.reread.emit())
            self._labels[combo] = label(text, "small")
            line.addWidget(self._labels[combo])
            line.addWidget(combo)
        change = button(self.tr("別のファイル"), "quiet")
        change.clicked.connect(self.other)
        line.addWidget(change)
        self.body.addLayout(line)

    def show_probe(self, probe: Probe) -> None:
        """Show how a file was read."""
        self.name.set_text(probe.path.name)
        text = self.tr("{rows}行 ・ {columns}列").format(rows=f"{probe.row_count:,}", columns=len(probe.headers))
        if probe.header_row > 1:
            text += " ・ " + self.tr("見出しは{n}行目").format(n=probe.header_row)
        if probe.remembered:
            text += " ・ " + self.tr("列の対応は前回のものを使っています")
        self.rows.setText(text)
        book = bool(probe.sheet)
        found = next((codec for codec, text in LABELS.items() if text == probe.encoding), "")
        self._fill(self.encoding, list(LABELS.items()), found)
        delimiters = [(code, words.translate("imports", named)) for code, named in DELIMITERS.items()]
        self._fill(self.delimiter, delimiters, probe.delimiter)
        self._fill(self.sheet, [(sheet, sheet) for sheet in probe.sheets], probe.sheet)
        for combo in (self.encoding, self.delimiter):
            combo.setVisible(not book)
            self._labels[combo].setVisible(not book)
        self.sheet.setVisible(book and len(probe.sheets) > 1)
        self._labels[self.sheet].setVisible(book and len(probe.sheets) > 1)

    @staticmethod
    def _fill(combo: QComboBox, choices: list[tuple[str, str]], chosen: str) -> None:
        combo.clear()
        for code, text in choices:
            combo.addItem(text, code)
        combo.setCurrentIndex(max(combo.findData(chosen), 0))

    def chosen(self) -> tuple[str | None, str | None, str | None]:
        """Return encoding, delimiter and sheet as they are chosen; None where the kind of file has none."""
        if not self.sheet.isHidden() or not self._labels[self.encoding].isVisibleTo(self):
            return None, None, str(self.sheet.currentData() or "") or None
        return str(self.encoding.currentData() or "") or None, str(self.delimiter.currentData() or "") or None, None


class OptionsCard(Card):
    """What holds for the whole import."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(16, 12, 16, 14))
        self._ctx = ctx
        self.body.setSpacing(8)
        self.body.addWidget(label(self.tr("すべての行に"), "section"))
        self.source, self.owner = QComboBox(), QComboBox()
        self.source.setEditable(False)
        self.target_list, self.origin = QLineEdit(), QLineEdit()
        self.basis, self.basis_source = QComboBox(), QLineEdit()
        self.basis_source.setPlaceholderText(self.tr("例: 名刺、展示会X"))
        self.basis_source.setEnabled(False)
        self.target_list.setPlaceholderText(self.tr("例: 11月展示会"))
        self.origin.setPlaceholderText(self.tr("例: 名刺アプリ"))
        self.overwrite = QCheckBox(self.tr("登録済みの値も上書きする"))
        self.overwrite.setToolTip(self.tr("外すと、空いている項目だけを埋めます。架電禁止と配信停止は消えません。"))
        self._fill()
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(5)
        for text, part in (
            (self.tr("流入経路(行にないとき)"), self.source),
            (self.tr("架電リスト(行にないとき)"), self.target_list),
            (self.tr("担当(新規のリード)"), self.owner),
            (self.tr("取り込み元の名前(対応を覚えます)"), self.origin),
            (self.tr("メールの同意の根拠"), self.basis),
            (self.tr("同意をどこで得たか"), self.basis_source),
        ):
            part.setAccessibleName(text)
            form.addRow(label(text, "small"), part)
        self.body.addLayout(form)
        self.body.addWidget(self.overwrite)
        self.basis.currentIndexChanged.connect(lambda _: self.basis_source.setEnabled(bool(self.basis.currentData())))
        self.basis.setToolTip(
            self.tr("同意の記録がまだないアドレスに、1件ずつ台帳へ記録します。配信停止は消えません。")
        )
        note = self.tr("架電禁止・配信停止の相手は、取り込んでも停止のままです。")
        self.body.addWidget(label(note, "small", wrap=True))
        self.body.addStretch(1)

    def _fill(self) -> None:
        ctx = self._ctx
        self.source.addItem(self.tr("選ばない"), "")
        for code, source in ctx.rules.sources.items():
            self.source.addItem(source.label.in_(ctx.lang), code)
        self.basis.addItem(self.tr("記録しない"), "")
        for code, text in BASES.items():
            self.basis.addItem(text.in_(ctx.lang), code)
        self.basis.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        people = sorted((m for m in ctx.members.values() if m.active), key=lambda m: (m.id != ctx.me.id, m.name))
        for member in people:
            mine = self.tr("{name}(自分)").format(name=member.name)
            self.owner.addItem(mine if member.id == ctx.me.id else member.name, member.id)

    def options(self) -> ImportOptions:
        """Return what is chosen."""
        return ImportOptions(
            source=self.origin.text().strip(),
            lead_source=str(self.source.currentData() or ""),
            target_list=self.target_list.text().strip(),
            owner_id=MemberId(str(self.owner.currentData() or "")) or None,
            overwrite=self.overwrite.isChecked(),
            basis=str(self.basis.currentData() or ""),
            basis_source=self.basis_source.text().strip(),
        )
